"""A derivation becomes a document, at three levels of detail.

`brief` names the rules in one line and gives the result; `normal` is what stands on the board:
the rule, the line that it gives, the smaller derivatives one level in, the parts put together, the
algebra line by line; `full` adds the reason for each rule, opens what is trivial, and checks the
result at a point. A sub-expression that occurs twice is worked out once.

>>> from tutor.calculus.differentiate import differentiate
>>> doc = explanation(differentiate("sin(x^2)"))
>>> [type(block).__name__ for block in doc.blocks]
['Section', 'Section', 'Section', 'Result']
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tutor.algebra.tidy import Rewrite
from tutor.calculus.conditions import needed
from tutor.calculus.differentiate import Derivation, is_smooth
from tutor.calculus.tree import Step
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.joins import join_notes
from tutor.exposition.names import Name, equation, named
from tutor.exposition.naming import Letters, in_letter, kind, spoken
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.unwind import unwound
from tutor.form.tree import Add, Call, Deriv, Form, Neg, Pow, Relation, Sym

if TYPE_CHECKING:
    from tutor.calculus.points import Point


_TRIVIAL = frozenset(("constant", "identity"))
_EASY_LEAVES = frozenset(("constant", "identity", "table"))


@dataclass(slots=True)
class _Board:
    """What one explanation has said so far: which steps were shown, which letters are free."""

    level: Level
    partial: bool
    letters: Letters
    shown: set[int] = field(default_factory=set)

    @property
    def full(self) -> bool:
        return self.level == "full"


def explanation(derivation: Derivation, level: Level = "normal", typed: Form | None = None, at: Point | None = None) -> Doc:
    """The document of a derivation. `typed` is what was typed, when that names the function; `at` a point.

    Raises `RequestError` when the point leaves a letter without a value.
    """
    first = derivation.chain[0]
    name = named(typed or first.function, first.function, first.variable)
    title = equation(name, 0, first.function)
    blocks: list[Block] = []
    mixed = len(set(derivation.asked)) > 1
    if mixed:
        blocks.append(Paragraph(_order_of_letters(derivation)))
    else:
        blocks.extend(_held(first, name))
    if level == "brief":
        blocks.append(Paragraph(_rules_in_order(derivation)))
    else:
        for one in derivation.chain:
            held = _held(one, name) if mixed else ()
            blocks.extend(_order(one, name, level, held, several=derivation.order > 1))
    blocks.append(_result(derivation, name))
    if derivation.conditions:
        blocks.append(Paragraph(PHRASES.say("text.conditions", {"conditions": listed(derivation.conditions)}), "condition"))
    if at:
        from tutor.exposition.places import value_section

        blocks.append(value_section(derivation, name, at))
    if level == "full":
        from tutor.exposition.places import check

        blocks.extend(part for part in (check(derivation),) if part is not None)
    return abbreviated(Doc((title,), tuple(blocks)))


def _order_of_letters(derivation: Derivation) -> Phrase:
    """In which order a mixed derivative is worked out, and why that is allowed."""
    taken = tuple(one.variable for one in derivation.chain)
    values = {"asked": listed(list(map(Sym, derivation.asked)), ", "), "taken": listed(list(map(Sym, taken)), ", "), "first": Sym(taken[0])}
    return PHRASES.say("text.clairaut" if is_smooth(derivation.chain[0].function) else "text.as_asked", {**values, "changed": taken != derivation.asked})


def _held(derivation: Derivation, name: Name) -> tuple[Paragraph, ...]:
    """Which letters are held fixed while one moves."""
    others = [Sym(letter) for letter in name.letters if letter != derivation.variable]
    if not others:
        return ()
    variable = Sym(derivation.variable)
    if derivation.variable not in derivation.function.free:
        return (Paragraph(PHRASES.say("text.independent", {"variable": variable, "before": derivation.function})),)
    return (Paragraph(PHRASES.say("text.wrt", {"variable": variable, "others": listed(others), "many": len(others) > 1})),)


def _rules_in_order(derivation: Derivation) -> Phrase:
    """The names of the rules, outermost first, each once."""
    names: dict[str, None] = {}
    for one in derivation.chain:
        stack = [one.root]
        while stack:
            step = stack.pop()
            if names and _is_linear(step):
                continue
            names.setdefault(_plain(PHRASES.say(f"rules.{kind(step)}.name", step_values(step, "u"))))
            stack.extend(reversed(step.steps))
    return (" → ".join(names),)


def _plain(phrase: Phrase) -> str:
    return "".join(str(part) for part in phrase)


def _order(one: Derivation, name: Name, level: Level, held: tuple[Block, ...], several: bool) -> tuple[Block, ...]:
    """The blocks of one order, under a heading when there are several."""
    blocks = (*held, *board_blocks(one, name, level))
    if not several:
        return blocks
    heading = PHRASES.say("text.order", {"ordinal": PHRASES.words("text.ordinals")[one.order]})
    return (Section(heading, blocks, "order"),)


def board_blocks(one: Derivation, name: Name, level: Level) -> tuple[Block, ...]:
    """What stands on the board for one derivation: the rules, then the algebra; briefly, the result alone."""
    left = name.derivative(_variables(one))
    if level == "brief":
        return (Paragraph(_rules_in_order(one)), Maths(_equals(left, one.value)))
    board = _Board(level, name.partial, Letters(one.function, one.variable))
    return (*unwound(_step(board, one.root, left, 0)), *(_algebra(board, line, left) for line in one.algebra))


def _variables(derivation: Derivation) -> tuple[str, ...]:
    return tuple(one.variable for one in derivation.chain)


def _algebra(board: _Board, line: Rewrite, left: Form) -> Section:
    blocks: list[Block] = []
    if board.full:
        blocks.append(Paragraph(PHRASES.say(f"laws.{line.law}.reason", {}), "reason"))
    blocks.append(Maths(_equals(left, line.after), changed(line.before, line.after)))
    return Section(PHRASES.say(f"laws.{line.law}.heading", {}), tuple(blocks), f"law.{line.law}")


def changed(before: Form, after: Form) -> Form | None:
    """The smallest part of the new line that holds everything that changed; None where that is the whole line.

    >>> from tutor import read
    >>> changed(read("x + sin(x)*(1 + 1)"), read("x + sin(x)*2"))
    read('2')
    """
    whole = after
    while type(before) is type(after) and len(before.children) == len(after.children):
        different = [pair for pair in zip(before.children, after.children, strict=True) if pair[0] is not pair[1]]
        if len(different) != 1:
            break
        before, after = different[0]
    return None if after is whole else after


def _result(derivation: Derivation, name: Name) -> Result:
    order = derivation.asked or _variables(derivation)
    return Result(equation(name, len(order), derivation.value, order), tuple(line.after for line in derivation.also[:1]))


# -- one step ----------------------------------------------------------------------------------------


def _step(board: _Board, step: Step, left: Form | None, layer: int) -> Generator[Any, Any, tuple[Block, ...]]:
    """The sections of a step; a rewriting is a section of its own, followed by the rewritten function's."""
    values = step_values(step, board.letters[layer])
    here = left or Deriv(step.before, step.variable, 1, board.partial)
    if id(step) in board.shown:
        return (Paragraph(PHRASES.say("text.above", {"what": here})),)
    board.shown.add(id(step))
    heading = PHRASES.say(f"rules.{kind(step)}.heading", values)
    blocks: list[Block] = []
    if board.full:
        blocks.append(Paragraph(PHRASES.say(f"rules.{kind(step)}.reason", values), "reason"))
    if step.rewrite is not None:
        blocks.append(Maths(_equals(step.rewrite.before, step.rewrite.after), note=_note(step)))
        rest = yield _step(board, step.steps[0], left, layer)
        return (Section(heading, tuple(blocks), kind(step)), *rest)
    open_steps = [child for child in step.steps if not _collapses(board, step, child)]
    if not open_steps:
        blocks.append(Maths(_equals(here, *_line(step)), note=_note(step)))
        return (Section(heading, (*blocks, *join_notes(step)), kind(step)),)
    blocks.append(Maths(_equals(here, _half_worked(step, set(map(id, open_steps)))), step.unworked(open_steps[0]), _note(step)))
    for child in dict.fromkeys(open_steps):
        blocks.extend((yield _step(board, child, None, layer + (step.rule == "chain"))))
    if left is None:
        blocks.append(Maths(_equals(here, *_line(step))))
        return (Section(heading, tuple(blocks), kind(step)),)
    together = [Section(heading, tuple(blocks), kind(step)), Section(PHRASES.say("text.together", {}), (Maths(_equals(left, step.worked)),), "together")]
    if step.after is not step.worked:
        together.append(_algebra(board, Rewrite(step.worked, step.after, "numbers"), left))
    return (*together, *join_notes(step))


