"""The steps from a quote to an order: which there are, and what they are called."""

from __future__ import annotations

from enum import StrEnum

from store.credits.catalog import Product
from store.credits.model import Change, Quote
from store.sentences import N_


class Step(StrEnum):
    """What is decided one by one."""

    PLAN = "plan"
    CARD = "card"
    TERMS = "terms"
    ORDER = "order"


NAMES = {
    Step.PLAN: N_("Plan"),
    Step.CARD: N_("Card"),
    Step.TERMS: N_("Terms"),
    Step.ORDER: N_("Order"),
}
NEXT = {
    Step.CARD: N_("Go on to the card"),
    Step.TERMS: N_("Go on to the terms"),
    Step.ORDER: N_("Go on to the order"),
}


def steps_of(product: Product, quote: Quote) -> list[Step]:
    """The steps that a change takes: no card where nothing is charged now, no terms where nothing will be."""
    steps = [Step.PLAN]
    if quote.charge_cents:
        steps.append(Step.CARD)
    if quote.change is not Change.CANCEL and product.price(product.plan(quote.to_plan), quote.billing):
        steps.append(Step.TERMS)
    return [*steps, Step.ORDER]
