"""Form requirements: is an answer, which is equal to the key, also written as the author asked?

They look at what is written, the `Form`, not at what it means: x(x + 1) is not expanded, x² + x is not factored. Each
check says what is missing (and at which part), never how to do it. The names: expanded, factored, single_fraction,
lowest_terms, no_negative_exponents, rationalised, simplified, same (as the key, up to order and signs), or a pattern such as
"a*x + b", whose letters that the key does not have stand for numbers.

>>> from tutor import read
>>> [lacking(requirement(name, read("x")), read("x*(x + 1)/2")) is None for name in ("factored", "expanded", "single_fraction", "a*x + b")]
[True, False, True, False]
>>> lack = lacking(requirement("factored", read("x")), read("x^3 - x"))
>>> lack.mistake, lack.message
('form.factored', 'The value is right. Can x^3 - x be written as a product?')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tutor.algebra.factors import factored, shared_factor
from tutor.algebra.laws import LARGE
from tutor.algebra.laws.sums import expanded, factor
from tutor.algebra.monomial import collected, monomial
from tutor.algebra.monomial import terms as terms_of
from tutor.algebra.tidy import tidied
from tutor.calculus.conditions import NOT_NEGATIVE, POSITIVE, sign
from tutor.errors import ReadError, RequestError
from tutor.exposition.phrases import PHRASES
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    Call,
    Const,
    Div,
    Form,
    Interval,
    Listing,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Root,
    Sym,
    product,
)
from tutor.form.walk import nodes, rewritten
from tutor.grading.pattern import fits, flattened, product_of, same_shape
from tutor.grading.verdict import Finding

CREDIT = 0.5
"""What an answer earns, unless the author says otherwise, that is equal to the key but not in the form."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing: a sentence of `forms.yaml`, and the part that it is about."""

    sentence: str
    part: Form | None = None


