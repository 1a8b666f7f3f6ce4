"""Emails that were sent: what became of each, and of campaigns as a whole; what hasn't left can be taken
back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain

from store.clock import instant
from store.credits.history_query import Selection
from store.credits.ledger import Ledger
from store.database import Database, unit_of_work  # isort: split

from peewee import JOIN

from store.emails import tables
from store.emails.addressees import addressed, addressees
from store.emails.campaigns import Campaigns, mentioning
from store.emails.holds import Holds
from store.emails.model import COUNTS, CampaignAsSent, CampaignSummary, Email, Emailed, Status, Written
from store.emails.senders import EmailSenders
from store.errors import RefusedByRule, WrongUsage
from store.mail import From
from store.messages.leaving_out import LeftOuts
from store.messages.proof import Line, Proof, omitted
from store.people.addressbook import AddressBook
from store.roles import Role
from store.sentences import sentence


class SentEmails:
    """senders: whose addresses they went out from."""

    def __init__(
        self, database: Database, ledger: Ledger, people: AddressBook, senders: EmailSenders
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._senders = senders
        self._campaigns = Campaigns(database)

    def timeline(self, contact_id: int, limit: int = 100) -> list[Email]:
        """What was due to a contact, the newest first."""
        email, plan, step = tables.Email, tables.SmartPlan, tables.Step
        ids = self._people.merged_from(contact_id)
        found = (
            email.select(email, plan.name.alias("plan"), step.place)
            .join(step, JOIN.LEFT_OUTER)
            .join(plan, JOIN.LEFT_OUTER)
            .where(email.contact_id.in_(ids))
        )
        with self._database.connection():
            return [
                Email(
                    row.id,
                    instant(row.at),
                    row.plan or "",
                    (row.place or 0) + 1,
                    row.subject,
                    Status(row.status),
                    row.reason,
                )
                for row in self._database.fetch(found.order_by(email.id.desc()).limit(limit))
            ]

    def addressees(self, email_ids: Collection[int]) -> dict[int, str]:
        """What those who got emails are called, or their addresses, by the emails' ids. Who is deleted has
        none."""
        with self._database.connection():
            return addressees(self._database, email_ids)

    def addressed(self, account_id: int, text: str) -> Selection:
        """The ids of an account's emails to people in whose name a text stands, whatever the case: for
        `store.credits.history_query.Matching`."""
        return addressed(account_id, text)

    def as_sent(self, campaign_ids: Collection[int]) -> dict[int, CampaignAsSent]:
        """Some campaigns in a line each, by their ids."""
        return self._campaigns.as_sent(campaign_ids)

    def mentioning(self, account_id: int, text: str) -> Selection:
        """The ids of an account's campaigns whose subject contains a text, or the only one who got it by
        name, whatever the case: for `store.credits.history_query.Matching`."""
        return mentioning(account_id, text)

    def campaigns(
        self, account_id: int, *, before: int | None = None, limit: int = 20
    ) -> list[CampaignSummary]:
        """Newest first. before: only those older than the campaign of this id, for the next page."""
        return self._campaigns.page(account_id, before, limit)

    def campaign(self, id: int) -> CampaignSummary:
        """Raises WrongUsage where there is none."""
        return self._campaigns.summary(id)

    def account_of(self, campaign_id: int) -> int | None:
        """Which account sent a campaign, None where there is none."""
        return self._campaigns.account_of(campaign_id)

    def recipients(
        self,
        campaign_id: int,
        *,
        status: Status | frozenset[Status] | None = None,
        after: Emailed | None = None,
        limit: int = 100,
    ) -> list[Emailed]:
        """What became of a campaign's emails, failures first. status: only those that stand so. after: the
        last one of the page before."""
        return self._campaigns.emailed(campaign_id, status, after, limit)

    def written(self, email_id: int) -> Written:
        """What somebody got. Raises WrongUsage where there is no such email."""
        return self._campaigns.written(email_id)

    def proof(self, campaign_id: int) -> Proof:
        """All that is known of a campaign but its lines. Raises WrongUsage where there is none."""
        with self._database.connection():
            campaign = self.campaign(campaign_id)
            account = self._ledger.account(self._campaigns.account_of(campaign_id))
            sender = From()
            with suppress(WrongUsage):  # it is gone
                sender = self._senders.identity(campaign.sender, demo_clock=account.demo_clock).sender
            first = self._campaigns.first_written(campaign_id)
            return Proof(
                id=campaign_id,
                channel="email",
                at=campaign.at,
                as_of=self._ledger.present(account.id),
                timezone=account.timezone,
                country=account.country,
                names=(sender.name,) if sender.name else (),
                sender=campaign.sender,
                address=sender.address,
                person=campaign.person,
                subject=campaign.subject,
                body=campaign.body,
                as_sent=first.body,
                people=campaign.recipients,
                files=tuple(file.name for file in campaign.files),
                purpose=campaign.purpose,
                why=campaign.why,
                service=campaign.service,
                simulated=campaign.service == COUNTS
                and not self._senders.is_real(campaign.sender, demo_clock=account.demo_clock),
            )

    def proof_lines(self, campaign_id: int) -> Iterator[Line]:
        """A line for each person whom a campaign goes to, in that order, then for those who were left out,
        read by the page."""
        left_out = LeftOuts(self._database).all(campaign_id=campaign_id)
        return chain(self._campaigns.lines(campaign_id), omitted(left_out))

    @unit_of_work(Role.SENDER)
    def cancel(self, campaign_id: int) -> CampaignSummary:
        """Takes back what of a campaign hasn't left, and what was held for it. Raises WrongUsage where there
        is no such campaign, RefusedByRule where all of it has left."""
        self.campaign(campaign_id)
        with self._database.transaction():
            emails, hold_id = self._campaigns.cancel(campaign_id)
            if not emails:
                says = sentence(
                    "All emails of campaign {campaign} have already been sent. Nothing was changed.",
                    campaign=str(campaign_id),
                )
                raise RefusedByRule(says, code="has-left")
            if hold_id:
                self._ledger.release(hold_id, emails, person=self._database.person.name)
        return self.campaign(campaign_id)

    @unit_of_work(Role.SENDER)
    def restore(self, campaign_id: int) -> None:
        """Has a campaign leave after all that was cancelled before any of it had left: as it was to, and what
        was held for it is held again. Raises RefusedByRule where it isn't cancelled any more, some of it has
        left or its time is over, and NotEnoughCredits where what it held is gone; nothing is changed then."""
        self.campaign(campaign_id)
        account_id = self._campaigns.account_of(campaign_id)
        assert account_id is not None
        now = self._ledger.present(account_id)
        with self._database.transaction():
            emails, hold_id = self._campaigns.restore(campaign_id, now)
            if hold_id:
                holds = Holds(self._database, self._ledger, account_id)
                holds.hold(campaign_id, emails, self._database.person.name)
