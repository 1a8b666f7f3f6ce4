"""`textmeter serve ssh` as whoever runs it sees it: what it says, what it refuses, and how it stops."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest

from tests.processes import below
from tests.ssh import Server, Sitting, at_terminal, command, connected, serving
from tests.waiting import until

NEW = "new.sqlite3"
"""A database that isn't there yet."""
KEY = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def people(tmp_path: Path) -> str:
    """A file in which the owner of `KEY` is maria."""
    file = tmp_path / "people.keys"
    file.write_text(f'role="owner" {KEY.export_public_key("openssh").decode().strip()} maria\n')
    return str(file)


@contextlib.asynccontextmanager
async def maria(server: Server) -> AsyncIterator[tuple[asyncssh.SSHClientConnection, Sitting]]:
    """Somebody on the first screen, with the server's key as she saw it."""
    async with connected(server.port, KEY) as connection:
        session = await at_terminal(connection)
        await session.shows("F1")
        yield connection, session


async def test_it_says_where_it_is_logs_and_stops_in_order(tmp_path: Path, people: str) -> None:
    with serving(tmp_path, "--authorized-keys", people, "--metrics", "0", database=NEW) as server:
        assert server.told["host"] == "127.0.0.1"
        async with maria(server) as (connection, session):
            key = connection.get_server_host_key()
            assert key is not None
            assert key.get_fingerprint() == server.told["host_key"]
            server.process.send_signal(signal.SIGTERM)
            assert await session.end() == 0
        assert server.process.wait() == 0
    assert [*(tmp_path / "tmp").iterdir()] == []
    assert " textmeter.ssh session=1 began person=maria role=owner " in server.log
    assert " textmeter.ssh session=1 ended why=stopped " in server.log
    kept = (tmp_path / "home/.local/state/textmeter/textmeter.log").read_text(encoding="utf-8")
    assert " session=" in kept
    assert "maria" not in kept
    with serving(tmp_path, "--authorized-keys", people, database=NEW) as again:
        assert again.told["host_key"] == server.told["host_key"]


async def test_when_it_is_killed_its_sessions_end_and_nothing_is_left(tmp_path: Path, people: str) -> None:
    with serving(tmp_path, "--authorized-keys", people, database=NEW) as server:
        async with maria(server):
            processes = below(server.process.pid)
            assert len(processes) == 2
            server.process.kill()
        await until(lambda: not any(map(runs, processes)))
        assert [*(tmp_path / "tmp").iterdir()] == []


def runs(pid: int) -> bool:
    """Whether a process goes on, which isn't ours to wait for."""
    with contextlib.suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        ((), 2, "usage"),
        (("--anonymous",), 2, "usage"),
        (("--authorized-keys", "missing"), 2, "authorized-keys"),
        (("--authorized-keys", "{folder}/broken"), 2, "authorized-keys"),
        (("--authorized-keys", "{folder}/people.keys", "--host-key", "{folder}"), 1, "host-key"),
        (("--authorized-keys", "{folder}/people.keys", "--port", "{port}"), 1, "listen"),
        (("--authorized-keys", "{folder}/people.keys", "--metrics", "{port}"), 1, "listen"),
        (("--demo", "--port", "65536"), 2, "usage"),
    ],
)
def test_what_keeps_it_from_starting_is_said(
    tmp_path: Path, people: str, arguments: tuple[str, ...], code: int, error: str
) -> None:
    (tmp_path / "broken").write_text("# nobody yet\nhello\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = [argument.format(folder=tmp_path, port=port) for argument in arguments]
        words, variables = command(tmp_path, *given, database=NEW)
        done = subprocess.run(words, env=variables, cwd=tmp_path, capture_output=True)
    assert done.returncode == code, done
    said = json.loads(done.stdout)["error"]
    assert said["code"] == error
    if arguments[-1:] == ("{folder}/broken",):
        assert "Line 2 of" in said["message"]
    if error == "listen":
        assert f"Can't listen on 127.0.0.1:{port}" in said["message"]
        assert arguments[-2] in said["message"]
