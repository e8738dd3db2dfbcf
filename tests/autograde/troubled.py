"""A helper process that hangs, crashes, eats memory or fails on certain answers: `python -m tests.autograde.troubled`."""

from __future__ import annotations

import os
import sys
import time

from tutor.autograde.bench import judge, serve
from tutor.autograde.key import Key
from tutor.autograde.result import Result

PROGRAM = "tests.autograde.troubled"


def troubled(key: Key, question: str, answer: str) -> Result:
    """As usual, but for some words."""
    match answer.strip():
        case "HANG":
            time.sleep(3600)
        case "CRASH":
            os._exit(11)
        case "EAT":
            return judge(key, question, str(len([bytes(10**6) for _ in range(10**6)])))
        case "PRINT":
            print("noise", flush=True)
            print("noise", file=sys.stderr, flush=True)
        case "SLOW":
            time.sleep(0.3)
    return judge(key, question, answer)


if __name__ == "__main__":
    serve(troubled)
