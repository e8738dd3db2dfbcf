"""Sums over indices: written, put together, and worked out where a δ leaves one term.

An entry is `Apply("A", (i, j))`, a sum `Apply("sum_i", (body,))`, δᵢₖ is `Apply("delta", (i, k))`. Everything here is a
number, so factors commute: numbers stand first, then entries, brackets, and sums last.

>>> i, k = Sym("i"), Sym("k")
>>> x_i, a_i = Apply("x", (i,), (0,)), Apply("a", (i,), (0,))
>>> str(summed("i", multiplied(a_i, delta(i, k)))), str(summed("i", multiplied(Num(2), x_i)))
('a(k)', '2*sum_i(x(i))')
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.tidy import tidied
from tutor.form.numerals import rational
from tutor.form.tree import ONE, ZERO, Add, Apply, Div, Form, Mul, Neg, Num, Pow, Sym, product, total
from tutor.form.walk import rewritten, substitute


def sum_over(index: str, body: Form) -> Form:
    """Σ over an index, as it is written."""
    return Apply(f"sum_{index}", (body,), (0,))


def delta(one: Form, other: Form) -> Form:
    """δᵢₖ; δᵢᵢ is 1."""
    return ONE if one is other else Apply("delta", (one, other), (0, 0))


def added(terms: Iterable[Form]) -> Form:
    """A sum without its zeros, sums in it opened."""
    found: list[Form] = []
    for term in terms:
        if term is not ZERO and not (isinstance(term, Neg) and term.operand is ZERO):
            found.extend(term.terms if isinstance(term, Add) else (term,))
    return total(found)


def times(*factors: Form) -> Form:
    """A product in the written order: 0 where a factor is 0, and without factors 1."""
    if ZERO in factors:
        return ZERO
    flat = [part for factor in factors if factor is not ONE for part in (factor.factors if isinstance(factor, Mul) else (factor,))]
    return product(flat)


def multiplied(*factors: Form) -> Form:
    """A product of numbers: signs and numbers first, equal entries as powers, then entries, brackets, sums."""
    flat: list[Form] = []
    negative = False
    stack = list(reversed(factors))
    while stack:
        part = stack.pop()
        if isinstance(part, Mul):
            stack.extend(reversed(part.factors))
        elif isinstance(part, Neg):
            negative = not negative
            stack.append(part.operand)
        elif part is not ONE:
            flat.append(part)
    if ZERO in flat:
        return ZERO
    fractions = [part for part in flat if isinstance(part, Div) and rational(part) is None]
    if fractions:
        flat = [part for part in flat if part not in fractions]
        top = multiplied(*flat, *(part.numerator for part in fractions))
        whole: Form = divided(top, multiplied(*(part.denominator for part in fractions)))
        return Neg(whole) if negative else whole
    plain = [part for part in flat if rational(part) is not None]
    number = rewritten(product(plain), numbers) if len(plain) > 1 else product(plain)
    others = sorted(_powers([part for part in flat if rational(part) is None]), key=_rank)
    found = product([*([number] if number is not ONE or not others else []), *others])
    return Neg(found) if negative else found


def _rank(factor: Form) -> int:
    return 2 if _is_sum(factor) else 0 if isinstance(factor, Apply | Sym) or (isinstance(factor, Pow) and isinstance(factor.base, Apply | Sym)) else 1


def _is_sum(form: Form) -> bool:
    return isinstance(form, Apply) and form.name.startswith("sum_")


def _powers(factors: list[Form]) -> list[Form]:
    """xᵢ xᵢ as xᵢ²; sums are left alone."""
    counts: dict[Form, int] = {}
    for factor in factors:
        counts[factor] = counts.get(factor, 0) + 1
    return [Pow(factor, Num(count)) if count > 1 and not isinstance(factor, Pow) else product([factor] * count) for factor, count in counts.items()]


def summed(index: str, body: Form) -> Form:
    """Σ over an index, worked out as far as δ allows."""
    letter = Sym(index)
    if body is ZERO:
        return ZERO
    if isinstance(body, Neg):
        inner = summed(index, body.operand)
        return Neg(inner)
    if isinstance(body, Add):
        return added(summed(index, term) for term in body.terms) if _has_delta(body) else sum_over(index, body)
    if isinstance(body, Div) and not _uses(body.denominator, letter):
        return divided(summed(index, body.numerator), body.denominator)
    factors = body.factors if isinstance(body, Mul) else (body,)
    for place, factor in enumerate(factors):
        other = _partner(factor, letter)
        if other is not None:
            rest = multiplied(*(part for k, part in enumerate(factors) if k != place))
            return substitute(rest, {index: other})
    for place, factor in enumerate(factors):
        others = [part for k, part in enumerate(factors) if k != place]
        if isinstance(factor, Add) and (_has_delta(factor) or (_is_mixed(factor, letter) and any(_uses(other, letter) for other in others))):
            return added(summed(index, multiplied(term, *others)) for term in factor.terms)
    outside = [factor for factor in factors if not _uses(factor, letter)]
    inside = [factor for factor in factors if _uses(factor, letter)]
    if not inside:
        return sum_over(index, body)
    return multiplied(*outside, sum_over(index, multiplied(*inside)))


def _uses(form: Form, letter: Sym) -> bool:
    return letter.name in form.free


def _partner(factor: Form, letter: Sym) -> Form | None:
    """The other index of a δ with this index."""
    if isinstance(factor, Apply) and factor.name == "delta" and letter in factor.args:
        return factor.args[1] if factor.args[0] is letter else factor.args[0]
    return None


def _has_delta(form: Form) -> bool:
    """Whether a δ is a factor of a term."""
    if isinstance(form, Neg | Mul | Add):
        return any(_has_delta(child) for child in form.children)
    return isinstance(form, Apply) and form.name == "delta"


def _is_mixed(form: Add, letter: Sym) -> bool:
    """Whether some terms hold an index and others do not: Σᵢ yᵢ (s − zᵢ) is s Σᵢ yᵢ − Σᵢ yᵢ zᵢ."""
    return len({_uses(term, letter) for term in form.terms}) == 2


def divided(top: Form, bottom: Form) -> Form:
    """A fraction, shortened by the laws of numbers: 2xₖ/(2√s) is xₖ/√s."""
    if top is ZERO or bottom is ONE:
        return top
    if isinstance(top, Neg):
        return Neg(divided(top.operand, bottom))
    plain, inner = frozen(Div(top, bottom))
    return substitute(tidied(plain)[0], inner) if rational(Div(top, bottom)) is None else Div(top, bottom)


def frozen(form: Form) -> tuple[Form, dict[str, Form]]:
    """The form with each entry and each sum as a letter, so that the laws of numbers may look at it."""
    names: dict[Form, Sym] = {}

    def down(node: Form) -> Form:
        if isinstance(node, Apply):
            return names.setdefault(node, Sym(f"v_{900 + len(names)}"))
        return node.rebuild(tuple(down(child) for child in node.children)) if node.children else node

    return down(form), {name.name: node for node, name in names.items()}


def collected(form: Form) -> Form:
    """A sum with equal terms added up."""
    if not isinstance(form, Add):
        return form
    sums: dict[Form, list[Form]] = {}
    for term in form.terms:
        bare = term.operand if isinstance(term, Neg) else term
        factors = bare.factors if isinstance(bare, Mul) else (bare,)
        count = 1 if rational(factors[0]) is not None else 0
        number = factors[0] if count else ONE
        sums.setdefault(product(factors[count:]), []).append(Neg(number) if isinstance(term, Neg) else number)
    if len(sums) == len(form.terms):
        return form
    return added(multiplied(rewritten(total(each), numbers), rest) for rest, each in sums.items())


def factored(form: Form) -> Form:
    """A sum with the factors that all terms share in front: pᵢ δᵢⱼ − pᵢ pⱼ is pᵢ (δᵢⱼ − pⱼ)."""
    if not isinstance(form, Add):
        return form
    signs = [isinstance(term, Neg) for term in form.terms]
    bare = [term.operand if isinstance(term, Neg) else term for term in form.terms]
    lists = [list(term.factors) if isinstance(term, Mul) else [term] for term in bare]
    common = [factor for factor in dict.fromkeys(lists[0]) if not isinstance(factor, Num | Div) and all(factor in others for others in lists)]
    common = [factor for factor in common if not _is_sum(factor)]
    if not common:
        return form
    if isinstance(lists[0][0], Num) and all(others[0] is lists[0][0] for others in lists):
        common.insert(0, lists[0][0])
    for others in lists:
        for factor in common:
            others.remove(factor)
    inner = [Neg(product(rest)) if sign else product(rest) for rest, sign in zip(lists, signs, strict=True)]
    return multiplied(*common, Add(tuple(inner)))
