"""What is on the screen, as documents: the question, what the last step has to say, the keys, the summary.

Media come later: the same documents are shown in a terminal, line by line in a log, or read aloud. The right answer is in none of them
before it was found or asked for.

>>> from tutor.exposition.data import plain
>>> from tutor.practice.events import Note
>>> plain(note(Note("undone")).phrase)
'Taken back. The question is open again.'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tutor.exposition.doc import Block, Doc, Paragraph, Phrase, Section, Table
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.reading import Reading
from tutor.form.tree import Apply, Form, Listing, Sym
from tutor.form.walk import nodes
from tutor.grading.document import known_by, name_of, verdict_doc
from tutor.grading.kinds.base import Kind
from tutor.grading.verdict import Verdict
from tutor.practice.events import Hinted, Judged, Note, Solved
from tutor.practice.learner import Learner, learner_of
from tutor.practice.records import Answered, standing
from tutor.practice.session import Asking, Session
from tutor.problems import solution
from tutor.problems.problem import Problem, Question
from tutor.problems.skills import SKILLS

say = PHRASES.say
KEYS = {"?": "hint", "!": "solution", "s": "skip", "u": "undo", "b": "easier", "w": "why", "r": "words", "h": "keys", "q": "leave"}
"""The keys in the order in which they are shown, each with its word, which can be typed too."""
_MANY = 3
"""After so many wrong attempts another way is offered."""


# -- the question ------------------------------------------------------------------------------------------


def head(session: Session) -> Phrase:
    """Which question it is."""
    assert session.asking is not None
    number = len(session.done) + 1
    return say("quiz.head", {"number": number, "count": session.count, "title": session.asking.problem.title})


def question_doc(session: Session) -> Doc:
    """The open question with its story, and the questions of the same problem before it with what came out."""
    asking = session.asking
    assert asking is not None
    blocks: list[Block] = []
    if asking.resumed:
        blocks.append(Paragraph(say("quiz.resumed", {}), "remark"))
    blocks += asking.problem.statement
    skipped = {one.item.question for one in session.done if one.item.variant == asking.item.variant and one.outcome == "skipped"}
    blocks += before(asking.problem, asking.item.question, skipped)
    blocks += asked(asking.problem, asking.item.question)
    return Doc(head(session), tuple(blocks))


def before(problem: Problem, place: int, hidden: Iterable[int] = ()) -> Iterator[Block]:
    """The questions that come before one, with their results except for those that are hidden."""
    without = set(hidden)
    for k, question in enumerate(problem.questions[:place]):
        line = solution.lettered(k, len(problem.questions), question.ask)
        found = () if k in without else (" ", *say("quiz.before", {"result": solution.result(question)}))
        yield Paragraph((*line, *found), "remark")


def asked(problem: Problem, place: int) -> Iterator[Block]:
    """A question with what stands below it, and how its answer is typed."""
    question = problem.questions[place]
    yield Paragraph(solution.lettered(place, len(problem.questions), question.ask), "question")
    yield from question.shown
    if question.source.settings.get("kind") != "unit" and question.unit:
        yield Paragraph(say("quiz.unit", {"unit": question.unit}), "reason")
    kind, text = _inner(question.kind), "".join(map(str, question.ask))
    options = options_of(question)
    if options and not all(option in text for option in options):
        yield Paragraph(say("quiz.one_of", {"options": ", ".join(options)}))
    if PHRASES.has(f"quiz.how.{type(kind).__name__}"):
        yield Paragraph(say(f"quiz.how.{type(kind).__name__}", {"given": question.source.given}), "reason")


def _inner(kind: Kind) -> Kind:
    """A kind without what is wrapped around it."""
    while hasattr(kind, "kind"):
        kind = kind.kind
    return kind


def options_of(question: Question) -> tuple[str, ...]:
    """What can be chosen, where the answer is chosen."""
    return tuple(getattr(_inner(question.kind), "options", None) or ())


def letters_of(problem: Problem, place: int) -> frozenset[str]:
    """The letters and options that a question names: typed alone, such a letter is an answer and no key."""
    question, scope = problem.questions[place], problem.scope
    phrases = [question.ask, *(block.phrase for block in problem.statement if isinstance(block, Paragraph))]
    forms = [part for phrase in phrases for part in phrase if isinstance(part, Form)]
    names = {node.name for form in forms for node in nodes(form) if isinstance(node, Sym | Apply)}
    return frozenset(names) | set(scope.variables) | set(scope.functions) | {one.casefold() for one in options_of(question)}


def answers_of(session: Session) -> frozenset[str]:
    """The letters that are answers now, and no keys: those of the open question."""
    asking = session.asking
    return frozenset() if asking is None or session.settled else letters_of(asking.problem, asking.item.question)


def letter_doc(session: Session, text: str) -> Doc | None:
    """What is said of a key's letter that could be an answer here and is none: it may have been meant as the key. None for any other text."""
    asking, letter = session.asking, text.strip()
    word = KEYS.get(letter.casefold(), "")
    if asking is None or asking.aside or not word or letter.casefold() in options_of(asking.question) or asking.question.check(letter).right:
        return None
    values = {"letter": letter, "typed": pressed(answers_of(session))[word], "name": say(f"quiz.keys.{word}", {})}
    return Doc((), (Paragraph(say("quiz.letter", values), "remark"),))


