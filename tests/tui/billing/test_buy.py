"""Buying credits: from a text that lacks them to the text that is sent, and whatever can go wrong between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from store import Store
from store.clock import FixedClock
from store.credits.model import Change
from store.messages.model import Draft
from store.payments import Card, Declined, Paid, PaymentUnreachable
from store.payments.testcard import TestCard
from store.sentences import sentence
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    TIMEZONE,
    make_app,
    make_store,
    move_clock,
    numbers,
    press,
    settled,
    toasts,
    words,
)
from tui.app import TextmeterApp
from tui.base.navigation import BuyCredits
from tui.base.screen import TextmeterScreen
from tui.billing.buy import BuyScreen
from tui.billing.buy_confirm import BuyOrderScreen
from tui.billing.order import OrderScreen
from tui.billing.plans import PlansScreen
from tui.blasts.screen import BlastScreen
from tui.compose.editor import Composer
from tui.compose.screen import ComposeScreen
from tui.home.screen import HomeScreen

DECLINED_CARD = "4000000000000002"
BLAST = Draft(body="The pool opens on Saturday.", to=tuple(numbers(500)))


def community(folder: Path, *, plan: str = "200", available: int = 400, bought: int = 0) -> Store:
    """A community's account of 400 credits a month, of which others than these are used up."""
    store = make_store(folder, plan=None)
    account = store.credits.open_account("community-texts", plan, TIMEZONE)
    if bought:
        store.credits.place(account.id, store.credits.quote_purchase(account.id, bought), key="before")
    if used := store.credits.balance(account.id).available - available:
        hold = store.credits.hold(account.id, used, cause="blast", reference="0")
        store.credits.settle(hold, used)
        store.credits.mark_shown([notice.id for notice in store.credits.notices_to_show(account.id)])
    return store


@asynccontextmanager
async def using(
    store: Store, *, first: str = "compose", draft: Draft | None = BLAST, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[TextmeterApp, Pilot[None]]]:
    app = make_app(store, first=first, draft=draft)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield app, pilot
        await pilot.pause()


def shown(app: TextmeterApp) -> str:
    """All that is on the screen, in one line."""
    return " ".join(words(app).split())


def on(app: TextmeterApp, kind: type[TextmeterScreen]) -> bool:
    """Whether such a screen is in front."""
    return isinstance(app.screen, kind)


def purchases(store: Store) -> list[tuple[int, int]]:
    """Credits and cents of what was bought."""
    account = store.credits.account()
    return [
        (order.credits, order.cents)
        for order in store.credits.orders(account.id)
        if order.cause == Change.PURCHASE
    ]


# The whole way


async def test_a_text_that_lacks_50_credits_is_sent_after_100_were_bought(tmp_path: Path) -> None:
    """Rule 23, and what comes after it."""
    store = community(tmp_path, plan="400", available=450)
    account = store.credits.account()
    async with using(store) as (app, pilot):
        assert "This needs 500 credits" in shown(app)
        assert "F5 Buy 100 credits" in shown(app)
        await press(pilot, "f5")
        assert on(app, BuyScreen)
        assert "Your text needs 500 credits and you have 450." in shown(app)
        assert "100 credits for $2.00" in shown(app)
        await press(pilot, "enter")
        assert on(app, BuyOrderScreen)
        assert "Buy 100 credits for $2.00?" in shown(app)
        assert "Paid with Visa 4242" in shown(app)
        assert store.credits.balance(account.id).held == 0
        await press(pilot, "enter")
        assert on(app, BuyOrderScreen)
        assert "Press a to accept the terms first" in toasts(app)[-1]
        assert purchases(store) == []
        await press(pilot, "a", "enter")
        assert on(app, OrderScreen)
        assert "100 credits purchased" in shown(app)
        assert purchases(store) == [(100, 200)]
        await press(pilot, "escape")
        assert on(app, ComposeScreen)
        assert app.screen.query_one(Composer).text == BLAST.body
        assert "500 people" in shown(app)
        assert "From purchased 50" in shown(app)
        assert "Left after 50" in shown(app)
        await press(pilot, "f5")
        assert "500 credits (50 purchased)" in shown(app)
        await press(pilot, "enter")
        assert on(app, BlastScreen)
    (blast,) = store.messages.blasts(account.id)
    assert (blast.body, blast.recipients, blast.credits) == (BLAST.body, 500, 500)
    balance = store.credits.balance(account.id)
    assert (balance.allotted, balance.purchased) == (0, 50)
    assert store.messages.drafts() == []


