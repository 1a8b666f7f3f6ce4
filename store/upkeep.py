"""What happens by itself while Textmeter runs, beside the delivery of texts: renewals at their boundaries,
payments that are due, emails of SmartPlans, and mail."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from store.errors import TextmeterError
from store.sentences import Sentence

if TYPE_CHECKING:
    from store import Store
    from store.mailroom import Writer

SECONDS = 15.0
"""Between two rounds: how late a renewal may come to somebody who watches."""


class Round(NamedTuple):
    """What a round came to. boundaries: how many were crossed; unpaid: orders that are owed; mails: how many
    left, emails of SmartPlans included; trouble: what couldn't be done, each once; it is tried again in the
    next round."""

    boundaries: int
    unpaid: int
    mails: int
    trouble: tuple[Sentence, ...]


def keep_up(
    store: Store, write: Writer, report: Callable[[Round], None], *, stop: Event, forever: bool
) -> None:
    """Makes rounds in the calling thread until told to stop, or one. write: puts mails into words. Several
    processes may do this at once."""
    while True:
        report(one_round(store, write, stop))
        if not forever or stop.wait(SECONDS):
            return


def one_round(store: Store, write: Writer, stop: Event) -> Round:
    """One round over all accounts. What goes wrong with one keeps no other from its renewal."""
    boundaries = unpaid = mails = 0
    trouble: dict[str, Sentence] = {}
    try:
        with store.connection():
            for account in store.credits.accounts():
                if stop.is_set():
                    break
                try:
                    boundaries += store.credits.catch_up(account.id).boundaries
                    unpaid += len(store.credits.collect(account.id))
                    emailed = store.emails.run_due(account.id, stop=stop)
                    mails += emailed.sent
                    if emailed.trouble is not None:
                        trouble[str(emailed.trouble)] = emailed.trouble
                except TextmeterError as error:
                    trouble[str(error)] = error.says
            posted = store.mail.post(write, stop=stop)
            mails += posted.sent
            if posted.trouble is not None:
                trouble[str(posted.trouble)] = posted.trouble
    except TextmeterError as error:
        trouble[str(error)] = error.says
    return Round(boundaries, unpaid, mails, tuple(trouble.values()))
