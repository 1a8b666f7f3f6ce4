"""The one test command: `python3 -m tests`. It needs Python 3.11 and pip, and sets up all else by itself.

Without arguments every check runs, also after one has failed, and the exit code is 1 if any did. Arguments go
to pytest, which then runs alone: `python3 -m tests -k compose`, or `--hypothesis-profile=thorough` for long.
"""

from __future__ import annotations

import subprocess
import sys
import time

from tests import environment

CHECKS = {
    "ruff check": ["ruff", "check", "--quiet"],
    "ruff format": ["ruff", "format", "--check", "--quiet"],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
}
PYTEST = ["pytest", "--numprocesses=auto"]
COVERAGE = ["--cov", "--cov-report="]


def main(arguments: list[str]) -> int:
    variables = environment.variables()
    if not environment.prepare(variables):
        return 1
    if environment.browser() is None:
        print(f"Without a browser, what is tested in one is skipped: {environment.NO_BROWSER}")
    if arguments:
        return environment.run([*PYTEST, *arguments], variables)
    failed = [name for name, command in CHECKS.items() if not passes(name, command, variables)]
    if environment.run([*PYTEST, *COVERAGE], variables):
        failed.append("pytest")
    if failed:
        print("Failed:", ", ".join(failed))
    return 1 if failed else 0


def passes(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Runs one check and prints its result, and what it says only where it fails."""
    started = time.monotonic()
    done = subprocess.run(
        [environment.program(command[0], variables), *command[1:]],
        cwd=environment.CHECKOUT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = done.returncode == 0
    print(f"{name:<14} {'passed' if passed else 'FAILED'}   {time.monotonic() - started:5.1f} s", flush=True)
    if not passed:
        print(done.stdout, flush=True)
    return passed


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python should hear it from us
        sys.exit("Textmeter needs Python 3.11 or newer: run this with that one, as in python3.11 -m tests")
    sys.exit(main(sys.argv[1:]))
