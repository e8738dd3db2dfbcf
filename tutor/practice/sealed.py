"""The result file of an exam: JSON Lines, each sealed with the line before it, so that a changed, missing or moved line is seen.

The seal of a record is a digest over the seal before it and the record's own text: SHA-256, or with a key HMAC-SHA-256. What that proves:

- **without a key**: that nothing in the file was changed by accident or by hand. It does not stop a person who writes the
  seals anew with this program: there is no secret in it.
- **with a key** (`--key FILE`): that each line was written by somebody who has the key. On a computer of the person who is examined the key can
  be read, and then it proves no more than the other; it is meant for computers that the teacher keeps.
- **the check grades again**: every reply is judged from the variants' names, so that points which do not belong to the replies are seen.

Neither says who typed, with what help, or whether the computer's clock was right.

>>> seal = Seal()
>>> text = seal.line({"kind": "begun"}) + seal.line({"kind": "reply", "question": 1})
>>> [row["kind"] for row in opened(text).rows], opened(text.replace('"question": 1', '"question": 2')).broken
(['begun', 'reply'], 2)
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from tutor.errors import RequestError, TutorError
from tutor.practice.exam import LONGEST_REPLY, MOST, Graded, Handed, Plan, Sitting, graded, sitting_of
from tutor.practice.said import Said
from tutor.problems.problem import Problem

FORMAT = 1
LONGEST = 10_000_000
_LINES = 100_000
_START = "0" * 64


class Seal:
    """Seals records one after the other; `last` is the latest seal."""

    def __init__(self, key: bytes = b"", last: str = _START) -> None:
        self.key, self.last = key, last

    def of(self, body: str) -> str:
        """The seal of the next record's text."""
        data = f"{self.last}\n{body}".encode()
        return hmac.new(self.key, data, sha256).hexdigest() if self.key else sha256(data).hexdigest()

    def line(self, row: Mapping[str, Any]) -> str:
        """A record as a sealed line."""
        body = _canonical(row)
        self.last = self.of(body)
        return json.dumps({**row, "seal": self.last}, ensure_ascii=False, sort_keys=True) + "\n"


def _canonical(row: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if name != "seal"}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Opened:
    """What stands in a result file; `broken` is the first line whose seal is not right (0: none), `last` the latest good seal.

    `torn`: the last line was cut off while it was written, and is left out.
    """

    rows: tuple[dict[str, Any], ...]
    broken: int
    last: str
    torn: bool = False


def opened(text: str, key: bytes = b"") -> Opened:
    """The records of a file, up to the first one whose seal is not right. Raises `RequestError` for what is no result file."""
    lines = text.split("\n")
    if len(text) > LONGEST or len(lines) > _LINES:
        raise RequestError("result", "the file is too long for a result file")
    torn = bool(lines[-1].strip())
    rows: list[dict[str, Any]] = []
    seal = Seal(key)
    for number, line in enumerate(lines[:-1], 1):
        try:
            row = json.loads(line)
            expected = seal.of(_canonical(row))
            given = row["seal"]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            if number == 1:
                raise RequestError("result", "this is no result file of an exam", advice="tutor quiz --exam writes one.") from error
            return Opened(tuple(rows), number, seal.last)
        if not isinstance(given, str) or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
            return Opened(tuple(rows), number, seal.last)
        seal.last = given
        rows.append(row)
    if not rows:
        raise RequestError("result", "this is no result file of an exam", advice="tutor quiz --exam writes one.")
    return Opened(tuple(rows), 0, seal.last, torn)


# -- what is written -----------------------------------------------------------------------------------------


def begun(sitting: Sitting, plan: Plan, seed: str, keyed: bool) -> dict[str, Any]:
    """The first record."""
    return {
        "kind": "begun", "format": FORMAT, "by": "hmac-sha256" if keyed else "sha256", "title": sitting.title, "plan": plan.digest, "seed": seed,
        "minutes": sitting.minutes, "when": sitting.began.isoformat(), "variants": list(sitting.variants),
    }  # fmt: skip


def reply(handed: Handed) -> dict[str, Any]:
    """The record of a reply; questions count from 1."""
    return {"kind": "reply", "question": handed.place + 1, "reply": handed.reply, "when": handed.when.isoformat()}


def ended(sitting: Sitting, results: tuple[Graded, ...]) -> dict[str, Any]:
    """The last record."""
    assert sitting.ended is not None
    return {"kind": "handed in", "when": sitting.ended.isoformat(), **_points(results)}


def _points(results: tuple[Graded, ...]) -> dict[str, Any]:
    rows = [{"question": one.place + 1, "outcome": one.outcome, "points": one.points, "of": one.of} for one in results]
    return {"results": rows, "points": round(sum(one.points for one in results), 4), "of": round(sum(one.of for one in results), 4)}


# -- what is read --------------------------------------------------------------------------------------------


class Source(Protocol):
    """Where problems are found."""

    def problem(self, variant: str) -> Problem:
        """A problem by its variant's id. Raises `TutorError`."""


@dataclass(frozen=True)
class Examined:
    """What a check found: the sitting as it can be rebuilt, its results, and everything that does not fit (none: the file is right)."""

    sitting: Sitting | None
    results: tuple[Graded, ...] = ()
    faults: tuple[Said, ...] = ()
    keyed: bool = False
    finished: bool = False


