"""What an order would do: a quote, worked out from the product's rules and where the account stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from store.credits import purchases
from store.credits import quote_text as explained
from store.credits.catalog import NO_PLAN, NOTHING, Plan, Product
from store.credits.model import Account, Change, Period, PurchaseRoom, Quote, Renewal
from store.credits.notices import reached
from store.credits.periods import (
    add_months,
    billed_until,
    given,
    period_end,
    plan_after,
    prorated,
    prorated_up,
)
from store.errors import RefusedByRule, WrongUsage
from store.sentences import Sentence, sentence


class Standing(NamedTuple):
    """All of an account that a quote depends on, in credits.

    left_of_period: what remains of the lots that this period's plans gave; held_of_period: what is held of
    them and no smaller plan takes already. busy: used and held. noted: the thresholds (percent) noted in this
    epoch.
    """

    account: Account
    period: Period
    today: date
    left_of_period: int
    held_of_period: int
    allotted: int
    available: int
    busy: int
    noted: frozenset[int]


def quote_join(product: Product, plan: Plan, standing: Standing) -> Quote:
    """The first order: an upgrade from nothing, in the period that was opened for it."""
    return _subscription(product, plan, standing, Change.JOIN, standing.account.billing)


def quote_plan(product: Product, plan: Plan, billing: str, standing: Standing) -> Quote:
    """A change to a plan. Raises RefusedByRule where it is no change, WrongUsage where it is no plan."""
    if plan is NOTHING:
        raise product.no_such_plan(plan.id)
    account = standing.account
    before = product.plan(account.plan)
    if billing not in product.billing:
        raise no_such_billing(product, billing)
    if plan.trial_days:
        raise RefusedByRule(
            sentence("A trial is only for a new account. Nothing was changed."),
            code="trial-once",
        )
    if before is NOTHING or before.trial_days:
        return _subscription(product, plan, standing, Change.SUBSCRIBE, billing)
    if plan == before:
        if billing in (account.billing, account.pending_billing):
            raise _same_plan(account)
        return _billing(product, plan, billing, standing)
    if plan.id == account.pending_plan and billing == (account.pending_billing or account.billing):
        raise RefusedByRule(
            sentence(
                "The plan already changes to {plan} on {day}. Nothing was changed.",
                plan=plan.id,
                day=account.billed_until,
            ),
            code="same-plan",
        )
    if plan.size > before.size:
        return _upgrade(product, before, plan, billing, standing)
    return _downgrade(product, before, plan, billing, standing)


def quote_cancel(product: Product, standing: Standing) -> Quote:
    """The end of a plan. Raises RefusedByRule where nothing is left to be cancelled."""
    account, rules = standing.account, product.changes
    before, plan = product.plan(account.plan), product.plan(rules.cancel_to)
    if before is NOTHING or before.trial_days or before == plan or account.pending_plan == NO_PLAN:
        raise _nothing_to_cancel(before, plan, standing)
    now = rules.cancel == "now"
    day = standing.period.ends if now else account.billed_until
    taken = _taken_back(before, plan, standing) if now else 0
    next_renewal = _renewal(product, plan, account.billing, standing, day)
    if now:
        credits = explained.limited(product, taken, standing.available - taken, day)
    elif rules.cancelled_credits == "end" and plan is NOTHING:
        credits = explained.lapse(product, standing.allotted, day)
    else:
        more = before if day > standing.period.ends else None
        credits = explained.cancelled(product, more, day)
    return Quote(
        change=Change.CANCEL,
        from_plan=before.id,
        to_plan=plan.id,
        billing=account.billing,
        effective=None if now else day,
        charge_cents=0,
        credits_now=-taken,
        next_renewal=next_renewal,
        explanation=(
            explained.no_charge(),
            credits,
            explained.renewal(product, plan, next_renewal, account.billing, account.billed_until),
            *_owed(product, plan, standing, now=now),
            *([explained.kept_by_downgrade(product, plan, taken, day)] if taken else []),
            *_notes(product, plan, account.billing, standing, -taken, day),
            *([] if now else [explained.can_be_withdrawn(day)]),
            explained.no_refund(),
        ),
    )


def quote_purchase(product: Product, room: PurchaseRoom | None, credits: int, standing: Standing) -> Quote:
    """Credits bought at once. Raises RefusedByRule where so many can't be."""
    if room is None:
        raise RefusedByRule(
            sentence(
                "{product} doesn't sell extra credits. Nothing was charged. Change to a larger plan.",
                product=product.id,
            ),
            code="no-purchases",
        )
    account = standing.account
    if product.plan(account.plan).trial_days:
        raise RefusedByRule(
            sentence("You can't buy credits during a trial. Nothing was charged. Choose a plan first."),
            code="no-purchases",
        )
    if refused := purchases.refusal(room, credits):
        raise refused
    day = standing.period.ends
    plan, billing = plan_after(product, account, day), account.pending_billing or account.billing
    next_renewal = _renewal(product, plan, billing, standing, day)
    cents = purchases.price_cents(room, credits)
    return Quote(
        change=Change.PURCHASE,
        from_plan=account.plan,
        to_plan=account.plan,
        billing=account.billing,
        effective=None,
        charge_cents=cents,
        credits_now=credits,
        next_renewal=next_renewal,
        explanation=(
            explained.purchase(product, credits, room.cents, cents),
            explained.purchased(product, credits),
            explained.renewal(product, plan, next_renewal, billing, account.billed_until),
            explained.room_after(room._replace(bought=room.bought + credits)),
        ),
    )


