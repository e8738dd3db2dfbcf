"""`tutor exercises` and `tutor problem`: what there is, the check, a new file, a page of variants, one problem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import FORMATS, tutor, written
from tests.cli.test_json import checked
from tests.problems.families import TANK
from tutor.problems.library import load
from tutor.problems.shelf import varied
from tutor.problems.skills import SKILLS


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with a good family, one with a finding, and one that cannot be read."""
    folder = tmp_path / "own" / "tanks"
    folder.mkdir(parents=True)
    (folder / "good.yaml").write_text(TANK, encoding="utf-8")
    (folder / "zero.yaml").write_text(TANK.replace("answer: diff(V, t) @ t0", "answer: t0 - t0"), encoding="utf-8")
    (folder / "broken.yaml").write_text(TANK.replace("skills:", "skils:"), encoding="utf-8")
    return tmp_path / "own"


def one_line(text: str) -> str:
    """The words of a text, however its lines are broken."""
    return " ".join(text.split())


def test_the_list_shows_each_family_once_under_its_first_skill(shelf: Path) -> None:
    found = tutor("exercises", "--exercises", str(shelf), "--topic", "tanks")
    assert found.exit_code == 2  # one file cannot be read: it is named, and the rest is there
    assert "broken.yaml, line 3, column 1" in one_line(found.stderr)
    assert "Did you mean skills?" in one_line(found.stderr)
    assert found.stdout.count("tanks/") == 2
    assert SKILLS["power-rule"].title in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_the_list_as_data(shelf: Path) -> None:
    data = json.loads(tutor("exercises", "--exercises", str(shelf), "-f", "json").stdout)
    checked("exercises", data)
    assert {"tanks/good", "tanks/zero", "business/coffee-profit"} <= {one["id"] for one in data["families"]}
    assert "broken.yaml" in [Path(one["file"]).name for one in data["faults"]]


@pytest.mark.parametrize(("args", "said"), [
    (("--topic", "chain-rul"), "Did you mean chain-rule"), (("--difficulty", "7"), "no difficulty"), (("--difficulty", "1-"), "no difficulty"), (("--exercises", "/no/such/folder"), "no folder"),
])  # fmt: skip
def test_wrong_requests_say_what_to_do(args: tuple[str, ...], said: str) -> None:
    found = tutor("exercises", *args)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr


def test_difficulty_chooses() -> None:
    data = json.loads(tutor("exercises", "--difficulty", "3", "-f", "json").stdout)
    assert {one["difficulty"] for one in data["families"]} <= {3}


def test_the_check_of_a_folder(shelf: Path) -> None:
    found = tutor("exercises", "check", str(shelf), "--jobs", "1")
    assert found.exit_code == 2
    assert "tanks/good" in found.stdout
    assert "zero: the answer is 0" in found.stdout
    assert "broken.yaml, line 3, column 1" in one_line(found.stdout)


def test_the_check_as_data_in_one_process_and_in_two(shelf: Path) -> None:
    (shelf / "tanks" / "broken.yaml").unlink()
    reports = []
    for jobs in ("1", "2"):
        found = tutor("exercises", "check", str(shelf), "-f", "json", "--jobs", jobs)
        assert found.exit_code == 1
        data = json.loads(found.stdout)
        checked("exercises", data)
        reports.append([(one["family"], one["variants"], one["blind"], one["findings"]) for one in data["families"]])
    assert reports[0] == reports[1]
    assert reports[0][0][-1] == []


def test_the_check_of_one_good_file_succeeds(shelf: Path) -> None:
    assert "0 findings" in written("exercises", "check", str(shelf / "tanks" / "good.yaml"), "--jobs", "1")


@pytest.mark.parametrize("path", ["no/such", "busines/coffee-profit"])
def test_the_check_of_nothing(path: str) -> None:
    assert tutor("exercises", "check", path).exit_code == 2


def test_a_new_file_passes_the_check_and_is_not_overwritten(tmp_path: Path) -> None:
    folder = str(tmp_path / "exercises")
    assert "is written" in written("exercises", "new", "my-topic/my-problem", "--into", folder)
    path = tmp_path / "exercises" / "my-topic" / "my-problem.yaml"
    assert "0 findings" in written("exercises", "check", str(path), "--jobs", "1")
    path.write_text("mine", encoding="utf-8")
    again = tutor("exercises", "new", "my-topic/my-problem", "--into", folder)
    assert (again.exit_code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in again.stderr
    written("exercises", "new", "my-topic/my-problem", "--into", folder, "--force")
    assert path.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize("name", ["../escape", "My Problem", "a//b", "/etc/x"])
def test_a_new_file_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    assert tutor("exercises", "new", name, "--into", str(tmp_path)).exit_code == 2
    assert list(tmp_path.rglob("*")) == []


def test_a_preview_shows_different_variants(shelf: Path) -> None:
    path = shelf / "tanks" / "good.yaml"
    text = written("exercises", "preview", str(path), "--count", "5")
    problems = varied(load(path), 5)
    assert len({problem.rank for problem in problems}) == 5
    assert all(problem.id in text for problem in problems)
    assert len({str(problem.values["a"]) for problem in problems}) == 3
    assert "<html" in written("exercises", "preview", str(path), "-f", "html")
    checked("exercises", json.loads(written("exercises", "preview", str(path), "-f", "json")))


@pytest.mark.parametrize("format", FORMATS)
def test_a_problem_in_every_format(format: str, shelf: Path) -> None:
    path = str(shelf / "tanks" / "good.yaml")
    for more in ((), ("--key",), ("--solution",), ("--solution", "--level", "full"), ("--solution", "--level", "brief")):
        assert written("problem", path, "--seed", "3", "-f", format, *more).strip()


def test_the_key_is_shown_only_when_asked_for(shelf: Path) -> None:
    path = str(shelf / "tanks" / "good.yaml")
    plain, solved = (json.loads(written("problem", path, "-f", "json", *more)) for more in ((), ("--solution",)))
    checked("problem", plain)
    checked("problem", solved)
    assert "answer" not in plain["questions"][0]
    assert solved["questions"][0]["answer"] not in written("problem", path)
    assert solved["proved"] is True


def test_a_variant_is_rebuilt_by_its_name(shelf: Path) -> None:
    own = ("--exercises", str(shelf))
    first = written("problem", "tanks/good", "--seed", "7", "--solution", *own)
    name = first.strip().splitlines()[-1]
    assert written("problem", name, "--solution", *own) == first
    (shelf / "tanks" / "good.yaml").write_text(TANK + "\n# changed\n", encoding="utf-8")
    changed = tutor("problem", name, *own)
    assert changed.exit_code == 2
    assert "has changed" in changed.stderr


@pytest.mark.parametrize(("name", "said"), [("business/coffe-profit", "Did you mean business/coffee-profit"), ("business/coffee-profit@zzzzz", "no variant"), ("business/coffee-profit@?", "number")])
def test_unknown_problems(name: str, said: str) -> None:
    found = tutor("problem", name)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr
