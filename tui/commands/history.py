"""`textmeter history`: every credit that came or went."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Choice, Command, Day, Number, flag, option
from tui.commands.context import Session, write
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from pathlib import Path

    from store.credits.export import Line as Cells
    from tui.history.search import Line

POOLS = ("allotted", "purchased")
KINDS = ("granted", "used", "purchased", "expired", "forfeited", "taken-back", "released", "waived", "ended")
FEW = 50
"""Lines that are shown where nobody says how many, and no file is made of them."""


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "history",
        run,
        about=_("Show every credit added or used, newest first."),
        more=_(
            "A text to several people is one line. The balance is the pool's, after that line. "
            "Without --limit, the newest 50 lines are shown, but all are exported."
        ),
        params=[
            option("--pool", _("POOL"), _("Show only this pool: allotted or purchased."), Choice(POOLS)),
            option(
                "--kind",
                _("KIND"),
                _("Show only this kind: granted, used, expired, released..."),
                Choice(KINDS),
            ),
            option("--since", _("DATE"), _("Start on this day (YYYY-MM-DD)."), Day()),
            option("--until", _("DATE"), _("End on this day, inclusive."), Day()),
            option(
                "--text",
                _("TEXT"),
                _("Show only lines that contain this: a cause, a text you sent, an order number."),
            ),
            option("--limit", _("N"), _("Show at most this many lines."), Number()),
            flag("--csv", _("Print CSV with a header row, for a spreadsheet.")),
            flag("--jsonl", _("Print one JSON object per line.")),
            option("--xlsx", _("FILE"), _("Save an Excel workbook to this new file.")),
        ],
        examples=[
            "textmeter history --since 2026-05-01 --kind used",
            "textmeter history --csv > history.csv",
            "textmeter history --xlsx history.xlsx",
        ],
    )


def run(
    session: Session,
    pool: str | None,
    kind: str | None,
    since: date | None,
    until: date | None,
    text: str | None,
    limit: int | None,
    csv: bool,
    jsonl: bool,
    xlsx: str | None,
) -> None:
    _check_formats(session, csv=csv, jsonl=jsonl, xlsx=xlsx)
    with session.open_store() as store:
        from store.credits.history_query import Filter
        from store.credits.model import Kind, Pool
        from tui.history.search import Finder, every_line

        account = session.account(store)
        exported = csv or jsonl or xlsx is not None
        chosen = Filter(
            Pool(pool) if pool else None,
            Kind(kind) if kind else None,
            since,
            until,
            Finder().matching(store, account.id, text, session.language) if text else None,
        )
        lines = every_line(store, account.id, chosen, limit=limit if limit or exported else FEW)
        if xlsx is not None:
            _save(session, typed_path(xlsx), lines)
        elif csv:
            from store.credits.export import write_csv
            from tui.history.records import COLUMNS

            write_csv(sys.stdout, COLUMNS, _as_data(session, lines))
        elif jsonl:
            from store.credits.export import json_line

            for cells in _as_data(session, lines):
                write(json_line(cells))
        elif session.json:
            session.answer_array(
                {name: str(cell) if isinstance(cell, date) else cell for name, cell in cells.items()}
                for cells in _as_data(session, lines)
            )
        else:
            _in_words(session, list(lines))


def _check_formats(session: Session, *, csv: bool, jsonl: bool, xlsx: str | None) -> None:
    """Raises WrongUsage where the same is asked for in two ways."""
    asked = [
        name for name, wanted in (("--csv", csv), ("--jsonl", jsonl), ("--xlsx", xlsx is not None)) if wanted
    ]
    if session.json and asked and xlsx is None:
        asked.append("--json")
    if len(asked) > 1:
        raise WrongUsage(
            sentence(
                "{first} and {second} are two formats of the same thing. Choose one.",
                first=asked[0],
                second=asked[1],
            ),
            code="usage",
        )
    if xlsx is not None and not xlsx.lower().endswith(".xlsx"):
        raise WrongUsage(
            sentence("--xlsx needs a file name ending in .xlsx, not {name}.", name=xlsx),
            code="usage",
        )


def _save(session: Session, path: Path, lines: Iterator[Line]) -> None:
    from store.credits.export import export
    from tui.history.records import COLUMNS, book

    def progress(count: int) -> None:
        session.progress(session.language.say(sentences("{count} line…", "{count} lines…", count)))

    try:
        count = export(
            path, COLUMNS, _as_data(session, lines), book=book(session.language), progress=progress
        )
    finally:
        session.progress("")
    if session.json:
        session.answer({"file": str(path), "lines": count})
    else:
        says = sentences(
            "{count} line saved to {path}.", "{count} lines saved to {path}.", count, path=str(path)
        )
        session.say(plain(session.language.say(says)))


def _as_data(session: Session, lines: Iterator[Line]) -> Iterator[Cells]:
    from tui.history.records import as_data

    return (as_data(session.language, line) for line in lines)


def _in_words(session: Session, lines: list[Line]) -> None:
    from tui.history.presentation import kind_words
    from tui.history.search import happened

    language = session.language
    _ = language.gettext
    if not lines:
        session.say(_("Nothing to show."))
        return
    pools = {"allotted": _("allotted"), "purchased": _("purchased")}
    session.table(
        [_("Date"), _("What happened"), _("Kind"), _("Pool"), _("Change"), _("Balance")],
        [
            [
                language.day(line.entry.on),
                happened(language, line),
                kind_words(language, line.entry.kind),
                pools[line.entry.pool],
                language.signed(line.entry.delta),
                language.number(line.entry.balance),
            ]
            for line in lines
        ],
        right=[4, 5],
    )
