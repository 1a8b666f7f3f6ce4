"""The first run: an account in a few keys, or a look round that leaves nothing behind."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from store.errors import DatabaseTrouble
from store.payments import PaymentUnreachable
from store.sentences import sentence
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, front, make_app, make_store, move_clock, press, settled, toasts, words
from tui.accounts.welcome import WelcomeScreen
from tui.app import TextmeterApp
from tui.base.picker import PickScreen
from tui.home.screen import HomeScreen
from tui.widgets.link_list import Rows

TO_OPEN = ["down"] * 7
"""From the first line, past the plans and where one is, to the line that opens the account."""
TO_PAY = ("enter", "enter", "enter", "end", "a", "enter")
"""From there through card and terms to the order."""


@pytest.fixture(autouse=True)
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")


async def test_enter_on_open_makes_the_account_that_is_shown(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert front(app) is WelcomeScreen
        # The plan's price for the 12 days left of May's 31: 12/31 of $10.00.
        assert "Today: $3.87, which is $10.00 for 12 of 31 days including today." in words(app)
        await press(pilot, *TO_OPEN, *TO_PAY)
        assert "Done. Your order number is 1." in words(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)
        assert "300 credits left" in words(app)
    account = store.credits.account()
    assert (account.plan, account.timezone, account.country) == ("300", "America/New_York", "US")


async def test_another_plan_is_one_key_away(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 2, "enter")
        assert "Today: $11.61, which is $30.00 for 12 of 31 days" in words(app)
        await press(pilot, *["down"] * 5, *TO_PAY)
        assert "1,000 credits left" in words(app)


async def test_the_first_paid_plan_is_ordered_as_any_with_card_terms_and_receipt(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.screen.focused is app.screen.query_one(Rows)
        await press(pilot, *TO_OPEN, "enter")
        assert "Step 1 of 4" in words(app)
        await press(pilot, "enter")
        assert "Visa" in words(app)
        await press(pilot, "at", *"Zoe Cote, 1 Elm St", "enter", "enter")
        shown = words(app)
        for heading in ("Service", "Privacy", "Refunds", "Cancellation"):
            if heading not in shown:
                await press(pilot, "pagedown")
                shown += words(app)
            assert heading in shown
        await press(pilot, "end", "a")
        assert store.credits.accounts() == []
        assert re.search("Total today +[$]3.87", words(app))
        assert re.search("Recurring total +[$]10.00 a month, next on Jun 1, 2026", words(app))
        await press(pilot, "enter")
        assert "$3.87 paid with Visa 4242." in words(app)
        assert re.search("Billing address +Zoe Cote, 1 Elm St", words(app))
    assert [order.billing_address for order in store.credits.orders(1)] == ["Zoe Cote, 1 Elm St"]


async def test_who_goes_back_from_the_order_has_opened_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, *TO_PAY[:-1], *["escape"] * 4)
        assert isinstance(app.screen, WelcomeScreen)
    assert store.credits.accounts() == []


async def test_what_opening_costs_by_now_is_shown_before_it_is_charged(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, *TO_PAY[:-1])
        move_clock(store, NOW + timedelta(days=1))
        await press(pilot, "enter")
        assert "Charged today: $3.55 instead of $3.87." in words(app)
        assert store.credits.accounts() == []


async def test_a_time_zone_is_found_by_a_part_of_its_name_and_brings_its_country(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 4, "enter")
        assert isinstance(app.screen, PickScreen)
        await press(pilot, *"madrid", "enter")
        assert "Europe/Madrid" in words(app)
        assert "Spain" in words(app)


async def test_escape_in_a_list_leaves_the_choice_as_it_was(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 5, "enter", *"spain", "escape")
        assert "United States" in words(app)


async def test_a_name_that_is_nowhere_chooses_nothing(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 5, "enter", *"zzz", "enter")
        assert isinstance(app.screen, PickScreen)
        assert "No matches." in words(app)


async def test_the_language_changes_at_once_and_the_choices_stay(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 2, "enter", *["down"] * 4, "enter", *"espa", "enter")
        shown = words(app)
        assert "español" in shown
        assert "● 1.000" in shown or "●  1000" in shown


async def test_a_look_round_says_that_it_is_one_and_leaves_the_database_alone(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, "down", "enter")
        assert isinstance(app.screen, HomeScreen)
        assert "Demo, not saved" in words(app).splitlines()[0]
        [(_, _, file)] = app.store.database.execute("PRAGMA database_list")
        assert Path(file).exists()
    assert not Path(file).parent.exists()
    assert make_store(tmp_path, plan=None).credits.accounts() == []


async def test_a_look_round_is_in_the_language_of_who_looks(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None), language="es")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, "down", "enter")
        assert "Compradores" in dict(app.store.people.groups())


async def test_what_stops_the_account_stands_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, plan=None)

    def full(*_: object, **__: object) -> None:
        raise DatabaseTrouble(sentence("There is no room left on the disk."))

    monkeypatch.setattr(store.credits, "open_account", full)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, *TO_PAY)
        assert "There is no room left on the disk." in words(app)


async def test_all_of_it_fits_into_the_smallest_terminal(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "Text your contacts" in shown
        assert "Look around with demo data" in shown


PRODUCTS = ["Agent email", "Agent texts", "Community texts"]


async def choose(pilot: Pilot[Any], line: str, *typed: str) -> None:
    """Opens the line with that label and chooses what is found by typing."""
    app = cast("TextmeterApp", pilot.app)
    rows = app.screen.query_one(Rows)
    rows._cursor = next(at for at, row in enumerate(rows._rows) if row.label == line)
    await press(pilot, "enter", *typed, "enter")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_every_product_is_offered_with_its_plans_and_all_of_the_form_is_seen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for product in PRODUCTS:
            await choose(pilot, "Product", *product.lower())
            shown = words(app)
            assert product in shown
            assert "Text your contacts" in shown
            assert "Look around with demo data" in shown


async def test_each_plan_of_a_community_takes_one_line_where_one_is_chosen(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 18)) as pilot:  # too few lines for all plans at once
        await settled(pilot)
        await choose(pilot, "Product", *"community")
        rows = app.screen.query_one(Rows)
        rows._cursor = next(at for at, row in enumerate(rows._rows) if row.label == "Plan")
        await press(pilot, "enter")
        lines = [line for line in words(app).splitlines() if "a month" in line and "│" in line]
        assert [line.split("up to ")[1].split()[0] for line in lines] == ["50", "100", "200", "400", "800"]
        assert "a trial of 30 days, once" in words(app)


async def test_a_community_may_choose_how_it_pays_and_when_it_renews(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await choose(pilot, "Product", *"community")
        await choose(pilot, "Billed", *"yearly")
        await choose(pilot, "Renewal day", *"31")
        # The year that is paid for begins with the period, on 30 April: 345 of its days are left.
        assert "Today: $94.52, which is $100.00 a year for 345 of 365 days" in words(app)
        app.screen.choose("plan", "200")  # type: ignore[attr-defined]
        app.screen.open()  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, *TO_PAY[1:-1])
        assert "$200.00 a year" in words(app)
        await press(pilot, "enter", "escape")
        assert isinstance(app.screen, HomeScreen)
    account = store.credits.account()
    assert (account.product, account.plan, account.billing) == ("community-texts", "200", "yearly")
    assert account.anchor.day == 31
    assert store.credits.balance(account.id).available == 142  # 11 of 31 days of 400, rounded up


async def test_a_trial_costs_nothing_and_asks_for_no_billing(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await choose(pilot, "Product", *"community")
        app.screen.choose("plan", "trial")  # type: ignore[attr-defined]
        await settled(pilot)
        shown = words(app)
        assert "Today: no charge." in shown
        assert "Billed" not in shown
        assert "Renewal day" not in shown
        app.screen.open()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "10 credits left" in words(app)


async def test_emails_begin_with_the_free_plan(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await choose(pilot, "Product", *"email")
        assert "5,000 emails a month" in words(app)
        app.screen.open()  # type: ignore[attr-defined]
        await settled(pilot)
    assert (store.credits.account().product, store.credits.account().plan) == ("agent-email", "free")


async def test_a_declined_card_opens_nothing_and_says_why(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    store.gateway.use("4000000000000002")
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, *TO_PAY)
        assert "The card was declined" in words(app)
        assert store.credits.accounts() == []
        # Another card, from where it was declined.
        await press(pilot, "e", "enter", "enter", "end", "a", "enter")
        assert "$3.87 paid with Visa 4242." in words(app)


async def test_an_account_whose_payment_nobody_knows_yet_is_shown_and_gets_its_plan_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, plan=None)
    charge = store.gateway.charge

    def unreachable(**_: object) -> None:
        raise PaymentUnreachable(sentence("The payment provider doesn't answer."))

    monkeypatch.setattr(store.gateway, "charge", unreachable)
    monkeypatch.setattr(store.gateway, "local", False)
    app = make_app(store)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *TO_OPEN, *TO_PAY)
        assert isinstance(app.screen, HomeScreen)
        assert "The payment provider doesn't answer." in toasts(app)
        await pilot.pause()
    monkeypatch.setattr(store.gateway, "charge", charge)
    store.credits.collect(store.credits.account().id)
    assert store.credits.balance(store.credits.account().id).available == 300


def test_welcome_community(snap: Snap, tmp_path: Path) -> None:
    keys = ("enter", *"community", "enter")
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(80, 24), keys=keys)


def test_welcome_community_wide(snap: Snap, tmp_path: Path) -> None:
    keys = ("enter", *"community", "enter")
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(120, 36), keys=keys)


def test_welcome_smallest(snap: Snap, tmp_path: Path) -> None:
    keys = ("enter", *"community", "enter")
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(60, 20), keys=keys)


def test_welcome(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(80, 24))


def test_welcome_wide(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(120, 36))


def test_welcome_choosing_a_time_zone(snap: Snap, tmp_path: Path) -> None:
    keys = (*["down"] * 4, "enter", *"new")
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(80, 24), keys=keys)
