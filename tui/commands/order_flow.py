"""What `plan` and `buy` have in common: a quote as data, and an order placed once it is agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.roles import Role
from store.sentences import Money, Sentence, sentence
from tui.commands.context import Session

if TYPE_CHECKING:
    from store import Store
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


def place(session: Session, store: Store, account: Account, quote: Quote, *, yes: bool) -> Order:
    """Places an order once it is agreed to. Raises what `Session.agree` and `Ledger.place` raise."""
    from uuid import uuid4

    store.person.check(Role.OWNER)  # nobody is asked for what they may not do
    session.agree(quote.explanation, session.language.gettext("Place this order?"), yes=yes)
    return store.credits.place(account.id, quote, key=uuid4().hex)


def receipt(order: Order) -> Sentence:
    """What was paid, and under which number."""
    if not order.cents:
        return sentence("Order {order} is done. Nothing was charged.", order=order.number)
    return sentence(
        "Order {order} is done: {charge}, paid with {card}.",
        order=order.number,
        charge=Money(order.cents),
        card=order.card,
    )
