"""A plugin for pytest: tests of answers that score, for GitHub Classroom and wherever else pytest grades.

    import pytest
    from tutor.autograde.pytest_plugin import assert_equivalent

    @pytest.mark.points(2)
    def test_q1(graded, answers):
        graded(answers["q1"], derivative_of="x^2 sin(x)")

    def test_by_hand():
        assert_equivalent("2x", derivative_of="x^2")

`graded` judges an answer for the test that asks for it: the test passes if the answer is right, and earns its share of the mark's points (1 without a mark)
in any case. A test that never comes so far earns nothing, one that asks for no answer and passes earns all. The summary names the points; `--tutor-points FILE`
writes them as JSON, `--tutor-github` hands them to the reporter of GitHub Classroom. `answers` reads `answers.txt` (or what
`--tutor-answers` names) beside the configuration file of pytest.

It costs next to nothing where it is not used: the tutor is imported when the first answer is judged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from tutor.autograde.adapters.github import Record
    from tutor.grading.verdict import Verdict

_FOUND = pytest.StashKey["list[Verdict]"]()
_ENDED = pytest.StashKey[bool]()
"""Whether the test itself came to its end."""
_PROPERTY = "tutor"


class Graded(Protocol):
    """What the fixture `graded` gives: it judges an answer as `tutor.check` does, and returns the verdict."""

    def __call__(self, answer: object, expected: Any = None, **asked: Any) -> Verdict: ...


def assert_equivalent(answer: object, expected: Any = None, **asked: Any) -> None:
    """Raises `WrongAnswer`, `UnreadableAnswer` or `UndecidedAnswer` (`AssertionError`s) unless the answer is right; the arguments are those of `tutor.check`.

    >>> assert_equivalent("2x", derivative_of="x^2")
    """
    __tracebackhide__ = True
    from tutor.autograde.adapters.cells import judged

    judged(answer, expected, **asked).raise_if_wrong()


@pytest.fixture
def graded(request: pytest.FixtureRequest) -> Graded:
    """Judges answers for the points of a test; of several the mean counts."""
    found: list[Verdict] = []
    request.node.stash[_FOUND] = found

    def judge(answer: object, expected: Any = None, **asked: Any) -> Verdict:
        from tutor.autograde.adapters.cells import judged

        found.append(judged(answer, expected, **asked))
        return found[-1]

    return judge


@pytest.fixture(scope="session")
def answers(pytestconfig: pytest.Config) -> Mapping[str, str]:
    """The answers of the submission, by the names of their questions; one that is missing is empty."""
    from collections import defaultdict

    from tutor.autograde.adapters.submission import read_answers

    found = read_answers(pytestconfig.rootpath / pytestconfig.getoption("--tutor-answers"))
    return defaultdict(str, found) if isinstance(found, Mapping) else defaultdict(str)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("tutor", "answers in mathematics")
    group.addoption("--tutor-points", metavar="FILE", default=None, help="write the points of the tests that grade answers to this file, as JSON")
    group.addoption("--tutor-github", action="store_true", help="hand the points to the reporter of GitHub Classroom, through GITHUB_OUTPUT")
    group.addoption("--tutor-answers", metavar="FILE", default="answers.txt", help="the file of the fixture `answers` (default: answers.txt)")


def pytest_configure(config: pytest.Config) -> None:
    """The mark of the plugin."""
    config.addinivalue_line("markers", "points(most): the points of a test that grades an answer")
    if not hasattr(config, "workerinput"):  # with pytest-xdist the reports come together elsewhere
        config.pluginmanager.register(Collector(config), "tutor-points")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A test whose answers are not right fails, after all of them were judged."""
    done = yield
    pyfuncitem.stash[_ENDED] = True
    said = [_said(verdict) for verdict in pyfuncitem.stash.get(_FOUND, []) if not verdict.right]
    if said:
        pytest.fail("\n\n".join(said), pytrace=False)
    return done


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The points travel with the report, also from another process."""
    report = yield
    marked = item.get_closest_marker("points")
    found = item.stash.get(_FOUND, None)
    if (marked is not None or found is not None) and (report.when == "call" or (report.when == "setup" and report.failed)):
        report.user_properties.append((_PROPERTY, list(_record(item, report, _most(marked), found or []))))
    return report


def _said(verdict: Verdict) -> str:
    from tutor.autograde.adapters.task import Task

    return f"{verdict.outcome}\n{Task('', 1, verdict).feedback()}"


def _most(marked: pytest.Mark | None) -> float:
    return float(marked.args[0]) if marked is not None and marked.args else 1.0


def _record(item: pytest.Item, report: pytest.TestReport, most: float, found: list[Verdict]) -> Record:
    from tutor.autograde.adapters.github import Record
    from tutor.autograde.adapters.task import Task

    if not found or not item.stash.get(_ENDED, False):
        earned = report.passed
        return Record(item.name, most if earned else 0.0, most, "right" if earned else "wrong", "" if earned else "The test did not come to its end.")
    tasks = [Task(item.name, most, verdict) for verdict in found]
    points = min(sum(task.points for task in tasks) / len(tasks), most)
    outcome = next((task.verdict.outcome for task in tasks if not task.verdict.right), "right")
    return Record(item.name, points, most, outcome, "\n\n".join(task.feedback() for task in tasks))


class Collector:
    """The points of a run, in the process that sees all reports."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._records: dict[str, Record] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a report carries."""
        for name, value in report.user_properties:
            if name == _PROPERTY and isinstance(value, list | tuple):
                from tutor.autograde.adapters.github import Record

                self._records[report.nodeid] = Record(*value)

    def pytest_sessionfinish(self) -> None:
        """Write the points where they are asked for."""
        records = list(self._records.values())
        if target := self._config.getoption("--tutor-points"):
            data = {"points": _sum(one.points for one in records), "max_points": _sum(one.most for one in records), "tests": [one._asdict() for one in records]}
            Path(target).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        if self._config.getoption("--tutor-github") and (target := os.environ.get("GITHUB_OUTPUT")):
            from tutor.autograde.adapters.github import output

            with open(target, "a", encoding="utf-8") as out:
                out.write(output(records))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The points, test by test."""
        if self._records:
            terminalreporter.section("points")
            for nodeid, one in self._records.items():
                terminalreporter.line(f"{one.points:g} / {one.most:g}  {one.outcome:<10}  {nodeid}")
            terminalreporter.line(f"{_sum(one.points for one in self._records.values()):g} / {_sum(one.most for one in self._records.values()):g}  points")


def _sum(numbers: Iterable[float]) -> float:
    return round(float(sum(numbers)), 9)


__all__ = ["Graded", "answers", "assert_equivalent", "graded"]
