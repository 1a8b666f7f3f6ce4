"""From a plan to its order: the quote, the card, the terms, and what can go wrong on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.tui.billing.subscribed import (
    TO_THE_ORDER,
    UPGRADE,
    account,
    at,
    plan,
    shown,
    subscribed,
)
from tests.tui.harness import make_app, press, settled, toasts
from tui.billing.order import OrderScreen
from tui.billing.plans import PlansScreen


async def test_a_quote_tells_charge_credits_and_renewal_before_anything_costs(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE)
        assert "Upgrade from 300 credits to 1,000 credits a month" in shown(app)
        # 20 May to 1 June are 12 of 31 days; 12/31 of 20.00 are 7.74.
        assert "$7.74 Today: $7.74, which is $30.00 minus $10.00, for 12 of 31 days" in shown(app)
        assert "+700 Credits now: 700 credits more" in shown(app)
        assert "$30.00 Next renewal on Jun 1, 2026: $30.00, 1,000 credits." in shown(app)
        assert "Step 1 of 4" in shown(app)
        assert "Continue to the card · nothing ordered yet" in shown(app)


async def test_four_steps_lead_to_an_upgrade_and_its_receipt(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *UPGRADE, "enter")
        assert "Visa" in shown(app)
        assert "4242" in shown(app)
        assert "You pay $7.74 when you place the order, not before." in shown(app)
        await press(pilot, "enter")
        assert "Step 3 of 4" in shown(app)
        await press(pilot, "end", "a")
        assert "Place the order and pay $7.74 with Visa 4242" in shown(app)
        assert plan(store) == "300"
        await press(pilot, "enter")
        assert at(app, OrderScreen)
        assert "Done. Your order number is 3." in shown(app)
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
        assert "Read to the end" in shown(app)
        assert "Enter" not in shown(app)
        await press(pilot, "a", "enter")
        assert "Step 3 of 4" in shown(app)
        assert toasts(app) == ["Press a to accept the terms after reading to the end."]
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
                "It lasts 12 months from the day it was added.",
                "A smaller plan starts right away",
                "Payments aren't refunded",
                "The plan then ends at the next renewal.",
                "Any credits left lapse with it.",
            ),
        ),
        (
            "agent-email",
            "10000",
            (
                "Whatever you don't use lapses at the end of the month.",
                "You pay the price difference.",
                "It ends right away, and you continue with 5,000 emails a month.",
            ),
        ),
        (
            "community-texts",
            "100",
            (
                "up to 1,200 credits including the new ones",
                "never expire",
                "A smaller plan starts at the next renewal.",
                "Any credits left stay yours.",
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
        assert "−700 Credits now: 700 credits from this period are taken back" in shown(app)
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
        assert "you have left lapse, including those that rolled over: 600 credits as of now." in shown(app)
        await press(pilot, "enter")
        assert "Step 2 of 2" in shown(app)
        assert account(store).pending_plan is None
        await press(pilot, "enter")
        assert "Plan cancelled" in shown(app)
        assert account(store).pending_plan == "none"
        await press(pilot, "escape")
        assert "It ends on Jun 1, 2026, with no further charge." in shown(app)


async def test_cancelling_a_paid_email_plan_goes_on_free_at_once(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "10000")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "x")
        assert "Cancel 10,000 emails a month and continue with 5,000 emails a month" in shown(app)
        await press(pilot, "enter", "enter")
        assert plan(store) == "free"
        await press(pilot, "escape")
        assert "You have 5,000 emails a month, free." in shown(app)
        assert "Cancel plan" not in shown(app)


async def test_a_trial_becomes_a_subscription(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 20, 16, tzinfo=UTC))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down", "enter")
        assert "Subscribe to 400 credits a month for 200 accounts" in shown(app)
        assert "$20.00 Today: $20.00" in shown(app)
        assert "400 credits from the plan. Your trial's 10 credits expire." in shown(app)
        await press(pilot, "enter", "enter", "end", "a", "enter")
        assert (plan(store), account(store).anchor.day) == ("200", 20)
        assert store.credits.balance(1).available == 400


async def test_an_account_without_a_plan_begins_another_by_the_year(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 6, 20, 16, tzinfo=UTC))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "v", "enter")
        assert "Today: $100.00 for a year." in shown(app)
        await press(pilot, "enter", "enter", "end", "a", "enter")
        assert (plan(store), account(store).billing) == ("50", "yearly")


async def test_the_same_plan_can_be_paid_by_the_year_from_the_next_renewal_on(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "v", "enter")
        assert "Switch 400 credits a month for 200 accounts to yearly billing" in shown(app)
        await press(pilot, "enter", "end", "a", "enter", "escape")
        assert account(store).pending_billing == "yearly"
        assert (
            "On Jun 16, 2026, you switch to 400 credits a month for 200 accounts, for $200.00 a year."
            in shown(app)
        )


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
