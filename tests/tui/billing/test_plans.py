"""The Plans screen: the plan in use, all others beside it, and what can be done from there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.catalog_files import SHIPPED
from store.errors import TextmeterError
from store.sentences import sentence
from tests.tui.billing.subscribed import at, order, subscribed, use
from tests.tui.harness import NOW, OPENED, make_app, move_clock, numbers, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.billing.card import CardScreen
from tui.billing.orders import OrdersScreen
from tui.billing.plans import PlansScreen
from tui.billing.wizard import PlanOrderScreen
from tui.home.screen import HomeScreen

FEBRUARY = datetime(2026, 2, 1, 16, tzinfo=UTC)


def row(app: TextmeterApp, credits: str) -> str:
    """The line of a plan in the table, by its credits, word for word."""
    lines = [" ".join(line.replace("›", "").split()) for line in words(app).splitlines()]
    return next(line for line in lines if credits in line.split()[:1])


async def test_f12_leads_to_the_plans_and_escape_home(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f12")
        assert at(app, PlansScreen)
        await press(pilot, "escape")
        assert at(app, HomeScreen)


async def test_what_renews_leads_from_home_to_the_plans(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen.query_one("#next").focus()
        await press(pilot, "down", "down", "enter")
        assert at(app, PlansScreen)


async def test_every_plan_stands_there_with_its_price_and_that_of_one_credit(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        # 10.00 / 300 = 0.0333..., 30.00 / 1,000 and 75.00 / 3,000.
        assert row(app, "300") == "300 $10.00 $0.033 ● Current"
        assert row(app, "1,000") == "1,000 $30.00 $0.030"
        assert row(app, "3,000") == "3,000 $75.00 $0.025"
        assert "You have 300 credits a month, for $10.00." in words(app)
        assert "It renews on Jun 1, 2026: 300 credits for $10.00." in words(app)
        assert "Plans and prices are examples." in words(app)


async def test_what_costs_less_than_a_cent_is_priced_by_the_thousand(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path, "agent-email", "free"), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Per 1,000" in words(app)
        assert row(app, "5,000") == "5,000 $0.00 $0.00 ● Current"
        assert row(app, "10,000") == "10,000 $9.00 $0.90"
        assert row(app, "50,000") == "50,000 $35.00 $0.70"
        assert "You have 5,000 emails a month, free." in words(app)


async def test_the_plan_that_fits_and_what_others_would_have_lacked_are_told(tmp_path: Path) -> None:
    store = subscribed(tmp_path, plan="1000", opened=FEBRUARY, now=FEBRUARY)
    use(store, 900, datetime(2026, 3, 10, 16, tzinfo=UTC))
    use(store, 350, datetime(2026, 4, 10, 16, tzinfo=UTC))
    move_clock(store, NOW)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        # 300 of February and 300 of March are 300 too few for that month's 900, and April's 50 for its 350.
        assert row(app, "300") == "300 $10.00 $0.033 $30.00 350 short"
        assert row(app, "1,000") == "1,000 $30.00 $0.030 $90.00 ● Current ✓ Fits you best"
        await press(pilot, "up")
        assert "You would have run out: 350 credits short." in " ".join(words(app).split())


async def test_whoever_is_new_is_told_when_it_will_be_known_which_plan_fits(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    use(store, 200, NOW)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(words(app).split())
        assert "After your first full month, you'll see which plan fits you best." in shown
        assert "✓" not in shown
        assert "3 months" not in shown


async def test_a_community_of_236_isnt_told_that_a_plan_for_fifty_fits(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "400", now=OPENED)
    for number in numbers(236):
        store.people.add(phone=number, region="US")
    use(store, 60, datetime(2026, 5, 10, 16, tzinfo=UTC))
    move_clock(store, NOW)
    app = make_app(store, first="plans")
    async with app.run_test(size=(100, 24)) as pilot:
        await settled(pilot)
        assert row(app, "800") == "800 400 $30.00 $0.038 $30.00 ● Current ✓ Fits you best"
        await press(pilot, "home")
        assert "It's meant for fewer accounts than you have contacts." in " ".join(words(app).split())


async def test_keys_do_no_harm_where_the_plans_can_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise TextmeterError(sentence("The database is locked."))

    monkeypatch.setattr("tui.billing.plans.read_choice", locked)
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "end", "up", "enter", "v", "x", "z")
        assert at(app, PlansScreen)


async def test_what_is_special_about_a_plan_stands_below_it_where_lines_are_short(tmp_path: Path) -> None:
    store = subscribed(tmp_path, opened=FEBRUARY, now=FEBRUARY)
    use(store, 100, datetime(2026, 3, 10, 16, tzinfo=UTC))
    move_clock(store, NOW)
    app = make_app(store, first="plans")
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        assert row(app, "300") == "300 $10.00 $0.033 $30.00"
        assert "● Current  ✓ Fits you best" in words(app)
        await pilot.click("PlanCards", offset=(10, 2))
        await settled(pilot)
        assert "This is your plan." in words(app)
        await pilot.click("PlanCards", offset=(10, 3))
        await settled(pilot)
        assert "An upgrade, effective now." in words(app)


async def test_a_tier_tells_its_accounts_and_both_ways_to_be_billed(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path, "community-texts", "200"), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert row(app, "400") == "400 200 $20.00 $0.050 ● Current"
        await press(pilot, "v")
        # A year is ten months' price: 200.00 for 4,800 credits.
        assert row(app, "400") == "400 200 $200.00 $0.042 ● Current"
        assert "Your plan, with a different billing period from Jun 16, 2026." in words(app)
        await press(pilot, "v")
        assert row(app, "400") == "400 200 $20.00 $0.050 ● Current"


async def test_a_card_tells_the_price_of_a_year(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path, "community-texts", "200"), first="plans")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "$200.00 a year" not in words(app)
        await press(pilot, "v")
        assert "$200.00 a year" in words(app)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
async def test_the_cursor_begins_on_the_plan_in_use_and_goes_from_plan_to_plan(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(subscribed(tmp_path, "community-texts", "200"), first="plans")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert "This is your plan." in words(app)
        await press(pilot, "down", "right")
        assert "An upgrade, effective now." in words(app)
        await press(pilot, "home")
        assert "A downgrade, effective Jun 16, 2026." in words(app)
        await press(pilot, "end", "left", "up")
        assert "This is your plan." in words(app)


@pytest.mark.parametrize(("size", "offset"), [((120, 36), (45, 5)), ((80, 24), (20, 2))])
async def test_a_click_goes_to_a_plan_and_a_second_one_chooses_it(
    tmp_path: Path, size: tuple[int, int], offset: tuple[int, int]
) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.click("PlanCards", offset=offset)
        await settled(pilot)
        assert "An upgrade, effective now." in words(app)
        await pilot.click("PlanCards", offset=offset)
        await settled(pilot)
        assert at(app, PlanOrderScreen)


async def test_all_plans_can_be_reached_in_a_window_that_is_too_low_for_them(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path, "community-texts", "200"), first="plans")
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        await press(pilot, "end")
        assert row(app, "1,600").startswith("1,600 800 $50.00 $0.031")
        await press(pilot, "home")
        assert "You have 400 credits a month" in words(app)


async def test_the_plan_in_use_can_not_be_chosen_and_it_says_so(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert at(app, PlansScreen)
        assert toasts(app) == ["You already have the plan 300. Nothing was changed."]
        await pilot.pause()


async def test_a_pending_change_is_told_and_withdrawn_with_a_second_press(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    order(store, "100", "downgrade")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        told = "On Jun 16, 2026, you switch to 200 credits a month for 100 accounts, for $15.00."
        assert told in " ".join(words(app).split())
        assert row(app, "200").endswith("→ From Jun 16")
        await press(pilot, "z")
        assert store.credits.account().pending_plan == "100"
        assert "Withdraw it" in words(app)
        await press(pilot, "z")
        assert store.credits.account().pending_plan is None
        assert "It renews on Jun 16, 2026: 400 credits for $20.00." in words(app)
        assert "Withdraw" not in words(app)


async def test_moving_on_takes_back_that_something_was_about_to_be_withdrawn(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    order(store, "100", "downgrade")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "z", "down", "z")
        assert store.credits.account().pending_plan == "100"


async def test_a_plan_of_ones_own_catalog_is_chosen_whatever_its_id(tmp_path: Path) -> None:
    shipped = (SHIPPED / "agent-texts.toml").read_text(encoding="utf-8")
    plan = '[[plans]]\nid = "l\'agent"\ncredits = 5000\nprice_cents = 9900\n'
    (tmp_path / "agent-texts.toml").write_text(f"{shipped}\n{plan}", encoding="utf-8")
    subscribed(tmp_path).close()
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), catalog=tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "end", "enter", "enter", "enter", "end", "a", "enter")
        assert "Upgrade to 5,000 credits" in words(app)
    assert store.credits.account().plan == "l'agent"


async def test_without_a_plan_all_can_be_chosen_and_nothing_cancelled(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 6, 20, 16, tzinfo=UTC))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "You have no plan: no charges and no new credits." in words(app)
        assert "Cancel plan" not in words(app)
        assert "It starts now." in words(app)


async def test_a_trial_tells_when_it_ends(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 20, 16, tzinfo=UTC))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "You have a trial of 10 credits." in words(app)
        assert "It ends on May 16, 2026 automatically, at no charge." in words(app)


async def test_a_year_that_is_paid_for_is_not_told_as_due_next_month(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200", billing="yearly")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(words(app).split())
        assert "You have 400 credits a month for 200 accounts, for $200.00 a year." in shown
        assert "You get 400 credits again on Jun 16, 2026. It's paid until Apr 16, 2027" in shown


async def test_orders_and_the_card_are_a_key_away(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o")
        assert at(app, OrdersScreen)
        await press(pilot, "escape", "e")
        assert at(app, CardScreen)
        await press(pilot, "escape")
        assert at(app, PlansScreen)


async def test_another_language_is_taken_up_where_one_is(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "end")
        app.choose_language("es")
        await settled(pilot)
        assert "75,00" in words(app)
        assert "$75.00" not in words(app)
