"""The one table of known functions: a row says everything that the tutor knows about a function.

A row gives the name, how many arguments, where it is defined, its derivative with respect to each
argument, how to compute it (floats, balls, arrays), how SymPy, LaTeX and a person call it. No other
file names a function in order to treat it differently in any of these respects.

The texts in a row are calculator text in the letters `u` (first argument) and `v` (second). The
derivatives are the textbook forms, as in Stewart, *Calculus*, 8th ed., reference pages 5-6, and in
NIST DLMF chapters 4-8. Conventions on the real line: `acot(u) = atan(1/u)` and `asec(u) =
acos(1/u)` as in SymPy and DLMF 4.23; `log` without a base is read as `ln`.

>>> FUNCTIONS["tan"].derivatives, FUNCTIONS["asin"].domain
(('sec(u)^2',), '-1 <= u <= 1')
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller
from typing import Any

Numeric = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the table.

    `derivatives` holds one text an argument (empty: no rule is known); `domain` and `smooth` are
    conditions in u: where the function is defined, and where it has its derivative (beyond being
    defined). `definition` writes it in other functions, which is also what SymPy gets when `sympy`
    is empty. `real` computes in floats (absent: through balls), `ball` in python-flint's `arb`,
    `array` takes NumPy and arrays. In `acb`, which is for principal values over the complex numbers, `ball` computes as well, unless `acb` is given.
    """

    name: str
    spoken: str
    derivatives: tuple[str, ...]
    ball: Numeric | None
    real: Numeric | None = None
    array: Numeric | None = None
    sympy: str = ""
    latex: str = ""
    domain: str = ""
    smooth: str = ""
    definition: str = ""
    aliases: tuple[str, ...] = ()
    arity: int = 1
    family: str = ""
    acb: Numeric | None = None

    @property
    def over_complex(self) -> Numeric | None:
        """What computes in complex balls: `ball` too, but for functions of an order, which have only real arguments."""
        return self.acb or (None if self.family in ("corner", "step", "extremum") else self.ball)

    @property
    def most(self) -> int | None:
        """The greatest number of arguments; None when any number from `arity` on will do."""
        return None if self.family == "extremum" else self.arity


def _trigonometric() -> list[Function]:
    def row(name: str, spoken: str, derivative: str, real: Numeric, array: Numeric, definition: str = "", smooth: str = "") -> Function:
        return Function(
            name, spoken, (derivative,), methodcaller(name), real, array,
            sympy=name, latex="\\" + name, definition=definition, domain=smooth, family="trigonometric",
        )  # fmt: skip

    return [
        row("sin", "sine", "cos(u)", math.sin, lambda np, u: np.sin(u)),
        row("cos", "cosine", "-sin(u)", math.cos, lambda np, u: np.cos(u)),
        row("tan", "tangent", "sec(u)^2", math.tan, lambda np, u: np.tan(u), "sin(u)/cos(u)", "cos(u) != 0"),
        row("sec", "secant", "sec(u)*tan(u)", lambda u: 1 / math.cos(u), lambda np, u: 1 / np.cos(u), "1/cos(u)", "cos(u) != 0"),
        row("csc", "cosecant", "-csc(u)*cot(u)", lambda u: 1 / math.sin(u), lambda np, u: 1 / np.sin(u), "1/sin(u)", "sin(u) != 0"),
        row("cot", "cotangent", "-csc(u)^2", lambda u: 1 / math.tan(u), lambda np, u: 1 / np.tan(u), "cos(u)/sin(u)", "sin(u) != 0"),
    ]  # fmt: skip


