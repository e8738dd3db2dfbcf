"""What can go wrong, as values: a kind, a place in the text, what was expected, what to do.

Every error that the tutor raises on purpose is a `TutorError`. The engine never formats one for
a screen: `tutor.render.faults` turns it into lines with a caret, JSON, or HTML.

>>> fault = ReadError("bracket", "the bracket opened here is not closed", "2*(x+1", (2, 3), expected=")")
>>> fault.kind, fault.span, fault.expected
('bracket', (2, 3), ')')
"""

from __future__ import annotations

from typing import Any

Span = tuple[int, int]
"""Start and end (exclusive) of a piece of the typed text, counted in characters from 0."""


class TutorError(Exception):
    """Base of all errors raised on purpose.

    `kind` is a stable word for programs, `message` one sentence for people, `advice` says what
    to do about it (may be empty).
    """

    def __init__(self, kind: str, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.advice = advice

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, self.__dict__)

    def data(self) -> dict[str, object]:
        """The error as JSON-ready data: `kind`, `message`, `advice`, and for a text what stands where."""
        return {"kind": self.kind, "message": self.message, "advice": self.advice}


def _again(cls: type[TutorError], args: tuple[Any, ...], values: dict[str, Any]) -> TutorError:
    """An error that was copied, or sent from another process."""
    error = cls.__new__(cls, *args)
    error.__dict__.update(values)
    return error


class ReadError(TutorError):
    """A text that cannot be read as mathematics.

    `span` is the place in `text`, `expected` what would have fitted there, `suggestion` a whole
    text that reads well and is probably what was meant.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        text: str = "",
        span: Span = (0, 0),
        *,
        expected: str = "",
        suggestion: str = "",
        advice: str = "",
    ) -> None:
        super().__init__(kind, message, advice=advice)
        self.text = text
        self.span = span
        self.expected = expected
        self.suggestion = suggestion

    def data(self) -> dict[str, object]:
        """The error as JSON-ready data, with the text and the place in it."""
        return {**super().data(), "text": self.text, "span": list(self.span), "expected": self.expected, "suggestion": self.suggestion}


class LimitError(ReadError):
    """A text, number or tree beyond what the tutor takes on; the limit is named in the message."""


class RequestError(TutorError):
    """A readable text with which the request makes no sense (no such variable, no value given)."""
