"""Accounts with plans of all three products, and payment providers that go wrong, for the tests of plans and
orders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.payments import Card, Declined, Paid, PaymentUnreachable
from store.payments.testcard import TestCard
from store.sentences import sentence
from tests.tui.harness import NOW, OPENED, TIMEZONE, move_clock, words
from tui.app import TextmeterApp

UPGRADE = ("down", "enter")
"""From the plan in use to the quote of the next larger one."""
TO_THE_ORDER = (*UPGRADE, "enter", "enter", "end", "a")
PAYS = "4242424242424242"
DECLINED = "4000000000000002"


def subscribed(
    folder: Path,
    product: str = "agent-texts",
    plan: str = "300",
    *,
    billing: str = "monthly",
    opened: datetime = OPENED,
    now: datetime = NOW,
) -> Store:
    """A store whose clock stands at `now`, with an account opened at `opened`."""
    store = Store(str(folder / "textmeter.sqlite3"), clock=FixedClock(opened))
    store.credits.open_account(product, plan, TIMEZONE, billing=billing)
    move_clock(store, now)
    store.credits.catch_up(store.credits.account().id)
    return store


def use(store: Store, credits: int, at: datetime) -> None:
    """Uses credits at an instant after which nothing was used yet; nobody is to be told any more."""
    move_clock(store, at)
    hold = store.credits.hold(store.credits.account().id, credits, cause="blast", reference="0")
    store.credits.settle(hold, credits)
    store.credits.mark_shown([notice.id for notice in store.credits.notices_to_show(1)])


def order(store: Store, plan: str, key: str) -> None:
    """Changes to a plan, as it is billed."""
    account = store.credits.account()
    store.credits.place(account.id, store.credits.quote_plan(account.id, plan), key=key)


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


def at(app: TextmeterApp, screen: type[Screen[Any]]) -> bool:
    """Whether a screen of that kind is in front."""
    return isinstance(app.screen, screen)


def asking(folder: Path, store: Store, gateway: TestCard) -> Store:
    """The same database with another payment provider."""
    return Store(str(folder / "textmeter.sqlite3"), clock=store.clock, gateway=gateway)


class Slow(TestCard):
    """A provider that answers once it may."""

    local = False

    def __init__(self, store: Store) -> None:
        super().__init__(store.database, store.settings)
        self.may_answer = Event()
        self.asked: list[str] = []

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        self.asked.append(key)
        self.may_answer.wait(20)
        return super().charge(key=key, cents=cents, description=description)


class Unheard(TestCard):
    """A provider that charges, but whose answer doesn't arrive while `lost`."""

    local = False

    def __init__(self, store: Store) -> None:
        super().__init__(store.database, store.settings)
        self.lost = True

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        paid = super().charge(key=key, cents=cents, description=description)
        if self.lost:
            raise PaymentUnreachable(sentence("The provider didn't answer. It is asked again by itself."))
        return paid


class Hosted(TestCard):
    """A provider with a page of its own for cards, and none on file before somebody was there."""

    local = False
    link = "https://pay.example/cards/1"

    def __init__(self, store: Store, *, reachable: bool = True) -> None:
        super().__init__(store.database, store.settings)
        self.on_file: Card | None = None
        self.reachable = reachable

    def card(self) -> Card:
        if not self.reachable:
            raise PaymentUnreachable(sentence("The provider can't be reached."))
        return self.on_file  # type: ignore[return-value]

    def card_link(self) -> str:
        return self.link
