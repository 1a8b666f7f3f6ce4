"""Holding credits, then settling or releasing them: what moves between a lot's remaining, held and spent.

The line in the history is written when credits are held, one a pool, and again when a part comes back;
settling writes none. So the sum of a pool's lines is what it has available at any time.
"""

from __future__ import annotations

from typing import NamedTuple

from store.credits import purchases
from store.credits.lots import Share, by_pool, spread
from store.credits.model import Kind, Pool, Use
from store.credits.posting import Posting, damaged, one_row
from store.credits.row_mapping import insert, insert_numbered
from store.database import Database
from store.errors import NotEnoughCredits
from store.sentences import Sentence, sentence


class HoldRow(NamedTuple):
    """What is known of a hold, beside what it holds."""

    id: int
    account_id: int
    cause: str
    reference: str
    use: Use


def read_hold(database: Database, hold_id: int) -> HoldRow:
    row = database.execute(
        "SELECT id, account_id, cause, reference, use FROM hold WHERE id = ?", (hold_id,)
    ).fetchone()
    if row is None:
        raise LookupError(f"there is no hold {hold_id}")
    id, account_id, cause, reference, use = row
    return HoldRow(id, account_id, cause, reference, Use(use))


def hold(posting: Posting, credits: int, *, cause: str, reference: str, count: int, use: Use) -> HoldRow:
    """Reserves credits, drawn on lots in their order of use. Raises NotEnoughCredits; nothing is held
    then."""
    available = sum(posting.available.values())
    if credits > available:
        raise NotEnoughCredits(_too_few(posting, credits, available), needed=credits, available=available)
    try:
        shares = spread(credits, (Share(lot.id, lot.pool, lot.remaining) for lot in posting.lots()))
    except ValueError as error:
        raise damaged() from error
    database, account_id = posting.database, posting.account.id
    hold_id = insert_numbered(
        database,
        "hold",
        account_id=account_id,
        credits=credits,
        at=posting.at,
        cause=cause,
        reference=reference,
        use=use,
    )
    for position, share in enumerate(shares):
        posting.move(share, "remaining", "held")
        insert(
            database,
            "allocation",
            hold_id=hold_id,
            position=position,
            lot_id=share.lot_id,
            credits=share.credits,
            held=share.credits,
        )
    for pool, part in by_pool(shares).items():
        posting.held[pool] += part
        posting.enter(pool, Kind.USED, -part, cause=cause, reference=reference, count=count, shares=shares)
    posting.notify(cause)
    return HoldRow(hold_id, account_id, cause, reference, use)


def _too_few(posting: Posting, credits: int, available: int) -> Sentence:
    """What is said where a hold lacks credits."""
    room = purchases.room(posting.product, posting.plan, 0)
    if room is not None and room.left >= room.least:
        return sentence(
            "Not enough credits: this needs {needed}, {available} can be used. Nothing was sent and nothing "
            "was charged. Buy credits, shorten the text, write to fewer people, or change to a larger plan.",
            needed=credits,
            available=available,
        )
    return sentence(
        "Not enough credits: this needs {needed}, {available} can be used. Nothing was sent and "
        "nothing was charged. Shorten the text, write to fewer people, or change to a larger plan.",
        needed=credits,
        available=available,
    )


def settle(posting: Posting, hold: HoldRow, credits: int) -> None:
    """Turns held credits into used ones, of the current period and day, whenever they were held. The lots
    that the hold drew on first are settled first."""
    for share in _take(posting, hold, credits, newest_first=False):
        posting.move(share, "held", "spent")
    if credits:
        posting.use(credits, hold.use)


def release(posting: Posting, hold: HoldRow, credits: int) -> None:
    """Gives held credits back to the lots they came from, those that the hold drew on last first. What comes
    back to a lot whose expiry has passed lapses at once."""
    shares = _take(posting, hold, credits, newest_first=True)
    for share in shares:
        posting.move(share, "held", "remaining")
    for pool, part in by_pool(shares).items():
        posting.enter(pool, Kind.RELEASED, part, cause=hold.cause, reference=hold.reference, shares=shares)
    over = [share for share in shares if _has_expired(posting, share.lot_id)]
    posting.lapse(over, Kind.EXPIRED, cause="expiry")


def _take(posting: Posting, hold: HoldRow, credits: int, *, newest_first: bool) -> list[Share]:
    """Takes credits out of a hold. Raises ValueError where it doesn't hold as many."""
    rows = posting.database.execute(
        "SELECT a.position, a.lot_id, l.pool, a.held FROM allocation a JOIN lot l ON l.id = a.lot_id "
        f"WHERE a.hold_id = ? AND a.held > 0 ORDER BY a.position {'DESC' if newest_first else ''}",
        (hold.id,),
    ).fetchall()
    shares = spread(credits, (Share(lot_id, Pool(pool), held) for _, lot_id, pool, held in rows))
    for (position, *_), share in zip(rows, shares, strict=False):
        one_row(
            posting.database.execute(
                "UPDATE allocation SET held = held - ? WHERE hold_id = ? AND position = ? AND held >= ?",
                (share.credits, hold.id, position, share.credits),
            )
        )
        posting.held[share.pool] -= share.credits
    return shares


def _has_expired(posting: Posting, lot_id: int) -> bool:
    (expires_on,) = posting.database.execute("SELECT expires_on FROM lot WHERE id = ?", (lot_id,)).fetchone()
    return expires_on is not None and expires_on <= posting.today.isoformat()