def no_such_billing(product: Product, billing: str) -> WrongUsage:
    return WrongUsage(
        sentence(
            "{product} can't be billed {billing}. Choose one of: {choices}.",
            product=product.id,
            billing=billing,
            choices=", ".join(product.billing),
        ),
        code="no-such-billing",
    )


def _subscription(product: Product, plan: Plan, standing: Standing, change: Change, billing: str) -> Quote:
    """From nothing or a trial. Where periods begin on the account's own day, a new one begins today."""
    account, today = standing.account, standing.today
    before = product.plan(account.plan)
    anew = change is Change.SUBSCRIBE and product.renewal_day is None
    anchor = today if anew else account.anchor
    starts = today if anew else standing.period.starts
    ends = period_end(today, plan, anchor.day) if anew else standing.period.ends
    paid_until = billed_until(plan, billing, starts, ends, anchor.day)
    price = product.price(plan, billing)
    in_part = product.changes.upgrade == "prorated"
    cents = prorated(price, today, starts, paid_until) if in_part else price
    ended = standing.allotted if before.trial_days else 0
    if product.changes.upgrade_credits == "prorated" and starts < today:
        credits = prorated_up(plan.credits, today, starts, ends)
        gained = explained.subscribed_in_part(product, plan, credits, today, starts, ends)
    else:
        credits = plan.credits - (0 if anew else standing.period.granted)
        gained = explained.subscribed(product, plan, ended)
    next_renewal = Renewal(ends, price if ends >= paid_until else 0, plan.credits)
    if plan.trial_days:
        next_renewal = Renewal(ends, 0, 0)
    return Quote(
        change=change,
        from_plan=account.plan,
        to_plan=plan.id,
        billing=billing,
        effective=None,
        charge_cents=cents,
        credits_now=credits - ended,
        next_renewal=next_renewal,
        explanation=(
            explained.charge(0, price, cents, billing, today, starts, paid_until)
            if in_part
            else explained.difference(0, price),
            gained,
            explained.renewal(product, plan, next_renewal, billing, paid_until),
            *_forfeited(product, plan, standing.allotted - ended + credits, ends),
        ),
    )


