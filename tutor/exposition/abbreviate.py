"""Short names for parts that occur again and again, so that a long explanation stays readable.

A derivation is a graph in which equal parts are one object; written out in full it can be far longer
than the graph (the derivative of 200 nested functions has 40,000 signs, a product of a form with
its own sine doubles with every layer). Where a document would be longer than `LONG` nodes, every
part that several lines or several places share gets a name A₁, A₂, … and is written once.

>>> from tutor import read
>>> from tutor.exposition.doc import Maths
>>> part = read("sin(x^2 + 3x + 1)*cos(x)")
>>> doc = Doc((), tuple(Maths(Mul((part, Sym(name)))) for name in "abc"))
>>> [str(block.form) for block in abbreviated(doc, long=20).blocks[1:]]
['A_1*a', 'A_1*b', 'A_1*c']
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table, mapped
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Add, Call, Cases, Div, Form, Integral, Mul, Pow, Relation, Root, Sym
from tutor.form.walk import fold

LONG = 6_000
"""A document of more written nodes than this uses short names."""
_SMALLEST = 8
_NAMED = (Add, Mul, Div, Pow, Root, Call, Cases, Integral)


def abbreviated(doc: Doc, long: int = LONG) -> Doc:
    """The document with short names where it is long, the names explained at its beginning."""
    forms = list(_forms(doc.blocks))
    if sum(form.size for form in forms) <= long:
        return doc
    shared = _shared(forms)
    letter = _letter(forms)
    names = {form: Sym(f"{letter}_{k}") for k, form in enumerate(shared, 1)}
    memo: dict[Form, Form] = {}

    def short(form: Form) -> Form:
        return fold(form, lambda node, children: names.get(node) or _rebuilt(node, children), memo)

    definitions = tuple(Maths(Relation((name, _rebuilt(form, tuple(short(child) for child in form.children))), ("=",))) for form, name in names.items())
    heading = PHRASES.say("text.names", {})
    changed = mapped(Doc(doc.title, _without_other_forms(doc.blocks)), short)
    return Doc(changed.title, (Section(heading, definitions, "names"), *changed.blocks))


def _without_other_forms(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A long result is not written in several ways."""
    return tuple(Result(block.form) if isinstance(block, Result) else block for block in blocks)


def _rebuilt(node: Form, children: tuple[Form, ...]) -> Form:
    return node if children == node.children else node.rebuild(children)


def _shared(forms: list[Form]) -> list[Form]:
    """The parts that more than one place refers to, inner ones first."""
    uses: dict[Form, int] = {}
    order: list[Form] = []
    seen: set[Form] = set()
    for form in forms:
        uses[form] = uses.get(form, 0) + 1
        stack = [(form, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                for child in node.children:
                    uses[child] = uses.get(child, 0) + 1
                    stack.append((child, False))
    return [node for node in order if uses[node] > 1 and node.size >= _SMALLEST and isinstance(node, _NAMED)]


def _letter(forms: list[Form]) -> str:
    used = frozenset().union(*(form.free for form in forms))
    return next(letter for letter in "ABCDEKLMN" if not any(name.startswith(letter) for name in used))


def _forms(blocks: tuple[Block, ...]) -> Iterator[Form]:
    for block in Doc((), blocks).walk():
        match block:
            case Paragraph(phrase, _):
                yield from _in(phrase)
            case Maths(form, _, note):
                yield form
                yield from _in(note)
            case Section(heading, _, _, _):
                yield from _in(heading)
            case Result(form, also):
                yield form
                yield from also
            case Table(header, rows, caption):
                for cell in (*header, *(cell for row in rows for cell in row), caption):
                    yield from _in(cell)


def _in(phrase: Phrase) -> Iterator[Form]:
    return (part for part in phrase if isinstance(part, Form))
