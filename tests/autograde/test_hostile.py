"""A file that tries everything is graded to its end, and memory does not grow with the number of rows."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.autograde.made import JOB
from tests.cli.command import ROOT
from tests.form.hostile import READ, REFUSED
from tutor.autograde.files import grade_file

CODE = (
    "__import__('os').system('touch pwned')", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", "'; DROP TABLE students;--", "exec('x=1')", "=1+1", "+1+1", "-1+1", "@SUM(A1)",
    "=cmd|' /C calc'!A0", "\t=1+1", " =1+1", "＝1+1", '=HYPERLINK("http://x";"y")', "%0a=1", "!!python/object/apply:os.system [ls]", "%s%s%n", "../../etc/passwd",
)  # fmt: skip
BYTES = (b"\xff\xfe\x00", b"x\x00^\x002", b"\xe9t\xe9", b"\x80\x81", b"x\xc2\xb2", "x²".encode("utf-16-le").replace(b"\n", b""), b"\x1b[31m", b"\xed\xa0\x80", b"\xf0\x9f", bytes(range(14, 32)))
COUNT = 10_000


def hostile_file(path: Path) -> int:
    """10,000 rows, one line each; among them one in four is good. How many rows there are."""
    rng = random.Random(8)
    texts = [text.encode("utf-8", "replace")[:3_000].replace(b"\n", b" ").replace(b"\r", b" ") for text in (*CODE, *REFUSED.values(), *READ.values())]
    lines = [b"student,question,answer"]
    for k in range(COUNT):
        what = rng.choice((*texts, *BYTES, b"9" * rng.randrange(1, 4_000), b"x^" * rng.randrange(1, 300) + b"2", b"(" * rng.randrange(1, 3_000)))
        line = b"s%d,q%d,%b" % (k, rng.randrange(1, 4), b'"' + what.replace(b'"', b'""') + b'"')
        match k % 40:
            case 1:
                line = b"s%d,q1" % k
            case 2:
                line = b"s%d,q1,1,2,3,4" % k
            case 3:
                line = b's%d,q1,2x" cos(x^2)' % k
            case 5:
                line = b"\xe9\x00%d,q1,cos(x^2)" % k
        lines.append(b"g%d,q1,2x*cos(x^2)" % k if k % 4 == 0 else line)
    path.write_bytes(b"\n".join(lines))
    return COUNT


def test_a_hostile_file_is_graded_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    count = hostile_file(path)
    tally = grade_file(path, tmp_path / "out.csv", JOB, jobs=2)
    text = (tmp_path / "out.csv").read_bytes().decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert (tally.rows, len(rows)) == (count, count)
    assert {row["outcome"] for row in rows if row["student"].startswith("g")} == {"right"}
    assert {row["outcome"] for row in rows if not row["student"].startswith("g")} >= {"unreadable", "undecided", "wrong"}
    assert not [row for row in rows if row["finding"] in ("trouble.fault", "trouble.crash")]
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", text)
    assert not [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in tuple("=+@") and not re.fullmatch(r"[+-]?\d+", cell)]
    assert not (ROOT / "pwned").exists()
    grade_file(path, tmp_path / "again.csv", JOB, jobs=1)
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()


MEASURED = """
import resource, sys
from pathlib import Path
from tests.autograde.made import JOB
from tutor.autograde.files import grade_file
from tutor.autograde import isolated
grade_file(Path(sys.argv[1]), Path(sys.argv[2]), JOB)
isolated.close()
# ru_maxrss of this process would be that of the one from which it was forked.
own = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is looked up in /proc")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (5_000, 50_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("student,question,answer\n")
            stream.writelines(f"s{k % 30_000},q{k % 4},{k % 500} x^2 + {k % 7}\n" for k in range(count))
        done = subprocess.run([sys.executable, "-c", MEASURED, str(path), str(path.with_suffix(".out.csv"))], cwd=ROOT, capture_output=True, text=True, check=True)
        peaks.append([int(kilobytes) / 1024 for kilobytes in done.stdout.split()])
    (own, helper), (own_more, helper_more) = peaks
    assert max(own_more, helper_more) <= 150
    assert own_more <= own + 25
    assert helper_more <= helper + 25


def test_no_module_of_the_folder_where_we_are_is_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported')")
    (tmp_path / "sympy.py").write_text("raise SystemExit('imported')")
    program = (
        "from tutor.autograde.isolated import Job, Source, graded_chunk\n"
        "job = Job(Source('questions: {q1: {expected: sin(2x)}, q2: {expected: atan(1/x) + atan(x) - 1}}'))\n"
        "print([one.outcome for one in graded_chunk(job, [('q1', '2 sin(x) cos(x)'), ('q2', 'x^2')])])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    found = subprocess.run([sys.executable, "-P", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (found.stdout, found.stderr) == ("['right', 'wrong']\n", "")