def why_doc(asking: Asking) -> Doc:
    """Why the question was chosen."""
    reasons = [one.phrase for one in asking.reasons] or [say("quiz.resumed" if asking.resumed else "quiz.why_plain", {})]
    return Doc((), (Section(say("quiz.why", {}), tuple(map(Paragraph, reasons)), "why"),))


def pressed(named: frozenset[str] = frozenset(), keys: Mapping[str, str] = KEYS) -> dict[str, str]:
    """What has to be typed for each key, by its word: a letter that the question names needs a colon in front.

    >>> pressed(frozenset("s"))["skip"], pressed()["skip"]
    (':s', 's')
    """
    return {word: f":{key}" if key in named else key for key, word in keys.items()}


def keys_doc(named: frozenset[str] = frozenset(), keys: Mapping[str, str] = KEYS, page: str = "quiz") -> Doc:
    """What each key does; its sentences are those of a page of phrases."""
    typed = pressed(named, keys)
    rows = tuple(((typed[word],), say(f"{page}.keys_long.{word}", {})) for word in keys.values())
    return Doc((), (Paragraph(say("quiz.keys_title", {})), Table((), rows), Paragraph(say("quiz.keys_colon", {}), "reason")))


def words_doc(keys: Iterable[str]) -> Doc:
    """The words that can be typed in the place of an answer, for ears: signs such as ? are not always read aloud."""
    return Doc((), (Paragraph(say("quiz.keys_words", {"words": ", ".join(keys)})),))


# -- what the last step has to say -----------------------------------------------------------------------------


def said_doc(session: Session) -> Doc:
    """What the last step has to say; empty where it has nothing to say."""
    named = answers_of(session)
    match session.said:
        case Judged(verdict, _, True):
            return Doc(read_as(verdict.reading), tuple(_smaller(verdict)))
        case Judged(verdict, _, _):
            assert session.asking is not None
            blocks = (*_judged(verdict, named), *_strange(verdict, session.asking), *_after(session, named))
            return Doc(read_as(verdict.reading, options_of(session.asking.question)), blocks)
        case Hinted(clue, number, count):
            hint = Paragraph(say("quiz.hint", {"number": number, "count": count, "hint": clue.phrase}), "hint")
            return Doc((), (hint, *((Paragraph(say("quiz.smaller_here", {}), "reason"),) if clue.smaller else ())))
        case Solved() if session.asking is not None:
            return solved_doc(session.asking)
        case Note() as found:
            return Doc((), (note(found, named),))
    return Doc((), ())


def read_as(reading: Reading | None, options: Iterable[str] = ()) -> Phrase:
    """How a reply was read; nothing where it could not be."""
    return () if reading is None else (*say("verdict.read_as", {}), *said(reading.form, options))


def said(form: Form, options: Iterable[str] = ()) -> Phrase:
    """A reply as it was understood: as mathematics, or as the options that it names in the author's spelling.

    >>> from tutor.form.reading import read
    >>> said(read("{b, a}"), ("A", "B", "C"))
    ('A, B',)
    """
    chosen = {str(one).casefold() for one in (form.items if isinstance(form, Listing) else (form,))}
    named = [option for option in options if option.casefold() in chosen]
    return (", ".join(named),) if named else (form,)


