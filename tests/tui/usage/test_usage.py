"""Usage: what a month came to by day, kind and month, and how long the rest lasts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store
from store.credits.model import Use
from tests.tui.billing.subscribed import order, subscribed
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, make_app, move_clock, press, settled, toasts, where, words
from tui.app import TextmeterApp


def use(store: Store, day: str, credits: int, kind: Use = Use.SMS) -> None:
    """Uses credits at three in the afternoon, UTC, of a day after which nothing was used yet."""
    move_clock(store, datetime.fromisoformat(f"{day}T15:00").replace(tzinfo=UTC))
    account = store.credits.account()
    hold = store.credits.hold(account.id, credits, cause="blast", reference="0", use=kind)
    store.credits.settle(hold, credits)
    store.credits.mark_shown([notice.id for notice in store.credits.notices_to_show(account.id)])


def spring(folder: Path) -> Store:
    """An agent's April and May up to the 20th: 90 and 140 credits used of 300 each."""
    store = subscribed(folder, now=datetime(2026, 4, 16, 15, tzinfo=UTC))
    for day, credits in (("2026-04-17", 30), ("2026-04-24", 60), ("2026-05-04", 25), ("2026-05-05", 70)):
        use(store, day, credits)
    use(store, "2026-05-11", 12, Use.MMS)
    use(store, "2026-05-11", 8)
    use(store, "2026-05-19", 20)
    use(store, "2026-05-20", 5, Use.REPLY)
    move_clock(store, NOW)
    return store


def year(folder: Path) -> Store:
    """Fourteen months of an agent with 1,000 credits a month, up to 20 May 2026."""
    store = subscribed(
        folder,
        plan="1000",
        opened=datetime(2025, 4, 1, 15, tzinfo=UTC),
        now=datetime(2025, 4, 1, 16, tzinfo=UTC),
    )
    for month in range(13):
        day = f"{2025 + (month + 3) // 12}-{(month + 3) % 12 + 1:02}"
        use(store, f"{day}-03", 300 + 40 * month)
        use(store, f"{day}-17", 90, Use.MMS)
        use(store, f"{day}-21", 3 * month + 2, Use.REPLY)
    use(store, "2026-05-06", 410)
    use(store, "2026-05-13", 60, Use.MMS)
    move_clock(store, NOW)
    return store


def bottom(app: TextmeterApp) -> tuple[str, str]:
    """The numbers and the names of the months."""
    lines = [" ".join(line.split()) for line in words(app).splitlines()]
    names = next(place for place, line in enumerate(lines) if re.search(r"›\w", line))
    return lines[names - 1], lines[names]


async def test_a_month_tells_what_was_used_what_is_left_and_the_pace(tmp_path: Path) -> None:
    # 600 granted, 90 used in April: 510 on 1 May, 140 used of them in 20 days, 370 left for 12.
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = words(app)
    assert "‹ May 2026" in shown
    assert "140 of 510 used, 27%; 370 left" in shown
    assert "7 a day so far; 30 a day from now on" in shown
    assert "16 a day would last until Jun 1" in shown
    assert "Nothing expires until Jun 1" in shown


async def test_kinds_have_their_numbers_and_shares(tmp_path: Path) -> None:
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lines = [" ".join(line.split()[-3:]) for line in words(app).splitlines()[1:5]]
    assert [line.split()[-2:] for line in lines[1:]] == [["123", "88%"], ["12", "9%"], ["5", "3%"]]


async def test_the_forecast_names_what_it_is_based_on(tmp_path: Path) -> None:
    # From 21 April to 20 May 200 were used, 6.7 a day: fewer than the 300 of each month.
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "At 7 a day, as in the last 30 days, you won't run out." in words(app)


