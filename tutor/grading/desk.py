"""What is known while a working is read from top to bottom: the values that its lines speak of, and what became of them.

Lines of one value are a track: f′(x), each part's derivative, each order, each partial derivative has its own. A side is compared
with what its track has come to; at its beginning that is the right value, or what follows from wrong lines about its parts.

>>> from tutor.grading.lines import pieces
>>> from tutor.grading.asked import Asked
>>> from tutor.grading.question import question
>>> desk = Desk(question(Asked(derivative_of="x^2 sin(x)")), ())
>>> [desk.line(piece).outcome for piece in pieces("(x^2)' = 2\\nf'(x) = 2 sin(x) + x^2 cos(x)")]
['wrong', 'carried']
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tutor.algebra.equal import UNDECIDED, Evidence, by_samples
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.errors import ReadError, TutorError
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import ONE, Apply, Deriv, Form, Listing, Mul, Num, Sym
from tutor.form.walk import nodes, substitute
from tutor.grading.ambiguity import finding
from tutor.grading.equality import settled
from tutor.grading.kinds.base import is_scalar, joint
from tutor.grading.kinds.expression import witnessed
from tutor.grading.kinds.number import Number
from tutor.grading.lines import Piece, Sides, sides
from tutor.grading.mistakes import findings, value_findings
from tutor.grading.names import Names
from tutor.grading.question import Question
from tutor.grading.slips import slips
from tutor.grading.tracks import CARRIED, UNWORKED, LineVerdict, Report, Standing, Track
from tutor.grading.verdict import Finding, Verdict

_PROOFS = 4
"""So many times SymPy may fail to decide; after that, samples have to do."""
_SEARCHED = 6
"""In so many wrong lines a mistake is looked for; whoever has more needs another kind of help."""
@dataclass
class Desk:
    """What is known while a working is read from top to bottom."""

    asked: Question
    declared: Collection[str]
    names: Names = field(init=False)
    main: Track = field(init=False)
    current: Track = field(init=False)
    tracks: dict[Form, Track] = field(default_factory=dict)
    wrong_parts: dict[Form, Form] = field(default_factory=dict)
    asides: list[Form] = field(default_factory=list)
    wrongs: int = 0
    open_proofs: int = 0
    last_wrong: int = 0
    number: int = 0
    following: Piece | None = None
    copied: tuple[Form, int] | None = None
    """What was worked with in the place of the question's function, and the line that says so."""

    def __post_init__(self) -> None:
        self.names = Names(self.asked)
        before: Track | None = None
        for one in self.asked.derivations:
            before = Track(one.value, one, before=None if self.asked.is_gradient else before)
            self.tracks.setdefault(one.value, before)
        self.main = before if before is not None and not self.asked.is_gradient else Track(self.asked.key)
        self.main.main = True
        self.tracks[self.main.key] = self.main
        self.current = self.main

    # -- one line

    def line(self, piece: Piece, following: Piece | None = None) -> LineVerdict:
        """The verdict on the next line; what follows it tells what was copied from the question and what is an answer."""
        self.following, self.number = following, piece.number
        try:
            said = sides(piece, self.asked.variable, self.declared, {name for name in self.names.bodies if len(name) == 1}, {*self.asked.letters, *self.names.bodies})
        except ReadError as fault:
            return LineVerdict(piece.number, piece.typed, "unreadable", fault=fault)
        if said.relation is not None:  # x > 0 beside a line is a remark
            return LineVerdict(piece.number, piece.typed, "stated", (said.relation,))
        report = Report()
        self._judge(piece, said, report)
        exact = tuple(form for place, form in enumerate(said.forms) if place not in said.rounded)
        return LineVerdict(
            piece.number, piece.typed, report.outcome, exact, report.side, report.above, report.findings, report.evidence,
            credit=self._credit(report), rounded=tuple(said.forms[place] for place in sorted(said.rounded)),
        )  # fmt: skip

    def _credit(self, report: Report) -> float | None:
        if report.outcome in ("follows", "back"):
            return 1.0 if report.new else None
        if report.outcome == "carried":
            return (CARRIED if self.wrongs < 2 else 0.0) if report.new else None
        return 0.0 if report.outcome == "wrong" else None

    def _judge(self, piece: Piece, said: Sides, report: Report) -> None:
        forms = said.forms
        start = 0
        if piece.gradient:
            self.current = self.main
        elif not piece.continues:
            match forms:
                case (Sym() | Apply() | Deriv() as label, _, *_) if (track := self._labelled(label, forms[1], report)) is not None:
                    self.current, start = track, 1
                    defined = report.outcome == "stated" and len(forms) == 2 and track.value is self.names.value(forms[1])
                    if report.outcome in ("undecided", "wrong") or defined:
                        return
                case (first, *_):
                    self.current = self._of_value(first, len(forms) > 1)
        for place in range(start, len(forms)):
            self._side(piece.number, said, place, place > start, report)

    def _labelled(self, label: Form, stated: Form, report: Report) -> Track | None:
        """The track that a line speaks of by the name in front; None where the name says nothing (y = … as an answer)."""
        match label:
            case Sym(name) if name in self.names.bodies or self.names.value(label) is label:
                return self._stated(name, label, stated, report)
            case Apply(name, _, orders) if not any(orders):
                return self._stated(name, label, stated, report)
        value = self.names.value(label)
        if value is None:
            report.outcome = "undecided"
            return Track(stated)
        if isinstance(label, Apply) and label.args and value not in self.tracks and self.names.inner(label.args) is None:
            found = self._at_a_point(label)
            if found is not None:
                return found
        return self._track(value, label)

    def _track(self, value: Form, label: Form | None = None) -> Track:
        """The track of a value; a new one with the derivation of what stands under the derivative."""
        if value not in self.tracks:
            derivation = None
            if isinstance(label, Deriv | Apply) and self._inner(label) is None:
                body = self.names.value(label.body if isinstance(label, Deriv) else Apply(label.name, label.args, (0,) * len(label.orders)))
                variable = label.variable if isinstance(label, Deriv) else self.asked.variable
                derivation = None if body is None else differentiate(body, variable)
            self.tracks[value] = Track(value, derivation, self._inner(label))
        return self.tracks[value]

    def _inner(self, label: Form | None) -> str | None:
        """The part with respect to which this is a derivative: the u of dy/du."""
        match label:
            case Deriv(_, variable, 1, _) if self.names.is_inner(variable):
                return variable
            case Apply(_, args, (1,)):
                return self.names.inner(args)
        return None

    def _at_a_point(self, label: Apply) -> Track | None:
        """f′(3) goes on from f′(x) with the number put in."""
        letters = self.names.letters(label.name, label.args) or ()
        general = self.names.value(Apply(label.name, tuple(map(Sym, letters)), label.orders))
        if general not in self.tracks:
            return None
        track = self.tracks[general]
        if track.value.free & frozenset(letters):
            place = dict(zip(letters, label.args, strict=True))
            track.value, track.key = substitute(track.value, place), substitute(track.key, place)
        return track

    def _stated(self, name: str, label: Form, stated: Form, report: Report) -> Track | None:
        """f(x) = x² says what was given, u = 3x defines a letter, y = 2x is an answer."""
        known, value = self.names.bodies.get(name), self.names.value(stated)
        args = label.args if isinstance(label, Apply) else ()
        if name in self.asked.letters and self.asked.function is not None:
            report.outcome = "stated"
            return Track(stated)
        if value is not None and known is not None and name not in self.declared:
            body = known[1] if self.names.inner(args) else substitute(known[1], dict(zip(known[0], args, strict=False)))
            if self._same(value, body).equal:
                report.outcome = "stated"
                return Track(body)
        if self.asked.function is None:
            return self.main
        if name in self.names.own and not (args and self._is_part(value)):
            if value is not None and self._is_miscopied(value):
                self._miscopied(stated, value, report)
            return self.main
        letters = tuple(arg.name for arg in args if isinstance(arg, Sym)) or (self.asked.variable,)
        report.outcome = "stated" if value is not None else "undecided"
        if value is not None:
            self.names.define(name, letters, value)
        return Track(stated if value is None else value)

    def _is_part(self, value: Form | None) -> bool:
        """Whether a part of the function gets the name f, as in f(x) = x², g(x) = sin x for their product; an answer is no part."""
        function, more = self.asked.function, self.following is not None and not self.following.continues
        return more and function is not None and value is not function and any(node is value for node in nodes(function))

    def _is_miscopied(self, value: Form) -> bool:
        """Whether this stands for the question's function and is another one: a derivative follows, and this is no derivative that was asked for."""
        if self.main.written is not None or self.following is None or not self.following.derives:
            return False
        return not any(self._same(value, one.value).equal for one in self.asked.derivations)

    def _miscopied(self, stated: Form, value: Form, report: Report) -> None:
        self.wrongs += 1
        report.outcome, report.side, report.findings = "wrong", stated, (Finding("working.copied", PHRASES.say("working.copied", {})),)
        self.copied = value, self.number

    def _of_value(self, first: Form, more: bool) -> Track:
        """The track of a line without a name: the main one, an earlier order, or one of its own that is compared with nothing above."""
        value = self.names.value(first)
        if value is None:
            return self.main
        for track in (self.main, *(self.tracks[one.value] for one in self.asked.derivations)):
            if self._compared(track, value)[0].equal:
                return track
        return Track(value) if more else self.main

    # -- one side

    def _side(self, number: int, said: Sides, place: int, inside: bool, report: Report) -> None:
        """Compare a side with what its track has come to, and go on from there."""
        track, side = self.current, said.forms[place]
        value = self.names.value(side)
        above = number if inside or (not track.main and not track.number) else track.number
        if place in said.rounded:
            self._rounded(track, side, value, above, report)
            return
        if value is None:
            report.outcome = "undecided" if report.outcome in ("follows", "aside") else report.outcome
            return
        if track.main and self._is_question(value, place, said):
            report.outcome = "stated"
            return
        report.new |= side is not track.written
        evidence, source = self._compared(track, value)
        report.evidence = evidence if report.outcome != "wrong" else report.evidence
        if evidence.equal is None:
            report.outcome = "undecided" if report.outcome != "wrong" else report.outcome
            return
        if evidence.equal:
            self._follows(track, source, report)
        elif (other := self._meant(track, said, place)) is not None:
            track.unclear = finding(side, other)
            report.outcome, report.side, report.above, report.findings = "undecided", side, above, (track.unclear,)
            return
        elif track.source and self._same(value, self._met(track.key, value)).equal:
            track.source, report.outcome, report.side, report.above = 0, "back", side, above
        else:
            self._wrong(track, side, value, above, number, report)
        track.value, track.written, track.number, track.rounded, track.unclear = value, side, number, None, None
        if not track.main and track.key not in self.tracks:
            self.asides.append(side)

    def _is_question(self, value: Form, place: int, said: Sides) -> bool:
        """Whether a line repeats the function that is to be differentiated, and goes on below."""
        function, written = self.asked.function, self.main.written is not None
        if function is None or written or place or len(said.forms) > 1 or self.following is None or self.following.continues:
            return False
        return is_scalar(value) and bool(self._same(value, function).equal) and not self._same(value, self.main.key).equal

    def _meant(self, track: Track, said: Sides, place: int) -> Form | None:
        """Another reading of a side that would follow: then the line is not wrong, and brackets are asked for."""
        for other in said.others(place):
            value = self.names.value(other)
            if value is not None and self._compared(track, value)[0].equal:
                return other
        return None

    def _follows(self, track: Track, source: int, report: Report) -> None:
        if source and report.outcome == "follows":
            track.source, report.outcome, report.above = source, "carried", source
        elif not track.main and track.key not in self.tracks and report.outcome == "follows":
            report.outcome = "aside"

    def _wrong(self, track: Track, side: Form, value: Form, above: int, number: int, report: Report) -> None:
        if report.outcome != "wrong":
            self.wrongs += 1
            report.outcome, report.side, report.above = "wrong", side, above
            report.findings = self._mistakes(track, value, report.evidence)
        if track.key is self.asked.function and self.main.written is None:
            self.copied = value, number
        if not track.source and track.derivation is not None and not track.main:
            self.wrong_parts[track.derivation.function] = value
            self.last_wrong = number
        track.source = number

    def _rounded(self, track: Track, side: Form, value: Form | None, above: int, report: Report) -> None:
        """A side behind ≈ has to be what the number above it is when it is rounded to its places."""
        track.rounded = side
        before = None if value is None else self._met(track.value, value)
        size = side.children[0] if side.children else side
        if before is None or value is None or before.free or value.free or not isinstance(size, Num):
            return
        close = Number(before, Fraction(1, 2 * 10**size.places)).is_close(value)
        report.evidence, report.new = Evidence(close, "tolerance"), True
        if close:
            self._follows(track, track.source, report)
        elif close is False and report.outcome != "wrong":
            self.wrongs += 1
            report.outcome, report.side, report.above = "wrong", side, above
            report.findings = (Finding("working.rounded", PHRASES.say("working.rounded", {})),)

    # -- comparing

    def _compared(self, track: Track, value: Form) -> tuple[Evidence, int]:
        """Whether a value is that of the track, and the wrong line that it stems from (0 for none)."""
        evidence = self._same(value, self._met(track.value, value))
        if evidence.equal is False and not track.source and track.is_unworked:
            for other, source in self._from_wrong_lines(track):
                carried = self._same(value, self._met(other, value))
                if carried.equal:
                    return carried, source
        return evidence, track.source

    def _from_wrong_lines(self, track: Track) -> Iterator[tuple[Form, int]]:
        """What a track would begin with after wrong lines about its parts, and the last of those lines."""
        if self.copied is not None:
            yield from self._of_copied(track, *self.copied)
        if track.main and self.asked.is_gradient:
            parts = [self.tracks[one.value] for one in self.asked.derivations]
            yield Listing("tuple", tuple(part.value for part in parts)), max((part.source for part in parts), default=0)
        if track.before is not None and track.before.source and track.derivation is not None:
            yield self.names.derivative(track.before.value, track.derivation.variable), track.before.source
        if track.derivation is not None and track.derivation.previous is None:
            for part in self.tracks.values():
                if part.inner is not None and part.source:
                    yield Mul((part.value, self.names.derivative(self.names.bodies[part.inner][1], self.asked.variable))), part.source
        if track.derivation is not None and self.wrong_parts:
            yield _folded(track.derivation, self.wrong_parts), self.last_wrong

    def _of_copied(self, track: Track, function: Form, source: int) -> Iterator[tuple[Form, int]]:
        """What a track would begin with if the function were the one that was copied wrongly."""
        if track.main and self.asked.is_gradient:
            yield Listing("tuple", tuple(self.names.derivative(function, one.variable) for one in self.asked.derivations)), source
        elif track.derivation is not None:
            for one in track.derivation.chain:
                function = self.names.derivative(function, one.variable)
            yield function, source

    def _met(self, above: Form, below: Form) -> Form:
        """The line above as it compares with the one below: with the point put in where that one has numbers for letters."""
        letters = self.asked.point.keys() & above.free
        return substitute(above, dict(self.asked.point)) if letters and not letters & below.free else above

    def _same(self, one: Form, other: Form) -> Evidence:
        if isinstance(one, Listing) or isinstance(other, Listing):
            if not (isinstance(one, Listing) and isinstance(other, Listing) and len(one.items) == len(other.items)):
                return Evidence(False, "structure")
            return joint(self._same(left, right) for left, right in zip(one.items, other.items, strict=True))
        if not (is_scalar(one) and is_scalar(other)):
            return UNDECIDED
        if self.open_proofs >= _PROOFS:
            return by_samples(one, other, self.asked.where)
        evidence = settled(one, other, self.asked.where)
        self.open_proofs += evidence.equal is None
        return evidence

    # -- mistakes

    def _mistakes(self, track: Track, value: Form, evidence: Evidence) -> tuple[Finding, ...]:
        """What to say about a side that does not follow from what its track has come to."""
        above = self._met(track.value, value)
        pairs = [(above, value)]
        if isinstance(above, Listing) and isinstance(value, Listing):
            pairs = [pair for pair in zip(above.items, value.items, strict=False) if self._same(*pair).equal is False]
        if self.wrongs > _SEARCHED or not pairs or isinstance(pairs[0][0], Listing) or isinstance(pairs[0][1], Listing):
            return ()
        upper, lower = pairs[0]
        seen = () if track.source else witnessed(lower, upper, evidence)
        if track.source or not track.is_unworked:
            return (*seen, *_slipped(upper, lower))
        return (*seen, *self._derivation_mistakes(track, upper, lower))

    def _derivation_mistakes(self, track: Track, upper: Form, lower: Form) -> tuple[Finding, ...]:
        derivation = track.derivation
        if track.main and self.asked.is_gradient:
            derivation = next((one for one in self.asked.derivations if self._met(one.value, lower) is upper), None)
        if derivation is None:
            return ()
        if self.asked.point and not lower.free & self.asked.point.keys() and derivation.value.free:
            return value_findings(derivation, self.asked.point, lower, upper) if derivation.value.free <= self.asked.point.keys() else ()
        return findings(derivation, lower, derivation.value)

    # -- the answer

    def goal(self, lines: Sequence[LineVerdict], judged: Callable[[Form], Verdict]) -> Verdict:
        """The verdict on the answer: what the last line about the question says."""
        track = self.main
        if track.unclear is not None:
            return Verdict("undecided", 0.0, (track.unclear,))
        answers = [one for one in (track.written, track.rounded) if one is not None] or self.asides[-1:]
        if not answers:
            faults = [line.fault for line in lines if line.fault is not None]
            if not lines or len(faults) == len(lines):
                empty = ReadError("empty", "there is no line to read", expected="a line such as f'(x) = 2x")
                return Verdict("unreadable", 0.0, fault=faults[0] if faults else empty)
            return _unfinished("no_answer")
        return max((self._judged(answer, judged) for answer in answers), key=lambda verdict: verdict.score)

    def _judged(self, answer: Form, judged: Callable[[Form], Verdict]) -> Verdict:
        """The verdict on one side as the answer; of a derivative that is still to be worked out, that it is."""
        value = self.names.value(answer)
        to_be_put_in = value is not None and bool(self.asked.point.keys() & value.free)
        if answer.kinds & UNWORKED or to_be_put_in:
            return _unfinished("unfinished_wrong" if self.main.source else "put_in" if to_be_put_in else "unfinished")
        try:
            return judged(answer if value is None else value)
        except TutorError as fault:
            return Verdict("undecided", 0.0, (Finding("undecided", (fault.message,)),))


def _unfinished(sentence: str) -> Verdict:
    return Verdict("undecided", 0.0, (Finding(f"working.{sentence}", PHRASES.say(f"working.{sentence}", {})),))


def _slipped(upper: Form, lower: Form) -> tuple[Finding, ...]:
    return tuple(
        Finding(slip.mistake, PHRASES.say(f"working.{slip.mistake}.ask", {"part": slip.part, "number": slip.part is ONE}), slip.part)
        for slip in slips(upper, lower)
    )


def _folded(derivation: Derivation, wrong: Mapping[Form, Form]) -> Form:
    """The derivative that comes out where some parts were differentiated wrongly and everything else is right."""
    done: dict[int, Form] = {}
    for step in derivation.root.walk():
        below = tuple(done[id(child)] for child in step.steps)
        if step.before in wrong and step is not derivation.root:
            done[id(step)] = wrong[step.before]
        elif all(value is child.after for value, child in zip(below, step.steps, strict=True)):
            done[id(step)] = step.after
        else:
            done[id(step)] = step.theorem.value(step.match, below)
    return done[id(derivation.root)]


__all__ = ["CARRIED", "Desk", "LineVerdict", "Standing"]
