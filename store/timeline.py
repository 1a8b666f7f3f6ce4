"""All that happened with a contact, in one order: texts and emails both ways, consent, notes and tasks.

Each source keeps an order of its own, for which it has an index, and is paged by that; the pages are merged
by time. So nothing is left out or shown twice whatever came meanwhile, and the hundred thousandth line takes
as long as the first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple, TypeAlias

from store.clock import instant
from store.credits.ledger import Ledger
from store.database import Database, Table  # isort: split

from peewee import JOIN, Expression, Field, Tuple

from store.emails import model, tables
from store.messages.blasts import message_of
from store.messages.conversations import their_line
from store.messages.model import Line as Reply
from store.messages.model import Texted
from store.messages.tables import Blast, Incoming, Message
from store.people.addressbook import AddressBook
from store.people.consent_tables import ConsentRecord
from store.people.model import ConsentState, Contact, Said
from store.people.task_tables import Note
from store.people.task_tables import Task as TaskRow
from store.people.tasks import Task, task_of

_Email, _Campaign, _StepText = tables.Email, tables.Campaign, tables.StepText
_Step, _Plan = tables.Step, tables.SmartPlan


class Source(StrEnum):
    """Where a line comes from. Emails are campaigns' and SmartPlans'; steps are those that were to be texts
    and came to none."""

    TEXTS = "texts"
    TEXT_REPLIES = "text replies"
    STEPS = "steps"
    EMAILS = "emails"
    EMAIL_REPLIES = "email replies"
    CONSENT = "consent"
    NOTES = "notes"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Emailed:
    """An email to somebody. campaign: its id, None for a SmartPlan's; plan: the SmartPlan's name, step: which
    of its steps, from 1, 0 for one that it hasn't any more. reason: a key of `store.emails.model.REASONS`, or
    "". credits: what it takes."""

    id: int
    campaign: int | None
    plan: str
    step: int
    address: str
    subject: str
    status: model.Status
    reason: str
    credits: int


@dataclass(frozen=True, slots=True)
class NotTexted:
    """A text of a SmartPlan that wasn't sent. plan, step: as an email's; text: with its merge fields in
    place; reason: a key of `store.emails.model.REASONS`."""

    id: int
    plan: str
    step: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A note. by: who noted it, "" for whoever runs Textmeter on a machine of their own."""

    id: int
    text: str
    by: str


class Line(NamedTuple):
    """Something that happened with a contact. at: by the account's clock; of an email, from when it may
    leave, and of a task, when it is due, which may be to come. account_id: 0 for all. number: whose it was or
    is about, or address."""

    at: datetime
    source: Source
    account_id: int
    about: Texted | Reply | Emailed | NotTexted | Said | Noted | Task
    number: str = ""

    @property
    def id(self) -> tuple[Source, int]:
        """By what it is known to be the same."""
        return self.source, self.about.message.id if isinstance(self.about, Texted) else self.about.id


Key: TypeAlias = tuple[int, ...]
Place: TypeAlias = Mapping[Source, Key | None]
"""Where the next page goes on: what orders the last line of each source; None for one without any more."""
NEWEST: Place = {}

FEW = 16
"""Rows of a source that are read at first: a page has some of each, and twice as many are read each time."""

_Keyed: TypeAlias = tuple[Key, Line]
_ALL: Key = ()
_LAST = 1 << 62
"""More than a blast's number."""


