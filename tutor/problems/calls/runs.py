"""Computations as answers: iterates of descent and its relatives, formulas by hand, backward passes, losses over data, lengths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from tutor.algebra.neat import neat
from tutor.calculus.differentiate import Derivation
from tutor.calculus.graph.backprop import backprop
from tutor.calculus.points import value_at
from tutor.descent.fit import fit
from tutor.descent.losses import LOSSES
from tutor.descent.method import METHODS
from tutor.descent.run import descend
from tutor.descent.trace import Trace
from tutor.errors import RequestError
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import TWO, ZERO, Add, Apply, Deriv, Form, Listing, Mul, Neg, Pow, Relation, Root, Sym, total
from tutor.form.walk import rewritten, substitute
from tutor.grading.asked import Asked
from tutor.grading.formulas import FORMULAS, Task
from tutor.grading.question import Question as Graded
from tutor.problems.calls.base import Answer, Call, by_number, count, pair, settings, whole
from tutor.problems.calls.slopes import derivative, partials
from tutor.problems.scope import Function, Scope, derived, exact_value

MOST_STEPS = 20
_PLACES = 6
_ORDERS = {"f": 0, "g": 1, "h": 2}
"""Which derivative a letter of a formula is."""


def _iterates(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """iterates(f, 0, 0.1, 3): steps of gradient descent; iterates(f, (4, 3), 0.1, 3, momentum, mu = 0.9) of another method."""
    plain, named = settings(args)
    count("iterates", plain, 4, 5, where)
    function = scope.function(plain[0])
    trace = _run(scope, function, plain, named)
    cells = [pair(row) for row in _rows(trace, function.letters)]
    key = cells[0] if len(cells) == 1 else Listing("list", tuple(cells))
    loose: dict[str, Any] = {} if _is_exact(trace) else {"relative_tolerance": "0.1%"}
    if len(cells) == 1:
        return Answer(key, Asked(expected=key, **loose), lambda: (trace,))
    step = _step(function, scope.number(plain[2])) if len(plain) == 4 and not named else None
    asked = Asked(expected="; ".join(map(str, cells)), kind="iterates", step=step, wrt=function.letters, **loose)
    return Answer(key, asked, lambda: (trace,))


def _run(scope: Scope, function: Function, plain: Sequence[Form], named: Mapping[str, Form]) -> Trace:
    start = scope.place(plain[1], function.letters) or {}
    steps = whole(scope, plain[3], "the number of steps", 1, MOST_STEPS)
    name = plain[4].name if len(plain) > 4 and isinstance(plain[4], Sym) else "gd"
    if name not in METHODS["torch"]:
        raise RequestError("method", f"there is no method {name}", advice=f"Choose one of {', '.join(METHODS['torch'])}.")
    chosen = {letter: str(scope.number(value)) for letter, value in named.items()}
    options: dict[str, Any] = {key: chosen.pop(key) for key in ("clip_norm", "clip_value", "weight_decay") if key in chosen}
    place = {letter: start[letter] for letter in function.letters}
    return descend(function.body, start=place, rate=scope.number(plain[2]), steps=steps, method=name, settings=chosen, **options)


def _is_exact(trace: Trace) -> bool:
    try:
        trace.exact()
    except RequestError:
        return False
    return True


def _rows(trace: Trace, wanted: Sequence[str]) -> list[tuple[Form, ...]]:
    """The steps in exact numbers, as decimals where those are short; rounded where they are no fractions. The letters come as the function has them."""
    try:
        found = [tuple(number(part, decimal=True) for part in row) for row in trace.exact()[1:]]
    except RequestError:
        found = [tuple(number(Fraction(f"{part:.{_PLACES}f}"), decimal=True) for part in row) for row in trace.points[1:].tolist()]
    if len(found) < trace.steps or not found:
        raise RequestError("iterates", "the run ends before its last step")
    places = [trace.letters.index(letter) for letter in wanted]
    return [tuple(row[place] for place in places) for row in found]


def _step(function: Function, rate: Form) -> Form:
    """The next value as a formula: x − α f′(x)."""
    return pair([Add((Sym(one.variable), Neg(Mul((rate, one.value))))) for one in partials(function)])


def _formula(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """formula(momentum, f, x0 = 1, a = 0.1, m = 0.9): a computation of `tutor.grading.formulas`, with the mistakes that belong to it."""
    plain, named = settings(args)
    count("formula", plain, 1, 2, where)
    numbers = {letter: scope.number(value) for letter, value in named.items()}
    function = scope.function(plain[1]) if len(plain) == 2 else None
    name = _formula_named(plain[0].name if isinstance(plain[0], Sym) else str(plain[0]), function)
    slopes, found = _slopes(function)
    task = Task(numbers, slopes)
    results = FORMULAS[name].result(task)
    asked = Asked(formula=name, values=numbers, function=None if function is None else function.body)
    return Answer(pair(results), asked, lambda: found, lines=_by_hand(name, numbers, slopes, plain[1].name if len(plain) == 2 and isinstance(plain[1], Sym) else ""))


def _formula_named(name: str, function: Function | None) -> str:
    """A name of `FORMULAS`: descent of a function of two letters is descent_in_two_letters, and the first word will do: clip for clip_by_norm. Raises `RequestError`."""
    if function is not None and len(function.letters) == 2 and f"{name}_in_two_letters" in FORMULAS:
        return f"{name}_in_two_letters"
    found = [name] if name in FORMULAS else [one for one in FORMULAS if one.startswith(f"{name}_")]
    if len(found) != 1:
        raise RequestError("formula", f"there is no formula {name!r}", advice=f"Choose one of {', '.join(FORMULAS)}.")
    return found[0]


def _by_hand(name: str, numbers: Mapping[str, Form], functions: Mapping[str, tuple[tuple[str, ...], Form]], story: str) -> tuple[Relation, ...]:
    """The lines of the computation as a story writes them, each with the numbers put in and its value: x_1 = x_0 - alpha*f'(x_0) = 0 - 0.1*(-4) = 0.4."""
    values = dict(numbers)
    letters = functions["f"][0] if functions else ()
    called = _spelled(name, letters)
    lines = []
    for result, text in FORMULAS[name].lines.items():
        scope = Scope(values, {letter: Function(*one) for letter, one in functions.items()})
        form = _without_safety(name, _line(text), numbers)
        values[result] = scope.number(form)
        spoken = rewritten(form, lambda node: _slope_named(node, story, letters))
        sides = dict.fromkeys((called(Sym(result)), called(spoken), _counted(scope, form), values[result]))
        lines.append(Relation(tuple(sides), ("=",) * (len(sides) - 1)))
    return tuple(lines)


