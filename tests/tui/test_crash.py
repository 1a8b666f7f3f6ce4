"""An error that nobody foresaw: the draft is kept first, and its person is told in one calm paragraph."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from store import Store
from store.errors import DatabaseTrouble
from store.messages.model import Draft
from store.sentences import sentence
from tests.tui.harness import make_store, settled
from tests.tui.pty_app import Window, make_database
from tui.app import TextmeterApp
from tui.commands.context import Session
from tui.commands.entry import run

WORDS = "Zoë owes 4,000"
NUMBER = "+14155550123"


def crash(app: TextmeterApp) -> None:
    """As a mistake of ours would, with somebody's words in it."""
    words, number = WORDS, NUMBER
    raise LookupError(f"no such person: {words}, {number}")


@pytest.fixture
def crashing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The app on a terminal that isn't there, in which words are typed, and which fails at once after the
    last of them."""

    async def type_and_crash(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press("f3")
        await settled(pilot)
        for key in WORDS:
            await pilot.press({" ": "space", ",": "comma"}.get(key, key))
        await pilot.press("f1")

    store = make_store(tmp_path)
    monkeypatch.setattr(Session, "_why_not_draw", lambda session: None)
    monkeypatch.setattr(Session, "_open", lambda session: store)
    monkeypatch.setattr(TextmeterApp, "help", crash)
    monkeypatch.setattr(
        TextmeterApp, "run", lambda app: App.run(app, headless=True, size=(80, 24), auto_pilot=type_and_crash)
    )
    return store


def reports(home: Path) -> list[Path]:
    return sorted((home / ".local/state/textmeter").glob("textmeter-error-*.txt"))


def test_the_draft_is_kept_and_one_paragraph_says_so(
    crashing: Store, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--screen", "compose"]) == 1
    assert [draft.body for draft in crashing.messages.drafts()] == [WORDS]
    out, err = capsys.readouterr()
    (report,) = reports(home)
    assert (out, err.count("\n")) == ("", 1)
    assert "Your draft and everything else are saved." in err
    assert str(report) in err
    assert "Traceback" not in err


def test_the_report_says_where_it_happened_and_nothing_of_anybody(crashing: Store, home: Path) -> None:
    run(["--screen", "compose"])
    (report,) = reports(home)
    said = report.read_text(encoding="utf-8")
    assert "tests/tui/test_crash.py" in said
    assert "LookupError: …no such person: …" in said
    assert "screen: ComposeScreen" in said
    assert re.search(r"last actions: .*help$", said, re.MULTILINE)
    assert re.search(r"^textual: 8", said, re.MULTILINE)
    for theirs in (WORDS, NUMBER, "Zoë", "4,000", "415", str(home)):
        assert theirs not in said
    assert report.stat().st_mode & 0o077 == 0


def test_it_is_told_in_the_sessions_language(crashing: Store, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--lang", "es", "--screen", "compose"])
    assert "Tu borrador y todo lo demás están guardados." in capsys.readouterr().err


def test_a_draft_that_could_not_be_kept_is_not_said_to_be(
    crashing: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(draft: Draft) -> Draft:
        raise DatabaseTrouble(sentence("The disk is full."))

    monkeypatch.setattr(crashing.messages, "save_draft", full)
    run(["--screen", "compose"])
    said = capsys.readouterr().err
    assert "may not be saved" in said
    assert "Your draft and everything else are saved" not in said


def test_five_reports_are_kept_at_most(crashing: Store, home: Path) -> None:
    folder = home / ".local/state/textmeter"
    folder.mkdir(parents=True)
    for day in range(1, 8):
        (folder / f"textmeter-error-2020010{day}-000000-1.txt").touch()
    run(["--screen", "compose"])
    assert len(reports(home)) == 5
    assert "20200107" in reports(home)[-2].name


A_KEY = """
from tui.app import TextmeterApp
def help(app):
    words, number = "Zoë owes 4,000", "+14155550123"
    raise LookupError(f"no such person: {words}, {number}")
TextmeterApp.help = help
"""
A_WORKER = """
from tui.app import TextmeterApp
def fail(store):
    words, number = "Zoë owes 4,000", "+14155550123"
    raise LookupError(f"no such person: {words}, {number}")
TextmeterApp.help = lambda app: app.finish(app.fetch(fail))
"""
"""Mistakes in what F1 does, at once and in a thread."""
MODES = {b"?1049": "the other screen", b"?1000": "the mouse", b"?1004": "the focus", b"?2004": "pastes"}
"""What the app sets of a terminal."""


@pytest.mark.parametrize("mistake", [A_KEY, A_WORKER], ids=["in a key", "in a worker"])
def test_a_process_that_crashes_leaves_a_terminal_a_draft_and_a_report(tmp_path: Path, mistake: str) -> None:
    database = make_database(tmp_path)
    window = Window(database, "--lang", "es", "--screen", "compose", before=mistake)
    try:
        window.shows("300 créditos")  # the database is open, and the focus stays where it is put
        window.send(b"\t\t" + WORDS.encode())
        window.shows(WORDS)
        window.send(b"\x1bOP")  # F1
        assert window.ends() == 1
        assert window.is_cooked
    finally:
        window.close()
    assert window.raw.rfind(b"\x1b[?25h") > window.raw.rfind(b"\x1b[?25l"), "the cursor"
    for mode, what in MODES.items():
        assert window.raw.rfind(b"\x1b[" + mode + b"l") > window.raw.rfind(b"\x1b[" + mode + b"h") >= 0, what
    said = re.sub(rb"\x1b[^a-zA-Z]*[a-zA-Z]", b"", window.raw.rpartition(b"\x1b[?1049l")[2]).decode()
    (report,) = reports(tmp_path)
    (paragraph,) = [line for line in map(str.strip, said.splitlines()) if line]
    assert "Tu borrador y todo lo demás están guardados." in paragraph
    assert paragraph.endswith(str(report))
    store = Store(str(database))
    assert [draft.body for draft in store.messages.drafts()] == [WORDS]
    store.close()
    told = report.read_text(encoding="utf-8")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "LookupError: …no such person: …" in told
    assert "<string>:5 in " in told
    for theirs in (WORDS, NUMBER, "Zoë", "4,000", "415", str(tmp_path)):
        assert theirs not in told
    log = report.with_name("textmeter.log").read_text(encoding="utf-8")
    assert "ended by an error in ComposeScreen" in log
    assert "Zoë" not in log