def _inverse_trigonometric() -> list[Function]:
    def row(name: str, derivative: str, domain: str, smooth: str, ball: Numeric, real: Numeric, array: Numeric, definition: str = "") -> Function:
        of = {"asin": "sine", "acos": "cosine", "atan": "tangent", "acot": "cotangent", "asec": "secant", "acsc": "cosecant"}
        arc = "arc" + name[1:]
        latex = "\\" + arc if name in ("asin", "acos", "atan") else f"\\operatorname{{{arc}}}"
        return Function(
            name, "inverse " + of[name], (derivative,), ball, real, array,
            sympy=name, latex=latex, domain=domain, smooth=smooth, definition=definition,
            aliases=(arc,), family="inverse trigonometric",
        )  # fmt: skip

    return [
        row("asin", "1/sqrt(1 - u^2)", "-1 <= u <= 1", "-1 < u < 1", methodcaller("asin"), math.asin, lambda np, u: np.arcsin(u)),
        row("acos", "-1/sqrt(1 - u^2)", "-1 <= u <= 1", "-1 < u < 1", methodcaller("acos"), math.acos, lambda np, u: np.arccos(u)),
        row("atan", "1/(1 + u^2)", "", "", methodcaller("atan"), math.atan, lambda np, u: np.arctan(u)),
        row("acot", "-1/(1 + u^2)", "u != 0", "", lambda u: (1 / u).atan(), lambda u: math.atan(1 / u), lambda np, u: np.arctan(1 / u), "atan(1/u)"),
        row("asec", "1/(abs(u)*sqrt(u^2 - 1))", "abs(u) >= 1", "abs(u) > 1", lambda u: (1 / u).acos(), lambda u: math.acos(1 / u), lambda np, u: np.arccos(1 / u), "acos(1/u)"),
        row("acsc", "-1/(abs(u)*sqrt(u^2 - 1))", "abs(u) >= 1", "abs(u) > 1", lambda u: (1 / u).asin(), lambda u: math.asin(1 / u), lambda np, u: np.arcsin(1 / u), "asin(1/u)"),
    ]  # fmt: skip


def _hyperbolic() -> list[Function]:
    def row(name: str, spoken: str, derivative: str, real: Numeric, array: Numeric, definition: str, domain: str = "") -> Function:
        latex = "\\" + name if name in ("sinh", "cosh", "tanh", "coth") else f"\\operatorname{{{name}}}"
        return Function(
            name, "hyperbolic " + spoken, (derivative,), lambda u: getattr(u, name)(), real, array,
            sympy=name, latex=latex, definition=definition, domain=domain, family="hyperbolic",
        )  # fmt: skip

    return [
        row("sinh", "sine", "cosh(u)", math.sinh, lambda np, u: np.sinh(u), "(e^u - e^(-u))/2"),
        row("cosh", "cosine", "sinh(u)", math.cosh, lambda np, u: np.cosh(u), "(e^u + e^(-u))/2"),
        row("tanh", "tangent", "1 - tanh(u)^2", math.tanh, lambda np, u: np.tanh(u), "sinh(u)/cosh(u)"),
        row("sech", "secant", "-sech(u)*tanh(u)", lambda u: 1 / math.cosh(u), lambda np, u: 1 / np.cosh(u), "1/cosh(u)"),
        row("csch", "cosecant", "-csch(u)*coth(u)", lambda u: 1 / math.sinh(u), lambda np, u: 1 / np.sinh(u), "1/sinh(u)", "u != 0"),
        row("coth", "cotangent", "-csch(u)^2", lambda u: 1 / math.tanh(u), lambda np, u: 1 / np.tanh(u), "cosh(u)/sinh(u)", "u != 0"),
    ]  # fmt: skip


