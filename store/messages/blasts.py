"""Blasts and their messages as they are kept: written once, read by the page.

The messages of a blast, 100,000 perhaps, are written by the driver's `executemany`; peewee writes all else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from store.clock import instant, micros
from store.credits.catalog import Product
from store.credits.history_query import Selection
from store.database import Database  # isort: split

from peewee import SQL, Case, fn

from store.errors import WrongUsage
from store.messages.audience import Audience, column
from store.messages.leaving_out import LeftOuts
from store.messages.model import (
    MILLION,
    AsSent,
    BlastSummary,
    Draft,
    LeftOut,
    Message,
    MessageKind,
    Purpose,
    Status,
)
from store.messages.providers import Picture
from store.messages.providers.reasons import why
from store.messages.sizes import measured, priced
from store.messages.tables import Blast as _Blast
from store.messages.tables import Media as _Media
from store.messages.tables import Message as _Message
from store.messages.tables import Schedule as _Schedule
from store.prepared import Prepared, listed
from store.sentences import sentence
from store.texts import merge
from store.texts.alphabet import normalise
from store.texts.parts import parts

_QUEUE = (
    "INSERT INTO message (blast_id, phone, region, name, merge, line, closes_at, part, status, segments, "
    "credits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)"
)

_ADD = Prepared(lambda _, **values: _Blast.insert(**values).returning(_Blast.id))
_SUM = Prepared(lambda _, blast: _Message.select(fn.SUM(_Message.credits)).where(_Message.blast == blast))
_SUM_BEHIND = Prepared(
    lambda _, blast: _Message.select(fn.SUM(_Message.credits)).where(
        _Message.blast == blast, _Message.part > 0
    )
)
_SET_CREDITS = Prepared(lambda _, blast, credits: _Blast.update(credits=credits).where(_Blast.id == blast))
_SET_HOLD = Prepared(lambda _, blast, hold: _Blast.update(hold_id=hold).where(_Blast.id == blast))
_FIRST = Prepared(
    lambda _, blast: _Message.select().where(_Message.blast == blast).order_by(_Message.id).limit(1)
)
_LATEST_TO = Prepared(
    lambda _, account, phone: (
        _Message.select(_Message.blast)
        .join(_Blast)
        .where(_Message.phone == phone, _Blast.account_id == account, ~_Blast.notice)
        .order_by(_Message.id.desc())
        .limit(1)
    )
)
_BY_ID = Prepared(lambda _, blast: _Blast.select().where(_Blast.id == blast))
# Naming each status lets the index on (status, blast) count, which takes 4 ms for 100,000 messages.
_COUNTS = Prepared(
    lambda _, blast: (
        _Message.select(_Message.status, fn.COUNT(SQL("*")).alias("number"))
        .where(_Message.status.in_(list(Status)), _Message.blast == blast)
        .group_by(_Message.status)
    )
)
_NEXT = Prepared(lambda _, blast: _Schedule.select(_Schedule.next_at).where(_Schedule.blast == blast))
_BODY = Prepared(lambda _, blast: _Blast.select(_Blast.body).where(_Blast.id == blast))
_SOME = Prepared(lambda database, blasts: _Blast.select().where(database.among(_Blast.id, blasts)))
_PICTURES = Prepared(
    lambda _, blast: (
        _Media.select(_Media.name, _Media.type, _Media.content, _Media.id)
        .where(_Media.blast == blast)
        .order_by(_Media.id)
    )
)


class Blasts:
    """What was sent and is being sent."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left_outs = LeftOuts(database)

    def add(
        self,
        account_id: int,
        created_at: datetime,
        draft: Draft,
        audience: Audience,
        product: Product,
        pictures: Sequence[Picture],
        sender: str,
    ) -> tuple[int, int]:
        """Writes a blast with its messages and pictures: its id, and the credits that it needs. The hold
        comes after, since it names the blast, in the same transaction."""
        with self._database.transaction():
            blast_id = self.begin(account_id, created_at, draft, audience, product, pictures, sender)
            return blast_id, self.fill(blast_id, audience, product)

    def begin(
        self,
        account_id: int,
        created_at: datetime,
        draft: Draft,
        audience: Audience,
        product: Product,
        pictures: Sequence[Picture],
        sender: str,
        *,
        scheduled: bool = False,
        person: str | None = None,
    ) -> int:
        """Writes a blast and its pictures, without messages. audience: who gets it, as far as that is known
        yet. scheduled: whether its messages are added when they leave. person: who sends it, by name; None:
        who is at work."""
        with self._database.transaction():
            added = _ADD(
                account_id=account_id,
                created_at=micros(created_at),
                kind=MessageKind.MMS if pictures else MessageKind.SMS,
                body=normalise(draft.body),
                recipients=len(audience.recipients),
                credits=0,
                charged_on=product.charged_on,
                sender=sender,
                notice=False,
                person=self._database.person.name if person is None else person,
                purpose=audience.purpose.value,
                why=draft.why,
                scheduled=scheduled,
            )
            blast_id = int(self._database.scalar(added))
            for picture in pictures:
                self._database.run(
                    _Media.insert(
                        blast=blast_id, name=picture.name, type=picture.type, content=picture.content
                    )
                )
        return blast_id

    def fill(self, blast_id: int, audience: Audience, product: Product) -> int:
        """Queues what an audience gets of a blast: one message a recipient or, of a long text, several; and
        keeps whom it leaves out. The credits that all its messages need by now."""
        with self._database.transaction():
            self._left_outs.keep(audience.without, blast_id=blast_id)
            body, mms = self.body(blast_id), bool(self.pictures(blast_id))
            rows = _message_rows(blast_id, body, audience, product, mms=mms)
            self._database.executemany(_QUEUE, rows)
            credits = self.credits(blast_id)
            self._database.run(_SET_CREDITS(blast=blast_id, credits=credits))
        return credits

    def add_notice(
        self, account_id: int, created_at: datetime, sender: str, phone: str, region: str, body: str
    ) -> None:
        """Queues a text that costs nothing and goes to one person, whether they are out or not: what confirms
        their STOP, START or HELP."""
        body = normalise(body)
        with self._database.transaction():
            queued = _ADD(
                account_id=account_id,
                created_at=micros(created_at),
                kind=MessageKind.SMS,
                body=body,
                recipients=1,
                credits=0,
                charged_on="accepted",
                sender=sender,
                notice=True,
                person="",
                purpose=Purpose.CONVERSATION.value,
                why="",
                scheduled=False,
            )
            blast_id = int(self._database.scalar(queued))
            segments = sum(segments for _, segments in measured(body, mms=False))
            self._database.executemany(_QUEUE, [(blast_id, phone, region, "", "", "", None, 0, segments, 0)])

    def account_of(self, blast_id: int) -> int | None:
        """Whose it is, None where there is none."""
        with self._database.connection():
            id: int | None = self._database.scalar(
                _Blast.select(_Blast.account_id).where(_Blast.id == blast_id)
            )
        return id

    def failed_to(self, blast_id: int) -> list[str]:
        """The numbers (E.164) that no part of it reached, in the order in which it was sent."""
        missed = _Message.status.in_((Status.FAILED, Status.UNDELIVERED))
        phones = (
            _Message.select(_Message.phone)
            .where(_Message.blast == blast_id)
            .group_by(_Message.phone)
            .having(fn.SUM(Case(None, [(missed, 0)], 1)) == 0)
            .order_by(fn.MIN(_Message.id))
        )
        with self._database.connection():
            return [row.phone for row in self._database.fetch(phones)]

    def latest_to(self, account_id: int, phone: str) -> int | None:
        """The blast by which an account wrote to a number (E.164) last; what confirms a STOP is none."""
        blast_id: int | None = self._database.scalar(_LATEST_TO(account=account_id, phone=phone))
        return blast_id

    def credits(self, blast_id: int) -> int:
        """What its messages need, as far as there are any yet."""
        return int(self._database.scalar(_SUM(blast=blast_id)) or 0)

    def credits_behind_pictures(self, blast_id: int) -> int:
        """Of an MMS, what the SMS that go behind it need."""
        return int(self._database.scalar(_SUM_BEHIND(blast=blast_id)) or 0)

    def set_hold(self, blast_id: int, hold_id: int) -> None:
        """Notes which hold of the ledger the messages settle."""
        self._database.run(_SET_HOLD(blast=blast_id, hold=hold_id))

    def summary(self, blast_id: int) -> BlastSummary:
        """Raises WrongUsage where there is none of that id."""
        with self._database.connection():
            found = self._database.fetch(_BY_ID(blast=blast_id))
            row = next(iter(found), None)
            if row is None:
                raise WrongUsage(
                    sentence("There is no blast {blast}.", blast=str(blast_id)), code="no-such-blast"
                )
            return self._summary(row)

    def page(self, account_id: int, before: int | None, limit: int) -> list[BlastSummary]:
        """Newest first; before: only blasts older than the one of this id."""
        found = _Blast.select().where(_Blast.account_id == account_id)
        if before is not None:
            found = found.where(_Blast.id < before)
        with self._database.connection():
            rows = self._database.fetch(found.order_by(_Blast.id.desc()).limit(limit))
            return [self._summary(row) for row in rows]

    def messages(
        self, blast_id: int, status: Status | frozenset[Status] | None, after: int, limit: int
    ) -> list[Message]:
        found = _Message.select().where(_Message.blast == blast_id, _Message.id > after)
        if status is not None:
            some = [status] if isinstance(status, Status) else sorted(status)
            found = found.where(_Message.status.in_(some))
        with self._database.connection():
            body = self.body(blast_id)
            rows = self._database.fetch(found.order_by(_Message.id).limit(limit))
            return [message_of(body, row) for row in rows]

    def left_out(self, blast_id: int) -> Iterator[LeftOut]:
        """Who got nothing, and why."""
        return self._left_outs.all(blast_id=blast_id)

    def body(self, blast_id: int) -> str:
        """The text with its merge fields in place."""
        with self._database.connection():
            return str(self._database.scalar(_BODY(blast=blast_id)) or "")

    def of_worker(self, blast_id: int) -> Any:
        """What a worker has to know of a blast: account_id, sender, notice and body."""
        columns = _Blast.account_id, _Blast.sender, _Blast.notice, _Blast.body
        with self._database.connection():
            return self._database.first(_Blast.select(*columns).where(_Blast.id == blast_id))

    def sent_by(self, blast_id: int) -> tuple[int, str, str]:
        """Whose it is, from which sender it goes out and who sent it. It has to be there."""
        columns = _Blast.account_id, _Blast.sender, _Blast.person
        with self._database.connection():
            row = self._database.first(_Blast.select(*columns).where(_Blast.id == blast_id))
        return row.account_id, row.sender, row.person

    def first_got(self, blast_id: int) -> str:
        """All that the first person got; the text itself where nobody gets it."""
        with self._database.connection():
            body, first = self.body(blast_id), next(iter(self._database.fetch(_FIRST(blast=blast_id))), None)
        return body if first is None else _got(body, first)

    def picture_names(self, blast_id: int) -> tuple[str, ...]:
        found = _Media.select(_Media.name).where(_Media.blast == blast_id).order_by(_Media.id)
        with self._database.connection():
            return tuple(row.name for row in self._database.fetch(found))

    def as_sent(self, blast_ids: Collection[int]) -> dict[int, AsSent]:
        """The texts of some blasts as they were got, by their ids."""
        with self._database.connection():
            some = self._database.fetch(_SOME(blasts=listed(blast_ids)))
            return {row.id: self._as_sent(row) for row in some}

    def _as_sent(self, row: Any) -> AsSent:
        if row.recipients != 1 and not ("{" in row.body or "}" in row.body):  # everybody got the same
            return AsSent("", row.body)
        first = next(iter(self._database.fetch(_FIRST(blast=row.id))), None)
        if first is None:  # a blast to nobody
            return AsSent("", row.body)
        message = message_of(row.body, first)
        return AsSent((message.name or message.to) if row.recipients == 1 else "", message.body)

    def pictures(self, blast_id: int) -> tuple[Picture, ...]:
        return tuple(Picture(*row) for row in self._database.fetch(_PICTURES(blast=blast_id)))

    def _summary(self, row: Any) -> BlastSummary:
        counts = self._database.fetch(_COUNTS(blast=row.id))
        return BlastSummary(
            id=row.id,
            created_at=instant(row.created_at),
            body=row.body,
            kind=MessageKind(row.kind),
            recipients=row.recipients,
            credits=row.credits,
            cancelled=bool(row.cancelled),
            counts={Status(each.status): each.number for each in counts},
            as_sent=self._as_sent(row),
            purpose=Purpose(row.purpose),
            why=row.why,
            leaves_at=self._leaves_at(row.id) if row.scheduled else None,
        )

    def _leaves_at(self, blast_id: int) -> datetime | None:
        next_at: int | None = self._database.scalar(_NEXT(blast=blast_id))
        return None if next_at is None else instant(next_at)


