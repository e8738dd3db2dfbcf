"""Rational functions at one point, modulo a prime: a difference there proves that they differ.

Where no denominator vanishes modulo p, an identity over the rationals holds modulo p as well. So two different remainders are a
proof, whatever the size of exponents and coefficients: (x − a)^5999 and (x − a)^6000 differ, although near a both are smaller
than any ball. Equal remainders prove nothing here (Schwartz 1980 and Zippel 1979 bound the chance).

>>> from tutor import read
>>> differ_modulo(read("y - (x-a)^5999"), read("y - (x-a)^6000")), differ_modulo(read("(x+1)^2"), read("x^2 + 2x + 1"))
(True, False)
"""

from __future__ import annotations

from hashlib import sha256

from tutor.form.numerals import integer
from tutor.form.tree import Add, Div, Form, Mul, Neg, Num, Pow, Sym
from tutor.form.walk import fold

_PRIME = 2**61 - 1


def differ_modulo(left: Form, right: Form) -> bool:
    """Whether two rational functions surely differ; False also where a side is none, or a denominator vanishes here."""
    memo: dict[Form, int | None] = {}
    one, other = (fold(side, _residue, memo) for side in (left, right))
    return one is not None and other is not None and one != other


def _residue(node: Form, parts: tuple[int | None, ...]) -> int | None:
    if isinstance(node, Pow):
        power = integer(node.exponent)
        base = parts[0]
        return None if power is None or base is None or (power <= 0 and base == 0) else pow(base, power, _PRIME)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    match node:
        case Num():
            return node.digits * pow(10, -node.places, _PRIME) % _PRIME
        case Sym(name):
            return int.from_bytes(sha256(name.encode()).digest(), "big") % _PRIME
        case Add():
            return sum(known) % _PRIME
        case Mul():
            found = 1
            for part in known:
                found = found * part % _PRIME
            return found
        case Neg():
            return -known[0] % _PRIME
        case Div():
            return known[0] * pow(known[1], -1, _PRIME) % _PRIME if known[1] else None
    return None


__all__ = ["differ_modulo"]