def note(found: Note, named: frozenset[str] = frozenset()) -> Paragraph:
    """One sentence."""
    return Paragraph(say(f"quiz.{found.id}", pressed(named)), "remark")


def _judged(verdict: Verdict, named: frozenset[str]) -> Iterator[Block]:
    """What is said of a reply. How it is known belongs to a right one; a wrong one of which nothing can be said gets the offer of a hint."""
    proof = () if verdict.right else (Paragraph(known_by(verdict.evidence), "reason"),)
    yield from (block for block in verdict_doc(verdict).blocks if block not in proof)
    if verdict.outcome == "wrong" and not verdict.findings:
        yield Paragraph(say("quiz.again", pressed(named)), "remark")


def _strange(verdict: Verdict, asking: Asking) -> Iterator[Block]:
    """The letters of a wrong answer that the question does not know."""
    if verdict.outcome != "wrong" or verdict.reading is None or not asking.question.answer.key.free or options_of(asking.question):
        return
    strange = sorted(verdict.reading.form.free - letters_of(asking.problem, asking.item.question))
    if strange:
        yield Paragraph(say("quiz.strange", {"letters": listed(list(map(Sym, strange))), "count": len(strange)}))


def _smaller(verdict: Verdict) -> Iterator[Block]:
    """What is said of a reply to the smaller question."""
    if verdict.right:
        yield Paragraph(say("quiz.smaller_right", {}), "question")
    else:
        yield from _judged(verdict, frozenset())
        yield Paragraph(say("quiz.smaller_wrong", {}), "remark")


def _after(session: Session, named: frozenset[str]) -> Iterator[Block]:
    """What stands below a verdict: what the right answer means, or what can be done after many wrong ones."""
    asking = session.asking
    if asking is None:
        return
    if asking.outcome == "right" and asking.question.interpretation:
        yield Paragraph(asking.question.interpretation)
    elif asking.outcome is None and session.log and session.log[-1].counts and asking.attempts % _MANY == 0:
        yield Paragraph(say("quiz.stopped", pressed(named)), "remark")


def solved_doc(asking: Asking) -> Doc:
    """The worked solution of one question; what an earlier question has found is referred to."""
    sections = [block for block in solution.solution(asking.problem).blocks if isinstance(block, Section) and block.rule == "question"]
    return Doc(say("quiz.solution", {}), sections[asking.item.question].blocks)


# -- the summary -------------------------------------------------------------------------------------------


def summary_docs(session: Session, start: Learner, now: datetime) -> tuple[Doc, ...]:
    """How the session went, where the learner stands (`start` is who the learner was before), and what to do next."""
    log = standing(session.log)
    tries = [one for one in log if one.counts]
    if not tries:
        waits = (Paragraph(say("quiz.next_open", {})),) if session.asking is not None else ()
        return (Doc((), (Paragraph(say("quiz.summary_none", {})), *waits, *_due(start, now))),)
    counted = Counter(map(_how, _questions(tries)))
    rows = tuple((say(f"quiz.results.{name}", {}), (str(counted[name]),)) for name in ("once", "later", "shown", "skipped", "open") if counted[name])
    title = say("quiz.summary", {"count": sum(counted.values()), "time": _time(now - session.began)})
    whole = learner_of(log, start)
    sections = (*_mistakes(tries), *_stand(tries, start, whole), *_next(session, tries, whole, now))
    return (Doc(title, (Table((), rows),)), *(Doc((), (section,)) for section in sections))


def _questions(tries: Sequence[Answered]) -> list[list[Answered]]:
    """The answers by question, in the order of the session."""
    found: dict[tuple[str, int], list[Answered]] = {}
    for one in tries:
        found.setdefault((one.item.variant, one.item.question), []).append(one)
    return list(found.values())


def _how(answers: Sequence[Answered]) -> str:
    """How a question went."""
    last = answers[-1]
    if last.outcome == "right":
        return "once" if last.attempt == 1 and not last.hints else "later"
    return last.outcome if last.outcome in ("shown", "skipped") else "open"


def _mistakes(tries: Sequence[Answered]) -> Iterator[Block]:
    """The mistakes that have a name, the most frequent first."""
    counted = Counter(name for one in tries for mistake in one.mistakes if (name := name_of(mistake)))
    if counted:
        lines = tuple(Paragraph(say("quiz.mistake", {"name": name, "count": count})) for name, count in counted.most_common(4))
        yield Section(say("quiz.mistakes", {}), lines, "mistakes")


