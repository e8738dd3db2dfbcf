"""Helpers that hang, crash, eat memory or fail on certain texts, and a service on them: `python -m tests.service.troubled [LIMITS as JSON]`."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace

from tutor.autograde.bench import serve as bench
from tutor.autograde.key import Key
from tutor.autograde.result import Result
from tutor.service.bench import answered

PROGRAM = "tests.service.troubled"
HELPER = "TROUBLED_HELPER"
"""Set where this is to be a helper process."""


def troubled(key: Key, question: str, answer: str) -> Result:
    """As usual, but for some words."""
    text = json.loads(answer).get("answer", "") if answer else ""
    match text:
        case "HANG":
            time.sleep(3600)
        case "CRASH":
            os._exit(11)
        case "EAT":
            return answered(key, question, str(len([bytes(10**6) for _ in range(10**6)])))
        case "FAULT":
            return answered(key, "nothing", answer)
        case "SLOW":
            time.sleep(0.8)
    return answered(key, question, answer)


def service(**limits: float) -> None:
    """Serve at a free port with two helpers."""
    from tutor.service.limits import LIMITS
    from tutor.service.run import serve

    os.environ[HELPER] = "1"
    serve("127.0.0.1", 0, 2, replace(LIMITS, **limits), PROGRAM, lambda url: print(url, flush=True))  # type: ignore[arg-type]


if __name__ == "__main__":
    if os.environ.get(HELPER):
        bench(troubled)
    else:
        service(**json.loads(sys.argv[1]) if len(sys.argv) > 1 else {})
