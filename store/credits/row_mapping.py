"""Rows become values and back.

Raw SQL is what every balance and every posting stands on: an account as it stands, its lots, and the rows
that are added (peewee takes 0.3 ms to put a statement together, and a renewal adds five rows: a year's would
take longer than tests/benchmarks allow). Its rows are read by name, as those of peewee's queries are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import Any, NamedTuple, TypeVar

import peewee

from store.clock import instant
from store.credits import tables
from store.credits.model import Account, Balance, Entry, Kind, Lot, Notice, Period, Pool, Use
from store.database import Database
from store.errors import DatabaseTrouble, WrongUsage
from store.prepared import Prepared
from store.sentences import sentence

# Looked up for each line of a page: four times as fast as the enumerations themselves.
_POOLS = {str(pool): pool for pool in Pool}
_KINDS = {str(kind): kind for kind in Kind}


Made = TypeVar("Made")


def damaged() -> DatabaseTrouble:
    """What to raise where rows don't agree with one another, or can't be read."""
    return DatabaseTrouble(
        sentence(
            "The ledger doesn't add up, so this wasn't done; everything before it was saved. Run "
            "`textmeter verify`, then restore a backup."
        ),
        code="ledger-damaged",
    )


def readable(make: Callable[..., Made]) -> Callable[..., Made]:
    """What is made of rows that may be damaged; raises DatabaseTrouble where they are: a day that is no
    date."""

    @wraps(make)
    def read(*row: Any, **how: Any) -> Made:
        try:
            return make(*row, **how)
        except (ValueError, TypeError, OverflowError) as error:
            raise damaged() from error

    return read


class AccountState(NamedTuple):
    """An account's row and its current period's: all that a balance is made of.

    due_on, due_at: the next boundary, as a local day and its first instant (microseconds). owing: whether a
    payment isn't known yet or an order is due.
    """

    account: Account
    period: Period
    seq: int
    due_on: date
    due_at: int
    owing: bool
    available: dict[Pool, int]
    held: dict[Pool, int]

    def balance(self) -> Balance:
        available, held = sum(self.available.values()), sum(self.held.values())
        return Balance(
            account=self.account,
            available=available,
            held=held,
            allotted=self.available[Pool.ALLOTTED],
            purchased=self.available[Pool.PURCHASED],
            used=self.period.used,
            capacity=self.period.used + held + available,
            period=self.period,
        )


class Due(NamedTuple):
    """What tells whether an account is of the present; see `tables.Account`."""

    due_at: int
    clock_floor: int
    demo_clock: bool
    owing: bool
    owed: bool

    @property
    def stuck(self) -> bool:
        """Whether a renewal isn't known to be paid or declined yet: what comes after it hangs on that."""
        return self.owing and self.owed


def insert(database: Database, table: str, **values: object) -> None:
    """Adds a row."""
    database.execute(_insertion(table, tuple(values)), tuple(values.values()))


def insert_numbered(database: Database, table: str, **values: object) -> int:
    """Adds a row to a table that numbers its rows; the number."""
    added = database.row(_insertion(table, tuple(values)) + " RETURNING id", tuple(values.values()))
    return int(added.id)


@lru_cache(maxsize=64)
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'


# Accounts and their periods


_ACCOUNTS = Prepared(lambda _: tables.Account.select().order_by(tables.Account.id))
_ONE_ACCOUNT = Prepared(lambda _, account: tables.Account.select().where(tables.Account.id == account))
_MOVE_FLOOR = Prepared(
    lambda _, account, at: tables.Account.update(clock_floor=at).where(
        (tables.Account.id == account) & (tables.Account.clock_floor < at)
    )
)


def read_accounts(database: Database) -> list[Account]:
    """All accounts, in the order in which they were opened."""
    return [_account(row) for row in database.fetch(_ACCOUNTS())]


def read_account(database: Database, account_id: int) -> Account | None:
    """None where there is no such account."""
    return next((_account(row) for row in database.fetch(_ONE_ACCOUNT(account=account_id))), None)


