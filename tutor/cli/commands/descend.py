"""`tutor descend`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from tutor.cli import options
from tutor.cli.grouped import GroupedCommand, under
from tutor.cli.output import Target, guarded
from tutor.render import FORMAT_NAMES

if TYPE_CHECKING:
    from tutor.cli.descending import Request, Run

FORMATS = (*FORMAT_NAMES, "csv")

_data, _where, _step, _change, _several, _also = map(
    under, ("Data instead of a function", "Where and how far", "The method", "What happens to the gradient and the point", "Comparing", "Also")
)
_METHODS = "gd, momentum, nesterov, adagrad, rmsprop, adam or newton"


def _typed(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    return None if value is None else options.typed(ctx, parameter, value)


@click.command("descend", cls=GroupedCommand)
@click.argument("expression", required=False, callback=_typed, metavar="[FUNCTION]")
@_data("--data", metavar="FILE", help="A CSV file with named columns, or a data set of the tutor: houses, coffee, battery.")
@_data("--model", metavar="FORMULA", help='What is predicted, in columns and parameters: "w*size + b".')
@_data("--target", metavar="COLUMN", help="The column to predict.")
@_data("--loss", metavar="NAME", help="mse, mae, huber, logistic or cross-entropy.  [default: mse]")
@_data("--delta", metavar="NUMBER", help="huber: where the square turns into a line.  [default: 1]")
@_data("--batch", type=int, metavar="ROWS", help="Each step sees so many rows (1: stochastic descent).")
@_data("--rgd", metavar="TAU", help="Re-weighted descent: rows count more, the larger their loss, up to the cap TAU.")
@_where("--start", metavar="POINT", help="Where it begins: x=4,y=3.")
@_where("--starts", type=int, metavar="N", help="Many starts instead, and the valley that each falls into.")
@_where("--within", metavar="BOX", help='Where the many starts lie: -3,3 or "x=(-2,2),y=(0,1)".  [default: -3,3]')
@_where("--seed", type=int, metavar="N", help="Chooses starts, batches and blanks.  [default: 0]")
@_where("--steps", type=int, metavar="N", help="How many steps.  [default: 20; with --compare 50, with --starts 500]")
@_where("--tolerance", type=float, metavar="LENGTH", help="Stop where the gradient is no longer than this.")
@_step("--method", metavar="NAME", help=f"{_METHODS}.  [default: gd]")
@_step("--rate", metavar="NUMBER", help="The learning rate.  [default: one that the curvature at the start bears]")
@_step("--schedule", metavar="NAME", help="How the rate changes: constant, step, exponential, cosine, warmup; numbers as in step(0.5, 10).")
@_step("--set", "settings", metavar="NAME=NUMBER", multiple=True, help="A setting of the method, such as mu=0.95; may be repeated.")
@_step("--convention", metavar="LIBRARY", help="Whose rules: torch or optax.  [default: torch]")
@_change("--clip-norm", metavar="LENGTH", help="Shorten a gradient that is longer than this.")
@_change("--clip-value", metavar="NUMBER", help="Cut each slope off at this size.")
@_change("--weight-decay", metavar="NUMBER", help="Pull the point towards zero at each step.")
@_change("--l1", metavar="NUMBER", help="Add so many times the sum of sizes to the function.")
@_change("--l2", metavar="NUMBER", help="Add so many times the sum of squares to the function.")
@_change("--project", metavar="REGION", help='Keep the point in "box(0,1)", "l1(1)", "l2(1)", "linf(1)", "simplex" or "halfspace((1,2),3)".')
@_change("--mirror", is_flag=True, help="Multiply instead of subtract (exponentiated gradient).")
@_several("--compare", metavar="NAMES", callback=options.names, help="A race of methods: gd,momentum,adam.")
@_several("--compare-rates", metavar="NUMBERS", callback=options.names, help="The same method with several rates: 1,0.1,0.001.")
@_also("--exact", is_flag=True, help="Exact fractions beside the decimals.")
@_also("--plot", metavar="FILE", type=click.Path(dir_okay=False, writable=True), help="A picture: path.svg, .png, .pdf, or .html with a slider.")
@_also("--blanks", type=int, metavar="N", help="The table as an exercise with so many blanks.")
@_also("--solution", is_flag=True, help="The exercise filled in.")
@options.level
@options.output_in(FORMATS)
def command(plot: str | None, level: str, format: str | None, plain: bool, file: str | None, **given: Any) -> None:
    """Gradient descent and its relatives, number by number, and what happens to it.

    \b
      tutor descend "x^2 - 4x + 5" --start x=0 --rate 0.1
      tutor descend "x^2 + 2y^2" --start x=4,y=3 --rate 0.1 --plot path.svg
      tutor descend "x^2" --start x=10 --compare-rates 1,0.1,0.001
      tutor descend "x^2 + 20y^2" --start x=4,y=3 --compare gd,adam,newton
      tutor descend "x^4 - 3x^2 + x" --starts 20 --seed 1
      tutor descend --data houses --model "w*size" --target price --start w=0

    FUNCTION is what is to be made small; - reads it from standard input. Ctrl-C ends a long run and shows what was computed.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.cli.descending import Request, run
        from tutor.cli.progress import Progress

        request = Request(**given)
        _check_output(request, target, plot)
        with Progress() as progress:
            done = run(request, progress)
        status = _shown(done, request, target, level)
        if plot is not None:
            _draw(done, plot)
        return 130 if done.interrupted else status

    guarded(work, target)


