"""`textmeter charge`: records use on a demo clock, to play a rule through."""

from __future__ import annotations

import click

from store.sentences import sentence
from tui.commands.click_ext import Choice, Command, Number, argument, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "charge",
        run,
        about=_("Record usage by hand to try out the rules."),
        more=_(
            "Only for accounts with a demo clock. Nothing is sent: credits are charged as for "
            "texts or emails to the United States, at the demo clock's time."
        ),
        params=[
            argument(
                "number",
                _("N"),
                _("The number of SMS segments, MMS messages or emails."),
                Number(),
            ),
            option("--kind", _("KIND"), _("sms (default) or mms."), Choice(("sms", "mms")), "sms"),
            flag("--inbound", _("Charge as replies received; what you can't pay for is waived.")),
        ],
        examples=[
            "textmeter --database demo.db --now 2026-05-10 charge 200",
            "textmeter --database demo.db charge 1 --kind mms --inbound",
        ],
    )


def run(session: Session, number: int, kind: str, inbound: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        charge = store.credits.charge(account.id, number, mms=kind == "mms", inbound=inbound)
    if session.json:
        session.answer({"charged": charge.charged, "waived": charge.waived, "available": charge.available})
    else:
        session.say(
            session.language.say(
                sentence(
                    "{charged} charged, {waived} waived, {available} left.",
                    charged=charge.charged,
                    waived=charge.waived,
                    available=charge.available,
                )
            )
        )
