"""Solving one equation as it is done by hand, each step with its name, and with a claim that it changes nothing.

Moving and dividing, a common factor, a product that is zero where a factor is, the quadratic formula, a
rational root split off, a fraction that is zero where its top is, powers, exponentials, logarithms, sines and cosines
undone. What these cannot do is left to SymPy by the caller. A value may hold a letter for "any integer".

>>> from tutor import read
>>> found = solve_one(read("e^(-x) - x*e^(-x)"), "x")
>>> [remark.id for remark in found.remarks], [str(value) for value in found.values]
(['factor', 'never', 'isolate'], ['1'])
>>> [str(value) for value in solve_one(read("3x^2 - 3"), "x").values], solve_one(read("x^5 - x - 1"), "x")
(['-1', '1'], None)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

from tutor.algebra.laws.sums import expanded, factor
from tutor.algebra.monomial import Exponent, Monomial, collected, monomial, power_form, terms, whole
from tutor.calculus.optima.numbers import compare, sign_of, tidy, value_of
from tutor.calculus.optima.polynomial import Coefficients, coefficients, divided, rational_roots, written
from tutor.calculus.optima.said import Case, Remark, compared, equals, is_zero
from tutor.calculus.optima.signs import span
from tutor.calculus.worked import Claim, equal
from tutor.form.numerals import number
from tutor.form.tree import ONE, PI, TWO, ZERO, Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Relation, Root, Sym, product, sqrt, total
from tutor.form.walk import nodes, substitute

FAMILY = ("n", "m", "k")
"""Letters for "any integer", the first that is free is taken."""
_DEEPEST = 8
_ODD = frozenset(("sinh", "tanh", "atan", "asinh", "asin", "atanh", "erf"))
"""Functions that are zero at 0 and nowhere else."""


@dataclass(frozen=True)
class Roots:
    """All solutions of an equation with the remarks that lead there; `every`: each number is one."""

    remarks: tuple[Remark, ...]
    values: tuple[Form, ...]
    every: bool = False


def solve_one(form: Form, letter: str, families: Sequence[str] = FAMILY, depth: int = 0, conditions: Sequence[Form] = ()) -> Roots | None:
    """All real solutions of form = 0 where the conditions hold; None where the steps by hand do not reach.

    The conditions only help to see that a factor is never zero: solutions outside of them may be among the values.
    """
    if depth > _DEEPEST or not form.free <= {letter}:
        return None
    if letter not in form.free:
        return _without_letter(form)
    if isinstance(form, Sym):
        return Roots((), (ZERO,))
    here = _Equation(form, letter, tuple(families), depth, tuple(conditions))
    for way in (_fraction, _isolated, _product, _polynomial):
        found = way(here)
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class _Equation:
    """form = 0 for a letter."""

    form: Form
    letter: str
    families: tuple[str, ...]
    depth: int
    conditions: tuple[Form, ...] = ()

    def solved(self, form: Form) -> Roots | None:
        """The solutions of another equation in the same letter."""
        return solve_one(form, self.letter, self.families, self.depth + 1, self.conditions)

    def then(self, form: Form, *remarks: Remark) -> Roots | None:
        """The solutions of what the equation has become, behind these remarks."""
        rest = self.solved(form)
        return None if rest is None else replace(rest, remarks=(*remarks, *rest.remarks))


def _without_letter(form: Form) -> Roots | None:
    sign = sign_of(form)
    if sign is None:
        return None
    return Roots((), (), every=True) if sign == 0 else Roots((Remark("contradiction", {"form": form}, (is_zero(form),), (nonzero(form, sign),)),), ())


def nonzero(form: Form, sign: int, conditions: Sequence[Form] = ()) -> Claim:
    """The claim that a form has this sign."""
    return Claim(compared(form, ">" if sign > 0 else "<", ZERO), "sign", tuple(conditions) if form.free else ())


# -- fractions and products --------------------------------------------------------------------------


def as_fraction(form: Form, letters: frozenset[str]) -> tuple[Form, Form]:
    """The form as top and bottom, in which the letters stand without negative powers.

    >>> from tutor import read
    >>> [str(part) for part in as_fraction(read("1 - 1/x^2"), frozenset("x"))]
    ['x^2 - 1', 'x^2']
    """
    parts = [monomial(term) for term in terms(form)]
    below: dict[Form, Fraction] = {}
    for part in parts:
        for base, power in part.powers.items():
            if not isinstance(power, Form) and power < 0 and base.free & letters:
                below[base] = max(below.get(base, Fraction(0)), Fraction(-power))
    if not below:
        return form, ONE
    tops = [_raised(part, below) for part in parts]
    return tidy(total(tops)), product(power_form(base, whole(power)) for base, power in below.items())


def _raised(part: Monomial, below: dict[Form, Fraction]) -> Form:
    powers: dict[Form, Exponent] = dict(part.powers)
    for base, power in below.items():
        before = powers.pop(base, 0)
        if isinstance(before, Form):
            powers[base] = before
        elif before + power:
            powers[base] = whole(Fraction(before + power))
    return Monomial(part.coefficient, part.decimal, powers).form()


def _fraction(here: _Equation) -> Roots | None:
    top, bottom = as_fraction(here.form, frozenset((here.letter,)))
    if bottom is ONE:
        return None
    joined = Div(top, bottom)
    said = [Remark("common_denominator", {}, (is_zero(joined),), (equal(here.form, joined, "common_denominator"),))]
    if isinstance(here.form, Div):
        said = []
    if not top.free:
        sign = sign_of(top)
        return Roots((*said, Remark("fraction_never", {"top": top}, (), (nonzero(top, sign),))), ()) if sign else None
    found = here.then(top, *said, Remark("fraction", {"top": top}, (is_zero(top),)))
    if found is None or any(value.free for value in found.values):
        return None
    signs = [sign_of(substitute(bottom, {here.letter: value})) for value in found.values]
    if None in signs:
        return None
    dropped = [value for value, sign in zip(found.values, signs, strict=True) if not sign]
    kept = tuple(value for value, sign in zip(found.values, signs, strict=True) if sign)
    notes = tuple(Remark("bottom_zero", {"point": equals(Sym(here.letter), value)}) for value in dropped)
    return Roots((*found.remarks, *notes), kept)


def factors_of(form: Form) -> tuple[Form, list[tuple[Form, Exponent]]]:
    """The form with its common factor taken out, and its bases with their powers (numbers left out)."""
    taken = factor(form, also_numbers=True) if isinstance(form, Add) else form
    return taken, list(monomial(taken).powers.items())


def _product(here: _Equation) -> Roots | None:
    taken, bases = factors_of(here.form)
    coefficient = monomial(taken).coefficient
    if len(bases) < 2 and coefficient == 1 and bases and bases[0][1] == 1:
        return None
    said = () if taken is here.form else (Remark("factor", {}, (is_zero(taken),), (equal(here.form, taken, "factor"),)),)
    open_bases, never = split_never(bases, here.conditions)
    notes = (*said, *never)
    if not open_bases:
        return Roots(notes, ())
    if any(isinstance(power, Form) for _, power in open_bases):
        return None
    if len(open_bases) == 1:
        (base, power), = open_bases
        if base is here.form:
            return None
        plain = Remark("power" if power != 1 else "divide", {"base": base}, (is_zero(base),))
        return here.then(base, *notes) if power == 1 and isinstance(base, Add) and never else here.then(base, *notes, plain)
    return _cases(here, [base for base, _ in open_bases], notes)


def split_never(bases: Sequence[tuple[Form, Exponent]], conditions: Sequence[Form] = ()) -> tuple[list[tuple[Form, Exponent]], tuple[Remark, ...]]:
    """The factors that can be zero, and remarks about those that cannot."""
    open_bases: list[tuple[Form, Exponent]] = []
    never: list[Remark] = []
    for base, power in bases:
        written_factor = Pow(base, power) if isinstance(power, Form) else base
        low, high = span(written_factor, conditions)
        if low <= 0 <= high:
            open_bases.append((base, power))
        elif written_factor.free:
            plain = span(written_factor)
            given = tuple(conditions) if plain[0] <= 0 <= plain[1] else ()
            never.append(Remark("never", {"factor": written_factor, "given": given}, (), (nonzero(written_factor, low or high, conditions),)))
    return open_bases, tuple(never)


def _cases(here: _Equation, bases: Sequence[Form], notes: tuple[Remark, ...]) -> Roots | None:
    cases: list[Case] = []
    values: list[Form] = []
    for base in bases:
        found = here.solved(base)
        if found is None or found.every:
            return None
        cases.append(Case((is_zero(base),), found.remarks))
        values += found.values
    return Roots((*notes, Remark("product", {}, cases=tuple(cases))), in_order(values))


def in_order(values: Sequence[Form]) -> tuple[Form, ...]:
    """Each value once; numbers the smallest first."""
    once: list[Form] = []
    for value in values:
        if not any(value is other or (not (value.free or other.free) and compare(value, other) == 0) for other in once):
            once.append(value)
    if any(value.free for value in once):
        return tuple(once)
    from tutor.calculus.optima.numbers import approximate

    return tuple(sorted(once, key=approximate))


# -- one term with the letter ------------------------------------------------------------------------


def _isolated(here: _Equation) -> Roots | None:
    """a·h(x) + b = 0: move b, divide by a, undo h."""
    moving = [term for term in terms(here.form) if here.letter in term.free]
    if len(moving) != 1 or len(terms(here.form)) < 2:
        return None if here.form is not moving[0] else _undone_alone(here)
    term = moving[0]
    rest = total(part for part in terms(here.form) if part is not term)
    scale, core = _scaled(term, here.letter)
    if core is None:
        return None
    target = _number(Div(Neg(rest), scale))
    if target is None:
        return None
    lines = [equals(term, _number(Neg(rest)) or Neg(rest)), equals(core, target)]
    claim = equal(here.form, Mul((scale, Add((core, Neg(target))))), "isolate")
    found = _undone(here, core, target)
    if found is None:
        return None
    return replace(found, remarks=(Remark("isolate", {"scale": scale}, tuple(dict.fromkeys(lines)), (claim,)), *found.remarks))


def _undone_alone(here: _Equation) -> Roots | None:
    """h(x) = 0 or a·h(x) = 0 for one function h, such as sin(x)."""
    scale, core = _scaled(here.form, here.letter)
    if not isinstance(core, Call) or core.name == "abs":
        return None
    found = _undone(here, core, ZERO)
    if found is None or scale is ONE:
        return found
    return replace(found, remarks=(Remark("divide", {"base": core}, (is_zero(core),), (equal(here.form, Mul((scale, core)), "divide"),)), *found.remarks))


def _number(form: Form) -> Form | None:
    """A number without letters in its shortest form; with an integer's letter in it, tidied."""
    return tidy(form) if form.free else value_of(form)