def _inverse_hyperbolic() -> list[Function]:
    def row(name: str, spoken: str, derivative: str, ball: Numeric, real: Numeric, array: Numeric, definition: str, domain: str = "", smooth: str = "") -> Function:
        area = "ar" + name[1:]
        return Function(
            name, "inverse hyperbolic " + spoken, (derivative,), ball, real, array,
            sympy=name, latex=f"\\operatorname{{{area}}}", definition=definition, domain=domain, smooth=smooth,
            aliases=("arc" + name[1:], area), family="inverse hyperbolic",
        )  # fmt: skip

    return [
        row("asinh", "sine", "1/sqrt(u^2 + 1)", methodcaller("asinh"), math.asinh, lambda np, u: np.arcsinh(u), "ln(u + sqrt(u^2 + 1))"),
        row("acosh", "cosine", "1/sqrt(u^2 - 1)", methodcaller("acosh"), math.acosh, lambda np, u: np.arccosh(u), "ln(u + sqrt(u^2 - 1))", "u >= 1", "u > 1"),
        row("atanh", "tangent", "1/(1 - u^2)", methodcaller("atanh"), math.atanh, lambda np, u: np.arctanh(u), "ln((1 + u)/(1 - u))/2", "-1 < u < 1"),
        row("asech", "secant", "-1/(u*sqrt(1 - u^2))", lambda u: (1 / u).acosh(), lambda u: math.acosh(1 / u), lambda np, u: np.arccosh(1 / u), "acosh(1/u)", "0 < u <= 1", "u < 1"),
        row("acsch", "cosecant", "-1/(abs(u)*sqrt(1 + u^2))", lambda u: (1 / u).asinh(), lambda u: math.asinh(1 / u), lambda np, u: np.arcsinh(1 / u), "asinh(1/u)", "u != 0"),
        row("acoth", "cotangent", "1/(1 - u^2)", lambda u: (1 / u).atanh(), lambda u: math.atanh(1 / u), lambda np, u: np.arctanh(1 / u), "atanh(1/u)", "abs(u) > 1"),
    ]  # fmt: skip


def _sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u)) if u >= 0 else math.exp(u) / (1 + math.exp(u))


def _softplus(u: float) -> float:
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


def _sign(u: float) -> float:
    return math.copysign(1.0, u) if u else 0.0


def _fold_balls(method: str) -> Numeric:
    def ball(first: Any, *others: Any) -> Any:
        for other in others:
            first = getattr(first, method)(other)
        return first

    return ball


def _vectorised(function: Callable[[float], float]) -> Numeric:
    return lambda np, u: np.vectorize(function, otypes=[float])(u)


def _logarithm(np: Any, u: Any, base: Any) -> Any:
    return np.log(u) / np.log(base)


