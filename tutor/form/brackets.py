r"""What stands in brackets, and what LaTeX and ∫ group like brackets do.

Brackets of all kinds, intervals, lists and matrices, |bars|, `\frac`, `cases` and integrals. Each
method reads one operand that begins at the cursor's place; what is inside is read by `expression`,
which the parser defines.

>>> from tutor import read
>>> read("(0, 1]"), read("[[1, 2], [3, 4]]").kind, read("||x| - 1|")
(read('(0, 1]'), 'matrix', read('abs(abs(x) - 1)'))
"""

from __future__ import annotations

from typing import NoReturn

from tutor.form.cursor import CLOSER, Cursor, ungrouped
from tutor.form.tree import ONE, Call, Cases, Div, Form, Integral, Interval, Listing, Num, Relation, Sym

_FENCES = {"⌊": "floor", "⌈": "ceil", "abs": "abs"}
_OTHERWISE = frozenset(("otherwise", "else", "True", "true"))


class Brackets(Cursor):
    """The cursor with everything that is grouped."""

    def expression(self, stop: str = "") -> Form:
        """A sum or a relation up to what cannot continue it."""
        raise NotImplementedError

    def atom(self) -> Form:
        """One operand without operators around it."""
        raise NotImplementedError

    def little(self, text: str, start: int, end: int) -> Form:
        """The form of a superscript or subscript, which is a small text of its own."""
        raise NotImplementedError

    def bracket(self, opener: str, start: int) -> Form:
        tokens = self.tokens
        self.place += 1
        items = [self.expression()]
        if opener in _FENCES:
            self.close(opener, start)
            return self.built(Call(_FENCES[opener], (items[0],)), start)
        if opener == "{" and tokens[self.place][0] in ("if", "otherwise"):
            return self.branches(items[0], start)
        while self.sees("sep", ","):
            self.place += 1
            items.append(self.expression())
        kind, closer, at, end = tokens[self.place]
        wanted = CLOSER[opener]
        if kind != "close" or (closer != wanted and (opener in ("{", "set") or closer not in (")", "]"))):
            self.unclosed(opener, start)
        if closer != wanted and len(items) != 2:
            self.fail("bracket", f"the bracket opened at column {start + 1} is closed by {closer}", at, end, expected=wanted)
        self.place += 1
        if closer != wanted:
            return self.built(Interval(items[0], items[1], opener == "(", closer == ")"), start)
        if opener == "set" or (opener == "{" and not self.latex):
            return self.built(Listing("set", tuple(items)), start)
        if len(items) == 1 and not (opener == "[" and isinstance(items[0], Listing) and items[0].kind == "list"):
            if self.spans is not None:
                self.spans.append((items[0], (start, end)))
            return items[0]
        return self.built(_listing(opener, items), start)

    def bars(self, start: int) -> Form:
        self.place += 1
        inner = self.expression("|")
        self.close("|", start)
        return self.built(Call("abs", (inner,)), start)

    def fraction(self, start: int) -> Form:
        r"""\frac{a}{b}, and \frac12 as TeX takes it."""
        self.place += 1
        parts: list[Form] = []
        for _ in range(2):
            kind, value, at, end = self.tokens[self.place]
            if kind == "open" and value == "{":
                self.place += 1
                parts.append(self.expression())
                self.close("{", at)
            elif kind in ("end", "close", "op", "sep", "rel"):
                what = self.text[start : self.end_of_last()]
                self.fail("fraction", f"{what} needs a numerator and a denominator", start, self.end_of_last(), expected=r"\frac{a}{b}")
            elif kind == "num" and value.digits > 9 and not value.places:
                text = str(value.digits)
                self.tokens[self.place] = ("num", Num(int(text[1:])), at + 1, end)
                parts.append(Num(int(text[0])))
            else:
                self.depth += 1
                parts.append(self.atom())
                self.depth -= 1
        return self.built(Div(*parts), start)

    # -- cases and matrices -------------------------------------------------------------------------

    def cases(self, start: int) -> Form:
        r"""The rows of LaTeX's cases: value & condition, ended by \\."""
        self.place += 1
        flat: list[Form] = []
        while True:
            flat.append(self.expression())
            while self.tokens[self.place][0] in ("amp", "sep"):
                self.place += 1
            if self.tokens[self.place][0] not in ("row", "endcases", "end"):
                flat.append(self.expression())
            kind, value, at, end = self.tokens[self.place]
            if kind == "sep" and value == ",":
                self.place += 1
                kind, value, at, end = self.tokens[self.place]
            if kind not in ("row", "endcases"):
                self.fail("cases", "a row of the cases does not end", at, end, expected=r"\\ or \end{cases}")
            self.place += 1
            if kind == "endcases" or self.tokens[self.place][0] == "endcases":
                self.place += kind != "endcases"
                return self.assembled(flat, start)

    def branches(self, value: Form, start: int) -> Form:
        """{x^2 if x <= 1; 2x - 1 otherwise}, from behind its first value on."""
        flat = [value]
        while True:
            kind, _, at, end = self.tokens[self.place]
            self.place += 1
            if kind == "if":
                flat.append(self.expression())
            elif kind != "otherwise":
                self.fail("cases", "this case has no condition", at, end, expected="{x^2 if x <= 1; 2x - 1 otherwise}")
            if self.tokens[self.place][0] != "sep":
                break
            self.place += 1
            flat.append(self.expression())
        self.close("{", start)
        return self.assembled(flat, start)

    def piecewise(self, start: int) -> Form:
        """piecewise(value, condition; value, condition; otherwise), SymPy's pairs in brackets too."""
        at = self.tokens[self.place][2]
        self.place += 1
        if self.tokens[self.place][0] == "close":
            self.fail("argument", "piecewise needs its cases", start, self.tokens[self.place][3], expected="piecewise(x^2, x <= 1; 2x - 1)")
        flat: list[Form] = []
        while True:
            part = self.expression()
            flat.extend(part.items if isinstance(part, Listing) and part.kind == "tuple" else (part,))
            if self.tokens[self.place][0] != "sep":
                break
            self.place += 1
        self.close("(", at)
        return self.assembled(flat, start)

    def assembled(self, flat: list[Form], start: int) -> Form:
        """Values and conditions in turn; the last value may stand alone or with "otherwise"."""
        if len(flat) % 2 == 0 and isinstance(flat[-1], Sym) and flat[-1].name in _OTHERWISE:
            flat = flat[:-1]
        values, conditions = tuple(flat[0::2]), tuple(flat[1::2])
        good = conditions and all(isinstance(condition, Relation) for condition in conditions)
        if not good or any(isinstance(value, Relation) for value in values):
            self.fail("cases", "the cases are not pairs of a value and a condition", start, self.end_of_last(), expected="piecewise(x^2, x <= 1; 2x - 1)")
        return self.built(Cases(values, conditions), start)

    def matrix(self, start: int) -> Form:
        """The rows of LaTeX's pmatrix; one column is a vector."""
        self.place += 1
        rows: list[list[Form]] = [[self.expression()]]
        while True:
            kind, _, at, end = self.tokens[self.place]
            if kind not in ("amp", "row", "endmatrix"):
                self.fail("matrix", "a row of the matrix does not end", at, end, expected=r"& or \\ or \end{pmatrix}")
            self.place += 1
            if kind == "amp":
                rows[-1].append(self.expression())
            elif kind == "row" and self.tokens[self.place][0] != "endmatrix":
                rows.append([self.expression()])
            elif kind == "endmatrix":
                break
        if len({len(row) for row in rows}) > 1:
            self.fail("matrix", "the rows of the matrix have different lengths", start, self.end_of_last(), expected="rows of one length")
        if len(rows[0]) == 1:
            return self.built(Listing("tuple", tuple(row[0] for row in rows)), start)
        return self.built(Listing("matrix", tuple(Listing("list", tuple(row)) for row in rows)), start)

    # -- integrals ------------------------------------------------------------------------------------

    def integral_sign(self, start: int) -> Form:
        """∫ with limits, the integrand and dt; ∫ dt has the integrand 1."""
        self.place += 1
        lower, upper = self.lower_limit(start), self.upper_limit(start)
        if self.tokens[self.place][0] == "end":
            self.no_integral("the integral has no integrand", start)
        body = ONE if self.tokens[self.place][0] == "differential" else self.expression()
        kind, variable, _, _ = self.tokens[self.place]
        if kind != "differential":
            self.no_integral("the integral does not say in which variable", start, "dt at its end")
        self.place += 1
        if self.tokens[self.place][0] == "sub":
            variable = f"{variable}_{self.tokens[self.place][1]}"
            self.place += 1
        return self.built(Integral(body, str(variable), lower, upper), start)

    def lower_limit(self, start: int) -> Form:
        kind, value, at, end = self.tokens[self.place]
        if kind == "sub":
            self.place += 1
            return self.little(str(value), at, end)
        return self.no_integral("an integral needs its limits", start)

    def upper_limit(self, start: int) -> Form:
        kind, value, at, end = self.tokens[self.place]
        self.place += 1
        if kind == "sup":
            return self.little(str(value), at, end)
        if kind == "op" and value == "^":
            self.depth += 1
            upper = ungrouped(self.atom())
            self.depth -= 1
            return upper
        self.place -= 1
        return self.no_integral("an integral needs its upper limit", start)

    def no_integral(self, message: str, start: int, expected: str = "∫_0^x sin(t) dt, or integral(sin(t), t, 0, x)") -> NoReturn:
        self.fail("integral", message, start, self.end_of_last(), expected)


def _listing(opener: str, items: list[Form]) -> Form:
    rows = opener == "[" and all(isinstance(item, Listing) and item.kind == "list" for item in items)
    if rows and len({len(item.children) for item in items}) == 1:
        return Listing("matrix", tuple(items))
    return Listing("tuple" if opener == "(" else "set" if opener == "{" else "list", tuple(items))
