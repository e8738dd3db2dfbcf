"""A number with its unit: 80 km/h is 22.2 m/s, and neither is 80 km.

The answer is read as mathematics in which the names of units are letters; each letter stands for an exact multiple of base
units, so conversion is exact arithmetic on fractions. The table holds the SI units, the common customary ones and money (€, $, %,
percentage points, °C as a unit of its own); a library such as pint knows hundreds more, but computes in floats unless
told otherwise and takes longer to import than a whole check may last. A wrong unit, a missing unit, and a wrong number are told apart.

>>> speed = Quantity(quantity("80 km/h"))
>>> [speed.judge(quantity(text)).outcome for text in ("80000 m/h", "200/9 m/s", "80 km", "80", "70 km/h")]
['right', 'right', 'partly', 'partly', 'wrong']
>>> [finding.mistake for text in ("80 km", "80", "80 m/s") for finding in speed.judge(quantity(text)).findings]
['unit.wrong', 'unit.missing', 'unit.scale']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.monomial import Exponent, monomial
from tutor.errors import ReadError
from tutor.form.numerals import number
from tutor.form.reading import Reading
from tutor.form.tokens import check_length
from tutor.form.tree import ONE, Add, Form, Mul, Neg, Num, Pow, Sym, product, total
from tutor.form.walk import nodes, rewritten, substitute
from tutor.grading.kinds.base import OTHER, Judgement, Names, Samples, bare, is_scalar, said, wrong
from tutor.grading.kinds.number import Number
from tutor.grading.kinds.pieces import gathered
from tutor.grading.kinds.typed import read_answer, with_times

Dimensions = Mapping[str, Fraction]
CREDIT = 0.5
"""For the right number with a wrong unit, or none."""

_BASE = ("m", "kg", "s", "A", "K", "mol", "cd", "eur", "usd", "pp", "degC", "person")
_PREFIXES = {"T": Fraction(10**12), "G": Fraction(10**9), "M": Fraction(10**6), "k": Fraction(1000), "h": Fraction(100), "d": Fraction(1, 10), "c": Fraction(1, 100),
             "m": Fraction(1, 1000), "mu": Fraction(1, 10**6), "u": Fraction(1, 10**6), "n": Fraction(1, 10**9), "p": Fraction(1, 10**12), "f": Fraction(1, 10**15)}  # fmt: skip
_ALL = "T G M k h d c m mu u n p f"
_SCALED: dict[str, tuple[Fraction, dict[str, int], str]] = {
    "m": (Fraction(1), {"m": 1}, _ALL),
    "g": (Fraction(1, 1000), {"kg": 1}, _ALL),
    "s": (Fraction(1), {"s": 1}, _ALL),
    "A": (Fraction(1), {"A": 1}, _ALL),
    "mol": (Fraction(1), {"mol": 1}, _ALL),
    "W": (Fraction(1), {"kg": 1, "m": 2, "s": -3}, _ALL),
    "J": (Fraction(1), {"kg": 1, "m": 2, "s": -2}, _ALL),
    "eV": (Fraction(1602176634, 10**28), {"kg": 1, "m": 2, "s": -2}, "T G M k m"),
    "cal": (Fraction(4184, 1000), {"kg": 1, "m": 2, "s": -2}, "k"),
    "Wh": (Fraction(3600), {"kg": 1, "m": 2, "s": -2}, "T G M k"),
    "N": (Fraction(1), {"kg": 1, "m": 1, "s": -2}, _ALL),
    "Nm": (Fraction(1), {"kg": 1, "m": 2, "s": -2}, "M k"),
    "Pa": (Fraction(1), {"kg": 1, "m": -1, "s": -2}, _ALL),
    "bar": (Fraction(10**5), {"kg": 1, "m": -1, "s": -2}, "m"),
    "Hz": (Fraction(1), {"s": -1}, _ALL),
    "C": (Fraction(1), {"A": 1, "s": 1}, _ALL),
    "V": (Fraction(1), {"kg": 1, "m": 2, "s": -3, "A": -1}, _ALL),
    "VA": (Fraction(1), {"kg": 1, "m": 2, "s": -3}, "M k"),
    "ohm": (Fraction(1), {"kg": 1, "m": 2, "s": -3, "A": -2}, "T G M k m mu u n"),
    "F": (Fraction(1), {"kg": -1, "m": -2, "s": 4, "A": 2}, _ALL),
    "H": (Fraction(1), {"kg": 1, "m": 2, "s": -2, "A": -2}, _ALL),
    "T": (Fraction(1), {"kg": 1, "s": -2, "A": -1}, "T G M k m mu u n"),
    "Wb": (Fraction(1), {"kg": 1, "m": 2, "s": -2, "A": -1}, _ALL),
    "l": (Fraction(1, 1000), {"m": 3}, _ALL),
    "L": (Fraction(1, 1000), {"m": 3}, _ALL),
}
"""Units with metric prefixes: how many base units, which, and the prefixes that are in use."""
_INCH, _POUND = Fraction(254, 10**4), Fraction(45359237, 10**8)
_PLAIN: dict[str, tuple[Fraction, dict[str, int]]] = {
    **{name: (Fraction(1), {name: 1}) for name in _BASE},
    "min": (Fraction(60), {"s": 1}), "h": (Fraction(3600), {"s": 1}), "d": (Fraction(86400), {"s": 1}), "week": (Fraction(604800), {"s": 1}),
    "t": (Fraction(1000), {"kg": 1}), "ha": (Fraction(10000), {"m": 2}), "percent": (Fraction(1, 100), {}), "ct": (Fraction(1, 100), {"eur": 1}),
    "rad": (Fraction(1), {}), "sr": (Fraction(1), {}), "kph": (Fraction(1000, 3600), {"m": 1, "s": -1}), "kmh": (Fraction(1000, 3600), {"m": 1, "s": -1}),
    "atm": (Fraction(101325), {"kg": 1, "m": -1, "s": -2}),
    "in": (_INCH, {"m": 1}), "ft": (12 * _INCH, {"m": 1}), "yd": (36 * _INCH, {"m": 1}), "mi": (63360 * _INCH, {"m": 1}),
    "mph": (63360 * _INCH / 3600, {"m": 1, "s": -1}), "lb": (_POUND, {"kg": 1}), "lbs": (_POUND, {"kg": 1}), "oz": (_POUND / 16, {"kg": 1}),
}  # fmt: skip


def _table() -> dict[str, tuple[Fraction, dict[str, int]]]:
    found = dict(_PLAIN)
    for name, (factor, base, prefixes) in _SCALED.items():
        found[name] = (factor, base)
        for prefix in prefixes.split():
            found[prefix + name] = (factor * _PREFIXES[prefix], base)
    return found


UNITS = _table()
"""A name, what it is worth in base units, and their exponents."""

_WORDS = {
    "€": "eur", "EUR": "eur", "euros": "eur", "euro": "eur", "$": "usd", "USD": "usd", "dollars": "usd", "dollar": "usd", "cents": "ct", "cent": "ct",
    "%": "percent", "per cent": "percent", "percentage points": "pp", "percentage point": "pp", "points": "pp", "per": "/",
    "hours": "h", "hour": "h", "hrs": "h", "hr": "h", "minutes": "min", "minute": "min", "mins": "min", "seconds": "s", "second": "s", "secs": "s", "sec": "s",
    "days": "d", "day": "d", "weeks": "week", "kilometres": "km", "kilometre": "km", "kilometers": "km", "kilometer": "km",
    "metres": "m", "metre": "m", "meters": "m", "meter": "m", "centimetres": "cm", "centimeters": "cm", "millimetres": "mm", "millimeters": "mm",
    "kilograms": "kg", "kilogram": "kg", "grams": "g", "gram": "g", "tonnes": "t", "tonne": "t", "watts": "W", "watt": "W", "kilowatts": "kW",
    "litres": "l", "litre": "l", "liters": "l", "liter": "l", "millilitres": "ml", "milliliters": "ml", "°C": "degC", "degrees": "degC", "degree": "degC",
    "newtons": "N", "newton": "N", "joules": "J", "joule": "J", "pascals": "Pa", "pascal": "Pa", "hertz": "Hz", "volts": "V", "volt": "V",
    "amperes": "A", "ampere": "A", "amps": "A", "amp": "A", "ohms": "ohm", "\u03a9": "ohm", "\u2126": "ohm", "coulombs": "C", "coulomb": "C", "kelvin": "K", "moles": "mol", "mole": "mol",
    "inches": "in", "inch": "in", "feet": "ft", "foot": "ft", "yards": "yd", "yard": "yd", "miles": "mi", "mile": "mi", "pounds": "lb", "pound": "lb", "ounces": "oz",
    "radians": "rad", "radian": "rad", "square metres": "m^2", "square meters": "m^2", "cubic metres": "m^3", "cubic meters": "m^3",
    "people": "person", "persons": "person", "µ": "mu", "μ": "mu",
}  # fmt: skip
_WORD = re.compile("|".join(re.escape(word) if not word.isascii() or not word[0].isalpha() else rf"(?<![A-Za-z]){word}(?![A-Za-z])" for word in sorted(_WORDS, key=len, reverse=True)))
_ALSO = re.compile(r"(?<=[a-z]) +(?=\d)")
"""2 h 30 min is a sum."""


def quantity(text: str, names: Names = frozenset()) -> Form:
    """A quantity as a form in which units are letters. Raises `ReadError`."""
    return Quantity(ONE).understood(text, names).form


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity taken apart: the number as written, what one of its unit is worth in base units, and the base units."""

    value: Form
    scale: Fraction
    dimensions: Dimensions


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit. Tolerances count in the key's unit, figures and places in the unit of the answer."""

    key: Form
    absolute: Fraction | None = None
    relative: Fraction | None = None
    figures: int | None = None
    places: int | None = None

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """The text with signs and words for units replaced. Raises `ReadError` at the place in the original."""
        check_length(text)
        plain, origin = _translated(with_times(text))
        try:
            reading = read_answer(plain, names | UNITS.keys())
        except ReadError as fault:
            start, end = fault.span
            fault.text, fault.suggestion = text, ""
            fault.span = (origin[min(start, len(plain))], origin[min(end, len(plain))])
            raise
        return gathered(text, reading.form, names=names)

    def judge(self, answer: Form) -> Judgement:
        """Right with an equal number in an equal unit; which of the two is wrong, if one is."""
        given = bare(answer)
        if not is_scalar(given):
            return wrong("kind.unit", "not_quantity")
        strangers = sorted(given.free - UNITS.keys())
        if strangers:
            return wrong("unit.unknown", "unit_unknown", name=Sym(strangers[0]))
        found, wanted = measured(given), measured(self.key)
        if found is None or wanted is None:
            return wrong("kind.unit", "not_quantity")
        if found.dimensions != wanted.dimensions or (not given.free and self.key.free):
            return self._other_unit(found, wanted, given)
        inner = self._number(wanted.value)
        if self.figures is not None or self.places is not None:  # these count in the unit of the answer
            judged = self._number(_times(wanted.value, wanted.scale / found.scale)).judge(found.value)
        else:
            judged = inner.judge(_times(found.value, found.scale / wanted.scale))
        if judged.outcome == "wrong" and found.scale != wanted.scale and inner.judge(found.value).score == 1:
            return Judgement("partly", CREDIT, judged.evidence, (said("unit.scale", "unit_scale"),))
        if judged.outcome == "wrong":
            return Judgement("wrong", 0.0, judged.evidence, (said("unit.number", "unit_number"), *judged.findings))
        return judged

    def _other_unit(self, found: Measured, wanted: Measured, given: Form) -> Judgement:
        """The unit is missing or measures something else; the number earns its part where it is right."""
        inner = self._number(wanted.value)
        judged = inner.judge(found.value)
        if not given.free:
            if wanted.dimensions == {} and self._number(_times(wanted.value, wanted.scale)).judge(found.value).score == 1:
                return Judgement("right", 1.0, judged.evidence)
            finding = said("unit.missing", "unit_missing")
        elif "pp" in wanted.dimensions and "percent" in given.free:
            finding = said("unit.points", "unit_points")
        else:
            finding = said("unit.wrong", "unit_wrong")
        if judged.outcome == "undecided":
            return judged
        score = CREDIT * judged.score
        return Judgement("partly" if score else "wrong", score, OTHER, (finding, *(judged.findings if score else (said("unit.number", "unit_number"),))))

    def _number(self, key: Form) -> Number:
        return Number(key, self.absolute, self.relative, self.figures, self.places)

    def samples(self) -> Samples:
        """The key; another number, no unit, another unit."""
        wanted = measured(self.key)
        value = wanted.value if wanted is not None else self.key
        first = Number(value, self.absolute, self.relative, self.figures, self.places).samples()
        unit = _unit_text(self.key)
        return Samples(
            (*(f"({text}) {unit}" for text in first.right if not re.search(r"=|\.\s*$", text)), f"x = {first.right[0]} {unit}", f"= ({first.right[0]}) {unit}."),
            (*(f"({text}) {unit}" for text in first.wrong[:1]), *(first.right[:1] if self.key.free else ()), f"({first.right[0]}) {unit} kg^2", "5 bananas"),
        )


