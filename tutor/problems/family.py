"""Families: an author's file as a frozen value.

A file says what varies (`tutor.problems.parameters`), which functions there are, the story and the questions. It is read strictly
(`tutor.problems.source`): every complaint names file, line and column. `docs/families.md` describes every key.

>>> family = read_family('''
... format: 1
... title: A coffee shop's profit
... skills: [power-rule]
... difficulty: 1
... parameters: {a: [10, 20], best: 4..6}
... derived: {b: 2*a*best}
... variables: {p: {domain: p > 0}}
... functions: {P: -a*p^2 + b*p}
... story: A shop earns $P(p) = P$ euros at a price of $p$ euros.
... questions:
...   - ask: What is $P'(p)$?
...     answer: diff(P, p)
... ''', "business/coffee")
>>> family.title, family.space.size, [question.answer for question in family.questions]
("A coffee shop's profit", 6, ['diff(P, p)'])
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tutor.errors import TutorError
from tutor.form.reading import read
from tutor.form.tree import Apply, Form, Relation, Sym
from tutor.problems.parameters import Space, Value, formula, letter, read_space, strange_letter
from tutor.problems.scope import named_in_calls, read_named, words_in
from tutor.problems.skills import SKILLS
from tutor.problems.source import Node, parse
from tutor.problems.story import Story
from tutor.resources import find

FORMAT = 1
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
_KEYS = (
    "format", "title", "skills", "difficulty", "parameters", "derived", "constraints", "pinned", "disabled", "variables", "functions", "story", "questions",
)  # fmt: skip
_QUESTION = (
    "ask", "answer", "kind", "unit", "form", "form_credit", "tolerance", "decimal_places", "significant_figures", "options", "weight", "interpretation", "hints", "mistakes", "tests",
    "error", "working", "given", "allow",
)  # fmt: skip
ALLOWED = ("ugly", "zero", "given", "same", "blind", "hint", "words")
"""Findings of the check that an author may want in a question: `allow: [zero]`."""


NOTHING = Story("")


@dataclass(frozen=True, slots=True)
class Written:
    """A function as the author wrote it: its letters, and its formula in them and in the parameters."""

    letters: tuple[str, ...]
    body: Form
    node: Node


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A mistake that the author expects: an id, the wrong answer as a line like the right one, and a sentence."""

    id: str
    answer: str
    say: str
    node: Node


@dataclass(frozen=True, slots=True)
class Trial:
    """A test by the author: a reply, and the outcome or mistake that it has to get in every variant."""

    reply: Story
    outcome: str
    mistake: str
    node: Node


@dataclass(frozen=True)
class Question:
    """One question: what is asked, the answer as a line for the engine, and how replies are graded.

    `settings` are those of `check`: kind, form, tolerance, … `error` names mistakes of which one is put into the working of the answer, and
    the first wrong line is asked for; `working` are the author's own lines. `given` are the steps of a table that are filled in. `allow` are findings
    of the check that the author wants.
    """

    ask: Story
    answer: str
    node: Node
    unit: Story = NOTHING
    weight: float = 1.0
    settings: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Story, ...] = ()
    interpretation: Story | None = None
    hints: tuple[Story, ...] = ()
    mistakes: tuple[Foreseen, ...] = ()
    tests: tuple[Trial, ...] = ()
    error: Story | None = None
    working: tuple[str, ...] = ()
    given: tuple[int, ...] = ()
    allow: frozenset[str] = frozenset()

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything here that is worked out by the engine."""
        return (*((self.answer,) if self.answer else ()), *self.working, *(one.answer for one in self.mistakes))

    @property
    def finds_error(self) -> bool:
        """Whether the first wrong line of a working is asked for."""
        return self.error is not None or bool(self.working)


@dataclass(frozen=True)
class Family:
    """A family of problems. `digest` changes when the file does: a variant's id carries it.

    `kept` is for what belongs to the family and does not depend on the numbers.
    """

    id: str
    title: str
    skills: tuple[str, ...]
    difficulty: int
    space: Space
    pinned: tuple[int, ...]
    disabled: frozenset[int]
    conditions: tuple[Form, ...]
    functions: Mapping[str, Written]
    story: Story
    questions: tuple[Question, ...]
    digest: str
    file: str
    variables: tuple[str, ...] = ()
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def topic(self) -> str:
        """The first part of the id: the folder."""
        return self.id.partition("/")[0]


def read_family(text: str, name: str, file: str = "") -> Family:
    """The family in a file's text; `name` is its id, such as business/coffee-profit. Raises `SourceError`."""
    root = parse(text, file or f"{name}.yaml")
    entries = root.entries(_KEYS, ("format", "title", "skills", "difficulty", "questions"))
    entries["format"].whole(FORMAT, FORMAT)
    if not _ID.fullmatch(name):
        raise root.fault("id", f"{name!r} is no id", "An id is lower-case words with hyphens, in folders: business/coffee-profit.")
    space = read_space(entries.get("parameters"), entries.get("derived"), entries.get("constraints"))
    variables, conditions = _variables(entries.get("variables"), space)
    functions = _functions(entries.get("functions"), space, variables)
    story = _own_story(entries["story"]) if "story" in entries else NOTHING
    shared = story.text if "story" in entries and isinstance(entries["story"].value, dict) else ""
    questions = tuple(_question(node) for node in entries["questions"].items("a list of questions"))
    if not questions:
        raise entries["questions"].fault("empty", "a family has at least one question")
    return Family(
        name, entries["title"].text("a title"), tuple(node.one_of(SKILLS) for node in entries["skills"].items("a list of skills")),
        entries["difficulty"].whole(1, 3), space, tuple(_pinned(node, space) for node in (entries["pinned"].items() if "pinned" in entries else ())),
        frozenset(_pinned(node, space) for node in (entries["disabled"].items() if "disabled" in entries else ())), conditions, functions,
        story, questions, sha256((text + shared).encode()).hexdigest()[:6], root.file, variables,
    )  # fmt: skip


