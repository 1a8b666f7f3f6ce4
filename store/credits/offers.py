"""Plans side by side: what the last three months would have cost with each, and which one fits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from store.credits import purchases
from store.credits.catalog import YEARLY, Plan, Product
from store.credits.model import Account, Change, PlanOffer
from store.credits.periods import add_months

MONTHS = 3
"""How far back use is looked at."""


def offers(product: Product, account: Account, used: Sequence[int], billing: str) -> list[PlanOffer]:
    """All plans, the smallest first, as they cost when billed monthly or yearly. used: credits of the last
    months, the oldest first."""
    past = {plan.id: _past(product, plan, billing, used) for plan in product.plans}
    enough = [plan for plan in product.plans if not past[plan.id][1]]
    fitting = min(enough, key=lambda plan: past[plan.id][0], default=product.plans[-1])
    before = product.plan(account.plan)
    return [
        PlanOffer(
            plan=plan,
            price_cents=product.price(plan, billing),
            current=plan == before,
            pending=plan.id == account.pending_plan,
            past_cents=past[plan.id][0],
            short=past[plan.id][1],
            fits=plan == fitting,
            change=_change(before, plan),
        )
        for plan in product.plans
    ]


def last_months(today: date) -> list[tuple[date, date]]:
    """The first and the last day of each of the last months, the oldest first."""
    days = [add_months(today, -back, today.day) for back in range(MONTHS, -1, -1)]
    return [(before + timedelta(1), until) for before, until in pairwise(days)]


def _past(product: Product, plan: Plan, billing: str, used: Sequence[int]) -> tuple[int, int]:
    """What months of such use would have cost with a plan, beginning with nothing left over, and how many
    credits would have been missing."""
    cents, have, short = 0, 0, 0
    for need in used:
        have = plan.credits if product.lapse else have + plan.credits
        if product.most_allotments is not None:
            have = min(have, product.most_allotments * plan.credits)
        cents += plan.price_cents
        missing = max(need - have, 0)
        room = purchases.room(product, plan, 0)
        if missing and room and room.left >= room.least:
            bought = min(max(missing, room.least), room.left)
            cents += purchases.price_cents(room, bought)
            have += bought
        short += max(need - have, 0)
        have = max(have - need, 0)
    if billing == YEARLY:
        monthly, yearly = plan.price_cents * len(used), product.price(plan, YEARLY) * len(used)
        cents += (yearly + 6) // 12 - monthly
    return cents, short


def _change(before: Plan, plan: Plan) -> Change | None:
    """What choosing a plan would be."""
    if plan == before:
        return None
    if before.trial_days or not before.credits:
        return Change.SUBSCRIBE
    return Change.UPGRADE if plan.size > before.size else Change.DOWNGRADE
