"""Small symmetric matrices of exact numbers or forms: minors, eigenvalues and what their signs mean.

A 2×2 matrix has the eigenvalues that solve λ² − (trace) λ + det = 0; a diagonal one shows them; larger ones are
SymPy's. Each eigenvalue with its vector v is claimed: H v = λ v. (Strang, *Introduction to Linear Algebra*, chapter 6.)

>>> from tutor import read
>>> from tutor.calculus.matrix import rows_of
>>> found = spectrum(rows_of(read("[[2, 1], [1, 2]]")))
>>> [(str(one.value), [str(entry) for entry in one.vectors[0]]) for one in found.values], found.kind
([('3', ['1', '1']), ('1', ['1', '-1'])], 'bowl')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import gcd, lcm

from tutor.algebra.solve import SECONDS, eigenvalues
from tutor.algebra.worker import OutOfTime
from tutor.calculus.matrix import Rows, matrix_of, written_determinant
from tutor.calculus.optima.numbers import approximate, compare, exactly, sign_of, tidy, value_of
from tutor.calculus.optima.said import Remark, compared
from tutor.calculus.optima.signs import span
from tutor.calculus.points import decimal
from tutor.calculus.worked import Claim, equal
from tutor.form.numerals import number, rational
from tutor.form.tree import ONE, TWO, ZERO, Add, Div, Form, Mul, Neg, Num, Pow, Sym, sqrt, total
from tutor.form.walk import nodes, substitute

LAMBDA = "lambda"
_TINY = 1e-9
_SYMBOLIC = 3
"""Minors of letters are worked out up to this size."""


def determinant(rows: Sequence[Sequence[Form]]) -> Form:
    """The determinant, tidied."""
    found = written_determinant(rows)
    value = value_of(found) if not found.free else None
    return tidy(found) if value is None else value


# -- eigenvalues -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Eigenvalue:
    """An eigenvalue, its decimal, how often it counts, and directions that belong to it (none for a numeric one)."""

    value: Form
    decimal: str
    multiplicity: int
    vectors: tuple[tuple[Form, ...], ...]
    numeric: bool = False

    @cached_property
    def sign(self) -> int | None:
        """−1, 0, 1, or None where that is not known."""
        return sign_of(self.value) if not self.numeric else None if abs(approximate(self.value)) < _TINY else sign_of(self.value)


@dataclass(frozen=True)
class Spectrum:
    """The eigenvalues of a symmetric matrix of numbers, the largest first, and how they were found.

    Methods: `single`, `diagonal`, `formula` (2×2), `solver` (SymPy), `none` (not found in time).
    """

    rows: Rows
    method: str
    trace: Form
    determinant: Form
    values: tuple[Eigenvalue, ...]
    claims: tuple[Claim, ...]

    @property
    def signs(self) -> tuple[int | None, ...]:
        """The sign of each eigenvalue."""
        return tuple(one.sign for one in self.values)

    @property
    def kind(self) -> str:
        """What the signs mean: bowl, dome, saddle, flat_bowl, flat_dome (with a zero among them), flat (all zero), open."""
        return kind_of(self.signs)

    @property
    def condition(self) -> Form | None:
        """The largest by the smallest eigenvalue in size, where all have one sign and there are several."""
        if self.kind not in ("bowl", "dome") or len(self.rows) < 2:
            return None
        first, last = self.values[0].value, self.values[-1].value
        return value_of(Div(first, last) if self.kind == "bowl" else Div(last, first))


def kind_of(signs: Sequence[int | None]) -> str:
    """What the signs of eigenvalues mean together."""
    if {1, -1} <= set(signs):
        return "saddle"
    if None in signs or not signs:
        return "open"
    if 0 not in signs:
        return "bowl" if 1 in signs else "dome"
    return "flat_bowl" if 1 in signs else "flat_dome" if -1 in signs else "flat"


def spectrum(rows: Rows, seconds: float = SECONDS) -> Spectrum:
    """The eigenvalues of a symmetric matrix of numbers."""
    trace = value_of(total(row[k] for k, row in enumerate(rows))) or ZERO
    det = determinant(rows)
    if all(entry is ZERO for k, row in enumerate(rows) for j, entry in enumerate(row) if j != k):
        method, found = "single" if len(rows) == 1 else "diagonal", _diagonal(rows)
    elif len(rows) == 2:
        method, found = "formula", _formula(rows, trace)
    else:
        method, found = _solved(rows, seconds)
    claims = [equal(total(row[k] for k, row in enumerate(rows)), trace, "trace"), equal(written_determinant(rows), det, "determinant")]
    claims += [claim for one in found for claim in _claims(rows, one)]
    return Spectrum(rows, method, trace, det, found, tuple(claims))


def _grouped(pairs: Iterable[tuple[Form, tuple[Form, ...]]]) -> tuple[Eigenvalue, ...]:
    """Equal values once, with all their vectors; the largest first."""
    found: list[tuple[Form, list[tuple[Form, ...]]]] = []
    for value, vector in pairs:
        same = next((vectors for other, vectors in found if compare(value, other) == 0), None)
        if same is None:
            found.append((value, [vector]))
        else:
            same.append(vector)
    found.sort(key=lambda pair: -approximate(pair[0]))
    return tuple(Eigenvalue(value, decimal(value), len(vectors), tuple(vectors)) for value, vectors in found)


def _diagonal(rows: Rows) -> tuple[Eigenvalue, ...]:
    size = len(rows)
    return _grouped((rows[k][k], tuple(ONE if j == k else ZERO for j in range(size))) for k in range(size))


def _formula(rows: Rows, trace: Form) -> tuple[Eigenvalue, ...]:
    """λ = (trace ± √((a − d)² + 4b²))/2: what stands under the root is trace² − 4 det."""
    (a, b), (_, d) = rows
    decimals = any(isinstance(node, Num) and node.places for row in rows for entry in row for node in nodes(entry))
    inside = value_of(Add((Pow(Add((a, Neg(d))), TWO), Mul((Num(4), Pow(b, TWO))))))
    root = value_of(sqrt(inside)) if inside is not None else None
    pairs = []
    for sign in (ONE, Neg(ONE)):
        value = value_of(Div(Add((trace, Mul((sign, root if root is not None else sqrt(inside or ZERO))))), TWO))
        if value is None:
            return ()
        exact = rational(value)
        value = number(exact, decimal=True) if exact is not None and decimals else value
        pairs.append((value, _vector(b, Add((value, Neg(a))))))
    return _grouped(pairs)


def _vector(first: Form, second: Form) -> tuple[Form, ...]:
    """A direction with small whole entries where it has some, else with 1 in front."""
    exact = rational(first), rational(value_of(second) or second)
    if exact[0] is not None and exact[1] is not None:
        return tuple(map(number, _whole((exact[0], exact[1]))))
    return ONE, value_of(Div(second, first)) or Div(second, first)


def _whole(values: Sequence[Fraction]) -> list[int]:
    scale = lcm(*(value.denominator for value in values))
    entries = [int(value * scale) for value in values]
    common = gcd(*entries) or 1
    leading = next((entry for entry in entries if entry), 1)
    return [entry // common * (1 if leading > 0 else -1) for entry in entries]


def _solved(rows: Rows, seconds: float) -> tuple[str, tuple[Eigenvalue, ...]]:
    try:
        found = eigenvalues(rows, seconds)
    except OutOfTime:
        return "none", ()
    return "solver", tuple(
        Eigenvalue(one.value, decimal(one.value), one.multiplicity, tuple(_plain(vector) for vector in one.vectors), one.numeric) for one in found
    )


def _plain(vector: tuple[Form, ...]) -> tuple[Form, ...]:
    exact = [rational(entry) for entry in vector]
    some = [entry for entry in exact if entry is not None]
    return tuple(map(number, _whole(some))) if len(some) == len(exact) else vector


def characteristic(rows: Rows) -> Form:
    """det(H − λI) for a letter λ."""
    shifted = [[Add((entry, Neg(Sym(LAMBDA)))) if j == k else entry for j, entry in enumerate(row)] for k, row in enumerate(rows)]
    return written_determinant(shifted)


def _claims(rows: Rows, one: Eigenvalue) -> Iterator[Claim]:
    if len(rows) == 1:
        return
    equation = characteristic(rows)
    if one.numeric:
        width = Fraction(1, 10**9) * max(1, abs(int(exactly(one.value))))
        sides = [substitute(equation, {LAMBDA: number(exactly(one.value) + shift, decimal=True)}) for shift in (-width, width)]
        if one.multiplicity % 2:
            yield Claim(compared(Mul(tuple(sides)), "<", ZERO), "eigenvalue")
        return
    yield equal(substitute(equation, {LAMBDA: one.value}), ZERO, "eigenvalue")
    for vector in one.vectors:
        for row, entry in zip(rows, vector, strict=True):
            yield equal(total(Mul((cell, part)) for cell, part in zip(row, vector, strict=True)), Mul((one.value, entry)), "eigenvector")


# -- everywhere --------------------------------------------------------------------------------------


def definite_everywhere(rows: Rows, conditions: Sequence[Form] = ()) -> tuple[str, Remark] | None:
    """The kind that a matrix of forms has wherever the conditions hold, by its minors, with what proves it; None where that is open.

    All leading minors positive: bowl. All principal minors not negative: flat_bowl (it may be flat in a direction).
    With the opposite signs throughout: dome, flat_dome.

    >>> from tutor import read
    >>> from tutor.calculus.matrix import rows_of
    >>> found = definite_everywhere(rows_of(read("[[e^x, 0], [0, 2]]")))
    >>> found[0], [str(line) for line in found[1].lines]
    ('bowl', ['e^x > 0', '2*e^x > 0'])
    """
    for flip, kind in ((False, "bowl"), (True, "dome")):
        shown = tuple(tuple(_opposite(entry) for entry in row) for row in rows) if flip else rows
        for strict in (True, False):
            remark = _by_minors(shown, conditions, strict, kind)
            if remark is not None:
                return (kind if strict else f"flat_{kind}"), remark
    return None


def _opposite(entry: Form) -> Form:
    return ZERO if entry is ZERO else tidy(Neg(entry))


def _by_minors(rows: Rows, conditions: Sequence[Form], strict: bool, kind: str) -> Remark | None:
    size = len(rows)
    separate = all(entry is ZERO for k, row in enumerate(rows) for j, entry in enumerate(row) if j != k)
    if size > _SYMBOLIC and not separate:
        return None
    if separate and (size > _SYMBOLIC or not strict):
        chosen = [[k] for k in range(size)]
    elif strict:
        chosen = [list(range(k)) for k in range(1, size + 1)]
    else:
        chosen = [list(one) for k in range(1, size + 1) for one in combinations(range(size), k)]
    claims: list[Claim] = []
    for places in chosen:
        minor = determinant([[rows[i][j] for j in places] for i in places])
        low = span(minor, conditions)[0]
        if low < (1 if strict else 0):
            return None
        sign = ">" if low > 0 else ">="
        claims.append(equal(written_determinant([[rows[i][j] for j in places] for i in places]), minor, "minor", conditions))
        claims.append(Claim(compared(minor, sign, ZERO), "minor", tuple(conditions)) if minor is not ZERO else equal(minor, ZERO, "minor"))
    lines = dict.fromkeys(claim.statement for claim in claims if claim.statement.operators != ("=",))
    name = "entry" if size == 1 else "entries" if separate and not strict else "leading" if strict else "principal"
    return Remark(f"{name}_{kind}" if size > 1 else f"entry_{'' if strict else 'flat_'}{kind}", {"matrix": matrix_of(rows)}, tuple(lines), tuple(claims))
