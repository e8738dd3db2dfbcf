"""From a text to an expression whose parts all have a shape: what adds, what multiplies, what is a norm.

`‖u‖`, `||u||`, `|u|` of a vector are its norm; a product of a row and a column in front of something that it
does not fit is a number in brackets. The sizes of the letters follow from the expression: in `A x − b` the
columns of A are as many as the entries of x.

>>> typed = understood("||A x - b||^2").typed
>>> str(typed.form), [(letter.name, letter.shape) for letter in typed.letters]
('norm(A*x - b)^2', [('A', ('m', 'n')), ('x', ('n', '1')), ('b', ('m', '1'))])
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

from tutor.calculus.matrices.letters import IDENTITY, SCALAR, TRANSPOSE, UNIT, Kinds, Letter, Shape, Sizes, letters_of, named_sizes
from tutor.calculus.matrices.typed import Typed
from tutor.calculus.request import body
from tutor.errors import RequestError
from tutor.form.numerals import integer
from tutor.form.reading import Reading, understand
from tutor.form.tokens import FUNCTION_LETTERS
from tutor.form.tree import Add, Apply, Call, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import fold

FUNCTION_NAMES = {
    "norm": "norm", "norm_2": "norm", "norm_1": "norm_1", "trace": "trace", "tr": "trace", "softmax": "softmax",
    "crossentropy": "crossentropy", "cross_entropy": "crossentropy", "logsumexp": "logsumexp",
}  # fmt: skip
"""The functions of vectors and matrices, as people write them, and the name that each is kept under."""
_ARGUMENTS = {"crossentropy": 2}
LARGEST = 250
"""Expressions with more parts than this are not taken."""
HIGHEST_POWER = 6
Part = tuple[Form, Shape]


@dataclass(frozen=True, slots=True)
class Understood:
    """A reading (its form with the norms recognised), and the function in it with the shapes of all letters."""

    reading: Reading
    typed: Typed


def understood(text: str | Reading, kinds: Kinds | None = None) -> Understood:
    """Read a text as an expression of vectors and matrices.

    Raises `ReadError`, and `RequestError` where shapes do not fit or a part has no meaning here.
    """
    kinds = kinds or Kinds()
    reading = text if isinstance(text, Reading) else understand(text, variables=kinds.named | {IDENTITY.name}, functions=FUNCTION_NAMES)
    function = body(reading.form)
    if function.size > LARGEST:
        raise RequestError("size", f"an expression of more than {LARGEST} parts", advice="Give a name to a part of it.")
    function = _without_functions(function)
    typed = shaped(function, kinds)
    form = Relation((reading.form.operands[0], typed.form), ("=",)) if isinstance(reading.form, Relation) else typed.form
    return Understood(replace(reading, form=form), typed)


def _without_functions(form: Form) -> Form:
    """H(x) and H^T(x), which the reader takes for an unknown function, as the products that are meant here."""

    def visit(node: Form, children: tuple[Form, ...]) -> Form:
        if isinstance(node, Apply) and node.name in FUNCTION_LETTERS and node.orders == (0,):
            return Mul((Sym(node.name), *children))
        if isinstance(node, Pow) and isinstance(node.base, Apply) and node.base.name in FUNCTION_LETTERS and node.exponent is TRANSPOSE:
            inner = children[0]
            return Mul((Pow(inner.children[0], TRANSPOSE), *inner.children[1:]))
        return node if children == node.children else node.rebuild(children)

    return fold(form, visit)


def shaped(form: Form, kinds: Kinds) -> Typed:
    """The expression with the sizes of its letters. Raises `RequestError` where they do not fit."""
    letters, sizes = letters_of(form, kinds), Sizes()
    shaper = _Shaper(letters, sizes)
    result, _ = fold(form, shaper.visit)
    return Typed(result, named_sizes(letters, sizes), kinds.symmetric & {letter.name for letter in letters})


class _Shaper:
    """One pass over an expression: what each part is, and which sizes are therefore equal."""

    def __init__(self, letters: tuple[Letter, ...], sizes: Sizes) -> None:
        self.letters, self.sizes = letters, sizes
        self.shapes = {letter.name: letter.shape for letter in letters}

    def visit(self, node: Form, parts: tuple[Part, ...]) -> Part:
        match node:
            case Num() | Const("e" | "pi"):
                return node, SCALAR
            case Sym(name):
                return node, self.shapes.get(name, SCALAR)
            case Add():
                return self.sum(parts)
            case Neg():
                return Neg(parts[0][0]), parts[0][1]
            case Mul():
                return self.product(parts)
            case Div():
                return self.quotient(*parts)
            case Pow():
                return self.power(*parts)
            case Root():
                return node.rebuild((self.number(parts[0], "a root"), self.number(parts[1], "an order"))), SCALAR
            case Call(name, _):
                return self.call(node, name, parts)
            case Apply(name, _, orders) if name in FUNCTION_NAMES and not any(orders):
                return self.function(FUNCTION_NAMES[name], parts)
        raise RequestError(
            "expression", f"{node} has no meaning among vectors and matrices here",
            advice="Known are sums, products, ^T, norm, norm_1, trace, softmax, crossentropy, logsumexp, and functions of numbers.",
        )  # fmt: skip

    # -- what fits -------------------------------------------------------------------------------------

    def same(self, one: Shape, other: Shape) -> bool:
        return self.sizes.joined(one[0], other[0]) and self.sizes.joined(one[1], other[1])

    def sum(self, parts: tuple[Part, ...]) -> Part:
        first = parts[0]
        for part in parts[1:]:
            if not self.same(first[1], part[1]):
                term = (part[0].operand, part[1]) if isinstance(part[0], Neg) else part
                self.misfit(f"{self.said(first)}, {self.said(term)}: they cannot be added", first, term)
        return Add(tuple(form for form, _ in parts)), first[1]

    def product(self, parts: tuple[Part, ...]) -> Part:
        """Numbers anywhere; the others in a row in which columns meet rows; a number made on the way gets brackets."""
        done: list[Part] = []
        chain: list[Part] = []
        for part in parts:
            if part[1] == SCALAR:
                done.append(part)
                continue
            if chain and not self.sizes.joined(chain[-1][1][1], part[1][0]):
                if self.whole(chain) != SCALAR:
                    self.misfit(f"{self.said(self.one(chain))}, {self.said(part)}: this product does not exist", chain[-1], part)
                done = [*(other for other in done if other not in chain), self.one(chain)]
                chain = []
            chain.append(part)
            done.append(part)
        factors = tuple(form for form, _ in done)
        return (Mul(factors) if len(factors) > 1 else factors[0]), self.whole(chain)

    def whole(self, chain: list[Part]) -> Shape:
        return (chain[0][1][0], chain[-1][1][1]) if chain else SCALAR

    def one(self, chain: list[Part]) -> Part:
        forms = tuple(form for form, _ in chain)
        return (Mul(forms) if len(forms) > 1 else forms[0]), self.whole(chain)

    def quotient(self, top: Part, bottom: Part) -> Part:
        self.number(bottom, "a divisor")
        return Div(top[0], bottom[0]), top[1]

    def power(self, base: Part, exponent: Part) -> Part:
        if exponent[0] is TRANSPOSE:
            return self.transposed(base)
        if base[1] == SCALAR:
            return Pow(base[0], self.number(exponent, "an exponent")), SCALAR
        count = integer(exponent[0])
        if UNIT in base[1]:
            self.fail(f"{self.said(base)}, and a vector has no power", "Write x^T*x or norm(x)^2 for the sum of the squares of its entries.")
        if count is None or not 1 < count <= HIGHEST_POWER or not self.sizes.joined(*base[1]):
            self.fail(f"the power {Pow(base[0], exponent[0])} of a matrix is not taken here", f"Give it a letter of its own, or a whole exponent from 2 to {HIGHEST_POWER}.")
        return Mul((base[0],) * count), base[1]

    def transposed(self, base: Part) -> Part:
        form, shape = base
        if isinstance(form, Num | Const):
            self.fail(f"{form} is a number here: it has no transpose", f"If {form} is a vector, declare it: --vectors {form}.")
        if shape == SCALAR:
            return base
        if isinstance(form, Pow) and form.exponent is TRANSPOSE:
            return form.base, shape[::-1]
        return Pow(form, TRANSPOSE), shape[::-1]

    # -- functions -------------------------------------------------------------------------------------

    def call(self, node: Call, name: str, parts: tuple[Part, ...]) -> Part:
        if name == "abs":
            form, shape = parts[0]
            if isinstance(form, Apply) and form.name == "norm":
                return parts[0]
            return (Apply("norm", (form,), (0,)), SCALAR) if shape != SCALAR else (Call("abs", (form,)), SCALAR)
        if name == "sign":
            return Call("sign", (parts[0][0],)), parts[0][1]
        return node.rebuild(tuple(self.number(part, f"what {name} is taken of") for part in parts)), SCALAR

    def function(self, name: str, parts: tuple[Part, ...]) -> Part:
        wanted = _ARGUMENTS.get(name, 1)
        if len(parts) != wanted:
            self.fail(f"{name} takes {wanted} argument{'s' * (wanted > 1)}, not {len(parts)}", "Write crossentropy(y, softmax(z))." if wanted > 1 else f"Write {name}(x).")
        form, shape = parts[0]
        if name in ("norm", "norm_1") and shape == SCALAR:
            return Call("abs", (form,)), SCALAR
        if name == "trace" and not self.sizes.joined(*shape):
            self.fail(f"{self.said(parts[0])}, and only square matrices have a trace", "Write trace(A^T*X) for the sum of the products of entries.")
        if name == "trace" and shape == SCALAR:
            return parts[0]
        if name in ("softmax", "logsumexp"):
            self.column(parts[0], name)
        if name == "crossentropy":
            self.cross_entropy(*parts)
        return Apply(name, tuple(part for part, _ in parts), (0,) * len(parts)), shape if name == "softmax" else SCALAR

    def column(self, part: Part, name: str) -> None:
        if part[1][1] != UNIT or part[1] == SCALAR:
            self.fail(f"{name} is taken of a vector, and {self.said(part)}", f"Write {name}(z) with a vector z, or {name}(W*x + b).")

    def cross_entropy(self, target: Part, guess: Part) -> None:
        self.column(target, "crossentropy")
        if not (isinstance(guess[0], Apply) and guess[0].name == "softmax"):
            self.fail(f"the second argument of crossentropy is {guess[0]}, not a softmax", "Write crossentropy(y, softmax(z)).")
        if not self.same(target[1], guess[1]):
            self.misfit(f"{self.said(target)}, {self.said(guess)}: they must have as many entries", target, guess)

    # -- errors ----------------------------------------------------------------------------------------

    def number(self, part: Part, what: str) -> Form:
        if part[1] != SCALAR:
            names = sorted(part[0].free - {TRANSPOSE.name})
            self.fail(f"{what} must be a number, and {self.said(part)}", f"If {names[0]} is a number, declare it: --scalars {names[0]}." if len(names) == 1 else "Use a norm or a product with a transpose.")
        return part[0]

    def said(self, part: Part) -> str:
        """A part and what it is, in words."""
        form, (rows, columns) = part
        names = {}
        for before, after in zip(self.letters, named_sizes(self.letters, self.sizes), strict=True):
            names.update({self.sizes.found(size): name for size, name in zip(before.shape, after.shape, strict=True)})
        rows, columns = (UNIT if size == UNIT else names[self.sizes.found(size)] for size in (rows, columns))
        if (rows, columns) == SCALAR:
            return f"{form} is a number"
        if columns == UNIT:
            return f"{form} is a vector of {rows} entries"
        return f"{form} is a row of {columns} entries" if rows == UNIT else f"{form} is a matrix, {rows} by {columns}"

    def misfit(self, message: str, one: Part, other: Part) -> NoReturn:
        """Say what does not fit; two columns side by side are the commonest case."""
        (first, shape), (second, shape_2) = one, other
        if shape[1] == shape_2[1] == UNIT and SCALAR not in (shape, shape_2):
            self.fail(message, f"Write {first}^T*{second} for the inner product, a number, or {first}*{second}^T for the outer product, a matrix.")
        if UNIT in shape and UNIT in shape_2 and SCALAR not in (shape, shape_2):
            self.fail(message, "Vectors are columns, and a raised T makes rows of them: check the transposes.")
        if SCALAR in (shape, shape_2):
            letter = next((form for form, its in (one, other) if its == SCALAR and isinstance(form, Sym)), None)
            if letter is not None:
                self.fail(message, f"If {letter} is a vector, declare it: --vectors {letter} (or --matrices {letter}).")
            self.fail(message, "A letter that is a number can be declared: --scalars.")
        number = next((one for one in self.letters if one.kind == "scalar" and not one.declared and one.name in first.free | second.free), None)
        if number is not None:
            self.fail(message, f"If {number.name} is a vector, declare it: --vectors {number.name}.")
        self.fail(message, "Check the transposes, and which letters are vectors (--vectors) and matrices (--matrices).")

    def fail(self, message: str, advice: str) -> NoReturn:
        raise RequestError("shape", message, advice=advice)
