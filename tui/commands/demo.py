"""`textmeter demo`: the app on data that is made up, with a tour, and gone when it is left."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.signals import ENDING, exits_on

if TYPE_CHECKING:
    from store import Store


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "demo",
        run,
        about=_("Look around with demo data: a year of texts, emails and plans, and a tour."),
        more=_(
            "Nothing is sent or charged. Your own database and catalog aren't touched. The demo "
            "is deleted when you quit, unless you keep it in a file; run the same command to "
            "continue with it later. `textmeter --screen NAME demo` opens it on that screen, "
            "without the tour."
        ),
        params=[option("--keep", _("FILE"), _("Keep the demo in a new file, or continue one kept there."))],
        examples=["textmeter demo", "textmeter demo --keep demo.db"],
    )


def run(session: Session, keep: str | None) -> int:
    if session.database:
        raise WrongUsage(
            sentence(
                "The demo uses its own database. To keep it in a file, run `textmeter demo --keep FILE`."
            ),
            code="usage",
        )
    return _not_kept(session) if keep is None else _kept(session, keep)


def _not_kept(session: Session) -> int:
    def open_store() -> Store:
        from store.demo import make, open_made

        database = Path(folder) / "demo.sqlite3"
        make(database, session.language.code)
        return open_made(database)

    with exits_on(*ENDING), tempfile.TemporaryDirectory(prefix="textmeter-demo-") as folder:
        return session.open_app(
            session.screen or "home", open_store=open_store, demo=True, tour=not session.screen
        )


def _kept(session: Session, keep: str) -> int:
    from store.demo import check_kept, open_kept
    from store.paths import typed_path

    path = typed_path(keep)
    check_kept(path)
    code = session.open_app(
        session.screen or "home",
        open_store=lambda: open_kept(path, session.language.code),
        tour=not session.screen,
    )
    if not code:
        session.warn(
            sentence(
                "The demo is saved in {path}. Continue it with `textmeter demo --keep {quoted}`.",
                path=str(path),
                quoted=shlex.quote(keep),
            )
        )
    return code
