"""The total derivative: paths by their count, the value by putting everything in first and by SymPy."""

from __future__ import annotations

import json
from math import prod

import pytest
import sympy
from hypothesis import given

from tests.calculus.smooth import functions
from tests.cli.command import tutor, written
from tests.cli.test_json import checked
from tutor import RequestError, differentiate, read
from tutor.algebra.equal import by_samples
from tutor.algebra.lower import lower, symbol
from tutor.calculus.total import definitions, total_derivative
from tutor.form.tree import Form, Mul, Sym
from tutor.form.walk import substitute

CASES = [
    ("x*y", {"x": "t^2", "y": "t^3"}, "t", 2),
    ("x^2*y + t", {"x": "u^2 + s", "u": "3t", "y": "sin(t)"}, "t", 3),
    ("x*y*z", {"x": "t", "y": "x^2", "z": "x*y"}, "t", 4),
    ("5t", {"t": "20 - 2T"}, "T", 1),
    ("e^(x*y)/x", {"x": "s*t", "y": "s/t"}, "s", 2),
    ("ln(x^2 + y^2)", {"x": "cos(t)", "y": "sin(t)"}, "t", 2),
    ("a + b", {"a": "c + d", "b": "c*d", "c": "t^2", "d": "t"}, "t", 4),
    ("x^2", {"x": "y^2", "y": "z^2", "z": "t^2"}, "t", 1),
]


@pytest.mark.parametrize(("text", "where", "variable", "paths"), CASES)
def test_the_paths_add_up_to_the_derivative(text: str, where: dict[str, str], variable: str, paths: int) -> None:
    found = total_derivative(text, where, variable)
    assert len(found.paths) == paths
    composed = read(text)
    while not composed.free.isdisjoint(where):
        composed = substitute(composed, {name: read(value) for name, value in where.items()})
    assert sympy.simplify(lower(found.value) - sympy.diff(lower(composed), symbol(variable))) == 0
    assert found.confirmed
    assert not found.value.free & where.keys()


@given(functions, functions, functions)
def test_it_is_the_derivative_of_what_is_put_together(outer: Form, first: Form, second: Form) -> None:
    function = Mul((substitute(outer, {"a": Sym("b")}), Sym("y")))
    where = {"x": substitute(first, {"x": Sym("t")}), "y": substitute(second, {"x": Sym("t")})}
    found = total_derivative(function, where, "t")
    direct = differentiate(substitute(function, where), "t")
    assert by_samples(found.value, direct.value, direct.conditions).equal is not False


def test_a_path_is_the_product_of_its_links() -> None:
    found = total_derivative("x*y*z", {"x": "t", "y": "x^2", "z": "x*y"}, "t")
    place = {"x": 2.0, "y": 3.0, "z": 5.0, "t": 7.0}
    for path in found.paths:
        assert path.product.evaluate(**place) == pytest.approx(prod(link.value.evaluate(**place) for link in path.links))
    assert sorted(path.letters for path in found.paths) == [("x", "t"), ("y", "x", "t"), ("z", "x", "t"), ("z", "y", "x", "t")]


def test_a_partial_result_is_called_one() -> None:
    assert total_derivative("x*y", {"x": "s*t", "y": "t"}, "t").partial
    assert not total_derivative("x*y", {"x": "t^2", "y": "t"}, "t").partial


@pytest.mark.parametrize(
    ("text", "where", "variable", "kind"),
    [
        ("x*y", {"x": "y", "y": "x"}, "t", "where"), ("x", {"x": "x + t"}, "t", "where"), ("x", {"z": "t"}, "t", "where"),
        ("x", {"x": "s"}, "t", "variable"), ("x", {"x": "t"}, "x", "variable"), ("2x = y", {"x": "t"}, "t", "equation"),
    ],
)  # fmt: skip
def test_requests_that_make_no_sense(text: str, where: dict[str, str], variable: str, kind: str) -> None:
    with pytest.raises(RequestError) as error:
        total_derivative(text, where, variable)
    assert error.value.kind == kind


def test_too_many_paths_are_counted_and_refused() -> None:
    where = {f"x_{k}": f"x_{k + 1} + sin(x_{k + 1}*y_{k + 1})" for k in range(40)}
    where |= {f"y_{k}": f"x_{k + 1}*y_{k + 1}" for k in range(1, 40)}
    where |= {"x_40": "t", "y_40": "t^2"}
    with pytest.raises(RequestError, match="paths lead"):
        total_derivative("x_0", where, "t")


def test_definitions() -> None:
    assert {name: str(form) for name, form in definitions(["x=t^2", "y(t) = 3t"]).items()} == {"x": "t^2", "y": "3*t"}
    for texts in (["t^2"], ["x = 1", "x = 2"], ["2x = t"]):
        with pytest.raises(RequestError):
            definitions(texts)


LINE = ("explain", "x*y", "--where", "x=t^2", "--where", "y=t^3", "--wrt", "t")


def test_the_command() -> None:
    output = written(*LINE, "--at", "t=2")
    assert "f'(t) = partial(f, x)*x'(t) + partial(f, y)*y'(t)" in output
    assert "f'(t) = 5t^4" in output
    assert "f'(2) = 5*2^4 = 80" in output
    assert output.splitlines()[-1].startswith("every line proved")


def test_the_total_and_the_partial_derivative_have_two_names() -> None:
    output = written("explain", "x*t + s", "--where", "x=s*t", "--wrt", "t")
    assert "d/dt (f) = partial(f, t) + partial(f, x)*partial(x, t)" in output


@pytest.mark.parametrize("level", ["brief", "normal", "full"])
@pytest.mark.parametrize("format", ["terminal", "plain", "latex", "markdown", "html", "speech"])
def test_every_format(level: str, format: str) -> None:
    output = written(*LINE, "--level", level, "--format", format)
    assert output
    if format in ("terminal", "plain"):
        assert max(map(len, output.splitlines())) <= 80


def test_the_data() -> None:
    data = json.loads(written(*LINE, "--at", "t=2", "--format", "json"))
    checked("total", data)
    assert (data["value"], data["proved"], [path["product"] for path in data["paths"]]) == ("5*t^4", True, ["y*(2*t)", "x*(3*t^2)"])


@pytest.mark.parametrize("args", [("--order", "2"), ("--another-way",), ("--by", "product")])
def test_what_does_not_go_together(args: tuple[str, ...]) -> None:
    result = tutor(*LINE, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--where" in result.stderr
