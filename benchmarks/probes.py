"""The expressions that every part of the tutor is tried on, and how to make them fresh."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import measure  # noqa: F401 (puts the checkout on the path)

from tutor.form.reading import read
from tutor.form.tree import Form, Sym
from tutor.form.walk import substitute

_X = """
x^x; x^(1/x); (sin x)^x; √(x²); |sin x|; ((x²+1)/(x−1))³; e^(sin x²); ln(x√(x+1)/(x−2)³); sin²x; sin(x²); 5; π²; x/3; 1/x;
1/x³+√x; (x²+3x)/x; x·e^(−x); tan x; sec 5x; atan(x/y); log_2 x; 2^(3x); x^π+π^x; sin(cos(e^√(ln(x²+1)))); x sin x e^x ln x;
(e^x)²; (x²+1)(x³−2); (2x+1)⁵(3x−2)⁷; f(x²); asin 2x; acosh x; tanh x; σ(x); max(0,x); integral(sin(t), t, 0, x^2); x^y;
5(x²+1); (2x)³
"""
_OTHERS = (
    ("piecewise(x², x≤1; 2x−1)", "x"),
    ("atan(x/y)", "y"),
    ("x^y", "y"),
    ("(y−σ(wx+b))²", "w"),
)
LETTERS = "abckmnpqrsuvwz"


@dataclass(frozen=True, slots=True)
class Problem:
    """A text, the letters to differentiate by, and the answer that was published, if any."""

    name: str
    text: str
    wrt: tuple[str, ...]
    answer: str = ""
    part: bool = False

    def fresh(self, turn: int) -> tuple[str, tuple[str, ...]]:
        """The same problem in another letter, as text: no cache of whole results knows it."""
        form = read(self.text, variables=self.declared)
        letters = [letter for letter in LETTERS if letter not in form.free]
        new = letters[turn % len(letters)]
        old = self.wrt[0]
        return str(substitute(form, {old: Sym(new)})), tuple(new if name == old else name for name in self.wrt)

    @property
    def declared(self) -> tuple[str, ...]:
        """Names of several letters that are one variable here."""
        return tuple(name for name in self.wrt if len(name) > 1)

    def form(self) -> Form:
        """The problem's function."""
        return read(self.text, variables=self.declared)


def probes() -> list[Problem]:
    """The probes of the first issue."""
    ours = [(text.strip(), "x") for text in _X.split(";") if text.strip()]
    return [Problem(text, text, (letter,)) for text, letter in (*ours, *_OTHERS)]


def published(folder: Path) -> list[Problem]:
    """The rows of `derivatives.jsonl`."""
    found = []
    for line in (folder / "derivatives.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        letters = row["var"] if isinstance(row["var"], list) else [row["var"]] * row["order"]
        found.append(Problem(f"{row['source']} {row['id']}", row["expr"], tuple(letters), row["answer"], row.get("equal_on", "") != ""))
    return found