async def test_a_declined_card_on_the_way_changes_nothing_and_another_card_pays(tmp_path: Path) -> None:
    store = community(tmp_path, plan="400", available=450)
    store.gateway.use(DECLINED_CARD)
    account = store.credits.account()
    async with using(store) as (app, pilot):
        await press(pilot, "f5", "enter", "a", "enter")
        assert on(app, BuyOrderScreen)
        assert "✗" in shown(app)
        assert "declined" in shown(app)
        assert purchases(store) == []
        assert store.credits.balance(account.id).available == 450
        await press(pilot, "escape", "escape")
        assert on(app, ComposeScreen)
        assert app.screen.query_one(Composer).text == BLAST.body
        assert [draft.body for draft in store.messages.drafts()] == [BLAST.body]
        await press(pilot, "f5", "enter", "e", "enter")  # the first of the test cards pays
        assert on(app, BuyOrderScreen)
        assert "Paid with Visa 4242" in shown(app)
        await press(pilot, "a", "enter", "escape", "f5", "enter")
        assert on(app, BlastScreen)
    assert purchases(store) == [(100, 200)]


async def test_a_decline_can_be_tried_again_with_another_card_on_the_same_screen(tmp_path: Path) -> None:
    store = community(tmp_path)
    store.gateway.use(DECLINED_CARD)
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b", "enter", "a", "enter", "e", "enter", "enter")
        assert on(app, OrderScreen)
        await press(pilot, "escape")
        assert on(app, HomeScreen)
    assert purchases(store) == [(100, 200)]


# How many


