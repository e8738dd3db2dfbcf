"""Exams: plans are read strictly and give the same problems every time; the sitting; the result file and its check."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.practice.small import START
from tutor.errors import RequestError
from tutor.exposition.data import plain as text_of
from tutor.practice import exam_screens as screens
from tutor.practice import sealed
from tutor.practice.exam import Event, GoTo, HandIn, Plan, Sitting, TimeUp, graded, load_plan, problems_of, read_plan, records, seated, step
from tutor.practice.records import answered_of, record
from tutor.practice.session import Leave, Next, Note, Reply, Skip, Undo
from tutor.practice.shelf import shelf_of
from tutor.problems.source import SourceError
from tutor.render.signs import columns
from tutor.render.text import plain, terminal
from tutor.render.wrap import text_of as line_text

SHELF = shelf_of()
PLAN = """\
format: 1
title: A first test
minutes: 10
questions:
  - {family: power-rule/power-sums, seed: 3}
  - {topic: product-rule, count: 2}
"""
KEY = b"a secret of the teacher"


def plan() -> Plan:
    return read_plan(PLAN, "plan.yaml")


def sitting(text: str = PLAN, seed: str = "") -> Sitting:
    return seated(read_plan(text, "plan.yaml"), SHELF, seed, START)


def played(*events: Event, seconds: int = 5) -> Sitting:
    found, now = sitting(), START
    for event in events:
        now += timedelta(seconds=seconds)
        found = step(found, event, now)
    return found


def right(one: Sitting, place: int) -> str:
    return one.question(place).kind.samples().right[0]


# -- plans ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("format: 1", "format: 2"), "whole number"),
        (("title: A first test\n", ""), "title is missing"),
        (("minutes: 10", "minutes: soon"), "a number from"),
        (("minutes: 10", "minutes: -1"), "a number from"),
        (("minutes: 10", "minutes: 10\nminutes: 20"), "occurs twice"),
        (("family: power-rule/power-sums", "family: power-rule/power-sum"), "there is no exercise"),
        (("topic: product-rule", "topic: product-rules"), "there is no topic"),
        (("topic: product-rule, count: 2", "topic: product-rule, family: x"), "one of family, topic, variant"),
        (("seed: 3", "seeds: 3"), "not known here"),
        (("count: 2", "count: 1000"), "whole number"),
        (("count: 2", "count: 60"), "at most|from 1 to"),
        (("seed: 3", "difficulty: 3"), "does not belong"),
        (("{family: power-rule/power-sums, seed: 3}", "{variant: power-rule/power-sums@0.000000}"), "has changed"),
        (("{family: power-rule/power-sums, seed: 3}", "[one]"), "mapping"),
        (("questions:", "questions: &a"), "anchors"),
    ],
)
def test_a_plan_is_read_strictly_with_the_place_of_what_is_wrong(change: tuple[str, str], complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint) as found:
        sitting(PLAN.replace(*change))
    assert found.value.line >= 1
    assert found.value.file == "plan.yaml"


def test_a_plan_that_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot read"):
        load_plan(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"title: \xff")
    with pytest.raises(SourceError, match="UTF-8"):
        load_plan(tmp_path / "latin.yaml")


def test_the_same_plan_gives_the_same_exam_and_another_seed_another_one() -> None:
    assert sitting().variants == sitting().variants
    assert sitting(seed="Ada").variants == sitting(seed="Ada").variants
    assert len({sitting(seed=name).variants for name in ("", "Ada", "Emmy", "Sofia")}) > 2


def test_no_problem_occurs_twice_while_there_are_others() -> None:
    found = sitting("format: 1\ntitle: t\nquestions:\n  - {topic: product-rule, count: 12}\n  - {family: power-rule/power-sums, count: 6}\n").variants
    assert len(found) == len(set(found)) == 18


# -- the sitting -----------------------------------------------------------------------------------------------


def test_a_reply_is_kept_without_a_verdict_and_leads_to_the_next_open_question() -> None:
    one = played(Reply("x"))
    assert (one.at, one.replies[0].reply, len(one.open)) == (1, "x", len(one.places) - 1)
    assert {"Not yet", "Right", "wrong"} & set(plain(screens.said_doc(one)).split()) == set()


def test_what_cannot_be_read_is_not_kept() -> None:
    for text in ("2*(x", "", "x" * 30_000, "import os; os.system('x')("):
        assert played(Reply(text)).log == ()


def test_a_reply_can_be_replaced_and_the_last_one_counts() -> None:
    one = played(Reply("x"), Undo(), Reply("2x"))
    assert (one.replies[0].reply, len(one.log), one.at) == ("2x", 2, 1)


def test_later_questions_and_numbers() -> None:
    one = played(Skip(), GoTo(4), GoTo(99))
    assert (one.at, one.said) == (3, Note("no_such_question"))
    assert played(Leave()).at is None
    assert played(*[Reply("1")] * len(sitting().places)).at is None, "after the last one comes the overview"
    assert played(GoTo(len(sitting().places)), Skip()).at == 0


def test_what_comes_after_the_time_counts_for_nothing() -> None:
    one = played(Reply("x"), Reply("2x"), seconds=400)
    assert (one.over, len(one.log), one.ended, one.said) == (True, 1, START + timedelta(minutes=10), Note("time_up"))
    assert step(one, Reply("3x"), START) == one
    assert played(TimeUp()).over


def test_the_points_are_those_of_the_replies() -> None:
    begun = sitting()
    one = played(Reply(right(begun, 0)), Skip(), HandIn())
    results = graded(one)
    assert [(row.outcome, row.points) for row in results[:2]] == [("right", 1.0), ("none", 0.0)]
    kept = records(one, results, "s", SHELF)
    assert [(answered.outcome, answered.seconds) for answered in kept] == [("right", 5.0)]
    assert answered_of(record(kept[0])) == kept[0]


EVENTS = st.lists(
    st.one_of(
        st.sampled_from(["x", "7", "2*(", ""]).map(Reply), st.sampled_from([Skip, Undo, Leave, Next]).map(lambda kind: kind()), st.integers(-2, 9).map(GoTo),
        st.just(HandIn()), st.just(TimeUp()),
    ),
    max_size=12,
)  # fmt: skip


@given(EVENTS)
def test_laws_of_every_step(events: list[Event]) -> None:
    one, now = sitting(), START
    for event in events:
        now += timedelta(seconds=20)
        before, one = one, step(one, event, now)
        assert one.log[: len(before.log)] == before.log
        assert one.at is None or 0 <= one.at < len(one.places)
        assert before.over <= one.over
        docs = [screens.said_doc(one), screens.overview_doc(one, now), *([screens.question_doc(one, now)] if one.at is not None else [])]
        assert all(columns(line_text(line)) <= 40 for doc in docs for line in terminal(doc, 40))
    assert len(graded(one)) == len(one.places)


# -- the result file ---------------------------------------------------------------------------------------------


def written(key: bytes = b"", finished: bool = True, replies: tuple[str, ...] = ("x", "7")) -> str:
    one = played(*map(Reply, replies), *([HandIn()] if finished else []))
    seal = sealed.Seal(key)
    text = seal.line(sealed.begun(one, plan(), "", bool(key))) + "".join(seal.line(sealed.reply(handed)) for handed in one.log)
    return text + (seal.line(sealed.ended(one, graded(one))) if finished else "")


def faults(text: str, key: bytes = b"", **more: object) -> list[str]:
    return [one.id.removeprefix("exam.check.") for one in sealed.examined(text, key, SHELF, **more).faults]  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [b"", KEY])
def test_a_file_as_it_was_written_passes(key: bytes) -> None:
    found = sealed.examined(written(key), key, SHELF, plan(), sitting().variants)
    assert (found.faults, found.finished, found.keyed) == ((), True, bool(key))
    assert "as it was written" in plain(screens.check_doc(found, bool(key)))


@given(st.data())
def test_any_change_of_a_sign_is_seen(data: st.DataObject) -> None:
    text = written()
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from("0129abz \"{}\n:,"))
    changed = text[:place] + sign + text[place + 1 :]
    if changed == text:
        return
    try:
        same = [json.loads(line) for line in changed.splitlines()] == [json.loads(line) for line in text.splitlines()]
    except ValueError:
        same = False
    try:
        found = faults(changed)
    except RequestError:
        return
    assert found or same, "only white space between the parts may differ"


def test_a_missing_or_moved_line_is_seen() -> None:
    rows = written().splitlines(keepends=True)
    assert faults("".join(rows[:1] + rows[2:])) != []
    assert faults("".join([rows[0], rows[2], rows[1], *rows[3:]])) != []
    assert faults("".join(rows[:-1])) == ["unfinished"]
    assert faults("".join(rows)[:-30]) == ["torn"]
    assert faults("".join([*rows, rows[-1]])) != []


def test_a_key_is_needed_and_has_to_be_the_one() -> None:
    assert faults(written(KEY)) == ["needs_key"]
    assert faults(written(KEY), b"another secret") == ["key"]
    assert faults(written(), KEY) == ["no_key"]


def test_points_that_do_not_belong_to_the_replies_are_seen_although_the_seals_are_right() -> None:
    rows = [json.loads(line) for line in written().splitlines()]
    rows[-1] |= {"points": 3.0, "results": [{**row, "points": 1.0, "outcome": "right"} for row in rows[-1]["results"]]}
    seal = sealed.Seal()
    assert faults("".join(seal.line(row) for row in rows)) == ["results"]


def test_times_outside_of_the_exam_are_seen() -> None:
    rows = [json.loads(line) for line in written(finished=False).splitlines()]
    late, early = [dict(row) for row in rows], [dict(row) for row in rows]
    late[-1]["when"] = (START + timedelta(hours=3)).isoformat()
    early[-1]["when"] = (START - timedelta(hours=3)).isoformat()
    for changed, wanted in ((late, "late"), (early, "order")):
        seal = sealed.Seal()
        assert wanted in faults("".join(seal.line(row) for row in changed))


def test_a_file_of_another_plan_is_seen() -> None:
    other = read_plan(PLAN.replace("minutes: 10", "minutes: 60"), "plan.yaml")
    assert faults(written(), plan=other, variants=sitting().variants) == ["plan"]
    assert faults(written(), plan=plan(), variants=sitting(seed="Ada").variants) == ["plan"]


@pytest.mark.parametrize("text", ['{"seal": 3}\n', '{"seal": "\\ud800"}\n', '{"seal": ""}\n'])
def test_a_seal_that_is_none_is_seen(text: str) -> None:
    assert faults(text) == ["seal"]


@pytest.mark.parametrize("text", ["", "\n", "null\n", "[]\n", "{}\n", "7\n", "no json\n", "[" * 50_000 + "\n", "{" * 9])
def test_what_is_no_result_file_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="no result file"):
        sealed.examined(text, b"", SHELF)


@pytest.mark.parametrize(
    "change",
    [{"variants": []}, {"variants": ["a/b@0"]}, {"variants": 3}, {"minutes": "ten"}, {"minutes": -4}, {"when": "today"}, {"when": "0001-01-01T00:00:00+23:00"}, {"format": 7}, {"kind": "reply"}],
)
def test_sealed_records_that_are_none_are_told(change: dict[str, object]) -> None:
    rows = [json.loads(line) for line in written().splitlines()]
    rows[0] |= change
    seal = sealed.Seal()
    assert faults("".join(seal.line(row) for row in rows)) in (["record"], ["exercises"])


def test_an_exam_that_was_broken_off_goes_on() -> None:
    text = written(finished=False)
    one, last = sealed.resumed(text, b"", SHELF)
    assert ([handed.reply for handed in one.log], one.at, one.began) == (["x", "7"], 2, START)
    seal = sealed.Seal(b"", last)
    ended = step(one, HandIn(), START + timedelta(minutes=1))
    assert faults(text + seal.line(sealed.ended(ended, graded(ended)))) == []
    with pytest.raises(RequestError, match="handed in"):
        sealed.resumed(written(), b"", SHELF)
    with pytest.raises(RequestError, match="not as it was written"):
        sealed.resumed(text.replace('"7"', '"8"'), b"", SHELF)


def test_the_results_name_the_mistakes_and_the_right_answers() -> None:
    one = played(Reply("x"), HandIn())
    results = graded(one)
    text = plain(screens.result_doc(one, results))
    assert text.startswith(f"A first test: 0 of {sum(row.of for row in results):g} points (0 %)")
    assert f"Right: {plain_of(one)}" in text


def plain_of(one: Sitting) -> str:
    from tutor.exposition.doc import Doc

    return plain(Doc((one.question(0).answer.key,), ()))


def test_the_time_that_is_left_is_said() -> None:
    assert text_of(screens.left(timedelta(minutes=9, seconds=1))) == "10 min"
    assert screens.left(None) == ()
    assert problems_of(plan(), SHELF)[0].id == sitting().variants[0]