def read_due(database: Database, account_id: int) -> Due:
    """Raises WrongUsage where there is no such account."""
    row = database.row(
        "SELECT due_at, clock_floor, demo_clock, owing, owed FROM account WHERE id = ?", (account_id,)
    )
    if row is None:
        raise no_such_account(account_id)
    return Due(row.due_at, row.clock_floor, bool(row.demo_clock), bool(row.owing), bool(row.owed))


def read_demo_clock(database: Database, account_id: int) -> bool:
    """Whether an account has a demo clock. Raises WrongUsage where there is no such account."""
    return read_due(database, account_id).demo_clock


@readable
def read_state(database: Database, account_id: int, *, to_change: bool = False) -> AccountState:
    """An account as it stands. to_change: nobody else changes it until the transaction ends. Raises
    WrongUsage where there is none of that id."""
    if to_change:
        lock_account(database, account_id)
    row = database.row(
        'SELECT a.*, p."index", p.starts, p.ends, p.used, p.granted, p.epoch, p.to_take FROM account a '
        'JOIN period p ON p.account_id = a.id AND p."index" = a.period_index WHERE a.id = ?',
        (account_id,),
    )
    if row is None:
        raise no_such_account(account_id)
    return AccountState(
        account=_account(row),
        period=_period(row, row.index),
        seq=row.seq,
        due_on=date.fromisoformat(row.due_on),
        due_at=row.due_at,
        owing=bool(row.owing),
        available={Pool.ALLOTTED: row.available_allotted, Pool.PURCHASED: row.available_purchased},
        held={Pool.ALLOTTED: row.held_allotted, Pool.PURCHASED: row.held_purchased},
    )


def lock_account(database: Database, account_id: int) -> None:
    """Makes everybody else wait who would change the account, until the transaction ends. What is read after
    it is as the one who had the lock before left it."""
    if database.for_update:
        database.execute("SELECT id FROM account WHERE id = ? FOR UPDATE", (account_id,)).fetchone()


def move_clock_floor(database: Database, account_id: int, at: int) -> None:
    """Notes that an account's time was processed up to an instant, if it wasn't further already. Whoever has
    the database locked keeps nobody from reading it: it is noted the next time then."""
    database.run_unless_locked(_MOVE_FLOOR(account=account_id, at=at))


def read_periods(database: Database, account_id: int) -> list[Period]:
    """All of an account's periods, the oldest first."""
    found = tables.Period.select().where(tables.Period.account == account_id).order_by(tables.Period.index_)
    return [_period(row, row.index_) for row in database.find(found)]


def insert_period(database: Database, account_id: int, period: Period) -> None:
    """Adds a period; each is added once, by its index."""
    insert(
        database,
        "period",
        account_id=account_id,
        index=period.index,
        starts=period.starts.isoformat(),
        ends=period.ends.isoformat(),
        used=period.used,
        granted=period.granted,
        epoch=period.epoch,
        to_take=period.to_take,
    )


def no_such_account(account_id: int) -> WrongUsage:
    return WrongUsage(
        sentence(
            "There is no account {account}. `textmeter account list` lists them all.", account=str(account_id)
        ),
        code="no-such-account",
    )


@readable
def _account(row: Any) -> Account:
    return Account(
        id=row.id,
        product=row.product,
        plan=row.plan,
        billing=row.billing,
        pending_plan=row.pending_plan,
        pending_billing=row.pending_billing,
        billed_from=date.fromisoformat(row.billed_from),
        billed_until=date.fromisoformat(row.billed_until),
        timezone=row.timezone,
        country=row.country,
        anchor=date.fromisoformat(row.anchor),
        demo_clock=bool(row.demo_clock),
        opened_at=instant(row.opened_at),
        clock_floor=instant(row.clock_floor),
        owed=row.owed,
        owed_since=date.fromisoformat(row.owed_since) if row.owed_since else None,
        billing_address=row.billing_address,
    )


@readable
def _period(row: Any, index: int) -> Period:
    return Period(
        index=index,
        starts=date.fromisoformat(row.starts),
        ends=date.fromisoformat(row.ends),
        used=row.used,
        granted=row.granted,
        epoch=row.epoch,
        to_take=row.to_take,
    )


