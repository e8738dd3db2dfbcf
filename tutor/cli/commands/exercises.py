"""`tutor exercises`: what there is, and the tools for those who write families."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded

_OWN = click.option("--exercises", "own", multiple=True, metavar="FOLDER", help="A folder of your own families, which come first; may be repeated.")


class Tools(click.Group):
    """A group whose own options come before the name of a tool, and which lists without one."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"There is no tool {args[0]!r}. Tools: {', '.join(self.commands)}. A problem: tutor problem {args[0]}", ctx) from error


@click.group("exercises", cls=Tools, invoke_without_command=True)
@click.option("--topic", metavar="LIST", callback=options.names, help="Only these, separated by commas: skills such as chain-rule, or folders.")
@click.option("--difficulty", metavar="FROM-TO", help="1, 2, 3, or a range such as 1-2.")
@_OWN
@options.output
@click.pass_context
def command(ctx: click.Context, topic: tuple[str, ...], difficulty: str | None, own: tuple[str, ...], format: str | None, plain: bool, file: str | None) -> None:
    """What there is to practise, by topic and difficulty; with a tool's name, check, write or preview families."""
    if ctx.invoked_subcommand is not None:
        return
    target = Target(format, plain, file)

    def work() -> int:
        import json

        from tutor.cli.shelves import all_families
        from tutor.cli.show import show_doc
        from tutor.problems.shelf import chosen, listing, listing_data
        from tutor.render.faults import fault_lines

        families, faults = all_families(own)
        some = chosen(families, topic, _levels(difficulty))
        if target.format == "json":
            target.text(json.dumps(listing_data(some, faults), ensure_ascii=False, indent=2))
        else:
            show_doc(listing(some), target)
            for fault in faults:
                click.echo("\n".join(fault_lines(fault, ascii_only=True)), err=True)
        return 2 if faults else 0

    guarded(work, target)


def _levels(text: str | None) -> tuple[int, int]:
    """Least and greatest difficulty. Raises `RequestError`."""
    from tutor.errors import RequestError

    low, dash, high = (text or "1-3").partition("-")
    if not (low in "123" and (high in "123" if dash else True) and low and (high or not dash)):
        raise RequestError("difficulty", f"{text!r} is no difficulty", advice="Give 1, 2, 3, or a range such as 1-2.")
    return int(low), int(high or low)


@command.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Processes.  [default: one a core]")
@click.option("--most", type=click.IntRange(1), default=100_000, show_default=True, help="All variants of families that have up to so many.")
@click.option("--sample", type=click.IntRange(1), default=10_000, show_default=True, help="So many variants of larger families, chosen by a seed.")
@_OWN
@options.output
def check(paths: tuple[str, ...], jobs: int | None, most: int, sample: int, own: tuple[str, ...], format: str | None, plain: bool, file: str | None) -> None:
    """Look at every variant of families: PATH is a file, a folder or an id; without one, all families.

    Exit status: 0 nothing was found, 1 something was, 2 a file cannot be read.
    """
    target = Target(format, plain, file)

    def work() -> int:
        import json
        from time import perf_counter

        from tutor.cli.progress import Progress
        from tutor.cli.shelves import checked, cores, files
        from tutor.cli.show import show_doc
        from tutor.problems.shelf import report_data, report_doc

        start = perf_counter()
        named = files(paths, own)
        with Progress() as progress:
            reports, faults = checked(named, most, min(sample, most), jobs or cores(), progress)
        seconds = perf_counter() - start
        if target.format == "json":
            target.text(json.dumps(report_data(reports, faults, seconds), ensure_ascii=False, indent=2))
        else:
            show_doc(report_doc(reports, faults, seconds), target)
        return 2 if faults else int(not all(one.fine for one in reports))

    guarded(work, target)


@command.command("preview")
@click.argument("name", metavar="FILE")
@click.option("--count", type=click.IntRange(1, 60), default=6, show_default=True, help="How many variants.")
@_OWN
@options.output
def preview(name: str, count: int, own: tuple[str, ...], format: str | None, plain: bool, file: str | None) -> None:
    """Many variants of a family on one page, with their results, chosen to differ: FILE is a file or an id."""
    target = Target(format, plain, file)

    def work() -> int:
        import json

        from tutor.cli.shelves import family_named
        from tutor.cli.show import show_doc
        from tutor.problems.shelf import preview as page
        from tutor.problems.shelf import problem_data, varied

        family = family_named(name, own)
        if target.format == "json":
            target.text(json.dumps({"schema": 1, "family": family.id, "variants": [problem_data(one, True) for one in varied(family, count)]}, ensure_ascii=False, indent=2))
        else:
            show_doc(page(family, count), target)
        return 0

    guarded(work, target)


@command.command("new")
@click.argument("name", metavar="TOPIC/NAME")
@click.option("--into", "folder", type=click.Path(file_okay=False), default="exercises", show_default=True, help="The folder that the file is put into.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def new(name: str, folder: str, force: bool) -> None:
    """Write a commented starting file, which passes the check as it stands."""
    target = Target(None, False, None)

    def work() -> int:
        from pathlib import Path

        from tutor.errors import RequestError
        from tutor.problems.family import read_family
        from tutor.resources import find

        text = find("templates", "stories/new.yaml").read_text(encoding="utf-8")
        plain = name.removesuffix(".yaml")
        read_family(text, plain)
        path = Path(folder) / f"{plain}.yaml"
        if path.exists() and not force:
            raise RequestError("file", f"{path} is there already", advice="Choose another name, or give --force to overwrite it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        target.text(f"{path} is written. Next:\n  tutor exercises check {path}\n  tutor exercises preview {path}")
        return 0

    guarded(work, target)
