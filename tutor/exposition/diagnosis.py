"""What became of a run, in sentences: the verdict, the factors, the bounds, how many steps more.

The engine says ids and numbers (`tutor.descent.finding`); the sentences stand in `diagnosis.yaml`. Measured numbers are rounded and
called so; what is known exactly is written exactly.

>>> from tutor.descent.diagnosis import diagnose
>>> from tutor.descent.run import descend
>>> from tutor.exposition.data import plain
>>> found = diagnosis_blocks(diagnose(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)), "normal")
>>> print(plain(found[0].blocks[0].phrase))
The run converges to x = 2. Each step shrinks the distance by the factor abs(1 - 0.1*2) = 0.8.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tutor.exposition import Level
from tutor.exposition.columns import figures
from tutor.exposition.doc import Block, Paragraph, Phrase, Section
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.numerals import number, rational
from tutor.form.tree import Const, Form, Listing, Neg, Num, Relation, Sym

if TYPE_CHECKING:
    from tutor.calculus.optima.said import Remark
    from tutor.descent.finding import Diagnosis

say = PHRASES.say
_DIGITS = 4
_MOST_PLACES = 4
_NOTHING = 1e-14
_RATES, _LONG = frozenset(("edge", "better")), 100
"""Numbers to compare with a typed rate get a decimal, where they are fractions with larger denominators than this."""
_SECOND = frozenset(("range", "best", "closed", "within", "more", "more_about", "bends", "local_only", "convex", "valley_seen", "none", "bound_at_start", "local_bound", "fragile"))
"""Statements of the second paragraph: what else could be done, and what is known besides."""
_NOT_BRIEF = _SECOND - {"none", "closed"} | {"decides", "local_factor", "passes_saddle", "rounding", "vanishing", "left.advice"}
"""Left out where only the verdict is wanted."""
_WARNING = frozenset(("diverges", "no_minimum", "saddle", "maximum", "plateau", "left", "singular", "wanders", "cycles", "still"))


def diagnosis_blocks(diagnosis: Diagnosis, level: Level = "normal") -> tuple[Block, ...]:
    """The sentences: one paragraph with the verdict, one with bounds and steps; at the full level the reasons too."""
    if level == "brief":
        chosen = [remark for remark in diagnosis.remarks if not {remark.id, remark.id.partition(".")[0]} & _NOT_BRIEF]
        return (Paragraph(_said(diagnosis, chosen), _role(diagnosis)),)
    first = [remark for remark in diagnosis.remarks if remark.id.partition(".")[0] not in _SECOND]
    second = [remark for remark in diagnosis.remarks if remark.id.partition(".")[0] in _SECOND]
    blocks: list[Block] = [Paragraph(_said(diagnosis, first), _role(diagnosis))]
    if second:
        blocks.append(Paragraph(_said(diagnosis, second)))
    if not diagnosis.certain and diagnosis.kind not in ("left", "still", "underway") and not any(remark.id.startswith("none.") for remark in diagnosis.remarks):
        blocks.append(Paragraph(say("diagnosis.basis", {}), "remark"))
    if level == "full":
        blocks += _reasons(diagnosis.remarks)
    return (Section(say("diagnosis.heading", {}), tuple(blocks), "diagnosis"),)


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, Any]:
    """The kind and its numbers for JSON, with the sentences as texts."""
    from tutor.exposition.data import plain

    return {**diagnosis.data(), "text": plain(_said(diagnosis, diagnosis.remarks))}


def verdict_phrase(diagnosis: Diagnosis) -> Phrase:
    """The kind in a word or two."""
    return say(f"diagnosis.name.{diagnosis.kind}", {})


def _role(diagnosis: Diagnosis) -> str:
    return "warning" if diagnosis.kind in _WARNING else "text"


def _said(diagnosis: Diagnosis, remarks: Sequence[Remark]) -> Phrase:
    """The statements, one after the other."""
    found: list[str | Form] = []
    for remark in remarks:
        if found:
            found.append(" ")
        found += say(f"diagnosis.{remark.id}", _values(diagnosis, remark))
    return tuple(found)


def _reasons(remarks: Sequence[Remark]) -> Iterator[Paragraph]:
    for key in dict.fromkeys(remark.id for remark in remarks):
        if PHRASES.has(f"diagnosis.reason.{key}"):
            yield Paragraph(say(f"diagnosis.reason.{key}", {}), "reason")


# -- values ------------------------------------------------------------------------------------------


def _values(diagnosis: Diagnosis, remark: Remark) -> dict[str, Any]:
    """What a sentence puts in: forms as they are, measured numbers rounded, counts, points."""
    given = remark.values
    found = {name: _value(name, value, diagnosis.certain) for name, value in given.items()}
    found |= {"alpha": Sym("alpha"), "mu_sign": Sym("mu")}
    if "n" in given:
        found["count"] = given["n"]
    if "more" in given:
        found["more_count"] = given["more"]
    if "line" in given:
        found["factor_line"] = given["line"] if given["line"] is not None else found["factor"]
        root = given["root"]
        found["root_line"] = found["factor"] if root is None else (root, *(() if isinstance(given["factor"], Form) else (" (", *found["factor"], ")")))
    if given.get("at_once") is not None and remark.id.startswith("range"):
        found["at_once_line"] = Relation((Sym("alpha"), given["at_once"]), ("=",)) if isinstance(given["at_once"], Form) else found["at_once"]
    if "mu" in given:
        found["mu_line"] = Relation((Sym("mu"), given["mu"]), ("=",))
    if "directions" in given:
        found["many"] = len(given["directions"]) > 1
    if "ends" in given:
        found["letter_end"] = _ends(given)
    return found


def _value(name: str, value: Any, certain: bool) -> Any:
    if name == "tolerance":
        return _tolerance(value)
    if isinstance(value, Form) and name in _RATES:
        return _with_decimal(value)
    if isinstance(value, bool) or value is None or isinstance(value, Form | str):
        return value
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return _rounded(value, certain, _near_one(value) if name == "factor" else _DIGITS)
    if name == "points":
        return listed([_place(point)[0] if len(point) == 1 else Listing("tuple", tuple(_coordinate(part, point) for _, part in point)) for point in value])  # type: ignore[misc]
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return _place(value) if isinstance(value[0][0], str) else value
    if isinstance(value, tuple) and all(isinstance(part, Form) for part in value):
        return _listed(value)
    return value


def _with_decimal(value: Form) -> Phrase:
    """A fraction of long numbers, with its decimal behind it."""
    exact = rational(value)
    if exact is None or exact.denominator <= _LONG or isinstance(value, Num):
        return (value,)
    return (value, " (", *say("diagnosis.approximately", {"decimal": figures(float(exact), _DIGITS)}), ")")


def _near_one(value: float) -> int:
    """Digits that tell a factor from 1.

    >>> _near_one(0.8), _near_one(0.9999749)
    (4, 6)
    """
    gap = abs(1 - value)
    return _DIGITS if gap >= 1e-3 else min(12, 2 - math.floor(math.log10(gap)) - 1) if gap > 1e-12 else _DIGITS


def _rounded(value: float, certain: bool, digits: int = _DIGITS) -> Any:
    """A few digits; beside exact numbers it is called a rounded one."""
    if not math.isfinite(value):
        return "no number" if math.isnan(value) else Neg(Const("infinity")) if value < 0 else Const("infinity")
    shown = figures(value, digits)
    return say("diagnosis.approximately", {"decimal": shown}) if certain else (shown,)


def _tolerance(value: float) -> Form:
    return figures(value, 3)


def _place(point: Sequence[tuple[str, float]]) -> Phrase:
    """x = 1 and y = 2, rounded; of many letters the first few."""
    shown = [Relation((Sym(letter), _coordinate(value, point)), ("=",)) for letter, value in point[:_MOST_PLACES]]
    return listed(shown) if len(point) <= _MOST_PLACES else (*listed(shown, ", "), ", …")


def _coordinate(value: float, point: Sequence[tuple[str, float]]) -> Form:
    """A coordinate, rounded; one that is nothing beside the others, or beside 1, is 0."""
    if not math.isfinite(value):
        return Sym("?")
    return figures(0.0 if abs(value) <= _NOTHING * max(1.0, *(abs(other) for _, other in point)) else value, 6)


def _listed(forms: Sequence[Form]) -> Phrase:
    return listed(forms) if len(forms) <= _MOST_PLACES else (*listed(forms[:_MOST_PLACES], ", "), ", …")


def _ends(given: Any) -> Phrase:
    """Where x goes to."""
    return say("diagnosis.end", {"letter": given["letter"], "place": listed([end for end, _ in given["ends"]], " or ")})


__all__ = ["diagnosis_blocks", "diagnosis_data", "verdict_phrase"]