async def test_left_and_right_page_from_month_to_month_and_say_where_there_is_no_more(tmp_path: Path) -> None:
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "left")
        shown = words(app)
        assert "April 2026 ›" in shown  # the period that `balance` tells, too
        assert "90 of 300 used, 30%; 210 left" in shown
        assert "6 a day on average" in shown
        assert "20 a day would have lasted until May 1" in shown
        assert "at 7 a day, as in the last 30 days, you won't run out." in shown.lower()
        await press(pilot, "left")
        assert toasts(app) == ["This is the account's first month."]
        await press(pilot, "right", "right")
        assert "‹ May 2026" in words(app)
        assert "This is the current month." in toasts(app)
        await pilot.pause()


async def test_the_cursor_tells_each_day_and_goes_on_into_the_month_before(tmp_path: Path) -> None:
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "▴ May 20, 2026  5 credits  ·  Replies 5" in words(app)
        await press(pilot, "down", *["left"] * 9)
        assert "▴ May 11, 2026  20 credits  ·  SMS 8, MMS 12" in words(app)
        await press(pilot, "home")
        assert "▴ May 1, 2026  nothing used" in words(app)
        await press(pilot, "left")
        assert "April 2026 ›" in words(app)
        assert "▴ Apr 30, 2026  nothing used" in words(app)
        await press(pilot, "right")
        assert "▴ May 1, 2026" in words(app)
        await press(pilot, "end", "right")
        assert "▴ May 20, 2026" in words(app)


async def test_a_click_on_a_bar_tells_that_day_and_on_a_month_shows_it(tmp_path: Path) -> None:
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        line = next(line for line in words(app).splitlines() if "May 1 " in line)
        first = line.index("May 1 ")
        await pilot.click("DaysPlot", offset=(first - 1 + 2 * 4, 3))
        await settled(pilot)
        assert "▴ May 5, 2026  70 credits" in words(app)
        await pilot.click("MonthsPlot", offset=(4, 3))
        await settled(pilot)
        assert "April 2026 ›" in words(app)


async def test_the_first_month_has_a_place_for_each_of_its_days(tmp_path: Path) -> None:
    store = subscribed(
        tmp_path, opened=datetime(2026, 11, 29, 15, tzinfo=UTC), now=datetime(2026, 11, 29, 16, tzinfo=UTC)
    )
    use(store, "2026-11-29", 200)
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "November 2026" in shown
        assert "Nov 1" in shown
        bar = max(re.findall("█+", shown.split("By day")[1].split("Month by month")[0]), key=len)
        assert len(bar) <= 2
        # 300 for two days.
        assert "150 a day would last until Dec 1" in shown
        await press(pilot, "down", "left")
        assert toasts(app) == ["This is the account's first month."]


