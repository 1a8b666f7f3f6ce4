"""Lines of the history found by what a person reads on them: what caused them, in the person's language, the
text that was sent, the number of the order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from store.credits.history_query import ORDERED, Filter, Matching, Sort, Telling
from store.credits.model import Entry, Kind
from tui.history.presentation import cause_words, telling_words
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store

PAGE = 1_000
"""Lines whose texts are read at once where all lines are wanted."""


class Line(NamedTuple):
    """A line of the history with the text that it is about, as it was sent; both "" where there is none. to:
    the only one who got it, or who wrote it."""

    entry: Entry
    body: str
    to: str = ""


class Finder:
    """Looks for texts in one account's history. What lines tell is read once, then only of new ones."""

    def __init__(self) -> None:
        self._tellings: frozenset[Telling] = frozenset()
        self._last = 0

    def matching(self, store: Store, account_id: int, text: str, language: Language) -> Matching:
        """What lines have in common that show this text, whatever the case."""
        newest = store.credits.history(account_id, limit=1)
        self._tellings |= store.credits.tellings(account_id, self._last)
        self._last = newest[0].seq if newest else 0
        wanted = text.casefold()
        tellings = {
            telling for telling in self._tellings if wanted in telling_words(language, telling).casefold()
        }
        about = {"blast": store.messages.mentioning(account_id, text)}
        if any(telling.cause == "email" for telling in self._tellings):
            about["email"] = store.emails.addressed(account_id, text)
        if any(telling.cause == "campaign" for telling in self._tellings):
            about["campaign"] = store.emails.mentioning(account_id, text)
        return Matching(frozenset(tellings), about, _order_number(language, text))


def lines(store: Store, entries: Iterable[Entry]) -> list[Line]:
    """Entries with the texts that they are about."""
    entries = list(entries)
    texts = store.messages.as_sent(_references(entries, "blast"))
    emails = _references(entries, "email")
    people = store.emails.addressees(emails) if emails else {}
    campaigns = _references(entries, "campaign")
    written = store.emails.as_sent(campaigns) if campaigns else {}
    replies = _references(entries, "reply")
    wrote = store.conversations.who_wrote(replies) if replies else {}
    found = []
    for entry in entries:
        if entry.cause == "blast" and (text := texts.get(int(entry.reference))):
            found.append(Line(entry, text.body, text.to))
        elif entry.cause == "campaign" and (email := written.get(int(entry.reference))):
            found.append(Line(entry, email.subject, email.to))
        elif entry.cause in ("email", "reply") and entry.reference:
            names = people if entry.cause == "email" else wrote
            found.append(Line(entry, "", names.get(int(entry.reference), "")))
        else:
            found.append(Line(entry, ""))
    return found


def _references(entries: Iterable[Entry], cause: str) -> set[int]:
    """The ids of what lines of a cause are about."""
    return {int(entry.reference) for entry in entries if entry.cause == cause and entry.reference}


def every_line(
    store: Store, account_id: int, chosen: Filter, sort: Sort = Sort.NEWEST, limit: int | None = None
) -> Iterator[Line]:
    """All lines that a filter shows, or so many, read as they are wanted, since there may be a million."""
    entries = store.credits.every_line(account_id, chosen, sort, limit)
    while some := lines(store, islice(entries, PAGE)):
        yield from some


def happened(language: Language, line: Line, *, on_screen: bool = True) -> str:
    """What a line tells, with whom by name where it was one person, or by number: as at home on the screen,
    else E.164."""
    if line.to and line.entry.kind is Kind.USED:
        _ = language.gettext
        says = {
            "email": _("Email to {name}"),
            "campaign": _("Email to {name}"),
            "reply": _("Reply from {name}"),
        }.get(line.entry.cause, _("Text to {name}"))
        return says.format(name=plain(language.phone(line.to) if on_screen else line.to))
    return cause_words(language, line.entry)


def about(language: Language, line: Line) -> str:
    """What a line says beside its cause: the text that was sent, or the order's number; "" for neither."""
    if line.entry.cause in ORDERED and line.entry.reference:
        return _order_words(language, line.entry.reference)
    return line.body


def _order_words(language: Language, number: str) -> str:
    return language.gettext("order {number}").format(number=number)


def _order_number(language: Language, text: str) -> str:
    """The number that somebody means who looks for "17", "#17" or "order 17"; else ""."""
    before, _, after = _order_words(language, "\0").casefold().partition("\0")
    number = text.casefold().strip().removeprefix(before.strip()).removesuffix(after.strip()).strip(" #")
    return number if number.isascii() and number.isdigit() else ""
