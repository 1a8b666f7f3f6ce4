"""What holds for a number, who mustn't be texted, and all that was ever said: consent as it is read.

Cheap enough for every text that leaves (`is_out`) and for an audience of 100,000 (`outs`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from store.clock import instant, micros
from store.database import Database  # isort: split

from peewee import JOIN, SQL, ModelSelect, fn

from store.people import consent_tables as tables
from store.people.model import ConsentState, Said
from store.people.names import full_name, search_terms
from store.people.tables import Contact as _Contact
from store.prepared import Prepared, listed

EVERY_SENDER = 0

FEW = 1_000
"""Numbers that are looked up one by one; for more it is faster to read all that are out."""

Record, Now = tables.ConsentRecord, tables.Consent
_Newer = Now.alias()
IS_OUT = Now.state == SQL("'out'")  # written out, so that the index on those is used


def is_latest(sender: Any) -> Any:
    """That nothing later was said about the number: of rows for one sender and for all."""
    newer = _Newer.select(_Newer.number).where(
        _Newer.number == Now.number,
        _Newer.sender.in_((sender, EVERY_SENDER)),
        _Newer.record > Now.record,
    )
    return Now.sender.in_((sender, EVERY_SENDER)) & ~fn.EXISTS(newer)


def numbers_that_are(state: ConsentState, sender: int) -> ModelSelect[Any]:
    """The numbers that are in, or out, for a sender: for a condition."""
    of_state = Now.state == SQL(f"'{state.value}'")  # as in `IS_OUT`
    return Now.select(Now.number).where(of_state, is_latest(sender))


_OUTS = Now.select(Now.number, Record.at).join(Record, on=Record.id == Now.since)
_ALL_OUT = Prepared(lambda _, sender: _OUTS.where(IS_OUT, is_latest(sender)))
_OUT_AMONG = Prepared(
    lambda database, numbers, sender: _OUTS.where(
        IS_OUT, database.among(Now.number, numbers), is_latest(sender)
    )
)
_ONE_OUT = Prepared(
    lambda _, number, sender: Now.select(Now.number).where(IS_OUT, Now.number == number, is_latest(sender))
)
_STATES = Prepared(
    lambda database, numbers, sender: Now.select(Now.number, Now.state, Now.record).where(
        database.among(Now.number, numbers), is_latest(sender)
    )
)


class ConsentLookup:
    """Methods may be called from any thread. sender, throughout: an account's id; 0 for all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[object, int, Mapping[str, int]] = (None, 0, {})

    def is_out(self, number: str, sender: int) -> bool:
        """Whether a number (E.164) mustn't be texted: asked just before a text is handed over."""
        with self._database.connection():
            return self._database.scalar(_ONE_OUT(number=number, sender=sender)) is not None

    def outs(self, sender: int, numbers: Collection[str] | None = None) -> Mapping[str, int]:
        """Of these numbers (E.164), or all, those that mustn't be texted, and since when, in microseconds.
        There may be others among the answer. Kept until anybody changes something."""
        with self._database.connection():
            if numbers is not None and len(numbers) <= FEW:
                found = _OUT_AMONG(numbers=listed(numbers), sender=sender)
                return dict(self._database.cursor(found).fetchall())
            if self._database.in_transaction:  # what it has changed itself isn't counted yet
                return self._all_out(sender)
            changes = self._database.changes()  # before it is read, lest a change in between is missed
            if self._known[:2] != (changes, sender):
                self._known = changes, sender, self._all_out(sender)
            return self._known[2]

    def _all_out(self, sender: int) -> Mapping[str, int]:
        return dict(self._database.cursor(_ALL_OUT(sender=sender)).fetchall())

    def states(self, numbers: Iterable[str], sender: int) -> dict[str, ConsentState]:
        """The states of numbers (E.164), UNKNOWN left out."""
        with self._database.connection():
            found = self._database.cursor(_STATES(numbers=listed(numbers), sender=sender)).fetchall()
        return {number: ConsentState(state) for number, state, _ in found if state != ConsentState.UNKNOWN}

    def said(
        self,
        sender: int,
        search: str = "",
        *,
        only_out: bool = False,
        after: Said | None = None,
        limit: int = 100,
    ) -> list[Said]:
        """A page of the numbers of which something was said, the latest first. search: a part of the number
        or words of a contact's name. after: the last one of the page before."""
        found = standing_records().where(is_latest(sender))
        if only_out:
            found = found.where(IS_OUT)
        for term in search_terms(search):
            named = _Contact.select(_Contact.phone).where(_Contact.search_key.contains(term))
            digits = "".join(filter(str.isdecimal, term))
            has = Now.number.in_(named)
            found = found.where(has | Now.number.contains(digits) if digits else has)
        if after is not None:
            found = found.where(Now.since < after.id)
        return self._read(found.order_by(Now.since.desc()).limit(limit))

    def unsaid(self, sender: int, *, after: str = "", limit: int = 100) -> list[Said]:
        """A page of the contacts' numbers of which nothing was ever said, by number. after: the last one of
        the page before."""
        known = Now.select(Now.number).where(Now.sender.in_((sender, EVERY_SENDER)))
        found = _Contact.select(_Contact.phone).where(_Contact.phone > after, _Contact.phone.not_in(known))
        with self._database.connection():
            rows = self._database.fetch(found.distinct().order_by(_Contact.phone).limit(limit))
            numbers = [row.phone for row in rows]
            names = self._names(numbers)
        return [Said(0, one, ConsentState.UNKNOWN, sender=sender, name=names[one]) for one in numbers]

    def standing(self, number: str, sender: int) -> Said:
        """What holds for a number (E.164)."""
        found = self._read(standing_records().where(is_latest(sender), Now.number == number))
        return found[0] if found else Said(0, number, ConsentState.UNKNOWN, sender=sender)

    def was_out(self, number: str, sender: int, at: datetime) -> bool:
        """Whether a number (E.164) mustn't be texted, by what had been said at a time."""
        last = self._last(number, sender)
        if last.at and last.at > at:
            of_number = Record.number == number, Record.sender.in_((sender, EVERY_SENDER)), Record.applied
            by_then = _RECORDS.where(*of_number, Record.at <= micros(at))
            found = self._read(by_then.order_by(Record.at.desc(), Record.id.desc()).limit(1))
            return bool(found) and found[0].state is ConsentState.OUT
        return last.state is ConsentState.OUT

    def _last(self, number: str, sender: int) -> Said:
        """What was said last of a number (E.164): that may be long after what brought its state."""
        held = _RECORDS.join(Now, JOIN.INNER, on=Now.record == Record.id)
        found = self._read(held.where(is_latest(sender), Now.number == number))
        return found[0] if found else Said(0, number, ConsentState.UNKNOWN, sender=sender)

    def review(self, sender: int) -> list[Said]:
        """What a person is to decide, the oldest first: numbers of which something was said that isn't
        followed, `asks`."""
        with self._database.connection():
            rows = self._database.fetch(waiting_records(sender, EVERY_SENDER).order_by(Record.id))
            asked = {row.number: ConsentState(row.state) for row in rows}
            among = self._database.among(Now.number, list(asked))
            stand = {
                one.number: one for one in self._read(standing_records().where(is_latest(sender), among))
            }
        found = []
        for number, asks in asked.items():
            said = stand.get(number) or Said(0, number, ConsentState.UNKNOWN, sender=sender)
            if (said.state is ConsentState.OUT) is not (asks is ConsentState.OUT):
                found.append(replace(said, asks=asks))
        return found

    def records(self) -> Iterator[Said]:
        """All that was ever said, in its order: the proof. Each is read as it is wanted."""
        after = 0
        while page := self._read(_RECORDS.where(Record.id > after).order_by(Record.id).limit(FEW)):
            yield from page
            after = page[-1].id

    def of_numbers(self, numbers: Iterable[str], sender: int) -> list[Said]:
        """Likewise, of some numbers (E.164), the latest first."""
        about = self._database.among(Record.number, numbers), Record.sender.in_((sender, EVERY_SENDER))
        return self._read(_RECORDS.where(*about).order_by(Record.id.desc()))

    def _read(self, found: ModelSelect[Any]) -> list[Said]:
        with self._database.connection():
            rows = self._database.fetch(found)
            names = self._names({row.number for row in rows})
        return [
            Said(
                row.id,
                row.number,
                ConsentState(row.state),
                row.how,
                row.why,
                instant(row.at),
                row.person,
                row.sender,
                names.get(row.number, ""),
                None if row.applied else ConsentState(row.state),
            )
            for row in rows
        ]

    def _names(self, numbers: Collection[str]) -> dict[str, str]:
        """The contacts' names by their numbers; of those who share one, the one who was added first."""
        named = _Contact.select(_Contact.phone, _Contact.first_name, _Contact.last_name, _Contact.company)
        of_these = self._database.among(_Contact.phone, numbers), _Contact.phone != SQL("''")
        people = self._database.fetch(named.where(*of_these).order_by(_Contact.id.desc()))
        return {phone: full_name(*names) for phone, *names in people} | self._names_by_address(numbers)

    def _names_by_address(self, numbers: Collection[str]) -> dict[str, str]:
        addresses = [one for one in numbers if "@" in one]
        if not addresses:
            return {}
        folded = fn.LOWER(_Contact.email)
        named = _Contact.select(
            folded.alias("address"), _Contact.first_name, _Contact.last_name, _Contact.company
        )
        people = self._database.fetch(named.where(folded.in_(addresses)).order_by(_Contact.id.desc()))
        return {address: full_name(*names) for address, *names in people}


def standing_records() -> ModelSelect[Any]:
    """What holds, with the record that brought it."""
    columns = Record.how, Record.why, Record.at, Record.person, Record.sender, Record.applied
    held = Now.select(Now.since.alias("id"), Now.number, Now.state, *columns)
    return held.join(Record, JOIN.INNER, on=Record.id == Now.since)


def waiting_records(*senders: int) -> ModelSelect[Any]:
    """What was said for these senders and isn't followed, where nothing later was."""
    later = Now.select(Now.number).where(Now.number == Record.number, Now.record > Record.id)
    if any(senders):
        later = later.where(Now.sender.in_((*senders, EVERY_SENDER)))
    waiting = Record.select(Record.number, Record.state)
    return waiting.where(Record.applied == SQL("FALSE"), Record.sender.in_(senders), ~fn.EXISTS(later))


_RECORDS = Record.select()