async def test_months_stand_side_by_side_with_their_numbers(tmp_path: Path) -> None:
    app = make_app(year(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        numbers, names = bottom(app)
        assert names == "Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar Apr ›May"
        assert numbers == "478 521 564 607 650 693 736 779 822 865 908 470"
        assert "438 less than the previous month" in words(app)
        await press(pilot, *["left"] * 13)
        assert bottom(app)[1] == "›Apr"


async def test_enter_leads_to_the_history_and_escape_home(tmp_path: Path) -> None:
    app = make_app(spring(tmp_path), first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert where(app) == "History"
        await press(pilot, "f2", "g", "u")
        assert where(app) == "Usage"
        await press(pilot, "escape")
        assert where(app) == "Home"


async def test_what_is_used_meanwhile_shows_at_once(tmp_path: Path) -> None:
    store = spring(tmp_path)
    app = make_app(store, first="usage")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        hold = store.credits.hold(1, 10, cause="blast", reference="0")
        app.refresh_balance()
        await settled(pilot)
        assert "150 of 510 used, 29%; 360 left  ·  10 held" in words(app)
        store.credits.settle(hold, 10)
        app.refresh_balance()
        await settled(pilot)
        assert "May 20, 2026  15 credits  ·  SMS 10, Replies 5" in words(app)


async def test_what_expires_this_month_is_said_with_its_days(tmp_path: Path) -> None:
    # Those of 10 May and 1 June 2025, of which none was used.
    opened, now = datetime(2025, 5, 10, 15, tzinfo=UTC), datetime(2026, 5, 8, 15, tzinfo=UTC)
    store = subscribed(tmp_path, opened=opened, now=now)
    store.credits.catch_up(1, confirmed=True)  # a year at once, which an owner says is right
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Expiring: 600 credits, May 10 to Jun 1" in words(app)
    move_clock(store, NOW)
    again = make_app(store, first="usage")
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Expiring: 300 credits on Jun 1" in words(again)


async def test_a_month_that_is_over_says_what_expired(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "free", now=datetime(2026, 4, 16, 16, tzinfo=UTC))
    use(store, "2026-04-20", 4_000, Use.EMAIL)
    move_clock(store, NOW)
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "5,000 emails left" in words(app).splitlines()[0]
        await press(pilot, "left")
        assert "4,000 of 5,000 used, 80%; 1,000 left" in words(app)
        assert "Lost unused: 1,000 emails on May 1" in words(app)
        await press(pilot, "down", "home", *["right"] * 4)
        assert "▴ Apr 20, 2026  4,000 emails" in words(app)


async def test_a_month_that_begins_on_the_anchor_day_is_named_by_its_days(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "‹ May 16, 2026 – Jun 15, 2026" in words(app)
        assert "Replies" not in words(app)  # they are free


async def test_a_trial_is_a_month_of_its_own(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 18, 15, tzinfo=UTC))
    use(store, "2026-04-18", 4)
    order(store, "200", "subscribe")
    use(store, "2026-04-20", 30)
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "30 of 400 used" in words(app)
        await press(pilot, "left")
        assert "Apr 16, 2026 – Apr 17, 2026 ›" in words(app)
        assert "Lost unused: 6 credits on Apr 18" in words(app)


async def test_a_trial_subscribed_at_once_leaves_no_month_without_a_day(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "trial", now=datetime(2026, 4, 16, 16, tzinfo=UTC))
    order(store, "200", "subscribe")
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert "  Apr 16, 2026 – May 15, 2026" in words(app)
        await press(pilot, "left")
        assert toasts(app) == ["This is the account's first month."]
        await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 20), (160, 45)], ids=str)
def test_usage_of_a_year(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(year(tmp_path), first="usage"), size=size, keys=("down", *["left"] * 7))


def test_usage_smallest_further_down(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(year(tmp_path), first="usage"), size=(60, 20), keys=("down", "down"))


def test_usage_of_an_older_month_by_day_in_spanish(snap: Snap, tmp_path: Path) -> None:
    app = make_app(year(tmp_path), first="usage", language="es", theme="day")
    assert snap(app, size=(80, 24), keys=("left",))


def test_usage_on_the_first_day(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path, now=datetime(2026, 4, 16, 16, tzinfo=UTC))
    assert snap(make_app(store, first="usage"), size=(80, 24))


def test_usage_of_emails_in_high_contrast(snap: Snap, tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "free", now=datetime(2026, 5, 1, 16, tzinfo=UTC))
    for day, emails in (("2026-05-04", 900), ("2026-05-11", 1_900), ("2026-05-18", 1_600)):
        use(store, day, emails, Use.EMAIL)
    assert snap(make_app(store, first="usage", theme="contrast"), size=(120, 36))


async def test_what_is_above_the_most_that_rolls_over_did_not_expire(tmp_path: Path) -> None:
    """Rule 18: 400, 800, 1,200, then 400 more of which 400 are forfeited."""
    store = subscribed(tmp_path, "community-texts", "200", opened=datetime(2026, 1, 16, 15, tzinfo=UTC))
    store.credits.catch_up(1, confirmed=True)
    app = make_app(store, first="usage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "left")
        assert "Lost unused: 400 credits on May 16" in words(app)
