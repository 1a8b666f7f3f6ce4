"""The app on a terminal: its bytes, its sizes, its signals and its end, seen from outside."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from store import Store
from tests.tui.pty_app import CHECKOUT, Window, window
from tests.waiting import wait_until

WRITING = "Write your text"
QUIT = b"\x11"


def started(window: Window) -> Window:
    """A window whose database is open and whose text can be written."""
    window.shows("Left after")
    return window


def test_a_paste_with_an_escape_in_it_places_no_order(tmp_path: Path) -> None:
    with window(tmp_path, "--screen", "home") as app:
        app.shows("Renews")
        app.send(b"\x10")  # the palette, which a pasted Enter would take something of
        app.shows("What do you want to do?")
        app.send(b"\x1b[200~Qu\x1b[0mit\r\nQuit\r\n\x1b\r\x11\x1b[201~")
        app.shows("Qu")
        assert not app._has_ended()
        app.send(b"\x1b")
        wait_until(lambda: "What do you want" not in app.words)
        app.send(QUIT)
        assert app.ends() == 0


def test_coloured_text_is_pasted_with_its_words_in_order(tmp_path: Path) -> None:
    with window(tmp_path, "compose") as app:
        started(app).send(b"\x1b[200~Offer: \x1b[31mred house, at a very good\x1b[0m price\x1b[20")
        app.send(b"1~!")
        app.shows("Offer: red house, at a very good price!")


def test_bytes_that_are_no_text_and_late_answers_end_nothing(tmp_path: Path) -> None:
    with window(tmp_path, "compose") as app:
        started(app).send(
            b"caf\xe9 A\x1b[?62;22c\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\\x1b[99999999;5u\x1b[M \xff\xff"
        )
        app.send(b"B\x1bP>|tmux 3.3a\x1b\\C")
        app.shows("caf\ufffd ABC")
        app.send(QUIT)
        assert app.ends() == 0
        assert app.is_cooked


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_app_and_leaves_the_terminal_as_it_was(tmp_path: Path, number: int) -> None:
    with window(tmp_path, "compose") as app:
        started(app).signal(number, signal.SIGCONT)  # as systemd sends them
        assert app.ends() == 128 + number
        assert app.is_cooked
        assert app.raw.rfind(b"\x1b[?1049l") > app.raw.rfind(b"\x1b[?1049h")


def test_the_app_goes_on_after_it_was_stopped(tmp_path: Path) -> None:
    with window(tmp_path, "compose") as app:
        started(app).signal(signal.SIGSTOP)
        wait_until(lambda: app.state == "T")
        app.screen.reset()  # something else was on the terminal meanwhile
        app.signal(signal.SIGCONT)
        app.send(b"still here")
        app.shows("still here")
        app.shows("F5 Send")
        app.send(QUIT)
        assert app.ends() == 0
        assert app.is_cooked
        assert app.raw.count(b"\x1b[<u") == app.raw.count(b"u\x1b[>") + app.raw.count(b"\x1b[<u\x1b[?2004l")


def test_what_is_told_to_stop_gives_the_terminal_back_first(tmp_path: Path) -> None:
    with window(tmp_path, "compose") as app:
        started(app).signal(signal.SIGTSTP)
        wait_until(lambda: app.state == "T")
        assert app.is_cooked
        app.signal(signal.SIGCONT)
        app.send(b"back again")
        app.shows("back again")
        wait_until(lambda: not app.is_cooked)


def test_ctrl_z_on_home_leads_to_the_shell_and_fg_back(tmp_path: Path) -> None:
    with window(tmp_path, "--screen", "home", in_child=_below_a_shell) as app:
        app.shows("Renews")
        app.send(b"\x1a")
        app.shows("the shell is here")
        assert app.is_cooked
        app.screen.reset()
        app.send(b"\n")
        app.shows("Renews")
        wait_until(lambda: not app.is_cooked)
        app.send(QUIT)
        app.shows("it ended: 0")


def _below_a_shell() -> None:  # pragma: no cover - in a process of its own
    """Goes on as the job of a shell, in a group of processes of its own."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.setpgid(0, 0)
        while os.tcgetpgrp(0) != os.getpgrp():
            pass
        return
    os.tcsetpgrp(0, job)
    _, status = os.waitpid(job, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        os.tcsetpgrp(0, os.getpgrp())
        os.write(1, b"the shell is here")
        os.read(0, 1)
        os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)
        _, status = os.waitpid(job, 0)
    os.write(1, f"it ended: {os.waitstatus_to_exitcode(status)}".encode())
    os.read(0, 1)
    os._exit(0)


