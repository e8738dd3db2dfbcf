"""The wheel carries `templates/` and `exercises/`, and works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).parent.parent
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout, without a network."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel and is not here")
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder / built.stdout.split()[-1]


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it; the dependencies are those of this environment, made visible."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", symlinks=os.name == "posix")
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, cwd=folder)
    purelib = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    ).stdout.strip()
    # A line in a .pth file adds a folder behind the environment's own, and does not read the .pth files in it:
    # an editable install of this checkout stays invisible.
    dependencies = {str(Path(numpy.__file__).parent.parent), str(Path(pytest.__file__).parent.parent)}
    Path(purelib, "dependencies.pth").write_text("\n".join(sorted(dependencies)) + "\n", encoding="utf-8")
    return python


def run(python: Path, *args: str, tmp_path: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([python, *args], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_carries_the_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for kind in ("templates", "exercises"):
        files = [path.relative_to(ROOT / kind).as_posix() for path in (ROOT / kind).rglob("*") if path.is_file()]
        assert files
        assert [name for name in files if f"tutor/_data/{kind}/{name}" not in names] == []
    assert "tutor/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tutor", "calculus_tutor"}
    assert [name for name in names if {"__pycache__", "tests"} & set(name.split("/"))] == []


def test_it_says_who_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    metadata = next(archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    assert "Name: calculus-tutor\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    assert "# Calculus tutor" in metadata


def test_an_import_from_another_folder(elsewhere: Path, tmp_path: Path) -> None:
    code = "import tutor; print(tutor.__file__); print(tutor.explain('sin(x^2)').text('html').count('<math') > 3)"
    place, shown = run(elsewhere, "-c", code, tmp_path=tmp_path).splitlines()
    assert Path(place).is_relative_to(elsewhere.parent.parent)
    assert shown == "True"


def test_the_command_and_the_module(elsewhere: Path, tmp_path: Path) -> None:
    module = run(elsewhere, "-m", "tutor", "explain", "sin(x^2)", tmp_path=tmp_path)
    command = elsewhere.parent / ("tutor.exe" if os.name == "nt" else "tutor")
    done = subprocess.run([command, "explain", "sin(x^2)"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "f'(x) = 2x*cos(x^2)" in module
    assert done.stdout == module
