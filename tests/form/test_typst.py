"""Typst maths: it compiles, whatever the form; what is printed is what was meant; brackets stand where they are needed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from tests.strategies import forms
from tutor.errors import ReadError
from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.notation.speech import SPEECH
from tutor.form.notation.typst import TYPST, function_name, quoted
from tutor.form.reading import read
from tutor.form.tree import Apply, Call, Cases, Const, Deriv, Form, Interval, Num, Pow, Relation, Sym
from tutor.form.write import write

typst = pytest.importorskip("typst")
COMPILER = typst.Compiler(ignore_system_fonts=True)
X = Sym("x")
READING = Path(__file__).parents[1] / "fixtures" / "reading.yaml"


def page(texts: list[str]) -> bytes:
    lines = [f'#math.equation(alt: "a formula", ${text}$)' for text in texts]
    head = '#set document(title: "t")\n#set text(lang: "en")\n#set page(width: 40cm, height: auto)\n'
    made: bytes = COMPILER.compile(input=(head + "\n\n".join(lines)).encode(), format="pdf", pdf_standards="ua-1", timestamp=0)
    return made


def printed(form: Form, tmp_path: Path) -> str:
    """What a reader of the page sees, without blanks."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    file = tmp_path / "a.pdf"
    file.write_bytes(page([write(form, TYPST)]))
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True).stdout.decode()
    return "".join(chr(_upright(ord(sign))) for sign in "".join(text.split()))


def _upright(code: int) -> int:
    """Mathematical italic letters as plain ones."""
    for start, first in ((0x1D434, "A"), (0x1D44E, "a"), (0x1D6FC, "α"), (0x1D6E4, "Γ")):
        if start <= code < start + 26 and code != 0x210E:
            return ord(first) + code - start
    return ord("h") if code == 0x210E else code


def known() -> list[Form]:
    """The forms of every row of the fixture of readings that can be read without more being said."""
    table = yaml.safe_load(READING.read_text(encoding="utf-8"))
    found = []
    for row in (row for section in table["readings"] for row in section["rows"]):
        try:
            found.append(read(str(row["reads"])))
        except ReadError:
            continue
    return found


def test_every_fixture_compiles() -> None:
    texts = [write(form, TYPST) for form in known()]
    assert len(texts) > 100
    assert page(texts).startswith(b"%PDF")


def test_every_function_and_constant_compiles() -> None:
    calls: list[Form] = [Call(name, (X, Sym("y"))[: row.arity]) for name, row in FUNCTIONS.items()]
    squares: list[Form] = [Pow(call, Num(2)) for call in calls]
    assert page([write(form, TYPST) for form in (*calls, *squares, *(Const(name) for name in CONSTANTS))])


def test_whatever_is_generated_compiles() -> None:
    found: list[str] = []

    @settings(max_examples=400, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(forms())
    def collect(form: Form) -> None:
        found.append(write(form, TYPST))

    collect()
    assert page(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^(1/3)*cbrt(x)", 'x^(frac(1, 3)) root(3, x)'),
        ("sin(x)^2 + asin(x)^2", "sin^(2)(x) + arcsin(x)^(2)"),
        ("-x^2*(-3)", "-x^(2) ⋅ (-3)"),
        ("2*3", "2 ⋅ 3"),
        ("alpha*w_max + w_ij + Gamma", 'α w_("max") + w_(i j) + Γ'),
        ("rate*price", '"rate" ⋅ "price"'),
        ("e^(-x^2)", "e^(-x^(2))"),
        ("|x + 1|", "abs(x + 1)"),
        ("log_2(x)", "log_(2)(x)"),
        ("integral(x^2, x, 0, 1)", "∫_(0)^(1) x^(2) thin d x"),
        ("[[1, 2], [3, 4]]", "mat(1, 2; 3, 4)"),
        ("{1, 2}", "{1, 2}"),
        ("x != 2", "x ≠ 2"),
        ("diff(a*x^2, x)", "frac(d, d x) (a x^(2))"),
        ("diff(x^2, x)", "(x^(2))'"),
        ("partial(f, x)", "frac(∂ f, ∂ x)"),
        ("0.05x", "0.05 x"),
    ],
)  # fmt: skip
def test_how_things_are_written(text: str, expected: str) -> None:
    assert write(read(text), TYPST) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Apply("f_1", (X,), (2,)), "f''_(1)(x)"),
        (Apply("f", (X, Sym("y")), (1, 0)), "f^((1, 0))(x, y)"),
        (Apply("sum_i", (Sym("x_i"),), (0,)), "∑_(i) x_(i)"),
        (Apply("norm_1", (X,), (0,)), "norm(x)_(1)"),
        (Apply("differential", (X,), (0,)), "upright(d) x"),
        (Interval(Num(0), Num(1), True, False), "lr(paren.l 0, 1 bracket.r)"),
        (Deriv(Deriv(Sym("f"), "x", 1, True), "y", 2, True), "frac(∂^(3) f, ∂ y^(2) ∂ x)"),
        (Cases((X, Num(3)), (Relation((X, Num(1)), ("<=",)),)), 'cases(x & "if " x ≤ 1, 3 & "otherwise")'),
    ],
)  # fmt: skip
def test_what_the_reader_has_no_text_for(form: Form, expected: str) -> None:
    assert write(form, TYPST) == expected
    assert page([expected])


def test_every_function_has_a_name_without_a_backslash() -> None:
    assert not [name for name in FUNCTIONS if "\\" in function_name(name) or "{" in function_name(name)]


@pytest.mark.parametrize("text", ['a"b', "a\\b", '\\"', "plain"])
def test_quoted_text_is_one_text(text: str, tmp_path: Path) -> None:
    assert page([quoted(text)])
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', quoted(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2x*sin(3x) - alpha", "2xsin(3x)−α"), ("f'(x) = 3", "f′(x)=3"), ("x != 2", "x≠2"), ("(a + b)(a - b)", "(a+b)(a−b)"), ("2*3*x", "2⋅3x"),
        ("rate*5", "rate⋅5"), ("[0, 1]", "[0,1]"), ("infinity", "∞"), ("max(x, 1)", "max(x,1)"), ("relu(x)", "ReLU(x)"),
    ],
)  # fmt: skip
def test_what_is_printed(text: str, expected: str, tmp_path: Path) -> None:
    assert printed(read(text), tmp_path) == expected


def test_speech_never_breaks_the_quotes() -> None:
    for form in known():
        assert '"' not in write(form, SPEECH)