def mentioning(account_id: int, text: str) -> Selection:
    """The ids, as texts, of an account's blasts whose text contains another, or the name of the only one who
    got it, whatever the case."""
    contains, values = containing(normalise(text))
    body, name = contains.format("body"), contains.format("message.name")
    return Selection(
        f"SELECT CAST(id AS TEXT) FROM blast WHERE account_id = ? AND ({body} OR (recipients = 1 AND EXISTS "
        f"(SELECT 1 FROM message WHERE message.blast_id = blast.id AND {name})))",
        (account_id, *values, *values),
    )


def containing(text: str) -> tuple[str, tuple[object, ...]]:
    """A condition of SQL that a column, which goes in place of {}, contains a text, whatever the case, and
    its parameters."""
    needle = text.lower()
    column, values = "LOWER({})", list[object]()
    for letter in sorted(set(needle)):
        # LOWER knows ASCII only, on one engine as on the other.
        if not letter.isascii() and letter.upper() != letter:
            column = f"REPLACE({column}, ?, ?)"
            values += [letter.upper(), letter]
    escaped = needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{column} LIKE ? ESCAPE '\\'", (*values, f"%{escaped}%")


def _message_rows(
    blast_id: int, body: str, audience: Audience, product: Product, *, mms: bool
) -> Iterator[tuple[object, ...]]:
    template, line_below = merge.parse(body, audience.fields), audience.line_below(body)
    fields, recipients, closes = template.fields, audience.recipients, audience.closes
    columns = [column(recipients, name) for name in ("region", *fields)]
    shared: dict[tuple[str, ...], tuple[str, list[tuple[int, int, int]]]] = {}  # many have one first name
    for recipient, taken in zip(recipients, zip(*columns, strict=True), strict=True):
        line = line_below if recipient.first else ""
        key = line, *taken
        if key not in shared:
            region, values = taken[0], dict(zip(fields, taken[1:], strict=True))
            kept = json.dumps(values, ensure_ascii=False) if fields else ""
            text, costs = template.render(values), []
            free = product.first_line_free
            for part, (picture, segments) in enumerate(priced(text, line, mms=mms, line_free=free)):
                costs.append((part, segments, segments * product.rate(region, mms=picture)))
            shared[key] = kept, costs
        kept, costs = shared[key]
        closes_at = closes.get(recipient.phone)
        about = recipient.phone, recipient.region, recipient.name, kept, line
        for one in costs:
            yield blast_id, *about, None if closes_at is None else micros(closes_at), *one


def _got(body: str, row: Any) -> str:
    """All that somebody got, of which a message is a part."""
    values = json.loads(row.merge) if row.merge else {}
    template = merge.parse(body, values)  # what was a field when it was sent
    return merge.below(template.render(values), row.line)


def message_of(body: str, row: Any) -> Message:
    return Message(
        id=row.id,
        to=row.phone,
        name=row.name,
        body=parts(_got(body, row))[row.part],
        status=Status(row.status),
        segments=row.segments,
        credits=row.credits,
        reason=why(row.reason) if row.reason else None,
        price=None if row.price is None else Decimal(row.price) / MILLION,
        currency=row.currency or "",
        sent_at=None if row.sent_at is None else instant(row.sent_at),
    )
