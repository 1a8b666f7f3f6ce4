"""`textmeter serve ssh` as whoever runs it sees it: what it says, what it refuses, and how it stops."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.environment import CHECKOUT
from tests.processes import below
from tests.tui.serving.clients import sit
from tests.tui.serving.conftest import becomes, eventually

PROGRAM = "import sys; from tui.commands import main; sys.exit(main())"
KEY = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def people(tmp_path: Path) -> str:
    """A file in which the owner of `KEY` is maria."""
    file = tmp_path / "people.keys"
    file.write_text(f'role="owner" {KEY.export_public_key("openssh").decode().strip()} maria\n')
    return str(file)


def command(folder: Path, *arguments: str) -> list[str]:
    where = ["--port", "0", "--host-key", str(folder / "host_key")]
    database = ["--database", str(folder / "textmeter.sqlite3")]
    return [sys.executable, "-c", PROGRAM, *database, "serve", "ssh", "--json", *where, *arguments]


@contextlib.contextmanager
def server(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Any]]:
    """A server, and what it says when people can come in. Its log goes to `log`, its things to `things`."""
    (folder / "things").mkdir(exist_ok=True)
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            command(folder, *arguments),
            cwd=CHECKOUT,
            env={**os.environ, "TMPDIR": str(folder / "things")},
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@contextlib.asynccontextmanager
async def maria(port: int) -> Any:
    """Somebody on the first screen, with the server's key as she saw it."""
    async with asyncssh.connect(
        "127.0.0.1", port, username="maria", client_keys=[KEY], known_hosts=None, agent_path=None, config=None
    ) as connection:
        session, channel = await sit(connection)
        await becomes(lambda: b"F1" in session.output)
        yield connection, channel, session


async def test_it_says_where_it_is_logs_and_stops_in_order(tmp_path: Path, people: str) -> None:
    with server(tmp_path, "--authorized-keys", people, "--metrics", "0") as (process, told):
        assert told["host"] == "127.0.0.1"
        async with maria(told["port"]) as (connection, channel, session):
            assert connection.get_server_host_key().get_fingerprint() == told["host_key"]
            process.send_signal(signal.SIGTERM)
            await session.over.wait()
            assert channel.get_exit_status() == 0
        assert process.wait(30) == 0
    assert [*(tmp_path / "things").iterdir()] == []
    log = (tmp_path / "log").read_text()
    assert " textmeter.ssh session=1 began person=maria role=owner " in log
    assert " textmeter.ssh session=1 ended why=stopped " in log
    with server(tmp_path, "--authorized-keys", people) as (_, again):
        assert again["host_key"] == told["host_key"]


async def test_when_it_is_killed_its_sessions_end_and_nothing_is_left(tmp_path: Path, people: str) -> None:
    with server(tmp_path, "--authorized-keys", people) as (process, told):
        async with maria(told["port"]):
            processes = below(process.pid)
            assert len(processes) == 2
            process.kill()
        eventually(lambda: not any(map(runs, processes)))
        assert [*(tmp_path / "things").iterdir()] == []


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
        done = subprocess.run(command(tmp_path, *given), cwd=CHECKOUT, capture_output=True, timeout=60)
    assert done.returncode == code, done
    said = json.loads(done.stdout)["error"]
    assert said["code"] == error
    if arguments[-1:] == ("{folder}/broken",):
        assert "Line 2 of" in said["message"]
    if error == "listen":
        assert f"127.0.0.1:{port} can't be listened on" in said["message"]
        assert arguments[-2] in said["message"]