# Lots and lines


def read_lots(database: Database, account_id: int) -> list[Lot]:
    """The lots from which something remains to be used, in no order."""
    found = database.rows("SELECT * FROM lot WHERE account_id = ? AND remaining > 0", (account_id,))
    return [lot(row) for row in found]


@readable
def lot(row: Any) -> Lot:
    """A row of `lot`."""
    return Lot(
        id=row.id,
        pool=Pool(row.pool),
        granted=row.granted,
        remaining=row.remaining,
        held=row.held,
        granted_on=date.fromisoformat(row.effective_on),
        expires_on=date.fromisoformat(row.expires_on) if row.expires_on else None,
        period=row.period_index,
    )


@readable
def entry(row: Any) -> Entry:
    """A row of `entry`. By place into `Entry`, since a page takes a quarter longer by its names."""
    return Entry(
        row.seq,
        date.fromisoformat(row.day),
        instant(row.at),
        _POOLS[row.pool],
        _KINDS[row.kind],
        row.delta,
        row.balance,
        row.amount,
        row.cause,
        row.reference,
        row.count,
        row.person,
    )


@readable
def read_uses(database: Database, account_id: int, since: date, until: date) -> dict[date, dict[Use, int]]:
    """Credits used on each local day from one to another, both included, by what they were used for."""
    days: dict[date, dict[Use, int]] = {
        since + timedelta(days=number): {} for number in range((until - since).days + 1)
    }
    used = tables.UseByDay
    found = (
        used.select()
        .where(
            used.account == account_id,
            used.day.between(since.isoformat(), until.isoformat()),
            used.credits != 0,
        )
        .order_by(used.day, used.use)
    )
    for row in database.find(found):
        days[date.fromisoformat(row.day)][Use(row.use)] = row.credits
    return days


# Notices


def read_notices(
    database: Database, account_id: int | None = None, *, waiting: str = "", newest: int | None = None
) -> list[Notice]:
    """Notices, the oldest first. account_id: one account's, None for all. waiting: those that are still to be
    given on a channel. newest: only so many of them."""
    notice, outbox = tables.Notice, tables.Outbox
    ids = notice.select(notice.id).order_by(notice.id.desc()).limit(newest)
    if account_id is not None:
        ids = ids.where(notice.account == account_id)
    if waiting:
        undone = (outbox.channel == waiting) & ~outbox.done
        ids = ids.where(notice.id.in_(outbox.select(outbox.notice).where(undone)))
    found = (
        notice.select(notice, outbox.channel, outbox.done)
        .join(outbox, peewee.JOIN.LEFT_OUTER)
        .where(notice.id.in_(ids))
        .order_by(notice.id, outbox.channel)
    )
    notices: dict[int, Notice] = {}
    for row in database.find(found):
        one = notices.get(row.id) or Notice(
            id=row.id,
            account_id=row.account,
            at=instant(row.at),
            threshold=row.threshold,
            permille=row.permille,
            busy=row.busy,
            capacity=row.capacity,
            kind=row.kind,
            cause=row.cause,
            channels=(),
            given=(),
        )
        if row.channel:
            one = one._replace(channels=(*one.channels, row.channel))
        if row.done:
            one = one._replace(given=(*one.given, row.channel))
        notices[row.id] = one
    return list(notices.values())


def mark_told(database: Database, notice_ids: Sequence[int], channel: str) -> None:
    """Notes that notices were given on a channel."""
    outbox = tables.Outbox
    told = outbox.update(done=True).where(outbox.notice.in_(notice_ids), outbox.channel == channel)
    database.run(told)


_NOTED = Prepared(
    lambda _, account, period, epoch: tables.Notice.select(tables.Notice.threshold).where(
        tables.Notice.account == account, tables.Notice.period_index == period, tables.Notice.epoch == epoch
    )
)


def read_noted(database: Database, account_id: int, period: Period) -> frozenset[int]:
    """The thresholds (percent) noted in a period's present epoch."""
    found = database.fetch(_NOTED(account=account_id, period=period.index, epoch=period.epoch))
    return frozenset(row.threshold for row in found)
