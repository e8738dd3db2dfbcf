"""An answer key: a file that says of each question what is expected and how many points it gives.

    format: 1
    questions:
      q1: {derivative_of: x^2 sin(x), points: 2}
      q2: {expected: 0.25, tolerance: 1%, points: 1}
      q3: {exercise: business/coffee-profit@7k.93f9f6, part: b, points: 3}

The entries of a question are the arguments of `tutor.check` by their names, or a variant of an exercise by its id and the part of it. It
is read as strictly as an exercise (`tutor.problems.source`): every scalar is a text, a key that is not known is refused with its place.

>>> key = read_key(Source("questions: {q1: {derivative_of: x^2, points: 2}}"))
>>> entry = key["q1"]
>>> entry.points, entry.judge("2x").outcome, entry.judge("x").outcome
(2.0, 'right', 'wrong')
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from tutor.errors import RequestError, TutorError
from tutor.form.reading import Reading
from tutor.form.tree import Form
from tutor.grading.asked import Asked
from tutor.grading.authored import Mistake
from tutor.grading.check import judged
from tutor.grading.kinds.base import Judgement, Kind, Names, Samples
from tutor.grading.selection import select
from tutor.grading.verdict import Verdict
from tutor.problems.library import Library
from tutor.problems.problem import Problem
from tutor.problems.source import LONGEST, Node, SourceError, parse

MOST_POINTS = 1_000_000
_JUDGED = 512
"""Answers of a question whose judgement is kept: 2x and 2*x are one form."""


@dataclass(frozen=True, slots=True)
class Source:
    """A key as it travels to other processes and machines: its text, the file's name for complaints, the user's own exercise folders."""

    text: str
    file: str = "key.yaml"
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of a key: its name, the points of a right answer, and how an answer is judged."""

    name: str
    points: float
    judge: Callable[[str], Verdict]


Key = Mapping[str, Entry]


def load(path: Path, own: tuple[str, ...] = ()) -> Source:
    """The key in a file. Raises `RequestError` and `SourceError`."""
    try:
        with path.open("rb") as stream:
            content = stream.read(4 * LONGEST + 1)
    except (OSError, ValueError) as error:
        raise RequestError("file", f"cannot read {path}: {getattr(error, 'strerror', None) or error}", advice="--key names a file such as key.yaml.") from error
    if len(content) > 4 * LONGEST:
        raise SourceError("long", f"the file is larger than {4 * LONGEST:,} bytes", str(path), 1, 1)
    try:
        return Source(content.decode("utf-8-sig"), str(path), own)
    except UnicodeDecodeError as error:
        raise SourceError("encoding", "the file is not UTF-8", str(path), 1, 1, advice="Save it as UTF-8.") from error


def read_key(source: Source) -> dict[str, Entry]:
    """The questions of a key, each made once. Raises `SourceError` with the place of what cannot be used."""
    entries = parse(source.text, source.file).entries(("format", "questions"), ("questions",))
    if "format" in entries:
        entries["format"].whole(1, 1)
    library = Library(source.own)
    found = {name.strip(): _entry(name.strip(), node, library) for name, node in entries["questions"].entries().items()}
    if not found:
        raise entries["questions"].fault("empty", "the key has no question", "Write one a line, such as q1: {derivative_of: x^2, points: 2}.")
    return found


def _entry(name: str, node: Node, library: Library) -> Entry:
    given = node.entries(("points", "exercise", "part", *_ARGUMENTS))
    points = given["points"].number(0, MOST_POINTS) if "points" in given else 1.0
    if "exercise" in given:
        return Entry(name, points, _of_exercise(node, library))
    if "part" in given:
        raise given["part"].fault("key", "part belongs to an exercise", "Add exercise: with the id of a variant.")
    asked = Asked(**{key: _ARGUMENTS[key](one) for key, one in given.items() if key != "points"})
    try:
        kind = Remembering(select(asked))
    except TutorError as fault:
        raise node.fault(fault.kind, f"question {name}: {fault.message}", fault.advice) from fault
    return Entry(name, points, lambda answer: judged(answer, kind, asked.variables))


