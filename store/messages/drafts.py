"""Texts as they are being written, kept at every pause in typing: a killed terminal loses nothing."""

from __future__ import annotations

import json
from dataclasses import replace

from store.clock import Clock, instant, micros
from store.database import Database, retried
from store.messages.model import Draft


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
        columns = (draft.body, json.dumps(addressed, ensure_ascii=False), micros(now))
        with self._database.transaction():
            kept = self._database.execute(
                "UPDATE draft SET body = ?, addressed = ?, saved_at = ? WHERE id = ? AND person = ?",
                (*columns, draft.id, self._person),
            ).rowcount
            id = draft.id if kept else self._insert(columns)
        return replace(draft, id=id, saved_at=now)

    def get(self, id: int) -> Draft | None:
        return next(iter(self._select("AND id = ?", id)), None)

    def all(self) -> list[Draft]:
        """Latest first."""
        return self._select("ORDER BY saved_at DESC, id DESC")

    def latest(self) -> Draft | None:
        return next(iter(self._select("ORDER BY saved_at DESC, id DESC LIMIT 1")), None)

    @retried
    def delete(self, id: int) -> None:
        with self._database.transaction():
            self._database.execute("DELETE FROM draft WHERE id = ? AND person = ?", (id, self._person))

    @property
    def _person(self) -> str:
        return self._database.person.name

    def _insert(self, columns: tuple[str, str, int]) -> int:
        (id,) = self._database.execute(
            "INSERT INTO draft (body, addressed, saved_at, person) VALUES (?, ?, ?, ?) RETURNING id",
            (*columns, self._person),
        ).fetchone()
        return int(id)

    def _select(self, which: str, *values: int) -> list[Draft]:
        with self._database.connection():
            rows = self._database.execute(
                f"SELECT id, body, addressed, saved_at FROM draft WHERE person = ? {which}",
                (self._person, *values),
            )
            return [_draft(*row) for row in rows]


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


def _draft(id: int, body: str, addressed: str, saved_at: int) -> Draft:
    lists = {name: tuple(items) for name, items in json.loads(addressed).items()}
    return Draft(id, body, saved_at=instant(saved_at), **lists)
