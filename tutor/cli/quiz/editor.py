"""A line with editing and history at a capable terminal (prompt_toolkit): below it the keys, and how the text reads while it is typed.

Ctrl-C clears the line, and on an empty line ends; Ctrl-D on an empty line ends; Ctrl-Z suspends. Pasted text stays one line. The terminal is
never asked where its cursor is, so that slow lines and simple terminals show no stray signs.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth, Output, create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Style

from tutor.cli.quiz.keys import rows_of
from tutor.cli.quiz.lines import Ended, Prompt
from tutor.render.signs import columns, shown

_LONGEST_PASTE = 12_000
"""More than every reader of answers accepts: it says so itself."""
_MOST_HISTORY = 500
_COLOUR = Style.from_dict({"bottom-toolbar": "noreverse", "keys": "ansibrightblack", "reads": "ansicyan", "label": "bold"})
_BARE = Style.from_dict({"bottom-toolbar": "noreverse", "label": "bold"})


class Editor:
    """Lines with editing. `history` is the file of earlier lines; None keeps them in memory."""

    shows_keys = True

    def __init__(self, history: Path | None, colour: bool) -> None:
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
        self._prompt = Prompt("")
        self._session: PromptSession[str | Ended] = PromptSession(
            history=_Kept(history) if history else InMemoryHistory(), key_bindings=self._bindings(), enable_suspend=True, complete_while_typing=False,
            style=_COLOUR if colour else _BARE, color_depth=None if colour else ColorDepth.DEPTH_1_BIT, bottom_toolbar=self._below, reserve_space_for_menu=0,
            include_default_pygments_style=False, output=_output(),
        )  # fmt: skip

    def ask(self, prompt: Prompt) -> str | Ended:
        """The next line."""
        self._prompt = prompt
        try:
            found = self._session.prompt([("class:label", f"{prompt.label}: ")], pre_run=self._limit, refresh_interval=5 if prompt.seconds else 0)
        except EOFError:
            return Ended.INPUT
        except KeyboardInterrupt:
            return Ended.INTERRUPTED
        return found

    def _limit(self) -> None:
        """End the line when the time is up."""
        seconds = self._prompt.seconds
        if seconds is None:
            return
        app = self._session.app

        async def wait() -> None:
            await asyncio.sleep(seconds)
            if app.is_running and not app.is_done:
                app.exit(result=Ended.TIME)

        app.create_background_task(wait())

    def _below(self) -> StyleAndTextTuples:
        """How the text reads, and the keys, in lines that fit."""
        width = self._session.app.output.get_size().columns
        rows: StyleAndTextTuples = []
        preview = self._prompt.preview
        text = self._session.app.current_buffer.text
        if preview is not None:
            rows += [("class:reads", _fitted(preview(text), width)), ("", "\n")]
        for k, line in enumerate(rows_of(self._prompt.keys, width)):
            rows += [*([("", "\n")] if k else []), ("class:keys", line)]
        return rows

    def _bindings(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        def _(event: KeyPressEvent) -> None:
            if event.current_buffer.text:
                event.current_buffer.reset()
            else:
                event.app.exit(result=Ended.INTERRUPTED)

        @keys.add(Keys.BracketedPaste)
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.insert_text(" ".join(event.data[:_LONGEST_PASTE].split()))

        @keys.add("c-l")
        def _(event: KeyPressEvent) -> None:
            if not event.current_buffer.text:
                event.app.exit(result=":l")

        return keys


class _Terminal(Vt100_Output):
    """A terminal that is not asked where its cursor is: what stands below the line takes the rows that it needs."""

    def get_rows_below_cursor_position(self) -> int:
        return 1


def _output() -> Output:
    return create_output() if os.name == "nt" else _Terminal.from_pty(sys.stdout, term=os.environ.get("TERM"))


class _Kept(FileHistory):
    """Earlier lines in a file; where it cannot be read or written there are none. Keys are no history."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))

    def load_history_strings(self) -> Iterable[str]:
        with suppress(OSError):
            return list(super().load_history_strings())[:_MOST_HISTORY]
        return []

    def append_string(self, string: str) -> None:
        if len(string) > 1 and not string.startswith(":"):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _fitted(text: str, width: int) -> str:
    """A text in one line, cut where it does not fit."""
    text = "".join(shown(sign) for sign in text)
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[: -max((columns(text) - width) // 2, 1)]
    return text + "…"


__all__ = ["Editor"]
