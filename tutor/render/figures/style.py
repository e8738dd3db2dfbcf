"""How the runs of a picture are told apart: by colour, by sign and by dash, so that one of the three is enough.

The colours are those of Okabe & Ito (*Color Universal Design*, 2008), which people with each kind of colour blindness can tell apart; yellow is
left out because it cannot be seen on paper. From the eighth run on the colours come again with other signs and dashes.

>>> look(0), look(7).colour == look(0).colour, look(7).sign == look(0).sign
(Look(colour='#0072B2', sign='o', dash=()), True, False)
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """A colour, the sign of a point (as matplotlib calls it), and the dashes of a line (lengths of strokes and gaps; none: solid)."""

    colour: str
    sign: str
    dash: tuple[float, ...]


_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000")
_SIGNS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", ">", "h", "d")
_DASHES: tuple[tuple[float, ...], ...] = ((), (5, 1.5), (1.2, 1.2), (6, 1.5, 1.2, 1.5), (3, 1.2), (8, 2), (6, 1.2, 1.2, 1.2, 1.2, 1.2))
TANGENT, FUNCTION, GROUND = "#D55E00", "#333333", "#8a8a8a"
"""Tangents, the curve of the function, contour lines."""


def look(style: int) -> Look:
    """How a run with this number looks."""
    return Look(_COLOURS[style % len(_COLOURS)], _SIGNS[style % len(_SIGNS)], _DASHES[style % len(_DASHES)])
