"""Texts that are kept under a name to be sent again: a person's own, and those that come with Textmeter, a
file a language in assets/templates. They are everybody's who works on the database."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from store.database import Database, unit_of_work  # isort: split

from store.errors import RefusedByRule, WrongUsage, changed_since
from store.messages.drafts import writable
from store.messages.model import Draft, Purpose, Template
from store.messages.tables import Template as _Template
from store.people.names import fold, tidy
from store.roles import Role
from store.sentences import sentence

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "templates"
_FIRST = "en"
_COLUMNS = [field for field in _Template._meta.sorted_fields if field is not _Template.id]


class Saved(NamedTuple):
    """A template that was saved, with what takes that back. before, after: the rows under its name and under
    the one that it had, by their keys, where there are any."""

    template: Template
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Templates:
    """The templates of an open database. They are known by their names, whatever the case and accents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, language: str, *, community: bool | None = None) -> list[Template]:
        """By name: all that were saved, and the shipped ones of a language (English where it has none) that
        were neither saved nor deleted. community: only those shipped for communities, or for agents."""
        rows = self._rows()
        shipped = _shipped(language, community)
        offered = [one for key, one in shipped.items() if key not in rows]
        saved = [_template(row) for row in rows.values() if not row.deleted]
        return sorted([*saved, *offered], key=lambda one: fold(one.name))

    def named(self, name: str, language: str) -> Template:
        """The one of this name; of shipped ones, that of the language first. Raises WrongUsage where there is
        none."""
        if (row := self._row(name)) is None and (shipped := _shipped_named(name, language)) is not None:
            return shipped
        if row is None or row.deleted:
            raise _unknown(name)
        return _template(row)

    @unit_of_work(Role.SENDER)
    def save(self, template: Template, *, instead_of: str | None = None) -> Template:
        """Keeps a template, in the place of what has its name. instead_of: the name that it had when somebody
        began to edit it, "" for a new one: no other one is replaced then. Raises WrongUsage where it has no
        name or text, and RefusedByRule where it would replace another ("name-taken") or somebody else's
        ("role")."""
        kept = writable(Draft(body=template.text, subject=template.subject))
        name, former = tidy(template.name), tidy(instead_of or "")
        if not fold(name):
            raise WrongUsage(sentence("A template needs a name. Nothing was saved."), code="no-name")
        if not kept.body.strip():
            raise WrongUsage(sentence("A template needs some text. Nothing was saved."), code="empty-text")
        is_renamed = fold(name) != fold(former)
        with self._database.transaction():
            there = self._checked(name)
            if instead_of is not None and is_renamed and self._is_offered(there, name):
                says = sentence("There is already a template called {name}. Choose another name.", name=name)
                raise RefusedByRule(says, code="name-taken")
            if former and is_renamed:
                self._checked(former)
                self._remove(former)
            columns = {
                "name": name,
                "text": kept.body,
                "subject": kept.subject,
                "purpose": template.purpose.value,
                "language": template.language,
                "person": self._database.person.name if there is None or there.deleted else there.person,
                "deleted": False,
            }
            added = _Template.insert(**columns, key=fold(name))
            self._database.run(added.on_conflict(conflict_target=[_Template.key], update=columns))
        return self.named(name, template.language)

    @unit_of_work(Role.SENDER)
    def edit(self, template: Template, former: str) -> Saved:
        """As `save`, for somebody who may want it back. former: the name that it had, "" for a new one."""
        keys = {fold(tidy(template.name)), fold(tidy(former))}
        with self._database.transaction():
            before = self._kept(keys)
            saved = self.save(template, instead_of=former)
            return Saved(saved, before, self._kept(keys))

    @unit_of_work(Role.SENDER)
    def put_back(self, saved: Saved) -> None:
        """Makes everything as it was before a template was saved. Raises RefusedByRule: "changed-since" where
        it isn't any more as it was saved, and as `save` does."""
        with self._database.transaction():
            self._checked(saved.template.name)
            if self._kept(saved.before.keys() | saved.after.keys()) != saved.after:
                raise changed_since()
            for key in saved.after.keys() - saved.before.keys():
                self._database.run(_Template.delete().where(_Template.key == key))
            for key, row in saved.before.items():
                self._database.run(_Template.update(row._asdict()).where(_Template.key == key))

    @unit_of_work(Role.SENDER)
    def delete(self, name: str) -> None:
        """Deletes a template; a shipped one isn't offered any more. Raises WrongUsage where there is none of
        that name, and RefusedByRule where it is somebody else's and the person no owner."""
        with self._database.transaction():
            if not self._is_offered(self._checked(name), name):
                raise _unknown(name)
            self._remove(name)

    @unit_of_work(Role.SENDER)
    def restore(self, name: str) -> None:
        """Brings back one that was deleted. Raises RefusedByRule ("changed-since") where it isn't any more,
        and as `delete` does."""
        with self._database.transaction():
            row = self._checked(name)
            if row is None or not row.deleted:
                raise changed_since()
            one = _Template.key == fold(tidy(name))
            self._database.run(_Template.delete().where(one, _Template.text == ""))
            self._database.run(_Template.update(deleted=False).where(one))

    def _remove(self, name: str) -> None:
        """Marks one as deleted, within a transaction. A shipped one leaves a row without a text."""
        gone = {"key": fold(tidy(name)), "person": self._database.person.name, "deleted": True}
        empty = dict.fromkeys(("text", "subject", "purpose", "language"), "")
        added = _Template.insert(**gone, **empty, name=tidy(name))
        self._database.run(added.on_conflict(conflict_target=[_Template.key], update={"deleted": True}))

    def _checked(self, name: str) -> Any:
        """The row of a name, None where there is none. Raises RefusedByRule where another person saved it and
        the one at work is no owner. What ships is nobody's own."""
        row = self._row(name)
        if row is not None and not row.deleted and row.person != self._database.person.name:
            self._database.person.check(Role.OWNER)
        return row

    def _is_offered(self, row: Any, name: str) -> bool:
        """Whether there is a template of a name, whose row this is."""
        return _shipped_named(name, _FIRST) is not None if row is None else not row.deleted

    def _row(self, name: str) -> Any:
        return self._rows().get(fold(tidy(name)))

    def _rows(self) -> dict[str, Any]:
        """All that were ever saved or deleted, by their keys."""
        with self._database.connection():
            return {row.key: row for row in self._database.fetch(_Template.select(*_COLUMNS))}

    def _kept(self, keys: Collection[str]) -> dict[str, Any]:
        return {key: row for key, row in self._rows().items() if key in keys}


def _template(row: Any) -> Template:
    return Template(row.name, row.text, Purpose(row.purpose), row.language, row.subject, person=row.person)


def _unknown(name: str) -> WrongUsage:
    says = sentence(
        "There is no template called {name}. `textmeter templates list` lists them all.", name=name
    )
    return WrongUsage(says, code="no-such-template")


def _shipped_named(name: str, language: str) -> Template | None:
    """A shipped one by its name: of the language, else of whichever has it."""
    key = fold(tidy(name))
    return next(
        (found for tag in (language, *_languages()) if (found := _shipped(tag, None).get(key)) is not None),
        None,
    )


@lru_cache
def _languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@lru_cache
def _shipped(language: str, community: bool | None) -> Mapping[str, Template]:
    """Those that come with Textmeter in a language (en, es, es-MX), by their names, folded."""
    tag = language.replace("_", "-").partition("-")[0].lower()
    path = _FOLDER / f"{tag if tag in _languages() else _FIRST}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = {None: ("agent", "community"), True: ("community",), False: ("agent",)}[community]
    return {
        fold(one["name"]): Template(
            one["name"], one["text"], Purpose(one["purpose"]), path.stem, shipped=True
        )
        for kind in kinds
        for one in data[kind]
    }
