"""Every number of the curriculum that is calculus comes out of the tutor, and every row can be reached by a command.

`worked_examples.json` has the right numbers (where a published article printed a wrong one, it is named there): the
engines reproduce them, exactly. Runs of descent are reproduced here step by step from the engine's gradients;
the descent lab will print them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from tests.cli.command import written
from tests.corpora import shared
from tutor import differentiate, gradient, read
from tutor.algebra.equal import by_samples
from tutor.calculus.points import value_at
from tutor.calculus.total import total_derivative
from tutor.form.numerals import number, rational
from tutor.form.tree import Form, Listing

BATTERY, COFFEE, QUADRATIC, HILL, BOWL = "100 - 10t", "-20p^2 + 200p - 300", "x^2 - 4x + 5", "100 - x^2 - 2y^2", "x^2 + 2y^2"
COOKIE = "-0.01T^2 - 0.5t^2 + 3T + 10t"
LOSS = "((100 - 50w)^2 + (200 - 100w)^2 + (300 - 150w)^2)/3"


@cache
def examples() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}


def slope(function: str, variable: str, at: str | None = None) -> Form:
    value = differentiate(function, variable).value
    return value if at is None else value_at(value, {variable: read(at)}).exact or value


def value(form: str, **place: str) -> Form:
    found = value_at(read(form), {name: read(text) for name, text in place.items()}).exact
    assert found is not None
    return found


def vector(function: str, **place: str) -> Form:
    found = gradient(function)
    if not place:
        return found.vector
    return Listing("tuple", tuple(part.exact for part in found.at(dict(place)).components if part.exact is not None))


@cache
def descent(function: str, start: tuple[tuple[str, str], ...], rate: str, steps: int) -> tuple[dict[str, Fraction], ...]:
    """The places of plain descent in exact fractions, the start first; each gradient is the engine's."""
    partials = {name: differentiate(function, name).value for name, _ in start}
    place = {name: Fraction(text) for name, text in start}
    found = [place]
    for _ in range(steps):
        exact = {name: number(coordinate) for name, coordinate in place.items()}
        slopes = {name: rational(value_at(form, {letter: exact[letter] for letter in form.free}).exact or form) for name, form in partials.items()}
        place = {name: coordinate - Fraction(rate) * slopes[name] for name, coordinate in place.items()}  # type: ignore[operator]
        found.append(place)
    return tuple(found)


def after(steps: int, function: str, rate: str, **start: str) -> Form:
    place = descent(function, tuple(start.items()), rate, steps)[steps]
    parts = tuple(number(coordinate) for coordinate in place.values())
    return parts[0] if len(parts) == 1 else Listing("tuple", parts)


def slope_after(steps: int, function: str, rate: str, **start: str) -> Form:
    place = descent(function, tuple(start.items()), rate, steps)[steps]
    parts = tuple(value_at(differentiate(function, name).value, {name: number(place[name])}).exact or read("0") for name in place)
    return parts[0] if len(parts) == 1 else Listing("tuple", parts)


def step(steps: int, function: str, rate: str, **start: str) -> Form:
    """How far the step with this number goes: against it lies rate times gradient."""
    before, here = (descent(function, tuple(start.items()), rate, count)[count] for count in (steps - 1, steps))
    parts = tuple(number(abs(here[name] - before[name])) for name in here)
    return parts[0] if len(parts) == 1 else Listing("tuple", parts)


def json_of(*args: str) -> Any:
    return json.loads(written(*args, "--format", "json"))


def tangent_change(at: str) -> Form:
    """What really happens over a whole step, as `tutor tangent` says."""
    row = json_of("tangent", COFFEE, "--at", f"p={at}")["steps"][0]
    return read(row["true"]["exact"])


QUAD, HOUSE, PARABOLA, TWO = {"x": "0"}, {"w": "0"}, {"x": "10"}, {"x": "4", "y": "3"}
ROWS: dict[str, Callable[[], Form]] = {
    **{f"battery-{t}": lambda t=t: value(BATTERY, t=str(t)) for t in range(3)}, "battery-slope": lambda: slope(BATTERY, "t"),
    "coffee-derivative": lambda: slope(COFFEE, "p"), **{f"coffee-slope-{p}": lambda p=p: slope(COFFEE, "p", str(p)) for p in (2, 5, 7)},
    "coffee-plus1-at2": lambda: tangent_change("2"), "coffee-plus1-at7": lambda: tangent_change("7"),
    "cookie-dT": lambda: slope(COOKIE, "T"), "cookie-dt": lambda: slope(COOKIE, "t"), "cookie-dT-150-term": lambda: value("-0.02T", T="150"),
    "cookie-dT-150": lambda: slope(COOKIE, "T", "150"), "cookie-dt-10": lambda: slope(COOKIE, "t", "10"),
    "cookie-optimum": lambda: read("({T}, {t})".format(**json_of("critical", COOKIE)["points"][0]["point"])),
    "cookie-chain": lambda: total_derivative("5t", {"t": "20 - 2T"}, "T").value, "chain-rule": lambda: slope("sin(x^2)", "x"),
    "hill-gradient": lambda: vector(HILL), "hill-gradient-3-1": lambda: vector(HILL, x="3", y="1"), "hill-opposite": lambda: vector(f"-({HILL})", x="3", y="1"),
    "hill-norm": lambda: gradient(HILL).at("x=3,y=1").length.exact or read("0"), "hill-norm-sq": lambda: value("(-6)^2 + (-4)^2"),
    "quad-derivative": lambda: slope(QUADRATIC, "x"), "quad-min-slope": lambda: slope(QUADRATIC, "x", "2"),
    **{f"quad-grad-{n}": lambda n=n: slope_after(n - 1, QUADRATIC, "1/10", **QUAD) for n in (1, 2, 3)},
    **{f"quad-step-{n}": lambda n=n: step(n, QUADRATIC, "1/10", **QUAD) for n in (1, 2, 3)},
    **{f"quad-x-{n}": lambda n=n: after(n, QUADRATIC, "1/10", **QUAD) for n in (1, 2, 3, 10, 20)},
    "house-loss": lambda: read(LOSS), "house-gradient": lambda: slope(LOSS, "w"), "house-price-per-m2": lambda: value("(100 + 200 + 300)/(50 + 100 + 150)"),
    **{f"house-grad-{n}": lambda n=n: slope_after(n - 1, LOSS, "1/100000", **HOUSE) for n in (1, 2, 3)},
    **{f"house-w-{n}": lambda n=n: after(n, LOSS, "1/100000", **HOUSE) for n in (1, 2, 3)},
    "house-limit": lambda: read(json_of("critical", LOSS)["points"][0]["point"]["w"]),
    **{f"alpha1-x-{n}": lambda n=n: after(n, "x^2", "1", **PARABOLA) for n in (1, 2, 3)},
    **{f"alpha001-x-{n}": lambda n=n: after(n, "x^2", "1/1000", **PARABOLA) for n in (1, 2, 3)},
    **{f"alpha001-g-{n}": lambda n=n: slope_after(n - 1, "x^2", "1/1000", **PARABOLA) for n in (1, 2, 3)},
    **{f"alpha01-x-{n}": lambda n=n: after(n, "x^2", "1/10", **PARABOLA) for n in (1, 2, 3, 20)},
    **{f"alpha01-g-{n}": lambda n=n: slope_after(n - 1, "x^2", "1/10", **PARABOLA) for n in (1, 2, 3)},
    "saddle-gradient": lambda: vector("x^2 - y^2", x="0", y="0"), "bowl-gradient": lambda: vector(BOWL),
    **{f"bowl-g-{n}": lambda n=n: slope_after(n - 1, BOWL, "1/10", **TWO) for n in (1, 2, 3)},
    **{f"bowl-x-{n}": lambda n=n: after(n, BOWL, "1/10", **TWO) for n in (1, 2, 3, 10, 20)}, "bowl-step-2": lambda: step(2, BOWL, "1/10", **TWO),
    "bowl-min": lambda: read("({x}, {y})".format(**json_of("critical", BOWL)["points"][0]["point"])), "speedometer": lambda: slope("80t", "t"),
}  # fmt: skip
LATER = {"alpha001-x-1000": "a thousand exact steps: the descent lab has the closed form"}


@pytest.mark.parametrize("name", [*ROWS, *LATER])
def test_a_number_of_the_curriculum(name: str) -> None:
    row = examples()[name]
    if name in LATER:
        assert by_samples(read(row["right"].replace("**", "^")), read("10*(1 - 2*0.001)^1000")).equal
        return
    right = row["right"]
    wanted = read(f"({', '.join(right)})" if isinstance(right, list) else right.replace("**", "^"))
    found = ROWS[name]()
    pairs = zip(found.children, wanted.children, strict=True) if isinstance(wanted, Listing) else [(found, wanted)]
    assert all(by_samples(one, other).equal for one, other in pairs), f"{found} is not {wanted}"
    wrong = row.get("published_wrongly_as")
    if isinstance(wrong, str) and (published := re.fullmatch(r"~? ?([+-]?[\d.,]+).*", wrong)):
        assert by_samples(found, read(published[1].replace(",", "").lstrip("+"))).equal is False


def test_no_number_is_left_out() -> None:
    assert set(examples()) == set(ROWS) | set(LATER)


COMMANDS = {
    1: 'limit "x^2"', 2: 'tangent "x^3 - x" --at x=2', 3: 'explain "80t"', 4: f'explain "B(t) = {BATTERY}"', 5: f'tangent "P(p) = {COFFEE}" --at p=2',
    6: 'critical "x^3"', 7: f'explain "{COOKIE}" --wrt T', 8: f'critical "{COOKIE}"', 9: f'gradient "{HILL}"', 10: f'gradient "{HILL}" --at x=3,y=1',
    11: 'backprop "x^2 - 4x + 5" --at x=0 --rate 0.1', 12: f'critical "{QUADRATIC}"', 13: f'backprop "{LOSS}" --at w=0 --rate 0.00001',
    14: 'hessian "x^2"', 16: 'explain "5t" --where "t=20 - 2T" --wrt T', 17: 'backprop "(y - sigmoid(w*x + b))^2" --at x=1,y=0,w=0.5,b=0 --wrt w,b',
    18: "backprop --preset softmax --inputs 2 --classes 3", 19: f'hessian "{BOWL}"', 24: 'critical "x^2 - y^2"', 25: "backprop --preset chain --layers 10",
    26: "backprop --preset chain --layers 10 --weight 5 --activation identity", 27: 'hessian "e^x"', 28: 'matrix "norm(X w - y)^2 + lambda*norm(w)^2" --wrt w',
}  # fmt: skip
OF_LATER_ISSUES = {15: "schedules", 20: "batches", 21: "optimisers", 22: "projections", 23: "several starts", 29: "constraints"}
"""Rows of the curriculum that are about runs of descent: the descent lab's."""


@pytest.mark.parametrize("row", COMMANDS)
def test_a_row_can_be_reached(row: int) -> None:
    import shlex

    assert "proved" in written(*shlex.split(COMMANDS[row])).splitlines()[-1]


def test_every_row_has_its_command() -> None:
    listed = {int(number) for number in re.findall(r"^\| (\d+) \|", shared("reference/curriculum.md").read_text(encoding="utf-8"), re.MULTILINE)}
    assert listed == COMMANDS.keys() | OF_LATER_ISSUES.keys()