def test_ctrl_z_without_a_shell_says_so_and_stops_nothing(tmp_path: Path) -> None:
    with window(tmp_path, "--screen", "home") as app:
        app.shows("Renews")
        app.send(b"\x1a")
        app.shows("wasn't started from a shell")


def test_an_app_whose_terminal_is_gone_ends_though_hangups_are_ignored(tmp_path: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with window(tmp_path, "compose", in_child=ignore) as app:
        started(app).send(b"kept")
        app.shows("kept")
        os.close(app.fd)
        _, status = os.waitpid(app.pid, 0)
        app.code = os.waitstatus_to_exitcode(status)
        assert app.code == 128 + signal.SIGHUP
        store = Store(str(tmp_path / "textmeter.sqlite3"))
        assert [draft.body for draft in store.messages.drafts()] == ["kept"]
        store.close()


def test_the_terminals_own_size_counts_and_no_exported_one(tmp_path: Path) -> None:
    with window(tmp_path, "compose", env={"COLUMNS": "100", "LINES": "32"}) as app:
        started(app).resize(60, 20)
        app.shows("F5 Send")
        assert "F5 Send" in app.words.splitlines()[-1]


def test_a_terminal_that_takes_nothing_does_not_keep_the_app_from_ending(tmp_path: Path) -> None:
    with window(tmp_path, "compose") as app:
        started(app)
        for number in range(60):  # pictures that nobody reads
            app.resize(100 + number % 2, 32)
            app.send(b"x" * 50)
        app.signal(signal.SIGTERM)
        _, status = os.waitpid(app.pid, 0)
        app.code = os.waitstatus_to_exitcode(status)
        assert app.code == 128 + signal.SIGTERM


def test_tab_and_a_number_at_once_go_where_they_would_one_by_one(tmp_path: Path) -> None:
    with window(tmp_path, "--screen", "compose") as app:
        started(app).send(b"\t+14155550123")
        app.shows("To  +14155550123")
        assert WRITING in app.words


def test_what_is_typed_as_soon_as_the_text_shows_is_in_it(tmp_path: Path) -> None:
    with window(tmp_path, "compose", "Well, ") as app:
        app.shows("Well,")
        app.send(b"Hello")
        app.shows("Well, Hello")


def test_f11_quits(tmp_path: Path) -> None:
    with window(tmp_path, "compose") as app:
        started(app).send(b"\x1b[23~")
        assert app.ends() == 0


@pytest.mark.parametrize("name", ["dumb", "unknown"])
def test_a_terminal_that_cannot_draw_is_told_so(tmp_path: Path, name: str) -> None:
    with window(tmp_path, env={"TERM": name}) as app:
        assert app.ends() == 2
        assert f"(TERM={name})" in app.words
        assert b"\x1b[?1049h" not in app.raw


def test_what_a_thread_of_the_terminal_raises_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from tui.base.terminal import reading\n"
        "def broken(self, data):\n    raise ZeroDivisionError('secret')\n    yield\n"
        "reading.Reader.feed = broken\n"
    )
    path = os.pathsep.join([str(tmp_path), str(CHECKOUT), str(CHECKOUT / "tui")])
    with window(tmp_path, "compose", env={"PYTHONPATH": path}) as app:
        started(app).send(b"x")
        assert app.ends() == 1
        assert "unexpected error (ZeroDivisionError)" in " ".join(app.words.split())
        assert "Traceback" not in app.words
        assert app.is_cooked
