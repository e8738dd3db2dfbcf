"""Documents made by hand, which the tests of every medium share."""

from __future__ import annotations

from tutor.exposition.doc import Doc, Maths, Paragraph, Result, Section, Table
from tutor.form.reading import read
from tutor.form.tree import Add, Deriv, Form, Mul, Num, Relation, Sym

X = Sym("x")


def equation(left: str, right: Form | str) -> Form:
    return Relation((read(left), read(right) if isinstance(right, str) else right), ("=",))


SQUARE, SINE = read("x^2"), read("sin(3x)")
RULE = Add((Mul((Deriv(SQUARE, "x"), SINE)), Mul((SQUARE, Deriv(SINE, "x")))))

PRODUCT = Doc(
    ("f(x) = ", read("x^2 sin(3x)")),
    (
        Section(
            ("A product of two factors: differentiate one at a time, keep the other.",),
            (
                Paragraph(("If both factors move, the product gains from each: that is why two terms appear.",), "reason"),
                Maths(equation("f'(x)", RULE), focus=Deriv(SINE, "x")),
                Section(
                    ("Power rule",),
                    (Maths(Relation((Deriv(SQUARE, "x"), read("2x")), ("=",))),),
                    rule="power", verdict="proved",
                ),
                Section(
                    ("Chain rule: outer ", read("sin(u)"), ", inner ", read("u = 3x")),
                    (Maths(Relation((Deriv(SINE, "x"), read("cos(3x)*3")), ("=",))),),
                    rule="chain", verdict="proved",
                ),
            ),
            rule="product", verdict="proved",
        ),
        Section(
            ("Put the parts together",),
            (Maths(equation("f'(x)", "2x*sin(3x) + x^2*cos(3x)*3"), note=("numbers first",)),),
            rule="tidy", verdict="sampled",
        ),
        Result(equation("f'(x)", "2x*sin(3x) + 3x^2*cos(3x)"), (read("x*(2sin(3x) + 3x*cos(3x))"),)),
        Paragraph(("every line confirmed by an independent derivative",), "evidence"),
    ),
)  # fmt: skip

ROLES = Doc(
    ("Every role, with a text that is long enough to be wrapped on a page of eighty columns or less, and ", read("x/(x - 2)")),
    (
        *(
            Paragraph((f"A sentence of the role {role} about ", read("sqrt(x)"), ", with signs: f′ → −2 · x, x ≠ 2, 150 °C, α = 0.1."), role)
            for role in ("text", "reason", "condition", "remark", "hint", "question", "evidence", "warning")
        ),
        Section(("A step that failed",), (Maths(read("x = 2"), note=("substitute ", read("x = 2"))),), verdict="failed"),
    ),
)

DESCENT = Doc(
    ("f(x) = ", read("x^2 - 4x + 5"), ",  α = 0.1"),
    (
        Table(
            (("n",), (Sym("x"),), ("f′(x)",), ("next x",), (read("f(x)"),)),
            (
                (("0",), ("0.0000",), ("−4.0000",), (read("0 - 0.1*(-4) = 0.4"),), ("5.0000",)),
                (("1",), ("0.4000",), ("−3.2000",), (read("0.4 - 0.1*(-3.2) = 0.72"),), ("3.5600",)),
                (("…",), (), (), (), ()),
                (("20",), ("1.9769",), ("−0.0461",), ("…",), ("1.0005",)),
            ),
            ("Twenty steps of gradient descent",),
        ),
        Paragraph(("Each step shrinks the distance to ", read("x = 2"), " by the factor ", read("|1 - 0.1*2| = 0.8"), ".")),
    ),
)

LONG = Doc(
    ("A long one",),
    (
        Section(
            ("Expand",),
            (
                Maths(equation("f'(x)", Add(tuple(read(f"{k}x^{k} sin({k}x + 1)") for k in range(2, 22)))), note=("one term a row",)),
                Maths(Add((Num(1), Mul(tuple(read(f"sin(x + {k})*(x^{k} - 1)") for k in range(1, 12)))))),
            ),
        ),
        Result(equation("f'(x)", Add(tuple(read(f"x^{k}/(x + {k})") for k in range(2, 12))))),
    ),
)

HOSTILE_TEXT = '<script>alert("1")</script> & \\input{/etc/passwd} $x$ $$ | a * b * _c_ `d` [e](javascript:f) # % ~ ^ {g} \x1b[31m \u202e --- end'
HOSTILE = Doc(
    (HOSTILE_TEXT, read("x < 1")),
    (
        Paragraph((HOSTILE_TEXT,), "remark"),
        Paragraph(("# no heading",)),
        Paragraph(("1. no list",)),
        Section((HOSTILE_TEXT,), (Maths(read("|x| < 1"), note=(HOSTILE_TEXT,)),), verdict="proved"),
        Table(((HOSTILE_TEXT,), ("b|c",)), (((HOSTILE_TEXT, read("|x|")), ("1|2",)),), (HOSTILE_TEXT,)),
    ),
)

NESTED_DEEP = Doc(("Deep",), ())
for _level in range(300):
    NESTED_DEEP = Doc(("Deep",), (Section((f"Level {_level}",), NESTED_DEEP.blocks or (Maths(read("x = 1")),)),))

SAMPLES = {"product": PRODUCT, "roles": ROLES, "descent": DESCENT, "long": LONG, "hostile": HOSTILE, "empty": Doc((), ()), "deep": NESTED_DEEP}
