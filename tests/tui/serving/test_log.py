"""What whoever runs a server is told: a line for each session and each refusal, and counters of the same."""

from __future__ import annotations

import io
import logging
import re
import urllib.request
from collections.abc import Callable

import asyncssh
import pytest

from tests.tui.serving.clients import run, sitting
from tests.tui.serving.conftest import Serving
from tests.waiting import until
from tui.serving.log import log_to_stderr

Lines = Callable[[], list[str]]


async def test_a_session_is_told_from_its_beginning_to_its_end(serving: Serving, lines: Lines) -> None:
    async with sitting(serving, term_size=(120, 36)) as session:
        await until(lambda: b"credits left" in session.output)
        session.channel.write(b"\x11")
        await session.over.wait()
    about = f"person=maria role=owner from=127.0.0.1 key={serving.keys['maria'].get_fingerprint()} "
    about += 'terminal="xterm-256color 120x36"'
    began, ended = lines()
    assert re.fullmatch(rf"session=\d+ began {re.escape(about)}", began)
    assert re.fullmatch(rf"session=\d+ ended why=quit seconds=\d+\.\d {re.escape(about)}", ended)


async def test_counters_say_what_happened(serving: Serving) -> None:
    port = serving.server.log.serve_counters(0)

    def counters() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            return str(answer.read().decode())

    async with sitting(serving, command="segments -"):
        await until(lambda: 'textmeter_sessions{server="ssh"} 1.0' in counters())
    await run(serving, "vera", "balance")
    with pytest.raises(asyncssh.PermissionDenied):
        await run(serving, None, "balance")
    serving.limit(sessions=0)
    await run(serving, "vera", "balance")
    await until(lambda: 'textmeter_sessions{server="ssh"} 0.0' in counters())
    told = counters()
    assert 'textmeter_sessions_ended_total{server="ssh",why="left"} 1.0' in told
    assert 'textmeter_sessions_ended_total{server="ssh",why="done"} 1.0' in told
    assert 'textmeter_refused_total{server="ssh",why="sessions"} 1.0' in told
    assert 'textmeter_connections_total{server="ssh"} 4.0' in told
    assert 'textmeter_session_seconds_count{server="ssh"} 2.0' in told


@pytest.mark.parametrize(
    "hostile",
    [
        "x\nsession=9 began person=owner",
        "x\r\nrefused",
        "x\x1b]0;title\x07\x1b[2J",
        "x\u2028y\u202ez\u0085",
        'x" why=quit person="maria',
        "x why=quit",
        "x=\\",
    ],
)
async def test_a_line_cant_be_forged(serving: Serving, lines: Lines, hostile: str) -> None:
    await run(serving, "vera", hostile)
    began, ended = lines()
    for line in (began, ended):
        assert line.isprintable()
        # The command comes last and is one word, whatever is in it.
        before, _, command = line.partition(" command=")
        assert "person=vera role=viewer" in before
        assert re.fullmatch(r'"(?:[^"\\]|\\["\\])*"|[^\s"\\]+', command), line


async def test_a_terminals_name_is_one_or_it_is_not_told(serving: Serving, lines: Lines) -> None:
    async with sitting(serving, term_type="vt\n100 \x1b[2J") as session:
        await until(lambda: session.output)
    assert 'terminal="xterm-256color 80x24"' in lines()[0]


async def test_a_persons_name_may_have_any_letters(serving: Serving, lines: Lines) -> None:
    line = serving.line("maria", 'person="María \\"la Jefa\\" López",')
    serving.people.write_text(line)
    await run(serving, "maria", "balance")
    assert ' person="María \\"la Jefa\\" López" role=owner ' in lines()[0]


def test_an_error_of_a_library_is_one_line_without_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    told = io.StringIO()
    monkeypatch.setattr("sys.stderr", told)
    logger = logging.getLogger("aiohttp")
    before = [list(logging.getLogger(name).handlers) for name in ("textmeter", "aiohttp", "asyncio")]
    log_to_stderr()
    try:
        try:
            raise ValueError("a client\x1b[31m\nsaid this")
        except ValueError:
            logger.exception("Error handling request")
    finally:
        for name, handlers in zip(("textmeter", "aiohttp", "asyncio"), before, strict=True):
            logging.getLogger(name).handlers[:] = handlers
    assert told.getvalue().endswith("aiohttp Error handling request (ValueError: a client [31m said this)\n")
    assert told.getvalue().count("\n") == 1
