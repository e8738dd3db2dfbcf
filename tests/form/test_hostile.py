"""No text ends in anything but a form or a `TutorError`, none grows the memory, none works for long.

How long each takes on a clock is measured by benchmarks/hostile.py; here the work is counted in
steps of the interpreter, which does not depend on the machine.
"""

from __future__ import annotations

import sys
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.form.hostile import READ, REFUSED
from tutor.errors import LimitError, TutorError
from tutor.form import tree
from tutor.form.reading import read, understand

MOST_CALLS = 400_000
MOST_MEMORY = 24_000_000


def _calls(text: str) -> int:
    """How many Python functions run while a text is read."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        with suppress(TutorError):
            read(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    with pytest.raises(TutorError) as caught:
        understand(REFUSED[name])
    error = caught.value
    assert error.message
    assert len(error.message) < 200
    if isinstance(error, LimitError):
        assert error.advice


@pytest.mark.parametrize("name", READ)
def test_long_but_mathematics(name: str) -> None:
    form = read(READ[name])
    assert form.size <= len(READ[name]) + 1


@pytest.mark.parametrize("name", [*REFUSED, *READ])
def test_work_is_bounded(name: str) -> None:
    assert _calls({**REFUSED, **READ}[name]) < MOST_CALLS


@pytest.mark.parametrize("name", [*REFUSED, *READ])
def test_memory_is_flat(name: str) -> None:
    text = {**REFUSED, **READ}[name]
    table = len(tree._table)
    tracemalloc.start()
    try:
        for _ in range(2):
            with suppress(TutorError):
                read(text)
        left, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
    # The table of forms makes its array anew now and then, in whichever text's turn that falls.
    assert left < 500_000 + sys.getsizeof(tree._table)
    assert len(tree._table) < table + 100


@pytest.mark.parametrize("name", [*REFUSED, *READ])
def test_from_a_deep_stack(name: str) -> None:
    """Under Jupyter and pytest the stack is already in use."""

    def deeper(frames: int) -> None:
        if frames:
            deeper(frames - 1)
            return
        with suppress(TutorError):
            understand({**REFUSED, **READ}[name])

    deeper(150)


def test_as_deep_as_is_allowed() -> None:
    """The deepest brackets of each kind are read from a stack 150 frames deep: no frame more than planned."""
    deepest = {"(": ")", "sin(": ")", "√(": ")", "2^(": ")", "-(": ")"}

    def deeper(frames: int) -> None:
        if frames:
            deeper(frames - 1)
            return
        for opener, closer in deepest.items():
            read(opener * 190 + "x" + closer * 190)
        for opener, closer in {"f(": ")", r"\frac{1}{": "}", r"\sqrt{": "}", "|1+": "|"}.items():
            read(opener * 90 + "x" + closer * 90)

    deeper(150)


def test_a_stack_that_is_nearly_full_gives_a_limit() -> None:
    """However deep the caller is: a limit, never a RecursionError from the reader."""
    text = "(" * 150 + "x" + ")" * 150

    def deeper() -> str:
        try:
            return deeper()
        except RecursionError:
            try:
                read(text)
            except LimitError as error:
                return error.kind
            raise

    # near the very end even the error cannot be made: the frames above then take over
    assert deeper() == "depth"


MATHS = st.text(alphabet="xyzefπθ0123456789.+-*/^()[]{}|,;=<>!_'²³⁻√∫∂∞ \\&$%~", max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [
            "x", "y", "2", "3.5", "1e5", "(", ")", "[", "]", "{", "}", "|", "^", "_", "+", "-", "*", "/", "!", "'", ",", ";", "=", "<",
            "sin", "cos ", "ln", "log_2", "max(", "piecewise(", "diff(", "integral(", "f", "f'(", "d/dx", "∂/∂x", "∫_0^x", " dx", "√", "²", "⁻¹",
            "if ", " otherwise", r"\frac", r"\sqrt", r"\left", r"\right", r"\log_", r"\begin{cases}", r"\end{cases}", r"\\", "&", r"\int_",
            r"\text{if}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\operatorname{", r"\prime", r"\partial", "½", "а", "\u200b", "\ud800", "10^8",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    with suppress(TutorError):
        understand(text)


@given(MATHS)
def test_any_signs_of_mathematics(text: str) -> None:
    try:
        reading = understand(text)
        _ = reading.alternatives, reading.places
    except TutorError as error:
        start, end = error.span  # type: ignore[attr-defined]
        assert 0 <= start <= end <= max(len(text), 1)


@given(PIECES)
def test_any_pieces_of_mathematics(text: str) -> None:
    try:
        reading = understand(text)
        _ = reading.alternatives, reading.places
    except TutorError as error:
        start, end = error.span  # type: ignore[attr-defined]
        assert 0 <= start <= end <= max(len(text), 1)


@given(PIECES)
def test_what_is_read_reads_back(text: str) -> None:
    """Whatever strange text is taken, its echo in calculator text means the same."""
    try:
        form = read(text)
        echo = str(form)
    except TutorError:
        return
    assert read(echo) is form
