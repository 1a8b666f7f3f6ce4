"""`textmeter balance`: what is left, and of what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.commands.order_flow import owed_words
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.credits.catalog import Product
    from store.credits.model import Balance, Lot


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "balance",
        run,
        about=_("Show your remaining credits."),
        more=_(
            "Shows the credits available now, those held for texts on their way, those used this "
            "period, and the lots they come from, in the order they are used."
        ),
        examples=["textmeter balance", "textmeter balance --json"],
    )


def run(session: Session) -> None:
    with session.open_store() as store:
        account = session.account(store)
        balance = store.credits.balance(account.id)
        lots = store.credits.lots(account.id)
        product = store.credits.product(account)
    if session.json:
        session.answer(_as_data(balance, lots))
    else:
        _in_words(session, product, balance, lots)


def _as_data(balance: Balance, lots: list[Lot]) -> dict[str, object]:
    return {
        "available": balance.available,
        "held": balance.held,
        "allotted": balance.allotted,
        "purchased": balance.purchased,
        "used": balance.used,
        "capacity": balance.capacity,
        "percent": percent(balance.used + balance.held, balance.capacity),
        "plan": balance.account.plan,
        "pending_plan": balance.account.pending_plan,
        "pending_billing": balance.account.pending_billing,
        "owed": balance.account.owed,
        "period": {"starts": balance.period.starts.isoformat(), "ends": balance.period.ends.isoformat()},
        "lots": [
            {
                "pool": lot.pool.value,
                "remaining": lot.remaining,
                "granted_on": lot.granted_on.isoformat(),
                "expires_on": lot.expires_on.isoformat() if lot.expires_on else None,
                "granted": lot.granted,
                "held": lot.held,
            }
            for lot in lots
        ],
    }


def percent(part: int, whole: int) -> float:
    """A share with one decimal, half of it rounded up; 0 of nothing."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else 0.0


def _in_words(session: Session, product: Product, balance: Balance, lots: list[Lot]) -> None:
    from tui.billing.presentation import coming_words

    language, number = session.language, session.language.number
    _ = language.gettext
    session.say(
        (
            _("{available} of {capacity} emails left ({percent} used)")
            if product.sends == "emails"
            else _("{available} of {capacity} credits left ({percent} used)")
        ).format(
            available=number(balance.available),
            capacity=number(balance.capacity),
            percent=language.percent(balance.permille),
        ),
        (
            _("{product}, no plan, {starts} to {ends}")
            if balance.account.plan == "none"
            else _("{product}, plan {plan}, {starts} to {ends}")
        ).format(
            product=balance.account.product,
            plan=balance.account.plan,
            starts=language.day(balance.period.starts),
            ends=language.day(balance.period.ends - timedelta(days=1)),
        ),
    )
    owed = owed_words(product, balance.account)
    coming = coming_words(product, balance.account, balance.period)
    told = [plain(language.say(words)) for words in (owed, coming) if words]
    session.say(*filter(None, told), "")
    sums = [
        (_("Allotted"), balance.allotted),
        (_("Purchased"), balance.purchased),
        (_("Held"), balance.held),
        (_("Used"), balance.used),
    ]
    session.table(
        [name for name, _credits in sums], [[number(credits) for _name, credits in sums]], right=range(4)
    )
    if lots:
        pools = {"allotted": _("allotted"), "purchased": _("purchased")}
        session.say("")
        session.table(
            [_("Left, in order of use"), _("Source"), _("Added on"), _("Expires on")],
            [
                [
                    number(lot.remaining),
                    pools[lot.pool],
                    language.day(lot.granted_on),
                    language.day(lot.expires_on) if lot.expires_on else _("never"),
                ]
                for lot in lots
            ],
            right=[0],
        )
