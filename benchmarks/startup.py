"""What it costs to start: `import tutor` and `tutor --help`, beside bare Python, click and SymPy."""

from __future__ import annotations

from measure import Row, process, ratio, rounds, show

ROUNDS = 15
_HELP = "import sys; sys.argv = ['tutor', '--help']; from tutor.cli import main; main()"
"""What the installed command `tutor --help` runs."""


def rows() -> list[Row]:
    """The table's lines."""
    times = rounds(
        {
            "bare": process("-c", "pass"),
            "tutor": process("-c", "import tutor"),
            "click": process("-c", "import click"),
            "help": process("-c", _HELP),
            "sympy": process("-c", "import sympy"),
        },
        ROUNDS,
    )
    return [
        ratio("`import tutor` / bare Python", times["tutor"], times["bare"], "≤ 1.5"),
        ratio("`tutor --help` / a script that imports click", times["help"], times["click"], "≤ 1.2"),
        ratio("a script that imports click / bare Python", times["click"], times["bare"]),
        ratio("`import sympy` / bare Python", times["sympy"], times["bare"]),
    ]


if __name__ == "__main__":
    show(rows())
