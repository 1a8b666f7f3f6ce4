"""Orders and their receipts in words."""

from __future__ import annotations

from store.credits.catalog import NO_PLAN, YEARLY, Product
from store.credits.model import Change, Order, OrderState
from store.credits.quote_text import amount
from store.sentences import Key, Money, Sentence, sentence
from tui.billing.presentation import plan_words
from tui.i18n.cells import left, widest
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

SIGNS = {OrderState.PAID: "✓", OrderState.DUE: "…", OrderState.UNPAID: "✗", OrderState.SKIPPED: "–"}


def order_words(product: Product, order: Order) -> Sentence:
    """What was ordered, as short as a list has it."""
    given = amount(product, product.plan(order.plan).credits)
    match order.cause:
        case "withdrawn":
            return _withdrawn_words(product, order)
        case Change.UPGRADE:
            return sentence("Upgrade to {amount}", amount=given)
        case Change.DOWNGRADE:
            return sentence("Downgrade to {amount}", amount=given)
        case Change.CANCEL:
            return sentence("Plan cancelled")
        case Change.BILLING if order.billing == YEARLY:
            return sentence("Billed yearly")
        case Change.BILLING:
            return sentence("Billed monthly")
        case Change.PURCHASE:
            return sentence("{amount} purchased", amount=amount(product, order.credits))
        case "renewal":
            return sentence("Renewal: {amount}", amount=given)
    return sentence("Subscription: {amount}", amount=given)


def _withdrawn_words(product: Product, order: Order) -> Sentence:
    if order.from_plan == NO_PLAN:
        return sentence("Cancellation withdrawn")
    if order.from_plan:
        given = amount(product, product.plan(order.from_plan).credits)
        return sentence("Downgrade to {amount} withdrawn", amount=given)
    return sentence("Change of billing withdrawn")


def state_words(order: Order) -> Sentence:
    """How an order stands, in a word or two."""
    if order.state is OrderState.DUE:
        return sentence("being charged")
    if order.state is OrderState.UNPAID:
        return sentence("not paid")
    if order.state is OrderState.SKIPPED:
        return sentence("skipped")
    return sentence("paid") if order.cents else sentence("no charge")


def payment_words(order: Order) -> Sentence:
    """How an order stands, in full, and what to do."""
    if order.state is OrderState.DUE:
        return sentence(
            "Not known yet whether the card was charged. Textmeter will ask the payment provider "
            "again; you're never charged twice."
        )
    if order.state is OrderState.UNPAID:
        return sentence(
            "{why} Press {key} to pay it now.",
            why=order.reason or sentence("Your card was declined."),
            key=Key("orders.pay", "dollar_sign"),
        )
    if order.state is OrderState.SKIPPED:
        return sentence("Never paid, so you got nothing and owe nothing.")
    if not order.cents:
        return sentence("Nothing was charged.")
    return sentence("{price} paid with {card}.", price=Money(order.cents), card=order.card)


def receipt_facts(language: Language, product: Product, order: Order, timezone: str) -> list[tuple[str, str]]:
    """What a receipt tells, as labels and values in a language; times in a time zone (IANA name)."""
    _, say = language.gettext, language.say
    facts = [
        (_("Order"), language.number(order.number)),
        (_("When"), language.date_and_time(order.at, timezone)),
        (_("Product"), _(product.name)),
        (_("What"), say(order_words(product, order))),
    ]
    if order.person:
        facts.append((_("By"), plain(order.person)))
    if order.from_plan not in ("", order.plan, NO_PLAN) and order.cause != "withdrawn":
        facts.append((_("Previous plan"), say(plan_words(product, product.plan(order.from_plan)))))
    if order.cause != Change.PURCHASE and order.plan != NO_PLAN:  # a cancelled one goes on for a while
        facts.append((_("Plan"), say(plan_words(product, product.plan(order.plan)))))
    facts += [
        (_("Emails") if product.sends == "emails" else _("Credits"), language.signed(order.credits)),
        (_("Amount"), language.money(Money(order.cents))),
        (_("Payment"), say(payment_words(order))),
    ]
    if order.billing_address:
        facts.append((_("Billing address"), plain(order.billing_address)))
    if order.charge:
        facts.append((_("Charge"), order.charge))
    return facts


def receipt_text(language: Language, product: Product, order: Order, timezone: str) -> str:
    """A receipt as plain text, to be copied or kept."""
    facts = receipt_facts(language, product, order, timezone)
    width = widest(label for label, _ in facts) + 2
    title = language.gettext("Textmeter receipt")
    lines = [f"{left(label + ':', width)} {value}" for label, value in facts]
    return "\n".join([title, "=" * widest([title]), "", *lines, ""])
