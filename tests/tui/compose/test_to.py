"""Choosing who gets a text: the one who was meant is chosen, is seen, and can be taken off again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import OptionList

from store import Store
from store.messages.model import Draft
from tests.tui.harness import front, make_app, make_store, numbers, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.compose.chips import Chips, window
from tui.compose.editor import Composer
from tui.compose.entry import Entry
from tui.compose.screen import ComposeScreen
from tui.compose.send import SendScreen
from tui.contacts.form import ContactFormScreen

GROUPS = ("Buyers", "East tower", "Owners", "Pool", "Tower watch", "West tower", "Parking")


def with_people(store: Store) -> Store:
    for first, last, phone, email, groups in (
        ("Anna", "Adams", "+14155550101", "exa@example.com", GROUPS),
        ("Anna", "Exner", "+14155550102", "anna@example.com", ()),
        ("Zoë", "O'Hara", "+14155550103", "zoe@example.com", ("Buyers",)),
        ("Will", "Mailer", "", "omega@example.com", ()),
    ):
        store.people.add(
            first_name=first, last_name=last, phone=phone, email=email, groups=groups, region="US"
        )
    return store


@asynccontextmanager
async def choosing(
    folder: Path, draft: Draft | None = None, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[TextmeterApp, Pilot[None]]]:
    """Compose with the cursor in To."""
    app = make_app(with_people(make_store(folder)), first="compose", draft=draft or Draft(body="Hi"))
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "shift+tab")
        assert app.screen.query_one(Entry).has_focus
        yield app, pilot
        await pilot.pause()


def chips(app: TextmeterApp) -> str:
    return str(app.screen.query_one(Chips).render()).strip()


def offered(app: TextmeterApp) -> list[str]:
    listing = app.screen.query_one(OptionList)
    return [str(option.prompt).split("  ")[0] for option in listing.options]


async def test_a_first_name_and_two_letters_choose_whose_last_name_begins_so(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *"anna ex")
        assert offered(app) == ["Anna Exner", "Anna Adams"]
        await press(pilot, "enter")
        assert chips(app) == "Anna Exner"


async def test_enter_chooses_nobody_by_an_address_that_isnt_marked(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *"omeg", "enter")
        assert chips(app) == ""
        assert toasts(app)[-1] == (
            "“omeg” isn't enough to tell who you mean. Press ↓ to choose from the list."
        )
        await press(pilot, "down", "enter")
        assert chips(app) == "Will Mailer"


@pytest.mark.parametrize("typed", ["+1", "+", "+1415", "#", "555"])
async def test_what_could_be_anybody_chooses_nobody(tmp_path: Path, typed: str) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *typed, "enter")
        assert chips(app) == ""
        assert app.screen.query_one(Entry).value == typed


async def test_the_end_of_a_number_chooses_whose_it_is(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *"0103", "enter")
        assert chips(app) == "Zoë O'Hara"


async def test_what_was_typed_is_marked_in_what_is_offered(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *"hara")
        (option,) = app.screen.query_one(OptionList).options
        prompt = option.prompt
        assert isinstance(prompt, Content)
        marked = [
            str(prompt)[span.start : span.end] for span in prompt.spans if "underline" in str(span.style)
        ]
        assert marked == ["Hara"]


async def test_a_sign_lists_every_group_and_ranks_those_that_begin_so(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, "#")
        assert [line.split(" (")[0] for line in offered(app)] == [
            "#everyone",
            *(f"#{name}" for name in sorted(GROUPS, key=str.casefold)),
        ]
        await press(pilot, *"tow")
        assert offered(app) == ["#Tower watch (1)", "#East tower (1)", "#West tower (1)"]
        await press(pilot, "enter")
        assert chips(app) == "#Tower watch (1)"


async def test_any_of_those_who_were_chosen_can_be_taken_off(tmp_path: Path) -> None:
    draft = Draft(body="Hi", to=("+12125550101", "+12125550102", "+12125550103"))
    async with choosing(tmp_path, draft) as (app, pilot):
        await press(pilot, "left", "left", "left")
        assert chips(app) == "(212) 555-0101 ✕ · (212) 555-0102 · (212) 555-0103"
        await press(pilot, "right", "delete")
        assert chips(app) == "(212) 555-0101 · (212) 555-0103"
        await press(pilot, "backspace")
        assert chips(app) == "(212) 555-0101"
        await press(pilot, "z")
        assert app.screen.query_one(Entry).value == "z"


async def test_whoever_is_tapped_twice_is_taken_off(tmp_path: Path) -> None:
    draft = Draft(body="Hi", to=("+12125550101", "+12125550102"))
    async with choosing(tmp_path, draft) as (app, pilot):
        await pilot.click(Chips, offset=(3, 0))
        await settled(pilot)
        assert chips(app) == "(212) 555-0101 ✕ · (212) 555-0102"
        await pilot.click(Chips, offset=(3, 0))
        await settled(pilot)
        assert chips(app) == "(212) 555-0102"


async def test_those_without_room_are_counted_in_words_and_can_be_gone_to(tmp_path: Path) -> None:
    draft = Draft(body="Hi", to=tuple(numbers(12)))
    async with choosing(tmp_path, draft, size=(80, 24)) as (app, pilot):
        assert chips(app).startswith("+10 more · ") or chips(app).startswith("+9 more · ")
        await press(pilot, *["left"] * 12)
        assert chips(app).startswith("(415) 555-0100 ✕ · ")
        assert chips(app).endswith(" more")


async def test_chips_use_the_room_there_is(tmp_path: Path) -> None:
    draft = Draft(body="Hi", to=tuple(numbers(4)))
    async with choosing(tmp_path, draft, size=(120, 36)) as (app, _):
        assert "more" not in chips(app)


@pytest.mark.parametrize(
    ("count", "room", "marked", "shown"),
    [
        (0, 40, None, range(0)),
        (3, 33, None, range(3)),
        (3, 32, None, range(1, 3)),
        (3, 1, None, range(2, 3)),
        (9, 33, 0, range(2)),
        (9, 33, 4, range(4, 5)),
        (9, 60, 4, range(4, 7)),
        (9, 60, 8, range(5, 9)),
    ],
)
def test_the_marked_chip_is_always_among_those_that_are_seen(
    count: int, room: int, marked: int | None, shown: range
) -> None:
    found = window(count, room, marked, lambda _: 9, lambda hidden: f"+{hidden} more")
    assert marked is None or marked in found
    assert found == shown


async def test_what_is_half_typed_doesnt_follow_to_the_next_draft(tmp_path: Path) -> None:
    async with choosing(tmp_path, Draft(body="Hi", to=("+12125550101",))) as (app, pilot):
        await press(pilot, *"zo", "ctrl+n")
        assert app.screen.query_one(Entry).value == ""
        assert app.screen.query_one(Composer).has_focus


async def test_a_text_without_anybody_leads_to_to_and_back_as_soon_as_somebody_is_chosen(
    tmp_path: Path,
) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, "escape")
        assert "Shift+Tab" in words(app).splitlines()[2]
        await press(pilot, "f5")
        assert app.screen.query_one(Entry).has_focus
        await press(pilot, *"zo", "enter")
        assert app.screen.query_one(Composer).has_focus
        await press(pilot, "f5")
        assert front(app) is SendScreen
        await press(pilot, "escape")
        assert front(app) is ComposeScreen
        assert app.screen.query_one(Composer).has_focus


async def test_a_name_that_isnt_picked_yet_is_led_to(tmp_path: Path) -> None:
    async with choosing(tmp_path, Draft(body="Hi", to=("+12125550101",))) as (app, pilot):
        await press(pilot, *"#tow", "escape", "escape")
        assert app.screen.query_one(Composer).has_focus
        await press(pilot, "f5")
        assert toasts(app)[-1] == "You typed “#tow” in To and picked nobody. Pick someone or clear it."
        assert app.screen.query_one(Entry).has_focus
        await press(pilot, "enter")
        assert chips(app) == "(212) 555-0101 · #Tower watch (1)"
        assert app.screen.query_one(Composer).has_focus


async def test_a_number_that_nobody_has_covers_nothing_with_itself(tmp_path: Path) -> None:
    """A list whose only line repeats what is typed would hide the text below it."""
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *"+12125550199")
        await settled(pilot)
        assert not app.screen.query_one(OptionList).display
        await press(pilot, "enter")
        await settled(pilot)
        assert chips(app).startswith("(212) 555-0199")


async def test_why_nobody_was_taken_is_gone_with_what_was_typed(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        for leave in (("backspace",), ("escape", "escape", "f2")):
            await press(pilot, *"+1")
            await settled(pilot)
            await press(pilot, "enter")
            await settled(pilot)
            assert "isn't enough to tell who you mean" in toasts(app)[-1]
            await press(pilot, *leave)
            await settled(pilot)
            assert list(toasts(app)) == []
            await press(pilot, *leave)
            await settled(pilot)


async def test_a_sign_in_front_leaves_somebody_out(tmp_path: Path) -> None:
    draft = Draft(body="Hi", groups=("Buyers",))
    async with choosing(tmp_path, draft) as (app, pilot):
        await press(pilot, *"-zo", "enter")
        assert chips(app) == "#Buyers (2) · −Zoë O'Hara"
        assert "1 person, 1 left out" in words(app)
        await press(pilot, *"!#tower w", "enter")
        assert chips(app).endswith("−#Tower watch (1)")
        assert "0 people, 2 left out" in words(app)
        await press(pilot, "backspace", "backspace")
        assert chips(app) == "#Buyers (2)"
        await press(pilot, *"-4155550101", "enter")
        assert chips(app).startswith("#Buyers (2) · −")
        assert "1 person, 1 left out" in words(app)


async def test_everyone_is_offered_among_the_groups(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *"#every")
        assert offered(app) == ["#everyone (3)"]
        await press(pilot, "enter")
        assert chips(app) == "#everyone (3)"
        assert "3 people, 1 left out" in words(app)  # who has no number
        await press(pilot, *"-", *"#every", "enter")
        assert chips(app) == "#everyone (3)"


async def test_anybody_is_left_out_and_put_back_from_the_list(tmp_path: Path) -> None:
    async with choosing(tmp_path, Draft(body="Hi", groups=("Buyers",))) as (app, pilot):
        await press(pilot, "escape", "f4")
        assert "2 people get it" in words(app)
        await press(pilot, "space")
        assert "1 person gets it  ·  1 is left out" in words(app)
        assert "You left them out." in words(app)
        await press(pilot, "home")
        assert "Space Put back" in words(app)
        await press(pilot, "space")
        assert "2 people get it" in words(app)
        await press(pilot, "space", "escape")
        assert chips(app) == "#Buyers (2) · −Anna Adams"


async def test_why_somebody_is_left_out_is_mended_where_it_can_be(tmp_path: Path) -> None:
    draft = Draft(body="Hi", to=("12345",), contacts=(4,), groups=("Buyers", "Gone"), but_groups=("Pool",))
    store = with_people(make_store(tmp_path))
    store.consent.opt_out("+14155550103", 1)
    app = make_app(store, first="compose", draft=draft)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert "Space Fix it" in words(app)
        await press(pilot, "down")
        assert "Space Remove it" in words(app)
        await press(pilot, "space")
        assert "Gone" not in words(app)
        assert "Space Add a number" in words(app)
        await press(pilot, "space")
        assert front(app) is ContactFormScreen
        await press(pilot, "escape", "down", "space")  # Anna is in Pool
        assert toasts(app)[-1] == "They are in a group or filter that you left out. Remove it in To."
        await press(pilot, "down", "space")  # Zoë opted out
        assert toasts(app)[-1].startswith("They opted out of texts.")
        await press(pilot, "home", "space")
        assert isinstance(app.screen, ComposeScreen)
        assert app.screen.query_one(Entry).value == "12345"
        assert "12345" not in chips(app)


async def test_a_sign_offers_saved_filters_and_takes_one_that_is_typed(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        app.store.people.save_filter("Tower people", "tower")
        app.store.people.save_filter("No number", "phone:")
        await press(pilot, "=")
        assert offered(app) == ["=No number (0)", "=Tower people (1)"]
        await press(pilot, *"tow")
        assert offered(app) == ["=Tower people (1)", "=tow (1)"]
        await press(pilot, "enter")
        assert chips(app) == "=Tower people (1)"
        await press(pilot, *"=#buyers name:z*", "enter")
        assert chips(app) == "=Tower people (1) · =#buyers name:z* (1)"
        await press(pilot, *"-=phone:*0103", "enter")
        assert chips(app).endswith("=#buyers name:z* (1) · −=phone:*0103 (1)")
        assert "1 person, 1 left out" in words(app)


async def test_a_comma_belongs_to_the_filter_that_is_typed(tmp_path: Path) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *'=company:"Elm, Oak"')
        assert app.screen.query_one(Entry).value == '=company:"Elm, Oak"'


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("=last-text:>3", "“>3” needs a unit: d (days), w (weeks), m (months) or y (years), such as >3d."),
        ("=#nobody", "There is no group called “nobody”."),
        ("=", "No saved filters yet. Type one, such as =#buyers unit:4*."),
    ],
)
async def test_a_mistake_in_a_filter_is_told_below_it_and_chooses_nobody(
    tmp_path: Path, typed: str, says: str
) -> None:
    async with choosing(tmp_path) as (app, pilot):
        await press(pilot, *typed)
        (option,) = app.screen.query_one(OptionList).options
        assert (str(option.prompt), option.disabled) == (says, True)
        assert toasts(app) == []
        await press(pilot, "enter")
        assert (chips(app), toasts(app)) == ("", [says])


async def test_a_kept_draft_shows_its_filters_and_one_that_finds_nobody_is_taken_off(tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    store.people.save_filter("Tower people", "tower")
    draft = Draft(body="Hi", filters=("=Tower people", "phone:*99"), but_filters=("name:zoe*",))
    app = make_app(store, first="compose", draft=store.messages.save_draft(draft))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert chips(app) == "=Tower people (1) · =phone:*99 (0) · −=name:zoe* (1)"
        await press(pilot, "f4")
        assert "Nobody matches this filter." in words(app)
        await press(pilot, "space", "escape")
        assert chips(app) == "=Tower people (1) · −=name:zoe* (1)"


async def test_a_filter_that_cant_be_followed_any_more_stops_the_text(tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    draft = Draft(body="Hi", groups=("Buyers",), filters=("=Gone",))
    app = make_app(store, first="compose", draft=draft)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        assert chips(app) == "#Buyers (2) · =Gone"
        await press(pilot, "f5")
        assert front(app) is ComposeScreen
        assert toasts(app)[-1] == "Can't use the filter “=Gone”: There is no saved filter “Gone”."


@pytest.mark.parametrize("body", ["", "Hi"])
async def test_c_on_home_begins_in_to_where_nobody_is_chosen(tmp_path: Path, body: str) -> None:
    store = with_people(make_store(tmp_path))
    if body:
        store.messages.save_draft(Draft(body=body))
    app = make_app(store, first="home")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "c")
        assert app.screen.query_one(Entry).has_focus
        await press(pilot, *"zo", "enter", "escape", *"!")
        assert chips(app) == "Zoë O'Hara"
        assert app.screen.query_one(Composer).text == f"{body}!"


async def test_a_text_that_was_left_goes_on_where_it_was_left(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.messages.save_draft(Draft(body="Viewing at nine"))
    app = make_app(store, first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *", bring keys")
        assert app.screen.query_one(Composer).text == "Viewing at nine, bring keys"


async def test_c_on_home_begins_in_the_text_where_somebody_is_chosen(tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    store.messages.save_draft(Draft(body="Hi", contacts=(1,)))
    app = make_app(store, first="home")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "c")
        assert app.screen.query_one(Composer).has_focus
        await press(pilot, "escape", "c", *"!")
        assert app.screen.query_one(Composer).text == "Hi!"
