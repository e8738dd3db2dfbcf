"""The quiz: how fast it answers, whether it finds a hidden mistake, how soon a learner who learns gets to mastery, and whether a kill loses an answer.

`python benchmarks/quiz.py [speed] [mistakes] [learning] [kills]`; without a word all four, some fifteen minutes.

- **speed**: in one process, every question of every family is opened as a session opens it (the grader is made ready while the person reads), then a
  right answer, wrong ones and unreadable ones are judged, appended to a store in a file with a sync to the disk, and written in lines: all that
  happens between Enter and the verdict but the terminal itself. The answers are the samples of each kind. The choice of the next question in the session
  of a computed learner. Through a pseudo-terminal (where pexpect is installed): a whole process, from the key to the last byte
  of the verdict on the screen, and from its start to the first question, without and with the index of the families.
- **mistakes**: every mistake that the families of a topic can show, in sessions on this topic with many seeds: a learner who knows everything else
  and has this one idea (and forgets it one time in ten) is asked five questions. Was it found?
- **learning**: learners who get a skill from a question with some probability, if they have what comes before. After how many questions are seven skills
  known, and after how many has the quiz seen so much that they count as mastered, against questions in a random order?
- **kills**: a process that appends answers and says so is killed with SIGKILL at random moments, a thousand times in one home.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from measure import ROOT, Row, duration, percentile, show

from tests.practice import simulated
from tests.practice.killing import killed_rounds
from tutor.cli.quiz.driver import warmed
from tutor.errors import TutorError
from tutor.practice import screens
from tutor.practice.choose import choose
from tutor.practice.learner import NEW, updated
from tutor.practice.records import Item
from tutor.practice.safe_store import opened
from tutor.practice.session import Chosen, Reply, World, begin, step
from tutor.practice.shelf import Shelf, shelf_of
from tutor.problems.skills import SKILLS
from tutor.render.text import terminal

GOAL = "≤ 20 ms at the 95th percentile"
SEEDS, LEARNERS, KILLS = 6, 60, 1000
SKILLS_LEARNED = ("power-rule", "product-rule", "quotient-rule", "chain-rule", "trigonometric", "exponential-and-log", "roots")


class One:
    """Always the same question."""

    def __init__(self, item: Item) -> None:
        self.item = item

    def choose(self, *_: object) -> Chosen:
        return Chosen(self.item)


def verdicts(shelf: Shelf, folder: Path) -> list[float]:
    """The times from a reply to the lines of its verdict, over all questions."""
    store, times = opened(folder), []
    for entry in shelf.entries:
        try:
            problem = shelf.fresh(entry, "benchmark")
        except TutorError:
            continue
        for place in range(len(problem.questions)):
            item = Item(problem.id, place, entry.asks[place], entry.difficulty)
            world = World(store, One(item), shelf, lambda: datetime.now(UTC), "benchmark")
            session = begin(world, "benchmark")
            if session.asking is None:
                print(f"cannot be asked: {problem.id}, question {place}", file=sys.stderr)
                continue
            warmed(session.asking.question)
            _ = session.asking.clues
            samples = session.asking.question.kind.samples()
            for reply in (*samples.right[:2], *samples.wrong, *samples.unreadable[1:]):
                start = perf_counter()
                after = step(session, Reply(reply), world)
                for _line in terminal(screens.said_doc(after), 80):
                    pass
                times.append(perf_counter() - start)
    store.close()
    return times


def through_a_terminal(folder: Path, questions: int = 12) -> tuple[list[float], list[float]]:
    """The times from Enter to the verdict on the screen, and from the start of the process to the first question (first start, later ones)."""
    import pexpect

    env = {**os.environ, "TUTOR_HOME": str(folder), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    times, starts = [], []
    for seed in range(3):
        start = perf_counter()
        child = pexpect.spawn(sys.executable, ["-m", "tutor", "quiz", "--seed", str(seed), "--count", str(questions)], env=env, dimensions=(40, 80), timeout=60)
        child.delaybeforesend = 0
        child.expect_exact("Your answer:")
        starts.append(perf_counter() - start)
        for k in range(questions - 1):
            for reply in ("7x + 1", "2x"):
                _quiet(child)
                child.send(reply)
                _quiet(child)
                start = perf_counter()
                child.send("\r")
                child.expect(["Not yet", "Right", "Partly", "could not be", "Cannot read", "decided"])
                times.append(perf_counter() - start)
            _quiet(child)
            child.send("s\r")
            if k < questions - 2:
                child.expect_exact(f"Question {k + 2} of")
        child.close(force=True)
    return times, starts


def _quiet(child: object, pause: float = 0.25) -> None:
    """Read until nothing comes any more, as while a person thinks."""
    import pexpect

    while True:
        try:
            child.read_nonblocking(65_536, timeout=pause)  # type: ignore[attr-defined]
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            return


def choices(shelf: Shelf, questions: int = 100) -> list[float]:
    """The times of each choice in the session of a learner who learns."""
    person, learner, random, now, times = simulated.Learning(Random(1), shelf), NEW, Random(2), simulated.START, []
    for _ in range(questions):
        now += timedelta(minutes=2)
        start = perf_counter()
        item = choose(learner, shelf, now, random).item
        times.append(perf_counter() - start)
        learner = updated(learner, person.answer(item, now))
    return times


def speed() -> list[Row]:
    """How fast it is."""
    with TemporaryDirectory() as folder:
        start = time.process_time()
        shelf = shelf_of()
        index = time.process_time() - start
        chosen = choices(shelf)
        times = verdicts(shelf, Path(folder))
        found = [
            _row("quiz: from a reply to the lines of its verdict, stored, median", times, GOAL),
            Row("quiz: the choice of the next question, median", duration(statistics.median(chosen)), f"p95 {duration(percentile(chosen, 0.95))}, the first one {duration(chosen[0])}"),
            Row("quiz: the index of all families, made at the first start", duration(index), f"{len(shelf.entries)} families"),
        ]
    if find_spec("pexpect") is None:
        return found
    with TemporaryDirectory() as folder:
        times, starts = through_a_terminal(Path(folder))
    found.append(_row("quiz at a terminal: from Enter to the verdict on the screen, median", times, GOAL))
    found.append(Row("quiz at a terminal: from the start to the first question", duration(starts[0]), f"later {duration(statistics.median(starts[1:]))}", "≤ 5 s"))
    return found


def mistakes() -> list[Row]:
    """Whether hidden mistakes are found."""
    shelf, found = shelf_of(), dict[str, list[int]]()
    for topic in SKILLS:
        if not any(topic == skills[0] for entry in shelf.entries for skills in entry.asks):
            continue
        part = shelf.about([topic])
        numbers = [simulated.diagnose(part, mistake, seed).found for mistake in simulated.mistakes_of(part, topic) for seed in range(SEEDS)]
        if numbers:
            found[topic] = numbers
            print(f"{topic}: {_share(numbers)} of {len(numbers)}", file=sys.stderr, flush=True)
    whole = [number for numbers in found.values() for number in numbers]
    least = min(found, key=lambda topic: sum(map(bool, found[topic])) / len(found[topic]))
    needed = [number for number in whole if number]
    return [
        Row("quiz: hidden mistakes found within five questions", _share(whole), f"{len(whole)} sessions on {len(found)} topics, least {_share(found[least])} ({least})", "90 %"),
        Row("quiz: questions until a hidden mistake was found, median", f"{statistics.median(needed):.0f}", f"mean {statistics.mean(needed):.1f}"),
    ]


def _share(numbers: list[int]) -> str:
    return f"{100 * sum(map(bool, numbers)) / len(numbers):.1f} %"


def learning() -> list[Row]:
    """How soon somebody who learns gets to mastery."""
    shelf = shelf_of().about(SKILLS_LEARNED)
    ends: dict[str, Callable[..., bool]] = {
        "mastery": lambda learner, _: all(map(learner.mastered, SKILLS_LEARNED)),
        "knowing all": lambda _, person: person.skills.issuperset(SKILLS_LEARNED),
    }
    found = []
    for name, done in ends.items():
        chosen, random = ([simulated.questions_until(shelf, way(shelf), seed, done, 400) for seed in range(LEARNERS)] for way in (simulated.by_choice, simulated.by_chance))
        ratio = statistics.mean(chosen) / statistics.mean(random)
        fewer = sum(one < other for one, other in zip(chosen, random, strict=True))
        found.append(Row(
            f"quiz: questions to {name} of seven skills / in a random order", f"{ratio:.2f} ×",
            f"{statistics.mean(chosen):.0f} and {statistics.mean(random):.0f} on average; fewer for {fewer} of {LEARNERS} learners", "< 1",
        ))  # fmt: skip
    return found


def kills() -> list[Row]:
    """Whether a kill loses an answer."""
    with TemporaryDirectory() as folder:
        rounds = killed_rounds(Path(folder) / "home", KILLS, Random(7))
    lost, spoiled = sum(one.lost for one in rounds), sum(not one.intact for one in rounds)
    return [Row("quiz: acknowledged answers lost by kills at random moments", f"{lost}", f"of {sum(one.acknowledged for one in rounds)}, {len(rounds)} kills, {spoiled} spoiled files", "0")]


def _row(work: str, times: list[float], goal: str) -> Row:
    return Row(work, duration(statistics.median(times)), f"p95 {duration(percentile(times, 0.95))}, most {duration(max(times))}, {len(times)} replies", goal)


PARTS = {"speed": speed, "mistakes": mistakes, "learning": learning, "kills": kills}

if __name__ == "__main__":
    show(row for name in sys.argv[1:] or PARTS for row in PARTS[name]())
