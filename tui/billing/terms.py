"""The terms of a plan, made from its product's rules: what one gets and pays, who sees what, what is paid
back, and how to stop."""

from __future__ import annotations

from collections.abc import Iterator

from store.credits.catalog import NOTHING, YEARLY, Product
from store.credits.model import Quote
from store.credits.quote_text import amount
from store.sentences import N_, Key, Sentence, sentence, sentences
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
        "It renews automatically, next on {day}, and gives you {amount} each month until you cancel.",
        day=renewal.on,
        amount=amount(product, plan.credits),
    )
    if not price:
        return
    if quote.billing == YEARLY:
        yield sentence("Your card is charged once a year, when the paid year ends.")
    else:
        yield sentence("Your card is charged at each renewal.")


def _unused(product: Product, quote: Quote) -> Iterator[Sentence]:
    plan = product.plan(quote.to_plan)
    if product.lapse:
        yield sentence("Whatever you don't use lapses at the end of the month.")
    elif product.expire_after_months:
        yield sentences(
            "Whatever you don't use rolls over. It lasts {count} month from the day it was added.",
            "Whatever you don't use rolls over. It lasts {count} months from the day it was added.",
            product.expire_after_months,
        )
    elif product.most_allotments:
        yield sentence(
            "Whatever you don't use rolls over, up to {amount} including the new ones. Anything "
            "above that is forfeited at the renewal.",
            amount=amount(product, product.most_allotments * plan.credits),
        )
    else:
        yield sentence("Whatever you don't use rolls over and stays yours.")
    if product.purchases:
        yield sentence("Purchased credits never expire and are used after your plan's credits.")


def _changes(product: Product, quote: Quote) -> Iterator[Sentence]:
    rules = product.changes
    if rules.upgrade == "difference":
        yield sentence("A larger plan starts right away. You pay the price difference.")
    else:
        yield sentence("A larger plan starts right away. You pay the price difference for the days left.")
    if rules.downgrade == "now":
        yield sentence("A smaller plan starts right away, and the credits it doesn't include are taken back.")
    elif quote.billing == YEARLY:
        yield sentence("A smaller plan starts when the paid year ends.")
    else:
        yield sentence("A smaller plan starts at the next renewal.")


def _privacy(product: Product) -> Iterator[Sentence]:
    if product.sends == "emails":
        yield sentence(
            "Your contacts and emails stay in your own database. What you send, and the "
            "addresses you send it to, passes through your mail server."
        )
    else:
        yield sentence(
            "Your contacts and texts stay in your own database. What you send, and the numbers "
            "you send it to, passes through the provider that delivers it."
        )
    yield sentence(
        "The payment provider keeps your card: Textmeter knows only its brand, its last four "
        "digits and its expiration date. Your billing address is printed on receipts and "
        "used for nothing else."
    )


def _refunds() -> Iterator[Sentence]:
    yield sentence("Payments aren't refunded, neither for unused days nor for unused credits.")


def _cancellation(product: Product, quote: Quote) -> Iterator[Sentence]:
    rules, after = product.changes, product.plan(product.changes.cancel_to)
    yield sentence(
        "You can cancel at any time: press {plans} for the plans, then {cancel}.",
        plans=Key("go.plans", "f12"),
        cancel=Key("plans.cancel", "x"),
    )
    if rules.cancel == "now":
        yield sentence("It ends right away, and you continue with {plan}.", plan=plan_words(product, after))
        return
    if quote.billing == YEARLY:
        yield sentence(
            "The plan then ends when the paid year is over. You can change your mind until that day."
        )
    else:
        yield sentence("The plan then ends at the next renewal. You can change your mind until that day.")
    if after is not NOTHING:
        yield sentence("You continue with {plan}.", plan=plan_words(product, after))
    elif rules.cancelled_credits == "end":
        yield sentence("Any credits left lapse with it.")
    else:
        yield sentence("Any credits left stay yours.")
