"""What one request may take; `docs/security.md` says it in words, and a test keeps the two the same."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.autograde.isolated import MEMORY, SECONDS


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a service. Times are in seconds of wall clock, sizes in bytes."""

    seconds: float = SECONDS
    """What the work on one request may take; then its process is killed."""
    memory: int = MEMORY
    """Address space of a helper process."""
    body: int = 2**18
    """A request's body."""
    body_seconds: float = 10.0
    """Until all of the body has arrived."""
    reply: int = 2**23
    """A reply's body."""
    waiting: int = 256
    """Requests that wait for a free helper; any more are refused at once."""
    wait_seconds: float = 5.0
    """How long one waits for a free helper."""
    connections: int = 1000
    """Open connections."""
    head: int = 2**16
    """A request's line and headers."""
    grace: int = 10
    """What requests that are being answered may still take when the service is told to end."""


LIMITS = Limits()

__all__ = ["LIMITS", "Limits"]
