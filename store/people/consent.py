"""Who may be texted, and the proof of it: what was said about a number, when, by what way and who noted it.

All of it goes by the number. Reading is cheap enough for every text that leaves (`is_out`) and for an
audience of 100,000 (`outs`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from store.clock import instant, micros
from store.database import Database, unit_of_work  # isort: split

from peewee import JOIN, SQL, ModelSelect, fn

from store.people import consent_tables as tables
from store.people.model import ConsentState, Said
from store.people.names import full_name, search_terms
from store.people.tables import Contact as _Contact
from store.prepared import Prepared, listed
from store.roles import Role
from store.sentences import N_

EVERY_SENDER = 0

WAYS: Mapping[str, str] = {
    "noted": N_("noted by hand"),
    "list": N_("a list of numbers"),
    "contacts": N_("an imported contact"),
    "reply": N_("their own reply"),
    "carrier": N_("the provider or carrier"),
    "bounce": N_("their mail server, which returned emails"),
    "unsubscribe": N_("their unsubscribe request"),
}
"""By what way something is said, by the code that is kept."""

FEW = 1_000
"""Numbers that are looked up one by one; for more it is faster to read all that are out."""

_Record, _Now = tables.ConsentRecord, tables.Consent
_Newer = _Now.alias()
_IS_OUT = _Now.state == SQL("'out'")  # written out, so that the index on those is used
_ADD = (
    "INSERT INTO consent_record (id, number, sender, state, how, why, at, person, applied) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SET = (
    "INSERT INTO consent (number, sender, state, since, record) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (number, sender) DO UPDATE SET record = excluded.record, state = excluded.state, "
    "since = CASE WHEN consent.state = excluded.state THEN consent.since ELSE excluded.since END"
)


def _is_latest(sender: Any) -> Any:
    """That nothing later was said about the number: of rows for one sender and for all."""
    newer = _Newer.select(_Newer.number).where(
        _Newer.number == _Now.number,
        _Newer.sender.in_((sender, EVERY_SENDER)),
        _Newer.record > _Now.record,
    )
    return _Now.sender.in_((sender, EVERY_SENDER)) & ~fn.EXISTS(newer)


def numbers_that_are(state: ConsentState, sender: int) -> ModelSelect[Any]:
    """The numbers that are in, or out, for a sender: for a condition."""
    of_state = _Now.state == SQL(f"'{state.value}'")  # as in `_IS_OUT`
    return _Now.select(_Now.number).where(of_state, _is_latest(sender))


_OUTS = _Now.select(_Now.number, _Record.at).join(_Record, on=_Record.id == _Now.since)
_ALL_OUT = Prepared(lambda _, sender: _OUTS.where(_IS_OUT, _is_latest(sender)))
_OUT_AMONG = Prepared(
    lambda database, numbers, sender: _OUTS.where(
        _IS_OUT, database.among(_Now.number, numbers), _is_latest(sender)
    )
)
_ONE_OUT = Prepared(
    lambda _, number, sender: _Now.select(_Now.number).where(
        _IS_OUT, _Now.number == number, _is_latest(sender)
    )
)
_STATES = Prepared(
    lambda database, numbers, sender: _Now.select(_Now.number, _Now.state, _Now.record).where(
        database.among(_Now.number, numbers), _is_latest(sender)
    )
)


class Changed(NamedTuple):
    """What became of states that a file has. applied: those that hold now; asks: those that are left to a
    person, since an import takes back no opt-out; unchanged: those that held before."""

    applied: int = 0
    asks: int = 0
    unchanged: int = 0


class _New(NamedTuple):
    number: str
    sender: int
    state: ConsentState
    how: str
    why: str
    at: int
    person: str
    applied: bool = True


class Consent:
    """Methods may be called from any thread. present: the time by an account's clock, by the session's for
    0. sender, throughout: an account's id; 0 for all of them."""

    TABLES: ClassVar[Any] = tables.TABLES

    def __init__(self, database: Database, present: Callable[[int], datetime]) -> None:
        self._database = database
        self._present = present
        self._known: tuple[object, int, Mapping[str, int]] = (None, 0, {})

    # Looking up

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
        return {number: ConsentState(state) for number, state, _ in found}

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
        found = _standing().where(_is_latest(sender))
        if only_out:
            found = found.where(_IS_OUT)
        for term in search_terms(search):
            named = _Contact.select(_Contact.phone).where(_Contact.search_key.contains(term))
            digits = "".join(filter(str.isdecimal, term))
            has = _Now.number.in_(named)
            found = found.where(has | _Now.number.contains(digits) if digits else has)
        if after is not None:
            found = found.where(_Now.since < after.id)
        return self._read(found.order_by(_Now.since.desc()).limit(limit))

    def unsaid(self, sender: int, *, after: str = "", limit: int = 100) -> list[Said]:
        """A page of the contacts' numbers of which nothing was ever said, by number. after: the last one of
        the page before."""
        known = _Now.select(_Now.number).where(_Now.sender.in_((sender, EVERY_SENDER)))
        found = _Contact.select(_Contact.phone).where(_Contact.phone > after, _Contact.phone.not_in(known))
        with self._database.connection():
            rows = self._database.fetch(found.distinct().order_by(_Contact.phone).limit(limit))
            numbers = [row.phone for row in rows]
            names = self._names(numbers)
        return [Said(0, one, ConsentState.UNKNOWN, sender=sender, name=names[one]) for one in numbers]

    def standing(self, number: str, sender: int) -> Said:
        """What holds for a number (E.164)."""
        found = self._read(_standing().where(_is_latest(sender), _Now.number == number))
        return found[0] if found else Said(0, number, ConsentState.UNKNOWN, sender=sender)

    def was_out(self, number: str, sender: int, at: datetime) -> bool:
        """Whether a number (E.164) mustn't be texted, by what had been said at a time."""
        last = self._last(number, sender)
        if last.at and last.at > at:
            of_number = _Record.number == number, _Record.sender.in_((sender, EVERY_SENDER)), _Record.applied
            by_then = _RECORDS.where(*of_number, _Record.at <= micros(at))
            found = self._read(by_then.order_by(_Record.at.desc(), _Record.id.desc()).limit(1))
            return bool(found) and found[0].state is ConsentState.OUT
        return last.state is ConsentState.OUT

    def _last(self, number: str, sender: int) -> Said:
        """What was said last of a number (E.164): that may be long after what brought its state."""
        held = _RECORDS.join(_Now, JOIN.INNER, on=_Now.record == _Record.id)
        found = self._read(held.where(_is_latest(sender), _Now.number == number))
        return found[0] if found else Said(0, number, ConsentState.UNKNOWN, sender=sender)

    def review(self, sender: int) -> list[Said]:
        """What a person is to decide, the oldest first: numbers of which something was said that isn't
        followed, `asks`."""
        with self._database.connection():
            rows = self._database.fetch(_waiting(sender, EVERY_SENDER).order_by(_Record.id))
            asked = {row.number: ConsentState(row.state) for row in rows}
            among = self._database.among(_Now.number, list(asked))
            stand = {one.number: one for one in self._read(_standing().where(_is_latest(sender), among))}
        found = []
        for number, asks in asked.items():
            said = stand.get(number) or Said(0, number, ConsentState.UNKNOWN, sender=sender)
            if (said.state is ConsentState.OUT) is not (asks is ConsentState.OUT):
                found.append(replace(said, asks=asks))
        return found

    def records(self) -> Iterator[Said]:
        """All that was ever said, in its order: the proof. Each is read as it is wanted."""
        after = 0
        while page := self._read(_RECORDS.where(_Record.id > after).order_by(_Record.id).limit(FEW)):
            yield from page
            after = page[-1].id

    def of_numbers(self, numbers: Iterable[str], sender: int) -> list[Said]:
        """Likewise, of some numbers (E.164), the latest first."""
        about = self._database.among(_Record.number, numbers), _Record.sender.in_((sender, EVERY_SENDER))
        return self._read(_RECORDS.where(*about).order_by(_Record.id.desc()))

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

    # Saying something

    @unit_of_work(Role.SENDER)
    def opt_out(self, number: str, sender: int, *, why: str = "", how: str = "noted") -> Said:
        """Notes that nobody may text a number (E.164) any more. What is queued for it isn't handed over."""
        return self._note(number, sender, ConsentState.OUT, how, why)

    @unit_of_work(Role.OWNER)
    def opt_in(self, number: str, sender: int, *, why: str, how: str = "noted") -> Said:
        """Notes that a number (E.164) may be texted, because of what its owner said or signed."""
        return self._note(number, sender, ConsentState.IN, how, why)

    @unit_of_work(Role.SENDER)
    def opt_out_all(self, numbers: Iterable[str], sender: int, *, why: str = "") -> None:
        """Notes that nobody may text several numbers (E.164) any more, all or none."""
        self._note_all(numbers, sender, ConsentState.OUT, "noted", why)

    @unit_of_work(Role.OWNER)
    def opt_in_all(self, numbers: Iterable[str], sender: int, *, why: str) -> None:
        """Notes that several numbers (E.164) may be texted, all or none."""
        self._note_all(numbers, sender, ConsentState.IN, "noted", why)

    @unit_of_work(Role.SENDER)
    def answer(self, number: str, sender: int, state: ConsentState, *, why: str, at: datetime) -> bool:
        """Notes what somebody wrote themselves, and when. Whether the state is another one by that: not where
        they had written something else later, of which we heard before, or are out by what was said later."""
        with self._database.transaction():
            self._database.lock(_Record)
            last = self._last(number, sender)
            new = [_New(number, sender, state, "reply", why, micros(at), "")]
            if (last.how == "reply" or last.state is ConsentState.OUT) and last.at and last.at > at:
                new.append(_New(number, sender, last.state, last.how, last.why, micros(last.at), last.by))
            self._add(new)
            return len(new) == 1 and last.state is not state

    def _note(self, number: str, sender: int, state: ConsentState, how: str, why: str) -> Said:
        with self._database.transaction():
            self._note_all([number], sender, state, how, why)
            return self.standing(number, sender)

    def _note_all(self, numbers: Iterable[str], sender: int, state: ConsentState, how: str, why: str) -> None:
        with self._database.transaction():
            self._database.lock(_Record)
            at, person = micros(self._present(sender)), self._database.person.name
            noted = dict.fromkeys(numbers)
            self._add([_New(number, sender, state, how, why, at, person) for number in noted])

    @unit_of_work(Role.OWNER)
    def import_states(
        self,
        states: Iterable[tuple[str, str, str]],
        *,
        sender: int = EVERY_SENDER,
        how: str = "contacts",
        at: datetime | None = None,
    ) -> Changed:
        """Notes what a file has: numbers (E.164), "in", "out" or "" (nothing was said), and why in the file's
        words. In the transaction of whoever calls, where there is one. An opt-out always holds; a file takes
        none back: that is left to a person (`review`). What holds already is noted once. at: when it was
        said, now where it is left out."""
        states = list(states)
        wanted = {number: (state, why) for number, state, why in states if state == ConsentState.IN}
        # Whoever is out on one line is out, whatever other lines say.
        wanted |= {number: (state, why) for number, state, why in states if state == ConsentState.OUT}
        with self._database.transaction():
            self._database.lock(_Record)
            stands = self._stand(wanted, sender)
            asked = {row.number for row in self._database.fetch(_waiting(sender))}
            when, person = micros(at or self._present(sender)), self._database.person.name
            new, unchanged = [], 0
            for number, (said, why) in wanted.items():
                state, now = ConsentState(said), stands.get(number, {ConsentState.UNKNOWN})
                applied = state is ConsentState.OUT or ConsentState.OUT not in now
                if now == {state} or (not applied and number in asked):
                    unchanged += 1
                else:
                    new.append(_New(number, sender, state, how, why, when, person, applied))
            self._add(new)
        applied_now = sum(one.applied for one in new)
        return Changed(applied_now, len(new) - applied_now, unchanged)

    @unit_of_work(Role.OWNER)
    def keep_outs(self, outs: Iterable[Said]) -> int:
        """For a backup that is put back: the opt-outs that were noted since hold in it too, as they were
        noted. How many these are."""
        kept = 0
        with self._database.transaction():
            self._database.lock(_Record)
            for one in outs:
                if self.states([one.number], one.sender).get(one.number) is not ConsentState.OUT:
                    assert one.at is not None
                    at = micros(one.at)
                    self._add([_New(one.number, one.sender, ConsentState.OUT, one.how, one.why, at, one.by)])
                    kept += 1
        return kept

    @unit_of_work(Role.OWNER)
    def carry_outs(self, mended: Iterable[tuple[str, str]]) -> int:
        """Of numbers (E.164) that were read wrongly, each with the one that it is: whoever opted out by the
        first is out by the second too, as it was noted. How many opt-outs these are."""
        right = dict(mended)
        with self._database.transaction():
            self._database.lock(_Record)
            among = self._database.among(_Now.number, right)
            outs = self._read(_standing().where(among, _IS_OUT, _is_latest(_Now.sender)))
            return self.keep_outs(replace(one, number=right[one.number]) for one in outs)

    def _stand(self, numbers: Iterable[str], sender: int) -> dict[str, set[ConsentState]]:
        """The states of numbers (E.164); for all senders those that they have with each."""
        about = self._database.among(_Now.number, numbers)
        found = _Now.select(_Now.number, _Now.sender, _Now.state).where(about).order_by(_Now.record)
        latest: dict[str, dict[int, ConsentState]] = {}
        for row in self._database.fetch(found):
            state, of_number = ConsentState(row.state), latest.setdefault(row.number, {})
            if row.sender == EVERY_SENDER:
                of_number.update(dict.fromkeys((*of_number, EVERY_SENDER), state))
            else:
                of_number[row.sender] = state
        if sender == EVERY_SENDER:
            unknown = {EVERY_SENDER: ConsentState.UNKNOWN}
            return {number: set((unknown | of_number).values()) for number, of_number in latest.items()}
        return {
            number: {of_number.get(sender, of_number.get(EVERY_SENDER, ConsentState.UNKNOWN))}
            for number, of_number in latest.items()
        }

    def _add(self, new: Collection[_New]) -> None:
        """Adds records under numbers of their own, and has what holds follow. Within a lock."""
        last = self._database.scalar(_Record.select(fn.MAX(_Record.id))) or 0
        numbered = list(enumerate(new, last + 1))
        self._database.executemany(_ADD, ((id, *one) for id, one in numbered))
        self._database.executemany(
            _SET, ((one.number, one.sender, one.state.value, id, id) for id, one in numbered if one.applied)
        )


def _standing() -> ModelSelect[Any]:
    """What holds, with the record that brought it."""
    columns = _Record.how, _Record.why, _Record.at, _Record.person, _Record.sender, _Record.applied
    held = _Now.select(_Now.since.alias("id"), _Now.number, _Now.state, *columns)
    return held.join(_Record, JOIN.INNER, on=_Record.id == _Now.since)


def _waiting(*senders: int) -> ModelSelect[Any]:
    """What was said for these senders and isn't followed, where nothing later was."""
    later = _Now.select(_Now.number).where(_Now.number == _Record.number, _Now.record > _Record.id)
    if any(senders):
        later = later.where(_Now.sender.in_((*senders, EVERY_SENDER)))
    waiting = _Record.select(_Record.number, _Record.state)
    return waiting.where(_Record.applied == SQL("FALSE"), _Record.sender.in_(senders), ~fn.EXISTS(later))


_RECORDS = _Record.select()
