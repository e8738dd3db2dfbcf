"""The gradient of a number, or the Jacobian of a vector, by a letter that is a vector, a matrix or a number.

The matrix form comes from the differential (see `differential`), the index form from the entries (`indices`). For two
choices of small sizes everything is written out in its entries: each component is a derivation of its own, and every line
of both forms is a claim about these entries. The index form itself holds for every size.

>>> found = matrix_gradient("norm(A x - b)^2", "x")
>>> str(found.value), [str(line.form) for line in found.lines]
('2*A^T*(A*x - b)', ['2*(A*x - b)^T*A*differential(x)'])
>>> [check.sizes for check in found.checks], found.proved
([{'m': 2, 'n': 3}, {'m': 3, 'n': 2}], True)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.matrices.differential import Differential, Step, differential
from tutor.calculus.matrices.entries import Entries, entry_name
from tutor.calculus.matrices.indices import Indexed
from tutor.calculus.matrices.letters import SCALAR, TRANSPOSE, UNIT, Letter, declared, letter_name
from tutor.calculus.matrices.shapes import understood
from tutor.calculus.matrices.sums import sum_over
from tutor.calculus.matrices.typed import Typed
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.numerals import rational
from tutor.form.reading import Reading
from tutor.form.tree import ONE, ZERO, Add, Apply, Form, Mul, Neg, Num, Pow, Relation, Sym, total
from tutor.form.walk import nodes, rewritten, substitute

MOST_COMPONENTS = 60
"""Checks with more components than this would take too long."""
LARGEST_SIZE = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the working. `kind` says what equals the form: the `differential` of the function, an entry of the
    `function`, its `derivative` by an entry of the letter, or `left` (an `equation`); `reason` is the id of a sentence."""

    kind: str
    form: Form
    reason: str
    left: Form | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Everything written out for given sizes: a derivation for each component, and what must be equal."""

    sizes: Mapping[str, int]
    components: tuple[Derivation, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class MatrixGradient(Worked):
    """A gradient (`kind` gradient), a Jacobian (jacobian) or a derivative by a number (derivative).

    `value` may speak of letters for softmax vectors, which `names` explains. `general` is the value before it was used
    that a matrix is symmetric.
    """

    reading: Reading
    typed: Typed
    variable: str
    kind: str
    step: Step
    value: Form
    general: Form
    lines: tuple[Line, ...]
    index: tuple[Line, ...]
    check_size: int
    _indexed: Indexed = field(repr=False, compare=False)
    _rules: Differential = field(repr=False, compare=False)

    def shown(self, form: Form) -> Form:
        """An index form for readers, its entries as letters with subscripts."""
        return self._indexed.shown(form)

    def filled(self, step: Step, known: Iterable[Step]) -> Form:
        """The differential of a step with those of some steps below it filled in."""
        values: dict[Form, Form] = {differential(below.before): self._rules.worked(below) for below in known if below.rule != "letter"}
        return self._rules.named(self._rules.put(step.after, values) if values else step.after)

    @property
    def function(self) -> Form:
        """What is differentiated."""
        return self.typed.form

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The letters with their shapes."""
        return self.typed.letters

    @property
    def names(self) -> tuple[tuple[Sym, Form], ...]:
        """Letters for parts that the value speaks of: p for softmax(z)."""
        return tuple((name, part) for part, name in self.typed.names.items())

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, each once, those below first."""
        return tuple(dict.fromkeys(_below(self.step)))

    @property
    def targets(self) -> tuple[Form, ...]:
        """The vectors whose entries are taken to add up to 1."""
        return _targets(self.step)

    @property
    def assumptions(self) -> tuple[Relation, ...]:
        """Σ yᵢ = 1 for each target of a cross-entropy."""
        return tuple(Relation((sum_over("i", Sym(entry_name(str(target), "i"))), ONE), ("=",)) for target in self.targets)

    @property
    def conditions(self) -> tuple[Form, ...]:
        """Where the gradient exists: a norm is not 0, the entries in a sum of absolute values are not."""
        return tuple(dict.fromkeys(condition for step in self.steps for condition in self.conditions_of(step)))

    def conditions_of(self, step: Step) -> tuple[Form, ...]:
        """Where one step holds: for a sum of absolute values, in terms of an entry."""
        found = None if step.condition is None else self._condition(step)
        return () if found is None else (found,)

    def _condition(self, step: Step) -> Form | None:
        assert isinstance(step.condition, Relation)
        if step.rule != "norm_1":
            return _about_vectors(step.condition)
        inner = step.parts["u"]
        rows, columns = self.typed.shape(inner)
        entry = self._indexed.entry(inner, "i" if rows != UNIT else "", "j" if columns != UNIT else "")
        return Relation((self._indexed.shown(entry), ZERO), ("!=",))

    # -- the proof -------------------------------------------------------------------------------------

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The components for two choices of sizes; the lines of the working are checked with the first."""
        return tuple(self._check(sizes, whole=place == 0) for place, sizes in enumerate(some_sizes(self.typed.sizes, self.check_size)))

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Every component, and the derivatives of functions of numbers on the way."""
        inner = (one for step in self.steps for one in step.derivations)
        return (*(one for check in self.checks for one in check.components), *inner)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every line, written out in entries."""
        return tuple(claim for check in self.checks for claim in check.claims)

    def _check(self, sizes: Mapping[str, int], whole: bool) -> Check:
        entries = Entries(self.typed, sizes, self.variable)
        places = [(place, other) for place in entries.places(self.function) for other in entries.names(self.variable)]
        names = entries.names(self.variable)
        components = {(place, other): differentiate(entries.of(self.function, *place), str(Sym(names[other]))) for place, other in places}
        claims = [self._claim(one.value, self._component(entries, self.value, place, other), "component", one.conditions, entries)
                  for (place, other), one in components.items()]  # fmt: skip
        if whole:
            where = tuple(dict.fromkeys(condition for one in components.values() for condition in one.conditions))
            claims += [self._claim(*pair, where, entries) for pair in (*self._matrix_lines(entries), *self._index_lines(entries, components))]
        return Check(sizes, tuple(components.values()), tuple(claims))

    def _component(self, entries: Entries, form: Form, place: tuple[int, int], other: tuple[int, int]) -> Form:
        """One component of the value: of a gradient that of the letter's entry, of a Jacobian row and column."""
        return entries.of(form, place[0], other[0]) if self.kind == "jacobian" else entries.of(form, *other)

    def _matrix_lines(self, entries: Entries) -> Iterator[tuple[Form, Form, str]]:
        lines = [(step.before, step.after, step.rule) for step in self.steps if step.rule != "letter"]
        lines += [(self.function, line.form, line.reason) for line in self.lines]
        for before, after, reason in lines:
            for place in entries.places(before):
                yield entries.of(Apply("differential", (before,), (0,)), *place), entries.of(after, *place), reason
        for place in entries.places(Sym(self.variable)) if self.general is not self.value else ():
            yield entries.of(self.general, *place), entries.of(self.value, *place), "symmetric"

    def _index_lines(self, entries: Entries, components: Mapping[tuple[tuple[int, int], tuple[int, int]], Derivation]) -> Iterator[tuple[Form, Form, str]]:
        for line in self.index:
            if line.left is not None:
                size = entries.sizes[self._indexed.range_of("i", line.left)]
                sides = [[self._indexed.written_out(side, entries, {"i": k}) for side in (line.left, line.form)] for k in range(1, size + 1)]
                yield from ((left, right, line.reason) for left, right in sides)
                continue
            for (place, other), one in components.items():
                numbers = {"i": place[0]} if self.kind == "jacobian" else {}
                numbers.update(zip(self._indexed.place, other, strict=False))
                right = self._indexed.written_out(line.form, entries, numbers)
                yield (entries.of(self.function, *place) if line.kind == "function" else one.value), right, line.reason

    def _claim(self, left: Form, right: Form, reason: str, conditions: Iterable[Form], entries: Entries) -> Claim:
        """Two sides that are equal where the entries of every target add up to 1."""
        given: dict[str, Form] = {}
        for target in self.targets:
            *some, last = entries.names(str(target)).values()
            given[last] = total((ONE, *(Neg(Sym(name)) for name in some)))
        return equal(substitute(left, given), substitute(right, given), f"matrix.{reason}", conditions)


