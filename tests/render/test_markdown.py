"""Markdown, read back by a CommonMark parser: no text of a person becomes markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from tutor.exposition.doc import Doc, Paragraph
from tutor.render.markdown import markdown
from tutor.render.signs import visible

from .samples import DESCENT, HOSTILE, HOSTILE_TEXT, PRODUCT, SAMPLES

READER = MarkdownIt("commonmark", {"html": True}).enable("table")


def words(tokens: list) -> str:  # type: ignore[type-arg]
    return "".join(words(token.children) if token.children else token.content for token in tokens)


@pytest.mark.parametrize("name", SAMPLES)
def test_formulas_are_closed(name: str) -> None:
    text = re.sub(r"\\[\\$]", "", markdown(SAMPLES[name]))
    assert text.count("$$") % 2 == 0
    assert text.replace("$$", "").count("$") % 2 == 0


@pytest.mark.parametrize(
    "text",
    [HOSTILE_TEXT, "# a", "- a", "+ a", "* a", "1. a", "2) a", "> a", "    a", "=== a", "---", "***", "```", "<b>", "&lt;", "[a](b)", "![a](b)",
     "a_b_c", "$x$", "~~a~~", "<https://e.x>", "a|b", "| a |", "\\", ": a", "\t- a", "a\n# b", "<!-- a -->", "[a]: b"],
)  # fmt: skip
def test_a_text_stays_a_text(text: str) -> None:
    tokens = READER.parse(markdown(Doc((), (Paragraph((text,)),))))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {token.type for token in tokens[1].children or []} <= {"text", "text_special"}
    assert words(tokens).strip() == " ".join(visible(text).split(" ")).strip()


def test_a_hostile_document_has_only_our_structure() -> None:
    tokens = READER.parse(markdown(HOSTILE))
    inner = {child.type for token in tokens for child in token.children or []}
    assert inner <= {"text", "text_special", "em_open", "em_close", "strong_open", "strong_close", "softbreak"}
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2"]
    assert sum(token.type == "td_open" for token in tokens) == 2


def test_the_parts_of_a_document() -> None:
    text = markdown(PRODUCT)
    assert text.startswith("# f(x) = $")
    assert "\n## A product of two factors" in text
    assert "\n### Power rule\n" in text
    assert "\\underline{" in text
    assert "| ---: | ---: | ---: | --- | ---: |" in markdown(DESCENT)
    assert markdown(Doc((), ())) == ""
