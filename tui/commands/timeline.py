"""`textmeter timeline`: all that happened with one contact."""

from __future__ import annotations

import click

from store.errors import WrongUsage
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, Number, argument, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

LINES = 50


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "timeline",
        run,
        about=_("Show everything that happened with a contact, newest first."),
        more=_(
            "Shows texts and emails both ways, SmartPlan steps that were done or failed, opt-ins "
            "and opt-outs, notes and tasks, from all accounts."
        ),
        params=[
            argument("contact", _("CONTACT"), _("A contact's ID, phone number or email address.")),
            option("--limit", _("N"), _("Show at most this many lines (default: 50)."), Number()),
        ],
        examples=["textmeter timeline 12", "textmeter timeline ann@example.com --limit 10 --json"],
    )


def run(session: Session, contact: str, limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise WrongUsage(sentence("--limit must be a number, 1 or higher."), code="usage")
    with session.open_store() as store:
        from tui.commands.contacts import find_contact

        account = session.account(store)
        found = find_contact(session, store, contact)
        lines, _place = store.timeline.lines(found, limit=limit or LINES)
    from tui.contacts.timeline_words import KINDS, as_data, credits_of, told

    language = session.language
    if session.json:
        session.answer_array(as_data(language, line) for line in lines)
        return
    several = len(found.numbers) + len(found.emails) > 1
    for line in lines:
        sign, text, stands, why = told(language, line, account.timezone, several=several)
        credits = credits_of(line)
        facts = [
            language.date_and_time(line.at, account.timezone),
            language.gettext(KINDS[line.source]),
            ": ".join(filter(None, (stands, why))),
            language.say(sentences("{count} credit", "{count} credits", credits)) if credits else "",
        ]
        session.say(f"{sign} {plain(text)}", f"  {plain(' · '.join(filter(None, facts)))}")
