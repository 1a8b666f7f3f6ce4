"""`textmeter orders`: what was ordered, and paying what is unpaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.errors import PaymentDeclined
from store.sentences import Money, sentence, sentences
from tui.commands.click_ext import Command, Number, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store.credits.model import Order, PurchaseRoom


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "orders",
        run,
        about=_("Show what was ordered and charged, the newest first."),
        params=[
            flag("--pay", _("Charge the card on file for what is unpaid first.")),
            option("--limit", _("N"), _("At most so many orders; else 50."), Number(), 50),
        ],
        examples=["textmeter orders", "textmeter orders --pay"],
    )


def run(session: Session, pay: bool, limit: int) -> None:
    with session.open_store() as store:
        account = session.account(store)
        unpaid = store.credits.collect(account.id, again=True) if pay else []
        orders = store.credits.orders(account.id, limit=limit)
        room = store.credits.purchase_room(account.id)
    if unpaid:
        raise _still_unpaid(unpaid)
    if session.json:
        session.answer([_as_data(session, order, room) for order in orders])
    else:
        _in_words(session, orders)


def _still_unpaid(orders: list[Order]) -> PaymentDeclined:
    return PaymentDeclined(
        sentence(
            "{orders}, {cents} in all. {reason}",
            orders=sentences("{count} order is unpaid", "{count} orders are unpaid", len(orders)),
            cents=Money(sum(order.cents for order in orders)),
            reason=orders[0].reason or sentence("Try again in a moment."),
        ),
        orders=[order.number for order in orders],
    )


def _as_data(session: Session, order: Order, room: PurchaseRoom | None) -> dict[str, object]:
    return {
        "order": order.number,
        "on": order.on.isoformat(),
        "at": order.at.isoformat(),
        "cause": order.cause,
        "from": order.from_plan or None,
        "plan": order.plan,
        "billing": order.billing,
        "credits": order.credits,
        "charge_cents": order.cents,
        "card": order.card or None,
        "charge": order.charge or None,
        "state": order.state.value,
        "reason": session.language.say(order.reason) if order.reason else None,
        "left_this_month": room.left if room else None,
        "by": order.person or None,
    }


def _in_words(session: Session, orders: list[Order]) -> None:
    language = session.language
    _ = language.gettext
    if not orders:
        session.say(_("Nothing was ordered yet."))
        return
    causes = {
        "join": _("joined"),
        "subscribe": _("subscribed"),
        "upgrade": _("upgrade"),
        "downgrade": _("downgrade"),
        "cancel": _("cancelled"),
        "billing": _("billing changed"),
        "purchase": _("credits bought"),
        "renewal": _("renewal"),
    }
    states = {"paid": _("paid"), "due": _("being charged"), "unpaid": _("unpaid")}
    session.table(
        [_("Order"), _("Date"), _("What"), _("Plan"), _("Credits"), _("Charged"), _("Card"), _("State")],
        [
            [
                language.number(order.number),
                language.day(order.on),
                causes[order.cause],
                order.plan,
                language.signed(order.credits),
                language.money(Money(order.cents)),
                order.card or "-",
                states[order.state],
            ]
            for order in orders
        ],
        right=[0, 4, 5],
    )
    for order in orders:
        if order.reason:
            says = sentence("Order {order}: {reason}", order=order.number, reason=order.reason)
            session.warn(says)
