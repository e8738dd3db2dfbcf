"""Traced descent: iterations a second with every iterate kept, beside the same loop in NumPy, torch and jax where these are installed.

Two letters, plain descent and Adam; a logistic loss over 1,000 rows and 10 columns; a file of 1,000,000 rows and 10 columns, read and
fitted, with the memory at its peak. A round runs every competitor once, in turn; what is left out because it is not installed is named.
"""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from measure import Row, duration, environment, rounds, show

ROUNDS = 7
STEPS = {"tutor": 300_000, "NumPy": 20_000, "torch": 2_000, "jax, step by step": 2_000, "jax scan": 300_000}
"""Iterations a run: enough that each takes some tenths of a second."""
LOGISTIC_STEPS = {"tutor": 20_000, "NumPy": 10_000, "torch": 1_000, "jax scan": 20_000}
ROWS = 1_000_000
Run = Callable[[int], Any]


def numpy_run(adam: bool) -> Run:
    """The loop that people write: x² + 2y² in arrays of two."""
    import numpy as np

    def run(steps: int) -> Any:
        x, kept = np.array([4.0, 3.0]), np.empty((steps + 1, 2))
        m, v, slope = np.zeros(2), np.zeros(2), np.array([2.0, 4.0])
        kept[0] = x
        for t in range(1, steps + 1):
            g = slope * x
            if adam:
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g * g
                g = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            x = x - 1e-3 * g
            kept[t] = x
        return kept

    return run


def tutor_run(method: str) -> Run:
    """`descend` as a user calls it, reading and compiling included."""
    from tutor.descent.run import descend

    return lambda steps: descend("x^2 + 2y^2", start="x=4,y=3", rate="0.001", steps=steps, method=method).points


def torch_run(adam: bool) -> Run:
    """torch.optim, one step after the other."""
    import torch

    def run(steps: int) -> Any:
        x = torch.tensor([4.0, 3.0], dtype=torch.float64, requires_grad=True)
        optimiser = (torch.optim.Adam if adam else torch.optim.SGD)([x], lr=1e-3)
        kept = [x.detach().clone()]
        for _ in range(steps):
            optimiser.zero_grad()
            (x[0] ** 2 + 2 * x[1] ** 2).backward()
            optimiser.step()
            kept.append(x.detach().clone())
        return kept

    return run


def jax_run(adam: bool, scan: bool) -> Run:
    """jax with optax: a compiled step called from Python, or the whole loop compiled."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    optimiser = optax.adam(1e-3) if adam else optax.sgd(1e-3)
    slope = jax.grad(lambda point: point[0] ** 2 + 2 * point[1] ** 2)

    def step(carry: Any, _: Any) -> Any:
        x, state = carry
        updates, state = optimiser.update(slope(x), state, x)
        x = optax.apply_updates(x, updates)
        return (x, state), x

    start = jax.numpy.array([4.0, 3.0])
    one = jax.jit(step)
    whole = jax.jit(lambda carry, steps: jax.lax.scan(step, carry, None, length=steps), static_argnums=1)

    def run(steps: int) -> Any:
        carry = (start, optimiser.init(start))
        if scan:
            return whole(carry, steps)[1].block_until_ready()
        kept = []
        for _ in range(steps):
            carry, x = one(carry, None)
            kept.append(x)
        return kept

    return run


def runs(adam: bool) -> dict[str, Run]:
    """The competitors that are installed."""
    found = {"tutor": tutor_run("adam" if adam else "gd"), "NumPy": numpy_run(adam)}
    if importlib.util.find_spec("torch"):
        found["torch"] = torch_run(adam)
    if importlib.util.find_spec("optax"):
        found |= {"jax, step by step": jax_run(adam, scan=False), "jax scan": jax_run(adam, scan=True)}
    return found


def _timed(run: Run, steps: int) -> Callable[[], float]:
    def job() -> float:
        start = perf_counter()
        run(steps)
        return (perf_counter() - start) / steps

    return job


def _compared(work: str, found: dict[str, Run], steps: dict[str, int], goal: str) -> list[Row]:
    """Iterations a second, and ours over each competitor's."""
    times = rounds({name: _timed(run, steps[name]) for name, run in found.items()}, ROUNDS)
    rows = []
    for name, one in times.items():
        rates = [1 / seconds for seconds in one]
        spread = f"{min(rates):,.0f}–{max(rates):,.0f}"
        rows.append(Row(f"{work}: {name}, iterations a second", f"{statistics.median(rates):,.0f}", spread, goal if name == "tutor" else ""))
        if name != "tutor":
            shares = [theirs / ours for theirs, ours in zip(one, times["tutor"], strict=True)]
            rows.append(Row(f"{work}: the tutor's rate / that of {name}", f"{statistics.median(shares):.2f} ×", f"{min(shares):.2f}–{max(shares):.2f}"))
    return rows


