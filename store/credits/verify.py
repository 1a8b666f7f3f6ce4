"""Proof: replays the entries and compares with every number that is kept beside them. Reads only.

Raw SQL where sums of one table are held against another's, since there the statement itself is the proof that
somebody reads; peewee's queries for all else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, reduce
from operator import or_
from typing import Any

import peewee

from store.credits import tables, verify_days, verify_orders
from store.credits.model import Change, Kind, Pool, Verification
from store.database import Database
from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence

_ACCOUNT = sentence("the account")
_ENTRIES = sentence("the entries")
_LOTS = sentence("the lots")
_PERIODS = sentence("the periods")
_POOLS: dict[str, str] = {Pool.ALLOTTED: N_("allotted"), Pool.PURCHASED: N_("purchased")}
_TAKEN_AWAY = (Kind.EXPIRED, Kind.FORFEITED, Kind.TAKEN_BACK, Kind.ENDED)


def verify(database: Database) -> Verification:
    """See Ledger.verify. Each problem names its account."""
    entries = database.scalar(tables.Entry.select(peewee.fn.COUNT(tables.Entry.seq)))
    ids = [row.id for row in database.rows("SELECT id FROM account ORDER BY id")]
    problems = [
        sentence("account {account}: {problem}", account=str(account_id), problem=problem)
        for account_id in ids
        for problem in _problems(database, account_id)
    ]
    return Verification(len(ids), entries, tuple(problems))


def _problems(database: Database, account_id: int) -> Iterator[Sentence]:
    totals: dict[tuple[str, str], int] = {}

    @cache
    def account() -> Any:
        return database.first(tables.Account.select().where(tables.Account.id == account_id))

    checks: tuple[tuple[Sentence, Callable[[], Iterator[Sentence]]], ...] = (
        (sentence("the days"), lambda: verify_days.problems(database, account_id)),
        (_ENTRIES, lambda: _replay(database, account(), totals)),
        (_LOTS, lambda: _lots(database, account(), totals)),
        (_LOTS, lambda: _movements(database, account_id)),
        (sentence("the holds"), lambda: _holds(database, account_id)),
        (sentence("the days"), lambda: _use(database, account_id)),
        (_PERIODS, lambda: _periods(database, account())),
        (sentence("the orders"), lambda: _purchases(database, account_id)),
        (sentence("the orders"), lambda: verify_orders.problems(database, account_id)),
        (sentence("the notices"), lambda: _notices(database, account_id)),
    )
    for what, check in checks:
        try:
            yield from check()
        except TextmeterError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever can't be read is a finding, not the end
            kind = type(error).__name__
            yield sentence("{what} can't be read ({error})", what=what, error=kind)


def _replay(database: Database, account: Any, totals: dict[tuple[str, str], int]) -> Iterator[Sentence]:
    """The entries, one after the other; fills totals: the sum of deltas by pool and kind."""
    seq, day, balances = 0, "", dict.fromkeys(map(str, Pool), 0)
    entry = tables.Entry
    found = (
        entry.select(entry.seq, entry.day, entry.pool, entry.kind, entry.delta, entry.balance)
        .where(entry.account == account.id)
        .order_by(entry.seq)
    )
    for number, entry_day, pool, kind, delta, balance in database.each(found.tuples()):
        seq += 1
        if number != seq:
            yield sentence("entry {entry} is missing", entry=seq)
            seq = number
        if entry_day < day:
            yield sentence(
                "entry {entry} is dated {day}, before the entry it follows", entry=seq, day=entry_day
            )
        day = entry_day
        if pool not in balances:
            yield sentence(
                "entry {entry} belongs to the pool {pool}, which doesn't exist", entry=seq, pool=pool
            )
            continue
        balances[pool] += delta
        if balances[pool] != balance:
            yield sentence(
                "entry {entry} leaves {balance} {pool} credits, but the entries up to it add up to {sum}",
                entry=seq,
                balance=balance,
                pool=Sentence(_POOLS[pool]),
                sum=balances[pool],
            )
            balances[pool] = balance
        totals[pool, kind] = totals.get((pool, kind), 0) + delta
    yield from _differ(sentence("the last entry's number"), _ACCOUNT, account.seq, _ENTRIES, seq)
    for pool in Pool:
        yield from _differ(
            sentence("{pool} credits available", pool=Sentence(_POOLS[pool])),
            _ACCOUNT,
            getattr(account, f"available_{pool}"),
            _ENTRIES,
            balances[pool],
        )


def _lots(database: Database, account: Any, totals: dict[tuple[str, str], int]) -> Iterator[Sentence]:
    lot = tables.Lot
    columns = (lot.remaining, lot.held, lot.spent, lot.lapsed, lot.granted)
    for pool in Pool:
        words = Sentence(_POOLS[pool])
        of_pool = lot.select(*(_sum(column).alias(column.name) for column in columns)).where(
            lot.account == account.id, lot.pool == pool
        )
        kept = database.first(of_pool)
        yield from _differ(
            sentence("{pool} credits available", pool=words),
            _ACCOUNT,
            getattr(account, f"available_{pool}"),
            _LOTS,
            kept.remaining,
        )
        yield from _differ(
            sentence("{pool} credits held", pool=words),
            _ACCOUNT,
            getattr(account, f"held_{pool}"),
            _LOTS,
            kept.held,
        )
        sums = {kind: totals.get((pool, kind), 0) for kind in Kind}
        added = sums[Kind.GRANTED] + sums[Kind.PURCHASED]
        busy = -sums[Kind.USED] - sums[Kind.RELEASED]
        gone = -sum(sums[kind] for kind in _TAKEN_AWAY)
        yield from _differ(
            sentence("{pool} credits granted", pool=words), _LOTS, kept.granted, _ENTRIES, added
        )
        yield from _differ(
            sentence("{pool} credits used and held", pool=words),
            _LOTS,
            kept.spent + kept.held,
            _ENTRIES,
            busy,
        )
        yield from _differ(sentence("{pool} credits lapsed", pool=words), _LOTS, kept.lapsed, _ENTRIES, gone)
    parts = (lot.remaining, lot.held, lot.spent, lot.lapsed)
    damaged = lot.select(lot.id).where(
        lot.account == account.id,
        (lot.remaining + lot.held + lot.spent + lot.lapsed != lot.granted)
        | reduce(or_, (part < 0 for part in parts)),
    )
    for row in database.find(damaged):
        yield sentence("lot {lot} doesn't add up to what was granted", lot=str(row.id))


def _movements(database: Database, account_id: int) -> Iterator[Sentence]:
    """The parts of lines that concern lots. Lines and lots of an older Textmeter have none."""
    lines = database.rows(
        "SELECT e.seq, e.delta, SUM(m.credits) AS moved FROM entry e "
        "JOIN movement m ON m.account_id = e.account_id AND m.seq = e.seq "
        "WHERE e.account_id = ? GROUP BY e.seq, e.delta HAVING e.delta <> SUM(m.credits) ORDER BY e.seq",
        (account_id,),
    )
    for row in lines:
        yield from _differ(
            sentence("credits of entry {entry}", entry=row.seq),
            sentence("the entry"),
            row.delta,
            _LOTS,
            row.moved,
        )
    lots = database.rows(
        "SELECT l.id, l.remaining, SUM(m.credits) AS moved FROM lot l JOIN movement m ON m.lot_id = l.id "
        "WHERE l.account_id = ? GROUP BY l.id, l.remaining, l.granted "
        "HAVING MAX(m.credits) = l.granted AND l.remaining <> SUM(m.credits) ORDER BY l.id",
        (account_id,),
    )
    for row in lots:
        yield from _differ(
            sentence("credits left in lot {lot}", lot=str(row.id)),
            sentence("the lot"),
            row.remaining,
            _ENTRIES,
            row.moved,
        )


def _holds(database: Database, account_id: int) -> Iterator[Sentence]:
    lots = database.rows(
        "SELECT id, held, spent, "
        "(SELECT COALESCE(SUM(held), 0) FROM allocation WHERE lot_id = lot.id) AS allocated, "
        "(SELECT COALESCE(SUM(credits), 0) FROM allocation WHERE lot_id = lot.id) AS drawn "
        "FROM lot WHERE account_id = ?",
        (account_id,),
    )
    for row in lots:
        yield from _differ(
            sentence("credits held from lot {lot}", lot=str(row.id)),
            sentence("the lot"),
            row.held,
            sentence("the holds"),
            row.allocated,
        )
        if row.spent + row.held > row.drawn:
            yield sentence(
                "lot {lot} shows {busy} credits used and held, but its holds took {drawn}",
                lot=str(row.id),
                busy=row.spent + row.held,
                drawn=row.drawn,
            )
    holds = database.rows(
        "SELECT h.id, h.credits, COALESCE(SUM(a.credits), 0) AS drawn "
        "FROM hold h LEFT JOIN allocation a ON a.hold_id = h.id "
        "WHERE h.account_id = ? GROUP BY h.id, h.credits HAVING h.credits <> COALESCE(SUM(a.credits), 0)",
        (account_id,),
    )
    for row in holds:
        yield from _differ(
            sentence("credits of hold {hold}", hold=str(row.id)),
            sentence("the hold"),
            row.credits,
            sentence("its lots"),
            row.drawn,
        )


def _use(database: Database, account_id: int) -> Iterator[Sentence]:
    lot, period = tables.Lot, tables.Period
    spent = database.scalar(lot.select(_sum(lot.spent)).where(lot.account == account_id))
    used = database.scalar(period.select(_sum(period.used)).where(period.account == account_id))
    yield from _differ(sentence("credits used"), _LOTS, spent, _PERIODS, used)
    days = database.rows(
        "SELECT day, SUM(counted) AS counted, SUM(told) AS told FROM ("
        "SELECT day, credits AS counted, 0 AS told FROM use_by_day WHERE account_id = ? "
        "UNION ALL SELECT day, 0, -delta FROM entry WHERE account_id = ? AND kind IN (?, ?)"
        ") AS days GROUP BY day HAVING SUM(counted) <> SUM(told) ORDER BY day",
        (account_id, account_id, Kind.USED, Kind.RELEASED),
    )
    for row in days:
        yield from _differ(
            sentence("credits used on {day}", day=row.day),
            sentence("the days"),
            row.counted,
            _ENTRIES,
            row.told,
        )


def _periods(database: Database, account: Any) -> Iterator[Sentence]:
    rows = database.rows(
        'SELECT "index", starts, ends, granted, '
        "(SELECT COALESCE(SUM(granted), 0) FROM lot "
        'WHERE lot.account_id = period.account_id AND period_index = "index") AS given, '
        "(SELECT COALESCE(SUM(m.credits), 0) FROM movement m JOIN lot l ON l.id = m.lot_id "
        "JOIN entry e ON e.account_id = m.account_id AND e.seq = m.seq "
        "WHERE l.account_id = period.account_id AND e.kind = ? "
        'AND l.period_index = period."index") AS taken_back '
        'FROM period WHERE account_id = ? ORDER BY "index"',
        (Kind.TAKEN_BACK, account.id),
    )
    for expected, row in enumerate(rows):
        if row.index != expected:
            yield sentence("period {period} is missing", period=expected)
            return
        if expected and row.starts != rows[expected - 1].ends:
            yield sentence(
                "period {period} starts on {starts}, but the one before it ends on {ends}",
                period=expected,
                starts=row.starts,
                ends=rows[expected - 1].ends,
            )
        yield from _differ(
            sentence("credits granted in period {period}", period=expected),
            sentence("the period"),
            row.granted,
            _LOTS,
            row.given + row.taken_back,
        )
    yield from _differ(
        sentence("the current period"), _ACCOUNT, account.period_index, _PERIODS, len(rows) - 1
    )


def _purchases(database: Database, account_id: int) -> Iterator[Sentence]:
    """What was bought against the lots that it made."""
    bought = database.rows(
        'SELECT o.number, o.credits, COALESCE(l.granted, 0) AS granted FROM "order" o LEFT JOIN lot l '
        "ON l.account_id = o.account_id AND l.grant_key = 'order:' || CAST(o.number AS TEXT) "
        "WHERE o.account_id = ? AND o.cause = ? AND COALESCE(l.granted, 0) <> o.credits "
        "ORDER BY o.number",
        (account_id, Change.PURCHASE),
    )
    for row in bought:
        yield from _differ(
            sentence("credits of order {order}", order=row.number),
            sentence("the order"),
            row.credits,
            _LOTS,
            row.granted,
        )


def _notices(database: Database, account_id: int) -> Iterator[Sentence]:
    lost = database.rows(
        "SELECT n.id FROM notice n "
        'LEFT JOIN period p ON p.account_id = n.account_id AND p."index" = n.period_index '
        "WHERE n.account_id = ? AND (p.account_id IS NULL OR n.epoch > p.epoch)",
        (account_id,),
    )
    for row in lost:
        yield sentence(
            "notice {notice} belongs to a period or an epoch that doesn't exist", notice=str(row.id)
        )


def _differ(
    what: Sentence, place: Sentence, number: int, other_place: Sentence, other: int
) -> Iterator[Sentence]:
    if number != other:
        yield sentence(
            "{what}: {number} according to {place}, {other} according to {other_place}",
            what=what,
            number=number,
            place=place,
            other=other,
            other_place=other_place,
        )


def _sum(column: peewee.Field) -> peewee.Function:
    return peewee.fn.COALESCE(peewee.fn.SUM(column), 0)
