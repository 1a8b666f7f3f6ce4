"""What nobody may miss goes out as a text and as an email, each in its own right, and whom neither reached is
known: the list grows truer as receipts and bounces come."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database, unit_of_work  # isort: split

from peewee import fn

from store.emails.emails import Emails
from store.emails.model import REASONS, CampaignSummary
from store.emails.model import Status as EmailStatus
from store.emails.tables import Campaign, Email
from store.emails.tables import EmergencyPerson as _Person
from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError, WrongUsage
from store.messages.audience import Audience
from store.messages.drafts import writable
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Estimate, Problem, Purpose, Status
from store.messages.proof import LEFT_OUT, ByEmail, Line, Proof, omitted
from store.messages.providers.reasons import why as said_why
from store.messages.tables import Message
from store.people.addressbook import AddressBook
from store.refusals import from_json, to_json
from store.roles import Role
from store.sentences import N_, Sentence, sentence, sentences

MOST_OF_A_SUBJECT = 78
"""Letters, as mail is read on a phone."""

_NOT_MEANT = {"excepted", "household", "empty-group", "empty-filter"}
"""Codes of those who were left out by hand or hear of it from whom they live with, and of what is nobody."""

_THE_OTHER_GOES = {"not-enough-credits", "no-recipients"}
"""Why a text can't be sent although nothing is wrong with it: the email goes all the same."""

WHY: Mapping[str, str] = {
    "no-phone": N_("This contact has no phone number."),
    "no-number": N_("This number can't receive texts."),
    "no-address": N_("This contact has no email address."),
    "nobody": N_("They aren't in your contacts, so Textmeter has no address for them."),
    "opted-out": N_("They opted out."),
    "bounced": N_("An earlier email to this address bounced."),
    "no-credits": N_("The account didn't have enough credits."),
    "no-emails-left": N_("The email account didn't have enough emails left."),
    "no-account": N_("There was no email account."),
    "not-sent": N_("It wasn't sent."),
    "waits": N_("It hasn't been sent yet."),
}
"""Why nothing went to somebody, or hasn't reached them, by the code that is kept with it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An emergency that was sent. blast: the text, to nobody where only the email went; campaign: the email,
    None where only the text did. untold: why one of them didn't go, or None."""

    blast: BlastSummary
    campaign: CampaignSummary | None
    untold: Sentence | None


class Unreached(NamedTuple):
    """Somebody whom neither reached. to: the number, the address, or what was typed; contact: an id, 0 for
    somebody who isn't in the address book. text, email: why it didn't."""

    to: str
    name: str
    contact: int
    text: Sentence
    email: Sentence


class _Meant(NamedTuple):
    contact: int
    name: str
    phone: str
    no_text: str


class _Emailed(NamedTuple):
    """What became of the email. left_out: why people get none, by contact, as codes. code, says: why it
    didn't go at all."""

    campaign: CampaignSummary | None
    left_out: Mapping[int, str]
    code: str = ""
    says: Sentence | None = None


