"""Diagnostics: what `doctor` finds, on a screen that can be copied and has nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, front, make_app, make_store, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.diagnostics import checks
from tui.diagnostics.checks import Finding
from tui.diagnostics.screen import DiagnosticsScreen


def shown(app: TextmeterApp) -> str:
    assert isinstance(app.screen, DiagnosticsScreen)
    return app.screen._text()


async def test_it_is_reached_from_settings_and_shows_what_doctor_finds(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=(120, 60)) as pilot:
        await settled(pilot)
        await press(pilot, "v")
        assert front(app) is DiagnosticsScreen
        said = shown(app)
        for line in ("textual: 8.2.8", "Terminal: xterm-256color", "Table version:", "Ledger: 1 account, "):
            assert line in said
        assert "Log: ~/.local/state/textmeter/textmeter.log" in said
        assert "Everything is OK." in words(app)


async def test_it_is_copied_and_saved_as_text(tmp_path: Path, home: Path) -> None:
    app = make_app(make_store(tmp_path), first="diagnostics")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+c")
        assert app.clipboard == shown(app)
        await press(pilot, "s")
        file = home / "textmeter-diagnostics.txt"
        assert file.read_text(encoding="utf-8") == shown(app)
        assert file.stat().st_mode & 0o077 == 0
        assert any("Diagnostics saved as" in toast for toast in toasts(app))


async def test_nothing_of_anybodys_is_in_it(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://zoe@127.0.0.1:1?from=zoe@example.com&to=zoe@example.com")
    store = make_store(tmp_path)
    with store.connection():
        store.senders.set("zoes-phone", {"provider": "simulated", "number": "+14155550123"})
    app = make_app(store, first="diagnostics")
    async with app.run_test(size=(120, 60)) as pilot:
        await settled(pilot)
        for said in (shown(app), words(app)):
            assert "zoe" not in said
            assert "4155550123" not in said
            assert str(home) not in said
            assert "Simulated" in said


async def test_what_is_to_be_fixed_comes_first(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    (tmp_path / "textmeter.sqlite3").chmod(0o644)
    app = make_app(store, first="diagnostics")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        said = words(app)
        assert said.index("1 thing to fix") < said.index("chmod 600") < said.index("textual")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER])
async def test_a_guest_sees_nothing_of_the_machine(tmp_path: Path, role: Role) -> None:
    make_store(tmp_path).close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=Person("ann", role))
    app = make_app(store, first="diagnostics")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "textual" in shown(app)
        assert "Database" not in shown(app)
        assert "config.toml" not in shown(app)


def found_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same findings on every machine."""

    def program(*_: object) -> Iterator[Finding]:
        yield from (Finding("textmeter", "0.1.0"), Finding("textual", "8.2.8"), Finding("terminal", "xterm"))

    def files(*_: object) -> Iterator[Finding]:
        yield from (Finding("config", "~/.config/textmeter/config.toml"), Finding("catalog", "built-in"))

    def data(*_: object) -> Iterator[Finding]:
        yield Finding("database", "~/.local/share/textmeter/textmeter.sqlite3")
        yield Finding("permissions", "644", "Other users of this computer can read your contacts.")

    for name, findings in (("program", program), ("files", files), ("data", data)):
        monkeypatch.setattr(checks, name, findings)


def test_picture(snap: Snap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found_alike(monkeypatch)
    assert snap(make_app(make_store(tmp_path), first="diagnostics"), size=(80, 24))
