"""`textmeter receive`: plays a text that comes in."""

from __future__ import annotations

import click

from store.sentences import N_
from tui.commands.click_ext import Command, argument, option
from tui.commands.context import Session
from tui.commands.conversation import number_of
from tui.i18n.language import Language

_CAME_OF_IT = {
    "": N_("Received."),
    "out": N_("Received. They opted out and won't get any more texts."),
    "in": N_("Received. They can be texted again."),
    "help": N_("Received. They asked who you are and got an answer."),
    "refusal": N_("Received. It may be an opt-out: decide in the inbox."),
}


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "receive",
        run,
        about=_("Simulate an incoming text. Simulated provider only."),
        params=[
            argument("text", _("TEXT"), _("The text, or - for standard input.")),
            option("--from", _("NUMBER"), _("The sender's number."), required=True),
        ],
        examples=[
            _('textmeter receive --from +14155550123 "Yes! Friday?"'),
            "textmeter receive --from +14155550123 STOP",
        ],
    )


def run(session: Session, text: str, **given: str) -> None:
    body = session.text(text)
    with session.open_store() as store:
        account = session.account(store)
        phone = number_of(given["from"], account.country)
        asks = store.messages.receive(account.id, phone, body)
        if session.json:
            session.answer({"from": phone, "asks": asks})
        else:
            session.say(session.language.gettext(_CAME_OF_IT.get(asks, _CAME_OF_IT[""])))
