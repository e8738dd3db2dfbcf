"""Families for the tests, and how they are made."""

from __future__ import annotations

from tutor.problems.family import Family, read_family

HEAD = "format: 1\ntitle: A title\nskills: [power-rule]\ndifficulty: 1\n"

TANK = HEAD + """
parameters: {a: [2, 3, 5], end: 5..8, t0: 2..4}
derived: {full: a*end^2}
constraints: [t0 < end]
variables: {t: 0 <= t <= end}
functions: {V: a*(end - t)^2}
story: It holds $V(t) = V$ litres.
questions:
  - ask: How fast does it change after {{ t0 }} minutes?
    answer: diff(V, t) @ t0
    unit: litres per minute
    mistakes:
      - {id: forgot, answer: 2*a*(end - t0), say: "Which way does the inside go?"}
"""


def family(text: str, name: str = "tests/one") -> Family:
    """A family from its text; a head is put in front where there is none."""
    return read_family(text if text.lstrip().startswith("format") else HEAD + text, name)


def questions(*lines: str, before: str = "parameters: {a: 2..5, n: 2..4}\nvariables: {x: ''}\nfunctions: {f: a*x^n}\n") -> Family:
    """A family with these questions, each a mapping in YAML's short form."""
    return family(before + "questions:\n" + "\n".join(f"  - {line}" for line in lines))
