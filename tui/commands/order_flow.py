"""What `plan` and `buy` have in common: a quote as data, and an order placed once it is agreed to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from store.roles import Role
from store.sentences import Money, Sentence, sentence
from tui.commands.click_ext import option
from tui.commands.context import Session
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.idempotency import Asked
    from store.credits.model import Account, Order, Quote


def quote_as_data(session: Session, quote: Quote) -> dict[str, object]:
    """A quote with the keys that programs rely on."""
    return {
        "from": quote.from_plan,
        "to": quote.to_plan,
        "effective": quote.effective.isoformat() if quote.effective else "now",
        "charge_cents": quote.charge_cents,
        "credits_now": quote.credits_now,
        "next_renewal": {
            "on": quote.next_renewal.on.isoformat(),
            "charge_cents": quote.next_renewal.charge_cents,
            "credits": quote.next_renewal.credits,
        },
        "explanation": [session.language.say(line) for line in quote.explanation],
        "change": quote.change.value,
        "billing": quote.billing,
    }


def key_option(language: Language) -> click.Option:
    """`--idempotency-key`, of what is ordered."""
    _ = language.gettext
    return option("--idempotency-key", _("KEY"), _("Ordering twice with the same key orders only once."))


def asked_for(key: str | None, *request: str | int | None) -> Asked | None:
    """What is asked for under a key, if one was given."""
    from store.credits.idempotency import Asked

    return None if key is None else Asked(key, json.dumps(request))


def place(
    session: Session,
    store: Store,
    account: Account,
    quote: Callable[[], Quote],
    *,
    yes: bool,
    asked: Asked | None = None,
) -> tuple[Quote, Order]:
    """Places an order once it is agreed to; what was quoted for it, too. asked: a key that somebody gave, so
    that what was ordered under it is said again. Raises what quote, `Session.agree` and `Ledger.place`
    raise."""
    from uuid import uuid4

    store.person.check(Role.OWNER)  # nobody is asked for what they may not do
    if asked and (before := store.credits.placed(account.id, asked)):
        quoted, order = before
        says = sentence(
            "You already ordered this on {day} with the same key. Nothing was ordered again.", day=order.on
        )
        return quoted._replace(explanation=(says,)), order
    quoted = quote()
    session.agree(quoted.explanation, session.language.gettext("Place this order?"), yes=yes)
    return quoted, store.credits.place(account.id, quoted, key=uuid4().hex, asked=asked)


def receipt(order: Order) -> Sentence:
    """What was paid, and under which number."""
    if not order.cents:
        return sentence("Order {order} complete. Nothing was charged.", order=order.number)
    return sentence(
        "Order {order} complete: {charge}, paid with {card}.",
        order=order.number,
        charge=Money(order.cents),
        card=order.card,
    )


def owed_words(product: Product, account: Account) -> Sentence | None:
    """What an account owes for its renewal and how that is paid; None where it owes nothing."""
    from store.credits.quote_text import not_paid

    if not account.owed:
        return None
    return sentence("{owed} Pay with `textmeter orders pay`.", owed=not_paid(product, account))
