"""Phrases and numbers of a picture as plain text in Unicode.

>>> from tutor import read
>>> words(("near ", read("x^2"))), tick(1e-5, "log"), tick(-0.25, "linear")
('near x²', '10⁻⁵', '−0.25')
"""

from __future__ import annotations

import math
from dataclasses import replace

from tutor.exposition.doc import Phrase
from tutor.exposition.figures import Axis, Figure, Scale
from tutor.exposition.plots.words import shown_number
from tutor.form.notation.unicode import UNICODE
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render.signs import plain_text, visible
from tutor.render.walk import written

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def words(phrase: Phrase) -> str:
    """A phrase in one line of Unicode, with nothing in it that moves a cursor."""
    return written(phrase, visible, lambda form: write(form, UNICODE))


def sentence(phrase: Phrase) -> str:
    """A phrase with a capital at its beginning, where it begins with a word."""
    text = words(phrase)
    first = phrase[0] if phrase else ""
    return text if isinstance(first, Form) else text[:1].upper() + text[1:]


def told(figure: Figure) -> str:
    """What there is to see, in sentences."""
    said = map(sentence, figure.description)
    return " ".join(text if text.endswith(".") else text + "." for text in said)


def number(value: float) -> str:
    """A number with four digits."""
    return "–" if math.isnan(value) else words((shown_number(value),)) if math.isfinite(value) else "∞" if value > 0 else "−∞"


def tick(value: float, scale: Scale) -> str:
    """A number at an axis."""
    if not math.isfinite(value):
        return ""
    if scale == "linear" or value == 0:
        return f"{value:.6g}".replace("-", "−") if abs(value) < 10_000 else _grouped(value)
    power = round(math.log10(abs(value)))
    exact = math.isclose(abs(value), 10.0**power, rel_tol=1e-9)
    if exact and not -3 < power < 4:
        return ("−" if value < 0 else "") + "10" + str(power).translate(_RAISED)
    return f"{value:.4g}".replace("-", "−")


def decades(low: float, high: float, most: int = 7) -> list[int]:
    """The powers of ten between two positive numbers, at even distances, so few that they can be read.

    >>> decades(0.5, 2000), decades(1e-9, 1e200)
    ([0, 1, 2, 3], [0, 50, 100, 150, 200])
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = next(size for size in (1, 2, 3, 5, 10, 20, 50, 100, 200) if (last - first) / size < most)
    return [power for power in range(first, last + 1) if power % step == 0]


_STRETCHED = 4
"""An axis whose ends are closer than this factor has the marks of a plain one."""


def ticks(axis: Axis, most: int) -> list[float]:
    """Round numbers on an axis, at most so many.

    >>> ticks(Axis(("x",), -0.4, 4.6), 4), ticks(Axis(("f",), 0.01, 500.0, "log"), 5)
    ([0.0, 2.0, 4.0], [0.01, 0.1, 1.0, 10.0, 100.0])
    >>> ticks(Axis(("f",), 0.3, 4.5, "log"), 5), ticks(Axis(("f",), 2.1, 4.1, "log"), 5)
    ([0.5, 1.0, 2.0], [2.5, 3.0, 3.5, 4.0])
    """
    if axis.scale == "log":
        powers = decades(axis.low, axis.high, most + 1)
        if len(powers) > 1:
            return [10.0**power for power in powers]
        near = range(math.floor(math.log10(axis.low)), math.ceil(math.log10(axis.high)) + 1)
        found = [float(f"{digit}e{power}") for power in near for digit in (1, 2, 5) if axis.low <= float(f"{digit}e{power}") <= axis.high]
        return found if 2 <= len(found) <= most and axis.high > _STRETCHED * axis.low else ticks(replace(axis, scale="linear"), most)
    if axis.scale == "symlog":
        ends = [value for value in (axis.low, axis.high) if abs(value) > 1]
        return sorted({0.0, *(math.copysign(10.0 ** math.floor(math.log10(abs(value))), value) for value in ends)})
    power = 10.0 ** math.floor(math.log10((axis.high - axis.low) / most))
    sizes = (factor * power for factor in (1, 2, 5, 10, 20, 50))
    for step in (max(size, 1.0) if axis.whole else size for size in sizes):
        found = [round(k * step, 12) + 0.0 for k in range(math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9) + 1)]
        if len(found) <= most:
            return found
    return []


def _grouped(value: float) -> str:
    """A large number: its digits in groups of three (with narrow spaces), or with a power of ten."""
    return number(value) if abs(value) >= 1e7 or value % 1 else f"{value:,.0f}".replace("-", "−").replace(",", "\u202f")


__all__ = ["decades", "number", "plain_text", "sentence", "tick", "ticks", "told", "words"]
