"""The article: balanced, in ASCII, escaped, and compiled where a LaTeX is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tutor.exposition.doc import Doc, Table
from tutor.form.reading import read
from tutor.render.latex import latex
from tutor.render.rows import breadth, rows
from tutor.render.signs import SIGNS, latex_text

from .samples import DESCENT, HOSTILE, LONG, PRODUCT, SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_balanced_and_ascii(name: str) -> None:
    source = latex(SAMPLES[name])
    assert source.isascii()
    bare = re.sub(r"\\[\\{}$]", "", source)
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    stack: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{(\w+\*?)\}", source):
        if kind == "begin":
            stack.append(environment)
        else:
            assert stack.pop() == environment
    assert stack == []


def test_only_amsmath_and_for_long_tables_longtable() -> None:
    assert re.findall(r"\\usepackage\{(\w+)\}", latex(PRODUCT)) == ["amsmath"]
    long = Doc((), (Table((("n",),), tuple(((str(k),),) for k in range(50))),))
    assert re.findall(r"\\usepackage\{(\w+)\}", latex(long)) == ["amsmath", "longtable"]


def test_the_parts_of_a_document() -> None:
    source = latex(PRODUCT)
    assert "\\section*{" in source
    assert "\\subsection*{A product" in source
    assert "\\paragraph{Power rule}" in source
    assert "\\underline{" in source
    assert "\\boxed{" in source
    assert "\\tag*{numbers first}" in source
    assert "\\begin{tabular}{rrrlr}" in latex(DESCENT)
    assert "\\begin{align*}" in latex(LONG)


def test_hostile_text_is_words() -> None:
    source = latex(HOSTILE)
    assert "\\input{" not in source
    assert "\\textbackslash{}input\\{/etc/passwd\\}" in source
    assert "\\$x\\$" in source
    assert "\\textbar{}" in source
    assert "\\%" in source
    assert "\\#" in source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b^c", "a\\_b\\textasciicircum{}c"), ("x ≠ 2", "x $\\ne$ 2"), ("αΩ", "$\\alpha$$\\Omega$"), ("naïve", "na\\\"{i}ve"),
        ("a -- b", "a -{}- b"), ("a – b", "a \\textendash{} b"), ("中", "{[}U+4E2D{]}"), ("xⁿ₁", "x$^{n}$$_{1}$"), ("Α", "A"),
        ("\x00", "\\textbackslash{}x00"), ("\\\\", "\\textbackslash{}\\textbackslash{}"),
    ],
)  # fmt: skip
def test_escaping(text: str, expected: str) -> None:
    assert latex_text(text) == expected


def test_every_sign_has_ascii_in_every_column() -> None:
    for sign, row in SIGNS.items():
        assert (row.plain + row.latex).isascii(), sign


@pytest.mark.parametrize("text", ["x + y + z", "a = b + c = d", "x - (y + z) - w", "x + -y + 3"])
def test_rows_hold_every_part_once(text: str) -> None:
    form = read(text)
    parts = [part for row in rows(form, 1) for part in row]
    again = " ".join(f"{part.sign} {part.form}" for part in parts)
    assert read(again) is form
    assert len(rows(form, breadth(form))) == 1


@pytest.mark.parametrize("compiler", ["pdflatex", "xelatex"])
@pytest.mark.parametrize("name", SAMPLES)
def test_it_compiles(compiler: str, name: str, tmp_path: Path) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} here")
    (tmp_path / "doc.tex").write_text(latex(SAMPLES[name]), encoding="utf-8")
    command = [compiler, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "doc.tex"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
