"""How a text was understood, as a document: the form, remarks, letters, other possible readings."""

from __future__ import annotations

from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Section
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.reading import Reading
from tutor.form.tree import Sym

_NAMES = {"inverse": "reciprocal"}
"""Conventions whose sentence stands under another id, because a remark has theirs."""


def reading_doc(reading: Reading) -> Doc:
    """The document of a reading."""
    blocks: list[Block] = [Maths(reading.form)]
    blocks.extend(remarks(reading))
    letters = sorted(reading.form.free)
    if letters:
        blocks.append(Paragraph((*PHRASES.say("read.letters", {}), ": ", *listed([Sym(letter) for letter in letters]))))
    if reading.alternatives:
        others = tuple(
            Maths(other.form, note=PHRASES.say(f"read.{_NAMES.get(other.convention, other.convention)}", {})) for other in reading.alternatives
        )
        blocks.append(Section(PHRASES.say("read.other", {}), others))
    return Doc(PHRASES.say("read.as", {}), tuple(blocks))


def remarks(reading: Reading) -> list[Paragraph]:
    """What the reader decided that a person may not expect."""
    return [Paragraph(PHRASES.say(remark, {}), "remark") for remark in reading.remarks]
