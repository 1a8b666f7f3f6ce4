"""Home: what it shows in each of an account's situations, and where its lines lead."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.containers import VerticalScroll
from textual.pilot import Pilot

from store import Store
from store.emails.model import SmartPlan, Step
from store.messages.model import Draft
from store.payments.testcard import TestCard
from tests.tui.billing.subscribed import DECLINED, order, subscribed, use
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    OPENED,
    TIMEZONE,
    make_app,
    make_store,
    move_clock,
    numbers,
    press,
    settled,
    text,
    toasts,
    where,
    words,
)
from tui.billing.order import OrderScreen
from tui.blasts.screen import BlastScreen
from tui.compose.screen import ComposeScreen

HOSTILE = "[/] [@click=app.quit]go[/] \x1b[2J\u202eabc {first_name|[$primary]}"


def used(folder: Path) -> Store:
    """A month of texts, and a draft."""
    store = make_store(folder)
    for day, people in ((18, 12), (20, 30), (25, 25), (29, 40), (33, 5)):
        move_clock(store, OPENED + timedelta(days=day))
        text(
            store,
            "Open house on Elm St this Sunday at 2 pm. Reply YES and I'll save you a place.",
            *numbers(people),
        )
    move_clock(store, NOW)
    text(store, HOSTILE, *numbers(7), delivered=False)
    with store.connection():
        store.messages.save_draft(Draft(body="New on the market: 3 bedrooms"))
    return store


def nearly_used_up(folder: Path) -> Store:
    store = make_store(folder)
    text(store, "Open house on Elm St this Sunday", *numbers(250))
    text(store, "It is on again", *numbers(295))
    return store


def used_up(folder: Path) -> Store:
    store = make_store(folder)
    text(store, "Open house on Elm St this Sunday", *numbers(300))
    text(store, "It is on again", *numbers(300))
    return store


async def test_what_is_left_is_there_in_words_and_the_month_beside_it(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Hello", *numbers(120))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = words(app)
    assert "480 credits left" in shown
    assert "This month: 120 of 600 used" in shown
    assert "Jun 1: 300 credits for $10.00" in shown
    assert "180 credits on Apr 16, 2027" in shown


async def test_at_the_pace_of_the_last_month_it_says_until_when(tmp_path: Path) -> None:
    # 150 in 30 days are 5 a day, fewer than the 300 of each month.
    store = make_store(tmp_path)
    text(store, "Hello", *numbers(150))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Not at this pace" in words(app)
        assert "Lasts at this pace." in words(app)


async def test_in_a_first_month_the_mark_is_at_the_days_that_the_account_was_there(tmp_path: Path) -> None:
    opened = datetime(2026, 11, 29, 15, tzinfo=UTC)
    app = make_app(make_store(tmp_path, opened=opened, now=opened))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lines = words(app).splitlines()
        mark = next(line for line in lines if "▴" in line).index("▴")
        bar = next(line for line in lines[1:] if "▕" in line)
        # The first of the two days that are left of November.
        assert abs(mark - (bar.index("▕") + bar.index("▏")) // 2) <= 1


async def test_on_the_first_day_the_next_two_steps_are_there_with_their_keys(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "1    p   Import your contacts" in shown
        assert "2    c   Write your first text" in shown
        assert "A bar for each day appears here once you send a text." in shown
        await press(pilot, "enter")
        assert where(app) == "Contacts"
        await press(pilot, "f2", "down", "enter")
        assert isinstance(app.screen, ComposeScreen)


async def test_who_has_contacts_but_sent_nothing_is_led_to_them(tmp_path: Path) -> None:
    app = make_app(with_tasks(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Look through your contacts" in words(app)
        assert "Import" not in words(app)


async def test_enter_on_a_text_opens_it_and_escape_comes_back(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        home = app.screen
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, BlastScreen)
        await press(pilot, "escape")
        assert app.screen is home


async def test_enter_on_the_draft_goes_on_writing_it(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, ComposeScreen)


async def test_every_part_of_home_leads_to_where_its_numbers_come_from(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        # From the last texts upwards: what comes next from its last line on, the chart, the large number.
        for screen in ("Plans", "History", "Usage", "Usage", "Usage"):
            await press(pilot, "up", "enter")
            assert where(app) == screen
            await press(pilot, "f2")


async def test_letters_and_function_keys_lead_to_the_screens(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for keys, name in (
            (("g", "y"), "History"),
            (("f2",), "Home"),
            (("g", "u"), "Usage"),
            (("g", "h"), "Home"),
            (("g", "n"), "Notices"),
            (("f2",), "Home"),
            (("p",), "Contacts"),
            (("f2",), "Home"),
            (("f9",), "History"),
        ):
            await press(pilot, *keys)
            assert where(app) == name


async def test_hostile_texts_are_drawn_as_they_stand_and_do_nothing(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        shown = words(app)
        assert "[/] [@click=app.quit]go[/] ␛[2J⟨RLO⟩abc" in shown
        assert "\x1b" not in shown
        await pilot.click("#texts", offset=(20, 2))
        await settled(pilot)
        assert app.is_running


async def test_a_notice_stays_until_it_was_read(tmp_path: Path) -> None:
    store = nearly_used_up(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "545 of 600 used (90%)" in words(app)
        await press(pilot, *["up"] * 5, "enter")
        assert where(app) == "Notices"
        await press(pilot, "f2")
        assert "545 of 600 used (90%)" in words(app)
        await press(pilot, "enter", "enter", "f2")
        assert where(app) == "Home"
        assert "545 of 600 used (90%)" not in words(app)
        await pilot.pause()
    again = make_app(store)
    async with again.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "545 of 600 used (90%)" not in words(again)


async def test_a_notice_says_on_a_phone_what_was_reached(tmp_path: Path) -> None:
    app = make_app(nearly_used_up(tmp_path))
    async with app.run_test(size=(41, 40)) as pilot:
        await settled(pilot)
        assert "545 of 600 used (90%)" in words(app)


async def test_crossing_a_threshold_is_told_once(tmp_path: Path) -> None:
    store = nearly_used_up(tmp_path)
    app = make_app(store)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == ["545 of 600 used (90%). 55 left."]
        await pilot.pause()
    again = make_app(store)
    async with again.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(again) == []


async def test_the_first_frame_doesnt_wait_for_the_database(tmp_path: Path) -> None:
    store = used(tmp_path)
    may_open = threading.Event()

    def open_slowly() -> Store:
        may_open.wait(20)
        return store

    app = make_app(open_slowly)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Latest texts" in words(app)
        before = [
            app.screen.query_one(part).region.offset for part in ("Standing", "DaysChart", "#next", "#texts")
        ]
        may_open.set()
        await settled(pilot)
        assert "481 credits left" in words(app)
        after = [
            app.screen.query_one(part).region.offset for part in ("Standing", "DaysChart", "#next", "#texts")
        ]
    assert before == after


# What comes next, for every product


async def told(store: Store) -> str:
    """All that Home says, in one line."""
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        return " ".join(words(app).split())


async def test_a_downgrade_that_is_to_come_is_said_where_the_plan_renews(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    order(store, "50", "down")
    assert "Renews Jun 16: 100 credits for $10.00, instead of 400" in await told(store)


async def test_a_cancelled_plan_says_what_becomes_of_the_rest(tmp_path: Path) -> None:
    texts = subscribed(tmp_path)
    texts.credits.place(1, texts.credits.quote_cancel(1), key="cancel")
    assert "The plan ends on Jun 1; anything left lapses" in await told(texts)
    move_clock(texts, datetime(2026, 6, 1, 16, tzinfo=UTC))
    shown = await told(texts)
    assert "Agent texts · no plan" in shown
    assert "Renews No plan: nothing more is added" in shown
    assert "Runs out Nothing left" in shown
    assert "credits left Nothing left." in shown


async def test_a_communitys_credits_stay_when_its_plan_ends(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    store.credits.place(1, store.credits.quote_cancel(1), key="cancel")
    shown = await told(store)
    assert "The plan ends on Jun 16; anything left stays yours" in shown
    assert "Expires next Nothing expires" in shown


async def test_a_trial_says_when_it_ends(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 20, 16, tzinfo=UTC))
    shown = await told(store)
    assert "Community texts · trial" in shown
    assert "The trial ends on May 16; anything left lapses" in shown
    assert "Expires next 10 credits on May 16" in shown
    use(store, 10, datetime(2026, 4, 21, 16, tzinfo=UTC))
    assert "credits left Nothing left." in await told(store)


async def test_what_waits_for_the_end_of_a_paid_year_is_said_beside_the_next_month(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200", billing="yearly")
    order(store, "50", "down")
    shown = await told(store)
    assert "Jun 16: 400 credits, paid until Apr 16, 2027; then 100 credits a month" in shown
    store.credits.withdraw(1)
    store.credits.place(
        1, store.credits.quote_plan(1, "50", billing="monthly"), key="smaller, and by the month"
    )
    assert "; then 100 credits a month, billed monthly" in await told(store)
    store.credits.place(1, store.credits.quote_cancel(1), key="cancel")
    assert "Jun 16: 400 credits, paid until Apr 16, 2027; then the plan ends" in await told(store)


async def test_a_year_that_is_paid_renews_without_a_price(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200", billing="yearly")
    assert "Renews Jun 16: 400 credits, paid until Apr 16, 2027" in await told(store)
    quote = store.credits.quote_plan(1, "200", billing="monthly")
    store.credits.place(1, quote, key="monthly")
    assert "paid until Apr 16, 2027; billed monthly from Apr 16, 2027" in await told(store)


async def test_a_month_that_is_to_be_billed_yearly_says_so(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    quote = store.credits.quote_plan(1, "200", billing="yearly")
    store.credits.place(1, quote, key="yearly")
    assert "Renews Jun 16: 400 credits for $200.00; billed yearly from Jun 16" in await told(store)


async def test_emails_are_called_emails(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "free")
    shown = await told(store)
    assert "5,000 emails left" in shown
    assert "Renews Jun 1: 5,000 emails, free" in shown
    assert "Expires next 5,000 emails on Jun 1" in shown
    assert "Latest texts" not in shown
    assert "credit" not in shown


async def test_bought_credits_stand_beside_those_of_the_plan(tmp_path: Path) -> None:
    # Example 19: 150 allotted, 500 purchased.
    store = subscribed(tmp_path, "community-texts", "200", now=datetime(2026, 4, 17, 16, tzinfo=UTC))
    assert "bought" not in await told(store)
    use(store, 250, datetime(2026, 4, 18, 16, tzinfo=UTC))
    store.credits.place(1, store.credits.quote_purchase(1, 500), key="buy")
    shown = await told(store)
    assert "650 credits left" in shown
    assert "Left 150 from the plan, 500 purchased" in shown


async def test_an_order_that_isnt_paid_is_said_first_and_leads_to_where_it_can_be(tmp_path: Path) -> None:
    store = subscribed(tmp_path, now=datetime(2026, 4, 17, 16, tzinfo=UTC))
    TestCard(store.database, store.settings).use(DECLINED)
    move_clock(store, NOW)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "$10.00 owed since May 1. Pay it to get 300 credits" in words(app)
        await press(pilot, *["up"] * 5, "enter")
        assert isinstance(app.screen, OrderScreen)
        assert "$10.00" in words(app)


def test_home_in_use(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path)), size=(120, 36))


def test_home_in_use_small(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path)), size=(80, 24))


def test_home_in_use_smallest(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path)), size=(60, 20))


def test_home_on_the_first_day(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(80, 24))


def test_home_while_the_database_opens(snap: Snap) -> None:
    assert snap(make_app(None), size=(80, 24))


def test_home_while_the_database_is_away(snap: Snap, tmp_path: Path) -> None:
    async def go_away(pilot: Pilot[Any]) -> None:
        pilot.app.current = False  # type: ignore[attr-defined]

    assert snap(make_app(used(tmp_path)), size=(80, 24), before=go_away)


def test_home_near_the_limit_by_day(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(nearly_used_up(tmp_path), theme="day"), size=(80, 24))


def test_home_out_of_credits_in_high_contrast(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used_up(tmp_path), theme="contrast"), size=(120, 36))


def test_home_in_spanish(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path), language="es"), size=(80, 24))


def test_home_of_a_community_that_bought_credits_and_owes_some(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200", now=datetime(2026, 4, 17, 16, tzinfo=UTC))
    store.credits.place(1, store.credits.quote_purchase(1, 500), key="buy")
    use(store, 850, datetime(2026, 4, 18, 16, tzinfo=UTC))
    TestCard(store.database, store.settings).use(DECLINED)
    move_clock(store, NOW)
    assert snap(make_app(store), size=(80, 24))


def test_home_of_emails(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(subscribed(tmp_path, "agent-email", "free")), size=(120, 36))


# A renewal that isn't paid, and a date that nobody believes


def unpaid(folder: Path) -> Store:
    """May's renewal was declined; it is the 20th."""
    store = make_store(folder)
    store.gateway.use("4000000000000002")
    store.credits.catch_up(1)
    return store


