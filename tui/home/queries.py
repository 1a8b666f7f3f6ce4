"""What Home asks of the store, at one moment. Called in threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from store.clock import local_midnight
from store.notices import unread

if TYPE_CHECKING:
    from datetime import date, datetime

    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Balance, Forecast, Notice, Order
    from store.emails.model import CampaignSummary
    from store.emails.planned import Planned
    from store.messages.model import BlastSummary, Draft, Thread
    from store.messages.schedule_model import Scheduled
    from store.people.tasks import Task

DAYS = 30
MOST_SENT, MOST_REPLIES = 12, 6


@dataclass(frozen=True, slots=True)
class Overview:
    """All that Home shows.

    notices: those not read; unread: how many conversations aren't; owing: orders that aren't paid; waiting:
    whether the date is to be confirmed; tasks: those due today or before, and done today; planned: of an
    account for emails; threads: the conversations whose last word is theirs; knows_people: whether there is
    any contact; now: the account's present.
    """

    today: date
    product: Product
    balance: Balance
    forecast: Forecast
    expiry: tuple[date, int] | None
    days: dict[date, int]
    blasts: list[BlastSummary]
    campaigns: list[CampaignSummary]
    draft: Draft | None
    notices: list[Notice]
    unread: int
    threads: list[Thread]
    owing: list[Order]
    waiting: bool
    tasks: list[Task]
    planned: Planned | None
    scheduled: list[Scheduled]
    knows_people: bool
    now: datetime

    @property
    def sends_emails(self) -> bool:
        """Whether the account sends emails rather than texts."""
        return self.product.sends == "emails"

    @property
    def timezone(self) -> str:
        """The account's, an IANA name."""
        return self.balance.account.timezone

    @property
    def is_first_day(self) -> bool:
        """Whether nothing was begun yet: nothing sent, used or received, and no draft."""
        draft = self.draft is not None and bool(self.draft.subject or self.draft.body or self.draft.media)
        return not (draft or self.blasts or self.campaigns or self.threads or any(self.days.values()))


def read_overview(store: Store, account: Account) -> Overview:
    """Asks the store for all of it."""
    waiting = store.credits.catch_up(account.id).waiting
    balance, today = store.credits.balance(account.id), store.credits.today(account.id)
    product = store.credits.product(account)
    sends = product.sends
    since = today - timedelta(days=DAYS - 1)
    planned = None
    if sends == "emails":
        from store.emails.planned import read_planned

        planned = read_planned(store, account)
    begins, ends = (local_midnight(today + timedelta(days=ahead), account.timezone) for ahead in (0, 1))
    threads = store.conversations.threads(account.id, limit=MOST_REPLIES)
    return Overview(
        today=today,
        product=product,
        balance=balance,
        forecast=store.credits.forecast(account.id),
        expiry=store.credits.next_expiry(account.id),
        days=store.credits.daily_use(account.id, since, today),
        blasts=store.messages.blasts(account.id, limit=MOST_SENT) if sends == "texts" else [],
        campaigns=store.emails.campaigns(account.id, limit=MOST_SENT) if sends == "emails" else [],
        draft=store.messages.latest_draft(account.id),
        notices=unread(store, account.id),
        unread=store.conversations.unread(account.id),
        threads=[thread for thread in threads if not thread.out],
        owing=store.credits.owing(account.id),
        waiting=waiting,
        tasks=store.tasks.tasks(account.id, ends, done_since=begins),
        planned=planned,
        scheduled=store.messages.scheduled(account.id) if sends == "texts" else [],
        knows_people=store.people.count() > 0,
        now=store.credits.present(account.id),
    )
