"""How much a server lets in, and for how long: each limit is met, said, counted and over with the session."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable

import asyncssh
import pytest

from tests.tui.serving.clients import WAITS, Sitting, connected, run, screen, sit, sitting
from tests.tui.serving.conftest import Serving, becomes
from tui.serving import ssh
from tui.serving import ssh_session as rooms
from tui.serving.rate_limits import Buckets, Places

Lines = Callable[[], list[str]]


def refused(serving: Serving, why: str) -> float:
    """How many the server has refused for that reason, as its counters say."""
    return (
        serving.server.journal.registry.get_sample_value(
            "textmeter_refused_total", {"server": "ssh", "why": why}
        )
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
        await becomes(lambda: serving.server.places.taken)
        done = await run(serving, "vera", "balance")
        assert (done.exit_status, done.stdout) == (1, "")
        assert "as many sessions here as there may be" in str(done.stderr)
        assert "refused why=sessions from=127.0.0.1" in lines()
    await becomes(lambda: not serving.server.places.taken)
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
    serving: Serving, lines: Lines, why: str
) -> None:
    serving.limit(**{"idle" if why == "idle" else "longest": 2})
    async with sitting(serving) as (session, channel):
        await becomes(lambda: "Your drafts are kept" in " ".join(screen(bytes(session.output)).split()))
        await session.over.wait()
        assert channel.get_exit_status() == 124
        assert b"\x1b[?1049l" in session.output
    await becomes(lambda: f"ended why={why} " in lines()[-1])


async def test_a_key_puts_the_idle_end_off(serving: Serving) -> None:
    serving.limit(idle=1.5)
    async with sitting(serving) as (session, channel):
        loop = asyncio.get_running_loop()
        until = loop.time() + 2.5

        def typing() -> bool:
            channel.write(b"\x1b[A")
            return loop.time() > until

        await becomes(typing)
        assert not session.over.is_set()
        await asyncio.wait_for(session.over.wait(), 20)


async def test_a_process_that_keeps_no_limit_is_ended_for_it(
    serving: Serving, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "PATIENCE", 0.2)
    serving.limit(idle=0.3)
    async with sitting(serving, command=WAITS) as (session, _):
        await session.over.wait()
    await becomes(lambda: "ended why=overdue " in lines()[-1])


async def test_a_session_must_say_what_it_is_for(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "START_WITHIN", 0.2)

    async with connected(serving, "vera") as connection:
        channel = connection.create_tcp_channel()
        session = Sitting()
        channel.set_encoding(None)
        await channel._open(b"session")
        channel._session = session
        channel.resume_reading()
        await asyncio.wait_for(session.over.wait(), 10)


async def test_a_connection_without_a_session_is_closed(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "EMPTY_FOR", 0.3)
    async with connected(serving, "vera") as connection:
        await asyncio.wait_for(connection.wait_closed(), 10)
    async with connected(serving, "vera") as connection:
        await connection.run("balance")
        await asyncio.wait_for(connection.wait_closed(), 10)


async def test_who_says_nothing_has_so_long_to_sign_in(serving: Serving) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    with contextlib.closing(writer):
        assert (await reader.readline()).startswith(b"SSH-2.0-Textmeter")
        await becomes(lambda: serving.server.doors)
        door = next(iter(serving.server.doors))
        timer = door._connection._login_timer
        assert timer is not None
        left = timer.when() - serving.loop.time()
        assert ssh.SIGN_IN_WITHIN - 5 < left <= ssh.SIGN_IN_WITHIN
        serving.loop.call_soon_threadsafe(timer._run)
        await asyncio.wait_for(reader.read(), 10)
        await becomes(lambda: not serving.server.doors)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((4_000_000_000, 4_000_000_000), (400, 150)),
        ((0, 0), (80, 24)),
        ((1, 1), (20, 5)),
        ((120, 36), (120, 36)),
    ],
)
async def test_a_terminal_is_never_larger_than_it_may_be(
    serving: Serving, lines: Lines, asked: tuple[int, int], given: tuple[int, int]
) -> None:
    async with sitting(serving, term_size=asked) as (session, channel):
        await becomes(lambda: b"Textmeter" in session.output)
        assert f'terminal="xterm-256color {given[0]}x{given[1]}"' in lines()[0]
        channel.change_terminal_size(*asked)
        before = len(session.output)
        channel.change_terminal_size(90, 30)
        await becomes(lambda: "\x1b[30;" in session.output[before:].decode(errors="ignore"))


async def test_who_takes_nothing_is_cut_off(
    serving: Serving, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "SLOW_AFTER", 0.5)
    async with sitting(serving, command="segments --jsonl", window=1 << 16) as (session, channel):
        channel.pause_reading()
        channel.write(b'"Open house"\n' * 100_000)
        await becomes(lambda: len(lines()) > 1)
    assert "ended why=slow " in lines()[-1]
    assert len(session.output) <= 1 << 17


async def test_a_session_on_a_full_network_waits_too(serving: Serving) -> None:
    async with connected(serving, "vera") as connection:
        door = next(iter(serving.server.doors))
        serving.loop.call_soon_threadsafe(door._connection.pause_writing)
        session, _ = await sit(connection, "balance --json")
        await becomes(lambda: [room for room in serving.server.rooms if room._code is not None])
        assert session.output == b""
        assert not session.over.is_set()
        serving.loop.call_soon_threadsafe(door._connection.resume_writing)
        await session.over.wait()
        assert json.loads(session.output)["plan"]
