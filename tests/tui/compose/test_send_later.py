"""On the last look a text is put off: to a time, again and again, or for those in quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from store.messages.model import Draft, Purpose, Repeat
from tests.tui.compose.test_compose import composing
from tests.tui.conftest import Snap
from tests.tui.harness import front, make_app, make_store, press, settled, words
from tests.tui.pseudo import PseudoLanguage
from tests.tui.test_longer_words import cut
from tui.blasts.screen import BlastScreen
from tui.compose.send import SendScreen
from tui.compose.when import Mark, WhenScreen
from tui.i18n.language import available

BOSTON, HONOLULU, ELSE = "+16175550101", "+18085550103", "+16175550199"
"""At the harness's hour it is noon in Boston, and 6 in the morning in Honolulu."""
HELLO = Draft(body="The pool is closed.", to=(BOSTON, HONOLULU))
SALE = Draft(body="Open house on Sunday.", to=(BOSTON, HONOLULU), purpose=Purpose.MARKETING)


async def typed(pilot: Pilot[Any], text: str) -> None:
    await press(pilot, *keys(text))


def shown(app: Any) -> str:
    return " ".join(words(app).split())


def keys(text: str) -> tuple[str, ...]:
    return tuple("space" if letter == " " else letter for letter in text)


def test_the_dialog_shows_what_can_be_chosen(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=HELLO)
    assert snap(app, size=(80, 24), keys=("ctrl+l", *keys("every first monday at nine")))


def test_the_last_look_says_when_it_leaves(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=SALE)
    assert snap(app, size=(80, 24), keys=("f5", "t", *keys("tomorrow at nine"), "enter"))


async def test_tomorrow_at_nine_holds_its_credits_now(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, HELLO) as (app, pilot, _):
        await press(pilot, "f5", "t")
        assert front(app) is WhenScreen
        await typed(pilot, "tomorrow at nine")
        assert "Goes out Thu, May 21, 9:00 AM" in shown(app)
        await press(pilot, "enter")
        assert "Goes out Thu, May 21, 9:00 AM t 2 credits are held now." in shown(app)
        assert "Enter Schedule for 2 credits" in shown(app)
        await press(pilot, "enter")
        assert front(app) is BlastScreen
        assert "Goes out Thu, May 21, 9:00 AM" in shown(app)
    (one,) = store.messages.scheduled(1)
    assert (one.at, one.held, store.credits.balance(1).held) == (
        datetime(2026, 5, 21, 13, tzinfo=UTC),
        True,
        2,
    )


async def test_every_first_monday_is_estimated_where_it_leaves_after_the_renewal(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, HELLO) as (app, pilot, _):
        await press(pilot, "ctrl+l")
        await typed(pilot, "every first monday 9:00")
        await press(pilot, "enter")
        assert "Goes out Mon, Jun 1, 9:00 AM, then on the first Monday of every month" in shown(app)
        assert (
            "It goes out after the renewal on Mon, Jun 1: 2 credits are estimated now and held then."
            in shown(app)
        )
        assert "left after" not in shown(app)
        await press(pilot, "enter")
    (one,) = store.messages.scheduled(1)
    assert (one.repeat, one.held) == (Repeat.MONTHLY_WEEKDAY, False)
    assert store.credits.balance(1).held == 0


async def test_it_may_be_kept_from_those_who_write_meanwhile_and_come_again(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, HELLO) as (app, pilot, _):
        await press(pilot, "f5", "t")
        await typed(pilot, "fri")
        await press(pilot, "enter")
        assert "At what time? Add it, as in “tomorrow 9:30”." in shown(app)
        await typed(pilot, " 9:00")
        await press(pilot, "down", "down", "down", "space", "down", "down", "down", "space")
        assert "● every Friday" in shown(app)
        assert "☑ Leave out anyone who writes to you before it goes out" in shown(app)
        await press(pilot, "up", "up", "up", "enter")  # marked already, so that it ends
        assert front(app) is SendScreen
        await press(pilot, "enter")
    (one,) = store.messages.scheduled(1)
    assert (one.repeat, one.withdraws) == (Repeat.WEEKLY, True)


