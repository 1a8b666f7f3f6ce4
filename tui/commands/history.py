"""`textmeter history`: every credit that came or went."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.parser import Choice, Command, Day, Number, flag, option
from tui.commands.session import Session
from tui.i18n import Language

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Entry

POOLS = ("allotted", "purchased")
KINDS = ("granted", "used", "purchased", "expired", "forfeited", "taken-back", "released", "waived", "ended")
PAGE = 1_000
COLUMNS = ("seq", "on", "pool", "kind", "delta", "balance", "amount", "cause", "cause_code", "reference")


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "history",
        run,
        about=_("Show every credit that came or went, the newest line first."),
        more=_("A text to several people is one line. The balance is that of the line's pool, after it."),
        params=[
            option("--pool", _("POOL"), _("Only lines of this pool: allotted or purchased."), Choice(POOLS)),
            option(
                "--kind",
                _("KIND"),
                _("Only lines of this kind: granted, used, expired, released..."),
                Choice(KINDS),
            ),
            option("--since", _("DATE"), _("From this day on (YYYY-MM-DD)."), Day()),
            option("--until", _("DATE"), _("Up to this day, which is included."), Day()),
            option("--limit", _("N"), _("At most so many lines; else 50."), Number(), 50),
            flag("--csv", _("Print CSV with a header line, for a spreadsheet.")),
        ],
        examples=[
            "textmeter history --since 2026-05-01 --kind used",
            "textmeter history --limit 100000 --csv > history.csv",
        ],
    )


def run(
    session: Session,
    pool: str | None,
    kind: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    csv: bool,
) -> None:
    if csv and session.json:
        raise WrongUsage(
            sentence("--csv and --json are two ways to print the same. Choose one."), code="usage"
        )
    with session.open_store() as store:
        from store.credits.model import Kind, Pool

        account = session.account(store)
        entries = _entries(
            store,
            account.id,
            limit,
            pool=Pool(pool) if pool else None,
            kind=Kind(kind) if kind else None,
            since=since,
            until=until,
        )
        if csv:
            _as_csv(session, entries)
        elif session.json:
            session.answer_array(_as_data(session, entry) for entry in entries)
        else:
            _in_words(session, list(entries))


def _entries(store: Store, account_id: int, limit: int, **filters: Any) -> Iterator[Entry]:
    """Up to `limit` lines, by the page, since there may be a million."""
    before = None
    while limit > 0:
        page = store.credits.history(account_id, before=before, limit=min(limit, PAGE), **filters)
        yield from page
        if len(page) < PAGE:
            return
        before, limit = page[-1].seq, limit - len(page)


def _as_data(session: Session, entry: Entry) -> dict[str, object]:
    from tui.words import cause_words

    return {
        "seq": entry.seq,
        "on": entry.on.isoformat(),
        "pool": entry.pool.value,
        "kind": entry.kind.value,
        "delta": entry.delta,
        "balance": entry.balance,
        "amount": entry.amount,
        "cause": cause_words(session.language, entry),
        "cause_code": entry.cause,
        "reference": entry.reference,
    }


def _as_csv(session: Session, entries: Iterator[Entry]) -> None:
    from csv import writer

    table = writer(sys.stdout, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in entries:
        table.writerow([exported(cell) for cell in _as_data(session, entry).values()])


def exported(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: an apostrophe marks texts that look like one."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell


def _in_words(session: Session, entries: list[Entry]) -> None:
    from tui.words import cause_words, kind_words

    language = session.language
    _ = language.gettext
    if not entries:
        session.say(_("No lines."))
        return
    pools = {"allotted": _("allotted"), "purchased": _("purchased")}
    session.table(
        [_("Date"), _("What happened"), _("Kind"), _("Pool"), _("Change"), _("Balance")],
        [
            [
                language.day(entry.on),
                cause_words(language, entry),
                kind_words(language, entry.kind),
                pools[entry.pool],
                language.signed(entry.delta),
                language.number(entry.balance),
            ]
            for entry in entries
        ],
        right=[4, 5],
    )
