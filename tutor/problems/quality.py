"""The check of a family: every valid variant is made, read, solved and graded, and what is not good enough is named.

All variants are looked at where there are up to `most`; of more a seeded sample. What does not change from one variant to the next
(a sentence without numbers, a function that stays the same) is looked at once. The findings, by their ids:

    no-variant   the constraints leave nothing            error    the engine cannot work something out
    ugly         too many digits, a large denominator     zero     the answer is 0
    given        the answer stands in the question        same     the answer is the same in every variant
    key          the right answer is not graded as right  sample   an answer of known outcome is graded otherwise
    blind        most variants cannot show a mistake      hint     a hint gives the answer away
    test         a test of the author fails               words    articles, plurals, blanks, holes
    mistake      an author's mistake is mostly right      pinned   a pinned variant is disabled
    picture      a picture of the solution without words

A number by hand is ugly with more than 6 significant digits (zeros at its ends do not count), with a denominator above 100 that is no decimal
with few places, with a root of more than 100, or with a root in a root. An author who wants a finding says so: `allow: [zero]`.

>>> from tutor.problems.library import load
>>> from tutor.resources import find
>>> report = check_family(load(find("templates", "stories/new.yaml")))
>>> report.valid, report.findings
(108, ())
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from tutor.errors import ReadError, TutorError
from tutor.exposition.doc import Block, Maths, Paragraph, Phrase
from tutor.form.evaluate import evaluate
from tutor.form.notation.latex import LATEX
from tutor.form.notation.unicode import UNICODE
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import ZERO, Div, Form, Listing, Neg, Num, Relation, Root, Sym
from tutor.form.walk import nodes
from tutor.form.write import write
from tutor.grading.kinds.base import Kind
from tutor.problems.blind import Pair, collisions
from tutor.problems.family import Family
from tutor.problems.pictures import figures
from tutor.problems.problem import Problem, Question, problem_of
from tutor.problems.solution import result
from tutor.problems.source import SourceError
from tutor.problems.story import Story, names_in
from tutor.problems.wording import complaints

MOST, SAMPLE = 100_000, 10_000
DIGITS, DENOMINATOR, RADICAND = 6, 100, 100
"""What is still nice by hand: significant digits of a number, a fraction's denominator, what stands under a root."""
_SAMPLED = 12
"""In so many different variants a question's own samples are graded; the key is graded in all of them."""
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not good enough: its id, the question (a letter; empty for the family), the first variant, in how many, and a sentence."""

    id: str
    question: str
    variant: str
    count: int
    sentence: str


@dataclass(frozen=True)
class Report:
    """What is known of a family: how many combinations there are, how many were looked at and are valid, the blind ones, the findings, the slowest variant."""

    family: str
    combinations: int
    valid: int
    complete: bool
    blind: int
    findings: tuple[Finding, ...]
    slowest: tuple[str, float] = ("", 0.0)
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass
class _Notes:
    """Findings while variants are gone through: those of one kind in one question with one sentence are counted."""

    found: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)

    def add(self, id: str, question: str, variant: str, sentence: str) -> None:
        key = id, question, sentence
        first, count = self.found.get(key, (variant, 0))
        self.found[key] = first, count + 1

    def all(self) -> tuple[Finding, ...]:
        """One finding for each kind and question: the sentence of the first variant, with all variants counted."""
        joined: dict[tuple[str, str], Finding] = {}
        for (id, question, sentence), (variant, count) in self.found.items():
            before = joined.get((id, question))
            joined[id, question] = Finding(id, question, variant, count, sentence) if before is None else Finding(id, question, before.variant, before.count + count, before.sentence)
        return tuple(joined.values())


class _Checker:
    """What is known of a family's questions while its variants are gone through."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.notes = _Notes()
        self.seen: list[dict[Any, Iterable[tuple[str, str]]]] = [{} for _ in family.questions]
        self.keys: list[set[str]] = [set() for _ in family.questions]
        self.texts: dict[Any, list[tuple[str, str]]] = {}
        self.colliding: dict[Any, frozenset[Pair]] = {}
        self.blind = 0
        self.pictured = False
        self.right: Counter[tuple[int, str]] = Counter()

    def variant(self, problem: Problem) -> None:
        """Everything about one variant."""
        self._text("", problem, "story", self.family.story, lambda: problem.statement)
        for k, question in enumerate(problem.questions):
            self._question(k, question, problem)
        if self._collisions(problem):
            self.blind += 1
        if not self.pictured:
            self.pictured = True
            for k, figure in figures(problem):
                if not figure.description:
                    self.notes.add("picture", _letter(k, len(problem.questions)), problem.id, "the picture has no words")

    def _question(self, k: int, question: Question, problem: Problem) -> None:
        name, source = _letter(k, len(self.family.questions)), question.source
        self._text(name, problem, "ask", source.ask, lambda: (Paragraph(question.ask),), source.allow)
        key = self._depends(question, problem)
        if key not in self.seen[k]:
            few = len(self.seen[k]) < _SAMPLED
            self.seen[k][key] = tuple(_examined(question, few))
            self.keys[k].add(str(question.answer.key))
            self.right.update((k, one) for one in question.meaningless)
        for id, sentence in self.seen[k][key]:
            if id not in source.allow:
                self.notes.add(id, name, problem.id, sentence)
        if source.interpretation is not None and "words" not in source.allow:
            for complaint in complaints(question.interpretation):
                self.notes.add("words", name, problem.id, complaint)

    def _text(self, name: str, problem: Problem, part: str, story: Story, blocks: Callable[[], Iterable[Block]], allowed: frozenset[str] = frozenset()) -> None:
        """The words of a text, once for all variants in which its values are the same."""
        used = _values(problem, names_in(story, problem.scope))
        key = part, name, used
        if key not in self.texts:
            self.texts[key] = [said for block in blocks() for said in _of_block(block)]
        for said in self.texts[key]:
            id, sentence = said
            if id not in allowed:
                self.notes.add(id, name, problem.id, sentence)

    def _depends(self, question: Question, problem: Problem) -> Any:
        """The values on which a question's answer and grading depend."""
        source, scope = question.source, problem.scope
        stories = [source.ask, source.unit, *source.hints, *source.options, *(trial.reply for trial in source.tests), *((source.error,) if source.error else ())]
        names = frozenset().union(*(names_in(story, scope) for story in stories), *(_of_line(line, problem) for line in source.lines))
        return _values(problem, names)

    def _collisions(self, problem: Problem) -> frozenset[Pair]:
        names = frozenset().union(*(_of_line(line, problem) for one in self.family.questions for line in one.lines))
        key = _values(problem, names)
        if key not in self.colliding:
            self.colliding[key] = collisions(problem)
        return self.colliding[key]

    def finish(self, valid: int) -> None:
        """What only all variants together show."""
        for k, keys in enumerate(self.keys):
            source = self.family.questions[k]
            if len(keys) == 1 and len(self.seen[k]) > 1 and "same" not in source.allow:
                self.notes.add("same", _letter(k, len(self.keys)), "", f"the answer is {next(iter(keys))} in every variant")
        for (k, mistake), count in self.right.items():
            if 2 * count > len(self.seen[k]):
                self.notes.add("mistake", _letter(k, len(self.keys)), "", f"the mistake {mistake} leads to the right answer")
        if 2 * self.blind > valid and not any("blind" in one.allow for one in self.family.questions):
            self.notes.add("blind", "", "", f"{self.blind} of {valid} variants cannot tell a mistake from the right answer, or from another one")


