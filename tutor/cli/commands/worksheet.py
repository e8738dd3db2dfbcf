"""`tutor worksheet`."""

from __future__ import annotations

import sys
from typing import Any

import click

from tutor.cli.grouped import GroupedCommand, under
from tutor.cli.output import Target, guarded
from tutor.render.sheets import FORMATS

_what, _page, _copies, _files = map(under, ("What is asked", "How it looks", "Copies", "Files"))


@click.command("worksheet", cls=GroupedCommand)
@click.argument("plan", required=False, metavar="[PLAN|ID]")
@_what("--topic", "topics", metavar="NAMES", help="Skills, folders or single exercises, separated by commas: chain-rule,partials.")
@_what("--count", metavar="N", help="How many problems.  [default: 10]")
@_what("--difficulty", metavar="RANGE", help="1, 2, 3, or a range such as 1-2.  [default: 1-3]")
@_what("--seed", metavar="N", help="Another number gives other problems; the same one the same.  [default: 0]")
@_what("--exercises", metavar="FOLDER", multiple=True, help="A folder with exercises of your own, which come first.")
@_page("--title", metavar="TEXT", help="The heading.  [default: the topics]")
@_page("--instructions", metavar="TEXT", help="A sentence below the heading.")
@_page("--points", metavar="N", help="Points for each question.  [default: none]")
@_page("--space", metavar="KIND", help="Room for answers: lines, grid or none.  [default: lines]")
@_page("--room", metavar="N", help="Lines for each answer.  [default: by difficulty]")
@_page("--columns", metavar="N", help="1, 2 or 3.  [default: 1]")
@_page("--paper", metavar="SIZE", help="a4, a5, a3, letter or legal.  [default: a4]")
@_page("--large", is_flag=True, help="Large print.")
@_copies("--variants", metavar="N", help="So many copies, each with other numbers.")
@_copies("--names", metavar="FILE", help="A class list (CSV): a copy for each student, always the same one.")
@_files("--pdf", metavar="FILE", multiple=True, help="Write the sheet as PDF.")
@_files("--output", "-o", "others", metavar="FILE", multiple=True, help="Write the sheet; the ending says how: .pdf .html .tex .md .txt .typ")
@_files("--key", "keys", metavar="FILE", multiple=True, help="Write the answer key; the ending says how.")
@_files("--results", is_flag=True, help="The key has results only.  [default: full solutions]")
@_files("--out", metavar="FOLDER", help="Write each copy, and its key, to a file of its own in this folder.")
@_files("--format", "-f", "format", type=click.Choice(FORMATS), help="On the screen: terminal or plain. In a folder: pdf.")
@_files("--force", is_flag=True, help="Overwrite files that are there already.")
def command(plan: str | None, format: str | None, **options: Any) -> None:
    """Problems on a sheet to print, with an answer key: PDF, HTML, LaTeX, Markdown or text.

    PLAN is a YAML file with the same words as these options, which come before what it says. ID is what stands in a sheet's footer: it gives
    the same problems and the same key again. Without a file to write to, the sheet is shown.

    \b
    tutor worksheet --topic chain-rule,partials --pdf sheet.pdf --key key.pdf
    tutor worksheet plan.yaml --variants 30 --names class.csv --out sheets/
    """
    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    target = Target("plain" if format in (None, "pdf", "typst", "terminal") and not at_terminal else None, False, None)

    def work() -> int:
        from tutor.cli.printing import Request, run

        return run(Request(plan=plan, format=format, **options), target)

    guarded(work, target)
