"""Notices: the toast when a threshold is crossed, and the inbox that keeps it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store
from store.credits.model import Use
from tests.tui.billing.subscribed import order, subscribed
from tests.tui.conftest import Snap
from tests.tui.harness import (
    make_app,
    make_store,
    move_clock,
    numbers,
    offered,
    press,
    settled,
    text,
    toasts,
    words,
)
from tui.blasts.screen import BlastScreen
from tui.home.screen import HomeScreen
from tui.notices.screen import NoticesScreen


def use(store: Store, credits: int, kind: Use = Use.SMS) -> None:
    """Uses credits at the store's instant."""
    hold = store.credits.hold(store.credits.account().id, credits, cause="charge", reference="", use=kind)
    store.credits.settle(hold, credits)


def crossed(folder: Path) -> Store:
    """An agent's May: 250 texts at 16:00 UTC, 260 more on the next day. Of 600, 80 and 85 % are crossed."""
    store = make_store(folder)
    text(store, "Open house on Sunday", *numbers(250))
    move_clock(store, datetime(2026, 5, 21, 16, tzinfo=UTC))
    text(store, "The price of 12 Elm St just dropped", *numbers(260))
    return store


def lines(shown: str) -> list[str]:
    """The notices that are listed, without those of the frame."""
    return [" ".join(line.split()) for line in shown.splitlines() if re.search(r"%\)? {3}", line)]


async def test_a_group_crossed_at_once_gives_one_toast_that_names_the_highest(tmp_path: Path) -> None:
    # Example 24: 500 in all, 390 used, a blast of 90.
    store = subscribed(tmp_path, "community-texts", "50", now=datetime(2026, 4, 16, 16, tzinfo=UTC))
    account = store.credits.account()
    store.credits.place(account.id, store.credits.quote_purchase(account.id, 400), key="buy")
    use(store, 390)
    app = make_app(store)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == []
        use(store, 90)
        app.refresh_balance()
        await settled(pilot)
        assert toasts(app) == ["480 of 500 used (96%). 20 left."]
        await press(pilot, "g", "n")
        assert lines(words(app)) == [
            "› ● 96% Apr 16, 2026, 12:00 PM Usage was recorded by hand",
            "96% Apr 16, 2026, 12:00 PM Usage was recorded by hand",
            "96% Apr 16, 2026, 12:00 PM Usage was recorded by hand",
            "96% Apr 16, 2026, 12:00 PM Usage was recorded by hand",
        ]
        await pilot.pause()


async def test_a_change_of_plan_that_crosses_one_says_so(tmp_path: Path) -> None:
    # Of 1,000 in May 250 are used; the downgrade takes 700 of the rest: 250 of 300 are used then.
    opened = datetime(2026, 5, 1, 16, tzinfo=UTC)
    store = subscribed(tmp_path, plan="1000", opened=opened)
    use(store, 250)
    app = make_app(store)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        order(store, "300", "downgrade")
        app.refresh_balance()
        await settled(pilot)
        assert toasts(app) == ["The plan was downgraded: 250 of 300 used (83%). 50 left."]
        await press(pilot, "g", "n")
        assert lines(words(app)) == ["› ● 83% May 20, 2026, 12:00 PM The plan was downgraded"]
        await press(pilot, "enter")
        assert "−700" in words(app)
        await pilot.pause()


async def test_emails_are_counted_as_emails(tmp_path: Path) -> None:
    # Example 12: the 4,000th email of the free plan.
    store = subscribed(tmp_path, "agent-email", "free")
    use(store, 4_000, Use.EMAIL)
    app = make_app(store)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == ["4,000 of 5,000 used (80%). 1,000 left."]
        assert "emails left" in words(app)
        assert "1,000 emails on Jun 1" in words(app)
        await pilot.pause()


async def test_after_months_away_nothing_is_told_of_periods_that_are_over(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "free")
    use(store, 4_900, Use.EMAIL)
    move_clock(store, datetime(2026, 6, 3, 16, tzinfo=UTC))
    app = make_app(store)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == []
        await press(pilot, "g", "n")
        shown = " ".join(words(app).split())
        assert "● 98%" in shown  # it is in the inbox all the same
        assert "no notice sent yet" in shown


