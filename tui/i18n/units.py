"""What an account counts, in words: credits for texts, or emails."""

from __future__ import annotations

from store.credits.catalog import Product
from store.credits.model import Use
from store.sentences import N_, Sentence, sentences

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