def check_family(family: Family, most: int = MOST, sample: int = SAMPLE, tick: Callable[[int, int], None] | None = None) -> Report:
    """The report on a family; `tick` is told how many variants are done, and of how many."""
    start = perf_counter()
    checker = _Checker(family)
    ranks = family.space.ranks(f"{family.id}/check", most if family.space.size <= most else sample)
    slowest, valid = ("", 0.0), 0
    whole = family.space.size if family.space.size <= most else sample
    for rank in ranks:
        if rank in family.disabled:
            continue
        valid += 1
        began = perf_counter()
        problem = problem_of(family, rank)
        try:
            checker.variant(problem)
        except TutorError as fault:
            checker.notes.add("error", "", problem.id, _said(fault))
            if len(checker.notes.found) > 200:
                break
        slowest = max(slowest, (problem.id, perf_counter() - began), key=lambda one: one[1])
        if tick is not None and valid % 50 == 0:
            tick(rank if family.space.size <= most else valid, whole)
    if not valid:
        checker.notes.add("no-variant", "", "", "no variant fulfils the constraints")
    for rank in family.pinned:
        if rank in family.disabled:
            checker.notes.add("pinned", "", "", "a pinned variant is disabled")
    checker.finish(valid)
    return Report(family.id, family.space.size, valid, family.space.size <= most, checker.blind, checker.notes.all(), slowest, perf_counter() - start)


