"""What somebody typed about a person, as it is kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from store.errors import TextmeterError
from store.people.imports.incoming import EMAIL, group_names
from store.people.model import Contact, Details, Number, Person
from store.people.names import field_name, tidy
from store.sentences import sentence
from store.texts.phones import parse


class ContactRefused(TextmeterError):
    """A contact that can't be kept as it was typed; nothing was changed."""

    default_code = "contact-refused"


def person(
    first_name: str,
    last_name: str,
    company: str,
    phone: str,
    email: str,
    groups: Iterable[str],
    region: str,
    details: Details,
) -> Person:
    """What somebody typed, as it is kept. Raises PhoneRefused and ContactRefused."""
    typed = [(tidy(phone), ""), *((tidy(number), kind) for number, kind in details.numbers)]
    emails = dict.fromkeys(filter(None, map(tidy, (email, *details.emails))))
    numbers: dict[str, Number] = {}
    for written, kind in typed:
        if written:
            parsed = parse(written, region)
            numbers.setdefault(parsed.e164, Number(parsed.e164, parsed.region, kind or "other"))
    if not numbers and not emails:
        raise ContactRefused(
            sentence("A contact needs a phone number or an email address. Nothing was changed."),
            code="no-number",
        )
    for address in emails:
        if not EMAIL.fullmatch(address):
            raise ContactRefused(
                sentence("{email} isn't an email address. Nothing was changed.", email=address),
                code="no-email",
            )
    own = {field_name(name): tidy(value) for name, value in details.fields}
    return Person(
        tidy(first_name),
        tidy(last_name),
        tidy(company),
        tuple(numbers.values()),
        tuple(emails),
        group_names(map(tidy, groups)),
        tuple((name, value) for name, value in own.items() if name and value),
        tidy(details.address),
        tidy(details.note),
        tidy(details.language),
        tidy(details.zone),
        tidy(details.household),
    )


def with_labels(typed: Person, before: Contact) -> Person:
    """With what is known of numbers besides their digits. A kind that was typed is as it was typed."""
    known = {number.phone: number for number in before.numbers}
    numbers = [
        number._replace(kind=was.kind if at == 0 else number.kind, label=was.label)
        if (was := known.get(number.phone))
        else number
        for at, number in enumerate(typed.numbers)
    ]
    return replace(typed, numbers=tuple(numbers))


def with_details(typed: Person, before: Contact) -> Person:
    """With all that wasn't asked for as it was."""
    first = [number for number in before.numbers if number.phone == typed.phone] or list(typed.numbers)
    others = [number for number in before.numbers if number.phone not in (before.phone, typed.phone)]
    return replace(
        typed,
        numbers=(*first, *others),
        emails=(*typed.emails, *(email for email in before.emails[1:] if email not in typed.emails)),
        fields=before.fields,
        address=before.address,
        note=before.note,
        language=before.language,
        zone=before.zone,
        household=before.household,
    )


def in_place_of(person: Person, before: Contact) -> Contact:
    """A person in a contact's place."""
    values = {field.name: getattr(person, field.name) for field in fields(Person)}
    return Contact(**values | {"place": before.place}, id=before.id)