def matrix_gradient(
    expression: str | Reading,
    wrt: str | None = None,
    *,
    vectors: Iterable[str] = (),
    matrices: Iterable[str] = (),
    scalars: Iterable[str] = (),
    symmetric: Iterable[str] = (),
    check_size: int = 2,
) -> MatrixGradient:
    """The gradient of an expression of vectors and matrices with respect to one letter.

    Capitals are matrices, small Latin letters vectors, Greek letters numbers, unless they are declared. Raises
    `ReadError`, and `RequestError` where shapes do not fit, the letter is not clear, or no rule is known.

    >>> str(matrix_gradient("x^T A x", "x").value)
    '(A + A^T)*x'
    >>> str(matrix_gradient("x^T A x", "x", symmetric="A").value)
    '2*A*x'
    """
    found = understood(expression, declared(vectors, matrices, scalars, symmetric))
    variable = _variable(found.typed, wrt)
    if not 1 <= check_size <= LARGEST_SIZE:
        raise RequestError("size", f"the size of the check must be from 1 to {LARGEST_SIZE}, not {check_size}")
    kind = _kind(found.typed, variable)
    rules = Differential(replace(found.typed, symmetric=frozenset()), variable)
    step = rules.step(found.typed.form)
    linear = rules.worked(step)
    general = rules.value(linear, kind)
    value = Differential(found.typed, variable).value(linear, kind) if found.typed.symmetric else general
    typed = replace(rules.typed, symmetric=found.typed.symmetric)
    indexed = Indexed(typed, variable, _place(typed, variable, kind), ("i",) if kind == "jacobian" else ())
    targets = _targets(step)
    _check_count(typed, variable, check_size)
    return MatrixGradient(
        found.reading, typed, variable, kind, step, rules.named(value), rules.named(general),
        tuple(_matrix_form(rules, linear, general, kind)), _index_form(indexed, kind, targets), check_size, indexed, rules,
    )  # fmt: skip


