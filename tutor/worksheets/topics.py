"""Topics of a worksheet: what a teacher calls them, and the families that belong to each.

A topic is a skill (`chain-rule`), a folder of exercises (`business`), or a single exercise (`business/coffee-profit`). The beginning of
a name is enough where only one name begins so, and a plural is understood: `partials` is `partial-derivative`.

>>> resolved("partials", [])
'partial-derivative'
>>> try: resolved("chain-role", [])
... except RequestError as fault: print(fault.message, fault.advice)
there is no topic 'chain-role' Did you mean chain-rule?
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from tutor.errors import RequestError
from tutor.problems.family import Family
from tutor.problems.skills import SKILLS

ALL = "all"
"""The topic of everything."""


def resolved(name: str, families: Sequence[Family]) -> str:
    """The full name of a topic. Raises `RequestError` with the nearest one for a name that no topic has."""
    known = _known(families)
    wanted = "-".join(name.strip().lower().replace("_", " ").split())
    if wanted in known:
        return wanted
    titles = {skill.title.lower(): key for key, skill in SKILLS.items()}
    if name.strip().lower() in titles:
        return titles[name.strip().lower()]
    begins = [other for start in (wanted, wanted.removesuffix("s")) if len(start) > 2 for other in known if other.startswith(start) and "/" not in other]
    if len(set(begins)) == 1:
        return begins[0]
    near = list(dict.fromkeys(begins))[:5] or get_close_matches(wanted, known, 1, 0.5)
    advice = f"Did you mean {' or '.join(near)}?" if near else f"Topics with exercises: {', '.join(offered(families))}."
    raise RequestError("topic", f"there is no topic {name!r}", advice=advice)


def offered(families: Iterable[Family]) -> list[str]:
    """The skills that some family practises."""
    practised = {skill for family in families for skill in family.skills}
    return [name for name in SKILLS if name in practised]


def belonging(topic: str, families: Iterable[Family]) -> list[Family]:
    """The families of a topic."""
    return [family for family in families if topic == ALL or topic in (family.id, *family.skills) or family.id.startswith(f"{topic}/")]


def _known(families: Iterable[Family]) -> dict[str, None]:
    found = dict.fromkeys([ALL, *SKILLS])
    for family in families:
        parts = family.id.split("/")
        found |= dict.fromkeys("/".join(parts[: k + 1]) for k in range(len(parts)))
    return found


__all__ = ["ALL", "belonging", "offered", "resolved"]
