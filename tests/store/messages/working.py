"""A delivery worker at work, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from store import Store
from store.credits.model import Account
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Status
from store.messages.providers import Outcome, Outgoing

ZOE, ANN, LONDON = "+14155552671", "+14155552672", "+442079460123"


class Waits(Event):
    """An event nobody has to wait for: it notes how long one would have."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return self.is_set()


def outcomes(**by_last_digit: Outcome) -> Callable[[Outgoing], Outcome | None]:
    """A script by a number's last digit: outcomes(_1=Refused(...))."""
    return lambda outgoing: by_last_digit.get(f"_{outgoing.to[-1]}")


def deliver(messenger: Messenger, stop: Event | None = None) -> list[BlastSummary]:
    seen: list[BlastSummary] = []
    messenger.deliver(stop=stop or Event(), on_progress=seen.append)
    return seen


def numbers(store: Store, account: Account) -> tuple[int, int, int]:
    """Available, held and used."""
    assert store.credits.verify().ok
    balance = store.credits.balance(account.id)
    return balance.available, balance.held, balance.used


def statuses(messenger: Messenger, blast: BlastSummary) -> list[Status]:
    return [message.status for message in messenger.messages(blast.id)]