def _variable(typed: Typed, wrt: str | None) -> str:
    names = [letter.name for letter in typed.letters if letter.kind != "identity"]
    if not names:
        raise RequestError("variable", "the expression has no letters", advice="Write one with a vector or a matrix, such as x^T*A*x.")
    if wrt is None:
        if len(names) > 1:
            likely = next((name for name in ("x", "w", "z", "theta") if name in names), names[-1])
            raise RequestError("variable", f"the expression has several letters: {', '.join(names)}", advice=f"Say which one moves, such as --wrt {likely}.")
        return names[0]
    name = letter_name(wrt)
    if name not in names:
        raise RequestError("variable", f"{name} does not stand in the expression", advice=f"Its letters are {', '.join(names)}.")
    if name in typed.symmetric:
        raise RequestError(
            "variable", f"{name} is declared symmetric, so that its entries cannot move one by one",
            advice=f"Leave out --symmetric {name} for the gradient with respect to {name}.",
        )  # fmt: skip
    return name


def _kind(typed: Typed, variable: str) -> str:
    """What is asked for. Raises `RequestError` where it would have more than two indices."""
    shape, letter = typed.shape(typed.form), typed.letter(variable)
    if shape == SCALAR:
        return "derivative" if letter.kind == "scalar" else "gradient"
    if shape[1] == UNIT and letter.kind == "vector":
        return "jacobian"
    if shape[0] == UNIT:
        raise RequestError("shape", f"{typed.form} is a row", advice=f"Transpose it: ({typed.form})^T is a column, and has a Jacobian.")
    what = "a vector" if shape[1] == UNIT else "a matrix"
    raise RequestError(
        "shape", f"{typed.form} is {what}; only a number has a gradient with respect to {variable} that fits on the board",
        advice="Make a number of it: norm(...)^2, trace(...), or a product such as a^T*(...).",
    )  # fmt: skip


def _place(typed: Typed, variable: str, kind: str) -> tuple[str, ...]:
    """The indices of the entry by which is differentiated."""
    if kind == "jacobian":
        return ("j",)
    return ("k", "l")[: sum(size != UNIT for size in typed.letter(variable).shape)]


def _matrix_form(rules: Differential, linear: Form, value: Form, kind: str) -> Iterator[Line]:
    """From the differential as the rules give it to the line from which the gradient is read off."""
    line = rules.named(linear)
    yield Line("differential", line, "together")
    if kind == "derivative":
        return
    turned = rules.named(rules.turned_over(linear)) if kind == "gradient" else line
    traced = any(isinstance(node, Apply) and node.name == "trace" for node in nodes(linear))
    if turned is not line:
        yield Line("differential", turned, "turned_trace" if traced else "turned")
    last = rules.named(rules.read_off(value, kind))
    if last not in (line, turned):
        vector = UNIT in rules.typed.shape(rules.moving)
        yield Line("differential", last, "collected" if vector or isinstance(turned, Add) else "cycled" if traced else "traced")


def _index_form(indexed: Indexed, kind: str, targets: tuple[Form, ...]) -> tuple[Line, ...]:
    """The lines with indices; none where there are more sums inside one another than letters for them, or one without an entry."""
    try:
        lines = tuple(_index_lines(indexed, "i" if kind == "jacobian" else "", targets))
        for line in lines:
            indexed.check(line.form)
    except RequestError:
        return ()
    return lines


