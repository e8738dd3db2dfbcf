"""The same in index form: sums over entries, ∂xᵢ/∂xₖ = δᵢₖ, and a sum with δ that keeps one term.

Inside this module an entry is `Apply("A", (i, j))`, so that putting k for i is a substitution, a sum is
`Apply("sum_i", (body,))`, and δᵢₖ is `Apply("delta", (i, k))`. `shown` writes entries as letters with a subscript. No
index is used twice where one sum stands in another, so that nothing is caught.

>>> from tutor.calculus.matrices.shapes import understood
>>> form = Indexed(understood("x^T A x").typed, "x", ("k",))
>>> function = form.entry(form.typed.form)
>>> str(form.shown(function)), str(form.shown(form.derivative(function)))
('sum_i(sum_j(x_i*A_ij*x_j))', 'sum_i(sum_j(delta_ik*A_ij*x_j + x_i*A_ij*delta_jk))')
>>> str(form.shown(form.collapsed(form.derivative(function))))
'sum_j(A_kj*x_j) + sum_i(x_i*A_ik)'
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.algebra.laws.arithmetic import numbers
from tutor.calculus.differentiate import differentiate
from tutor.calculus.matrices.entries import Entries, entry_name
from tutor.calculus.matrices.letters import IDENTITY, TRANSPOSE, UNIT
from tutor.calculus.matrices.sums import added, collected, delta, divided, factored, frozen, multiplied, sum_over, summed, times
from tutor.calculus.matrices.typed import Typed
from tutor.errors import RequestError
from tutor.form.numerals import integer
from tutor.form.tree import ONE, TWO, ZERO, Add, Apply, Call, Div, E, Form, Mul, Neg, Num, Pow, Sym, product, sqrt, total
from tutor.form.walk import fold, nodes, rewritten, substitute

_POOL = "ijsthaeolk"
"""Letters for indices, all of which can be lowered."""


class Indexed:
    """Index form over the letters of `typed`, and derivatives by the entry of `variable` at `place` (k, or k and l)."""

    def __init__(self, typed: Typed, variable: str, place: tuple[str, ...], outer: tuple[str, ...] = ()) -> None:
        self.typed, self.variable, self.place = typed, variable, place
        self.reserved = frozenset((*place, *outer))
        self._by_name = False

    # -- writing with indices --------------------------------------------------------------------------

    def fresh(self, used: frozenset[str]) -> str:
        """An index that is not in use here. Raises `RequestError` when there is none left."""
        for letter in _POOL:
            if letter not in used and letter not in self.reserved:
                return letter
        raise RequestError("indices", "more sums stand inside one another than there are letters for", advice="Give a name to a part of the expression.")

    def entry(self, form: Form, row: str = "", column: str = "", used: frozenset[str] = frozenset(), *, by_name: bool = False) -> Form:
        """The entry of a form at (row, column), as a sum over inner indices.

        `by_name`: a cross-entropy is written with the letter of its softmax, −Σ yᵢ ln pᵢ.
        """
        if by_name:
            self._by_name = True
            found = self.entry(form, row, column, used)
            self._by_name = False
            return found
        used = used | {row, column}
        match form:
            case Sym():
                return self.letter(form, row, column)
            case Add(terms):
                return Add(tuple(self.entry(term, row, column, used) for term in terms))
            case Mul(factors):
                return self.multiplied(factors, row, column, used)
            case Neg(inner):
                return Neg(self.entry(inner, row, column, used))
            case Div(top, bottom):
                return Div(self.entry(top, row, column, used), self.entry(bottom, used=used))
            case Pow(base, exponent) if exponent is TRANSPOSE:
                return self.entry(base, column, row, used)
            case Pow(Apply("norm", (inner,)), exponent) if (count := integer(exponent)) is not None and count > 0 and count % 2 == 0:
                squares = self.over_entries(inner, used, lambda part: Pow(part, TWO))
                return squares if count == 2 else Pow(squares, Num(count // 2))
            case Call("sign", (inner,)):
                return Call("sign", (self.entry(inner, row, column, used),))
            case Apply(name, args):
                return self.function(name, args, row, column, used)
        return form if not form.children else form.rebuild(tuple(self.entry(child, used=used) for child in form.children))

    def letter(self, letter: Sym, row: str, column: str) -> Form:
        shape = self.typed.shape(letter)
        if letter is IDENTITY and not any(one.name == "I" and one.kind == "matrix" for one in self.typed.letters):
            return delta(Sym(row), Sym(column))
        indices = tuple(Sym(index) for index, size in zip((row, column), shape, strict=True) if size != UNIT)
        return Apply(letter.name, indices, (0,) * len(indices)) if indices else letter

    def multiplied(self, factors: tuple[Form, ...], row: str, column: str, used: frozenset[str]) -> Form:
        """Numbers, and a chain Σ Σ A[row, i] B[i, j] C[j, column]."""
        chain = [factor for factor in factors if not self.typed.is_number(factor)]
        indices: list[str] = [row]
        bound: list[str] = []
        for factor in chain[:-1]:
            if self.typed.shape(factor)[1] == UNIT:
                indices.append("")
                continue
            indices.append(self.fresh(used | set(bound)))
            bound.append(indices[-1])
        used = used | set(bound)
        parts = [self.entry(factor, used=used) for factor in factors if self.typed.is_number(factor)]
        ends = [*indices[1:], column]
        inner = [self.entry(factor, start, end, used) for factor, start, end in zip(chain, indices, ends, strict=False)]
        body = multiplied(*inner) if inner else ONE
        for index in reversed(bound):
            body = sum_over(index, body)
        return multiplied(*parts, body)

    def over_entries(self, inner: Form, used: frozenset[str], of: Callable[[Form], Form]) -> Form:
        """Σ over all entries of a vector or matrix of something of the entry."""
        rows, columns = self.typed.shape(inner)
        row = self.fresh(used)
        column = self.fresh(used | {row}) if columns != UNIT else ""
        if rows == UNIT:
            row, column = "", row
        body = of(self.entry(inner, row, column, used))
        for index in (column, row):
            body = sum_over(index, body) if index else body
        return body

    def function(self, name: str, args: tuple[Form, ...], row: str, column: str, used: frozenset[str]) -> Form:
        inner = args[0]
        match name:
            case "norm":
                return sqrt(self.over_entries(inner, used, lambda part: Pow(part, TWO)))
            case "norm_1":
                return self.over_entries(inner, used, lambda part: Call("abs", (part,)))
            case "trace":
                index = self.fresh(used)
                return sum_over(index, self.entry(inner, index, index, used))
            case "diag":
                return multiplied(delta(Sym(row), Sym(column)), self.entry(inner, row, "", used))
            case "softmax":
                return Apply(self.typed.names[Apply(name, args, (0,))].name, (Sym(row),), (0,))
            case "logsumexp":
                return Call("ln", (self.over_entries(inner, used, lambda part: Pow(E, part)),))
            case "crossentropy":
                return self.cross_entropy(inner, args[1].children[0], used)
        raise RequestError("indices", f"{name} has no index form here")

    def softmax(self, name: Sym, inner: Form) -> tuple[tuple[Form, Form], tuple[Form, Form]]:
        """pᵢ = e^zᵢ/Σⱼ e^zⱼ and ln pᵢ = zᵢ − ln Σⱼ e^zⱼ, as pairs of sides."""
        p, own = Apply(name.name, (Sym("i"),), (0,)), self.entry(inner, "i")
        every = self.over_entries(inner, frozenset("i"), lambda part: Pow(E, part))
        return (p, Div(Pow(E, own), every)), (Call("ln", (p,)), added((own, Neg(Call("ln", (every,))))))

    def cross_entropy(self, target: Form, inner: Form, used: frozenset[str]) -> Form:
        """−Σᵢ yᵢ ln pᵢ as Σᵢ yᵢ (ln Σⱼ e^zⱼ − zᵢ)."""
        index = self.fresh(used)
        within = used | {index}
        if self._by_name:
            p = self.typed.names[Apply("softmax", (inner,), (0,))]
            return Neg(sum_over(index, multiplied(self.entry(target, index, "", within), Call("ln", (Apply(p.name, (Sym(index),), (0,)),)))))
        whole = Call("ln", (self.over_entries(inner, within, lambda part: Pow(E, part)),))
        return sum_over(index, multiplied(self.entry(target, index, "", within), Add((whole, Neg(self.entry(inner, index, "", within))))))

    # -- differentiating -------------------------------------------------------------------------------

    def derivative(self, form: Form, used: frozenset[str] = frozenset()) -> Form:
        """The derivative by the entry of the variable, every δ still standing."""
        if not self.moves(form):
            return ZERO
        match form:
            case Sym():
                return ONE
            case Add(terms):
                return added(self.derivative(term, used) for term in terms)
            case Neg(inner):
                return Neg(self.derivative(inner, used))
            case Mul(factors):
                return added(_with(factors, place, self.derivative(factor, used)) for place, factor in enumerate(factors) if self.moves(factor))
            case Apply(name, (body,)) if name.startswith("sum_"):
                return sum_over(name[4:], self.derivative(body, used | {name[4:]}))
            case Apply(name, indices) if name == self.variable:
                return product(delta(index, Sym(k)) for index, k in zip(indices, self.place, strict=True))
            case Apply(name, (index,)):
                return self.of_softmax(name, index, used)
            case Pow(base, exponent) if exponent is TWO:
                return times(TWO, base, self.derivative(base, used))
            case Call("ln", (Apply(name, (Pow(base, inner),)),)) if name.startswith("sum_") and base is E:
                return self.of_logarithm(form, name[4:], inner, used)
        return self.chain(form, used)

    def moves(self, form: Form) -> bool:
        """Whether a form depends on the variable: names of softmax vectors do when what they stand for does."""
        moving = {self.variable, *(name.name for part, name in self.typed.names.items() if self.variable in part.free)}
        return any((isinstance(node, Apply | Sym)) and node.name in moving for node in nodes(form))

    def of_softmax(self, name: str, index: Form, used: frozenset[str]) -> Form:
        """∂pᵢ = pᵢ ∂ln pᵢ = pᵢ (∂zᵢ − Σⱼ pⱼ ∂zⱼ)."""
        inner = next(part for part, letter in self.typed.names.items() if letter.name == name).children[0]
        assert isinstance(index, Sym)
        used = used | {index.name}
        other = self.fresh(used)
        own = self.derivative(self.entry(inner, index.name, "", used), used)
        others = self.derivative(self.entry(inner, other, "", used), used | {other})
        p = Apply(name, (index,), (0,))
        return times(p, added((own, Neg(sum_over(other, times(Apply(name, (Sym(other),), (0,)), others))))))

    def of_logarithm(self, form: Form, index: str, inner: Form, used: frozenset[str]) -> Form:
        """∂ ln Σⱼ e^zⱼ = Σⱼ pⱼ ∂zⱼ, with the softmax p of z."""
        for part, name in self.typed.names.items():
            if self.entry(part.children[0], index, "", used | {index}) is inner:
                return sum_over(index, times(Apply(name.name, (Sym(index),), (0,)), self.derivative(inner, used | {index})))
        return self.chain(form, used)

    def chain(self, form: Form, used: frozenset[str]) -> Form:
        """A function of numbers: its derivative by each part that moves, times that part's."""
        letters = {child: Sym(f"u_{900 + place}") for place, child in enumerate(dict.fromkeys(form.children))}
        outer = form.rebuild(tuple(letters[child] if self.moves(child) else child for child in form.children))
        back = {letter.name: child for child, letter in letters.items()}
        plain, inner = frozen(outer)
        terms = []
        for child, letter in letters.items():
            if self.moves(child):
                slope = substitute(substitute(differentiate(plain, letter.name).value, inner), back)
                terms.append(times(slope, self.derivative(child, used)))
        return added(terms)

    # -- working out -----------------------------------------------------------------------------------

    def collapsed(self, form: Form) -> Form:
        """Every sum with a δ worked out, factors that do not depend on the index in front of their sum."""

        def visit(node: Form, below: tuple[Form, ...]) -> Form:
            match node:
                case Add():
                    return added(below)
                case Mul():
                    return multiplied(*below)
                case Neg():
                    return ZERO if below[0] is ZERO else Neg(below[0])
                case Apply(name, _) if name.startswith("sum_"):
                    return summed(name[4:], below[0])
                case Div():
                    return divided(*below)
            return node if below == node.children else node.rebuild(below)

        return rewritten(fold(form, visit), lambda node: factored(collected(node)))

    def shown(self, form: Form) -> Form:
        """The form for readers: entries as letters with subscripts."""
        kept = {"delta", *(letter.name for letter in self.typed.letters), *(name.name for name in self.typed.names.values())}

        def visit(node: Form) -> Form:
            if isinstance(node, Apply) and node.name in kept and all(isinstance(arg, Sym | Num) for arg in node.args):
                return Sym(entry_name(node.name, *(str(arg) for arg in node.args)))
            return node

        return rewritten(form, visit)

    # -- numbers for the indices -----------------------------------------------------------------------

    def written_out(self, form: Form, entries: Entries, places: dict[str, int]) -> Form:
        """The form with its sums written out for given sizes, the free indices being numbers."""
        match form:
            case Apply(name, (body,)) if name.startswith("sum_"):
                index = name[4:]
                count = entries.sizes[self.range_of(index, body)]
                return total(self.written_out(body, entries, {**places, index: k}) for k in range(1, count + 1))
            case Apply("delta", (one, other)):
                return ONE if places[str(one)] == places[str(other)] else ZERO
            case Apply(name, indices) if indices:
                return self._numbered(name, [places[str(index)] for index in indices], entries)
        if not form.children:
            return form
        return rewritten(form.rebuild(tuple(self.written_out(child, entries, places) for child in form.children)), numbers)

    def _numbered(self, name: str, indices: list[int], entries: Entries) -> Form:
        rows, _ = self.typed.shape(Sym(name))
        return entries.of(Sym(name), *(indices if rows != UNIT else (1, *indices)))

    def check(self, form: Form) -> None:
        """Raises `RequestError` where it cannot be seen over how many entries a sum goes."""
        for node in nodes(form):
            if isinstance(node, Apply) and node.name.startswith("sum_"):
                self.range_of(node.name[4:], node.args[0])

    def range_of(self, index: str, body: Form) -> str:
        """The size over which an index runs: that of any entry in which it stands."""
        for node in nodes(body):
            if isinstance(node, Apply) and Sym(index) in node.args and not node.name.startswith("sum_"):
                place = node.args.index(Sym(index))
                if node.name != "delta":
                    return [size for size in self.typed.shape(Sym(node.name)) if size != UNIT][place]
                other = str(node.args[1 - place])
                if other in self.place:
                    return [size for size in self.typed.letter(self.variable).shape if size != UNIT][self.place.index(other)]
        raise RequestError("indices", f"the index {index} stands in no entry")


def _with(factors: tuple[Form, ...], place: int, value: Form) -> Form:
    return times(*factors[:place], value, *factors[place + 1 :])
