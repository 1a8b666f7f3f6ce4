"""What every test stands on: nothing of the machine shows, nothing leaves it, all runs are alike."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import textual._wait
from hypothesis import HealthCheck, settings

from assets.locales.build_hook import compile_translations
from tests import postgresql, templates
from tests.environment import BROWSER, FOREIGN, OTHER_SERVER, SPECS
from tui.signals import ENDING

SCRUBBED = (*FOREIGN, "XDG_", "LC_", "LANGUAGE", "COLUMNS", "LINES", "TERM_PROGRAM", "CI")
for variable in list(os.environ):
    # The plugin for pictures keeps its folder in one of Textual's.
    kept = "TEXTUAL_SNAPSHOT", OTHER_SERVER, BROWSER, SPECS
    if variable.startswith(SCRUBBED) and not variable.startswith(kept):
        del os.environ[variable]
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # nobody's own is asked
os.environ.update({"LANG": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color", "COLORTERM": "truecolor"})
if hasattr(time, "tzset"):
    time.tzset()

# What they start is told to end by these, which `nohup` and a shell's `&` have everybody below ignore.
for number in (signal.SIGINT, *ENDING):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)

# Files of tests lie in memory where there is room: each commit of a database waits for its disk.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# A pilot sleeps after each key until the app is idle: in steps of 20 ms, which would be most of the run.
textual._wait.SLEEP_GRANULARITY = 1 / 200
textual._wait.SLEEP_IDLE = 1 / 1000

# `--hypothesis-profile=thorough` tries many more, and others each time; without it all runs are alike.
settings.register_profile(
    "quick",
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=2_000, derandomize=False)
settings.load_profile("quick")


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Raises where a test would leave this machine."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"  # a path is a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", None):
        raise AssertionError(f"A test tried to reach {host}; tests use no network.")


sys.addaudithook(refuse_network)


RUN = pytest.StashKey[postgresql.Run]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone(reason): no busy accounts stand beside what is tested")
    if worker := getattr(config, "workerinput", None):
        config.stash[RUN] = postgresql.Run(Path(worker["run"]))
    else:  # once a run, not once a worker
        compile_translations()
        config.stash[RUN] = run = postgresql.Run.begin()
        config.add_cleanup(run.end)
    templates.install(config.stash[RUN].folder)


def pytest_collection_finish() -> None:
    """Leaves what was collected, thousands of tests and all that they import, out of looking for garbage, and
    looks more rarely: that would be a fifth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a worker of xdist which run it belongs to."""
    node.workerinput["run"] = str(node.config.stash[RUN].folder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Lets those that take long take as long as they do."""
    for item in items:
        if item.get_closest_marker("long") or config.getoption("hypothesis_profile", default=None):
            item.add_marker(pytest.mark.timeout(0))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of the test's own, where the data folder is by default and relative paths lead."""
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.chdir(folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """On which engine a test has its databases. Without a `parametrize` of its own, a test that has any runs
    on each of them."""
    return str(request.param)


@pytest.fixture
def new_database(engine: str, tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Callable[[], str]]:
    """Makes an empty database; its URL."""
    numbers = itertools.count(1)
    with ExitStack() as made:

        def in_a_file() -> str:
            return str(tmp_path / f"textmeter{next(numbers)}.sqlite3")

        def on_the_server() -> str:
            return made.enter_context(templates.schema(pytestconfig.stash[RUN].database()))

        yield on_the_server if engine == "postgresql" else in_a_file