Check = Callable[[Form], Lack | None]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A form that is asked for: its name, and the check of one expression or of a whole answer."""

    name: str
    check: Check
    whole: bool = False


def requirement(text: str, key: Form) -> Requirement:
    """The requirement of this name, or with this pattern. Raises `RequestError` for what is neither."""
    name = text.strip().lower().replace(" ", "_").replace("-", "_").replace("ized", "ised")
    if name in FORMS:
        return FORMS[name]
    if name == "same":
        return Requirement("same", lambda form: None if same_shape(form, key) else Lack("same"), whole=True)
    try:
        pattern = read(text)
    except ReadError as fault:
        raise _unknown(text) from fault
    letters = pattern.free - key.free
    if not letters or isinstance(pattern, Sym | Apply) or any(len(letter) > 1 and "_" not in letter for letter in letters):
        raise _unknown(text)
    return Requirement("pattern", lambda form: None if fits(pattern, form, letters) else Lack("pattern", pattern), whole=True)


def _unknown(text: str) -> RequestError:
    names = ", ".join((*FORMS, "same"))
    return RequestError("form", f"no form is called {text!r}", advice=f'Use one of {names}, or a pattern such as "a*x + b".')


def lacking(wanted: Requirement, answer: Form) -> Finding | None:
    """What an answer lacks of the form, or None. Lists and equations have it when each part has it."""
    for part in (answer,) if wanted.whole else _parts(wanted, answer):
        lack = wanted.check(part)
        if lack is not None:
            return Finding(f"form.{wanted.name}", PHRASES.say(f"forms.{lack.sentence}", {"part": lack.part}), lack.part)
    return None


def _parts(wanted: Requirement, answer: Form) -> Iterator[Form]:
    if wanted.name == "simplified" and isinstance(answer, Relation):
        yield answer
    elif isinstance(answer, Listing | Relation | Interval):
        for child in answer.children:
            yield from _parts(wanted, child)
    else:
        yield answer


# -- expanded ----------------------------------------------------------------------------------------


def is_expanded(form: Form) -> Lack | None:
    """No bracket is left that could be multiplied out, and like terms are collected."""
    for node in _arithmetic(form):
        match node:
            case Mul(factors) if any(isinstance(part, Add) for part in factors):
                return Lack("expanded", node)
            case Pow(Add(), Num(digits, 0)) if digits > 1:
                return Lack("expanded", node)
            case Neg(Add()):
                return Lack("expanded", node)
            case Div(Add(), bottom) if not bottom.free:
                return Lack("expanded", node)
            case Add():
                flat = flattened(node)
                if any(_is_bracketed(term) for term in node.terms):
                    return Lack("expanded", node)
                if flat.size <= 4 * LARGE and len(terms_of(collected(flat.children))) < len(flat.children):
                    return Lack("like_terms", node)
    return None


def _is_bracketed(term: Form) -> bool:
    """Whether a term of a sum is itself a sum: x + (x + 1), x − (x + 1)."""
    return isinstance(term, Add) or (isinstance(term, Neg) and isinstance(term.operand, Add))


def _arithmetic(form: Form) -> Iterator[Form]:
    """The nodes that sums, products, fractions and powers are made of, not those inside functions and exponents."""
    stack, done = [form], set[Form]()
    while stack:
        node = stack.pop()
        if node in done:
            continue
        done.add(node)
        yield node
        if isinstance(node, Add | Mul | Neg | Div):
            stack.extend(node.children)
        elif isinstance(node, Pow):
            stack.append(node.base)


# -- factored ----------------------------------------------------------------------------------------


def is_factored(form: Form) -> Lack | None:
    """A product of powers whose brackets cannot be split over the rational numbers, with no common number in one."""
    parts = product_of(form)
    if len(parts.above) + len(parts.below) == 1 and isinstance(parts.above[0] if parts.above else None, Add):
        return _irreducible(parts.above[0], "factored")
    for part in (*parts.above, *parts.below):
        base = part.base if isinstance(part, Pow) else part
        lack = is_factored(base) if isinstance(base, Mul | Div) else _irreducible(base, "factored_further")
        if lack is not None:
            return lack
    return None


def _irreducible(base: Form, sentence: str) -> Lack | None:
    if not isinstance(base, Add) or not base.free:
        return None
    if any(isinstance(node, Div) and node.denominator.free for node in _arithmetic(base)):
        return Lack(sentence, base)
    found = factored(_with_letters(base))
    if found is not None:
        if not found.count:
            return Lack("like_terms", base)
        return Lack(sentence, base) if found.count > 1 else Lack("common_factor", base) if found.content > 1 or _shares_fraction(base) else None
    return Lack("common_factor", base) if factor(base, also_numbers=True) is not base else None


def _with_letters(form: Form) -> Form:
    """The form with a letter in the place of each function and each power that is none of an integer: sin²x − 1 as s² − 1."""
    letters: dict[Form, Form] = {}

    def visit(node: Form) -> Form:
        if isinstance(node, Call | Apply) or (isinstance(node, Pow | Root) and node.free and not (isinstance(node, Pow) and rational(node.exponent) is not None)):
            return letters.setdefault(node, Sym(f"part_{len(letters)}"))
        return node

    return rewritten(form, visit)


def _shares_fraction(base: Add) -> bool:
    """Whether every term stands over the same number: x/2 + 1/2."""
    below = [Fraction(monomial(term).coefficient).denominator for term in base.terms]
    return min(below) > 1 and not any(monomial(term).decimal for term in base.terms)


# -- fractions ---------------------------------------------------------------------------------------


def is_single_fraction(form: Form) -> Lack | None:
    """One fraction stroke at most, and none inside a sum."""
    for node in _arithmetic(form):
        if isinstance(node, Add) and any(_has_stroke(term) for term in node.terms):
            return Lack("single_fraction", node)
    parts = [node for node in _occurrences(form) if isinstance(node, Div) or _is_below(node)]
    return Lack("single_fraction", form) if len(parts) > 1 else None


def _has_stroke(form: Form) -> bool:
    return any(isinstance(node, Div) or _is_below(node) for node in _arithmetic(form))


def _is_below(node: Form) -> bool:
    """A negative power is a fraction in disguise (e^(−x) counts as an exponential)."""
    return isinstance(node, Pow) and _negative_exponent(node) and node.base is not Const("e")


def _occurrences(form: Form, most: int = 2000) -> Iterator[Form]:
    """The nodes of `_arithmetic`, each as often as it is written."""
    stack = [form]
    while stack and most:
        most -= 1
        node = stack.pop()
        yield node
        if isinstance(node, Add | Mul | Neg | Div):
            stack.extend(node.children)
        elif isinstance(node, Pow):
            stack.append(node.base)


def is_lowest_terms(form: Form) -> Lack | None:
    """No number and no bracket divides both what stands above a fraction stroke and what stands below."""
    for node in _arithmetic(form):
        if isinstance(node, Mul | Div):
            parts = product_of(node)
            if any(part is ONE for part in parts.below):
                return Lack("lowest_terms", node)
            if parts.below and shared_factor(product(map(_whole, parts.above)), product(map(_whole, parts.below))):
                return Lack("lowest_terms", node)
    return None


def _whole(part: Form) -> Form:
    """A decimal as a letter of its own: 0.5/2 has no common divisor to speak of."""
    return Sym(f"decimal_{part.digits}") if isinstance(part, Num) and part.places else part


def has_no_negative_exponents(form: Form) -> Lack | None:
    """No x^(−2) and no x^(−n); e^(−x) is an exponential and may stay."""
    for node in nodes(form):
        if isinstance(node, Pow) and _negative_exponent(node) and (rational(node.exponent) is not None or isinstance(node.base, Sym)):
            return Lack("no_negative_exponents", node)
    return None


def _negative_exponent(node: Pow) -> bool:
    exponent = monomial(node.exponent) if not isinstance(node.exponent, Add) else None
    return exponent is not None and exponent.coefficient < 0


def is_rationalised(form: Form) -> Lack | None:
    """No root in a denominator, no root of a fraction of numbers, no negative power that is a root."""
    for node in nodes(form):
        match node:
            case Div(_, bottom) if any(_is_root(part) for part in _arithmetic(bottom)):
                return Lack("rationalised", node)
            case Root(Div(top, bottom)) if not top.free and not bottom.free:
                return Lack("rationalised", node)
            case Pow() if _is_root(node) and _negative_exponent(node):
                return Lack("rationalised", node)
    return None


def _is_root(node: Form) -> bool:
    return isinstance(node, Root) or (isinstance(node, Pow) and (power := rational(node.exponent)) is not None and power.denominator > 1)


# -- simplified --------------------------------------------------------------------------------------


def is_simplified(form: Form) -> Lack | None:
    """Our own tidying would not make it shorter: like terms collected, numbers combined, fractions in lowest terms."""
    if isinstance(form, Relation):
        return _simplified_relation(form)
    lack = _uncollected(form)
    if lack is not None:
        return lack
    shorter = tidied(form)[0]
    if max(shorter.size, _multiplied_out(shorter).size) < _plain_size(form):
        return Lack("simplified", form)
    return Lack("lowest_terms", lack.part) if (lack := is_lowest_terms(form)) is not None else None


def _plain_size(form: Form) -> int:
    """The size as it counts for comparison: brackets inside a product or a sum, and 1/x written as a power, make it no longer."""
    return rewritten(flattened(form), _upright).size


def _upright(node: Form) -> Form:
    match node:
        case Pow(base, Neg(Num() as power)):
            return Div(ONE, base if power is ONE else Pow(base, power))
    return node


def _multiplied_out(form: Form) -> Form:
    """With the common factors of its sums put back, above and below: xy + 2y is as good as y(x + 2)."""
    match form:
        case Neg(inner):
            return Neg(_multiplied_out(inner))
        case Div(top, bottom):
            return Div(_multiplied_out(top), _multiplied_out(bottom))
        case Relation() | Listing():
            return form.rebuild(tuple(map(_multiplied_out, form.children)))
    return (expanded(form) if form.size <= LARGE else None) or form


def _uncollected(form: Form) -> Lack | None:
    """What is left to do anywhere in a form: like terms, a double minus, an addend 0, a factor or divisor 1, logarithms."""
    for node in nodes(form):
        match node:
            case Add(parts):
                flat = flattened(node).children
                if ZERO in parts or (len(flat) <= LARGE and len(terms_of(collected(flat))) < len(flat)):
                    return Lack("like_terms", node)
                if sum(isinstance(_bare(term), Call) and _bare(term).name == "ln" for term in flat) > 1:  # type: ignore[attr-defined]
                    return Lack("logarithms", node)
            case Neg(Neg()):
                return Lack("simplified", node)
            case Mul(factors) if len({part.base if isinstance(part, Pow) else part for part in factors if part.free}) < sum(bool(part.free) for part in factors):
                return Lack("equal_factors", node)
            case Div(_, bottom) if bottom is ONE or any(isinstance(part, Pow) and _negative_exponent(part) for part in product_of(bottom).above):
                return Lack("simplified", node)
    return None


def _bare(term: Form) -> Form:
    return term.operand if isinstance(term, Neg) else term


def _simplified_relation(form: Relation) -> Lack | None:
    """Each side for itself; no term on both sides, no factor that divides both."""
    for side in form.operands:
        lack = is_simplified(side)
        if lack is not None:
            return lack
    if len(form.operators) > 1:
        return None
    left, right = form.operands
    terms = [set(flattened(side).children if isinstance(flattened(side), Add) else (flattened(side),)) - {ZERO} for side in (left, right)]
    if terms[0] & terms[1]:
        return Lack("both_sides", form)
    return Lack("both_sides", form) if _divisible(left, right, form.operators[0]) else None


def _divisible(left: Form, right: Form, operator: str) -> bool:
    """Whether both sides can be divided by a number or a factor; for an inequality only by one that has a known sign."""
    monos = [monomial(term) for side in (left, right) if side is not ZERO for term in terms_of(side)]
    if len(monos) > 1:
        shared = set.intersection(*(set(mono.powers) for mono in monos))
        for base in shared:
            powers = [mono.powers[base] for mono in monos]
            if operator in ("=", "!=") or sign(base) == POSITIVE:
                return True
            if all(not isinstance(power, Form) and power >= 2 for power in powers) and sign(Pow(base, Num(2))) in (POSITIVE, NOT_NEGATIVE):
                return True
    if ZERO in (left, right) and len(monos) == 1:
        return abs(Fraction(monos[0].coefficient)).numerator > 1
    return False


FORMS: dict[str, Requirement] = {
    name: Requirement(name, check) for name, check in (
        ("expanded", is_expanded), ("factored", is_factored), ("single_fraction", is_single_fraction), ("lowest_terms", is_lowest_terms),
        ("no_negative_exponents", has_no_negative_exponents), ("rationalised", is_rationalised), ("simplified", is_simplified),
    )
}  # fmt: skip
"""The named forms."""


def requirements(form: str | Iterable[str] | None, key: Form) -> tuple[Requirement, ...]:
    """One name or pattern, or several. Raises `RequestError` for one that is not known."""
    return tuple(requirement(text, key) for text in ((form,) if isinstance(form, str) else form or ()))


__all__ = ["CREDIT", "FORMS", "Lack", "Requirement", "lacking", "requirement", "requirements"]
