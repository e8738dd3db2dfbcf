"""`tutor serve`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("serve", cls=options.Command)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen; anything but loopback can be reached by others.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any that is free.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that answer.  [default: one a core]")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), help="What one request may take.  [default: 10]")
@click.option("--no-solutions", is_flag=True, help="Nobody is given the answers of an exercise, whatever is asked for.")
def command(host: str, port: int, workers: int | None, seconds: float | None, no_solutions: bool) -> None:
    """The checker over HTTP: /check, /explain, /problem, /health, described at /openapi.json.

    The replies are those of --format json. A request that takes too long is stopped and refused; the others go on. Each request is a line of JSON on
    standard error, without what was asked. There is no authentication: docs/serve.md says how to put it behind a proxy, docs/security.md what is bounded.

    Exit status: 0 ended by SIGTERM, 2 it cannot listen, 130 ended by Ctrl-C.
    """

    def work() -> int:
        from dataclasses import replace

        from tutor.cli.shelves import cores
        from tutor.errors import RequestError

        try:
            from tutor.service.limits import LIMITS
            from tutor.service.run import serve
        except ModuleNotFoundError as error:
            if (error.name or "tutor").partition(".")[0] == "tutor":
                raise
            raise RequestError("serve", f"serving needs the package {error.name}", advice='pip install "calculus-tutor[serve]"') from error
        limits = LIMITS if seconds is None else replace(LIMITS, seconds=seconds)
        serve(host, port, workers or cores(), limits, ready=lambda url: click.echo(f"Serving at {url} (Ctrl-C ends)."), solutions=not no_solutions)
        return 0

    guarded(work, Target("plain", False, None))
