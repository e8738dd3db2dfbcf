"""What a teacher wants to know of graded answers: how they are spread, which mistakes are common, and which answers a person should look at.

Everything is counted while the rows go by, in bounded memory: of the students so many are kept, of the places to look at the first ones,
and the wrong answers that come often are found by a counter with a fixed number of places
(J. Misra and D. Gries, Finding repeated elements, 1982): what is more frequent than one in that number is in it for certain, its count a lower bound.

>>> from tutor.autograde.result import Result
>>> from tutor.autograde.rows import Row
>>> tally = Tally({"q1": 2.0}, students=True)
>>> tally.add(Row((), "ann", "q1", "2x"), Result("right", 1.0), 2.0)
>>> [type(block).__name__ for block in report(tally).blocks]
['Section', 'Section', 'Section', 'Section']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tutor.autograde.result import Result
from tutor.autograde.rows import Row
from tutor.exposition.doc import Block, Doc, Paragraph, Section, Table
from tutor.exposition.phrases import PHRASES
from tutor.grading.document import name_of

OUTCOMES = ("right", "partly", "wrong", "unreadable", "undecided")
MOST_STUDENTS, MOST_COMMON, SHOWN, _LISTED = 50_000, 5_000, 20, 8
_LONGEST_CELL, _LONGEST_NAME = 60, 200
_OFTEN = 3
"""A wrong answer that came so often is no slip of one person."""
_UNTOLD = frozenset(("witness", "entries", "ambiguous"))
"""Findings that say where an answer is wrong, and not why."""
_CLOSE = ("equal within the tolerance", "agrees within")
_BINS = 5
say = PHRASES.say


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer to look at: its row, counted from 1, and why."""

    row: int
    question: str
    answer: str
    why: str


@dataclass
class Places:
    """The first of some answers, the same one once, and how many there are."""

    first: list[Seen] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, one: Row, why: str) -> None:
        """One more."""
        self.count += 1
        answer = one.answer[: 4 * _LONGEST_CELL]
        if len(self.first) < SHOWN and all((seen.question, seen.answer, seen.why) != (one.question, answer, why) for seen in self.first):
            self.first.append(Seen(row, one.question, answer, why))


class Common:
    """Counts of what comes often, in a fixed number of places."""

    def __init__(self, places: int = MOST_COMMON) -> None:
        self._places = places
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, one: tuple[str, str]) -> None:
        """One more."""
        if one in self.counts or len(self.counts) < self._places:
            self.counts[one] += 1
        else:
            self.counts = Counter({other: count - 1 for other, count in self.counts.items() if count > 1})


@dataclass
class OfQuestion:
    """What is counted of one question."""

    points: float
    outcomes: Counter[str] = field(default_factory=Counter)
    score: float = 0.0
    mistakes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Seen] = field(default_factory=dict)


class Tally:
    """The counts of all rows so far; `points` are those of the key's questions, `students` says whether the file names them."""

    def __init__(self, points: Mapping[str, float], *, students: bool) -> None:
        self.rows = 0
        self.questions = {name: OfQuestion(one) for name, one in points.items()}
        self.bins = [0] * (_BINS + 1)
        self.students: dict[str, tuple[float, float]] | None = {} if students else None
        self.crowded = False
        self.undecided, self.borderline = Places(), Places()
        self.common = Common()
        self.outcomes: Counter[str] = Counter()

    def add(self, row: Row, result: Result, points: float) -> None:
        """One more row, in the order of the input."""
        self.rows += 1
        self.outcomes[result.outcome] += 1
        if result.outcome == "undecided":
            self.undecided.add(self.rows, row, result.feedback)
        question = self.questions.get(row.question)
        if question is None or row.trouble:
            return
        question.outcomes[result.outcome] += 1
        question.score += result.score
        self.bins[_bin(result.score)] += 1
        self._student(row.student[:_LONGEST_NAME], result.score, points)
        told = [one for one in result.finding.split(";") if one and one not in _UNTOLD]
        if result.outcome in ("wrong", "partly"):
            self._mistakes(question, row, told)
        if result.outcome == "partly" or (result.outcome == "right" and (told or result.evidence.startswith(_CLOSE))):
            self.borderline.add(self.rows, row, result.feedback if result.outcome == "partly" or told else result.evidence)

    def _student(self, name: str, score: float, points: float) -> None:
        if self.students is None:
            return
        if name not in self.students and len(self.students) >= MOST_STUDENTS:
            self.students, self.crowded = None, True
            return
        got, most = self.students.get(name, (0.0, 0.0))
        self.students[name] = (got + score * points, most + points)

    def _mistakes(self, question: OfQuestion, row: Row, told: list[str]) -> None:
        if not told and len(row.answer) <= 2 * _LONGEST_CELL:
            self.common.add((row.question, row.answer.strip()))
        for one in told:
            if one not in question.mistakes:
                question.examples[one] = Seen(self.rows, row.question, row.answer[: 4 * _LONGEST_CELL], one)
            question.mistakes[one] += 1


