"""`textmeter backup`: copies the database into a file."""

from __future__ import annotations

import click

from store.paths import typed_path
from store.sentences import sentence
from tui.commands.click_ext import Command, argument
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "backup",
        run,
        about=_("Copy the database to a new file."),
        more=_(
            "Textmeter can stay open: the copy is a snapshot of one moment. Existing files are "
            "never overwritten. To back up a database on a server, use the server's own tools."
        ),
        params=[argument("file", _("FILE"), _("The new file."))],
        examples=["textmeter backup monday.sqlite3"],
    )


def run(session: Session, file: str) -> None:
    from store.backup import back_up
    from store.config import default_database

    target = typed_path(file)
    if session.now:
        with session.open_store():
            pass  # which brings the account up to that time
    size = back_up(session.database or default_database(), target)
    if session.json:
        session.answer({"file": str(target), "bytes": size})
    else:
        says = sentence(
            "Database copied to {file} ({kilobytes} KB).", file=str(target), kilobytes=-(-size // 1024)
        )
        session.say(plain(session.language.say(says)))
