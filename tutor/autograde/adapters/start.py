"""An example to begin with, for one system: the files of `templates/autograde/<system>/`, each rendered by Jinja and written into a folder.

A template's name ends in `.jinja`; `dot-` at the beginning of a part of its path is a dot, and `_` nothing (a wheel carries no folder `tests`). What Jinja puts in stands between `[[` and `]]`, because the files
are shell, Python, notebooks and workflows, which have braces of their own. Nothing that is there already is overwritten.

>>> "otter" in systems() and "gradescope" in systems()
True
>>> sorted(rendered("gradescope"))
['README.md', 'example/answers.txt', 'key.yaml', 'run_autograder', 'setup.sh']
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tutor import __version__
from tutor.errors import RequestError
from tutor.resources import folders

_ENDING = ".jinja"
_SHARED = "_shared"


def systems() -> tuple[str, ...]:
    """The systems that have an example."""
    return tuple(sorted(path.name for path in _home().iterdir() if path.is_dir() and path.name != _SHARED))


def rendered(system: str) -> dict[str, str]:
    """The files of an example by their paths. Raises `RequestError` for a system that has none."""
    if system not in systems():
        raise RequestError("system", f"there is no example for {system}", advice=f"Choose one of {', '.join(systems())}.")
    home = _home()
    environment = Environment(
        loader=FileSystemLoader(home), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False,  # noqa: S701 (files of a course, no pages)
        variable_start_string="[[", variable_end_string="]]", block_start_string="[%", block_end_string="%]", comment_start_string="[#", comment_end_string="#]",
    )  # fmt: skip
    paths = sorted(path.relative_to(home) for path in (home / system).rglob(f"*{_ENDING}"))
    return {_named(path): environment.get_template(path.as_posix()).render(version=__version__) for path in paths}


def write_example(system: str, folder: Path) -> tuple[Path, ...]:
    """Write an example, and return its files. Raises `RequestError` where one of them is there already; then nothing is written."""
    files = {folder / name: text for name, text in rendered(system).items()}
    for path in files:
        if path.exists() or path.is_symlink():
            raise RequestError("file", f"{path} is there already", advice="Name a folder that is new or empty: nothing is overwritten.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
        if text.startswith("#!"):
            path.chmod(0o755)
    return tuple(files)


def _home() -> Path:
    return folders("templates")[0] / "autograde"


def _named(path: Path) -> str:
    """The path of a file of the example, from its template's."""
    parts = [f".{part[4:]}" if part.startswith("dot-") else part.removeprefix("_") for part in path.parts[1:]]
    return "/".join(parts).removesuffix(_ENDING)


__all__ = ["rendered", "systems", "write_example"]
