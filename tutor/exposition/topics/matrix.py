"""A gradient by a vector or a matrix as a document: the matrix form by differentials, the index form, and what is proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tutor.calculus.matrices import Line, MatrixGradient, Step
from tutor.calculus.matrices.entries import entry_name
from tutor.calculus.matrices.letters import TRANSPOSE, UNIT, Letter
from tutor.calculus.points import Point
from tutor.exposition import Level
from tutor.exposition.data import plain, texts, working
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, mapped
from tutor.exposition.names import Name, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.reading import read
from tutor.form.tree import Apply, Call, Deriv, Form, Num, Pow, Relation, Sym
from tutor.form.walk import rewritten

_EASY = frozenset(("linear", "multiple", "transpose"))
_FUNCTIONS = ("norm", "norm_1", "trace", "softmax", "crossentropy", "logsumexp", "diag", "differential", "d")
_PATTERNS = {
    "norm_squared": "differential(norm(u)^2) = 2u^T*differential(u)",
    "norm": "differential(norm(u)) = u^T*differential(u)/norm(u)",
    "norm_1": "differential(norm_1(u)) = sign(u)^T*differential(u)",
    "square": "differential(u^T*u) = 2u^T*differential(u)",
    "softmax": "differential(softmax(u)) = (diag(p) - p*p^T)*differential(u)",
    "crossentropy": "differential(crossentropy(y, softmax(u))) = (p - y)^T*differential(u)",
    "logsumexp": "differential(logsumexp(u)) = p^T*differential(u)",
    "quotient": "differential(u/s) = (s*differential(u) - u*differential(s))/s^2",
}
"""The rules that are formulas; the others are sentences."""


def document(result: MatrixGradient, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The letters, the gradient in matrix form and in index form, and for which sizes it is proved."""
    page = _Page(result, level, typed or result.function)
    blocks: list[Block] = [*page.opening()]
    if level == "brief":
        blocks += page.in_short()
    else:
        blocks.append(Section(PHRASES.say("matrix.matrix_form", {}), tuple(page.matrix_form()), "matrix_form"))
        blocks.append(Section(PHRASES.say("matrix.index_form", {}), tuple(page.index_form()), "index_form"))
    blocks.append(Result(page.equation(result.value)))
    blocks += page.closing()
    kept = (block for block in blocks if not (isinstance(block, Section) and not block.blocks))
    return mapped(Doc((page.title(),), tuple(kept)), _transposed)


def _transposed(form: Form) -> Form:
    """The form with each power T as what it means here, so that it is also spoken as a transpose."""
    return rewritten(form, lambda node: Apply("transpose", (node.base,), (0,)) if isinstance(node, Pow) and node.exponent is TRANSPOSE else node)


