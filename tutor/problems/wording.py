"""What can be checked in a rendered text: articles, plurals behind 1, doubled words and blanks, holes where a value was meant.

>>> from tutor.form.reading import read
>>> [complaint for complaint in complaints(("An tea house sells ", read("1"), " cups  a day."))]
['"An tea": a stands before a consonant', '"1 cups": one thing is meant', 'two blanks follow each other']
>>> complaints(("A useful hour at an 8-hour shop costs 1 euro.",))
[]
"""

from __future__ import annotations

import re

from tutor.exposition.doc import Phrase
from tutor.form.tree import ONE, Form

_ARTICLE = re.compile(r"\b([Aa]n?) ([A-Za-z][A-Za-z-]*|\d+)")
_ONE = re.compile(r"(?<![\d.,:^_/*+=(-])(?<![\d.] )\b1 ([a-z]{3,}s)\b")
_TWICE = re.compile(r"\b([A-Za-z]{2,}) \1\b")
_HOLE = re.compile(r"\{\{|\}\}|\{%|\bNone\b|\bundefined\b|\$|<[a-z]+ object")
_LOOSE = re.compile(r" [,.;:?!](?!\d)|\(\s|\s\)")
_SINGULAR = frozenset((
    "is", "was", "has", "plus", "minus", "times", "thus", "this", "less", "gas", "bus", "its", "always", "across", "towards", "versus", "does", "loss", "class",
    "glass", "mass", "boss", "cross", "process", "business", "lens", "series", "axis", "basis",
))  # fmt: skip
_VOWEL_SOUND = ("hour", "honest", "heir", "honour")
_CONSONANT_SOUND = ("uni", "use", "usa", "usu", "uti", "eu", "one", "once", "ufo", "uk", "us-", "ewe")
_SPELLED = frozenset("AEFHILMNORSX")
_NUMBER_VOWEL = re.compile(r"8\d*$|11$|18$")


def complaints(phrase: Phrase) -> list[str]:
    """What is wrong with the words of a phrase; mathematics stands as a number where it is 1, else as a sign of its own."""
    text = "".join("1" if part is ONE else "\x01" if isinstance(part, Form) else part for part in phrase)
    found = [said for match in _ARTICLE.finditer(text) if (said := _article(match[1], match[2]))]
    found += [f'"1 {match[1]}": one thing is meant' for match in _ONE.finditer(text) if match[1] not in _SINGULAR and not match[1].endswith("ss")]
    found += [f'"{match[0]}": the word occurs twice' for match in _TWICE.finditer(text) if match[1].lower() not in ("that", "had")]
    found += [f'"{match[0]}" is left over' for match in _HOLE.finditer(text)]
    if "  " in text:
        found.append("two blanks follow each other")
    found += [f'a blank stands before "{match[0].strip()}"' for match in _LOOSE.finditer(text)]
    return found


def _article(article: str, word: str) -> str:
    """What is wrong with an article; empty where nothing is."""
    sounded = _is_vowel_sound(word)
    if len(article) == 2 and not sounded:
        return f'"{article} {word}": a stands before a consonant'
    if len(article) == 1 and sounded:
        return f'"{article} {word}": an stands before a vowel'
    return ""


def _is_vowel_sound(word: str) -> bool:
    """Whether a word begins with a vowel when it is spoken: an hour, a unit, an 8, an x."""
    if word.isdigit():
        return bool(_NUMBER_VOWEL.match(word))
    if len(word) == 1:
        return word.upper() in _SPELLED
    if word.isupper() and len(word) <= 4:
        return word[0] in _SPELLED
    lower = word.lower()
    return lower.startswith(_VOWEL_SOUND) or (lower[0] in "aeiou" and not lower.startswith(_CONSONANT_SOUND))


def article(word: str) -> str:
    """The article that belongs before a word.

    >>> [article(word) for word in ("unit", "hour", "ice-cream shop", "x", "university")]
    ['a', 'an', 'an', 'an', 'a']
    """
    first = re.match(r"[A-Za-z-]+|\d+", word)
    return "an" if first is not None and _is_vowel_sound(first[0]) else "a"


__all__ = ["article", "complaints"]
