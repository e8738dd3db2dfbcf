"""Documents as Typst and PDF: they compile to PDF/UA whatever they hold, text stays text, and the bytes never change."""

from __future__ import annotations

import builtins
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tutor.errors import RequestError
from tutor.exposition.doc import Doc, Maths, Paragraph, Section, Table
from tutor.form.reading import read
from tutor.render.typst import compiled, pdf, phrase_source, text_source, typst

from .samples import HOSTILE_TEXT, LONG, PRODUCT, SAMPLES

pytest.importorskip("typst")


def text_of(content: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    (tmp_path / "a.pdf").write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_document_compiles_to_the_same_bytes(name: str) -> None:
    first = pdf(SAMPLES[name])
    assert first.startswith(b"%PDF")
    assert pdf(SAMPLES[name]) == first


def test_another_process_makes_the_same_bytes() -> None:
    program = "import sys; from tests.render.samples import PRODUCT; from tutor.render.typst import pdf; sys.stdout.buffer.write(pdf(PRODUCT))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=Path(__file__).parents[2], env={"HOME": "/nowhere", "PYTHONHASHSEED": "7"})
    assert done.stdout == pdf(PRODUCT)


def test_it_says_that_it_is_accessible() -> None:
    content = pdf(PRODUCT)
    assert b"pdfuaid:part" in content
    assert b"/StructTreeRoot" in content or b"/MarkInfo" in content or b"ObjStm" in content


def test_every_formula_is_spoken() -> None:
    source = typst(PRODUCT)
    assert 'm("f prime of x equals' in source
    assert source.count("$") == 2 * len(re.findall(r'm\("(?:[^"\\]|\\.)+", \$', source))


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE_TEXT, "= no heading", "- no list", "+ no list", "/ no: term", "1. no list", "a // b /* c */", "https://example.org/x", "<label> @ref", "#set page(width: 1cm)",
        "`raw` *strong* _emphasis_", "a -- b --- c -? d", "[x](y) {z}", "\\ \\\\ \\u{41}", "5 -1", "$x$", "~ ^ & %", "#{", "]", "[",
    ],
)  # fmt: skip
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    found = text_of(pdf(Doc((), (Paragraph((text,)),))), tmp_path)
    assert _plain(text) in _plain(found)


def _plain(text: str) -> str:
    """The signs that can be told apart in a printed text: quotes are curled, minus signs are long."""
    shown = text.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e").replace("−", "-").replace("\u00a0", "")
    return "".join(sign for sign in shown if sign not in "\"'“”‘’ \n\f")


def test_hostile_text_reaches_no_command() -> None:
    doc = Doc((HOSTILE_TEXT,), (Section(("#panic()",), (Paragraph(("#read(\"/etc/passwd\")",)), Maths(read("x"), note=("#panic()",)))), Table((("#a",),), ((("#b",),),), ("#c",))))
    assert pdf(doc)
    assert not re.search(r"(?<!\\)#(?:panic|read|a\b|b\b|c\b)", typst(doc))


@pytest.mark.parametrize(("text", "expected"), [("a-b", "a-b"), ("a--b", "a\\--b"), ("-5", "\\-5"), ("#x", "\\#x"), ("a/b", "a/b")])
def test_only_what_is_active_is_escaped(text: str, expected: str) -> None:
    assert text_source(text) == expected


def test_what_follows_a_formula_is_no_part_of_it(tmp_path: Path) -> None:
    phrase = (read("f"), "(x) and ", read("y"), ".pos() and ", read("z"), "[1]; ", read("w"), ";")
    assert phrase_source(phrase).count(";") >= 4
    found = "".join(text_of(pdf(Doc((), (Paragraph(phrase),))), tmp_path).split())
    assert ".pos()" in found
    assert "[1];" in found


def test_a_long_formula_stays_on_the_page(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    (tmp_path / "a.pdf").write_bytes(pdf(LONG))
    boxes = subprocess.run(["pdftotext", "-bbox", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True).stdout.decode()
    width = float(re.search(r'page width="([\d.]+)"', boxes)[1])  # type: ignore[index]
    ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', boxes)]
    starts = [float(start) for start in re.findall(r'xMin="([\d.]+)"', boxes)]
    assert max(ends) < width - 40
    assert min(starts) > 40


def test_a_sign_without_a_font_is_named() -> None:
    with pytest.raises(RequestError, match="no font") as caught:
        pdf(Doc((), (Paragraph(("\U0001f991\U00013000",)),)))
    assert caught.value.advice


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.delitem(sys.modules, "typst", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(RequestError, match="not installed") as caught:
        compiled("x")
    assert "calculus-tutor[worksheets]" in caught.value.advice
    assert typst(PRODUCT)
