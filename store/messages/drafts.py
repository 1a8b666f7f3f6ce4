"""Texts as they are being written, kept at every pause in typing: a killed terminal loses nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from store.clock import Clock, instant, micros
from store.database import Database, Prepared, retried  # isort: split

from peewee import Expression, ModelSelect

from store.messages.model import Draft
from store.messages.tables import Draft as _Draft

_DELETE = Prepared(lambda _, id, person: _Draft.delete().where(_Draft.id == id, _Draft.person == person))


class Drafts:
    """A person's own kept drafts: nobody takes up what somebody else is writing. clock: real time, since that
    is when a person typed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @retried
    def save(self, draft: Draft) -> Draft:
        """Keeps a draft, and gives it an id where it has none or where it was deleted elsewhere in the
        meantime."""
        draft = writable(draft)
        now = self._clock.now()
        addressed = {"to": draft.to, "contacts": draft.contacts, "groups": draft.groups, "media": draft.media}
        columns = {
            "body": draft.body,
            "addressed": json.dumps(addressed, ensure_ascii=False),
            "saved_at": micros(now),
        }
        with self._database.transaction():
            kept = self._database.run(_Draft.update(columns).where(*self._own(draft.id)))
            added = {**columns, "person": self._database.person.name}
            id = draft.id if kept else int(self._database.run(_Draft.insert(added)))
        return replace(draft, id=id, saved_at=now)

    def get(self, id: int) -> Draft | None:
        return next(iter(self._read(_Draft.select().where(*self._own(id)))), None)

    def all(self) -> list[Draft]:
        """Latest first."""
        return self._read(self._latest_first())

    def latest(self) -> Draft | None:
        return next(iter(self._read(self._latest_first().limit(1))), None)

    @retried
    def delete(self, id: int) -> None:
        with self._database.transaction():
            self._database.run(_DELETE(id=id, person=self._database.person.name))

    def _own(self, id: int) -> tuple[Expression, Expression]:
        """A draft by its id, if it is the person's own."""
        return _Draft.id == id, _Draft.person == self._database.person.name

    def _latest_first(self) -> ModelSelect[Any]:
        own = _Draft.select().where(_Draft.person == self._database.person.name)
        return own.order_by(_Draft.saved_at.desc(), _Draft.id.desc())

    def _read(self, drafts: ModelSelect[Any]) -> list[Draft]:
        with self._database.connection():
            return [_draft(row) for row in self._database.fetch(drafts)]


def writable(draft: Draft) -> Draft:
    """The draft with what not every database takes (NUL, and half of a surrogate pair, from bytes that are no
    UTF-8) shown as U+FFFD."""
    return replace(
        draft,
        body=_writable(draft.body),
        to=tuple(map(_writable, draft.to)),
        groups=tuple(map(_writable, draft.groups)),
        media=tuple(map(_writable, draft.media)),
    )


def _writable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _draft(row: Any) -> Draft:
    lists = {name: tuple(items) for name, items in json.loads(row.addressed).items()}
    return Draft(row.id, row.body, saved_at=instant(row.saved_at), **lists)
