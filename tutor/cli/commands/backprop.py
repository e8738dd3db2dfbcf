"""`tutor backprop`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


def _typed(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    return None if value is None else options.typed(ctx, parameter, value)


@click.command("backprop", cls=options.Command)
@click.argument("expression", required=False, callback=_typed, metavar="[EXPRESSION]")
@click.option("--preset", metavar="NAME", help="A model instead of an expression: neuron, network, softmax or chain.")
@click.option("--inputs", type=int, help="neuron, network, softmax: how many inputs.")
@click.option("--hidden", type=int, help="network: how many hidden units.")
@click.option("--classes", type=int, help="softmax: how many classes.")
@click.option("--layers", type=int, help="chain: how many layers.")
@click.option("--weight", metavar="NUMBER", help="chain: the weight of every layer.")
@click.option("--activation", metavar="NAME", help="neuron, network, chain: sigmoid, tanh, relu, softplus or identity.")
@options.at
@click.option(
    "--wrt", metavar="LETTERS", callback=options.names, help="The letters to train, separated by commas (all; of a model its weights)."
)
@click.option("--rate", metavar="NUMBER", default="0.1", show_default=True, help="The learning rate of the step.")
@click.option("--diagram", metavar="FILE", type=click.Path(dir_okay=False, writable=True), help="Draw the graph into an SVG file.")
@options.level
@options.output
def command(
    expression: str | None, preset: str | None, inputs: int | None, hidden: int | None, classes: int | None, layers: int | None,
    weight: str | None, activation: str | None, at: str | None, wrt: tuple[str, ...], rate: str, diagram: str | None, level: str,
    format: str | None, plain: bool, file: str | None,
) -> None:  # fmt: skip
    """Forward pass, backward pass and one step of descent, on the computation graph.

    EXPRESSION is a loss or any other function, with a value for every letter: --at x=1,y=0,w=0.5. Or --preset
    builds a model with numbers of its own; --at changes some of them.
    """
    target = Target(format, plain, file)
    sizes = {"inputs": inputs, "hidden": hidden, "classes": classes, "layers": layers}

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.graph.backprop import backprop
        from tutor.calculus.graph.presets import model
        from tutor.cli.show import show
        from tutor.errors import RequestError
        from tutor.form.reading import Reading, understand

        both = 'tutor backprop "(y - w*x)^2" --at x=1,y=0,w=2, or tutor backprop --preset neuron'
        if preset is None:
            lost = next((name for name, value in {**sizes, "weight": weight, "activation": activation}.items() if value is not None), None)
            if lost is not None:
                raise RequestError("preset", f"--{lost} belongs to a model, and no --preset is given", advice="Name one: --preset neuron, network, softmax or chain.")
            if expression is None:
                raise RequestError("expression", "there is neither an expression nor a preset", advice=f"Give one of them: {both}.")
            reading = understand(expression, variables=wrt)
            result = backprop(reading.form, at, wrt, rate)
        else:
            if expression is not None:
                raise RequestError("preset", "an expression and --preset are given, and only one of them can be meant", advice=f"Leave one out: {both}.")
            made = model(preset, activation=activation, weight=weight, **sizes)
            result = backprop(made, at, wrt, rate)
            reading = Reading(made.text, made.form, (), frozenset(), frozenset())
        if diagram is not None:
            from tutor.render.diagram import diagram as drawn

            with open(diagram, "w", encoding="utf-8") as out:
                out.write(drawn(result))
        return show(explained(result, reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
