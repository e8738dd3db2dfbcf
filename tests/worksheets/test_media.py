"""Sheets in every medium: the same problems, well formed, what a teacher asked for on the page, and nothing that gives the answer away."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from tutor.errors import RequestError
from tutor.problems.family import read_family
from tutor.render.sheets import FORMATS, ending_of, format_of, key_in, sheet_in
from tutor.render.typst import compiled
from tutor.worksheets.choose import Stock
from tutor.worksheets.sheet import make

from .families import plan, sheet

pytest.importorskip("typst")
TEXTS = [format for format in FORMATS if format != "pdf"]
CHOICE = """
format: 1
title: Which one?
skills: [power-rule]
difficulty: 1
parameters: {n: 2..99}
questions:
  - {ask: "Where does the graph of $x^2 + n$ rise?", answer: right, kind: choice, options: [left, right, "nowhere <b>"]}
"""


def pages(content: bytes, tmp_path: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    (tmp_path / "a.pdf").write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_sheet_has_the_same_bytes(format: str) -> None:
    options = {"topics": "all", "count": "7", "points": "2", "space": "grid"}
    assert sheet_in(format, [sheet(**options)]) == sheet_in(format, [sheet(**options)])
    assert key_in(format, [sheet(**options)]) == key_in(format, [sheet(**options)])
    assert sheet_in(format, [sheet(**options)]) != sheet_in(format, [sheet("1", **options)])


@pytest.mark.parametrize("format", TEXTS)
def test_every_problem_and_the_id_stand_on_it(format: str) -> None:
    made = sheet(count="7", title="Tuesday & <all> 50%", points="3", instructions="Show #everything_.")
    text = sheet_in(format, [made]).decode()
    assert made.id.replace("_", "\\_") in text
    assert "Tuesday" in text
    assert "Name" in text
    assert "Score" in text
    assert str(made.total) in text
    assert "everything" in text
    for item in made.items:
        assert re.search(rf"(?:Problem |\D){item.number}\b", text)


@pytest.mark.parametrize("format", ["html", "latex", "markdown", "typst", "plain"])
def test_hostile_words_stay_words(format: str) -> None:
    made = sheet(count="1", title='<script>"a"</script> \\input{x} #panic()', student="#panic() <b>$x$ \\end{document}")
    text = sheet_in(format, [made]).decode()
    if format == "html":
        assert "<script" not in text
        assert "<b>$x" not in text
    if format == "latex":
        assert "\\input{" not in text
        assert text.count("\\end{document}") == 1
    if format == "typst":
        assert compiled(text)


@pytest.mark.parametrize("format", TEXTS)
def test_a_sheet_does_not_give_the_answers(format: str) -> None:
    made = sheet(topics="drill/powers", count="1")
    (result,) = made.items[0].results()[0]
    from tutor.form.notation.latex import LATEX
    from tutor.form.notation.plain import PLAIN
    from tutor.form.notation.typst import TYPST
    from tutor.form.notation.unicode import UNICODE
    from tutor.form.write import write

    shown = {write(result, notation) for notation in (LATEX, PLAIN, TYPST, UNICODE)}  # type: ignore[arg-type]
    text = sheet_in(format, [made]).decode()
    assert not [one for one in shown if one in text]
    key = key_in(format, [made]).decode()
    assert format == "html" or [one for one in shown if one in key]


@pytest.mark.parametrize(("space", "columns", "large", "paper"), list(product(("lines", "grid", "none"), ("1", "2", "3"), ("yes", "no"), ("a4", "a5")))[::2])
def test_every_layout_compiles(space: str, columns: str, large: str, paper: str) -> None:
    made = sheet(count="7", space=space, columns=columns, large=large, paper=paper, points="2")
    assert sheet_in("pdf", [made]).startswith(b"%PDF")
    assert key_in("pdf", [made]).startswith(b"%PDF")


@pytest.mark.parametrize("paper", ["letter", "legal", "a3"])
def test_other_papers(paper: str, tmp_path: Path) -> None:
    assert pages(sheet_in("pdf", [sheet(count="1", paper=paper)]), tmp_path)


def test_a_problem_is_not_split_between_pages(tmp_path: Path) -> None:
    made = sheet(count="20", points="1", space="lines")
    found = pages(sheet_in("pdf", [made]), tmp_path)
    assert len(found) > 2
    for item in made.items:
        if item.problem.family.id == "fields/partials":
            (page,) = [one for one in found if re.search(rf"^ *{item.number}\. ", one, re.MULTILINE)]
            behind = page[re.search(rf"^ *{item.number}\. ", page, re.MULTILINE).start() :]  # type: ignore[union-attr]
            assert "b) And with respect to" in behind.partition(f"\n{item.number + 1}. ")[0]


def test_a_problem_longer_than_a_page_breaks_between_questions(tmp_path: Path) -> None:
    asks = "\n".join(f"  - {{ask: 'Question number {k} about $n$?', answer: n}}" for k in range(12))
    text = f"format: 1\ntitle: A\nskills: [power-rule]\ndifficulty: 3\nparameters: {{n: 2..9}}\nstory: Once there was $n$.\nquestions:\n{asks}"
    made = make(plan(count="1", large="yes"), Stock([read_family(text, "drill/long")]))
    found = pages(sheet_in("pdf", [made]), tmp_path)
    assert len(found) > 1
    assert all(f"Question number {k} about" in "".join(found) for k in range(12))
    assert "Once there was" in found[0]
    assert "number 0" in found[0]


def test_copies_begin_on_pages_of_their_own(tmp_path: Path) -> None:
    made = [sheet(str(k), student=f"Student {k}", count="2", space="none") for k in (1, 2, 3)]
    found = pages(sheet_in("pdf", made), tmp_path)
    assert len(found) == 3
    assert all(f"Student {k}" in page and "1/1" in page.replace(" ", "") and made[k - 1].id in page for k, page in enumerate(found, 1))


def test_the_key_shows_results_or_solutions() -> None:
    full, results = (key_in("plain", [sheet(topics="drill/chain", count="1", **more)]).decode() for more in ({}, {"key": "results"}))
    assert "Chain rule" in full
    assert "Chain rule" not in results.partition("1.")[2]
    assert len(results) < len(full)
    assert "drill/chain@" in full


@pytest.mark.parametrize("format", TEXTS)
def test_what_there_is_to_choose_from_stands_on_the_sheet(format: str) -> None:
    text = sheet_in(format, [make(plan(count="1"), Stock([read_family(CHOICE, "drill/choice")]))]).decode()
    assert "left" in text
    assert "nowhere" in text
    assert format != "html" or "<b>" not in text


def test_text_is_no_wider_than_eighty_columns_and_ascii_where_it_says_so() -> None:
    made = sheet(count="12", points="2", title="Größe")
    for text in (sheet_in("plain", [made]).decode(), key_in("plain", [made]).decode()):
        assert text.isascii()
        assert max(map(len, text.splitlines())) <= 80
    assert "²" in sheet_in("terminal", [made]).decode()


class Tags(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    VOID = frozenset(("meta", "br", "mspace", "path", "rect", "i/"))

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.seen: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "br"):
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("answers", [False, True])
def test_the_page_is_well_formed_and_needs_nothing_else(answers: bool) -> None:
    text = sheet_in("html", [sheet(count="7", points="2", space="grid"), sheet("1", count="7")], answers=answers).decode()
    tags = Tags()
    tags.feed(text)
    assert (tags.wrong, tags.stack) == ([], [])
    assert not re.search(r"(?:src|href)=|@import|https?://(?!www\.w3\.org)", text)
    assert ("details" in tags.seen) is answers
    assert "math" in tags.seen


def test_latex_compiles(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex here")
    made = [sheet(count="7", points="2", space="grid", columns="2", large="yes"), sheet("1", count="7", student="Émilie & 100%_#")]
    one_wide = sheet(count="7", space="lines")
    for k, text in enumerate((sheet_in("latex", made), key_in("latex", made), sheet_in("latex", [one_wide]), key_in("latex", [sheet(count="3", key="results")]))):
        (tmp_path / f"{k}.tex").write_bytes(text)
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"{k}.tex"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)


def test_formats_and_endings() -> None:
    assert all(format_of(f"a.{ending_of(format)}") == format for format in FORMATS if format != "terminal")
    with pytest.raises(RequestError, match="says no format") as caught:
        format_of("sheet.docx")
    assert ".pdf" in caught.value.advice
    with pytest.raises(RequestError, match="no format 'word'"):
        sheet_in("word", [sheet(count="1")])


@pytest.mark.parametrize("format", TEXTS)
def test_what_is_crossed_needs_no_lines(format: str) -> None:
    stock = Stock([read_family(CHOICE, "drill/which")])
    made = [make(plan(topics="all", count="1", space="lines", **more), stock) for more in ({}, {"room": "4"})]
    without, wanted = (sheet_in(format, [one]).decode() for one in made)
    assert without != wanted
    assert len(without) <= len(wanted)


def test_the_key_of_a_story_has_its_picture() -> None:
    text = "format: 1\ntitle: A stone falls\nskills: [power-rule]\ndifficulty: 1\nparameters: {a: 2..9}\nvariables: {t: t >= 0}\nfunctions: {s: a*t^2}\nquestions: [{ask: 'How fast?', answer: 'diff(s, t) @ 1', unit: metres per second}]"
    made = [make(plan(topics="all", count="1"), Stock([read_family(text, "drill/stone")]))]
    assert "<svg" in key_in("html", made).decode()
    assert "#picture(" in key_in("typst", made).decode().rpartition("#let results")[2]
    assert "#picture(" not in sheet_in("typst", made).decode().rpartition("#let results")[2]
    assert key_in("pdf", made) == key_in("pdf", made)
