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
from tutor.exposition.doc import Doc
from tutor.exposition.readings import remarks
from tutor.exposition.topics import topic, worked
from tutor.form.reading import Reading, understand
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.calculus.audit import Audit
    from tutor.calculus.gradient import GradientAt
    from tutor.calculus.points import Point
    from tutor.calculus.worked import Worked

@dataclass(frozen=True)
class Explanation:
    """A result with its reading, level and point: everything that is needed to show it."""

    reading: Reading
    result: Worked
    level: Level = "normal"
    point: Point | None = None

    @property
    def derivation(self) -> Derivation:
        """The derivation (of a gradient and the like: the first one)."""
        return self.result.derivations[0]

    @property
    def here(self) -> GradientAt | None:
        """A gradient's values at the point."""
        from tutor.calculus.gradient import Gradient

        return self.result.at(self.point) if self.point and isinstance(self.result, Gradient) else None

    @cached_property
    def steps(self) -> Doc:
        """The document without the audit's line: no proof is asked for here."""
        doc = topic(self.result).document(self.result, self.level, self.reading.form, self.point)
        return replace(doc, blocks=(*remarks(self.reading), *doc.blocks))

    @cached_property
    def audits(self) -> tuple[Audit, ...]:
        """The audits of everything in it."""
        return worked(self.result).audits

    @cached_property
    def doc(self) -> Doc:
        """The whole document, the audit's line at its end."""
        from tutor.exposition.evidence import evidence

        return replace(self.steps, blocks=(*self.steps.blocks, evidence(self.audits)))

    def data(self) -> dict[str, Any]:
        """The JSON-ready data, as in `docs/json.md`."""
        from tutor.exposition.data import head

        return {**head(self.reading), **topic(self.result).fields(self.result, self.point)}

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
    by: str = "",
) -> Explanation:
    """The derivative of a text, form or reading, explained and audited.

    `level` is brief, normal or full; `at` a point such as "x=1"; `another_way=1` takes the second
    best route, `by` a method by its name, such as logarithmic. Raises `ReadError` and `RequestError`.

    >>> explain("sin(x^2)", at="x=0").text("latex").startswith("\\\\documentclass")
    True
    """
    reading = _understood(function, variable)
    result = differentiate(reading.form, variable, order, another_way=another_way, by=by)
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


def explained(
    result: Worked,
    typed: str | Form | Reading | None = None,
    *,
    level: Level = "normal",
    at: str | Mapping[str, object] | None = None,
) -> Explanation:
    """Anything that the tutor has worked out (a Hessian, a tangent, …), explained and audited.

    `typed` is the text it came from, where that names the function. Raises `RequestError` for a level
    that does not exist.

    >>> from tutor import gradient
    >>> explained(gradient("x^2 + y^2"), "h = x^2 + y^2").result.proved
    True
    """
    return Explanation(_understood(typed or _function_of(result), None), result, _level(level), _point(at))


def _function_of(result: Worked) -> Form:
    """The function that a result is about: what a run made small, else what was differentiated first."""
    objective = getattr(result, "objective", None)
    found = getattr(objective, "model", None) or getattr(objective, "formula", None)
    return found if isinstance(found, Form) else result.derivations[0].function


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
