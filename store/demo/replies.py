"""What of the replies in the demo data waits at its end."""

from __future__ import annotations

from store import Store

UNREAD = 3


def read_all_but_the_latest(store: Store, account_id: int) -> None:
    """At the end of the year all is read but the latest few."""
    threads = store.conversations.threads(account_id, limit=10_000)
    for thread in threads[UNREAD:]:
        store.conversations.mark_read(account_id, thread.phone)
