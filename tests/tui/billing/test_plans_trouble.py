"""What can go wrong on the way to an order, and what is left of it then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.payments import Card
from tests.tui.billing.subscribed import (
    DECLINED,
    PAYS,
    TO_THE_ORDER,
    UPGRADE,
    Hosted,
    Slow,
    Unheard,
    asking,
    at,
    order,
    plan,
    shown,
    subscribed,
    while_asked,
)
from tests.tui.harness import NOW, TIMEZONE, make_app, move_clock, press, settled, toasts
from tui.billing.card import CardScreen
from tui.billing.order import OrderScreen
from tui.billing.orders import OrdersScreen
from tui.billing.plans import PlansScreen
from tui.billing.wizard import PlanOrderScreen
from tui.home.screen import HomeScreen


async def test_a_declined_card_changes_nothing_and_another_one_pays(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    store.gateway.use(DECLINED)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER, "enter")
        assert "✗ The card was declined, and the bank didn't say why. Nothing was charged." in shown(app)
        assert "Change card" in shown(app)
        assert (plan(store), len(store.credits.orders(1))) == ("300", 2)
        await press(pilot, "e")
        assert at(app, CardScreen)
        await press(pilot, "enter")  # the first one pays
        assert "Step 2 of 4" in shown(app)
        assert "declined" not in shown(app)
        await press(pilot, "enter", "a", "enter")
        assert "$7.74 paid with Visa 4242." in shown(app)
        assert plan(store) == "1000"


async def test_a_declined_card_can_be_asked_once_more(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    store.gateway.use(DECLINED)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER, "enter")
        store.gateway.use(PAYS)  # somebody settled it with the bank
        await press(pilot, "enter")
        assert plan(store) == "1000"


async def test_a_quote_that_is_no_longer_true_is_shown_anew_with_what_changed(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        move_clock(store, NOW + timedelta(days=1))
        await press(pilot, "enter")
        # 11 of 31 days are left of the 20.00 between the plans.
        assert "! Charged today: $7.10 instead of $7.74." in shown(app)
        assert "Step 1 of 4" in shown(app)
        assert plan(store) == "300"
        await press(pilot, "enter", "enter", "end", "a", "enter")
        assert "$7.10 paid with Visa 4242." in shown(app)


async def test_a_renewal_in_between_names_the_new_day_and_price(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        move_clock(store, datetime(2026, 6, 2, 16, tzinfo=UTC))
        await press(pilot, "enter")
        assert "Next renewal: Jul 1, 2026 instead of Jun 1, 2026." in shown(app)


async def test_what_is_no_change_any_more_is_said_where_it_was_ordered(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        order(store, "1000", "elsewhere")
        await press(pilot, "enter")
        assert "✗ You already have the plan 1000." in shown(app)
        assert len(store.credits.orders(1)) == 3
        await press(pilot, "escape", "escape", "escape", "escape")
        assert at(app, PlansScreen)


async def test_while_an_order_is_placed_the_app_can_be_used_and_is_told_when_it_is_done(
    tmp_path: Path,
) -> None:
    store = subscribed(tmp_path)
    gateway = Slow(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        await pilot.press("enter")
        await while_asked(pilot, gateway)
        assert "Placing the order …" in shown(app)
        await pilot.press("enter", "f2")
        await pilot.pause()
        assert at(app, HomeScreen)
        gateway.may_answer.set()
        await settled(pilot)
        assert "Order 3 placed: Upgrade to 1,000 credits." in toasts(app)
        assert len(gateway.asked) == 1
        await press(pilot, "f12")
        assert at(app, PlansScreen)
        assert "You have 1,000 credits a month" in shown(app)
        await pilot.pause()


async def test_escape_leaves_an_order_that_is_being_placed_and_it_is_still_told(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Slow(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        await pilot.press("enter")
        await while_asked(pilot, gateway)
        await pilot.press("escape")
        await pilot.pause()
        assert at(app, PlansScreen)
        gateway.may_answer.set()
        await settled(pilot)
        assert "Order 3 placed: Upgrade to 1,000 credits." in toasts(app)
        await pilot.pause()


async def test_an_order_is_told_by_its_own_product_although_another_account_is_shown_meanwhile(
    tmp_path: Path,
) -> None:
    store = subscribed(tmp_path)
    other = store.credits.open_account("community-texts", "50", TIMEZONE)
    store.settings.write("account", "1")
    gateway = Slow(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        await pilot.press("enter")
        await while_asked(pilot, gateway)
        app.show_account(other)
        while app.account != other:
            await pilot.pause()
        gateway.may_answer.set()
        await settled(pilot)
        assert "Order 3 placed: Upgrade to 1,000 credits." in toasts(app)
        await press(pilot, "f12")
        assert "You have 100 credits a month for 50 accounts, for $10.00." in shown(app)
        await pilot.pause()


async def test_an_answer_that_got_lost_is_asked_for_again_and_charged_once(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Unheard(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER, "enter")
        assert "It is asked again by itself." in shown(app)
        assert "Your order is on hold. It goes through as soon as it's paid." in shown(app)
        gateway.lost = False
        await press(pilot, "enter")
        assert at(app, OrderScreen)
        assert "$7.74 paid with Visa 4242." in shown(app)
    charges = store.database.execute("SELECT COUNT(*) FROM test_charge WHERE cents = 774").fetchone()
    assert charges == (1,)
    assert len(store.credits.orders(1)) == 3


async def test_an_order_whose_answer_got_lost_is_finished_at_the_next_start(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(asking(tmp_path, store, Unheard(store)), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER, "enter")
        assert plan(store) == "300"
    again = make_app(store, first="plans")
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "You have 1,000 credits a month" in shown(again)


async def test_an_unpaid_order_leads_to_the_orders(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    store.gateway.use(DECLINED)
    move_clock(store, datetime(2026, 6, 2, 16, tzinfo=UTC))  # the renewal can't be charged
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "! 1 unpaid order. Press g o to see it." in shown(app)
        await press(pilot, "x")
        assert "is to be paid first" not in shown(app)  # a cancellation costs nothing
        await press(pilot, "escape", "down", "enter")
        assert "! Order 3 is unpaid. Pay it first." in shown(app)
        await press(pilot, "escape", "up", *TO_THE_ORDER, "enter")
        assert "✗ Order 3 isn't paid yet" in shown(app)
        await press(pilot, "g", "o")
        assert at(app, OrdersScreen)
        await press(pilot, "escape")
        assert at(app, PlanOrderScreen)


async def test_without_a_card_the_step_says_what_to_do(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Hosted(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE, "enter", "enter")
        assert "No card on file yet. Press e to add one." in shown(app)
        assert "e Add a card · nothing ordered yet" in shown(app)
        assert "Step 2 of 4" in shown(app)
        assert toasts(app) == ["No card on file yet. Press e to add one."]
        await press(pilot, "e")
        assert gateway.link in shown(app)
        gateway.on_file = Card("Mastercard", "4444", "2031-07")
        await press(pilot, "r")
        assert "07/31" in shown(app)
        await press(pilot, "escape", "enter")
        assert "Step 3 of 4" in shown(app)
        await pilot.pause()


async def test_a_provider_that_can_not_be_reached_for_the_card_is_asked_again(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Hosted(store, reachable=False)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE, "enter")
        assert "✗ The provider can't be reached." in shown(app)
        assert "Enter Retry" in shown(app)
        gateway.reachable, gateway.on_file = True, Card("Visa", "1881")
        await press(pilot, "enter")
        assert "1881" in shown(app)
        assert "reached" not in shown(app)
