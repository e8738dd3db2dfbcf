"""The schemas of the replies are those of docs/json.md: `python -m tests.service.schemas` writes them again."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.cli.command import ROOT
from tests.cli.test_json import SCHEMA

FILE = ROOT / "tutor" / "service" / "replies.json"
REPLIES = ("check", "explain", "total", "problem")
_REF = re.compile(r'"#/\$defs/([^"]+)"')


def replies() -> dict[str, Any]:
    """The definitions of the replies and of what they speak of, with OpenAPI's places."""
    found: dict[str, Any] = {}
    waiting = list(REPLIES)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = SCHEMA["$defs"][name]
            waiting += _REF.findall(json.dumps(found[name]))
    return json.loads(_REF.sub(r'"#/components/schemas/\1"', json.dumps(found)))


def written() -> str:
    """The file as it should be."""
    return json.dumps(replies(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
