"""A filter becomes a query: whom it finds in the address book.

Values of fields are compared as `names.fold` has them, which no engine does alike. So the engine finds the
few that may be meant, by the folded text that a search looks into, and they are looked at here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, reduce
from operator import and_
from typing import Any, NamedTuple, TypeAlias

from store.database import Database  # isort: split

from peewee import SQL, Expression, ModelSelect

from store.people.consent_lookup import EVERY_SENDER, numbers_that_are
from store.people.filters import (
    SAVED,
    Consents,
    Filter,
    FilterMistake,
    Has,
    InGroup,
    LastText,
    Term,
    Word,
    parse,
)
from store.people.names import field_name, fold, search_terms
from store.people.rows import own_fields
from store.people.search import members, offered
from store.people.tables import Contact as _Contact
from store.people.tables import ContactGroup as _Group
from store.people.tables import ContactNumber as _Number
from store.people.tables import SavedFilter as _Saved
from store.sentences import sentence

Texted: TypeAlias = Callable[[Any, int | None, int | None], Any]
"""The condition that an account (any, where it is None) texted a number, which is a column, within so many
days or (None) ever."""


def nobody_texted(phone: Any, account_id: int | None, days: int | None) -> Any:
    """What `Texted` says where no texts are kept."""
    return SQL("1 = 0")


class _Field(NamedTuple):
    """A field that everybody has. values: what of these columns is compared. searched: whether the text that
    a search looks into has it too, each value in a line of its own."""

    columns: tuple[Any, ...]
    values: Callable[[Sequence[str]], Iterable[str]] = list
    searched: bool = False


def _whole_name(names: Sequence[str]) -> list[str]:
    return [" ".join(names).strip()]


def _each_line(columns: Sequence[str]) -> list[str]:
    return "\n".join(columns).split("\n")


_FIELDS: Mapping[str, _Field] = {
    "name": _Field((_Contact.first_name, _Contact.last_name), _whole_name),
    "first_name": _Field((_Contact.first_name,)),
    "last_name": _Field((_Contact.last_name,)),
    "company": _Field((_Contact.company,), searched=True),
    "email": _Field((_Contact.email, _Contact.emails), _each_line, searched=True),
    "household": _Field((_Contact.household,), searched=True),
    "address": _Field((_Contact.address,)),
    "note": _Field((_Contact.note,)),
    "language": _Field((_Contact.language,)),
    "zone": _Field((_Contact.zone,)),
    "country": _Field((_Contact.region,)),
}
_PHONE = "phone"
_ALSO = {"number": _PHONE, "notes": "note", "region": "country"}
"""Other names of these fields."""


class Filtering:
    """Narrows queries of contacts. Within an open connection."""

    def __init__(self, database: Database, texted: Texted = nobody_texted) -> None:
        self._database = database
        self._texted = texted

    def matching(
        self,
        query: ModelSelect[Any],
        search: str,
        *,
        group: str | None = None,
        account_id: int | None = None,
        sender: int | None = None,
        exactly: bool = False,
    ) -> ModelSelect[Any]:
        """Of contacts, those whom a search finds, in the language of `filters`, or a saved filter (`=name`).
        Raises FilterMistake.

        group: only its members, nobody where it isn't offered to the account. account_id: whose groups are
        meant, all where it is None. sender: the account that texted them, and to which they opted out.
        exactly: as it must be where a text goes to whom it finds: a group is named in whole, and something is
        said. In a search that is still being typed, a part of a name will do where no group is called so.
        """
        found = _Contact.select(_Contact.id)
        told = False
        for term in sorted(self.filter(search).terms, key=_cost):
            condition = self._condition(term, found, account_id, sender, exactly)
            if condition is not None:
                condition = ~condition if term.negated else condition
                found, query, told = found.where(condition), query.where(condition), True
        if exactly and not told:  # nobody means everybody by it
            raise FilterMistake(sentence("The filter is empty. Say who it should find."))
        if group is not None:
            named = _Group.key == fold(group)
            if account_id is not None:
                named &= offered(account_id)
            query = query.where(_Contact.id.in_(members(named)))
        return query

    def filter(self, query: str) -> Filter:
        """What a query means, or the filter that was saved under a name. Raises FilterMistake."""
        query = query.strip()
        if not query.startswith(SAVED):
            return parse(query)
        name = query.removeprefix(SAVED).strip()
        saved = self._database.first(_Saved.select(_Saved.query).where(_Saved.key == fold(name)))
        if saved is None:
            raise FilterMistake(sentence("There is no saved filter “{name}”.", name=name))
        return parse(saved.query)

    def check(self, query: str) -> None:
        """Raises FilterMistake where a query can't be followed as an audience."""
        self.matching(_Contact.select(_Contact.id), query, exactly=True)

    def _condition(
        self,
        term: Term,
        found: ModelSelect[Any],
        account_id: int | None,
        sender: int | None,
        exactly: bool,
    ) -> Any:
        """What a term asks of those who were found by others. None for a word in which nothing can be looked
        for."""
        match term:
            case Word(text, quoted):
                return self._word([fold(text)] if quoted else search_terms(text), account_id)
            case InGroup(name):
                return _Contact.id.in_(members(_Group.id.in_(self._groups(name, account_id, exactly))))
            case Has(field, value):
                return self._has(field, value, found)
            case Consents(state):
                return _Contact.phone.in_(numbers_that_are(state, EVERY_SENDER if sender is None else sender))
            case LastText("never"):
                return ~self._texted(_Contact.phone, sender, None)
            case LastText("shorter"):
                return self._texted(_Contact.phone, sender, term.days)
            case LastText():
                ever, lately = (self._texted(_Contact.phone, sender, days) for days in (None, term.days))
                return ever & ~lately

    def _word(self, words: list[str], account_id: int | None) -> Any:
        """Each stands somewhere in what is known of somebody, or in the name of a group that they are in."""
        found: Any = None
        for word in words:
            named = _Group.key.contains(word)
            if account_id is not None:
                named &= offered(account_id)
            here = _Contact.id.in_(members(named)) | _Contact.search_key.contains(word)
            found = here if found is None else found & here
        return found

    def _groups(self, name: str, account_id: int | None, exactly: bool) -> list[int]:
        """The ids of the groups that are called so."""
        known = _Group.select(_Group.id, _Group.key)
        if account_id is not None:
            known = known.where(offered(account_id))
        keys = {row.key: row.id for row in self._database.fetch(known)}
        fits = _pattern(name)
        found = [id for key, id in keys.items() if fits(key)]
        if not found and not exactly:
            found = [id for key, id in keys.items() if fold(name) in key]
        if not found and "*" not in name:
            raise FilterMistake(sentence("There is no group called “{name}”.", name=name))
        return found

    # Fields

    def _has(self, field: str, value: str, found: ModelSelect[Any]) -> Any:
        """Those who have a value in a field, of whoever else is found."""
        name = field_name(field)
        name = _ALSO.get(name, name)
        if name == _PHONE:
            return _has_number(value)
        known = _FIELDS.get(name)
        if known is None:
            return self._has_own(field, name, value, found)
        if not value.strip("*"):
            empty = _all(column == "" for column in known.columns)
            return ~empty if value else empty
        if known.searched:
            found = found.where(_may_have(value))
        rows = _Contact.select(_Contact.id, *known.columns).where(_Contact.id.in_(found))
        fits = _pattern(value)
        return self._among(
            id for id, *values in self._database.cursor(rows) if any(map(fits, known.values(values)))
        )

    def _has_own(self, field: str, name: str, value: str, found: ModelSelect[Any]) -> Any:
        """Likewise, for a field that not everybody has."""
        has_it = _Contact.fields.contains(f"{json.dumps(name, ensure_ascii=False)}: ")
        if not self._database.fetch(_Contact.select(_Contact.id).where(has_it).limit(1)):
            raise FilterMistake(
                sentence(
                    "Nobody has a field “{field}”. To search for a word with a colon, put it in quotes.",
                    field=field,
                )
            )
        # The search's own index has what may be meant; only those rows are read.
        found = found.where(_may_have(value) if value.strip("*") else has_it)
        rows = _Contact.select(_Contact.id, _Contact.fields).where(_Contact.id.in_(found))
        fits = _pattern(value or "*")

        @cache
        def has(fields: str) -> bool:
            own = own_fields(fields).get(name, "")
            return own != "" and fits(own)

        having = self._among(id for id, fields in self._database.cursor(rows) if has(fields))
        return having if value else ~having

    def _among(self, ids: Iterable[int]) -> Expression:
        return self._database.among(_Contact.id, ids)


