"""Opening an account: what it may be opened with, and its first rows."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from store.clock import local_date, local_midnight, micros
from store.credits.boundaries import join
from store.credits.catalog import Product
from store.credits.model import Account, Period
from store.credits.periods import period_of
from store.credits.posting import Posting
from store.credits.rows import insert_numbered, insert_period, read_state
from store.database import Database
from store.errors import WrongUsage
from store.sentences import sentence


def check(product: Product, timezone: str, country: str, billing: str) -> None:
    """Raises WrongUsage for what an account can't be opened with."""
    try:
        ZoneInfo(timezone)
    except (LookupError, ValueError, OSError):
        raise WrongUsage(
            sentence(
                "There is no time zone {timezone}. Give an IANA name, such as America/New_York.",
                timezone=timezone,
            ),
            code="no-such-timezone",
        ) from None
    if len(country) != 2 or not (country.isascii() and country.isupper()):
        raise WrongUsage(
            sentence(
                "{country} is no country code. Give its two capital letters, such as US.", country=country
            ),
            code="no-such-country",
        )
    if billing not in product.billing:
        raise WrongUsage(
            sentence(
                "{product} isn't billed {billing}, but: {choices}.",
                product=product.id,
                billing=billing,
                choices=", ".join(product.billing),
            ),
            code="no-such-billing",
        )


def open_account(
    database: Database,
    product: Product,
    plan: str,
    timezone: str,
    *,
    country: str,
    billing: str,
    anchor: date | None,
    demo_clock: bool,
    now: datetime,
) -> Account:
    """Adds an account and the period that it begins in, and joins. Where the product renews on a day of its
    own, the anchor is that day; else it is the one given, or today."""
    today = local_date(now, timezone)
    if product.renewal_day:
        anchor = period_of(today, product.renewal_day)[0]
    anchor = anchor or today
    starts, ends = period_of(today, anchor.day)
    account_id = insert_numbered(
        database,
        "account",
        owner="",
        product=product.id,
        plan=plan,
        billing=billing,
        timezone=timezone,
        country=country,
        anchor=anchor.isoformat(),
        demo_clock=demo_clock,
        opened_at=micros(now),
        clock_floor=micros(now),
        due_on=ends.isoformat(),
        due_at=micros(local_midnight(ends, timezone)),
        period_index=0,
        seq=0,
        available_allotted=0,
        held_allotted=0,
        available_purchased=0,
        held_purchased=0,
    )
    insert_period(database, account_id, Period(index=0, starts=starts, ends=ends, used=0, epoch=0))
    posting = Posting(database, product, read_state(database, account_id), now, today)
    join(posting)
    posting.save()
    return read_state(database, account_id).account
