"""Forms as fast Python: a function of floats, or a loop that repeats assignments and yields numbers.

A walk over a tree costs a call a node and step; a run of gradient descent takes millions of steps. So the nodes are
put together as a syntax tree of Python, node by node, and the interpreter compiles that tree. Text plays no part: a
letter becomes a numbered variable, a number a constant, a function its entry in the table. Each distinct node is
computed once in a pass, and what has no letters is computed while compiling.

>>> from tutor import read
>>> slope = function([read("2x - 4"), read("x^2")], ["x"])
>>> slope(3.0)
(2.0, 9.0)
>>> step = loop([Assignment("y", read("x - 0.1*(2x - 4)"))], {"x": "y"}, ["y"])
>>> [round(value, 4) for value in step(1, 3, 0.0)]
[0.4, 0.72, 0.976]
"""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

from tutor.errors import RequestError
from tutor.form.arrays import array_arithmetic
from tutor.form.evaluate import FLOATS
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, rational
from tutor.form.tree import Add, Apply, Call, Cases, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import nodes

ERRORS = (ValueError, OverflowError, ZeroDivisionError, TypeError)
"""What floats raise where a function has no value, or one that is too large."""
_DEEPEST = 40
"""Expressions are nested this deep at most; beyond it a part gets a variable, so that no tree exhausts the compiler's stack."""
_MOST_PRODUCT = 8
"""Whole powers up to this one are written as products: a multiplication is the fastest and the most exact."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name` gets the value of a form in letters that have values by then."""

    name: str
    value: Form

    @property
    def names(self) -> tuple[str, ...]:
        """What is assigned."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Asked:
    """`names` get the values that a function returns for the values of some letters."""

    names: tuple[str, ...]
    function: Callable[..., tuple[float, ...]]
    letters: tuple[str, ...]


def function(outputs: Sequence[Form], letters: Sequence[str], calls: Mapping[str, Callable[..., float]] | None = None) -> Callable[..., tuple[float, ...]]:
    """The values of forms as a function of floats, in the order of `letters`; `nan` for all where one has no value.

    `calls` are functions for names that the table does not know. Raises `RequestError` for a form that has no value in floats.
    """
    writer = _Writer(outputs, {name: f"v{k}" for k, name in enumerate(letters)}, calls or {})
    values = [writer.value(form) for form in outputs]
    undefined = ast.Return(ast.Tuple([writer.constant(math.nan) for _ in outputs], ast.Load()))
    body = [*writer.statements, ast.Return(ast.Tuple(values, ast.Load()))]
    return _built([ast.Try(body, [_handler(undefined)], [], [])], writer.arguments, writer.namespace)


def array_function(outputs: Sequence[Form], letters: Sequence[str]) -> Callable[..., tuple[Any, ...]]:
    """As `function`, over NumPy arrays that broadcast together; a value that is missing is nan or infinite in its place.

    >>> import numpy
    >>> from tutor import read
    >>> array_function([read("sqrt(x)*k")], ["x", "k"])(numpy.array([4.0, 9.0]), 2.0)[0].tolist()
    [4.0, 6.0]
    """
    writer = _ArrayWriter(outputs, {name: f"v{k}" for k, name in enumerate(letters)}, {})
    values = [writer.value(form) for form in outputs]
    return _built([*writer.statements, ast.Return(ast.Tuple(values, ast.Load()))], writer.arguments, writer.namespace)


def loop(
    steps: Sequence[Assignment | Asked],
    carried: Mapping[str, str],
    yielded: Sequence[str],
    calls: Mapping[str, Callable[..., float]] | None = None,
    counter: str = "n",
) -> Callable[..., Iterator[float]]:
    """A generator `run(first, last, *values)`: the steps for n = first, …, last, and after each of them the values of `yielded`.

    Every name is assigned once in a pass. `carried` says which letter starts the next pass with which name's value; `values`
    are theirs at the start, in that order. The run ends early where a step has no value in floats. Raises `RequestError` as `function`.
    """
    letters = {name: f"v{k}" for k, name in enumerate(carried)}
    writer = _Writer([step.value for step in steps if isinstance(step, Assignment)], {**letters, counter: "n"}, calls or {})
    for step in steps:
        writer.take(step)
    taken = ast.Assign([ast.Tuple([_stored(letters[old]) for old in carried], ast.Store())],
                       ast.Tuple([writer.value(Sym(new)) for new in carried.values()], ast.Load()))  # fmt: skip
    body = [*writer.statements, *(ast.Expr(ast.Yield(writer.value(Sym(name)))) for name in yielded), taken]
    rounds = ast.For(_stored("n"), ast.Call(_loaded("range"), [_loaded("first"), ast.BinOp(_loaded("last"), ast.Add(), ast.Constant(1))], []), body, [])
    guarded = ast.Try([rounds], [_handler(ast.Return(None))], [], [])
    return _built([guarded], ["first", "last", *letters.values()], {**writer.namespace, "range": range})


class _Writer:
    """Syntax trees for forms; a node that occurs more than once is computed once and kept in a variable."""

    def __init__(self, forms: Iterable[Form], letters: Mapping[str, str], calls: Mapping[str, Callable[..., float]]) -> None:
        self.letters = dict(letters)
        self.calls = calls
        self.statements: list[ast.stmt] = []
        self.namespace: dict[str, Any] = {"errors": ERRORS, "power": FLOATS.power, "root": FLOATS.root, "sqrt": math.sqrt}
        self._kept: dict[Form, str] = {}
        self._temporaries = 0
        distinct = {node for form in forms for node in nodes(form)}
        self._uses = Counter(child for node in distinct for child in node.children)

    @cached_property
    def arguments(self) -> list[str]:
        return list(self.letters.values())

    def take(self, step: Assignment | Asked) -> None:
        """Add a step."""
        if isinstance(step, Assignment):
            value: ast.expr = self.value(step.value)
            target: ast.expr = _stored(self._letter(step.name))
        else:
            given = [self.value(Sym(name)) for name in step.letters]
            value = ast.Call(self._called(f"asked_{len(self.namespace)}", step.function), given, [])
            target = ast.Tuple([_stored(self._letter(name)) for name in step.names], ast.Store())
        self.statements.append(ast.Assign([target], value))

    def _letter(self, name: str) -> str:
        return self.letters.setdefault(name, f"v{len(self.letters)}")

    def constant(self, value: float) -> ast.expr:
        """A number. An infinite one or none has no literal and gets a name."""
        if math.isfinite(value):
            return ast.Constant(value)
        name = f"number_{len(self.namespace)}"
        self.namespace[name] = value
        return _loaded(name)

    def value(self, form: Form) -> ast.expr:
        """The expression for a form; its shared parts become statements before it."""
        done: dict[Form, ast.expr] = {}
        deep: dict[Form, int] = {}
        for node in nodes(form):
            if node in self._kept:
                done[node], deep[node] = _loaded(self._kept[node]), 0
                continue
            written = self._written(node, [done[child] for child in node.children])
            deep[node] = 1 + max((deep[child] for child in node.children), default=0)
            if (self._uses[node] > 1 or deep[node] > _DEEPEST) and not isinstance(written, ast.Name | ast.Constant):
                written, deep[node] = self._stored_in_a_variable(written), 0
                self._kept[node] = written.id
            done[node] = written
        return done[form]

    def _stored_in_a_variable(self, value: ast.expr) -> ast.Name:
        self._temporaries += 1
        self.statements.append(ast.Assign([_stored(f"t{self._temporaries}")], value))
        return _loaded(f"t{self._temporaries}")

    def _joined(self, operator: ast.operator, inverse: ast.operator | None, children: tuple[Form, ...], parts: list[ast.expr]) -> ast.expr:
        """Terms or factors from left to right; adding an opposite is subtracting."""
        found = parts[0]
        for k, (child, part) in enumerate(zip(children[1:], parts[1:], strict=True), start=1):
            if inverse is not None and isinstance(child, Neg) and isinstance(part, ast.UnaryOp):
                found = ast.BinOp(found, inverse, part.operand)
            else:
                found = ast.BinOp(found, operator, part)
            if k % _DEEPEST == 0:
                found = self._stored_in_a_variable(found)
        return found

    def _written(self, node: Form, parts: list[ast.expr]) -> ast.expr:
        if not node.free and not isinstance(node, Relation):
            return self._number(node)
        match node:
            case Sym(name):
                if name not in self.letters:
                    raise RequestError("value", f"no value given for {name}", advice=f"Give one, such as {name}=1.")
                return _loaded(self.letters[name])
            case Add():
                return self._joined(ast.Add(), ast.Sub(), node.children, parts)
            case Mul():
                return self._joined(ast.Mult(), None, node.children, parts)
            case Neg():
                return ast.UnaryOp(ast.USub(), parts[0])
            case Div():
                return ast.BinOp(parts[0], ast.Div(), parts[1])
            case Pow(_, exponent):
                return self._power(parts, rational(exponent))
            case Root(_, index):
                whole = integer(index)
                return ast.Call(_loaded("sqrt"), parts[:1], []) if whole == 2 else ast.Call(_loaded("root"), [parts[0], ast.Constant(whole)], [])
            case Call(name, _):
                return ast.Call(self._called(name, self._known(name)), parts, [])
            case Apply(name, _, _) if name in self.calls:
                return ast.Call(self._called(name, self.calls[name]), parts, [])
            case Relation(_, operators):
                return ast.Compare(parts[0], [_COMPARISONS[sign]() for sign in operators], parts[1:])
            case Cases(values, conditions):
                found = parts[len(values) - 1] if len(values) > len(conditions) else self.constant(math.nan)
                for k in reversed(range(len(conditions))):
                    found = ast.IfExp(parts[len(values) + k], parts[k], found)
                return found
        raise RequestError("value", f"{node} has no value as a number")

    def _number(self, node: Form) -> ast.expr:
        """What has no letters is computed now; where it has no value, each pass finds none."""
        value = _float(node)
        if value is None:
            raise RequestError("value", f"{node} has no value as a number")
        return self.constant(value)

    def _power(self, parts: list[ast.expr], exact: Fraction | None) -> ast.expr:
        base, exponent = parts
        if exact is None and isinstance(base, ast.Constant) and base.value > 0:  # type: ignore[operator]
            return ast.BinOp(base, ast.Pow(), exponent)
        if exact is None:
            return ast.Call(_loaded("power"), [base, exponent, ast.Constant(None)], [])
        if exact.denominator == 1 and 2 <= exact <= _MOST_PRODUCT and isinstance(base, ast.Name):
            found = base
            for _ in range(int(exact) - 1):
                found = ast.BinOp(found, ast.Mult(), base)  # type: ignore[assignment]
            return found
        if exact.denominator == 1:
            return ast.BinOp(base, ast.Pow(), ast.Constant(int(exact)))
        return ast.Call(_loaded("power"), [base, ast.Constant(float(exact)), ast.Constant(None)], [])

    def _called(self, name: str, real: Callable[..., Any]) -> ast.expr:
        self.namespace[f"call_{name}"] = real
        return _loaded(f"call_{name}")

    def _known(self, name: str) -> Callable[..., Any]:
        """A function of the table."""
        return FUNCTIONS[name].real or (lambda *given: FLOATS.call(name, given))


class _ArrayWriter(_Writer):
    """The same for NumPy arrays: functions, roots and powers are those of arrays."""

    def __init__(self, forms: Iterable[Form], letters: Mapping[str, str], calls: Mapping[str, Callable[..., float]]) -> None:
        import numpy as np

        super().__init__(forms, letters, calls)
        arithmetic = array_arithmetic()
        self.namespace |= {"power": arithmetic.power, "root": arithmetic.root, "sqrt": np.sqrt}

    def _known(self, name: str) -> Callable[..., Any]:
        return lambda *given: array_arithmetic().call(name, given)


_COMPARISONS: dict[str, type[ast.cmpop]] = {"=": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}


def _float(node: Form) -> float | None:
    from tutor.form.evaluate import evaluate

    return None if isinstance(node, Cases) else float(node.value) if isinstance(node, Num) else evaluate(node, {})


def _loaded(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _stored(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _handler(answer: ast.stmt) -> ast.ExceptHandler:
    return ast.ExceptHandler(_loaded("errors"), None, [answer])


def _built(body: Sequence[ast.stmt], arguments: Sequence[str], namespace: dict[str, Any]) -> FunctionType:
    """The function whose body this is; it knows the names of its namespace and nothing else."""
    given = ast.arguments(posonlyargs=[ast.arg(name) for name in arguments], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    outer = ast.Module([ast.FunctionDef("computed", given, list(body), [])], [])
    code = compile(ast.fix_missing_locations(outer), "<form>", "exec")
    (inner,) = (part for part in code.co_consts if isinstance(part, CodeType))
    return FunctionType(inner, {**namespace, "__builtins__": {}})


__all__ = ["ERRORS", "Asked", "Assignment", "function", "loop"]
