"""Derivations become documents: levels of detail, hints one at a time, sentences from `templates/phrases/`."""

from typing import Literal

Level = Literal["brief", "normal", "full"]
LEVELS: tuple[Level, ...] = ("brief", "normal", "full")
"""How much is said, from least to most."""
