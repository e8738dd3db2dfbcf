"""Models: an expression in the columns of a table and in parameters, read with the table's names at hand.

A letter that is a column is data; every other letter is a parameter. Columns may have names that the reader would take
apart (age is a·g·e) or take for a function (log_price, cost), so they are put in under names of their own while it
reads. A word that is nearly a column is taken for a slip, not for parameters.

>>> str(read_model("w*age + b", ["age", "price"]))
'w*age + b'
>>> read_model("w*siz + b", ["size", "price"])
Traceback (most recent call last):
    ...
tutor.errors.RequestError: the model holds siz, which is no column
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import product

from tutor.calculus.request import body, variable_name
from tutor.descent.table import DataError, letter, listing, shown, underscored
from tutor.errors import ReadError, RequestError
from tutor.form.functions import ALIASES, FUNCTIONS
from tutor.form.reading import read
from tutor.form.tree import Call, Const, Form, Relation, Sym
from tutor.form.walk import nodes, substitute

_WORD = re.compile(r"[^\W\d_]\w*")
_NEAR = 0.75


def read_model(text: str, headings: Sequence[str], parameters: Sequence[str] = ()) -> Form:
    """The form of a model in the columns with these headings. A model may be an equation, price = w*size + b.

    `parameters` are letters that are none of the columns for sure. Raises `ReadError`, or `RequestError` with a suggestion.
    """
    text = unicodedata.normalize("NFC", text)
    known = columns_by_word(headings)
    stand_ins = _stand_ins(set(_WORD.findall(text)), known)
    try:
        form = read(_put_in(text, stand_ins), variables=[*stand_ins.values(), *(name for name in parameters if len(name) > 1)])
    except ReadError as error:
        raise _as_typed(error, stand_ins) from None
    form = substitute(form, {name: Sym(known[word]) for word, name in stand_ins.items()})
    _check_words(text, known, frozenset(parameters), form.free)
    return form


def target_of(model: Form) -> str | None:
    """The left side of a model that is an equation: of price = w*size + b it is price."""
    match model:
        case Relation((Sym(name), _), ("=",)):
            return name
    return None


def columns_by_word(headings: Sequence[str]) -> dict[str, str]:
    """Each heading that can stand in a model, as it is typed there, and its letter."""
    found: dict[str, str] = {}
    for heading in headings:
        try:
            found[underscored(heading)] = letter(heading)
        except DataError:
            continue
    return found


def _stand_ins(words: set[str], known: Mapping[str, str]) -> dict[str, str]:
    """For each word that is a column and would not be read as one: a word as long that is read as one name."""
    free: dict[int, Iterator[str]] = {}
    found: dict[str, str] = {}
    for word in sorted(words & known.keys()):
        if not _is_read_as(word, known[word]):
            names = free.setdefault(len(word), (name for name in _made_up(len(word)) if name not in words))
            found[word] = next(names)
    return found


def _made_up(length: int) -> Iterator[str]:
    return ("".join(signs) + "q" * (length - len(signs)) for signs in product("qzjxkvwyghfdbcmnprtlsuoaie", repeat=min(length, 3)))


def _put_in(text: str, stand_ins: Mapping[str, str]) -> str:
    """The text with the words exchanged; one that is also a function stays where a bracket follows it."""

    def changed(match: re.Match[str]) -> str:
        word = match[0]
        is_call = (word in FUNCTIONS or word in ALIASES) and text[match.end() :].lstrip().startswith("(")
        return word if is_call else stand_ins.get(word, word)

    return _WORD.sub(changed, text)


def _is_read_as(word: str, name: str) -> bool:
    try:
        return read(word) is Sym(name)
    except ReadError:
        return False


def _as_typed(error: ReadError, stand_ins: Mapping[str, str]) -> ReadError:
    """The error in the words that a person typed; they are as long, so the place is the same."""

    words = {name: word for word, name in stand_ins.items()}

    def typed(text: str) -> str:
        return _WORD.sub(lambda match: words.get(match[0], match[0]), text)

    return type(error)(error.kind, typed(error.message), typed(error.text), error.span, expected=typed(error.expected),
                       suggestion=typed(error.suggestion), advice=typed(error.advice))  # fmt: skip


def _check_words(text: str, known: Mapping[str, str], parameters: frozenset[str], free: frozenset[str]) -> None:
    """Raises `RequestError` at a word that is nearly a column which the model does not use."""
    unused = {word.casefold(): word for word, name in known.items() if name not in free}
    for word in dict.fromkeys(_WORD.findall(text)):
        if len(word) < 2 or word in known or word in parameters or not _is_made_of_letters(word):
            continue
        near = get_close_matches(word.casefold(), unused, 1, _NEAR) or [other for other in unused if _stem(other) == _stem(word.casefold()) != ""]
        if near and not set(word.split("_")) & known.keys():  # w_size is the parameter of size
            raise RequestError("model", f"the model holds {shown(word)}, which is no column", advice=f"Did you mean {unused[near[0]]}?")


def _is_made_of_letters(word: str) -> bool:
    """Whether a word is read as letters, and not as a function or a number such as pi."""
    try:
        form = read(word)
    except ReadError:
        return False
    return not any(isinstance(node, Const | Call) for node in nodes(form))


def _stem(word: str) -> str:
    """A word without the number at its end, if it has one: x of x3."""
    return re.sub(r"_?\d+$", "", word) if re.search(r"\d$", word) else ""


def parameters_of(model: Form, columns: Sequence[str], given: Sequence[str] | None = None) -> tuple[str, ...]:
    """The parameters of a model in the order in which they stand there, or as `given`.

    Raises `RequestError` when there are none, when no letter is a column, and when `given` names other ones.
    """
    found = tuple(dict.fromkeys(node.name for node in nodes(body(model)) if isinstance(node, Sym) and node.name not in columns))
    if not found:
        raise RequestError("model", "the model has no parameter: every letter is a column", advice="Put a letter that is none in front, such as w*size.")
    if len(found) > 1 and not model.free & set(columns):
        raise RequestError("model", f"no letter of the model is a column: it holds {', '.join(found)}", advice=f"The columns are {listing(tuple(columns))}.")
    if given is None:
        return found
    names = tuple(variable_name(name) for name in given)
    for name in names:
        if name not in found:
            said = f"{name} is a column of the data, and so no parameter" if name in columns else f"the parameter {name} does not stand in the model"
            raise RequestError("parameter", said, advice=f"The parameters are {', '.join(found)}.")
    others = [name for name in found if name not in names]
    if others:
        near = get_close_matches(others[0], columns, 1)
        advice = f"Did you mean {near[0]}?" if near else f"Name it among the parameters, such as {others[0]}=0. The columns are {listing(tuple(columns))}."
        raise RequestError("parameter", f"{others[0]} is neither a column nor one of the parameters {', '.join(names)}", advice=advice)
    return names


__all__ = ["columns_by_word", "parameters_of", "read_model", "target_of"]
