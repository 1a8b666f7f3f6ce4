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
from store.credits.periods import billed_until, period_end, prorated
from store.errors import RefusedByRule, WrongUsage
from store.sentences import Sentence, sentence


class Standing(NamedTuple):
    """All of an account that a quote depends on, in credits.

    left_of_period: what remains of the lots that this period's plans gave. busy: used and held. noted: the
    thresholds (percent) noted in this epoch.
    """

    account: Account
    period: Period
    today: date
    left_of_period: int
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
            sentence("A trial is given once, when an account is opened. Nothing was changed."),
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
                "The plan is to become {plan} on {day} already. Nothing was changed.",
                plan=plan.id,
                day=standing.period.ends,
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
    taken = _taken_back(before, plan, standing) if now else 0
    next_renewal = _renewal(product, plan, account.billing, standing)
    if plan is NOTHING:
        credits = explained.cancelled(product, standing.allotted, standing.period.ends)
    elif now:
        credits = explained.taken_back(product, taken)
    else:
        credits = explained.credits_stay()
    return Quote(
        change=Change.CANCEL,
        from_plan=before.id,
        to_plan=plan.id,
        billing=account.billing,
        effective=None if now else standing.period.ends,
        charge_cents=0,
        credits_now=-taken,
        next_renewal=next_renewal,
        explanation=(
            explained.no_charge(),
            credits,
            explained.renewal(product, plan, next_renewal, account.billed_until),
            *_notes(product, plan, account.billing, standing, -taken),
            *([] if now else [explained.can_be_withdrawn(standing.period.ends)]),
            explained.no_refund(),
        ),
    )


def quote_purchase(product: Product, room: PurchaseRoom | None, credits: int, standing: Standing) -> Quote:
    """Credits bought at once. Raises RefusedByRule where so many can't be."""
    if room is None:
        raise RefusedByRule(
            sentence(
                "{product} sells no credits one by one. Nothing was charged. Change to a larger plan.",
                product=product.id,
            ),
            code="no-purchases",
        )
    account = standing.account
    if product.plan(account.plan).trial_days:
        raise RefusedByRule(
            sentence("No credits can be bought during a trial. Nothing was charged. Choose a plan first."),
            code="no-purchases",
        )
    if refused := purchases.refusal(room, credits):
        raise refused
    plan = _next_plan(product, account)
    next_renewal = _renewal(product, plan, account.pending_billing or account.billing, standing)
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
            explained.renewal(product, plan, next_renewal, account.billed_until),
            explained.room_after(room._replace(bought=room.bought + credits)),
        ),
    )


def no_such_billing(product: Product, billing: str) -> WrongUsage:
    return WrongUsage(
        sentence(
            "{product} isn't billed {billing}, but: {choices}.",
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
    granted = 0 if anew else standing.period.granted
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
        credits_now=plan.credits - granted - ended,
        next_renewal=next_renewal,
        explanation=(
            explained.charge(0, price, cents, today, starts, paid_until)
            if in_part
            else explained.difference(0, price),
            explained.subscribed(product, plan, ended),
            explained.renewal(product, plan, next_renewal, paid_until),
        ),
    )


def _upgrade(product: Product, before: Plan, plan: Plan, billing: str, standing: Standing) -> Quote:
    account, today = standing.account, standing.today
    old, new = (product.price(one, account.billing) for one in (before, plan))
    if product.changes.upgrade == "prorated":
        cents = prorated(max(new - old, 0), today, account.billed_from, account.billed_until)
        charge = explained.charge(old, new, cents, today, account.billed_from, account.billed_until)
    else:
        cents = max(new - old, 0)
        charge = explained.difference(old, new)
    credits = max(plan.credits - standing.period.granted, 0)
    next_renewal = _renewal(product, plan, billing, standing)
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
            explained.upgraded(product, plan, standing.period.granted, credits),
            explained.renewal(product, plan, next_renewal, account.billed_until),
            *_notes(product, plan, billing, standing, credits),
        ),
    )


