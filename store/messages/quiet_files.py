"""The quiet hours of the catalog: a table in CSV becomes rules, or a mistake that names file, key, line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from store.credits.catalog_files import card_text, catalog_mistake, own_or_shipped
from store.errors import reason
from store.messages.quiet import ANYWHERE, HOLIDAY, Hours, QuietHours, chain
from store.people.states import states
from store.sentences import Sentence, sentence
from store.texts.phones import regions

FILE = "quiet-hours.csv"
COLUMNS = ("area", "days", "opens", "closes", "source", "as_of")

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLIDAY = "holiday"
_SHUT = Hours(0, 0)
_time = re.compile(r"(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")


def quiet_hours(folder: Path | None) -> QuietHours:
    """Those of a user's catalog folder, or, where it has no such file, those that come with Textmeter. Raises
    CatalogMistake."""
    path = own_or_shipped(folder, FILE)
    return QuietHours(rules_of(path, card_text(path)))


def rules_of(path: Path, text: str) -> Mapping[str, Mapping[int, Hours]]:
    """What a table's text says, as `QuietHours` takes it. path: where it is. Raises CatalogMistake."""
    rules: dict[str, dict[int, Hours]] = {}
    for line, row in _rows(path, text):
        hours, days = _hours(path, line, row), _days(path, line, row)
        known = rules.setdefault(row["area"], {})
        if known.keys() & set(days):
            raise catalog_mistake(path, "days", line, sentence("another line has the same area and days"))
        known.update(dict.fromkeys(days, hours))
    for day, name in enumerate(_DAYS):
        if day not in rules.get(ANYWHERE, {}):
            raise catalog_mistake(path, "days", 0, sentence("the area * has no line for {day}", day=name))
    for area in rules:
        own = [rules[key] for key in chain(area) if key in rules]
        week = [next(hours[day] for hours in own if day in hours) for day in range(len(_DAYS))]
        if all(hours == _SHUT for hours in week):
            raise catalog_mistake(path, "area", 0, sentence("{area} has quiet hours all the time", area=area))
    return rules


def _rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the head, with their numbers, without comments."""
    number = 0

    def lines() -> Iterator[str]:
        nonlocal number
        for number, line in enumerate(io.StringIO(text, newline=""), 1):  # noqa: B007
            if not line.startswith("#"):
                yield line

    table = csv.DictReader(lines(), restval="")
    try:
        for column in COLUMNS:
            if column not in (table.fieldnames or ()):
                raise catalog_mistake(path, column, number, sentence("this column is missing"))
        for row in table:
            values = {column: row[column].strip() for column in COLUMNS}
            for column, problem in _problems(values):
                if problem:
                    raise catalog_mistake(path, column, number, problem)
            yield number, values
    except csv.Error as error:
        says = sentence("it can't be read ({why})", why=reason(error))
        raise catalog_mistake(path, "", number, says) from error


def _problems(row: Mapping[str, str]) -> Iterator[tuple[str, Sentence | None]]:
    """What may be wrong with a column, whatever stands in the others' lines."""
    yield "area", _area_problem(row["area"], row["days"] == _HOLIDAY)
    yield "source", None if row["source"] else sentence("must say where this rule comes from")
    yield "as_of", None if _is_day(row["as_of"]) else sentence("must be a date, such as 2026-11-29")


def _area_problem(area: str, is_holiday: bool) -> Sentence | None:
    if area != ANYWHERE and area not in regions() and area not in states():
        return sentence("must be *, a country (GB), or a state of the US or a province of Canada (US-FL)")
    if not is_holiday or area[:2] in ("US", "CA"):
        return None
    from holidays import list_supported_countries  # takes a tenth of a second

    if area in list_supported_countries():
        return None
    return sentence("Textmeter doesn't know the holidays of {area}", area=area)


def _days(path: Path, line: int, row: Mapping[str, str]) -> Sequence[int]:
    if row["days"] == _HOLIDAY:
        return (HOLIDAY,)
    first, dash, last = row["days"].partition("-")
    if first in _DAYS and (not dash or last in _DAYS[_DAYS.index(first) :]):
        return range(_DAYS.index(first), _DAYS.index(last if dash else first) + 1)
    says = sentence("must be days: {examples}", examples=f"mon, mon-sat, sat-sun, {_HOLIDAY}")
    raise catalog_mistake(path, "days", line, says)


def _hours(path: Path, line: int, row: Mapping[str, str]) -> Hours:
    if not row["opens"] and not row["closes"]:
        return _SHUT
    for key in ("opens", "closes"):
        if not _time.fullmatch(row[key]):
            raise catalog_mistake(path, key, line, sentence("must be a time of day: 08:00"))
    opens, closes = (int(row[key][:2]) * 60 + int(row[key][3:]) for key in ("opens", "closes"))
    if opens >= closes:
        raise catalog_mistake(path, "closes", line, sentence("must be later than {column}", column="opens"))
    return Hours(opens, closes)


def _is_day(written: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(written).isoformat() == written
    return False
