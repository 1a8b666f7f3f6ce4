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
        about=_("Open the app on Compose with recipients and text filled in."),
        more=_("With an email account, use email addresses and --subject."),
        params=[
            Several(
                "--to",
                _("NUMBER|ADDRESS..."),
                _("A phone number or an email address. Use it more than once, or list several after it."),
                is_value=lambda word: looks_like_a_number(word) is not None or "@" in word,
            ),
            option("--subject", _("S"), _("The subject (email only).")),
            argument(
                "text",
                _("TEXT"),
                _("The text to start with; the cursor is placed at its end."),
                required=False,
            ),
        ],
        examples=[
            _('textmeter compose --to +14155550123 "Hi, "'),
            _('textmeter compose --to ada@example.com --subject "Your viewing"'),
        ],
    )


def run(session: Session, to: tuple[str, ...], subject: str | None, text: str | None) -> int:
    from store.messages.model import Draft

    return session.open_app("compose", Draft(to=to, subject=subject or "", body=session.text(text or "")))
