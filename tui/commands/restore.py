"""`textmeter restore`: puts a backup in the database's place."""

from __future__ import annotations

import click

from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, argument
from tui.commands.context import Session
from tui.diagnostics.checks import looked_at
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "restore",
        run,
        about=_("Restore the database from a backup."),
        more=_(
            "Close Textmeter everywhere first. The backup and its ledger are checked, and "
            "nothing is replaced if there is a problem. Your current database is kept next to it "
            "under another name."
        ),
        params=[argument("file", _("FILE"), _("A file made by `textmeter backup`."))],
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
            sentence(
                "Database restored from {file}: {looked_at}.", file=str(backup), looked_at=looked_at(found)
            )
        ]
        if kept:
            done.append(sentence("The previous database is kept in {path}.", path=str(kept)))
        if restored.opt_outs:
            done.append(
                sentences(
                    "{count} opt-out since the backup still applies.",
                    "{count} opt-outs since the backup still apply.",
                    restored.opt_outs,
                )
            )
        session.say(*(plain(session.language.say(says)) for says in done))
    if restored.doubtful:
        session.warn(
            sentences(
                "{count} text in the backup was waiting to be sent. It may have gone out since, so "
                "it isn't sent automatically: open its blast to say whether it went out.",
                "{count} texts in the backup were waiting to be sent. They may have gone out since, "
                "so they aren't sent automatically: open their blasts to say whether they went out.",
                restored.doubtful,
            )
        )
