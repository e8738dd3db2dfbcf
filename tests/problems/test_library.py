"""The shipped families: each is found, read, drawn, solved at three levels, and every line of its solution is proved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.problems.families import TANK
from tutor.api import write_doc
from tutor.errors import RequestError
from tutor.problems.library import Library, load, topics
from tutor.problems.pictures import figures
from tutor.problems.problem import seeded
from tutor.problems.solution import audits, key, solution, statement
from tutor.problems.source import LONGEST, SourceError

LIBRARY = Library()


@pytest.mark.parametrize("name", LIBRARY.names())
def test_a_solution_is_proved_and_belongs_on_paper(name: str) -> None:
    problem = seeded(LIBRARY.family(name), 1)
    texts = [write_doc(solution(problem, level), "plain") for level in ("brief", "normal", "full")]
    assert all(audit.proved for audit in audits(problem))
    assert not re.search(r"\s--[a-z]|\{\{|\}\}|\bundefined\b", "\n".join(texts))
    assert len(texts[0]) <= len(texts[1]) <= len(texts[2])
    assert all(max(map(len, text.splitlines())) <= 100 for text in texts)
    assert write_doc(statement(problem), "plain")
    assert write_doc(key(problem), "plain")
    assert all(figure.description for _, figure in figures(problem))


def test_a_derivative_is_worked_out_once() -> None:
    text = write_doc(solution(seeded(LIBRARY.family("business/coffee-profit"), 7)), "plain")
    assert text.count("differentiate term by term") == 1
    assert "has been found in a)" in text


def test_an_own_folder_comes_first(tmp_path: Path) -> None:
    (tmp_path / "business").mkdir()
    (tmp_path / "business" / "coffee-profit.yaml").write_text(TANK, encoding="utf-8")
    assert Library((tmp_path,)).family("business/coffee-profit").title == "A title"
    assert Library((tmp_path,)).names() == Library().names()


def test_a_family_with_an_error_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("format: 1\n", encoding="utf-8")
    faults: list[SourceError] = []
    found = [family.id for family in Library((tmp_path,)).families(faults)]
    assert set(LIBRARY.names()) <= set(found)
    assert "bad.yaml" in [Path(fault.file).name for fault in faults]
    with pytest.raises(SourceError):
        list(Library((tmp_path,)).families())


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * (4 * LONGEST + 1), b"\x80"])
def test_files_that_are_no_text_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(SourceError):
        load(path)
    with pytest.raises(RequestError):
        load(tmp_path / "missing.yaml")


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(RequestError) as caught:
        LIBRARY.problem("busines/cofee-profit")
    assert "business/coffee-profit" in caught.value.advice


def test_topics_follow_the_skills() -> None:
    found = topics(LIBRARY.families())
    assert {family.id for some in found.values() for family in some} >= set(LIBRARY.names())
