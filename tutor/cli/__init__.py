"""The command `tutor`. Each command is a file in `tutor.cli.commands`, imported when it is called.

Exit status: 0 done, or the answer is right; 1 the audit contradicts a line, or the answer is not right; 2 the text or the
request could not be understood, or the output not be written; 3 a fault in the tutor; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from tutor import __version__

COMMANDS = {
    "explain": "a derivative, worked out step by step",
    "gradient": "all partial derivatives, the vector, its length and direction",
    "hessian": "all second derivatives, the eigenvalues and what they mean",
    "jacobian": "the partial derivatives of several functions, as a matrix",
    "directional": "the slope in a direction",
    "tangent": "tangent line or plane, and how far off it is after a step",
    "critical": "stationary points, found and classified",
    "newton": "one step of Newton's method",
    "implicit": "the slope of a curve that is given by an equation",
    "inverse": "the derivative of the inverse function",
    "parametric": "slope and bend of a curve that is given by a parameter",
    "limit": "the derivative from its definition as a limit",
    "backprop": "forward and backward pass on the graph, one step of descent",
    "matrix": "the gradient of an expression of vectors and matrices",
    "descend": "gradient descent and its relatives, number by number",
    "exercises": "what there is to practise; check, write and preview families of problems",
    "problem": "one problem with its numbers, its key and its worked solution",
    "worksheet": "problems to print, with an answer key, for one or for a class",
    "quiz": "practice: one question at a time, chosen for you; and exams",
    "progress": "what is known, what is due; export, import, delete",
    "check": "an answer: right or not, how that is known, which mistake was made",
    "grade": "a file of answers, with a key: results, mistakes and a report",
    "autograde": "the checker inside Gradescope, nbgrader and other systems",
    "serve": "the checker over HTTP, for other programs",
    "check-working": "a working line by line: the first line that does not follow",
    "hint": "one hint at a time towards a derivative",
    "read": "how a text was understood, and what else it could mean",
}
"""The table of contents: a command's name and its one line. The command itself lives in a module of that name (check_working)."""

START = """\
tutor: derivatives and gradients, worked out like on a board, every line proved.

  tutor explain "sin(x^2)"                         a derivative, step by step
  tutor explain "x^2*y^3" --wrt y                  a partial derivative
  tutor gradient "100 - x^2 - 2y^2" --at x=3,y=1   a gradient at a point
  tutor critical "x^3 - 3x"                        stationary points, classified
  tutor tangent "x^3 - x" --at x=2                 tangent, and the true change
  tutor implicit "x^2 + y^2 = 25" --at x=3,y=4     the slope of a curve
  tutor limit "x^2" --at x=3                       from the definition
  tutor backprop --preset neuron                   forward, backward, one step
  tutor matrix "norm(A x - b)^2" --wrt x           the gradient by a vector
  tutor descend "x^2" --start x=10 --rate 0.1      descent, number by number
  tutor check "x^2" --derivative-of "x^2"          right, or what went wrong
  tutor hint "x^2 sin(3x)"                         a hint, not the answer
  tutor quiz                                       practice, chosen for you
  tutor problem kitchen/cookies --solution         a problem, worked out
  tutor worksheet --topic chain-rule --pdf s.pdf   a sheet to print
  tutor read "1/2x"                                how a text was understood

  also: check-working, hessian, jacobian, directional, newton, inverse,
        parametric, exercises, progress, grade, autograde, serve
  tutor --help    all commands        tutor explain --help    all options
"""


class Contents(click.Group):
    """A group that knows its commands by name and imports each when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"tutor.cli.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, 1)
            hint = f"Did you mean tutor {close[0]}?" if close else f'To explain an expression: tutor explain "{args[0]}"'
            raise click.UsageError(f"There is no command {args[0]!r}. {hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Contents, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
    epilog="Exit status: 0 done or right, 1 the audit contradicts a line or an answer is not right, 2 text or request not understood, or output "
    "not written, 3 a fault in the tutor. Shell completion: _TUTOR_COMPLETE=bash_source tutor (or zsh_source, fish_source).",
)  # fmt: skip
@click.version_option(__version__, prog_name="tutor", message="%(prog)s %(version)s")
@click.pass_context
def group(ctx: click.Context) -> None:
    """Derivatives and gradients, worked out like on a board, every line proved."""
    if ctx.invoked_subcommand is None:
        click.echo(START, nl=False)


def main() -> None:
    """Run the command line; what a person typed never ends in a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = group.main(prog_name="tutor", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = 130
    sys.exit(status)


def run() -> None:
    """`main` as the process of its own that the command `tutor` is: it ends without taking apart what it imported.

    SymPy makes hundreds of thousands of objects that live as long as the process. Looking for garbage among
    them, and freeing them one by one at the end, takes as long as eight bare interpreters.
    """
    gc.set_threshold(200_000, 20, 20)
    status: object = 0
    try:
        main()
    except SystemExit as end:
        status = end.code
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # whoever read has gone away: nothing is left to be said
        pass
    os._exit(status if isinstance(status, int) else int(status is not None))
