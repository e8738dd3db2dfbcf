"""From the words of a call to a kind with its key: what is expected, how close, in which form.

>>> select(Asked(expected="(2, 3)")).judge(read("(2, 3)")).outcome, type(select(Asked(expected="x > 2"))).__name__
('right', 'RealSet')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tutor.calculus.differentiate import differentiate
from tutor.calculus.gradient import gradient
from tutor.calculus.points import read_point, value_at
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate_ball, holds
from tutor.form.reading import Reading, read
from tutor.form.tree import ONE, ZERO, Form, Interval, Listing, Relation
from tutor.form.walk import substitute
from tutor.grading.forms import CREDIT, Requirement, lacking, requirements
from tutor.grading.formulas import FORMULAS, Task, formula_findings
from tutor.grading.kinds.antiderivative import Antiderivative, integrand_of
from tutor.grading.kinds.base import Judgement, Kind, Names, Samples, bare, graded, is_scalar
from tutor.grading.kinds.choice import Choice
from tutor.grading.kinds.collection import EMPTY, Collection
from tutor.grading.kinds.entries import check_weights
from tutor.grading.kinds.equation import Equation
from tutor.grading.kinds.expression import Expression
from tutor.grading.kinds.interval import RealSet, spans
from tutor.grading.kinds.iterates import Iterates
from tutor.grading.kinds.matrix import Matrix
from tutor.grading.kinds.number import Number, infinite
from tutor.grading.kinds.pieces import cut
from tutor.grading.kinds.unit import UNITS, Quantity, measured, quantity
from tutor.grading.kinds.vector import Vector
from tutor.grading.kinds.word import NO, YES, Word, boolean, folded
from tutor.grading.mistakes import value_findings
from tutor.grading.verdict import Finding

Expected = str | Form | Kind | bool | int | float | Fraction | Sequence[str]


@dataclass(frozen=True)
class Asked:
    """The parameters of `check`; see there."""

    expected: Expected | None = None
    derivative_of: str | Form | None = None
    gradient_of: str | Form | None = None
    hessian_of: str | Form | None = None
    antiderivative_of: str | Form | None = None
    wrt: str | Sequence[str] | None = None
    order: int = 1
    at: str | Mapping[str, object] | None = None
    variables: Names = frozenset()
    domain: str | Iterable[str] = ()
    same_domain: bool = False
    kind: str | None = None
    form: str | Sequence[str] | None = None
    form_credit: float = CREDIT
    tolerance: float | str | None = None
    relative_tolerance: float | str | None = None
    significant_figures: int | None = None
    decimal_places: int | None = None
    weights: Sequence[float] = ()
    options: Sequence[str] = ()
    step: str | Form | None = None
    given: Sequence[int] = ()
    constant: bool = False
    formula: str | None = None
    values: str | Mapping[str, object] | None = None
    function: str | Form | None = None


@dataclass(frozen=True, slots=True)
class Shaped:
    """Another kind whose answer has to be written in a form as well."""

    kind: Kind
    wanted: tuple[Requirement, ...]
    credit: float = CREDIT
    named: bool = True

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As the kind reads. Raises `ReadError`."""
        return self.kind.understood(text, names)

    def judge(self, answer: Form) -> Judgement:
        """As the kind judges; a right answer that is not in the form is right in part."""
        found = self.kind.judge(answer)
        lacks = self._lacks(answer) if found.outcome == "right" else []
        if not lacks:
            return found
        if self.credit == 1:
            return replace(found, remarks=(*found.remarks, *lacks))
        return replace(found, outcome=graded(self.credit), score=self.credit, findings=tuple(lacks))

    def _lacks(self, answer: Form) -> list[Finding]:
        value = bare(answer) if self.named else answer
        return [lack for wanted in self.wanted if (lack := lacking(wanted, value)) is not None]

    def samples(self) -> Samples:
        """Those of the kind; right ones that are not in the form are right in part."""
        found = self.kind.samples()
        right = tuple(text for text in found.right if not self._lacks(self.understood(text).form))
        return Samples(right, (*found.wrong, *(text for text in found.right if text not in right)), found.unreadable)


