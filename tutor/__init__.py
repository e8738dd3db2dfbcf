"""A symbolic calculus tutor: reads what a person types, differentiates it like a teacher, proves every line.

>>> from tutor import differentiate
>>> d = differentiate("x^2 sin(3x)")
>>> str(d.value), d.proved
('2*x*sin(3*x) + 3*x^2*cos(3*x)', True)
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know this name; importing typing would double the cost of `import tutor`

if TYPE_CHECKING:
    from typing import Any

    from tutor.api import Explanation, explain, explain_gradient, explained
    from tutor.calculus.differentiate import Derivation, differentiate
    from tutor.calculus.directional import Directional, directional
    from tutor.calculus.gradient import Gradient, gradient
    from tutor.calculus.graph.backprop import Backprop, backprop
    from tutor.calculus.implicit import Implicit, implicit
    from tutor.calculus.inverse import InverseDerivative, inverse_derivative
    from tutor.calculus.jacobian import Jacobian, jacobian
    from tutor.calculus.limit import LimitDefinition, limit_definition
    from tutor.calculus.matrices.gradient import MatrixGradient, matrix_gradient
    from tutor.calculus.optima.critical import StationaryPoints, critical_points
    from tutor.calculus.optima.hessian import Hessian, hessian
    from tutor.calculus.optima.newton import NewtonStep, newton_step
    from tutor.calculus.parametric import Parametric, parametric
    from tutor.calculus.tangent import Tangent, tangent
    from tutor.calculus.total import TotalDerivative, total_derivative
    from tutor.descent.run import descend
    from tutor.descent.trace import Trace
    from tutor.errors import LimitError, ReadError, RequestError, TutorError
    from tutor.form.reading import Reading, read, understand
    from tutor.form.tree import Form
    from tutor.grading.authored import Mistake
    from tutor.grading.check import check
    from tutor.grading.verdict import Finding, Verdict
    from tutor.grading.working import check_working

__version__ = "0.1.0"

_HOMES = {
    "Backprop": "tutor.calculus.graph.backprop",
    "Derivation": "tutor.calculus.differentiate",
    "Directional": "tutor.calculus.directional",
    "Explanation": "tutor.api",
    "Finding": "tutor.grading.verdict",
    "Form": "tutor.form.tree",
    "Gradient": "tutor.calculus.gradient",
    "Hessian": "tutor.calculus.optima.hessian",
    "Implicit": "tutor.calculus.implicit",
    "InverseDerivative": "tutor.calculus.inverse",
    "Jacobian": "tutor.calculus.jacobian",
    "LimitDefinition": "tutor.calculus.limit",
    "LimitError": "tutor.errors",
    "MatrixGradient": "tutor.calculus.matrices.gradient",
    "Mistake": "tutor.grading.authored",
    "NewtonStep": "tutor.calculus.optima.newton",
    "Parametric": "tutor.calculus.parametric",
    "ReadError": "tutor.errors",
    "Reading": "tutor.form.reading",
    "RequestError": "tutor.errors",
    "StationaryPoints": "tutor.calculus.optima.critical",
    "Tangent": "tutor.calculus.tangent",
    "TotalDerivative": "tutor.calculus.total",
    "Trace": "tutor.descent.trace",
    "TutorError": "tutor.errors",
    "Verdict": "tutor.grading.verdict",
    "backprop": "tutor.calculus.graph.backprop",
    "check": "tutor.grading.check",
    "check_working": "tutor.grading.working",
    "critical_points": "tutor.calculus.optima.critical",
    "descend": "tutor.descent.run",
    "differentiate": "tutor.calculus.differentiate",
    "directional": "tutor.calculus.directional",
    "explain": "tutor.api",
    "explain_gradient": "tutor.api",
    "explained": "tutor.api",
    "gradient": "tutor.calculus.gradient",
    "hessian": "tutor.calculus.optima.hessian",
    "implicit": "tutor.calculus.implicit",
    "inverse_derivative": "tutor.calculus.inverse",
    "jacobian": "tutor.calculus.jacobian",
    "limit_definition": "tutor.calculus.limit",
    "matrix_gradient": "tutor.calculus.matrices.gradient",
    "newton_step": "tutor.calculus.optima.newton",
    "parametric": "tutor.calculus.parametric",
    "read": "tutor.form.reading",
    "tangent": "tutor.calculus.tangent",
    "total_derivative": "tutor.calculus.total",
    "understand": "tutor.form.reading",
}
"""Where each public name lives: it is imported when it is first asked for, so that `import tutor` is quick."""

__all__ = [
    "Backprop", "Derivation", "Directional", "Explanation", "Finding", "Form", "Gradient", "Hessian", "Implicit",
    "InverseDerivative", "Jacobian", "LimitDefinition", "LimitError", "MatrixGradient", "Mistake", "NewtonStep", "Parametric",
    "ReadError", "Reading", "RequestError", "StationaryPoints", "Tangent", "TotalDerivative", "Trace", "TutorError", "Verdict",
    "__version__", "backprop", "check", "check_working", "critical_points", "descend", "differentiate", "directional", "explain",
    "explain_gradient", "explained", "gradient", "hessian", "implicit", "inverse_derivative", "jacobian",
    "limit_definition", "matrix_gradient", "newton_step", "parametric", "read", "tangent", "total_derivative", "understand",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tutor' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
