"""Short names: what they stand for put back gives the long document, each is defined before it is used."""

from __future__ import annotations

from tutor import differentiate
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.derivation import explanation
from tutor.exposition.doc import Doc, Maths, Section
from tutor.form.tree import Call, Form, Relation, Sym
from tutor.form.walk import substitute


def lines(doc: Doc) -> list[Form]:
    return [block.form for block in doc.walk() if isinstance(block, Maths)]


def test_names_put_back_give_the_same_lines() -> None:
    long = explanation(differentiate("sin(x^2 + 3x)*e^(sin(x^2 + 3x))*ln(sin(x^2 + 3x))"))
    short = abbreviated(long, long=50)
    definitions = short.blocks[0]
    assert isinstance(definitions, Section)
    assert definitions.rule == "names"
    meaning: dict[str, Form] = {}
    for block in definitions.blocks:
        assert isinstance(block, Maths)
        assert isinstance(block.form, Relation)
        name, value = block.form.operands
        assert isinstance(name, Sym)
        assert not any(letter.startswith("A_") and letter not in meaning for letter in value.free)
        meaning[name.name] = substitute(value, meaning)
    back = [str(substitute(line, meaning)) for line in lines(short)[len(definitions.blocks) :]]
    assert back == [str(line) for line in lines(long)]


def test_short_documents_stay_as_they_are() -> None:
    doc = explanation(differentiate("sin(x^2)"))
    assert abbreviated(doc) is doc


def test_the_letter_of_the_names_is_free() -> None:
    form = Call("sin", (Sym("A_1"),))
    doc = Doc((), tuple(Maths(Call("cos", (Call("exp", (Call("sin", (form,)),)),))) for _ in range(3)))
    assert all("A_1" in line.free for line in lines(abbreviated(doc, long=1))[:1])
