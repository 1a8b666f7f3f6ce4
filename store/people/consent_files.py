"""Lists of numbers with their consent, as files: the proof that is handed out, and lists that others keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from store.errors import TextmeterError
from store.people.model import Said
from store.people.names import fold
from store.sentences import Sentence, sentence
from store.texts import phones
from store.texts.phones import PhoneRefused

COLUMNS = ("number", "state", "how", "at", "by", "sender", "why", "followed")
"""Of the proof. followed: "no" for what an import said and a person is to decide."""

_NUMBER = {"number", "phone", "phone number", "mobile", "to", "numero", "telefono", "movil", "celular"}
_STATE = {"state", "consent", "status", "estado", "consentimiento"}
_WHY = {"why", "reason", "motivo", "porque"}
_STATES = {"in": "in", "out": "out", "unknown": "", "": ""}


class ConsentFileRefused(TextmeterError):
    """A list that can't be read; nothing was changed."""

    default_code = "unreadable-list"


class RefusedRow(NamedTuple):
    """A row that couldn't be taken, by its number in the file (from 1), and why."""

    row: int
    reason: Sentence
    code: str


class Listed(NamedTuple):
    """What a list says: numbers (E.164), "in", "out" or "" for nothing, and why."""

    states: list[tuple[str, str, str]]
    refused: list[RefusedRow]


def read(data: bytes, region: str) -> Listed:
    """Reads a list: a number a row, beside it a state ("in" or "out") and why where it has such columns. A
    list without states is one of those who are out. region: where numbers without a country code are read.
    Raises ConsentFileRefused."""
    try:
        text = data.decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error):
        raise ConsentFileRefused(
            sentence("This isn't a list of numbers in UTF-8. Nothing was changed. Save it as CSV (UTF-8).")
        ) from None
    places = _places([fold(cell) for cell in rows[0]]) if rows else {}
    found = Listed([], [])
    for row, cells in enumerate(rows, 1):
        if any(map(str.strip, cells)) and not (row == 1 and places):
            _take(found, row, cells, places or {"number": 0}, region)
    return found


def _places(head: list[str]) -> Mapping[str, int]:
    """Which columns there are; none where the first row is none of names."""
    known = {"number": _NUMBER, "state": _STATE, "why": _WHY}
    found = {name: at for name, words in known.items() for at, cell in enumerate(head) if cell in words}
    return found if "number" in found else {}


def _take(found: Listed, row: int, cells: list[str], places: Mapping[str, int], region: str) -> None:
    def cell(name: str) -> str:
        at = places.get(name, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    said = _STATES.get(cell("state").casefold()) if "state" in places else "out"
    if said is None:
        says = sentence("“{state}” isn't a state. Use in or out.", state=cell("state"))
        found.refused.append(RefusedRow(row, says, "no-state"))
        return
    try:
        number = phones.parse(cell("number"), region).e164
    except PhoneRefused as refused:
        found.refused.append(RefusedRow(row, refused.says, refused.code))
    else:
        found.states.append((number, said, cell("why")))


def proof(records: Iterable[Said]) -> Iterator[dict[str, str]]:
    """All that was said, a line under COLUMNS each."""
    for one in records:
        yield {
            "number": one.number,
            "state": (one.asks or one.state).value,
            "how": one.how,
            "at": one.at.isoformat() if one.at else "",
            "by": one.by,
            "sender": str(one.sender) if one.sender else "all",
            "why": one.why,
            "followed": "yes" if one.asks is None else "no",
        }
