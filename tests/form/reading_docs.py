"""Writes docs/reading.md from tests/fixtures/reading.yaml: `python -m tests.form.reading_docs`.

>>> code("|x|")
'`\\\\|x\\\\|`'
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from tutor.form.cursor import DEEPEST, GREATEST_EXPONENT, GREATEST_FACTORIAL, Conventions
from tutor.form.tokens import LONGEST_TEXT, MOST_DIGITS, MOST_TOKENS

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "fixtures" / "reading.yaml"
PAGE = ROOT / "docs" / "reading.md"

CONVENTIONS = {
    "tight_product": ("`1/2x` is ½·x", "1/(2x)"),
    "scientific": ("`2e-3` is 0.002", "2·e − 3"),
    "split": ("`xy` is x·y", "one name xy"),
    "applied": ("`a(b + c)` is a·(b + c)", "the function a at b + c"),
    "loose_exponent": ("`e^2x` is e²·x, `x^1/2` is x¹/2", "e^(2x), x^(1/2)"),
    "wide_argument": ("`sin x/2` is sin(x)/2", "sin(x/2)"),
    "narrow_argument": ("`sin x y` is sin(x·y)", "sin(x)·y"),
    "indexed": ("`x2` is the variable x₂", "x·2"),
    "leibniz": ("`d/dx` is a derivative", "the fraction d/(d·x)"),
    "inverse": ("`sin^-1 x` is the arcsine", "1/sin(x)"),
    "common_log": ("`log x` is the natural logarithm", "the logarithm to base 10"),
    "mixed": ("`2\\frac{3}{4}` is 2 + 3/4", "2·(3/4)"),
}
"""The documented rule and the other reading, for each field of `Conventions`."""

HEAD = """<!-- Made by `python -m tests.form.reading_docs` from tests/fixtures/reading.yaml; change that table, not this page. -->

# How the tutor reads what you type

Calculator text, Unicode and LaTeX are read by the same rules. `tutor read "1/2x"` shows how a text was understood and
what else it could have meant.

From loose to tight: relations (`=`, `<`), sums, a minus in front, products and fractions from left to right (written
or side by side), a function without brackets, the root sign, powers from right to left, then `²`, `!` and `'`.
A function without brackets takes the factors side by side that follow, up to the next function, bracket, power of e or
written operator. A run of letters holds the functions, constants and Greek names that are in it; else up to three letters are a
product and four or more are one name, unless a name was declared.

## One rule for each ambiguous text

| convention | the rule | the other reading |
|---|---|---|
"""


def load() -> dict[str, Any]:
    """The fixture table."""
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def code(text: str) -> str:
    """Text as code inside a cell of a Markdown table."""
    shown = text.replace("|", "\\|")
    return f"``{shown}``" if "`" in shown else f"`{shown}`" if shown else "(nothing)"


def page() -> str:
    """The whole page."""
    table = load()
    parts = [HEAD, *(f"| `{field.name}` | {CONVENTIONS[field.name][0]} | {CONVENTIONS[field.name][1]} |\n" for field in fields(Conventions))]
    for section in table["readings"]:
        parts.append(f"\n## {section['title']}\n\n| typed | read as | |\n|---|---|---|\n")
        parts.extend(_reading(row) for row in section["rows"])
    parts.append("\n## What cannot be read\n\n| typed | what is said | instead |\n|---|---|---|\n")
    parts.extend(_error(row) for row in table["errors"])
    parts.append(
        f"\n## Limits\n\nA text has at most {LONGEST_TEXT:,} characters and {MOST_TOKENS:,} signs, a number {MOST_DIGITS} digits, brackets"
        f" {DEEPEST} levels, an exponent the size {GREATEST_EXPONENT:,} (and a power of numbers as many digits), a factorial the"
        f" argument {GREATEST_FACTORIAL:,}. Beyond that the tutor says which limit was met.\n"
    )
    return "".join(parts)


def _reading(row: dict[str, Any]) -> str:
    notes = [row["why"]] if "why" in row else []
    notes.extend(f"or {code(other)}" for other in row.get("or", {}).values())
    return f"| {code(row['text'])} | {code(row['reads'])} | {'; '.join(notes)} |\n"


def _error(row: dict[str, Any]) -> str:
    start, end = row["span"]
    place = f" at {code(row['text'][start:end])}" if 0 < end - start < len(row["text"]) else ""
    instead = code(row["suggestion"]) if "suggestion" in row else row.get("advice", "")
    message = row["message"].replace("|", "\\|")
    return f"| {code(row['text'])} | {message}{place} | {instead} |\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
