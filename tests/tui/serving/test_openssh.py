"""The app through OpenSSH's own client on a terminal: what a person sees and types, and how they leave."""

from __future__ import annotations

import contextlib
import signal
import termios
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.serving.clients import Terminal, needs_ssh, ssh
from tests.tui.serving.conftest import Serving, serving_in
from tests.waiting import wait_until
from tui.serving import ssh as server

pytestmark = needs_ssh

F2, F3 = "\x1bOQ", "\x1bOR"
SHIFT_HOME, CTRL_C, CTRL_Q = "\x1b[1;2H", "\x03", "\x11"
TRUE_COLOUR, OF_256 = b"\x1b[38;2;", b"\x1b[38;5;"


@contextlib.contextmanager
def at_home(serving: Serving, *options: str, **variables: str) -> Iterator[Terminal]:
    """The owner, with the app open."""
    with Terminal(ssh(serving, "maria", options=options), **variables) as terminal:
        terminal.until_shown("credits left")
        terminal.type(F2)  # it opens where she left it
        terminal.until_shown("Textmeter  Home")
        yield terminal


@contextlib.contextmanager
def in_compose(serving: Serving, *options: str) -> Iterator[Terminal]:
    """The owner, about to write a text."""
    with at_home(serving, *options) as terminal:
        terminal.type(F3)
        terminal.until_shown("F5 Send")
        yield terminal


def test_what_is_typed_shows_and_is_kept(serving: Serving) -> None:
    with in_compose(serving) as terminal:
        terminal.type("Open house on Sunday")
        terminal.until_shown("Open house on Sunday")
        terminal.type(CTRL_Q)
        assert terminal.exit_code() == 0
    assert serving.drafts("maria") == ["Open house on Sunday"]


def test_a_terminal_is_left_as_it_was(serving: Serving) -> None:
    with at_home(serving) as terminal:
        assert termios.tcgetattr(terminal.theirs) != terminal.before
        terminal.type(CTRL_Q)
        assert terminal.exit_code() == 0
        assert termios.tcgetattr(terminal.theirs) == terminal.before
        for mode in ("1049", "1000", "1003", "1006", "2004"):  # the other screen, the mouse, pasting
            began, ended = f"\x1b[?{mode}h".encode(), f"\x1b[?{mode}l".encode()
            assert terminal.output.rfind(ended) > terminal.output.rfind(began) > -1, mode
        assert terminal.output.rfind(b"\x1b[?25h") > terminal.output.rfind(b"\x1b[?25l")  # the cursor


def test_a_new_size_is_filled(serving: Serving) -> None:
    with at_home(serving) as terminal:
        terminal.resize(120, 36)
        terminal.until(lambda: "F1 Help" in terminal.shown.split("\n")[35])
        terminal.resize(60, 20)
        terminal.until(lambda: "F1 Help" in terminal.shown.split("\n")[19])


def test_a_click_goes_where_it_points(serving: Serving) -> None:
    with at_home(serving) as terminal:
        terminal.until_shown("g y History")
        *_, keys = terminal.shown.split("\n")
        where = f"{keys.index('History') + 1};24"
        terminal.type(f"\x1b[<0;{where}M\x1b[<0;{where}m")
        terminal.until_shown("Textmeter  History")


def test_colours_are_as_many_as_the_terminal_says(serving: Serving) -> None:
    with at_home(serving, "-o", "SendEnv=COLORTERM", COLORTERM="truecolor") as terminal:
        assert TRUE_COLOUR in terminal.output
    with at_home(serving, COLORTERM="truecolor", TERM="xterm-256color") as terminal:
        assert TRUE_COLOUR not in terminal.output
        assert OF_256 in terminal.output


def test_a_paste_is_text_and_no_keys(serving: Serving) -> None:
    with in_compose(serving) as terminal:
        assert b"\x1b[?2004h" in terminal.output
        terminal.type(f"\x1b[200~first{CTRL_Q}\nsecond\x1b[201~")
        terminal.until_shown("first", "second")
        assert terminal.process.poll() is None


def test_what_is_copied_reaches_the_persons_own_clipboard(serving: Serving) -> None:
    with in_compose(serving) as terminal:
        terminal.type("to copy")
        terminal.until_shown("to copy")
        terminal.type(SHIFT_HOME + CTRL_C)
        copied = b64encode(b"to copy")
        terminal.until(lambda: b"\x1b]52;c;" + copied in terminal.output)


def test_the_language_is_the_persons(serving: Serving) -> None:
    with Terminal(ssh(serving, "maria", options=("-o", "SendEnv=LANG")), LANG="es_ES.UTF-8") as terminal:
        terminal.until_shown("créditos disponibles", "F1 Ayuda")


def test_whoever_is_killed_leaves_a_draft_and_nothing_else(serving: Serving) -> None:
    with in_compose(serving) as terminal:
        terminal.type("Killed in mid-sen")
        terminal.until_shown("Killed in mid-sen")
        terminal.send_signal(signal.SIGKILL)
        wait_until(lambda: not serving.left_over)
    assert serving.drafts("maria") == ["Killed in mid-sen"]


def test_whoever_stands_still_is_gone_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "KEEPALIVE", 1)
    with serving_in(tmp_path) as serving, in_compose(serving) as terminal:
        terminal.type("Stopped in mid-sen")
        terminal.until_shown("Stopped in mid-sen")
        terminal.send_signal(signal.SIGSTOP)
        wait_until(lambda: not serving.left_over)
        assert serving.drafts("maria") == ["Stopped in mid-sen"]


def test_a_demo_is_the_visitors_own_and_gone_with_them(serving: Serving) -> None:
    serving.serve_a_demo()
    folder = serving.server.runtime.folder
    with Terminal(ssh(serving, None)) as terminal:
        terminal.until_shown("1 of 6")  # the tour
        assert len([*folder.glob("*/demo.sqlite3")]) == 1
        terminal.send_signal(signal.SIGKILL)
        wait_until(lambda: not serving.left_over)
    assert [*folder.glob("**/demo.sqlite3*")] == [serving.server.runtime.template]
