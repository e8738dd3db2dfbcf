"""Calculator text: what `str(form)` gives and `read` takes back to the equal form.

>>> from tutor import read
>>> str(read("2x sin(3x) - √x/3"))
'2*x*sin(3*x) - sqrt(x)/3'
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.form.tree import Call
from tutor.form.write import ATOM, Notation, Piece


class Calculator(Notation):
    """Linear text in ASCII with every product sign written."""

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        if node.name == "log" and args[1][1] == ATOM and args[1][0].isalnum():
            return f"log_{args[1][0]}({args[0][0]})", ATOM
        return super().call(node, args)


CALCULATOR = Calculator()
