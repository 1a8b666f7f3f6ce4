"""Emails, from the first key to the last that leaves: the door to what is written, to campaigns, and to
handing over what is due of them and of SmartPlans."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from store.clock import Clock, SystemClock, local_midnight
from store.credits.ledger import Ledger
from store.database import Database, Table, retried
from store.emails import attachments, tables
from store.emails import estimate as estimates
from store.emails.audience import EmailAudience
from store.emails.delivery import Delivery
from store.emails.gating import EmailGates
from store.emails.holds import Holds
from store.emails.model import (
    COUNTS,
    SERVICES,
    CampaignSummary,
    EmailEstimate,
    EmailRecipient,
    Sent,
    Written,
)
from store.emails.outbox import Outbox
from store.emails.resolving import EmailAudiences
from store.emails.senders import EmailSenders, Identity
from store.emails.sent import SentEmails
from store.emails.unsubscribing import Unsubscribing
from store.emails.writing import Letter
from store.errors import RefusedByRule, TextmeterError, WrongUsage
from store.mail import Mailer, mailers
from store.messages import conversations
from store.messages.drafts import Drafts, writable
from store.messages.estimate import NO_LIMITS, Funds
from store.messages.gating import NO_POLICY, Policy
from store.messages.leaving_out import LeftOuts
from store.messages.model import AT_ONCE, Draft, LeftOut, Purpose, When
from store.messages.refusing import refused
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.hours import hour_of_day
from store.refusals import refusal
from store.roles import Role, needs
from store.sentences import sentence
from store.settings import Settings

if TYPE_CHECKING:
    from store.mail.mailchimp import Mailchimp


class Emails(SentEmails):
    """Methods may be called from any thread. mailer: who carries mail; the one that is configured, where it
    is left out. mailchimp: makes who else sends campaigns, None where that isn't set up. real: the clock of
    processes and networks. policy: what the installation says of who gets marketing."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    def __init__(
        self,
        database: Database,
        settings: Settings,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        *,
        mailer: Mailer | None = None,
        mailchimp: Callable[[], Mailchimp | None] = mailers.mailchimp,
        real: Clock | None = None,
        senders: EmailSenders | None = None,
        public_url: str = "",
        policy: Policy = NO_POLICY,
    ) -> None:
        self._real = real or SystemClock()
        super().__init__(database, ledger, people, senders or EmailSenders(database, settings, self._real))
        self._settings = settings
        self._consent = consent
        self._mailer = mailer
        self._mailchimp = mailchimp
        self._public_url = public_url
        self._drafts = Drafts(database, self._real)
        self._audiences = EmailAudiences(people, consent)
        self._gates = EmailGates(database, ledger, consent, policy)

    def is_real(self, account_id: int) -> bool:
        """Whether an account's emails leave this machine. Where they don't, they are simulated."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            return self._senders.is_real(self._senders.of(account_id), demo_clock=account.demo_clock)

    # Before sending

    def audience(self, account_id: int, draft: Draft, when: When = AT_ONCE) -> EmailAudience:
        """Who gets a draft that an account writes, and who doesn't: `estimate` and `send` go by nothing else.
        `draft.to` are addresses; what isn't offered to the account isn't there. when: it leaves."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            return self._gates.passed(account, self._audiences.of(account, draft), draft, when)

    def needs_consent(self, account_id: int) -> bool:
        """Whether an account's marketing goes to those only who said yes."""
        with self._database.connection():
            return self._gates.needs_yes(account_id)

    def funds(self, account_id: int) -> Funds:
        """What an account has for an estimate."""
        with self._database.connection():
            balance = self._ledger.balance(account_id)
            return Funds.of(balance, self._ledger.reached(account_id), None, NO_LIMITS, ())

    def estimate(
        self,
        account_id: int,
        draft: Draft,
        *,
        service: str = COUNTS,
        at: datetime | None = None,
        each_at: str = "",
    ) -> EmailEstimate:
        """What a draft takes of an account's emails now. at, each_at: when it is to leave. Raises
        RefusedByRule where the account sends no emails. A screen that asks at every key keeps audience, funds
        and files, and calls `store.emails.estimate.estimate` itself."""
        with self._database.connection():
            audience = self.audience(account_id, draft, When(at, each_at))
            found = self._estimate(account_id, draft, audience, service, at)
        for problem in found.problems:
            if problem.code == "no-emails":
                raise refused(problem)
        return found

    def later(self, account_id: int, at: datetime | None) -> date | None:
        """The next renewal's day, where what leaves then leaves after it."""
        if at is None:
            return None
        balance = self._ledger.balance(account_id)
        ends = balance.period.ends
        return ends if at >= local_midnight(ends, balance.account.timezone) else None

    def first_leaves(
        self, account_id: int, audience: EmailAudience, at: datetime | None, each_at: str
    ) -> datetime | None:
        """When the first of an audience's emails leaves, with `send`'s words for when they do: which `later`
        and an estimate go by. None where there is nobody."""
        with self._database.connection():
            leaving = self._leaving(account_id, audience, When(at, each_at), self._ledger.present(account_id))
        return min((at for _, at in leaving), default=None)

    def preview(self, draft: Draft, audience: EmailAudience, at: int = 0, *, below: str = "") -> Written:
        """What one of the recipients gets, from 0; nobody in particular where there are none. below: what the
        sender puts below each (`EmailSenders.identity`)."""
        recipients = audience.recipients
        values = recipients[at % len(recipients)].values if recipients else {}
        return Letter(draft.subject, draft.body, audience.fields, below).written(values)

    # Sending

    @needs(Role.SENDER)
    def send(
        self,
        account_id: int,
        draft: Draft,
        *,
        sender: str = "",
        service: str = COUNTS,
        at: datetime | None = None,
        each_at: str = "",
        expected: EmailEstimate | None = None,
        key: str = "",
        answers: str = "",
        blast: int | None = None,
    ) -> CampaignSummary:
        """Queues an email to everybody who gets a draft and holds what that takes, in one transaction; the
        draft is gone then. The summary tells who doesn't get it; not for one that was sent before.

        sender: whose address it goes out from, the account's own or one for all where it is left out. at:
        when it leaves, at once where it is left out or past; each_at: "HH:MM", at that hour of each
        recipient's own day, from then on. What leaves after the next renewal takes nothing yet: it is held
        once that month has begun, as far as it goes, and the others fail. expected: what the person was
        shown, all of which must still be true. key: sending again under the same key gives the same campaign.
        answers: the Message-ID of the mail that it answers. blast: the text of the same emergency. Raises
        NotEnoughCredits, RefusedByRule or WrongUsage with the first thing that is wrong; the draft is kept
        then. Codes of RefusedByRule are, beside others, "estimate-changed", "draft-sent" and "draft-changed".
        """
        draft = writable(draft)
        when = When(at, each_at)
        hour_of_day(each_at)
        self._check_service(account_id, service, each_at)
        without: list[LeftOut] = []

        def act() -> int:
            return self._send(
                *(account_id, draft, sender, service, when, expected, without), answers=answers, blast=blast
            )

        if not key:
            id = act()
        else:
            left = at.isoformat() if at else ""
            asked = [draft.subject, draft.body, *draft.people, draft.media, sender, service, left, each_at]
            if draft.purpose or draft.why:  # else as it was kept before there were these
                asked += [draft.purpose, draft.why]
            id = self._ledger.once(account_id, key, json.dumps(asked), act)
        return replace(self.campaign(id), left_out=tuple(without))

    @needs(Role.SENDER)
    def test(self, account_id: int, draft: Draft, to: str, *, sender: str = "") -> CampaignSummary:
        """Sends a draft to one address, as the first of its recipients would get it, and keeps the draft. It
        counts as one email. Raises as `send` does."""
        with self._database.connection():
            people = self.audience(account_id, draft).recipients
        addressed = replace(draft, id=0, to=(to,), contacts=(), groups=(), filters=(), everyone=False)
        shown = writable(
            replace(
                addressed,
                subject=f"[Test] {draft.subject}",
                household=False,
                purpose=Purpose.CONVERSATION,
            )
        )
        first = people[0]._replace(contact=0) if people else None
        without: list[LeftOut] = []
        return self.campaign(self._send(account_id, shown, sender, COUNTS, AT_ONCE, None, without, first))

    @retried
    def _send(
        self,
        account_id: int,
        draft: Draft,
        sender: str,
        service: str,
        when: When,
        expected: EmailEstimate | None,
        without: list[LeftOut],
        like: EmailRecipient | None = None,
        answers: str = "",
        blast: int | None = None,
    ) -> int:
        """without: is filled with those who don't get it. like: as whom everybody gets it."""
        self._drafts.check(draft)
        self._ledger.catch_up(account_id)
        if sender:  # there has to be one of that name
            self._senders.identity(sender, demo_clock=self._ledger.account(account_id).demo_clock)
        audience = self.audience(account_id, draft, when)
        if like is not None:
            as_they_do = (like._replace(address=one.address) for one in audience.recipients)
            audience = replace(audience, recipients=tuple(as_they_do))
        now = self._ledger.present(account_id)
        recipients = self._leaving(account_id, audience, when, now)
        first = min((at for _, at in recipients), default=now)
        found = self._estimate(account_id, draft, audience, service, first)
        for problem in found.problems:
            if problem.blocking:
                raise refused(problem)
        if expected not in (None, found):
            says = refusal("emails-changed", count=found.sends, left=found.available_after)
            raise RefusedByRule(says, code="estimate-changed")
        files = attachments.read(draft.media)
        letter = Letter(draft.subject, draft.body, audience.fields)
        with self._database.transaction():
            id = self._campaigns.add(
                account_id,
                now,
                letter,
                (draft.subject, draft.body),
                recipients,
                files,
                sender=sender or self._senders.of(account_id),
                service=service,
                each_at=when.each_at,
                answers=answers,
                purpose=audience.purpose,
                why=draft.why,
                blast=blast,
            )
            if len(recipients) == 1:
                to = recipients[0][0].address.lower()
                conversations.wrote(self._database, account_id, to, draft.body, now)
            if found.sends:
                holds = Holds(self._database, self._ledger, account_id)
                holds.hold(id, found.sends, self._database.person.name)
            LeftOuts(self._database).keep((*found.refused, *found.left_out), campaign_id=id)
            self._drafts.send(draft)
        without[:] = (*found.refused, *found.left_out)
        return id

    def _leaving(
        self, account_id: int, audience: EmailAudience, when: When, now: datetime
    ) -> list[tuple[EmailRecipient, datetime]]:
        """Who gets it, and when it leaves for each. now: by the account's clock."""
        circumstances = self._gates.circumstances(self._ledger.account(account_id), when, now)
        return [(one, circumstances.leaves(one)) for one in audience.recipients]

    def _estimate(
        self, account_id: int, draft: Draft, audience: EmailAudience, service: str, at: datetime | None
    ) -> EmailEstimate:
        product, funds = self._ledger.product(self._ledger.account(account_id)), self.funds(account_id)
        files, later = attachments.inspect(draft.media), self.later(account_id, at)
        return estimates.estimate(draft, audience, product, funds, files, service=service, later=later)

    # Delivering

    def services(self, account_id: int) -> tuple[str, ...]:
        """Who can send an account's campaigns: some of `model.SERVICES`. With a demo clock nothing real."""
        with self._database.connection(), suppress(WrongUsage):  # `deliver` tells of that
            if self._service(account_id) is not None:
                return SERVICES
        return (COUNTS,)

    @needs(Role.SENDER)
    def deliver(self, account_id: int, *, stop: Event | None = None, seconds: float | None = None) -> Sent:
        """Hands over what is due, in the calling thread, as fast as its senders may, for so many seconds at
        most. Several processes may do this at once."""
        with self._database.connection():
            by_service = self._by_service(account_id)
            demo_clock = self._ledger.account(account_id).demo_clock

            def carrier(sender: str) -> tuple[Mailer, Identity]:
                mailer = self._mailer or self._senders.mailer(sender, demo_clock=demo_clock)
                return mailer, self._senders.identity(sender, demo_clock=demo_clock)

            parts = self._database, self._ledger, self._people, self._consent
            outbox = Outbox(*parts, self._real, account_id, self._senders)
            outbox.recover()
            Holds(self._database, self._ledger, account_id).begin_all()
            delivery = Delivery(
                self._database,
                outbox,
                lambda: self._ledger.present(account_id),
                carrier,
                Unsubscribing(self._settings, self._public_url),
            )
            try:
                own = delivery.run(stop or Event(), seconds)
            finally:
                delivery.close()
        return Sent(
            own.sent + by_service.sent,
            own.failed + by_service.failed,
            own.trouble or by_service.trouble,
            own.more,
        )

    def _service(self, account_id: int) -> Mailchimp | None:
        """Who else sends an account's campaigns, as far as that is set up. Raises WrongUsage where it is so
        wrongly."""
        return None if self._ledger.account(account_id).demo_clock else self._mailchimp()

    def _check_service(self, account_id: int, service: str, each_at: str) -> None:
        if service != COUNTS and service not in self.services(account_id):
            raise WrongUsage(
                sentence(
                    "“{service}” can't send this: set mailchimp.key and mailchimp.audience, or use your "
                    "own server. Nothing was sent.",
                    service=service,
                ),
                code="no-service",
            )
        if service != COUNTS and each_at:
            raise RefusedByRule(
                sentence(
                    "Mailchimp sends to everyone at once. Nothing was sent. Choose one time for everyone."
                ),
                code="mailchimp-hours",
            )

    def _by_service(self, account_id: int) -> Sent:
        """What Mailchimp is to send, and what it tells."""
        try:
            service = self._service(account_id)
        except TextmeterError as error:  # its settings can't be right, or its key is out of reach
            return Sent(0, 0, error.says)
        if service is None:
            return Sent(0, 0, None)
        from store.emails.remote import Remote

        parts = self._database, self._people, self._consent, service, mailers.token(self._settings)
        return Remote(*parts, self._real, account_id).run(self._ledger.present(account_id))
