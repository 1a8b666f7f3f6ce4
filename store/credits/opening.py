"""Opening an account: what it may be opened with, its first rows, and what is left when its card is
declined: nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from store.clock import is_zone, local_date, local_midnight, micros
from store.credits import ordering, tables
from store.credits.accounts import Accounts, billing_address
from store.credits.catalog import NO_PLAN, NOTHING, Plan, Product
from store.credits.model import Account, Period, Quote
from store.credits.periods import period_end, period_of
from store.credits.quotes import Standing, no_such_billing, quote_join
from store.credits.row_mapping import insert_period
from store.database import Database
from store.errors import WrongUsage
from store.sentences import sentence


class Choices(NamedTuple):
    """What an account is opened with. timezone: an IANA name; country: ISO 3166-1 alpha-2; anchor: a date on
    whose day of the month periods begin, where the product lets one choose."""

    product: str
    plan: str
    timezone: str
    country: str
    billing: str
    anchor: date | None
    demo_clock: bool
    billing_address: str = ""


def check(product: Product, plan: Plan, timezone: str, country: str, billing: str) -> None:
    """Raises WrongUsage for what an account can't be opened with."""
    if plan is NOTHING:
        raise WrongUsage(
            sentence(
                "An account needs a plan. The plans are: {plans}.",
                plans=", ".join(plan.id for plan in product.plans),
            ),
            code="no-such-plan",
        )
    if not is_zone(timezone):
        raise WrongUsage(
            sentence(
                "There is no time zone {timezone}. Use an IANA name, such as America/New_York.",
                timezone=timezone,
            ),
            code="no-such-timezone",
        )
    if len(country) != 2 or not (country.isascii() and country.isupper()):
        raise WrongUsage(
            sentence("{country} isn't a country code. Use two capital letters, such as US.", country=country),
            code="no-such-country",
        )
    if billing not in product.billing:
        raise no_such_billing(product, billing)


def first_period(product: Product, plan: Plan, anchor: date | None, today: date) -> tuple[date, date, date]:
    """An account's anchor, and the period that it begins in: its first day and the first one after it. Where
    the product renews on a day of its own, the anchor is that day; a trial begins today; else it is the one
    given, or today."""
    if product.renewal_day:
        anchor = period_of(today, product.renewal_day)[0]
    elif plan.trial_days or anchor is None:
        anchor = today
    starts = today if plan.trial_days else period_of(today, anchor.day)[0]
    return anchor, starts, period_end(starts, plan, anchor.day)


def quote_opening(
    product: Product, plan: Plan, *, billing: str, anchor: date | None, now: datetime, timezone: str
) -> Quote:
    """What opening an account would do now. Pure."""
    today = local_date(now, timezone)
    anchor, starts, ends = first_period(product, plan, anchor, today)
    account = Account(
        id=0,
        product=product.id,
        plan=NO_PLAN,
        billing=billing,
        pending_plan=None,
        pending_billing=None,
        billed_from=starts,
        billed_until=ends,
        timezone=timezone,
        country="",
        anchor=anchor,
        demo_clock=False,
        opened_at=now,
        clock_floor=now,
    )
    period = Period(0, starts, ends, used=0, granted=0, epoch=0)
    nothing = Standing(
        account,
        period,
        today,
        left_of_period=0,
        held_of_period=0,
        allotted=0,
        available=0,
        busy=0,
        noted=frozenset(),
    )
    return quote_join(product, plan, nothing)


def quote_chosen(accounts: Accounts, chosen: Choices) -> Quote:
    """What opening an account with these choices would do now. Raises WrongUsage."""
    product, plan, now = _checked(accounts, chosen)
    return quote_opening(
        product, plan, billing=chosen.billing, anchor=chosen.anchor, now=now, timezone=chosen.timezone
    )


def open_account(accounts: Accounts, chosen: Choices, agreed: Quote | None) -> tuple[int, str]:
    """Adds an account, with its first order; its id, and the key under which that is still to be paid, ""
    where it costs nothing. Raises WrongUsage, and RefusedByRule where the order isn't what was agreed to."""
    database = accounts.database
    product, plan, now = _checked(accounts, chosen)
    with database.transaction():
        account_id = _insert_account(database, product, plan, chosen, now)
        with accounts.posting(account_id, now, database.person.name) as posting:
            quote = quote_join(product, plan, ordering.standing(posting))
            if agreed is not None:
                ordering.check_same(quote, agreed)
            # Of this opening, since an older database gives the number of an account anew whose first payment
            # was declined.
            key = f"join:{posting.at}"
            number = ordering.order(posting, quote, key)
    return account_id, "" if number else key


def _checked(accounts: Accounts, chosen: Choices) -> tuple[Product, Plan, datetime]:
    """The product and the plan that were chosen, and the instant at which the account would open."""
    product = accounts.catalog.product(chosen.product)
    plan = product.plan_asked_for(chosen.plan)
    check(product, plan, chosen.timezone, chosen.country, chosen.billing)
    # Who looks at a demo clock opens other accounts in the real time.
    return product, plan, accounts.clock.now() if chosen.demo_clock else accounts.clock.of(0, None)


def _insert_account(database: Database, product: Product, plan: Plan, chosen: Choices, now: datetime) -> int:
    """Adds an account that has no plan yet and the period that it begins in; its id."""
    today = local_date(now, chosen.timezone)
    anchor, starts, ends = first_period(product, plan, chosen.anchor, today)
    account_id = int(
        database.run(
            tables.Account.insert(
                product=product.id,
                plan=NO_PLAN,
                billing=chosen.billing,
                billed_from=starts.isoformat(),
                billed_until=ends.isoformat(),
                timezone=chosen.timezone,
                country=chosen.country,
                billing_address=billing_address(chosen.billing_address),
                anchor=anchor.isoformat(),
                demo_clock=chosen.demo_clock,
                opened_at=micros(now),
                clock_floor=micros(now),
                due_on=ends.isoformat(),
                due_at=micros(local_midnight(ends, chosen.timezone)),
            )
        )
    )
    insert_period(database, account_id, Period(0, starts, ends, used=0, granted=0, epoch=0))
    return account_id


def remove_account(database: Database, account_id: int) -> None:
    """Takes an account away whose first order was declined, so that it never had anything; what was asked of
    it meanwhile was refused."""
    for table in (tables.Payment, tables.Period, tables.Operation):
        database.run(table.delete().where(table.account == account_id))
    database.run(tables.Account.delete().where(tables.Account.id == account_id))
