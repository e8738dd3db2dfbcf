"""The table of formats, what an import costs, and where the folders are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tutor import resources
from tutor.errors import RequestError
from tutor.render import FORMATS

from .samples import SAMPLES


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_format_writes_every_document(form: str, name: str) -> None:
    assert isinstance(FORMATS[form](SAMPLES[name]), str)


def loaded(code: str) -> set[str]:
    run = subprocess.run([sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_an_import_costs_nothing() -> None:
    heavy = {"jinja2", "numpy", "sympy", "flint", "rich", "click", "yaml"}
    assert not loaded("import tutor.render") & heavy
    assert not loaded("import tutor.render.text, tutor.render.faults, tutor.render.latex, tutor.render.markdown, tutor.render.speech") & heavy
    assert not loaded("import tutor.render.html") & (heavy - {"jinja2"})


def test_folders_from_a_checkout_and_from_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "tutor"
    (package / "_data" / "templates" / "pages").mkdir(parents=True)
    (package.parent / "templates").mkdir()  # another project's folder
    (package / "_data" / "templates" / "pages" / "a.html").write_text("", encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.folders("templates") == (package / "_data" / "templates",)
    assert resources.find("templates", "pages/a.html").is_file()
    assert resources.folders("exercises") == ()


def test_own_folders_come_first_and_must_exist(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    assert resources.folders("templates", [tmp_path])[0] == tmp_path
    assert resources.find("exercises", "a.yaml", [str(tmp_path)]) == tmp_path / "a.yaml"
    with pytest.raises(RequestError, match="no folder"):
        resources.folders("templates", [tmp_path / "b"])
    with pytest.raises(RequestError, match="no file"):
        resources.find("templates", "nothing.html")
