"""Reading, by the table tests/fixtures/reading.yaml and by laws."""

from __future__ import annotations

import gc
import json
import threading
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.form.reading_docs import CONVENTIONS, PAGE, load, page
from tutor.errors import LimitError, ReadError
from tutor.form import tree
from tutor.form.cursor import Conventions
from tutor.form.reading import Reading, read, understand
from tutor.form.tree import Add, Apply, Call, Div, Form, Mul, Neg, Num, Pow, Root, Sym

TABLE = load()
READINGS = [pytest.param(row, id=row["id"]) for section in TABLE["readings"] for row in section["rows"]]
ERRORS = [pytest.param(row, id=row["id"]) for row in TABLE["errors"]]


@pytest.mark.parametrize("row", READINGS)
def test_reading(row: dict) -> None:
    reading = understand(row["text"])
    assert str(reading.form) == row["reads"]
    assert {other.convention: str(other.form) for other in reading.alternatives} == row.get("or", {})
    assert list(reading.remarks) == row.get("remarks", [])


@pytest.mark.parametrize("row", READINGS)
def test_what_was_read_reads_back(row: dict) -> None:
    form = read(row["text"])
    assert read(str(form)) is form


@pytest.mark.parametrize("row", ERRORS)
def test_error(row: dict) -> None:
    with pytest.raises(ReadError) as caught:
        read(row["text"])
    error = caught.value
    assert (error.kind, error.message, list(error.span)) == (row["kind"], row["message"], row["span"])
    assert (error.expected, error.suggestion, error.advice) == (row.get("expected", ""), row.get("suggestion", ""), row.get("advice", ""))
    assert error.text == row["text"]
    if error.suggestion:
        read(error.suggestion)


@pytest.mark.parametrize("row", ERRORS)
def test_the_tone_of_an_error(row: dict) -> None:
    message = row["message"]
    assert message[0].islower() or message[0] in "'\\"
    assert not message.endswith((".", "!"))
    assert not {"invalid", "illegal", "wrong", "simply", "just", "you"} & set(message.lower().split())
    assert row.get("expected") or row.get("advice"), "an error says what would have fitted, a limit what to do"


def test_ids_are_unique() -> None:
    ids = [param.id for param in (*READINGS, *ERRORS)]
    assert len(ids) == len(set(ids))


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.form.reading_docs"


def test_every_convention_is_documented_and_shown() -> None:
    names = {field.name for field in fields(Conventions)}
    shown = {name for param in READINGS for name in param.values[0].get("or", {})}
    assert names == set(CONVENTIONS) == shown


X, Y = Sym("x"), Sym("y")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2x^2", Mul((Num(2), Pow(X, Num(2))))),
        ("-x^2", Neg(Pow(X, Num(2)))),
        ("x - y", Add((X, Neg(Y)))),
        ("x/y/2", Div(Div(X, Y), Num(2))),
        ("x^y^2", Pow(X, Pow(Y, Num(2)))),
        ("0.50", Num(50, 2)),
        ("√x", Root(X, Num(2))),
        ("sin 2x", Call("sin", (Mul((Num(2), X)),))),
        ("f'(x)", Apply("f", (X,), (1,))),
        ("(x + y) + 2", Add((Add((X, Y)), Num(2)))),
        ("2(xy)", Mul((Num(2), Mul((X, Y))))),
    ],
)
def test_the_tree_itself(text: str, form: Form) -> None:
    assert read(text) is form


def test_declared_names_and_functions() -> None:
    assert read("xy", variables=["xy"]) is Sym("xy")
    assert read("e x", variables=["e"]) is Mul((Sym("e"), X))
    assert read("cost + tan", variables=["cost", "tan"]) is Add((Sym("cost"), Sym("tan")))
    assert read("q(x)", functions=["q"]) is Apply("q", (X,), (0,))
    assert read("rate(x)", functions=["rate"]) is Apply("rate", (X,), (0,))
    assert read("d/dx", variables=["d"]) is Mul((Div(Sym("d"), Sym("d")), X))


def test_spans() -> None:
    reading = understand("sin(x) + 2x")
    assert reading.spans(X) == ((4, 5), (10, 11))
    assert reading.spans(read("sin(x)")) == ((0, 6),)
    assert reading.spans(read("2x")) == ((9, 11),)
    assert reading.spans(Y) == ()
    text = r"\frac{x^2}{2} + \sin x"
    assert [text[a:b] for a, b in understand(text).spans(read("sin x"))] == [r"\sin x"]


def test_places_lie_in_the_text_and_hold_the_parts() -> None:
    for param in READINGS:
        reading: Reading = understand(param.values[0]["text"])
        assert reading.places[-1][0] is reading.form or not reading.form.children or reading.spans(reading.form)
        for _, (start, end) in reading.places:
            assert 0 <= start <= end <= len(reading.text)


def test_alternatives_are_lazy_and_distinct() -> None:
    reading = understand("a/bc")
    assert "alternatives" not in vars(reading)
    forms = [other.form for other in reading.alternatives]
    assert len(set(forms)) == len(forms)
    assert reading.form not in forms


LETTERS = st.sampled_from(["x", "y", "2", "3.5", "sin(x)", "(x + 1)", "|y|", "√x", "x²", "e^x", "π"])


@given(st.lists(st.tuples(LETTERS, st.sampled_from(["+", "-", "*", "/", "^"])), min_size=1, max_size=8))
def test_written_operators_read_back(parts: list) -> None:
    text = "".join(operand + operator for operand, operator in parts) + "x"
    try:
        form = read(text)
    except LimitError:
        return
    assert read(str(form)) is form


@given(st.text(alphabet="xyabn", min_size=1, max_size=3))
def test_up_to_three_letters_are_a_product(word: str) -> None:
    form = read(word)
    assert form is (Mul(tuple(map(Sym, word))) if len(word) > 1 else Sym(word))


# -- one object for equal trees, from several threads ------------------------------------------------


def test_equal_texts_are_one_object_in_all_threads() -> None:
    texts = [f"sin({k}x) + x^{k % 7}/(y + {k})" for k in range(60)]
    gate, found = threading.Barrier(6), [[] for _ in range(6)]

    def work(mine: list) -> None:
        gate.wait()
        mine.extend(read(text) for _ in range(5) for text in texts)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(a is b for mine in found for a, b in zip(mine, found[0], strict=True))


def test_threads_that_make_and_drop_the_same_forms() -> None:
    failures: list[str] = []

    def work() -> None:
        for k in range(1500):
            one, two = read(f"x^{k % 5} + z{k % 3}"), read(f"x^{k % 5} + z{k % 3}")
            if one is not two:
                failures.append(str(one))
            del one, two

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_forms_that_nobody_uses_are_gone() -> None:
    gc.collect()
    before = len(tree._table)
    kept = read("q + 12345*q^2")
    assert len(tree._table) > before
    del kept
    gc.collect()
    assert len(tree._table) <= before + 3  # the letter and the numbers may stay


def test_the_published_problems_are_read() -> None:
    corpus = PAGE.parents[1].parent / "shared" / "corpora" / "derivatives.jsonl"
    if not corpus.exists():
        pytest.skip("the corpora are not part of the checkout")
    for line in corpus.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for text in (row["expr"], row["answer"]):
            form = read(text)
            assert read(str(form)) is form, text