_ELEMENTARY = [
    Function("ln", "natural log", ("1/u",), methodcaller("log"), math.log, lambda np, u: np.log(u),
             sympy="log", latex=r"\ln", domain="u > 0", family="logarithm"),
    Function("log", "log", ("1/(u*ln(v))", "-ln(u)/(v*ln(v)^2)"), lambda u, v: u.log() / v.log(), lambda u, v: math.log(u) / math.log(v),
             _logarithm, latex=r"\log", domain="u > 0", definition="ln(u)/ln(v)", arity=2, family="logarithm"),
    Function("abs", "absolute value", ("sign(u)",), abs, abs, lambda np, u: np.abs(u),
             sympy="Abs", smooth="u != 0", family="corner", acb=abs),
    Function("sign", "sign", ("0",), methodcaller("sgn"), _sign, lambda np, u: np.sign(u),
             sympy="sign", latex=r"\operatorname{sgn}", smooth="u != 0", aliases=("sgn", "signum"), family="step"),
    Function("step", "unit step", ("0",), lambda u: (u.sgn() + 1) / 2, lambda u: (_sign(u) + 1) / 2, lambda np, u: np.heaviside(u, 0.5),
             latex=r"\operatorname{step}", smooth="u != 0", definition="(1 + sign(u))/2", aliases=("heaviside", "Heaviside"), family="step"),
    Function("floor", "floor", ("0",), methodcaller("floor"), math.floor, lambda np, u: np.floor(u),
             sympy="floor", latex=r"\operatorname{floor}", smooth="u != floor(u)", family="step"),
    Function("ceil", "ceiling", ("0",), methodcaller("ceil"), math.ceil, lambda np, u: np.ceil(u),
             sympy="ceiling", latex=r"\operatorname{ceil}", smooth="u != ceil(u)", aliases=("ceiling",), family="step"),
    Function("max", "maximum", (), _fold_balls("max"), max, lambda np, *u: np.maximum.reduce(np.broadcast_arrays(*u)),
             sympy="Max", latex=r"\max", arity=2, family="extremum"),
    Function("min", "minimum", (), _fold_balls("min"), min, lambda np, *u: np.minimum.reduce(np.broadcast_arrays(*u)),
             sympy="Min", latex=r"\min", arity=2, family="extremum"),
    Function("relu", "relu", ("step(u)",), lambda u: u.max(0), lambda u: max(u, 0.0), lambda np, u: np.maximum(u, 0),
             latex=r"\operatorname{ReLU}", smooth="u != 0", definition="max(0, u)", aliases=("ReLU",), family="corner"),
    Function("sigmoid", "sigmoid", ("sigmoid(u)*(1 - sigmoid(u))",), lambda u: 1 / (1 + (-u).exp()), _sigmoid, lambda np, u: 0.5 * (1 + np.tanh(0.5 * u)),
             latex=r"\sigma", definition="1/(1 + e^(-u))", aliases=("σ", "logistic", "expit"), family="activation"),
    Function("softplus", "softplus", ("sigmoid(u)",), lambda u: (1 + u.exp()).log(), _softplus, lambda np, u: np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u))),
             latex=r"\operatorname{softplus}", definition="ln(1 + e^u)", family="activation"),
    Function("grad", "gradient", (), None, latex=r"\operatorname{grad}", family="vector"),
    Function("sinc", "sinc", ("(u*cos(u) - sin(u))/u^2",), methodcaller("sinc"), lambda u: math.sin(u) / u if u else 1.0, lambda np, u: np.sinc(u / np.pi),
             sympy="sinc", latex=r"\operatorname{sinc}", smooth="u != 0", family="special"),
]  # fmt: skip