def measured(form: Form) -> Measured | None:
    """Number, scale and base units of a quantity; None where the terms of a sum measure different things."""
    if isinstance(form, Add):
        parts = [measured(term) for term in form.terms]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or any(part.dimensions != known[0].dimensions for part in known):
            return None
        scale = known[0].scale
        return Measured(total(_times(part.value, part.scale / scale) for part in known), scale, known[0].dimensions)
    if isinstance(form, Neg):
        inner = measured(form.operand)
        return None if inner is None else Measured(Neg(inner.value), inner.scale, inner.dimensions)
    return _product(form)


def _product(form: Form) -> Measured | None:
    scale, dimensions = Fraction(1), dict[str, Fraction]()
    for base, power in monomial(form).powers.items():
        if isinstance(base, Sym) and base.name in UNITS:
            if isinstance(power, Form):
                return None
            factor, parts = UNITS[base.name]
            if factor != 1 and (power.denominator != 1 or abs(Fraction(power)) > 20):
                return None
            scale *= factor ** int(power) if factor != 1 else Fraction(1)
            for name, exponent in parts.items():
                dimensions[name] = dimensions.get(name, Fraction(0)) + exponent * Fraction(power)
        elif base.free or _has_units(power):
            return None
    return Measured(_written_number(form), scale, {name: power for name, power in dimensions.items() if power})


