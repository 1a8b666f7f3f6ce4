"""The settings screen: what it shows, what it changes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store, config, secrets
from store.clock import FixedClock
from store.config.schema import SCHEMA
from store.roles import Person, Role
from store.secrets import Place, Secret
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, front, make_app, make_store, off, offered, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.base.picker import PickScreen
from tui.home.screen import HomeScreen
from tui.settings.field import FieldScreen
from tui.settings.presentation import GROUPS, OWN
from tui.settings.screen import SettingsScreen

VALUE = "hunter2-hunter2"
SIZE = (120, 40)


@pytest.fixture
def file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, with something in it, beside a variable that is set."""
    path = home / ".config" / "textmeter" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("# Ours\n[serve]\nidle = 20\n", encoding="utf-8")
    monkeypatch.setenv("TEXTMETER_SERVE_LONGEST", "60")
    return path


def line(app: TextmeterApp, name: str) -> str:
    """The line of a setting, without runs of spaces."""
    rows = (" ".join(row.split()) for row in words(app).splitlines())
    return next(row for row in rows if row.removeprefix("› ").startswith(name))


def down_to(app: TextmeterApp, key: str) -> list[str]:
    """The keys that lead from the first line to a setting."""
    screen = app.screen
    assert isinstance(screen, SettingsScreen)
    rows = [row for row in screen._own() if hasattr(row, "choice")]
    keys = [seen.entry.key for seen in screen._found if seen.entry.key not in OWN]
    return ["down"] * (len(rows) + keys.index(key))


async def test_each_setting_has_its_value_and_where_that_comes_from(tmp_path: Path, file: Path) -> None:
    secrets.keep("mail.password", VALUE)
    app = make_app(make_store(tmp_path), first="settings")
    app.options = {"account": 1}
    async with app.run_test(size=(120, 60)) as pilot:
        await settled(pilot)
        assert line(app, "Theme") == "› Theme Night default"
        assert line(app, "Account") == "Account 1 option"
        assert line(app, "Mail password") == "Mail password set file"
        assert line(app, "Stripe key") == "Stripe key not set"
        assert line(app, "Idle minutes") == "Idle minutes 20 file"
        assert line(app, "Longest session") == "Longest session 60 environment"
        assert line(app, "Sign-in attempts") == "Sign-in attempts 60 default"
        assert VALUE not in words(app)


async def test_enter_changes_what_is_in_the_file_and_keeps_the_rest(tmp_path: Path, file: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *down_to(app, "serve.idle"), "enter")
        assert front(app) is FieldScreen
        await press(pilot, "backspace", "backspace", "x", "enter")
        assert "must be a whole number from 1" in " ".join(words(app).split())
        assert file.read_text(encoding="utf-8") == "# Ours\n[serve]\nidle = 20\n"
        await press(pilot, "backspace", "4", "5", "enter")
        assert front(app) is SettingsScreen
        assert toasts(app) == ["Idle minutes: saved. It takes effect at the next start."]
        assert line(app, "Idle minutes") == "› Idle minutes 45 file"
        assert file.read_text(encoding="utf-8") == "# Ours\n[serve]\nidle = 45\n"
        await press(pilot, "delete")
        assert line(app, "Idle minutes").endswith("15 default")
        assert config.number("serve.idle") == 15
        await press(pilot, "delete")
        assert "This setting isn't in the file." in toasts(app)
        await pilot.pause()


async def test_esc_leaves_it_as_it_was(tmp_path: Path, file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *down_to(app, "mail.url"), "enter", "s", "escape", "enter", "enter")
        assert front(app) is SettingsScreen
        assert toasts(app) == []
        await press(pilot, "escape")
        assert front(app) is HomeScreen
    assert file.read_text(encoding="utf-8") == before


async def test_what_the_environment_sets_is_off_with_the_reason(tmp_path: Path, file: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *down_to(app, "serve.longest"))
        assert off(app) >= {"Enter Change"}
        assert "The environment variable TEXTMETER_SERVE_LONGEST sets this." in " ".join(words(app).split())
        await press(pilot, "enter")
        assert front(app) is SettingsScreen
        assert toasts(app) == ["The environment variable TEXTMETER_SERVE_LONGEST sets this. Change it there."]
        await pilot.pause()


