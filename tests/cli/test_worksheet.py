"""`tutor worksheet` as a teacher types it: files written whole or not at all, nothing overwritten unasked, clear words for what is wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.worksheets.families import FOLDER
from tutor.cli import printing
from tutor.cli.files import write_all
from tutor.problems import library
from tutor.render.sheets import FORMATS

from .command import tutor, written

pytest.importorskip("typst")


@pytest.fixture(autouse=True)
def own_families_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that travels with the tutor grows; these sheets stay what they are."""
    real = library.folders
    monkeypatch.setattr(library, "folders", lambda kind, own=(): real(kind, own)[: len(tuple(own))] if own else real(kind, own))


OWN = ("worksheet", "--exercises", str(FOLDER))
ID = re.compile(r"^Sheet (\S+)$", re.MULTILINE)


def test_the_command_of_the_readme(tmp_path: Path) -> None:
    sheet, key = tmp_path / "sheet.pdf", tmp_path / "key.pdf"
    said = written("worksheet", "--topic", "chain-rule,partials", "--count", "12", "--difficulty", "1-3", "--seed", "3", "--pdf", str(sheet), "--key", str(key), "--exercises", str(FOLDER))
    assert sheet.read_bytes().startswith(b"%PDF")
    assert key.read_bytes().startswith(b"%PDF")
    assert "12 problems" in said
    assert "full solutions" in said
    assert all(len(line) <= 80 or str(tmp_path) in line for line in said.splitlines())


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        written(*OWN, "--topic", "drill", "--pdf", str(tmp_path / f"{name}.pdf"), "--key", str(tmp_path / f"{name}-key.pdf"))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a-key.pdf").read_bytes() == (tmp_path / "b-key.pdf").read_bytes()


def test_without_a_file_the_sheet_is_shown() -> None:
    text = written(*OWN, "--topic", "drill", "--count", "3")
    assert "1." in text
    assert "____" not in text.partition("1.")[2]
    assert text.isascii()
    assert "____" in written(*OWN, "--topic", "drill", "--count", "3", "--space", "lines").partition("1.")[2]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_goes_to_standard_output(format: str) -> None:
    result = tutor(*OWN, "--topic", "drill", "--count", "2", "-f", format)
    assert result.exit_code == 0
    assert len(result.stdout_bytes) > 100
    assert (result.stdout_bytes[:4] == b"%PDF") is (format == "pdf")


@pytest.mark.parametrize(("ending", "begins"), [("html", b"<!doctype"), ("tex", b"\\documentclass"), ("md", b"# "), ("txt", b"Worksheet"), ("typ", b"#set"), ("pdf", b"%PDF")])
def test_the_ending_says_the_format(ending: str, begins: bytes, tmp_path: Path) -> None:
    written(*OWN, "--count", "2", "--topic", "all", "-o", str(tmp_path / f"a.{ending}"), "--key", str(tmp_path / f"b.{ending}"))
    assert (tmp_path / f"a.{ending}").read_bytes().startswith(begins)
    assert (tmp_path / f"b.{ending}").exists()


def test_the_id_gives_sheet_and_key_again(tmp_path: Path) -> None:
    first, again, key = tmp_path / "a.typ", tmp_path / "b.typ", tmp_path / "k.txt"
    said = written(*OWN, "--topic", "drill,fields", "--count", "5", "--seed", "9", "-o", str(first), "--title", "T")
    (identity,) = ID.findall(said)
    written(*OWN, identity, "-o", str(again), "--key", str(key), "--title", "T")
    assert again.read_bytes() == first.read_bytes()
    assert identity in key.read_text()


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    sheet, key = tmp_path / "sheet.pdf", tmp_path / "key.pdf"
    key.write_text("mine")
    result = tutor(*OWN, "--topic", "drill", "--pdf", str(sheet), "--key", str(key))
    assert result.exit_code == 2
    assert "key.pdf is there already" in " ".join(result.stderr.split())
    assert "--force" in result.stderr
    assert key.read_text() == "mine"
    assert not sheet.exists()
    written(*OWN, "--topic", "drill", "--pdf", str(sheet), "--key", str(key), "--force")
    assert key.read_bytes().startswith(b"%PDF")


