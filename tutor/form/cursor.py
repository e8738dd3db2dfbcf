"""A place in a list of tokens, with what every part of the grammar needs there: limits, places, errors.

`Conventions` says how a text is taken that can be read in two ways. `Cursor` holds the tokens of
one text and the place that reading has reached; `brackets` and `application` add operands, and
`parser` the operators between them.

>>> cursor = Cursor("x+1", [("name", "x", 0, 1), ("op", "+", 1, 2)], Conventions())
>>> cursor.sees("name", "x"), cursor.sees("op", "+")
(True, False)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from tutor.errors import LimitError, ReadError, Span
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import rational
from tutor.form.tokens import Token
from tutor.form.tree import Apply, Call, Const, Deriv, Form, Integral, Interval, Listing, Num, Pow
from tutor.form.walk import fold, nodes

DEEPEST = 200
"""Brackets in brackets; each takes at most three of Python's frames."""
HIGHEST = 2 * DEEPEST
"""The depth of the tree of a text."""
GREATEST_EXPONENT = 10_000
GREATEST_FACTORIAL = 3_000
LARGEST_CONSTANT = 300

CLOSER = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", "set": "set", "abs": "abs"}
_SHOWN = {"set": r"\}", "abs": r"\right|"}
EXPECTED_OPERAND = "a number, a letter, a function or a bracket"

Lexer = Callable[[str], list[Token]]


@dataclass(frozen=True, slots=True)
class Conventions:
    """The choices where a text can be read in two ways; the defaults are the documented rule.

    `tight_product`: 1/2x is 1/(2x). `scientific`: 2e-3 is a number. `split`: xy is x*y.
    `applied`: a(b + c) is the function a at b + c. `loose_exponent`: e^2x is e^(2x), x^1/2 is x^(1/2).
    `wide_argument`: sin x/2 is sin(x/2). `narrow_argument`: sin x y is sin(x)*y. `indexed`: x2 is x_2.
    `leibniz`: d/dx is a derivative. `inverse`: sin^-1 is the inverse function. `common_log`: log has the base 10.
    `mixed`: 2\\frac{3}{4} is 2 + 3/4.
    """

    tight_product: bool = False
    scientific: bool = True
    split: bool = True
    applied: bool = False
    loose_exponent: bool = False
    wide_argument: bool = False
    narrow_argument: bool = False
    indexed: bool = True
    leibniz: bool = True
    inverse: bool = True
    common_log: bool = False
    mixed: bool = True


