"""`tutor check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from tutor.cli import options
from tutor.cli.groups import Grouped
from tutor.cli.output import Target, guarded

if TYPE_CHECKING:
    from tutor.errors import ReadError

STATUS = {"right": 0, "wrong": 1, "partly": 1, "undecided": 1, "unreadable": 2}
"""The exit status of each outcome."""

_QUESTION = (
    click.option("--expected", metavar="TEXT", help="The right answer."),
    click.option("--derivative-of", metavar="FUNCTION", help="Its derivative is asked for."),
    click.option("--gradient-of", metavar="FUNCTION", help="Its gradient is asked for."),
    options.wrt,
    click.option("--order", type=int, help="Which derivative.  [default: 1]"),
    options.at,
    click.option("--variables", metavar="NAMES", callback=options.names, help="Names of several letters, separated by commas."),
    click.option("--domain", metavar="CONDITION", multiple=True, help="Where the answer has to hold, such as x > 0; may be repeated."),
    click.option("--same-domain", is_flag=True, help="A domain that grew or shrank costs credit."),
    click.option("--tolerance", metavar="NUMBER", help="How far off a number may be: 0.01, or relative as 1%."),
    click.option("--form", "forms", metavar="NAME", multiple=True, help="A form that is asked for, such as factored, or a pattern such as a*x + b; may be repeated."),
)
_KINDS = (
    click.option("--hessian-of", metavar="FUNCTION", help="Its Hessian matrix is asked for."),
    click.option("--antiderivative-of", metavar="FUNCTION", help="An antiderivative is asked for."),
    click.option("--formula", metavar="NAME", help="A computation by hand is asked for: descent, momentum, adam, length, ..."),
    click.option("--values", metavar="NUMBERS", help="The numbers of a formula, such as x_0=0,a=0.1."),
    click.option("--function", metavar="FUNCTION", help="The function whose slopes a formula needs."),
    click.option("--kind", metavar="NAME", help="The kind of answer where it does not show: number, unit, set, interval, iterates, ..."),
    click.option("--form-credit", metavar="SHARE", type=float, help="The credit of a right answer in another form.  [default: 0.5]"),
    click.option("--relative-tolerance", metavar="NUMBER", help="The same as a share of the right number: 0.01 or 1%."),
    click.option("--significant-figures", metavar="COUNT", type=int, help="Rounded to so many figures."),
    click.option("--decimal-places", metavar="COUNT", type=int, help="Rounded to so many decimal places."),
    click.option("--constant", is_flag=True, help="The + C of an antiderivative is asked for."),
    click.option("--weights", metavar="LIST", callback=options.names, help="What each entry of a vector, matrix or table counts, such as 3,1."),
    click.option("--options", "choices", metavar="LIST", callback=options.names, help="What can be chosen, separated by commas."),
    click.option("--step", metavar="TEXT", help="Of iterates: the next value, such as x - 0.1*(2x - 4)."),
    click.option("--given", "cells", metavar="PLACES", callback=options.names, help="Of iterates: the cells that are filled in, counted from 0."),
    click.option("--mistake", "expected_mistakes", nargs=3, multiple=True, metavar="ID ANSWER SENTENCE", help="A wrong answer that is expected, and what to say of it; may be repeated."),
)
GROUPS = {
    "What is asked for": ("--expected", "--derivative-of", "--gradient-of", "--hessian-of", "--antiderivative-of", "--formula"),
    "More about the question": ("--wrt", "--order", "--at", "--values", "--function", "--variables", "--domain"),
    "What counts as right": (
        "--kind", "--form", "--form-credit", "--tolerance", "--relative-tolerance", "--significant-figures", "--decimal-places", "--same-domain",
        "--constant", "--weights", "--options", "--step", "--given", "--mistake",
    ),
}  # fmt: skip
"""The options by what they are about, for the help."""


def _all(decorators: tuple[options.Decorator, ...]) -> options.Decorator:
    def apply(command: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return apply


question = _all(_QUESTION)
"""What is asked for: the options that `check` and `check-working` share."""


def asked(wrt: tuple[str, ...], forms: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """The options as `check` takes them; those that were not given are left out."""
    given |= {"wrt": wrt[0] if len(wrt) == 1 else wrt, "form": forms[0] if len(forms) == 1 else forms}
    return {name: value for name, value in given.items() if not (value is None or value is False or value == ())}


def numbers(texts: tuple[str, ...], option: str, number: Callable[[str], Any]) -> tuple[Any, ...]:
    """The numbers of a list. Raises `RequestError` where one is none."""
    from tutor.errors import RequestError

    try:
        return tuple(map(number, texts))
    except ValueError:
        raise RequestError(option, f"{', '.join(texts)!r} is no list of numbers", advice=f"Write --{option} as 3,1.") from None


def free_of_charge(fault: ReadError) -> ReadError:
    """The fault of an unreadable answer, which says that it costs nothing."""
    from tutor.exposition.data import plain
    from tutor.exposition.phrases import PHRASES

    fault.advice = " ".join(filter(None, (fault.advice, plain(PHRASES.say("verdict.free", {})))))
    return fault


@click.command("check", cls=Grouped, groups=GROUPS)
@click.argument("answer", callback=options.typed, metavar="ANSWER")
@question
@_all(_KINDS)
@options.output
def command(
    answer: str, choices: tuple[str, ...], weights: tuple[str, ...], cells: tuple[str, ...], expected_mistakes: tuple[tuple[str, str, str], ...],
    format: str | None, plain: bool, file: str | None, **given: Any,
) -> None:  # fmt: skip
    """Is an answer right, how is that known, and if it is wrong, which mistake was made?

    ANSWER is calculator text, Unicode or LaTeX; - reads it from standard input. Say what is asked for with one of --derivative-of,
    --gradient-of, --hessian-of, --antiderivative-of, --formula and --expected. The right answer is not shown.

    Exit status: 0 right; 1 wrong, partly right, or not decided (which is never called wrong); 2 the answer or the question
    cannot be read.
    """
    target = Target(format, plain, file)

    def work() -> int:
        import json

        from tutor.cli.show import show_doc
        from tutor.grading.authored import Mistake
        from tutor.grading.check import check
        from tutor.grading.document import verdict_data, verdict_doc

        lists = {"weights": numbers(weights, "weights", float), "given": numbers(cells, "given", int), "options": choices}
        verdict = check(answer, **asked(**given, **lists, mistakes=tuple(Mistake(*one) for one in expected_mistakes)))
        if target.format == "json":
            target.text(json.dumps(verdict_data(verdict, answer), ensure_ascii=False, indent=2))
        elif verdict.fault is not None and target.streams:
            raise free_of_charge(verdict.fault)
        else:
            show_doc(verdict_doc(verdict), target)
        return STATUS[verdict.outcome]

    guarded(work, target)
