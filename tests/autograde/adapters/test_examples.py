"""`tutor autograde init`: each example is complete, and grades submissions as it stands, with the scripts that the system would call."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.autograde.adapters.submissions import KEY, ROOT, SUBMISSIONS, lines, schema
from tests.cli.command import tutor, written
from tutor import __version__
from tutor.autograde.adapters.run import graded
from tutor.autograde.adapters.start import rendered, systems, write_example
from tutor.autograde.adapters.systems import SYSTEMS
from tutor.autograde.adapters.task import overview
from tutor.autograde.adapters.task import written as written_page
from tutor.autograde.isolated import Job
from tutor.autograde.key import Source, read_key
from tutor.errors import RequestError

PROMISED = ("codegrade", "coursera", "github", "gradescope", "nbgrader", "otter", "prairielearn")
TUTOR = Path(sys.executable).parent / "tutor"
needs_bash = pytest.mark.skipif(shutil.which("bash") is None or not TUTOR.exists(), reason="needs bash and the command tutor")


def test_the_systems_that_are_promised() -> None:
    assert systems() == PROMISED
    assert set(SYSTEMS) - {"junit"} <= set(PROMISED)


@pytest.mark.parametrize("system", PROMISED)
def test_an_example_is_written_and_says_what_is_next(tmp_path: Path, system: str) -> None:
    folder = tmp_path / "course"
    said = written("autograde", "init", system, str(folder)).splitlines()
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == set(rendered(system)) == {Path(line).relative_to(folder).as_posix() for line in said[:-1]}
    assert said[-1] == f"Next: {folder / 'README.md'}"
    for name in files:
        text = (folder / name).read_text(encoding="utf-8")
        assert "[[" not in text
        assert "]]" not in text
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        if name.endswith((".json", ".ipynb")):
            json.loads(text)
        if name.endswith("key.yaml"):
            assert text == KEY
        assert os.access(folder / name, os.X_OK) is text.startswith("#!")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for name in files - {"README.md"}:
        assert name in readme or Path(name).parent.name in readme or Path(name).name in readme, name


@pytest.mark.parametrize("system", PROMISED)
def test_what_installs_the_tutor_names_its_version(system: str) -> None:
    pins = re.findall(r"calculus-tutor==([\w.]*)", "".join(rendered(system).values()))
    assert set(pins) == {__version__}


def test_the_key_of_the_examples() -> None:
    key = read_key(Source(KEY))
    assert {name: entry.points for name, entry in key.items()} == {"q1": 2.0, "q2": 2.0, "q3": 1.0}


def test_nothing_is_overwritten_and_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text("mine", encoding="utf-8")
    result = tutor("autograde", "init", "gradescope", str(tmp_path))
    assert result.exit_code == 2
    assert "is there already" in " ".join(result.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["key.yaml"]
    assert (tmp_path / "key.yaml").read_text(encoding="utf-8") == "mine"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "key.yaml").symlink_to(outside)
    with pytest.raises(RequestError):
        write_example("gradescope", folder)
    assert not outside.exists()


def test_a_system_that_is_none() -> None:
    for args in (("init", "gradscope", "x"), ("run", "gradscope", "--key", "key.yaml")):
        result = tutor("autograde", *args)
        assert result.exit_code == 2
        assert "Choose one of" in result.stderr
    with pytest.raises(RequestError):
        rendered("../phrases")


@needs_bash
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_gradescope_as_gradescope_would(tmp_path: Path, name: str) -> None:
    answers, points = SUBMISSIONS[name]
    write_example("gradescope", tmp_path / "source")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "answers.txt").write_text(lines(answers), encoding="utf-8")
    environment = {**os.environ, "AUTOGRADER_ROOT": str(tmp_path), "TUTOR": str(TUTOR)}
    done = subprocess.run([tmp_path / "source" / "run_autograder"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = json.loads((tmp_path / "results" / "results.json").read_bytes())
    schema("gradescope").validate(found)
    assert found["score"] == points


@needs_bash
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_prairielearn_as_prairielearn_would(tmp_path: Path, name: str) -> None:
    answers, points = SUBMISSIONS[name]
    write_example("prairielearn", tmp_path)
    info = json.loads((tmp_path / "info.json").read_bytes())["externalGradingOptions"]
    (tmp_path / "data").mkdir()
    data = {"submitted_answers": answers, "params": {}, "correct_answers": {}}
    (tmp_path / "data" / "data.json").write_text(json.dumps(data), encoding="utf-8")
    script = tmp_path / Path(info["entrypoint"]).relative_to("/grade")
    environment = {**os.environ, "GRADE_ROOT": str(tmp_path), "TUTOR": str(TUTOR)}
    done = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = json.loads((tmp_path / "results" / "results.json").read_bytes())
    schema("prairielearn").validate(found)
    assert found["gradable"] is (name in ("right", "another form", "wrong", "partly"))
    if found["gradable"]:
        assert found["score"] == points / 5


@needs_bash
def test_shell_scripts_are_shell_scripts() -> None:
    scripts = [text for system in PROMISED for text in rendered(system).values() if text.startswith("#!/usr/bin/env bash\n")]
    assert len(scripts) == 3
    for text in scripts:
        assert "set -euo pipefail" in text
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)


def test_the_workflow_is_yaml_and_its_runner_has_its_results() -> None:
    workflow = yaml.safe_load(rendered("github")[".github/workflows/classroom.yml"])
    steps = workflow["jobs"]["run-autograding-tests"]["steps"]
    reporter = steps[-1]
    (runner,) = reporter["with"]["runners"].split(",")
    assert reporter["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{runner}.outputs.result }}}}"}
    assert [step["id"] for step in steps if "id" in step] == [runner]


def test_the_fields_of_the_question_are_those_of_the_key() -> None:
    fields = re.findall(r'answers-name="(\w+)"', rendered("prairielearn")["question.html"])
    assert fields == list(read_key(Source(KEY)))


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_coursera_and_codegrade_by_their_commands(tmp_path: Path, name: str) -> None:
    answers, points = SUBMISSIONS[name]
    write_example("coursera", tmp_path)
    (tmp_path / "answers.txt").write_text(lines(answers), encoding="utf-8")
    given = ("--key", str(tmp_path / "key.yaml"), "--submission", str(tmp_path))
    assert written("autograde", "run", "coursera", *given, "--out", str(tmp_path / "shared" / "feedback.json")) == ""
    found = json.loads((tmp_path / "shared" / "feedback.json").read_bytes())
    schema("coursera").validate(found)
    assert found["fractionalScore"] == points / 5
    assert (tmp_path / "shared" / "htmlFeedback.html").read_text(encoding="utf-8").startswith("<article")
    pattern = re.search(r"`(\^score.*\$)`", rendered("codegrade")["README.md"])
    assert pattern is not None
    captured = re.findall(pattern[1], written("autograde", "run", "codegrade", *given), re.MULTILINE)
    assert [float(one) for one in captured] == [points / 5]


def test_the_examples_in_the_readmes_run(tmp_path: Path) -> None:
    for system in ("gradescope", "prairielearn", "coursera", "codegrade"):
        folder = tmp_path / system
        write_example(system, folder)
        commands = re.findall(r"tutor (autograde run \w+ [^`\n]*example[^`\n]*)", (folder / "README.md").read_text(encoding="utf-8"))
        assert commands
        for command in commands:
            words = [str(folder / word) if "." in word or word == "example" else word for word in command.split()]
            assert tutor(*words).exit_code == 0


def test_a_key_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text("questions: {q1: {derivative_off: x}}", encoding="utf-8")
    for key in ("key.yaml", "missing.yaml"):
        result = tutor("autograde", "run", "gradescope", "--key", str(tmp_path / key), "--submission", str(tmp_path), "--out", str(tmp_path / "results.json"))
        assert result.exit_code == 2
        assert result.stderr
    assert not (tmp_path / "results.json").exists()


def test_a_system_without_a_place_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_text(KEY, encoding="utf-8")
    result = tutor("autograde", "run", "junit", "--key", str(tmp_path / "key.yaml"))
    assert result.exit_code == 2
    assert "--submission" in result.stderr


def test_a_module_in_the_folder_of_a_submission_is_not_imported(tmp_path: Path) -> None:
    """Where the command starts in a student's folder, modules there must not take the place of others."""
    (tmp_path / "key.yaml").write_text(KEY, encoding="utf-8")
    (tmp_path / "answers.txt").write_text(lines(SUBMISSIONS["right"][0]), encoding="utf-8")
    for module in ("json", "yaml", "faulthandler", "tutor"):
        (tmp_path / f"{module}.py").write_text("open('ran', 'w')", encoding="utf-8")
    command = [TUTOR, "autograde", "run", "codegrade", "--key", "key.yaml", "--submission", "answers.txt"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("score: 1.000000000\n"), done.stderr
    assert not (tmp_path / "ran").exists()


def test_the_page_of_the_documentation() -> None:
    page = (ROOT / "docs" / "autograders.md").read_text(encoding="utf-8")
    assert set(re.findall(r"tutor autograde init (\w+)", page)) == set(PROMISED)
    (key,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert read_key(Source(key)).keys() == read_key(Source(KEY)).keys()
    tasks = graded(Job(Source(key)), {"q2": "(-6, 4)"})
    shown = [line.strip() for line in written_page(overview(tasks), "text").splitlines()]
    sample = [line.strip() for line in re.findall(r"^    (q2: 1 of.*?)\n\n", page, re.MULTILINE | re.DOTALL)[0].splitlines()]
    assert shown[shown.index(sample[0]) :][: len(sample)] == sample
    assert tasks[1].verdict.points(5) == 2.5
