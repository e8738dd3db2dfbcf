"""The kind of answer that an expected answer shows by its shape, or that the author names.

>>> kind, key = from_expected(Asked(expected="(2, 3)"))
>>> type(kind).__name__, str(key), type(from_expected(Asked(expected="x > 2"))[0]).__name__
('Vector', '(2, 3)', 'RealSet')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from tutor.algebra.places import domain_of
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate_ball
from tutor.form.reading import read
from tutor.form.tree import ONE, ZERO, Form, Interval, Listing, Mul, Relation, Sym
from tutor.grading.asked import Asked
from tutor.grading.kinds.antiderivative import integrand_of
from tutor.grading.kinds.base import Kind, bare, is_scalar
from tutor.grading.kinds.choice import Choice
from tutor.grading.kinds.collection import EMPTY, Collection
from tutor.grading.kinds.entries import check_weights
from tutor.grading.kinds.equation import Equation
from tutor.grading.kinds.expression import Expression
from tutor.grading.kinds.interval import RealSet, region, spans
from tutor.grading.kinds.iterates import Iterates
from tutor.grading.kinds.matrix import Matrix
from tutor.grading.kinds.number import Number, infinite
from tutor.grading.kinds.unit import UNITS, Quantity, measured, quantity
from tutor.grading.kinds.vector import Vector
from tutor.grading.kinds.word import NO, YES, Word, boolean, folded

_NO_EQUATION = Relation((Sym("x"), Sym("y")), ("=",))


def from_expected(asked: Asked) -> tuple[Kind, Form | None]:
    """The kind that an expected answer shows or names, and the key as a form where there is one. Raises `ReadError` and `RequestError`."""
    expected = asked.expected
    if isinstance(expected, bool):
        return boolean(expected), None
    if isinstance(expected, int | float | Fraction):
        return _numeric(expected, asked)
    if not isinstance(expected, str | Form | Sequence):
        if hasattr(expected, "judge"):
            return expected, None  # type: ignore[return-value]
        raise RequestError("expected", f"a {type(expected).__name__} is no answer", advice="Give a text, a number, or a kind of answer.")
    name = asked.kind and ALIASES.get(asked.kind, asked.kind)
    if name is not None and name not in KINDS:
        raise RequestError("kind", f"no kind of answer is called {asked.kind!r}", advice=f"Use one of {', '.join(KINDS)}.")
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        expected, name = (" | " if name == "word" else ", ").join(map(str, expected)), name or "set"
    if name is None:
        return _guessed(expected, asked)
    return KINDS[name](expected, asked)


def _numeric(expected: float | Fraction, asked: Asked) -> tuple[Kind, Form]:
    if isinstance(expected, float) and not math.isfinite(expected):
        raise RequestError("expected", "the expected number is not finite", advice='Give "infinity" as a text.')
    key = read(str(expected) if isinstance(expected, int | Fraction) else f"{Decimal(repr(expected)):f}")
    return number_kind(key, asked), key


def _guessed(expected: str | Form, asked: Asked) -> tuple[Kind, Form | None]:
    """The kind that a key shows by its shape."""
    if isinstance(expected, str):
        if EMPTY.fullmatch(expected):
            return _set(expected, asked)
        if folded(expected) in (*YES[:2], *NO[:2]):
            return _boolean(expected, asked)
        text = expected
        try:
            expected = read(text, variables=asked.variables)
        except ReadError:
            found = _numbers(text, asked) if text.rstrip().endswith("%") else _unwritten(text, asked)
            if found is None:
                raise
            return found
        if isinstance(expected, Mul) and not is_scalar(expected) and (form := _union(text, asked)) is not None:  # (0, 1) U (2, 3)
            expected = Listing("set", tuple(span.form() for span in spans(form) or ()))
    match expected:
        case Relation(_, operators):
            return _interval(expected, asked) if operators != ("=",) and spans(expected) is not None else _equation(expected, asked)
        case Interval():
            return _interval(expected, asked)
        case Listing(_, items) if any(infinite(item) is not None for item in items):
            return _interval(expected, asked)
        case Listing("matrix", _):
            return _matrix(expected, asked)
        case Listing("set", items) if any(isinstance(item, Interval | Relation) for item in items):
            return _interval(expected, asked)
        case Listing("set", _):
            return _set(expected, asked)
        case Listing():
            return _vector(expected, asked)
    return _expression(expected, asked)


def _unwritten(text: str, asked: Asked) -> tuple[Kind, Form | None] | None:
    """The kind of a key that is no single expression: x < 1 or x > 3, a = 0 or b = 0, 5 €; None where it is none of these."""
    form = _union(text, asked)
    if form is not None:
        values = isinstance(form, Listing) and all(isinstance(item, Relation) and item.operators == ("=",) for item in form.items)
        return _set(text, asked) if values else (RealSet(form), form)
    try:
        equations = Equation(_NO_EQUATION, asked.conditions).understood(text, asked.variables).form
        return _equation(equations, asked) if isinstance(equations, Relation) else _unit(text, asked)
    except (ReadError, RequestError):
        pass
    try:
        return _unit(text, asked)
    except (ReadError, RequestError):
        return None


def _union(text: str, asked: Asked) -> Form | None:
    """A text such as x < 1 or x > 3, which is no single expression, as a set of numbers."""
    try:
        form = RealSet(ONE).understood(text, asked.variables).form
    except ReadError:
        return None
    return None if spans(form) is None or is_scalar(form) or len(form.free) > 1 else form


def _form(expected: str | Form, kind: Kind, asked: Asked) -> Form:
    """A key's text read as an answer of its kind is."""
    return kind.understood(expected, asked.variables).form if isinstance(expected, str) else expected


