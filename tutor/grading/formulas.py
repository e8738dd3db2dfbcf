"""Computations that learners do by hand, and what they compute instead: descent steps, optimisers, lengths.

A `Formula` is a short list of assignments in calculator text; a mistake replaces some of them. `g` and its
relatives are functions that the task gives (a slope, a partial derivative), everything else is a number. So
a wrong result is computed like a right one, and the replaced line is its diagnosis.

>>> from tutor import read
>>> step = FORMULAS["descent"]
>>> task = Task({"x_0": read("0"), "a": read("0.1")}, {"g": (("x",), read("2x - 4")), "f": (("x",), read("x^2 - 4x + 5"))})
>>> [str(value) for value in step.result(task)], [str(value) for value in step.result(task, "G2")]
(['0.4'], ['4'])
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property

from tutor.algebra.equal import compared
from tutor.calculus.points import value_at
from tutor.errors import RequestError
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.reading import read
from tutor.form.tree import Apply, Form
from tutor.form.walk import kinds_of, rewritten, substitute
from tutor.grading.fingerprints import close
from tutor.grading.verdict import Finding

_FUNCTIONS = ("f", "g", "h")
"""Letters that are functions in the lines of a formula."""
_APPLY = kinds_of(Apply)


@dataclass(frozen=True)
class Task:
    """The numbers of a task by their letters, and its functions with the letters that they take."""

    numbers: Mapping[str, Form]
    functions: Mapping[str, tuple[tuple[str, ...], Form]] = field(default_factory=dict)


@dataclass(frozen=True)
class Formula:
    """Assignments in order, the names of the results, and for each mistake the lines that it replaces."""

    lines: Mapping[str, str]
    results: tuple[str, ...]
    mistakes: Mapping[str, Mapping[str, str]]

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The letters that a task has to give numbers.

        >>> FORMULAS["descent"].letters
        ('a', 'x_0')
        """
        return tuple(sorted(frozenset().union(*(_line(text).free for text in self.lines.values())) - self.lines.keys()))

    def forms(self, task: Task, mistake: str = "") -> tuple[Form, ...]:
        """The results with all numbers put in. Raises `RequestError` where the task gives a letter no value, or no function."""
        values = dict(task.numbers)
        for name, text in {**self.lines, **self.mistakes.get(mistake, {})}.items():
            line = _applied(_line(text), task.functions)
            if line.kinds & _APPLY:
                raise RequestError("function", "this computation needs a function", advice='Give it, such as function="x^2 - 4x + 5".')
            missing = sorted(line.free - values.keys())
            if missing:
                raise RequestError("values", f"no value is given for {', '.join(missing)}", advice=f"This computation needs {', '.join(self.letters)}.")
            values[name] = substitute(line, values)
        return tuple(values[name] for name in self.results)

    def result(self, task: Task, mistake: str = "") -> tuple[Form, ...]:
        """The results in exact numbers. Raises `RequestError` where the task gives a letter no value."""
        return tuple(value_at(form, {}).exact or form for form in self.forms(task, mistake))


@dataclass(frozen=True)
class Computation:
    """A formula with the numbers of a task: its right results, and the wrong ones of every mistake, worked out once."""

    formula: Formula
    task: Task

    @cached_property
    def right(self) -> tuple[Form, ...]:
        """The right results, in exact numbers. Raises `RequestError` where the task lacks something."""
        return self.formula.result(self.task)

    @cached_property
    def wrong(self) -> tuple[tuple[str, tuple[Form, ...], tuple[float, ...]], ...]:
        """Each mistake with its results, as forms and as floats; without those that need a number that the task does not give."""
        found = []
        for mistake in self.formula.mistakes:
            with suppress(RequestError):
                forms = self.formula.forms(self.task, mistake)
                found.append((mistake, forms, tuple(evaluate(form, {}) for form in forms)))
        return tuple(found)

    def findings(self, given: Mapping[int, Form]) -> tuple[Finding, ...]:
        """The mistake that leads to these numbers in the places of the results, and not to the right ones; a question between two that both do."""
        if any(form.free for form in given.values()):
            return ()
        values = {place: evaluate(form, {}) for place, form in given.items()}
        found = [
            mistake for mistake, forms, floats in self.wrong
            if all(close(floats[place], value) for place, value in values.items())
            and all(_same(forms[place], form) for place, form in given.items()) and not all(_same(forms[place], self.right[place]) for place in given)
        ]  # fmt: skip
        phrases = [PHRASES.say(f"mistakes.{mistake}.ask", {}) for mistake in found[:2]]
        if len(found) > 1:
            return (Finding(f"{found[0]} or {found[1]}", PHRASES.say("grade.either", {"first": phrases[0], "second": phrases[1]})),)
        return tuple(map(Finding, found, phrases))