def select(asked: Asked) -> Kind:
    """The kind of answer that a call asks for. Raises `ReadError` or `RequestError` for a call that makes no sense."""
    sources = (asked.expected, asked.derivative_of, asked.gradient_of, asked.hessian_of, asked.antiderivative_of, asked.formula)
    if sum(source is not None for source in sources) != 1:
        raise RequestError("expected", "say what is expected, in one way", advice="Give expected=..., derivative_of=..., or gradient_of=....")
    if not 0 <= asked.form_credit <= 1:
        raise RequestError("form", f"the credit for another form is a number from 0 to 1, not {asked.form_credit}")
    kind, key = _kind(asked)
    wanted = requirements(asked.form, key if key is not None else ONE)
    return Shaped(kind, wanted, float(asked.form_credit), not isinstance(kind, Equation)) if wanted else kind


def _kind(asked: Asked) -> tuple[Kind, Form | None]:
    """The kind, and the key as a form where there is one."""
    if asked.derivative_of is not None:
        return _derivative(asked)
    if asked.gradient_of is not None:
        return _gradient(asked)
    if asked.hessian_of is not None:
        return _hessian(asked)
    if asked.formula is not None:
        return _computed(asked)
    if asked.antiderivative_of is not None:
        function = _function(asked.antiderivative_of, asked)
        return Antiderivative(function, _variable(asked, function), asked.constant, _conditions(asked)), function
    return _expected(asked)


# -- from a question ---------------------------------------------------------------------------------


def _function(source: str | Form, asked: Asked) -> Form:
    return read(source, variables=asked.variables) if isinstance(source, str) else source


def _variable(asked: Asked, function: Form) -> str:
    if isinstance(asked.wrt, str):
        return asked.wrt
    names = sorted(function.free)
    if asked.wrt is not None or len(names) > 1:
        raise RequestError("variable", "one variable of integration is needed", advice='Name it, such as wrt="x".')
    return names[0] if names else "x"


def _derivative(asked: Asked) -> tuple[Kind, Form]:
    derivation = differentiate(_function(asked.derivative_of, asked), asked.wrt, asked.order)  # type: ignore[arg-type]
    conditions = (*derivation.conditions, *_conditions(asked))
    if asked.at is None:
        return Expression(derivation.value, conditions, derivation, asked.same_domain, *_closeness(asked)), derivation.value
    value, point = _value(derivation.value, asked, "the derivative", derivation.conditions), read_point(asked.at)
    return _explained(_number(value, asked), lambda given: value_findings(derivation, point, given, value)), value


def _explained(kind: Kind, explain: Callable[[Form], tuple[Finding, ...]]) -> Kind:
    """A number that can tell how a wrong one may have come about."""
    return replace(kind, explain=explain) if isinstance(kind, Number) else kind


def _value(form: Form, asked: Asked, what: str, conditions: Iterable[Form] = ()) -> Form:
    point = read_point(asked.at or {})
    value = value_at(form, point).exact
    known = [substitute(condition, dict(point)) for condition in conditions]
    if value is None or any(holds(condition, {}) is False for condition in known if not condition.free):
        raise RequestError("point", f"{what} has no value at this point", advice="Choose a point inside the domain.")
    return value


