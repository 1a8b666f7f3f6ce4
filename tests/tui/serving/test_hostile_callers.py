"""Who calls the listener and is no provider: nothing is written, and who is one is answered meanwhile."""

from __future__ import annotations

import asyncio
import random
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import aiohttp
import pytest

from tests.tui.serving.listens import Listening, call, reply
from tests.waiting import wait_until

ANN = "+14155550101"
MEGABYTE = 1 << 20
POST = b"POST /office HTTP/1.1\r\nHost: x\r\n"

GARBAGE = {
    "nothing": b"\r\n\r\n",
    "no line": b"\x00" * 300_000,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "SSH": b"SSH-2.0-OpenSSH_9.6\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 100,
    "an old version": b"GET /office HTTP/0.9\r\n\r\n",
    "a line without end": b"GET /" + b"x" * 2_000_000,
    "a header without end": POST + b"X: " + b"x" * 2_000_000,
    "a thousand headers": POST + b"".join(b"X-%d: y\r\n" % at for at in range(100_000)) + b"\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
    "a length and chunks": POST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1",
    "a length below nothing": POST + b"Content-Length: -5\r\n\r\nhello",
    "a length of no number": POST + b"Content-Length: 5e9\r\n\r\nhello",
    "wrong chunks": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a chunk of everything": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello",
    "an encoding of nobody": POST + b"Transfer-Encoding: rot13\r\nContent-Length: 5\r\n\r\nhello",
    "gzip that is none": POST + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "a host that is none": b"GET /office?secret=x HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "no name of a sender": b"GET /%00%ff%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n",
    "up and away": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "another server": b"GET http://example.com/office HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
    "another protocol": b"GET /office HTTP/1.1\r\nHost: x\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "a form of nothing": POST
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 90000\r\n\r\n"
    + b"&a" * 45_000,
    "a thousand questions": b"GET /office?secret=x HTTP/1.1\r\nHost: x\r\n\r\n" * 1_000,
    "a body that ends early": POST + b"Content-Length: 500\r\n\r\nhello",
}
RANDOM = random.Random(11)
GARBAGE |= {f"random {at}": RANDOM.randbytes(2_000) for at in range(20)}


in_a_file = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def listening(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Listening]:
    with closing(Listening(new_database(), tmp_path)) as made:
        made.start()
        yield made


def send(port: int, sent: bytes) -> bytes:
    """All that is said to these bytes, nothing more of which comes, until it is hung up."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        said = b""
        with suppress(ConnectionError):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                said += part
        return said


def test_garbage_is_refused_without_a_word_of_ours_and_nothing_is_written(listening: Listening) -> None:
    told = listening.said.read_text()
    for what, sent in GARBAGE.items():
        said = send(listening.port, sent)
        assert b" 20" not in said[:12], what
        assert b" 50" not in said[:12], what
    assert listening.store.messages.events() == []
    # A moment later, since all of that came from this address.
    wait_until(lambda: call(listening.port, **{"from": ANN, "text": "Hi", "id": "1"}) == 200)
    assert len(listening.store.messages.events()) == 1
    assert listening.said.read_text().removeprefix(told) == ""


@in_a_file
def test_guessed_secrets_write_nothing(listening: Listening) -> None:
    for guessed in ("", "guessed", "made0up1by2us", "made0up1by2us3 ", "%00", "é" * 100):
        assert call(listening.port, secret=guessed, **{"from": ANN, "text": "Hi", "id": "1"}) == 403
    assert listening.store.messages.events() == []


@in_a_file
def test_bodies_of_ten_megabytes_are_refused_and_not_kept_in_memory(listening: Listening) -> None:
    assert call(listening.port, secret="warm") == 403
    before = listening.memory()
    sent = POST + b"Content-Length: 10485760\r\n\r\n" + b"x" * 10 * MEGABYTE
    for _ in range(30):
        send(listening.port, sent)
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"100000\r\n%b\r\n" % (b"x" * MEGABYTE) * 10
    for _ in range(10):
        send(listening.port, chunked + b"0\r\n\r\n")
    assert listening.memory() - before < 40 * MEGABYTE
    assert call(listening.port, **{"from": ANN, "text": "Hi", "id": "1"}) == 200
    assert len(listening.store.messages.events()) == 1


@in_a_file
def test_callers_that_never_finish_keep_nobody_else_waiting(listening: Listening) -> None:
    """More of them than the process has descriptors."""
    assert call(listening.port, secret="warm") == 403
    before = listening.memory()
    begun = (
        b"",
        b"GET /office?secr",
        POST + b"X: y\r\n",
        POST + b"Content-Length: 90000\r\n\r\n" + b"x" * 80_000,
    )
    with ExitStack() as held:
        for at in range(900):
            one = held.enter_context(socket.create_connection(("127.0.0.1", listening.port), timeout=60))
            with suppress(ConnectionError):
                one.sendall(begun[at % len(begun)])
            if at % 100 == 99:
                assert call(listening.port, **{"from": ANN, "text": "Hi", "id": str(at)}) == 200
        assert listening.memory() - before < 100 * MEGABYTE
    assert len(listening.store.messages.events()) == 9


async def burst(listening: Listening, events: int) -> Counter[int]:
    """Calls from many connections at once, each repeated until it is taken, as providers do: how often which
    status was answered."""
    answered = Counter[int]()
    numbers = iter(range(events))

    async def provider(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            path, status = reply(**{"from": ANN, "text": "Hi", "id": str(number)}), 0
            while status != 200:
                async with session.get(f"http://127.0.0.1:{listening.port}{path}") as answer:
                    status = answer.status
                answered[status] += 1
                if status == 503:
                    assert answer.headers["Retry-After"] == "5"
                    await asyncio.sleep(0.05)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(provider(session) for _ in range(300)))
    return answered


@pytest.mark.parametrize("events", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_burst_is_kept_or_asked_to_come_again(listening: Listening, events: int) -> None:
    before = listening.memory()
    answered = asyncio.run(burst(listening, events))
    assert answered.keys() <= {200, 503}
    assert answered[200] == events
    with listening.store.connection():
        rows = listening.store.database.rows("SELECT event_id FROM event")
    assert len(rows) == events
    assert listening.memory() - before < 60 * MEGABYTE
    wait_until(lambda: len(listening.store.conversations.threads(listening.account)) == 1)
