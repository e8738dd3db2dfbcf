"""Where the output goes and how: a terminal in colour, a pipe in plain text, a file in any format.

Colour is used at a terminal unless `NO_COLOR` is set (https://no-color.org) or TERM is dumb.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import NoReturn, TextIO

import click

from tutor.errors import TutorError
from tutor.render import ENDINGS

_STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True},
    "rule": {"fg": "cyan"},
    "focus": {"fg": "yellow"},
    "result": {"bold": True},
    "note": {"dim": True},
    "reason": {"dim": True},
    "condition": {"fg": "magenta"},
    "remark": {"fg": "blue"},
    "hint": {},
    "question": {"bold": True},
    "proved": {"fg": "green"},
    "warning": {"fg": "red"},
    "failed": {"fg": "red", "bold": True},
    "header": {"bold": True},
}
Segments = Iterable[tuple[str, str]]


class Target:
    """A format and a place. `format` None is what a file's ending says, else terminal at a terminal, plain elsewhere."""

    def __init__(self, format: str | None, plain: bool, file: str | None) -> None:
        if plain and format not in (None, "plain"):
            raise click.UsageError(f"--plain and --format {format} contradict each other: give one of them.")
        self.file = file
        if file is not None and format is None and not plain:
            format = ENDINGS.get(os.path.splitext(file)[1].lower())
        self.compiles = file is not None and format == "typst" and file.lower().endswith(".pdf")
        # Standard output is None when it was closed; a terminal without Unicode gets the ASCII text.
        at_terminal = file is None and sys.stdout is not None and sys.stdout.isatty()
        self.format = "plain" if plain else format or ("terminal" if at_terminal and _writes_unicode(sys.stdout) else "plain")
        self.colour = at_terminal and self.format == "terminal" and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.width = min(shutil.get_terminal_size((80, 24)).columns, 100) if at_terminal else 80

    @property
    def streams(self) -> bool:
        """Whether lines appear as they are made, before the audit has ended."""
        return self.file is None and self.format in ("terminal", "plain")

    def lines(self, lines: Iterable[Segments]) -> None:
        """Write styled lines at once, one after the other."""
        for line in lines:
            parts = [click.style(text, **_STYLES.get(style, {})) if self.colour and style else text for text, style in line]  # type: ignore[arg-type]
            click.echo("".join(parts), color=self.colour)

    def text(self, text: str) -> None:
        """Write a finished text to the file or to standard output."""
        self.pieces([text if text.endswith("\n") else text + "\n"])

    def pieces(self, texts: Iterable[str]) -> None:
        """Write a long text in pieces to the file or to standard output."""
        if self.file is None:
            for text in texts:
                click.echo(text, nl=False)
            return
        try:
            if self.compiles:
                from tutor.render.typst import compiled

                content = compiled("".join(texts))
                with open(self.file, "wb") as pdf:
                    pdf.write(content)
                return
            with open(self.file, "w", encoding="utf-8") as out:
                out.writelines(texts)
        except OSError as error:
            fail(f"Cannot write {self.file}: {error.strerror or error}.")


def fail(message: str) -> NoReturn:
    """Say what went wrong on standard error, and end with status 2."""
    click.echo(message, err=True)
    raise SystemExit(2)


def guarded(work: Callable[[], int], target: Target) -> NoReturn:
    """Run a command's work and end with its status.

    An error of the tutor's own becomes lines with a caret (or data, where data was asked for), a reader that went away (`| head`) is no
    error, and a fault in the tutor is told in one sentence (with its traceback when TUTOR_DEBUG is set).
    """
    try:
        status = work()
    except TutorError as error:
        from tutor.render.faults import fault_data, fault_lines

        if target.format == "json":
            import json

            fail(json.dumps({"error": fault_data(error)}, ensure_ascii=not _writes_unicode(sys.stderr), indent=2))
        fail("\n".join(fault_lines(error, ascii_only=not _writes_unicode(sys.stderr))))
    except BrokenPipeError:
        # What is still buffered has nowhere to go; without this the interpreter complains while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        fail(f"Cannot write the output: {error.strerror or error}.")
    except click.ClickException:
        raise
    except Exception as error:  # the outermost boundary: a person is never shown a traceback
        if os.environ.get("TUTOR_DEBUG"):
            raise
        name = type(error).__name__
        click.echo(f"This is a fault in the tutor, not in what you typed ({name}). TUTOR_DEBUG=1 shows where it is.", err=True)
        status = 3
    raise SystemExit(status)


def _writes_unicode(stream: TextIO | None) -> bool:
    return stream is not None and (stream.encoding or "").lower().startswith("utf")