def _gradient(asked: Asked) -> tuple[Kind, Form]:
    names = (asked.wrt,) if isinstance(asked.wrt, str) else asked.wrt
    found = gradient(_function(asked.gradient_of, asked), names)  # type: ignore[arg-type]
    more, close = _conditions(asked), _closeness(asked)
    if asked.at is None:
        kinds: tuple[Kind, ...] = tuple(
            Expression(one.value, (*one.conditions, *more), one, asked.same_domain, *close) if one.value.free else _number(one.value, asked)
            for one in found.partials
        )  # fmt: skip
        key: Form = found.vector
    else:
        point = read_point(asked.at)
        values = tuple(_value(one.value, asked, "the gradient", one.conditions) for one in found.partials)
        kinds = tuple(
            _explained(_number(value, asked), lambda given, one=one, value=value: value_findings(one, point, given, value))  # type: ignore[misc]
            for one, value in zip(found.partials, values, strict=True)
        )
        key = Listing("tuple", values)
    return Vector(kinds, found.variables, check_weights(asked.weights, len(kinds))), key


def _computed(asked: Asked) -> tuple[Kind, Form]:
    """The results of a computation by hand, with the mistakes that learners make in it."""
    if asked.formula not in FORMULAS:
        raise RequestError("formula", f"there is no formula {asked.formula!r}", advice=f"Choose one of {', '.join(FORMULAS)}.")
    formula, task = FORMULAS[asked.formula], Task(read_point(asked.values or {}), _slopes(asked))
    right = formula.result(task)

    def explain(place: int) -> Callable[[Form], tuple[Finding, ...]]:
        return lambda given: formula_findings(formula, task, place, given)

    kinds = tuple(_explained(_number(value, asked), explain(k)) for k, value in enumerate(right))
    if len(kinds) == 1:
        return kinds[0], right[0]
    return Vector(kinds, formula.results, check_weights(asked.weights, len(kinds))), Listing("tuple", right)


def _slopes(asked: Asked) -> dict[str, tuple[tuple[str, ...], Form]]:
    """f with its derivatives: of one letter g = f′ and h = f″, of two g and h the partial derivatives."""
    if asked.function is None:
        return {}
    form = _function(asked.function, asked)
    letters = gradient(form).variables
    if len(letters) > 2:
        raise RequestError("formula", f"the function has {len(letters)} letters, and such a computation has one or two")
    orders = ((letters[0],), letters * 2) if len(letters) == 1 else ((letters[0],), (letters[1],))
    g, h = (differentiate(form, order).value for order in orders)
    return {"f": (letters, form), "g": (letters, g), "h": (letters, h)}


def _hessian(asked: Asked) -> tuple[Kind, Form]:
    function = _function(asked.hessian_of, asked)  # type: ignore[arg-type]
    names = gradient(function, (asked.wrt,) if isinstance(asked.wrt, str) else asked.wrt).variables
    rows = []
    for one in names:
        found = [differentiate(function, (one, other)) for other in names]
        rows.append(tuple(each.value if asked.at is None else _value(each.value, asked, "the Hessian", each.conditions) for each in found))
    kinds = tuple(tuple(_scalar(value, asked) for value in row) for row in rows)
    return Matrix(kinds, check_weights(asked.weights, len(names) ** 2)), Listing("matrix", tuple(Listing("list", row) for row in rows))


# -- from an answer ----------------------------------------------------------------------------------


def _expected(asked: Asked) -> tuple[Kind, Form | None]:
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
        expected = (" | " if name == "word" else ", ").join(map(str, expected))
        asked = replace(asked, expected=expected)
        name = name or "set"
    if name is None:
        return _guessed(expected, asked)
    return KINDS[name](expected, asked)


def _numeric(expected: float | Fraction, asked: Asked) -> tuple[Kind, Form]:
    if isinstance(expected, float) and not math.isfinite(expected):
        raise RequestError("expected", "the expected number is not finite", advice='Give "infinity" as a text.')
    key = read(str(expected) if isinstance(expected, int | Fraction) else f"{Decimal(repr(expected)):f}")
    return _number(key, asked), key


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
            if text.rstrip().endswith("%"):
                return _numbers(text, asked)
            form = _union(text, asked)
            if form is None:
                raise
            return RealSet(form), form
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


