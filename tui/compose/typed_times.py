"""Days and hours as people type them, in any language that is spoken here. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from store.clock import local_date, zone
from store.messages.model import Repeat
from tui.compose.typed_cjk import spaced

_DAYS = {
    **dict.fromkeys(("today", "hoy", "aujourd'hui", "heute"), 0),
    **dict.fromkeys(("tomorrow", "manana", "demain", "morgen"), 1),
    "ubermorgen": 2,
}
"""Days from today."""
_WEEKDAYS = (
    ("monday", "lunes", "lundi", "montag"),
    ("tuesday", "martes", "mardi", "dienstag"),
    ("wednesday", "miercoles", "mercredi", "mittwoch"),
    ("thursday", "jueves", "jeudi", "donnerstag"),
    ("friday", "viernes", "vendredi", "freitag"),
    ("saturday", "sabado", "samedi", "samstag"),
    ("sunday", "domingo", "dimanche", "sonntag"),
)
_TWO_LETTERS = "mo", "di", "mi", "do", "fr", "sa", "so"
"""Weekdays as German shortens them."""
_MONTHS = (
    ("january", "enero", "janvier", "januar"),
    ("february", "febrero", "fevrier", "februar"),
    ("march", "marzo", "mars", "marz"),
    ("april", "abril", "avril"),
    ("may", "mayo", "mai"),
    ("june", "junio", "juin", "juni"),
    ("july", "julio", "juillet", "juli"),
    ("august", "agosto", "aout"),
    ("september", "septiembre", "septembre"),
    ("october", "octubre", "octobre", "oktober"),
    ("november", "noviembre", "novembre"),
    ("december", "diciembre", "decembre", "dezember"),
)
_ORDINALS = (
    ("first", "1st", "primer", "primero", "premier", "1er", "erster", "ersten"),
    ("second", "2nd", "segundo", "deuxieme", "2e", "zweiter", "zweiten"),
    ("third", "3rd", "tercer", "tercero", "troisieme", "3e", "dritter", "dritten"),
    ("fourth", "4th", "cuarto", "quatrieme", "4e", "vierter", "vierten"),
)
_HOURS = (
    ("one", "una", "une", "ein", "eins"),
    ("two", "dos", "deux", "zwei"),
    ("three", "tres", "trois", "drei"),
    ("four", "cuatro", "quatre", "vier"),
    ("five", "cinco", "cinq", "funf"),
    ("six", "seis", "sechs"),
    ("seven", "siete", "sept", "sieben"),
    ("eight", "ocho", "huit", "acht"),
    ("nine", "nueve", "neuf", "neun"),
    ("ten", "diez", "dix", "zehn"),
    ("eleven", "once", "onze", "elf"),
    ("twelve", "doce", "douze", "zwolf"),
)
_PLURALS = "days", "dos", "gos", "dis"
_EVERY = {"every", "each", "cada", "todos", "los", "chaque", "tous", "les", "jeden", "immer"}
_BEFORE_A_DAY = _EVERY | {
    *("on", "the", "next", "this", "el", "este", "proximo", "dia", "le", "ce", "prochain", "am"),
    *("den", "der", "nachsten", "diesen"),
}
_OF_THE_MONTH = {
    *("of", "the", "month", "every", "each", "del", "de", "cada", "mes", "du", "mois", "chaque"),
    *("im", "des", "monat", "monats", "jeden"),
}

_hour = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(?:([ap])\.? ?m\.?)?").fullmatch
_at = re.compile(r"(?:at|a las?|a|um) ").match
_o_clock = partial(re.compile(r"^(\S+) ?(?:heures?|h|uhr) ?(\d\d)?$").sub, r"\1:\2")
_number = re.compile(r"(\d{1,2})(st|nd|rd|th|o|a|er|\.)?").fullmatch


class Typed(NamedTuple):
    """at: the instant that was typed, in the time zone; has_hour: whether an hour was; repeat: how often it
    comes again, where that was said, else None."""

    at: datetime
    has_hour: bool
    repeat: Repeat | None


class _Day(NamedTuple):
    """on: the first such day from one on. repeat: what "every" before it means; None: nothing does."""

    on: Callable[[date], date]
    repeat: Repeat | None = None


def read_hour(text: str) -> time | None:
    """An hour as it is typed, 9:30, 09.30 or 9 pm; None where it is none."""
    found = _hour(" ".join(text.casefold().split()))
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def read_instant(text: str, timezone: str, now: datetime) -> datetime | None:
    """The instant of `read_time`."""
    found = read_time(text, timezone, now)
    return found.at if found else None


def read_time(text: str, timezone: str, now: datetime) -> Typed | None:
    """A day, and an hour of it maybe, in a time zone (IANA name): 2026-05-01 09:30, tomorrow at 9:00, mañana
    a las 9:00, mon 9 am, first monday 9:00, Dec 2 9:00, every Friday at 9:00. Those that can be over are the
    next such ones. A day alone begins with its midnight; an hour alone is the next one. None where it is
    none."""
    words = spaced(_folded(text)).replace(",", " ").split()
    if not words:
        return None
    today = local_date(now, timezone)
    begins = next((at for at, word in enumerate(words) if word not in _BEFORE_A_DAY), len(words))
    every, named = not _EVERY.isdisjoint(words[:begins]), begins > 0
    day, rest = _read_day(words[begins:], today, named=named)
    if day is not None and day.repeat is not None:
        after = next((at for at, word in enumerate(rest) if word not in _OF_THE_MONTH), len(rest))
        every = every or not _EVERY.isdisjoint(rest[:after]) or words[begins].endswith(_PLURALS)
        rest = rest[after:]
    at = _read_hour(" ".join(rest)) if rest else time()
    if at is None or (every and (day is None or day.repeat is None)) or (named and day is None):
        return None
    day = day or _Day(lambda start: start, Repeat.NEVER)
    try:
        meant = datetime.combine(day.on(today), at, zone(timezone))
        if meant <= now and day.repeat is not None:
            meant = datetime.combine(day.on(today + timedelta(days=1)), at, zone(timezone))
    except OverflowError:
        return None
    return Typed(meant, bool(rest), day.repeat if every else None)


def _read_hour(text: str) -> time | None:
    words = _at(f"{text} ")
    said = _o_clock(text[words.end() :] if words else text)
    if words is None and said == text:
        return read_hour(text)
    hour, colon, minute = said.partition(":")
    for number, names in enumerate(_HOURS, 1):
        hour = str(number) if hour in names else hour
    return read_hour(f"{hour}:{minute or '00'}" if hour.isdecimal() else hour + colon + minute)


def _read_day(words: Sequence[str], today: date, *, named: bool) -> tuple[_Day | None, Sequence[str]]:
    """The day that words begin with, and the words after it. named: whether what stands before them, as
    "the", makes a number a day."""
    word, following, rest = words[0] if words else "", words[1] if words[1:] else "", words[1:]
    if word in _DAYS:
        return _Day(partial(_same, today + timedelta(days=_DAYS[word]))), rest
    if (on := _iso(word)) is not None:
        return _Day(partial(_same, on)), rest
    number = _number(word)
    if following == "de" and words[2:]:
        following, rest = words[2], words[2:]
    for day, month in ((_number(following), word), (number, following)):
        if day and (which := _one_of(month, _MONTHS)) is not None:
            return _Day(partial(_of_year, which + 1, int(day[1]))), rest[1:]
    place = next((at for at, names in enumerate(_ORDINALS) if word in names), None)
    if place is not None and (weekday := _weekday(following)) is not None:
        return _Day(partial(_of_month, place, weekday), Repeat.MONTHLY_WEEKDAY), words[2:]
    if (weekday := _weekday(word)) is not None:
        return _Day(partial(_next, weekday), Repeat.WEEKLY), words[1:]
    if number and (number[2] or named) and 1 <= int(number[1]) <= 31:
        return _Day(partial(_numbered, int(number[1])), Repeat.MONTHLY), words[1:]
    return None, words


def _weekday(word: str) -> int | None:
    if word.removesuffix(".") in _TWO_LETTERS:
        return _TWO_LETTERS.index(word.removesuffix("."))
    return _one_of(word.removesuffix("s") if word.endswith(_PLURALS) else word, _WEEKDAYS)


def _one_of(word: str, names: Sequence[Sequence[str]]) -> int | None:
    """Which of some a word means, whose first letters do where they begin no other."""
    word = word.removesuffix(".")
    if len(word) < 3:
        return None
    means = [at for at, each in enumerate(names) if any(name.startswith(word) for name in each)]
    return means[0] if len(means) == 1 else None


def _iso(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


# The first such day from one on


def _same(day: date, _start: date) -> date:
    return day


def _next(weekday: int, start: date) -> date:
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def _of_month(place: int, weekday: int, start: date) -> date:
    """place: 0 for the first of its weekday."""
    day = _next(weekday, start.replace(day=1)) + timedelta(weeks=place)
    return day if day >= start else _of_month(place, weekday, _next_month(start))


def _numbered(number: int, start: date) -> date:
    try:
        day = start.replace(day=number)
    except ValueError:
        day = date.min
    return day if day >= start else _numbered(number, _next_month(start))


def _of_year(month: int, number: int, start: date) -> date:
    """Raises OverflowError where there is no such day."""
    for year in range(start.year, start.year + 9):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= start:
            return day
    raise OverflowError


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _folded(text: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
