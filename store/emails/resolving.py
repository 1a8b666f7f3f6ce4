"""Whom a draft of an email means now: for every estimate, and once more when it is sent."""

from __future__ import annotations

from collections.abc import Collection

from store.clock import instant, local_date
from store.credits.model import Account
from store.emails.audience import EmailAudience, typed_addresses
from store.emails.model import EmailRecipient
from store.messages.model import Draft
from store.messages.resolving import Audiences, no_such_exceptions, no_such_filter, opted_out_on
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.finding import PersonRow
from store.people.rows import own_fields
from store.sentences import Sentence, sentence
from store.texts.merge import FIELDS


class EmailAudiences:
    """Finds who gets a draft, and who doesn't. Within an open connection."""

    def __init__(self, people: AddressBook, consent: Consent) -> None:
        self._people = people
        self._consent = consent
        self._audiences = Audiences(people, consent)

    def of(self, account: Account, draft: Draft) -> EmailAudience:
        """Who gets a draft that an account writes; what isn't offered to the account isn't there."""
        typed, refused = typed_addresses(draft.to)
        known = self._people.by_emails(one.address for one in typed)
        for at, (address, *_) in enumerate(typed):
            if one := known.get(address.lower()):
                names = one.first_name, one.last_name, one.company
                own = dict(one.fields)
                about = one.zone, one.phone, one.region, one.address
                typed[at] = EmailRecipient(address, *names, one.id, one.household, own, *about)
        rows, nobody, mistaken = self._audiences.chosen(account.id, draft)
        people = list(map(_recipient, rows))
        excepted, wrong = typed_addresses(draft.but_to)
        also_excepted = self._audiences.excepted(account.id, draft)
        addresses = {one.address.lower() for one in (*typed, *people)} - {""}
        return EmailAudience.gather(
            typed,
            people,
            (*refused, *nobody),
            (*map(no_such_filter, mistaken), *no_such_exceptions(wrong, also_excepted)),
            excepted={one.address.lower() for one in (*excepted, *map(_recipient, also_excepted.people))},
            out=self._out(account, addresses),
            household=draft.household,
            fields=(*FIELDS, *self._people.own_fields()),
        )

    def _out(self, account: Account, addresses: Collection[str]) -> dict[str, tuple[Sentence, str]]:
        """Of these addresses, those that mustn't be written to: why, and the reason's code."""
        since = self._consent.outs(account.id, addresses)
        found = {}
        for address in addresses & since.keys():
            day = local_date(instant(since[address]), account.timezone)
            if self._consent.standing(address, account.id).how == "bounce":
                why = sentence("An email to this address bounced on {day}.", day=day)
                found[address] = why, "bounced"
            else:
                found[address] = opted_out_on(day), "opted-out"
        return found


def _recipient(person: PersonRow) -> EmailRecipient:
    phone, region, first_name, last_name, company, contact, household, own, email, zone, postal = person
    about = first_name, last_name, company, contact, household, own_fields(own) if own else {}
    return EmailRecipient(email, *about, zone, phone, region, postal)
