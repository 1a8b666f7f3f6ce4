"""Whom a draft means now: what was chosen is looked up in the address book, for every estimate and once more
when it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from store.clock import instant, local_date
from store.credits.model import Account
from store.messages.audience import Audience, gather, typed_numbers
from store.messages.model import Draft, LeftOut, Problem, Recipient
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.filters import FilterMistake
from store.people.finding import PersonRow
from store.people.model import Contact
from store.people.rows import own_fields
from store.sentences import Sentence, sentence
from store.texts.merge import FIELDS

_ID = 5
"""Which of a `PersonRow` is the contact's."""
_NO_FIELDS: Mapping[str, str] = MappingProxyType({})
_NOBODY_THERE = sentence("There is nobody in a group with this name.")
_NOBODY_MATCHES = sentence("Nobody matches this filter.")


class Chosen(NamedTuple):
    """Whom contacts, groups and filters of a draft mean. refused: groups and filters in which nobody is;
    mistaken: filters that can't be followed, and why."""

    people: list[PersonRow]
    refused: list[LeftOut]
    mistaken: list[tuple[str, Sentence]]


class _Filtered(NamedTuple):
    """Whom filters find, which of them find nobody, and which can't be followed, and why."""

    people: list[PersonRow]
    nobody: list[str]
    mistaken: list[tuple[str, Sentence]]


class Audiences:
    """Finds who gets a draft, and who doesn't. Within an open connection."""

    def __init__(self, people: AddressBook, consent: Consent) -> None:
        self._people = people
        self._consent = consent

    def of(self, account: Account, draft: Draft, got: Collection[str] = ()) -> Audience:
        """Who gets a draft that an account writes. Numbers are read in the account's country where they have
        no country code; what isn't offered to the account isn't there. got: who has it already, by number:
        where it is one a household, nobody else of theirs gets it."""
        numbers, refused, notes = typed_numbers(draft.to, account.country)
        known = self._people.by_phones(number.phone for number in numbers)
        for at, number in enumerate(numbers):
            if one := known.get(number.phone):
                numbers[at] = _known(number, one)
        people, nobody, mistaken = self.chosen(account.id, draft)
        refused += nobody
        notes += map(no_such_filter, mistaken)
        excepted, wrong = self._excepted(account, draft)
        phones = {row[0] for row in people}.union(number.phone for number in numbers)
        outs = self._consent.outs(account.id, phones)
        return gather(
            numbers,
            map(_recipient, people),
            refused,
            (*notes, *wrong),
            excepted=excepted,
            out={
                phone: (opted_out_on(local_date(instant(outs[phone]), account.timezone)), "opted-out")
                for phone in phones & outs.keys()
            },
            household=draft.household,
            served=self._served(got) if draft.household else (),
            fields=(*FIELDS, *self._people.own_fields()),
        )

    def _served(self, got: Collection[str]) -> Iterator[Recipient]:
        for phone, one in self._people.by_phones(got).items():
            yield _known(Recipient(phone, one.region), one)

    def chosen(self, account_id: int, draft: Draft) -> Chosen:
        """Whom a draft means beside those whose numbers or addresses are typed."""
        groups, empty = self._filled(draft.groups, account_id)
        refused = [LeftOut(group, _NOBODY_THERE, "empty-group") for group in empty]
        people = self._people.recipients(contacts=draft.contacts, groups=groups)
        if draft.everyone:
            people += self._people.everybody(account_id)
        filtered = self._filtered(draft.filters, account_id)
        if filtered.people:  # each person once, as of several groups
            people = list({row[_ID]: row for row in (*people, *filtered.people)}.values())
        refused += [LeftOut(query, _NOBODY_MATCHES, "empty-filter") for query in filtered.nobody]
        return Chosen(people, refused, filtered.mistaken)

    def excepted(self, account_id: int, draft: Draft) -> Chosen:
        """Whom it leaves out, likewise. A filter that finds nobody today refuses nothing."""
        groups, empty = self._filled(draft.but_groups, account_id)
        people = self._people.recipients(contacts=draft.but_contacts, groups=groups)
        filtered = self._filtered(draft.but_filters, account_id)
        refused = [LeftOut(group, _NOBODY_THERE, "empty-group") for group in empty]
        return Chosen([*people, *filtered.people], refused, filtered.mistaken)

    def _excepted(self, account: Account, draft: Draft) -> tuple[set[str], list[Problem]]:
        """The numbers (E.164) that a draft leaves out, and what can't be."""
        numbers, refused, _ = typed_numbers(draft.but_to, account.country)
        chosen = self.excepted(account.id, draft)
        excepted = {number.phone for number in numbers}.union(row[0] for row in chosen.people)
        return excepted - {""}, no_such_exceptions(refused, chosen)

    def _filled(self, groups: Sequence[str], account_id: int) -> tuple[list[str], list[str]]:
        """Of groups, those in which somebody is, as far as they are offered to an account, and the others."""
        filled = [group for group in groups if self._people.count(group=group, account_id=account_id)]
        return filled, [group for group in groups if group not in filled]

    def _filtered(self, queries: Sequence[str], account_id: int) -> _Filtered:
        found = _Filtered([], [], [])
        for query in queries:
            try:
                people = self._people.filtered(query, account_id)
            except FilterMistake as mistake:
                found.mistaken.append((query, mistake.says))
                continue
            found.people.extend(people)
            if not people:
                found.nobody.append(query)
        return found


def opted_out_on(day: date) -> Sentence:
    return sentence("Opted out on {day}.", day=day)


def no_such_exceptions(typed: Sequence[LeftOut], chosen: Chosen) -> list[Problem]:
    """Of what is left out, what can't be read: that might be anybody's, so nothing is sent until it is
    mended. typed: of what was typed."""
    return [
        Problem("no-such-exception", sentence("Can't leave out “{who}”: {why}", who=who, why=why), True)
        for who, why in (*((one.to, one.reason) for one in (*typed, *chosen.refused)), *chosen.mistaken)
    ]


def no_such_filter(mistaken: tuple[str, Sentence]) -> Problem:
    query, why = mistaken
    says = sentence("Can't use the filter “{filter}”: {why}", filter=query, why=why)
    return Problem("no-such-filter", says, blocking=True)


def _known(number: Recipient, one: Contact) -> Recipient:
    """A number with all that is known of whose it is."""
    about = one.first_name, one.last_name, one.company, one.id, one.household, dict(one.fields)
    return Recipient(number.phone, number.region, *about, one.zone, one.address)


def _recipient(person: PersonRow) -> Recipient:
    phone, region, first_name, last_name, company, contact, household, own, _, zone, address = person
    about = (phone, region, first_name, last_name, company, contact, household)
    return Recipient(*about, own_fields(own) if own else _NO_FIELDS, zone, address)