def _index_lines(indexed: Indexed, row: str, targets: tuple[Form, ...]) -> Iterator[Line]:
    """The entries of the function, their derivative with δ, and with every δ worked out."""
    for part, name in indexed.typed.names.items():
        (p, value), (logarithm, parts) = indexed.softmax(name, part.children[0])
        yield Line("equation", value, "softmax", p)
        yield Line("equation", parts, "logarithm", logarithm)
    short = indexed.entry(indexed.typed.form, row, by_name=True)
    function = indexed.entry(indexed.typed.form, row)
    derivative = indexed.derivative(function, frozenset(row))
    worked = indexed.collapsed(derivative)
    yield Line("function", short, "entries")
    if short is not function:
        yield Line("function", function, "filled")
    yield Line("derivative", derivative, "delta")
    if worked is not derivative:
        yield Line("derivative", worked, "collapsed")
    given = indexed.collapsed(rewritten(worked, lambda node: ONE if _is_whole(node, targets) else node))
    if given is not worked:
        yield Line("derivative", given, "given")


def _is_whole(node: Form, targets: tuple[Form, ...]) -> bool:
    """Σᵢ yᵢ of a target y."""
    match node:
        case Apply(name, (Apply(letter, (Sym(index),)),)) if name == f"sum_{index}":
            return Sym(letter) in targets
    return False


def _targets(step: Step) -> tuple[Form, ...]:
    """The targets of the cross-entropies. Raises `RequestError` for one that is more than a letter."""
    found = tuple(dict.fromkeys(below.parts["y"] for below in _below(step) if below.rule == "crossentropy"))
    for target in found:
        if not isinstance(target, Sym):
            raise RequestError("rule", f"the target {target} of the cross-entropy is no single letter", advice="Write crossentropy(y, softmax(z)) with a vector y.")
    return found


def _check_count(typed: Typed, variable: str, size: int) -> None:
    """Raises `RequestError` where a check would have too many components, or two letters for one thing."""
    names = {letter.name for letter in typed.letters}
    for sizes in some_sizes(typed.sizes, size):
        entries = Entries(typed, sizes, variable)
        for letter in typed.letters:
            both = names & set(entries.names(letter.name).values()) if letter.kind in ("matrix", "vector") else ()
            if both:
                raise RequestError("letters", f"{min(both)} is a letter of the expression and the name of an entry of {letter.name}", advice="Take another letter.")
        count = len(entries.places(typed.form)) * len(entries.names(variable))
        if count > MOST_COMPONENTS:
            raise RequestError("size", f"a check with {count} components would take too long", advice=f"Take a smaller --check-size than {size}.")


def some_sizes(names: tuple[str, ...], size: int) -> tuple[dict[str, int], ...]:
    """Two choices of sizes: one size n is 2, then 3; two are 2 and 3, then 3 and 2; more of them go on with 1.

    >>> some_sizes(("m", "n"), 2)
    ({'m': 2, 'n': 3}, {'m': 3, 'n': 2})
    """
    cycle = (size, size + 1, max(size - 1, 1), size)
    first = {name: cycle[place % 4] for place, name in enumerate(names)}
    turned = cycle[1:] + cycle[:1] if len(names) > 2 else (size + 1, size)
    second = {name: turned[place % len(turned)] for place, name in enumerate(names)}
    return (first, second) if names else (first,)


def _about_vectors(condition: Relation) -> Relation | None:
    """‖x‖ > 0 and xᵀx ≠ 0 say that x is not 0; that ‖x‖ is more than −1 says nothing."""
    inner, bound = _length_of(condition.operands[0]), rational(condition.operands[1])
    if inner is None or bound is None or condition.operators[0] not in (">", ">=", "!="):
        return condition
    return None if bound < 0 else Relation((inner, ZERO), ("!=",)) if bound == 0 else condition


def _length_of(form: Form) -> Form | None:
    """The u of ‖u‖, ‖u‖² and uᵀu."""
    match form:
        case Apply("norm", (inner,)) | Pow(Apply("norm", (inner,)), Num(2, 0)):
            return inner
        case Mul((Pow(base, exponent), inner)) if exponent is TRANSPOSE and base is inner:
            return inner
    return None


def _below(step: Step) -> Iterator[Step]:
    for inner in step.steps:
        yield from _below(inner)
    yield step


__all__ = ["Check", "Line", "MatrixGradient", "Step", "matrix_gradient"]