def _scaled(term: Form, letter: str) -> tuple[Form, Form | None]:
    """a·h as a and h, where h is one power or function of the letter; h is None where it is more than that."""
    mono = monomial(term)
    inside = {base: power for base, power in mono.powers.items() if letter in base.free or (isinstance(power, Form) and letter in power.free)}
    outside = {base: power for base, power in mono.powers.items() if base not in inside}
    if len(inside) != 1:
        return ONE, None
    return Monomial(mono.coefficient, mono.decimal, outside).form(), Monomial(1, False, inside).form()


def _undone(here: _Equation, core: Form, target: Form) -> Roots | None:
    """core = target, with the outermost operation of core undone."""
    match core:
        case Sym():
            return Roots((), (target,))
        case Pow(base, Num(digits, 0)) if digits > 1:
            return _power_undone(here, base, digits, target)
        case Root(base, Num(digits, 0)):
            return _root_undone(here, base, digits, target)
        case Pow(base, exponent) if not base.free and (base is E or sign_of(base) == 1):
            return _exponential_undone(here, core, base, exponent, target)
        case Call("ln", (inner,)):
            return _set(here, [inner], [_number(Pow(E, target))], Remark("logarithm", {"form": core}))
        case Call("abs", (inner,)) if not target.free:
            return _modulus_undone(here, core, inner, target)
        case Call("sign", _) if target is ZERO:
            return Roots((Remark("sign_never", {"form": core}),), ())
        case Call(name, (inner,)) if name in _ODD and target is ZERO:
            return _set(here, [inner], [ZERO], Remark("only_at_zero", {"form": core}))
        case Call("sin" | "cos" | "tan" as name, (inner,)) if not target.free and here.families:
            return _angle_undone(here, name, core, inner, target)
    return None


