"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const svg = document.querySelector(".picture > svg");
  const slider = document.getElementById("slider"), play = document.getElementById("play"), step = document.getElementById("step");
  const rows = [...document.querySelectorAll(".numbers tbody tr")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const last = data.frames.length - 1;
  let timer = 0;

  const element = (name, attributes, parent) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };

  // The picture as it came shows the whole run; its moving parts are hidden, and drawn here for each step.
  svg.classList.add("live");
  const layers = data.panels.map((panel, place) => {
    const [x, y, width, height] = panel.box;
    const clip = element("clipPath", { id: "window-" + place }, svg);
    element("rect", { x, y, width, height }, clip);
    const group = element("g", { "clip-path": "url(#window-" + place + ")" }, svg);
    const tangent = panel.tangents.length ? element("line", { stroke: data.tangent, "stroke-width": 1.2, "stroke-dasharray": "4 2" }, group) : null;
    const runs = panel.spots.map((spots, run) => {
      const look = data.looks[run], many = data.looks.length > 1;
      const line = element("path", { fill: "none", stroke: look.colour, "stroke-width": 1.1, "stroke-dasharray": many ? look.dash.join(" ") : "" }, group);
      const dots = panel.dots && !many ? element("path", { fill: look.colour }, group) : null;
      const head = element("path", { d: data.signs[look.sign], fill: look.colour, stroke: "#000", "stroke-width": 0.25 }, group);
      return { spots, line, dots, head };
    });
    return { panel, tangent, runs };
  });

  const shown = (value) => value === null ? "–" : (Number.isInteger(value) && Math.abs(value) < 1e9 ? String(value) : String(Number(value.toPrecision(8)))).replaceAll("-", "−");

  const draw = (frame) => {
    const n = data.frames[frame];
    for (const { panel, tangent, runs } of layers) {
      for (const { spots, line, dots, head } of runs) {
        const seen = spots.slice(0, frame + 1), known = seen.filter(Boolean), here = seen.length > frame || frame >= spots.length ? seen.at(-1) : null;
        let path = "", pen = "M";
        for (const spot of panel.joined ? seen : []) {
          if (spot) path += pen + spot[0] + " " + spot[1];
          pen = spot ? "L" : "M";
        }
        line.setAttribute("d", path);
        if (dots) dots.setAttribute("d", known.map(([x, y]) => "M" + (x - 1.6) + " " + y + "a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0").join(""));
        head.setAttribute("visibility", here ? "visible" : "hidden");
        if (here) head.setAttribute("transform", "translate(" + here[0] + " " + here[1] + ") scale(3.4)");
      }
      if (tangent) {
        const ends = panel.tangents[Math.min(frame, panel.tangents.length - 1)];
        tangent.setAttribute("visibility", ends ? "visible" : "hidden");
        if (ends) ["x1", "y1", "x2", "y2"].forEach((name, k) => tangent.setAttribute(name, ends.flat()[k]));
      }
    }
    rows.forEach((row, run) => {
      const { n: numbers, cells } = data.runs[run], place = Math.min(frame, numbers.length - 1);
      [numbers[place], ...cells[place]].forEach((value, k, all) => { row.cells[row.cells.length - all.length + k].textContent = shown(value); });
    });
    slider.value = frame;
    slider.setAttribute("aria-valuetext", String(n));
    step.textContent = n;
  };

  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    play.textContent = play.dataset.play;
    play.setAttribute("aria-pressed", "false");
  };
  // A whole run takes about ten seconds, a short one less; who asked for less motion gets two steps a second.
  const pause = () => calm.matches ? 500 : Math.min(600, Math.max(25, 10000 / (last + 1)));
  const advance = () => {
    if (+slider.value >= last) return stop();
    draw(+slider.value + 1);
    timer = setTimeout(advance, pause());
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (+slider.value >= last) draw(0);
    play.textContent = play.dataset.pause;
    play.setAttribute("aria-pressed", "true");
    timer = setTimeout(advance, pause());
  });
  slider.addEventListener("input", () => { stop(); draw(+slider.value); });

  // "#step=12" in the address opens the page there.
  const opened = () => {
    const wanted = /^#step=(\d+)$/.exec(location.hash);
    const place = wanted ? data.frames.findIndex((n) => n >= +wanted[1]) : last;
    stop();
    draw(place < 0 ? last : place);
  };
  addEventListener("hashchange", opened);
  document.getElementById("controls").hidden = false;
  document.getElementById("keys").hidden = false;
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  opened();
})();
