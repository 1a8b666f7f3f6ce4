"""`textmeter buy`: credits one by one, beside the plan."""

from __future__ import annotations

import click

from store.sentences import sentence
from tui.commands.click_ext import Command, Number, argument, flag
from tui.commands.context import Session
from tui.commands.order_flow import asked_for, key_option, place, receipt
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "buy",
        run,
        about=_("Buy extra credits, if the product sells them."),
        more=_(
            "Purchased credits never expire and are used after the plan's. There is a limit for "
            "each calendar month. Shows the price and asks before charging the card on file."
        ),
        params=[
            argument("credits", _("N"), _("The number of credits."), Number()),
            flag("--yes", _("Don't ask for confirmation.")),
            key_option(language),
        ],
        examples=["textmeter buy 500", "textmeter buy 500 --yes --idempotency-key november --json"],
    )


def run(session: Session, credits: int, yes: bool, idempotency_key: str | None) -> None:
    asked = asked_for(idempotency_key, "buy", credits)
    with session.open_store() as store:
        account = session.account(store)
        _, order = place(
            session,
            store,
            account,
            lambda: store.credits.quote_purchase(account.id, credits),
            yes=yes,
            asked=asked,
        )
        room = store.credits.purchase_room(account.id)
    left = room.left if room else 0
    if session.json:
        session.answer(
            {
                "order": order.number,
                "credits": order.credits,
                "charge_cents": order.cents,
                "left_this_month": left,
            }
        )
    else:
        more = sentence("You can buy {left} more this calendar month.", left=left)
        session.say(*(plain(session.language.say(says)) for says in (receipt(order), more)))
