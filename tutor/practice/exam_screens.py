"""What is on the screen in an exam, as documents: the question without any help, the overview, the results, the check of a result file.

>>> from tutor.exposition.data import plain
>>> plain(left(timedelta(minutes=3, seconds=20))), plain(left(timedelta(seconds=40)))
('4 min', '40 s')
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from tutor.errors import ReadError
from tutor.exposition.doc import Block, Doc, Paragraph, Phrase, Section, Table
from tutor.exposition.phrases import PHRASES
from tutor.grading.document import name_of
from tutor.practice.events import Note
from tutor.practice.exam import Graded, Kept, Sitting, Unread
from tutor.practice.screens import asked, options_of, said
from tutor.practice.sealed import Examined
from tutor.problems import solution
from tutor.problems.problem import Question

say = PHRASES.say
KEYS = {"s": "skip", "u": "undo", "r": "words", "h": "keys", "q": "leave"}
_SHORT = 60


def start_doc(sitting: Sitting, file: str) -> Doc:
    """What an exam is, before the first question."""
    resumed = Paragraph(say("exam.resumed", {"count": len(sitting.replies), "minutes": sitting.minutes}), "remark")
    values = {"problems": len(sitting.problems), "questions": len(sitting.places), "minutes": f"{sitting.minutes:g}" if sitting.minutes else ""}
    rest = (Paragraph(say("exam.start", values)), Paragraph(say("exam.start_more", {"file": file}), "reason"), *((resumed,) if sitting.log else ()))
    return Doc(say("exam.title", {"title": sitting.title}), rest)


def left(span: timedelta | None) -> Phrase:
    """The time that is left; nothing without a limit."""
    if span is None:
        return ()
    seconds = math.ceil(span.total_seconds())
    return say("exam.left.seconds", {"count": seconds}) if seconds < 90 else say("exam.left.minutes", {"count": math.ceil(seconds / 60)})


def question_doc(sitting: Sitting, now: datetime) -> Doc:
    """The question on the screen: its story, the parts before it (without results), what is asked, the reply so far."""
    assert sitting.at is not None
    which, number = sitting.places[sitting.at]
    problem = sitting.problems[which]
    earlier = tuple(Paragraph(solution.lettered(k, len(problem.questions), one.ask), "remark") for k, one in enumerate(problem.questions[:number]))
    handed = sitting.replies.get(sitting.at)
    given = (Paragraph(say("exam.given", {"reply": read_as(sitting.question(sitting.at), handed.reply)}), "remark"),) if handed else ()
    title = say("exam.head", {"number": sitting.at + 1, "count": len(sitting.places), "title": problem.title, "left": left(sitting.left(now))})
    return Doc(title, (*problem.statement, *earlier, *asked(problem, number), *given))


def read_as(question: Question, reply: str) -> Phrase:
    """A reply as it was understood, or its text where it is not mathematics."""
    try:
        return said(question.reading(reply).form, options_of(question))
    except ReadError:
        return (reply[:_SHORT],)


def overview_doc(sitting: Sitting, now: datetime) -> Doc:
    """All questions with their replies."""
    replies, open_ = sitting.replies, len(sitting.open)
    rows = tuple((_number(sitting, k), read_as(sitting.question(k), replies[k].reply) if k in replies else say("exam.none", {})) for k in range(len(sitting.places)))
    state = say("exam.overview_open", {"count": open_}) if open_ else say("exam.overview_done", {})
    blocks = (Table(_words("exam.columns"), rows), Paragraph(state), Paragraph(say("exam.overview_keys", {})))
    return Doc(say("exam.overview", {"left": left(sitting.left(now))}), blocks)


def _number(sitting: Sitting, place: int) -> Phrase:
    which, number = sitting.places[place]
    letter = f" ({chr(97 + number)})" if len(sitting.problems[which].questions) > 1 else ""
    return (f"{place + 1}{letter}",)


def _words(key: str) -> tuple[Phrase, ...]:
    return tuple((word,) for word in PHRASES.words(key))


def said_doc(sitting: Sitting) -> Doc:
    """What the last step has to say: how a reply was read, never whether it is right."""
    match sitting.said:
        case Kept(handed):
            return Doc((), (Paragraph(say("exam.kept", {"reply": read_as(sitting.question(handed.place), handed.reply)}), "remark"),))
        case Unread(fault):
            return Doc((), (Paragraph(say("exam.unread", {"message": fault.message.rstrip(".")}), "warning"), again()))
        case Note(id):
            return Doc((), (Paragraph(say(f"exam.{id}", {}), "remark"),))
    return Doc((), ())


def again() -> Paragraph:
    """What stands below the complaint about a reply that could not be read."""
    return Paragraph(say("exam.again", {}), "remark")


# -- the results ----------------------------------------------------------------------------------------------


def result_doc(sitting: Sitting, results: tuple[Graded, ...]) -> Doc:
    """The points, and for each question that is not right the mistake and the right answer."""
    points, most = sum(one.points for one in results), sum(one.of for one in results)
    values = {"title": sitting.title, "points": f"{points:g}", "of": f"{most:g}", "percent": int(100 * points / most) if most else 100}
    blocks: list[Block] = [Table(_words("exam.result_columns"), tuple(_row(sitting, one) for one in results))]
    if sitting.ended is not None:
        blocks.append(Paragraph(say("exam.time", {"time": left(sitting.ended - sitting.began)})))
    blocks += [section for one in results if one.outcome != "right" for section in _wrong(sitting, one)]
    return Doc(say("exam.result", values), tuple(blocks))


def _row(sitting: Sitting, one: Graded) -> tuple[Phrase, ...]:
    reply = say("exam.none", {}) if one.handed is None else read_as(one.question, one.handed.reply)
    return (_number(sitting, one.place), reply, say(f"exam.verdicts.{one.outcome}", {}), say("exam.points", {"points": f"{one.points:g}", "of": f"{one.of:g}"}))


def _wrong(sitting: Sitting, one: Graded) -> Iterator[Block]:
    heading = say("exam.wrong_head", {"number": "".join(map(str, _number(sitting, one.place))), "ask": one.question.ask})
    findings = [] if one.verdict is None else [found for found in one.verdict.findings if found.mistake != "witness"]
    said = [Paragraph((*found.phrase, *(say("verdict.named", {"name": name}) if (name := name_of(found.mistake)) else ()))) for found in findings]
    yield Section(heading, (*said, Paragraph(say("exam.right_answer", {"result": solution.result(one.question)}))), "result")


def check_doc(found: Examined, keyed: bool) -> Doc:
    """What the check of a result file found; `keyed`: a key was given."""
    blocks: list[Block] = []
    if found.sitting is not None:
        one = found.sitting
        about = {"began": _moment(one.began), "ended": _moment(one.ended) if one.ended else "", "replies": len(one.log)}
        blocks.append(Paragraph(say("exam.check.about", about)))
    blocks += [Paragraph(fault.phrase, "warning") for fault in found.faults]
    if not found.faults:
        blocks.append(Paragraph(say("exam.check.fine", {}), "evidence"))
    if found.sitting is not None:
        blocks.append(Paragraph(say(f"exam.check.{'by_digest' if not found.keyed else 'by_key' if keyed else 'by_key_unknown'}", {}), "reason"))
    title = say("exam.check.title", {"title": found.sitting.title if found.sitting else "–"})
    return Doc(title, tuple(blocks))


def _moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M:%S %Z").strip()


__all__ = ["KEYS", "again", "check_doc", "left", "overview_doc", "question_doc", "read_as", "result_doc", "said_doc", "start_doc"]
