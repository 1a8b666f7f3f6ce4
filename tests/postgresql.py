"""A real PostgreSQL server for a test run: `python -m tests.postgresql FOLDER` runs one until the run ends.

It comes with the package `pgserver`. TEXTMETER_TEST_POSTGRESQL names another by its URL. Each test has a
schema of its own there (`tests.templates`), which is a database to whoever looks at nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg

from tests.environment import CHECKOUT, OTHER_SERVER

PORT = 5432
PREFIX = "textmeter-tests-"
# Nothing of it outlives the run, so nothing has to reach the disk.
OPTIONS = {
    "autovacuum": "off",
    "deadlock_timeout": "50ms",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "port": str(PORT),
    "synchronous_commit": "off",
}


class Run:
    """A test run, known to all of its processes by its folder, and alive as long as the process is that began
    it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._alive: IO[str] | None = None
        self._database: str | None = None

    @classmethod
    def begin(cls) -> Run:
        _forget_the_dead()
        # A socket's path must be short, and a server that root starts must get there as somebody else.
        run = cls(Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp")))
        run._alive = (run.folder / "alive").open("w")
        fcntl.flock(run._alive, fcntl.LOCK_EX)
        return run

    def end(self) -> None:
        """Lets the server stop, which clears up; does so itself where there was none."""
        if self._alive:
            self._alive.close()
            if not (self.folder / "server").exists():
                shutil.rmtree(self.folder, ignore_errors=True)

    def wait(self) -> None:
        """Returns when the run has ended, however it did: the system lets go of the locks of the dead."""
        with (self.folder / "alive").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH)

    def server(self) -> str:
        """The URL of the run's server, which is started where it isn't yet."""
        if other := os.environ.get(OTHER_SERVER):
            return other
        with (self.folder / "starting").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not (self.folder / "server").exists():
                self._start()
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def database(self) -> str:
        """The URL of a database there that this process has for itself; on another's server, of that one."""
        if self._database is None:
            self._database = self.server()
            if not os.environ.get(OTHER_SERVER):
                name = f"process_{os.getpid()}"
                with psycopg.connect(self._database, autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}".encode())
                self._database = f"postgresql://postgres@/{name}?host={self.folder}"
        return self._database

    def _start(self) -> None:
        with (self.folder / "server").open("w+") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "tests.postgresql", str(self.folder)],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl+C is the run's
                text=True,
            )
            assert started.stdout is not None
            with started.stdout as says:
                if says.readline().strip() != "ready":
                    log.seek(0)
                    raise RuntimeError(f"PostgreSQL doesn't start:\n{log.read()}")
        # Who lives longer than this process isn't to be waited for.
        started.returncode = 0


def _forget_the_dead() -> None:
    """Removes what runs left behind that were killed before they had a server to clear up after them."""
    for alive in Path("/tmp").glob(f"{PREFIX}*/alive"):
        with contextlib.suppress(OSError), alive.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if time.time() - alive.stat().st_mtime > 60:  # else it may be about to begin
                shutil.rmtree(alive.parent, ignore_errors=True)


def serve(run: Run) -> None:
    """Runs a server in a run's folder until the run ends, then removes the folder."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    owner = user(run.folder)
    there = programs(run.folder, copied=owner is not None)
    data = run.folder / "data"
    data.mkdir()
    if owner:
        shutil.chown(data, owner)
        shutil.chown(run.folder, owner)
    try:
        initdb = [str(there / "initdb"), "--no-sync", "--auth=trust", "-U", "postgres", "--encoding=UTF8"]
        initdb += ["--no-locale", "-D", str(data)]
        subprocess.run(initdb, check=True, user=owner, stdout=sys.stderr)
        # One user has to give a password, to try a wrong one.
        rules = data / "pg_hba.conf"
        rules.write_text("local all textmeter_guarded scram-sha-256\n" + rules.read_text())
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [there / "postgres", "-D", data, "-k", run.folder, *options],
            user=owner,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
        )
        try:
            _wait_for(server, run.folder)
            print("ready", flush=True)
            run.wait()
        finally:
            server.send_signal(signal.SIGQUIT)  # at once
            server.wait()
    finally:
        shutil.rmtree(run.folder, ignore_errors=True)


def user(folder: Path) -> str | None:
    """Who runs the server: root may not."""
    if os.geteuid():
        return None
    folder.chmod(0o755)
    return pwd.getpwnam("nobody").pw_name


def programs(folder: Path, *, copied: bool) -> Path:
    """Where the server's programs are. copied: in this folder, because another user may not see the
    environment."""
    found = find_spec("pgserver")
    if found is None or found.origin is None:
        raise SystemExit(f"Install pgserver, or name a server's URL by {OTHER_SERVER}.")
    package = Path(found.origin).parent
    if copied:
        for part in package.parent.glob("pgserver*"):
            shutil.copytree(part, folder / "programs" / part.name)
        package = folder / "programs" / package.name
    return package / "pginstall" / "bin"


def _wait_for(server: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(600):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("The server doesn't answer.")


if __name__ == "__main__":
    serve(Run(Path(sys.argv[1])))
