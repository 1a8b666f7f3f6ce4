"""Runs the tests beside processes that are always busy, as on a machine that has much else to do: whatever
waits for a condition, and for no time, passes there too.

`python3 -m tests.beside` starts eight of them, `python3 -m tests.beside 4 -k compose` four; all else goes to
pytest. Three to six times as long as alone.
"""

from __future__ import annotations

import subprocess
import sys

from tests.__main__ import main as run_tests

BUSY = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"
"""Ends when it has no parent any more, so that none is left by a run that was killed."""


def main(arguments: list[str]) -> int:
    """The exit code of pytest."""
    count = int(arguments.pop(0)) if arguments and arguments[0].isdecimal() else 8
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        code = run_tests(arguments or ["tests"])
    finally:
        for process in busy:
            process.kill()
            process.wait()
    print(f"Beside {count} busy processes the tests ended with exit code {code}.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
