"""How sessions end, together and apart: a crash ends one, a stop tells all, and a new fork server goes on."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import select
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.serving.clients import WAITS, connected, run, sitting
from tests.tui.serving.conftest import Serving, open_here, serving_in
from tests.waiting import WITHIN, until
from tui.serving import forked_session, ssh
from tui.serving.fork_server import ForkServer
from tui.serving.session_spec import NOT_STARTED

Lines = Callable[[], list[str]]
F3 = b"\x1bOR"


def runs(pid: int) -> bool:
    """Whether a process goes on, which may no longer be ours to wait for."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(("how", "code"), [(signal.SIGSEGV, 139), (signal.SIGKILL, 137)])
async def test_a_crash_ends_one_session(
    serving: Serving, lines: Lines, how: signal.Signals, code: int
) -> None:
    async with sitting(serving) as ours, sitting(serving, "vera") as theirs:
        await until(lambda: b"F1" in ours.output and b"F1" in theirs.output)
        os.kill(min(serving.sessions), how)
        await ours.over.wait()
        assert ours.code == code
        assert not theirs.over.is_set()
        assert " ended why=killed " in lines()[-1]
        assert " person=maria " in lines()[-1]
        assert (await run(serving, "sam", "balance")).exit_status == 0


async def test_a_fork_server_that_died_is_started_again(
    serving: Serving, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_session, "PATIENCE", 0.5)
    async with sitting(serving) as session:
        await until(lambda: b"F1" in session.output)
        pids = serving.sessions
        serving.server.forks._process.kill()
        await session.over.wait()
        assert session.code == 137
        await until(lambda: not any(map(runs, pids)))
    assert (await run(serving, "vera", "balance")).exit_status == 0
    assert "the fork server ended and is started again" in lines()


def test_a_server_that_is_killed_before_it_has_read_all_news_leaves_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    forks = ForkServer(folder)
    select.select([forks._socket], [], [])  # it says that it is ready
    forks._socket.close()
    assert forks._process.wait(WITHIN) == 0
    assert not folder.exists()


async def test_what_cant_be_started_ends_nothing_else(serving: Serving, lines: Lines) -> None:
    async with sitting(serving, "vera") as session:
        await until(lambda: b"F1" in session.output)
        forks = serving.server.forks._process.pid
        before = resource.prlimit(forks, resource.RLIMIT_NOFILE)
        used = {int(path.name) for path in Path(f"/proc/{forks}/fd").iterdir()}
        free = [number for number in range(100) if number not in used]
        for spare in range(4):  # too few for the streams, and then to watch the process
            resource.prlimit(forks, resource.RLIMIT_NOFILE, (free[spare], before[1]))
            done = await run(serving, "maria", "balance")
            assert done.exit_status == NOT_STARTED, (spare, lines())
            assert "Couldn't start your session" in str(done.stderr)
        resource.prlimit(forks, resource.RLIMIT_NOFILE, before)
        assert (await run(serving, "maria", "balance")).exit_status == 0
        assert not session.over.is_set()
    assert serving.server.forks._process.pid == forks
    assert [line for line in lines() if " why=not-started " in line] != []


async def test_where_descriptors_run_out_none_is_lost(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = os.pipe

    def pipe() -> tuple[int, int]:
        if len(made) == 2:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        ends = real()
        made.append(f"pipe:[{os.fstat(ends[0]).st_ino}]")
        return ends

    async with connected(serving, "vera") as connection:
        with monkeypatch.context() as patch:
            patch.setattr(os, "pipe", pipe)
            done = await connection.run("balance")
    assert done.exit_status == NOT_STARTED
    assert len(made) == 2
    assert not {*made} & {*open_here(os.getpid())}


async def test_a_command_line_that_is_too_long_says_so(serving: Serving) -> None:
    done = await run(serving, "vera", "segments " + "x" * 200_000)
    assert done.exit_status == NOT_STARTED
    assert "Couldn't start your session" in str(done.stderr)


async def test_a_stop_tells_everybody_and_keeps_drafts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "textmeter.ssh")
    with serving_in(tmp_path) as serving:
        async with sitting(serving) as session, sitting(serving, "vera", WAITS) as command:
            await until(lambda: b"credits left" in session.output)
            session.channel.write(F3)
            await until(lambda: "F5 Send" in session.painted.text)
            session.channel.write(b"Half a sen")
            await until(lambda: "Half a sen" in session.painted.text)
            stopping = asyncio.create_task(asyncio.to_thread(serving.stop))
            await until(lambda: "Your drafts are saved" in " ".join(session.painted.text.split()))
            await session.over.wait()
            await command.over.wait()
            await stopping
            assert session.code == 0
        assert serving.drafts("maria") == ["Half a sen"]
        assert not serving.server.runtime.folder.exists()
    ends = [line for line in caplog.messages if "ended" in line]
    assert len(ends) == 2
    assert all(" why=stopped " in line for line in ends)


async def test_who_doesnt_answer_any_more_is_gone_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "KEEPALIVE", 1)
    with serving_in(tmp_path) as serving:
        async with connected(serving, "maria") as connection:
            process = await connection.create_process("segments -")
            await until(lambda: serving.sessions)
            transport = connection._transport
            assert transport is not None
            transport.pause_reading()  # as a network does that is gone
            await until(lambda: not serving.left_over)
            transport.resume_reading()
            await process.wait_closed()
