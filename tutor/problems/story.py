"""Stories: sentences with words and mathematics of a variant put in.

    A {{ shop }} earns $P(p) = P$ euros a day when a cup costs $p$ euros. {{ who.She }} charges {{ p0 }} euros.

`{{ name }}` is a value of the variant (a number, a word, `who.she` of a record); `$…$` is mathematics in calculator text, with the variant's
numbers put in: P(p) stays as it is, and P alone is the formula. A blank line ends a paragraph; a paragraph that is only `$…$` stands on
a line of its own. Words agree by filters: `{{ n | plural("cup", "cups") }}`, `{{ shop | a }}` (a tea house, an ice-cream shop), `{{ shop | capital }}`.

A story is a Jinja template of which only this much is allowed: values, their entries, filters of this page, and `{% if %}` with
comparisons. There are no loops, no calls and no assignments, so a story always ends, and reaches nothing.

>>> from tutor.form.reading import read
>>> from tutor.problems.scope import Function
>>> scope = Scope({"a": read("2")}, {"P": Function(("p",), read("a*p^2"))})
>>> story = Story("A {{ shop }} earns $P(p) = P$.")
>>> story.phrase({"shop": "tea house"}, scope)
('A tea house earns ', read('P(p) = a*p^2'), '.')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property, lru_cache, total_ordering
from typing import TYPE_CHECKING, Any

from tutor.algebra.neat import neat
from tutor.errors import RequestError, TutorError
from tutor.exposition.doc import Block, Maths, Paragraph, Phrase
from tutor.exposition.phrases import joined
from tutor.form.evaluate import evaluate
from tutor.form.numerals import rational
from tutor.form.tree import Apply, Form, Sym
from tutor.form.walk import nodes as parts_of
from tutor.form.walk import rewritten, substitute
from tutor.problems.parameters import Value
from tutor.problems.scope import Scope
from tutor.problems.source import Node, SourceError
from tutor.problems.wording import article

if TYPE_CHECKING:
    from jinja2 import nodes

_MATHS = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$")
_PARAGRAPH = re.compile(r"\n\s*\n")
_ALLOWED = frozenset((
    "Template", "Output", "TemplateData", "Name", "Getattr", "Getitem", "Const", "Filter", "Compare", "Operand", "And", "Or", "Not", "If", "CondExpr", "Neg",
))  # fmt: skip
LONGEST = 10_000


@dataclass(frozen=True)
class Story:
    """A template with its pieces of mathematics. Raises `RequestError` when it is used, for what is no such template."""

    text: str
    node: Node | None = field(default=None, compare=False, repr=False)

    def phrase(self, values: Mapping[str, Value], scope: Scope) -> Phrase:
        """The sentences of one paragraph; line ends are blanks. Raises `RequestError` or `ReadError`, with the place in the file where that is known."""
        try:
            return self._phrase(values, scope)
        except SourceError:
            raise
        except TutorError as fault:
            if self.node is None:
                raise
            raise self.node.fault(fault.kind, f"the text {self.text.strip()[:40]!r}: {fault.message}", fault.advice) from fault

    def _phrase(self, values: Mapping[str, Value], scope: Scope) -> Phrase:
        shown = {name: _amount(value) if isinstance(value, Form) else value for name, value in values.items()}
        maths = {f"maths_{k}": written(text, scope) for k, text in enumerate(self.maths)}
        values_here = {**shown, **maths}
        if self._pieces is None:
            return _tidied(joined(self._render(values_here)))
        try:
            return _tidied(joined(_said(piece if isinstance(piece, str) else values_here[piece[0]]) for piece in self._pieces))
        except KeyError as error:
            raise RequestError("story", f"{error.args[0]!r} is undefined", advice="Use the names of parameters and derived values.") from error

    @cached_property
    def _pieces(self) -> tuple[str | tuple[str], ...] | None:
        """Texts, and names of values in tuples of one, where the text has nothing else: then no template has to run."""
        from jinja2 import nodes

        parts = [part for output in self._tree.body if isinstance(output, nodes.Output) for part in output.nodes]
        if any(not isinstance(output, nodes.Output) for output in self._tree.body) or not all(isinstance(part, nodes.TemplateData | nodes.Name) for part in parts):
            return None
        return tuple(part.data if isinstance(part, nodes.TemplateData) else (part.name,) for part in parts if isinstance(part, nodes.TemplateData | nodes.Name))

    def blocks(self, values: Mapping[str, Value], scope: Scope) -> tuple[Block, ...]:
        """Its paragraphs."""
        return tuple(_block(part.phrase(values, scope)) for part in self._paragraphs)

    @cached_property
    def _paragraphs(self) -> tuple[Story, ...]:
        return tuple(Story(part, self.node) for part in _PARAGRAPH.split(self.text.strip()))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of values that it uses."""
        from jinja2 import meta

        return frozenset(name for name in meta.find_undeclared_variables(self._tree) if not name.startswith("maths_"))

    @cached_property
    def maths(self) -> list[str]:
        """Its pieces of mathematics, as the author wrote them."""
        return _MATHS.findall(self.text)

    @cached_property
    def _tree(self) -> nodes.Template:
        from jinja2 import TemplateSyntaxError, nodes

        if len(self.text) > LONGEST:
            raise RequestError("story", f"a story has at most {LONGEST:,} characters")
        count = iter(range(len(self.maths)))
        template = _MATHS.sub(lambda _: f"{{{{ maths_{next(count)} }}}}", self.text).replace("\\$", "$")
        try:
            tree: nodes.Template = _environment().parse(template)
        except TemplateSyntaxError as error:
            raise RequestError("story", f"line {error.lineno} of the text: {error.message}", advice="See docs/families.md for what a text can hold.") from error
        for node in _every(tree):
            if type(node).__name__ not in _ALLOWED:
                raise RequestError("story", f"{type(node).__name__.lower()} is not allowed in a text", advice="Texts have values, filters and {% if %} only.")
            if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
                raise RequestError("story", f"there is no filter {node.name!r}", advice=f"Filters: {', '.join(sorted(_FILTERS))}.")
            if getattr(node, "name", None) == "self":
                raise RequestError("story", "self is no value", advice="Use the names of parameters and derived values.")
        return tree

    @cached_property
    def _render(self) -> Callable[[Mapping[str, Any]], Iterator[Any]]:
        from jinja2 import TemplateAssertionError
        from jinja2.exceptions import TemplateRuntimeError

        try:
            template = _environment().from_string(self._tree)
        except TemplateAssertionError as error:
            raise RequestError("story", error.message or "this filter is not known", advice=f"Filters: {', '.join(sorted(_FILTERS))}.") from error

        def render(values: Mapping[str, Any]) -> Iterator[Any]:
            try:
                yield from template.root_render_func(template.new_context(dict(values)))
            except (TemplateRuntimeError, TypeError) as error:
                said = str(error).replace("'dict object' has no attribute", "the record has no entry")
                raise RequestError("story", said, advice="Use the names of parameters and derived values.") from error

        return render


