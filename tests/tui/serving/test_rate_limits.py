"""How much a server lets in, and for how long: each limit is met, said, counted and over with the session."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable

import asyncssh
import pytest

from tests.ssh import Sitting
from tests.tui.serving.clients import WAITS, connected, run, sit, sitting
from tests.tui.serving.conftest import Serving
from tests.waiting import WITHIN, until
from tui.serving import forked_session, ssh, ssh_session
from tui.serving.rate_limits import Buckets, Places

Lines = Callable[[], list[str]]


def refused(serving: Serving, why: str) -> float:
    """How many the server has refused for that reason, as its counters say."""
    return (
        serving.server.log.registry.get_sample_value("textmeter_refused_total", {"server": "ssh", "why": why})
        or 0
    )


async def test_attempts_of_an_address_run_out_and_come_back() -> None:
    now = 0.0
    attempts = Buckets(3, lambda: now)
    assert [attempts.take("192.0.2.1") for _ in range(4)] == [True, True, True, False]
    assert attempts.take("192.0.2.2")
    now = 19.9
    assert not attempts.take("192.0.2.1")
    now = 20.0
    assert attempts.take("192.0.2.1")
    now = 3600.0
    assert [attempts.take("192.0.2.1") for _ in range(4)] == [True, True, True, False]


def test_addresses_that_have_tried_most_are_remembered_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Buckets, "MOST_KEPT", 10)
    attempts = Buckets(2, lambda: 0.0)
    assert [attempts.take("192.0.2.1") for _ in range(3)] == [True, True, False]
    for number in range(100):
        attempts.take(f"198.51.100.{number}")
    assert not attempts.take("192.0.2.1")
    assert len(attempts._left) <= 10


def test_places_are_counted_in_all_and_by_address() -> None:
    places = Places(3, 2)
    assert [places.take("a"), places.take("a"), places.take("a")] == [True, True, False]
    assert [places.take("b"), places.take("b")] == [True, False]
    places.give_back("a")
    assert places.take("b")
    assert places.taken == 3


async def test_whoever_tries_too_often_is_cut_off(serving: Serving, lines: Lines) -> None:
    serving.limit(attempts=4)
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    for _ in range(2):  # a connection and a refused key each
        with pytest.raises(asyncssh.PermissionDenied):
            async with connected(serving, client_keys=[stranger]):
                pass
    with pytest.raises((OSError, asyncssh.DisconnectError)):
        await run(serving, "maria", "balance")
    assert refused(serving, "attempts") == 1
    assert lines() == ["refused why=attempts from=127.0.0.1"]


@pytest.mark.parametrize("limit", ["sessions", "sessions_by_address"])
async def test_a_session_too_many_is_told_so(serving: Serving, lines: Lines, limit: str) -> None:
    serving.limit(**{limit: 1})
    async with sitting(serving, command=WAITS):
        await until(lambda: serving.server.places.taken)
        done = await run(serving, "vera", "balance")
        assert (done.exit_status, done.stdout) == (1, "")
        assert "maximum number of sessions is open" in str(done.stderr)
        assert "refused why=sessions from=127.0.0.1" in lines()
    await until(lambda: not serving.server.places.taken)
    assert (await run(serving, "vera", "balance")).exit_status == 0


async def test_a_connection_has_so_many_sessions_at_once(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        for _ in range(ssh.CHANNELS):
            await sit(connection, WAITS)
        with pytest.raises(asyncssh.ChannelOpenError):
            await sit(connection, WAITS)


async def test_a_connection_that_asks_for_sessions_without_end_is_cut_off(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ConnectionLost)):
            for _ in range(3_000):
                with contextlib.suppress(asyncssh.ChannelOpenError):
                    await sit(connection, WAITS)
                if connection.is_closed():
                    raise asyncssh.ConnectionLost("")
    assert refused(serving, "channels") >= 1
    assert (await run(serving, "vera", "balance")).exit_status == 0


@pytest.mark.parametrize("why", ["idle", "too-long"])
async def test_the_end_of_a_sessions_time_is_announced_and_kept(
    serving: Serving, lines: Lines, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_session, "PATIENCE", WITHIN)  # also where the process is slow to start
    serving.limit(**{"idle" if why == "idle" else "longest": 5})
    async with sitting(serving) as session:
        await until(lambda: "Your drafts are saved" in " ".join(session.painted.text.split()))
        await session.over.wait()
        assert session.code == 124
        assert b"\x1b[?1049l" in session.output
    await until(lambda: f"ended why={why} " in lines()[-1])


async def test_a_key_puts_the_idle_end_off(serving: Serving) -> None:
    serving.limit(idle=6)
    async with sitting(serving) as session:
        await session.shows("You've been inactive for a while")
        told = len(session.output)
        session.type("\x1b[A")
        await session.hides("You've been inactive for a while")
        await session.shows("You've been inactive for a while")  # of the end that is now
        assert len(session.output) > told
        assert await session.end() == 124


async def test_a_process_that_keeps_no_limit_is_ended_for_it(
    serving: Serving, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_session, "PATIENCE", 0.2)
    serving.limit(idle=0.3)
    async with sitting(serving, command=WAITS) as session:
        await session.over.wait()
    await until(lambda: "ended why=overdue " in lines()[-1])


async def test_a_session_must_say_what_it_is_for(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_session, "START_WITHIN", 0.2)

    async with connected(serving, "vera") as connection:
        channel = connection.create_tcp_channel()
        session = Sitting()
        channel.set_encoding(None)
        await channel._open(b"session")
        channel._session = session
        channel.resume_reading()
        await session.over.wait()


async def test_a_connection_without_a_session_is_closed(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(serving, "vera") as connection:
        session = await sit(connection, WAITS)
        await until(lambda: serving.sessions)
        monkeypatch.setattr(ssh, "EMPTY_FOR", 0.3)
        session.channel.write_eof()
        await session.end()
        await connection.wait_closed()
    async with connected(serving, "vera") as connection:
        await connection.wait_closed()


async def test_who_says_nothing_has_so_long_to_sign_in(serving: Serving) -> None:
    began = serving.loop.time()
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    with contextlib.closing(writer):
        assert (await reader.readline()).startswith(b"SSH-2.0-Textmeter")
        await until(lambda: serving.server.clients)
        client = next(iter(serving.server.clients))
        timer = client._connection._login_timer
        assert timer is not None
        assert began <= timer.when() - ssh.SIGN_IN_WITHIN <= serving.loop.time()
        serving.loop.call_soon_threadsafe(timer._run)
        await reader.read()
        await until(lambda: not serving.server.clients)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((4_000_000_000, 4_000_000_000), (500, 200)),
        ((0, 0), (80, 24)),
        ((1, 1), (1, 1)),
        ((120, 36), (120, 36)),
    ],
)
async def test_a_terminal_is_never_larger_than_it_may_be(
    serving: Serving, lines: Lines, asked: tuple[int, int], given: tuple[int, int]
) -> None:
    async with sitting(serving, term_size=asked) as session:
        await until(lambda: b"\x1b[?1049h" in session.output)
        assert f'terminal="xterm-256color {given[0]}x{given[1]}"' in lines()[0]
        session.channel.change_terminal_size(*asked)
        before = len(session.output)
        session.channel.change_terminal_size(90, 30)
        await until(lambda: "\x1b[30;" in session.output[before:].decode(errors="ignore"))


async def test_who_takes_nothing_is_cut_off(
    serving: Serving, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_session, "SLOW_AFTER", 0.5)
    async with sitting(serving, command="segments --jsonl", window=1 << 16) as session:
        session.channel.pause_reading()
        session.channel.write(b'"Open house"\n' * 100_000)
        await until(lambda: len(lines()) > 1)
    assert "ended why=slow " in lines()[-1]
    assert len(session.output) <= 1 << 17


async def test_a_session_on_a_full_network_waits_too(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        client = next(iter(serving.server.clients))
        serving.loop.call_soon_threadsafe(client._connection.pause_writing)
        session = await sit(connection, "balance --json")
        await until(lambda: [session for session in serving.server.sessions if session._code is not None])
        assert session.output == b""
        assert not session.over.is_set()
        serving.loop.call_soon_threadsafe(client._connection.resume_writing)
        await session.over.wait()
        assert json.loads(session.output)["plan"]