def _upgrade(product: Product, before: Plan, plan: Plan, billing: str, standing: Standing) -> Quote:
    account, period, today = standing.account, standing.period, standing.today
    rules, ends = product.changes, period.ends
    if rules.upgrade_credits == "prorated":
        difference = plan.credits - before.credits
        credits = prorated_up(difference, today, period.starts, ends)
        gained = explained.upgraded_in_part(product, difference, credits, today, period.starts, ends)
    else:
        credits = max(plan.credits - period.granted, 0)
        gained = explained.upgraded(product, plan, period.granted, credits)
    old, new = (product.price(one, account.billing) for one in (before, plan))
    cents = max(new - old, 0)
    if not credits:  # what this period's plans have given was paid for
        cents, charge = 0, explained.no_charge()
    elif rules.upgrade == "prorated":
        paid = account.billed_from, account.billed_until
        cents = prorated(cents, today, *paid)
        charge = explained.charge(old, new, cents, account.billing, today, *paid)
    else:
        charge = explained.difference(old, new)
    next_renewal = _renewal(product, plan, billing, standing, ends)
    return Quote(
        change=Change.UPGRADE,
        from_plan=before.id,
        to_plan=plan.id,
        billing=billing,
        effective=None,
        charge_cents=cents,
        credits_now=credits,
        next_renewal=next_renewal,
        explanation=(
            charge,
            gained,
            explained.renewal(product, plan, next_renewal, billing, account.billed_until),
            *_billed_otherwise(product, plan, billing, account),
            *_notes(product, plan, billing, standing, credits, ends),
        ),
    )


def _downgrade(product: Product, before: Plan, plan: Plan, billing: str, standing: Standing) -> Quote:
    account = standing.account
    now = product.changes.downgrade == "now"
    day = standing.period.ends if now else account.billed_until
    taken = _taken_back(before, plan, standing) if now else 0
    next_renewal = _renewal(product, plan, billing, standing, day)
    return Quote(
        change=Change.DOWNGRADE,
        from_plan=before.id,
        to_plan=plan.id,
        billing=billing,
        effective=None if now else day,
        charge_cents=0,
        credits_now=-taken,
        next_renewal=next_renewal,
        explanation=(
            explained.no_charge(),
            explained.taken_back(product, taken) if now else _credits_stay(product, before, standing),
            *(_taken_later(product, before, plan, taken, standing) if now else []),
            explained.renewal(product, plan, next_renewal, billing, account.billed_until),
            *_billed_otherwise(product, plan, billing, account),
            *_owed(product, plan, standing, now=now),
            *_notes(product, plan, billing, standing, -taken, day),
            *([] if now else [explained.can_be_withdrawn(day)]),
            explained.no_refund(),
        ),
    )


def _billing(product: Product, plan: Plan, billing: str, standing: Standing) -> Quote:
    """The same plan, billed otherwise once what was paid for is over."""
    account = standing.account
    day = account.billed_until
    following = plan_after(product, account, day)
    next_renewal = _renewal(product, following, billing, standing, day)
    return Quote(
        change=Change.BILLING,
        from_plan=plan.id,
        to_plan=plan.id,
        billing=billing,
        effective=day,
        charge_cents=0,
        credits_now=0,
        next_renewal=next_renewal,
        explanation=(
            explained.no_charge(),
            _credits_stay(product, plan, standing),
            explained.renewal(product, following, next_renewal, billing, day),
            *_billed_otherwise(product, following, billing, account),
            explained.can_be_withdrawn(day),
        ),
    )


def _renewal(product: Product, plan: Plan, billing: str, standing: Standing, day: date) -> Renewal:
    due = plan is not NOTHING and day >= standing.account.billed_until
    return Renewal(day, product.price(plan, billing) if due else 0, plan.credits)


def _taken_back(before: Plan, plan: Plan, standing: Standing) -> int:
    """What a smaller plan takes at once: never more than is left of what this period's plans gave."""
    gave = given(before, standing.account, standing.period)
    return min(max(gave - plan.credits, 0), standing.left_of_period)


