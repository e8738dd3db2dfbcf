"""Sets of real numbers made of intervals: x > 2, (2, ∞), x < 1 or x > 3, ℝ \\ {0}.

All ways to write one are brought to disjoint spans in order; bounds are compared exactly, or in ball arithmetic. Right
bounds with a wrong bracket are a finding of their own.

>>> from tutor import read
>>> half = RealSet(read("x > 2"))
>>> [half.judge(half.understood(text).form).outcome for text in ("(2, ∞)", "2 < x", "2x - 4 > 0", "[2, ∞)", "x < 2", "x ∈ (2, 5)")]
['right', 'right', 'right', 'partly', 'wrong', 'wrong']
>>> outside = RealSet(read("x != 0"))
>>> [outside.judge(outside.understood(text).form).outcome for text in ("(-∞, 0) ∪ (0, ∞)", "x < 0 or x > 0", "R \\\\ {0}", "x > 0")]
['right', 'right', 'right', 'partly']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.algebra.factors import solved
from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.tidy import tidied
from tutor.calculus.conditions import simplified
from tutor.form.evaluate import evaluate_ball, holds
from tutor.form.numerals import number, rational
from tutor.form.reading import Reading
from tutor.form.tokens import check_length
from tutor.form.tree import ONE, TWO, ZERO, Add, Call, Const, Div, Form, Interval, Listing, Neg, Relation, Sym
from tutor.form.walk import rewritten
from tutor.grading.equality import settled
from tutor.grading.kinds.base import OTHER, Judgement, Mathematics, Names, Samples, bare, is_scalar, said, wrong
from tutor.grading.kinds.collection import EMPTY
from tutor.grading.kinds.number import infinite
from tutor.grading.kinds.pieces import Piece, cut, gathered, piece_read
from tutor.grading.kinds.typed import unwrapped, with_points
from tutor.grading.verdict import Finding

CREDIT = 0.5
"""For the right bounds with a wrong bracket."""
INFINITY = Const("infinity")
_MOST = 60
_UNION = r"∪|\\cup\b|\bU\b(?=\s*[^\s<>=≤≥≠!])|\bu\b(?=\s*[\[({\]])|\bor\b|\|\||\\lor\b|\\vee\b|∨|\\text\{\s*or\s*\}"
_BOTH = r"∩|\\cap\b|\band\b|&&?|\\land\b|\\wedge\b|∧|\\text\{\s*and\s*\}|,"
_JOINED = re.compile(rf"[<>=≤≥≠]|\\(?:leq?|geq?|neq?|lt|gt)\b|{_UNION}|{_BOTH[:-2]}")
_DEEPEST = 20
_REVERSED = re.compile(r"([\[\](])([^\[\]()]*[,;][^\[\]()]*)([\[\])])")
_LETTER = re.compile(r"\s*[^\W\d_]\w*\s*(?:∈|\\in\b|\bin\b)")
_REALS = r"(?:ℝ|R|\\mathbb\s*\{?\s*R\s*\}?)"
_ALL = re.compile(rf"\s*(?:{_REALS}|all(?: the)? real numbers|all reals|all [a-z]|everywhere|always)\s*\.?\s*", re.IGNORECASE)
_EXCEPT = re.compile(
    rf"\s*(?:{_REALS}|all(?: the)? (?:real )?(?:numbers|values)(?: of [a-z])?|all reals|all [a-z]|everything|everywhere)"
    r",?\s*(?:except(?: for)?|without|but(?: not)?|other than)(?:\s+at)?\s*(.+?)",
    re.IGNORECASE,
)
_BUILDER = re.compile(rf"\s*\\?\{{\s*[^\W\d_]\s*(?:(?:∈|\\in\b|\bin\b)\s*{_REALS})?\s*(?:\||:|∣|\\mid\b|\\vert\b)(.+?)\\?\}}\s*", re.DOTALL)
"""{x | x > 3}, {x ∈ ℝ : x > 3}"""
_WITHOUT = re.compile(rf"\s*{_REALS}\s*(?:\\setminus|\\|∖|-)\s*(?:\\\{{|\{{)(.*?)(?:\\\}}|\}})\s*")


class Undecidable(Exception):
    """Two bounds whose order is not known."""


@dataclass(frozen=True, slots=True)
class Span:
    """One interval; a point is a closed one with equal bounds."""

    lower: Form
    upper: Form
    left_open: bool
    right_open: bool

    def form(self) -> Form:
        """As it is written."""
        return Listing("set", (self.lower,)) if self.lower is self.upper else Interval(self.lower, self.upper, self.left_open, self.right_open)


Spans = tuple[Span, ...]
REALS = (Span(Neg(INFINITY), INFINITY, True, True),)


@dataclass(frozen=True, slots=True)
class RealSet(Mathematics):
    """A set of real numbers, given by its key: an interval, an inequality in one letter, or a set of such."""

    key: Form

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """Intervals and inequalities, with unions, `or`, `and`, x ∈ in front; ]2; 3] is (2, 3]. Raises `ReadError`."""
        check_length(text)
        body, start = unwrapped(_turned(with_points(text)))
        if EMPTY.fullmatch(body):
            return gathered(text, Listing("set", ()), names=names)
        if _ALL.fullmatch(body):
            return gathered(text, REALS[0].form(), names=names)
        if match := _BUILDER.fullmatch(body):
            body, start = match[1], start + match.start(1)
        if match := _LETTER.match(body):
            body, start = body[match.end() :], start + match.end()
        if without := _WITHOUT.fullmatch(body) or _EXCEPT.fullmatch(body):
            points = [piece_read(text, (piece, start + without.start(1) + at), names).form for piece, at in cut(without[1], r"[,;]|\band\b|\bor\b")]
            return gathered(text, _complement([bare(point) for point in points]), names=names)
        if _ALL.fullmatch(body):
            return gathered(text, REALS[0].form(), names=names)
        return gathered(text, _region_read(text, (body, start), names), names=names)

    def judge(self, answer: Form) -> Judgement:
        """The same set; right bounds with a wrong bracket; the wrong side; or a number to try."""
        if is_scalar(answer):
            return wrong("kind.interval", "not_interval")
        try:
            given, key = spans(answer), spans(self.key)
            if given is None or key is None:
                return self._unsolved(answer, key or ()) if _has_relation(answer) else wrong("kind.interval", "not_interval")
            if answer.free and self.key.free and answer.free != self.key.free:
                return wrong("interval.letter", "interval_letter")
            return _judged(given, key, _letter(self.key) or _letter(answer) or Sym("x"))
        except Undecidable:
            return Judgement("undecided", 0.0, UNDECIDED, (said("undecided", "undecided"),))

    def _unsolved(self, answer: Form, key: Spans) -> Judgement:
        """An inequality that is not solved earns a part where it holds for the right numbers."""
        letter = _letter(answer)
        if isinstance(answer, Relation) and letter is not None and len(answer.free) == 1:
            values = [value for value in _candidates(key, REALS) if rational(value) is not None]
            truths = [(holds(answer, {letter.name: rational(value)}), contains(key, value)) for value in values]
            if all(truth is None or truth is inside for truth, inside in truths) and any(truth is not None for truth, _ in truths):
                return Judgement("partly", CREDIT, OTHER, (said("interval.unsolved", "unsolved"),))
        return wrong("interval.unsolved", "unsolved")

    def samples(self) -> Samples:
        """The key, and as a union of intervals; a bracket turned, another number."""
        key = spans(self.key) or ()
        written = " ∪ ".join(_text(span) for span in key) or "∅"
        first = key[0] if key else REALS[0]
        turned = [Span(first.lower, first.upper, not first.left_open or infinite(first.lower) is not None, first.right_open), *key[1:]]
        changed = " ∪ ".join(_text(span) for span in turned)
        outwards = "]" + written[1:-1] + "[" if len(key) == 1 and key[0].left_open and key[0].right_open else written
        return Samples((_text_of(self.key) or written, written, outwards, f"x ∈ {written}" if written != "∅" else written), (*([changed] if key and turned != list(key) else []), "x = 1/7", "sin(x) + 2"), ("", "(1, 2", "x > "))


def spans(form: Form) -> Spans | None:
    """Disjoint spans in order; None for what is no set of numbers, or not solved. May raise `Undecidable` where an order is not known."""
    found = _raw(form)
    return None if found is None else _merged(found)


def _raw(form: Form) -> list[Span] | None:
    match form:
        case Interval(lower, upper, left, right) if _is_bound(lower) and _is_bound(upper):
            return [Span(lower, upper, left or infinite(lower) is not None, right or infinite(upper) is not None)]
        case Listing("tuple" | "list" as kind, (lower, upper)) if _is_bound(lower) and _is_bound(upper):
            return _raw(Interval(lower, upper, kind == "tuple", kind == "tuple"))
        case Listing("set", items) if len(items) <= _MOST:
            parts = [_raw(item) for item in items]
            return None if any(part is None for part in parts) else [span for part in parts for span in part or ()]
        case Relation():
            return _of_relation(form)
        case _ if _is_bound(form) and infinite(form) is None:
            return [Span(form, form, False, False)]
    return None


def _is_bound(form: Form) -> bool:
    return not form.free and is_scalar(form) and (infinite(form) is not None or evaluate_ball(form, {}).is_finite())


def _of_relation(form: Relation) -> list[Span] | None:
    """A chain as the intersection of its links."""
    if len(form.free) != 1:
        return None
    found: Spans = REALS
    for k, operator in enumerate(form.operators):
        link = _of_link(form.operands[k], operator, form.operands[k + 1])
        if link is None:
            return None
        found = intersection(found, _merged(link))
    return list(found)


_MIRROR = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def _of_link(left: Form, operator: str, right: Form) -> list[Span] | None:
    """One inequality, solved where it is linear or a distance."""
    match left, right:
        case Sym(), _ if _is_bound(right):
            return _half(operator, right)
        case _, Sym() if _is_bound(left):
            return _half(_MIRROR[operator], left)
        case Call("abs", (inner,)), _ if _is_bound(right) and infinite(right) is None:
            return _distance(inner, operator, right)
        case _, Call("abs", (inner,)) if _is_bound(left) and infinite(left) is None:
            return _distance(inner, _MIRROR[operator], left)
    if not left.free | right.free or not (is_scalar(left) and is_scalar(right)):
        return None
    moved = tidied(Add((left, Neg(right))))[0]
    match simplified(Relation((moved, ZERO), (operator,))) if moved.free else None:
        case Relation((Sym(), bound), (solved,)) if _is_bound(bound):
            return _half(solved, bound)
    return None


def region(relation: Relation) -> Form | None:
    """The solutions of an inequality in one letter, as a set of intervals; None where they are not found.

    >>> from tutor import read
    >>> str(region(read("x^2 > 4")))
    '{(-infinity, -2), (2, infinity)}'
    """
    left, right = relation.operands
    below = Add((left, Neg(right))) if relation.operators[0] in ("<", "<=") else Add((right, Neg(left)))
    found = solved(below, "=" in relation.operators[0])
    if found is None:
        return None
    try:
        parts = _merged([Span(Neg(INFINITY) if low is None else low, INFINITY if high is None else high, low is not high, low is not high) for low, high in found])
    except Undecidable:
        return None
    return Listing("set", tuple(span.form() for span in parts))


def _half(operator: str, bound: Form) -> list[Span]:
    """The numbers on one side of a bound."""
    low, high = Neg(INFINITY), INFINITY
    match operator:
        case ">" | ">=":
            return [Span(bound, high, operator == ">", True)]
        case "<" | "<=":
            return [Span(low, bound, True, operator == "<")]
        case "!=":
            return [Span(low, bound, True, True), Span(bound, high, True, True)]
    return [Span(bound, bound, False, False)]


def _distance(inner: Form, operator: str, size: Form) -> list[Span] | None:
    """|u| < c is −c < u < c; |u| > c is u < −c or u > c."""
    if evaluate_ball(size, {}) < 0:
        return [] if operator in ("<", "<=", "=") else list(REALS)
    below, above = _of_link(inner, _MIRROR[operator], _opposite(size)), _of_link(inner, operator, size)
    if below is None or above is None:
        return None
    if operator in ("<", "<=", "!="):
        return list(intersection(_merged(below), _merged(above)))
    return below + above


def _opposite(form: Form) -> Form:
    return rewritten(Neg(form), numbers)


# -- order -------------------------------------------------------------------------------------------


def compare(one: Form, other: Form) -> int:
    """−1, 0 or 1 as one bound is smaller than, equal to or larger than the other. Raises `Undecidable` where that is not known."""
    if one is other:
        return 0
    left, right = infinite(one) or 0, infinite(other) or 0
    if left or right:
        return (left > right) - (left < right)
    exact, other_exact = (rational(rewritten(form, numbers)) for form in (one, other))
    if exact is not None and other_exact is not None:
        return (exact > other_exact) - (exact < other_exact)
    ball, other_ball = evaluate_ball(one, {}), evaluate_ball(other, {})
    if ball < other_ball:
        return -1
    if ball > other_ball:
        return 1
    if settled(one, other).equal:
        return 0
    raise Undecidable


def _is_empty(span: Span) -> bool:
    order = compare(span.lower, span.upper)
    return order > 0 or (order == 0 and (span.left_open or span.right_open))


def _merged(found: Sequence[Span]) -> Spans:
    """In order, touching and overlapping spans joined, empty ones left out."""
    rest = sorted((span for span in found if not _is_empty(span)), key=cmp_to_key(_before))
    joined: list[Span] = []
    for span in rest:
        last = joined[-1] if joined else None
        if last is None or _apart(last, span):
            joined.append(span)
        else:
            order = compare(last.upper, span.upper)
            upper, is_open = (last.upper, last.right_open) if order > 0 else (span.upper, span.right_open if order < 0 else last.right_open and span.right_open)
            joined[-1] = Span(last.lower, upper, last.left_open, is_open)
    return tuple(joined)


def _before(one: Span, other: Span) -> int:
    return compare(one.lower, other.lower) or one.left_open - other.left_open


def _apart(left: Span, right: Span) -> bool:
    """Whether there is a number between two spans."""
    order = compare(left.upper, right.lower)
    return order < 0 or (order == 0 and left.right_open and right.left_open)


def intersection(one: Spans, other: Spans) -> Spans:
    """What lies in both."""
    found = []
    for left in one:
        for right in other:
            low, high = compare(left.lower, right.lower), compare(left.upper, right.upper)
            lower, left_open = (left.lower, left.left_open) if low > 0 else (right.lower, right.left_open if low < 0 else left.left_open or right.left_open)
            upper, right_open = (left.upper, left.right_open) if high < 0 else (right.upper, right.right_open if high > 0 else left.right_open or right.right_open)
            found.append(Span(lower, upper, left_open, right_open))
    return _merged(found)


def contains(some: Spans, value: Form) -> bool:
    """Whether a number lies in one of the spans."""
    for span in some:
        low, high = compare(span.lower, value), compare(value, span.upper)
        if (low < 0 or (low == 0 and not span.left_open)) and (high < 0 or (high == 0 and not span.right_open)):
            return True
    return False


# -- verdict -----------------------------------------------------------------------------------------


def _judged(given: Spans, key: Spans, letter: Form) -> Judgement:
    same = len(given) == len(key) and all(_same_bounds(one, other) for one, other in zip(given, key, strict=True))
    if same and all((one.left_open, one.right_open) == (other.left_open, other.right_open) for one, other in zip(given, key, strict=True)):
        return Judgement("right", 1.0, Evidence(True, "balls"))
    if same:
        return Judgement("partly", CREDIT, Evidence(False, "balls"), (said("interval.ends", "interval_ends"),))
    findings = [_try(value, given, letter) for value in _candidates(given, key) if contains(given, value) is not contains(key, value)][:1]
    if not intersection(given, key) and len(given) + len(key) > 1 and _merged([*given, *key]) != () and _covers_all(given, key):
        return Judgement("wrong", 0.0, Evidence(False, "balls"), (said("interval.side", "interval_side"),))
    matched = sum(any(_same_bounds(one, other) for one in given) for other in key)
    score = matched / max(len(given), len(key), 1) if len(key) > 1 else 0.0
    return Judgement("partly" if score else "wrong", score, Evidence(False, "balls"), tuple(findings))


def _same_bounds(one: Span, other: Span) -> bool:
    return compare(one.lower, other.lower) == 0 and compare(one.upper, other.upper) == 0


def _covers_all(given: Spans, key: Spans) -> bool:
    """Whether two sets together are all numbers, up to their ends: then the answer is the other side."""
    closed = _merged([Span(span.lower, span.upper, False, False) for span in (*given, *key)])
    return len(closed) == 1 and infinite(closed[0].lower) == -1 and infinite(closed[0].upper) == 1


def _candidates(given: Spans, key: Spans) -> Iterator[Form]:
    """Numbers to try: between the bounds that occur and beside them, then the bounds."""
    bounds = [bound for span in (*given, *key) for bound in (span.lower, span.upper) if infinite(bound) is None]
    some = sorted(dict.fromkeys(bounds), key=cmp_to_key(compare))
    yield from (ZERO, ONE, TWO, number(10), number(-10))
    for low, high in pairwise(some):
        yield _plain(Div(Add((low, high)), TWO))
    for bound in some:
        yield from (_plain(Add((bound, ONE))), _plain(Add((bound, Neg(ONE)))), bound)


def _plain(form: Form) -> Form:
    """A number as a fraction, or rounded to one where it is none."""
    exact = rewritten(form, numbers)
    return exact if rational(exact) is not None else number(Fraction(f"{float(evaluate_ball(form, {})):.3g}"), decimal=True)


def _try(value: Form, given: Spans, letter: Form) -> Finding:
    return said("interval.try", "interval_try", point=Relation((letter, value), ("=",)), inside=contains(given, value))


def _has_relation(form: Form) -> bool:
    return isinstance(form, Relation) or (isinstance(form, Listing) and any(isinstance(item, Relation) for item in form.items))


def _letter(form: Form) -> Sym | None:
    return Sym(min(form.free)) if form.free else None


# -- reading and writing -----------------------------------------------------------------------------


def _turned(text: str) -> str:
    """Brackets that open outwards as round ones, sign by sign: ]2; 3] is (2, 3]."""

    def replaced(match: re.Match[str]) -> str:
        opener, inside, closer = match.groups()
        if closer != "[" and opener != "]" and ";" not in inside:
            return match.group()
        return f"{'(' if opener == ']' else opener}{inside.replace(';', ',')}{')' if closer == '[' else closer}"

    return _REVERSED.sub(replaced, text)


def _region_read(text: str, piece: Piece, names: Names, depth: int = 0) -> Form:
    """A set of numbers: parts joined by `or` are united, parts joined by `and` intersected, brackets around such parts group."""
    parts = [_both(text, (part, piece[1] + at), names, depth) for part, at in cut(piece[0], _UNION)]
    return parts[0] if len(parts) == 1 else Listing("set", tuple(parts))


def _part(text: str, piece: Piece, names: Names, depth: int) -> Form:
    """One part: an interval, an inequality, or a bracket around several."""
    inside = re.fullmatch(r"(\s*\()(.*)\)\s*", piece[0], re.DOTALL)
    if inside is None or depth >= _DEEPEST or not _JOINED.search(inside[2]) or not _is_one_bracket(inside[2]):
        return piece_read(text, piece, names).form
    return _region_read(text, (inside[2], piece[1] + len(inside[1])), names, depth + 1)


def _is_one_bracket(inside: str) -> bool:
    """Whether brackets close in the order in which they open, so that (…) is not the (a) and (b) of (a)…(b)."""
    depth = 0
    for sign in inside:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return False
    return depth == 0


def _also_excluded(parts: Sequence[Form]) -> list[Form]:
    """x ≠ 2, 3 is x ≠ 2, x ≠ 3."""
    found: list[Form] = []
    for part in parts:
        match found[-1] if found else None:
            case Relation((Sym() as letter, _), ("!=",)) if not part.free and is_scalar(part):
                found.append(Relation((letter, part), ("!=",)))
            case _:
                found.append(part)
    return found


def _both(text: str, piece: Piece, names: Names, depth: int) -> Form:
    """One part of a union: pieces joined by `and` are intersected; what is not solved stays a list."""
    parts = _also_excluded([_part(text, (part, piece[1] + at), names, depth) for part, at in cut(piece[0], _BOTH)])
    if len(parts) == 1:
        return parts[0]
    try:
        regions = [spans(part) for part in parts]
        known = [region for region in regions if region is not None]
        if len(known) < len(regions):
            return Listing("list", tuple(parts))
        found = known[0]
        for region in known[1:]:
            found = intersection(found, region)
    except Undecidable:
        return Listing("list", tuple(parts))
    return found[0].form() if len(found) == 1 else Listing("set", tuple(span.form() for span in found))


def _complement(points: Sequence[Form]) -> Form:
    """All numbers but some; what cannot be brought in order stays a list."""
    try:
        found: Spans = REALS
        for point in points:
            if not _is_bound(point):
                return Listing("list", tuple(points))
            found = intersection(found, tuple(_half("!=", point)))
    except Undecidable:
        return Listing("list", tuple(points))
    return Listing("set", tuple(span.form() for span in found)) if len(found) > 1 else found[0].form()


def _text(span: Span) -> str:
    if span.lower is span.upper:
        return f"{{{span.lower}}}"
    return f"{'(' if span.left_open else '['}{span.lower}, {span.upper}{')' if span.right_open else ']'}"


def _text_of(form: Form) -> str:
    return str(form) if isinstance(form, Relation | Interval) else ""
