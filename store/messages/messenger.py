"""Texts, from the first key to the last receipt: the door to drafts, estimates, blasts and their delivery."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import ClassVar

from store.clock import Clock, SystemClock
from store.credits.history_query import Selection
from store.credits.ledger import Ledger
from store.credits.model import Account, Use
from store.database import Database, Table, retried, unit_of_work
from store.errors import WrongUsage
from store.messages import conversations, media
from store.messages import estimate as estimates
from store.messages.audience import Audience
from store.messages.blasts import mentioning
from store.messages.drafts import writable
from store.messages.estimate import Funds
from store.messages.gating import NO_POLICY, Gates, Policy
from store.messages.model import (
    AT_ONCE,
    AsSent,
    BlastSummary,
    Draft,
    Elsewhere,
    Estimate,
    LeftOut,
    Message,
    Problem,
    Purpose,
    Status,
    When,
)
from store.messages.proof import Line, Proof, lines, omitted
from store.messages.refusing import check, refused
from store.messages.resolving import Audiences
from store.messages.scheduling import Scheduling, beyond_renewal
from store.messages.senders import Senders
from store.messages.tables import TABLES
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.roles import Role, needs
from store.sentences import sentences

PAGE = 1_000
"""Messages that are read at once."""


class Messenger(Scheduling):
    """Drafts, what they cost, blasts, and the worker that delivers them. Methods may be called from any
    thread.

    senders: who carries them. policy: what the installation says of its texts. real: the clock of processes
    and networks, which goes on where an account's clock is set by hand.
    """

    TABLES: ClassVar[Sequence[type[Table]]] = TABLES

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        senders: Senders,
        *,
        policy: Policy = NO_POLICY,
        real: Clock | None = None,
    ) -> None:
        real = real or SystemClock()
        super().__init__(database, clock, ledger, people, consent, senders, real)
        self._policy = policy
        self._audiences = Audiences(people, consent)
        self._gates = Gates(database, ledger, consent, policy)

    # Drafts

    def save_draft(self, draft: Draft) -> Draft:
        """Keeps a draft as it stands: with an id, where it had none, and the version that this is. A draft of
        its own, with another id, where it was changed, sent or deleted elsewhere since `draft.version`. Cheap
        enough for every pause in typing."""
        return self._drafts.save(draft)

    def draft(self, id: int) -> Draft | None:
        """None where there is none, any more or of this person's."""
        return self._drafts.get(id)

    def drafts(self, account_id: int | None = None) -> list[Draft]:
        """Latest first. account_id: only those that this account has."""
        return self._drafts.all(account_id, shared=self._writes_texts(account_id))

    def latest_draft(self, account_id: int | None = None) -> Draft | None:
        """The draft that was written last, for the next start; likewise."""
        return self._drafts.latest(account_id, shared=self._writes_texts(account_id))

    def _writes_texts(self, account_id: int | None) -> bool:
        """Whether drafts of no account in particular, which are texts, are among this account's."""
        if account_id is None:
            return True
        with self._database.connection():
            return self._ledger.product(self._ledger.account(account_id)).sends == "texts"

    def elsewhere(self, draft: Draft) -> Elsewhere | None:
        """What became of a kept draft elsewhere since this version of it, or None."""
        return self._drafts.elsewhere(draft)

    def delete_draft(self, id: int) -> None:
        self._drafts.delete(id)

    def discard_draft(self, draft: Draft) -> None:
        """Deletes a draft, unless it was changed elsewhere since this version of it."""
        self._drafts.discard(draft)

    # Before sending

    def audience(self, account_id: int, draft: Draft, when: When = AT_ONCE) -> Audience:
        """Who gets a draft that an account writes, and who doesn't: `estimate` and `send` go by nothing else.
        Numbers are read in the account's country where they have no country code; what isn't offered to the
        account isn't there. when: it leaves."""
        with self._database.connection():
            return self.planned(account_id, draft, self._from_now(account_id, when))

    def planned(self, account_id: int, draft: Draft, when: When, *, got: Collection[str] = ()) -> Audience:
        """Likewise, of what was to leave at a time that may be over: an hour of each recipient's own day is
        that which followed it. got: who has it already, by number, and is among them all the same."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            sender = self._senders.of(account_id, demo_clock=account.demo_clock)
            audience = self._audiences.of(account, draft, got)
            audience = self._gates.passed(account, sender, audience, draft, when)
            beyond = self._senders.caps.beyond_month(sender, [one.phone for one in audience.recipients])
        if not beyond.people:
            return audience
        says = sentences(
            "{count} person won't get this, at no cost: the sender's limit is {most}.",
            "{count} people won't get this, at no cost: the sender's limit is {most}.",
            beyond.people,
            most=sentences("{count} person a month", "{count} people a month", beyond.most),
        )
        return replace(audience, notes=(*audience.notes, Problem("sender-people", says, blocking=False)))

    def is_quiet_by_now(self, account_id: int, draft: Draft, planned: datetime, got: Collection[str]) -> bool:
        """Whether quiet hours have begun for anybody who gets a draft since an instant at which it was to
        leave. got: who has it already, by number."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            audience = self._audiences.of(account, draft, got).letting()
            people = [one for one in audience.recipients if one.phone not in got]
            return self._gates.is_quiet_by_now(account, people, planned)

    def funds(self, account_id: int) -> Funds:
        """What an account has for an estimate."""
        with self._database.connection():
            balance = self._ledger.balance(account_id)
            told, room = self._ledger.reached(account_id), self._ledger.purchase_room(account_id)
            sender = self._senders.of(account_id, demo_clock=balance.account.demo_clock)
            allowance, shorteners = self._senders.caps.allowance(sender), self._ledger.catalog.shorteners
            return Funds.of(balance, told, room, allowance, self._policy.names(), shorteners)

    def needs_consent(self, account_id: int) -> bool:
        """Whether an account's marketing goes to those only who said yes."""
        with self._database.connection():
            return self._gates.needs_yes(account_id)

    @needs(Role.OWNER)
    def require_consent(self, account_id: int, needed: bool) -> None:
        """Whether it does so from now on."""
        self._gates.set_needs_yes(self._ledger.account(account_id).id, needed)

    def estimate(self, account_id: int, draft: Draft, when: When = AT_ONCE) -> Estimate:
        """What a draft costs an account now; what leaves after the next renewal is paid then. Raises
        RefusedByRule where the account sends no texts. A screen that asks at every key keeps audience, funds
        and attachments, and calls `store.messages.estimate.estimate` itself."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            found = self._estimate(account, draft, when, self.audience(account_id, draft, when))
        for problem in found.problems:
            if problem.code == "no-texts":
                raise refused(problem)
        return found

    def _estimate(self, account: Account, draft: Draft, when: When, audience: Audience) -> Estimate:
        product, funds = self._ledger.product(account), self.funds(account.id)
        found = estimates.estimate(draft.body, audience, product, funds, media.inspect(draft.media))
        if when == AT_ONCE or not self._renews_first(account, self._starts(account, when, audience)):
            return found
        return beyond_renewal(found)

    # Sending

    @needs(Role.SENDER)
    def send(
        self,
        account_id: int,
        draft: Draft,
        *,
        when: When = AT_ONCE,
        idempotency_key: str | None = None,
        agreed: Estimate | None = None,
    ) -> BlastSummary:
        """Holds the credits of the whole blast and queues its messages, in one transaction; the draft is gone
        then. The summary tells who doesn't get it, and what was worth knowing; not for a blast that was sent
        before.

        when: what leaves later has no messages yet, and holds its credits if it leaves before the next
        renewal. idempotency_key: sending again under the same key gives the same blast. agreed: what the
        person was shown, all of which must still be true. Raises NotEnoughCredits, RefusedByRule or
        WrongUsage with the first thing that is wrong; the draft is kept then. Codes of RefusedByRule are,
        beside others, "estimate-changed" for what isn't agreed to, and "draft-sent" and "draft-changed" for a
        draft that another window sent or changed since `draft.version`.
        """
        draft = writable(draft)
        seen: list[Estimate] = []
        if idempotency_key is None:
            blast_id = self._send(account_id, draft, when, agreed, seen)
        else:
            request: list[object] = [draft.body, draft.to, draft.contacts, draft.groups, draft.media]
            if any(draft.people[3:]):  # else as it was kept before there were these
                request += draft.people[3:]
            if draft.purpose or draft.why:
                request += [draft.purpose, draft.why]
            if when != AT_ONCE:
                request.append(repr(when))
            blast_id = self._ledger.once(
                account_id,
                idempotency_key,
                json.dumps(request),
                lambda: self._send(account_id, draft, when, agreed, seen),
            )
        if when != AT_ONCE:
            self.leave_due(account_id)  # of what leaves in parts, the first may be due
        blast = self.blast(blast_id)
        for found in seen:
            blast = replace(blast, left_out=(*found.refused, *found.left_out), advice=found.advice)
        return blast

    @retried
    def _send(
        self, account_id: int, draft: Draft, when: When, agreed: Estimate | None, seen: list[Estimate]
    ) -> int:
        """seen: is filled with what it costs, as it was found at last."""
        self._drafts.check(draft)
        self._ledger.catch_up(account_id)
        account = self._ledger.account(account_id)
        product = self._ledger.product(account)
        audience = self.audience(account_id, draft, when)
        found = self._estimate(account, draft, when, audience)
        check(found, agreed)
        pictures, now = media.read(draft.media), self._ledger.present(account_id)
        with self._database.transaction():
            seen[:] = [found]
            if self._is_later(when, audience, now):
                self._drafts.send(draft)
                return self._schedule(account, draft, when, audience, found, pictures)
            sender = self._senders.of(account_id, demo_clock=account.demo_clock)
            blast_id, credits = self._blasts.add(account_id, now, draft, audience, product, pictures, sender)
            count = len(audience.recipients)
            hold = self._ledger.hold(
                account_id,
                credits,
                cause="blast",
                reference=str(blast_id),
                count=count,
                use=Use.MMS if pictures else Use.SMS,
                apart={Use.SMS: self._blasts.credits_behind_pictures(blast_id)} if pictures else {},
                person=self._database.person.name,
            )
            self._blasts.set_hold(blast_id, hold)
            self._drafts.send(draft)
            if count == 1:
                phone, said = audience.recipients[0].phone, self._blasts.as_sent([blast_id])[blast_id].body
                conversations.wrote(self._database, account_id, phone, said, now)
        return blast_id

    @unit_of_work(Role.SENDER)
    def keep_unsent(self, account_id: int, draft: Draft) -> BlastSummary:
        """Keeps a text that can't be sent where what goes with it is: as a blast to nobody. The draft is gone
        then. Raises RefusedByRule where another window sent or changed it."""
        account = self._ledger.account(account_id)
        now, product = self._ledger.present(account_id), self._ledger.product(account)
        nobody = Audience(purpose=draft.purpose or Purpose.NOTICE)
        with self._database.transaction():
            sender = self._senders.of(account_id, demo_clock=account.demo_clock)
            blast_id = self._blasts.begin(account_id, now, draft, nobody, product, (), sender)
            self._drafts.send(draft)
        return self.blast(blast_id)

    # What was sent

    def blasts(self, account_id: int, *, before: int | None = None, limit: int = 20) -> list[BlastSummary]:
        """Newest first. before: only those older than the blast of this id, for the next page."""
        return self._blasts.page(account_id, before, limit)

    def blast(self, id: int) -> BlastSummary:
        """Raises WrongUsage where there is none."""
        return self._blasts.summary(id)

    def account_of(self, blast_id: int) -> int | None:
        """Which account sent a blast, None where there is none."""
        return self._blasts.account_of(blast_id)

    def to_failed(self, blast_id: int) -> Draft:
        """A draft of the same words to those whom a blast didn't reach, for what it was and the reason that
        was given, without its pictures. What isn't known may have left, and isn't sent again."""
        blast = self._blasts.summary(blast_id)
        to = tuple(self._blasts.failed_to(blast_id))
        return Draft(body=blast.body, to=to, purpose=blast.purpose, why=blast.why)

    def messages(
        self,
        blast_id: int,
        *,
        status: Status | frozenset[Status] | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> list[Message]:
        """The messages of a blast, in the order in which they are sent. status: only those that stand so.
        after: the last one's id of the page before."""
        return self._blasts.messages(blast_id, status, after, limit)

    def proof(self, blast_id: int) -> Proof:
        """All that is known of a blast but its lines. Raises WrongUsage where there is none."""
        with self._database.connection():
            blast = self.blast(blast_id)
            account_id, sender, person = self._blasts.sent_by(blast_id)
            account, number = self._ledger.account(account_id), ""
            with suppress(WrongUsage):  # it is built in, or gone
                number = self._senders.get(sender).number
            return Proof(
                id=blast_id,
                channel=blast.kind,
                at=blast.created_at,
                as_of=self._ledger.present(account_id),
                timezone=account.timezone,
                country=account.country,
                names=self._policy.names(),
                sender=sender,
                address=number,
                person=person,
                body=blast.body,
                as_sent=self._blasts.first_got(blast_id),
                people=blast.recipients,
                simulated=not sender,
                purpose=blast.purpose,
                why=blast.why,
                files=self._blasts.picture_names(blast_id),
            )

    def proof_lines(self, blast_id: int) -> Iterator[Line]:
        """A line for each person whom a blast goes to, in that order, then for those who were left out, read
        by the page."""
        return chain(lines(self._every_message(blast_id)), omitted(self.left_out(blast_id)))

    def _every_message(self, blast_id: int) -> Iterator[Message]:
        after = 0
        while page := self.messages(blast_id, after=after, limit=PAGE):
            yield from page
            after = page[-1].id

    def left_out(self, blast_id: int) -> Iterator[LeftOut]:
        """Who was to get a blast and didn't, and why, as it stood when it left; read by the page."""
        return self._blasts.left_out(blast_id)

    def as_sent(self, blast_ids: Collection[int]) -> dict[int, AsSent]:
        """The texts of some blasts as their first recipients got them, by their ids."""
        return self._blasts.as_sent(blast_ids)

    def mentioning(self, account_id: int, text: str) -> Selection:
        """The ids of an account's blasts whose text contains another, whatever the case: for
        `store.credits.pages.Matching`."""
        return mentioning(account_id, text)