def _owed(product: Product, plan: Plan, standing: Standing, *, now: bool) -> Iterator[Sentence]:
    """What becomes of a renewal that isn't paid. now: whether the plan changes at once."""
    if standing.account.owed:
        price = product.price(plan, standing.account.billing) if now else None
        yield explained.owed(standing.account.owed, price, standing.period.ends)


def _credits_stay(product: Product, before: Plan, standing: Standing) -> Sentence:
    """That nothing happens to credits before what was paid for is over."""
    if standing.account.billed_until > standing.period.ends:
        return explained.credits_go_on(product, before, standing.account.billed_until)
    return explained.credits_stay()


def _billed_otherwise(product: Product, plan: Plan, billing: str, account: Account) -> Iterator[Sentence]:
    if billing != account.billing and (price := product.price(plan, billing)):
        yield explained.billed_otherwise(billing, account.billed_until, price)


def _taken_later(
    product: Product, before: Plan, plan: Plan, taken: int, standing: Standing
) -> Iterator[Sentence]:
    """What a smaller plan takes as it comes back, since it is held now."""
    short = given(before, standing.account, standing.period) - plan.credits - taken
    if (later := min(short, standing.held_of_period)) > 0:
        yield explained.taken_later(product, later)


def _notes(
    product: Product, plan: Plan, billing: str, standing: Standing, credits: int, day: date
) -> Iterator[Sentence]:
    """What else a person should know of a change of plan: what it replaces, forfeits and crosses. day: of the
    renewal at which it applies."""
    account = standing.account
    if account.pending_plan is not None:
        yield explained.replaces(account.pending_plan)
    if account.pending_billing not in (None, billing):
        yield explained.replaces_billing()
    yield from _forfeited(product, plan, _allotted_until(product, standing, day) + credits, day)
    if credits < 0:
        left = standing.available + credits
        if set(reached(product.thresholds, standing.busy, left)) - standing.noted:
            yield explained.crosses(standing.busy, left)


def _forfeited(product: Product, plan: Plan, allotted: int, day: date) -> Iterator[Sentence]:
    """What a renewal to a plan forfeits of so many credits, where they are above its cap."""
    if product.most_allotments is not None and plan is not NOTHING:
        most = product.most_allotments * plan.credits
        if (over := allotted + plan.credits - most) > 0:
            yield explained.forfeits(product, over, most, day)


def _allotted_until(product: Product, standing: Standing, day: date) -> int:
    """Allotted credits on the day of a renewal if nothing is used: with those that the present plan gives
    before it, as far as its own cap lets them."""
    allotted, account, renewal = standing.allotted, standing.account, standing.period.ends
    plan = product.plan(account.plan)
    while renewal < day:
        allotted += plan.credits
        if product.most_allotments is not None:
            allotted = min(allotted, product.most_allotments * plan.credits)
        renewal = add_months(renewal, 1, account.anchor.day)
    return allotted


def _same_plan(account: Account) -> RefusedByRule:
    if account.pending_plan is not None or account.pending_billing is not None:
        says = sentence(
            "You already have this plan, with a change pending. Nothing was changed. To keep "
            "{plan}, withdraw that change.",
            plan=account.plan,
        )
    else:
        says = sentence("You already have the plan {plan}. Nothing was changed.", plan=account.plan)
    return RefusedByRule(says, code="same-plan")


def _nothing_to_cancel(before: Plan, plan: Plan, standing: Standing) -> RefusedByRule:
    if before is NOTHING:
        says = sentence("There is no plan to cancel. Nothing was changed.")
    elif before.trial_days:
        says = sentence(
            "The trial ends on its own on {day}, and nothing is charged. Nothing was changed.",
            day=standing.period.ends,
        )
    elif before == plan:
        says = sentence("{plan} is free, and already the smallest plan. Nothing was changed.", plan=plan.id)
    else:
        says = sentence(
            "The plan is already cancelled and ends on {day}. Nothing was changed.",
            day=standing.account.billed_until,
        )
    return RefusedByRule(says, code="nothing-to-cancel")