def _check_output(request: Request, target: Target, plot: str | None) -> None:
    """What can be refused before the work is refused before it."""
    from tutor.errors import RequestError

    if request.blanks is not None and target.format == "csv":
        raise RequestError("format", "an exercise with blanks has no CSV", advice="Choose another format, such as json.")
    if plot is not None:
        from tutor.render.figures import check_picture

        check_picture(plot)
        folder = os.path.dirname(plot) or "."
        if not os.path.isdir(folder):
            raise RequestError("plot", f"there is no folder {folder!r} for the picture", advice="Make it, or name another.")


def _shown(done: Run, request: Request, target: Target, level: str) -> int:
    """Write the run in the format that was asked for."""
    if target.format == "csv":
        from tutor.render.records import csv_of

        target.pieces(csv_of(done.result))
        return 0
    if request.blanks is not None:
        return _exercise(done, request, target, level)
    from tutor.api import explained
    from tutor.cli.show import show

    status = show(explained(done.result, done.reading, level=level), target)  # type: ignore[arg-type]
    if target.format == "terminal" and level != "brief":
        _sketch(done, target)
    return status


def _exercise(done: Run, request: Request, target: Target, level: str) -> int:
    from tutor.cli.descending import traces_of
    from tutor.cli.show import show_doc
    from tutor.descent.blanks import exercise_of
    from tutor.exposition.blanks import exercise_data, exercise_doc

    assert request.blanks is not None
    exercise = exercise_of(traces_of(done.result)[0], request.blanks, request.seed or 0)
    if target.format == "json":
        import json

        from tutor.api import explained

        data = explained(done.result, done.reading, level=level).data()  # type: ignore[arg-type]
        target.text(json.dumps({**data, "exercise": exercise_data(exercise)}, ensure_ascii=False, indent=2))
    else:
        show_doc(exercise_doc(exercise, done.reading.form, solution=request.solution), target)
    return 0


def _sketch(done: Run, target: Target) -> None:
    """A small picture below the text."""
    from tutor.errors import RequestError
    from tutor.exposition.figures import figure_of
    from tutor.render.figures import terminal_figure

    try:
        lines = terminal_figure(figure_of(done.drawn), min(target.width, 80) - 2)
    except RequestError:  # a picture that cannot be drawn is no loss here: nobody asked for it
        return
    target.lines([(), *(((f"  {line}", "note"),) for line in lines)])


def _draw(done: Run, path: str) -> None:
    """The picture, and where it is."""
    from tutor.exposition.figures import figure_of
    from tutor.render.figures import write_figure

    write_figure(figure_of(done.drawn), path)
    click.echo(f"The picture is in {path}.", err=True)