def _has_units(power: Exponent) -> bool:
    return isinstance(power, Form) and bool(power.free)


def _written_number(form: Form) -> Form:
    """The number of a product with units, as it was typed where it is one number."""
    alone = substitute(form, dict.fromkeys(form.free, ONE))
    value = rewritten(alone, numbers)
    exponents = {node.exponent for node in nodes(form) if isinstance(node, Pow)}
    typed = [node for node in nodes(form) if isinstance(node, Num) and node not in exponents]
    return typed[0] if len(typed) == 1 and isinstance(value, Num) and value.value == typed[0].value else value


def _times(value: Form, factor: Fraction) -> Form:
    return value if factor == 1 else rewritten(Mul((value, number(factor))), numbers)


def _unit_text(form: Form) -> str:
    """The unit of a quantity as text: letters with their exponents."""
    return str(product(Pow(base, number(power)) if power != 1 else base for base, power in monomial(form).powers.items()
                       if isinstance(base, Sym) and base.name in UNITS and not isinstance(power, Form)))  # fmt: skip


def _translated(text: str) -> tuple[str, list[int]]:
    """The text with words and signs for units replaced, and for each character (and the end) where it comes from."""
    pieces: list[str] = []
    origin: list[int] = []
    last = 0
    for match in _WORD.finditer(text):
        word = _WORDS[match.group()]
        replaced = word if word in ("/", "mu") else f" {word} "
        pieces += [text[last : match.start()], replaced]
        origin += [*range(last, match.start()), *[match.start()] * len(replaced)]
        last = match.end()
    pieces.append(text[last:])
    origin += [*range(last, len(text)), len(text)]
    plain = "".join(pieces)
    return _ALSO.sub(lambda blank: "+".ljust(len(blank.group())), plain) if _is_mixed(text) else plain, origin


def _is_mixed(text: str) -> bool:
    return re.fullmatch(r"\s*\d+ ?[a-z]+ +\d+ ?[a-z]+\s*", text) is not None
