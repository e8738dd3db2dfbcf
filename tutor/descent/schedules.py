"""Learning rates that change with the number of the step: each is a form in n, which counts from 1.

    constant      alpha
    step          alpha · factor^⌊(n − 1)/every⌋
    exponential   alpha · factor^(n − 1)
    cosine        alpha · (1 + cos(π (n − 1)/total))/2                  (Loshchilov & Hutter 2017, without restarts)
    warmup        alpha · min(n/warm, max(0, (total − n)/(total − warm)))      linear up to alpha, then linearly down to 0

>>> rate = schedule("exponential(0.9)", "0.5", steps=100)
>>> str(rate), round(evaluate(rate, {"n": 3.0}), 4)
('0.5*0.9^(n - 1)', 0.405)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tutor.descent.method import Number, positive
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Form, Listing
from tutor.form.walk import substitute

_WRITTEN = {
    "constant": "alpha",
    "step": "alpha*factor^floor((n - 1)/every)",
    "exponential": "alpha*factor^(n - 1)",
    "cosine": "alpha*(1 + cos(pi*(n - 1)/total))/2",
    "warmup": "alpha*min(n/warm, max(0, (total - n)/(total - warm)))",
}
_DEFAULTS: dict[str, Callable[[int], dict[str, str]]] = {
    "constant": lambda _: {},
    "step": lambda steps: {"factor": "0.5", "every": str(max(1, steps // 4))},
    "exponential": lambda _: {"factor": "0.99"},
    "cosine": lambda steps: {"total": str(max(1, steps))},
    "warmup": lambda steps: {"warm": str(max(1, steps // 10)), "total": str(max(2, steps))},
}
"""The numbers of a schedule and what they are where none is given; they depend on how many steps there are."""
SCHEDULES = tuple(_WRITTEN)


def schedule(text: str, rate: Number, steps: int) -> Form:
    """The rate as a form in n, for a schedule written as "cosine", "step(0.5, 10)", "exponential(0.9)", "warmup(10)".

    The numbers in brackets are those of the schedule in the order of its formula. Raises `RequestError` for what is no schedule.
    """
    match = re.fullmatch(r"\s*(\w+)\s*(\(.*\))?\s*", text)
    name = match[1].lower() if match else ""
    if match is None or name not in _WRITTEN:
        raise RequestError("schedule", f"there is no schedule {text!r}", advice=f"Choose one of {', '.join(SCHEDULES)}; numbers follow as in step(0.5, 10).")
    values: dict[str, Form] = {letter: read(value) for letter, value in _DEFAULTS[name](steps).items()}
    given = _numbers(match[2]) if match[2] else ()
    if len(given) > len(values):
        raise RequestError("schedule", f"{name} takes {len(values)} numbers ({', '.join(values) or 'none'}), not {len(given)}")
    values |= {letter: positive(letter, value) for letter, value in zip(values, given, strict=False)}
    if name == "warmup" and evaluate(values["warm"], {}) >= evaluate(values["total"], {}):
        raise RequestError("schedule", "the warm-up is as long as the whole run", advice=f"Warm up for fewer than {values['total']} steps.")
    form = read(_WRITTEN[name], variables=("alpha", "n", *values))
    return substitute(form, {**values, "alpha": positive("learning rate", rate)})


def _numbers(text: str) -> tuple[Form, ...]:
    form = read(text)
    return form.items if isinstance(form, Listing) else (form,)


__all__ = ["SCHEDULES", "schedule"]