async def test_the_price_or_the_reason_is_told_at_every_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = community(tmp_path, bought=500)
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b")
        assert "You can buy 2,000 per calendar month, 5 times your plan's monthly credits." in shown(app)
        assert "Bought: 500. Left until May 31, 2026: 1,500." in shown(app)
        assert "100 credits for $2.00" in shown(app)
        # From here on the store isn't asked any more.
        monkeypatch.setattr(app, "fetch", lambda *_, **__: pytest.fail("the store was asked for a key"))
        for key, says in (
            ("9", "9 credits are too few: the minimum purchase is 100."),
            ("9", "99 credits are too few"),
            ("9", "999 credits for $19.98"),
            ("backspace", "99 credits are too few"),
            ("home", "99 credits are too few"),
            ("1", "199 credits for $3.98 · 599 available afterward"),
            ("2", "1,299 credits for $25.98 · 1,699 available afterward"),
            ("0", "12,099 credits are too many"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert says in shown(app), key
        monkeypatch.undo()
        await press(pilot, "enter")
        assert on(app, BuyScreen)
        assert purchases(store) == [(500, 1_000)]


async def test_what_isnt_a_digit_isnt_taken_and_nothing_typed_says_the_least(tmp_path: Path) -> None:
    async with using(community(tmp_path), first="home", draft=None) as (app, pilot):
        await press(pilot, "b", "delete", "minus", "x", "full_stop")
        assert "The minimum is 100." in shown(app)
        await press(pilot, "enter")
        assert on(app, BuyScreen)
        await press(pilot, "1", "2", "0")
        assert "120 credits for $2.40" in shown(app)


async def test_what_is_left_may_be_less_than_the_least_until_the_first(tmp_path: Path) -> None:
    """Rule 21."""
    store = community(tmp_path, bought=1_950)
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b")
        assert "Bought: 1,950. Left until May 31, 2026: 50." in shown(app)
        assert "You can't buy enough: 50 left this month, minimum 100." in shown(app)
        await press(pilot, "5", "0", "enter")
        assert on(app, BuyScreen)
        await press(pilot, "escape")
    move_clock(store, datetime(2026, 6, 1, 4, tzinfo=UTC))  # midnight in New York
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b")
        assert "Bought: 0. Left until Jun 30, 2026: 2,000." in shown(app)


async def test_in_a_trial_nothing_can_be_bought_and_a_text_says_so(tmp_path: Path) -> None:
    store = community(tmp_path, plan="trial", available=10)
    draft = Draft(body="Hello", to=tuple(numbers(11)))
    async with using(store, draft=draft) as (app, pilot):
        assert "This needs 11 credits" in shown(app)
        assert "F5 Larger plans" in shown(app)
        app.post_message(BuyCredits())
        await settled(pilot)
        said = shown(app)
        assert "You can't buy credits during a trial. Choose a plan first: F12." in said
        assert "50" not in said
        assert "How many credits?" not in said
        await press(pilot, "enter")
        assert "Buy 100 credits" not in shown(app)


async def test_where_none_are_sold_there_is_no_key_for_it(tmp_path: Path) -> None:
    async with using(make_store(tmp_path), first="home", draft=None) as (app, pilot):
        assert "Buy" not in shown(app)
        await press(pilot, "b")
        assert on(app, HomeScreen)
        await pilot.press("ctrl+p", *"buy credits")
        await settled(pilot)
        assert "No action has that name." in shown(app)


async def test_the_plans_lead_to_it_and_back(tmp_path: Path) -> None:
    async with using(community(tmp_path), first="plans", draft=None) as (app, pilot):
        await press(pilot, "b")
        assert on(app, BuyScreen)
        await press(pilot, "escape")
        assert on(app, PlansScreen)


async def test_it_is_in_the_palette_everywhere(tmp_path: Path) -> None:
    async with using(community(tmp_path), first="history", draft=None) as (app, pilot):
        await pilot.press("ctrl+p", *"buy credits")
        await settled(pilot)
        await press(pilot, "enter")
        assert on(app, BuyScreen)


# What can go wrong


async def test_a_quote_that_changed_meanwhile_is_shown_anew_and_accepted_anew(tmp_path: Path) -> None:
    store = community(tmp_path)
    account = store.credits.account()
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b", "enter", "a")
        with store.connection():
            store.credits.place(account.id, store.credits.quote_plan(account.id, "400"), key="elsewhere")
        await press(pilot, "enter")
        assert on(app, BuyOrderScreen)
        assert "something other than what you were shown" in shown(app)
        assert "you can buy 3,900 of 4,000 more this calendar month" in shown(app)
        assert "a Accept the terms" in shown(app)
        assert purchases(store) == []
        await press(pilot, "a", "enter")
        assert on(app, OrderScreen)
    assert purchases(store) == [(100, 200)]


async def test_what_was_bought_elsewhere_meanwhile_is_told_with_the_number(tmp_path: Path) -> None:
    store = community(tmp_path)
    account = store.credits.account()
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b")
        await pilot.press(*"1500")
        with store.connection():
            store.credits.place(account.id, store.credits.quote_purchase(account.id, 1_000), key="elsewhere")
        await press(pilot, "enter")
        assert on(app, BuyScreen)
        assert "You have bought 1,000, so 1,000 are left" in shown(app)
        assert "1,500 credits are too many" in shown(app)
    assert purchases(store) == [(1_000, 2_000)]


class Deaf(TestCard):
    """A card whose provider charges it, and whose answer gets lost as often as it is told to."""

    lost = 0
    asked: list[str]

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        found = super().charge(key=key, cents=cents, description=description)
        self.asked.append(key)
        if self.lost:
            self.lost -= 1
            raise PaymentUnreachable(sentence("The payment provider didn't answer."))
        return found

    def card(self) -> Card:
        if self.lost:
            raise PaymentUnreachable(sentence("The payment provider didn't answer."))
        return super().card()


async def test_an_answer_that_got_lost_is_asked_for_again_and_charges_once(tmp_path: Path) -> None:
    community(tmp_path).close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))
    gateway = Deaf(store.database, store.settings)
    gateway.asked = []
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), gateway=gateway)
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b", "enter", "a")
        gateway.lost = 1
        await press(pilot, "enter")
        assert on(app, BuyOrderScreen)
        assert "The payment provider didn't answer. Your order is on hold" in shown(app)
        await press(pilot, "enter")
        assert on(app, OrderScreen)
    assert purchases(store) == [(100, 200)]
    assert len(set(gateway.asked)) == 1


