"""The page: well-formed, escaped, accessible, and looked at in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tutor.errors import RequestError
from tutor.exposition.doc import Doc, Maths, Paragraph
from tutor.form.tree import Sym
from tutor.render.html import fragment, html

from .samples import DESCENT, HOSTILE, HOSTILE_TEXT, LONG, PRODUCT, ROLES, SAMPLES, SINE

VOID = {"meta", "br", "hr", "img", "link", "wbr"}


class Tree(HTMLParser):
    """Checks that every element is closed in order; keeps the tags and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += "" if "style" in self.open else data


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("write", [html, fragment])
def test_it_is_well_formed(name: str, write: object) -> None:
    page = write(SAMPLES[name])  # type: ignore[operator]
    Tree(page)
    for element in re.findall(r"<math.*?</math>", page, re.DOTALL):
        ElementTree.fromstring(element)


def test_a_page_needs_nothing_else_and_says_its_language() -> None:
    page = html(PRODUCT)
    tags = Tree(page).tags
    assert ("html", {"lang": "en"}) in tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe"}
    assert "url(" not in page
    assert "@import" not in page
    assert not re.search(r'(?:src|href)="', page)
    assert "<title>f(x) = x² sin(3x)</title>" in page


def test_headings_go_down_by_one_level() -> None:
    levels = [int(tag[1]) for tag, _ in Tree(html(PRODUCT)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels == [1, 2, 3, 3, 2]


def test_no_text_of_a_person_becomes_markup() -> None:
    page = html(HOSTILE)
    tree = Tree(page)
    assert "script" not in {tag for tag, _ in tree.tags}
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert HOSTILE_TEXT.split(" ", maxsplit=1)[0] in tree.words
    nasty = Doc((Sym('<b onload="x">&'),), (Maths(Sym("<script>")), Paragraph(('" onmouseover="x',), '" onmouseover="x')))
    assert not {tag for tag, _ in Tree(html(nasty)).tags} & {"b", "script"}
    assert not any("onmouseover" in attrs for _, attrs in Tree(html(nasty)).tags)


def test_roles_verdicts_focus_and_tables_have_their_classes() -> None:
    classes = {name for doc in (PRODUCT, ROLES, DESCENT) for _, attrs in Tree(html(doc)).tags for name in (attrs.get("class") or "").split()}
    assert {"reason", "condition", "remark", "hint", "question", "evidence", "warning"} <= classes
    assert {"focus", "proved", "sampled", "failed", "note", "result", "number"} <= classes
    assert [attrs.get("scope") for tag, attrs in Tree(html(DESCENT)).tags if tag == "th"] == ["col"] * 5


def test_a_long_formula_comes_in_pieces_with_the_focus_kept() -> None:
    assert html(LONG).count("<span><math") > 30
    form = LONG.blocks[0].blocks[0].form  # type: ignore[union-attr]
    focus = form.operands[1].terms[3]
    assert fragment(Doc((), (Maths(form, focus=focus),))).count('class="focus"') == 1
    assert fragment(Doc((), (Maths(form, focus=form.operands[1]),))).count('class="focus"') == 1
    assert fragment(Doc((), (Maths(form, focus=SINE),))).count('class="focus"') == 0


def test_a_folder_of_the_user_comes_first(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "explanation.html").write_text("mine: {{ doc.title | flat }}", encoding="utf-8")
    assert html(Doc(("<t>",), ()), templates=[tmp_path]) == "mine: &lt;t&gt;"
    with pytest.raises(RequestError):
        html(PRODUCT, templates=[tmp_path / "nowhere"])


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def chromium(tmp_path: Path, page: str, *options: str) -> str:
    assert CHROMIUM
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'profile'}", *options, str(tmp_path / "page.html"),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_paints_it(tmp_path: Path, scheme: str) -> None:
    shot = tmp_path / "shot.png"
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    chromium(tmp_path, html(PRODUCT), "--window-size=800,700", f"--screenshot={shot}", *dark)
    assert shot.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert shot.stat().st_size > 10_000  # an empty page takes a few hundred bytes


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("width", [500, 1000])
def test_the_page_never_scrolls_sideways(tmp_path: Path, width: int) -> None:
    """A script that only the test adds asks the browser for the width of the laid-out page."""
    probe = "<script>document.title = 'wide by ' + (document.documentElement.scrollWidth - innerWidth)</script></body>"
    for doc in (LONG, DESCENT, ROLES):
        dump = chromium(tmp_path, html(doc).replace("</body>", probe), f"--window-size={width},800", "--dump-dom")
        assert "<title>wide by 0</title>" in dump
