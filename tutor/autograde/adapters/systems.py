"""The table of systems: where each has its submission, where it wants its results, and what it gets.

Those that run a command (`tutor autograde run`) have a row here. otter-grader, nbgrader and pytest call Python instead: `otter.py`, `nbgrader.py`,
`tutor.autograde.pytest_plugin`.

>>> sorted(SYSTEMS)
['codegrade', 'coursera', 'gradescope', 'junit', 'prairielearn']
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tutor.autograde.adapters import codegrade, coursera, gradescope, junit, prairielearn
from tutor.autograde.adapters.task import Task
from tutor.errors import RequestError


@dataclass(frozen=True)
class System:
    """A system that runs a command: where submission and results are (None: no fixed place, standard output), and what is written, also beside it."""

    submission: PurePosixPath | None
    results: PurePosixPath | None
    write: Callable[[Sequence[Task]], str]
    beside: Callable[[Sequence[Task]], dict[str, str]] = lambda _: {}


def _json(value: object) -> str:
    """In ASCII: what else a system's reader takes for its encoding does not matter."""
    return json.dumps(value, indent=1, allow_nan=False) + "\n"


SYSTEMS: dict[str, System] = {
    "gradescope": System(
        PurePosixPath("/autograder/submission"), PurePosixPath("/autograder/results/results.json"), lambda tasks: _json(gradescope.results(tasks)),
    ),
    "prairielearn": System(PurePosixPath("/grade/data/data.json"), PurePosixPath("/grade/results/results.json"), lambda tasks: _json(prairielearn.results(tasks))),
    "coursera": System(
        PurePosixPath("/shared/submission"), PurePosixPath("/shared/feedback.json"), lambda tasks: _json(coursera.feedback(tasks)),
        lambda tasks: {"htmlFeedback.html": coursera.page(tasks)},
    ),
    "codegrade": System(None, None, codegrade.output),
    "junit": System(None, None, junit.xml),
}  # fmt: skip


def system_named(name: str) -> System:
    """A row of the table. Raises `RequestError` for a name that is none."""
    if name not in SYSTEMS:
        raise RequestError("system", f"there is no command for {name}", advice=f"Choose one of {', '.join(SYSTEMS)}. To begin: tutor autograde init {name[:20]} DIR")
    return SYSTEMS[name]


__all__ = ["SYSTEMS", "System", "system_named"]