class Cursor:
    """The tokens of one text and a place in them.

    `spans`, when it is a list, collects where each form was written; `remarks` the ids of what a
    reader should be told.
    """

    def __init__(self, text: str, tokens: list[Token], conventions: Conventions, *, functions: frozenset[str] = frozenset(), latex: bool = False) -> None:
        self.text, self.tokens, self.conventions, self.functions, self.latex = text, tokens, conventions, functions, latex
        self.place = 0
        self.depth = 0
        self.spans: list[tuple[Form, Span]] | None = None
        self.remarks: list[str] = []
        self._digits: dict[Form, float] = {}

    def sees(self, kind: str, value: object) -> bool:
        """Whether the token at this place is this one."""
        token = self.tokens[self.place]
        return token[0] == kind and token[1] == value

    def end_of_last(self) -> int:
        return self.tokens[self.place - 1][3] if self.place else 0

    def built(self, form: Form, start: int) -> Form:
        """Note where a form stands, and keep its height within bounds."""
        if form.depth > HIGHEST:
            self.too_deep(start, self.end_of_last())
        if self.spans is not None:
            self.spans.append((form, (start, self.end_of_last())))
        return form

    # -- powers and factorials that nobody can compute ------------------------------------------

    def power(self, base: Form, exponent: Form, start: int) -> Form:
        exponent = ungrouped(exponent)
        if not exponent.free and not (type(exponent) is Num and exponent.digits < 10 and base.free):
            self.check_exponent(base, exponent, start)
        return self.built(Pow(base, exponent), start)

    def check_exponent(self, base: Form, exponent: Form, start: int) -> None:
        """No exponent, and no number of digits that a power would have, beyond what can be computed."""
        size = self.magnitude(exponent)
        if size is None:
            return
        if math.isnan(size):
            self.fail("exponent", "this exponent has no value", start, self.end_of_last(), expected="an exponent that is a number")
        digits = 0.0 if base.free or _is_open(base) else self.digits(base) * size
        if max(size, digits) > GREATEST_EXPONENT:
            raise LimitError(
                "exponent", f"an exponent beyond {GREATEST_EXPONENT:,}", self.text, (start, self.end_of_last()),
                advice="Use a letter such as n for it.",
            )  # fmt: skip

    def magnitude(self, form: Form) -> float | None:
        """The size of a form without variables; None when it holds i, infinity or a function that is slow to compute."""
        plain = rational(form)
        if plain is not None:
            return _float(plain)
        if form.size > LARGEST_CONSTANT:
            raise LimitError("nodes", f"an exponent of more than {LARGEST_CONSTANT} parts without a letter", self.text, (0, len(self.text)), advice="Work it out first.")
        if _is_open(form):
            return None
        if self.digits(form) > GREATEST_EXPONENT:
            return math.inf
        from tutor.form.evaluate import evaluate

        size: float = abs(evaluate(form, {}))
        return size

    def digits(self, form: Form) -> float:
        """A bound on the number of digits that the exact value of a form without variables can have."""

        def visit(node: Form, parts: tuple[float, ...]) -> float:
            if isinstance(node, Num):
                return node.digits.bit_length() / 3 + node.places
            if isinstance(node, Pow) and not isinstance(node.base, Const):  # powers of e and π are never written out
                exponent = rational(node.exponent)
                return parts[0] * (_float(exponent) if exponent is not None else math.pow(10, min(parts[1], 300)))
            if isinstance(node, Call) and node.name in ("factorial", "gamma"):
                return math.pow(10, min(parts[0] + 1, 300))
            return sum(parts) + 1

        return fold(form, visit, self._digits)

    def bounded_factorial(self, form: Form, argument: Form, start: int) -> Form:
        if not argument.free:
            size = self.magnitude(argument)
            if size is not None and not size <= GREATEST_FACTORIAL:
                raise LimitError(
                    "factorial", f"a factorial beyond {GREATEST_FACTORIAL:,}", self.text, (start, self.end_of_last()),
                    advice="Use a letter for the number.",
                )  # fmt: skip
        return self.built(form, start)

    # -- errors -----------------------------------------------------------------------------------

    def fail(self, kind: str, message: str, start: int, end: int, expected: str = "") -> NoReturn:
        if start >= len(self.text) > 0:
            start, end = len(self.text) - 1, len(self.text)
        raise ReadError(kind, message, self.text, (start, end), expected=expected)

    def too_deep(self, start: int, end: int) -> NoReturn:
        raise LimitError("depth", f"brackets or signs nested more than {DEEPEST} deep", self.text, (start, end), advice="Name a part with a letter.")

    def missing_operand(self, kind: str, start: int, end: int) -> NoReturn:
        """What stands here is no operand: say what is missing and where."""
        previous = self.tokens[self.place - 1] if self.place else None
        what = self.text[previous[2] : previous[3]] if previous else ""
        if previous and previous[0] == "open" and kind == "close":
            self.fail("empty", "there is nothing between these brackets", previous[2], end, expected="an expression")
        if previous and previous[0] == "open" and kind == "end":
            self.fail("bracket", f"the bracket opened at column {previous[2] + 1} is empty and not closed", previous[2], previous[3], expected=f"an expression and {CLOSER[previous[1]]}")
        if kind == "end" and previous:
            self.fail("operand", f"nothing follows {what!r}", previous[2], previous[3], expected=EXPECTED_OPERAND)
        if kind == "close":
            self.fail("operand", f"nothing stands before this {self.text[start:end]}", start, end, expected=EXPECTED_OPERAND)
        self.fail("operand", f"{self.text[start:end]!r} where an expression should begin", start, end, expected=EXPECTED_OPERAND)

    def unclosed(self, opener: str, start: int) -> NoReturn:
        """The bracket that was opened at `start` is not closed here."""
        kind, _, at, end = self.tokens[self.place]
        wanted = _SHOWN.get(opener) or CLOSER[opener]
        if kind == "close":
            self.fail("bracket", f"the bracket opened at column {start + 1} is closed by {self.text[at:end]}", at, end, expected=wanted)
        if kind != "end":
            self.fail("rest", f"{self.text[at:end]!r} does not fit here", at, end, expected=f"an operator, a comma or {wanted}")
        self.fail("bracket", f"the bracket opened at column {start + 1} is not closed", start, start + 1, expected=wanted)

    def close(self, opener: str, start: int) -> None:
        """Step over the sign that closes a bracket. Raises `ReadError` when it is not there."""
        kind, value, _, _ = self.tokens[self.place]
        if opener == "|":
            if kind != "bar":
                self.fail("bar", f"the bar opened at column {start + 1} is not closed", start, start + 1, expected="|")
        elif kind != "close" or value != CLOSER[opener]:
            self.unclosed(opener, start)
        self.place += 1


def _float(value: Fraction) -> float:
    """The size of a fraction; very large ones are all the same."""
    return float(min(abs(value), _HUGE))


_HUGE = Fraction(10**300)


def ungrouped(form: Form) -> Form:
    """x^{2} as people type it without LaTeX: braces behind ^ only group."""
    return form.items[0] if type(form) is Listing and form.kind == "set" and len(form.items) == 1 else form


_VALUELESS = (Apply, Deriv, Integral, Listing, Interval)


def _is_open(form: Form) -> bool:
    """Whether a form without variables has no real value, or one that takes long to compute."""
    for node in nodes(form):
        if isinstance(node, Const) and node.name in ("i", "infinity"):
            return True
        if (isinstance(node, Call) and FUNCTIONS[node.name].real is None) or isinstance(node, _VALUELESS):
            return True
    return False
