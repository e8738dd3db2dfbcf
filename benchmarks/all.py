"""The benchmarks of one explanation, one check and the start, as one table: `python benchmarks/all.py [FOLDER OF corpora]`."""

from __future__ import annotations

import sys
from datetime import date

import backprop
import checks
import corpus
import growth
import process
import startup
import topics
import warm
from measure import machine, show


def main() -> None:
    print(f"{machine()}; {date.today().isoformat()}\n")
    arguments = sys.argv[1:]
    show([*startup.rows(), *process.rows(), *warm.rows(arguments), *checks.rows(arguments), *growth.rows(), *backprop.rows(), *topics.rows(), *corpus.rows(arguments)])


if __name__ == "__main__":
    main()
