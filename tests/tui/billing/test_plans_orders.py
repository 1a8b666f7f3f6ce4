"""Orders and their receipts, what is still to be paid, and the card that it is paid with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import OrderState
from store.payments import Card
from store.payments.testcard import NUMBERS
from tests.tui.billing.subscribed import DECLINED, PAYS, Hosted, Unheard, asking, at, order, shown, subscribed
from tests.tui.harness import NOW, TIMEZONE, make_app, move_clock, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.billing.card import ANSWERS
from tui.billing.order import OrderScreen
from tui.billing.orders import PAGE, OrdersScreen
from tui.billing.plans import PlansScreen

AFTER_RENEWAL = datetime(2026, 6, 2, 16, tzinfo=UTC)


def unpaid(folder: Path) -> Store:
    """An account whose card was declined at the renewal of 1 June, its third order."""
    store = subscribed(folder)
    store.gateway.use(DECLINED)
    move_clock(store, AFTER_RENEWAL)
    store.credits.catch_up(1)
    return store


def lines(app: TextmeterApp) -> list[str]:
    """What is listed, word for word."""
    listed = [" ".join(line.split()) for line in words(app).splitlines()[3:-1]]
    return [line for line in listed if line]


async def test_orders_are_listed_the_newest_first_and_open_their_receipts(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    order(store, "1000", "upgrade")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o")
        assert lines(app) == [
            "› 3 May 20, 2026 Upgrade to 1,000 credits $7.74 ✓ paid",
            "2 May 1, 2026 Renewal: 300 credits $10.00 ✓ paid",
            "1 Apr 16, 2026 Subscription: 300 credits $5.00 ✓ paid",
        ]
        await press(pilot, "end", "enter")
        assert at(app, OrderScreen)
        for fact in ("Order 1", "300 credits a month", "+300", "$5.00 paid with Visa 4242."):
            assert fact in shown(app)
        assert "Done." not in shown(app)
        await press(pilot, "escape")
        assert at(app, OrdersScreen)
        assert lines(app)[2].startswith("› 1")
        await press(pilot, "escape")
        assert at(app, PlansScreen)


async def test_many_orders_are_read_page_by_page(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    with store.database.transaction():
        for number in range(PAGE):
            order(store, "100", f"smaller {number}")
            store.credits.withdraw(1)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o", "end")
        assert lines(app)[-1].startswith("› 1 Apr 16, 2026 Subscription")


async def test_orders_stand_closer_in_a_narrow_window(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    order(store, "1000", "upgrade")
    app = make_app(store, first="plans")
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o")
        assert lines(app) == [
            "› 3 May 20 Upgrade to 1,00… $7.74 ✓ paid",
            "2 May 1 Renewal: 300 cr… $10.00 ✓ paid",
            "1 Apr 16 Subscription: 3… $5.00 ✓ paid",
        ]


async def test_a_receipt_is_copied_as_text(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    order(store, "1000", "upgrade")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o", "enter", "ctrl+c")
        assert app.clipboard == (
            "Textmeter receipt\n"
            "=================\n"
            "\n"
            "Order:          3\n"
            "When:           May 20, 2026, 12:00\N{NARROW NO-BREAK SPACE}PM\n"
            "Product:        Agent texts\n"
            "What:           Upgrade to 1,000 credits\n"
            "Previous plan:  300 credits a month\n"
            "Plan:           1,000 credits a month\n"
            "Credits:        +700\n"
            "Amount:         $7.74\n"
            "Payment:        $7.74 paid with Visa 4242.\n"
            "Charge:         test-3\n"
        )
        await pilot.pause()


async def test_a_receipt_is_saved_beside_what_is_there(tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "receipts"
    folder.mkdir()
    (folder / "textmeter-receipt-1.txt").write_text("an older one", encoding="utf-8")
    monkeypatch.chdir(folder)
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o", "end", "enter", "s")
        assert (folder / "textmeter-receipt-1.txt").read_text(encoding="utf-8") == "an older one"
        saved = folder / "textmeter-receipt-1-2.txt"
        assert "Subscription: 300 credits" in saved.read_text(encoding="utf-8")
        assert toasts(app) == [f"Receipt saved as {saved}."]
        await pilot.pause()


async def test_a_receipt_that_can_not_be_saved_says_why(tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o", "end", "enter")
        monkeypatch.setattr(Path, "cwd", lambda: folder / "nowhere")
        await press(pilot, "s")
        assert "No such file or directory" in toasts(app)[0]
        assert "stays under Orders" in toasts(app)[0]
        await pilot.pause()


async def test_what_was_declined_is_paid_from_the_orders_with_another_card(tmp_path: Path) -> None:
    store = unpaid(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o")
        assert lines(app)[0] == "› 3 Jun 1, 2026 Renewal: 300 credits $10.00 ✗ not paid"
        await press(pilot, "dollar_sign")
        assert "The card was declined" in toasts(app)[-1]
        await press(pilot, "e", "enter", "dollar_sign")
        assert "Everything is paid." in toasts(app)
        assert lines(app)[0] == "› 3 Jun 1, 2026 Renewal: 300 credits $10.00 ✓ paid"
        assert "Pay now" not in shown(app)
        await press(pilot, "escape")
        assert "not paid" not in shown(app)
        await pilot.pause()


async def test_a_receipt_that_is_not_paid_says_why_and_pays_too(tmp_path: Path) -> None:
    store = unpaid(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o", "enter")
        assert "The card was declined" in shown(app)
        assert "Press $ to pay it now." in shown(app)
        store.gateway.use(PAYS)
        await press(pilot, "dollar_sign")
        assert "$10.00 paid with Visa 4242." in shown(app)


async def test_what_is_due_while_the_provider_is_silent_is_told_as_unknown(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Unheard(store)
    store = asking(tmp_path, store, gateway)
    move_clock(store, AFTER_RENEWAL)
    store.credits.catch_up(1)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o")
        assert "… being charged" in lines(app)[0]
        await press(pilot, "dollar_sign")
        assert "It is asked again by itself." in toasts(app)[-1]
        await press(pilot, "enter")
        assert "Not known yet whether the card was charged." in shown(app)
        gateway.lost = False
        await press(pilot, "dollar_sign")
        assert "$10.00 paid with Visa 4242." in shown(app)
        assert store.credits.order(1, 3).state is OrderState.PAID
        await pilot.pause()


async def test_the_test_cards_say_which_of_them_pay(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        assert "Mastercard 4444 approved" in shown(app)
        assert "Visa 9995 declined: insufficient funds" in shown(app)
        await press(pilot, "down", "enter")
        assert at(app, PlansScreen)
        assert toasts(app) == ["Mastercard 4444 is now on file."]
        assert str(store.gateway.card()) == "Mastercard 4444"
        await pilot.pause()


async def test_a_provider_s_own_page_is_opened_or_its_address_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = subscribed(tmp_path)
    gateway = Hosted(store)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    opened: list[str] = []
    monkeypatch.setattr(app, "open_url", opened.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        assert "No card on file yet." in shown(app)
        assert "Change card › Open the payment provider's page in a browser Copy its address" in shown(app)
        assert gateway.link in shown(app)
        await press(pilot, "enter")
        assert opened == [gateway.link]
        await press(pilot, "down", "enter")
        assert app.clipboard == gateway.link
        gateway.on_file = Card("[/] Visa", "\x1b[2J")
        await press(pilot, "r")
        assert "[/] Visa" in shown(app)
        assert "␛[2J" in shown(app)


async def test_a_provider_that_can_not_be_reached_is_asked_again(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    gateway = Hosted(store, reachable=False)
    app = make_app(asking(tmp_path, store, gateway), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        assert "✗ The provider can't be reached." in shown(app)
        gateway.reachable = True
        await press(pilot, "r")
        assert "No card on file yet." in shown(app)
        assert "reached" not in shown(app)


@pytest.mark.parametrize("keys", [("g", "o"), ("g", "o", "enter"), ("e",)])
async def test_another_language_is_taken_up_by_each_of_them(tmp_path: Path, keys: tuple[str, ...]) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *keys)
        screen, english = app.screen, words(app)
        app.choose_language("es")
        await settled(pilot)
        assert app.screen is screen
        assert "disponibles" in words(app)
        assert len(words(app).split()) > len(english.split()) // 2


async def test_an_account_to_play_with_is_paid_with_test_cards_whoever_charges_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", "sk_test_nobody")
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))
    store.credits.open_account("agent-texts", "300", TIMEZONE, demo_clock=True)
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        assert "Another test card" in shown(app)
        await press(pilot, "escape", "down", "enter", "enter")
        assert "This is a test card: no real money is charged." in shown(app)


async def test_a_receipt_of_emails_counts_emails(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "agent-email", "10000")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "o", "enter")
        assert "Emails +10,000" in shown(app)
        assert "Credits" not in shown(app)


async def test_the_answer_of_every_test_card_fits_a_small_window(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        assert {card.declines for card in NUMBERS.values()} == set(ANSWERS)
        assert "Visa 9995 declined: insufficient funds" in shown(app)
        assert "…" not in shown(app)
