"""Lines of text: the layout, the width, the alphabet, the styles."""

from __future__ import annotations

import pytest

from tutor.errors import LimitError
from tutor.exposition.doc import Doc, Maths, Paragraph, Section, Table
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.unicode import UNICODE
from tutor.form.reading import read
from tutor.form.tree import Add
from tutor.render.signs import columns, plain_text, visible
from tutor.render.text import STYLES, lines, plain, terminal
from tutor.render.wrap import BEGIN, END, fill, formula, relation_hang, sentence, text_of

from .samples import DESCENT, HOSTILE, LONG, PRODUCT, ROLES, SAMPLES, SINE, X

WIDTHS = (20, 40, 60, 80, 132)


def shown(doc: Doc, width: int = 80) -> list[str]:
    return [text_of(line) for line in terminal(doc, width)]


def test_a_product_reads_as_on_a_board() -> None:
    assert shown(PRODUCT) == [
        "f(x) = x² sin(3x)",
        "",
        "A product of two factors: differentiate one at a time, keep the other.",
        "  If both factors move, the product gains from each: that is why two terms",
        "  appear.",
        "    f′(x) = (x²)′ · sin(3x) + x² · (sin(3x))′",
        "  Power rule",
        "      (x²)′ = 2x",
        "  Chain rule: outer sin(u), inner u = 3x",
        "      (sin(3x))′ = cos(3x) · 3",
        "Put the parts together  [agrees at sample points, not proved]",
        "    f′(x) = 2x sin(3x) + x² cos(3x) · 3     numbers first",
        "",
        "f′(x) = 2x sin(3x) + 3x² cos(3x)            also: x (2 sin(3x) + 3x cos(3x))",
        "every line confirmed by an independent derivative",
    ]


def test_a_table_is_aligned_with_numbers_to_the_right() -> None:
    table = shown(DESCENT)[2:8]
    assert table[0] == "Twenty steps of gradient descent"
    assert table[1].split() == ["n", "x", "f′(x)", "next", "x", "f(x)"]
    assert len({len(line) for line in (table[1], table[2], table[3], table[5])}) == 1
    assert {line.index(".") for line in (table[2], table[3], table[5])} == {table[2].index(".")}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["product", "roles", "descent", "long", "hostile", "empty", "deep"])
def test_no_line_is_wider_than_the_page(name: str, width: int) -> None:
    for notation, ascii_only in ((UNICODE, False), (PLAIN, True)):
        for line in lines(SAMPLES[name], notation, width, ascii_only=ascii_only):
            text = text_of(line)
            # A word or a formula's smallest piece that is longer than the line cannot be cut.
            assert columns(text) <= width or " " not in text.strip()
            assert text == text.rstrip()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_lost_or_doubled_by_wrapping(width: int) -> None:
    whole = "".join("".join(shown(LONG, 10_000)).split())
    assert "".join("".join(shown(LONG, width)).split()) == whole


@pytest.mark.parametrize("name", SAMPLES)
def test_plain_is_ascii_and_moves_no_cursor(name: str) -> None:
    text = plain(SAMPLES[name])
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_terminal_gets_no_control_character_of_a_person() -> None:
    assert all(text_of(line).isprintable() for line in terminal(HOSTILE))
    assert "␛[31m" in "".join(shown(HOSTILE))


def test_the_focus_is_a_segment_of_its_own() -> None:
    (line,) = terminal(Doc((), (Maths(Add((X, SINE)), focus=SINE),)))
    assert line == (("    ", ""), ("x + ", ""), ("sin(3x)", "focus"))


def test_a_focus_goes_on_behind_a_break() -> None:
    form = read("x + 10000000 + (y + 20000000) + 30000000")
    for focus in (form, form.children[2]):
        found = list(terminal(Doc((), (Maths(form, focus=focus),)), 24))
        assert len(found) > 1
        assert BEGIN not in str(found)
        assert END not in str(found)
        marked = "".join(text for line in found for text, style in line if style == "focus")
        assert "".join(marked.split()).strip("()") == "".join(text_of(next(iter(terminal(Doc((), (Maths(focus),)), 999)))).split())


