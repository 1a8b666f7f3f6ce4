"""The senders' screen: its list, the form with what a provider needs, the check step by step, the removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from store import Store, secrets
from store.clock import FixedClock
from store.messages import providers
from store.messages.model import Draft
from store.messages.providers import Option
from store.roles import Person, Role
from tests.store.mail import server
from tests.store.messages.providers import loopback
from tests.store.messages.providers.twilio_standin import ACCOUNT, OURS, TOKEN, TwilioStandin
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, front, make_app, make_store, off, offered, press, settled, toasts, words
from tests.waiting import until
from tui.app import TextmeterApp
from tui.base.picker import PickScreen
from tui.home.screen import HomeScreen
from tui.settings.screen import SettingsScreen
from tui.settings.sender_check import SenderCheckScreen
from tui.settings.sender_form import SenderFormScreen
from tui.settings.sender_removal import RemovalScreen
from tui.settings.senders import SendersScreen

SIZE = (120, 36)
TWILIO = {"provider": "twilio", "number": OURS, "account_sid": ACCOUNT, "auth_token": TOKEN}
PHONE = {"provider": "smsgate", "account": "1", "url": "http://192.168.1.20:8080", "username": "sms"}


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    """Secrets are kept in a home of the test's own."""


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioStandin]:
    """A stand-in of Twilio's, which senders reach instead of it."""
    twilio = TwilioStandin()
    with loopback.running(twilio):
        module = providers.module("twilio")
        address = Option("Address", "", required=False, default=twilio.url)
        monkeypatch.setattr(module, "OPTIONS", {**module.OPTIONS, "base_url": address})
        yield twilio


def store_with(folder: Path, **senders: Mapping[str, str]) -> Store:
    store = make_store(folder)
    for name, values in senders.items():
        store.senders.set(name, values)
    return store


async def at_senders(pilot: Pilot[Any], app: TextmeterApp) -> None:
    await settled(pilot)
    app.open_senders()
    await settled(pilot)


def shown(app: TextmeterApp) -> str:
    """What is on the screen, without runs of spaces."""
    return " ".join(words(app).split())


# The list


async def test_it_is_reached_from_settings_and_by_name(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "g", "f")
        assert front(app) is SendersScreen
        assert "There are no senders yet, so texts and emails are simulated" in shown(app)
        await press(pilot, "escape")
        assert front(app) is SettingsScreen
        await press(pilot, "f2")
        assert front(app) is HomeScreen
        offered(app)["Senders"].run(app)
        await settled(pilot)
        assert front(app) is SendersScreen


async def test_each_sender_has_its_number_and_what_is_left_today(tmp_path: Path) -> None:
    store = store_with(tmp_path, office=TWILIO | {"per_day": "50"}, phone=PHONE)
    store.messages.send(1, Draft(body="Hi", to=("+14155550123",)))
    store.senders.caps.took("office", ["+14155550123"])
    app = make_app(store)
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        assert "office Twilio (415) 555-0100 All accounts 10 a second 49 of 50" in shown(app)
        assert "phone Android phone Account 1 1 a minute 500 of 500" in shown(app)
        assert "Texts only, no pictures." in shown(app)
        await press(pilot, "down")
        assert "Up to 250 people a month." in shown(app)
        assert TOKEN not in words(app)


# The form


async def test_a_sender_is_added_in_words_and_checked(tmp_path: Path, twilio: TwilioStandin) -> None:
    store = make_store(tmp_path)
    app = make_app(store)
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "n")
        assert front(app) is PickScreen
        assert "An Android phone (SMSGate)" in words(app)
        await press(pilot, "enter")
        assert front(app) is SenderFormScreen
        await press(pilot, "down", *"(415) 555-0100", "enter", *ACCOUNT, "enter", *TOKEN)
        assert TOKEN not in words(app)
        await press(pilot, "ctrl+s")
        assert front(app) is SenderCheckScreen
        assert "✓ Your Twilio account is active." in shown(app)
        await press(pilot, "escape")
        assert front(app) is SendersScreen
        assert "twilio Twilio (415) 555-0100 All accounts 10 a second no limit" in shown(app)
    info = store.senders.get("twilio")
    assert (info.number, info.account_id, info.options) == (OURS, None, {"account_sid": ACCOUNT})
    assert TOKEN in secrets.path().read_text(encoding="utf-8")


