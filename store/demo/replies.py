"""Replies in the demo data: what is answered to emails, and what waits at the end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from store.mail import simulated

if TYPE_CHECKING:
    from store import Store
    from store.emails.mailbox import Mailbox

UNREAD = 3


def read_all_but_the_latest(store: Store, account_id: int) -> None:
    """At the end of the year all is read but the latest few."""
    threads = store.conversations.threads(account_id, limit=10_000)
    for thread in threads[UNREAD:]:
        store.conversations.mark_read(account_id, thread.phone)


def answer(mailbox: Mailbox, email_id: int, text: str, at: datetime) -> None:
    """Somebody answers an email, at an instant by the account's clock; not one that left for real."""
    if handed := mailbox.handed(email_id):
        mailbox.keep("demo", [simulated.answered(handed, text, at)])
        mailbox.apply()
