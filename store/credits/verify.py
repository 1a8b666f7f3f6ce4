"""Proof: replays the entries and compares with every number that is kept beside them. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from store.credits.model import Change, Kind, Pool, Verification
from store.database import Database
from store.sentences import N_, Sentence, sentence

_ACCOUNT = sentence("the account")
_ENTRIES = sentence("the entries")
_LOTS = sentence("the lots")
_PERIODS = sentence("the periods")
_POOLS: dict[str, str] = {Pool.ALLOTTED: N_("allotted"), Pool.PURCHASED: N_("purchased")}
_TAKEN_AWAY = (Kind.EXPIRED, Kind.FORFEITED, Kind.TAKEN_BACK, Kind.ENDED)


def verify(database: Database) -> Verification:
    """See Ledger.verify. Each problem names its account."""
    accounts = [row[0] for row in database.execute("SELECT id FROM account ORDER BY id")]
    (entries,) = database.execute("SELECT COUNT(*) FROM entry").fetchone()
    problems = [
        sentence("account {account}: {problem}", account=str(account_id), problem=problem)
        for account_id in accounts
        for problem in _problems(database, account_id)
    ]
    return Verification(len(accounts), entries, tuple(problems))


def _problems(database: Database, account_id: int) -> Iterator[Sentence]:
    totals: dict[tuple[str, str], int] = {}
    yield from _replay(database, account_id, totals)
    yield from _lots(database, account_id, totals)
    yield from _movements(database, account_id)
    yield from _holds(database, account_id)
    yield from _use(database, account_id)
    yield from _periods(database, account_id)
    yield from _orders(database, account_id)
    yield from _notices(database, account_id)


def _replay(database: Database, account_id: int, totals: dict[tuple[str, str], int]) -> Iterator[Sentence]:
    """The entries, one after the other; fills totals: the sum of deltas by pool and kind."""
    seq, day, balances = 0, "", dict.fromkeys(map(str, Pool), 0)
    rows = database.execute(
        "SELECT seq, day, pool, kind, delta, balance FROM entry WHERE account_id = ? ORDER BY seq",
        (account_id,),
    )
    for number, entry_day, pool, kind, delta, balance in rows:
        seq += 1
        if number != seq:
            yield sentence("entry {entry} is missing", entry=seq)
            seq = number
        if entry_day < day:
            yield sentence(
                "entry {entry} is of {day}, before the one that it follows", entry=seq, day=entry_day
            )
        day = entry_day
        balances[pool] += delta
        if balances[pool] != balance:
            yield sentence(
                "entry {entry} leaves {balance} {pool} credits, those up to it add up to {sum}",
                entry=seq,
                balance=balance,
                pool=Sentence(_POOLS[pool]),
                sum=balances[pool],
            )
            balances[pool] = balance
        totals[pool, kind] = totals.get((pool, kind), 0) + delta
    row = _row(
        database, "SELECT seq, available_allotted, available_purchased FROM account WHERE id = ?", account_id
    )
    yield from _differ(sentence("the last entry's number"), _ACCOUNT, row[0], _ENTRIES, seq)
    for pool, available in zip(Pool, row[1:], strict=True):
        yield from _differ(
            sentence("{pool} credits available", pool=Sentence(_POOLS[pool])),
            _ACCOUNT,
            available,
            _ENTRIES,
            balances[pool],
        )


def _lots(database: Database, account_id: int, totals: dict[tuple[str, str], int]) -> Iterator[Sentence]:
    for pool in Pool:
        words = Sentence(_POOLS[pool])
        remaining, held, spent, lapsed, granted = _row(
            database,
            "SELECT COALESCE(SUM(remaining), 0), COALESCE(SUM(held), 0), COALESCE(SUM(spent), 0), "
            "COALESCE(SUM(lapsed), 0), COALESCE(SUM(granted), 0) FROM lot WHERE account_id = ? AND pool = ?",
            account_id,
            pool,
        )
        account_available, account_held = _row(
            database, f"SELECT available_{pool}, held_{pool} FROM account WHERE id = ?", account_id
        )
        yield from _differ(
            sentence("{pool} credits available", pool=words), _ACCOUNT, account_available, _LOTS, remaining
        )
        yield from _differ(sentence("{pool} credits held", pool=words), _ACCOUNT, account_held, _LOTS, held)
        sums = {kind: totals.get((pool, kind), 0) for kind in Kind}
        added = sums[Kind.GRANTED] + sums[Kind.PURCHASED]
        busy = -sums[Kind.USED] - sums[Kind.RELEASED]
        gone = -sum(sums[kind] for kind in _TAKEN_AWAY)
        yield from _differ(sentence("{pool} credits granted", pool=words), _LOTS, granted, _ENTRIES, added)
        yield from _differ(
            sentence("{pool} credits used and held", pool=words), _LOTS, spent + held, _ENTRIES, busy
        )
        yield from _differ(sentence("{pool} credits lapsed", pool=words), _LOTS, lapsed, _ENTRIES, gone)
    damaged = database.execute(
        "SELECT id FROM lot WHERE account_id = ? AND (remaining + held + spent + lapsed <> granted "
        "OR remaining < 0 OR held < 0 OR spent < 0 OR lapsed < 0)",
        (account_id,),
    )
    for (lot_id,) in damaged:
        yield sentence("lot {lot} doesn't add up to what was granted", lot=str(lot_id))


def _movements(database: Database, account_id: int) -> Iterator[Sentence]:
    """The parts of lines that concern lots. Lines and lots of an older Textmeter have none."""
    lines = database.execute(
        "SELECT e.seq, e.delta, SUM(m.credits) FROM entry e "
        "JOIN movement m ON m.account_id = e.account_id AND m.seq = e.seq "
        "WHERE e.account_id = ? GROUP BY e.seq, e.delta HAVING e.delta <> SUM(m.credits) ORDER BY e.seq",
        (account_id,),
    )
    for seq, delta, moved in lines:
        yield from _differ(
            sentence("credits of entry {entry}", entry=seq), sentence("the entry"), delta, _LOTS, moved
        )
    lots = database.execute(
        "SELECT l.id, l.remaining, SUM(m.credits) FROM lot l JOIN movement m ON m.lot_id = l.id "
        "WHERE l.account_id = ? GROUP BY l.id, l.remaining, l.granted "
        "HAVING MAX(m.credits) = l.granted AND l.remaining <> SUM(m.credits) ORDER BY l.id",
        (account_id,),
    )
    for lot_id, remaining, moved in lots:
        yield from _differ(
            sentence("credits that remain of lot {lot}", lot=str(lot_id)),
            sentence("the lot"),
            remaining,
            _ENTRIES,
            moved,
        )


def _holds(database: Database, account_id: int) -> Iterator[Sentence]:
    lots = database.execute(
        "SELECT id, held, spent, (SELECT COALESCE(SUM(held), 0) FROM allocation WHERE lot_id = lot.id), "
        "(SELECT COALESCE(SUM(credits), 0) FROM allocation WHERE lot_id = lot.id) "
        "FROM lot WHERE account_id = ?",
        (account_id,),
    )
    for lot_id, held, spent, allocated, drawn in lots:
        yield from _differ(
            sentence("credits held of lot {lot}", lot=str(lot_id)),
            sentence("the lot"),
            held,
            sentence("the holds"),
            allocated,
        )
        if spent + held > drawn:
            yield sentence(
                "lot {lot} says {busy} credits are used and held, its holds drew {drawn}",
                lot=str(lot_id),
                busy=spent + held,
                drawn=drawn,
            )
    holds = database.execute(
        "SELECT h.id, h.credits, COALESCE(SUM(a.credits), 0) "
        "FROM hold h LEFT JOIN allocation a ON a.hold_id = h.id "
        "WHERE h.account_id = ? GROUP BY h.id, h.credits HAVING h.credits <> COALESCE(SUM(a.credits), 0)",
        (account_id,),
    )
    for hold_id, credits, drawn in holds:
        yield from _differ(
            sentence("credits of hold {hold}", hold=str(hold_id)),
            sentence("the hold"),
            credits,
            sentence("its lots"),
            drawn,
        )


def _use(database: Database, account_id: int) -> Iterator[Sentence]:
    (spent,) = _row(database, "SELECT COALESCE(SUM(spent), 0) FROM lot WHERE account_id = ?", account_id)
    for place, table, column in (
        (_PERIODS, "period", "used"),
        (sentence("the days"), "use_by_day", "credits"),
    ):
        statement = f"SELECT COALESCE(SUM({column}), 0) FROM {table} WHERE account_id = ?"
        yield from _differ(
            sentence("credits used"), _LOTS, spent, place, _row(database, statement, account_id)[0]
        )


def _periods(database: Database, account_id: int) -> Iterator[Sentence]:
    rows = database.execute(
        'SELECT "index", starts, ends, granted, '
        "(SELECT COALESCE(SUM(granted), 0) FROM lot "
        'WHERE lot.account_id = period.account_id AND period_index = "index"), '
        "(SELECT COALESCE(SUM(m.credits), 0) FROM movement m JOIN lot l ON l.id = m.lot_id "
        "JOIN entry e ON e.account_id = m.account_id AND e.seq = m.seq "
        f"WHERE l.account_id = period.account_id AND e.kind = '{Kind.TAKEN_BACK}' "
        'AND l.period_index = period."index") '
        'FROM period WHERE account_id = ? ORDER BY "index"',
        (account_id,),
    ).fetchall()
    for expected, (index, starts, _, kept, granted, taken_back) in enumerate(rows):
        if index != expected:
            yield sentence("period {period} is missing", period=expected)
            return
        if index and starts != rows[index - 1][2]:
            yield sentence(
                "period {period} starts on {starts}, the one before it ends on {ends}",
                period=index,
                starts=starts,
                ends=rows[index - 1][2],
            )
        yield from _differ(
            sentence("credits granted in period {period}", period=index),
            sentence("the period"),
            kept,
            _LOTS,
            granted + taken_back,
        )
    (current,) = _row(database, "SELECT period_index FROM account WHERE id = ?", account_id)
    yield from _differ(sentence("the current period"), _ACCOUNT, current, _PERIODS, len(rows) - 1)


def _orders(database: Database, account_id: int) -> Iterator[Sentence]:
    """What was bought against the lots that it made; and that nothing counts as paid which wasn't charged."""
    bought = database.execute(
        'SELECT o.number, o.credits, COALESCE(l.granted, 0) FROM "order" o LEFT JOIN lot l '
        "ON l.account_id = o.account_id AND l.grant_key = 'order:' || CAST(o.number AS TEXT) "
        f"WHERE o.account_id = ? AND o.cause = '{Change.PURCHASE}' AND COALESCE(l.granted, 0) <> o.credits "
        "ORDER BY o.number",
        (account_id,),
    )
    for number, credits, granted in bought:
        yield from _differ(
            sentence("credits of order {order}", order=number), sentence("the order"), credits, _LOTS, granted
        )
    uncharged = database.execute(
        "SELECT number FROM \"order\" WHERE account_id = ? AND state = 'paid' AND cents > 0 AND card = '' "
        "ORDER BY number",
        (account_id,),
    )
    for (number,) in uncharged:
        yield sentence("order {order} counts as paid, but no card was charged", order=number)


def _notices(database: Database, account_id: int) -> Iterator[Sentence]:
    lost = database.execute(
        "SELECT n.id FROM notice n "
        'LEFT JOIN period p ON p.account_id = n.account_id AND p."index" = n.period_index '
        "WHERE n.account_id = ? AND (p.account_id IS NULL OR n.epoch > p.epoch)",
        (account_id,),
    )
    for (notice_id,) in lost:
        yield sentence("notice {notice} is of a period or an epoch that isn't there", notice=str(notice_id))


def _differ(
    what: Sentence, place: Sentence, number: int, other_place: Sentence, other: int
) -> Iterator[Sentence]:
    if number != other:
        yield sentence(
            "{what}: {number} by {place}, {other} by {other_place}",
            what=what,
            number=number,
            place=place,
            other=other,
            other_place=other_place,
        )


def _row(database: Database, statement: str, *values: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] = database.execute(statement, values).fetchone()
    return row
