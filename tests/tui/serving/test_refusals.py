"""What nobody gets over SSH: a shell, files, other ports, an environment, or this machine's own commands."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncssh
import pytest
from asyncssh import packet

from tests.tui.serving.clients import connected, needs_ssh, run, ssh
from tests.tui.serving.conftest import Serving
from tests.waiting import until

Connection = asyncssh.SSHClientConnection
NOWHERE = asyncssh.ChannelOpenError


async def test_nothing_is_forwarded(serving: Serving, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        path = str(tmp_path / "socket")

        async def to_a_port(connection: Connection) -> None:
            await connection.open_connection("127.0.0.1", port)

        async def to_a_socket(connection: Connection) -> None:
            await connection.open_unix_connection(path)

        async def from_a_port(connection: Connection) -> None:
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", port)

        async def from_a_socket(connection: Connection) -> None:
            await connection.forward_remote_path(path, path)

        async def a_tunnel(connection: Connection) -> None:
            await connection.open_tun()

        asked: list[Callable[[Connection], Awaitable[None]]]
        asked = [to_a_port, to_a_socket, from_a_port, from_a_socket, a_tunnel]
        async with connected(serving, "maria") as connection:
            for ask in asked:
                with pytest.raises((NOWHERE, asyncssh.ChannelListenError)):
                    await ask(connection)
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()


async def test_no_agent_and_no_display_is_forwarded(serving: Serving) -> None:
    async with connected(serving, "maria") as connection:
        process = await connection.create_process("segments -")
        display = packet.Boolean(False) + packet.String(b"MIT-MAGIC-COOKIE-1") + packet.String(b"00" * 16)
        assert not await process.channel._make_request(b"auth-agent-req@openssh.com")
        assert not await process.channel._make_request(b"x11-req", display + packet.UInt32(0))


@needs_ssh
def test_openssh_goes_on_without_what_it_may_not_have(serving: Serving) -> None:
    for option in (
        ["-A"],
        ["-X"],
        ["-R", "0:127.0.0.1:1"],
        ["-o", "ExitOnForwardFailure=yes", "-R", "0:x:1"],
    ):
        done = subprocess.run(
            ssh(serving, "maria", "balance", "--json", options=tuple(option)), capture_output=True
        )
        if "ExitOnForwardFailure=yes" in option:
            assert (done.returncode, done.stdout) == (255, b"")
        else:
            assert json.loads(done.stdout)["plan"]


@pytest.mark.parametrize("subsystem", ["sftp", "netconf", "x" * 1000])
async def test_there_is_no_subsystem(serving: Serving, subsystem: str) -> None:
    async with connected(serving, "maria") as connection:
        with pytest.raises(NOWHERE):
            await connection.create_process(subsystem=subsystem)
        assert (await connection.run("balance")).exit_status == 0


async def test_there_is_no_copying_of_files(serving: Serving, tmp_path: Path) -> None:
    for command in (f"scp -t {tmp_path}", f"scp -f {serving.people}", "rsync --server . /", "sftp-server"):
        done = await run(serving, "maria", command)
        assert done.exit_status == 2
        assert done.stdout == ""


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "balance; id",
        "balance && id",
        "$(id)",
        "`id`",
        "balance | id",
        "balance > {file}",
        "balance\nid",
        "'",
    ],
)
async def test_a_command_line_is_words_and_no_program(serving: Serving, tmp_path: Path, command: str) -> None:
    done = await run(serving, "maria", command.format(file=tmp_path / "new"))
    assert done.exit_status == 2, done
    assert "uid=" not in str(done.stdout) + str(done.stderr)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "command",
    [
        "--database {file} balance",
        "backup {file}",
        "restore {file}",
        "doctor",
        "run",
        "serve ssh --demo",
        "demo",
    ],
)
async def test_this_machine_is_nobodys_business(serving: Serving, tmp_path: Path, command: str) -> None:
    done = await run(serving, "maria", command.format(file=tmp_path / "new.sqlite3"))
    assert done.exit_status == 2, done
    assert not [*tmp_path.iterdir()]


async def test_no_file_is_read(serving: Serving) -> None:
    done = await run(serving, "maria", f"contacts import {serving.people} --json")
    assert done.exit_status == 4
    assert json.loads(str(done.stdout))["error"]["code"] == "no-files"
    done = await run(serving, "maria", f"send --to +14155550123 --media {serving.people} Hello --json")
    assert done.exit_status == 4
    assert "running on another computer" in str(done.stdout)


async def test_an_environment_is_a_terminal_and_a_language_and_nothing_else(serving: Serving) -> None:
    brought = {
        "LD_PRELOAD": "/tmp/evil.so",
        "PYTHONPATH": "/tmp",
        "PYTHONSTARTUP": "/tmp/evil.py",
        "TEXTMETER_DATABASE": "/tmp/other.sqlite3",
        "TEXTMETER_SESSION": "{}",
        "_TEXTMETER_COMPLETE": "bash_source",
        "PATH": "/tmp",
        "HOME": "/tmp",
        "COLORTERM": "truecolor\x1b]0;x\x07",
        "LC_ALL": "x" * 100,
        "LANG": "es_ES.UTF-8",
        "TERM": "vt100",
        **{f"X{number}": "x" * 1000 for number in range(1000)},
    }
    async with connected(serving, "vera") as connection:
        process = await connection.create_process("segments -", env=brought)
        await until(lambda: serving.sessions)
        [pid] = serving.sessions
        assert "TEXTMETER_DATABASE=/tmp" not in Path(f"/proc/{pid}/environ").read_text()
        [session] = serving.server.sessions
        assert set(session._channel.get_environment()) <= {"LANG", "TERM", "COLORTERM", "LC_ALL"}
        process.stdin.write("Hola")
        process.stdin.write_eof()
        done = await process.wait()
    assert done.exit_status == 0
    assert "1 segmento" in str(done.stdout)


async def test_the_database_is_the_servers_whatever_a_client_says(serving: Serving, tmp_path: Path) -> None:
    async with connected(serving, "vera") as connection:
        done = await connection.run("balance", env={"TEXTMETER_DATABASE": str(tmp_path / "other.sqlite3")})
    assert done.exit_status == 0
    assert not [*tmp_path.iterdir()]


async def test_a_terminal_can_be_asked_for_only_before_the_session_begins(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        process = await connection.create_process("segments --json -")
        modes = packet.String(b"")
        size = packet.UInt32(80) * 4
        assert not await process.channel._make_request(b"pty-req", packet.String(b"xterm"), size, modes)
        process.change_terminal_size(100, 30)
        process.stdin.write("Hello")
        process.stdin.write_eof()
        assert json.loads(str((await process.wait()).stdout))["characters"] == 5


async def test_signals_reach_the_command(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        for signal, code in (("INT", 130), ("TERM", 143), ("HUP", 129)):
            process = await connection.create_process("segments --jsonl")
            process.stdin.write('"Hello"\n' * 1_000)
            await process.stdout.readline()  # it is at work
            process.send_signal("KILL")  # not one that a client may send
            process.send_signal(signal)
            assert (await process.wait()).exit_status == code