def _set(here: _Equation, inner: Sequence[Form], values: Sequence[Form | None], remark: Remark) -> Roots | None:
    """inner = one of the values: solve each."""
    if None in values:
        return None
    some = [value for value in values if value is not None]
    lines = tuple(equals(form, value) for form, value in zip(inner, some, strict=True))
    found: list[Roots] = []
    for form, value in zip(inner, some, strict=True):
        one = Roots((), (value,)) if form is Sym(here.letter) else _solved_for(here, form, value)
        if one is None:
            return None
        found.append(one)
    values_found = in_order([value for one in found for value in one.values])
    said = replace(remark, lines=lines)
    if len(found) == 1:
        return Roots((said, *found[0].remarks), values_found)
    if all(not one.remarks for one in found):
        return Roots((said,), values_found)
    return Roots((replace(said, cases=tuple(Case((line,), one.remarks) for line, one in zip(lines, found, strict=True)), lines=()),), values_found)


def _solved_for(here: _Equation, form: Form, value: Form) -> Roots | None:
    """form = value, where the value may hold the letter of a family."""
    if not value.free:
        return here.solved(tidy(Add((form, Neg(value)))) if value is not ZERO else form)
    values = coefficients(form, here.letter)
    if values is None or len(values) != 2:
        return None
    moved = tidy(collected(terms(expanded(tidy(Div(Add((value, Neg(number(values[0])))), number(values[1])))) or value)))
    lines = (equals(Sym(here.letter), moved),)
    return Roots((Remark("solve_for", {"letter": Sym(here.letter)}, lines, (equal(substitute(form, {here.letter: moved}), value, "solve_for"),)),), (moved,))


