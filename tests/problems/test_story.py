"""Sentences keep their mathematics as forms, words agree, and no template reaches anything but its values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timing import within
from tutor.errors import RequestError, TutorError
from tutor.exposition.doc import Maths, Paragraph
from tutor.form.reading import read
from tutor.form.tree import Form
from tutor.problems.scope import Function, Scope
from tutor.problems.story import Story, names_in
from tutor.problems.wording import article, complaints

SCOPE = Scope({"a": read("2"), "b": read("-1"), "p_0": read("0.5")}, {"P": Function(("p",), read("2p^2 - p"))})
VALUES = {"a": read("2"), "b": read("-1"), "p0": read("0.5"), "one": read("1"), "shop": "ice-cream shop", "who": {"she": "he", "She": "He"}}


def said(text: str) -> tuple[str | Form, ...]:
    return Story(text).phrase(VALUES, SCOPE)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{ shop | a }} in {{ a }}", ("an ice-cream shop in ", read("2"))),
        ("{{ who.She }} has {{ a }} {{ a | plural('cup', 'cups') }}", ("He has ", read("2"), " cups")),
        ("{{ one }} {{ one | plural('cup', 'cups') }}", (read("1"), " cup")),
        ("{% if b < 0 %}falls{% else %}rises{% endif %}", ("falls",)),
        ("{{ 'up' if p0 > 1/2 else 'down' }}", ()),
        ("It earns $P(p) = P$ at $p0$.", ("It earns ", read("P(p) = 2p^2 - p", functions=["P"]), " at ", read("0.5"), ".")),
        ("a \\$5 note\n  and more", ("a $5 note and more",)),
        ("$a*x + b*x$", (read("2x - x"),)),
        ("$b*x^2 - b$", (read("-x^2 + 1"),)),
    ],
)
def test_what_a_text_says(text: str, wanted: tuple[str | Form, ...]) -> None:
    if not wanted:
        with pytest.raises(RequestError):
            said(text)
    else:
        assert said(text) == wanted


def test_paragraphs_and_displayed_lines() -> None:
    blocks = Story("One.\n\n$P(p) = P$\n\nTwo.").blocks(VALUES, SCOPE)
    assert [type(block) for block in blocks] == [Paragraph, Maths, Paragraph]


def test_on_which_names_a_text_depends() -> None:
    assert names_in(Story("{{ shop | a }} $P(p0) + a$ {{ who.she }}"), SCOPE) == {"shop", "who", "P", "p_0", "a"}


ATTACKS = [
    "{{ ''.__class__.__mro__ }}", "{{ shop.__class__ }}", "{{ shop['__class__'] }}", "{{ who.keys() }}", "{{ self }}", "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}", "{{ lipsum.__globals__['os'].popen('id').read() }}", "{{ range(10**9) }}", "{% for i in shop %}x{% endfor %}", "{% set a = 3 %}",
    "{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% macro m() %}{% endmacro %}", "{{ shop | attr('__class__') }}", "{{ shop | map('upper') }}", "{{ a ** 9999999 }}",
    "{{ shop * 10**9 }}", "{{ namespace() }}", "{{ [1, 2] }}", "{{ {'a': 1} }}", "{% raw %}x{% endraw %}{% block b %}{% endblock %}", "{{ shop.format(shop) }}", "{{ '%s' % shop }}",
    "{{ a.form.__reduce__ }}", "{{ a.value.__class__ }}", "{{ shop[0:2] }}", "{{ maths_0.__class__ }} $a$", "{% call shop() %}{% endcall %}", "{{ shop ~ shop }}",
    "{{ missing }}", "{{ who.missing }}", "{{ a < shop }}", "{{ shop | plural('a', 'b') }}", "{{", "{% if %}", "{{ a | nothing }}", "{% extends 'x' %}", "{% filter upper %}x{% endfilter %}",
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_reaches_anything(text: str) -> None:
    with within(1), pytest.raises(RequestError):
        said(text)


@given(st.text("{}%|. _ab()[]'\"$<>~*+-1\n", max_size=40))
def test_any_text_is_said_or_refused(text: str) -> None:
    try:
        phrase = said(text)
    except TutorError:
        return
    assert all(isinstance(part, str | Form) for part in phrase)


def test_a_text_has_a_limit() -> None:
    with pytest.raises(RequestError):
        said("x" * 20_000)


ARTICLES = {
    "a": "cup tea unit university euro one-way user US UFO house hot useful ewe 1 7 80".replace(" 80", "").split(),
    "an": ["hour", "honest", "ice", "apple", "umbrella", "8", "11", "18", "80", "x", "f", "MSE", "onion", "hourly"],
}  # fmt: skip


@pytest.mark.parametrize(("right", "word"), [(right, word) for right, words in ARTICLES.items() for word in words])
def test_articles(right: str, word: str) -> None:
    other = "an" if right == "a" else "a"
    assert article(word) == right
    assert complaints((f"This is {right} {word} here.",)) == []
    assert len(complaints((f"This is {other} {word} here.",))) == 1


@pytest.mark.parametrize("text", ["two  blanks", "the the cup", "{{ x }} left", "a cup , please", "( a cup )", "1 cups of tea", "costs None euros"])
def test_wrong_words_are_seen(text: str) -> None:
    assert complaints((text,))


@pytest.mark.parametrize("text", ["1 cup", "11 cups", "0.1 cups", "1 is less", "that that is", "(a cup)", "at 1 plus 2", "P(1) falls", "3:1 wins", "-1 degrees" * 0 + "fine"])
def test_right_words_are_left_alone(text: str) -> None:
    assert complaints((text,)) == []
