"""`textmeter card`: the card on file, and putting another one there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.sentences import sentence
from tui.commands.click_ext import Command, argument
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.payments import Gateway


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "card",
        run,
        about=_("Show or replace the card on file."),
        more=_(
            "With a payment provider, you enter the card on the provider's own page; this prints "
            "the link. Never type a real card number here. Without a provider, test cards are "
            "used and no money is charged."
        ),
        params=[
            argument("number", _("NUMBER"), _("The number of a test card to put on file."), required=False)
        ],
        examples=["textmeter card", "textmeter card 4242424242424242", "textmeter card 4000000000000002"],
    )


def run(session: Session, number: str | None) -> None:
    with session.open_store() as store:
        gateway = _gateway(session, store)
        card = gateway.use(number) if number else gateway.card()
        link = gateway.card_link()
    language = session.language
    if session.json:
        session.answer(
            {
                "brand": card.brand if card else None,
                "last4": card.last4 if card else None,
                "expires": (card.expires or None) if card else None,
                "link": link or None,
            }
        )
        return
    if card is None:
        session.say(language.gettext("No card is on file yet."))
    elif card.expires:
        says = sentence("Card on file: {card}, expires {expires}.", card=str(card), expires=card.expires)
        session.say(plain(language.say(says)))
    else:
        session.say(plain(language.say(sentence("Card on file: {card}.", card=str(card)))))
    if link:
        session.say(language.say(sentence("Change your card here: {link}", link=link)))


def _gateway(session: Session, store: Store) -> Gateway:
    """Who charges the account that is meant, or the first one, which isn't open yet."""
    if not store.credits.accounts():
        return store.gateway
    return store.credits.gateway(session.account(store))
