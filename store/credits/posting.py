"""One account's change: entries, lots, balances, orders and notices, written within one transaction.

A posting starts from the account as it was read after the transaction took the write lock, and ends with
`save`, which writes the balances if they are still what was read. All that it writes is guarded, so that a
row that isn't as expected stops the transaction instead of being damaged further.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from sqlite3 import Cursor

from store.clock import local_midnight, micros
from store.credits import notices
from store.credits.catalog import Product
from store.credits.lots import Share, in_order_of_use
from store.credits.model import Kind, Lot, Pool
from store.credits.rows import AccountState, insert, read_lots
from store.database import Database
from store.errors import DatabaseTrouble
from store.sentences import sentence

CHANNELS = ("screen", "email")
TEST_CARD = "Test card 4242"


class Posting:
    """A change under way. today: its day, local to the account's time zone; at: its instant, as stored."""

    def __init__(
        self, database: Database, product: Product, state: AccountState, at: datetime, today: date
    ) -> None:
        self.database = database
        self.product = product
        self.account = state.account
        self.period = state.period
        self.at = micros(at)
        self.today = today
        self.available = dict(state.available)
        self.held = dict(state.held)
        self.due_on = state.due_on
        self._state = state
        self._seq = state.seq

    def lots(self) -> list[Lot]:
        """The lots from which something remains, in the order of use."""
        return in_order_of_use(read_lots(self.database, self.account.id))

    def move(self, share: Share, source: str, target: str) -> None:
        """Moves credits of a lot between its columns: remaining, held, spent, lapsed."""
        one_row(
            self.database.execute(
                f"UPDATE lot SET {source} = {source} - ?, {target} = {target} + ? "
                f"WHERE id = ? AND {source} >= ?",
                (share.credits, share.credits, share.lot_id, share.credits),
            )
        )

    def enter(
        self,
        pool: Pool,
        kind: Kind,
        delta: int,
        *,
        cause: str,
        reference: str,
        count: int = 0,
        waived: int = 0,
    ) -> None:
        """Adds a line to the history and moves the pool's balance along."""
        self._seq += 1
        self.available[pool] += delta
        insert(
            self.database,
            "entry",
            account_id=self.account.id,
            seq=self._seq,
            at=self.at,
            day=self.today.isoformat(),
            pool=pool,
            kind=kind,
            delta=delta,
            balance=self.available[pool],
            amount=waived or abs(delta),
            cause=cause,
            reference=reference,
            count=count,
        )

    def order(self, *, key: str, cause: str, plan: str, credits: int, cents: int) -> int:
        """Records what was charged. The order's number."""
        (number,) = self.database.execute(
            'SELECT COALESCE(MAX(number), 0) + 1 FROM "order" WHERE account_id = ?', (self.account.id,)
        ).fetchone()
        insert(
            self.database,
            "order",
            account_id=self.account.id,
            number=number,
            key=key,
            at=self.at,
            day=self.today.isoformat(),
            cause=cause,
            plan=plan,
            credits=credits,
            cents=cents,
            card=TEST_CARD,
        )
        return int(number)

    def grant(
        self, pool: Pool, credits: int, *, key: str, expires_on: date | None, cause: str, reference: str
    ) -> None:
        """Adds a lot of credits, with its line."""
        insert(
            self.database,
            "lot",
            account_id=self.account.id,
            grant_key=key,
            pool=pool,
            granted=credits,
            remaining=credits,
            held=0,
            spent=0,
            lapsed=0,
            effective_on=self.today.isoformat(),
            expires_on=expires_on.isoformat() if expires_on else None,
        )
        self.enter(pool, Kind.GRANTED, credits, cause=cause, reference=reference)

    def lapse(self, share: Share, kind: Kind, *, cause: str) -> None:
        """Takes what remains of a lot away, with its line, which refers to the lot."""
        self.move(share, "remaining", "lapsed")
        self.enter(share.pool, kind, -share.credits, cause=cause, reference=str(share.lot_id))

    def use(self, credits: int, cause: str) -> None:
        """Counts credits as used in the current period and today."""
        self.period = replace(self.period, used=self.period.used + credits)
        one_row(
            self.database.execute(
                'UPDATE period SET used = used + ? WHERE account_id = ? AND "index" = ?',
                (credits, self.account.id, self.period.index),
            )
        )
        self.database.execute(
            "INSERT INTO daily_use (account_id, day, cause, credits) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (account_id, day, cause) "
            "DO UPDATE SET credits = daily_use.credits + excluded.credits",
            (self.account.id, self.today.isoformat(), cause, credits),
        )

    def carry(self, cause: str) -> None:
        """Notes the thresholds that are reached, without telling anybody."""
        self._note_reached("carried", cause)

    def notify(self, cause: str) -> None:
        """Notes the thresholds that are newly reached; the highest of them goes to every channel."""
        new = self._note_reached("fired", cause)
        if new:
            (notice_id,) = self.database.execute(
                "SELECT id FROM notice "
                "WHERE account_id = ? AND period_index = ? AND epoch = ? AND threshold = ?",
                (self.account.id, self.period.index, self.period.epoch, max(new)),
            ).fetchone()
            for channel in CHANNELS:
                insert(self.database, "outbox", notice_id=notice_id, channel=channel, done=False)

    def save(self) -> None:
        """Writes the account's row, if it still is as it was read."""
        before, account = self._state, self.account
        due_at = before.due_at
        if self.due_on != before.due_on:
            due_at = micros(local_midnight(self.due_on, account.timezone))
        one_row(
            self.database.execute(
                "UPDATE account SET available_allotted = ?, available_purchased = ?, held_allotted = ?, "
                "held_purchased = ?, seq = ?, clock_floor = ?, due_on = ?, due_at = ?, period_index = ? "
                "WHERE id = ? AND seq = ? AND available_allotted = ? AND available_purchased = ? "
                "AND held_allotted = ? AND held_purchased = ?",
                (
                    *(self.available[pool] for pool in Pool),
                    *(self.held[pool] for pool in Pool),
                    self._seq,
                    self.at,
                    self.due_on.isoformat(),
                    due_at,
                    self.period.index,
                    account.id,
                    before.seq,
                    *(before.available[pool] for pool in Pool),
                    *(before.held[pool] for pool in Pool),
                ),
            )
        )

    def _note_reached(self, kind: str, cause: str) -> list[int]:
        """The thresholds that weren't noted in this epoch yet."""
        busy, available = self.period.used + sum(self.held.values()), sum(self.available.values())
        return [
            threshold
            for threshold in notices.reached(self.product.thresholds, busy, available)
            if self.database.execute(
                "INSERT INTO notice (account_id, period_index, epoch, threshold, at, permille, kind, cause) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (account_id, period_index, epoch, threshold) DO NOTHING",
                (
                    self.account.id,
                    self.period.index,
                    self.period.epoch,
                    threshold,
                    self.at,
                    notices.permille(busy, available),
                    kind,
                    cause,
                ),
            ).rowcount
        ]


def one_row(cursor: Cursor) -> None:
    """Raises DatabaseTrouble unless the statement changed exactly one row, as every guarded one must."""
    if cursor.rowcount != 1:
        raise damaged()


def damaged() -> DatabaseTrouble:
    """What to raise where rows don't agree with one another."""
    return DatabaseTrouble(
        sentence(
            "The ledger doesn't agree with itself, so this was not done; all before it is kept. "
            "Run `textmeter verify`, and put a backup in place of the database."
        ),
        code="ledger-damaged",
    )
