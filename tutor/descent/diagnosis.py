"""What a run is: known beforehand where steps are linear and the function quadratic (`predicted`), else as its numbers show (`observed`).

>>> from tutor.descent.run import descend
>>> diagnose(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)).kind
'converges'
>>> diagnose(descend("x^2 + 2y^2", start="x=4,y=3", rate="0.6", steps=20)).kind
'diverges'
>>> diagnose(descend("abs(x)", start="x=1", rate="0.3", steps=50)).kind
'cycles'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.descent.finding import TOLERANCE, Diagnosis, Kind
from tutor.descent.observed import observed
from tutor.descent.predicted import predicted

if TYPE_CHECKING:
    from tutor.descent.trace import Trace


def diagnose(trace: Trace, tolerance: float = TOLERANCE) -> Diagnosis:
    """What a run is, and how many more steps bring it within `tolerance` of where it goes.

    What holds for plain descent only is said of plain descent only; what rests on the numbers of the run says so (`certain` is False).
    """
    return predicted(trace, tolerance) or observed(trace, tolerance)


__all__ = ["TOLERANCE", "Diagnosis", "Kind", "diagnose"]