def _union(text: str, asked: Asked) -> Form | None:
    """A text such as x < 1 or x > 3, which is no single expression, as a set of numbers."""
    try:
        form = RealSet(ONE).understood(text, asked.variables).form
    except ReadError:
        return None
    return None if spans(form) is None or is_scalar(form) else form


def _form(expected: str | Form, kind: Kind, asked: Asked) -> Form:
    """A key's text read as an answer of its kind is."""
    return kind.understood(expected, asked.variables).form if isinstance(expected, str) else expected


def _expression(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = read(expected, variables=asked.variables) if isinstance(expected, str) else expected
    return _scalar(key, asked), key


def _scalar(key: Form, asked: Asked) -> Kind:
    if not is_scalar(key):
        raise RequestError("expected", f"{key} is not one expression", advice="Name its kind, such as kind=\"vector\".")
    if key.free:
        return Expression(key, _conditions(asked), None, asked.same_domain, *_closeness(asked))
    return _number(key, asked)


def _number(key: Form, asked: Asked) -> Number:
    if key.free:
        raise RequestError("expected", f"{key} is no number: it has letters", advice='Use kind="expression".')
    if not is_scalar(key) or (infinite(key) is None and not evaluate_ball(key, {}).is_finite()):
        raise RequestError("expected", f"{key} has no value among the real numbers", advice="Give a number, or an expression.")
    for name, least in (("significant_figures", 1), ("decimal_places", 0)):
        count = getattr(asked, name)
        if count is not None and (not isinstance(count, int) or not least <= count <= 30):
            raise RequestError(name, f"{name} is a whole number from {least} to 30, not {count!r}")
    return Number(key, *_closeness(asked), asked.significant_figures, asked.decimal_places)


def _numbers(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Number(ZERO), asked)
    return _number(bare(key), asked), key


def _unit(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = quantity(expected, asked.variables) if isinstance(expected, str) else expected
    found = measured(key) if is_scalar(key) and key.free <= UNITS.keys() else None
    if found is None:
        raise RequestError("expected", f"{key} is no number with a unit that is known here", advice=f"Units: {', '.join(UNITS)}.")
    _number(found.value, asked)
    return Quantity(key, *_closeness(asked), asked.significant_figures, asked.decimal_places), key


def _vector(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Vector(()), asked)
    value = key.operands[1] if isinstance(key, Relation) and len(key.operands) == 2 else key
    if not isinstance(value, Listing) or value.kind not in ("tuple", "list"):
        raise RequestError("expected", f"{key} is no vector", advice="Write one as (1, 2).")
    letters = (asked.wrt,) if isinstance(asked.wrt, str) else tuple(asked.wrt or ())
    kinds = tuple(_scalar(item, asked) for item in value.items)
    return Vector(kinds, letters if len(letters) == len(kinds) else (), check_weights(asked.weights, len(kinds))), value


def _matrix(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Matrix(((),)), asked)
    rows = key.items if isinstance(key, Listing) else ()
    cells = [row.children for row in rows if isinstance(row, Listing)]
    if not rows or len(cells) < len(rows) or len({len(row) for row in cells}) != 1:
        raise RequestError("expected", f"{key} is no matrix", advice="Write one as [[1, 2], [3, 4]].")
    kinds = tuple(tuple(_scalar(cell, asked) for cell in row) for row in cells)
    return Matrix(kinds, check_weights(asked.weights, sum(map(len, cells)))), key


def _set(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, Collection(()), asked)
    items = key.items if isinstance(key, Listing) and (key.kind in ("set", "matrix") or asked.kind is not None) else (key,)
    return Collection(tuple(_item(bare(item), asked) for item in items)), key


def _item(form: Form, asked: Asked) -> Kind:
    """A value, or a point."""
    return Vector(tuple(_scalar(cell, asked) for cell in form.items)) if isinstance(form, Listing) else _scalar(form, asked)


def _points(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    """A set of points, where a single one needs no braces."""
    key = _form(expected, Collection(()), asked)
    single = isinstance(key, Listing) and key.kind in ("tuple", "list") and not any(isinstance(item, Listing) for item in key.items)
    return _set(Listing("set", (key,)) if single else key, asked)


def _equation(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = read(expected, variables=asked.variables) if isinstance(expected, str) else expected
    if not isinstance(key, Relation) or len(key.operators) != 1 or not all(map(is_scalar, key.operands)):
        raise RequestError("expected", f"{key} is no equation with two sides", advice="Write one as y = 2x + 1.")
    return Equation(key, _conditions(asked)), key


def _interval(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = _form(expected, RealSet(ONE), asked)
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
    step = read(asked.step, variables=asked.variables) if isinstance(asked.step, str) else asked.step
    for cell in cells:
        _item(cell, asked)
        if cell.free:
            raise RequestError("expected", f"the cell {cell} is no number", advice="Give every cell a number, or a point such as (1, 2).")
    given = frozenset(asked.given)
    if not all(0 <= place < len(cells) for place in given) or len(given) == len(cells):
        raise RequestError("given", "the cells that are given do not fit the table", advice=f"Count them from 0 to {len(cells) - 1}, and leave a blank.")
    letters = (asked.wrt,) if isinstance(asked.wrt, str) else tuple(asked.wrt or (sorted(step.free) if step is not None else ("x",)))
    weights = check_weights(asked.weights, len(cells) - len(given))
    return Iterates(cells, step, letters, given, *_closeness(asked), asked.significant_figures, asked.decimal_places, weights), key


def _antiderivative(expected: str | Form, asked: Asked) -> tuple[Kind, Form]:
    key = read(expected, variables=asked.variables) if isinstance(expected, str) else expected
    return integrand_of(bare(key), _variable(asked, bare(key)), _conditions(asked), asked.constant), key


KINDS: dict[str, Callable[[str | Form, Asked], tuple[Kind, Form | None]]] = {
    "expression": _expression, "number": _numbers, "unit": _unit, "vector": _vector, "matrix": _matrix, "set": _set, "points": _points,
    "equation": _equation, "interval": _interval, "choice": _choice, "iterates": _iterates, "antiderivative": _antiderivative,
    "word": _word, "boolean": _boolean,
}  # fmt: skip
"""The kinds by the names that an author uses."""
ALIASES = {"gradient": "vector", "hessian": "matrix", "inequality": "equation", "values": "set", "choices": "choice", "quantity": "unit"}


# -- tolerances and conditions -----------------------------------------------------------------------


def _conditions(asked: Asked) -> tuple[Form, ...]:
    """The conditions of the domain: one text with commas, or several."""
    texts = [piece for piece, _ in cut(asked.domain, r"[,;]|\band\b")] if isinstance(asked.domain, str) else asked.domain
    found = tuple(read(text, variables=asked.variables) for text in texts)
    for form in found:
        if not isinstance(form, Relation):
            raise RequestError("domain", f"{form} is no condition", advice='Write conditions as "x > 0, y != 2".')
    return found


def _closeness(asked: Asked) -> tuple[Fraction | None, Fraction | None]:
    """The absolute and the relative tolerance: 0.01, or "1%" which is relative.

    >>> _closeness(Asked(tolerance=0.01)), _closeness(Asked(tolerance="1%"))
    ((Fraction(1, 100), None), (None, Fraction(1, 100)))
    """
    absolute, relative = asked.tolerance, asked.relative_tolerance
    if isinstance(absolute, str) and absolute.strip().endswith("%"):
        absolute, relative = None, absolute
    return _tolerance(absolute), _tolerance(relative)


def _tolerance(value: float | str | None) -> Fraction | None:
    if value is None:
        return None
    text = str(value).strip()
    try:
        found = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0 or isinstance(value, bool):
        raise RequestError("tolerance", f"the tolerance is a number that is not negative, not {value!r}", advice='Give 0.01, or "1%" for a relative one.')
    return found
