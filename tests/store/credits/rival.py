"""A process that does all that a person might do, until it is killed: python -m tests.store.credits.rival URL
FOLDER SEED

FOLDER: where it notes what outlives it: each text that the provider accepted, and each order before it is
placed, so that the next process with that seed places it again under the same key.
"""

from __future__ import annotations

import random
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

from store import Store
from store.clock import Clock, FixedClock, SystemClock
from store.credits.model import Account, Use
from store.errors import NotEnoughCredits, PaymentDeclined, RefusedByRule
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.messages.providers import Accepted, CantTell, Had, LookedUp, Outcome, Outgoing
from store.messages.senders import only
from store.payments.testcard import DEFAULT, TestCard
from store.settings import Settings
from tests.store.messages.scripted import Taking

REFUSALS = (RefusedByRule, NotEnoughCredits, PaymentDeclined)
DECLINES = "4000000000000002"
BEGINNING = datetime(2026, 1, 20, 12, tzinfo=UTC)
MOST_ACCOUNTS = 6
JOINED = {
    "agent-texts": ["300", "1000", "3000"],
    "agent-email": ["free", "10000", "25000"],
    "community-texts": ["trial", "50", "200", "800"],
}


class Log(Taking):
    """A provider that accepts everything, into a file: a line for each text, with its message's id."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "sent"

    def send(self, outgoing: Outgoing) -> Outcome:
        with self._file.open("a") as file:
            file.write(f"{outgoing.id} {outgoing.to} {outgoing.body}\n")
        return Accepted(f"log-{outgoing.id}")

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        accepted = {f"{phone} {text}": id for id, phone, text in self.lines()}
        found = accepted.get(f"{outgoing.to} {outgoing.body}")
        return Had(f"log-{found}") if found else CantTell()

    def lines(self) -> list[list[str]]:
        return [line.split(" ", 2) for line in self._file.read_text().splitlines()]


def messenger(store: Store, folder: Path, real: Clock) -> Messenger:
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, Log(folder), real),
        real=real,
    )


class Remote(TestCard):
    """A gateway that is asked outside of transactions, as those behind a network are: one may die between a
    charge and what it pays for."""

    local = False


class Rival:
    """seed: by which it is told from the others; those that are even pay by the network."""

    def __init__(self, url: str, folder: Path, seed: str) -> None:
        self.clock = FixedClock(BEGINNING)
        self.store = Store(url, clock=self.clock)
        self.ledger = self.store.credits
        self.card = (Remote if int(seed) % 2 == 0 else TestCard)(
            self.store.database, Settings(self.store.database)
        )
        self.ledger._collecting._gateway = self.card
        self.messenger = messenger(self.store, folder, SystemClock())
        self.orders = folder / f"orders-{seed}"
        self.chance = random.Random()

    def live(self) -> None:
        if self.orders.exists() and (lines := self.orders.read_text().splitlines()):
            self.place(*lines[-1].split(" "), again=True)
        while True:
            accounts = self.ledger.accounts()
            self.clock.instant = max([self.clock.instant, *(account.clock_floor for account in accounts)])
            with suppress(*REFUSALS):  # what matters is what is there afterwards
                if not accounts or (len(accounts) < MOST_ACCOUNTS and self.chance.random() < 0.3):
                    self.join()
                else:
                    usual = [self.send, self.send, self.renew, self.renew, self.change_plan, self.cancel]
                    act = self.chance.choice([*usual, self.buy, self.change_card, self.pay])
                    act(self.chance.choice(accounts))

    def join(self) -> None:
        product = self.chance.choice(sorted(JOINED))
        self.ledger.open_account(product, self.chance.choice(JOINED[product]), "America/New_York")

    def renew(self, account: Account) -> None:
        self.clock.instant += timedelta(self.chance.randrange(1, 20))
        self.ledger.collect(account.id, confirmed=True)

    def change_card(self, account: Account) -> None:
        self.card.use(self.chance.choice([DEFAULT, DECLINES]))

    def pay(self, account: Account) -> None:
        self.ledger.collect(account.id, again=True, confirmed=True)

    def send(self, account: Account) -> None:
        if account.product == "agent-email":
            hold = self.ledger.hold(account.id, 40, cause="email", reference="", use=Use.EMAIL)
            self.ledger.settle(hold, 39)
            self.ledger.release(hold, 1)
        else:
            phones = tuple(f"+1415555{number:04}" for number in range(100, 103))
            self.messenger.send(account.id, Draft(body=f"Text {uuid4()}", to=phones))
            self.messenger.deliver(stop=Event())

    def change_plan(self, account: Account) -> None:
        self.place(uuid4().hex, str(account.id), self.chance.choice(JOINED[account.product]))

    def cancel(self, account: Account) -> None:
        self.place(uuid4().hex, str(account.id), "cancel")

    def buy(self, account: Account) -> None:
        self.place(uuid4().hex, str(account.id), "buy")

    def place(self, key: str, account: str, what: str, *, again: bool = False) -> None:
        """Notes an order, then places it."""
        if not again:
            with self.orders.open("a") as file:
                file.write(f"{key} {account} {what}\n")
        id = int(account)
        with suppress(RefusedByRule, PaymentDeclined):  # the other one was faster, or it is no change
            if what == "cancel":
                quote = self.ledger.quote_cancel(id)
            elif what == "buy":
                quote = self.ledger.quote_purchase(id, 100)
            else:
                quote = self.ledger.quote_plan(id, what)
            self.ledger.place(id, quote, key=key)


if __name__ == "__main__":
    url, folder, seed = sys.argv[1:]
    rival = Rival(url, Path(folder), seed)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    rival.live()
