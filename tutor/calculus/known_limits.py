"""Difference quotients that lead to a limit from a short list: sine, cosine, tangent, powers, logarithms.

The inside is linear, u = a·x + b. An addition theorem or a law of powers splits off what does not contain h, and one of
sin(t)/t → 1, (cos(t) − 1)/t → 0, (bᵗ − 1)/t → ln b, ln(1 + t)/t → 1 for t → 0 is left (Stewart, *Calculus*, sections 3.3 and 3.6).

>>> from tutor import read
>>> lines, known = by_known_limits(read("sin(x)"), "x", read("x"), read("(sin(x + h) - sin(x))/h"), "h")
>>> for line in lines:
...     print(f"{line.law:10}", line.after)
addition   (sin(x)*cos(h) + cos(x)*sin(h) - sin(x))/h
group      sin(x)*((cos(h) - 1)/h) + cos(x)*(sin(h)/h)
>>> [(str(one.form), str(one.value)) for one in known]
[('sin(h)/h', '1'), ('(cos(h) - 1)/h', '0')]
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.monomial import Monomial, collected, monomial, terms
from tutor.algebra.polynomial import expanded_terms, reduced_fraction
from tutor.algebra.tidy import Rewrite, tidied
from tutor.calculus.points import value_at
from tutor.form.tree import ONE, ZERO, Add, Call, Const, Div, Form, Mul, Neg, Num, Pow, Root, Sym, product, total
from tutor.form.walk import nodes, rewritten, substitute

_ROOTS = frozenset((2, 3))


@dataclass(frozen=True, slots=True)
class Known:
    """A limit that is known: `form` tends to `value` for h → 0; `law` names it."""

    law: str
    form: Form
    value: Form


def by_known_limits(
    function: Form, variable: str, place: Form, quotient: Form, step: str
) -> tuple[list[Rewrite], list[Known]] | None:
    """The lines that bring out a known limit, and which; None where the function is no multiple of one of a linear inside."""
    found = _linear(function, variable, place, step)
    if found is None:
        return None
    match found.outer:
        case Call("sin" | "cos" as name, _):
            return _by_addition(found, name, quotient, step)
        case Call("tan", _):
            return _by_sine_of_difference(found, quotient, step)
        case Pow(base, _):
            return _by_powers(found, base, quotient, step)
        case Call("ln", _):
            return _by_logarithm(found, quotient, step)
    return None


@dataclass(frozen=True, slots=True)
class _Linear:
    """factor · outer(slope·x + …) with the inside `start` at the place, moved by `way` = slope·h."""

    factor: Form
    outer: Form
    inside: Form
    slope: Form
    start: Form
    way: Form


def _linear(function: Form, variable: str, place: Form, step: str) -> _Linear | None:
    """The function as a constant times one function of a linear inside, or None."""
    mono = monomial(function)
    moving = [(base, power) for base, power in mono.powers.items() if variable in base.free or (isinstance(power, Form) and variable in power.free)]
    if len(moving) != 1:
        return None
    (base, power), = moving
    rest = Monomial(mono.coefficient, mono.decimal, {other: share for other, share in mono.powers.items() if other is not base}).form()
    outer: Form = base
    if isinstance(power, Form):
        outer, inside = Pow(base, power), power
        if variable in base.free:
            return None
    elif power == 1 and isinstance(base, Call) and base.name == "log" and variable not in base.args[1].free:
        inside = base.args[0]
        outer, rest = Call("ln", (inside,)), fraction(rest, Call("ln", (base.args[1],)))
    elif power == 1 and isinstance(base, Call) and len(base.args) == 1:
        inside = base.args[0]
    else:
        return None
    slope = _slope(inside, variable)
    if slope is None:
        return None
    start = settled(substitute(inside, {variable: place})) if not place.free else substitute(inside, {variable: place})
    return _Linear(rest, outer, inside, slope, start, settled(Mul((slope, Sym(step)))))


def _slope(inside: Form, variable: str) -> Form | None:
    """The constant a of a·x + b."""
    flat = expanded_terms(inside)
    if flat is None:
        return None
    found: list[Form] = []
    for term in collected(flat).children if isinstance(collected(flat), Add) else (collected(flat),):
        mono = monomial(term)
        powers = {base: power for base, power in mono.powers.items() if variable in base.free or (isinstance(power, Form) and variable in power.free)}
        if powers == {Sym(variable): 1}:
            found.append(fraction(term, Sym(variable)))
        elif powers:
            return None
    return total(found) if found else None


def _by_addition(one: _Linear, name: str, quotient: Form, step: str) -> tuple[list[Rewrite], list[Known]]:
    """sin(u + k) = sin(u) cos(k) + cos(u) sin(k), cos(u + k) = cos(u) cos(k) − sin(u) sin(k)."""
    h, way = Sym(step), one.way
    sine, less = Call("sin", (way,)), Add((Call("cos", (way,)), Neg(ONE)))
    at = {other: _number(Call(other, (one.start,))) for other in ("sin", "cos")}
    same, other = (at["sin"], at["cos"]) if name == "sin" else (at["cos"], Neg(at["sin"]))
    lines: list[Rewrite] = []
    current = quotient
    if one.start is not ZERO:
        opened = _sum(_join(same, less.terms[0]), _join(other, sine), _join(Neg(ONE), same))
        current = add_line(lines, current, over(_join(one.factor, opened), h), "addition")

    def grouped(slope: Form, below: Form) -> Form:
        return _join(one.factor, _sum(_join(slope, same, Div(less, below)), _join(slope, other, Div(sine, below))))

    current = add_line(lines, current, grouped(ONE, h), "group")
    if way is not h:
        current = add_line(lines, current, grouped(one.slope, way), "stretch")
    known = [Known("sine", Div(sine, way), ONE), Known("cosine", Div(less, way), ZERO)]
    return lines, [part for part in known if any(node is part.form for node in nodes(current))]


def _by_sine_of_difference(one: _Linear, quotient: Form, step: str) -> tuple[list[Rewrite], list[Known]]:
    """tan(u + k) − tan(u) = sin(k)/(cos(u + k) cos(u))."""
    h, way = Sym(step), one.way
    sine, ends = Call("sin", (way,)), [Call("cos", (_moved(one.start, way),)), _number(Call("cos", (one.start,)))]
    bottom = product(end for end in ends if end is not ONE)
    lines: list[Rewrite] = []
    current = add_line(lines, quotient, over(_join(one.factor, sine), Mul((h, *factors_of(bottom)))), "tangent")
    current = add_line(lines, current, _join(one.factor, Div(ONE, bottom), Div(sine, h)), "group")
    if way is not h:
        add_line(lines, current, _join(one.factor, one.slope, Div(ONE, bottom), Div(sine, way)), "stretch")
    return lines, [Known("sine", Div(sine, way), ONE)]


def _moved(start: Form, way: Form) -> Form:
    return way if start is ZERO else Add((*terms(start), way))


def factors_of(form: Form) -> tuple[Form, ...]:
    """The factors of a product, or the form as its only factor.

    >>> from tutor import read
    >>> [str(part) for part in factors_of(read("2x"))]
    ['2', 'x']
    """
    return form.factors if isinstance(form, Mul) else (form,)


def _by_powers(one: _Linear, base: Form, quotient: Form, step: str) -> tuple[list[Rewrite], list[Known]]:
    """b^(u + k) = b^u · b^k."""
    h, way = Sym(step), one.way
    front = _number(Pow(base, one.start)) if one.start is not ZERO else ONE
    less = Add((Pow(base, way), Neg(ONE)))
    lines: list[Rewrite] = []
    current = quotient
    if front is not ONE:
        opened = _sum(_join(front, less.terms[0]), _join(Neg(ONE), front))
        current = add_line(lines, current, over(_join(one.factor, opened), h), "power_law")
    current = add_line(lines, current, _join(one.factor, front, Div(less, h)), "group")
    if way is not h:
        current = add_line(lines, current, _join(one.factor, one.slope, front, Div(less, way)), "stretch")
    value: Form = ONE if base is Const("e") else Call("ln", (base,))
    return lines, [Known("exponential" if value is ONE else "power", Div(less, way), value)]


def _by_logarithm(one: _Linear, quotient: Form, step: str) -> tuple[list[Rewrite], list[Known]]:
    """ln(u + k) − ln(u) = ln(1 + k/u)."""
    h = Sym(step)
    share = settled(Div(one.way, one.start))
    inside = Call("ln", (Add((ONE, share)),))
    lines: list[Rewrite] = []
    current = add_line(lines, quotient, rewritten(quotient, _as_natural), "change_base")
    if one.start is not ONE:
        ratio = Call("ln", (Div(_moved(one.start, one.way), one.start),))
        current = add_line(lines, current, over(_join(one.factor, ratio), h), "logarithm_law")
        current = add_line(lines, current, over(_join(one.factor, inside), h), "divide_inside")
    one_over = Div(inside, share)
    law = "stretch" if share is not h else "group"
    current = add_line(lines, current, _join(one.factor, settled(Div(one.slope, one.start)), one_over), law)
    return lines, [Known("logarithm", one_over, ONE)]


def _as_natural(node: Form) -> Form:
    """log_b(u) = ln(u)/ln(b)."""
    match node:
        case Call("log", (inside, base)):
            return Div(Call("ln", (inside,)), Call("ln", (base,)))
    return node


def _number(form: Form) -> Form:
    """A known value such as cos(π/2) = 0; any other form stays."""
    if form.free:
        return form
    return value_at(form, {}).exact or form


def _join(*parts: Form) -> Form:
    """The product of what stands in front, as one coefficient, and of the last part."""
    *front, last = parts
    if ZERO in parts:
        return ZERO
    outside = monomial(product(front)).form(_ROOTS)
    if outside is ONE:
        return last
    if isinstance(outside, Neg):
        return negated(_join(outside.operand, last))
    return Mul((*factors_of(outside), *factors_of(last)))


def _sum(*parts: Form) -> Form:
    return total(part for part in parts if part is not ZERO)


# -- small things that the other ways use too --------------------------------------------------------


def add_line(lines: list[Rewrite], before: Form, after: Form, law: str) -> Form:
    """One more line, where something changed; the form as it is now."""
    if after is not before:
        lines.append(Rewrite(before, after, law))
    return after


def over(top: Form, bottom: Form) -> Form:
    """top/bottom with its minus sign in front."""
    return Neg(Div(top.operand, bottom)) if isinstance(top, Neg) else Div(top, bottom)


def fraction(top: Form, bottom: Form) -> Form:
    """top/bottom with powers put together; cube roots stay roots."""
    return monomial(Div(top, bottom)).form(_ROOTS)


def shortest_value(form: Form) -> Form:
    """A limit in its final form: a number exactly, anything else tidied, as one fraction where that is shorter."""
    if not form.free:
        return value_at(form, {}).exact or settled(form)
    tidy = settled(form)
    fraction = reduced_fraction(tidy)
    return fraction if fraction is not None and fraction.size < 0.8 * tidy.size else tidy


def settled(form: Form) -> Form:
    """Tidied; cube roots stay roots, which exist on both sides of 0."""
    value = tidied(rewritten(form, numbers))[0]
    if not any(isinstance(node, Root) and node.index is Num(3) for node in nodes(form)):
        return value
    return rewritten(value, _as_root)


def _as_root(node: Form) -> Form:
    match node:
        case Pow(base, Div(Num() as top, Num(3, 0) as index)):
            return Root(base if top is ONE else Pow(base, top), index)
    return node


def negated(form: Form) -> Form:
    """−form, without two signs."""
    return form.operand if isinstance(form, Neg) else Neg(form)
