"""One service for the tests that do it no harm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.service.running import Service

@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """`tutor serve` with two helpers at a free port."""
    from tests.service.running import running

    with running("tutor", "serve", "--port", "0", "--workers", "2") as one:
        yield one
