"""People, and what happened with them, in words."""

from __future__ import annotations

import re
from datetime import datetime

from store.clock import local_date
from store.emails.model import Status
from store.errors import WrongUsage
from store.people.model import KINDS, ConsentState, Contact, Details, Number, Pair, Person, Said
from store.sentences import N_, Sentence, sentence
from tui.consent.presentation import SIGNS as SAID_SIGNS
from tui.i18n.language import Language

KIND_WORDS = {
    "mobile": N_("mobile"),
    "home": N_("home"),
    "work": N_("work"),
    "fax": N_("fax"),
    "other": "",
}
KEPT_AS_TYPED = ("address", "household", "zone", "language", "note")
"""Details of a person that are one text each."""

_STATUSES = {
    Status.QUEUED: N_("queued"),
    Status.SERVICE: N_("waiting for Mailchimp"),
    Status.WAITING: N_("waiting"),
    Status.SENDING: N_("sending"),
    Status.SENT: N_("sent"),
    Status.BOUNCED: N_("came back"),
    Status.FAILED: N_("failed"),
    Status.CANCELLED: N_("cancelled"),
    Status.UNKNOWN: N_("unknown"),
}


def status_words(status: Status) -> Sentence:
    """What became of an email, in a word or two."""
    return Sentence(_STATUSES[status])


def said_words(language: Language, said: Said, timezone: str, now: datetime) -> str:
    """What holds for a number, since which day in a time zone (IANA name): "✗ opted out May 3". now: an
    instant of the year whose days need none."""
    assert said.at is not None
    day = language.near_day(local_date(said.at, timezone), local_date(now, timezone))
    since = {
        ConsentState.IN: sentence("said yes {day}", day=day),
        ConsentState.OUT: sentence("opted out {day}", day=day),
    }
    return f"{SAID_SIGNS[said.state]} {language.say(since[said.state])}"


def number_words(language: Language, number: Number) -> str:
    """A number with what it is, and its country abroad: "(415) 555-0116  mobile, Cabin"."""
    kind = language.gettext(KIND_WORDS[number.kind]) if KIND_WORDS[number.kind] else ""
    label = "" if number.label.casefold() in (number.kind, kind.casefold()) else number.label
    about = ", ".join(filter(None, (kind, label)))
    abroad = language.home and number.region not in ("", "001", language.home)
    country = language.territory(number.region) if abroad else ""
    return "  ".join(filter(None, (language.phone(number.phone), country, about)))


def other_numbers(contact: Contact) -> list[Number]:
    """The numbers besides the one that is texted."""
    return [number for number in contact.numbers if number.phone != contact.phone]


def number_typed(language: Language, number: Number) -> str:
    """A number with its kind, as it can be typed."""
    phone = language.phone(number.phone)
    return phone if number.kind == "other" else f"{number.kind} {phone}"


def called(language: Language, contact: Person) -> str:
    """What somebody is called."""
    return contact.name or language.phone(contact.phone) or contact.email


def described(language: Language, contact: Contact) -> str:
    """Somebody with what tells them from others."""
    phone = language.phone(contact.phone)
    about = called(language, contact), contact.company, phone, contact.email
    return " · ".join(dict.fromkeys(filter(None, about)))


WHYS = {
    "number": N_("same number"),
    "email": N_("same email"),
    "name": N_("same name"),
    "household": N_("similar name, same household"),
}
"""By what two contacts may be one person, a key of `store.people.duplicates.Why`."""


def why_words(language: Language, pair: Pair) -> str:
    """Why two contacts may be one person: "same number, other name"."""
    words = [language.gettext(WHYS[why]) for why in pair.why]
    if not pair.similar:
        words.append(language.gettext("different names"))
    return ", ".join(words)


def listed(typed: str) -> list[str]:
    """What stands between commas."""
    return [part.strip() for part in typed.split(",") if part.strip()]


def typed_details(values: dict[str, str]) -> Details:
    """What was typed besides name, company, number, address and groups. Raises WrongUsage where a field has
    no name."""
    numbers = []
    for typed in listed(values["numbers"]):
        kind = re.match(r"[a-z]+", typed)
        if kind is not None and kind[0] in KINDS:
            numbers.append((typed[kind.end() :], kind[0]))
        else:
            numbers.append((typed, "other"))
    fields = []
    for typed in listed(values["fields"]):
        name, colon, value = typed.partition(":")
        if not colon:
            raise WrongUsage(
                sentence("{typed} isn't a field. Type a name, a colon and a value: unit: 4B", typed=typed),
                code="no-field",
            )
        fields.append((name, value.strip()))
    return Details(
        tuple(numbers),
        tuple(listed(values["emails"])),
        tuple(fields),
        **{name: values[name] for name in KEPT_AS_TYPED},
    )