def _said(fault: TutorError) -> str:
    """The message without the variant's name, so that equal ones are counted together."""
    message = fault.message
    message = message.partition(": ")[2] if message.startswith("in variant ") else message
    return f"line {fault.line}: {message}" if isinstance(fault, SourceError) else message


def _letter(k: int, count: int) -> str:
    return chr(97 + k) if count > 1 else "question"


# -- on what something depends -----------------------------------------------------------------------


def _of_line(line: str, problem: Problem) -> frozenset[str]:
    """The names of values and functions in a line: a mapping of the family, since it is the same in every variant."""
    kept: dict[str, frozenset[str]] = problem.family.kept
    key = f"line {line}"
    if key not in kept:
        kept[key] = _read_names(line, problem)
    return kept[key]


def _read_names(line: str, problem: Problem) -> frozenset[str]:
    if "{" in line or "$" in line:
        return names_in(Story(line), problem.scope)
    names: set[str] = set()
    for part in line.split("@"):
        try:
            form = problem.scope.read(part)
        except ReadError:
            continue
        names |= form.free | {node.name for node in nodes(form) if hasattr(node, "name") and node.name in problem.scope.functions}
    return frozenset(names)


def _values(problem: Problem, names: frozenset[str]) -> tuple[Any, ...]:
    """What these names mean in a variant."""
    scope = problem.scope
    found: list[Any] = []
    for name in sorted(names):
        if name in scope.values:
            found.append(scope.values[name])
        elif name in scope.functions:
            found.append(scope.functions[name].body)
        elif name in problem.values:
            value = problem.values[name]
            found.append(tuple(value.items()) if isinstance(value, Mapping) else value)
    return tuple(found)


# -- one question ------------------------------------------------------------------------------------


