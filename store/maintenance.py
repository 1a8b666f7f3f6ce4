"""What happens by itself while Textmeter runs, beside the delivery of texts: renewals at their boundaries,
payments that are due, emails of SmartPlans, and mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from store.errors import TextmeterError
from store.payments import PaymentUnreachable
from store.roles import Role
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from store.mailroom import Writer

SECONDS = 15.0
"""Between two rounds: how late a renewal may come to somebody who watches."""


AT_A_TIME = 10.0
"""Seconds for which an account's emails leave before all else has its turn: a campaign may take hours."""


class Round(NamedTuple):
    """What a round came to. boundaries: how many were crossed; unpaid: orders that are owed; mails: how many
    left, emails to contacts included; trouble: what couldn't be done, each once; it is tried again in the
    next round. waiting: what is said of accounts that wait for the date to be confirmed. more: whether emails
    are due still."""

    boundaries: int
    unpaid: int
    mails: int
    trouble: tuple[Sentence, ...]
    waiting: tuple[Sentence, ...] = ()
    more: bool = False


def date_to_confirm(store: Store, account: Account) -> Sentence:
    """What is said where so much is due at once that the date may be wrong."""
    zone = ZoneInfo(account.timezone)
    return sentence(
        "This computer's date is {now}, long after account {account} was last up to date "
        "({floor}). In case the date is wrong, nothing was renewed or charged. If it is "
        "right, run `textmeter renew --yes`.",
        now=store.clock.of(account.id, None).astimezone(zone).date(),
        account=str(account.id),
        floor=account.clock_floor.astimezone(zone).date(),
    )


def keep_up(
    store: Store, write: Writer, report: Callable[[Round], None], *, stop: Event, forever: bool
) -> None:
    """Makes rounds in the calling thread until told to stop, or one. write: puts mails into words. Several
    processes may do this at once. Raises RefusedByRule in a viewer's session."""
    store.person.check(Role.SENDER)
    while True:
        done = one_round(store, write, stop, AT_A_TIME if forever else None)
        report(done)
        if not forever or stop.wait(0 if done.more else SECONDS):
            return


def one_round(store: Store, write: Writer, stop: Event, seconds: float | None = None) -> Round:
    """One round over all accounts, in which emails of each leave for so many seconds at most. What goes wrong
    with one keeps no other from its renewal, and a payment provider that is out of reach keeps no email from
    leaving."""
    boundaries = unpaid = mails = 0
    more = False
    trouble: dict[str, Sentence] = {}
    waiting: list[Sentence] = []
    with _noted(trouble), store.connection():
        for account in store.credits.accounts():
            if stop.is_set():
                break
            with _noted(trouble):
                found = store.credits.catch_up(account.id)
                boundaries += found.boundaries
                if found.waiting:
                    waiting.append(date_to_confirm(store, account))
                with _noted(trouble, PaymentUnreachable):
                    unpaid += len(store.credits.collect(account.id))
                store.smartplans.run_due(account.id, stop=stop)
                emailed = store.emails.deliver(account.id, stop=stop, seconds=seconds)
                more |= emailed.more
                mails += emailed.sent
                if emailed.trouble is not None:
                    trouble[str(emailed.trouble)] = emailed.trouble
        polled = store.mailbox.poll(stop=stop)
        trouble.update((str(says), says) for says in polled.trouble)
        posted = store.mail.post(write, stop=stop)
        mails += posted.sent
        if posted.trouble is not None:
            trouble[str(posted.trouble)] = posted.trouble
    return Round(boundaries, unpaid, mails, tuple(trouble.values()), tuple(waiting), more)


@contextmanager
def _noted(trouble: dict[str, Sentence], kind: type[TextmeterError] = TextmeterError) -> Iterator[None]:
    """Ends the block where something goes wrong in it, and notes what."""
    try:
        yield
    except kind as error:
        trouble[str(error)] = error.says
