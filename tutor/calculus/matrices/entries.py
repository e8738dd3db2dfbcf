"""Expressions of vectors and matrices written out in numbers for given sizes: x is (x₁, x₂, x₃), A has the entries A₁₂.

What holds for letters x₁, x₂, … holds for all vectors of that size. So the tutor's own derivatives, and SymPy's, can
be asked about each component.

>>> from tutor.calculus.matrices.shapes import understood
>>> typed = understood("norm(A x - b)^2").typed
>>> str(Entries(typed, {"m": 1, "n": 2}).of(typed.form))
'(A_11*x_1 + A_12*x_2 - b_1)^2'
"""

from __future__ import annotations

from collections.abc import Mapping

from tutor.algebra.laws.arithmetic import numbers
from tutor.calculus.differentiate import differentiate
from tutor.calculus.matrices.letters import IDENTITY, TRANSPOSE, UNIT
from tutor.calculus.matrices.typed import Typed
from tutor.errors import RequestError
from tutor.form.numerals import integer
from tutor.form.tree import ONE, ZERO, Add, Apply, Call, Div, E, Form, Mul, Neg, Num, Pow, Sym, product, sqrt, total
from tutor.form.walk import rewritten

_EVEN = Num(2)


def entry_name(name: str, *indices: object) -> str:
    """What an entry is called: x_1, A_12, and w_1,2 for the second entry of w_1."""
    some = [str(index) for index in indices]
    return f"{name},{','.join(some)}" if "_" in name else f"{name}_{''.join(some)}"


class Entries:
    """The entries of expressions over the letters of `typed`, each size being a number."""

    def __init__(self, typed: Typed, sizes: Mapping[str, int], variable: str = "") -> None:
        self.typed, self.sizes, self.variable = typed, {**sizes, UNIT: 1}, variable
        self._parts = {name: part for part, name in typed.names.items()}
        self._done: dict[tuple[Form, int, int], Form] = {}

    def size(self, form: Form) -> tuple[int, int]:
        """How many rows and columns a form has."""
        rows, columns = self.typed.shape(form)
        return self.sizes[rows], self.sizes[columns]

    def places(self, form: Form) -> list[tuple[int, int]]:
        """The places of the entries of a form, row by row, counted from 1."""
        rows, columns = self.size(form)
        return [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]

    def names(self, letter: str) -> dict[tuple[int, int], str]:
        """The names of the entries of a letter, by their places."""
        return {place: self._named(Sym(letter), *place).name for place in self.places(Sym(letter))}

    def of(self, form: Form, row: int = 1, column: int = 1) -> Form:
        """One entry of a form (a number has one)."""
        key = form, row, column
        found = self._done.get(key)
        if found is None:
            found = self._done[key] = rewritten(self._entry(form, row, column), numbers)
        return found

    def _entry(self, form: Form, row: int, column: int) -> Form:
        match form:
            case Sym():
                return self._letter(form, row, column)
            case Add(terms):
                return total(self.of(term, row, column) for term in terms)
            case Neg(inner):
                return Neg(self.of(inner, row, column))
            case Mul(factors):
                return self._product(factors, row, column)
            case Div(top, bottom):
                return Div(self.of(top, row, column), self.of(bottom))
            case Pow(base, exponent) if exponent is TRANSPOSE:
                return self.of(base, column, row)
            case Pow(Apply("norm", (inner,)), exponent) if (count := integer(exponent)) is not None and count > 0 and count % 2 == 0:
                squares = self._squares(inner)
                return squares if count == 2 else Pow(squares, Num(count // 2))
            case Call("sign", (inner,)):
                return Call("sign", (self.of(inner, row, column),))
            case Apply(name, args) if name == "differential":
                return self._differential(args[0], row, column)
            case Apply(name, args):
                return self._function(name, args, row, column)
        return form if not form.children else form.rebuild(tuple(self.of(child) for child in form.children))

    def _letter(self, letter: Sym, row: int, column: int) -> Form:
        if letter in self._parts:
            return self.of(self._parts[letter], row, column)
        if letter is IDENTITY and "I" not in {one.name for one in self.typed.letters if one.kind == "matrix"}:
            return ONE if row == column else ZERO
        return self._named(letter, row, column)

    def _named(self, letter: Sym, row: int, column: int) -> Sym:
        rows, columns = self.typed.shape(letter)
        if letter.name in self.typed.symmetric:
            row, column = sorted((row, column))
        indices = [index for index, size in ((row, rows), (column, columns)) if size != UNIT]
        return Sym(entry_name(letter.name, *indices)) if indices else letter

    def _product(self, factors: tuple[Form, ...], row: int, column: int) -> Form:
        alone = [self.of(factor) for factor in factors if self.typed.is_number(factor)]
        chain = tuple(factor for factor in factors if not self.typed.is_number(factor))
        whole = product((*alone, self._chain(chain, row, column)) if chain else alone)
        return ZERO if ZERO in alone else whole

    def _chain(self, chain: tuple[Form, ...], row: int, column: int) -> Form:
        """One entry of a product of matrices: the sum over the inner index."""
        if len(chain) == 1:
            return self.of(chain[0], row, column)
        rest = product(chain[1:])
        pairs = [(self.of(chain[0], row, k), self.of(rest, k, column)) for k in range(1, self.size(chain[0])[1] + 1)]
        return total(product(part for part in pair if part is not ONE) for pair in pairs if ZERO not in pair)

    def _squares(self, inner: Form) -> Form:
        return total(Pow(self.of(inner, *place), _EVEN) for place in self.places(inner))

    def _function(self, name: str, args: tuple[Form, ...], row: int, column: int) -> Form:
        inner = args[0]
        places = self.places(inner)
        match name:
            case "norm":
                return sqrt(self._squares(inner))
            case "norm_1":
                return total(Call("abs", (self.of(inner, *place),)) for place in places)
            case "trace":
                return total(self.of(inner, k, k) for k in range(1, self.size(inner)[0] + 1))
            case "diag":
                return self.of(inner, row, 1) if row == column else ZERO
            case "softmax":
                return Div(Pow(E, self.of(inner, row, column)), self._exponentials(inner))
            case "logsumexp":
                return Call("ln", (self._exponentials(inner),))
            case "crossentropy":
                return self._cross_entropy(inner, args[1])
        raise RequestError("entries", f"{name} has no entries")

    def _exponentials(self, inner: Form) -> Form:
        return total(Pow(E, self.of(inner, *place)) for place in self.places(inner))

    def _cross_entropy(self, target: Form, guess: Form) -> Form:
        """−Σ yᵢ ln pᵢ, with ln pᵢ = zᵢ − ln Σ e^zⱼ of the softmax p of z."""
        inner = (self._parts[guess] if isinstance(guess, Sym) else guess).children[0]
        whole = Call("ln", (self._exponentials(inner),))
        return total(Mul((self.of(target, *place), Add((whole, Neg(self.of(inner, *place)))))) for place in self.places(inner))

    def _differential(self, inner: Form, row: int, column: int) -> Form:
        """Σ (∂u/∂x_k) dx_k, the derivatives being the tutor's own."""
        value = self.of(inner, row, column)
        moving = {name: self._change(place) for place, name in self.names(self.variable).items()}
        return total(Mul((differentiate(value, str(Sym(name))).value, change)) for name, change in moving.items() if name in value.free)

    def _change(self, place: tuple[int, int]) -> Sym:
        """dx_1, a letter of its own."""
        return Sym(f"d{self._named(Sym(self.variable), *place).name}")
