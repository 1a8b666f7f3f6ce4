"""One account's change: entries, lots, balances, plan and notices, written within one transaction.

A posting starts from the account as it was read after the transaction took the write lock, and ends with
`save`, which writes the balances if they are still what was read. All that it writes is guarded, so that a
row that isn't as expected stops the transaction instead of being damaged further.

Raw SQL: a hold and its settling are to take no more than four times what their bare statements do
(tests/benchmarks), and peewee alone takes as much for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from store.clock import local_midnight, micros
from store.credits import notices, tables
from store.credits.catalog import Plan, Product
from store.credits.lots import Share, by_pool, in_order_of_use
from store.credits.model import Kind, Lot, Pool, Use
from store.credits.row_mapping import AccountState, damaged, insert, insert_numbered, read_lots
from store.database import Database

CHANNELS = ("screen", "email")

_MOVES = {
    ("remaining", "held"): (
        "UPDATE lot SET remaining = remaining - ?, held = held + ? WHERE id = ? AND remaining >= ?"
    ),
    ("remaining", "lapsed"): (
        "UPDATE lot SET remaining = remaining - ?, lapsed = lapsed + ? WHERE id = ? AND remaining >= ?"
    ),
    ("held", "spent"): "UPDATE lot SET held = held - ?, spent = spent + ? WHERE id = ? AND held >= ?",
    ("spent", "held"): "UPDATE lot SET spent = spent - ?, held = held + ? WHERE id = ? AND spent >= ?",
    ("held", "remaining"): (
        "UPDATE lot SET held = held - ?, remaining = remaining + ? WHERE id = ? AND held >= ?"
    ),
}
"""What moves credits of a lot from one of its columns to another."""


class Posting:
    """A change under way. today: its day, local to the account's time zone; at: its instant, as stored.

    account, period, due_on, owing: as they are to be when it is saved; who makes the change sets them.
    person: whose doing it is, "" for time's.
    """

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
        self.owing = state.owing
        self.person = ""
        self._state = state
        self._seq = state.seq

    @property
    def plan(self) -> Plan:
        """The account's plan."""
        return self.product.plan(self.account.plan)

    def lots(self) -> list[Lot]:
        """The lots from which something remains, in the order of use."""
        return in_order_of_use(read_lots(self.database, self.account.id))

    def move(self, share: Share, source: str, target: str) -> None:
        """Moves credits of a lot between its columns, as `_MOVES` has them."""
        values = (share.credits, share.credits, share.lot_id, share.credits)
        one_row(self.database.execute(_MOVES[source, target], values).rowcount)

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
        shares: Iterable[Share] = (),
    ) -> int:
        """Adds a line to the history and moves the pool's balance along. shares: the lots that it concerns,
        those of other pools left out. The line's number."""
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
            person=self._person_of(kind),
        )
        for position, share in enumerate(share for share in shares if share.pool is pool):
            insert(
                self.database,
                "movement",
                account_id=self.account.id,
                seq=self._seq,
                position=position,
                lot_id=share.lot_id,
                credits=share.credits if delta > 0 else -share.credits,
            )
        return self._seq

    def add_to_line(
        self,
        pool: Pool,
        kind: Kind,
        delta: int,
        *,
        cause: str,
        reference: str,
        shares: Iterable[Share],
        after: int = 0,
    ) -> int:
        """As `enter`, but what is the same person's doing, of the same cause and reference, is one line a
        day, which grows. after: only a line behind the one of that number does, so that no balance between
        the two falls below zero. The balances of the lines behind it move along."""
        line = self.database.row(
            "SELECT MAX(seq) AS seq FROM entry WHERE account_id = ? AND day = ? AND pool = ? AND kind = ? "
            "AND cause = ? AND reference = ? AND person = ? AND seq > ?",
            (
                self.account.id,
                self.today.isoformat(),
                pool,
                kind,
                cause,
                reference,
                self._person_of(kind),
                after,
            ),
        )
        if line.seq is None:
            return self.enter(pool, kind, delta, cause=cause, reference=reference, shares=shares)
        self.available[pool] += delta
        key = self.account.id, line.seq
        grown = self.database.execute(
            "UPDATE entry SET delta = delta + ?, amount = amount + ? WHERE account_id = ? AND seq = ?",
            (delta, abs(delta), *key),
        )
        one_row(grown.rowcount)
        self.database.execute(
            "UPDATE entry SET balance = balance + ? WHERE account_id = ? AND seq >= ? AND pool = ?",
            (delta, *key, pool),
        )
        for share in shares:
            if share.pool is pool:
                self._add_movement(line.seq, share.lot_id, share.credits if delta > 0 else -share.credits)
        return int(line.seq)

    def _add_movement(self, line: int, lot_id: int, credits: int) -> None:
        key = self.account.id, line
        grown = self.database.execute(
            "UPDATE movement SET credits = credits + ? WHERE account_id = ? AND seq = ? AND lot_id = ?",
            (credits, *key, lot_id),
        )
        if not grown.rowcount:
            self.database.execute(
                "INSERT INTO movement (account_id, seq, position, lot_id, credits) "
                "SELECT ?, ?, COALESCE(MAX(position), -1) + 1, ?, ? FROM movement "
                "WHERE account_id = ? AND seq = ?",
                (*key, lot_id, credits, *key),
            )

    def _person_of(self, kind: Kind) -> str:
        """Whose doing a line is: that credits expire is always time's."""
        return self.person if kind is not Kind.EXPIRED else ""

    def add(
        self, pool: Pool, credits: int, *, key: str, expires_on: date | None, cause: str, reference: str
    ) -> None:
        """Adds a lot of credits, with its line: granted by the plan, or purchased."""
        if not credits:
            return
        granted = pool is Pool.ALLOTTED
        lot_id = insert_numbered(
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
            period_index=self.period.index if granted else None,
        )
        kind = Kind.GRANTED if granted else Kind.PURCHASED
        shares = [Share(lot_id, pool, credits)]
        self.enter(pool, kind, credits, cause=cause, reference=reference, shares=shares)
        if granted:
            self.change_period(granted=self.period.granted + credits)

    def lapse(self, shares: Sequence[Share], kind: Kind, *, cause: str, reference: str = "") -> None:
        """Takes what remains of lots away, with a line for each pool."""
        for share in shares:
            self.move(share, "remaining", "lapsed")
        for pool, credits in by_pool(shares).items():
            self.enter(pool, kind, -credits, cause=cause, reference=reference, shares=shares)

    def change_period(self, **values: date | int) -> None:
        """Changes the current period."""
        self.period = period = replace(self.period, **values)  # type: ignore[arg-type]
        changed = self.database.execute(
            "UPDATE period SET ends = ?, used = ?, granted = ?, epoch = ?, to_take = ? "
            'WHERE account_id = ? AND "index" = ?',
            (
                period.ends.isoformat(),
                period.used,
                period.granted,
                period.epoch,
                period.to_take,
                self.account.id,
                period.index,
            ),
        )
        one_row(changed.rowcount)

    def settle_of(self, held_on: date, credits: int) -> None:
        """Counts credits as used in the period in which they were held, whose line tells them; fewer than 0
        no longer."""
        if held_on >= self.period.starts:
            self.change_period(used=self.period.used + credits)
            return
        earlier = self.database.execute(
            "UPDATE period SET used = used + ? WHERE account_id = ? AND starts <= ? AND ends > ?",
            (credits, self.account.id, held_on.isoformat(), held_on.isoformat()),
        )
        one_row(earlier.rowcount)

    def use(self, credits: int, use: Use) -> None:
        """Counts credits as used today, or fewer where they come back."""
        self.database.execute(
            "INSERT INTO use_by_day (account_id, day, use, credits) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (account_id, day, use) "
            "DO UPDATE SET credits = use_by_day.credits + excluded.credits",
            (self.account.id, self.today.isoformat(), use, credits),
        )

    def new_epoch(self, cause: str) -> None:
        """Credits were added: what is below its threshold now can be told again."""
        self.change_period(epoch=self.period.epoch + 1)
        self.carry(cause)

    def carry(self, cause: str) -> None:
        """Notes the thresholds that are reached, without telling anybody."""
        self._note_reached("carried", cause)

    def notify(self, cause: str) -> None:
        """Notes the thresholds that are newly reached; the highest of them goes to every channel."""
        if new := self._note_reached("fired", cause):
            self._give(max(new))

    def notify_unpaid(self) -> None:
        """Notes that the period's renewal isn't paid, for every channel; once."""
        if self._note(notices.UNPAID, "fired", notices.UNPAID_CAUSE):
            self._give(notices.UNPAID)

    def unnotify_unpaid(self) -> None:
        """It is paid: who wasn't told yet needn't be."""
        notice, outbox = tables.Notice, tables.Outbox
        unpaid = notice.select(notice.id).where(
            notice.account == self.account.id, notice.threshold == notices.UNPAID
        )
        self.database.run(outbox.update(done=True).where(outbox.notice.in_(unpaid)))

    def _give(self, threshold: int) -> None:
        """Has a notice of this epoch given on every channel."""
        notice = tables.Notice
        its = notice.select(notice.id).where(
            notice.account == self.account.id,
            notice.period_index == self.period.index,
            notice.epoch == self.period.epoch,
            notice.threshold == threshold,
        )
        told = [{"notice": self.database.scalar(its), "channel": channel} for channel in CHANNELS]
        self.database.run(tables.Outbox.insert_many(told))

    def save(self) -> None:
        """Writes the account's row, if it still is as it was read."""
        before, account = self._state, self.account
        due_at = before.due_at
        if self.due_on != before.due_on:
            due_at = micros(local_midnight(self.due_on, account.timezone))
        values: dict[str, object] = {
            "seq": self._seq,
            "clock_floor": self.at,
            "due_on": self.due_on.isoformat(),
            "due_at": due_at,
            "period_index": self.period.index,
            "owing": self.owing,
        }
        if account is not before.account:
            values |= {
                "plan": account.plan,
                "billing": account.billing,
                "pending_plan": account.pending_plan,
                "pending_billing": account.pending_billing,
                "billed_from": account.billed_from.isoformat(),
                "billed_until": account.billed_until.isoformat(),
                "anchor": account.anchor.isoformat(),
                "owed": account.owed,
                "owed_since": account.owed_since.isoformat() if account.owed_since else None,
            }
        was: dict[str, object] = {"id": account.id, "seq": before.seq}
        for pool in Pool:
            values |= {f"available_{pool}": self.available[pool], f"held_{pool}": self.held[pool]}
            was |= {f"available_{pool}": before.available[pool], f"held_{pool}": before.held[pool]}
        assignments = ", ".join(f"{name} = ?" for name in values)
        guards = " AND ".join(f"{name} = ?" for name in was)
        saved = self.database.execute(
            f"UPDATE account SET {assignments} WHERE {guards}", (*values.values(), *was.values())
        )
        one_row(saved.rowcount)

    def _note_reached(self, kind: str, cause: str) -> list[int]:
        """The thresholds that weren't noted in this epoch yet."""
        busy, available = self.period.used + sum(self.held.values()), sum(self.available.values())
        return [
            threshold
            for threshold in notices.reached(self.product.thresholds, busy, available)
            if self._note(threshold, kind, cause)
        ]

    def _note(self, threshold: int, kind: str, cause: str) -> int:
        """Notes a threshold; how many rows that added, none where it was noted in this epoch."""
        busy, available = self.period.used + sum(self.held.values()), sum(self.available.values())
        return self.database.execute(
            "INSERT INTO notice "
            "(account_id, period_index, epoch, threshold, at, permille, busy, capacity, kind, cause) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (account_id, period_index, epoch, threshold) DO NOTHING",
            (
                self.account.id,
                self.period.index,
                self.period.epoch,
                threshold,
                self.at,
                notices.permille(busy, available),
                busy,
                busy + available,
                kind,
                cause,
            ),
        ).rowcount


def one_row(changed: int) -> None:
    """Raises DatabaseTrouble unless a statement changed exactly one row, as every guarded one must."""
    if changed != 1:
        raise damaged()
