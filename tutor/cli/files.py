"""Files that are written whole or not at all: first beside their place under another name, then moved to it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from tutor.errors import RequestError


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Raises `RequestError` for a file that is there already, unless it may be overwritten, and for a place where none can be."""
    for path in paths:
        if path.is_dir():
            raise RequestError("file", f"{path} is a folder", advice="Name a file in it.")
        if path.exists() and not force:
            raise RequestError("file", f"{path} is there already", advice="--force overwrites it.")
        if not path.parent.is_dir():
            raise RequestError("file", f"there is no folder {path.parent}", advice="Make it first.")


def write_all(files: Mapping[Path, bytes]) -> None:
    """All of the files, or none. Raises `OSError`."""
    beside: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
            beside[path] = Path(name)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            os.chmod(name, _usual_mode(path))
        for path, other in beside.items():
            other.replace(path)
    finally:
        for other in beside.values():
            with suppress(OSError):
                other.unlink()


def _usual_mode(path: Path) -> int:
    """The mode of the file that is replaced, or that of a new file: a temporary one is only its owner's."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


__all__ = ["refuse_existing", "write_all"]
