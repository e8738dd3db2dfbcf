"""`tutor matrix` as people call it: every format, every level, what does not fit."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.command import FORMATS, tutor, written
from tests.cli.test_json import checked
from tutor import read
from tutor.render.signs import columns

LINES = [
    ("x^T A x", "--wrt", "x"),
    ("x^T A x", "--wrt", "x", "--symmetric", "A"),
    ("norm(A x - b)^2", "--wrt", "A"),
    ("norm(X w - y)^2 + lambda*norm_1(w)", "--wrt", "w"),
    ("norm(X w - y)^2 + lambda*norm(w)^2", "--wrt", "w"),
    ("norm(X w - y)^2 + lambda*norm(w)^2", "--wrt", "lambda"),
    ("trace(A^T X)", "--wrt", "X"),
    ("softmax(z)",),
    ("crossentropy(y, softmax(W x + b))", "--wrt", "W"),
    ("x^T A x/(x^T x)", "--wrt", "x"),
]
FUNCTIONS = ("norm", "norm_1", "trace", "softmax", "crossentropy", "logsumexp", "diag", "differential", "sum", *(f"sum_{letter}" for letter in "ijsthkl"))


@pytest.mark.parametrize("args", LINES, ids=" ".join)
@pytest.mark.parametrize("level", ["brief", "normal", "full"])
def test_lines_fit_a_terminal(args: tuple[str, ...], level: str) -> None:
    for format in ("terminal", "plain"):
        text = written("matrix", *args, "--level", level, "--format", format)
        assert max(columns(line) for line in text.splitlines()) <= 80
    assert text.isascii()
    assert "every line proved" in text


@pytest.mark.parametrize("args", LINES, ids=" ".join)
def test_the_json_fits_its_schema_and_reads_back(args: tuple[str, ...]) -> None:
    data = json.loads(written("matrix", *args, "--format", "json"))
    checked("matrix", data)
    assert data["proved"]
    texts = [data["value"], data["general"], data["reading"], *data["differential"], *data["conditions"], *data["assumptions"]]
    texts += [line["text"] for line in data["index"]] + [part[key] for part in data["rules"] for key in ("before", "after")]
    names = {letter["name"] for letter in data["letters"]} | {"I"}
    for text in texts:
        assert str(read(text, functions=FUNCTIONS, variables=names)) == text


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_names_the_gradient(format: str) -> None:
    text = written("matrix", "norm(A x - b)^2", "--wrt", "x", "--format", format)
    gradient = {
        "terminal": "grad(f) = 2Aᵀ (Ax − b)", "plain": "grad(f) = 2A^T (Ax - b)", "json": '"value": "2*A^T*(A*x - b)"',
        "latex": r"\boxed{\operatorname{grad}(f) = 2 A^{T} (A x - b)}", "markdown": r"\operatorname{grad}(f) = 2 A^{T} (A x - b)",
        "html": "<msup><mi>A</mi><mi>T</mi></msup>", "speech": "2 times capital A transposed times the quantity capital A times x minus b",
    }[format]  # fmt: skip
    assert gradient in text


def test_both_forms_stand_on_the_board() -> None:
    text = written("matrix", "x^T A x", "--wrt", "x", "--format", "terminal")
    for line in ("df = (dx)ᵀAx + xᵀA dx", "df = xᵀ (A + Aᵀ) dx", "grad(f) = (A + Aᵀ) x", "f(x) = Σᵢ Σⱼ xᵢAᵢⱼxⱼ", "∂f/∂xₖ = Σⱼ Aₖⱼxⱼ + Σᵢ xᵢAᵢₖ", "δᵢₖ"):
        assert line in text


def test_softmax_and_cross_entropy() -> None:
    jacobian = written("matrix", "softmax(z)", "--format", "terminal")
    assert "J = diag(p) − ppᵀ" in jacobian
    assert "Jᵢⱼ = pᵢ (δᵢⱼ − pⱼ)" in jacobian
    loss = written("matrix", "crossentropy(y, softmax(z))", "--wrt", "z", "--format", "terminal")
    assert "grad(f) = p − y" in loss
    assert "This uses Σᵢ yᵢ = 1" in loss
    assert "f(z) = −Σᵢ yᵢ ln(pᵢ)" in loss


def test_what_penalties_do_is_said_at_the_full_level() -> None:
    for penalty, word in (("lambda*norm_1(w)", "exactly 0"), ("lambda*norm(w)^2", "in proportion")):
        expression = f"norm(X w - y)^2 + {penalty}"
        full = re.sub(r"\s+", " ", written("matrix", expression, "--wrt", "w", "--level", "full"))
        assert word in full
        assert word not in written("matrix", expression, "--wrt", "w")


def test_a_corner_is_said() -> None:
    text = re.sub(r"\s+", " ", written("matrix", "norm_1(w)", "--plain"))
    assert "This holds for w_i != 0." in text
    assert "subgradient" in text


def test_a_name_that_was_typed_is_kept() -> None:
    text = written("matrix", "L(w) = norm(X w - y)^2", "--wrt", "w", "--plain")
    assert text.startswith("L(w) = norm(Xw - y)^2\n")
    assert "grad(L) = 2X^T (Xw - y)" in text
    assert "partial(L, w_k)" in text


def test_letters_that_are_in_use_are_not_taken_twice() -> None:
    text = written("matrix", "crossentropy(p, softmax(f))", "--wrt", "f", "--plain")
    assert "grad(g) = q - p" in text


def test_the_sizes_for_which_it_is_checked() -> None:
    text = re.sub(r"\s+", " ", written("matrix", "norm(A x - b)^2", "--wrt", "x", "--check-size", "1", "--plain"))
    assert "m = 1 and n = 2" in text
    assert "m = 2 and n = 1" in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("x y", "--wrt", "x"), "Write x^T*y for the inner product"),
        (("x^T A x",), "--wrt x"),
        (("norm(X theta - y)^2", "--wrt", "theta"), "--vectors theta"),
        (("norm(x", "--wrt", "x"), "not closed"),
        (("x^T A x", "--wrt", "A", "--symmetric", "A"), "declared symmetric"),
        (("x^T x", "--check-size", "0"), "from 1 to 5"),
        (("x^T x", "--check-size", "many"), "not a valid integer"),
        (("x^T x", "--vectors", "x", "--scalars", "x"), "two different things"),
        (("", "--wrt", "x"), "nothing to read"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said(args: tuple[str, ...], said: str) -> None:
    result = tutor("matrix", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in re.sub(r"\s+", " ", result.stderr)
    assert "Traceback" not in result.stderr


def test_an_error_is_data_where_data_was_asked_for() -> None:
    error = json.loads(tutor("matrix", "x y", "--wrt", "x", "--format", "json").stderr)["error"]
    assert error["kind"] == "shape"


def test_the_expression_comes_from_standard_input() -> None:
    assert "grad(f) = 2x" in written("matrix", "-", typed="x^T x\n")
