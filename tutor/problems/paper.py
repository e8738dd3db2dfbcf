"""What of the engine's documents stands in a worked problem: what was asked, each line once, the answer last.

The topics of `tutor.exposition` answer a command line: they repeat the result at the end, name options, and tell more than a
problem asks. On paper the answer is the last thing that is said: a line that states it becomes the result; other results are lines like any.

>>> from tutor.form.reading import read
>>> working = (Maths(read("f'(x) = 2*x + 0")), Maths(read("f'(x) = 2*x")), Result(read("f'(x) = 2*x")))
>>> answered(working, read("2*x"))
((Maths(form=read("f'(x) = 2*x + 0"), focus=None, note=()), Result(form=read("f'(x) = 2*x"), also=())), True)
>>> len(unrepeated(working))
2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tutor.calculus.graph.backprop import Backprop
from tutor.calculus.optima.critical import StationaryPoints
from tutor.calculus.optima.hessian import Hessian
from tutor.calculus.worked import Worked
from tutor.descent.trace import Trace
from tutor.exposition import Level
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.phrases import PHRASES
from tutor.form.numerals import rational
from tutor.form.tree import Form, Num, Relation
from tutor.form.walk import nodes

_OPTION = re.compile(r"(?:(?<=[.!?;)])|^)[^.!?;]*(?<![\w-])--[a-z][^.!?]*[.!?)]*")
_ALWAYS = frozenset(("length", "direction", "steps", "diagnosis", "paths", "layers", "compare", "tangent"))
"""Sections of the engine's documents that answer more than was asked: they are for the full level."""
_MATRIX = frozenset(("trace", "determinant", "eigenvalues", "meaning", "everywhere", "condition"))
_DIGITS = 5
_BY_SOLVER = PHRASES.say("critical.solver", {})
"""That a program has solved an equation: an author says how it is done by hand."""


def on_paper(level: Level, worked: Worked, doc: Doc) -> tuple[Block, ...]:
    """The document without sentences about options of a command line, and without what nobody asked for."""
    left_out = {"step"} if level == "full" else {"step", *_ALWAYS, *(_MATRIX if isinstance(worked, Hessian) else ())}
    blocks = tuple(_said(block) for block in _asked_for(doc.blocks, left_out))
    if isinstance(worked, Hessian) or (isinstance(worked, Backprop) and not _has_rounded(doc)):
        blocks = tuple(block for block in blocks if not isinstance(block, Paragraph) or block.role != "remark")
    return _unsummed(blocks) if level != "brief" and isinstance(worked, StationaryPoints | Trace) else blocks


def _asked_for(blocks: tuple[Block, ...], left_out: set[str]) -> Iterator[Block]:
    for block in blocks:
        if not isinstance(block, Section):
            if not (isinstance(block, Paragraph) and block.phrase == _BY_SOLVER):
                yield block
        elif block.rule not in left_out:
            inner = tuple(_asked_for(block.blocks, left_out))
            if inner or not block.blocks:
                yield replace(block, blocks=inner)


def _has_rounded(doc: Doc) -> bool:
    """Whether a table holds a number with many decimals."""
    cells = (part for block in doc.walk() if isinstance(block, Table) for row in block.rows for cell in row for part in cell if isinstance(part, Form))
    return any(isinstance(node, Num) and node.places >= _DIGITS for cell in cells for node in nodes(cell))


def _unsummed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without the summary of one point, its value and what it is: both stand above."""
    found: list[Block] = []
    for k, block in enumerate(blocks):
        summary = isinstance(block, Result) or (k and isinstance(blocks[k - 1], Result) and isinstance(block, Paragraph) and block.role == "text")
        if not summary:
            found.append(block)
    return tuple(found)


def _said(block: Block) -> Block:
    match block:
        case Paragraph(phrase, role):
            return Paragraph(_without_options(phrase), role)
        case Maths(form, focus, note) if any(_is_same(form, part) for part in note):
            return Maths(form, focus)
        case Section(heading, blocks, rule, verdict):
            return Section(heading, tuple(map(_said, blocks)), rule, verdict)
        case Table(header, rows, caption):
            return Table(header, rows, _without_options(caption))
    return block


def _is_same(form: Form, about: str | Form) -> bool:
    """Whether the decimal behind a line says the same number as its end: about 0.5 behind 1/2."""
    exact = rational(form.operands[-1]) if isinstance(form, Relation) and isinstance(about, Form) else None
    return exact is not None and isinstance(about, Form) and rational(about) == exact


def _without_options(phrase: Phrase) -> Phrase:
    return tuple(_OPTION.sub("", part) if isinstance(part, str) else part for part in phrase) if any(isinstance(part, str) and "--" in part for part in phrase) else phrase


# -- the answer ----------------------------------------------------------------------------------------


def answered(blocks: tuple[Block, ...], key: Form) -> tuple[tuple[Block, ...], bool]:
    """The blocks with the last line as the result where it states the answer; and whether it does."""
    shown = [block for block in Doc((), blocks).walk() if isinstance(block, Maths | Result)]
    if not shown or not _states(shown[-1].form, key) or (isinstance(shown[-1], Maths) and shown[-1].note and rational(key) is None):
        return unrepeated(blocks), False
    # Another form is worth a line where it is more than another order.
    last = Result(shown[-1].form, tuple(other for other in getattr(shown[-1], "also", ()) if other.size != key.size))
    kept = unrepeated(blocks)
    line = [block.form for block in Doc((), kept).walk() if isinstance(block, Maths)][-1]
    if not key.free and _states(line, key):
        return _with_last(kept, replace(last, form=line))
    if line is not last.form:
        place = next((k for k, block in enumerate(blocks) if block is shown[-1]), None)
        return (kept, False) if place is None else ((*unrepeated(blocks[:place]), last, *blocks[place + 1 :]), True)
    return _with_last(kept, last)


def _states(form: Form, key: Form) -> bool:
    if isinstance(form, Relation) and form is not key:
        return set(form.operators) == {"="} and _states(form.operands[-1], key)
    exact = rational(key)
    return form is key or (exact is not None and rational(form) == exact)


def _with_last(blocks: tuple[Block, ...], shown: Result) -> tuple[tuple[Block, ...], bool]:
    """The last displayed line replaced by a result."""
    for k in range(len(blocks) - 1, -1, -1):
        block = blocks[k]
        if isinstance(block, Maths):
            return (*blocks[:k], shown, *blocks[k + 1 :]), True
        if isinstance(block, Section):
            inner, done = _with_last(block.blocks, shown)
            if done:
                return (*blocks[:k], replace(block, blocks=inner), *blocks[k + 1 :]), True
    return blocks, False


def unrepeated(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Results as lines like any, and not at all where the line above says the same."""
    return _lines(blocks, None)[0]


def _lines(blocks: tuple[Block, ...], last: Form | None) -> tuple[tuple[Block, ...], Form | None]:
    found: list[Block] = []
    for block in blocks:
        match block:
            case Section():
                inner, last = _lines(block.blocks, last)
                found.append(replace(block, blocks=inner))
                continue
            case Result(form, _):
                if last is None or _value(last) is not _value(form):
                    found.append(Maths(form))
                last = form
                continue
            case Maths(form, _, _):
                last = form
        found.append(block)
    return tuple(found), last


def _value(form: Form) -> Form:
    return form.operands[-1] if isinstance(form, Relation) else form


__all__ = ["answered", "on_paper", "unrepeated"]