async def test_a_sender_of_emails_is_added_changed_and_removed_in_the_same_places(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store)
    with server.running() as inbox:
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await at_senders(pilot, app)
            await press(pilot, "n", *["down"] * 4, "enter")
            assert "A mail server, for emails (SMTP)" in shown(app)
            await press(pilot, "down", *"office", "enter", *"Zoe", "enter", *"127.0.0.1", "ctrl+s")
            assert "“office” isn't an email address." in shown(app)
            await press(pilot, *"@agent.test", *["down"] * 3, *str(inbox.port), "enter", *"none", "ctrl+s")
            assert front(app) is SenderCheckScreen
            assert "✓ It accepts mail from office@agent.test." in shown(app)
            assert "! No mailbox is set up" in shown(app)
            await press(pilot, "escape")
            assert "email Mail server office@agent.t" in shown(app)
            await press(pilot, "d")
            assert "No emails are waiting for it." in shown(app)
            await press(pilot, "escape", "enter")
            app.screen.query_one("#per_day", Input).focus()
            await press(pilot, *"500", "ctrl+s")
        assert inbox.mails == []
    info = store.email_senders.get("email")
    assert (info.number, info.per_day, info.options["from_name"]) == ("office@agent.test", 500, "Zoe")
    assert store.senders.ids() == []


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("id", "My Office", "can't be a sender's name"),
        ("id", "office", "There is already a sender with this name."),
        ("number", "(415) 555-010", "has too few digits"),
        ("account_sid", "SK123", "That isn't a Twilio Account SID."),
        ("auth_token", "", "Auth Token is missing."),
        ("auth_token", "do0\x01not", "A secret must be one line of text."),
        ("callback_url", "http://example.org", "must start with https://"),
        ("per_second", "fast", "Type a number, not “fast”."),
        ("per_day", "many", "Type a number, not “many”."),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    tmp_path: Path, field: str, typed: str, says: str
) -> None:
    store = store_with(tmp_path, office=TWILIO)
    app = make_app(store)
    right = {"id": "second", "number": OURS, "account_sid": ACCOUNT, "auth_token": TOKEN, "per_day": "50"}
    async with app.run_test(size=(120, 50)) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "n", "enter")
        form = app.screen
        assert isinstance(form, SenderFormScreen)
        for name, value in (right | {field: typed}).items():
            form.query_one(f"#{name}", Input).value = value
        await settled(pilot)
        await press(pilot, "ctrl+s")
        assert front(app) is SenderFormScreen
        assert app.focused is not None
        assert app.focused.id == field
        assert says in shown(app)
        held = {name: form._values[name] for name in right}
        assert held == right | ({field: typed} if field in right else {})
    assert store.senders.ids() == ["office"]
    assert "sender.second" not in secrets.path().read_text(encoding="utf-8")


async def test_a_password_is_kept_unseen_until_another_is_typed(
    tmp_path: Path, twilio: TwilioStandin
) -> None:
    store = store_with(tmp_path, office=TWILIO | {"per_day": "50"})
    app = make_app(store)
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "enter")
        assert TOKEN not in words(app)
        assert "Auth Token set; leave empty to keep it" in shown(app)
        assert "(415) 555-0100" in shown(app)
        app.screen.query_one("#per_day", Input).focus()
        await press(pilot, "end", "0", "ctrl+s")
        assert front(app) is SenderCheckScreen
    info = store.senders.get("office")
    assert (info.number, info.per_day) == (OURS, 500)
    assert TOKEN in secrets.path().read_text(encoding="utf-8")


