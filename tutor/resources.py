"""The one locator of `templates/` and `exercises/`.

From a checkout (and an editable install) the folders lie beside `tutor/`; a wheel carries them as
`tutor/_data/templates` and `tutor/_data/exercises`. Folders of the user's own come first, so a file
of the same name there replaces the one that travels with the tutor.

>>> find("templates", "pages/explanation.html").name
'explanation.html'
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from tutor.errors import RequestError

Kind = Literal["templates", "exercises"]
Folder = str | os.PathLike[str]

_PACKAGE = Path(__file__).parent


def folders(kind: Kind, own: Iterable[Folder] = ()) -> tuple[Path, ...]:
    """The folders to search, in order: the user's own, then the one that travels with the tutor.

    Raises `RequestError` when a folder that the user named does not exist.
    """
    named = tuple(Path(folder) for folder in own)
    for folder in named:
        if not folder.is_dir():
            raise RequestError("folder", f"there is no folder {folder}", advice=f"Name a folder that holds {kind}.")
    # The wheel's place is asked first: beside an installed package lie other people's folders.
    carried = (_PACKAGE / "_data" / kind, _PACKAGE.parent / kind)
    return named + tuple(folder for folder in carried if folder.is_dir())[:1]


def find(kind: Kind, name: str, own: Iterable[Folder] = ()) -> Path:
    """The first file of this name (a path inside the folder, with `/`).

    Raises `RequestError` when no folder has it.
    """
    searched = folders(kind, own)
    for folder in searched:
        if (folder / name).is_file():
            return folder / name
    places = ", ".join(map(str, searched)) or "no folder"
    raise RequestError("file", f"there is no file {name} among the {kind}", advice=f"Searched: {places}.")
