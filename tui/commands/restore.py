"""`textmeter restore`: puts a backup in the database's place."""

from __future__ import annotations

import click

from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, argument
from tui.commands.context import Session
from tui.commands.verify import looked_at
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "restore",
        run,
        about=_("Put a backup in the database's place."),
        more=_(
            "First the backup is checked and its ledger replayed; it replaces nothing unless all agrees. The "
            "present database is kept beside it under another name. Close Textmeter everywhere first."
        ),
        params=[argument("file", _("FILE"), _("What `textmeter backup` made."))],
        examples=["textmeter restore monday.sqlite3"],
    )


def run(session: Session, file: str) -> None:
    from store.backup import restore
    from store.config import default_database

    backup = typed_path(file)
    restored = restore(session.database or default_database(), backup)
    found, kept = restored.found, restored.kept
    if session.json:
        session.answer(
            {
                "file": str(backup),
                "accounts": found.accounts,
                "entries": found.entries,
                "kept": str(kept) if kept else None,
                "doubtful": restored.doubtful,
                "opt_outs": restored.opt_outs,
            }
        )
    else:
        done = [
            sentence("{file} is the database now: {looked_at}.", file=str(backup), looked_at=looked_at(found))
        ]
        if kept:
            done.append(sentence("What was there before is kept in {path}.", path=str(kept)))
        if restored.opt_outs:
            done.append(
                sentences(
                    "{count} opt-out was noted since; it still holds.",
                    "{count} opt-outs were noted since; they still hold.",
                    restored.opt_outs,
                )
            )
        session.say(*(plain(session.language.say(says)) for says in done))
    if restored.doubtful:
        session.warn(
            sentences(
                "{count} text waited in it to be sent. It may have left since, so it isn't sent by itself: "
                "its blast asks you whether it left.",
                "{count} texts waited in it to be sent. They may have left since, so they aren't sent by "
                "themselves: their blasts ask you whether they left.",
                restored.doubtful,
            )
        )
