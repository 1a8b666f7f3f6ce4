"""Moving a demo clock forward from the app; what that needs is imported after the first frame."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.clock import zone
from store.sentences import Sentence, sentence, sentences
from tui.demo.mode import DAY, RENEWAL

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from tui.base.session_app import SessionApp


def clock_set_back(account: Account) -> Sentence:
    """The warning that the clock is before an instant up to which an account was processed already."""
    return sentence(
        "The clock is behind {floor}, the date up to which this account was already "
        "processed. Nothing is processed until the clock gets there.",
        floor=account.clock_floor.astimezone(zone(account.timezone)),
    )


class Moved(NamedTuple):
    """Where a clock was moved, local to its account, and how many boundaries were crossed."""

    now: datetime
    boundaries: int

    @property
    def says(self) -> Sentence:
        """What came of it."""
        if not self.boundaries:  # what is to be sent may still leave by it
            return sentence("It is now {now}.", now=self.now)
        return sentence(
            "It is now {now}. {crossed}",
            now=self.now,
            crossed=sentences(
                "{count} renewal or expiration processed.",
                "{count} renewals and expirations processed.",
                self.boundaries,
            ),
        )


def now(app: SessionApp, stood: datetime) -> datetime:
    """The present of a demo clock. stood: where it was when it was last asked about."""
    return stood if app.owners_only() else app.store.clock.now()


async def forward(app: SessionApp, account_id: int, step: str) -> None:
    """Moves the clock of an account by a step, and tells what came of it."""
    moved = await app.fetch(lambda store: move(store, account_id, step))
    app.tell(moved.says)
    app.refresh_balance()


def move(store: Store, account_id: int, step: str) -> Moved:
    """Moves an account's demo clock by a step, and brings the account up to it. Called in a thread."""
    from store.clock import DemoClock, local_time

    clock = store.clock
    assert isinstance(clock, DemoClock), "only an account with a demo clock offers this"
    timezone = store.credits.account(account_id).timezone
    to = _later(store, account_id, clock.now(), step, timezone)
    store.credits.put_clock(account_id, to)
    crossed = store.credits.catch_up(account_id).boundaries
    return Moved(local_time(to, timezone), crossed)


def _later(store: Store, account_id: int, now: datetime, step: str, timezone: str) -> datetime:
    from store.clock import days_later, local_date, local_midnight
    from store.credits.periods import add_months

    if step == RENEWAL:
        return local_midnight(store.credits.balance(account_id).period.ends, timezone)
    today = local_date(now, timezone)
    days = 1 if step == DAY else (add_months(today, 1, today.day) - today).days
    return days_later(now, days, timezone)
