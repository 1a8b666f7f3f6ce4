"""Conversations and their lines, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from store.clock import UnknownZone, local_date
from store.messages.model import Attachment, Line, Thread
from store.people.model import ConsentState, Said
from store.sentences import sentence, sentences
from store.texts import phones
from tui.blasts.presentation import STATUS
from tui.emails.presentation import STATUS as EMAIL_STATUS
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

_STATUS: Mapping[str, str] = {key.value: words for key, words in (*EMAIL_STATUS.items(), *STATUS.items())}
_ATTACHED = "mail:"
"""Begins what names an attachment of an email."""


def who(thread: Thread, country: str) -> str:
    """Whom a conversation is with: by name, else the number as it is written in a country."""
    return plain(thread.name) or shown(thread.phone, country)


def shown(phone: str, country: str) -> str:
    """A number as it is written in a country, or an address."""
    return plain(phone) if "@" in phone else plain(phones.shown(phone, country))


def sign(thread: Thread) -> str:
    """What stands before a conversation: "!" where a person is to decide, a dot where it isn't read."""
    return "!" if thread.asks else "●" if thread.unread else " "


def last_words(language: Language, thread: Thread) -> str:
    """The latest line in one: "You: See you then"; a picture where it has no words."""
    said = plain(thread.last) or language.gettext("[picture]")
    return language.gettext("You: {text}").format(text=said) if thread.out else said


def when(language: Language, at: datetime, now: datetime, timezone: str) -> str:
    """How long ago something was: "2 min", "1 h", "Mon", "May 2"."""
    ago = now - at
    if timedelta() <= ago < timedelta(minutes=1):
        return language.gettext("now")
    if timedelta() <= ago < timedelta(hours=1):
        return language.gettext("{count} min").format(count=int(ago.total_seconds() // 60))
    day, today = local_date(at, timezone), local_date(now, timezone)
    if day == today:
        return language.gettext("{count} h").format(count=int(ago.total_seconds() // 3600))
    if timedelta() < today - day < timedelta(days=7):
        return language.weekday(day)
    return language.near_day(day, today)


def at_words(language: Language, at: datetime, now: datetime, timezone: str) -> str:
    """When a line was written: "9:41 AM" today, "Mon 9:02 AM" this week, else with its day."""
    day, today, time = local_date(at, timezone), local_date(now, timezone), language.time(at, timezone)
    if day == today:
        return time
    if timedelta() < today - day < timedelta(days=7):
        return f"{language.weekday(day)} {time}"
    return language.date_and_time(at, timezone, today)


def facts(language: Language, line: Line, now: datetime, timezone: str) -> str:
    """What stands below a line: "Mon 9:02 AM · delivered · 1 credit · Sam"."""
    parts = [at_words(language, line.at, now, timezone)]
    if line.status is not None:
        parts.append(language.gettext(_STATUS[line.status]))
    if line.reason is not None:
        parts.append(language.say(line.reason))
    if line.credits and not line.subject:  # an email costs one, always
        parts.append(language.say(sentences("{count} credit", "{count} credits", line.credits)))
    if line.waived:
        parts.append(language.say(sentences("{count} credit waived", "{count} credits waived", line.waived)))
    if line.automatic:
        parts.append(language.gettext("automatic reply"))
    if line.notice:
        parts.append(language.gettext("sent automatically"))
    if line.by:
        parts.append(plain(line.by))
    return " · ".join(parts)


def picture_words(language: Language, picture: Attachment) -> str:
    """A picture that came in: "[picture: JPEG, 214 KB]"."""
    if picture.url.startswith(_ATTACHED):
        name = plain(picture.url.removeprefix(_ATTACHED)) or plain(picture.type)
        size = language.number(max(picture.size // 1000, 1))
        return language.gettext("[attached: {name}, {count} KB]").format(name=name, count=size)
    kind = plain(picture.type).rpartition("/")[2].upper()[:12]
    size = language.gettext("{count} KB").format(count=language.number(max(picture.size // 1000, 1)))
    about = ", ".join(filter(None, (kind, size if picture.size > 0 else "")))
    return (
        language.gettext("[picture: {about}]").format(about=about) if about else language.gettext("[picture]")
    )


class Pictured(NamedTuple):
    """A picture and the text that it came with, of whose pictures it is the one with this number."""

    line: Line
    picture: Attachment
    number: int
    of: int


def pictured(lines: Iterable[Line]) -> list[Pictured]:
    """The pictures of some texts, in their order."""
    return [
        Pictured(line, picture, number, len(line.media))
        for line in lines
        for number, picture in enumerate(line.media, 1)
    ]


def pictured_words(language: Language, one: Pictured, now: datetime, timezone: str) -> str:
    """Which picture it is: "Mon 9:02 AM · 2 of 3 · [picture: JPEG, 214 KB]"."""
    parts = [at_words(language, one.line.at, now, timezone), picture_words(language, one.picture)]
    if one.of > 1:
        place = language.gettext("{number} of {count}")
        parts.insert(1, place.format(number=language.number(one.number), count=language.number(one.of)))
    return " · ".join(parts)


def about_person(
    language: Language, thread: Thread, said: Said, now: datetime, there: str, country: str, timezone: str
) -> str:
    """The number, the hour there and what they said about being texted: "(415) 555-2671 · New York, 9:41 AM
    there · opted out May 3". there: a time zone (IANA name) or ""."""
    parts = [shown(thread.phone, country)] if thread.name else []
    if there and (hour := _hour(language, now, there)):
        parts.append(hour)
    if said.state is not ConsentState.UNKNOWN and said.at is not None:
        day = language.near_day(local_date(said.at, timezone), local_date(now, timezone))
        is_out = said.state is ConsentState.OUT
        told = sentence("opted out {day}", day=day) if is_out else sentence("said yes {day}", day=day)
        parts.append(language.say(told))
    if thread.assigned:
        parts.append(language.gettext("{name} replies").format(name=plain(thread.assigned)))
    return " · ".join(parts)


def _hour(language: Language, now: datetime, there: str) -> str:
    city = plain(there).rpartition("/")[2].replace("_", " ")
    try:
        return language.gettext("{zone}, {time} there").format(zone=city, time=language.time(now, there))
    except UnknownZone:
        return ""