class _Page:
    """What the sentences about one result need: its level, the name of the function, the letters."""

    def __init__(self, result: MatrixGradient, level: Level, typed: Form) -> None:
        self.result, self.level = result, level
        name = named(typed, result.function, result.variable)
        self.name: Name = replace(name, letters=(result.variable,), partial=False)
        self.variable = Sym(result.variable)
        self.said: set[str] = set()
        self.vector = result.typed.letter(result.variable).shape[1] == UNIT

    @property
    def full(self) -> bool:
        return self.level == "full"

    # -- the beginning ---------------------------------------------------------------------------------

    def title(self) -> Relation:
        return _equals(self.name.written(), self.result.function)

    def opening(self) -> Iterator[Block]:
        yield Paragraph(_joined([*map(_letter, self.result.letters)]))
        if self.level != "brief":
            yield Paragraph(PHRASES.say(f"matrix.shape.{self.result.kind}", self.values()))
        if self.full and any(not letter.declared for letter in self.result.letters):
            yield Paragraph(PHRASES.say("matrix.taken", {}), "reason")
        for name, part in self.result.names:
            yield Paragraph(PHRASES.say("matrix.named", {"name": name, "part": part}))

    def values(self) -> dict[str, Any]:
        """What sentences may speak of."""
        return {
            "x": self.variable, "dx": Apply("differential", (self.variable,), (0,)), "f": Sym(self.name.name), "vector": self.vector, "value": self.result.value,
        }

    # -- the matrix form -------------------------------------------------------------------------------

    def matrix_form(self) -> Iterator[Block]:
        root = self.result.step
        if root.rule == "letter":
            yield Maths(_equals(self.moved(), root.after))
        else:
            yield from self.step(root, self.moved(), root=True)
        for line in self.result.lines:
            if not (line.reason == "together" and line.form is self.half(root)):
                yield Section(self.line_heading(line), (*self.reason(f"matrix.lines.{line.reason}"), Maths(_equals(self.moved(), line.form))), line.reason)
        heading = PHRASES.say(f"matrix.read_off.{self.kind_of_reading()}", self.values())
        yield Section(heading, (Maths(self.equation(self.result.general)),), "read_off")
        if self.result.general is not self.result.value:
            equations = listed([_equals(Pow(Sym(name), TRANSPOSE), Sym(name)) for name in sorted(self.result.typed.symmetric)])
            yield Section(PHRASES.say("matrix.symmetric", {"equations": equations}), (Maths(self.equation(self.result.value)),), "symmetric")

    def kind_of_reading(self) -> str:
        return self.result.kind if self.result.kind != "gradient" or self.vector else "trace"

    def moved(self) -> Form:
        """df."""
        return Apply("differential", (Sym(self.name.name),), (0,))

    def line_heading(self, line: Line) -> Phrase:
        return PHRASES.say("text.together" if line.reason == "together" else f"matrix.lines.{line.reason}.heading", self.values())

    def step(self, step: Step, left: Form, root: bool = False) -> Iterator[Block]:
        """A rule with its line; the steps that it needs one level in."""
        half = self.half(step)
        below = tuple(block for inner in self.open_steps(step) for block in self.step(inner, Apply("differential", (inner.before,), (0,))))
        blocks: list[Block] = [*self.reason(f"matrix.rules.{step.rule}", step), Maths(_equals(left, half), note=self.note(step)), *below]
        if below and not root:
            blocks.append(Maths(_equals(left, self.result.filled(step, step.steps))))
        yield Section(PHRASES.say(f"matrix.rules.{step.rule}.heading", self.of_step(step)), tuple(blocks), step.rule)

    def of_step(self, step: Step) -> dict[str, Any]:
        pattern = read(_PATTERNS[step.rule], functions=_FUNCTIONS) if step.rule in _PATTERNS else None
        u = step.parts.get("u")
        matrix = u is not None and UNIT not in self.result.typed.shape(u)
        return {**self.values(), **step.parts, "pattern": pattern, "u": u, "matrix": matrix, "letter": Sym("u"), "inner": isinstance(u, Sym)}

    def reason(self, key: str, step: Step | None = None) -> Iterator[Paragraph]:
        """The sentence of reason, at the level where it is wanted."""
        if self.full and PHRASES.has(f"{key}.reason") and key not in self.said:
            self.said.add(key)
            yield Paragraph(PHRASES.say(f"{key}.reason", self.of_step(step) if step else self.values()), "reason")

    def note(self, step: Step) -> Phrase:
        """The condition of a norm behind its line."""
        conditions = self.result.conditions_of(step)
        return PHRASES.say("text.condition", {"condition": listed(conditions)}) if conditions else ()

    def half(self, step: Step) -> Form:
        return self.result.filled(step, [inner for inner in step.steps if self.is_easy(inner)])

    def open_steps(self, step: Step) -> list[Step]:
        return [inner for inner in step.steps if not self.is_easy(inner)]

    def is_easy(self, step: Step) -> bool:
        """Whether a differential is filled in without words: A dx for that of A x."""
        return step.rule == "letter" or (step.rule in _EASY and not self.full and all(self.is_easy(inner) for inner in step.steps))

    def equation(self, value: Form) -> Relation:
        """The gradient, the Jacobian or the derivative, equal to a value."""
        if self.result.kind == "derivative":
            return _equals(self.name.derivative((self.result.variable,)), value)
        return _equals(self.jacobian() if self.result.kind == "jacobian" else Call("grad", (Sym(self.name.name),)), value)

    def jacobian(self) -> Sym:
        return Sym(next(letter for letter in ("J", "D", "G") if letter not in self.result.function.free))

    # -- the index form --------------------------------------------------------------------------------

    def index_form(self) -> Iterator[Block]:
        if not self.result.index:
            return
        for line in self.result.index:
            heading = PHRASES.say(f"matrix.index.{line.reason}.heading", self.of_index())
            maths = Maths(_equals(self.entry_of(line), self.result.shown(line.form)))
            yield Section(heading, (*self.reason(f"matrix.index.{line.reason}"), maths), line.reason)
        yield Paragraph(PHRASES.say(f"matrix.recognised.{self.kind_of_reading()}", self.of_index()))

    def entry_of(self, line: Line) -> Form:
        """fᵢ, f(x), ∂f/∂xₖ, Jᵢⱼ: what an index line says the value of."""
        if line.left is not None:
            return self.result.shown(line.left)
        if self.result.kind == "jacobian":
            return Sym(f"{self.name.name}_i") if line.kind == "function" else Sym(f"{self.jacobian()}_ij")
        if line.kind == "function":
            return self.name.written()
        if self.result.kind == "derivative":
            return self.name.derivative((self.result.variable,))
        return Deriv(Sym(self.name.name), self.entry_name(), 1, True)

    def entry_name(self) -> str:
        place = ("j",) if self.result.kind == "jacobian" else ("k",) if self.vector else ("k", "l")
        return self.result.variable if self.result.kind == "derivative" else entry_name(self.result.variable, *place)

    def of_index(self) -> dict[str, Any]:
        place, other = ("j", "s") if self.result.kind == "jacobian" else ("k", "i")
        return {
            **self.values(), "entry": Sym(self.entry_name()), "kind": self.result.kind, "delta": Sym(f"delta_{other}{place}"),
            "other": Sym(entry_name(self.result.variable, other)), "i": Sym(other), "k": Sym(place), "l": Sym("l"), "one_value": Sym("i"),
            "J": Sym(f"{self.jacobian()}_ij"), "given": listed(self.result.assumptions), "equal": _equals(Sym(other), Sym(place)),
        }  # fmt: skip

    # -- the end ---------------------------------------------------------------------------------------

    def in_short(self) -> Iterator[Block]:
        """The names of the rules, and the line from which the gradient is read off."""
        rules = dict.fromkeys(step.rule for step in reversed(self.result.steps) if step.rule != "letter")
        if rules:
            yield Paragraph((" → ".join(plain(PHRASES.say(f"matrix.rules.{rule}.name", {})) for rule in rules),))
        yield Maths(_equals(self.moved(), self.result.lines[-1].form))

    def closing(self) -> Iterator[Block]:
        if self.result.assumptions:
            yield Paragraph(PHRASES.say("matrix.assumption", {"given": listed(self.result.assumptions), "y": listed(self.result.targets)}), "condition")
        if self.result.conditions:
            yield Paragraph(PHRASES.say("text.conditions", {"conditions": listed(self.result.conditions)}), "condition")
        if any(step.rule == "norm_1" for step in self.result.steps):
            yield Paragraph(PHRASES.say("matrix.subgradient", {}), "condition")
        if self.full:
            yield from self.penalties()
        yield Paragraph(PHRASES.say(f"matrix.checked.{'one' if len(self.result.checks) == 1 else 'two'}", self.of_check()))

    def penalties(self) -> Iterator[Paragraph]:
        """What a penalty on the letter does to it in descent."""
        if self.result.step.rule != "sum":
            return
        for step in self.result.steps:
            if step.rule in ("norm_1", "norm_squared") and step.parts["u"] is self.variable:
                yield Paragraph(PHRASES.say(f"matrix.penalty.{step.rule}", self.values()), "reason")

    def of_check(self) -> dict[str, Any]:
        checks = self.result.checks
        sizes = [listed([_equals(Sym(size), Num(count)) for size, count in check.sizes.items()]) for check in checks]
        return {
            **self.values(), "first": sizes[0], "second": sizes[-1], "count": sum(len(check.components) for check in checks),
            "sized": bool(checks[0].sizes), "jacobian": self.result.kind == "jacobian", "index": bool(self.result.index),
        }  # fmt: skip