def _same(one: Form, other: Form) -> bool:
    """Whether two numbers agree in balls."""
    return compared(evaluate_ball(one, {}), evaluate_ball(other, {})) is True


@cache
def _line(text: str) -> Form:
    return read(text, functions=_FUNCTIONS)


def _applied(form: Form, functions: Mapping[str, tuple[tuple[str, ...], Form]]) -> Form:
    """The form with the task's functions put in."""

    def put_in(node: Form) -> Form:
        if isinstance(node, Apply) and node.name in functions:
            letters, body = functions[node.name]
            if len(letters) != len(node.args):
                count, wanted = len(letters), len(node.args)
                raise RequestError("function", f"the function has {count} {'letter' if count == 1 else 'letters'}, and this computation wants {wanted}")
            return substitute(body, dict(zip(letters, node.args, strict=True)))
        return node

    return rewritten(form, put_in)


FORMULAS: dict[str, Formula] = {
    "descent": Formula(
        {"x_1": "x_0 - a*g(x_0)"}, ("x_1",),
        {
            "G1": {"x_1": "x_0 + a*g(x_0)"}, "G2": {"x_1": "x_0 - g(x_0)"}, "G3": {"x_1": "x_0 - a"}, "G4": {"x_1": "x_0 - g(x_0)/a"},
            "G5": {"x_1": "x_0 - a*abs(g(x_0))"}, "G6": {"x_1": "x_0 - a*f(x_0)"}, "G10": {"x_1": "x_0*(1 - a*g(x_0))"},
        },
    ),
    "descent_twice": Formula(
        {"x_1": "x_0 - a*g(x_0)", "x_2": "x_1 - a*g(x_1)"}, ("x_2",),
        {
            "G7": {"x_2": "x_1 - a*g(x_0)"}, "G9": {"x_2": "x_1"}, "G1": {"x_1": "x_0 + a*g(x_0)", "x_2": "x_1 + a*g(x_1)"},
            "G2": {"x_1": "x_0 - g(x_0)", "x_2": "x_1 - g(x_1)"}, "G6": {"x_1": "x_0 - a*f(x_0)", "x_2": "x_1 - a*f(x_1)"},
        },
    ),
    "descent_in_two_letters": Formula(
        {"x_1": "x_0 - a*g(x_0, y_0)", "y_1": "y_0 - a*h(x_0, y_0)"}, ("x_1", "y_1"),
        {
            "G1": {"x_1": "x_0 + a*g(x_0, y_0)", "y_1": "y_0 + a*h(x_0, y_0)"}, "G2": {"x_1": "x_0 - g(x_0, y_0)", "y_1": "y_0 - h(x_0, y_0)"},
            "G8": {"y_1": "y_0 - a*h(x_1, y_0)"},
            "G11": {"x_1": "x_0 - a*sqrt(g(x_0, y_0)^2 + h(x_0, y_0)^2)", "y_1": "y_0 - a*sqrt(g(x_0, y_0)^2 + h(x_0, y_0)^2)"},
        },
    ),
    "change": Formula({"d": "f(x_1) - f(x_0)"}, ("d",), {"I3": {"d": "g(x_0)*(x_1 - x_0)"}}),
    "extreme_value": Formula({"m": "f(x_0)"}, ("m",), {"I5": {"m": "x_0"}}),
    "extreme_place": Formula({"m": "x_0"}, ("m",), {"I5": {"m": "f(x_0)"}}),
    "two_paths": Formula({"d": "g(x_0, y_0)*u + h(x_0, y_0)*v"}, ("d",), {"M13": {"d": "g(x_0, y_0)*u"}}),
    "length": Formula({"n": "sqrt(u^2 + v^2)"}, ("n",), {"M15": {"n": "u^2 + v^2"}}),
    "directional": Formula({"d": "(g_1*u + g_2*v)/sqrt(u^2 + v^2)"}, ("d",), {"M11": {"d": "g_1*u + g_2*v"}}),
    "mean_gradient": Formula({"m": "(u + v)/2"}, ("m",), {"O20": {"m": "u + v"}}),
    "momentum": Formula(
        {"v_1": "-a*g(x_0)", "x_1": "x_0 + v_1", "v_2": "m*v_1 - a*g(x_1)", "x_2": "x_1 + v_2"}, ("x_2",),
        {
            "O1": {"x_1": "x_0 - v_1", "x_2": "x_1 - v_2"}, "O2": {"v_2": "-a*g(x_1)"},
            "O3": {"v_1": "(1 - m)*g(x_0)", "x_1": "x_0 - a*v_1", "v_2": "m*v_1 + (1 - m)*g(x_1)", "x_2": "x_1 - a*v_2"},
        },
    ),
    "nesterov": Formula(
        {"v_1": "-a*g(x_0)", "x_1": "x_0 + v_1", "v_2": "m*v_1 - a*g(x_1 + m*v_1)", "x_2": "x_1 + v_2"}, ("x_2",),
        {"O4": {"v_2": "m*v_1 - a*g(x_1)"}},
    ),
    "adagrad": Formula({"s": "g_1^2", "d": "a*g_1/(sqrt(s) + c)"}, ("d",), {"O5": {"d": "a*g_1/(s + c)"}, "O7": {"d": "a*g_1/sqrt(s + c)"}}),
    "adagrad_twice": Formula({"s": "g_1^2 + g_2^2", "d": "a*g_2/sqrt(s)"}, ("d",), {"O6": {"s": "g_1 + g_2"}}),
    "rmsprop": Formula({"d": "a*g_1/(sqrt(s) + c)"}, ("d",), {"O5": {"d": "a*g_1/(s + c)"}, "O7": {"d": "a*g_1/sqrt(s + c)"}}),
    "adam": Formula(
        {"m": "(1 - b)*g_1", "s": "(1 - c)*g_1^2", "p": "m/(1 - b)", "q": "s/(1 - c)", "d": "a*p/sqrt(q)"}, ("d",),
        {"O8": {"p": "m", "q": "s"}, "O9": {"p": "m*(1 - b)", "q": "s*(1 - c)"}},
    ),
    "adam_twice": Formula(
        {
            "m": "b*(1 - b)*g_1 + (1 - b)*g_2", "s": "c*(1 - c)*g_1^2 + (1 - c)*g_2^2", "p": "m/(1 - b^2)", "q": "s/(1 - c^2)", "d": "a*p/sqrt(q)",
        },
        ("d",), {"O10": {"p": "m/(1 - b)", "q": "s/(1 - c)"}, "O8": {"p": "m", "q": "s"}},
    ),
    "newton": Formula({"x_1": "x_0 - g(x_0)/h(x_0)"}, ("x_1",), {"O11": {"x_1": "x_0 - f(x_0)/g(x_0)"}}),
    "projected": Formula(
        {"x_1": "max(l, min(u, x_0 - a*g_1))"}, ("x_1",), {"O12": {"x_1": "x_0 - a*max(l, min(u, g_1))"}, "O13": {"x_1": "x_0 - a*g_1"}},
    ),
    "mirror": Formula(
        {"p": "w_1*e^(-s_1)", "q": "w_2*e^(-s_2)", "u": "p/(p + q)", "v": "q/(p + q)"}, ("u", "v"),
        {"O14": {"u": "p", "v": "q"}, "O15": {"p": "w_1*e^(s_1)", "q": "w_2*e^(s_2)"}},
    ),
    "rgd_weight": Formula({"w": "e^(min(l, t)/(t + 1))"}, ("w",), {"O16": {"w": "e^(-min(l, t)/(t + 1))"}, "O17": {"w": "e^l"}}),
    "clip_by_norm": Formula(
        {"k": "min(1, c/sqrt(u^2 + v^2))", "p": "k*u", "q": "k*v"}, ("p", "q"),
        {"O18": {"p": "max(-c, min(c, u))", "q": "max(-c, min(c, v))"}, "O19": {"k": "c/sqrt(u^2 + v^2)"}},
    ),
}  # fmt: skip
"""The computations by name. Sources of the rules: Polyak 1964, Nesterov 1983, Duchi et al. 2011, Kingma & Ba 2015, arXiv 2306.09222."""