def test_a_class(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("name\nAda Lovelace\nMax Born\nMax Born\nÉmilie du Châtelet\n", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text("title: Friday\ntopics: drill\ncount: 3\nkey: results\n", encoding="utf-8")
    said = written(*OWN, str(tmp_path / "plan.yaml"), "--variants", "30", "--names", str(tmp_path / "class.csv"), "--out", str(tmp_path / "sheets"))
    found = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    names = ("ada-lovelace", "max-born", "max-born-2", "émilie-du-châtelet")
    assert found == sorted(f"{name}{end}" for name in names for end in (".pdf", "-key.pdf"))
    assert "4 sheets with their keys, 8 files" in said
    assert len({path.read_bytes() for path in (tmp_path / "sheets").iterdir()}) == 8


def test_thirty_variants_and_one_key(tmp_path: Path) -> None:
    written(*OWN, "--topic", "drill", "--count", "3", "--variants", "30", "--results", "--out", str(tmp_path / "v"), "--key", str(tmp_path / "keys.txt"), "-f", "plain")
    assert len(list((tmp_path / "v").iterdir())) == 60
    keys = (tmp_path / "keys.txt").read_text().split("\f")
    assert len(keys) == 30
    assert len(set(keys)) == 30
    first = (tmp_path / "v" / "01.txt").read_text()
    assert re.search(r"Sheet (\S+)", first)[1] in keys[0]  # type: ignore[index]


def test_all_copies_in_one_file(tmp_path: Path) -> None:
    said = written(*OWN, "--topic", "drill", "--count", "2", "--variants", "3", "--pdf", str(tmp_path / "all.pdf"))
    assert "3 copies, 2 problems" in said


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--topic", "chain-rulle"), "Did you mean chain-rule?"), (("--topic", "softmax"), "no exercises for softmax"), (("--count", "0"), "--count"),
        (("--difficulty", "hard"), "--difficulty"), (("--space", "gird"), "Did you mean grid?"), (("-o", "a.docx"), "says no format"),
        (("--variants", "3"), "--out"), (("--names", "none.csv"), "Cannot read none.csv"), (("nothing.yaml",), "there is no file nothing.yaml"),
        (("--pdf", "no/such/folder/a.pdf"), "there is no folder"), (("--pdf", "a.pdf", "--key", "./a.pdf"), "named twice"),
        (("--topic", "drill/products", "--count", "50"), "there are 20"), (("all.3.1-3.0.0.ffff",), "have changed"),
        (("--exercises", "nowhere"), "no folder nowhere"), (("--topics", "x"), "--topic"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(args: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = tutor(*OWN, *args)
    assert result.exit_code == 2
    assert message.lower() in " ".join(result.stderr.lower().split())
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_plan_with_an_error_says_where(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("title: A\nspase: grid\n", encoding="utf-8")
    result = tutor(*OWN, str(tmp_path / "plan.yaml"))
    assert result.exit_code == 2
    assert "line 2, column 1" in " ".join(result.stderr.split())


def test_an_exercise_with_an_error_is_named_and_the_rest_works(tmp_path: Path) -> None:
    (tmp_path / "drill").mkdir()
    (tmp_path / "drill" / "broken.yaml").write_text("format: 1\ntitel: A\n", encoding="utf-8")
    (tmp_path / "drill" / "good.yaml").write_bytes((FOLDER / "drill" / "powers.yaml").read_bytes())
    result = tutor("worksheet", "--exercises", str(tmp_path), "--topic", "drill/good", "--count", "2")
    assert result.exit_code == 0
    assert "broken.yaml" in result.stderr
    assert "titel" in result.stderr
    assert "Differentiate" in result.stdout


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(printing, "write_all", lambda files: full(*next(iter(files.items()))))
    result = tutor(*OWN, "--topic", "drill", "--count", "2", "--pdf", str(tmp_path / "a.pdf"), "--key", str(tmp_path / "b.pdf"))
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_all({tmp_path / "a.txt": b"a", tmp_path / "none" / "b.txt": b"b"})
    assert list(tmp_path.iterdir()) == []
    write_all({tmp_path / "a.txt": b"a", tmp_path / "b.txt": b"b"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]
    assert (tmp_path / "a.txt").stat().st_mode & 0o044


def test_long_work_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "PATIENCE", -1.0)
    said: list[str] = []
    monkeypatch.setattr(printing.click, "echo", lambda text, **more: said.append(text))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    progress = printing._Progress(30)
    progress.one()
    progress.end()
    assert said[0].strip() == "1 of 30 sheets"


def test_help_fits_on_eighty_eight_columns() -> None:
    assert all(len(line) <= 88 for line in written("worksheet", "--help").splitlines())


@pytest.mark.parametrize("command", [("explain", "sin(x^2)"), ("gradient", "x^2*y"), ("read", "x^2"), ("hint", "x^2")])
def test_every_explanation_can_be_a_pdf(command: tuple[str, ...], tmp_path: Path) -> None:
    written(*command, "-o", str(tmp_path / "a.pdf"))
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    written(*command, "-o", str(tmp_path / "a.typ"))
    assert (tmp_path / "a.typ").read_text(encoding="utf-8") == written(*command, "-f", "typst")


@pytest.mark.parametrize(("ending", "begins"), [(".html", "<!doctype"), (".tex", "\\documentclass"), (".json", "{"), (".txt", "f(x) = x^2")])
def test_the_ending_of_a_file_says_the_format_of_an_explanation(ending: str, begins: str, tmp_path: Path) -> None:
    written("explain", "x^2", "-o", str(tmp_path / f"a{ending}"))
    assert (tmp_path / f"a{ending}").read_text(encoding="utf-8").startswith(begins)
    written("explain", "x^2", "-o", str(tmp_path / f"a{ending}"), "--plain")
    assert (tmp_path / f"a{ending}").read_text(encoding="utf-8").startswith("f(x) = x^2")


def test_a_topic_in_the_place_of_a_plan_is_told_where_it_belongs() -> None:
    run = tutor("worksheet", "business/coffee-profit")
    assert run.exit_code == 2
    assert "--topic business/coffee-profit" in " ".join(run.stderr.split())