def _downgrade(product: Product, before: Plan, plan: Plan, billing: str, standing: Standing) -> Quote:
    account = standing.account
    now = product.changes.downgrade == "now"
    taken = _taken_back(before, plan, standing) if now else 0
    next_renewal = _renewal(product, plan, billing, standing)
    return Quote(
        change=Change.DOWNGRADE,
        from_plan=before.id,
        to_plan=plan.id,
        billing=billing,
        effective=None if now else standing.period.ends,
        charge_cents=0,
        credits_now=-taken,
        next_renewal=next_renewal,
        explanation=(
            explained.no_charge(),
            explained.taken_back(product, taken) if now else explained.credits_stay(),
            explained.renewal(product, plan, next_renewal, account.billed_until),
            *_notes(product, plan, billing, standing, -taken),
            *([] if now else [explained.can_be_withdrawn(standing.period.ends)]),
            explained.no_refund(),
        ),
    )


def _billing(product: Product, plan: Plan, billing: str, standing: Standing) -> Quote:
    """The same plan, billed otherwise once what was paid for is over."""
    account = standing.account
    following = _next_plan(product, account)
    next_renewal = _renewal(product, following, billing, standing)
    price = product.price(following, billing)
    return Quote(
        change=Change.BILLING,
        from_plan=plan.id,
        to_plan=plan.id,
        billing=billing,
        effective=account.billed_until,
        charge_cents=0,
        credits_now=0,
        next_renewal=next_renewal,
        explanation=(
            explained.no_charge(),
            explained.credits_stay(),
            explained.renewal(product, following, next_renewal, account.billed_until),
            *([explained.billed_otherwise(billing, account.billed_until, price)] if price else []),
            explained.can_be_withdrawn(account.billed_until),
        ),
    )


def _next_plan(product: Product, account: Account) -> Plan:
    """What the next renewal makes of the plan."""
    if account.pending_plan is not None:
        return product.plan(account.pending_plan)
    plan = product.plan(account.plan)
    return NOTHING if plan.trial_days else plan


def _renewal(product: Product, plan: Plan, billing: str, standing: Standing) -> Renewal:
    ends = standing.period.ends
    due = plan is not NOTHING and ends >= standing.account.billed_until
    return Renewal(ends, product.price(plan, billing) if due else 0, plan.credits)


def _taken_back(before: Plan, plan: Plan, standing: Standing) -> int:
    """What a smaller plan takes at once: never more than is left of what this period's plans gave."""
    return min(before.credits - plan.credits, standing.left_of_period)


def _notes(
    product: Product, plan: Plan, billing: str, standing: Standing, credits: int
) -> Iterator[Sentence]:
    """What else a person should know of a change of plan: what it replaces, forfeits and crosses."""
    account = standing.account
    if account.pending_plan is not None:
        yield explained.replaces(account.pending_plan)
    elif account.pending_billing not in (None, billing):
        yield explained.replaces_billing()
    if product.most_allotments is not None and plan is not NOTHING:
        most = product.most_allotments * plan.credits
        if (over := standing.allotted + credits + plan.credits - most) > 0:
            yield explained.forfeits(product, over, most, standing.period.ends)
    if credits < 0:
        crossed = set(reached(product.thresholds, standing.busy, standing.available + credits))
        if new := crossed - standing.noted:
            yield explained.crosses(max(new))


def _same_plan(account: Account) -> RefusedByRule:
    if account.pending_plan is not None or account.pending_billing is not None:
        says = sentence(
            "{plan} is the plan already, and is to change at a renewal. Nothing was changed. To keep it, "
            "withdraw that change.",
            plan=account.plan,
        )
    else:
        says = sentence("{plan} is the plan already. Nothing was changed.", plan=account.plan)
    return RefusedByRule(says, code="same-plan")


def _nothing_to_cancel(before: Plan, plan: Plan, standing: Standing) -> RefusedByRule:
    if before is NOTHING:
        says = sentence("There is no plan to be cancelled. Nothing was changed.")
    elif before.trial_days:
        says = sentence(
            "The trial ends by itself on {day}, and nothing is charged. Nothing was changed.",
            day=standing.period.ends,
        )
    elif before == plan:
        says = sentence("{plan} is free, and the least there is. Nothing was changed.", plan=plan.id)
    else:
        says = sentence(
            "The plan is cancelled already, and ends on {day}. Nothing was changed.", day=standing.period.ends
        )
    return RefusedByRule(says, code="nothing-to-cancel")