async def test_a_card_that_isnt_known_places_no_order(tmp_path: Path) -> None:
    community(tmp_path).close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))
    gateway = Deaf(store.database, store.settings)
    gateway.asked, gateway.lost = [], 1
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), gateway=gateway)
    async with using(store, first="home", draft=None) as (app, pilot):
        await press(pilot, "b", "enter", "a", "enter")
        assert on(app, BuyOrderScreen)
        assert "The payment provider didn't answer." in shown(app)
        assert "Still checking the card on file." in toasts(app)[-1]
    assert gateway.asked == []


async def test_leaving_while_the_order_is_placed_loses_neither_order_nor_word(tmp_path: Path) -> None:
    store = community(tmp_path, plan="400", available=450)
    async with using(store) as (app, pilot):
        await press(pilot, "f5", "enter", "a")
        order = app.screen
        assert isinstance(order, BuyOrderScreen)
        order.place()
        order.back()
        await settled(pilot)
        assert any("placed: 100 credits purchased." in toast for toast in toasts(app))
        assert on(app, ComposeScreen)
        assert "F5 Send 500 credits" in shown(app)
    assert purchases(store) == [(100, 200)]


async def test_whoever_has_gone_on_is_told_that_the_card_was_declined(tmp_path: Path) -> None:
    store = community(tmp_path)
    store.gateway.use(DECLINED_CARD)
    async with using(store) as (app, pilot):
        await press(pilot, "f5", "enter", "a")
        order = app.screen
        assert isinstance(order, BuyOrderScreen)
        order.place()
        app.go("home")
        await settled(pilot)
        assert on(app, HomeScreen)
        assert any("The card was declined" in toast for toast in toasts(app))
        await press(pilot, "f3")
        assert on(app, BuyScreen)
    assert purchases(store) == []


async def test_it_opens_once(tmp_path: Path) -> None:
    async with using(community(tmp_path), first="home", draft=None) as (app, pilot):
        app.post_message(BuyCredits())
        app.post_message(BuyCredits())
        await settled(pilot)
        await press(pilot, "escape")
        assert on(app, HomeScreen)


# How it looks


def test_the_number(snap: Snap, tmp_path: Path) -> None:
    store = community(tmp_path, bought=500, available=900)
    assert snap(make_app(store), size=(80, 24), keys=("b", *"1200"))


def test_a_number_that_is_refused(snap: Snap, tmp_path: Path) -> None:
    store = community(tmp_path, bought=1_950)
    assert snap(make_app(store), size=(80, 24), keys=("b",))


def test_the_order(snap: Snap, tmp_path: Path) -> None:
    app = make_app(community(tmp_path, plan="400", available=450), first="compose", draft=BLAST)
    assert snap(app, size=(120, 36), keys=("f5", "enter"))


def test_the_number_for_a_text_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(community(tmp_path), first="compose", language="es", theme="day", draft=BLAST)
    assert snap(app, size=(80, 24), keys=("f5",))