def _stand(tries: Sequence[Answered], old: Learner, new: Learner) -> Iterator[Block]:
    """How probable it was before, and is now, that each skill is known."""
    skills = [name for name in SKILLS if any(name in one.item.skills for one in tries)]
    rows = tuple(((SKILLS[name].title,), (percent(old, name),), (percent(new, name),)) for name in skills if name in new.masteries)
    if rows:
        header = tuple((word,) for word in PHRASES.words("quiz.skill_columns"))
        firm = [SKILLS[name].title for name in skills if new.mastered(name) and not old.mastered(name)]
        news = (Paragraph(say("quiz.mastered", {"skills": ", ".join(firm)})),) if firm else ()
        yield Section(say("quiz.skills", {}), (Table(header, rows), *news), "skills")


def percent(learner: Learner, skill: str) -> str:
    """How probable it is that a skill is known, never rounded up to certainty; a dash where nothing was asked."""
    return f"{min(round(100 * learner.known(skill)), 99)} %" if skill in learner.masteries else "–"


def _next(session: Session, tries: Sequence[Answered], learner: Learner, now: datetime) -> Iterator[Block]:
    lines = [*_advice(session, tries, learner), *_due(learner, now), Paragraph(say("quiz.next_progress", {}))]
    yield Section(say("quiz.next", {}), tuple(lines), "next")


def _advice(session: Session, tries: Sequence[Answered], learner: Learner) -> Iterator[Paragraph]:
    """The topic where most went wrong (or what comes before it, where that is missing), else one that is within reach."""
    if session.asking is not None and not session.settled:
        yield Paragraph(say("quiz.next_open", {}))
    missed = Counter(one.item.skills[0] for one in tries if one.outcome in ("wrong", "partly", "shown") and one.item.skills)
    if missed:
        skill = missed.most_common(1)[0][0]
        lacking = next((name for name in SKILLS[skill].after if name in learner.masteries and learner.known(name) < _SHAKY), None)
        if lacking:
            yield Paragraph(say("quiz.next_easier", {"skill": SKILLS[skill].title, "before": SKILLS[lacking].title, "topic": lacking}))
        else:
            yield Paragraph(say("quiz.next_topic", {"skill": SKILLS[skill].title, "topic": skill}))
        return
    known = {name for name in SKILLS if learner.mastered(name) or learner.known(name) > _FIRM}
    reach = next((name for name, one in SKILLS.items() if name not in learner.masteries and one.after and set(one.after) <= known), None)
    if reach:
        yield Paragraph(say("quiz.next_new", {"skill": SKILLS[reach].title, "topic": reach}))


_SHAKY, _FIRM = 0.4, 0.8


def _due(learner: Learner, now: datetime) -> Iterator[Paragraph]:
    """The review that comes first."""
    if learner.memories:
        skill = min(learner.memories, key=lambda name: (learner.memories[name].due, name))
        yield Paragraph(say("quiz.next_due", {"skill": SKILLS[skill].title if skill in SKILLS else skill, "when": when(learner.memories[skill].due, now)}))


def when(due: datetime, now: datetime) -> Phrase:
    """How long it is until then, in words.

    >>> when(datetime(2026, 1, 6, 12), datetime(2026, 1, 5, 12)), when(datetime(2026, 1, 9), datetime(2026, 1, 5))
    (('tomorrow',), ('in 4 days',))
    """
    days = -((now - due) // timedelta(days=1))
    if due <= now:
        return say("quiz.days.now", {})
    return say("quiz.days.tomorrow", {}) if days == 1 else say("quiz.days.later", {"count": days})


def _time(span: timedelta) -> Phrase:
    seconds = max(round(span.total_seconds()), 0)
    return say("quiz.times.seconds", {"count": seconds}) if seconds < 90 else say("quiz.times.minutes", {"count": round(seconds / 60)})


__all__ = [
    "KEYS", "answers_of", "asked", "before", "head", "keys_doc", "letter_doc", "letters_of", "note", "options_of", "percent", "pressed", "question_doc", "read_as", "said", "said_doc", "solved_doc",
    "summary_docs", "when", "why_doc", "words_doc",
]  # fmt: skip