def _without_safety(name: str, form: Form, numbers: Mapping[str, Form]) -> Form:
    """The line without the small number that only keeps a root away from zero, where it is 0."""
    if name.startswith(("rmsprop", "adagrad")) and numbers.get("c") is ZERO:
        return neat(substitute(form, {"c": ZERO}))
    return form


@cache
def _line(text: str) -> Form:
    return read(text, functions=tuple(_ORDERS))


def _counted(scope: Scope, form: Form) -> Form:
    """The line with its numbers put in; a slope in it is a number."""
    return scope.with_numbers(rewritten(form, lambda node: scope.number(node) if isinstance(node, Apply) and node.name in scope.functions else node))


def _slope_named(node: Form, story: str, letters: Sequence[str]) -> Form:
    """g(x_0) as f'(x_0), and of two letters as the partial derivative, with the name that the story gives the function."""
    if not isinstance(node, Apply) or node.name not in _ORDERS:
        return node
    if len(letters) == 1:
        return Apply(story or "f", node.args, (_ORDERS[node.name],))
    return Deriv(Sym(story or "f"), letters[_ORDERS[node.name] - 1], 1, True) if _ORDERS[node.name] else node


def _spelled(name: str, letters: Sequence[str]) -> Callable[[Form], Form]:
    """The letters of a formula as people write them: alpha, mu, and w_1 for x_1 where the function's letter is w."""
    named = {"a": "alpha"} | ({"m": "mu"} if "m" in FORMULAS[name].letters else {}) | ({"b": "beta_1", "c": "beta_2"} if name.startswith("adam") else {})
    for plain, letter in zip("xy", letters, strict=False):
        named |= {f"{plain}_{k}": f"{letter}_{k}" for k in range(3)}
    return lambda form: substitute(form, {old: Sym(new) for old, new in named.items()})


def _slopes(function: Function | None) -> tuple[dict[str, tuple[tuple[str, ...], Form]], tuple[Derivation, ...]]:
    """f, g and h as the formulas name them: of one letter the derivatives, of two the partial derivatives."""
    if function is None:
        return {}, ()
    letters = tuple(sorted(function.letters))
    if len(letters) > 2:
        raise RequestError("formula", f"the function has {len(letters)} letters, and such a computation has one or two")
    first = derived(function.body, letters[0])
    second = derived(function.body, letters[0], 2) if len(letters) == 1 else derived(function.body, letters[1])
    named = {"f": (letters, function.body), "g": (letters, first.value), "h": (letters, second.value)}
    return named, (first,) if len(letters) == 1 else (first, second)


