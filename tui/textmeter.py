"""`textmeter`, as a command and by `python -m textmeter`.

This file stands alone at the top of what is installed (see pyproject.toml), beside `tui`, `store` and
`assets`. Those are names that others use too: a project on PYTHONPATH or in the current folder may have a
`store` of its own, so ours have to be found first.
"""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Runs the command line of this process; its exit code."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib takes longer than all this
    # An editable installation has this file as a copy, and its packages elsewhere on the path.
    for folder in (here, *sys.path):
        if os.path.isfile(os.path.join(folder, "tui", "commands", "entry.py")):  # noqa: PTH113, PTH118
            sys.path.insert(0, folder)
            break
    from tui import commands

    return commands.main()


if __name__ == "__main__":
    sys.exit(main())
