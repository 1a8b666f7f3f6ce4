"""The command line, one file a noun: plain text for people, or one JSON value with `--json`."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `textmeter`. arguments: those of the process where left out.

    The exit code: 0 done, 1 failed, 2 wrong usage, 3 not enough credits, 4 refused by a rule, 5 declined
    payment, 130 stopped by Ctrl-C.
    """
    try:
        from tui.commands.entry import run

        return run(arguments)
    except KeyboardInterrupt:  # while modules are imported, or while we were saying goodbye
        return 130
