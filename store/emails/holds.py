"""What campaigns hold of an account's emails: all of it when they are sent or, of one that leaves after the
next renewal, once that month has begun."""

from __future__ import annotations

from datetime import datetime

from store.clock import local_midnight, micros
from store.credits.ledger import Ledger
from store.credits.model import Use
from store.database import Database, retried  # isort: split

from peewee import fn

from store.emails.model import COUNTS, WAITS, Status
from store.emails.tables import Campaign, Email
from store.errors import NotEnoughCredits

CAUSE = "campaign"


class Holds:
    """Of the campaigns of one account."""

    def __init__(self, database: Database, ledger: Ledger, account_id: int) -> None:
        self._database = database
        self._ledger = ledger
        self._account_id = account_id

    def hold(self, campaign_id: int, emails: int, person: str = "") -> None:
        """Holds a campaign's emails, by one line of the history. Within a transaction. Raises
        NotEnoughCredits; nothing is held then."""
        hold_id = self._ledger.hold(
            self._account_id,
            emails,
            cause=CAUSE,
            reference=str(campaign_id),
            count=emails,
            use=Use.EMAIL,
            person=person,
        )
        self._database.run(Campaign.update(hold_id=hold_id).where(Campaign.id == campaign_id))

    def begin_all(self) -> None:
        """Begins the campaigns that wait for the present month."""
        balance = self._ledger.balance(self._account_id)
        ends = local_midnight(balance.period.ends, balance.account.timezone)
        for campaign_id in self._waiting(ends):
            self.begin(campaign_id)

    @retried
    def begin(self, campaign_id: int) -> None:
        """Holds what a campaign takes, as far as there is any. The emails for which nothing is left, those
        that leave last, fail for good."""
        with self._database.transaction():
            campaign = Campaign.select(Campaign.hold_id).where(Campaign.id == campaign_id)
            if self._database.first(self._database.locking(campaign)).hold_id is not None:
                return  # by another worker
            waits = Email.campaign == campaign_id, Email.status.in_(WAITS)
            emails = int(self._database.scalar(Email.select(fn.COUNT(Email.id)).where(*waits)))
            held = self._as_many_as_there_are(campaign_id, emails)
            if held < emails:
                leave = Email.select(Email.id).where(*waits).order_by(Email.at, Email.id).limit(held)
                fail = Email.update(status=Status.FAILED, reason="no-credits")
                self._database.run(fail.where(*waits, Email.id.not_in(leave)))

    def _as_many_as_there_are(self, campaign_id: int, emails: int) -> int:
        try:
            self.hold(campaign_id, emails)
        except NotEnoughCredits as lacking:
            available = lacking.details["available"]
            assert isinstance(available, int)
            if available:
                self.hold(campaign_id, available)
                return available
            self._database.run(Campaign.update(hold_id=0).where(Campaign.id == campaign_id))
            return 0
        return emails

    def _waiting(self, ends: datetime) -> list[int]:
        """The ids of campaigns for which nothing is held yet, and that leave before the month ends."""
        found = Campaign.select(Campaign.id).where(
            Campaign.account_id == self._account_id,
            Campaign.hold_id.is_null(),
            Campaign.service == COUNTS,
            ~Campaign.cancelled,
            Campaign.at < micros(ends),
        )
        return [row.id for row in self._database.fetch(found.order_by(Campaign.at, Campaign.id))]