def _expression(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = domain_of(asked.conditions).read(asked.read(expected))
    return scalar_kind(key, asked), key


def scalar_kind(key: Form, asked: Asked) -> Kind:
    """An expression or a number, as the key has letters or not. Raises `RequestError`."""
    if not is_scalar(key):
        raise RequestError("expected", f"{key} is not one expression", advice="Name its kind, such as kind=\"vector\".")
    if key.free or domain_of(asked.conditions).is_complex:
        return Expression(key, asked.conditions, None, asked.same_domain, *asked.closeness)
    return number_kind(key, asked)


def number_kind(key: Form, asked: Asked) -> Number:
    """A number that is expected, with the call's tolerances. Raises `RequestError`."""
    if key.free:
        raise RequestError("expected", f"{key} is no number: it has letters", advice='Use kind="expression".')
    if not is_scalar(key) or (infinite(key) is None and not evaluate_ball(key, {}).is_finite()):
        raise RequestError("expected", f"{key} has no value among the real numbers", advice="Give a number, or an expression.")
    for name, least in (("significant_figures", 1), ("decimal_places", 0)):
        count = getattr(asked, name)
        if count is not None and (not isinstance(count, int) or not least <= count <= 30):
            raise RequestError(name, f"{name} is a whole number from {least} to 30, not {count!r}")
    return Number(key, *asked.closeness, asked.significant_figures, asked.decimal_places, None, asked.conditions)


def _numbers(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Number(ZERO), asked)
    return number_kind(bare(key), asked), key


def _unit(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = quantity(expected, asked.variables) if isinstance(expected, str) else expected
    found = measured(key) if is_scalar(key) and key.free <= UNITS.keys() else None
    if found is None:
        raise RequestError("expected", f"{key} is no number with a unit that is known here", advice=f"Units: {', '.join(UNITS)}.")
    number_kind(found.value, asked)
    return Quantity(key, *asked.closeness, asked.significant_figures, asked.decimal_places), key


def _vector(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Vector(()), asked)
    value = key.operands[1] if isinstance(key, Relation) and len(key.operands) == 2 else key
    if not isinstance(value, Listing) or value.kind not in ("tuple", "list"):
        raise RequestError("expected", f"{key} is no vector", advice="Write one as (1, 2).")
    letters = asked.letters or ()
    kinds = tuple(scalar_kind(item, asked) for item in value.items)
    return Vector(kinds, letters if len(letters) == len(kinds) else (), check_weights(asked.weights, len(kinds))), value


def _matrix(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Matrix(((),)), asked)
    rows = key.items if isinstance(key, Listing) else ()
    cells = [row.children for row in rows if isinstance(row, Listing)]
    if not rows or len(cells) < len(rows) or len({len(row) for row in cells}) != 1:
        raise RequestError("expected", f"{key} is no matrix", advice="Write one as [[1, 2], [3, 4]].")
    kinds = tuple(tuple(scalar_kind(cell, asked) for cell in row) for row in cells)
    return Matrix(kinds, check_weights(asked.weights, sum(map(len, cells)))), key


def _set(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Collection(()), asked)
    items = key.items if isinstance(key, Listing) and (key.kind in ("set", "matrix") or asked.kind is not None) else (key,)
    return Collection(tuple(_item(bare(item), asked) for item in items)), key


def _item(form: Form, asked: Asked) -> Kind:
    """A value, or a point."""
    return Vector(tuple(scalar_kind(cell, asked) for cell in form.items)) if isinstance(form, Listing) else scalar_kind(form, asked)


def _points(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    """A set of points, where a single one needs no braces."""
    key = _form(expected, Collection(()), asked)
    single = isinstance(key, Listing) and key.kind in ("tuple", "list") and not any(isinstance(item, Listing) for item in key.items)
    return _set(Listing("set", (key,)) if single else key, asked)


def _equation(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = asked.read(expected)
    if not isinstance(key, Relation) or len(key.operators) != 1 or not all(map(is_scalar, key.operands)):
        raise RequestError("expected", f"{key} is no equation with two sides", advice="Write one as y = 2x + 1.")
    return Equation(key, asked.conditions), key


def _interval(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, RealSet(ONE), asked)
    if spans(key) is None and isinstance(key, Relation) and len(key.operators) == 1:
        key = region(key) or key
    if spans(key) is None:
        raise RequestError("expected", f"{key} is no interval, and no inequality that is solved here", advice="Write one as (2, 5], x > 2, or x < 1 or x > 3.")
    return RealSet(key), key


def _choice(expected: str | Form, asked: Asked) -> tuple[Kind, None]:
    options = tuple(map(str, asked.options))
    whole = str(expected).strip()
    right = (whole,) if folded(whole) in map(folded, options) else tuple(part.strip() for part in whole.split(",") if part.strip())
    strange = [one for one in right if options and folded(one) not in map(folded, options)]
    if not right or strange:
        raise RequestError("expected", f"{strange[0] if strange else 'nothing'} is none of the options", advice="Name an option, or several between commas.")
    return Choice(right, options, asked.kind == "choices" or len(right) > 1), None


def _word(expected: str | Form, asked: Asked) -> tuple[Kind, None]:
    accepted = tuple(part.strip() for part in str(expected).split("|") if folded(part))
    if not accepted:
        raise RequestError("expected", "the expected word is empty", advice='Give a word, or several spellings as "saddle point | saddle".')
    known = set(map(folded, accepted))
    return Word(accepted, tuple(option for option in map(str, asked.options) if folded(option) not in known)), None


def _boolean(expected: str | Form, _: Asked) -> tuple[Kind, None]:
    word = folded(str(expected))
    if word not in (*YES, *NO):
        raise RequestError("expected", f"{expected!s} is neither yes nor no", advice="Give true or false.")
    return boolean(word in YES), None


def _iterates(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Iterates((ZERO, ZERO)), asked)
    cells = tuple(map(bare, key.items)) if isinstance(key, Listing) else (key,)
    step = None if asked.step is None else asked.read(asked.step)
    for cell in cells:
        _item(cell, asked)
        if cell.free:
            raise RequestError("expected", f"the cell {cell} is no number", advice="Give every cell a number, or a point such as (1, 2).")
    given = frozenset(asked.given)
    if not all(0 <= place < len(cells) for place in given) or len(given) == len(cells):
        raise RequestError("given", "the cells that are given do not fit the table", advice=f"Count them from 0 to {len(cells) - 1}, and leave a blank.")
    letters = asked.letters or tuple(sorted(step.free) if step is not None else "x")
    weights = check_weights(asked.weights, len(cells) - len(given))
    return Iterates(cells, step, letters, given, *asked.closeness, asked.significant_figures, asked.decimal_places, weights), key


def _antiderivative(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = asked.read(expected)
    return integrand_of(bare(key), one_variable(asked, bare(key)), asked.conditions, asked.constant), key


KINDS: dict[str, Callable[[str | Form, Asked], tuple[Kind, Form | None]]] = {
    "expression": _expression, "number": _numbers, "unit": _unit, "vector": _vector, "matrix": _matrix, "set": _set, "points": _points,
    "equation": _equation, "interval": _interval, "choice": _choice, "iterates": _iterates, "antiderivative": _antiderivative,
    "word": _word, "boolean": _boolean,
}  # fmt: skip
"""The kinds by the names that an author uses."""
ALIASES = {"gradient": "vector", "hessian": "matrix", "inequality": "equation", "values": "set", "choices": "choice", "quantity": "unit"}


def one_variable(asked: Asked, function: Form) -> str:
    """The variable of integration. Raises `RequestError` where it is not clear."""
    if isinstance(asked.wrt, str):
        return asked.wrt
    names = sorted(function.free)
    if asked.wrt is not None or len(names) > 1:
        raise RequestError("variable", "one variable of integration is needed", advice='Name it, such as wrt="x".')
    return names[0] if names else "x"


__all__ = ["ALIASES", "KINDS", "from_expected", "number_kind", "one_variable", "scalar_kind"]