def _said(value: Any) -> Any:
    """A value as it stands in a sentence."""
    return value.form if isinstance(value, Amount) else value


def _every(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _every(child)


@cache
def _environment() -> Any:
    """Jinja without loops, calls and access to anything but values."""
    from jinja2 import StrictUndefined, Undefined
    from jinja2.nativetypes import NativeCodeGenerator
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        """Pieces of output stay the objects that they are: mathematics is not turned into text here."""

        code_generator_class = NativeCodeGenerator

    def shown(value: Any) -> Any:
        if isinstance(value, Undefined):
            str(value)  # raises, and names it
        return _said(value)

    found = Environment(undefined=StrictUndefined, autoescape=False, finalize=shown)
    found.filters = dict(_FILTERS)
    found.globals = {}
    return found


@total_ordering
@dataclass(frozen=True, eq=False)
class Amount:
    """A number of a variant: shown as it is written, compared by its value."""

    form: Form

    @property
    def value(self) -> Fraction | float:
        """The exact value, or a float where it is no fraction."""
        exact = rational(self.form)
        return evaluate(self.form, {}) if exact is None else exact

    def __eq__(self, other: object) -> bool:
        return bool(self.value == _valued(other))

    def __lt__(self, other: object) -> bool:
        return bool(self.value < _valued(other))

    __hash__ = None  # type: ignore[assignment]


@lru_cache(4096)
def _amount(form: Form) -> Amount:
    return Amount(neat(form))


def _valued(other: object) -> Fraction | float:
    """The value beside which one is compared. Raises `RequestError` for what is no number."""
    if isinstance(other, Amount):
        return other.value
    if isinstance(other, int | float):
        return Fraction(str(other))
    raise RequestError("story", f"a number is compared with {other!r}, which is none")


# -- words --------------------------------------------------------------------------------------------


def _plural(count: Any, one: str, many: str) -> str:
    """The word that belongs to a number: 1 cup, 2 cups, 0.5 cups."""
    return one if _valued(count) in (1, -1) else many


def _article(word: str) -> str:
    return f"{article(word)} {word}"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


_FILTERS: dict[str, Callable[..., Any]] = {"plural": _plural, "a": _article, "capital": _capital}


# -- mathematics --------------------------------------------------------------------------------------


def written(text: str, scope: Scope) -> Form:
    """Mathematics of a story: numbers put in, a function's name alone is its formula, P(p) stays. Raises `ReadError`."""
    form = scope.read(text)
    numbers = {name: value for name, value in scope.values.items() if name in form.free}

    def put_in(node: Form) -> Form:
        alone = isinstance(node, Sym) and node.name in scope.functions and node.name not in scope.values
        return scope.functions[node.name].body if alone else node  # type: ignore[attr-defined]

    return neat(substitute(rewritten(form, put_in), numbers))


def names_in(story: Story, scope: Scope) -> frozenset[str]:
    """The names of values and functions on which a text depends."""
    found = set(story.names)
    for text in story.maths:
        form = scope.read(text)
        found |= form.free | {node.name for node in parts_of(form) if isinstance(node, Apply)}
    return frozenset(found)


def _block(phrase: Phrase) -> Block:
    return Maths(phrase[0]) if len(phrase) == 1 and isinstance(phrase[0], Form) else Paragraph(phrase)


def _tidied(phrase: Phrase) -> Phrase:
    """Line ends and runs of blanks become one blank; none is left at the ends."""
    found = [re.sub(r"\s+", " ", part) if isinstance(part, str) else part for part in phrase]
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return tuple(part for part in found if part != "")


__all__ = ["LONGEST", "Story", "names_in", "written"]
