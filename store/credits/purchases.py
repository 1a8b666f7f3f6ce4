"""How many credits may be bought, and what they cost: pure, cheap enough for every key."""

from __future__ import annotations

from store.credits.catalog import Plan, Product
from store.credits.model import PurchaseRoom
from store.errors import RefusedByRule
from store.sentences import sentence


def room(product: Product, plan: Plan, bought: int) -> PurchaseRoom | None:
    """What is left to be bought. bought: credits in the present calendar month. None where the product sells
    none."""
    rule = product.purchases
    if rule is None:
        return None
    return PurchaseRoom(rule.cents, rule.least, rule.most_allotments * plan.credits, bought)


def price_cents(room: PurchaseRoom, credits: int) -> int:
    """What so many credits cost."""
    return room.cents * credits


def refusal(room: PurchaseRoom, credits: int) -> RefusedByRule | None:
    """Why so many credits can't be bought this calendar month, or None where they can."""
    if room.left < room.least:
        if room.most < room.least:
            says = sentence(
                "You can't buy credits on this plan: {most} a month at most, minimum {least}. "
                "Nothing was charged. Change to a larger plan.",
                most=room.most,
                least=room.least,
            )
        else:
            says = sentence(
                "You can't buy enough: {left} left this month, minimum {least}. You have bought "
                "{bought} of {most}. Nothing was charged. Wait for the 1st, or change to a larger "
                "plan.",
                left=room.left,
                least=room.least,
                bought=room.bought,
                most=room.most,
            )
        return RefusedByRule(says, code="too-many", left=room.left, least=room.least)
    if credits < room.least:
        says = sentence(
            "{credits} credits are too few: the minimum purchase is {least}. Nothing was charged.",
            least=room.least,
            credits=credits,
        )
        return RefusedByRule(says, code="too-few", left=room.left, least=room.least)
    if credits > room.left:
        says = sentence(
            "{credits} credits are too many: this plan allows {most} per calendar month. You "
            "have bought {bought}, so {left} are left. Nothing was charged.",
            credits=credits,
            most=room.most,
            bought=room.bought,
            left=room.left,
        )
        return RefusedByRule(says, code="too-many", left=room.left, least=room.least)
    return None