def resumed(text: str, key: bytes, source: Source) -> tuple[Sitting, str]:
    """An exam that was not handed in, and its latest seal. Raises `RequestError`."""
    found = opened(text, key)
    if found.broken:
        raise RequestError("result", f"line {found.broken} of the result file is not as it was written")
    if found.rows[-1].get("kind") == "handed in":
        raise RequestError("result", "this exam has been handed in", advice="Name another file with --result to begin a new one.")
    sitting, faults = _rebuilt(found, source)
    if sitting is None or faults:
        raise RequestError("result", f"the result file does not fit: {faults[0] if faults else 'no exam'}")
    return sitting, found.last


def examined(text: str, key: bytes, source: Source, plan: Plan | None = None, variants: tuple[str, ...] = ()) -> Examined:
    """The check of a result file: seals, times, and every reply graded again. Raises `RequestError` for what is no result file.

    With a plan and the variants that it gives, the file must belong to them.
    """
    found = opened(text, key)
    keyed = _says_keyed(text)
    faults = [Said(f"exam.check.{_why_broken(found.broken, keyed, bool(key))}", {"line": found.broken})] if found.broken else []
    if not found.rows:
        return Examined(None, (), tuple(faults), keyed)
    sitting, more = _rebuilt(found, source)
    faults += more
    if sitting is None:
        return Examined(None, (), tuple(faults), keyed)
    if plan is not None and (found.rows[0].get("plan") != plan.digest or (variants and sitting.variants != variants)):
        faults.append(Said("exam.check.plan"))
    results = graded(sitting)
    finished = found.rows[-1].get("kind") == "handed in"
    if finished:
        faults += _against(found.rows[-1], results)
    elif not found.broken:
        faults.append(Said("exam.check.torn" if found.torn else "exam.check.unfinished"))
    return Examined(sitting, results, tuple(faults), keyed, finished)


def _why_broken(line: int, keyed: bool, given: bool) -> str:
    """Why a seal is not right, by its phrase: where the first one is not, the key may be missing, wrong, or not wanted."""
    if line == 1 and keyed:
        return "key" if given else "needs_key"
    return "no_key" if line == 1 and given else "seal"


def _says_keyed(text: str) -> bool:
    try:
        return bool(json.loads(text.partition("\n")[0]).get("by") == "hmac-sha256")
    except (ValueError, AttributeError, RecursionError):
        return False


def _rebuilt(found: Opened, source: Source) -> tuple[Sitting | None, list[Said]]:
    """The sitting of the records, and what does not fit in them."""
    first, faults = found.rows[0], list[Said]()
    try:
        if first["kind"] != "begun" or first["format"] != FORMAT or not 0 < len(first["variants"]) <= MOST:
            raise ValueError
        minutes = None if first["minutes"] is None else float(first["minutes"])
        if minutes is not None and not 0 < minutes < 1e6:
            raise ValueError
        problems = tuple(source.problem(str(name)) for name in first["variants"])
        sitting = sitting_of(str(first["title"]), problems, _moment(first["when"]), minutes)
    except TutorError as fault:
        return None, [Said("exam.check.exercises", {"reason": fault.message})]
    except (KeyError, TypeError, ValueError):
        return None, [Said("exam.check.record", {"line": 1})]
    log: list[Handed] = []
    end: datetime | None = None
    for number, row in enumerate(found.rows[1:], 2):
        try:
            when = _moment(row["when"])
            if end is not None or row["kind"] not in ("reply", "handed in"):
                raise ValueError
            if when < (log[-1].when if log else sitting.began):
                faults.append(Said("exam.check.order", {"line": number}))
            if row["kind"] == "handed in":
                end = when
            else:
                log.append(_handed(row, when, len(sitting.places)))
                if sitting.late(when):
                    faults.append(Said("exam.check.late", {"line": number}))
        except (KeyError, TypeError, ValueError):
            faults.append(Said("exam.check.record", {"line": number}))
    kept = tuple(one for one in log if not sitting.late(one.when))
    at = next((k for k in range(len(sitting.places)) if k not in {one.place for one in kept}), None)
    return replace(sitting, log=kept, ended=end, over=end is not None, at=at), faults


def _handed(row: Mapping[str, Any], when: datetime, places: int) -> Handed:
    place, text = row["question"], row["reply"]
    if not isinstance(place, int) or not 1 <= place <= places or not isinstance(text, str) or len(text) > LONGEST_REPLY:
        raise ValueError("no reply")
    return Handed(place - 1, text, when)


def _moment(text: object) -> datetime:
    found = datetime.fromisoformat(text) if isinstance(text, str) else None
    if found is None or found.utcoffset() is None or not 2000 <= found.year < 9000:
        raise ValueError("a moment with its zone is expected")
    return found


def _against(row: Mapping[str, Any], results: tuple[Graded, ...]) -> list[Said]:
    """Where the results that stand in the file are not those of its replies."""
    wanted = _points(results)
    if _canonical({name: row.get(name) for name in wanted}) == _canonical(wanted):
        return []
    given = row.get("results")
    places = [k for k, one in enumerate(wanted["results"]) if not (isinstance(given, list) and k < len(given) and given[k] == one)]
    return [Said("exam.check.results", {"questions": ", ".join(str(k + 1) for k in places[:12]) or "–"})]


__all__ = ["Examined", "Opened", "Seal", "begun", "ended", "examined", "opened", "reply", "resumed"]
