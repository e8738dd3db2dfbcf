"""Algebra in which the order of factors counts: transposes, products with their numbers in front, sums collected.

(AB)ᵀ = BᵀAᵀ, (Aᵀ)ᵀ = A, a number is its own transpose (Magnus and Neudecker, *Matrix Differential Calculus*,
chapter 1). Numbers commute, so the laws of `tutor.algebra` do their part; what they must not look into, such as
xᵀAx, is a letter to them meanwhile.

>>> from tutor.calculus.matrices.shapes import understood
>>> typed = understood("x^T A x + b^T x").typed
>>> from tutor import read
>>> str(Algebra(typed).transposed(read("2*A*x")))
'2*x^T*A^T'
>>> str(Algebra(typed).collected(read("A*x + A^T*x + 2*b - b")))
'(A + A^T)*x + b'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.algebra.tidy import tidied
from tutor.calculus.matrices.letters import IDENTITY, TRANSPOSE, UNIT
from tutor.calculus.matrices.typed import Typed
from tutor.form.tree import ONE, TWO, ZERO, Add, Apply, Call, Const, Div, Form, Mul, Neg, Num, Pow, Root, Sym, product, total
from tutor.form.walk import fold, substitute
from tutor.form.write import is_differential


@dataclass(frozen=True, slots=True)
class Term:
    """A number in front, and the factors that do not commute."""

    coefficient: Form
    factors: tuple[Form, ...]


class Algebra:
    """The algebra over the letters of one expression."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.is_number = typed.is_number
        self._transposed: dict[Form, Form] = {}

    # -- transposes ------------------------------------------------------------------------------------

    def transposed(self, form: Form) -> Form:
        """The transpose, pushed inward as far as it makes nothing longer."""
        found = self._transposed.get(form)
        if found is None:
            found = self._transposed[form] = self._turned(form)
        return found

    def _turned(self, form: Form) -> Form:
        if self.is_number(form) or self.is_symmetric(form):
            return form
        match form:
            case Pow(base, exponent) if exponent is TRANSPOSE:
                return base
            case Mul(factors):
                numbers = [factor for factor in factors if self.is_number(factor)]
                others = [self.transposed(factor) for factor in reversed(factors) if not self.is_number(factor)]
                return Mul((*numbers, *others))
            case Neg(inner):
                return Neg(self.transposed(inner))
            case Div(top, bottom):
                return Div(self.transposed(top), bottom)
            case Add(terms) if any(_is_transpose(term) or self.is_symmetric(term) for term in terms):
                return Add(tuple(self.transposed(term) for term in terms))
        return Pow(form, TRANSPOSE)

    def is_symmetric(self, form: Form) -> bool:
        """Whether a form is its own transpose by its looks."""
        match form:
            case Sym(name):
                return form is IDENTITY or name in self.typed.symmetric
            case Mul(factors):
                wide = [factor for factor in factors if not self.is_number(factor)]
                return [self.transposed(factor) for factor in reversed(wide)] == wide
            case Add(terms):
                return not any(isinstance(term, Add) for term in terms) and {self.transposed(term) for term in terms} == set(terms)
        return isinstance(form, Apply) and form.name == "diag"

    # -- products --------------------------------------------------------------------------------------

    def times(self, *forms: Form) -> Form:
        """The product with its numbers in front, brackets of products opened and the identity dropped."""
        return self.written(self.term(Mul(forms) if len(forms) > 1 else forms[0]))

    def term(self, form: Form) -> Term:
        """A form that is no sum, as one number and a chain of factors."""
        match form:
            case Mul(factors):
                return self.chained(factors)
            case Neg(inner):
                below = self.term(inner)
                return Term(Neg(below.coefficient), below.factors)
            case Div(top, bottom) if not self.is_number(form) or isinstance(top, Mul):
                below = self.term(top)
                return Term(Div(below.coefficient, bottom), below.factors)
            case Pow(base, exponent) if exponent is TRANSPOSE and isinstance(base, Mul | Neg | Div):
                return self.term(self.transposed(base))
        return Term(form, ()) if self.is_number(form) else Term(ONE, (form,))

    def chained(self, factors: Iterable[Form]) -> Term:
        """The numbers of a product in front of the rest; a row up to the next column is a number too, as the bᵀx of a bᵀx."""
        numbers: list[Form] = []
        made: list[tuple[Form, ...]] = []
        chain: list[Form] = []
        for factor in factors:
            below = self.term(factor)
            numbers.append(below.coefficient)
            if self.is_number(factor):
                made.extend([below.factors] if below.factors else [])
            else:
                chain.extend(below.factors)
        rest, inner = self.numbers_in([factor for factor in chain if factor is not IDENTITY] or chain[:1])
        made += inner
        if not rest and made:
            rest = next((group for group in made if any(is_differential(factor) for factor in group)), made[0] if len(made) == 1 else ())
            made = [group for group in made if group is not rest]
        return Term(product(number for number in (*numbers, *map(Mul, made)) if number is not ONE), tuple(rest))

    def numbers_in(self, chain: list[Form]) -> tuple[tuple[Form, ...], list[tuple[Form, ...]]]:
        """What stays of a chain, and the numbers in it: each from a row to the next column."""
        rest: list[Form] = []
        numbers: list[tuple[Form, ...]] = []
        begin: int | None = None
        for factor in chain:
            rows, columns = self.typed.shape(factor)
            begin = len(rest) if rows == UNIT else begin
            rest.append(factor)
            if columns == UNIT and begin is not None:
                numbers.append(tuple(rest[begin:]))
                del rest[begin:]
                begin = None
        return tuple(rest), numbers

    def written(self, term: Term) -> Form:
        """A term as a form: −2λ x, x/‖x‖; the differential of a number stands at the end."""
        number = self.number(term.coefficient)
        moving = next((part for part in _factors(number) if is_differential(part) and self.is_number(part)), None)
        if moving is not None:
            rest = self.written(Term(product(part for part in _factors(number) if part is not moving), term.factors))
            return moving if rest is ONE else Mul((*_factors(rest), moving))
        if not term.factors or number is ZERO:
            return number
        return self._in_front(number, term.factors)

    def _in_front(self, number: Form, factors: tuple[Form, ...]) -> Form:
        """A tidy number in front of a chain, its sign outside, a plain fraction as a fraction of the chain."""
        match number:
            case Neg(inner):
                return Neg(self._in_front(inner, factors))
            case Div(Num() | Sym() as top, bottom) if top is ONE or not isinstance(bottom, Num):
                return Div(self._in_front(top, factors), bottom)
            case Mul(numbers) if all(self.is_number(part) for part in numbers):
                return Mul((*numbers, *factors))
        return product(factors) if number is ONE else Mul((number, *factors))

    def number(self, form: Form) -> Form:
        """A number tidied by the laws of commuting letters."""
        plain, parts = self.plain(form)
        return substitute(tidied(plain)[0], {name: part for part, name in _by_name(parts)})

    def plain(self, form: Form, squares: bool = False) -> tuple[Form, dict[Form, Sym]]:
        """A number as a form in which each part that is made of vectors is a letter: λ(xᵀx)² is λu².

        With `squares`, ‖x‖² is such a part too, and not the square of one.
        """
        parts: dict[Form, Sym] = {}

        def visit(node: Form, below: tuple[Form, ...]) -> Form:
            if not self.is_number(node):
                return node
            if not (squares and is_squared_norm(node)) and _commutes(node) and all(self.is_number(child) for child in node.children):
                return node if below == node.children else node.rebuild(below)
            return parts.setdefault(node, Sym(f"u_{len(parts) + 900}"))

        return fold(form, visit), parts

    # -- sums ------------------------------------------------------------------------------------------

    def terms(self, form: Form) -> list[Term]:
        """The terms of a sum, each as a number and a chain."""
        match form:
            case Add(terms):
                return [term for part in terms for term in self.terms(part)]
            case Neg(Add() as inner):
                return [Term(Neg(term.coefficient), term.factors) for term in self.terms(inner)]
            case Mul(factors) | Div(Mul(factors), _) if self.is_number(form) and all(self.is_number(factor) for factor in factors):
                return [Term(form, ())]
        return [self.term(form)]

    def collected(self, form: Form) -> Form:
        """A sum with equal chains added up, and chains that differ in one factor put together: Ax + Aᵀx = (A + Aᵀ)x."""
        sums: dict[tuple[Form, ...], list[Form]] = {}
        for term in self.terms(form):
            sums.setdefault(term.factors, []).append(term.coefficient)
        terms = [Term(self.number(total(numbers)), factors) for factors, numbers in sums.items()]
        terms = self._grouped([term for term in terms if term.coefficient is not ZERO])
        return total(self.written(term) for term in terms)

    def _grouped(self, terms: list[Term]) -> list[Term]:
        done: list[Term] = []
        for term in terms:
            for place, other in enumerate(done):
                both = self._together(other, term)
                if both is not None:
                    done[place] = both
                    break
            else:
                done.append(term)
        return done

    def _together(self, one: Term, other: Term) -> Term | None:
        """A x + B x as (A + B) x, p xᵀ − y xᵀ as (p − y) xᵀ; chains of one factor stay as they are."""
        if len(one.factors) != len(other.factors) or len(one.factors) < 2:
            return None
        different = [place for place, pair in enumerate(zip(one.factors, other.factors, strict=True)) if pair[0] is not pair[1]]
        negative = self.number(Neg(one.coefficient)) is other.coefficient
        if len(different) != 1 or not (negative or one.coefficient is other.coefficient):
            return None
        place = different[0]
        last = other.factors[place]
        first = one.factors[place].children if isinstance(one.factors[place], Add) else (one.factors[place],)
        middle = self.collected(Add((*first, Neg(last) if negative else last)))
        return Term(one.coefficient, (*one.factors[:place], middle, *one.factors[place + 1 :]))


def is_squared_norm(form: Form) -> bool:
    """Whether a form is ‖u‖²."""
    return isinstance(form, Pow) and form.exponent is TWO and isinstance(form.base, Apply) and form.base.name == "norm"


def _is_transpose(form: Form) -> bool:
    return isinstance(form, Pow) and form.exponent is TRANSPOSE


def _commutes(node: Form) -> bool:
    return isinstance(node, Num | Sym | Const | Add | Neg | Mul | Div | Pow | Root | Call)


def _factors(form: Form) -> tuple[Form, ...]:
    return form.factors if isinstance(form, Mul) else (form,)


def _by_name(parts: dict[Form, Sym]) -> list[tuple[Form, str]]:
    return [(part, name.name) for part, name in parts.items()]
