"""The environment that tests and benchmarks run in, made from nothing but Python and pip.

It lies in `.venv-test`, or where TEXTMETER_TEST_ENVIRONMENT says, and is made anew when what it should hold
has changed. Packages come from wherever pip is configured to take them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
CONSTRAINTS = CHECKOUT / "tests" / "constraints.txt"

FOREIGN = ("PYTHON", "TEXTUAL", "TEXTMETER", "PYTEST_ADDOPTS", "NO_COLOR", "FORCE_COLOR")
"""Variables, by their beginnings, that would change what is tested."""

OTHER_SERVER = "TEXTMETER_TEST_POSTGRESQL"
"""Names the URL of a PostgreSQL server to test on; without it, each run starts its own."""

BROWSER = "TEXTMETER_TEST_BROWSER"
"""Names the path of a Chromium or Chrome to test in; without it, one is looked for on PATH."""

FOLDER = Path(os.environ.get("TEXTMETER_TEST_ENVIRONMENT") or CHECKOUT / ".venv-test").absolute()


def is_active() -> bool:
    """Whether this process already runs in it."""
    return Path(sys.prefix) == FOLDER


SPECS = "TEXTMETER_SPECS"
"""Names the folder of providers' OpenAPI descriptions, which Prism plays."""

NO_BROWSER = f"install chromium (as root: apt-get install chromium), or name a Chrome in {BROWSER}"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str | None:
    """The path of a browser to test in, if there is one."""
    return os.environ.get(BROWSER) or next(filter(None, map(shutil.which, _BROWSERS)), None)


def variables() -> dict[str, str]:
    """The variables for what is started in it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(FOREIGN) or name in (OTHER_SERVER, BROWSER, SPECS)
    }
    programs = FOLDER / ("Scripts" if os.name == "nt" else "bin")
    return kept | {
        "PATH": f"{programs}{os.pathsep}{kept['PATH']}",
        "COVERAGE_FILE": str(FOLDER / "coverage"),
        "TEXTMETER_TEST_ENVIRONMENT": str(FOLDER),
    }


def prepare(variables: dict[str, str]) -> bool:
    """Makes it where it is missing or out of date; says whether it is there."""
    import tomllib  # here, because whoever has an older Python should hear that from `tests.__main__`

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    contents = f"{sys.version} {project} {CONSTRAINTS.read_text(encoding='utf-8')}"
    wanted = hashlib.sha256(contents.encode()).hexdigest()
    stamp = FOLDER / "holds"
    if stamp.is_file() and stamp.read_text() == wanted:
        return True
    shutil.rmtree(FOLDER, ignore_errors=True)
    # By this Python's pip: where Python comes without `ensurepip`, a new environment can't have its own.
    venv.create(FOLDER, symlinks=os.name != "nt")
    install = ["-m", "pip", "--python", str(FOLDER), "install", "-qq", "--no-input"]
    if run([sys.executable, *install, "--constraint", str(CONSTRAINTS), "--editable", ".[test]"], variables):
        print("The test environment could not be set up; pip says above why.", file=sys.stderr)
        return False
    stamp.write_text(wanted)
    return True


def run(command: list[str], variables: dict[str, str]) -> int:
    """Runs a command in the checkout with its output where ours goes; its exit code."""
    return subprocess.run(
        [program(command[0], variables), *command[1:]], cwd=CHECKOUT, env=variables, stdin=subprocess.DEVNULL
    ).returncode


def program(name: str, variables: dict[str, str]) -> str:
    """A command's path in the environment."""
    return shutil.which(name, path=variables["PATH"]) or name
