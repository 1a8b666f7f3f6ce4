"""Who may be texted, and the proof of it: what is said about a number, when, by what way and who noted it.

All of it goes by the number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from store.clock import micros
from store.database import Database, unit_of_work  # isort: split

from peewee import fn

from store.errors import changed_since
from store.people import consent_tables as tables
from store.people.consent_lookup import (
    EVERY_SENDER,
    IS_OUT,
    ConsentLookup,
    Now,
    Record,
    is_latest,
    standing_records,
    waiting_records,
)
from store.people.model import ConsentState, Said
from store.roles import Role
from store.sentences import N_

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

_ADD = (
    "INSERT INTO consent_record (id, number, sender, state, how, why, at, person, applied) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SET = (
    "INSERT INTO consent (number, sender, state, since, record) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (number, sender) DO UPDATE SET record = excluded.record, state = excluded.state, "
    "since = CASE WHEN consent.state = excluded.state THEN consent.since ELSE excluded.since END"
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


class Consent(ConsentLookup):
    """present: the time by an account's clock, by the session's for 0."""

    TABLES: ClassVar[Any] = tables.TABLES

    def __init__(self, database: Database, present: Callable[[int], datetime]) -> None:
        super().__init__(database)
        self._present = present

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
            self._database.lock(Record)
            last = self._last(number, sender)
            new = [_New(number, sender, state, "reply", why, micros(at), "")]
            if (last.how == "reply" or last.state is ConsentState.OUT) and last.at and last.at > at:
                new.append(_New(number, sender, last.state, last.how, last.why, micros(last.at), last.by))
            self._add(new)
            return len(new) == 1 and last.state is not state

    @unit_of_work(Role.SENDER)
    def take_back(self, before: Collection[Said], sender: int, noted: ConsentState, *, why: str) -> None:
        """Has what held for numbers hold again, which the person at work just noted otherwise, by a slip. The
        proof keeps both: this is one more record. before: what held for a sender, as `standing` had it.
        noted: what they noted. Raises RefusedByRule, with nothing changed, where anything was said since."""
        with self._database.transaction():
            self._database.lock(Record)
            me, new = self._database.person.name, []
            for one in before:
                last = self._last(one.number, sender)
                if (last.state, last.how, last.by) != (noted, "noted", me):
                    raise changed_since()
                at = micros(self._present(sender))
                new.append(_New(one.number, sender, one.state, "noted", why, at, me))
            self._add(new)

    def _note(self, number: str, sender: int, state: ConsentState, how: str, why: str) -> Said:
        with self._database.transaction():
            self._note_all([number], sender, state, how, why)
            return self.standing(number, sender)

    def _note_all(self, numbers: Iterable[str], sender: int, state: ConsentState, how: str, why: str) -> None:
        with self._database.transaction():
            self._database.lock(Record)
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
            self._database.lock(Record)
            stands = self._stand(wanted, sender)
            asked = {row.number for row in self._database.fetch(waiting_records(sender))}
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
            self._database.lock(Record)
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
            self._database.lock(Record)
            among = self._database.among(Now.number, right)
            outs = self._read(standing_records().where(among, IS_OUT, is_latest(Now.sender)))
            return self.keep_outs(replace(one, number=right[one.number]) for one in outs)

    def _stand(self, numbers: Iterable[str], sender: int) -> dict[str, set[ConsentState]]:
        """The states of numbers (E.164); for all senders those that they have with each."""
        about = self._database.among(Now.number, numbers)
        found = Now.select(Now.number, Now.sender, Now.state).where(about).order_by(Now.record)
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
        last = self._database.scalar(Record.select(fn.MAX(Record.id))) or 0
        numbered = list(enumerate(new, last + 1))
        self._database.executemany(_ADD, ((id, *one) for id, one in numbered))
        self._database.executemany(
            _SET, ((one.number, one.sender, one.state.value, id, id) for id, one in numbered if one.applied)
        )