async def test_a_secret_is_typed_unseen_and_kept_as_secrets_are(tmp_path: Path, file: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, *down_to(app, "stripe.key"), "enter", *VALUE)
        assert VALUE not in words(app)
        await press(pilot, "enter")
        assert line(app, "Stripe key").endswith("set file")
        assert secrets.secret("stripe.key") == Secret(VALUE, Place.FILE)
        assert VALUE not in file.read_text(encoding="utf-8")
        await press(pilot, "delete")
        assert line(app, "Stripe key").endswith("not set")
    assert secrets.secret("stripe.key") is None


async def test_look_and_language_are_chosen_here_too(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="settings")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert front(app) is PickScreen
        await press(pilot, "down", "enter")
        assert line(app, "Theme") == "› Theme Day chosen here"
        await press(pilot, "down", "enter", "e", "s", "p", "enter")
        assert line(app, "Idioma") == "› Idioma español elegido aquí"
    assert (store.settings.read("theme"), store.settings.read("language")) == ("day", "es")


def test_every_group_of_settings_has_a_heading() -> None:
    assert {entry.group for entry in SCHEMA} <= GROUPS.keys()


async def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, file: Path) -> None:
    file.write_text("[serve]\nidle = 0\n", encoding="utf-8")
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        shown = "".join(words(app).split())  # a long path breaks the line anywhere
        assert "config.toml,line2,serve.idle:mustbeawholenumber" in shown
        assert line(app, "Theme") == "› Theme Night default"


async def test_secrets_that_others_can_read_are_told(tmp_path: Path, file: Path) -> None:
    store = make_store(tmp_path)
    secrets.keep("mail.password", VALUE)
    app = make_app(store, first="settings")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        secrets.path().chmod(0o644)
        app.data_changed()
        await settled(pilot)
        await press(pilot, *down_to(app, "mail.password"))
        assert line(app, "Mail password").endswith("can't be read")
        assert "chmod 600" in words(app)
    secrets.path().chmod(0o600)


async def test_it_is_reached_from_the_palette(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        offered(app)["Settings"].run(app)
        await settled(pilot)
        assert front(app) is SettingsScreen


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER, None])
async def test_whoever_doesnt_run_it_sees_only_what_is_their_own(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, role: Role | None
) -> None:
    make_store(tmp_path).close()
    person = Person("ann", role or Role.OWNER)
    if role is None:
        monkeypatch.setattr("store.paths._within_reach", False)
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=person)
    app = make_app(store, first="settings")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "The other settings belong to the person who runs this server." in " ".join(shown.split())
        assert str(tmp_path) not in shown
        assert "Idle minutes" not in shown
        await press(pilot, "down", "down", "down")
        assert line(app, "Language") == "› Language English default"


async def test_the_cursor_passes_over_the_names_of_groups(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert line(app, "Theme").startswith("›")
        await press(pilot, "down", "down")
        assert line(app, "Database").startswith("›")
        await press(pilot, "up")
        assert line(app, "Language").startswith("›")
        await press(pilot, "home", "up")
        assert "For you" in words(app)
        assert line(app, "Theme").startswith("›")
        await press(pilot, "end")
        assert line(app, "Emergencies by email").startswith("›")


def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TextmeterApp:
    secrets.keep("mail.password", VALUE)
    monkeypatch.setenv("TEXTMETER_DATABASE", "postgresql://maria:secret@db.example.com/texts")
    app = make_app(make_store(tmp_path), first="settings")
    app.options = {"account": 1}
    return app


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 50)], ids=str)
def test_settings(
    snap: Snap, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    assert snap(prepared(tmp_path, monkeypatch), size=size, keys=("down", "down"))


def test_a_setting_is_typed_in_spanish_by_day(snap: Snap, tmp_path: Path, file: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings", language="es", theme="day")
    assert snap(app, size=(80, 24), keys=(*["down"] * 5, "enter"))