async def test_the_account_is_chosen_among_those_that_send_texts(tmp_path: Path) -> None:
    store = store_with(tmp_path, office={"provider": "simulated"})
    store.credits.open_account("agent-email", "free", "America/New_York")
    other = store.credits.open_account("community-texts", "200", "America/New_York")
    app = make_app(store)
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "enter")
        assert "Account All accounts ▾" in shown(app)
        app.screen.query_one("#account").focus()
        await press(pilot, "enter")
        assert front(app) is PickScreen
        choices = app.screen.query_one(OptionList)
        assert choices.option_count == 3
        await press(pilot, "down", "down", "enter")
        assert front(app) is SenderFormScreen
        assert f"Account Account {other.id}: Community texts" in shown(app)
        assert app.focused is not None
        assert app.focused.id == "per_second"
        await press(pilot, "ctrl+s")
        assert store.senders.get("office").account_id == other.id
        await press(pilot, "escape", "enter")
        app.screen.query_one("#account").focus()
        await press(pilot, "space", "up", "up", "enter", "ctrl+s")
    assert store.senders.get("office").account_id is None


async def test_leaving_what_was_changed_needs_a_second_press(tmp_path: Path) -> None:
    store = store_with(tmp_path, office=TWILIO)
    app = make_app(store)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "enter", "escape")
        assert front(app) is SendersScreen
        await press(pilot, "enter", "end", "9", "escape")
        assert front(app) is SenderFormScreen
        await press(pilot, "escape")
        assert front(app) is SendersScreen
    assert store.senders.get("office").number == OURS


# The check


async def test_a_check_tells_what_is_missing_and_what_to_do(tmp_path: Path, twilio: TwilioStandin) -> None:
    app = make_app(store_with(tmp_path, office=TWILIO))
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "r")
        assert front(app) is SenderCheckScreen
        assert "Check of office: 1 warning." in shown(app)
        assert "! US carriers block texts from (415) 555-0100" in shown(app)
        assert "put the number in a Messaging Service" in shown(app)
        twilio.number["phone_number"] = "+14155550199"
        await press(pilot, "r")
        assert "Check of office: 1 thing to fix." in shown(app)
        assert "× (415) 555-0100 isn't one of this account's numbers." in shown(app)
    assert twilio.count("POST") == 0


async def test_what_is_found_stands_while_the_next_step_takes_long_and_can_be_left(
    tmp_path: Path, twilio: TwilioStandin
) -> None:
    app = make_app(store_with(tmp_path, office=TWILIO))
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        real = twilio.answer

        def slow(asked: loopback.Asked) -> loopback.Answer:
            if "Balance" in asked.path:
                twilio.released.wait()
            return real(asked)

        twilio.answer = slow  # type: ignore[method-assign]
        await pilot.press("r")
        await until(lambda: "✓ Your Twilio account is active." in shown(app), lambda: shown(app))
        assert "Checking office …" in shown(app)
        await pilot.press("escape")
        await until(lambda: front(app) is SendersScreen)
        twilio.released.set()
        await settled(pilot)
        assert front(app) is SendersScreen


async def test_a_sender_that_is_gone_meanwhile_is_told(tmp_path: Path) -> None:
    store = store_with(tmp_path, office={"provider": "simulated"})
    app = make_app(store)
    async with app.run_test(size=SIZE) as pilot:
        await at_senders(pilot, app)
        store.senders.remove("office")
        await press(pilot, "r")
        assert "× There is no sender “office”." in shown(app)


# The removal


