"""`tutor matrix`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


def _letters(name: str, what: str) -> options.Decorator:
    return click.option(f"--{name}", metavar="LETTERS", callback=options.names, help=f"Letters that are {what}, separated by commas.")


@click.command("matrix", cls=options.Command)
@options.expression
@click.option("--wrt", metavar="LETTER", help="The letter that moves.")
@_letters("vectors", "vectors")
@_letters("matrices", "matrices")
@_letters("scalars", "numbers")
@_letters("symmetric", "symmetric matrices")
@click.option("--check-size", metavar="N", type=int, default=2, show_default=True, help="The size for which everything is written out and proved.")
@options.level
@options.output
def command(
    expression: str, wrt: str | None, vectors: tuple[str, ...], matrices: tuple[str, ...], scalars: tuple[str, ...], symmetric: tuple[str, ...],
    check_size: int, level: str, format: str | None, plain: bool, file: str | None,
) -> None:  # fmt: skip
    """The gradient of an expression of vectors and matrices, in matrix form and in index form.

    EXPRESSION is text such as "norm(A x - b)^2", "x^T A x", "norm(X w - y)^2 + lambda*norm_1(w)", "trace(A^T X)",
    "softmax(z)" or "crossentropy(y, softmax(W x + b))"; - reads it from standard input. Capitals are matrices, small
    Latin letters vectors, Greek letters numbers, unless they are declared.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.matrices import matrix_gradient
        from tutor.cli.show import show

        result = matrix_gradient(
            expression, wrt or None, vectors=vectors, matrices=matrices, scalars=scalars, symmetric=symmetric, check_size=check_size,
        )  # fmt: skip
        return show(explained(result, result.reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