def _special() -> list[Function]:
    def row(name: str, spoken: str, derivatives: tuple[str, ...], ball: Numeric | None, real: Numeric | None = None, sympy: str = "",
            latex: str = "", domain: str = "", aliases: tuple[str, ...] = (), arity: int = 1) -> Function:
        array = _vectorised(real) if real else None
        return Function(name, spoken, derivatives, ball, real, array, sympy=sympy or name, latex=latex or rf"\operatorname{{{name.replace('_', '')}}}",
                        domain=domain, aliases=aliases, arity=arity, family="special")  # fmt: skip

    def complex_ball(method: str) -> Numeric:
        def ball(u: Any) -> Any:
            from flint import acb

            value = getattr(acb(u), method)()
            return value.real if value.imag == 0 else value.real * math.nan

        return ball

    return [
        row("erf", "error function", ("2*e^(-u^2)/sqrt(pi)",), methodcaller("erf"), math.erf),
        row("erfc", "complementary error function", ("-2*e^(-u^2)/sqrt(pi)",), methodcaller("erfc"), math.erfc),
        row("erfi", "imaginary error function", ("2*e^(u^2)/sqrt(pi)",), lambda u: u.erfi()),
        row("gamma", "gamma", ("gamma(u)*digamma(u)",), methodcaller("gamma"), math.gamma, latex=r"\Gamma", domain="u > 0", aliases=("Gamma", "Γ")),
        row("loggamma", "log gamma", ("digamma(u)",), methodcaller("lgamma"), math.lgamma, domain="u > 0", aliases=("lgamma",)),
        row("factorial", "factorial", ("gamma(u + 1)*digamma(u + 1)",), lambda u: (u + 1).gamma(), lambda u: math.gamma(u + 1), domain="u > -1"),
        row("digamma", "digamma", ("polygamma(1, u)",), methodcaller("digamma"), latex=r"\psi", domain="u > 0"),
        row("polygamma", "polygamma", (), None, latex=r"\psi", arity=2),
        row("lambertw", "Lambert W", ("lambertw(u)/(u*(1 + lambertw(u)))",), methodcaller("lambertw"), sympy="LambertW", domain="u > -1/e", aliases=("LambertW",)),
        row("Si", "sine integral", ("sin(u)/u",), lambda u: u.si()),
        row("Ci", "cosine integral", ("cos(u)/u",), methodcaller("ci"), domain="u > 0"),
        row("Shi", "hyperbolic sine integral", ("sinh(u)/u",), lambda u: u.shi()),
        row("Chi", "hyperbolic cosine integral", ("cosh(u)/u",), methodcaller("chi"), domain="u > 0"),
        row("Ei", "exponential integral", ("e^u/u",), methodcaller("ei"), domain="u != 0"),
        row("li", "logarithmic integral", ("1/ln(u)",), methodcaller("li"), domain="u > 0"),
        row("fresnels", "Fresnel sine integral", ("sin(pi*u^2/2)",), methodcaller("fresnel_s"), sympy="fresnels"),
        row("fresnelc", "Fresnel cosine integral", ("cos(pi*u^2/2)",), methodcaller("fresnel_c"), sympy="fresnelc"),
        row("zeta", "zeta", (), methodcaller("zeta"), latex=r"\zeta"),
        row("elliptic_k", "complete elliptic integral K", (), complex_ball("elliptic_k"), latex="K", domain="u < 1"),
        row("elliptic_e", "complete elliptic integral E", (), complex_ball("elliptic_e"), latex="E", domain="u <= 1"),
        row("uppergamma", "upper incomplete gamma", (), lambda a, u: u.gamma_upper(a), latex=r"\Gamma", arity=2),
        row("lowergamma", "lower incomplete gamma", (), lambda a, u: u.gamma_lower(a), latex=r"\gamma", arity=2),
        row("besselj", "Bessel J", (), lambda n, u: u.bessel_j(n), latex="J", arity=2),
        row("bessely", "Bessel Y", (), lambda n, u: u.bessel_y(n), latex="Y", arity=2),
        row("besseli", "Bessel I", (), lambda n, u: u.bessel_i(n), latex="I", arity=2),
        row("besselk", "Bessel K", (), lambda n, u: u.bessel_k(n), latex="K", arity=2),
        row("airyai", "Airy Ai", (), methodcaller("airy_ai"), latex=r"\operatorname{Ai}"),
        row("airybi", "Airy Bi", (), methodcaller("airy_bi"), latex=r"\operatorname{Bi}"),
        row("airyaiprime", "Airy Ai prime", (), None, latex=r"\operatorname{Ai}'"),
        row("airybiprime", "Airy Bi prime", (), None, latex=r"\operatorname{Bi}'"),
        row("polylog", "polylogarithm", (), None, latex=r"\operatorname{Li}", arity=2),
    ]  # fmt: skip


FUNCTIONS: dict[str, Function] = {
    row.name: row
    for row in (*_ELEMENTARY, *_trigonometric(), *_inverse_trigonometric(), *_hyperbolic(), *_inverse_hyperbolic(), *_special())
}
"""Every known function by name."""

ALIASES: dict[str, str] = {alias: row.name for row in FUNCTIONS.values() for alias in row.aliases}
"""Other names under which people type a known function."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A named number: how it is spoken and typeset, and its float value (None: not real or not finite)."""

    name: str
    spoken: str
    unicode: str
    latex: str
    value: float | None
    sympy: str


CONSTANTS: dict[str, Constant] = {
    row.name: row
    for row in (
        Constant("e", "e", "e", "e", math.e, "E"),
        Constant("pi", "pi", "π", r"\pi", math.pi, "pi"),
        Constant("i", "i", "i", r"\mathrm{i}", None, "I"),
        Constant("infinity", "infinity", "∞", r"\infty", None, "oo"),
    )
}
"""Every named constant."""
