"""Something to tell a learner, as a value: the id of a phrase and what is put into it.

>>> str(Said("practice.why.new", {"skill": "Chain rule"}))
'Chain rule: new, and what comes before it is known.'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.exposition.data import plain
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES


@dataclass(frozen=True)
class Said:
    """A phrase by its id, with its values."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        """The sentence."""
        return PHRASES.say(self.id, self.values)

    def __str__(self) -> str:
        return plain(self.phrase)


__all__ = ["Said"]
