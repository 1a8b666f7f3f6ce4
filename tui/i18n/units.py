"""What an account counts, in words: credits for texts, or emails."""

from __future__ import annotations

from store.credits.catalog import NOTHING, Product
from store.credits.model import Use
from store.sentences import N_, Sentence, sentences
from tui.i18n.language import Language

USES = {Use.SMS: N_("SMS"), Use.MMS: N_("MMS"), Use.REPLY: N_("Replies"), Use.EMAIL: N_("Emails")}
"""What credits are used for, as the labels of a chart."""


def left(product: Product, count: int) -> Sentence:
    """The words behind a number that stands by itself: "credits left"."""
    if product.sends == "emails":
        return sentences("email left", "emails left", count)
    return sentences("credit left", "credits left", count)


def uses_of(product: Product) -> tuple[Use, ...]:
    """What a product's credits can be used for."""
    if product.sends == "emails":
        return (Use.EMAIL,)
    return (Use.SMS, Use.MMS, Use.REPLY) if product.inbound_charged else (Use.SMS, Use.MMS)


def plan_line(language: Language, product: Product, plan_id: str) -> str:
    """A product and its plan as short as a line has it: "Agent texts · 300 a month"."""
    _, plan = language.gettext, product.plan(plan_id)
    if plan is NOTHING:
        return _("{product} · no plan").format(product=_(product.name))
    if plan.trial_days:
        return _("{product} · trial").format(product=_(product.name))
    return _("{product} · {credits} a month").format(
        product=_(product.name), credits=language.number(plan.credits)
    )
