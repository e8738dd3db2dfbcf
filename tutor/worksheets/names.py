"""A class list: a CSV file with one student a row. Each copy of a sheet belongs to a name, wherever it stands in the list.

The column is that under `name`, or `first name` and `last name` together; without such a heading, the first column.

>>> [student.name for student in students("Last name;First name\\nLovelace;Ada\\nNoether;Emmy\\n", "class.csv")]
['Ada Lovelace', 'Emmy Noether']
>>> one, other = students("Ada Lovelace\\n", "a.csv")[0], students("Emmy Noether\\nada  lovelace\\n", "b.csv")[1]
>>> one.key == other.key
True
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tutor.errors import RequestError
from tutor.problems.source import SourceError
from tutor.worksheets.plan import MOST_COPIES

_LARGEST, _LONGEST = 2_000_000, 200
_NAMES = ("name", "student", "full name", "student name")
_FIRST, _LAST = ("first name", "first", "given name", "firstname"), ("last name", "last", "surname", "family name", "lastname")
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Student:
    """A student; `key` decides the numbers of the copy and tells nothing of the name."""

    name: str
    key: str

    @property
    def file(self) -> str:
        """The name as part of a file's name."""
        kept = "".join(sign if sign.isalnum() else "-" for sign in unicodedata.normalize("NFC", self.name).lower())
        return "-".join(part for part in kept.split("-") if part)[:60] or "student"


def students(text: str, file: str) -> tuple[Student, ...]:
    """The students of a class list. Raises `SourceError` and `RequestError`."""
    rows = _rows(text, file)
    heads = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    columns = _columns(heads)
    found: list[Student] = []
    counted: Counter[str] = Counter()
    for line, cells in rows[1:] if columns else rows:
        name = " ".join(" ".join(cells[place] for place in columns or (0,) if place < len(cells)).split())
        if not name:
            continue
        if len(name) > _LONGEST:
            raise SourceError("long", f"a name has at most {_LONGEST} characters", file, line, 1)
        plain = unicodedata.normalize("NFC", name).casefold()
        counted[plain] += 1
        found.append(Student(name, _key(f"{plain}/{counted[plain]}")))
    if not found:
        raise RequestError("names", f"there are no names in {file}", advice="One student a line; a heading may be: name.")
    if len(found) > MOST_COPIES:
        raise RequestError("names", f"{len(found):,} students are too many", advice=f"A class list has at most {MOST_COPIES:,} names.")
    return tuple(found)


def load_students(path: str | Path) -> tuple[Student, ...]:
    """The students of a file. Raises `RequestError` and `SourceError`."""
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise RequestError("names", f"{path} is larger than {_LARGEST:,} bytes")
        return students(path.read_text(encoding="utf-8-sig"), str(path))
    except OSError as error:
        raise RequestError("file", f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError("encoding", "the file is not UTF-8", str(path), 1, 1, advice="Save it as UTF-8.") from error


def _rows(text: str, file: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, with their lines; separated by commas, semicolons or tabs."""
    head = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise SourceError("csv", f"this is no CSV: {error}", file, reader.line_num, 1) from error


def _columns(heads: list[str]) -> tuple[int, ...]:
    """The columns that make the name, by the headings; none where there are no headings."""
    whole = [heads.index(name) for name in _NAMES if name in heads]
    first, last = ([heads.index(name) for name in names if name in heads] for names in (_FIRST, _LAST))
    return tuple(whole[:1] or (first[:1] + last[:1] if first and last else []))


def _key(text: str) -> str:
    """Forty bits of a hash, in digits that cannot be mixed up."""
    bits = int.from_bytes(sha256(text.encode()).digest()[:5], "big")
    return "".join(_DIGITS[(bits >> 5 * k) & 31] for k in range(8))


__all__ = ["Student", "load_students", "students"]
