"""Coverage-guided fuzzing of answers: whatever bytes are handed in, there is a verdict, soon.

    pip install atheris
    python benchmarks/fuzz_answers.py [SECONDS [CORPUS_FOLDER]]

Atheris (libFuzzer) changes the text so that it reaches new branches of the reader, the answer kinds and the comparison.
The first byte chooses the question (a kind of answer each), the rest is the answer. A finding is an exception, a score outside
[0, 1], an answer that takes longer than twenty seconds (a proof may take its whole budget), or more than 1 GB of memory: libFuzzer
then writes the bytes to a file and the exit status is not 0.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

try:
    import atheris
except ImportError:  # not in the test extra: it compiles where there is no wheel
    sys.exit("This needs atheris: pip install atheris")

with atheris.instrument_imports(include=["tutor"]):
    from tutor import check
    from tutor.grading.verdict import Verdict

QUESTIONS: tuple[Callable[[str], Verdict], ...] = (
    lambda text: check(text, derivative_of="x^2 sin(3x)"),
    lambda text: check(text, "7/15", tolerance="1e-3"),
    lambda text: check(text, "9.81 m/s^2", kind="unit"),
    lambda text: check(text, gradient_of="100 - x^2 - 2y^2", at="x=3, y=1"),
    lambda text: check(text, "[[2, 0], [0, 4]]", kind="matrix"),
    lambda text: check(text, "{1, 2, 3}", kind="set"),
    lambda text: check(text, "y = 2x - 5", kind="equation"),
    lambda text: check(text, "(0, 2]", kind="interval"),
    lambda text: check(text, "sin(x)", kind="antiderivative"),
)
SEEDS = ("2x*cos(x^2)", "(-6, -4)", "\\frac{1}{2}x^{2}", "1/2x", "9,81 m/s²", "[[2,0],[0,4]]", "y=2x-5", "x>0 and x<=2", "|x|²", "√x", "1e-3")


def one(data: bytes) -> None:
    """One answer to the question that its first byte chooses."""
    if not data:
        return
    verdict = QUESTIONS[data[0] % len(QUESTIONS)](data[1:].decode("utf-8", errors="replace"))
    if not 0 <= verdict.score <= 1:
        raise AssertionError(f"a score of {verdict.score}")


def main(seconds: int = 300, folder: str | None = None) -> None:
    """Fuzz for so many seconds, from the seeds and what the folder holds of earlier runs; libFuzzer ends the process."""
    corpus = Path(folder or tempfile.mkdtemp(prefix="fuzz-answers-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number in range(len(QUESTIONS)):
        for place, seed in enumerate(SEEDS):
            (corpus / f"seed-{number}-{place}").write_bytes(bytes([number]) + seed.encode())
    limits = ("-timeout=20", "-rss_limit_mb=1024", "-max_len=400", "-len_control=0")
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", *limits, "-print_final_stats=1", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
