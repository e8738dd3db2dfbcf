"""The process in which requests are answered: `python -m tutor.service.bench`.

It is the process of bulk grading (`tutor.autograde.bench`: it can be killed, limits its own memory, ends itself when it takes too long or its asker has
gone) with another judge: the question is the name of an endpoint, the answer a request as JSON, and the result carries status
and body of the reply as its outcome and its feedback.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from tutor.autograde.bench import serve
from tutor.autograde.key import Key, Source
from tutor.autograde.result import Result
from tutor.service.limits import LIMITS
from tutor.service.replies import reply

PROGRAM = "tutor.service.bench"
WARM = "warm"
"""The question of a process that is to get ready."""
NO_KEY = Source("questions: {none: {expected: none, kind: word}}")
"""The least that a key can be: requests say themselves what is asked for."""


def answered(_: Key, question: str, answer: str) -> Result:
    """Status and body of a reply, as a result; the key has no part in it."""
    if question == WARM:
        return _warmed()
    return written(*reply(question, json.loads(answer)))


def written(status: int, data: dict[str, Any]) -> Result:
    """A reply as a result; one that is too long is refused.

    >>> written(200, {"outcome": "right"})[::3]
    ('200', '{"outcome":"right"}')
    """
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    if len(body) > LIMITS.reply:
        message, advice = f"the reply would be longer than {LIMITS.reply // 2**20} MiB", "Ask for something smaller."
        return written(422, {"kind": "long", "message": message, "advice": advice})
    return Result(str(status), 0.0, feedback=body)


def _warmed() -> Result:
    """Import what the requests will need, SymPy too."""
    for question, request in (("explain", {"expression": "sin(x^2)"}), ("check", {"answer": "2x", "derivative_of": "x^2"}), ("problem", {"name": ""})):
        reply(question, request)
    return written(200, {})


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        serve(answered)
