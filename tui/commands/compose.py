"""`textmeter compose`: opens the app on a text."""

from __future__ import annotations

import click

from tui.commands.click_ext import Command, argument
from tui.commands.context import Session
from tui.commands.draft_options import recipients_option
from tui.i18n.language import Language


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "compose",
        run,
        about=_("Open the app on a text, with numbers and text filled in."),
        params=[
            recipients_option(language),
            argument("text", _("TEXT"), _("The text so far; the cursor stands at its end."), required=False),
        ],
        examples=[_('textmeter compose --to +14155550123 "Hi, "')],
    )


def run(session: Session, to: tuple[str, ...], text: str | None) -> int:
    from store.messages.model import Draft

    return session.open_app("compose", Draft(to=to, body=session.text(text or "")))