class Timeline:
    """Methods may be called from any thread."""

    TABLES: ClassVar[Iterable[type[Table]]] = ()

    def __init__(self, database: Database, ledger: Ledger, people: AddressBook) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people

    def lines(
        self,
        contact: Contact,
        *,
        sources: Collection[Source] = frozenset(Source),
        place: Place = NEWEST,
        limit: int = 50,
    ) -> tuple[list[Line], Place]:
        """A page of what happened with a contact in all accounts, the newest first, and where the next one
        goes on. Texts and emails are those to their numbers and addresses, whoever was meant by them."""
        streams, before = [], dict[Source, Key | None]()
        with self._database.connection():
            for source in Source:
                if source not in sources or (after := place.get(source, _ALL)) is None:
                    continue
                newer = self._lines(source, contact, after)
                first = next(newer, None)
                # What comes meanwhile is newer than what was seen of its source: no later page has it.
                before[source] = None if first is None else (*first[0][:-1], first[0][-1] + 1)
                if first is not None:
                    streams.append(chain([first], newer))
            merged = heapq.merge(*streams, key=lambda found: _order(found[1]), reverse=True)
            page = list(islice(merged, limit))
        last = {line.source: key for key, line in page}
        return [line for _, line in page], {**place, **before, **last}

    def _lines(self, source: Source, contact: Contact, after: Key) -> Iterator[_Keyed]:
        """All lines of one source, the newest first by what orders it, read as they are asked for."""
        phones = [number.phone for number in contact.numbers if number.phone]
        addresses = {spelt for email in contact.emails for spelt in (email, email.lower())}
        match source:
            case Source.TEXTS:
                texts = Message.select(
                    *(Message, Blast.created_at, Blast.body, Blast.account_id),
                ).join(Blast)
                wanted = [Message.phone == phone for phone in phones]
                return self._rows(texts, (Message.id,), wanted, _texted, after)
            case Source.TEXT_REPLIES | Source.EMAIL_REPLIES:
                froms = phones if source is Source.TEXT_REPLIES else addresses
                accounts = [account.id for account in self._ledger.accounts()]
                wanted = [
                    (Incoming.account_id == account) & (Incoming.phone == phone)
                    for account in accounts
                    for phone in froms
                ]
                replies, keys = Incoming.select(), (Incoming.at, Incoming.id)
                return self._rows(replies, keys, wanted, partial(_replied, source), after)
            case Source.STEPS:
                missed = _StepText.blast_id.is_null()
                ids = self._people.merged_from(contact.id)
                wanted = [missed & (_StepText.contact_id == id) for id in ids]
                return self._rows(_of_plans(_StepText), (_StepText.id,), wanted, _not_texted, after)
            case Source.EMAILS:
                ids = self._people.merged_from(contact.id)
                wanted = [_Email.address == address for address in addresses]
                wanted += [_Email.contact_id == id for id in ids]
                return self._rows(_emails(), (_Email.at, _Email.id), wanted, _emailed, after)
            case Source.CONSENT:
                wanted = [ConsentRecord.number == number for number in (*phones, *addresses)]
                said = ConsentRecord.select()
                return self._rows(said, (ConsentRecord.id,), wanted, _said, after)
            case Source.NOTES:
                wanted = [Note.contact_id == id for id in self._people.merged_from(contact.id)]
                return self._rows(Note.select(), (Note.at, Note.id), wanted, _noted, after)
            case Source.TASKS:
                wanted = [TaskRow.contact_id == id for id in self._people.merged_from(contact.id)]
                tasks, days = TaskRow.select(), (TaskRow.due_at, TaskRow.id)
                return self._rows(tasks, days, wanted, partial(_to_do, contact), after)

    def _rows(
        self,
        query: Any,
        keys: tuple[Field, ...],
        wanted: Sequence[Expression],
        line: Callable[[Any], Line],
        after: Key,
    ) -> Iterator[_Keyed]:
        """The rows that meet any of some conditions, one query each, since each has its place in the index.
        keys: what orders them."""
        newest, size = query.order_by(*(key.desc() for key in keys)), FEW
        while True:
            left = newest.where(Tuple(*keys) < Tuple(*after)) if after else newest
            found = [
                [(tuple(getattr(row, key.column_name) for key in keys), row) for row in rows]
                for rows in (self._database.fetch(left.where(each).limit(size)) for each in wanted)
            ]
            merged = heapq.merge(*found, key=itemgetter(0), reverse=True)
            several = groupby(merged, itemgetter(0))  # who meets two is there once
            read = 0
            for after, same in islice(several, size):
                yield after, line(next(same)[1])
                read += 1
            if read < size:
                return
            size *= 2


def _of_plans(table: Any, *also: Any) -> Any:
    """Rows that may be of a SmartPlan's step, with the plan's name, and the step's place and text."""
    about = _Plan.name.alias("plan"), _Step.place, _Step.body
    step = table.select(table, *about, *also).join(_Step, JOIN.LEFT_OUTER, on=_Step.id == table.step)
    return step.join(_Plan, JOIN.LEFT_OUTER, on=_Plan.id == _Step.plan)


def _emails() -> Any:
    emails = _of_plans(_Email, _Campaign.hold_id.alias("campaign_hold"))
    return emails.join(_Campaign, JOIN.LEFT_OUTER, on=_Campaign.id == _Email.campaign)


def _order(line: Line) -> tuple[datetime, int, bool]:
    """By time; at the same instant of a clock that stands, an answer comes after what it answers, and all
    else after both."""
    if isinstance(line.about, Texted | Reply):
        return line.at, line.about.blast_id, isinstance(line.about, Reply)
    return line.at, _LAST, False


def _texted(row: Any) -> Line:
    at = instant(row.created_at)
    texted = Texted(at, row.blast_id, message_of(row.body, row))
    return Line(at, Source.TEXTS, row.account_id, texted, row.phone)


def _replied(source: Source, row: Any) -> Line:
    return Line(instant(row.at), source, row.account_id, their_line(row), row.phone)


def _emailed(row: Any) -> Line:
    status = model.Status(row.status)
    held = row.hold_id is not None or row.campaign_hold is not None
    takes = int(held and status not in (model.Status.FAILED, model.Status.CANCELLED))
    emailed = Emailed(
        row.id,
        row.campaign_id,
        row.plan or "",
        _counted(row.place),
        row.address,
        row.subject,
        status,
        row.reason,
        takes,
    )
    return Line(instant(row.at), Source.EMAILS, row.account_id, emailed, row.address)


def _not_texted(row: Any) -> Line:
    missed = NotTexted(row.id, row.plan, _counted(row.place), row.body, row.reason)
    return Line(instant(row.at), Source.STEPS, row.account_id, missed)


def _counted(place: int | None) -> int:
    """Which step it is, from 1; 0 for one that isn't of the plan any more."""
    return 0 if place is None else place + 1


def _said(row: Any) -> Line:
    at, state = instant(row.at), ConsentState(row.state)
    asks = None if row.applied else state
    said = Said(row.id, row.number, state, row.how, row.why, at, row.person, row.sender, asks=asks)
    return Line(at, Source.CONSENT, row.sender, said, row.number)


def _noted(row: Any) -> Line:
    return Line(instant(row.at), Source.NOTES, row.account_id, Noted(row.id, row.text, row.person))


def _to_do(contact: Contact, row: Any) -> Line:
    return Line(instant(row.due_at), Source.TASKS, row.account_id, task_of(row, contact))
