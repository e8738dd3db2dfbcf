"""The store: nothing acknowledged is lost, two sessions take turns, and whatever is the matter with the file, the session goes on."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.practice.killing import killed_rounds
from tutor.errors import RequestError
from tutor.practice import file_store, migrations
from tutor.practice.file_store import FileStore
from tutor.practice.learner import learner_data, learner_in, learner_of
from tutor.practice.migrations import APPLICATION, SCHEMA, migrated
from tutor.practice.records import Answered, Item, record
from tutor.practice.safe_store import FILE, SafeStore, delete, files, opened
from tutor.practice.store import MemoryStore
from tutor.practice.store import home as folder_of_data
from tutor.practice.transfer import exported, imported, read

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def answer(number: int, session: str = "a", outcome: str = "right") -> Answered:
    """Some answer, another one for each number."""
    item = Item(f"power-rule/sums@{number}.93f9f6", 0, ("power-rule",), 1)
    return Answered(NOW + timedelta(seconds=number), session, item, "2x", outcome, float(outcome == "right"))  # type: ignore[arg-type]


WRONG = (
    {"difficulty": 9}, {"skills": []}, {"skills": "abc"}, {"score": float("nan")}, {"score": 2}, {"hints": -5}, {"attempt": 0}, {"question": -1}, {"outcome": "fine"},
    {"when": "2026-01-05T09:30:00"}, {"when": "0001-01-01T00:00:00+14:00"}, {"seconds": 1e999}, {"hints": 1e999},
)  # fmt: skip
"""What no record has."""


def ids(found: SafeStore) -> list[str]:
    return [said.id for said in found.notices()]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


# -- the log -------------------------------------------------------------------------------------------


def test_what_was_appended_is_there_in_the_order_of_time(home: Path) -> None:
    first = opened(home)
    for number in (3, 1, 2):
        first.append(answer(number))
    assert (first.saving, first.notices()) == (True, ())
    first.close()
    again = opened(home)
    assert list(again.log()) == [answer(1), answer(2), answer(3)]
    assert list(again.since(answer(1).when)) == [answer(2), answer(3)]
    assert (again.count(), again.count(answer(2).when)) == (3, 2)


texts = st.text(max_size=20)
records = st.builds(
    Answered,
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)), texts,
    st.builds(Item, texts, st.integers(0, 9), st.tuples(texts), st.integers(1, 3)), texts, st.sampled_from(["right", "wrong", "shown", "undone"]),
    st.floats(0, 1), st.tuples(texts), st.integers(1, 9), st.integers(0, 9), st.floats(0, 1e6),
)  # fmt: skip


@given(st.lists(records, max_size=6))
def test_every_store_gives_back_what_it_got_once(answers: list[Answered]) -> None:
    memory, safe = MemoryStore(answers), SafeStore(None)
    for one in (*answers, *answers):
        safe.append(one)
    unique = list(dict.fromkeys(answers))
    assert sorted(map(repr, memory.log())) == sorted(map(repr, safe.log())) == sorted(map(repr, unique))
    assert list(read(exported(memory))) == list(memory.log())


def test_the_log_is_never_changed(home: Path) -> None:
    opened(home).append(answer(1))
    db = sqlite3.connect(home / FILE)
    for line in ("UPDATE answers SET record = ''", "DELETE FROM answers", "UPDATE answers SET at = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(line)
    db.close()
    assert list(opened(home).log()) == [answer(1)]


def test_sessions_are_those_of_the_log(home: Path) -> None:
    found = opened(home)
    for one in (answer(1), answer(2, outcome="wrong"), answer(3, "b")):
        found.append(one)
    assert [(one.id, one.answers, one.right) for one in found.sessions()] == [("a", 2, 1), ("b", 1, 1)]
    assert found.sessions()[0].ended == answer(2).when


def test_what_is_kept_by_name_is_found_again_and_replaced(home: Path) -> None:
    found = opened(home)
    found.keep("session", {"at": 1})
    found.keep("session", {"at": [1, "ß"]})
    found.close()
    assert opened(home).kept("session") == {"at": [1, "ß"]}
    assert opened(home).kept("nothing") is None


def test_the_folder_is_that_of_tutor_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(home))
    assert opened().path == home / FILE
    monkeypatch.delenv("TUTOR_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(home.parent))
    monkeypatch.setenv("HOME", str(home.parent))
    assert folder_of_data().is_relative_to(home.parent)


# -- killed, and two at once ----------------------------------------------------------------------------


def test_no_acknowledged_answer_is_lost_by_a_kill(home: Path) -> None:
    """The writer says each number after `append` returned, and is killed at a random moment. (`benchmarks/quiz.py` does it a thousand times.)"""
    rounds = killed_rounds(home, 24, Random(1), 0.05)
    assert sum(one.acknowledged for one in rounds) > 24
    assert [one.lost for one in rounds] == [0] * 24
    assert all(one.intact for one in rounds)


def test_two_sessions_at_once_lose_nothing(home: Path) -> None:
    script = """