async def test_what_was_chosen_stays_with_the_draft_and_goes_with_it(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), HELLO) as (app, pilot, _):
        await press(pilot, "ctrl+l")
        await typed(pilot, "tomorrow 9:00")
        await press(pilot, "enter", "escape")
        assert "Goes out Thu, May 21, 9:00 AM" in shown(app)
        assert "F5 Schedule for 2 credits" in shown(app)
        await press(pilot, "ctrl+n")
        assert "Goes out Thu" not in shown(app)


async def test_now_to_those_who_can_and_to_the_rest_after_quiet_hours_in_one_key(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, SALE) as (app, pilot, _):
        await press(pilot, "f5")
        await settled(pilot)
        assert "Send this text to 1 person?" in shown(app) or "Send this text to (617)" in shown(app)
        assert "l 1 now, 1 after quiet hours, at 2:00 PM" in shown(app)
        await press(pilot, "l")
        assert front(app) is BlastScreen
        assert "Next send: Wed, May 20, 2:00 PM" in shown(app)
    blast = store.messages.blast(1)
    assert (blast.recipients, blast.left) == (2, 1)
    (one,) = store.messages.scheduled(1)
    assert (one.later, one.people) == (True, 1)


async def test_a_time_that_quiet_hours_forbid_for_some_offers_the_rest_after_them(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, SALE) as (app, pilot, _):
        await press(pilot, "f5", "t")
        await typed(pilot, "tomorrow 9:00")
        await press(pilot, "enter")
        await settled(pilot)
        assert "l 1 then, 1 after quiet hours, Thu, May 21, 2:00 PM" in shown(app)
        await press(pilot, "l")
    (one,) = store.messages.scheduled(1)
    assert (one.later, one.people) == (True, 2)


async def test_the_rest_that_was_refused_leaves_the_text_as_it_is_shown_again(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, SALE) as (app, pilot, _):
        await press(pilot, "f5")
        await settled(pilot)
        store.messages.send(1, Draft(body="Somebody else's", to=(ELSE,)))  # by which figures change
        await press(pilot, "l")
        await settled(pilot)
        assert "The numbers changed: this now costs 2 credits" in shown(app)
        assert "Enter Send 1 credit" in shown(app)
        await press(pilot, "enter")
        await settled(pilot)
        assert front(app) is BlastScreen
    assert store.messages.blast(2).recipients == 1
    assert store.messages.scheduled(1) == []


async def test_what_went_wrong_is_seen_on_a_small_screen(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    long = Draft(body="Open house on Sunday. " * 25, to=(BOSTON, HONOLULU), purpose=Purpose.MARKETING)
    async with composing(store, long, size=(80, 16)) as (app, pilot, _):
        await press(pilot, "f5")
        await settled(pilot)
        store.messages.send(1, Draft(body="Somebody else's", to=(ELSE,)))
        await press(pilot, "enter")
        await settled(pilot)
        outcome = app.screen.query_one("#send-outcome", Static)
        assert "The numbers changed" in str(outcome.visual)
        assert outcome.region.bottom < 16


async def test_going_back_from_when_it_leaves_is_back_in_the_text(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), HELLO) as (app, pilot, _):
        await press(pilot, "ctrl+l", "escape")
        assert "F5 Send 2 credits" in shown(app)
        await press(pilot, "f5", "t", "escape")
        assert front(app) is SendScreen  # from which it was opened


@pytest.mark.parametrize("size", [(80, 24), (41, 30)], ids=str)
async def test_all_of_the_dialog_can_be_read_in_longer_words(size: tuple[int, int], tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=HELLO)
    app.language = PseudoLanguage()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+l")
        assert list(cut(app.screen)) == []
        choices = app.screen.query_one("#when-again Vertical")
        assert choices.size.height == sum(mark.size.height for mark in choices.query(Mark))


@pytest.mark.parametrize("tag", available())
async def test_each_choice_has_one_line_in_every_language(tag: str, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=HELLO, language=tag)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+l")
        assert {mark.id: mark.size.height for mark in app.screen.query(Mark) if mark.size.height != 1} == {}
