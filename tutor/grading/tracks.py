"""What is known of one value while a working is read, and what is said of one line.

>>> Track(ONE).is_unworked, LineVerdict(1, "2x", "follows").form is None
(True, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.calculus.differentiate import Derivation
from tutor.errors import ReadError
from tutor.form.tree import ONE, Apply, Deriv, Form, Relation
from tutor.form.walk import kinds_of
from tutor.grading.verdict import Finding

Standing = Literal["follows", "stated", "aside", "wrong", "carried", "back", "undecided", "unreadable"]
"""What is known of a line: it follows; it states something that was given or defines a letter; it is true by itself; it does not
follow; it follows from a wrong line; it is right again after a wrong one; nothing is known; it could not be read."""

UNWORKED = kinds_of(Apply) | kinds_of(Deriv)
CARRIED = 0.5
"""The credit of a line that follows from a wrong one."""


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """The verdict on one line.

    `number` counts the typed lines, `sides` are what it says to be equal, `rounded` what it says to be about that. Of a line that
    does not follow, `side` is the first side that does not, and `above` the line with which it was compared: 0 is the question,
    its own number the side before it. Of a line that follows from a wrong one, `above` is that one.
    """

    number: int
    text: str
    outcome: Standing
    sides: tuple[Form, ...] = ()
    side: Form | None = None
    above: int = 0
    findings: tuple[Finding, ...] = ()
    evidence: Evidence = UNDECIDED
    fault: ReadError | None = None
    credit: float | None = None
    rounded: tuple[Form, ...] = ()

    @property
    def form(self) -> Form | None:
        """What the line says to be equal, as one form."""
        return Relation(self.sides, ("=",) * (len(self.sides) - 1)) if len(self.sides) > 1 else next(iter(self.sides), None)


@dataclass(slots=True)
class Track:
    """Lines that speak of one value: what they have come to, and whether that is wrong by now.

    `key` is the right value, `value` what the last line makes of it, `written` that line's side; `derivation` is how the key comes
    about, `before` the track whose derivative it is; `source` the wrong line from which the value stems; `unclear` says that the
    last side can be read in two ways; `inner` is the u of dy/du.
    """

    key: Form
    derivation: Derivation | None = None
    inner: str | None = None
    before: Track | None = None
    main: bool = False
    value: Form = ONE
    written: Form | None = None
    rounded: Form | None = None
    number: int = 0
    source: int = 0
    unclear: Finding | None = None

    def __post_init__(self) -> None:
        self.value = self.key

    @property
    def is_unworked(self) -> bool:
        """Whether derivatives are still to be worked out: in the question, or in the last line."""
        return self.written is None or bool(self.written.kinds & UNWORKED)


@dataclass(slots=True)
class Report:
    """What has been found about a line while its sides are gone through."""

    outcome: Standing = "follows"
    side: Form | None = None
    above: int = 0
    findings: tuple[Finding, ...] = ()
    evidence: Evidence = UNDECIDED
    new: bool = False


__all__ = ["CARRIED", "UNWORKED", "LineVerdict", "Report", "Standing", "Track"]
