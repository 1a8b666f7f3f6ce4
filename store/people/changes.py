"""What was done to the address book, so that it can be undone.

A change keeps the contacts that it changes as they were, and they bear its number as their version: whoever
changes one of them afterwards gives it another, and the change can't be undone any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from store.database import Database  # isort: split

from peewee import Expression, fn

from store.errors import RefusedByRule
from store.people import tables
from store.people.model import Change, Contact, Number
from store.people.names import fold
from store.people.rows import Rows
from store.sentences import sentence

KEPT = 20
"""Changes of a person that can be undone. The last import can be, however many came after it."""

_Change, _Before, _Contact = tables.Change, tables.Before, tables.Contact
_Group, _Limit, _Membership = tables.ContactGroup, tables.GroupAccount, tables.Membership
_Merged, _Apart = tables.Merged, tables.Apart
_FIELDS = [field.name for field in fields(Contact)]


class Changes:
    """The changes of whoever is at work. Within the caller's transaction, in which nobody else changes
    contacts."""

    def __init__(self, database: Database, rows: Rows) -> None:
        self._database = database
        self._rows = rows

    def begin(self, kind: str, what: str) -> int:
        """A new change; its number."""
        made = _Change.insert(person=self._database.person.name, kind=kind, what=what)
        return int(self._database.run(made))

    def remember(self, change: int, contacts: Iterable[Contact], *, gone: bool = False) -> None:
        """Keeps contacts as they are before a change. gone: it deletes them."""
        self._database.executemany(
            "INSERT INTO contact_before (change_id, contact_id, was, gone) VALUES (?, ?, ?, ?)",
            ((change, contact.id, _kept(contact), gone) for contact in contacts),
        )

    def end(
        self,
        change: int,
        added: Sequence[int] = (),
        *,
        renamed: tuple[str, str] | None = None,
        apart: tuple[int, int] | None = None,
        what: str = "",
    ) -> None:
        """Says what a change did besides. added: ids in a row; apart: two who aren't one person; what:
        whom it was about, where that is known only now. Groups that are empty now go, and so does a change
        that changed nothing."""
        changed = self._database.scalar(
            _Before.select(fn.COUNT(_Before.contact_id)).where(_Before.change == change)
        )
        if not changed and not added and not apart:
            self._database.run(_Change.delete().where(_Change.id == change))
            return
        self._database.run(
            _Change.update(
                what=what or _Change.what,
                people=changed + len(added) + len(apart or ()),
                first=added[0] if added else 0,
                last=added[-1] if added else 0,
                added=len(added),
                undoing=json.dumps({"renamed": renamed, "apart": apart, "groups": self._drop_empty_groups()}),
            ).where(_Change.id == change)
        )
        self._forget_older()

    def latest(self, kind: str | None = None) -> Change | None:
        """The last change that can be undone; kind: of this kind."""
        own = _Change.select().where(_Change.person == self._database.person.name)
        if kind:
            own = own.where(_Change.kind == kind)
        row = self._database.first(own.order_by(_Change.id.desc()).limit(1))
        return Change(row.id, row.kind, row.what, row.people) if row else None

    def undo(self, change: Change) -> RefusedByRule | None:
        """Makes everything as it was before a change; why not, where somebody changed it since. It can't be
        undone a second time, either way."""
        row = self._database.first(_Change.select().where(_Change.id == change.id))
        undoing = json.loads(row.undoing)
        before = self._database.find(_Before.select().where(_Before.change == change.id))
        now = {contact.id: contact for contact in self._rows.some(one.contact_id for one in before)}
        refused = self._why_not(row, undoing["renamed"], before, now)
        if refused is None:
            self._restore(row, undoing, before)
        self._database.run(_Change.delete().where(_Change.id == change.id))
        return refused

    def _why_not(
        self, change: Any, renamed: Sequence[str] | None, before: Sequence[Any], now: dict[int, Contact]
    ) -> RefusedByRule | None:
        for row in before:
            there = now.get(row.contact_id)
            if (there is None) != bool(row.gone) or (there and there.version != change.id):
                return _changed_since(there or _as_kept(row.was))
        added = _Contact.select(fn.COUNT(_Contact.id)).where(
            *_added_by(change), _Contact.version == change.id
        )
        if change.added and self._database.scalar(added) != change.added:
            return _changed_since(change.what)
        if renamed is not None:
            old, new = renamed
            is_called = self._database.scalar(_Group.select(_Group.name).where(_Group.key == fold(new)))
            taken = fold(old) != fold(new) and self._group(old)
            if is_called != new or taken:
                return _changed_since(f"#{new}")
        return None

    def _restore(self, change: Any, undoing: Any, before: Sequence[Any]) -> None:
        if change.added:
            self._database.run(_Contact.delete().where(*_added_by(change)))
        if undoing["renamed"] is not None:
            old, new = undoing["renamed"]
            self.rename(new, old)
        if apart := undoing.get("apart"):  # what an older version kept has none
            pair = _Apart.contact_id == apart[0], _Apart.other_id == apart[1]
            self._database.run(_Apart.delete().where(*pair))
        for name, accounts in undoing["groups"]:
            if self._group(name) is None:
                group = self._database.run(_Group.insert(name=name, key=fold(name)))
                for account_id in accounts:
                    self._database.run(_Limit.insert(group=group, account_id=account_id))
        self._rows.put([_as_kept(row.was) for row in before if not row.gone])
        gone = [_as_kept(row.was) for row in before if row.gone]
        self._rows.put(gone, back=True)
        merged = self._database.among(_Merged.contact_id, [contact.id for contact in gone])
        self._database.run(_Merged.delete().where(merged))
        self._drop_empty_groups()

    def rename(self, name: str, other: str) -> None:
        """Gives a group another name."""
        renamed = _Group.update(name=other, key=fold(other)).where(_Group.key == fold(name))
        self._database.run(renamed)

    def _group(self, name: str) -> int | None:
        """A group's id."""
        found: int | None = self._database.scalar(_Group.select(_Group.id).where(_Group.key == fold(name)))
        return found

    def _drop_empty_groups(self) -> list[tuple[str, list[int]]]:
        """Their names, and the accounts to which they were limited."""
        empty = _Group.id.not_in(_Membership.select(_Membership.group))
        groups = self._database.find(_Group.select().where(empty))
        dropped = []
        for group in groups:
            limits = self._database.find(_Limit.select().where(_Limit.group == group.id))
            dropped.append((group.name, [limit.account_id for limit in limits]))
        if groups:
            self._database.run(_Group.delete().where(empty))
        return dropped

    def _forget_older(self) -> None:
        own = _Change.select(_Change.id).where(_Change.person == self._database.person.name)
        newest = [row.id for row in self._database.find(own.order_by(_Change.id.desc()).limit(KEPT))]
        last_import = self.latest("import")
        if last_import:
            newest.append(last_import.id)
        older = own.where(_Change.id.not_in(newest))
        self._database.run(_Change.delete().where(_Change.id.in_(older)))


def _added_by(change: Any) -> tuple[Expression, ...]:
    return _Contact.id >= change.first, _Contact.id <= change.last


def _changed_since(what: Contact | str) -> RefusedByRule:
    name = what if isinstance(what, str) else what.name or what.phone or what.email
    return RefusedByRule(
        sentence(
            "{name} has changed since, so this can't be undone anymore. Nothing was changed. You "
            "can still undo what you did before that.",
            name=name,
        ),
        code="changed-since",
    )


def _kept(contact: Contact) -> str:
    return json.dumps([getattr(contact, name) for name in _FIELDS], ensure_ascii=False)


def _as_kept(was: str) -> Contact:
    values = dict(zip(_FIELDS, json.loads(was), strict=True))
    values["numbers"] = tuple(Number(*number) for number in values["numbers"])
    values["fields"] = tuple((name, value) for name, value in values["fields"])
    return Contact(**values | {name: tuple(values[name]) for name in ("emails", "groups")})
