"""`textmeter orders`: what was ordered, and paying what is unpaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.errors import PaymentDeclined, RefusedByRule
from store.roles import Role
from store.sentences import Money, sentence, sentences
from tui.commands.click_ext import Command, Group, Number, flag, option
from tui.commands.context import Session
from tui.commands.order_flow import receipt
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store.credits.model import Order, PurchaseRoom


def command(language: Language) -> click.Command:
    _ = language.gettext
    paying = Command(
        language,
        "pay",
        pay,
        about=_("Pay what you owe with the card on file."),
        more=_(
            "After a declined renewal, the credits come when it is paid. The card is retried "
            "automatically after 1, 3, 5 and 7 days; this retries it now. The exit code is 5 if "
            "it is declined again."
        ),
        params=[flag("--yes", _("Pay without asking first."))],
        examples=["textmeter orders pay --yes"],
    )
    return Group(
        language,
        "orders",
        about=_("Show your orders and charges, newest first."),
        params=[
            flag("--json", _("Print JSON instead of plain text.")),
            option("--limit", _("N"), _("Show at most this many orders (default: 50)."), Number(), 50),
        ],
        commands=[paying],
        examples=["textmeter orders", "textmeter orders pay"],
        invoke_without_command=True,
        callback=show,
    )


def show(json: bool, limit: int) -> None:
    context = click.get_current_context()
    session: Session = context.obj
    session.json = json
    if context.invoked_subcommand is not None:
        return
    with session.open_store() as store:
        account = session.account(store)
        orders = store.credits.orders(account.id, limit=limit)
        room = store.credits.purchase_room(account.id)
    if session.json:
        session.answer([_as_data(session, order, room) for order in orders])
    else:
        _in_words(session, orders)


def pay(session: Session, yes: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        store.person.check(Role.OWNER)  # nobody is asked for what they may not do
        owing = store.credits.owing(account.id)
        if not owing:
            raise RefusedByRule(sentence("You don't owe anything. Nothing was charged."), code="nothing-owed")
        owed = sentence("You owe {cents}.", cents=Money(sum(order.cents for order in owing)))
        session.agree([owed], session.language.gettext("Charge the card on file?"), yes=yes)
        if unpaid := store.credits.collect(account.id, again=True):
            raise _still_unpaid(unpaid)
        paid = [store.credits.order(account.id, order.number) for order in owing]
        room = store.credits.purchase_room(account.id)
    if session.json:
        session.answer(_as_data(session, paid[-1], room))
    else:
        for order in paid:
            session.say(session.language.say(receipt(order)))


def _still_unpaid(orders: list[Order]) -> PaymentDeclined:
    return PaymentDeclined(
        sentence(
            "{orders}, {cents} total. {reason}",
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
        "billing_address": order.billing_address or None,
    }


def _in_words(session: Session, orders: list[Order]) -> None:
    language = session.language
    _ = language.gettext
    if not orders:
        session.say(_("No orders yet."))
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
        "withdrawn": _("change withdrawn"),
    }
    states = {
        "paid": _("paid"),
        "due": _("being charged"),
        "unpaid": _("unpaid"),
        "skipped": _("skipped"),
    }
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
                states[order.state] if order.cents else _("no charge"),
            ]
            for order in orders
        ],
        right=[0, 4, 5],
    )
    from store.credits.model import OrderState  # those who see a table

    for order in orders:
        if order.reason and order.state is not OrderState.SKIPPED:
            says = sentence("Order {order}: {reason}", order=order.number, reason=order.reason)
            session.warn(says)