def _power_undone(here: _Equation, base: Form, power: int, target: Form) -> Roots | None:
    sign = sign_of(target) if not target.free else None
    if sign is None:
        return None
    exponent = Num(power)
    if sign == 0:
        return _set(here, [base], [ZERO], Remark("power", {"base": base}))
    size = target if sign > 0 else value_of(Neg(target))
    root = value_of(sqrt(size) if power == 2 else Root(size, exponent)) if size is not None else None
    if root is None:
        return None
    if power % 2:
        return _set(here, [base], [root if sign > 0 else value_of(Neg(root))], Remark("odd_power", {"power": exponent}))
    if sign < 0:
        return Roots((Remark("even_power_never", {"form": Pow(base, exponent), "target": target}, (), (nonzero(target, -1),)),), ())
    return _set(here, [base, base], [value_of(Neg(root)), root], Remark("even_power", {"power": exponent}))


def _root_undone(here: _Equation, base: Form, index: int, target: Form) -> Roots | None:
    sign = sign_of(target) if not target.free else None
    if sign is None:
        return None
    if sign < 0 and not index % 2:
        return Roots((Remark("root_never", {"form": Root(base, Num(index)), "target": target}, (), (nonzero(target, -1),)),), ())
    return _set(here, [base], [value_of(Pow(target, Num(index)))], Remark("root", {"power": Num(index)}))