def _line(step: Step) -> tuple[Form, ...]:
    """The right sides of a one-line step: as the rule gives it, with the numbers done."""
    return tuple(dict.fromkeys((_filled(step), step.after)))


def _filled(step: Step) -> Form:
    """A step in one line, with the easy derivatives below it filled in but not tidied: 0.01 · 2T."""
    if step.rule not in ("sum", "multiple"):
        return step.worked
    return step.over(tuple(_filled(child) if _is_easy(child) else child.after for child in step.steps))


def _is_easy(step: Step) -> bool:
    """Whether a step fits into its parent's line: a table entry, a constant, a multiple or sum of such."""
    if step.rule in _EASY_LEAVES:
        return True
    return step.rule in ("multiple", "sum") and step.before.size <= 24 and all(_is_easy(child) for child in step.steps)


def _is_linear(step: Step) -> bool:
    """Whether the derivative is a constant that needs no words: that of 3x, of x + 1, of a number."""
    return step.rule in _TRIVIAL or (step.rule in ("multiple", "sum") and all(_is_linear(child) for child in step.steps))


def _collapses(board: _Board, parent: Step, step: Step) -> bool:
    """Whether a smaller derivative is filled in without words at this level."""
    if board.full:
        return step.rule in _TRIVIAL
    return _is_linear(step) or (parent.rule in ("sum", "multiple") and _is_easy(step))


