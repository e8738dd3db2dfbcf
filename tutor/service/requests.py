"""What a request may hold. A field that is not named here is refused, and no value is taken for one of another type.

The fields of `CheckRequest` are the parameters of `tutor.check`, those of `ExplainRequest` the options of `tutor explain`. They end where the types end:
whether a text can be read is said by the reader.

>>> CheckRequest.model_validate({"answer": "2x", "derivative_of": "x^2"}).model_dump(exclude_unset=True)
{'answer': '2x', 'derivative_of': 'x^2'}
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tutor.calculus.request import HIGHEST_ORDER
from tutor.form.tokens import LONGEST_TEXT
from tutor.grading.forms import CREDIT

Number = int | Annotated[float, Field(allow_inf_nan=False)]
Place = str | dict[str, str | Number]
Texts = str | list[str]
_MOST = 15
"""The most digits of a rounded number: a float has no more."""


class Strict(BaseModel):
    """A request: unknown fields are refused, 1 is no text and "1" no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ExpectedMistake(Strict):
    """A wrong answer that the author expects, and what is said of it."""

    id: str
    answer: str
    sentence: str = ""


class CheckRequest(Strict):
    """An answer, and what is asked for: one of `expected`, `derivative_of`, `gradient_of`, `hessian_of`, `antiderivative_of`, `formula` and `exercise`."""

    model_config = ConfigDict(json_schema_extra={"examples": [
        {"answer": "2x cos(x^2)", "derivative_of": "sin(x^2)"},
        {"answer": "0.33", "expected": "1/3", "tolerance": "1%"},
        {"answer": "(-6, -4)", "gradient_of": "100 - x^2 - 2y^2", "at": "x=3,y=1"},
    ]})  # fmt: skip

    answer: Annotated[str, Field(description=f"Calculator text, Unicode or LaTeX. A text that cannot be read, or has more than {LONGEST_TEXT:,} characters, is `unreadable`.")]
    expected: Annotated[str | bool | Number | list[str | Number] | None, Field(description="The right answer.")] = None
    derivative_of: Annotated[str | None, Field(description="Its derivative is asked for.")] = None
    gradient_of: Annotated[str | None, Field(description="Its gradient is asked for.")] = None
    hessian_of: Annotated[str | None, Field(description="Its Hessian matrix is asked for.")] = None
    antiderivative_of: Annotated[str | None, Field(description="An antiderivative is asked for.")] = None
    formula: Annotated[str | None, Field(description="A computation by hand is asked for: descent, momentum, adam, length, …")] = None
    exercise: Annotated[str | None, Field(description="The id of an exercise's variant, as in the reply of /problem. It says itself what is asked for.")] = None
    part: Annotated[str | None, Field(description="Which question of the exercise: a, b, …")] = None
    wrt: Annotated[Texts | None, Field(description="The letter that moves; several: one after the other, or the order of a gradient.")] = None
    order: Annotated[int, Field(ge=1, le=HIGHEST_ORDER, description="Which derivative.")] = 1
    at: Annotated[Place | None, Field(description='The point: "x=3,y=1", or {"x": 3, "y": 1}.')] = None
    values: Annotated[Place | None, Field(description="The numbers of a formula.")] = None
    function: Annotated[str | None, Field(description="The function whose slopes a formula needs.")] = None
    variables: Annotated[list[str], Field(description="Names of several letters.")] = []
    domain: Annotated[Texts, Field(description="Where the answer has to hold, such as x > 0.")] = []
    same_domain: Annotated[bool, Field(description="A domain that grew or shrank costs credit.")] = False
    kind: Annotated[str | None, Field(description="The kind of answer where it does not show: number, unit, set, interval, iterates, …")] = None
    form: Annotated[Texts | None, Field(description="A form that is asked for, such as factored, or a pattern such as a*x + b.")] = None
    form_credit: Annotated[float, Field(ge=0, le=1, description="The credit of a right answer in another form.")] = CREDIT
    tolerance: Annotated[str | Number | None, Field(description='How far off a number may be: 0.01, or relative as "1%".')] = None
    relative_tolerance: Annotated[str | Number | None, Field(description="The same as a share of the right number.")] = None
    significant_figures: Annotated[int | None, Field(ge=0, le=_MOST, description="Rounded to so many figures.")] = None
    decimal_places: Annotated[int | None, Field(ge=0, le=_MOST, description="Rounded to so many decimal places.")] = None
    constant: Annotated[bool, Field(description="The + C of an antiderivative is asked for.")] = False
    weights: Annotated[list[Number], Field(description="What each entry of a vector, matrix or table counts.")] = []
    options: Annotated[list[str], Field(description="What can be chosen.")] = []
    step: Annotated[str | None, Field(description="Of iterates: the next value.")] = None
    given: Annotated[list[int], Field(description="Of iterates: the cells that are filled in, counted from 0.")] = []
    mistakes: Annotated[list[ExpectedMistake], Field(description="Wrong answers that are expected.")] = []


class ExplainRequest(Strict):
    """A function, and which derivative of it is worked out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"expression": "sin(x^2)"}, {"expression": "x^2*y^3", "wrt": "y", "at": "x=1,y=2"}]})

    expression: Annotated[str, Field(description="Calculator text, Unicode or LaTeX.")]
    wrt: Annotated[Texts | None, Field(description="The letter that moves; several: one after the other.")] = None
    order: Annotated[int, Field(ge=1, le=HIGHEST_ORDER, description="Which derivative.")] = 1
    at: Annotated[Place | None, Field(description="The value at a point as well.")] = None
    where: Annotated[list[str], Field(description="What letters depend on, such as x=t^2: the chain rule along all paths.")] = []
    another_way: Annotated[int, Field(ge=0, le=100, description="Begin in another way: 1 for the second best, 2 for a third one.")] = 0
    by: Annotated[str, Field(description="Begin by a method: logarithmic, product, quotient, expand_first, …")] = ""


class ProblemRequest(BaseModel):
    """Which problem; these are query parameters."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(description="A family such as business/coffee-profit, or a variant by its id.", examples=["business/coffee-profit"])]
    seed: Annotated[str | None, Field(description="Which numbers: the same seed gives the same problem everywhere.  [0]")] = None
    solution: Annotated[bool, Field(description="With the answers, hints and interpretations.")] = False


__all__ = ["CheckRequest", "ExpectedMistake", "ExplainRequest", "ProblemRequest"]
