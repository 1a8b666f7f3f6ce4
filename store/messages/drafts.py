"""Texts as they are being written, kept at every pause in typing: a killed terminal loses nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from store.clock import Clock, instant, micros
from store.database import Database, retried  # isort: split

from peewee import Expression, ModelSelect

from store.errors import RefusedByRule
from store.messages.model import Draft, Elsewhere, Purpose
from store.messages.tables import Draft as _Draft
from store.prepared import Prepared
from store.refusals import refusal

_ADDRESSED = (
    *("subject", "to", "contacts", "groups", "media", "everyone"),
    *("but_to", "but_contacts", "but_groups", "household", "filters", "but_filters"),
    *("purpose", "why", "language", "besides", "of_plan"),
)
_END = Prepared(
    lambda _, id, person, ended, version=_Draft.version: _Draft.update(
        ended=ended, body="", addressed="{}"
    ).where(_Draft.id == id, _Draft.person == person, _Draft.ended == "", _Draft.version == version)
)
_STANDS = Prepared(
    lambda _, id, person: _Draft.select(_Draft.version, _Draft.ended, _Draft.body, _Draft.addressed).where(
        _Draft.id == id, _Draft.person == person
    )
)


class Drafts:
    """A person's own kept drafts: nobody takes up what somebody else is writing. clock: real time, since that
    is when a person typed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @retried
    def save(self, draft: Draft) -> Draft:
        """Keeps a draft as the next version of the one that it goes on from. It becomes a draft of its own,
        with another id, where that one was changed, sent or deleted elsewhere meanwhile: no text is lost."""
        draft = writable(draft)
        now = self._clock.now()
        columns = {
            "body": draft.body,
            "addressed": packed(draft),
            "saved_at": micros(now),
            "account_id": draft.account_id,
        }
        with self._database.transaction():
            id, version = draft.id, draft.version + 1
            next_one = _Draft.update(**columns, version=version)
            going_on = next_one.where(*self._own(id), _Draft.version == draft.version)
            if not self._database.run(going_on):
                stands = self._stands(id)
                if stands and (stands.body, stands.addressed) == (columns["body"], columns["addressed"]):
                    version = stands.version  # it was kept like this; perhaps the answer never came
                else:
                    added = {**columns, "person": self._database.person.name}
                    id, version = int(self._database.run(_Draft.insert(added))), 1
        return replace(draft, id=id, version=version, saved_at=now)

    def get(self, id: int) -> Draft | None:
        return next(iter(self._read(_Draft.select().where(*self._own(id)))), None)

    def all(self, account_id: int | None = None, *, shared: bool = True) -> list[Draft]:
        """Latest first. shared: whether those of no account in particular are an account's, too."""
        return self._read(self._latest_first(account_id, shared))

    def latest(self, account_id: int | None = None, *, shared: bool = True) -> Draft | None:
        return next(iter(self._read(self._latest_first(account_id, shared).limit(1))), None)

    def elsewhere(self, draft: Draft) -> Elsewhere | None:
        """What became of a draft since this version of it; None where it stands as it was, or isn't kept."""
        with self._database.connection():
            stands = self._stands(draft.id)
        if stands is None or (not stands.ended and stands.version == draft.version):
            return None
        return Elsewhere(stands.ended or Elsewhere.CHANGED)

    @retried
    def delete(self, id: int) -> None:
        with self._database.transaction():
            self._end(Elsewhere.DELETED, id=id)

    @retried
    def discard(self, draft: Draft) -> None:
        """Deletes a draft, unless it was changed elsewhere since this version of it."""
        with self._database.transaction():
            self._end(Elsewhere.DELETED, id=draft.id, version=draft.version)

    def check(self, draft: Draft) -> None:
        """Raises RefusedByRule where a draft was sent or changed elsewhere since this version of it: a text
        leaves once, and as it was looked at."""
        match self.elsewhere(draft):
            case Elsewhere.SENT:
                raise RefusedByRule(refusal("draft-sent"), code="draft-sent")
            case Elsewhere.CHANGED:
                raise RefusedByRule(refusal("draft-changed"), code="draft-changed")

    def send(self, draft: Draft) -> None:
        """Ends a draft within the transaction that sends it. Raises what `check` raises."""
        if not self._end(Elsewhere.SENT, id=draft.id, version=draft.version):
            self.check(draft)

    def _end(self, how: Elsewhere, **which: int) -> bool:
        """Whether there was one that hadn't ended."""
        ended = _END(person=self._database.person.name, ended=how.value, **which)
        return bool(self._database.run(ended))

    def _stands(self, id: int) -> Any:
        """The row of a draft of the person's own, ended or not; None where there is none."""
        found = self._database.fetch(_STANDS(id=id, person=self._database.person.name))
        return next(iter(found), None)

    def _own(self, id: int) -> tuple[Expression, ...]:
        """A draft by its id, if it is the person's own and still being written."""
        return _Draft.id == id, _Draft.person == self._database.person.name, _Draft.ended == ""

    def _latest_first(self, account_id: int | None, shared: bool) -> ModelSelect[Any]:
        own = _Draft.select().where(_Draft.person == self._database.person.name, _Draft.ended == "")
        if account_id is not None:
            of_account = _Draft.account_id == account_id
            own = own.where((of_account | _Draft.account_id.is_null()) if shared else of_account)
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
        subject=_writable(draft.subject),
        to=tuple(map(_writable, draft.to)),
        groups=tuple(map(_writable, draft.groups)),
        but_to=tuple(map(_writable, draft.but_to)),
        but_groups=tuple(map(_writable, draft.but_groups)),
        filters=tuple(map(_writable, draft.filters)),
        but_filters=tuple(map(_writable, draft.but_filters)),
        media=tuple(map(_writable, draft.media)),
        why=_writable(draft.why),
    )


def _writable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def packed(draft: Draft) -> str:
    """All of a draft but its body and what is kept of it otherwise: JSON."""
    addressed = {name: getattr(draft, name) for name in _ADDRESSED if getattr(draft, name)}
    return json.dumps(addressed, ensure_ascii=False)


def unpacked(body: str, addressed: str) -> Draft:
    """The draft of a body and what was packed."""
    kept: dict[str, Any] = {
        name: tuple(of) if isinstance(of, list) else of for name, of in json.loads(addressed).items()
    }
    if purpose := kept.get("purpose"):
        kept["purpose"] = Purpose(purpose)
    return Draft(body=body, **kept)


def _draft(row: Any) -> Draft:
    draft = unpacked(row.body, row.addressed)
    saved_at = instant(row.saved_at)
    return replace(draft, id=row.id, saved_at=saved_at, account_id=row.account_id, version=row.version)