def _half_worked(step: Step, open_ids: set[int]) -> Form:
    """The rule's right side with the derivatives that need no words already filled in."""
    inline = _filled if step.rule in ("sum", "multiple") else lambda child: child.after
    return step.over(tuple(step.unworked(child) if id(child) in open_ids else inline(child) for child in step.steps))


def _note(step: Step) -> Phrase:
    """The conditions of the step, in short, behind its line."""
    conditions = needed(step.conditions)
    return PHRASES.say("text.condition", {"condition": listed(conditions)}) if conditions else ()


def _equals(*sides: Form) -> Relation:
    return Relation(sides, ("=",) * (len(sides) - 1))


def step_values(step: Step, letter: str) -> Mapping[str, Any]:
    """What the sentences about a step may speak of; `letter` stands for the inner function."""
    values: dict[str, Any] = {"before": step.before, "variable": Sym(step.variable), **step.parts}
    if "outer" in step.parts:
        outer = step.parts["outer"]
        values.update(outer=in_letter(outer, letter), letter=Sym(letter), name=spoken(outer))
        if isinstance(outer, Pow):
            values["exponent"] = outer.exponent
    if "log" in step.parts:
        inner = Sym("y") if step.rule == "power_tower" else Call("abs", (Sym("y"),))
        values["log"] = Relation((Call("ln", (inner,)), step.parts["log"]), ("=",))
    if step.rewrite is not None:
        values["other"] = step.rewrite.after
    count = len(step.before.children)
    words = PHRASES.words("text.words")
    values.update(
        count=count, words=words[count] if count < len(words) else str(count),
        differs=isinstance(step.before, Add) and any(isinstance(term, Neg) for term in step.before.terms),
    )  # fmt: skip
    return values