class Emergency:
    """Methods may be called from any thread. chosen: the id of the account that sends the emails, None where
    that is for the only one there is."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        messages: Messenger,
        emails: Emails,
        chosen: Callable[[], int | None],
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._messages = messages
        self._emails = emails
        self._chosen = chosen

    def by(self, account_id: int) -> Account | Sentence:
        """The account whose emails go with the texts of another; or why there is none. With a demo clock that
        is an account which plays too."""
        found, chosen = self._mailing(account_id), self._chosen()
        if not found:
            return sentence("No email was sent: there is no email account.")
        wanted = [one for one in found if chosen in (None, one.id)]
        if len(wanted) == 1:
            return wanted[0]
        if chosen is not None:
            return sentence(
                "No email was sent: emails.emergency_account is {id}, and no email account has that number.",
                id=str(chosen),
            )
        return sentence(
            "No email was sent: there is more than one email account. Choose one with `textmeter "
            "config set emails.emergency_account {ids}`.",
            ids="|".join(str(one.id) for one in wanted),
        )

    def _mailing(self, account_id: int) -> list[Account]:
        account = self._ledger.account(account_id)
        return [
            one
            for one in self._ledger.accounts()
            if one.demo_clock == account.demo_clock and self._ledger.product(one).sends == "emails"
        ]

    def also(self, account_id: int, draft: Draft) -> Sentence:
        """What goes out by email too where a draft is sent as an emergency, as far as is known now: to how
        many, and what is left of the month's then; or why nothing does."""
        account = self.by(account_id)
        if isinstance(account, Sentence):
            if not self._mailing(account_id):
                return sentence("Goes out as a text only: there is no email account.")
            return sentence("Goes out as a text only: emails.emergency_account names no email account.")
        meant = _meant(self._messages.audience(account_id, draft))
        found = self._emails.estimate(account.id, _as_email(draft, meant))
        wrong = {one.code: one.says for one in found.problems if one.blocking and one.code != "no-reason"}
        if not found.recipients:
            return sentence("Goes out as a text only: nobody has an email address.")
        if "not-enough-credits" in wrong:
            return sentence("Goes out as a text only: the email account has too few emails left.")
        for says in wrong.values():
            return sentence("Goes out as a text only. {why}", why=says)
        return sentences(
            "Also goes to {count} person by email; {left} emails left after.",
            "Also goes to {count} people by email; {left} emails left after.",
            found.recipients,
            left=found.available_after,
        )

    @unit_of_work(Role.SENDER)
    def send(
        self,
        account_id: int,
        draft: Draft,
        *,
        idempotency_key: str | None = None,
        agreed: Estimate | None = None,
    ) -> Sent:
        """Sends a text to whom its draft means, and the same words as an email to the same people, in one
        transaction; the draft is gone then. Where one of both can't go for lack of credits or people, the
        other does, and `Sent.untold` says why. idempotency_key, agreed: as `Messenger.send` takes them, whose
        errors are raised for what is wrong with the draft, and where neither can go. Raises WrongUsage where
        the draft isn't an emergency (code "no-purpose")."""
        if draft.purpose is not Purpose.EMERGENCY:
            raise WrongUsage(sentence("This isn't an emergency. Nothing was sent."), code="no-purpose")
        draft = writable(draft)
        known: list[BlastSummary] = []

        def act() -> dict[str, Any]:
            return self._send(account_id, draft, agreed, known)

        if idempotency_key is None:
            with self._database.transaction():
                did = act()
        else:
            request = json.dumps(["emergency", draft.body, *draft.people, draft.media, draft.why])
            did = self._ledger.once(account_id, idempotency_key, request, act)
        blast = known[-1] if known else self._messages.blast(did["blast"])
        campaign = self._emails.campaign(did["campaign"]) if did["campaign"] else None
        untold = from_json(did["untold"]) if did["untold"] else None
        if untold is not None:
            blast = replace(blast, advice=(*blast.advice, Problem("not-both", untold, blocking=False)))
        return Sent(blast, campaign, untold)

    def _send(
        self, account_id: int, draft: Draft, agreed: Estimate | None, known: list[BlastSummary]
    ) -> dict[str, Any]:
        """known: is filled with the blast, which tells now whom it left out."""
        audience = self._messages.audience(account_id, draft)
        meant = _meant(audience)
        untold: TextmeterError | None = None
        try:
            with self._database.savepoint():
                blast = self._messages.send(account_id, draft, agreed=agreed)
        except (NotEnoughCredits, RefusedByRule, WrongUsage) as refused:
            if not (isinstance(refused, NotEnoughCredits) or refused.code in _THE_OTHER_GOES):
                raise
            untold = refused
            lacking = "no-credits" if isinstance(refused, NotEnoughCredits) else "not-sent"
            meant = [one._replace(no_text=one.no_text or lacking) for one in meant]
            blast = self._messages.keep_unsent(account_id, draft)
        known[:] = [blast]
        email = self._email(account_id, draft, meant, blast.id)
        campaign, says = email.campaign, email.says
        if untold is not None:
            if campaign is None:
                raise untold
            says = sentence("No text was sent: {why}", why=untold.says)
        self._note(blast.id, meant, email)
        return {
            "blast": blast.id,
            "campaign": campaign.id if campaign else None,
            "untold": to_json(says) if says is not None else None,
        }

    def _email(self, account_id: int, draft: Draft, meant: Iterable[_Meant], blast_id: int) -> _Emailed:
        account = self.by(account_id)
        if isinstance(account, Sentence):
            return _Emailed(None, {}, "no-account", account)
        email = _as_email(draft, meant)
        left_out = {one.contact: one.code for one in self._emails.audience(account.id, email).without}
        try:
            with self._database.savepoint():
                return _Emailed(self._emails.send(account.id, email, blast=blast_id), left_out)
        except NotEnoughCredits as lacking:
            code, why = "no-emails-left", lacking.says
        except (RefusedByRule, WrongUsage) as refused:
            code, why = "not-sent", refused.says
        return _Emailed(None, left_out, code, sentence("No email was sent: {why}", why=why))

    def _note(self, blast_id: int, meant: Collection[_Meant], email: _Emailed) -> None:
        """Keeps whom it is for."""
        contacts = {one.id: one for one in self._people.some(one.contact for one in meant if one.contact)}
        went: dict[str, str] = {}
        if email.campaign is not None:
            addresses = Email.select(Email.address).where(Email.campaign == email.campaign.id)
            went = {row.address.lower(): row.address for row in self._database.fetch(addresses)}
        rows = []
        for one in meant:
            contact = contacts.get(one.contact)
            address = contact.email if contact else ""
            why = email.left_out.get(one.contact) or email.code
            if not why and address.lower() not in went:
                why = "not-sent"
            if contact is None:
                why = "nobody"
            elif not address:
                why = "no-address"
            address, why = went.get(address.lower(), address), why if why in ("", *WHY) else "not-sent"
            rows.append((blast_id, one.contact, one.name, one.phone, address, one.no_text, why))
        self._database.executemany(_ADD, rows)

    # Afterwards

    def campaign_of(self, blast_id: int) -> int | None:
        """The email that went with a text, None where none did."""
        with self._database.connection():
            found: int | None = self._database.scalar(
                Campaign.select(Campaign.id).where(Campaign.blast_id == blast_id)
            )
        return found

    def proof(self, blast_id: int) -> tuple[Proof, Iterator[Line]]:
        """What a board can file of an emergency: all that is known of it, and a line for each person whom it
        is for, with what became of the text and of the email, then for those who were left out by hand. As of
        its text alone where no email went."""
        proof, campaign = self._messages.proof(blast_id), self.campaign_of(blast_id)
        if campaign is None:
            return proof, self._messages.proof_lines(blast_id)
        return replace(proof, by_email=True), self._proof_lines(blast_id, campaign)

    def _proof_lines(self, blast_id: int, campaign_id: int) -> Iterator[Line]:
        texts = _by_place(self._messages.proof_lines(blast_id))
        emails = _by_place(self._emails.proof_lines(campaign_id))
        with self._database.connection():
            people = self._database.fetch(
                _Person.select().where(_Person.blast_id == blast_id).order_by(_Person.id)
            )
        for one in people:
            yield _told(one, texts.get(one.phone), emails.get(one.address))
        yield from omitted(one for one in self._messages.left_out(blast_id) if one.code in _NOT_MEANT)

    def count_unreached(self, blast_id: int) -> int:
        """How many neither the text nor the email reached, as far as is known now."""
        with self._database.connection():
            return int(self._database.scalar(_unreached(_Person.select(fn.COUNT(_Person.id)), blast_id)))

    def unreached(self, blast_id: int) -> list[Unreached]:
        """Whom neither the text nor the email reached, as far as is known now, in the order in which they
        were chosen; nobody, where a text was no emergency."""
        with self._database.connection():
            people = self._database.fetch(_unreached(_Person.select(), blast_id).order_by(_Person.id))
            phones = [one.phone for one in people]
            texts = Message.select(Message.phone, Message.status, Message.reason).where(
                Message.blast == blast_id, self._database.among(Message.phone, phones)
            )
            by_phone = {row.phone: row for row in self._database.fetch(texts.order_by(Message.id.desc()))}
            emails = (
                Email.select(Email.address, Email.reason)
                .join(Campaign)
                .where(
                    Campaign.blast_id == blast_id,
                    self._database.among(Email.address, [one.address for one in people]),
                )
            )
            by_address = {row.address: row for row in self._database.fetch(emails)}
        return [
            Unreached(
                one.phone or one.address or one.name,
                one.name,
                one.contact_id,
                _why_no_text(one, by_phone.get(one.phone)),
                _why_no_email(one, by_address.get(one.address)),
            )
            for one in people
        ]