def _own_story(node: Node) -> Story:
    """The story of a family: a text, or `{file: business/shop}` for templates/stories/business/shop.txt, which several families may share. Raises `SourceError`."""
    if not isinstance(node.value, dict):
        return _story(node)
    file = node.entries(("file",), ("file",))["file"]
    name = file.text("the name of a story")
    if not _ID.fullmatch(name):
        raise file.fault("file", f"{name!r} is no name of a story", "Such as business/shop for the file templates/stories/business/shop.txt.")
    try:
        text = find("templates", f"stories/{name}.txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, TutorError) as fault:
        raise file.fault("file", f"the story templates/stories/{name}.txt cannot be read", "Write the story into the family instead, or add the file.") from fault
    return _story(Node(text, file.file, file.line, file.column))


def _story(node: Node) -> Story:
    """A text with values and mathematics. Raises `SourceError` for what no text can hold."""
    story = Story(node.text(), node)
    try:
        _ = story.names
    except TutorError as fault:
        raise node.fault(fault.kind, fault.message, fault.advice) from fault
    return story


def _variables(node: Node | None, space: Space) -> tuple[tuple[str, ...], tuple[Form, ...]]:
    """The letters that move, and where they live. A variable may be `p: p > 0`, or a mapping with domain and unit."""
    names, conditions = [], []
    for name, entry in (node.entries() if node else {}).items():
        names.append(letter(name))
        if isinstance(entry.value, dict):
            entries = entry.entries(("domain", "unit", "name"))
            entry = entries.get("domain", Node("", entry.file, entry.line, entry.column))  # noqa: PLW2901
        if entry.value:
            known = {*space.choices, *space.derived, name}
            condition = formula(entry, known)
            if not isinstance(condition, Relation):
                raise entry.fault("domain", f"{entry.value} is no condition", "Write a domain as p > 0, or 0 <= t <= 10.")
            conditions.append(condition)
    return tuple(names), tuple(conditions)


def _functions(node: Node | None, space: Space, variables: tuple[str, ...]) -> dict[str, Written]:
    """Functions by name: `P: -a*p^2` takes the variables in it in the order in which they are declared, `P(p, q): …` those in brackets.

    A formula may use functions that stand above it and the engine's calls: `P: R - C`, `L: loss(w*size, price, houses)`.
    """
    found: dict[str, Written] = {}
    for name, entry in (node.entries() if node else {}).items():
        head = _head(name, entry)
        known = {*space.choices, *space.derived, *variables}
        match head:
            case Apply(plain, args, _) if args and all(isinstance(arg, Sym) for arg in args):
                letters = tuple(arg.name for arg in args if isinstance(arg, Sym))
            case Apply(plain, _, _) | Sym(plain):
                letters = ()
            case _:
                raise entry.fault("name", f"{name} is no name of a function", "Write P: …, or P(p, q): … with its letters.")
        body = _body(entry, {*known, *letters}, tuple(found))
        free = body.free.union(*(found[other].letters for other in body.free & found.keys()))
        letters = letters or tuple(one for one in variables if one in free)
        if not letters:
            raise entry.fault("function", f"{plain} depends on no variable", "Name its letters under variables, or write P(p): ….")
        found[plain] = Written(letters, body, entry)
    return found


def _body(entry: Node, known: set[str], functions: tuple[str, ...]) -> Form:
    """A formula in known letters, functions and calls. Raises `SourceError`."""
    letters = frozenset(map(letter, known))
    form: Form = entry.read(lambda text: read_named(text, letters | set(functions), functions))
    strange = form.free - letters - set(functions) - words_in(str(entry.value)) - named_in_calls(form)
    if strange:
        raise strange_letter(entry, min(strange), {*known, *functions})
    return form


def _head(name: str, entry: Node) -> Form:
    """The left side, P or P(p, q). Raises `SourceError`."""
    try:
        return read(name, functions=[name.partition("(")[0].strip()])
    except TutorError as fault:
        raise entry.fault("name", f"{name} is no name of a function", "Write P: …, or P(p, q): … with its letters.") from fault


def _question(node: Node) -> Question:
    entries = node.entries(_QUESTION, ("ask",))
    if "answer" not in entries and "working" not in entries:
        raise node.fault("missing", "the key answer is missing", "Add answer: with its line, such as diff(P, p).")
    settings: dict[str, Any] = {}
    if "kind" in entries:
        settings["kind"] = entries["kind"].text()
    if "form" in entries:
        settings["form"] = entries["form"].texts()
    if "tolerance" in entries:
        settings["tolerance"] = entries["tolerance"].text()
    for key in ("decimal_places", "significant_figures"):
        if key in entries:
            settings[key] = entries[key].whole(0, 15)
    if "form_credit" in entries:
        settings["form_credit"] = entries["form_credit"].number(0, 1)
    line = entries.get("answer")
    return Question(
        _story(entries["ask"]), line.text("an answer") if line else "", line or node, _story(entries["unit"]) if "unit" in entries else NOTHING,
        entries["weight"].number(0, 100) if "weight" in entries else 1.0, settings, tuple(_story(one) for one in entries["options"].items("a list of options")) if "options" in entries else (),
        _story(entries["interpretation"]) if "interpretation" in entries else None,
        tuple(_story(one) for one in (entries["hints"].items() if "hints" in entries else ())),
        tuple(_mistake(one) for one in (entries["mistakes"].items() if "mistakes" in entries else ())),
        tuple(_trial(one) for one in (entries["tests"].items() if "tests" in entries else ())),
        _story(entries["error"]) if "error" in entries else None, entries["working"].texts() if "working" in entries else (),
        tuple(one.whole(1, 20) for one in entries["given"].items("a list of steps")) if "given" in entries else (),
        frozenset(one.one_of(ALLOWED) for one in entries["allow"].items("a list of findings")) if "allow" in entries else frozenset(),
    )  # fmt: skip


def _mistake(node: Node) -> Foreseen:
    entries = node.entries(("id", "answer", "say"), ("id", "answer"))
    return Foreseen(entries["id"].text(), entries["answer"].text(), entries["say"].text() if "say" in entries else "", node)


def _trial(node: Node) -> Trial:
    entries = node.entries(("reply", "outcome", "mistake"), ("reply", "outcome"))
    outcome = entries["outcome"].one_of(("right", "partly", "wrong", "unreadable"))
    return Trial(_story(entries["reply"]), outcome, entries["mistake"].text() if "mistake" in entries else "", node)


def _pinned(node: Node, space: Space) -> int:
    """The number of a variant that is written out as a mapping from parameter to value."""
    given: dict[str, Value] = {}
    for name, entry in node.entries(tuple(space.choices), tuple(space.choices)).items():
        text = str(entry.value) if isinstance(entry.value, str) else ""
        choice = next((one for one in space.choices[name] if _matches(one, text, entry)), None)
        if choice is None:
            raise entry.fault("choice", f"{name} has no such choice")
        given[name] = choice
    rank = space.rank(given)
    if not space.holds(space.values(rank)):
        raise node.fault("constraint", "this variant does not fulfil the constraints")
    return rank


def _matches(choice: Value, text: str, entry: Node) -> bool:
    if isinstance(choice, Mapping):
        return isinstance(entry.value, dict) and all(one in choice.items() for one in ((key, value.value) for key, value in entry.value.items()))
    return bool(text) and (choice == text if isinstance(choice, str) else choice is read(text))


__all__ = ["ALLOWED", "FORMAT", "Family", "Foreseen", "Question", "Trial", "Written", "read_family"]
