"""From a command to the app and back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from textual.app import App

from store import Store
from store.errors import DatabaseTrouble
from store.sentences import sentence
from tests.tui.harness import make_store
from tui.app import TextmeterApp
from tui.commands.context import Session
from tui.commands.entry import run
from tui.i18n.language import Language
from tui.launch import FRAMES_PER_SECOND, open_app


def test_what_stopped_the_app_is_said_on_stderr_and_in_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def damaged(session: Session) -> Store:
        raise DatabaseTrouble(sentence("{path} is damaged.", path="/tmp/\x1b[2J"))

    monkeypatch.setattr(Session, "_why_not_draw", lambda session: None)
    monkeypatch.setattr(Session, "_open", damaged)
    monkeypatch.setattr(TextmeterApp, "run", lambda app: App.run(app, headless=True))
    assert run([]) == 1
    assert capsys.readouterr().err == "/tmp/␛[2J is damaged.\n"


def test_signals_that_come_while_the_app_is_left_take_nothing_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a server that hangs up, and from the terminal that is gone with it."""
    monkeypatch.setattr(TextmeterApp, "run", lambda app: App.run(app, headless=True))
    left = TextmeterApp.on_unmount
    done: list[str] = []

    def hung_up_again(app: TextmeterApp) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        left(app)
        done.append("left in order")

    def hung_up() -> Store:
        os.kill(os.getpid(), signal.SIGHUP)
        return make_store(tmp_path)

    monkeypatch.setattr(TextmeterApp, "on_unmount", hung_up_again)
    assert open_app(hung_up, Language("en")) == 128 + signal.SIGHUP
    assert done == ["left in order"]


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


def test_what_nobody_foresaw_is_handed_to_the_command_and_no_traceback_is_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Store:
        raise ZeroDivisionError("secret in a local variable")

    monkeypatch.setattr(TextmeterApp, "run", lambda app: App.run(app, headless=True))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - a worker's failure, whatever its kind
        open_app(broken, Language("en"))
    assert "ZeroDivisionError" in str(caught.value) + repr(caught.value.__cause__)
    out = capsys.readouterr()
    assert out.out + out.err == ""