def _bin(score: float) -> int:
    """0 for no credit, then five of equal width: above 0 to 20 %, …, above 80 %."""
    return 0 if score <= 0 else min(int(score * _BINS - 1e-9) + 1, _BINS)


# -- the document --------------------------------------------------------------------------------------


def report(tally: Tally) -> Doc:
    """The report: outcomes, scores, each question with its mistakes, and what a person should look at."""
    blocks = (*_outcomes(tally), *_scores(tally), *(_question(name, one) for name, one in tally.questions.items() if one.outcomes), _look(tally))
    return Doc(say("bulk.report", {"rows": f"{tally.rows:,}", "questions": len(tally.questions)}), blocks)


def _table(columns: str, rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(tuple((name,) for name in PHRASES.words(f"bulk.{columns}")), tuple(tuple((cell,) if cell else () for cell in row) for row in rows))


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def _outcomes(tally: Tally) -> Iterator[Section]:
    rows = [(name, f"{tally.outcomes[name]:,}", _share(tally.outcomes[name], tally.rows)) for name in OUTCOMES]
    yield Section(say("bulk.outcomes", {}), (_table("outcome_columns", rows),), "outcomes")


def _scores(tally: Tally) -> Iterator[Section]:
    names = ("0", *(f"{100 * k // _BINS + 1}-{100 * (k + 1) // _BINS}" for k in range(_BINS)))
    means = [got / most for got, most in (tally.students or {}).values() if most]
    students = Counter(map(_bin, means))
    rows = [(name, f"{tally.bins[k]:,}", f"{students[k]:,}" if means else "") for k, name in enumerate(names)]
    note = "scores_note" if tally.students is not None else "scores_many" if tally.crowded else "no_student"
    yield Section(say("bulk.scores", {}), (Paragraph(say(f"bulk.{note}", {"most": f"{MOST_STUDENTS:,}"}), "reason"), _table("scores_columns", rows)), "scores")


def _question(name: str, one: OfQuestion) -> Section:
    count = sum(one.outcomes.values())
    values = {"count": f"{count:,}", "right": f"{100 * one.outcomes['right'] / count:.1f}", "mean": f"{one.points * one.score / count:.2f}", "points": f"{one.points:g}"}
    blocks: list[Block] = [Paragraph(say("bulk.question_line", values))]
    rows = [(_named(mistake), f"{times:,}", _short(one.examples[mistake].answer)) for mistake, times in _ranked(one.mistakes)[:_LISTED]]
    if rows:
        blocks.append(_table("mistakes_columns", rows))
    return Section(say("bulk.question", {"name": name}), tuple(blocks), "question")


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _look(tally: Tally) -> Section:
    blocks = [block for some in (_undecided(tally), _unexplained(tally), _rare(tally), _borderline(tally)) for block in some]
    return Section(say("bulk.look", {}), tuple(blocks) or (Paragraph(say("bulk.look_none", {})),), "look")


def _undecided(tally: Tally) -> Iterator[Block]:
    if tally.undecided.count:
        yield _places("undecided", tally.undecided)


def _borderline(tally: Tally) -> Iterator[Block]:
    if tally.borderline.count:
        yield _places("borderline", tally.borderline)


def _unexplained(tally: Tally) -> Iterator[Block]:
    often = sorted(((count, *one) for one, count in tally.common.counts.items() if count >= _OFTEN), key=lambda item: (-item[0], *item[1:]))
    rows = [(question, _short(answer), f"{count:,}") for count, question, answer in often[:SHOWN]]
    if rows:
        yield Section(say("bulk.unexplained_title", {}), (_table("unexplained_columns", rows),), "unexplained")


def _rare(tally: Tally) -> Iterator[Block]:
    found = [one.examples[mistake] for one in tally.questions.values() for mistake, times in one.mistakes.items() if times == 1 and sum(one.outcomes.values()) >= SHOWN]
    if found:
        first = sorted(found, key=lambda one: one.row)[:SHOWN]
        yield _places("rare", Places([Seen(one.row, one.question, one.answer, _named(one.why)) for one in first], len(found)))


def _places(name: str, places: Places) -> Section:
    rows = [(f"{one.row:,}", _short(one.question), _short(one.answer), _short(one.why, 2 * _LONGEST_CELL)) for one in places.first]
    note = (Paragraph(say("bulk.first", {"count": len(rows)}), "reason"),) if places.count > len(rows) else ()
    return Section(say(f"bulk.{name}", {"count": f"{places.count:,}"}), (*note, _table(f"{name}_columns", rows)), name)


def _named(mistake: str) -> str:
    """A mistake by its name and id."""
    name = name_of(mistake)
    return f"{name} ({mistake})" if name else mistake


def _short(text: str, most: int = _LONGEST_CELL) -> str:
    """A cell of one line; text of a pupil is escaped where a medium writes it."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


__all__ = ["OUTCOMES", "Tally", "report"]
