"""Sheets: ids that rebuild them, copies for a class, points."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tutor.errors import RequestError
from tutor.exposition.doc import Section
from tutor.problems.family import read_family
from tutor.problems.source import SourceError
from tutor.worksheets.choose import Stock
from tutor.worksheets.names import load_students, students
from tutor.worksheets.sheet import copies, is_id, make, rebuilt

from .families import plan, sheet, stock


def ids(found: object) -> list[str]:
    return [item.problem.id for item in found.items]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "options",
    [{}, {"topics": "all", "count": "3"}, {"topics": "chain-rule,partials", "count": "12", "seed": "3", "difficulty": "1-2"}, {"topics": "fields/hill"}, {"topics": "drill", "seed": "999999999", "count": "30"}],
)
@pytest.mark.parametrize("copy", ["0", "17", "n0123abcd"])
def test_the_id_rebuilds_the_sheet(options: dict[str, str], copy: str) -> None:
    first = sheet(copy, **options)
    assert is_id(first.id)
    again = rebuilt(first.id, stock())
    assert ids(again) == ids(first)
    assert again.id == first.id
    assert [item.results() for item in again.items] == [item.results() for item in first.items]


def test_the_layout_does_not_change_the_problems() -> None:
    first = sheet(topics="drill")
    other = rebuilt(first.id, stock(), plan(points="3", space="grid", title="Another", columns="2"))
    assert ids(other) == ids(first)
    assert (other.title, other.layout.space, other.items[0].points) == ("Another", "grid", (3,))


def test_another_process_makes_the_same_sheet() -> None:
    program = "from tests.worksheets.families import sheet; print(sheet(topics='drill,fields', count='14', seed='5').id)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=Path(__file__).parents[2], env={"PYTHONHASHSEED": "99"})
    assert done.stdout.strip() == sheet(topics="drill,fields", count="14", seed="5").id


def test_changed_exercises_are_noticed() -> None:
    text = "format: 1\ntitle: A\nskills: [power-rule]\ndifficulty: 1\nparameters: {n: 2..99}\nquestions: [{ask: 'What is $n$?', answer: n}]"
    first = make(plan(count="3"), Stock([read_family(text, "drill/count")]))
    other = Stock([read_family(text.replace("99", "999"), "drill/count")])
    with pytest.raises(RequestError, match="changed since") as caught:
        rebuilt(first.id, other)
    check = first.id.rpartition(".")[2]
    assert check in caught.value.advice
    assert rebuilt(first.id.removesuffix(f".{check}"), other).id != first.id


@pytest.mark.parametrize("text", ["plan.yaml", "", "chain-rule", "chain-rule.12.1-3.3", "all.0.1-3.0.0", "all.201.1-3.0.0", "chain-rule.12.1-4.3.0", "../x.1.1-1.0.0.0000\n"])
def test_what_is_no_id(text: str) -> None:
    with pytest.raises(RequestError):
        rebuilt(text, stock())


def test_copies_have_the_same_families_and_other_numbers() -> None:
    found = list(copies(plan(topics="drill", count="5", variants="30"), stock()))
    assert len(found) == 30
    assert len({tuple(item.problem.family.id for item in one.items) for one in found}) == 1
    assert len({tuple(ids(one)) for one in found}) == 30
    assert [one.copy for one in found[:3]] == ["1", "2", "3"]


def test_a_student_has_the_same_copy_wherever_the_name_stands() -> None:
    one = list(copies(plan(), stock(), students("name\nAda Lovelace\nEmmy Noether\n", "a.csv")))
    other = list(copies(plan(), stock(), students("Emmy Noether\nMax Born\n ada  LOVELACE \n", "b.csv")))
    assert ids(one[0]) == ids(other[2])
    assert ids(one[1]) == ids(other[0])
    assert one[0].student == "Ada Lovelace"
    assert "ada" not in one[0].id.lower()


def test_two_students_of_one_name_have_copies_of_their_own() -> None:
    first, second = students("name\nMax Born\nMax Born\n", "a.csv")
    assert first.key != second.key


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada\nMax\n", ["Ada", "Max"]), ("name\nAda\n", ["Ada"]), ("id,Name,mail\n1,Ada,a@b\n", ["Ada"]), ("Last name;First name\nBorn;Max\n", ["Max Born"]),
        ("a\tName\n1\tÉmilie du Châtelet\n", ["Émilie du Châtelet"]), ('"Born, Max"\n', ["Born, Max"]), ("name\r\n\r\nAda\r\n,\r\n", ["Ada"]),
    ],
)  # fmt: skip
def test_class_lists(text: str, names: list[str]) -> None:
    assert [student.name for student in students(text, "class.csv")] == names


def test_class_lists_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no names"):
        students("name\n", "class.csv")
    with pytest.raises(SourceError, match="at most 200") as caught:
        students("name\nAda\n" + "x" * 201, "class.csv")
    assert caught.value.line == 3
    with pytest.raises(SourceError, match="no CSV"):
        students('name\n"Ada', "class.csv")
    with pytest.raises(RequestError, match="2,001 students"):
        students("\n".join(f"S{k}" for k in range(2001)), "class.csv")
    (tmp_path / "a.csv").write_bytes(b"\xff\xfeA")
    with pytest.raises(SourceError, match="not UTF-8"):
        load_students(tmp_path / "a.csv")
    with pytest.raises(RequestError, match="cannot read"):
        load_students(tmp_path / "none.csv")


def test_points_follow_the_weights() -> None:
    text = """
    format: 1
    title: A
    skills: [power-rule]
    difficulty: 1
    parameters: {n: 2..99}
    questions:
      - {ask: 'What is $n$?', answer: n, weight: 2}
      - {ask: 'What is $2n$?', answer: 2*n, weight: 0.5}
      - {ask: 'What is $3n$?', answer: 3*n, weight: 0.01}
    """
    found = make(plan(count="1", points="3"), Stock([read_family(text, "drill/three")]))
    assert found.items[0].points == (6, 2, 1)
    assert found.total == 9
    assert make(plan(count="1"), Stock([read_family(text, "drill/three")])).total == 0


def test_the_parts_of_an_item() -> None:
    (item,) = sheet(topics="fields/hill", count="1").items
    assert [str(asked.phrase[0])[:3] for asked in item.asked()] == ["a) ", "b) "]
    assert [str(result[0])[:3] for result in item.results()] == ["a) ", "b) "]
    assert len([block for block in item.solved() if isinstance(block, Section)]) == 2
    assert item.statement[0] not in item.solved()


def test_hints_are_the_authors_or_those_of_the_derivation() -> None:
    (own,) = sheet(topics="drill/chain-sine", count="1").items
    assert own.hints() == [(("Which function is the outer one?",),)]
    (derived,) = sheet(topics="drill/chain", count="1").items
    assert len(derived.hints()[0]) >= 3


@pytest.mark.parametrize(("topics", "title"), [("chain-rule", "Chain rule"), ("chain-rule,gradient", "Chain rule, Gradient"), ("fields/hill", "On a hill"), ("fields", "Fields"), ("all", "Worksheet")])
def test_titles(topics: str, title: str) -> None:
    assert sheet(topics=topics, count="1").title == title