async def test_a_removal_says_what_waits_and_can_be_left(tmp_path: Path) -> None:
    store = store_with(tmp_path, office=TWILIO)
    store.messages.send(1, Draft(body="Hi", to=("+14155550123", "+14155550124")))
    app = make_app(store)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await at_senders(pilot, app)
        await press(pilot, "d")
        assert front(app) is RemovalScreen
        assert "2 texts are waiting for it, and will wait" in shown(app)
        await press(pilot, "escape")
        assert store.senders.ids() == ["office"]
        await press(pilot, "d", "enter")
        assert front(app) is SendersScreen
        assert toasts(app) == ["Sender office was removed."]
        assert "There are no senders yet" in shown(app)
    assert store.senders.ids() == []
    assert TOKEN not in secrets.path().read_text(encoding="utf-8")


# Whose it isn't


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER, None])
async def test_whoever_doesnt_run_it_changes_nothing_and_sees_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role | None
) -> None:
    store_with(tmp_path, office=TWILIO).close()
    if role is None:
        monkeypatch.setattr("store.paths._within_reach", False)
    person = Person("ann", role or Role.OWNER)
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=person)
    app = make_app(store)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await at_senders(pilot, app)
        assert "office Twilio" in shown(app)
        assert off(app) >= {"n Add", "Enter Edit", "r Check", "d Remove"}
        for key in ("a", "enter", "c", "d"):
            await press(pilot, key)
            assert front(app) is SendersScreen
        assert any("owner" in told or "on the machine that runs Textmeter" in told for told in toasts(app))
        await pilot.pause()


async def test_demo_data_has_no_senders_of_ones_own(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await at_senders(pilot, app)
        app.demo_shown = True
        await press(pilot, "n")
        assert front(app) is SendersScreen
        assert any("This is demo data" in told for told in toasts(app))


# Pictures


def filled(folder: Path) -> Store:
    modem = {"provider": "gammu", "number": "+14155550102", "per_day": "200"}
    return store_with(folder, office=TWILIO | {"per_day": "1000"}, phone=PHONE, modem=modem)


async def test_the_chosen_one_stands_beside_the_list_where_there_is_room(tmp_path: Path) -> None:
    app = make_app(filled(tmp_path))
    async with app.run_test(size=(160, 50)) as pilot:
        await at_senders(pilot, app)
        assert app.screen.query_one("#list").size.width <= 76
        assert "Carried by A modem (gammu-smsd)" in shown(app)
        await press(pilot, "down")
        assert "Carried by Twilio" in shown(app)
        assert "Left today 1,000 of 1,000" in shown(app)
        assert "Auth Token set" in shown(app)
        assert TOKEN not in shown(app)
        await pilot.resize_terminal(120, 36)
        await settled(pilot)
        assert "Auth Token" not in shown(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 50)], ids=str)
def test_list(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(filled(tmp_path))
    assert snap(app, size=size, before=lambda pilot: at_senders(pilot, app))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
def test_form_with_a_mistake(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(filled(tmp_path))

    async def mistake(pilot: Pilot[Any]) -> None:
        await at_senders(pilot, app)
        await press(pilot, "down", "enter", "down", *["backspace"] * 4, "ctrl+s")

    assert snap(app, size=size, before=mistake)


def test_form_of_a_sender_of_emails(snap: Snap, tmp_path: Path) -> None:
    store = make_store(tmp_path)
    post = {"number": "office@agent.test", "host": "mail.agent.test", "from_name": "Zoë Côté"}
    store.email_senders.set("post", {**post, "signature": "Zoë\\n*Agent*", "per_day": "500"})

    async def at_form(pilot: Pilot[Any]) -> None:
        await at_senders(pilot, app)
        await press(pilot, "enter", *["down"] * 8)

    app = make_app(store)
    assert snap(app, size=(120, 36), before=at_form)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
def test_check_in_spanish_by_day(
    snap: Snap, tmp_path: Path, twilio: TwilioStandin, size: tuple[int, int]
) -> None:
    app = make_app(store_with(tmp_path, office=TWILIO), language="es", theme="day")

    async def check(pilot: Pilot[Any]) -> None:
        await at_senders(pilot, app)
        await press(pilot, "r")

    assert snap(app, size=size, before=check)
