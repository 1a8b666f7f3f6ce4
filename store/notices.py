"""Which notices a person has read, which of them is told by a toast, and what caused one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.roles import Role

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Balance, Entry, Notice

READ = "notices-read:{account}"
"""The setting that keeps the newest notice that was read of an account: all before it count as read."""
MOST = 1_000
"""Notices that are listed."""
MOST_UNREAD = 100
"""How far is counted, since it is done with every change of the balance."""
PAGE = 200
"""Lines of the history that are read at once."""


def read_until(store: Store, account_id: int) -> int:
    """The id of the newest notice that was read, 0 for none."""
    return int(store.settings.read(READ.format(account=account_id)) or 0)


def mark_read(store: Store, account_id: int, notice_id: int) -> None:
    """Takes a notice and all before it as read; what was read already stays so."""
    if notice_id > read_until(store, account_id):
        store.settings.write(READ.format(account=account_id), str(notice_id))


def unread(store: Store, account_id: int) -> list[Notice]:
    """The notices that somebody was told of and that aren't read yet, the newest first."""
    read = read_until(store, account_id)
    return [
        notice
        for notice in store.credits.notices(account_id, limit=MOST_UNREAD)
        if notice.channels and notice.id > read
    ]


def waiting(store: Store, account_id: int) -> list[Notice]:
    """The notices that nobody was told of on the screen yet, the oldest first. Whoever can't send is told of
    none, so that those are who can."""
    return [] if store.person.lacks(Role.SENDER) else store.credits.notices_to_show(account_id)


def to_tell(notices: Iterable[Notice], balance: Balance) -> list[Notice]:
    """The notices that still hold, the highest last, which is told for all: none of a period that is over,
    and none that is below its threshold again since credits were added."""
    from store.clock import local_date  # Home's first frame is painted without

    timezone, period = balance.account.timezone, balance.period
    hold = [
        notice
        for notice in notices
        if local_date(notice.at, timezone) >= period.starts and balance.permille >= notice.threshold * 10
    ]
    return sorted(hold, key=lambda notice: (notice.threshold, notice.id))


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
