"""The points of an equation's curve: which letters move, and what the equation makes shorter.

On the curve left = right both sides may take each other's place. A sum P above or below a fraction line is
divided by F = (left − right)·(denominators): P = q·F + r, so that P = r on the curve. That every replacement is
a multiple of the equation is what is claimed.

>>> from tutor import read
>>> curve = curve_of(read("x^2 + y^2 = 25"))
>>> (line, replacement), = curve.shorter(read("-(y^2 + x^2)/y^3"))
>>> str(line.after), str(replacement.before), str(replacement.after), str(replacement.multiple)
('-25/y^3', 'y^2 + x^2', '25', '1')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from tutor.algebra.laws.arithmetic import number_product
from tutor.algebra.monomial import collected, monomial, terms
from tutor.algebra.polynomial import expanded_terms, lowest_terms, one_fraction, remainders
from tutor.algebra.tidy import Rewrite
from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import ONE, ZERO, Add, Apply, Call, Form, Mul, Neg, Num, Pow, Relation, Sym
from tutor.form.walk import fold, nodes, rewritten, substitute


@dataclass(frozen=True, slots=True)
class Replacement:
    """On the curve `before` is `after`: their difference is `multiple` times (left − right) of the equation."""

    before: Form
    after: Form
    multiple: Form


@dataclass(frozen=True)
class Curve:
    """An equation with the letter that moves and the one that depends on it; `chosen`: the letters were chosen here."""

    equation: Relation
    variable: str
    of: str
    chosen: bool = False

    @property
    def left(self) -> Form:
        """The left side."""
        return self.equation.operands[0]

    @property
    def right(self) -> Form:
        """The right side."""
        return self.equation.operands[1]

    @property
    def constants(self) -> tuple[str, ...]:
        """The letters that stand for constants."""
        return tuple(sorted(self.equation.free - {self.variable, self.of}))

    @cached_property
    def function(self) -> Form:
        """F = left − right; the curve is where it is zero."""
        return self.left if self.right is ZERO else Add((*terms(self.left), Neg(self.right)))

    @property
    def unknown(self) -> Apply:
        """The other letter as a function: y(x)."""
        return self.derivative(0)

    def derivative(self, order: int) -> Apply:
        """y′(x), y″(x), …"""
        return Apply(self.of, (Sym(self.variable),), (order,))

    def lifted(self, form: Form) -> Form:
        """The form with y as a function y(x)."""
        return substitute(form, {self.of: self.unknown})

    def plain(self, form: Form) -> Form:
        """The form with y(x) as the letter y; y′(x) stays."""
        return rewritten(form, lambda node: Sym(self.of) if node is self.unknown else node)

    # -- shorter by the equation ---------------------------------------------------------------------

    def shorter(self, form: Form) -> list[tuple[Rewrite, Replacement]]:
        """Lines that use the equation, each with the replacement that it makes; none where nothing fits."""
        found = []
        for _ in range(2):
            step = self._step(form)
            if step is None or self.weight(step[0].after) >= self.weight(form):
                break
            found.append(step)
            form = step[0].after
        return found

    def _step(self, form: Form) -> tuple[Rewrite, Replacement] | None:
        top, bottom = one_fraction(form)
        tries: list[tuple[Rewrite, Replacement]] = []
        for part in (*_sums(top), top, *_sums(bottom), bottom):
            replacement = self._replacement(part)
            if replacement is not None:
                above, below = (exchanged_part(side, replacement) for side in (top, bottom))
                if below is not ZERO and (above is not top or below is not bottom):
                    tries.append((Rewrite(form, lowest_terms(above, below), "curve"), replacement))
        return min(tries, key=lambda one: self.weight(one[0].after), default=None)

    def _replacement(self, part: Form) -> Replacement | None:
        """The shortest remainder of a part."""
        tries = [Replacement(part, rest, number_product(Mul((multiple, self._cleared[1])))) for multiple, rest in remainders(part, self._cleared[0])]
        best = min(tries, key=lambda one: self.weight(one.after), default=None)
        return best if best is not None and best.after.size < 1.5 * part.size else None

    def weight(self, form: Form) -> int:
        """How far a form is from what one hopes for: its length, each y counting twice."""
        return length(form) + fold(form, lambda node, parts: int(node is Sym(self.of)) + sum(parts))

    @cached_property
    def _cleared(self) -> tuple[Form, Form]:
        """(left − right)·d without denominators and brackets, and d; (0, 1) where that is too long."""
        top, bottom = one_fraction(self.function)
        flat = expanded_terms(top)
        return (ZERO, ONE) if flat is None else (collected(flat), bottom)

    def squares(self, form: Form) -> Form:
        """sec²(y) as 1 + tan²(y) on a curve whose equation speaks of tan(y), and its relatives.

        >>> from tutor import read
        >>> str(curve_of(read("tan(y) = x")).squares(read("1/sec(y)^2")))
        '1/(1 + tan(y)^2)'
        """
        calls = {node for node in nodes(self.function) if isinstance(node, Call) and len(node.args) == 1}

        def change(node: Form) -> Form:
            match node:
                case Pow(Call(name, args), Num(power, 0)) if power and not power % 2 and node.base not in calls:
                    for (one, other), square in _squares().items():
                        if one == name and Call(other, args) in calls:
                            written = substitute(square, {"u": args[0]})
                            return written if power == 2 else Pow(written, Num(power // 2))
            return node

        return rewritten(form, change)


def length(form: Form) -> int:
    """The nodes of a form written out, and each digit of its numbers behind the first."""
    return fold(form, lambda node, parts: 1 + sum(parts) + (len(str(node.digits)) - 1 if isinstance(node, Num) else 0))


@cache
def _squares() -> dict[tuple[str, str], Form]:
    """A square in the other function of its pair: Pythagoras."""
    table = {
        ("sec", "tan"): "1 + tan(u)^2", ("csc", "cot"): "1 + cot(u)^2", ("cos", "sin"): "1 - sin(u)^2", ("sin", "cos"): "1 - cos(u)^2",
        ("cosh", "sinh"): "1 + sinh(u)^2", ("sinh", "cosh"): "cosh(u)^2 - 1", ("sech", "tanh"): "1 - tanh(u)^2",
    }  # fmt: skip
    return {pair: read(square) for pair, square in table.items()}


def _sums(form: Form) -> Iterator[Form]:
    """The brackets among the factors."""
    return (base for base in monomial(form).powers if isinstance(base, Add) and base is not form)


def exchanged_part(side: Form, replacement: Replacement) -> Form:
    """A numerator or denominator with the replacement made in it."""
    return rewritten(side, lambda node: replacement.after if node is replacement.before else node)


# -- what is asked for -------------------------------------------------------------------------------


def curve_of(form: Form, variable: str | None = None, of: str | None = None) -> Curve:
    """The curve of an equation; y as a function of x unless other letters are named or there.

    Raises `RequestError` for what is no equation, and where it is not clear which letter depends on which.
    """
    equation = _equation(form)
    letters = sorted(equation.free, key=lambda letter: (letter.lower(), letter))
    for name, flag in ((variable, "--wrt"), (of, "--of")):
        if name is not None and name not in letters:
            raise RequestError("variable", f"the equation has no letter {name}", advice=f"Its letters are {', '.join(letters) or 'none'}: name one of them with {flag}.")
    if len(letters) < 2:
        raise RequestError("variable", f"an equation of two letters is needed; this one has {'only ' + letters[0] if letters else 'none'}", advice="Write it as x^2 + y^2 = 25.")
    if variable is not None and variable == of:
        raise RequestError("variable", f"{variable} cannot depend on itself", advice="Name two different letters with --wrt and --of.")
    chosen = variable is None and of is None and not {"x", "y"} <= set(letters)
    return Curve(equation, *_pair(letters, variable, of), chosen)


def _pair(letters: list[str], variable: str | None, of: str | None) -> tuple[str, str]:
    """The letter that moves, and the one that depends on it."""
    if variable is not None and of is not None:
        return variable, of
    named = variable or of
    others = [letter for letter in letters if letter != named]
    if named is None:
        pair = ["x", "y"] if {"x", "y"} <= set(letters) else letters if len(letters) == 2 else None
        if pair is not None:
            return pair[0], pair[1]
    else:
        usual = "y" if of is None else "x"
        other = others[0] if len(others) == 1 else usual if usual in others else None
        if other is not None:
            return (named, other) if of is None else (other, named)
    raise RequestError(
        "variable", f"the equation has several letters: {', '.join(letters)}",
        advice=f"Say which one depends on which, such as --wrt {others[0]} --of {others[1]}." if named is None
        else f"Say also {'which one depends on it, such as --of ' if of is None else 'which one moves, such as --wrt '}{others[0]}.",
    )  # fmt: skip


def _equation(form: Form) -> Relation:
    if isinstance(form, Relation) and form.operators == ("=",):
        if any(isinstance(node, Relation) for side in form.operands for node in nodes(side)):
            raise RequestError("equation", "an equation stands inside an equation", advice="Give one equation without cases, such as x^2 + y^2 = 25.")
        return form
    if isinstance(form, Relation):
        raise RequestError("equation", "one equation with one = is needed here, no inequality and no chain", advice="Write it as x^2 + y^2 = 25.")
    raise RequestError("equation", "this is no equation: there is no = in it", advice=f"Say what it equals, such as {_short(form)} = 1.")


def _short(form: Form) -> str:
    return str(form) if form.size <= 40 else "x^2 + y^2"