def _backprop(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """backprop((y - sigmoid(w*x + b))^2, w, b, x = 1, y = 0, w = 0.5, b = 0): derivatives at a point, by a backward pass."""
    plain, named = settings(args)
    count("backprop", plain, 2, 6, where)
    form = scope.function(plain[0]).body
    letters = tuple(arg.name for arg in plain[1:] if isinstance(arg, Sym))
    point = {letter: scope.number(value) for letter, value in named.items()}
    if len(letters) < len(plain) - 1 or form.free != point.keys():
        raise RequestError("arguments", "backprop wants an expression, the letters to differentiate by, and a number for every letter")
    named_form = Relation((plain[0], form), ("=",)) if isinstance(plain[0], Sym) and plain[0].name in scope.functions else form
    made = lambda: (backprop(named_form, point, letters),)  # noqa: E731
    if len(letters) == 1:
        found = derivative(scope, Function(tuple(sorted(form.free)), form), letters[0], 1, point)
        return Answer(found.key, found.asked, made, about=found.about)
    slopes = tuple(derived(form, letter) for letter in letters)
    parts = [_value(one.value, point) for one in slopes]
    about = Graded(Listing("tuple", tuple(one.value for one in slopes)), form, slopes, letters=letters, point=point)
    return Answer(pair(parts), Asked(gradient_of=form, wrt=letters, at=point), made, about=about)


def _value(form: Form, point: Mapping[str, Form]) -> Form:
    found = value_at(form, point).exact
    if found is None:
        raise RequestError("value", f"{form} has no value there")
    return found


def _loss(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """loss(w*x, x = (1, 2), y = (3, 5)) or loss(w*size, price, houses): the mean loss of a model over data, the squared one unless named."""
    plain, named = settings(args)
    count("loss", plain, 1, 4, where)
    names = [arg.name for arg in plain[1:] if isinstance(arg, Sym)]
    kind = next((name for name in names if name in LOSSES), "mse")
    names = [name for name in names if name not in LOSSES]
    model = scope.plain(plain[0])
    if named:
        data = {name: [float(_exact(scope, cell)) for cell in _cells(scope, value)] for name, value in named.items()}
        found = fit(model, list(data)[-1], data, kind)
    elif len(names) == 2:
        found = fit(model, names[0], names[1], kind)
    else:
        raise RequestError("arguments", "loss wants a model and its data", advice="Such as loss(w*x, x = (1, 2), y = (3, 5)), or loss(w*size, price, houses).")
    if found.formula is None:
        raise RequestError("loss", "this loss is too long to be written out", advice="Take fewer rows.")
    return Answer(found.formula, Asked(expected=found.formula))


def _cells(scope: Scope, value: Form) -> tuple[Form, ...]:
    found = scope.plain(value)
    return found.items if isinstance(found, Listing) else (found,)


def _exact(scope: Scope, cell: Form) -> Fraction:
    found = rational(scope.number(cell))
    if found is None:
        raise RequestError("data", f"{cell} is no fraction")
    return found


def _length(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """length((3, 4)), length(gradient(h) @ (3, 1)): how long a vector is."""
    count("length", args, 1, 3)
    value = _vector(scope, args, where)
    if len(value) == 2:
        asked = Asked(formula="length", values={"u": value[0], "v": value[1]})
        lines = by_number(_norm(value)).lines
        return Answer(exact_value(_norm(value)) or _norm(value), asked, lines=lines)
    return by_number(_norm(value))


def _vector(scope: Scope, args: tuple[Form, ...], where: Form | None) -> tuple[Form, ...]:
    value = scope.plain(args[0]) if len(args) == 1 else Listing("tuple", tuple(map(scope.plain, args)))
    if where is not None and value.free:
        letters = scope.function(args[0]).letters
        value = substitute(value, scope.place(where, letters) or {})
    if not isinstance(value, Listing) or value.free:
        raise RequestError("arguments", "length wants a vector of numbers", advice="Such as length((3, 4)), or length(gradient(h)) @ (3, 1).")
    return tuple(scope.number(part) for part in value.items)


def _norm(parts: Sequence[Form]) -> Form:
    return Root(total(Pow(part, TWO) for part in parts), TWO)


TABLE: dict[str, Call] = {"iterates": _iterates, "formula": _formula, "backprop": _backprop, "loss": _loss, "length": _length}

__all__ = ["MOST_STEPS", "TABLE"]
