"""Speech: sentences without signs."""

from __future__ import annotations

import pytest

from tutor.exposition.doc import Doc, Paragraph, Table
from tutor.form.reading import read
from tutor.render.signs import spoken_text
from tutor.render.speech import speech

from .samples import DESCENT, PRODUCT, ROLES, SAMPLES


def test_a_product() -> None:
    text = speech(PRODUCT)
    assert text.startswith("f(x) equals x squared times sine of 3 x.\nA product of two factors: ")
    assert "\nChain rule: outer sine of u, inner u equals 3 x.\n" in text
    assert "\nThis step: agrees at sample points, not proved.\n" in text
    assert text.endswith("\nevery line confirmed by an independent derivative.")


@pytest.mark.parametrize("doc", [PRODUCT, ROLES, DESCENT])
def test_no_sign_is_left(doc: Doc) -> None:
    assert not set(speech(doc)) & set("=<>^*/+−·′→≠√²³αθ|°…")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_is_a_sentence(name: str) -> None:
    assert all(line.endswith((".", "?", "!", ":", ";")) for line in speech(SAMPLES[name]).splitlines())


def test_a_table_is_read_by_rows_and_a_long_one_in_part() -> None:
    assert "Row 1: n 0, x 0.0000, " in speech(DESCENT)
    long = Doc((), (Table((("n",),), tuple(((str(k),),) for k in range(100))),))
    assert speech(long).splitlines() == ["A table of 100 rows.", "Row 1: n 0.", "Row 2: n 1.", "Row 3: n 2.", "Row 100: n 99."]


def test_a_formula_stands_apart_from_words_but_not_from_a_stop() -> None:
    assert speech(Doc((), (Paragraph(("At", read("x = 2"), ", not at", read("x = 3"), ".")),))) == "At x equals 2, not at x equals 3."


@pytest.mark.parametrize(
    ("text", "expected"),
    [("f′ → −2 · x", "f prime to minus 2 times x"), ("150 °C", "150 degrees C"), ("α₁", "alpha 1"), ("plain words", "plain words")],
)
def test_signs_as_words(text: str, expected: str) -> None:
    assert spoken_text(text) == expected