import sys
from pathlib import Path
from tests.practice.test_store import answer, opened
sys.stdin.readline()
found = opened(Path(sys.argv[1]))
for k in range(100): found.append(answer(2 * k + int(sys.argv[2]), sys.argv[2]))
assert found.saving and not found.notices()
"""
    both = [subprocess.Popen([sys.executable, "-c", script, str(home), who], stdin=subprocess.PIPE, cwd=ROOT) for who in "01"]
    for one in both:
        assert one.stdin is not None
        one.stdin.close()  # now, both at once
    assert [one.wait(60) for one in both] == [0, 0]
    assert list(opened(home).log()) == [answer(k, str(k % 2)) for k in range(200)]


@pytest.mark.parametrize("held", ["BEGIN; SELECT count(*) FROM sqlite_master", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_file_that_another_session_is_making_is_waited_for(home: Path, held: str) -> None:
    home.mkdir()
    other = sqlite3.connect(home / FILE, isolation_level=None, check_same_thread=False)
    begin, _, read_ = held.partition("; ")
    other.execute(begin)
    if read_:
        other.execute(read_).fetchone()
    Timer(0.2, other.execute, ("COMMIT",)).start()
    found = opened(home)
    assert (found.notices(), found.path) == ((), home / FILE)
    found.append(answer(1))
    assert found.saving


# -- what can be the matter with a file -----------------------------------------------------------------


def test_an_answer_that_the_disk_does_not_take_waits_and_is_saved_later(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing connection stands for the full disk."""
    found = opened(home)
    found.append(answer(1))
    assert found.file is not None
    with monkeypatch.context() as full:
        full.setattr(FileStore, "append_all", _full)
        for number in (2, 3):
            found.append(answer(number))
        assert (found.saving, ids(found)) == (False, ["practice.store.failing"])
        assert list(found.log()) == [answer(1), answer(2), answer(3)]
        assert list(opened(home).log()) == [answer(1)]
    found.append(answer(4))
    assert (found.saving, ids(found)) == (True, ["practice.store.again"])
    assert list(opened(home).log()) == [answer(k) for k in (1, 2, 3, 4)]


def test_what_was_never_saved_is_said_at_the_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, later = opened(home), opened(home)
    with monkeypatch.context() as full:
        full.setattr(FileStore, "append_all", _full)
        for store_ in (found, later):
            store_.append(answer(1))
            assert ids(store_) == ["practice.store.failing"]
        found.close()
    assert [(said.id, said.values) for said in found.notices()] == [("practice.store.lost", {"count": 1})]
    later.close()  # there is room again
    assert ids(later) == ["practice.store.again"]
    assert list(opened(home).log()) == [answer(1)]


def _full(*_: object) -> int:
    raise sqlite3.OperationalError("database or disk is full")


def test_a_file_that_cannot_grow_stops_the_saving_and_not_the_session(home: Path) -> None:
    """The limit of a file's size is real, in a process of its own; what was saved before stays whole."""
    script = f"""
import resource, sys
from pathlib import Path
from tests.practice.test_store import answer, opened, ids
found = opened(Path({str(home)!r}))
found.append(answer(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
for k in range(2, 400): found.append(answer(k))
assert ids(found) == ["practice.store.failing"], "it has to be said, once"
assert len(list(found.log())) == 399 and not found.saving
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
found.append(answer(400))
assert ids(found) == ["practice.store.again"] and found.saving
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, timeout=60)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 40_000
    assert list(opened(home).log()) == [answer(k) for k in range(1, 401)]


def test_a_home_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = opened(tmp_path / "file" / "home")
    assert (found.saving, found.path, ids(found)) == (False, None, ["practice.store.closed"])
    found.append(answer(1))
    assert list(found.log()) == [answer(1)]


def test_a_read_only_home_is_read_and_not_written() -> None:
    folder = Path(tempfile.mkdtemp())
    home = folder / "home"
    try:
        known = opened(home)
        known.append(answer(1))
        known.close()
        folder.chmod(0o755)
        (home / FILE).chmod(0o444)
        home.chmod(0o555)
        assert _as_nobody(lambda: _read_only_session(home)) == 0
        home.chmod(0o755)
        assert list(opened(home).log()) == [answer(1)]
    finally:
        shutil.rmtree(folder)


def _read_only_session(home: Path) -> None:
    found = opened(home)
    assert ids(found) == ["practice.store.readonly"]
    found.append(answer(2))
    found.keep("session", {"a": 1})
    assert list(found.log()) == [answer(1), answer(2)]
    assert not found.saving
    assert found.kept("session") == {"a": 1}


def _as_nobody(work: Callable[[], None]) -> int:
    """Work in a process of a user whom file permissions hold back, as they do not root; 0 where it went well."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("damage", ["text", "middle", "head", "short"])