def test_every_style_is_in_the_list() -> None:
    found = {style for doc in SAMPLES.values() for line in terminal(doc) for _, style in line}
    assert found <= set(STYLES)
    assert {"title", "rule", "focus", "result", "condition", "remark", "proved", "failed", "warning", "note"} <= found


def test_the_first_line_comes_before_the_last_block_is_read() -> None:
    form = X
    for _ in range(30):
        form = Add((form, form))
    found = terminal(Doc(("title",), (Paragraph(("second",)), Maths(form))))
    assert [text_of(next(found)) for _ in range(3)] == ["title", "", "second"]
    with pytest.raises(LimitError):
        next(found)


def test_roles_keep_their_words() -> None:
    text = " ".join(" ".join(shown(ROLES)).split())
    for role in ("text", "reason", "condition", "remark", "hint", "question", "evidence", "warning"):
        assert f"A sentence of the role {role} about √x, with signs: f′ → −2 · x, x ≠ 2, 150 °C, α = 0.1." in text
    assert "[not confirmed]" in text


def test_a_table_too_wide_for_the_page_is_given_row_by_row() -> None:
    table = Table(tuple((f"column {k}",) for k in range(12)), (tuple((f"{k}.1234567890123456789",) for k in range(12)),) * 2)
    found = shown(Doc((), (table,)), 40)
    assert "  column 3  3.1234567890123456789" in found
    assert max(map(len, found)) <= 40


def test_a_short_row_and_an_empty_table() -> None:
    assert shown(Doc((), (Table((("a",), ("b",)), ((("1",),),)),))) == ["  a  b", "  1"]
    assert shown(Doc((), (Table((), ()),))) == []


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("f' = a + b + c", 10, ["f' = a + b", "     + c"]),
        ("y = a + b = c + d = e", 12, ["y = a + b", "  = c + d", "  = e"]),
        ("a + sin(b + c) + d", 14, ["a + sin(b + c)", "  + d"]),
        ("|a + b| + |c + d|", 12, ["|a + b|", "  + |c + d|"]),
        ("2|a + b| + c", 9, ["2|a + b|", "  + c"]),
        ("x <= 1", 4, ["x", "  <= 1"]),
        ("-x + 1", 4, ["-x", "  + 1"]),
        ("(1, 2, 3)", 6, ["(1, 2,", "    3)"]),
        ("aaa*bbb*ccc", 7, ["aaa*bbb", "    *ccc"]),
        ("", 5, []),
    ],
)
def test_formulas_break_where_it_hurts_least(text: str, width: int, expected: list[str]) -> None:
    units = [unit for unit in formula(text) if unit.width]
    assert [text_of(line) for line in fill(units, width, relation_hang(units, 30))] == expected


def test_a_sign_in_a_sentence_keeps_its_company() -> None:
    assert [text_of(line) for line in fill(sentence("defined where x ≠ 2 holds", ""), 17)] == ["defined where", "x ≠ 2 holds"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("−·′→", "-*'->"), ("x₁² … “a” – b", 'x_1^2 ... "a" - b'), ("naïve ß", "naive ss"), ("θ Ω ϕ", "theta Omega phi"),
        ("中", "\\u4e2d"), ("a\x1b\u202eb", "a\\x1b\\u202eb"), ("a\nb", "a b"), ("½ 5 €", "1/2 5 EUR"), ("\udc80", "\\udc80"),
    ],
)  # fmt: skip
def test_ascii(text: str, expected: str) -> None:
    assert plain_text(text) == expected


def test_visible_leaves_mathematics_alone() -> None:
    assert visible("f′(x) = −2α ≠ 変") == "f′(x) = −2α ≠ 変"
    assert not set(visible(BEGIN + END + "\u200b\x00\x9b")) & {BEGIN, END, "\u200b", "\x00", "\x9b"}


def test_steps_may_be_nested_without_end() -> None:
    doc = Doc((), (Section(("in",), ()),))
    for _ in range(5_000):
        doc = Doc((), (Section(("in",), doc.blocks),))
    assert len(shown(doc)) == 5_001
