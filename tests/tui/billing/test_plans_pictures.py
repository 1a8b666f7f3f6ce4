"""Pictures of plans, of the steps to an order, of orders, receipts and cards, in each of their states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store
from store.payments import Card
from tests.tui.billing.subscribed import (
    DECLINED,
    Hosted,
    Slow,
    Unheard,
    asking,
    order,
    subscribed,
    use,
)
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, make_app, move_clock, press, settled

WIDE, NORMAL, NARROW = (120, 36), (80, 24), (60, 20)
SIZES = (WIDE, NORMAL, NARROW)
IN_JUNE = datetime(2026, 6, 20, 16, tzinfo=UTC)
TO_THE_QUOTE = ("down", "enter")
TO_THE_CARD = (*TO_THE_QUOTE, "enter")
TO_THE_TERMS = (*TO_THE_CARD, "enter")
TO_THE_ORDER = (*TO_THE_TERMS, "end", "a")


def busy(folder: Path) -> Store:
    """An agent who needs more than she has."""
    store = subscribed(folder, plan="1000")
    use(store, 900, datetime(2026, 5, 10, 16, tzinfo=UTC))
    use(store, 350, NOW)
    return store


def community(folder: Path) -> Store:
    return subscribed(folder, "community-texts", "200")


def ordered(folder: Path) -> Store:
    """Orders of many kinds."""
    store = community(folder)
    order(store, "400", "upgrade")
    quote = store.credits.quote_purchase(1, 500)
    store.credits.place(1, quote, key="purchase")
    order(store, "100", "downgrade")
    move_clock(store, datetime(2026, 6, 17, 16, tzinfo=UTC))
    store.credits.catch_up(1)
    return store


def unpaid(folder: Path) -> Store:
    """The card was declined at the renewal."""
    store = subscribed(folder)
    store.gateway.use(DECLINED)
    move_clock(store, IN_JUNE)
    store.credits.catch_up(1)
    return store


@pytest.mark.parametrize("size", SIZES)
def test_the_plans_of_an_agent(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(busy(tmp_path), first="plans"), size=size, keys=("up",))


@pytest.mark.parametrize("size", SIZES)
def test_the_tiers_of_a_community(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(community(tmp_path), first="plans"), size=size)


@pytest.mark.parametrize("size", [WIDE, NORMAL])
def test_the_tiers_of_a_community_by_the_year(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(community(tmp_path), first="plans"), size=size, keys=("b", "down"))


@pytest.mark.parametrize("size", SIZES)
def test_the_plans_for_email_in_spanish_by_day(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = subscribed(tmp_path, "agent-email", "free")
    assert snap(make_app(store, first="plans", language="es", theme="day"), size=size, keys=("down",))


def test_the_plans_in_high_contrast(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy(tmp_path), first="plans", theme="contrast"), size=WIDE)


@pytest.mark.parametrize("size", [WIDE, NORMAL])
def test_a_plan_that_is_to_change(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = community(tmp_path)
    order(store, "100", "downgrade")
    assert snap(make_app(store, first="plans"), size=size, keys=("w",))


def test_a_plan_that_is_cancelled(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    store.credits.place(1, store.credits.quote_cancel(1), key="cancel")
    assert snap(make_app(store, first="plans"), size=NORMAL)


def test_a_trial(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 20, 16, tzinfo=UTC))
    assert snap(make_app(store, first="plans"), size=NORMAL)


@pytest.mark.parametrize("size", [WIDE, NORMAL])
def test_no_plan_any_more(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=IN_JUNE)
    assert snap(make_app(store, first="plans"), size=size)


def test_plans_beside_an_order_that_is_not_paid(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(unpaid(tmp_path), first="plans"), size=NORMAL)


def test_plans_while_the_database_opens(snap: Snap) -> None:
    assert snap(make_app(None, first="plans"), size=NORMAL)


@pytest.mark.parametrize("size", SIZES)
def test_the_quote(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=size, keys=TO_THE_QUOTE)


def test_the_quote_of_a_downgrade_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(community(tmp_path), first="plans", language="es", theme="day")
    assert snap(app, size=NORMAL, keys=("up", "enter"))


def test_the_quote_of_the_end(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=NORMAL, keys=("x",))


def test_the_quote_after_it_changed(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)

    async def a_day_later(pilot: Pilot[Any]) -> None:
        move_clock(store, NOW + timedelta(days=1))
        await press(pilot, "enter")

    app = make_app(store, first="plans")
    assert snap(app, size=NORMAL, keys=TO_THE_ORDER, before=a_day_later)


@pytest.mark.parametrize("size", SIZES)
def test_the_card(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=size, keys=TO_THE_CARD)


def test_no_card(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(asking(tmp_path, store, Hosted(store)), first="plans")
    assert snap(app, size=NORMAL, keys=TO_THE_CARD)


def test_a_card_that_can_not_be_asked_for(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(asking(tmp_path, store, Hosted(store, reachable=False)), first="plans")
    assert snap(app, size=NORMAL, keys=TO_THE_CARD)


@pytest.mark.parametrize("size", SIZES)
def test_the_terms(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=size, keys=TO_THE_TERMS)


def test_the_end_of_the_terms(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=NORMAL, keys=(*TO_THE_TERMS, "end"))


@pytest.mark.parametrize("size", SIZES)
def test_the_order(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=size, keys=TO_THE_ORDER)


def test_an_order_being_placed(snap_compare: Callable[..., bool], tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Slow(store)

    async def place(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        await pilot.press("enter")
        while not gateway.asked:
            await pilot.pause()
        await pilot.pause()

    try:
        app = make_app(asking(tmp_path, store, gateway), first="plans")
        assert snap_compare(app, terminal_size=NORMAL, run_before=place)
    finally:
        gateway.may_answer.set()


@pytest.mark.parametrize("size", SIZES)
def test_a_card_that_is_declined(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = subscribed(tmp_path)
    store.gateway.use(DECLINED)
    assert snap(make_app(store, first="plans"), size=size, keys=(*TO_THE_ORDER, "enter"))


def test_an_answer_that_got_lost(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(asking(tmp_path, store, Unheard(store)), first="plans")
    assert snap(app, size=NORMAL, keys=(*TO_THE_ORDER, "enter"))


def test_an_earlier_order_that_is_to_be_paid_first(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(unpaid(tmp_path), first="plans"), size=NORMAL, keys=(*TO_THE_ORDER, "enter"))


@pytest.mark.parametrize("size", SIZES)
def test_the_receipt_of_what_was_just_ordered(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    assert snap(app, size=size, keys=(*TO_THE_ORDER, "enter"))


def test_an_older_receipt_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(ordered(tmp_path), first="plans", language="es", theme="day")
    assert snap(app, size=NORMAL, keys=("o", "down", "down", "enter"))


def test_a_receipt_that_is_not_paid(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(unpaid(tmp_path), first="plans"), size=NORMAL, keys=("o", "enter"))


@pytest.mark.parametrize("size", SIZES)
def test_the_orders(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(ordered(tmp_path), first="plans"), size=size, keys=("o", "down"))


def test_orders_of_which_one_is_not_paid_in_spanish(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(unpaid(tmp_path), first="plans", language="es"), size=NORMAL, keys=("o",))


@pytest.mark.parametrize("size", SIZES)
def test_the_test_cards(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=size, keys=("c", "down"))


def test_the_page_of_a_provider_for_its_cards(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Hosted(store)
    gateway.on_file = Card("Mastercard", "4444", "2031-07")
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    assert snap(app, size=NORMAL, keys=("c",))