def _examined(question: Question, samples: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with a question of one variant."""
    found, source = question.answer, question.source
    if not source.finds_error and found.asked.kind not in ("choice", "choices") and source.settings.get("kind") not in ("choice", "choices", "word", "boolean"):
        yield from _unfit(question)
    if question.unit:
        yield from (("words", said) for said in complaints(result(question)))
    yield from _graded(question)
    if samples:
        yield from _own_samples(question.kind)
    yield from _given_away(question)
    yield from _tested(question)


def _unfit(question: Question) -> Iterator[tuple[str, str]]:
    key, settings = question.answer.key, question.source.settings
    parts = key.items if isinstance(key, Listing) else (key,)
    if not any(name in settings for name in ("tolerance", "decimal_places", "significant_figures")) and question.answer.asked.relative_tolerance is None:
        yield from (("ugly", said) for said in ugly(key))
    if all(part is ZERO for part in parts):
        yield "zero", "the answer is 0"
    shown = {part for part in question.ask if isinstance(part, Form)}
    if rational(key) is not None and key is not ZERO and key in shown:
        yield "given", f"the answer {key} stands in the question"


def ugly(form: Form) -> Iterator[str]:
    """What is ugly about the numbers of a form.

    >>> from tutor.form.reading import read
    >>> [list(ugly(read(text))) for text in ("200", "-140000/3", "1234567", "1/137")]
    [[], [], ['the number 1234567 has too many digits'], ['the denominator of 1/137 is too large']]
    """
    for node in nodes(form):
        match node:
            case Num(digits, _) if len(str(digits).rstrip("0").lstrip("0")) > DIGITS:
                yield f"the number {node} has too many digits"
            case Div(top, Num(digits, 0)) if digits > DENOMINATOR and rational(top) is not None:
                yield f"the denominator of {node} is too large"
            case Root(radicand, _) if (value := rational(radicand)) is not None and value.numerator > RADICAND:
                yield f"{node} is no root for paper"
            case Root(radicand, _) if any(isinstance(part, Root) for part in nodes(radicand)):
                yield f"{node} is a root in a root"


def _graded(question: Question) -> Iterator[tuple[str, str]]:
    """The key, as it is written in text, in LaTeX and in Unicode, has to be right."""
    for text in key_texts(question):
        verdict = question.check(text)
        if verdict.outcome != "right":
            yield "key", f"the right answer {text!r} is {verdict.outcome}"
            return


def key_texts(question: Question) -> Iterator[str]:
    """How the right answer may be typed."""
    found = question.answer
    key = found.key
    if isinstance(found.asked.expected, str) or isinstance(key, Sym):
        whole = str(found.asked.expected if isinstance(found.asked.expected, str) else key)
        given = question.source.given
        yield "; ".join(cell for k, cell in enumerate(whole.split("; "), 1) if k not in given) if given else whole
        return
    rounded = _rounded(question)
    if rounded:
        yield rounded
        return
    yield str(key)
    yield write(key, LATEX)
    yield write(key, UNICODE)
    if question.unit and not isinstance(key, Relation):
        yield f"{key} {question.unit}"


def _rounded(question: Question) -> str:
    """The right answer as it is to be rounded; empty where nothing is said of that."""
    settings, key = question.source.settings, question.answer.key
    if isinstance(key, Listing | Relation) or key.free:
        return ""
    if "decimal_places" in settings:
        return f"{evaluate(key, {}):.{int(str(settings['decimal_places']))}f}"
    if "significant_figures" in settings:
        return str(read(f"{evaluate(key, {}):#.{int(str(settings['significant_figures']))}g}".rstrip(".")))
    return ""


def _own_samples(kind: Kind) -> Iterator[tuple[str, str]]:
    """The answers of known outcome that the kind itself gives."""
    samples = kind.samples()
    for text in samples.right:
        if kind.judge(kind.understood(text).form).outcome != "right":
            yield "sample", f"the right answer {text!r} is refused"
    for text in samples.wrong:
        if kind.judge(kind.understood(text).form).outcome == "right":
            yield "sample", f"the wrong answer {text!r} is accepted"


def _given_away(question: Question) -> Iterator[tuple[str, str]]:
    """A hint must not hold the answer, unless the question shows it."""
    key = question.answer.key
    if not question.source.hints or isinstance(key, Sym):
        return
    shown = _forms((question.ask,))
    for hint in question.hints:
        held = _forms((hint,))
        if key not in shown and key not in (ZERO,) and (key in held or (isinstance(key, Neg) and key.operand.size > 1 and key.operand in held)):
            yield "hint", f"a hint holds the answer {key}"


def _forms(phrases: Iterable[Phrase]) -> set[Form]:
    return {node for phrase in phrases for part in phrase if isinstance(part, Form) for node in nodes(part)}


def _tested(question: Question) -> Iterator[tuple[str, str]]:
    """The author's tests."""
    for trial in question.source.tests:
        reply = "".join(map(str, trial.reply.phrase(question.values, question.scope)))
        verdict = question.check(reply)
        if verdict.outcome != trial.outcome:
            yield "test", f"the reply {reply!r} is {verdict.outcome}, and {trial.outcome} is expected (line {trial.node.line})"
        elif trial.mistake and trial.mistake not in [finding.mistake for finding in verdict.findings]:
            told = ", ".join(finding.mistake for finding in verdict.findings) or "nothing"
            yield "test", f"of the reply {reply!r} {told} is said, and {trial.mistake} is expected (line {trial.node.line})"


def _of_block(block: Block) -> Iterator[tuple[str, str]]:
    """What is wrong with a paragraph or line of a text."""
    match block:
        case Paragraph(phrase, _):
            yield from (("words", said) for said in complaints(phrase))
            yield from (("ugly", said) for part in phrase if isinstance(part, Form) for said in ugly(part))
        case Maths(form, _, _):
            yield from (("ugly", said) for said in ugly(form))


__all__ = ["MOST", "SAMPLE", "Finding", "Report", "check_family", "key_texts", "ugly"]
