"""What `from tutor import …` gives: read, differentiate, gradient, explain, with values that show themselves.

>>> explain("x^2").derivation.value
read('2*x')
>>> print(explain("x^2"))
f(x) = x^2
<BLANKLINE>
Power rule
    f'(x) = 2x
<BLANKLINE>
f'(x) = 2x
every line proved: SymPy's own derivative agrees exactly
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.errors import RequestError
from tutor.exposition import LEVELS, Level
from tutor.exposition.derivation import explanation
from tutor.exposition.doc import Doc
from tutor.exposition.readings import remarks
from tutor.form.reading import Reading, understand
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.calculus.audit import Audit
    from tutor.calculus.gradient import Gradient, GradientAt
    from tutor.calculus.points import Point

@dataclass(frozen=True)
class Explanation:
    """A derivation or gradient with its reading, level and point: everything that is needed to show it."""

    reading: Reading
    result: Derivation | Gradient
    level: Level
    point: Point | None = None

    @property
    def derivation(self) -> Derivation:
        """The derivation (of a gradient: that of its first component)."""
        return self.result if isinstance(self.result, Derivation) else self.result.partials[0]

    @cached_property
    def here(self) -> GradientAt | None:
        """A gradient's values at the point."""
        return self.result.at(self.point) if self.point and not isinstance(self.result, Derivation) else None

    @cached_property
    def steps(self) -> Doc:
        """The document without the audit's line: nothing here needs SymPy."""
        if isinstance(self.result, Derivation):
            doc = explanation(self.result, self.level, self.reading.form, self.point)
        else:
            from tutor.exposition.vectors import gradient_doc

            doc = gradient_doc(self.result, self.level, self.reading.form, self.here)
        return replace(doc, blocks=(*remarks(self.reading), *doc.blocks))

    @property
    def audits(self) -> tuple[Audit, ...]:
        """The audit of every derivation in it."""
        return tuple(one.audit for one in ((self.result,) if isinstance(self.result, Derivation) else self.result.partials))

    @cached_property
    def doc(self) -> Doc:
        """The whole document, the audit's line at its end."""
        from tutor.exposition.evidence import evidence

        return replace(self.steps, blocks=(*self.steps.blocks, evidence(self.audits)))

    def data(self) -> dict[str, Any]:
        """The JSON-ready data, by the schema of `tutor explain --format json`."""
        from tutor.exposition.data import derivation_data, gradient_data

        if isinstance(self.result, Derivation):
            return derivation_data(self.result, self.reading, self.point)
        return gradient_data(self.result, self.reading, self.here)

    def text(self, format: str = "plain") -> str:
        """The explanation in one of `tutor.render.FORMAT_NAMES`. Raises `RequestError` for any other name."""
        if format == "json":
            import json

            return json.dumps(self.data(), ensure_ascii=False, indent=2)
        return write_doc(self.doc, format)

    def __str__(self) -> str:
        return self.text("plain").rstrip("\n")

    def _repr_html_(self) -> str:
        from tutor.render.html import fragment

        return fragment(self.doc)

    def _repr_latex_(self) -> str:
        return self.result._repr_latex_()


def write_doc(doc: Doc, format: str) -> str:
    """A document in one of `tutor.render.FORMAT_NAMES` except json. Raises `RequestError` for any other name."""
    from tutor.render import FORMAT_NAMES, FORMATS

    if format == "terminal":
        from tutor.render.text import terminal
        from tutor.render.wrap import text_of

        return "\n".join(text_of(line) for line in terminal(doc)) + "\n"
    if format not in FORMATS:
        raise RequestError("format", f"there is no format {format!r}", advice=f"Choose one of {', '.join(FORMAT_NAMES)}.")
    return FORMATS[format](doc)


def explain(
    function: str | Form | Reading,
    variable: str | Sequence[str] | None = None,
    order: int = 1,
    *,
    level: Level = "normal",
    at: str | Mapping[str, object] | None = None,
    another_way: int = 0,
) -> Explanation:
    """The derivative of a text, form or reading, explained and audited.

    `level` is brief, normal or full; `at` a point such as "x=1"; `another_way=1` takes the second
    best route. Raises `ReadError` and `RequestError`.

    >>> explain("sin(x^2)", at="x=0").text("latex").startswith("\\\\documentclass")
    True
    """
    reading = _understood(function, variable)
    result = differentiate(reading.form, variable, order, another_way=another_way)
    return Explanation(reading, result, _level(level), _point(at, result.value))


def explain_gradient(
    function: str | Form | Reading,
    variables: Sequence[str] | None = None,
    *,
    level: Level = "normal",
    at: str | Mapping[str, object] | None = None,
) -> Explanation:
    """The gradient, explained and audited: one partial derivative after the other, then the vector.

    >>> explain_gradient("x^2 + y^2", at="x=3,y=4").here.length.exact
    read('10')
    """
    from tutor.calculus.gradient import gradient

    reading = _understood(function, variables)
    result = gradient(reading.form, variables)
    return Explanation(reading, result, _level(level), _point(at, *result.value))


def _point(at: str | Mapping[str, object] | None, *forms: Form) -> Point | None:
    """The point, with a value for every letter of the forms."""
    if not at:
        return None
    from tutor.calculus.points import check_point, read_point

    point = read_point(at)
    check_point(point, *forms)
    return point


def _understood(function: str | Form | Reading, variable: str | Sequence[str] | None) -> Reading:
    if isinstance(function, Reading):
        return function
    if isinstance(function, Form):
        return Reading(str(function), function, (), frozenset(), frozenset())
    names = (variable,) if isinstance(variable, str) else tuple(variable or ())
    return understand(function, variables=names)


def _level(level: str) -> Level:
    if level not in LEVELS:
        raise RequestError("level", f"there is no level {level!r}", advice=f"Choose one of {', '.join(LEVELS)}.")
    return level
