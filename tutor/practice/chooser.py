"""The chooser of a session: `choose` with a shelf, as `tutor.practice.session` asks for it.

>>> from datetime import UTC
>>> from tutor.practice.learner import NEW
>>> from tutor.practice.shelf import shelf_of
>>> found = FromShelf(shelf_of()).choose(NEW, Wanted(("chain-rule",)), datetime(2026, 1, 5, tzinfo=UTC), Random(1))
>>> found.item.skills[0], found.item.question
('chain-rule', 0)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from tutor.errors import RequestError
from tutor.practice.choose import choose
from tutor.practice.learner import Learner
from tutor.practice.session import Chosen, Wanted
from tutor.practice.shelf import Shelf


@dataclass(frozen=True)
class FromShelf:
    """Chooses from a shelf."""

    shelf: Shelf

    def choose(self, learner: Learner, wanted: Wanted, now: datetime, random: Random) -> Chosen | None:
        """The next question for a learner; None where none fits."""
        try:
            shelf = self.shelf.about(wanted.topics) if wanted.topics else self.shelf
            found = choose(learner, shelf, now, random, wanted.easier, wanted.without)
        except RequestError:
            return None
        return Chosen(found.item, found.reasons)


__all__ = ["FromShelf"]
