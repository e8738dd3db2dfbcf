"""`tutor problem`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("problem")
@click.argument("name", metavar="NAME")
@click.option("--seed", metavar="TEXT", help="Which numbers: the same seed gives the same problem everywhere.  [default: 0]")
@click.option("--solution", "solved", is_flag=True, help="With the worked solution.")
@click.option("--key", is_flag=True, help="The results alone.")
@click.option("--exercises", "own", multiple=True, metavar="FOLDER", help="A folder of your own families, which come first; may be repeated.")
@options.level
@options.output
def command(name: str, seed: str | None, solved: bool, key: bool, own: tuple[str, ...], level: str, format: str | None, plain: bool, file: str | None) -> None:
    """One problem: the story, the questions, and with --solution how each answer comes about.

    NAME is a family such as business/coffee-profit, a variant such as business/coffee-profit@2r.d3a9fe, or a file.
    The variant's name rebuilds the problem and its key on any machine.
    """
    target = Target(format, plain, file)

    def work() -> int:
        import json
        from dataclasses import replace

        from tutor.cli.shelves import problem_named
        from tutor.cli.show import show_doc
        from tutor.exposition.doc import Paragraph
        from tutor.problems import shelf, solution

        problem = problem_named(name, seed, own)
        if target.format == "json":
            target.text(json.dumps(shelf.problem_data(problem, solved or key), ensure_ascii=False, indent=2))
            return 0
        doc = solution.solution(problem, level) if solved else solution.key(problem) if key else solution.statement(problem)  # type: ignore[arg-type]
        show_doc(replace(doc, blocks=(*doc.blocks, Paragraph((problem.id,), "remark"))), target)
        return int(solved and any(audit.failed for audit in solution.audits(problem)))

    guarded(work, target)
