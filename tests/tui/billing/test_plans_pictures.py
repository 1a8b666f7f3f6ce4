"""Pictures of plans, of the steps to an order, of orders, receipts and cards, in each of their states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store
from tests.tui.billing.subscribed import (
    DECLINED,
    Slow,
    asking,
    order,
    subscribed,
    use,
    while_asked,
)
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, OPENED, StillApp, make_app, move_clock, press, settled

WIDE, NORMAL = (120, 36), (80, 24)
IN_JUNE = datetime(2026, 6, 20, 16, tzinfo=UTC)
TO_THE_QUOTE = ("down", "enter")
TO_THE_CARD = (*TO_THE_QUOTE, "enter")
TO_THE_TERMS = (*TO_THE_CARD, "enter")
TO_THE_ORDER = (*TO_THE_TERMS, "end", "a")


def busy(folder: Path) -> Store:
    """An agent who needs more than she has."""
    opened = datetime(2026, 2, 1, 16, tzinfo=UTC)
    store = subscribed(folder, plan="1000", opened=opened, now=opened)
    use(store, 900, datetime(2026, 4, 10, 16, tzinfo=UTC))
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


@pytest.mark.parametrize("size", [WIDE, NORMAL])
def test_the_plans_of_an_agent(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(busy(tmp_path), first="plans"), size=size, keys=("up",))


def test_the_tiers_of_a_community(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(community(tmp_path), first="plans"), size=WIDE)


def test_the_plans_for_email_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "free")
    assert snap(make_app(store, first="plans", language="es", theme="day"), size=NORMAL, keys=("down",))


def test_the_plans_in_high_contrast(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy(tmp_path), first="plans", theme="contrast"), size=WIDE)


def test_a_plan_that_is_to_change(snap: Snap, tmp_path: Path) -> None:
    store = community(tmp_path)
    order(store, "100", "downgrade")
    assert snap(make_app(store, first="plans"), size=NORMAL, keys=("z",))


def test_plans_while_the_database_opens(snap: Snap) -> None:
    assert snap(make_app(None, first="plans"), size=NORMAL)


@pytest.mark.parametrize("size", [WIDE, NORMAL])
def test_the_quote(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=size, keys=TO_THE_QUOTE)


def test_the_quote_of_a_downgrade_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(community(tmp_path), first="plans", language="es", theme="day")
    assert snap(app, size=NORMAL, keys=("up", "enter"))


def test_the_quote_after_it_changed(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)

    async def a_day_later(pilot: Pilot[Any]) -> None:
        move_clock(store, NOW + timedelta(days=1))
        await press(pilot, "enter")

    app = make_app(store, first="plans")
    assert snap(app, size=NORMAL, keys=TO_THE_ORDER, before=a_day_later)


def test_the_card(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=NORMAL, keys=TO_THE_CARD)


def test_the_terms(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=NORMAL, keys=TO_THE_TERMS)


def test_the_order(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=NORMAL, keys=TO_THE_ORDER)


def test_an_order_being_placed(
    snap_compare: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = subscribed(tmp_path)
    gateway = Slow(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")

    async def place(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        await pilot.press("enter")
        await while_asked(pilot, gateway)

    def leave(picture: Any) -> None:
        gateway.may_answer.set()  # else the app waits for it at its end
        StillApp.exit(app, picture)

    monkeypatch.setattr(app, "exit", leave)
    assert snap_compare(app, terminal_size=NORMAL, run_before=place)


def test_a_card_that_is_declined(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    store.gateway.use(DECLINED)
    assert snap(make_app(store, first="plans"), size=NORMAL, keys=(*TO_THE_ORDER, "enter"))


def test_the_receipt_of_what_was_just_ordered(snap: Snap, tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    assert snap(app, size=NORMAL, keys=(*TO_THE_ORDER, "enter"))


def test_an_older_receipt_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(ordered(tmp_path), first="plans", language="es", theme="day")
    assert snap(app, size=NORMAL, keys=("g", "o", "down", "down", "enter"))


def test_the_orders(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(ordered(tmp_path), first="plans"), size=NORMAL, keys=("g", "o", "down"))


def test_orders_of_which_one_is_not_paid_in_spanish(snap: Snap, tmp_path: Path) -> None:
    assert snap(
        make_app(unpaid(tmp_path), first="plans", language="es"),
        size=NORMAL,
        keys=(
            "g",
            "o",
        ),
    )


def test_the_test_cards(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path), first="plans"), size=NORMAL, keys=("e", "down"))


def test_the_plans_beside_the_last_months(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path, opened=OPENED.replace(month=1, day=1))
    for month in (1, 2, 3, 4):
        use(store, 90 * month, NOW.replace(month=month, day=20))
    move_clock(store, NOW)
    assert snap(make_app(store, first="plans"), size=(160, 50))
