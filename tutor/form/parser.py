"""From tokens to a `Form`: operator precedence with explicit stacks, two or three Python frames a bracket.

The grammar, loosest first; a run at one level is read from left to right unless noted:

    relation    = != < <= > >=            a chain is one `Relation`
    sum         + -
    sign        a minus in front          -x^2 is -(x^2), -2x is -(2x)
    product     * / and side by side      1/2x is (1/2)*x unless `Conventions.tight_product`
    function without bracket              sin 2x cos x is sin(2x)*cos(x): its argument is the product side by
                                          side up to the next function, bracket, power of e or written operator
    root sign √                           √2x is (√2)*x, √x² is √(x²)
    power       ^                         from right to left: x^y^z is x^(y^z)
    postfix     ² ! '

Dijkstra's shunting yard (1961) decides within one bracket; only brackets recurse, and their depth
is bounded, so that no text exhausts the stack.

>>> text = "-x^2"
>>> str(Parser(text, lambda piece: tokenize(piece, Spelling()), Conventions()).whole())
'-x^2'
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tutor.errors import LimitError, ReadError
from tutor.form.application import Application
from tutor.form.cursor import DEEPEST, Conventions, Lexer
from tutor.form.tokens import Spelling, Token, tokenize
from tutor.form.tree import Add, Call, Const, Deriv, Div, Form, Mul, Neg, Num, Relation, Root, Sym

__all__ = ["Conventions", "Parser", "Spelling", "tokenize"]

SUM, SIGN, PLAIN_FUNCTION, PRODUCT, TIGHT_PRODUCT, ROOT, POWER = 10, 20, 25, 30, 32, 35, 40
_BINDING = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
_OPERAND = frozenset(("num", "name", "const", "func", "open", "bar", "sqrt", "int", "frac", "cases", "matrix", "leibniz", "mixed"))
_IN_ARGUMENT = frozenset(("num", "name", "const", "sqrt"))
"""What continues the argument of a function without a bracket."""
_POSTFIX = frozenset(("sup", "prime", "sub"))
_FRACTION = frozenset(("num", "frac"))
_LETTERS = frozenset(("e", "i"))
"""Constants that are letters where they have a subscript: e_1, I_0."""


class _Operator(NamedTuple):
    """An operator that waits for its right side; `data` is a function's name, base and exponent, or a root's index."""

    binding: int
    symbol: str
    start: int
    data: Any = None


class _Chain:
    """A sum or product that is still being collected (so that 5,000 terms cost 5,000 steps)."""

    __slots__ = ("items", "kind")

    def __init__(self, kind: type[Add] | type[Mul], first: Form, second: Form) -> None:
        self.kind, self.items = kind, [first, second]


Value = tuple[Form | _Chain, int]
"""An operand and where it begins."""


class Parser(Application):
    """Reads one text."""

    def __init__(self, text: str, lexer: Lexer, conventions: Conventions, functions: frozenset[str] = frozenset(), latex: bool = False, depth: int = 0) -> None:
        super().__init__(text, lexer(text), conventions, functions=functions, latex=latex)
        self.lexer, self.depth = lexer, depth

    def whole(self) -> Form:
        """The form of the whole text. Raises `ReadError`, `LimitError`."""
        if self.tokens[0][0] == "end":
            self.fail("empty", "there is nothing to read", 0, len(self.text), expected="an expression such as x^2")
        form = self.expression()
        kind, value, start, end = self.tokens[self.place]
        if kind == "close":
            self.fail("bracket", f"this {self.text[start:end]} closes a bracket that was never opened", start, end, expected="an opening bracket before it")
        if kind == "sep":
            self.fail("separator", f"a {value!r} outside of brackets", start, end, expected="one expression, or a list in brackets such as (a, b)")
        if kind == "differential":
            self.fail("rest", f"a {self.text[start:end]!r} without an integral", start, end, expected="an operator or the end")
        if kind in ("if", "otherwise"):
            self.fail("word", f"the word {kind} belongs into cases", start, end, expected="{x^2 if x <= 1; 2x - 1 otherwise}")
        if kind != "end":
            self.fail("rest", f"{self.text[start:end]!r} does not fit here", start, end, expected="an operator or the end")
        return form

    def expression(self, stop: str = "") -> Form:  # noqa: PLR0915 (the automaton: one state after the other)
        """A sum, or a chain of relations between sums, up to a token that cannot continue it."""
        tokens = self.tokens
        _, _, first, end = tokens[self.place]
        self.depth += 1
        if self.depth > DEEPEST:
            self.too_deep(first, end)
        operands: list[Form] = []
        relations: list[str] = []
        values: list[Value] = []
        operators: list[_Operator] = []
        while True:
            kind, value, start, end = tokens[self.place]
            # an operand: the commonest kinds first
            if kind == "num":
                self.place += 1
                form: Form | None = value if self.spans is None else self.built(value, start)
            elif kind == "name":
                form = self.name(value, start)
            elif kind == "open":
                form = self.bracket(value, start)
            elif kind == "func":
                made = self.function(start)
                form = made if isinstance(made, Form) else None
                if form is None:
                    self.waits(operators, PLAIN_FUNCTION, "function", start, made)
            elif kind == "op" and value in "+-":
                self.place += 1
                if value == "-":
                    top = operators[-1].binding if operators else 0
                    self.waits(operators, top if top >= PRODUCT else SIGN, "neg", start)
                form = None
            elif kind == "sqrt":
                self.place += 1
                self.waits(operators, ROOT, "root", start, value)
                form = None
            elif kind == "leibniz":
                made = self.leibniz(start)
                form = made if isinstance(made, Form) else None
                if form is None:
                    self.waits(operators, PLAIN_FUNCTION, "derivative", start, made)
            elif kind == "mixed":
                form = self.mixed(start)
            else:
                form = self.atom()
            if form is None:
                continue
            kind, value, at, end = tokens[self.place]
            if type(form) is Num and kind in _FRACTION and self.is_mixed(operators, form):
                form = self.mixed_number(form, start)
                kind, value, at, end = tokens[self.place]
            if kind in _POSTFIX or (kind == "op" and value == "!"):
                form = self.postfixed(form, start)
                kind, value, at, end = tokens[self.place]
            values.append((form, start))
            # what joins it to the next operand
            if kind == "op":
                self.place += 1
                self.join(values, operators, value, at)
            elif kind in _OPERAND and not (stop and kind == "bar"):
                self.side_by_side(values, operators, kind, value, at)
            else:
                while operators:
                    self.reduce(values, operators)
                operands.append(self.finished(values.pop()))
                if kind != "rel":
                    break
                relations.append(value)
                self.place += 1
        self.depth -= 1
        return self.built(Relation(tuple(operands), tuple(relations)), first) if relations else operands[0]

    def waits(self, operators: list[_Operator], binding: int, symbol: str, start: int, data: Any = None) -> None:
        """Put a prefix operator on the stack."""
        if len(operators) > DEEPEST:
            self.too_deep(start, self.end_of_last())
        operators.append(_Operator(binding, symbol, start, data))

    # -- operators ----------------------------------------------------------------------------------

    def join(self, values: list[Value], operators: list[_Operator], symbol: str, start: int) -> None:
        """Take a written operator: reduce what binds tighter, then let it wait."""
        binding = _BINDING[symbol]
        if binding == PRODUCT:
            if symbol == "/" and self.conventions.loose_exponent and self.in_exponent(values, operators):
                operators.append(_Operator(PRODUCT, symbol, start))
                return
            if not self.conventions.wide_argument:
                self.end_functions(values, operators)
        if operators:
            least = binding + 1 if symbol == "^" else binding
            while operators and operators[-1].binding >= least:
                self.reduce(values, operators)
            if len(operators) > DEEPEST:
                self.too_deep(start, start + 1)
        operators.append(_Operator(binding, symbol, start))

    def side_by_side(self, values: list[Value], operators: list[_Operator], kind: str, value: object, start: int) -> None:
        """An operand right after an operand: a product, unless both are numbers."""
        last = values[-1][0]
        if kind == "num" and type(last) is Num and self.tokens[self.place - 1][0] == "num":
            self.two_numbers(start)
        conventions = self.conventions
        binding = TIGHT_PRODUCT if conventions.tight_product else PRODUCT
        if conventions.loose_exponent and kind in ("name", "const") and self.in_exponent(values, operators):
            operators.append(_Operator(binding, "*", start))
            return
        if operators and self.ends_argument(kind, value, last):
            self.end_functions(values, operators)
        while operators and operators[-1].binding >= binding:
            self.reduce(values, operators)
        operators.append(_Operator(binding, "*", start))

    def ends_argument(self, kind: str, value: object, last: object) -> bool:
        """Whether an operand side by side is outside of the argument of a function without a bracket."""
        if kind == "func":
            return True
        if type(last) in (Num, Const):
            return kind == "open" and self.conventions.narrow_argument
        if kind == "const" and value == "e":
            following = self.tokens[self.place + 1]
            return following[0] == "sup" or following[:2] == ("op", "^")
        return kind not in _IN_ARGUMENT or (self.conventions.narrow_argument and kind != "num")

    def in_exponent(self, values: list[Value], operators: list[_Operator]) -> bool:
        """Under `loose_exponent`: whether what follows without a space still belongs to an exponent.

        If so, the exponent so far is reduced to one value.
        """
        tokens, place = self.tokens, self.place
        slash = tokens[place - 1][1] == "/" and tokens[place - 1][0] == "op"
        if slash and tokens[place][0] not in ("num", "name", "const"):
            return False
        before = tokens[place - 2] if slash else tokens[place - 1]
        if before[0] not in ("num", "name", "const") or before[3] != tokens[place - 1 if slash else place][2]:
            return False
        lowest, index = -1, len(operators) - 1
        while index >= 0 and operators[index].binding >= PRODUCT:
            if operators[index].symbol == "^":
                lowest = index
            index -= 1
        if lowest < 0:
            return False
        while len(operators) > lowest + 1:
            self.reduce(values, operators)
        return True

    def is_mixed(self, operators: list[_Operator], whole: Num) -> bool:
        """Whether an integer and the proper fraction behind it are one number: 2 3/4, and in LaTeX 2\\frac{3}{4}."""
        tokens, place = self.tokens, self.place
        if tokens[place - 1][0] != "num" or whole.places or (operators and operators[-1].symbol in ("^", "/")):
            return False
        if tokens[place][0] == "frac":
            parts = tokens[place + 1 : place + 7]
            if [token[:2] for token in (*parts[0:1], *parts[2:4], *parts[5:6])] == [("open", "{"), ("close", "}"), ("open", "{"), ("close", "}")]:
                return self.conventions.mixed and _is_proper(parts[1], parts[4])
            return self.conventions.mixed and parts[0][0] == "num" and _is_two_digits(parts[0])
        if tokens[place][2] == tokens[place - 1][3] or tokens[place + 1][:2] != ("op", "/") or not _is_proper(tokens[place], tokens[place + 2]):
            return False
        return tokens[place + 3][0] != "sup" and tokens[place + 3][:2] not in (("op", "^"), ("op", "!"))

    def mixed_number(self, whole: Num, start: int) -> Form:
        """An integer and the fraction behind it, as their sum."""
        at = self.tokens[self.place][2]
        if self.tokens[self.place][0] == "frac":
            part = self.fraction(at)
        else:
            self.place += 3
            part = self.built(Div(self.tokens[self.place - 3][1], self.tokens[self.place - 1][1]), at)
        self.remarks.append("read.mixed_number")
        return self.built(Add((whole, part)), start)

    def two_numbers(self, start: int) -> None:
        _, _, first, joined = self.tokens[self.place - 1]
        end = self.tokens[self.place][3]
        if joined == start and "." in self.text[first : start + 1]:
            self.fail("number", "a number with two points", first, end, expected="one decimal point")
        self.fail("number", "two numbers side by side", start, end, expected="an operator between them")

    def end_functions(self, values: list[Value], operators: list[_Operator]) -> None:
        """Close the arguments of all functions that stand without brackets."""
        waiting = 0
        for count, operator in enumerate(reversed(operators), 1):
            if operator.symbol == "function":
                waiting = count
            elif operator.binding <= PLAIN_FUNCTION and operator.symbol != "neg":
                break
        for _ in range(waiting):
            self.reduce(values, operators)

    def reduce(self, values: list[Value], operators: list[_Operator]) -> None:
        """Apply the last operator to the last operands."""
        _, symbol, at, data = operators.pop()
        right = values.pop()
        if symbol in _BINDING:
            left = values.pop()
            values.append((self.binary(symbol, left, right), left[1]))
            return
        operand = self.finished(right)
        if symbol == "neg":
            form = self.built(Neg(operand), at)
        elif symbol == "function":
            form = self.call(data[0], data[1], data[2], (operand,), at)
        elif symbol == "root":
            form = self.built(Root(operand, Num(data)), at)
        else:
            form = self.built(Deriv(operand, *data[1:]), at)
        values.append((form, at))

    def binary(self, symbol: str, left: Value, right: Value) -> Form | _Chain:
        first, start = left
        if symbol == "/":
            return self.built(Div(self.finished(left), self.finished(right)), start)
        if symbol == "^":
            return self.power(self.finished(left), self.finished(right), start)
        second = self.finished(right)
        if symbol == "-":
            second = Neg(second)
        kind: type[Add] | type[Mul] = Mul if symbol == "*" else Add
        if type(first) is _Chain and first.kind is kind:
            first.items.append(second)
            return first
        return _Chain(kind, self.finished(left), second)

    def finished(self, value: Value) -> Form:
        form, start = value
        return self.built(form.kind(tuple(form.items)), start) if isinstance(form, _Chain) else form

    # -- operands -----------------------------------------------------------------------------------

    def atom(self) -> Form:
        """One operand without operators around it: a base, an exponent, a fraction's part."""
        kind, value, start, end = self.tokens[self.place]
        if self.depth > DEEPEST:
            self.too_deep(start, end)
        match kind:
            case "num":
                self.place += 1
                return self.built(value, start)
            case "name":
                return self.name(value, start)
            case "const":
                return self.constant(str(value), start, end)
            case "open":
                return self.bracket(value, start)
            case "bar":
                return self.bars(start)
            case "frac":
                return self.fraction(start)
            case "cases":
                return self.cases(start)
            case "matrix":
                return self.matrix(start)
            case "int":
                return self.integral_sign(start)
            case "otherwise":
                self.place += 1
                return Sym("otherwise")
            case "func":
                made = self.function(start)
                if isinstance(made, Form):
                    return made
                self.fail("argument", f"{self.text[start:end]} needs its argument in brackets here", start, end, expected=f"{self.text[start:end]}(x)")
        return self.missing_operand(kind, start, end)

    def constant(self, value: str, start: int, end: int) -> Form:
        """A constant, or with a subscript the letter itself."""
        following = self.tokens[self.place + 1]
        if following[0] == "sub" and following[2] == end and value in _LETTERS:
            return self.name(self.text[start:end], start)
        self.place += 1
        if value == "i":
            self.remarks.append("read.imaginary")
        return self.built(Const(value), start)

    def postfixed(self, form: Form, start: int) -> Form:
        """Superscripts, factorials and primes that belong to the operand just read."""
        while True:
            kind, value, at, end = self.tokens[self.place]
            if kind == "sup":
                self.place += 1
                form = self.power(form, self.little(value, at, end), start)
            elif kind == "op" and value == "!":
                self.place += 1
                form = self.bounded_factorial(Call("factorial", (form,)), form, start)
            elif kind == "prime":
                form = self.primed(form, start)
            elif kind == "sub":
                self.fail("subscript", "a subscript that belongs to no letter", at, end, expected="a letter in front of it, such as x_1")
            else:
                return form

    def little(self, text: str, start: int, end: int) -> Form:
        """The form of a superscript or subscript, such as ⁻¹ or the 2 of log_2."""
        try:
            inner = Parser(text, self.lexer, self.conventions, self.functions, self.latex, self.depth + 10)
            form = inner.whole()
        except LimitError as error:
            raise LimitError(error.kind, error.message, self.text, (start, end), advice=error.advice) from None
        except ReadError as error:
            what = "superscript" if self.text[start] not in "_₀₁₂₃₄₅₆₇₈₉" else "subscript"
            self.fail(what, f"this {what} cannot be read: {error.message}", start, end, expected="digits or a letter")
        self.remarks.extend(inner.remarks)
        return form


def _is_proper(above: Token, below: Token) -> bool:
    """Whether two tokens are integers with the smaller one above: 3 and 4."""
    return above[0] == below[0] == "num" and not above[1].places and not below[1].places and 0 < above[1].digits < below[1].digits


def _is_two_digits(token: Token) -> bool:
    """Whether a number behind \\frac stands for a proper fraction, as TeX takes it: 34 for 3/4."""
    return not token[1].places and 9 < token[1].digits < 100 and 0 < token[1].digits // 10 < token[1].digits % 10
