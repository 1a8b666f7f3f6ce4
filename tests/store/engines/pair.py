"""Two PostgreSQL servers on this machine: one that takes changes, and its standby, without which it takes
none."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from tests import postgresql
from tests.store.messages.providers.programs import free_ports
from tests.waiting import wait_until

OPTIONS = {"fsync": "off", "listen_addresses": "127.0.0.1", "max_connections": "50", "wal_level": "replica"}


class Pair:
    """primary, standby: their ports."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owner = postgresql.user(folder)
        self._programs = postgresql.programs(folder, copied=self._owner is not None)
        self.primary, self.standby = free_ports(2)
        self._servers = dict[int, subprocess.Popen[bytes]]()
        if self._owner:
            shutil.chown(folder, self._owner)

    @property
    def url(self) -> str:
        """Whichever of the two takes changes."""
        places = f"127.0.0.1:{self.primary},127.0.0.1:{self.standby}"
        return f"postgresql://postgres@{places}/postgres?target_session_attrs=read-write"

    def start(self) -> None:
        first, second = str(self._folder / "first"), str(self._folder / "second")
        made = ["--no-sync", "--auth=trust", "-U", "postgres", "--encoding=UTF8", "--no-locale"]
        self._run("initdb", *made, "-D", first)
        self._serve(self.primary, first)
        source = ["-h", "127.0.0.1", "-p", str(self.primary), "-U", "postgres"]
        self._run("pg_basebackup", *source, "-D", second, "-c", "fast", "-X", "stream", "-R", "--no-sync")
        self._serve(self.standby, second)
        self._tell(self.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._tell(self.primary, "SELECT pg_reload_conf()")
        sync = "SELECT sync_state FROM pg_stat_replication"
        wait_until(lambda: self._tell(self.primary, sync) == "sync", "a synchronous standby")

    def kill_primary(self) -> None:
        """At once, as where a machine loses its power: nobody is told anything more."""
        self._servers[self.primary].send_signal(signal.SIGQUIT)

    def promote(self) -> None:
        """The standby takes changes from now on, once the primary is gone."""
        self._servers[self.primary].wait()
        assert self._tell(self.standby, "SELECT pg_promote()") is True

    def stop(self) -> None:
        for server in self._servers.values():
            server.send_signal(signal.SIGQUIT)
            server.wait()

    def _serve(self, port: int, data: str) -> None:
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / f"{port}.log").open("w") as log:
            self._servers[port] = subprocess.Popen(
                [self._programs / "postgres", "-D", data, "-k", "", "-p", str(port), *options],
                user=self._owner,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: self._answers(port), (self._folder / f"{port}.log").read_text)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments], check=True, user=self._owner, capture_output=True
        )

    def _answers(self, port: int) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return self._tell(port, "SELECT 1") == 1
        return False

    def _tell(self, port: int, statement: str) -> object:
        """The first value that a server answers, None where there is none."""
        where: Mapping[str, str] = {"host": "127.0.0.1", "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**where, port=port, autocommit=True) as connection:  # type: ignore[arg-type]
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextlib.contextmanager
def pair() -> Iterator[Pair]:
    """Both, until the block ends."""
    # A server that root starts runs as somebody else, who must get there.
    folder = Path(tempfile.mkdtemp(prefix=postgresql.PREFIX, dir="/tmp"))
    try:
        made = Pair(folder)
        try:
            made.start()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
