"""Moving a demo clock forward from the app; what that needs is imported after the first frame."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.roles import Role
from store.sentences import N_, Sentence, sentence, sentences

if TYPE_CHECKING:
    from store import Store
    from store.errors import TextmeterError
    from tui.app import TextmeterApp

DAY, RENEWAL, MONTH = STEPS = ("day", "renewal", "month")

NAMES: Mapping[str, str] = {
    DAY: N_("Clock: a day forward"),
    RENEWAL: N_("Clock: to the next renewal"),
    MONTH: N_("Clock: a month forward"),
}


class Moved(NamedTuple):
    """Where a clock was moved, local to its account, and how many boundaries were crossed."""

    now: datetime
    boundaries: int

    @property
    def says(self) -> Sentence:
        """What came of it."""
        if not self.boundaries:
            return sentence("It is {now} now. Nothing was due on the way.", now=self.now)
        return sentence(
            "It is {now} now. {crossed}",
            now=self.now,
            crossed=sentences(
                "{count} renewal or expiry was processed.",
                "{count} renewals and expiries were processed.",
                self.boundaries,
            ),
        )


class Clockwork:
    """One app's demo clock, where its account has one."""

    def __init__(self, app: TextmeterApp) -> None:
        self._app = app
        self._moves = False

    @property
    def is_shown(self) -> bool:
        """Whether a demo clock is shown; who is no owner sees where it stands."""
        account = self._app.account
        if account is None:
            return False
        from store.clock import DemoClock, Unmoved

        clock = self._app.store.clock
        if isinstance(clock, Unmoved):
            return account.demo_clock
        return isinstance(clock, DemoClock) and clock.is_put

    def now(self, stood: datetime) -> datetime:
        """The present of a demo clock. stood: where it was when it was last asked about."""
        return stood if self._app.lacks(Role.OWNER) else self._app.store.clock.now()

    def forward(self, step: str) -> None:
        """Moves the clock and tells what came of it; one step at a time, however long a key is held down."""
        account = self._app.account
        if account is None or self._moves or self._app.only_for_owners():
            return
        self._moves = True
        self._app.ask(
            lambda store: forward(store, account.id, step),
            self._moved,
            group="clock-move",
            failed=self._stuck,
        )

    def _moved(self, moved: Moved) -> None:
        self._moves = False
        self._app.tell(moved.says)
        self._app.refresh_balance()

    def _stuck(self, error: TextmeterError) -> None:
        self._moves = False
        self._app.tell_error(error)


def forward(store: Store, account_id: int, step: str) -> Moved:
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
