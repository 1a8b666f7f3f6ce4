"""`textmeter compose`: opens the app on a text."""

from __future__ import annotations

import click

from tui.commands.click_ext import Command, Several, argument, option
from tui.commands.context import Session
from tui.commands.draft_options import looks_like_a_number
from tui.i18n.language import Language


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "compose",
        run,
        about=_("Open the app on a text or an email, with recipients and words filled in."),
        more=_("An account for emails takes addresses, and a --subject."),
        params=[
            Several(
                "--to",
                _("NUMBER|ADDRESS..."),
                _("A phone number or an email address; several after it or several times."),
                is_value=lambda word: looks_like_a_number(word) is not None or "@" in word,
            ),
            option("--subject", _("S"), _("The subject, of an email.")),
            argument("text", _("TEXT"), _("The text so far; the cursor stands at its end."), required=False),
        ],
        examples=[
            _('textmeter compose --to +14155550123 "Hi, "'),
            _('textmeter compose --to ada@example.com --subject "Your viewing"'),
        ],
    )


def run(session: Session, to: tuple[str, ...], subject: str | None, text: str | None) -> int:
    from store.messages.model import Draft

    return session.open_app("compose", Draft(to=to, subject=subject or "", body=session.text(text or "")))
