"""One module a topic: `document` makes the `Doc` of a result, `fields` its JSON-ready data.

>>> from tutor.calculus.differentiate import differentiate
>>> topic(differentiate("x^2")).__name__.rpartition(".")[2]
'derivative'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from tutor.calculus.points import Point
    from tutor.calculus.worked import Worked
    from tutor.exposition import Level
    from tutor.exposition.doc import Doc
    from tutor.form.tree import Form


class Topic(Protocol):
    """What a module of this folder offers."""

    @staticmethod
    def document(result: Any, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:
        """The document; `typed` is what was typed, where that names the function."""

    @staticmethod
    def fields(result: Any, point: Point | None = None) -> dict[str, Any]:
        """The fields of the JSON behind its head (see `docs/json.md`)."""


_MODULES = {
    "Backprop": "backprop",
    "Basins": "basins",
    "Derivation": "derivative",
    "Directional": "directional",
    "ExactTrace": "descent",
    "Gradient": "gradient",
    "Hessian": "hessian",
    "Implicit": "implicit",
    "InverseDerivative": "inverse",
    "Jacobian": "jacobian",
    "LimitDefinition": "limit",
    "MatrixGradient": "matrix",
    "NewtonStep": "newton",
    "Parametric": "parametric",
    "Race": "race",
    "StationaryPoints": "critical",
    "Tangent": "tangent",
    "TotalDerivative": "total",
    "Trace": "descent",
    "Zeros": "zeros",
}
"""The class of a result, and the module here that speaks about it."""


def topic(result: Worked) -> Topic:
    """The module that makes documents of such results."""
    return cast(Topic, import_module(f"tutor.exposition.topics.{_MODULES[type(result).__name__]}"))


def worked(result: Worked) -> Worked:
    """Everything that the document of a result states: the result itself, and what its topic adds to it (a run's diagnosis)."""
    module = topic(result)
    found: Worked = module.worked(result) if hasattr(module, "worked") else result
    return found