# -- over data -----------------------------------------------------------------------------------------


def logistic_runs() -> dict[str, Run]:
    """Plain descent on a logistic loss over 1,000 rows and 10 columns."""
    import numpy as np

    from tutor.descent.fit import fit
    from tutor.descent.run import descend
    from tutor.descent.table import Table

    generator = np.random.Generator(np.random.PCG64(1))
    data = generator.normal(size=(1_000, 10))
    target = (data @ generator.normal(size=10) + generator.normal(size=1_000) > 0).astype(float)
    names = [f"c{k}" for k in range(10)]
    table = Table.of({**dict(zip(names, data.T, strict=True)), "label": target})
    model = " + ".join(f"w_{k}*{name}" for k, name in enumerate(names))
    objective = fit(model, "label", table, loss="logistic")
    found: dict[str, Run] = {"tutor": lambda steps: descend(objective, start=[0.0] * 10, rate="0.1", steps=steps).points}

    def by_hand(steps: int) -> Any:
        w, kept = np.zeros(10), np.empty((steps + 1, 10))
        kept[0] = w
        for t in range(1, steps + 1):
            w = w - 0.1 * (data.T @ (1 / (1 + np.exp(-(data @ w))) - target) / 1_000)
            kept[t] = w
        return kept

    found["NumPy"] = by_hand
    if importlib.util.find_spec("torch"):
        found["torch"] = _torch_logistic(data, target)
    if importlib.util.find_spec("optax"):
        found["jax scan"] = _jax_logistic(data, target)
    return found


def _torch_logistic(data: Any, target: Any) -> Run:
    import torch

    rows, labels = torch.tensor(data), torch.tensor(target)

    def run(steps: int) -> Any:
        w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.SGD([w], lr=0.1)
        kept = [w.detach().clone()]
        for _ in range(steps):
            optimiser.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(rows @ w, labels).backward()
            optimiser.step()
            kept.append(w.detach().clone())
        return kept

    return run


def _jax_logistic(data: Any, target: Any) -> Run:
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    slope = jax.grad(lambda w: optax.sigmoid_binary_cross_entropy(data @ w, target).mean())

    def step(w: Any, _: Any) -> Any:
        w = w - 0.1 * slope(w)
        return w, w

    whole = jax.jit(lambda w, steps: jax.lax.scan(step, w, None, length=steps), static_argnums=1)
    return lambda steps: whole(jax.numpy.zeros(10), steps)[1].block_until_ready()


_READ = """
import resource, sys
from time import perf_counter
from tutor.descent.data import read_table
from tutor.descent.fit import fit
from tutor.descent.run import descend
names = [f"c{k}" for k in range(9)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = perf_counter()
table = read_table(sys.argv[1])
read = perf_counter() - start
objective = fit(" + ".join(f"w_{k}*{name}" for k, name in enumerate(names)), "label", table, loss="logistic")
start = perf_counter()
descend(objective, start=[0.0] * 9, rate="0.1", steps=10)
print(read, (perf_counter() - start) / 10, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def large() -> list[Row]:
    """A large file in a process of its own."""
    import numpy as np

    with TemporaryDirectory(prefix="tutor-benchmark-") as folder:
        path = Path(folder) / "large.csv"
        data = np.random.Generator(np.random.PCG64(1)).normal(size=(ROWS, 10))
        data[:, 9] = data[:, 9] > 0
        np.savetxt(path, data, fmt="%.5f", delimiter=",", header=",".join([*(f"c{k}" for k in range(9)), "label"]), comments="")
        done = subprocess.run([sys.executable, "-c", _READ, str(path)], check=True, capture_output=True, text=True, env=environment(), cwd=Path(__file__).parents[1])
    read, step, memory = map(float, done.stdout.split())
    work = f"a file of {ROWS:,} rows and 10 columns"
    return [
        Row(f"{work}: reading it", duration(read)), Row(f"{work}: one step of a logistic loss", duration(step)),
        Row(f"{work}: memory on top of the program's", f"{memory:.0f} MB", "", "bounded"),
    ]  # fmt: skip


def rows() -> list[Row]:
    """The table's lines."""
    missing = [name for name in ("torch", "optax") if not importlib.util.find_spec(name)]
    found = _compared("traced descent, two letters", runs(adam=False), STEPS, "≥ 3,000,000")
    found += _compared("traced Adam, two letters", runs(adam=True), STEPS, "≥ 1,500,000")
    found += _compared("traced descent, logistic loss over 1,000 × 10", logistic_runs(), LOGISTIC_STEPS, "≥ 100,000")
    found += large()
    return [*found, Row(f"not installed and left out: {', '.join(missing)}", "")] if missing else found


if __name__ == "__main__":
    show(rows())
