"""`tutor autograde`: the checker inside the system that a course grades with."""

from __future__ import annotations

import click

from tutor.cli.output import Target, guarded


@click.group("autograde")
def command() -> None:
    """The checker inside Gradescope, otter-grader, nbgrader, PrairieLearn and others: an example to begin with, and the command that grades.

    \b
    tutor autograde init gradescope FOLDER    write an example, with a README
    tutor autograde run gradescope --key key.yaml    grade one submission

    The answers of a submission are a FILE of lines such as q1: 2x. It is read, never run. A whole class at once: tutor grade.
    """


@command.command("init", short_help="Write a working example for a system.")
@click.argument("system", metavar="SYSTEM")
@click.argument("folder", type=click.Path(file_okay=False), metavar="DIR")
def init(system: str, folder: str) -> None:
    """Write a working example for SYSTEM into DIR: gradescope, otter, nbgrader, prairielearn, github, coursera or codegrade.

    Nothing is overwritten. The README among the files says what to do next.
    """
    target = Target(None, False, None)

    def work() -> int:
        from pathlib import Path

        from tutor.autograde.adapters.start import write_example

        files = write_example(system, Path(folder))
        readme = next((path for path in files if path.name == "README.md"), files[0])
        target.text("\n".join(map(str, files)) + f"\nNext: {readme}")
        return 0

    guarded(work, target)


@command.command("run", short_help="Grade one submission for a system.")
@click.argument("system", metavar="SYSTEM")
@click.option("--key", "key", required=True, type=click.Path(dir_okay=False), metavar="KEY.YAML", help="What is expected of each question, and its points.")
@click.option("--submission", type=click.Path(), metavar="PATH", help="A file of answers, or a folder with answers.txt.  [default: where SYSTEM puts it]")
@click.option("--out", type=click.Path(dir_okay=False), metavar="FILE", help="The result.  [default: where SYSTEM wants it]")
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, help="What one answer may take.")
@click.option("--exercises", "own", multiple=True, metavar="FOLDER", help="A folder of your own exercises, which come first; may be repeated.")
def run(system: str, key: str, submission: str | None, out: str | None, seconds: float, own: tuple[str, ...]) -> None:
    """Grade one submission for SYSTEM (gradescope, prairielearn, coursera, codegrade, junit), and write its result.

    Exit status: 0 a result was written, whatever the points; 2 the key cannot be used or the result not be written.
    """
    target = Target(None, False, None)

    def work() -> int:
        from pathlib import Path

        from tutor.autograde.adapters.run import graded_submission
        from tutor.autograde.adapters.systems import system_named
        from tutor.autograde.isolated import Job
        from tutor.autograde.key import load

        one = system_named(system)
        place = submission if submission is not None else one.submission and str(one.submission)
        if place is None:
            raise click.UsageError(f"{system} has no fixed place for submissions. Name it: --submission answers.txt")
        tasks = graded_submission(Job(load(Path(key), own), seconds), Path(place))
        file = out if out is not None else one.results and str(one.results)
        if file is None:
            target.text(one.write(tasks))
            return 0
        for path, text in ((Path(file), one.write(tasks)), *((Path(file).parent / name, text) for name, text in one.beside(tasks).items())):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0

    guarded(work, target)