_ADD = (
    "INSERT INTO emergency_person (blast_id, contact_id, name, phone, address, no_text, no_email) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def _unreached(query: Any, blast_id: int) -> Any:
    text = Message.select(Message.id).where(
        Message.phone == _Person.phone,
        Message.blast == blast_id,
        Message.status.in_((Status.SENT.value, Status.DELIVERED.value)),
    )
    campaigns = Campaign.select(Campaign.id).where(Campaign.blast_id == blast_id)
    email = Email.select(Email.id).where(
        Email.address == _Person.address,
        Email.campaign.in_(campaigns),
        Email.status == EmailStatus.SENT.value,
    )
    return query.where(_Person.blast_id == blast_id, ~fn.EXISTS(text), ~fn.EXISTS(email))


def _why_no_text(person: Any, message: Any) -> Sentence:
    if message is None:
        return Sentence(WHY[person.no_text or "not-sent"])
    return said_why(message.reason) if message.reason else Sentence(WHY["waits"])


def _why_no_email(person: Any, email: Any) -> Sentence:
    if email is None:
        return Sentence(WHY[person.no_email or "not-sent"])
    return Sentence(REASONS[email.reason]) if email.reason in REASONS else Sentence(WHY["waits"])


def _by_place(lines: Iterable[Line]) -> dict[str, Line]:
    """Those to whom it went, by number or address."""
    return {line.to: line for line in lines if line.status != LEFT_OUT}


def _told(person: Any, text: Line | None, email: Line | None) -> Line:
    """A person's line: how the text and the email to them stand, or why there is none."""
    if text is None:
        why = Sentence(WHY[person.no_text or "not-sent"])
        text = Line(person.phone, person.name, LEFT_OUT, why, 0, None)
    if email is None:
        by_email = ByEmail(person.address, LEFT_OUT, Sentence(WHY[person.no_email or "not-sent"]), None)
    else:
        by_email = ByEmail(email.to, email.status, email.reason, email.left_at)
    return text._replace(name=person.name or text.name, email=by_email)


def _meant(audience: Audience) -> list[_Meant]:
    """Whom a text is for, whether it goes to them or not, each once."""
    found = [_Meant(one.contact, one.name, one.phone, "") for one in audience.recipients]
    without = {one.phone: one.code for one in audience.left_out if one.phone}
    there = {one.contact for one in found}
    typed = {one.phone for one in found}
    for one in (*audience.refused, *audience.left_out, *audience.twice):
        if one.code in _NOT_MEANT or (one.contact in there if one.contact else one.phone in typed):
            continue
        if one.contact:
            there.add(one.contact)
        code = without.get(one.phone, "") if one.code == "duplicate" else one.code
        name = "" if one.to == one.phone else one.to
        code = code if code in ("", *WHY) else "no-number"
        found.append(_Meant(one.contact, name, one.phone, code))
    return found


def _as_email(draft: Draft, meant: Iterable[_Meant]) -> Draft:
    contacts = tuple(one.contact for one in meant if one.contact)
    return Draft(
        subject=subject_of(draft.body),
        body=draft.body,
        contacts=contacts,
        media=draft.media,
        purpose=draft.purpose,
        why=draft.why,
        language=draft.language,
    )


def subject_of(body: str) -> str:
    """What stands above the same words as an email: their first line, or as many of its words as fit, and no
    merge field in part."""
    line = next((line for line in body.splitlines() if line.strip()), "").strip()
    if len(line) <= MOST_OF_A_SUBJECT:
        return " ".join(line.split())
    words, taken = line.split(), ""
    for word in words:
        longer = f"{taken} {word}".strip()
        if len(longer) >= MOST_OF_A_SUBJECT:
            break
        taken = longer
    if taken.count("{") > taken.count("}"):
        taken = taken[: taken.rindex("{")].rstrip()
    return f"{taken or line[: MOST_OF_A_SUBJECT - 1]}…"