def test_a_damaged_file_is_kept_and_a_new_one_begun(home: Path, damage: str) -> None:
    before = opened(home)
    for number in range(200):
        before.append(answer(number))
    before.close()
    path = home / FILE
    whole = path.read_bytes()
    spoiled = {
        "text": b"this is no database" * 100, "head": b"\0" * 100 + whole[100:], "short": whole[: len(whole) // 2 + 100],
        "middle": whole[:20_480] + b"\xff" * 8_192 + whole[28_672:],
    }[damage]
    path.write_bytes(spoiled)
    found = opened(home)
    (said,) = found.notices()
    kept = Path(said.values["path"])
    assert (said.id, found.saving, kept.read_bytes()) == ("practice.store.damaged", True, spoiled)
    saved = list(found.log())
    assert said.values["count"] == len(saved)
    assert set(saved) <= {answer(number) for number in range(200)}
    assert len(saved) >= {"text": 0, "middle": 150, "head": 200, "short": 60}[damage]
    found.append(answer(500))
    found.close()
    again = opened(home)
    assert list(again.log())[-1] == answer(500)
    assert again.notices() == ()


def test_a_newer_file_is_left_untouched(home: Path) -> None:
    before_it = opened(home)
    before_it.append(answer(1))
    before_it.close()
    db = sqlite3.connect(home / FILE, isolation_level=None)
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    db.close()
    before = (home / FILE).read_bytes()
    found = opened(home)
    found.append(answer(2))
    assert (ids(found), found.saving, list(found.log())) == (["practice.store.newer"], False, [answer(2)])
    assert (home / FILE).read_bytes() == before
    assert [path.name for path in files(home)] == [FILE]


def test_another_programs_file_is_left_untouched(home: Path) -> None:
    home.mkdir()
    db = sqlite3.connect(home / FILE)
    db.execute("CREATE TABLE answers (x)")
    db.commit()
    db.close()
    before = (home / FILE).read_bytes()
    found = opened(home)
    assert (ids(found), found.saving) == (["practice.store.foreign"], False)
    assert delete(home) == ()
    assert (home / FILE).read_bytes() == before


def test_a_record_that_cannot_be_read_is_left_out(home: Path) -> None:
    found = opened(home)
    for number in (1, 3):
        found.append(answer(number))
    db = sqlite3.connect(home / FILE)
    db.execute("INSERT INTO answers (at, session, digest, record) VALUES (?, 'a', x'00', '{\"when\": 3}')", (file_store._micros(answer(2).when),))
    db.commit()
    assert list(found.log()) == [answer(1), answer(3)]


def test_a_file_that_was_deleted_or_renamed_meanwhile_is_begun_anew(home: Path) -> None:
    """As `tutor progress --delete-my-data` does at another terminal: what is acknowledged afterwards is in a file that can be found."""
    found = opened(home)
    found.append(answer(1))
    delete(home)
    found.append(answer(2))
    assert (found.saving, list(opened(home).log())) == (True, [answer(2)])
    (home / FILE).rename(home / "mine.sqlite")
    found.append(answer(3))
    assert (found.saving, list(opened(home).log())) == (True, [answer(3)])


# -- migrations -----------------------------------------------------------------------------------------


def test_an_older_file_becomes_a_newer_one_in_one_step_or_not_at_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one version so far; a second one, made up here, shows what will happen."""
    opened(home).append(answer(1))

    def second(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE answers ADD COLUMN place TEXT")

    def broken(db: sqlite3.Connection) -> None:
        second(db)
        raise sqlite3.OperationalError("killed here")

    for last, version in ((broken, 1), (second, 2)):
        db = sqlite3.connect(home / FILE, isolation_level=None)
        if last is broken:
            with pytest.raises(sqlite3.OperationalError):
                migrated(db, home / FILE, (*migrations.MIGRATIONS, last))
        else:
            migrated(db, home / FILE, (*migrations.MIGRATIONS, last))
        assert migrations.version_of(db) == version
        assert ("place" in [row[1] for row in db.execute("PRAGMA table_info(answers)")]) == (version == 2)
        assert db.execute("SELECT count(*) FROM answers").fetchone() == (1,)
        db.close()
    (copy,) = home.glob("progress-version-1.sqlite")
    shutil.move(copy, home / FILE)
    for end in ("-wal", "-shm"):
        (home / (FILE + end)).unlink(missing_ok=True)
    assert list(opened(home).log()) == [answer(1)]


def test_an_empty_file_is_version_0(home: Path) -> None:
    home.mkdir()
    (home / FILE).touch()
    found = opened(home)
    found.append(answer(1))
    assert (found.notices(), found.saving) == ((), True)
    db = sqlite3.connect(home / FILE)
    assert [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")] == [SCHEMA, APPLICATION]


# -- export, import, delete ------------------------------------------------------------------------------


def test_an_import_twice_is_an_import_once(home: Path, tmp_path: Path) -> None:
    found = opened(home)
    for number in range(10):
        found.append(answer(number))
    lines = list(exported(found))
    assert all(json.loads(line)["outcome"] == "right" for line in lines)
    other = opened(tmp_path / "other")
    other.append(answer(3))
    other.append(answer(30))
    assert imported(lines, other).added == 9
    assert (imported(lines, other).read, imported(lines, other).added) == (10, 0)
    assert list(other.log()) == [*(answer(k) for k in range(10)), answer(30)]


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"when": "now"}', '"a"', "[" * 100_000, *(json.dumps({**record(answer(1)), **one}) for one in WRONG)])
def test_an_import_with_a_bad_line_adds_nothing(home: Path, line: str) -> None:
    found = opened(home)
    with pytest.raises(RequestError, match="line 2") as error:
        imported([*exported(MemoryStore([answer(1)])), line], found)
    assert "Nothing was imported" in error.value.advice
    assert found.count() == 0


def test_an_import_where_nothing_can_be_saved_is_refused() -> None:
    with pytest.raises(RequestError, match="nothing can be saved"):
        imported(exported(MemoryStore([answer(1)])), SafeStore(None))


def test_delete_my_data_leaves_nothing_of_the_tutor_and_everything_else(home: Path) -> None:
    found = opened(home)
    found.append(answer(1))
    found.close()
    (home / FILE).write_bytes(b"spoiled")
    opened(home).close()
    (home / "history").write_text("2x")
    (home / "shelf.json").write_text("{}")
    mine = {"homework.txt", "history of Rome.txt", "shelf life.json", "progress report.sqlite", "shelf-of-books.json"}
    for name in mine:
        (home / name).write_text("mine")
    gone = delete(home)
    assert len(gone) >= 4
    assert {path.name for path in home.iterdir()} == mine
    assert delete(home) == () == delete(home / "never")
    assert list(opened(home).log()) == []


# -- the learner in a store ------------------------------------------------------------------------------


def test_a_snapshot_is_what_the_log_comes_to(home: Path) -> None:
    random = Random(1)
    answers = [answer(k, outcome=random.choice(["right", "wrong", "shown", "skipped"])) for k in range(260)]
    found = opened(home)
    for k, one in enumerate(answers):
        found.append(one)
        if k % 60 == 0:
            learner_in(found)
    assert found.kept("learner") is not None
    assert learner_data(learner_in(found)) == learner_data(learner_of(answers))


def test_a_snapshot_is_not_used_after_an_older_answer_was_imported_or_one_taken_back(home: Path) -> None:
    found = opened(home)
    answers = [answer(k, outcome="wrong") for k in range(200, 400)]
    for one in answers:
        found.append(one)
    learner_in(found)
    found.append(answer(1))
    assert learner_data(learner_in(found)) == learner_data(learner_of([answer(1), *answers]))
    last = answers[-1]
    undone = Answered(last.when + timedelta(seconds=1), last.session, last.item, "", "undone", 0.0)
    found.append(undone)
    assert learner_data(learner_in(found)) == learner_data(learner_of([answer(1), *answers[:-1]]))
