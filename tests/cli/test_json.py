"""The JSON is what docs/json.md says, field by field, and its mathematics reads back.

`python -m tests.cli.test_json` writes the page's examples again after the output has changed on purpose.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.command import ROOT, tutor, written
from tutor import explain, read
from tutor.cli import COMMANDS as COMMAND_NAMES

PAGE = ROOT / "docs" / "json.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^`(tutor [^`]*)`\n\n```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCHEMA = json.loads(re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)[-1])

COMMANDS = [
    ["explain", "sin(x^2)"],
    ["explain", "x^2*y^3 + sin(x*y)", "--wrt", "y"],
    ["explain", "x^2*y^3 + sin(x*y)", "--wrt", "x,y"],
    ["explain", "ln(x*sqrt(x+1)/(x-2)^3)", "--another-way"],
    ["explain", "x^x", "--order", "2", "--at", "x=1"],
    ["explain", "1/x", "--at", "x=0"],
    ["explain", "(x^2+1)(x^2+1)", "--another-way"],
    ["explain", "5"],
    ["gradient", "100 - x^2 - 2y^2", "--at", "x=3,y=1"],
    ["gradient", "x^2 + y^2", "--at", "x=0,y=0"],
    ["gradient", "x*y"],
    ["hessian", "x^3*y - y^2", "--at", "x=1,y=2"],
    ["jacobian", "(x*y, x + y^2)", "--at", "x=1,y=2"],
    ["directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "3,4"],
    ["tangent", "x^3 - x", "--at", "x=2"],
    ["critical", "x^3 - 3x"],
    ["critical", "(x+y)^2"],
    ["newton", "x^2 = 2", "--at", "x=1", "--steps", "3"],
    ["implicit", "x^2 + y^2 = 25", "--order", "2", "--at", "x=3,y=4"],
    ["inverse", "x^3 + x", "--at", "y=2"],
    ["parametric", "(t^2, t^3)", "--at", "t=1"],
    ["limit", "abs(x)", "--at", "x=0"],
    ["backprop", "--preset", "softmax"],
    ["matrix", "softmax(z)", "--wrt", "z"],
    ["descend", "x^2 - 4x + 5", "--start", "x=0", "--rate", "0.1", "--exact", "--steps", "5"],
    ["descend", "x^2 + 2y^2", "--start", "x=4,y=3", "--compare", "gd,adam,newton", "--steps", "3"],
    ["descend", "x^4 - 3x^2 + x", "--starts", "4", "--seed", "1", "--steps", "50"],
    ["check", "cos(x^2)", "--derivative-of", "sin(x^2)"],
    ["hint", "x^2 sin(3x)", "--number", "2"],
    ["hint", "x^2 sin(3x)", "--number", "99"],
    ["read", "1/2x"],
    ["read", "log x"],
]


def strict(schema: Any) -> Any:
    """The schema with no field allowed that it does not name, so that a new field must be documented."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(part) for key, part in schema.items()}
    return {"additionalProperties": False, **closed} if schema.get("type") == "object" and "properties" in schema else closed


def checked(name: str, data: Any) -> None:
    """Raises an error where the data does not fit the definition of this name."""
    definitions = strict(SCHEMA["$defs"])
    Draft202012Validator({"$defs": definitions, "$ref": f"#/$defs/{name}"}).validate(data)


def steps_of(lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield line
        yield from steps_of(line["steps"])


def renewed(text: str) -> str:
    """The page with its examples made again."""
    return EXAMPLE.sub(lambda found: f"`{found[1]}`\n\n```json\n{written(*shlex.split(found[1])[1:])}```", text)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_the_output_fits_the_schema(args: list[str]) -> None:
    checked(args[0], json.loads(tutor(*args, "--format", "json").stdout))


WITHOUT_JSON = ("worksheet", "quiz", "grade", "autograde", "serve")
"""Commands that write pages, talk to a person, write rows, or serve."""


def test_every_command_has_its_definition() -> None:
    names = [name for name in COMMAND_NAMES if name not in WITHOUT_JSON]
    assert SCHEMA["$defs"].keys() >= set(names)
    assert [one["$ref"].rpartition("/")[2] for one in SCHEMA["anyOf"]] == [*names, "total"]


def test_the_examples_of_the_page_are_true() -> None:
    assert len(EXAMPLE.findall(TEXT)) == 3
    assert renewed(TEXT) == TEXT


@pytest.mark.parametrize("args", [args for args in COMMANDS if args[0] == "explain"], ids=" ".join)
def test_its_mathematics_reads_back(args: list[str]) -> None:
    data = json.loads(written(*args, "--format", "json"))
    for text in (data["reading"], data["value"], *data["conditions"], *data["also"]):
        assert str(read(text)) == text
    for step in steps_of(data["steps"]):
        for field in ("before", "after", "pattern", "worked"):
            if field in step:
                read(step[field])


def test_proved_means_that_every_line_is() -> None:
    data = json.loads(written("explain", "x^2 sin(3x)", "--format", "json"))
    assert data["proved"] is data["confirmed"] is True
    assert all(step["proved"] and step["evidence"]["equal"] for step in steps_of(data["steps"]))


def test_python_gives_the_same_data() -> None:
    assert explain("x^x", order=2, at="x=1").data() == json.loads(written("explain", "x^x", "--order", "2", "--at", "x=1", "-f", "json"))


def test_an_error_leaves_standard_output_empty() -> None:
    result = tutor("explain", "2*(x+1", "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    error = json.loads(result.stderr)["error"]
    assert (error["kind"], error["span"], error["expected"], error["suggestion"]) == ("bracket", [2, 3], ")", "2*(x+1)")


def test_a_request_that_makes_no_sense_is_data_too() -> None:
    error = json.loads(tutor("explain", "x*y", "--format", "json").stderr)["error"]
    assert error["kind"] == "variable"
    assert "--wrt x" in error["advice"]


if __name__ == "__main__":
    PAGE.write_text(renewed(TEXT), encoding="utf-8")
