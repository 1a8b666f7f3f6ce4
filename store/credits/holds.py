"""Holding credits, then settling or releasing them: what moves between a lot's remaining, held and spent.

The line in the history is written when credits are held, one a pool, and another when a part comes back,
which grows while the day lasts; settling writes none. So the sum of a pool's lines is what it has available
at any time, and what is used on a day is what its lines say.

Raw SQL, as in `posting`: every text that is sent settles a part of a hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from store.clock import instant, local_date
from store.credits import purchases, tables
from store.credits.catalog import NOTHING
from store.credits.lots import Share, by_pool, spread
from store.credits.model import Change, Charge, Kind, Pool, Use
from store.credits.posting import Posting, one_row
from store.credits.row_mapping import damaged, insert, insert_numbered
from store.database import Database
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.refusals import refusal
from store.sentences import Sentence, sentence

MOST_CHARGED = 1_000_000
"""Segments or MMS that can be charged by hand at once."""

NOTHING_APART: Mapping[Use, int] = MappingProxyType({})

PLAYED_THROUGH = "US"
"""Where texts that are charged by hand go."""


class HoldRow(NamedTuple):
    """What is known of a hold, beside what it holds. at: when it was made, as stored."""

    id: int
    account_id: int
    at: int
    cause: str
    reference: str
    use: Use


def read_hold(database: Database, hold_id: int) -> HoldRow:
    row = database.row("SELECT * FROM hold WHERE id = ?", (hold_id,))
    if row is None:
        raise LookupError(f"there is no hold {hold_id}")
    return HoldRow(row.id, row.account_id, row.at, row.cause, row.reference, Use(row.use))


def hold(
    posting: Posting,
    credits: int,
    *,
    cause: str,
    reference: str,
    count: int,
    use: Use,
    apart: Mapping[Use, int] = NOTHING_APART,
) -> HoldRow:
    """Reserves credits, drawn on lots in their order of use. apart: those of them that are for another use.
    Raises NotEnoughCredits; nothing is held then."""
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
    for one, part in {use: credits - sum(apart.values()), **apart}.items():
        if part:
            posting.use(part, one)
    posting.notify(cause)
    return HoldRow(hold_id, account_id, posting.at, cause, reference, use)


def _too_few(posting: Posting, credits: int, available: int) -> Sentence:
    """What is said where a hold lacks credits."""
    room = purchases.room(posting.product, posting.plan, 0)
    code = "hold-buy" if room is not None and room.left >= room.least else "hold-plan"
    return refusal(code, needed=credits, available=available)


def settle(posting: Posting, hold: HoldRow, credits: int) -> None:
    """Turns held credits into used ones, of the day and period in which they were held: its line in the
    history stands there (rules, 3). The lots that the hold drew on first are settled first."""
    for share in _take(posting, hold, credits, newest_first=False):
        posting.move(share, "held", "spent")
    if credits:
        posting.settle_of(_held_on(posting, hold), credits)


def unsettle(posting: Posting, hold: HoldRow, credits: int) -> None:
    """Holds credits anew that were settled, as if they hadn't been: a part that is to be released after all.
    Raises ValueError where less was settled."""
    for share in spread(credits, _settled(posting, hold)):
        posting.move(share, "spent", "held")
        posting.held[share.pool] += share.credits
        held = posting.database.execute(
            "UPDATE allocation SET held = held + ? WHERE hold_id = ? AND lot_id = ?",
            (share.credits, hold.id, share.lot_id),
        )
        one_row(held.rowcount)
    posting.settle_of(_held_on(posting, hold), -credits)


def _settled(posting: Posting, hold: HoldRow) -> list[Share]:
    """What was settled of a hold: what it drew and neither holds nor gave back by its lines, those lots first
    that are settled last. A hold that took another one's place has lines in common with that, of which
    nothing was settled."""
    found = posting.database.rows(
        "SELECT a.lot_id, l.pool, (SELECT SUM(o.credits - o.held) FROM allocation o "
        "JOIN hold h ON h.id = o.hold_id WHERE o.lot_id = a.lot_id AND h.cause = ? AND h.reference = ?) "
        "- COALESCE((SELECT SUM(m.credits) FROM movement m "
        "JOIN entry e ON e.account_id = m.account_id AND e.seq = m.seq "
        "WHERE m.lot_id = a.lot_id AND e.kind = ? AND e.cause = ? AND e.reference = ?), 0) AS settled "
        "FROM allocation a JOIN lot l ON l.id = a.lot_id WHERE a.hold_id = ? ORDER BY a.position DESC",
        (hold.cause, hold.reference, Kind.RELEASED, hold.cause, hold.reference, hold.id),
    )
    return [Share(row.lot_id, Pool(row.pool), row.settled) for row in found]


def release(posting: Posting, hold: HoldRow, credits: int, use: Use | None = None) -> None:
    """Gives held credits back to the lots they came from, those that the hold drew on last first. use: what
    they were for, where that isn't the hold's.

    What has no place there any more goes again at once: what comes back to a lot whose expiry has passed
    lapses, what a smaller plan still takes of this period's is taken back, and what is above the cap since a
    renewal is forfeited (rules, 1 and 4). All of that is a line a day for each cause and reference (rules,
    3)."""
    shares = _take(posting, hold, credits, newest_first=True)
    for share in shares:
        posting.move(share, "held", "remaining")
    lines = {
        pool: posting.add_to_line(
            pool, Kind.RELEASED, part, cause=hold.cause, reference=hold.reference, shares=shares
        )
        for pool, part in by_pool(shares).items()
    }
    if shares:
        posting.use(-credits, use or hold.use)
    over = [share for share in shares if _has_expired(posting, share.lot_id)]
    _lapse(posting, hold, Kind.EXPIRED, over, lines)
    stay = [share for share in shares if share not in over]
    less = _of_a_smaller_plan(posting, stay)
    _lapse(posting, hold, Kind.TAKEN_BACK, less, lines)
    if less:
        taken = {share.lot_id: share.credits for share in less}
        period, sum_taken = posting.period, sum(taken.values())
        posting.change_period(granted=period.granted - sum_taken, to_take=period.to_take - sum_taken)
        stay = [share._replace(credits=share.credits - taken.get(share.lot_id, 0)) for share in stay]
    _lapse(posting, hold, Kind.FORFEITED, _above_the_cap(posting, hold, stay), lines)


def _lapse(posting: Posting, hold: HoldRow, kind: Kind, shares: list[Share], lines: dict[Pool, int]) -> None:
    """Takes what came back away again, in the line behind the one by which it came."""
    for share in shares:
        posting.move(share, "remaining", "lapsed")
    for pool, part in by_pool(shares).items():
        posting.add_to_line(
            pool,
            kind,
            -part,
            cause=hold.cause,
            reference=hold.reference,
            shares=shares,
            after=lines[pool],
        )


def _of_a_smaller_plan(posting: Posting, shares: list[Share]) -> list[Share]:
    """The part of what came back that a downgrade could not take while it was held."""
    if not posting.period.to_take:
        return []
    lots = {lot.id for lot in posting.lots() if lot.period == posting.period.index}
    of_period = [share for share in shares if share.lot_id in lots]
    return spread(min(posting.period.to_take, sum(share.credits for share in of_period)), of_period)


def _above_the_cap(posting: Posting, hold: HoldRow, shares: list[Share]) -> list[Share]:
    """The part of what came back, the oldest first, by which the cap is exceeded. Only a renewal since it was
    held counts: before, it was within the cap, and a subscription leaves what there is."""
    most = posting.product.most_allotments
    if most is None or posting.plan is NOTHING or _held_on(posting, hold) >= posting.period.starts:
        return []
    if _began_by_an_order(posting):
        return []
    allotted = [share for share in shares if share.pool is Pool.ALLOTTED][::-1]
    over = posting.available[Pool.ALLOTTED] - most * posting.plan.credits
    return spread(max(min(over, sum(share.credits for share in allotted)), 0), allotted)


def _held_on(posting: Posting, hold: HoldRow) -> date:
    return local_date(instant(hold.at), posting.account.timezone)


def charge(posting: Posting, segments: int, *, mms: bool, inbound: bool) -> Charge:
    """Use that is recorded by hand, held and settled at once; see `Ledger.charge`."""
    if not posting.account.demo_clock:
        raise RefusedByRule(
            sentence(
                "Usage can be recorded by hand only on an account with a demo clock. Nothing was "
                "charged. Open one in another database with `textmeter account open --demo-clock`."
            ),
            code="no-demo-clock",
        )
    if not 1 <= segments <= MOST_CHARGED:
        raise WrongUsage(
            sentence("Use a number from {least} to {most}.", least=1, most=MOST_CHARGED),
            code="no-such-number",
        )
    if inbound:
        return receive(posting, PLAYED_THROUGH, segments, mms=mms)
    due = segments * posting.product.rate(PLAYED_THROUGH, mms)
    available = sum(posting.available.values())
    use = Use.MMS if mms else Use.SMS
    if posting.product.sends == "emails":
        use = Use.EMAIL
    settle(posting, hold(posting, due, cause="charge", reference="", count=0, use=use), due)
    return Charge(due, 0, available - due)


def receive(posting: Posting, region: str, segments: int, *, mms: bool, reference: str = "") -> Charge:
    """A reply costs what a text there does, if the product charges it. It is received whether it can be paid
    or not: the rest is waived (rules, 1)."""
    due = segments * posting.product.rate(region, mms) if posting.product.inbound_charged else 0
    available = sum(posting.available.values())
    charged = min(due, available)
    if charged:
        held = hold(posting, charged, cause="reply", reference=reference, count=0, use=Use.REPLY)
        settle(posting, held, charged)
    if waived := due - charged:
        posting.enter(Pool.ALLOTTED, Kind.WAIVED, 0, cause="reply", reference=reference, waived=waived)
    return Charge(charged, waived, available - charged)


def _take(posting: Posting, hold: HoldRow, credits: int, *, newest_first: bool) -> list[Share]:
    """Takes credits out of a hold. Raises ValueError where it doesn't hold as many."""
    found = posting.database.rows(
        "SELECT a.position, a.lot_id, l.pool, a.held FROM allocation a JOIN lot l ON l.id = a.lot_id "
        "WHERE a.hold_id = ? AND a.held > 0 ORDER BY a.position",
        (hold.id,),
    )
    if newest_first:
        found.reverse()
    shares = spread(credits, (Share(row.lot_id, Pool(row.pool), row.held) for row in found))
    for row, share in zip(found, shares, strict=False):
        taken = posting.database.execute(
            "UPDATE allocation SET held = held - ? WHERE hold_id = ? AND position = ? AND held >= ?",
            (share.credits, hold.id, row.position, share.credits),
        )
        one_row(taken.rowcount)
        posting.held[share.pool] -= share.credits
    return shares


def _has_expired(posting: Posting, lot_id: int) -> bool:
    expires_on = posting.database.scalar(
        tables.Lot.select(tables.Lot.expires_on).where(tables.Lot.id == lot_id)
    )
    return expires_on is not None and expires_on <= posting.today.isoformat()


def _began_by_an_order(posting: Posting) -> bool:
    """Whether the period began when a plan was subscribed to, not by a renewal."""
    order = tables.Order
    began = order.select(order.number).where(
        order.account == posting.account.id,
        order.cause.in_([Change.JOIN, Change.SUBSCRIBE]),
        order.day == posting.period.starts.isoformat(),
    )
    return posting.database.scalar(began.limit(1)) is not None
