"""What a learner can do in a session or an exam (events), and what the last step has to say about it (tellings)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.grading.verdict import Verdict
from tutor.practice.hinting import Clue

# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """A typed answer."""

    text: str


class Hint:
    """The next hint."""


class Solution:
    """The worked solution."""


class Skip:
    """Leave the question."""


class Undo:
    """Take the latest answer back."""


class Easier:
    """Another question, an easier one."""


class Next:
    """On: to the next question, or from a hint's smaller question back to the whole one."""


class More:
    """As many questions again, after the last one."""


class Leave:
    """End the session."""


Event = Reply | Hint | Solution | Skip | Undo | Easier | Next | More | Leave


# -- tellings --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """The verdict on a reply; `smaller`: it was an answer to the smaller question of a hint."""

    verdict: Verdict = field(compare=False)
    reply: str
    smaller: bool = False


@dataclass(frozen=True)
class Hinted:
    """A hint, its number, and how many there are."""

    clue: Clue
    number: int
    count: int


@dataclass(frozen=True)
class Solved:
    """The worked solution is to be shown."""


@dataclass(frozen=True)
class Note:
    """One sentence, by its id: in quiz.yaml, for exams in exam.yaml."""

    id: str


Telling = Judged | Hinted | Solved | Note | None

__all__ = [
    "Easier", "Event", "Hint", "Hinted", "Judged", "Leave", "More", "Next", "Note", "Reply", "Skip", "Solution", "Solved", "Telling", "Undo",
]  # fmt: skip