def _cost(term: Term) -> int:
    """What is looked at first: values of fields one by one, and texts, only of those who are left."""
    return (Word, InGroup, Consents, Has, LastText).index(type(term))


def _has_number(value: str) -> Any:
    """Those who have a number: as it is kept where it begins with a +, else any part of one up to its end."""
    if not value.strip("*"):
        return _Contact.phone != "" if value else _Contact.phone == ""
    digits = re.sub(r"[^0-9*]", "", value).replace("*", "%")
    like = f"+{digits}" if value.startswith("+") else f"%{digits}"
    others = _Number.select(_Number.contact).where(_Number.phone**like)
    return (_Contact.phone**like) | _Contact.id.in_(others)


def _may_have(value: str) -> Expression:
    """Those in whose searched text all parts of a value stand, the first at the beginning of a line."""
    first, *others = fold(value).split("*")
    parts = [f"\n{first}" if first else "", *others]
    return _all(_Contact.search_key.contains(part) for part in parts if part)


def _all(conditions: Iterable[Expression]) -> Expression:
    return reduce(and_, conditions)


def _pattern(written: str) -> Callable[[str], bool]:
    """Whether a text is what was written, its `*` standing for any letters, case and accents aside."""
    parts = fold(written).split("*")
    fits = re.compile(".*".join(map(re.escape, parts)), re.DOTALL).fullmatch
    return lambda text: fits(fold(text)) is not None
