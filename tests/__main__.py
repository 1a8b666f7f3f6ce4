"""The one test command: `python3 -m tests`. It needs Python 3.11 and pip, and sets up all else by itself.

Without arguments every check runs, also after one has failed, and the exit code is 1 if any did. Arguments
go to pytest, which then runs alone: `python3 -m tests -k compose`, `python3 -m tests -m slow`.

The environment is made in `.venv-test`, or where TEXTMETER_TEST_ENVIRONMENT says, and made anew when what it
should hold has changed. Packages come from wherever pip is configured to take them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
CONSTRAINTS = CHECKOUT / "tests" / "constraints.txt"

CHECKS = {
    "ruff check": ["ruff", "check", "--quiet"],
    "ruff format": ["ruff", "format", "--check", "--quiet"],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
}
PYTEST = ["pytest", "--numprocesses=auto"]
COVERAGE = ["--cov", "--cov-report="]

FOREIGN = ("PYTHON", "TEXTUAL", "TEXTMETER", "COVERAGE", "PYTEST", "NO_COLOR", "FORCE_COLOR")
"""Variables, by their beginnings, that would change what is tested."""


def main(arguments: list[str]) -> int:
    os.chdir(CHECKOUT)
    environment = Path(os.environ.get("TEXTMETER_TEST_ENVIRONMENT") or CHECKOUT / ".venv-test")
    variables = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    variables["PATH"] = f"{programs}{os.pathsep}{variables['PATH']}"
    variables["COVERAGE_FILE"] = str(environment / "coverage")
    if not prepare(environment, variables):
        return 1
    if arguments:
        return run([*PYTEST, *arguments], variables)
    failed = [name for name, command in CHECKS.items() if not passes(name, command, variables)]
    if run([*PYTEST, *COVERAGE], variables):
        failed.append("pytest")
    if failed:
        print("Failed:", ", ".join(failed))
    return 1 if failed else 0


def prepare(environment: Path, variables: dict[str, str]) -> bool:
    """Makes the environment where it is missing or out of date; says whether it is there."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    contents = f"{sys.version} {project} {CONSTRAINTS.read_text(encoding='utf-8')}"
    wanted = hashlib.sha256(contents.encode()).hexdigest()
    stamp = environment / "holds"
    if stamp.is_file() and stamp.read_text() == wanted:
        return True
    shutil.rmtree(environment, ignore_errors=True)
    # By this Python's pip: where Python comes without `ensurepip`, a new environment can't have its own.
    venv.create(environment, symlinks=os.name != "nt")
    install = ["-m", "pip", "--python", str(environment), "install", "-qq", "--no-input"]
    started = time.monotonic()
    if run([sys.executable, *install, "--constraint", str(CONSTRAINTS), "--editable", ".[test]"], variables):
        print("The test environment could not be set up; pip says above why.")
        return False
    stamp.write_text(wanted)
    print(f"{'environment':<14} ready    {time.monotonic() - started:5.1f} s", flush=True)
    return True


def passes(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Runs one check and prints its result, and what it says only where it fails."""
    started = time.monotonic()
    done = subprocess.run(
        [programme(command[0], variables), *command[1:]],
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


def run(command: list[str], variables: dict[str, str]) -> int:
    """Runs a command with its output where ours goes; its exit code."""
    return subprocess.run(
        [programme(command[0], variables), *command[1:]], env=variables, stdin=subprocess.DEVNULL
    ).returncode


def programme(name: str, variables: dict[str, str]) -> str:
    """A command's path in the test environment."""
    return shutil.which(name, path=variables["PATH"]) or name


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python should hear it from us
        sys.exit(
            "Textmeter needs Python 3.11 or newer; run this with that one, for example python3.11 -m tests"
        )
    sys.exit(main(sys.argv[1:]))
