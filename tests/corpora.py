"""Where the published problems lie, when they are there: beside the checkout, or where TUTOR_SHARED says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


def shared(name: str) -> Path:
    """A file of the shared folder; the test is skipped when it is not there."""
    folder = Path(os.environ.get("TUTOR_SHARED", Path(__file__).parents[2] / "shared"))
    path = folder / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside this checkout")
    return path


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file."""
    return [json.loads(line) for line in shared(name).read_text(encoding="utf-8").splitlines() if line.strip()]