def _exponential_undone(here: _Equation, core: Form, base: Form, exponent: Form, target: Form) -> Roots | None:
    sign = sign_of(target) if not target.free else None
    if sign is None:
        return None
    if sign <= 0:
        return Roots((Remark("exponential_never", {"form": core, "target": target}, (), (nonzero(core, 1),)),), ())
    if base is ONE or sign_of(Add((base, Neg(ONE)))) == 0:
        return None
    value = value_of(Call("ln", (target,)) if base is E else Div(Call("ln", (target,)), Call("ln", (base,))))
    return _set(here, [exponent], [value], Remark("exponential", {"form": core}))


def _modulus_undone(here: _Equation, core: Form, inner: Form, target: Form) -> Roots | None:
    sign = sign_of(target)
    if sign is None:
        return None
    if sign < 0:
        return Roots((Remark("modulus_never", {"form": core, "target": target}, (), (nonzero(target, -1),)),), ())
    return _set(here, [inner, inner] if sign else [inner], [value_of(Neg(target)), target] if sign else [ZERO], Remark("modulus", {"form": core}))


def _angle_undone(here: _Equation, name: str, core: Form, inner: Form, target: Form) -> Roots | None:
    """sin u = t and its like: one or two families, a turn (or half a turn) apart."""
    family = Sym(here.families[0])
    half, turn = Mul((PI, family)), Mul((TWO, PI, family))
    if name == "tan":
        return _set(here, [inner], [_plus(value_of(Call("atan", (target,))), half)], Remark("tangent", {"form": core, "family": family}))
    if target is ZERO:
        start: Form = ZERO if name == "sin" else Div(PI, TWO)
        return _set(here, [inner], [_plus(start, half)], Remark(f"{name}_zero", {"family": family}))
    inside = sign_of(Add((Pow(target, TWO), Neg(ONE))))
    if inside is None:
        return None
    if inside > 0:
        return Roots((Remark("angle_never", {"form": core, "target": target}, (), (nonzero(Add((Pow(target, TWO), Neg(ONE))), 1),)),), ())
    first = value_of(Call("asin" if name == "sin" else "acos", (target,)))
    if first is None:
        return None
    second = value_of(Add((PI, Neg(first))) if name == "sin" else Neg(first))
    starts = [first] if inside == 0 else [first, second]
    return _set(here, [inner] * len(starts), [_plus(one, turn) for one in starts], Remark("angle", {"form": core, "family": family}))


def _plus(start: Form | None, step: Form) -> Form | None:
    return None if start is None else step if start is ZERO else Add((start, step))


# -- polynomials -------------------------------------------------------------------------------------


def _polynomial(here: _Equation) -> Roots | None:
    values = coefficients(here.form, here.letter)
    if values is None or len(values) < 2:
        return None
    decimal = any(isinstance(node, Num) and node.places for node in nodes(here.form))
    flat = written(values, here.letter, decimal=decimal)
    if flat is not here.form and len(terms(flat)) != len(terms(here.form)):
        return here.then(flat, Remark("expand", {}, (is_zero(flat),), (equal(here.form, flat, "expand"),)))
    if len(values) == 3:
        return _quadratic(here, values, decimal)
    return _rational(here, values, decimal) or _in_a_power(here, values)


