"""The one test command: `python3 -m tests`. It needs Python 3.11 and pip, and sets up all else by itself.

Without arguments every check runs, one after another beside the tests, also after one has failed, and the
exit code is 1 if any did. Arguments go to pytest, which then runs alone: `python3 -m tests -k compose`, or
`--hypothesis-profile=thorough` for long. `--cov` measures coverage, which has to be 95 %: not in every run,
since Python 3.11 takes three quarters longer for it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests import environment

CHECKS = {
    "ruff check": ["ruff", "check", "--quiet"],
    "ruff format": ["ruff", "format", "--check", "--quiet"],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
}
# Who is done takes over half of what another has left, which ends a run earlier than equal shares do.
PYTEST = ["pytest", "--numprocesses=auto", "--dist=worksteal"]


def main(arguments: list[str]) -> int:
    variables = environment.variables()
    if not environment.prepare(variables):
        return 1
    if environment.browser() is None:
        print(f"Without a browser, what is tested in one is skipped: {environment.NO_BROWSER}")
    if arguments:
        return environment.run([*PYTEST, *arguments], variables)
    with ThreadPoolExecutor(1) as beside:
        checked = [(name, beside.submit(check, command, variables)) for name, command in CHECKS.items()]
        failed = ["pytest"] if environment.run(PYTEST, variables) else []
        failed += [name for name, done in checked if not passed(name, *done.result())]
    if failed:
        print("Failed:", ", ".join(failed))
    return 1 if failed else 0


def check(command: list[str], variables: dict[str, str]) -> tuple[subprocess.CompletedProcess[str], float]:
    """Runs one check: how it ended, with what it says, and how many seconds it took."""
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
    return done, time.monotonic() - started


def passed(name: str, done: subprocess.CompletedProcess[str], seconds: float) -> bool:
    """Prints a check's result, and what it says only where it failed; whether it passed."""
    print(f"{name:<14} {'FAILED' if done.returncode else 'passed'}   {seconds:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return not done.returncode


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python should hear it from us
        sys.exit("Textmeter needs Python 3.11 or newer: run this with that one, as in python3.11 -m tests")
    sys.exit(main(sys.argv[1:]))
