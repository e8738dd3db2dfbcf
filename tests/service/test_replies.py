"""A real client gets what the command line writes, from many clients at once, and whatever they send."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

import pytest

from tests.cli.command import tutor
from tests.cli.test_json import checked
from tests.form.hostile import READ, REFUSED
from tests.service.running import Service, is_refusal
from tutor.cli.commands.explain import command as explain_command
from tutor.grading.asked import Asked

CHECKS: list[dict[str, Any]] = [
    {"answer": "2x cos(x^2)", "derivative_of": "sin(x^2)"},
    {"answer": "cos(x^2)", "derivative_of": "sin(x^2)", "wrt": "x", "order": 1},
    {"answer": "6x", "derivative_of": "x^3", "order": 2},
    {"answer": "12", "derivative_of": "x^3", "at": "x=2"},
    {"answer": "2*(x+1", "expected": "2x+2"},
    {"answer": "0.33", "expected": "1/3", "tolerance": "1%"},
    {"answer": "0.33", "expected": "1/3", "decimal_places": 2},
    {"answer": "0.333", "expected": "1/3", "significant_figures": 3, "kind": "number"},
    {"answer": "(-6, 4)", "gradient_of": "100 - x^2 - 2y^2", "at": "x=3,y=1", "weights": [3, 1]},
    {"answer": "[[2, 0], [0, 4]]", "hessian_of": "x^2 + 2y^2"},
    {"answer": "x^2", "antiderivative_of": "2x", "constant": True},
    {"answer": "x^2 - 1", "expected": "(x-1)(x+1)", "form": ["factored"], "form_credit": 0.25},
    {"answer": "sqrt(x^2)", "expected": "x", "domain": ["x > 0"]},
    {"answer": "price^2", "expected": "price*price", "variables": ["price"]},
    {"answer": "12", "expected": "0.12", "mistakes": [{"id": "per_cent", "answer": "12", "sentence": "Is that a share?"}]},
    {"answer": "b", "expected": "b", "kind": "choice", "options": ["a", "b", "c"]},
]
EXPLAINS: list[dict[str, Any]] = [
    {"expression": "sin(x^2)"},
    {"expression": "x^2*y^3 + sin(x*y)", "wrt": "y"},
    {"expression": "x^2*y^3", "wrt": ["x", "y"]},
    {"expression": "x^x", "order": 2, "at": "x=1"},
    {"expression": "ln(x^2 (x+1))", "another_way": 1},
    {"expression": "x^2 sin(x)", "by": "logarithmic"},
    {"expression": "x*y", "where": ["x=t^2", "y=t^3"], "wrt": "t"},
]
REPEATED = ("domain", "form", "where")
RENAMED = {"mistakes": "mistake"}


def arguments(request: dict[str, Any]) -> list[str]:
    """The command line of a request."""
    found: list[str] = []
    for name, value in request.items():
        option = "--" + RENAMED.get(name, name).replace("_", "-")
        match name, value:
            case ("answer" | "expression" | "name"), str(text):
                found.append(text)
            case "another_way", int(count):
                found += [option] * count
            case "mistakes", list(wrongs):
                for wrong in wrongs:
                    found += [option, wrong["id"], wrong["answer"], wrong["sentence"]]
            case _, True:
                found.append(option)
            case _, list(parts):
                found += [text for part in parts for text in (option, part)] if name in REPEATED else [option, ",".join(map(str, parts))]
            case _:
                found += [option, str(value)]
    return found


def from_the_command_line(command: str, request: dict[str, Any]) -> Any:
    return json.loads(tutor(command, *arguments(request), "--format", "json").stdout)


@pytest.mark.parametrize("request_", CHECKS, ids=str)
def test_check_replies_what_the_command_line_writes(service: Service, request_: dict[str, Any]) -> None:
    response = service.ask("/check", request_)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json() == from_the_command_line("check", request_)
    checked("check", response.json())


@pytest.mark.parametrize("request_", EXPLAINS, ids=str)
def test_explain_replies_what_the_command_line_writes(service: Service, request_: dict[str, Any]) -> None:
    found = service.ask("/explain", request_).json()
    assert found == from_the_command_line("explain", request_)
    checked("total" if "where" in request_ else "explain", found)


@pytest.mark.parametrize("more", [{}, {"seed": "7"}, {"solution": True}, {"seed": "emma", "solution": True}], ids=str)
def test_problem_replies_what_the_command_line_writes(service: Service, more: dict[str, Any]) -> None:
    request = {"name": "business/coffee-profit", **more}
    found = service.client.get("/problem", params=request).json()
    assert found == from_the_command_line("problem", request)
    checked("problem", found)
    again = service.client.get("/problem", params={**more, "name": found["id"]}).json()
    assert again == found


def test_every_parameter_of_check_and_option_of_explain_is_a_field() -> None:
    from tutor.service.requests import CheckRequest, ExplainRequest

    asked = {field.name: field.default for field in fields(Asked)}
    ours = {name: field.default for name, field in CheckRequest.model_fields.items() if name not in ("answer", "exercise", "part")}
    assert ours.keys() == asked.keys()
    assert {name: value or None for name, value in ours.items()} == {name: value or None for name, value in asked.items()}
    options = {parameter.name for parameter in explain_command.params} - {"level", "format", "plain", "file"}
    assert set(ExplainRequest.model_fields) == options


def test_the_examples_of_the_description_are_answered(service: Service) -> None:
    schemas = service.client.get("/openapi.json").json()["components"]["schemas"]
    for path, name in (("/check", "CheckRequest"), ("/explain", "ExplainRequest")):
        for example in schemas[name]["examples"]:
            assert service.ask(path, example).status_code == 200


def test_null_is_not_given(service: Service) -> None:
    bare = {"answer": "2x", "derivative_of": "x^2"}
    assert service.ask("/check", {**bare, "exercise": None, "part": None, "expected": None, "wrt": None, "tolerance": None}).json() == service.ask("/check", bare).json()
    assert service.ask("/explain", {"expression": "x^2", "wrt": None, "at": None}).status_code == 200


def test_a_point_can_be_an_object(service: Service) -> None:
    texts = service.ask("/check", {"answer": "(-6, -4)", "gradient_of": "100 - x^2 - 2y^2", "at": {"x": 3, "y": "1"}}).json()
    assert texts["outcome"] == "right"


# -- exercises -----------------------------------------------------------------------------------------


def test_the_answers_to_a_problem_are_right(service: Service) -> None:
    problem = service.client.get("/problem", params={"name": "business/coffee-profit", "seed": "3", "solution": True}).json()
    for part, question in zip("abcdefgh", problem["questions"], strict=False):
        good = service.ask("/check", {"answer": question["answer"], "exercise": problem["id"], "part": part}).json()
        bad = service.ask("/check", {"answer": "-12345.6789", "exercise": problem["id"], "part": part}).json()
        assert (good["outcome"], bad["outcome"]) == ("right", "wrong")


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"exercise": "business/coffee-profit"}, "part"),
        ({"exercise": "business/coffee-profit", "part": "z"}, "part"),
        ({"exercise": "business/coffee-profit", "part": "a", "expected": "2"}, "exercise"),
        ({"exercise": "../../pyproject", "part": "a"}, "family"),
        ({"part": "a"}, "part"),
        ({}, "question"),
    ],
    ids=str,
)
def test_an_exercise_that_makes_no_sense_is_refused(service: Service, more: dict[str, Any], kind: str) -> None:
    response = service.ask("/check", {"answer": "1", **more})
    assert response.status_code == 422
    if kind != "question":
        is_refusal(response, 422, kind)


@pytest.mark.parametrize("name", ["/etc/passwd", "../exercises/business/coffee-profit", "pyproject.toml", "business/coffee-profit.yaml\0", "", "x" * 5000, "a@b.c"])
def test_a_name_is_never_a_file(service: Service, name: str) -> None:
    response = service.client.get("/problem", params={"name": name})
    assert response.status_code == 422
    assert "root:" not in response.text


# -- many at once --------------------------------------------------------------------------------------


def test_many_clients_each_get_their_own_answer(service: Service) -> None:
    def asked(k: int) -> bool:
        power = k % 50 + 2
        match k % 4:
            case 0:
                data = service.ask("/check", {"answer": f"{power}{'xyzt'[k % 3]}^{power - 1}", "derivative_of": f"{'xyzt'[k % 3]}^{power}"}).json()
                return bool(data["outcome"] == "right" and data["input"].startswith(str(power)))
            case 1:
                data = service.ask("/check", {"answer": f"{power + 1}x^{power - 1}", "derivative_of": f"x^{power}"}).json()
                return bool(data["outcome"] == "wrong" and data["input"] == f"{power + 1}x^{power - 1}")
            case 2:
                return bool(service.ask("/explain", {"expression": f"x^{power}"}).json()["value"] == (f"{power}*x^{power - 1}" if power > 2 else "2*x"))
        data = service.ask("/check", {"answer": f"{k}*(x", "expected": "x"}).json()
        return bool(data["outcome"] == "unreadable" and data["fault"]["text"] == f"{k}*(x")

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(asked, range(600)))


# -- hostile -------------------------------------------------------------------------------------------

SMALL = {name: text for name, text in {**REFUSED, **READ}.items() if len(text) <= 50_000 and text.isprintable() and text.isascii()}


@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_text_gets_a_verdict_or_a_named_refusal(service: Service, name: str) -> None:
    text = SMALL[name]
    verdict = service.ask("/check", {"answer": text, "derivative_of": "x^2"})
    assert verdict.status_code == 200
    assert verdict.json()["outcome"] in ("unreadable", "wrong", "undecided", "right")
    if name in REFUSED:
        response = service.ask("/explain", {"expression": text})
        assert response.status_code == 422
        is_refusal(response, 422, response.json()["kind"])
        assert response.json()["kind"] not in ("time", "memory", "crash", "fault")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 422, "request"),
        (b"null", 422, "request"),
        (b"[]", 422, "request"),
        (b'"x"', 422, "request"),
        (b"{}", 422, "request"),
        (b'{"answer": "x"', 400, "json"),
        (b'{"answer": "x", }', 400, "json"),
        (b"\xff\xfe\x00", 400, "json"),
        (b'{"answer": "\xff"}', 400, "json"),
        (b"[" * 100_000, 400, "json"),
        (b'{"answer":' * 20_000, 400, "json"),
        (b'{"answer": "x", "order": ' + b"9" * 10_000 + b"}", 400, "json"),
        (b'{"answer": "x", "order": 1e400}', 422, "request"),
        (b'{"answer": "x", "expected": NaN}', 422, "request"),
        (b'{"answer": "x", "expected": Infinity}', 422, "request"),
        (b'{"answer": "x", "tolerance": -1e999}', 422, "request"),
        (b'{"answer": 1}', 422, "request"),
        (b'{"answer": null}', 422, "request"),
        (b'{"answer": "x", "order": "1"}', 422, "request"),
        (b'{"answer": "x", "order": true}', 422, "request"),
        (b'{"answer": "x", "order": 13}', 422, "request"),
        (b'{"answer": "x", "__class__": "x"}', 422, "request"),
        (b'{"answer": "x", "weights": ["1"]}', 422, "request"),
        (b'{"answer": "x", "mistakes": [{"id": "a"}]}', 422, "request"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_no_request_is_refused(service: Service, body: bytes, status: int, kind: str) -> None:
    response = service.raw("/check", body)
    is_refusal(response, status, kind)
    for error in response.json().get("errors", []):
        assert error.keys() == {"where", "detail", "advice"}
        assert error["where"].startswith("/") or error["where"] == ""


def test_half_a_pair_of_surrogates_is_unreadable(service: Service) -> None:
    verdict = service.raw("/check", b'{"answer": "\\ud800", "expected": "x"}')
    assert (verdict.status_code, verdict.json()["outcome"], verdict.json()["input"]) == (200, "unreadable", "\ud800")
    refused = service.raw("/explain", b'{"expression": "\\ud800"}')
    assert (refused.status_code, refused.json()["text"]) == (422, "\ud800")


def test_a_refusal_says_where_what_was_expected_and_what_to_do(service: Service) -> None:
    unknown = service.ask("/check", {"answer": "x", "derivate_of": "x"}).json()
    assert (unknown["where"], unknown["advice"]) == ("/derivate_of", "Did you mean derivative_of?")
    several = service.ask("/check", {"order": "1", "given": [0, "x"]}).json()
    assert [one["where"] for one in several["errors"]] == ["/answer", "/order", "/given/1"]
    assert several["detail"].endswith("(and 2 more)")
    text = service.ask("/check", {"answer": "x", "derivative_of": "2*(x+1"}).json()
    assert (text["where"], text["span"], text["expected"], text["suggestion"]) == ("/derivative_of", [2, 3], ")", "2*(x+1)")
    letters = service.ask("/explain", {"expression": "x*y"}).json()
    assert letters["advice"] == "Say which one moves, such as wrt x."


@pytest.mark.parametrize("content", ["text/plain", "application/x-www-form-urlencoded", "text/json", ""])
def test_what_is_not_said_to_be_json_is_refused(service: Service, content: str) -> None:
    """A page in somebody's browser can send these without being asked for leave."""
    is_refusal(service.raw("/check", b'{"answer": "x", "expected": "x"}', content), 415, "content")


