"""People, and what happened with them, in words."""

from __future__ import annotations

import re

from store.emails.model import REASONS, Email, Status
from store.errors import WrongUsage
from store.messages.model import Line, Texted
from store.people.model import KINDS, Contact, Details, Number
from store.sentences import N_, Sentence, sentence
from store.texts import phones
from tui.blasts.presentation import SIGNS as TEXT_SIGNS
from tui.blasts.presentation import STATUS
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
    Status.WAITING: N_("waiting"),
    Status.SENDING: N_("under way"),
    Status.SENT: N_("sent"),
    Status.FAILED: N_("failed"),
    Status.UNKNOWN: N_("not known"),
}
_SIGNS = {
    Status.WAITING: "…",
    Status.SENDING: "…",
    Status.SENT: "✓",
    Status.FAILED: "✗",
    Status.UNKNOWN: "?",
}


def status_words(status: Status) -> Sentence:
    """What became of an email, in a word or two."""
    return Sentence(_STATUSES[status])


def timeline_line(language: Language, email: Email, timezone: str) -> str:
    """A line of a contact's timeline; the time in a time zone (IANA name): "✓ 4/16/26, 12:00 PM  Open house
    1: Welcome  sent"."""
    status: Sentence = status_words(email.status)
    if email.reason:
        status = sentence("{status}: {why}", status=status, why=Sentence(REASONS[email.reason]))
    return language.say(
        sentence(
            "{sign} {when}  {plan} {step}: {subject}  {status}",
            sign=_SIGNS[email.status],
            when=language.date_and_time(email.at, timezone),
            plan=email.plan,
            step=email.step,
            subject=email.subject,
            status=status,
        )
    )


def text_line(language: Language, texted: Texted, timezone: str) -> str:
    """A text in a contact's timeline: "● 4/16/26, 12:00 PM  Open house on Sunday  delivered"."""
    message = texted.message
    status: Sentence = Sentence(STATUS[message.status])
    if message.reason:
        status = sentence("{status}: {why}", status=status, why=message.reason)
    return language.say(
        sentence(
            "{sign} {when}  {text}  {status}",
            sign=TEXT_SIGNS[message.status],
            when=language.date_and_time(texted.at, timezone),
            text=" ".join(message.body.split()),
            status=status,
        )
    )


def reply_line(language: Language, line: Line, timezone: str) -> str:
    """What somebody wrote, in their timeline: "← 4/16/26, 12:00 PM  Yes! Friday?"."""
    said = " ".join(line.text.split()) or language.gettext("[picture]")
    return f"← {language.date_and_time(line.at, timezone)}  {said}"


def number_words(language: Language, number: Number, home: str) -> str:
    """A number with what it is: "(415) 555-0116  mobile, Cabin"; home: where it needs no country code."""
    kind = language.gettext(KIND_WORDS[number.kind]) if KIND_WORDS[number.kind] else ""
    label = "" if number.label.casefold() in (number.kind, kind.casefold()) else number.label
    about = ", ".join(filter(None, (kind, label)))
    return "  ".join(filter(None, (phones.shown(number.phone, home), about)))


def other_numbers(contact: Contact) -> list[Number]:
    """The numbers besides the one that is texted."""
    return [number for number in contact.numbers if number.phone != contact.phone]


def number_typed(number: Number) -> str:
    """A number with its kind, as it can be typed."""
    return number.phone if number.kind == "other" else f"{number.kind} {number.phone}"


def called(contact: Contact) -> str:
    """What somebody is called."""
    return contact.name or contact.phone or contact.email


def described(contact: Contact) -> str:
    """Somebody with what tells them from others."""
    return " · ".join(
        dict.fromkeys(filter(None, (called(contact), contact.company, contact.phone, contact.email)))
    )


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
                sentence("{typed} is no field. Write a name, a colon and a value: unit: 4B", typed=typed),
                code="no-field",
            )
        fields.append((name, value.strip()))
    return Details(
        tuple(numbers),
        tuple(listed(values["emails"])),
        tuple(fields),
        **{name: values[name] for name in KEPT_AS_TYPED},
    )