def _of_exercise(node: Node, library: Library) -> Callable[[str], Verdict]:
    """How the replies to a part of an exercise are judged."""
    given = node.entries(("points", "exercise", "part"))
    problem: Problem = given["exercise"].read(library.problem, "the id of a variant")
    questions = problem.questions
    names = [chr(ord("a") + k) for k in range(len(questions))]
    if "part" not in given and len(questions) > 1:
        raise node.fault("missing", f"the exercise has {len(questions)} parts", f"Add part: {names[0]} (to {names[-1]}).")
    question = questions[names.index(given["part"].one_of(names)) if "part" in given else 0]
    try:
        _ = question.kind
    except SourceError:
        raise
    except TutorError as fault:
        raise node.fault(fault.kind, fault.message, fault.advice) from fault
    return question.check


class Remembering:
    """A kind of answer that remembers its last judgements: what two pupils wrote in the same form is judged once."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._judge = lru_cache(maxsize=_JUDGED)(self._lasting)

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As the kind reads. Raises `ReadError`."""
        return self._kind.understood(text, names)

    def judge(self, answer: Form) -> Judgement:
        """As the kind judges."""
        return self._judge(answer)

    def _lasting(self, answer: Form) -> Judgement:
        """A judgement that looks for its findings once, when somebody asks."""
        found = self._kind.judge(answer)
        return Judgement(found.outcome, found.score, found.evidence, lambda: found.findings, lambda: found.remarks)

    def samples(self) -> Samples:
        """Those of the kind."""
        return self._kind.samples()


# -- the arguments of check, by what stands in the file ------------------------------------------------


def _text(node: Node) -> str:
    return node.text()


def _text_or_list(node: Node) -> str | tuple[str, ...]:
    return node.text() if isinstance(node.value, str) else node.texts()


def _names(node: Node) -> tuple[str, ...]:
    """A list, or a text with commas."""
    return tuple(name.strip() for text in node.texts() for name in text.split(",") if name.strip())


def _yes(node: Node) -> bool:
    return node.one_of(("yes", "no", "true", "false")) in ("yes", "true")


def _mistakes(node: Node) -> tuple[Mistake, ...]:
    found = []
    for item in node.items("a list of mistakes"):
        given = item.entries(("id", "answer", "say"), ("id", "answer"))
        found.append(Mistake(given["id"].text(), given["answer"].text(), given["say"].text() if "say" in given else ""))
    return tuple(found)


_ARGUMENTS: dict[str, Callable[[Node], Any]] = {
    **dict.fromkeys(("derivative_of", "gradient_of", "hessian_of", "antiderivative_of", "formula", "values", "function", "at", "kind", "step"), _text),
    **dict.fromkeys(("tolerance", "relative_tolerance"), _text),
    **dict.fromkeys(("expected", "form", "domain"), _text_or_list),
    **dict.fromkeys(("same_domain", "constant"), _yes),
    **dict.fromkeys(("significant_figures", "decimal_places"), lambda node: node.whole(0, 15)),
    "wrt": lambda node: names[0] if len(names := _names(node)) == 1 else names,
    "variables": lambda node: frozenset(_names(node)),
    "options": lambda node: tuple(item.text() for item in node.items()) if isinstance(node.value, tuple) else _names(node),
    "order": lambda node: node.whole(1, 100),
    "form_credit": lambda node: node.number(0, 1),
    "weights": lambda node: tuple(item.number(0, MOST_POINTS) for item in node.items()),
    "given": lambda node: tuple(item.whole(0, 1_000) for item in node.items()),
    "mistakes": _mistakes,
}  # fmt: skip
"""Each argument of `check` with its reader."""
assert set(_ARGUMENTS) == {field.name for field in fields(Asked)}

__all__ = ["Entry", "Key", "Source", "load", "read_key"]