async def test_what_is_owed_is_said_and_a_key_pays_it(tmp_path: Path) -> None:
    store = unpaid(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "$10.00 owed since May 1. Pay it to get 300 credits" in words(app)
        assert "300 credits left" in words(app)
        await press(pilot, "dollar_sign")
        assert any("The card was declined" in told for told in toasts(app))
        store.gateway.use("4242424242424242")
        await press(pilot, "dollar_sign")
        assert "600 credits left" in words(app)
        assert "owed since" not in words(app)


async def test_compose_says_what_is_owed(tmp_path: Path) -> None:
    app = make_app(unpaid(tmp_path), first="compose", draft=Draft(body="Hi", to=("+14155550123",)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "You have owed $10.00 since May 1, 2026." in " ".join(words(app).split())


def ten_years_ahead(folder: Path) -> Store:
    return make_store(folder, now=NOW.replace(year=2036))


async def test_a_date_ten_years_ahead_is_asked_about_before_anything_is_charged(tmp_path: Path) -> None:
    store = ten_years_ahead(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(words(app).split())
        assert "This computer's date is May 20, 2036." in shown
        assert "and $1,210.00 will be charged" in shown
        await press(pilot, "escape")
        assert "Nothing renews until you confirm the date" in words(app)
        assert "300 credits left" in words(app)
    assert len(store.credits.orders(1)) == 1


async def test_a_date_that_is_right_is_confirmed_by_enter(tmp_path: Path) -> None:
    store = make_store(tmp_path, now=NOW.replace(month=9))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "1,800 credits left" in words(app)
        assert "confirm the date" not in words(app)


def with_tasks(folder: Path) -> Store:
    """Two tasks about Ann, of yesterday and today, and one of tomorrow."""
    store = make_store(folder)
    with store.connection():
        store.people.add(first_name="Ann", last_name="Lee", phone="+14155550123", region="US")
        for days, what in ((-1, "Send the keys"), (0, "Call about the lease"), (1, "Ask for a review")):
            store.tasks.add(1, 1, what, NOW + timedelta(days=days))
    return store


async def test_what_is_due_is_ticked_and_unticked_by_one_key(tmp_path: Path) -> None:
    store = with_tasks(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "2 tasks are due" in shown
        assert "May 19   · Send the keys" in shown
        assert "Today    · Call about the lease" in shown
        assert "Ask for a review" not in shown
        await press(pilot, "space")
        assert "1 task is due" in words(app)
        assert "May 19   ✓ Send the keys" in words(app)
        await press(pilot, "space")
        assert "2 tasks are due" in words(app)
        await press(pilot, "space", "down", "space")
        assert [task.text for task in store.tasks.tasks(1, NOW)] == []
        await press(pilot, "enter")
        assert where(app) == "Contact"


def planning(folder: Path, *, left: int) -> Store:
    """Sixty people who get three emails until the renewal, of an account with so many left."""
    store = make_store(folder, plan=None)
    move_clock(store, NOW)
    with store.connection():
        account = store.credits.open_account("agent-email", "free", TIMEZONE, demo_clock=True)
        for number in range(60):
            store.people.add(email=f"p{number}@example.com", groups=["Buyers"], region="US")
        steps = tuple(Step(days, "Open house", "Come") for days in (1, 5, 9))
        store.smartplans.start(account.id, SmartPlan("Open house", steps), groups=["Buyers"])
        store.credits.charge(account.id, 5_000 - left)
    return store


async def test_on_an_account_for_emails_the_keys_lead_to_answers_and_smartplans(tmp_path: Path) -> None:
    app = make_app(planning(tmp_path, left=1_000))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "c Write   g i Inbox   g e Sent mail   g m SmartPlans" in words(app).splitlines()[-1]
        for keys, name in ((("g", "i"), "Inbox"), (("f2",), "Home"), (("g", "m"), "SmartPlans")):
            await press(pilot, *keys)
            assert where(app) == name


async def test_many_tasks_leave_room_for_the_last_emails(tmp_path: Path) -> None:
    store = planning(tmp_path, left=1_000)
    with store.connection():
        for number in range(12):
            store.tasks.add(1, 1, f"Call {number}", NOW)
        for number in range(6):
            store.emails.send(1, Draft(subject=f"News {number}", body="Hi", to=("ann@example.com",)))
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "12 tasks are due" in shown
        assert "Call 1" in shown
        assert "Latest emails" in shown
        assert "News 5" in shown
        assert "News 4" in shown
        assert app.screen.query_one(VerticalScroll).max_scroll_y == 0


async def test_what_lapses_at_the_renewal_never_runs_out_after_it(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    move_clock(store, NOW - timedelta(days=10))
    with store.connection():
        store.credits.open_account("agent-email", "free", TIMEZONE, demo_clock=True)
        store.credits.charge(1, 1_000)
        move_clock(store, NOW)
        store.credits.charge(1, 1_000)  # so that June's 5,000 would be used before it ends
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "Not before Jun 1, when 818 emails lapse" in shown  # 3,000 - 12 days at 2,000 in 11 days
        assert "Lasts until Jun 1, when 818 emails lapse at this pace." in shown
        await press(pilot, "g", "u")
        assert "818 emails lapse on Jun 1." in words(app)
        assert "runs out" not in words(app)


async def test_what_is_planned_until_the_renewal_is_told(tmp_path: Path) -> None:
    app = make_app(planning(tmp_path, left=1_000))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Planned        180 emails until Jun 1; 820 lapse then" in words(app)


def test_the_day_on_which_emails_run_out_by_what_is_planned(snap: Snap, tmp_path: Path) -> None:
    store = planning(tmp_path, left=100)
    with store.connection():
        store.tasks.add(1, 1, "Call about the lease", NOW)
    assert snap(make_app(store), size=(120, 36))
