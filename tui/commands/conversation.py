"""`textmeter conversation`: what was said with one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.sentences import sentence
from store.texts import phones
from store.texts.phones import PhoneRefused
from tui.commands.click_ext import Command, Number, argument, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.messages.model import Line


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "conversation",
        run,
        about=_("Show the conversation with a number or address, newest first."),
        params=[
            argument("number", _("NUMBER|ADDRESS"), _("A phone number or an email address.")),
            option("--limit", _("N"), _("Show at most this many texts (default: 50)."), Number()),
        ],
        examples=["textmeter conversation +14155550123 --limit 10 --json"],
    )


def number_of(typed: str, country: str) -> str:
    """A number as it is kept: E.164, or a short code or name as it was typed; an address in lower case."""
    if "@" in typed:
        return typed.strip().lower()
    try:
        return phones.parse(typed, country).e164
    except PhoneRefused:
        return typed.strip()


def run(session: Session, number: str, limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise WrongUsage(sentence("--limit must be a number, 1 or higher."), code="usage")
    with session.open_store() as store:
        account = session.account(store)
        phone = number_of(number, account.country)
        lines, _place = store.conversations.lines(account.id, phone, limit=limit or 50)
        if session.json:
            session.answer_array(_as_data(session.language, line) for line in lines)
            return
        from tui.inbox.presentation import facts, picture_words

        language, now = session.language, store.clock.now()
        for line in lines:
            said = [line.subject, line.text, *(picture_words(language, picture) for picture in line.media)]
            arrow = "→" if line.out else "←"
            session.say(f"{arrow} {plain(' '.join(filter(None, said)))}")
            session.say(f"  {facts(language, line, now, account.timezone)}")


def _as_data(language: Language, line: Line) -> dict[str, object]:
    return {
        "at": line.at.isoformat(),
        "direction": "out" if line.out else "in",
        "text": plain(line.text, lines=True),
        "status": line.status.value if line.status is not None else None,
        "credits": line.credits,
        "by": line.by if line.by is None else plain(line.by),
        "waived": line.waived,
        "reason": language.say(line.reason) if line.reason is not None else None,
        "media": [{"url": plain(one.url), "type": plain(one.type), "size": one.size} for one in line.media],
        "asks": line.asks,
        "subject": plain(line.subject),
        "automatic": line.automatic,
    }
