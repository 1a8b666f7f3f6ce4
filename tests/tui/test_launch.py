"""From a command to the app and back."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from store import Store
from store.errors import DatabaseTrouble
from store.messages.model import Draft
from store.sentences import sentence
from tests.tui.harness import make_app, make_store, settled
from tui.app import TextmeterApp
from tui.commands.context import Session
from tui.commands.entry import run
from tui.i18n.language import Language
from tui.launch import FRAMES_PER_SECOND, open_app, run_app


def test_what_stopped_the_app_is_said_on_stderr_and_in_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def damaged(session: Session) -> Store:
        raise DatabaseTrouble(sentence("{path} is damaged.", path="/tmp/\x1b[2J"))

    monkeypatch.setattr(Session, "_why_not_draw", lambda session: None)
    monkeypatch.setattr(Session, "_open", damaged)
    monkeypatch.setattr(TextmeterApp, "run", lambda app: App.run(app, headless=True, size=(80, 24)))
    assert run([]) == 1
    assert capsys.readouterr().err == "/tmp/␛[2J is damaged.\n"


def test_frames_come_often_enough_for_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TextmeterApp, "run", lambda app: None)
    monkeypatch.delenv("TEXTUAL_FPS", raising=False)
    assert open_app(lambda: None, Language("en")) == 0  # type: ignore[arg-type, return-value]
    assert os.environ["TEXTUAL_FPS"] == FRAMES_PER_SECOND


def test_a_draft_that_could_not_be_kept_on_leaving_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(app: TextmeterApp) -> None:
        app.failure = DatabaseTrouble(sentence("The disk is full."))

    monkeypatch.setattr(TextmeterApp, "run", leave)
    with pytest.raises(DatabaseTrouble, match="The disk is full"):
        open_app(lambda: None, Language("en"))  # type: ignore[arg-type, return-value]


def test_a_second_signal_that_ends_it_loses_nothing_of_what_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a terminal that is gone and a server that is gone tell of it, one after the other."""

    async def type_until_it_ends(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*"Sunday")
        os.kill(os.getpid(), signal.SIGHUP)

    store = make_store(tmp_path)
    save, ends = store.messages.save_draft, iter((signal.SIGHUP, signal.SIGTERM))

    def save_meanwhile(draft: Draft) -> Draft:
        if (another := next(ends, None)) is not None:
            os.kill(os.getpid(), another)
        return save(draft)

    monkeypatch.setattr(store.messages, "save_draft", save_meanwhile)
    monkeypatch.setattr(
        TextmeterApp,
        "run",
        lambda app: App.run(app, headless=True, size=(80, 24), auto_pilot=type_until_it_ends),
    )
    assert run_app(make_app(store, first="compose")) == 128 + signal.SIGHUP
    assert [draft.body for draft in store.messages.drafts()] == ["Sunday"]


def test_what_nobody_foresaw_is_handed_to_the_command_and_no_traceback_is_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Store:
        raise ZeroDivisionError("secret in a local variable")

    monkeypatch.setattr(TextmeterApp, "run", lambda app: App.run(app, headless=True, size=(80, 24)))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - a worker's failure, whatever its kind
        open_app(broken, Language("en"))
    assert "ZeroDivisionError" in str(caught.value) + repr(caught.value.__cause__)
    out = capsys.readouterr()
    assert out.out + out.err == ""
