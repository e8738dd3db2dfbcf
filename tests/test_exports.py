"""What `tutor` offers: `__all__` is true, every name can be imported, and no module of the same name hides one."""

from __future__ import annotations

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import tutor

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", tutor.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    assert getattr(import_module("tutor"), name) is not None


def test_all_is_sorted_and_what_dir_says() -> None:
    assert tutor.__all__ == sorted(tutor.__all__)
    assert dir(tutor) == tutor.__all__


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(tutor.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {name.name for node in guarded.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert (seen - {"Any"}) | {"__version__"} == set(tutor.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'integrate'"):
        _ = tutor.integrate  # type: ignore[attr-defined]


def test_no_module_hides_a_function() -> None:
    here = {path.stem for path in Path(tutor.__file__).parent.iterdir()}
    assert here & set(tutor.__all__) == set()


def test_there_is_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert tutor.__version__ == project["version"]
    assert f"## [{tutor.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
