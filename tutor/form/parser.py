"""From tokens to a `Form`: operator precedence with explicit stacks, one Python frame a bracket.

The grammar, loosest first; a run at one level is read from left to right unless noted:

    relation    = != < <= > >=            a chain is one `Relation`
    sum         + -
    sign        a minus in front          -x^2 is -(x^2), -2x is -(2x)
    product     * / and side by side      1/2x is (1/2)*x unless `Conventions.tight_product`
    function without bracket              sin 2x cos x is sin(2x)*cos(x): its argument is the product side by
                                          side up to the next function, bracket or written operator
    root sign √                           √2x is (√2)*x, √x² is √(x²)
    power       ^                         from right to left: x^y^z is x^(y^z)
    postfix     ² ! '

Dijkstra's shunting yard (1961) decides within one bracket; only brackets recurse, and their depth
is bounded, so that no text exhausts the stack.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from tutor.errors import LimitError, ReadError, Span
from tutor.form.functions import FUNCTIONS
from tutor.form.tokens import FUNCTION_LETTERS, Token
from tutor.form.tree import (
    TWO, Add, Apply, Call, Cases, Const, Deriv, Div, E, Form, Integral, Interval, Listing, Mul, Neg, Num, Pow,
    Relation, Root, Sym, integer, nodes, sqrt,
)  # fmt: skip

Lexer = Callable[[str], list[Token]]

DEEPEST = 220
MOST_NODES = 20_000
GREATEST_EXPONENT = 10_000
GREATEST_FACTORIAL = 3_000

SUM, SIGN, PLAIN_FUNCTION, PRODUCT, TIGHT_PRODUCT, ROOT, POWER = 10, 20, 25, 30, 32, 35, 40
_OPERAND = frozenset(("num", "name", "const", "func", "open", "bar", "sqrt", "int", "frac", "cases", "matrix"))
_CLOSER = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", "set": "set"}


@dataclass(frozen=True, slots=True)
class Conventions:
    """The choices where a text can be read in two ways; the defaults are the documented rule.

    `tight_product`: 1/2x is 1/(2x). `scientific`: 2e-3 is a number. `split`: xy is x*y.
    `applied`: a(b + c) is the function a at b + c. `loose_exponent`: e^2x is e^(2x).
    `wide_argument`: sin x/2 is sin(x/2).
    """

    tight_product: bool = False
    scientific: bool = True
    split: bool = True
    applied: bool = False
    loose_exponent: bool = False
    wide_argument: bool = False


@dataclass(slots=True)
class _Chain:
    """A sum or product that is still being collected (so that 5,000 terms cost 5,000 steps)."""

    kind: type[Add] | type[Mul]
    items: list[Form]
    start: int


@dataclass(frozen=True, slots=True)
class _Operator:
    binding: int
    symbol: str
    start: int
    data: tuple[object, ...] = ()


class Parser:
    """Reads one text; `spans` collects where each form was written, in reading order."""

    def __init__(self, text: str, lexer: Lexer, conventions: Conventions, functions: frozenset[str], latex: bool, depth: int = 0) -> None:
        self.text, self.lexer, self.conventions, self.functions, self.latex = text, lexer, conventions, functions, latex
        self.tokens = lexer(text)
        self.place = 0
        self.depth = depth
        self.end = 0
        self.spans: list[tuple[Form, Span]] = []
        self.count = 0

    # -- what the callers use -------------------------------------------------------------------

    def whole(self) -> Form:
        """The form of the whole text. Raises `ReadError`, `LimitError`."""
        if self.tokens[0][0] == "end":
            raise ReadError("empty", "there is nothing to read", self.text, (0, len(self.text)), expected="an expression such as x^2")
        form = self.expression()
        kind, value, start, end = self.tokens[self.place]
        if kind == "close":
            self.fail("bracket", f"this {value} closes a bracket that was never opened", start, end)
        if kind == "sep":
            self.fail("separator", f"a {value!r} outside of brackets", start, end, expected="one expression, or a list in brackets such as (a, b)")
        if kind != "end":
            self.fail("rest", f"{self.text[start:end]!r} does not fit here", start, end, expected="an operator or the end")
        return form

    # -- one bracket's contents -----------------------------------------------------------------

    def expression(self, stop: str = "") -> Form:
        """A sum, or a chain of relations between sums, up to a token that cannot continue it."""
        first = self.tokens[self.place]
        self.depth += 1
        if self.depth > DEEPEST:
            self.too_deep(first[2], first[3])
        operands: list[Form] = []
        relations: list[str] = []
        while True:
            values: list[Form | _Chain] = []
            starts: list[int] = []
            operators: list[_Operator] = []
            while True:
                self.operand(values, starts, operators, stop)
                if not self.continuation(values, starts, operators, stop):
                    break
            while operators:
                self.reduce(values, starts, operators)
            operands.append(self.finished(values[0]))
            if self.tokens[self.place][0] != "rel":
                break
            relations.append(str(self.tokens[self.place][1]))
            self.place += 1
        self.depth -= 1
        return self.built(Relation(tuple(operands), tuple(relations)), first[2]) if relations else operands[0]

    def too_deep(self, start: int, end: int) -> NoReturn:
        raise LimitError("depth", f"brackets or signs nested more than {DEEPEST} deep", self.text, (start, end), advice="Name a part with a letter.")

    def operand(self, values: list[Form | _Chain], starts: list[int], operators: list[_Operator], stop: str) -> None:
        """Prefix operators, then one operand, then its postfixes."""
        while True:
            kind, value, start, end = self.tokens[self.place]
            if len(operators) > DEEPEST:
                self.too_deep(start, end)
            if kind == "op" and value in ("-", "+"):
                self.place += 1
                if value == "-":
                    top = operators[-1].binding if operators else 0
                    operators.append(_Operator(top if top >= PRODUCT else SIGN, "neg", start))
            elif kind == "func" and self.is_plain_function():
                operators.append(self.plain_function())
            elif kind == "sqrt":
                self.place += 1
                operators.append(_Operator(ROOT, "√", start, (value,)))
            else:
                break
        if kind == "open":
            form = self.bracket(str(value), start)
        elif kind == "func":
            form = self.function(str(value), start)
        else:
            form = self.primary(kind, value, start, end, stop)
        values.append(self.postfixed(form, start))
        starts.append(start)

    def continuation(self, values: list[Form | _Chain], starts: list[int], operators: list[_Operator], stop: str) -> bool:
        """Take the operator that follows an operand; False at the end of the expression."""
        kind, value, start, _ = self.tokens[self.place]
        if kind == "op" and value in ("+", "-"):
            self.place += 1
            self.push(values, starts, operators, _Operator(SUM, value, start))
            return True
        if kind == "op" and value == "^":
            self.place += 1
            self.push(values, starts, operators, _Operator(POWER, "^", start), right=True)
            return True
        if kind == "op" and value in ("*", "/"):
            self.place += 1
            if not self.conventions.wide_argument:
                self.end_functions(values, starts, operators)
            self.push(values, starts, operators, _Operator(PRODUCT, value, start))
            return True
        if kind in _OPERAND and not (kind == "bar" and stop == "|"):
            self.side_by_side(values, starts, operators, kind, start)
            return True
        return False

    def side_by_side(self, values: list[Form | _Chain], starts: list[int], operators: list[_Operator], kind: str, start: int) -> None:
        """An operand right after an operand: a product, unless both are numbers."""
        if kind == "num" and isinstance(values[-1], Num) and self.tokens[self.place - 1][0] == "num":
            before = self.tokens[self.place - 1]
            if self.text[before[3] : start].strip() == "" and "." in self.text[before[2] : start + 1] and before[3] == start:
                self.fail("number", "a number with two points", before[2], self.tokens[self.place][3], expected="one decimal point")
            self.fail("number", "two numbers side by side", start, self.tokens[self.place][3], expected="an operator between them")
        binding = TIGHT_PRODUCT if self.conventions.tight_product else PRODUCT
        if self.conventions.loose_exponent and operators and operators[-1].symbol == "^" and kind != "func":
            operators.append(_Operator(POWER + 1, "*", start))
            return
        if kind == "func" or not (kind in ("num", "name", "const", "frac", "sqrt") or isinstance(values[-1], Num)):
            self.end_functions(values, starts, operators)
        self.push(values, starts, operators, _Operator(binding, "*", start))

    def end_functions(self, values: list[Form | _Chain], starts: list[int], operators: list[_Operator]) -> None:
        """Close the arguments of all functions that stand without brackets."""
        while self.function_waits(operators):
            self.reduce(values, starts, operators)

    def function_waits(self, operators: list[_Operator]) -> bool:
        """Whether a function without brackets is still taking its argument."""
        for operator in reversed(operators):
            if operator.binding == PLAIN_FUNCTION and operator.symbol == "function":
                return True
            if operator.binding <= PLAIN_FUNCTION and operator.symbol != "neg":
                return False
        return False

    def push(self, values: list[Form | _Chain], starts: list[int], operators: list[_Operator], operator: _Operator, right: bool = False) -> None:
        while operators and (operators[-1].binding > operator.binding or (operators[-1].binding == operator.binding and not right)):
            self.reduce(values, starts, operators)
        operators.append(operator)

    def reduce(self, values: list[Form | _Chain], starts: list[int], operators: list[_Operator]) -> None:
        operator = operators.pop()
        right = values.pop()
        start = starts.pop()
        match operator.symbol:
            case "neg":
                made: Form | _Chain = self.built(Neg(self.finished(right)), operator.start)
                start = operator.start
            case "function":
                made = self.call(operator, (self.finished(right),))
                start = operator.start
            case "√":
                radicand = self.finished(right)
                made = self.built({"√": sqrt(radicand)}.get(str(operator.data[0])) or Root(radicand, Num(3 if operator.data[0] == "∛" else 4)), operator.start)
                start = operator.start
            case symbol:
                left = values.pop()
                start = starts.pop()
                made = self.binary(symbol, left, right, start)
        values.append(made)
        starts.append(start)

    def binary(self, symbol: str, left: Form | _Chain, right: Form | _Chain, start: int) -> Form | _Chain:
        if symbol in "+-":
            term = self.finished(right)
            item = Neg(term) if symbol == "-" else term
            if isinstance(left, _Chain) and left.kind is Add:
                left.items.append(item)
                return left
            return _Chain(Add, [self.finished(left), item], start)
        if symbol == "*":
            if isinstance(left, _Chain) and left.kind is Mul:
                left.items.append(self.finished(right))
                return left
            return _Chain(Mul, [self.finished(left), self.finished(right)], start)
        top, bottom = self.finished(left), self.finished(right)
        return self.built(Div(top, bottom), start) if symbol == "/" else self.power(top, bottom, start)

    def finished(self, value: Form | _Chain) -> Form:
        return self.built(value.kind(tuple(value.items)), value.start) if isinstance(value, _Chain) else value

    def built(self, form: Form, start: int) -> Form:
        """Note where a form stands, and keep count."""
        self.spans.append((form, (start, self.end_of_last())))
        self.count += 1
        if form.depth > 2 * DEEPEST:
            self.too_deep(start, self.end_of_last())
        if self.count > MOST_NODES or form.size > 4 * MOST_NODES:
            raise LimitError("nodes", f"an expression of more than {MOST_NODES:,} parts", self.text, (0, len(self.text)), advice="Name a part with a letter.")
        return form

    def end_of_last(self) -> int:
        return self.tokens[self.place - 1][3] if self.place else 0

    # -- operands ---------------------------------------------------------------------------------

    def primary(self, kind: str, value: object, start: int, end: int, stop: str) -> Form:  # noqa: PLR0911 (one branch a kind)
        match kind:
            case "num":
                self.place += 1
                assert isinstance(value, Num)
                return self.built(value, start)
            case "name":
                return self.name(str(value), start)
            case "const":
                self.place += 1
                return self.built(Const(str(value)), start)
            case "func":
                return self.function(str(value), start)
            case "open":
                return self.bracket(str(value), start)
            case "bar" if stop != "|" or self.opens_bar():
                self.place += 1
                inner = self.expression("|")
                self.expect("bar", "|", start)
                return self.built(Call("abs", (inner,)), start)
            case "frac":
                self.place += 1
                top = self.group(start)
                return self.built(Div(top, self.group(start)), start)
            case "cases":
                self.place += 1
                return self.cases(start)
            case "matrix":
                self.place += 1
                return self.matrix(start)
            case "int":
                return self.integral_sign(start)
        self.missing_operand(kind, value, start, end)

    def opens_bar(self) -> bool:
        """Inside |…|, a bar where an operand is due opens another absolute value, unless nothing stands between."""
        previous = self.tokens[self.place - 1]
        return previous[0] in ("op", "bar", "open", "sep", "rel")

    def missing_operand(self, kind: str, value: object, start: int, end: int) -> NoReturn:
        previous = self.tokens[self.place - 1] if self.place else None
        expected = "a number, a letter, a function or a bracket"
        if kind == "end" and previous is not None:
            what = self.text[previous[2] : previous[3]]
            if previous[0] == "func":
                self.fail("argument", f"{what} needs an argument", previous[2], previous[3], expected=f"{what}(x)")
            self.fail("operand", f"nothing follows {what!r}", max(end - 1, 0) if not self.text[start:end] else start, max(end, 1), expected=expected)
        if kind == "close":
            self.fail("operand", f"nothing stands before this {value}", start, end, expected=expected)
        self.fail("operand", f"{self.text[start:end]!r} where an expression should begin", start, end, expected=expected)

    def postfixed(self, form: Form, start: int) -> Form:
        """Superscripts, factorials and a subscript that belong to the operand just read."""
        while True:
            kind, value, at, end = self.tokens[self.place]
            if kind == "sup":
                self.place += 1
                form = self.power(form, self.little(str(value), at, end), start)
            elif kind == "op" and value == "!":
                self.place += 1
                form = self.bounded_factorial(Call("factorial", (form,)), form, start)
            elif kind == "prime":
                self.fail("prime", "a prime without an argument", at, end, expected="a function with its argument, such as f'(x)")
            elif kind == "sub":
                self.fail("subscript", "a subscript that belongs to no letter", at, end, expected="a letter in front of it, such as x_1")
            else:
                return form

    def little(self, text: str, start: int, end: int) -> Form:
        """The form of a superscript run such as ⁻¹ or ²ⁿ."""
        try:
            return Parser(text, self.lexer, self.conventions, self.functions, self.latex, self.depth + 10).whole()
        except LimitError:
            raise
        except ReadError as error:
            self.fail("superscript", "this superscript is no exponent: " + error.message, start, end, expected="digits or a letter")

    def name(self, name: str, start: int) -> Form:
        self.place += 1
        kind, value, at, _ = self.tokens[self.place]
        if kind == "sub" and not (self.latex and at != self.end_of_last()):
            self.place += 1
            name = f"{name}_{value}"
        elif kind == "num" and at == self.end_of_last() and not self.latex and value.places == 0 and self.text[at : at + 1] != ".":
            self.place += 1
            name = f"{name}_{value.digits}"
        following = self.tokens[self.place]
        orders = 0
        if following[0] == "prime":
            orders, self.place = int(following[1]), self.place + 1
            following = self.tokens[self.place]
            if following[:2] != ("open", "("):
                self.place -= 1
                return Sym(name)
        bracket = following[:2] == ("open", "(")
        is_function = name in FUNCTION_LETTERS or name in self.functions or self.conventions.applied
        if bracket and (orders or is_function):
            return self.applied(name, (orders,), start)
        mixed = self.mixed_orders() if is_function else None
        if mixed:
            return self.applied(name, mixed, start)
        return self.built(Sym(name), start)

    def mixed_orders(self) -> tuple[int, ...] | None:
        """The orders in f^(1,0)(x, y), or None when what follows is something else."""
        tokens, at = self.tokens, self.place
        if tokens[at][:2] != ("op", "^") or tokens[at + 1][:2] != ("open", "("):
            return None
        orders, at = [], at + 2
        while tokens[at][0] == "num":
            orders.append(tokens[at][1].digits)
            at += 1
            if tokens[at][:2] == ("close", ")"):
                break
            if tokens[at][:2] != ("sep", ","):
                return None
            at += 1
        if not orders or tokens[at][:2] != ("close", ")") or tokens[at + 1][:2] != ("open", "("):
            return None
        self.place = at + 1
        return tuple(orders)

    def applied(self, name: str, orders: tuple[int, ...], start: int) -> Form:
        args = self.arguments(name, start)
        if len(args) > 1 and len(orders) == 1:
            if orders[0]:
                self.fail("prime", f"{name}' with several arguments does not say which one", start, self.end_of_last(), expected=f"{name}^(1,0)(x, y)")
            orders = (0,) * len(args)
        if len(args) != len(orders):
            self.fail("arguments", f"{len(orders)} orders of differentiation for {len(args)} arguments", start, self.end_of_last())
        return self.built(Apply(name, args, orders), start)

    def power(self, base: Form, exponent: Form, start: int) -> Form:
        exponent = _ungrouped(exponent)
        if not exponent.free and not (isinstance(exponent, Num) and exponent.digits < 10 and base.free):
            self.check_exponent(base, exponent, start)
        return self.built(Pow(base, exponent), start)

    def check_exponent(self, base: Form, exponent: Form, start: int) -> None:
        """No exponent, and no number of digits that a power would have, beyond what can be computed."""
        from tutor.form.evaluate import evaluate

        size = abs(evaluate(exponent, {}))
        if _is_symbolic(exponent):
            return
        digits = size * math.log10(max(abs(evaluate(base, {})), 1)) if not base.free and not _is_symbolic(base) else 0.0
        if not size <= GREATEST_EXPONENT or not digits <= GREATEST_EXPONENT:
            raise LimitError(
                "exponent", f"an exponent beyond {GREATEST_EXPONENT:,}", self.text, (start, self.end_of_last()),
                advice="Use a letter such as n for it.",
            )  # fmt: skip

    def bounded_factorial(self, form: Form, argument: Form, start: int) -> Form:
        if not argument.free:
            from tutor.form.evaluate import evaluate

            if not abs(evaluate(argument, {})) <= GREATEST_FACTORIAL:
                raise LimitError("factorial", f"a factorial beyond {GREATEST_FACTORIAL:,}", self.text, (start, self.end_of_last()), advice="Use a letter for the number.")
        return self.built(form, start)

    # -- brackets -----------------------------------------------------------------------------------

    def bracket(self, opener: str, start: int) -> Form:
        self.place += 1
        if opener in "⌊⌈":
            inner = self.expression()
            self.expect("close", _CLOSER[opener], start)
            return self.built(Call("floor" if opener == "⌊" else "ceil", (inner,)), start)
        items = [self.expression()]
        while self.tokens[self.place][:2] == ("sep", ","):
            self.place += 1
            items.append(self.expression())
        kind, closer, at, end = self.tokens[self.place]
        if kind != "close" or (closer != _CLOSER[opener] if opener in ("{", "set") else closer not in (")", "]")):
            self.unclosed(opener, start)
        self.place += 1
        if opener == "set" or opener == "{" and not self.latex:
            return self.built(Listing("set", tuple(items)), start)
        if closer != _CLOSER[opener]:
            if len(items) != 2:
                self.fail("bracket", f"the bracket {opener} is closed by {closer}", at, end, expected=_CLOSER[opener])
            return self.built(Interval(items[0], items[1], opener == "(", closer == ")"), start)
        if len(items) == 1:
            self.spans.append((items[0], (start, end)))
            return items[0]
        rows = all(isinstance(item, Listing) and item.kind == "list" for item in items) and opener == "["
        if rows and len({len(item.children) for item in items}) == 1:
            return self.built(Listing("matrix", tuple(items)), start)
        return self.built(Listing("tuple" if opener == "(" else "set" if opener == "{" else "list", tuple(items)), start)

    def group(self, start: int) -> Form:
        """LaTeX's {…}, or the single token that TeX takes without braces."""
        kind, value, at, end = self.tokens[self.place]
        if (kind, value) == ("open", "{"):
            self.place += 1
            inner = self.expression()
            self.expect("close", "}", at)
            return inner
        if kind == "num" and value.places == 0 and value.digits > 9:
            first = int(str(value.digits)[0])
            self.tokens[self.place] = ("num", Num(value.digits - first * 10 ** (len(str(value.digits)) - 1)), at + 1, end)
            return self.built(Num(first), start)
        return self.primary(kind, value, at, end, "")

    def unclosed(self, opener: str, start: int) -> NoReturn:
        kind, value, at, end = self.tokens[self.place]
        if kind not in ("end", "close"):
            self.fail("rest", f"{self.text[at:end]!r} does not fit here", at, end, expected=f"an operator, a comma or {_CLOSER[opener]}")
        self.fail("bracket", f"the bracket opened at column {start + 1} is not closed", start, start + 1, expected=_CLOSER[opener])

    def expect(self, kind: str, value: str, start: int) -> None:
        if self.tokens[self.place][0] != kind or kind == "close" and self.tokens[self.place][1] != value:
            if value == "|":
                self.fail("bracket", f"the bar opened at column {start + 1} is not closed", start, start + 1, expected="|")
            self.unclosed(next(opener for opener, closer in _CLOSER.items() if closer == value), start)
        self.place += 1

    def arguments(self, name: str, start: int) -> tuple[Form, ...]:
        """The bracketed arguments that follow."""
        opener, at = str(self.tokens[self.place][1]), self.tokens[self.place][2]
        self.place += 1
        if self.tokens[self.place][0] == "close":
            self.fail("argument", f"{name} needs an argument", at, self.tokens[self.place][3], expected=f"{name}(x)")
        args = [self.expression()]
        while self.tokens[self.place][:2] == ("sep", ","):
            self.place += 1
            args.append(self.expression())
        self.expect("close", _CLOSER[opener], at)
        return tuple(args)

    # -- functions ----------------------------------------------------------------------------------

    def is_plain_function(self) -> bool:
        """Whether the function at this place has its argument without a bracket."""
        kind, value, at, _ = self.tokens[self.place + self.decorations()]
        name = str(self.tokens[self.place][1])
        return (kind, value) not in (("open", "("), ("open", "{"), ("open", "[")) and kind not in ("end", "close") and name not in ("piecewise", "integral", "diff", "partial")

    def decorations(self) -> int:
        """How many tokens a subscript and an exponent right behind a function name take (with the name)."""
        at = self.place + 1
        if self.tokens[at][0] == "sub":
            at += 1
        if self.tokens[at][0] == "sup":
            at += 1
        elif self.tokens[at][:2] == ("op", "^"):
            at += 1
            if self.tokens[at][:2] == ("op", "-"):
                at += 1
            at = self.closing(at) + 1 if self.tokens[at][0] == "open" else at + 1
        return min(at, len(self.tokens) - 1) - self.place

    def closing(self, at: int) -> int:
        """The index of the token that closes the bracket at `at` (the last one when none does)."""
        depth = 0
        while at < len(self.tokens) - 1:
            kind = self.tokens[at][0]
            depth += (kind == "open") - (kind == "close")
            if not depth:
                return at
            at += 1
        return at

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
        elif (kind, value) == ("op", "^"):
            self.place += 1
            minus = self.tokens[self.place][:2] == ("op", "-")
            self.place += minus
            kind, value, at, end = self.tokens[self.place]
            exponent = self.primary(kind, value, at, end, "")
            exponent = Neg(exponent) if minus else exponent
        return base, exponent

    def plain_function(self) -> _Operator:
        """A function whose argument follows without a bracket, as a prefix operator."""
        _, value, start, _ = self.tokens[self.place]
        self.place += 1
        base, exponent = self.decorated()
        return _Operator(PLAIN_FUNCTION, "function", start, (str(value), base, exponent))

    def function(self, name: str, start: int) -> Form:
        self.place += 1
        base, exponent = self.decorated()
        if self.tokens[self.place][0] in ("end", "close", "op", "sep", "rel"):
            what = self.text[start : self.end_of_last()]
            self.fail("argument", f"{what} needs an argument", start, self.end_of_last(), expected=f"{what}(x)")
        if name == "piecewise":
            return self.piecewise(start)
        if name == "root" and self.latex:
            index = self.latex_index()
            return self.built(Root(self.group(start), index), start)
        opener, at = str(self.tokens[self.place][1]), self.tokens[self.place][2]
        self.place += 1
        if self.tokens[self.place][0] == "close":
            self.fail("argument", f"{name} needs an argument", start, at + 2, expected=f"{name}(x)")
        given = [self.expression()]
        while self.tokens[self.place][:2] == ("sep", ","):
            self.place += 1
            given.append(self.expression())
        self.expect("close", _CLOSER[opener], at)
        args = tuple(given)
        return self.call(_Operator(PLAIN_FUNCTION, "function", start, (name, base, exponent)), args)

    def latex_index(self) -> Form:
        """The [n] of \\sqrt[n]{x}; 2 when it is left out."""
        if self.tokens[self.place][:2] != ("open", "["):
            return TWO
        at = self.tokens[self.place][2]
        self.place += 1
        index = self.expression()
        self.expect("close", "]", at)
        return index

    def call(self, operator: _Operator, args: tuple[Form, ...]) -> Form:
        """A function at its arguments, with the base and the exponent that stood behind its name."""
        name, base, exponent = str(operator.data[0]), operator.data[1], operator.data[2]
        start = operator.start
        if exponent is not None and integer(exponent) == -1:  # type: ignore[arg-type]
            inverse = {"sin": "asin", "cos": "acos", "tan": "atan", "cot": "acot", "sec": "asec", "csc": "acsc", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh", "sech": "asech", "csch": "acsch", "coth": "acoth"}.get(name)
            if inverse:
                name, exponent = inverse, None
        form = self.known(name, args, base, start)  # type: ignore[arg-type]
        return form if exponent is None else self.power(form, exponent, start)  # type: ignore[arg-type]

    def known(self, name: str, args: tuple[Form, ...], base: Form | None, start: int) -> Form:
        count = len(args)
        if name in ("log", "ln") and base is None and count == 2 and name == "log":
            args, base, count = args[:1], args[1], 1
        least, most = _ARITIES.get(name, (1, 1))
        row = FUNCTIONS.get(name)
        if row and name not in _ARITIES:
            least, most = row.arity, row.most if row.most is not None else 100
        if not least <= count <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}" if most < 100 else f"{least} or more"
            self.fail("arguments", f"{name} takes {wanted} argument{'s' * (wanted != '1')}, not {count}", start, self.end_of_last(), expected=f"{wanted} argument{'s' * (wanted != '1')}")
        if base is not None and name not in ("log", "ln"):
            self.fail("subscript", f"{name} takes no subscript", start, self.end_of_last())
        if name in _SPECIAL_FORMS:
            return self.special(name, args, base, start)
        form = Call(name, args)
        return self.bounded_factorial(form, args[0], start) if name in ("factorial", "gamma") else self.built(form, start)

    def special(self, name: str, args: tuple[Form, ...], base: Form | None, start: int) -> Form:
        first = args[0]
        match name:
            case "exp":
                return self.power(E, first, start)
            case "log" | "ln":
                return self.built(Call("ln", (first,)) if base is None or base is E else Call("log", (first, base)), start)
            case "log2" | "log10" | "lg":
                return self.built(Call("log", (first, TWO if name == "log2" else Num(10))), start)
            case "sqrt":
                return self.built(sqrt(first), start)
            case "cbrt":
                return self.built(Root(first, Num(3)), start)
            case "root":
                return self.built(Root(first, args[1]), start)
            case "diff" | "partial":
                order = integer(args[2]) if len(args) > 2 else 1
                if not isinstance(args[1], Sym) or order is None or not 1 <= order <= 20:
                    self.fail("arguments", f"{name} takes an expression, a variable and an order up to 20", start, self.end_of_last(), expected=f"{name}(x^2, x)")
                return self.built(Deriv(first, args[1].name, order, name == "partial"), start)
        if len(args) != 4 or not isinstance(args[1], Sym):
            self.fail("arguments", "integral takes an expression, a variable and two limits", start, self.end_of_last(), expected="integral(sin(t), t, 0, x)")
        return self.built(Integral(first, args[1].name, args[2], args[3]), start)

    # -- piecewise and integrals -----------------------------------------------------------------------

    def piecewise(self, start: int) -> Form:
        """piecewise(value, condition; value, condition; otherwise), SymPy's pairs in brackets too."""
        at = self.tokens[self.place][2]
        self.place += 1
        parts = [self.branch()]
        while self.tokens[self.place][0] == "sep":
            self.place += 1
            parts.append(self.branch())
        self.expect("close", ")", at)
        flat: list[Form | None] = []
        for part in parts:
            flat.extend(part.items if isinstance(part, Listing) else (part,))
        return self.assembled(flat, start)

    def branch(self) -> Form | None:
        """A value or a condition; None for "otherwise"."""
        if self.tokens[self.place][:2] in (("name", "otherwise"), ("name", "else"), ("name", "True"), ("name", "true")):
            self.place += 1
            return None
        return self.expression()

    def assembled(self, flat: list[Form | None], start: int) -> Form:
        values = tuple(flat[0::2])
        conditions = tuple(condition for condition in flat[1::2] if condition is not None)
        good = all(value is not None and not isinstance(value, Relation) for value in values) and all(isinstance(condition, Relation) for condition in conditions)
        if not good or len(values) - len(conditions) not in (0, 1) or not conditions:
            self.fail("cases", "the cases are not pairs of a value and a condition", start, self.end_of_last(), expected="piecewise(x^2, x <= 1; 2x - 1)")
        return self.built(Cases(tuple(value for value in values if value is not None), conditions), start)

    def cases(self, start: int) -> Form:
        """The rows of LaTeX's cases: value & condition, ended by \\\\."""
        flat: list[Form | None] = []
        while True:
            flat.append(self.branch())
            while self.tokens[self.place][0] in ("amp", "sep"):
                self.place += 1
            if self.tokens[self.place][0] not in ("row", "endcases"):
                flat.append(self.branch())
            kind, _, at, end = self.tokens[self.place]
            if kind not in ("row", "endcases"):
                self.fail("cases", "a row of the cases does not end here", at, end, expected=r"\\ or \end{cases}")
            self.place += 1
            if kind == "endcases" or self.tokens[self.place][0] == "endcases":
                self.place += kind != "endcases"
                return self.assembled(flat, start)

    def matrix(self, start: int) -> Form:
        """The rows of LaTeX's pmatrix; one column is a vector."""
        rows: list[list[Form]] = [[self.expression()]]
        while True:
            kind, _, at, end = self.tokens[self.place]
            self.place += 1
            if kind == "amp":
                rows[-1].append(self.expression())
            elif kind == "row" and self.tokens[self.place][0] != "endmatrix":
                rows.append([self.expression()])
            elif kind == "endmatrix":
                break
            elif kind != "row":
                self.place -= 1
                self.fail("matrix", "a row of the matrix does not end here", at, end, expected=r"& or \\ or \end{pmatrix}")
        if len({len(row) for row in rows}) > 1:
            self.fail("matrix", "the rows of the matrix have different lengths", start, self.end_of_last())
        if len(rows[0]) == 1:
            return self.built(Listing("tuple", tuple(row[0] for row in rows)), start)
        return self.built(Listing("matrix", tuple(Listing("list", tuple(row)) for row in rows)), start)

    def integral_sign(self, start: int) -> Form:
        """∫ with limits, the integrand and dt."""
        self.place += 1
        kind, value, at, end = self.tokens[self.place]
        if kind == "sub":
            self.place += 1
            lower = self.little(str(value), at, end)
        else:
            self.fail("integral", "an integral needs its limits", start, end, expected="∫_0^x sin(t) dt, or integral(sin(t), t, 0, x)")
        kind, value, at, end = self.tokens[self.place]
        if kind == "sup":
            self.place += 1
            upper = self.little(str(value), at, end)
        elif (kind, value) == ("op", "^"):
            self.place += 1
            upper = self.group(start) if self.tokens[self.place][1] == "{" else self.primary(*self.tokens[self.place], "")
            upper = self.postfixed(upper, at)
        else:
            self.fail("integral", "an integral needs its upper limit", start, end, expected="∫_0^x sin(t) dt")
        upper = _ungrouped(upper)
        body = self.expression()
        kind, variable, at, end = self.tokens[self.place]
        if kind != "differential":
            self.fail("integral", "the integral does not say in which variable", start, end, expected="dt at its end")
        self.place += 1
        return self.built(Integral(body, str(variable), lower, upper), start)

    def fail(self, kind: str, message: str, start: int, end: int, expected: str = "") -> NoReturn:
        raise ReadError(kind, message, self.text, (start, end), expected=expected)


_ARITIES = {"exp": (1, 1), "log": (1, 2), "ln": (1, 1), "log2": (1, 1), "log10": (1, 1), "lg": (1, 1), "sqrt": (1, 1), "cbrt": (1, 1), "root": (2, 2), "diff": (2, 3), "partial": (2, 3), "integral": (4, 4)}
_SPECIAL_FORMS = frozenset(_ARITIES)


def _ungrouped(form: Form) -> Form:
    """x^{2} as people type it without LaTeX: braces behind ^ only group."""
    return form.items[0] if isinstance(form, Listing) and form.kind == "set" and len(form.items) == 1 else form


def _is_symbolic(exponent: Form) -> bool:
    """Whether an exponent without variables has no real value at all (it holds i or infinity)."""
    return any(isinstance(node, Const) and node.name in ("i", "infinity") for node in nodes(exponent))
