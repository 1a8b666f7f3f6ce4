"""What the notices' screen asks of the store. Called in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Entry, Notice

PAGE = 200


def line_of(store: Store, notice: Notice, timezone: str) -> Entry | None:
    """The line of the history that was written with a notice, if there is one: a new month writes several,
    and what was carried over has none of its own."""
    from store.clock import local_date

    day = local_date(notice.at, timezone)
    before = None
    while True:
        page = store.credits.history(notice.account_id, since=day, until=day, before=before, limit=PAGE)
        for entry in page:
            if entry.at == notice.at and entry.cause == notice.cause:
                return entry
        if len(page) < PAGE or page[-1].at < notice.at:
            return None
        before = page[-1].seq
