"""Who answered, opted out or can't be reached since they were put on a SmartPlan: for them it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from store.database import Database, retried  # isort: split

from peewee import fn

from store.credits.tables import Account
from store.emails.model import Going, StepKind
from store.emails.tables import Enrolment, SmartPlan, Step
from store.messages.tables import Incoming
from store.people.consent import Consent
from store.people.model import Contact as Person
from store.people.tables import Contact, ContactNumber

IS_ON = (Going.GOING.value, Going.PAUSED.value)
"""How those stand who are on a plan still."""

FEW = 500
"""People whose answers are looked up by their numbers; for more it is faster to read all."""


class _On(NamedTuple):
    """Somebody on a plan, with their numbers and addresses, those that are written to first, in small
    letters; started_at: since when what they write ends it."""

    id: int
    plan_id: int
    started_at: int
    phones: Sequence[str]
    addresses: Sequence[str]


class _Sends(NamedTuple):
    """What a plan sends: which kinds of steps it has, and whose texts its texts are."""

    kinds: Collection[str]
    texts_account: int | None


class Endings:
    """Of one account's SmartPlans."""

    def __init__(self, database: Database, consent: Consent, account_id: int) -> None:
        self._database = database
        self._consent = consent
        self._account_id = account_id

    @retried
    def end_all(self) -> int:
        """Ends it for all for whom it is over; for how many. (Who was merged into another contact is looked
        at when their next step is due.)"""
        with self._database.transaction():
            over = self._over(self._everybody())
            self.note(over)
        return len(over)

    def over(self, enrolled: Iterable[Any], contacts: Mapping[int, Person]) -> dict[int, Going]:
        """For whom it is over, and how, by the ids of their rows. contacts: by the ids in these rows."""
        return self._over(
            [
                _On(
                    row.id,
                    row.plan_id,
                    row.started_at,
                    [contact.phone, *(number.phone for number in contact.numbers)],
                    [address.lower() for address in contact.emails],
                )
                for row in enrolled
                if (contact := contacts.get(row.contact_id))
            ]
        )

    def note(self, over: Mapping[int, Going]) -> None:
        """Ends it for those for whom it is over."""
        for state in set(over.values()):
            these = [id for id, ends in over.items() if ends is state]
            ended = Enrolment.update(state=state.value, next_at=None, paused_on="")
            self._database.run(ended.where(self._database.among(Enrolment.id, these)))

    def _over(self, people: Sequence[_On]) -> dict[int, Going]:
        if not people:
            return {}
        sends, answered = self._sends(), self._answered(people)
        outs = self._consent.outs(
            self._account_id, {address for on in people for address in on.addresses[:1]}
        )
        phones = {phone for on in people for phone in on.phones[:1]}
        text_outs = {
            account: self._consent.outs(account, phones)
            for account in {one.texts_account for one in sends.values() if one.texts_account}
        }
        over: dict[int, Going] = {}
        for on in people:
            kinds, texts_account = sends.get(on.plan_id, _Sends((), None))
            emails = on.addresses[:1] if StepKind.EMAIL in kinds else ()
            texts = on.phones[:1] if StepKind.TEXT in kinds else ()
            barred = text_outs.get(texts_account or 0, {})
            if any(one in outs for one in emails):
                over[on.id] = self._why_out(emails[0])
            elif any(one in barred for one in texts):
                over[on.id] = Going.OPTED_OUT
            elif any(answered.get(one, -1) >= on.started_at for one in (*on.phones, *on.addresses)):
                over[on.id] = Going.REPLIED
        return over

    def _why_out(self, address: str) -> Going:
        """Whether somebody said so, or their mail server."""
        how = self._consent.standing(address, self._account_id).how
        return Going.BOUNCED if how == "bounce" else Going.OPTED_OUT

    def _everybody(self) -> list[_On]:
        numbers: dict[int, list[str]] = {}
        mine = Enrolment.account_id == self._account_id, Enrolment.state.in_(IS_ON)
        about = Contact.id.alias("contact"), Contact.phone, Contact.email, Contact.emails
        on = Enrolment.select(Enrolment.id, Enrolment.plan, Enrolment.started_at, *about)
        rows = self._database.fetch(on.join(Contact, on=Contact.id == Enrolment.contact_id).where(*mine))
        if rows:
            others = ContactNumber.select(ContactNumber.contact, ContactNumber.phone)
            for contact, phone in self._database.cursor(others).fetchall():
                numbers.setdefault(contact, []).append(phone)
        return [
            _On(
                row.id,
                row.plan_id,
                row.started_at,
                [row.phone, *numbers.get(row.contact, ())],
                [address.lower() for address in (row.email, *row.emails.split("\n")) if address],
            )
            for row in rows
        ]

    def _sends(self) -> dict[int, _Sends]:
        """By the plans' ids."""
        about = SmartPlan.id, SmartPlan.texts_account, Step.kind
        used = SmartPlan.select(*about).join(Step, on=Step.plan == SmartPlan.id).distinct()
        kinds: dict[int, set[str]] = {}
        accounts: dict[int, int | None] = {}
        of_these = SmartPlan.account_id == self._account_id, Step.place.is_null(False)
        for row in self._database.fetch(used.where(*of_these)):
            kinds.setdefault(row.id, set()).add(row.kind)
            accounts[row.id] = row.texts_account
        return {id: _Sends(kinds[id], accounts[id]) for id in kinds}

    def _answered(self, people: Sequence[_On]) -> Mapping[str, int]:
        """When something came in last from numbers and addresses, to any account, in microseconds: of those
        who wrote since the first of these people was put on a plan."""
        since = min(on.started_at for on in people)
        any_account = Incoming.account_id.in_(Account.select(Account.id))
        latest = Incoming.select(Incoming.phone, fn.MAX(Incoming.at)).where(
            any_account, Incoming.at >= since, ~Incoming.automatic
        )
        if len(people) <= FEW:
            names = {name for on in people for name in (*on.phones, *on.addresses)} - {""}
            latest = latest.where(self._database.among(Incoming.phone, names))
        return dict(self._database.cursor(latest.group_by(Incoming.phone)).fetchall())
