"""The OpenAPI document is one, says what is so, and what it says is what happens to generated requests."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.service.running import Service
from tests.service.schemas import FILE, replies, written
from tutor import __version__
from tutor.service.app import application

openapi = pytest.importorskip("schemathesis.openapi", reason="schemathesis makes the requests, and is not here")

EXAMPLES = 60
"""Generated requests for an endpoint."""


@pytest.fixture(scope="session")
def document(service: Service) -> dict[str, object]:
    data: dict[str, object] = service.client.get("/openapi.json").json()
    return data


def test_it_is_an_openapi_document(document: dict[str, object]) -> None:
    pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator reads the document, and is not here").validate(document)
    assert str(document["openapi"]).startswith("3.1")
    assert document["info"]["version"] == __version__  # type: ignore[index]


def test_it_describes_every_endpoint_and_every_refusal(document: dict[str, object]) -> None:
    found = {(path, method): set(one["responses"]) for path, methods in document["paths"].items() for method, one in methods.items()}  # type: ignore[attr-defined]
    assert found.keys() == {("/check", "post"), ("/explain", "post"), ("/problem", "get"), ("/health", "get")}
    for (path, _), statuses in found.items():
        assert statuses == {"200", "408", "413", "500"} | (set() if path == "/health" else {"400", "415", "422", "503"}) | ({"403"} if path == "/problem" else set())


def test_the_replies_are_described_as_in_the_page_on_json(document: dict[str, object]) -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "python -m tests.service.schemas writes it again"
    schemas = document["components"]["schemas"]  # type: ignore[index]
    assert {name: schemas[name] for name in replies()} == replies()


schema = openapi.from_dict(application(1).openapi())


@schema.parametrize()
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_generated_requests_get_what_is_described(case: object, service: Service) -> None:
    from schemathesis.checks import load_all_checks
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    load_all_checks()
    # A text of the right type need not be a formula: that one is refused is as described.
    case.call_and_validate(service.url, excluded_checks=[positive_data_acceptance])  # type: ignore[attr-defined]