@pytest.mark.parametrize(("method", "path", "status", "kind"), [
    ("GET", "/", 404, "path"), ("GET", "/check/", 404, "path"), ("GET", "/docs", 404, "path"), ("GET", "/../etc/passwd", 404, "path"), ("GET", "/%00", 404, "path"),
    ("GET", "/check", 405, "method"), ("DELETE", "/health", 405, "method"), ("POST", "/problem", 405, "method"), ("OPTIONS", "/check", 405, "method"),
])  # fmt: skip
def test_a_path_or_a_method_that_there_is_not_is_refused(service: Service, method: str, path: str, status: int, kind: str) -> None:
    response = service.client.request(method, path)
    is_refusal(response, status, kind)
    if status == 405:
        assert response.headers["allow"]


def test_health(service: Service) -> None:
    data = service.client.get("/health").json()
    assert (data["status"], data["helpers"]) == ("ok", 2)
    assert 0 <= data["free"] <= 2


def test_headers(service: Service) -> None:
    response = service.client.get("/health", headers={"X-Request-ID": "proxy-17"})
    assert (response.headers["x-request-id"], response.headers["x-content-type-options"], response.headers["cache-control"]) == ("proxy-17", "nosniff", "no-store")
    assert "server" not in response.headers
    ids = {service.client.get("/health", headers={"X-Request-ID": given}).headers["x-request-id"] for given in ("a b", "x" * 65, '"', "")}
    assert len(ids) == 4
    assert all(len(one) == 32 and one.isalnum() for one in ids)
