"""From a plan to its order: the quote, the card, the terms, and what can go wrong on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store
from store.credits.model import Account
from store.payments import Card
from tests.tui.harness import NOW, TIMEZONE, make_app, move_clock, press, settled, toasts, words
from tests.tui.screens.subscribed import DECLINED, PAYS, Hosted, Slow, Unheard, asking, at, order, subscribed
from tui.app import TextmeterApp
from tui.screens.home import HomeScreen
from tui.screens.order import OrderScreen
from tui.screens.order_card import CardScreen
from tui.screens.orders import OrdersScreen
from tui.screens.plan_order import PlanOrderScreen
from tui.screens.plans import PlansScreen

UPGRADE = ("down", "enter")
"""From the plan in use to the quote of the next larger one."""
TO_THE_ORDER = (*UPGRADE, "enter", "enter", "end", "a")


def account(store: Store) -> Account:
    return store.credits.account()


def plan(store: Store) -> str:
    return account(store).plan


def shown(app: TextmeterApp) -> str:
    """All that the screen shows, in one line."""
    return " ".join(words(app).split())


async def while_asked(pilot: Pilot[Any], gateway: Slow) -> None:
    """Waits until the provider is being asked."""
    while not gateway.asked:
        await pilot.pause()
    await pilot.pause()


async def test_a_quote_tells_charge_credits_and_renewal_before_anything_costs(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE)
        assert "Upgrade from 300 credits to 1,000 credits a month" in shown(app)
        # 20 May to 1 June are 12 of 31 days; 12/31 of 20.00 are 7.74.
        assert "$7.74 Today: $7.74, which is $30.00 less $10.00 for 12 of 31 days" in shown(app)
        assert "+700 Credits now: 700 credits more" in shown(app)
        assert "$30.00 Next renewal on Jun 1, 2026: $30.00, 1,000 credits." in shown(app)
        assert "Step 1 of 4" in shown(app)
        assert "Go on to the card · nothing is ordered yet" in shown(app)


async def test_four_steps_lead_to_an_upgrade_and_its_receipt(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE, "enter")
        assert "Visa" in shown(app)
        assert "4242" in shown(app)
        assert "$7.74 is charged when you place the order, not before." in shown(app)
        await press(pilot, "enter")
        assert "Step 3 of 4" in shown(app)
        await press(pilot, "end", "a")
        assert "Place the order, and pay $7.74 with Visa 4242" in shown(app)
        assert plan(store) == "300"
        await press(pilot, "enter")
        assert at(app, OrderScreen)
        assert "Done. This is your order 3." in shown(app)
        assert "$7.74 paid with Visa 4242." in shown(app)
        assert plan(store) == "1000"
        assert "1,300 credits left" in shown(app)
        await press(pilot, "escape")
        assert at(app, PlansScreen)
        assert "You have 1,000 credits a month, for $30.00." in shown(app)


async def test_going_back_step_by_step_keeps_what_was_decided_and_orders_nothing(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        for step in ("Step 3 of 4", "Step 2 of 4", "Step 1 of 4"):
            await press(pilot, "escape")
            assert step in shown(app)
        await press(pilot, "enter", "enter")
        assert "Accept the terms" in shown(app)  # they were read to the end before
        await press(pilot, "escape", "escape", "escape")
        assert at(app, PlansScreen)
        assert plan(store) == "300"
        assert len(store.credits.orders(1)) == 2


async def test_the_terms_are_accepted_only_after_their_end_was_seen(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE, "enter", "enter")
        assert "Read on to the end" in shown(app)
        await press(pilot, "a", "enter")
        assert "Step 3 of 4" in shown(app)
        assert toasts(app) == [
            "Read the terms to their end first: Page Down goes on.",
            "Press A to accept the terms, once read to their end.",
        ]
        await press(pilot, "pagedown", "pagedown", "a")
        assert "Step 4 of 4" in shown(app)
        await pilot.pause()


@pytest.mark.parametrize(
    ("product", "chosen", "says"),
    [
        (
            "agent-texts",
            "300",
            (
                "It can be used for 12 months from the day it was added.",
                "A smaller plan begins at once",
                "The plan then ends at the next renewal.",
                "What is left of its credits ends with it.",
                "What was paid is not paid back",
            ),
        ),
        (
            "agent-email",
            "10000",
            (
                "What a month leaves ends with it.",
                "You pay the difference of the prices.",
                "It ends at once, and you go on with 5,000 emails a month.",
            ),
        ),
        (
            "community-texts",
            "100",
            (
                "up to 1,200 credits with the new ones",
                "never expire",
                "A smaller plan begins at the next renewal.",
                "What is left of its credits stays yours.",
            ),
        ),
    ],
)
async def test_the_terms_are_those_of_the_product(
    tmp_path: Path, product: str, chosen: str, says: tuple[str, ...]
) -> None:
    app = make_app(subscribed(tmp_path, product, chosen), first="plans")
    async with app.run_test(size=(120, 50)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE, "enter", "enter")
        rest = shown(app)
        for part in says:
            assert part in rest
            rest = rest[rest.index(part) :]


async def test_a_second_press_of_enter_orders_nothing_more(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert [order.cause for order in store.credits.orders(1)] == ["upgrade", "renewal", "join"]


async def test_a_downgrade_at_the_renewal_asks_for_no_card(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "up", "enter")
        assert "Step 1 of 3" in shown(app)
        await press(pilot, "enter", "end", "a")
        assert "Place the order; nothing is charged now" in shown(app)
        await press(pilot, "enter")
        assert "Nothing was charged." in shown(app)
        assert (plan(store), account(store).pending_plan) == ("200", "100")


async def test_a_downgrade_at_once_tells_what_it_takes(tmp_path: Path) -> None:
    store = subscribed(tmp_path, plan="1000")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "up", "enter")
        assert "−700 Credits now: 700 credits fewer" in shown(app)
        await press(pilot, "enter", "end", "a", "enter")
        assert plan(store) == "300"
        assert store.credits.balance(1).available == 1300


async def test_cancelling_is_two_steps_without_card_or_terms(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "x")
        assert "Cancel the plan: 300 credits a month" in shown(app)
        assert "What is left of the plan's then ends, 600 credits as of now." in shown(app)
        await press(pilot, "enter")
        assert "Step 2 of 2" in shown(app)
        assert account(store).pending_plan is None
        await press(pilot, "enter")
        assert "Plan cancelled" in shown(app)
        assert account(store).pending_plan == "none"
        await press(pilot, "escape")
        assert "It ends on Jun 1, 2026, and nothing is charged then." in shown(app)


async def test_cancelling_a_paid_email_plan_goes_on_free_at_once(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "10000")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "x")
        assert "Cancel 10,000 emails a month, and go on with 5,000 emails a month" in shown(app)
        await press(pilot, "enter", "enter")
        assert plan(store) == "free"
        await press(pilot, "escape")
        assert "You have 5,000 emails a month, free of charge." in shown(app)
        assert "Cancel plan" not in shown(app)


async def test_a_trial_becomes_a_subscription(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 20, 16, tzinfo=UTC))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down", "enter")
        assert "Subscribe to 400 credits a month for 200 accounts" in shown(app)
        assert "$20.00 Today: $20.00" in shown(app)
        assert "400 credits of the plan; 10 credits of the trial end." in shown(app)
        await press(pilot, "enter", "enter", "end", "a", "enter")
        assert (plan(store), account(store).anchor.day) == ("200", 20)
        assert store.credits.balance(1).available == 400


async def test_an_account_without_a_plan_begins_another_by_the_year(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 6, 20, 16, tzinfo=UTC))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "b", "enter")
        assert "Today: $100.00, for 365 days." in shown(app)
        await press(pilot, "enter", "enter", "end", "a", "enter")
        assert (plan(store), account(store).billing) == ("50", "yearly")


async def test_the_same_plan_can_be_paid_by_the_year_from_the_next_renewal_on(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "b", "enter")
        assert "Pay yearly for 400 credits a month for 200 accounts" in shown(app)
        await press(pilot, "enter", "end", "a", "enter", "escape")
        assert account(store).pending_billing == "yearly"
        assert (
            "From Jun 16, 2026 on it is 400 credits a month for 200 accounts, for $200.00 a year."
            in shown(app)
        )


async def test_a_declined_card_changes_nothing_and_another_one_pays(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    store.gateway.use(DECLINED)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER, "enter")
        assert "✗ The card was declined, and the bank doesn't say why. Nothing was charged." in shown(app)
        assert "Another card" in shown(app)
        assert (plan(store), len(store.credits.orders(1))) == ("300", 2)
        await press(pilot, "c")
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
        assert "✗ 1000 is the plan already." in shown(app)
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
        assert "Order 3 is placed: Upgrade to 1,000 credits." in toasts(app)
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
        assert "Order 3 is placed: Upgrade to 1,000 credits." in toasts(app)
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
        assert "Order 3 is placed: Upgrade to 1,000 credits." in toasts(app)
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
        assert "Your order waits: it is done by itself as soon as it is paid." in shown(app)
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
        assert "! 1 order is not paid yet. O shows it." in shown(app)
        await press(pilot, *TO_THE_ORDER, "enter")
        assert "✗ Order 3 isn't paid yet" in shown(app)
        await press(pilot, "o")
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
        assert "There is no card on file yet. Press C to put one there." in shown(app)
        assert "Step 2 of 4" in shown(app)
        assert toasts(app) == ["There is no card on file yet. Press C to put one there."]
        await press(pilot, "c")
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
        gateway.reachable, gateway.on_file = True, Card("Visa", "1881")
        await press(pilot, "enter")
        assert "1881" in shown(app)
        assert "reached" not in shown(app)


async def test_a_click_on_the_line_that_goes_on_does_as_its_key(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE)
        for step in ("Step 2 of 4", "Step 3 of 4"):
            await pilot.click("#next")
            await settled(pilot)
            assert step in shown(app)
        await press(pilot, "end")
        for _ in ("accept", "place"):
            await pilot.click("#next")
            await settled(pilot)
        assert plan(store) == "1000"


async def test_another_language_changes_the_words_and_keeps_the_step(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_THE_ORDER)
        app.choose_language("es")
        await settled(pilot)
        assert "7,74" in shown(app)
        assert "Visa 4242" in shown(app)
