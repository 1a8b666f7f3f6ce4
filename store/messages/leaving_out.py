"""Who was to get a text or an email and was left out, and why: kept with it, for whoever has to prove it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from store.database import Database
from store.messages.model import LeftOut
from store.messages.tables import LeftOut as _LeftOut
from store.prepared import Prepared
from store.sentences import Money, Percent, Phone, Region, Sentence, Value

PAGE = 1_000

_ADD = (
    "INSERT INTO left_out (blast_id, campaign_id, who, phone, contact_id, code, says) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_FORGET = {
    "blast_id": Prepared(lambda _, id: _LeftOut.delete().where(_LeftOut.blast_id == id)),
    "campaign_id": Prepared(lambda _, id: _LeftOut.delete().where(_LeftOut.campaign_id == id)),
}
_TYPES = {kind.__name__: kind for kind in (Money, Percent, Phone, Region)}


class LeftOuts:
    """Of blasts and campaigns, each by its id; the other is None."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self, left_out: Iterable[LeftOut], *, blast_id: int | None = None, campaign_id: int | None = None
    ) -> None:
        """Who is left out by now; whoever was before isn't any more. Within a transaction."""
        column, its_id = _of(blast_id, campaign_id)
        self._database.run(_FORGET[column.name](id=its_id))
        rows = (
            (blast_id, campaign_id, one.to, one.phone, one.contact, one.code, to_json(one.reason))
            for one in left_out
        )
        self._database.executemany(_ADD, list(rows))

    def all(self, *, blast_id: int | None = None, campaign_id: int | None = None) -> Iterator[LeftOut]:
        """In the order in which they were found, read by the page."""
        after = 0
        while True:
            column, its_id = _of(blast_id, campaign_id)
            found = _LeftOut.select().where(column == its_id, _LeftOut.id > after)
            with self._database.connection():
                rows = self._database.fetch(found.order_by(_LeftOut.id).limit(PAGE))
            for row in rows:
                yield LeftOut(row.who, from_json(row.says), row.code, row.phone, row.contact_id)
            if len(rows) < PAGE:
                return
            after = rows[-1].id


def _of(blast_id: int | None, campaign_id: int | None) -> tuple[Any, int | None]:
    return (_LeftOut.blast_id, blast_id) if campaign_id is None else (_LeftOut.campaign_id, campaign_id)


def to_json(says: Sentence) -> str:
    """A sentence as it is kept: its message id, in which it is translated when it is read, and its values
    with their types."""
    values = {name: _packed(value) for name, value in says.values.items()}
    return json.dumps([says.template, says.plural, values], ensure_ascii=False)


def from_json(kept: str) -> Sentence:
    template, plural, values = json.loads(kept)
    return Sentence(template, {name: _unpacked(value) for name, value in values.items()}, plural)


def _packed(value: Value) -> Any:
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case Sentence():
            return {"Sentence": to_json(value)}
        case Money() | Percent() | Phone() | Region():
            return {type(value).__name__: list(value)}
        case _:
            return value


def _unpacked(value: Any) -> Value:
    match value:
        case {"datetime": said}:
            return datetime.fromisoformat(said)
        case {"date": said}:
            return date.fromisoformat(said)
        case {"Sentence": said}:
            return from_json(said)
        case dict():
            ((name, parts),) = value.items()
            made: Value = _TYPES[name](*parts)
            return made
        case _:
            plain: Value = value
            return plain