async def test_what_is_below_its_threshold_again_isnt_told_any_more(tmp_path: Path) -> None:
    # Example 25: after an upgrade 480 of 1,200 are 40 %; then 80 % fires at 960.
    store = subscribed(tmp_path, opened=datetime(2026, 5, 1, 16, tzinfo=UTC))
    use(store, 290)
    order(store, "1000", "upgrade")
    app = make_app(store)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == []
        use(store, 510)
        app.refresh_balance()
        await settled(pilot)
        assert toasts(app) == ["800 of 1,000 used (80%). 200 left."]
        await pilot.pause()


async def test_enter_opens_the_text_that_caused_it_and_takes_it_as_read(tmp_path: Path) -> None:
    app = make_app(crossed(tmp_path), first="notices")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Notices (1)" in offered(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, BlastScreen)
        assert "The price of 12 Elm St just dropped" in words(app)
        await press(pilot, "escape")
        assert "✓ 85%" in words(app).replace("  ", " ")
        assert app.unread == 0


async def test_all_are_read_by_a_key_and_stay_so(tmp_path: Path) -> None:
    store = crossed(tmp_path)
    text(store, "One more", *numbers(40))
    app = make_app(store)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert "Notices (2)" in words(app)
        await press(pilot, "g", "n", "asterisk")
        assert "●" not in words(app)
        await press(pilot, "asterisk")
        assert "All notices are already read." in toasts(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)
        assert "Notices (" not in words(app)
        await pilot.pause()
    again = make_app(store, first="notices")
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "●" not in words(again)


async def test_the_line_below_says_where_it_was_told(tmp_path: Path) -> None:
    app = make_app(crossed(tmp_path), first="notices")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(words(app).split())
        assert "510 of 600 used (85%) that month, including reserved." in shown
        assert "A text was sent; notified on screen; not yet by email." in shown
        await press(pilot, "down")
        assert "included in a higher notice." in " ".join(words(app).split())


async def test_what_is_carried_over_a_purchase_is_listed_without_being_told(tmp_path: Path) -> None:
    # All 3,200 of two months are used; 200 are bought: 94 % are, as nobody needs to be told again.
    store = subscribed(tmp_path, "community-texts", "800")
    account = store.credits.account()
    app = make_app(store, first="notices")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        use(store, store.credits.balance(account.id).available)
        store.credits.mark_shown([notice.id for notice in store.credits.notices_to_show(account.id)])
        store.credits.place(account.id, store.credits.quote_purchase(account.id, 200), key="buy")
        app.refresh_balance()
        await settled(pilot)
        assert toasts(app) == []
        carried = (
            "(94%) May 20, 2026, 12:00 PM Credits were bought carried over from before, so no notice went out"
        )
        assert lines(words(app))[:4] == [
            f"› {carried}",
            carried,
            carried,
            "● 100% May 20, 2026, 12:00 PM Usage was recorded by hand notified on screen; not yet by email",
        ]
        await pilot.pause()


async def test_a_screen_without_notices_says_when_they_come(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="notices")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        shown = " ".join(words(app).split())
        assert "You get one at 80%, 85%, 90%, and 95% of what you can use in a month" in shown
        await press(pilot, "enter", "asterisk")
        assert toasts(app) == ["All notices are already read."]
        await pilot.pause()


async def test_another_accounts_notices_are_read_by_themselves(tmp_path: Path) -> None:
    store = crossed(tmp_path)
    other = store.credits.open_account("agent-email", "free", "America/New_York")
    hold = store.credits.hold(other.id, 4_500, cause="email", reference="", use=Use.EMAIL)
    store.credits.settle(hold, 4_500)
    store.settings.write("account", "1")
    app = make_app(store, first="notices")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "asterisk")
        assert app.unread == 0
        app.use_account(other)
        await settled(pilot)
        assert isinstance(app.screen, NoticesScreen)
        assert app.unread == 1
        assert "Emails were sent" in words(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 20)], ids=str)
def test_notices(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = crossed(tmp_path)
    text(store, "One more", *numbers(40))
    store.credits.mark_shown([notice.id for notice in store.credits.notices_to_show(1)])
    assert snap(make_app(store, first="notices"), size=size)


def test_no_notices_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="notices", language="es", theme="day")
    assert snap(app, size=(80, 24))
