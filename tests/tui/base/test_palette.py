"""The palette: everything that there is and can be done, by a few letters of its name, from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from store import Store
from store.messages.model import Draft, Template, When
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, front, make_app, make_store, press, settled, text, toasts, words
from tui.app import TextmeterApp
from tui.base.finds import PEOPLE, Asked, Find
from tui.base.palette import Palette
from tui.billing.card import CardScreen
from tui.billing.plans import PlansScreen
from tui.blasts.screen import BlastScreen
from tui.compose.screen import ComposeScreen
from tui.contacts.contact import ContactScreen
from tui.contacts.importing import ImportScreen
from tui.contacts.screen import ContactsScreen
from tui.history.entry import EntryScreen
from tui.history.screen import HistoryScreen
from tui.home.screen import HomeScreen
from tui.scheduled.screen import ScheduledScreen
from tui.settings.screen import SettingsScreen
from tui.templates.screen import TemplatesScreen

SIZE = (120, 36)
ZOE = "+14155550116"


def busy(folder: Path) -> Store:
    """A store with something of everything that the palette finds."""
    store = make_store(folder)
    with store.connection():
        store.people.add(
            first_name="Zoë", last_name="Côté", phone=ZOE, email="", groups=("Buyers",), region="US"
        )
        store.people.add(
            first_name="[bold]Eve[/]", last_name="\u202eLee", phone="+14155550117", email="", region="US"
        )
        store.templates.save(Template("Price drop", "The price of {address} dropped."))
        store.messages.save_draft(Draft(body="Keys are under the mat", to=(ZOE,)))
        store.messages.send(
            store.credits.account().id,
            Draft(body="Doors open at ten", to=(ZOE,)),
            when=When(NOW.replace(day=25)),
        )
    text(store, "The price of 12 Elm St just dropped", ZOE)
    return store


async def look_for(pilot: Pilot[None], typed: str) -> list[str]:
    """Opens the palette and types; what it shows, row by row."""
    await press(pilot, "ctrl+p")
    palette = pilot.app.screen
    assert isinstance(palette, Palette)
    palette.query_one(Input).value = typed
    await settled(pilot)
    return rows(pilot.app)


def rows(app: object) -> list[str]:
    assert isinstance(app, TextmeterApp)
    options = app.screen.query_one(OptionList)
    shown = (options.get_option_at_index(at) for at in range(options.option_count))
    return [str(option.prompt).strip() for option in shown]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("schedule", "Scheduled"),
        ("reply", "Inbox"),
        ("email", "Emergency emails: Emergencies by email"),
        ("export", "History: Export"),
        ("receipt", "Order 2: Renewal: 300 credits"),
        ("cancel", "Scheduled: Cancel"),
        ("card", "Plans: Card"),
        ("settings", "Settings"),
        ("group", "#Buyers"),
    ],
)
async def test_what_people_type_finds_something_from_home(tmp_path: Path, typed: str, first: str) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        found = await look_for(pilot, typed)
        assert any(row.startswith(first) for row in found[:6]), found


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("zoe cote", ContactScreen),
        ("#buyers", ContactsScreen),
        ("price drop", TemplatesScreen),
        ("keys are", ComposeScreen),
        ("doors open", ScheduledScreen),
        ("12 elm", BlastScreen),
        ("1,000 credits", PlansScreen),
        ("mail server", SettingsScreen),
        ("monthly credits", EntryScreen),
    ],
)
async def test_it_leads_to_everything_there_is(tmp_path: Path, typed: str, leads_to: type) -> None:
    app = make_app(busy(tmp_path), first="notices")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await look_for(pilot, typed)
        await press(pilot, "enter")
        assert front(app) is leads_to


async def test_what_it_leads_to_is_under_the_cursor(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for typed, marked in (("price drop", "Price drop"), ("stripe key", "Stripe key"), ("doors", "Doors")):
            await look_for(pilot, typed)
            await press(pilot, "enter")
            assert [
                line for line in words(app).splitlines() if line.strip().startswith("›") and marked in line
            ]
        await look_for(pilot, "1,000 credits")
        await press(pilot, "enter")
        assert isinstance(app.screen, PlansScreen)
        assert app.screen._offer is not None
        assert app.screen._offer.plan.id == "1000"


async def test_what_asks_first_is_begun_on_its_screen_and_else_its_key_is_told(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await look_for(pilot, "plans: card")
        await press(pilot, "enter")
        assert front(app) is CardScreen
        await look_for(pilot, "contacts: import")
        await press(pilot, "enter")
        assert front(app) is ImportScreen
        await press(pilot, "escape")
        await look_for(pilot, "scheduled: cancel")
        await press(pilot, "enter")
        assert front(app) is ScheduledScreen
        assert toasts(app)[-1] == "Cancel: press x here."
        assert len(app.store.messages.scheduled(1)) == 1


async def test_words_that_begin_so_come_before_letters_that_are_scattered(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path), first="history")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        found = await look_for(pilot, "set")
        assert found[:2] == ["Go to", found[1]]
        assert found[1].startswith("Settings")
        found = await look_for_anew(pilot, "tmplts")
        assert found[1].startswith("Templates")


async def test_before_anything_is_typed_it_shows_what_can_be_done_here_then_what_was_used_last(
    tmp_path: Path,
) -> None:
    app = make_app(busy(tmp_path), first="history")
    async with app.run_test(size=(120, 60)) as pilot:
        await settled(pilot)
        await look_for(pilot, "zoe cote")
        await press(pilot, "enter", "escape")
        assert front(app) is HistoryScreen
        found = await look_for(pilot, "")
        headings = [row for row in found if row in ("Here", "Last used", "Go to", "Everywhere")]
        assert headings == ["Here", "Last used", "Go to", "Everywhere"]
        assert found[found.index("Last used") + 1].startswith("Zoë Côté")
        assert found[1].split()[-1] == "Esc"  # the key stands at the right


async def test_who_may_not_do_something_sees_it_off_with_the_reason(tmp_path: Path) -> None:
    busy(tmp_path).close()
    vic = Person("Vic", Role.VIEWER)
    store = make_store(tmp_path, plan=None)
    theirs = Store(str(tmp_path / "textmeter.sqlite3"), clock=store.clock, person=vic)
    app = make_app(theirs)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        found = await look_for(pilot, "contacts: delete")
        assert "You are a viewer here" in found[1]
        found = await look_for_anew(pilot, "stripe key")
        assert found == ["No action has that name."]


async def look_for_anew(pilot: Pilot[None], typed: str) -> list[str]:
    pilot.app.screen.query_one(Input).value = typed
    await settled(pilot)
    return rows(pilot.app)


async def test_what_people_are_called_is_drawn_as_it_stands(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await look_for(pilot, "[bold")
        assert "[bold]Eve[/] ⟨RLO⟩Lee" in words(app)


async def test_a_slow_database_holds_up_no_key_and_of_what_is_typed_the_last_is_asked_for(
    tmp_path: Path,
) -> None:
    app = make_app(make_store(tmp_path))
    asked: list[str] = []
    may_go = Event()

    def slow(_store: Store, question: Asked) -> Iterator[Find]:
        asked.append(question.typed)
        may_go.wait()
        yield Find(question.typed, PEOPLE, f"found {question.typed}", lambda _app: None)

    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        palette._sources = palette._sources._replace(searched=lambda: (slow,))
        await pilot.press("q", "w", "x")
        while not asked:
            await pilot.pause()
        assert palette.query_one(Input).value == "qwx"
        may_go.set()
        while "found qwx" not in words(app):
            await pilot.pause()
        assert asked == ["q", "qwx"]


async def test_what_is_found_first_stands_there_while_the_rest_is_looked_up(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    may_go = Event()

    def people(_store: Store, asked: Asked) -> Iterator[Find]:
        yield Find("quick", PEOPLE, f"quick {asked.typed}", lambda _app: None)

    def lines(_store: Store, asked: Asked) -> Iterator[Find]:
        may_go.wait()
        yield Find("slow", PEOPLE, f"slow {asked.typed}", lambda _app: None)

    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        palette._sources = palette._sources._replace(searched=lambda: (people, lines))
        await pilot.press("q")
        while "quick q" not in words(app):
            await pilot.pause()
        assert "slow q" not in words(app)
        may_go.set()
        while "slow q" not in words(app):
            await pilot.pause()
        assert "quick q" in words(app)


async def test_a_click_beside_it_closes_it(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+p")
        await pilot.click(offset=(1, 30))
        await settled(pilot)
        assert front(app) is HomeScreen


@pytest.mark.parametrize(
    ("size", "typed"), [((120, 36), ""), ((80, 24), "card"), ((80, 24), "zoe"), ((41, 30), "sched")]
)
def test_the_palette(snap: Snap, tmp_path: Path, size: tuple[int, int], typed: str) -> None:
    assert snap(make_app(busy(tmp_path)), size=size, keys=("ctrl+p", *typed))
