"""Which letters are matrices, vectors and numbers, and how the sizes of one fit those of another.

A size is a name: `A` has `A.rows` and `A.columns` until an expression says that two sizes must be equal. The
unit size 1 is that of numbers; a vector is a column, of the shape (n, 1), and its transpose a row, (1, n).

>>> sizes = Sizes()
>>> sizes.joined("A.columns", "x.rows"), sizes.joined("x.rows", UNIT)
(True, False)
>>> sizes.found("x.rows") == sizes.found("A.columns")
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tokens import GREEK_NAMES
from tutor.form.tree import Div, Form, Mul, Pow, Sym
from tutor.form.walk import nodes

Shape = tuple[str, str]
"""Rows and columns."""
UNIT = "1"
SCALAR: Shape = (UNIT, UNIT)
IDENTITY, TRANSPOSE = Sym("I"), Sym("T")
_NAMES = ("m", "n", "p", "q", "r", "s")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the expression: its kind (matrix, vector, scalar, identity), and whether a person declared it."""

    name: str
    kind: str
    shape: Shape
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a person declared; every other letter is taken by how it looks."""

    vectors: frozenset[str] = frozenset()
    matrices: frozenset[str] = frozenset()
    scalars: frozenset[str] = frozenset()
    symmetric: frozenset[str] = frozenset()

    @property
    def named(self) -> frozenset[str]:
        """Every letter that is declared."""
        return self.vectors | self.matrices | self.scalars | self.symmetric

    def kind(self, name: str, divides: bool) -> str:
        """The kind of a letter: capitals are matrices, small Latin letters vectors, Greek letters and divisors numbers.

        >>> Kinds().kind("A", False), Kinds().kind("x", False), Kinds().kind("lambda", False), Kinds().kind("n", True)
        ('matrix', 'vector', 'scalar', 'scalar')
        """
        if name in self.named:
            return "matrix" if name in self.matrices | self.symmetric else "vector" if name in self.vectors else "scalar"
        letter = name.partition("_")[0]
        if name == IDENTITY.name:
            return "identity"
        if letter in GREEK_NAMES or divides:
            return "scalar"
        return "matrix" if letter[0].isupper() else "vector"


def declared(
    vectors: Iterable[str] = (), matrices: Iterable[str] = (), scalars: Iterable[str] = (), symmetric: Iterable[str] = (),
) -> Kinds:  # fmt: skip
    """The declarations, each letter under the name that the reader keeps. Raises `RequestError` where two contradict each other."""
    kinds = Kinds(*(frozenset(map(letter_name, names)) for names in (vectors, matrices, scalars, symmetric)))
    groups = (kinds.vectors, kinds.matrices | kinds.symmetric, kinds.scalars)
    for name in kinds.named:
        if sum(name in group for group in groups) > 1:
            raise RequestError("letters", f"{name} is declared as two different things", advice="Declare it once, as a vector, a matrix or a number.")
    return kinds


def letter_name(text: str) -> str:
    """The name of a letter as the reader keeps it (θ is theta). Raises `RequestError` for what is no letter."""
    form = read(text, variables=(text,))
    if not isinstance(form, Sym):
        raise RequestError("letters", f"{text!r} is no letter", advice="Give letters, separated by commas, such as x,w.")
    return form.name


class Sizes:
    """Which sizes are equal, found out while an expression is read (union and find, Tarjan 1975)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def found(self, size: str) -> str:
        """The size that stands for all sizes that equal this one."""
        while size in self._parent:
            size = self._parent[size]
        return size

    def joined(self, one: str, other: str) -> bool:
        """Note that two sizes are equal; False when one is 1 and the other the length of a vector."""
        one, other = self.found(one), self.found(other)
        if one == other:
            return True
        if UNIT in (one, other):
            return False
        self._parent[other] = one
        return True


def letters_of(form: Form, kinds: Kinds) -> tuple[Letter, ...]:
    """The letters of an expression in the order in which they are written, their sizes still unnamed."""
    divisors = {name for node in nodes(form) if isinstance(node, Div) for name in _factors(node.denominator)}
    found: dict[str, None] = {}
    for node in nodes(form):
        if isinstance(node, Sym):
            found.setdefault(node.name)
    if not any(isinstance(node, Sym) and node is TRANSPOSE for node in _outside_exponents(form)):
        found.pop(TRANSPOSE.name, None)
    return tuple(_letter(name, kinds, name in divisors) for name in found)


def _letter(name: str, kinds: Kinds, divides: bool) -> Letter:
    kind = kinds.kind(name, divides)
    rows, columns = f"{name}.rows", f"{name}.columns"
    square = kind == "identity" or name in kinds.symmetric
    shapes = {"scalar": SCALAR, "vector": (rows, UNIT), "identity": (rows, rows), "matrix": (rows, rows if square else columns)}
    return Letter(name, kind, shapes[kind], name in kinds.named)


def _factors(form: Form) -> Iterable[str]:
    """The letters of a divisor such as 2n; of xᵀx none, which is a number made of vectors."""
    parts = form.factors if isinstance(form, Mul) else (form,)
    if any(isinstance(part, Pow) and part.exponent is TRANSPOSE for part in parts):
        return ()
    return (part.name for part in parts if isinstance(part, Sym))


def _outside_exponents(form: Form) -> Iterable[Form]:
    """Every node except the T of a transpose."""
    done: set[Form] = set()
    stack = [form]
    while stack:
        node = stack.pop()
        if node not in done:
            done.add(node)
            yield node
            stack.extend(node.children[:1] if isinstance(node, Pow) and node.exponent is TRANSPOSE else node.children)


def named_sizes(letters: Iterable[Letter], sizes: Sizes) -> tuple[Letter, ...]:
    """The letters with sizes of one letter each: n when there is one size, else m, n, …"""
    some = tuple(letters)
    found = list(dict.fromkeys(sizes.found(size) for letter in some for size in letter.shape if size != UNIT))
    used = {letter.name for letter in some}
    free = [name for name in _NAMES if name not in used] + [f"n_{k}" for k in range(1, len(found) + 1)]
    if len(found) == 1 and "n" in free:
        free.insert(0, "n")
    names = dict(zip(found, free, strict=False))
    return tuple(
        Letter(letter.name, letter.kind, (_named(letter.shape[0], sizes, names), _named(letter.shape[1], sizes, names)), letter.declared)
        for letter in some
    )  # fmt: skip


def _named(size: str, sizes: Sizes, names: Mapping[str, str]) -> str:
    return UNIT if size == UNIT else names[sizes.found(size)]
