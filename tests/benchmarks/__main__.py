"""All benchmarks by one command: `python3 -m tests.benchmarks`, or only some: `... segments keys`.

Each module has `figures()`, which fetches the peers and measures Textmeter and them in turn within one run.
The exit code is 1 where a bound isn't kept.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from tests import environment

MODULES = (
    *("segments", "keys", "crowd", "searching", "buying", "plans", "startup", "blast", "history", "ledger"),
    *("imports", "carrying", "campaign", "timeline", "switching", "serving"),
)


def main(modules: list[str]) -> int:
    if unknown := set(modules) - set(MODULES):
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(MODULES)}.", file=sys.stderr)
        return 2
    if not environment.is_active():
        variables = environment.variables()
        if not environment.prepare(variables):
            return 1
        return environment.run(["python", "-m", "tests.benchmarks", *modules], variables)
    from tests.benchmarks.report import print_table

    os.chdir(environment.CHECKOUT)
    figures = []
    for name in modules or MODULES:
        print(f"Measuring {name}...", file=sys.stderr, flush=True)
        figures += import_module(f"tests.benchmarks.{name}").figures()
    print_table(figures)
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
