"""Where a learner stands: a table of skills, what is due, what went wrong lately, and how each skill went; as documents and as data.

>>> from datetime import UTC
>>> from tutor.practice.records import Item
>>> log = [Answered(datetime(2026, 1, 5, 9, k, tzinfo=UTC), "a", Item(f"power-rule/sums@{k}.93f9f6", 0, ("power-rule",), 1), "2x", "right", 1.0) for k in range(3)]
>>> courses(log)["power-rule"] == tuple(sorted(courses(log)["power-rule"]))
True
>>> spark((0.05, 0.5, 0.99)), spark((0.05, 0.5, 0.99), ascii_only=True)
('▁▅█', '059')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tutor.exposition.data import SCHEMA
from tutor.exposition.doc import Block, Doc, Paragraph, Phrase, Section, Table
from tutor.exposition.phrases import PHRASES
from tutor.grading.document import name_of
from tutor.practice.learner import NEW, Learner, learner_of, updated
from tutor.practice.mastery import MASTERED
from tutor.practice.records import Answered, standing
from tutor.practice.screens import percent, when
from tutor.practice.store import sittings
from tutor.problems.skills import SKILLS

say = PHRASES.say
_BLOCKS = "▁▂▃▄▅▆▇█"
_LATELY = 30
_LONGEST = 40
"""Answers of a skill that are drawn."""


def progress_doc(log: Sequence[Answered], now: datetime, plot: bool = False, ascii_only: bool = False, learner: Learner | None = None) -> Doc:
    """Everything on one page."""
    counted = [one for one in standing(log) if one.counts]
    if not counted:
        return Doc(say("progress.title", {}), (Paragraph(say("progress.none", {})),))
    learner = learner_of(log) if learner is None else learner
    firsts = [one for one in counted if one.attempt == 1]
    right = sum(one.outcome == "right" and not one.hints for one in firsts)
    head = Paragraph(say("progress.counted", {"answers": len(firsts), "sessions": len(sittings(counted)), "right": right}))
    rows = tuple((_title(skill), (percent(learner, skill),), say(f"progress.states.{state(learner, skill)}", {}), _review(learner, skill, now)) for skill in skills_of(learner))
    blocks: list[Block] = [head, Table(tuple((word,) for word in PHRASES.words("progress.columns")), rows)]
    blocks += [*(_plot(counted, ascii_only) if plot else ()), *_mistakes(counted), *_next(learner, now)]
    return Doc(say("progress.title", {}), tuple(blocks))


def skills_of(learner: Learner) -> list[str]:
    """The skills that were asked, in the order of the curriculum."""
    return [*(name for name in SKILLS if name in learner.masteries), *sorted(learner.masteries.keys() - SKILLS.keys())]


def _title(skill: str) -> Phrase:
    return (SKILLS[skill].title if skill in SKILLS else skill,)


def _review(learner: Learner, skill: str, now: datetime) -> Phrase:
    memory = learner.memories.get(skill)
    return ("–",) if memory is None else when(memory.due, now)


def state(learner: Learner, skill: str) -> str:
    """What is known of a skill, in a word."""
    mastery = learner.mastery(skill)
    if mastery.mastered:
        return "mastered"
    return "known" if mastery.known >= MASTERED else "lapsed" if mastery.lapsed else "learning"


def courses(log: Sequence[Answered]) -> dict[str, tuple[float, ...]]:
    """How probable it was, after each answer that spoke of it, that a skill is known."""
    found: dict[str, list[float]] = {}
    learner = NEW
    for one in log:
        if not one.counts:
            continue
        before, learner = learner, updated(learner, one)
        for skill, mastery in learner.masteries.items():
            if before.masteries.get(skill) is not mastery:
                found.setdefault(skill, []).append(mastery.known)
    return {skill: tuple(values) for skill, values in found.items()}


def spark(values: Sequence[float], ascii_only: bool = False) -> str:
    """Values from 0 to 1 as one sign each."""
    signs = "0123456789" if ascii_only else _BLOCKS
    return "".join(signs[min(int(value * len(signs)), len(signs) - 1)] for value in values)


def _plot(log: Sequence[Answered], ascii_only: bool) -> Iterator[Block]:
    drawn = courses(log)
    rows = tuple((_title(skill), (spark(drawn[skill][-_LONGEST:], ascii_only),)) for skill in SKILLS if skill in drawn)
    low, high = ("0", "9") if ascii_only else (_BLOCKS[0], _BLOCKS[-1])
    yield Section(say("progress.plot", {}), (Table((), rows), Paragraph(say("progress.plot_caption", {"low": low, "high": high}), "reason")), "plot")


def _mistakes(counted: Sequence[Answered]) -> Iterator[Block]:
    last = counted[-_LATELY:]
    names = Counter(name for one in last for mistake in one.mistakes if (name := name_of(mistake)))
    if names:
        lines = tuple(Paragraph(say("progress.mistake", {"name": name, "count": count, "last": len(last)})) for name, count in names.most_common(3))
        yield Section(say("progress.mistakes", {}), lines, "mistakes")


def _next(learner: Learner, now: datetime) -> Iterator[Block]:
    lines = []
    if due := learner.due(now):
        lines.append(Paragraph(say("progress.due", {"count": len(due)})))
    weak = [skill for skill in SKILLS if skill in learner.masteries and learner.known(skill) < MASTERED]
    if weak:
        weakest = min(weak, key=learner.known)
        lines.append(Paragraph(say("progress.go_on", {"skill": SKILLS[weakest].title, "topic": weakest})))
    known = {skill for skill in SKILLS if learner.known(skill) >= MASTERED}
    reach = next((skill for skill, one in SKILLS.items() if skill not in learner.masteries and one.after and set(one.after) <= known), None)
    if reach:
        lines.append(Paragraph(say("progress.reach", {"skill": SKILLS[reach].title, "topic": reach})))
    if lines:
        yield Section(say("progress.next", {}), tuple(lines), "next")


def progress_data(log: Sequence[Answered], now: datetime) -> dict[str, Any]:
    """The fields of `tutor progress --format json`."""
    learner, kept = learner_of(log), standing(log)
    drawn = courses(kept)
    rows = [{
        "skill": skill, "title": SKILLS[skill].title if skill in SKILLS else skill, "known": round(learner.known(skill), 4), "state": state(learner, skill),
        "mastered": learner.mastered(skill), "answers": learner.mastery(skill).answers, "course": [round(value, 4) for value in drawn.get(skill, ())],
        "due": learner.memories[skill].due.isoformat() if skill in learner.memories else None,
    } for skill in skills_of(learner)]  # fmt: skip
    sessions = [{"id": one.id, "began": one.began.isoformat(), "ended": one.ended.isoformat(), "answers": one.answers, "right": one.right} for one in sittings(kept)]
    mistakes = Counter(mistake for one in kept for mistake in one.mistakes)
    counted = [{"mistake": name, "name": name_of(name), "count": count} for name, count in mistakes.most_common()]
    return {"schema": SCHEMA, "now": now.isoformat(), "answers": sum(one.counts for one in kept), "skills": rows, "due": list(learner.due(now)), "sessions": sessions, "mistakes": counted}


__all__ = ["courses", "progress_data", "progress_doc", "skills_of", "spark", "state"]
