"""The terms of a plan, made from its product's rules: what one gets and pays, who sees what, what is paid
back, and how to stop."""

from __future__ import annotations

from collections.abc import Iterator

from store.credits.catalog import NOTHING, YEARLY, Product
from store.credits.model import Quote
from store.credits.quote_text import amount
from store.sentences import N_, Sentence, sentence, sentences
from tui.billing.presentation import plan_words, priced_words

HEADINGS = (N_("Service"), N_("Privacy"), N_("Refunds"), N_("Cancellation"))


def terms(product: Product, quote: Quote) -> list[tuple[str, list[Sentence]]]:
    """What is agreed to with a quoted change: headings (message ids), each with its sentences."""
    parts = (_service(product, quote), _privacy(product), _refunds(), _cancellation(product, quote))
    return [(heading, list(part)) for heading, part in zip(HEADINGS, parts, strict=True)]


def _service(product: Product, quote: Quote) -> Iterator[Sentence]:
    yield from _renewal(product, quote)
    yield from _unused(product, quote)
    yield from _changes(product, quote)


def _renewal(product: Product, quote: Quote) -> Iterator[Sentence]:
    plan, renewal = product.plan(quote.to_plan), quote.next_renewal
    price = product.price(plan, quote.billing)
    yield sentence("You have {plan}.", plan=priced_words(product, plan, quote.billing))
    yield sentence(
        "It renews by itself, next on {day}, and gives {amount} each month, until you cancel it.",
        day=renewal.on,
        amount=amount(product, plan.credits),
    )
    if not price:
        return
    if quote.billing == YEARLY:
        yield sentence("The card on file is charged once a year, when what was paid for is over.")
    else:
        yield sentence("The card on file is charged at each renewal.")


def _unused(product: Product, quote: Quote) -> Iterator[Sentence]:
    plan = product.plan(quote.to_plan)
    if product.lapse:
        yield sentence("What a month leaves lapses at its end.")
    elif product.expire_after_months:
        yield sentences(
            "What a month leaves rolls over. It can be used for {count} month from the day it was added.",
            "What a month leaves rolls over. It can be used for {count} months from the day it was added.",
            product.expire_after_months,
        )
    elif product.most_allotments:
        yield sentence(
            "What a month leaves rolls over, up to {amount} with the new ones. What is above is forfeited at "
            "the renewal.",
            amount=amount(product, product.most_allotments * plan.credits),
        )
    else:
        yield sentence("What a month leaves rolls over, and stays.")
    if product.purchases:
        yield sentence("Credits bought one by one never expire, and are used after those of the plan.")


def _changes(product: Product, quote: Quote) -> Iterator[Sentence]:
    rules = product.changes
    if rules.upgrade == "difference":
        yield sentence("A larger plan begins at once. You pay the difference of the prices.")
    else:
        yield sentence(
            "A larger plan begins at once. You pay the difference of the prices for the days that are left."
        )
    if rules.downgrade == "now":
        yield sentence("A smaller plan begins at once, and takes back what it gives less than this one.")
    elif quote.billing == YEARLY:
        yield sentence("A smaller plan begins when the year that was paid for is over.")
    else:
        yield sentence("A smaller plan begins at the next renewal.")


def _privacy(product: Product) -> Iterator[Sentence]:
    if product.sends == "emails":
        yield sentence(
            "Your contacts and emails stay in your own database. What you send, with the addresses that it "
            "goes to, passes through your mail server."
        )
    else:
        yield sentence(
            "Your contacts and texts stay in your own database. What you send, with the numbers that it goes "
            "to, passes through the provider that delivers it."
        )
    yield sentence(
        "Your card stays with the payment provider: only its brand, its last four digits and its expiry are "
        "known here. Your billing address is printed on receipts and used for nothing else."
    )


def _refunds() -> Iterator[Sentence]:
    yield sentence("What was paid is not paid back, neither for days nor for credits left unused.")


def _cancellation(product: Product, quote: Quote) -> Iterator[Sentence]:
    rules, after = product.changes, product.plan(product.changes.cancel_to)
    yield sentence("You can cancel at any time: F12 shows the plans, and there x cancels.")
    if rules.cancel == "now":
        yield sentence("It ends at once, and you go on with {plan}.", plan=plan_words(product, after))
        return
    if quote.billing == YEARLY:
        yield sentence(
            "The plan then ends when the year that was paid for is over. Until that day you can change your "
            "mind."
        )
    else:
        yield sentence("The plan then ends at the next renewal. Until that day you can change your mind.")
    if after is not NOTHING:
        yield sentence("You go on with {plan}.", plan=plan_words(product, after))
    elif rules.cancelled_credits == "end":
        yield sentence("What is left of its credits lapses with it.")
    else:
        yield sentence("What is left of its credits stays yours.")