def _quadratic(here: _Equation, values: Coefficients, decimal: bool) -> Roots | None:
    """ax² + bx + c = 0 by the quadratic formula."""
    c, b, a = values
    discriminant = b * b - 4 * a * c
    written_a, written_b, written_c, written_d = (number(value, decimal=decimal) for value in (a, b, c, discriminant))
    x = Sym(here.letter)
    inside = Add((Pow(written_b, TWO), Neg(Mul((Num(4), written_a, written_c)))))
    line = Relation((Sym("D"), inside, written_d), ("=", "="))
    claims = [equal(inside, written_d, "discriminant")]
    said = {"a": written_a, "b": written_b, "c": written_c, "discriminant": written_d}
    if discriminant < 0:
        claims.append(nonzero(here.form, 1 if a > 0 else -1))
        return Roots((Remark("no_real_root", said, (line,), tuple(claims)),), ())
    root = number(-b / (2 * a), decimal=decimal) if not discriminant else None
    if root is not None:
        claims.append(equal(here.form, Mul((written_a, Pow(Add((x, Neg(root))), TWO))), "quadratic"))
        return Roots((Remark("double_root", said, (line, equals(x, root)), tuple(claims)),), (root,))
    roots, formulas = [], []
    for sign in (-1, 1):
        exact = _rational_root(discriminant)
        formula = Div(Add((_turned(written_b), sqrt(written_d) if sign > 0 else Neg(sqrt(written_d)))), Mul((TWO, written_a)))
        value = number((-b + sign * exact) / (2 * a), decimal=decimal) if exact is not None else value_of(formula)
        if value is None:
            return None
        roots.append(value)
        claims.append(equal(formula, value, "formula"))
        formulas.append(Relation((x, formula, value), ("=", "=")))
    found = in_order(roots)
    claims.append(equal(here.form, Mul((written_a, Add((x, Neg(found[0]))), Add((x, Neg(found[1]))))), "quadratic"))
    return Roots((Remark("quadratic", said, (line, *(formulas if found[0] is roots[0] else reversed(formulas))), tuple(claims)),), found)


def _turned(form: Form) -> Form:
    """−b, without two signs."""
    return form.operand if isinstance(form, Neg) else form if form is ZERO else Neg(form)


def _rational_root(value: Fraction) -> Fraction | None:
    from math import isqrt

    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(top, bottom) if top * top == value.numerator and bottom * bottom == value.denominator else None


def _rational(here: _Equation, values: Coefficients, decimal: bool) -> Roots | None:
    """Rational roots split off: the rest has a lower degree."""
    found = rational_roots(values)
    if not found:
        return None
    x = Sym(here.letter)
    rest, factors = list(values), []
    for root in found:
        count = 0
        while len(rest) > 1 and not (parts := divided(rest, [-root, Fraction(1)]))[1]:
            rest, count = parts[0], count + 1
        bracket = x if not root else Add((x, Neg(number(root)))) if root > 0 else Add((x, number(-root)))
        factors.append(bracket if count == 1 else Pow(bracket, Num(count)))
    left = written(rest, here.letter, decimal=decimal)
    split = product([*([] if left is ONE else [left]), *factors]) if not left.free else product([*factors, left])
    said = Remark("split", {"roots": tuple(equals(x, number(root)) for root in found)}, (is_zero(split),), (equal(here.form, split, "split"),))
    inside = here.solved(left) if left.free else Roots((), ())
    if inside is None:
        return None
    low, high = span(left)
    notes: list[Remark] = []
    if left.free and (low > 0 or high < 0):
        notes.append(Remark("never", {"factor": left, "given": ()}, (), (nonzero(left, low or high),)))
    elif left.free:
        notes.append(Remark("rest", {}, (is_zero(left),)))
        notes += inside.remarks
    return Roots((said, *notes), in_order([*map(number, found), *inside.values]))


def _in_a_power(here: _Equation, values: Coefficients) -> Roots | None:
    """x⁴ − 4x² + 1 = 0 is a quadratic equation in u = x²."""
    common = gcd(*(power for power, value in enumerate(values) if value and power))
    if common < 2:
        return None
    name = next(name for name in ("u", "v", "w") if name != here.letter)
    inner = written(values[::common], name)
    found = solve_one(inner, name, (), here.depth + 1)
    if found is None or len(values[::common]) < 3:
        return None
    power = Pow(Sym(here.letter), Num(common))
    said = Remark("substitute", {"letter": Sym(name), "power": power}, (equals(Sym(name), power), is_zero(inner)),
                  (equal(here.form, substitute(inner, {name: power}), "substitute"),))  # fmt: skip
    cases: list[Case] = []
    roots: list[Form] = []
    for value in found.values:
        one = _power_undone(here, Sym(here.letter), common, value)
        if one is None:
            return None
        cases.append(Case((equals(power, value),), one.remarks))
        roots += one.values
    back = (Remark("undo", {"letter": Sym(name)}, cases=tuple(cases)),) if cases else ()
    return Roots((said, *found.remarks, *back), in_order(roots))
