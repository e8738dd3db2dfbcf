"""Names and functions: what a letter or a word with something behind it means.

A letter may have a subscript (w_1), be an unknown function (f(x), f'(x)), or stand for itself. A
known function takes a base (log_2), an exponent (sin^2) and its arguments; `sin^-1` is the inverse.
Some words are functions for a person and another kind of node here: exp, sqrt, log, diff, integral.

>>> from tutor import read
>>> read("log_2 x"), read("sin^2(x)"), read("sin^-1(x)"), read("f'(2)")
(read('log_2(x)'), read('sin(x)^2'), read('asin(x)'), read("f'(2)"))
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn

from tutor.errors import LimitError
from tutor.form.brackets import Brackets
from tutor.form.cursor import ungrouped
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer
from tutor.form.tokens import FUNCTION_LETTERS, GREEK
from tutor.form.tree import TWO, Apply, Call, Deriv, E, Form, Integral, Neg, Num, Root, Sym, sqrt

symbol = lru_cache(maxsize=1024)(Sym)
"""The variable of a name; the same few letters are most of what is typed."""

_SUBSCRIPT = re.compile(r"[\w,+-]+")
_BRACKETED = frozenset(("(", "[", "{", "|"))
_ARITIES = {
    "exp": (1, 1), "log": (1, 2), "ln": (1, 1), "log2": (1, 1), "log10": (1, 1), "lg": (1, 1), "sqrt": (1, 1), "cbrt": (1, 1),
    "root": (2, 2), "diff": (2, 3), "partial": (2, 3), "integral": (4, 4),
}  # fmt: skip
_EXAMPLES = {
    "log": "log(x), or log(x, 2) for base 2", "root": "root(x, 3)", "diff": "diff(x^2, x)", "partial": "partial(x^2*y, x)",
    "integral": "integral(sin(t), t, 0, x)", "max": "max(x, 0)", "min": "min(x, 0)",
}  # fmt: skip
_INVERSES = {
    "sin": "asin", "cos": "acos", "tan": "atan", "cot": "acot", "sec": "asec", "csc": "acsc",
    "sinh": "asinh", "cosh": "acosh", "tanh": "atanh", "sech": "asech", "csch": "acsch", "coth": "acoth",
}  # fmt: skip
MOST_PRIMES = 20
_NO_ARGUMENT = frozenset(("end", "close", "op", "sep", "rel", "prime", "amp", "row", "endcases", "endmatrix", "sup", "differential"))


class Application(Brackets):
    """The cursor with names and functions."""

    # -- names and unknown functions ------------------------------------------------------------------

    def name(self, name: str, start: int) -> Form:
        self.place += 1
        kind, value, at, end = self.tokens[self.place]
        if kind == "sub" and not (self.latex and at != self.end_of_last()):
            name = f"{name}_{self.subscript(value, at, end)}"
            if name in FUNCTIONS and self.sees("open", "("):
                return self.call(name, None, None, self.arguments(name, start), start)
        elif kind == "num" and at == self.tokens[self.place - 1][3] and self.indexes(at, end):
            name = f"{name}_{value.digits}"
            self.place += 1
        kind, value, at, end = self.tokens[self.place]
        is_function = name in FUNCTION_LETTERS or name in self.functions or ("_" in name and name.partition("_")[0] in FUNCTION_LETTERS)
        orders = (0,)
        if kind == "prime":
            kind, value, _, _ = self.tokens[self.place + 1]
            if kind != "open" or value != "(":
                self.fail("prime", "a prime without an argument", at, end, expected=f"{name}'({'t' if name == 'x' else 'x'})")
            order = int(self.tokens[self.place][1])
            if order > MOST_PRIMES:
                self.many_primes(at, end)
            orders, is_function = (order,), True
            self.place += 1
        elif is_function and (kind == "sup" or (kind == "op" and value == "^")):
            return self.raised(name, start)
        if kind == "open" and value == "(" and (is_function or self.conventions.applied):
            return self.applied(name, orders, start)
        return self.built(symbol(name), start)

    def many_primes(self, at: int, end: int) -> NoReturn:
        raise LimitError("prime", f"more than {MOST_PRIMES} primes", self.text, (at, end), advice="Take fewer derivatives at once.")

    def subscript(self, value: str, at: int, end: int) -> str:
        self.place += 1
        text = value.replace(" ", "").replace("\\", "")
        if not _SUBSCRIPT.fullmatch(text):
            self.fail("subscript", "this subscript is no letter or number", at, end, expected="letters and digits, such as x_1")
        return GREEK.get(text, text)

    def indexes(self, at: int, end: int) -> bool:
        """Whether a number right behind a letter is its index: x2, but not x2.5."""
        return self.conventions.indexed and not self.latex and self.text[at:end].isdecimal()

    def raised(self, name: str, start: int) -> Form:
        """f^2(x), f^(1,0)(x, y); a letter with a power when no bracket follows."""
        before = self.place
        orders = self.mixed_orders()
        if orders:
            return self.applied(name, orders, start)
        _, exponent = self.decorated()
        if exponent is None or not self.sees("open", "("):
            self.place = before
            return self.built(symbol(name), start)
        if integer(exponent) == -1:
            self.fail("inverse", f"the inverse of {name} is not known", start, self.end_of_last(), expected=f"1/{name}(x) for the reciprocal")
        return self.power(self.applied(name, (0,), start), exponent, start)

    def mixed_orders(self) -> tuple[int, ...] | None:
        """The orders in f^(1,0)(x, y), or None when what follows is something else."""
        tokens, at = self.tokens, self.place
        if tokens[at][:2] != ("op", "^"):
            return None
        braced = tokens[at + 1][:2] == ("open", "{")
        if tokens[at + 1 + braced][:2] != ("open", "("):
            return None
        orders, at = [], at + 2 + braced
        while tokens[at][0] == "num":
            orders.append(tokens[at][1].digits)
            at += 1
            if tokens[at][:2] == ("close", ")"):
                break
            if tokens[at][:2] != ("sep", ","):
                return None
            at += 1
        if not orders or tokens[at][:2] != ("close", ")"):
            return None
        at += braced
        if tokens[at + 1][:2] != ("open", "("):
            return None
        self.place = at + 1
        return tuple(orders)

    def applied(self, name: str, orders: tuple[int, ...], start: int) -> Form:
        """An unknown function at its arguments."""
        self.depth += 1
        args = self.arguments(name, start)
        self.depth -= 1
        if len(args) > 1 and len(orders) == 1:
            if orders[0]:
                self.fail("prime", f"{name}' with several arguments does not say which one", start, self.end_of_last(), expected=f"{name}^(1,0)(x, y)")
            orders = (0,) * len(args)
        if len(args) != len(orders):
            self.fail("arguments", f"the derivative names {len(orders)} arguments, but {len(args)} stand in the bracket", start, self.end_of_last(), expected=f"{name}^(1,0)(x, y)")
        return self.built(Apply(name, args, orders), start)

    def arguments(self, name: str, start: int) -> tuple[Form, ...]:
        """The arguments in the bracket or bars that follow."""
        _, opener, at, _ = self.tokens[self.place]
        self.place += 1
        kind, _, _, end = self.tokens[self.place]
        if kind == "close":
            self.fail("argument", f"{name} needs an argument", start, end, expected=f"{name}(x)")
        if opener == "|":
            args: list[Form] = [Call("abs", (self.expression("|"),))]
        else:
            args = [self.expression()]
            while self.sees("sep", ","):
                self.place += 1
                args.append(self.expression())
        self.close(opener, at)
        return tuple(args)

    # -- known functions ------------------------------------------------------------------------------

    def function(self, start: int) -> Form | tuple[object, ...]:
        """A known function at its arguments; (name, base, exponent) when they stand without a bracket."""
        name = str(self.tokens[self.place][1])
        self.place += 1
        base, exponent = self.decorated()
        kind, value, at, end = self.tokens[self.place]
        if kind == "prime":
            self.fail("prime", f"a prime on the known function {name}", at, end, expected=f"diff({name}(x), x)")
        if name == "root" and self.latex:
            return self.latex_root(start)
        if kind in ("open", "bar") and value in _BRACKETED:
            if name == "piecewise":
                return self.piecewise(start)
            return self.call(name, base, exponent, self.arguments(name, start), start)
        if (kind in _NO_ARGUMENT and not (kind == "op" and value == "-")) or not _takes_one(name):
            what = self.text[start : self.end_of_last()]
            example = _EXAMPLES.get(name, "piecewise(x^2, x <= 1; 2x - 1)" if name == "piecewise" else f"{what}(x)")
            self.fail("argument", f"{what} needs an argument", start, self.end_of_last(), expected=example)
        return name, base, exponent

    def decorated(self) -> tuple[Form | None, Form | None]:
        """The base (log_2) and the exponent (sin^2) between a function's name and its argument."""
        base = exponent = None
        kind, value, at, end = self.tokens[self.place]
        if kind == "sub":
            self.place += 1
            base = self.little(str(value), at, end)
            kind, value, at, end = self.tokens[self.place]
        if kind == "sup":
            self.place += 1
            exponent = self.little(str(value), at, end)
        elif kind == "op" and value == "^":
            self.place += 1
            minus = self.sees("op", "-")
            self.place += minus
            self.depth += 2
            exponent = ungrouped(self.atom())
            self.depth -= 2
            exponent = Neg(exponent) if minus else exponent
        return base, exponent

    def latex_root(self, start: int) -> Form:
        r"""\sqrt[n]{x}."""
        _, _, at, _ = self.tokens[self.place]
        self.place += 1
        index = self.expression()
        self.close("[", at)
        if self.tokens[self.place][0] in _NO_ARGUMENT:
            self.fail("argument", "the root needs a radicand", start, self.end_of_last(), expected=r"\sqrt[3]{x}")
        self.depth += 1
        radicand = self.atom()
        self.depth -= 1
        return self.built(Root(radicand, index), start)

    def call(self, name: str, base: Form | None, exponent: Form | None, args: tuple[Form, ...], start: int) -> Form:
        """A function at its arguments, with the base and the exponent that stood behind its name."""
        if exponent is None:
            return self.known(name, args, base, start)
        if name in _INVERSES and integer(exponent) == -1 and self.conventions.inverse:
            self.remarks.append("read.inverse")
            return self.known(_INVERSES[name], args, base, start)
        return self.power(self.known(name, args, base, start), exponent, start)

    def known(self, name: str, args: tuple[Form, ...], base: Form | None, start: int) -> Form:
        row = FUNCTIONS.get(name)
        if name in _ARITIES:
            least, most = _ARITIES[name]
        else:
            assert row is not None
            least, most = row.arity, row.most if row.most is not None else len(args)
        if not least <= len(args) <= max(least, most):
            self.wrong_count(name, least, most if row is None or row.most is not None else 0, len(args), start)
        if base is not None and name not in ("log", "ln"):
            self.fail("subscript", f"{name} takes no subscript", start, self.end_of_last(), expected=f"{name}(x)")
        if name in _ARITIES:
            return self.special(name, args, base, start)
        form = Call(name, args)
        return self.bounded_factorial(form, args[0], start) if name in ("factorial", "gamma") else self.built(form, start)

    def wrong_count(self, name: str, least: int, most: int, given: int, start: int) -> None:
        wanted = f"{least} or more" if not most else str(least) if least == most else f"{least} or {most}"
        plural = "" if wanted == "1" else "s"
        self.fail("arguments", f"{name} takes {wanted} argument{plural}, not {given}", start, self.end_of_last(), expected=_EXAMPLES.get(name, f"{wanted} argument{plural}"))

    def special(self, name: str, args: tuple[Form, ...], base: Form | None, start: int) -> Form:
        """Functions that are another kind of node."""
        first = args[0]
        match name:
            case "exp":
                return self.power(E, first, start)
            case "log" | "ln":
                if len(args) == 2:
                    base = args[1]
                elif base is None and name == "log":
                    self.remarks.append("read.log")
                    base = Num(10) if self.conventions.common_log else None
                form: Form = Call("ln", (first,)) if base is None or base is E else Call("log", (first, base))
            case "log2":
                form = Call("log", (first, TWO))
            case "log10" | "lg":
                form = Call("log", (first, Num(10)))
            case "sqrt":
                form = sqrt(first)
            case "cbrt":
                form = Root(first, Num(3))
            case "root":
                form = Root(first, args[1])
            case "diff" | "partial":
                order = integer(args[2]) if len(args) > 2 else 1
                if not isinstance(args[1], Sym) or order is None or not 1 <= order <= MOST_PRIMES:
                    self.fail("arguments", f"{name} takes an expression, a variable and an order up to 20", start, self.end_of_last(), expected=_EXAMPLES[name])
                form = Deriv(first, args[1].name, order, name == "partial")
            case _:
                if not isinstance(args[1], Sym):
                    self.fail("arguments", "integral takes an expression, a variable and two limits", start, self.end_of_last(), expected=_EXAMPLES[name])
                form = Integral(first, args[1].name, args[2], args[3])
        return self.built(form, start)

    # -- derivatives ------------------------------------------------------------------------------------

    def leibniz(self, start: int) -> Form | tuple[object, ...]:
        """d/dx at what follows in brackets; dy/dx is y'(x); ("d", …) when the body has no bracket."""
        _, (variable, order, partial, top), _, end = self.tokens[self.place]
        self.place += 1
        if top and partial:
            return self.built(Deriv(symbol(top), variable, order, True), start)
        if top:
            return self.built(Apply(top, (symbol(variable),), (order,)), start)
        if self.tokens[self.place][0] in _NO_ARGUMENT and not self.sees("op", "-"):
            what = self.text[start:end]
            self.fail("argument", f"{what} needs an expression", start, end, expected=f"{what}(x^2)")
        if self.sees("open", "(") or self.sees("open", "["):
            self.depth += 1
            body = self.atom()
            self.depth -= 1
            return self.built(Deriv(body, variable, order, partial), start)
        return "d", variable, order, partial

    def mixed(self, start: int) -> Form:
        """∂²f/∂y∂x: first by x, then by y."""
        _, (top, letters), _, _ = self.tokens[self.place]
        self.place += 1
        form: Form = symbol(top)
        for letter, order in reversed(letters):
            form = Deriv(form, letter, order, True)
        return self.built(form, start)

    def primed(self, form: Form, start: int) -> Form:
        """(x^2)': the derivative in the only variable."""
        _, order, at, end = self.tokens[self.place]
        self.place += 1
        if self.tokens[self.place - 2][0] != "close":
            self.fail("prime", "a prime without an argument", at, end, expected="a function with its argument, such as f'(x)")
        if order > MOST_PRIMES:
            self.many_primes(at, end)
        if len(form.free) != 1:
            self.fail("prime", "this prime does not say in which variable", at, end, expected="diff(x^2*y, x)")
        return self.built(Deriv(form, next(iter(form.free)), order), start)


def _takes_one(name: str) -> bool:
    """Whether a function can stand with one argument and no bracket."""
    row = FUNCTIONS.get(name)
    return row.arity == 1 and row.most == 1 if row and name not in _ARITIES else _ARITIES.get(name, (2, 2))[0] == 1