def _letter(letter: Letter) -> Phrase:
    """A is a matrix of m rows and n columns."""
    rows, columns = (Sym(size) for size in letter.shape)
    kind = "square" if letter.kind == "matrix" and rows is columns else letter.kind
    return PHRASES.say(f"matrix.letter.{kind}", {"letter": Sym(letter.name), "rows": rows, "columns": columns})


def _joined(phrases: Sequence[Phrase]) -> Phrase:
    """Phrases as one sentence: …, … and …."""
    found: list[str | Form] = []
    for place, phrase in enumerate(phrases):
        if place:
            found.append(" and " if place == len(phrases) - 1 else ", ")
        found.extend(phrase)
    return (*found, ".")


def _equals(left: Form, right: Form) -> Relation:
    return Relation((left, right), ("=",))


def fields(result: MatrixGradient, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor matrix --format json`."""
    return {
        "variable": result.variable,
        "kind": result.kind,
        "value": str(result.value),
        "general": str(result.general),
        "letters": [
            {"name": letter.name, "kind": letter.kind, "rows": letter.shape[0], "columns": letter.shape[1], "declared": letter.declared}
            for letter in result.letters
        ],
        "names": [{"name": str(name), "stands_for": str(part)} for name, part in result.names],
        "differential": texts(line.form for line in result.lines),
        "rules": [{"rule": step.rule, "before": str(step.before), "after": str(step.after)} for step in result.steps],
        "index": [{"line": line.reason, "of": line.kind, "text": str(result.shown(line.form)), "left": None if line.left is None else str(result.shown(line.left))} for line in result.index],
        "assumptions": texts(result.assumptions),
        "checks": [
            {"sizes": dict(check.sizes), "components": [{"variable": one.variable, "value": str(one.value)} for one in check.components]}
            for check in result.checks
        ],
        **working(result),
        "conditions": texts(result.conditions),
    }
