"""What each question is answered: the fields of `--format json`. This runs in the helper process.

>>> status, data = reply("check", {"answer": "cos(x^2)", "derivative_of": "sin(x^2)"})
>>> status, data["outcome"], [finding["mistake"] for finding in data["findings"]]
(200, 'wrong', ['witness', 'C1'])
>>> status, data = reply("explain", {"expression": "2*(x+1"})
>>> status, data["kind"], data["where"], data["span"], data["expected"]
(422, 'bracket', '/expression', [2, 3], ')')
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tutor.errors import RequestError, TutorError

Data = dict[str, Any]
_PACKAGE = Path(__file__).parents[1]


def reply(question: str, request: Mapping[str, Any]) -> tuple[int, Data]:
    """Status and body of a reply. Raises `MemoryError`, and nothing else: a fault in the tutor is a reply too.

    A refusal has `kind`, `message`, `advice` and the other fields of the error; `where` points at the text that it speaks of. A fault
    has its `name` and its `place` in the program, and nothing of what was asked.
    """
    try:
        return 200, _REPLIES[question](request)
    except MemoryError:
        raise
    except TutorError as fault:
        return 422, {**fault.data(), "where": _where(request, getattr(fault, "text", None))}
    except Exception as fault:  # noqa: BLE001 (one request never ends the others)
        return 500, {"kind": "fault", "name": type(fault).__name__, "place": place_of(fault)}


def place_of(fault: BaseException) -> str:
    """Where in the tutor a fault was raised: file and line, without any values."""
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)]
    return f"{Path(frames[-1].filename).relative_to(_PACKAGE.parent).as_posix()}:{frames[-1].lineno}" if frames else ""


def _where(request: Mapping[str, Any], text: str | None) -> str:
    """The JSON pointer of a text in a request; empty where it is not known.

    >>> _where({"at": "x=1", "domain": ["x > 0", "x >"]}, "x >")
    '/domain/1'
    """
    for name, value in request.items():
        if text and value == text:
            return f"/{name}"
        if text and isinstance(value, list) and text in value:
            return f"/{name}/{value.index(text)}"
    return ""


# -- the questions -------------------------------------------------------------------------------------


def _check(request: Mapping[str, Any]) -> Data:
    from tutor.grading.authored import Mistake
    from tutor.grading.check import check
    from tutor.grading.document import verdict_data

    asked = dict(request)
    answer = asked.pop("answer")
    if "exercise" in asked:
        verdict = _part(asked.pop("exercise"), asked.pop("part", None), asked).check(answer)
    elif "part" in asked:
        raise RequestError("part", "part belongs to an exercise", advice="Add exercise with the id of a variant.")
    else:
        mistakes = tuple(Mistake(**one) for one in asked.pop("mistakes", ()))
        verdict = check(answer, **asked, mistakes=mistakes)
    return verdict_data(verdict, answer)


def _part(exercise: str, part: str | None, others: Mapping[str, Any]) -> Any:
    """The question of an exercise's variant. Raises `RequestError` where there is none, or where more is said of it."""
    if others:
        raise RequestError("exercise", f"an exercise says itself what is asked for, so {', '.join(others)} cannot stand beside it", advice="Leave them out.")
    questions = _problem_named(exercise, None).questions
    names = [chr(ord("a") + k) for k in range(len(questions))]
    if part is None and len(questions) == 1:
        part = names[0]
    if part not in names:
        raise RequestError("part", f"the exercise has the parts {', '.join(names)}, and part is {part!r}", advice=f"Give one of {', '.join(names)}.")
    return questions[names.index(part)]


def _explain(request: Mapping[str, Any]) -> Data:
    from tutor.api import explain

    asked = dict(request)
    expression = asked.pop("expression")
    if asked.get("where"):
        return _total(expression, asked)
    asked.pop("where", None)
    variable = asked.pop("wrt", None)
    several = isinstance(variable, list) and len(variable) > 1
    if several and asked.get("order", 1) > 1:
        raise RequestError("order", "order repeats one letter; several letters give the order themselves", advice="Leave out order, or give one letter.")
    return explain(expression, variable[0] if isinstance(variable, list) and len(variable) == 1 else variable, **asked).data()


def _total(expression: str, asked: Mapping[str, Any]) -> Data:
    """The chain rule along all paths."""
    from tutor.api import explained
    from tutor.calculus.total import definitions, total_derivative
    from tutor.form.reading import understand

    letters = [asked["wrt"]] if isinstance(asked.get("wrt"), str) else asked.get("wrt") or []
    if len(letters) != 1 or asked.get("order", 1) > 1 or asked.get("another_way") or asked.get("by"):
        raise RequestError("where", "where needs wrt with one letter, and goes with at only", advice="Give wrt, and leave out order, another_way and by.")
    reading = understand(expression, variables=letters)
    return explained(total_derivative(reading.form, definitions(asked["where"]), letters[0]), reading, at=asked.get("at")).data()


def _problem(request: Mapping[str, Any]) -> Data:
    from tutor.problems.shelf import problem_data

    return problem_data(_problem_named(request["name"], request.get("seed")), request.get("solution", False))


@lru_cache(maxsize=256)
def _problem_named(name: str, seed: str | None) -> Any:
    """A problem of the library; a name is never a path. Raises `RequestError`."""
    return _library().problem(name, seed)


@lru_cache(maxsize=1)
def _library() -> Any:
    from tutor.problems.library import Library

    return Library()


_REPLIES: dict[str, Callable[[Mapping[str, Any]], Data]] = {"check": _check, "explain": _explain, "problem": _problem}

__all__ = ["place_of", "reply"]
