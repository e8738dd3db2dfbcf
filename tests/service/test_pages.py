"""docs/serve.md and docs/security.md say what is so."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from importlib import import_module
from typing import Any

import pytest

from tests.cli.command import ROOT
from tests.service.running import Service
from tutor.cli.commands.serve import command
from tutor.service.limits import Limits

SERVE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LIMIT = re.compile(r"^\| .* \| ([\d,]+)(?: (\w+))? \| `(tutor\.[\w.]+)` \|$", re.MULTILINE)
UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
CURL = re.compile(r"^\$ (curl [^\n]*)$", re.MULTILINE)


def named(name: str) -> Any:
    """What a dotted name means: a module, then names in it."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AssertionError(name)


@pytest.mark.parametrize(("number", "unit", "name"), LIMIT.findall(SECURITY))
def test_a_limit_of_the_page_is_that_of_the_program(number: str, unit: str, name: str) -> None:
    assert named(name) == int(number.replace(",", "")) * UNITS.get(unit, 1)


def test_every_limit_of_the_service_is_on_the_page() -> None:
    names = [name for _, _, name in LIMIT.findall(SECURITY)]
    assert {f"tutor.service.limits.LIMITS.{field.name}" for field in fields(Limits)} <= set(names)
    assert len(names) == len(set(names)) == len(re.findall(r"\| `tutor\.[^|]*\|$", SECURITY, re.MULTILINE))


def test_times_that_the_sentences_name() -> None:
    assert f"({named('tutor.algebra.worker.START_SECONDS'):g} s at most" in SECURITY
    assert f"what one request may take ({Limits().seconds:g})" in SERVE
    assert Limits().grace == 10
    assert "for ten seconds at most" in SERVE
    assert f"client_max_body_size {Limits().body // 2**10}k;" in SERVE


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
@pytest.mark.parametrize("line", CURL.findall(SERVE))
def test_an_example_of_the_page_is_answered(service: Service, line: str) -> None:
    if "--json" in line and b"--json" not in subprocess.run(["curl", "--help", "all"], capture_output=True, check=False).stdout:
        pytest.skip("this curl knows no --json")
    done = subprocess.run(shlex.split(line.replace("http://127.0.0.1:8000", service.url)), capture_output=True, check=True)
    data = json.loads(done.stdout)
    match line:
        case one if "derivate_of" in one:
            assert data["advice"] == "Did you mean derivative_of?"
        case one if "2*(x+1" in one:
            assert (data["kind"], data["suggestion"]) == ("bracket", "2*(x+1)")
        case one if "/problem" in one:
            assert data["family"] == "chain-rule/two-layers"
            assert data["questions"]
        case _:
            assert data["outcome"] == "wrong"


def test_there_are_examples() -> None:
    assert len(CURL.findall(SERVE)) == 5


def test_the_command_lines_of_the_page_have_options_that_exist() -> None:
    lines = [*re.findall(r"tutor serve( --[^`\n]*)?$", SERVE, re.MULTILINE), " ".join(json.loads(re.findall(r"^CMD (.*)$", SERVE, re.MULTILINE)[0])[2:])]
    assert len(lines) >= 3
    for line in lines:
        with command.make_context("serve", shlex.split(line)) as context:
            assert context.params["port"] == 8000


def test_the_page_names_every_kind_of_the_service_itself() -> None:
    source = "".join((ROOT / "tutor" / "service" / name).read_text(encoding="utf-8") for name in ("refusals.py", "guard.py", "app.py", "bench.py"))
    kinds = set(re.findall(r'(?:refusal|_closing)\(\d{3}, "(\w+)"', source)) | set(re.findall(r'"kind": "(\w+)"', source))
    assert kinds >= {"json", "size", "slow", "busy", "long", "crash"}
    assert [kind for kind in kinds if kind != "http" and f"`{kind}`" not in SERVE] == []
