"""`textmeter clock`: where a demo clock stands, and moving it forward."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from store.clock import days_later, local_midnight, local_time
from store.errors import RefusedByRule, WrongUsage
from store.sentences import Sentence, sentence, sentences
from tui.commands.click_ext import Command, Group, Number, flag, option
from tui.commands.context import Session
from tui.commands.playing import Played, play
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account


def command(language: Language) -> click.Command:
    _ = language.gettext
    advancing = Command(
        language,
        "advance",
        advance,
        about=_("Move the demo clock forward."),
        more=_("Processes every renewal and expiration along the way, in order."),
        params=[
            option("--days", _("N"), _("Move forward this many days, to the same time of day."), Number()),
            flag("--to-renewal", _("Move forward to the next renewal.")),
        ],
        examples=["textmeter clock advance --days 10", "textmeter clock advance --to-renewal"],
    )
    return Group(
        language,
        "clock",
        about=_("Show or move the demo clock."),
        more=_("Only for accounts opened with --demo-clock."),
        params=[flag("--json", _("Print JSON instead of plain text."))],
        commands=[advancing],
        examples=["textmeter clock", "textmeter clock advance --to-renewal"],
        invoke_without_command=True,
        callback=show,
    )


def show(json: bool) -> None:
    context = click.get_current_context()
    session: Session = context.obj
    session.json = json
    if context.invoked_subcommand is None:
        with session.open_store() as store:
            account = _demo_account(session, store)
        _answer(session, account, sentence("Demo clock: {now}.", now=_now(account)))


def advance(session: Session, days: int | None, to_renewal: bool) -> None:
    if to_renewal == (days is not None):
        raise WrongUsage(sentence("Use either --days or --to-renewal."), code="usage")
    with session.open_store() as store:
        account = _demo_account(session, store)
        if days is None:
            ends = store.credits.balance(account.id).period.ends
            to = local_midnight(ends, account.timezone)
        else:
            to = _later(account, days)
        before = store.messages.scheduled(account.id)
        store.credits.put_clock(account.id, to)
        crossed = store.credits.catch_up(account.id).boundaries
        played = play(store, account.id, before)
        account = store.credits.account(account.id)
    _answer(
        session,
        account,
        sentence(
            "Demo clock: {now}. {crossed}",
            now=_now(account),
            crossed=_came(crossed, played),
        ),
    )


def _came(crossed: int, played: Played) -> Sentence:
    """What came on the way."""
    renewed = sentences(
        "{count} renewal or expiration processed.",
        "{count} renewals and expirations processed.",
        crossed,
    )
    left = sentences("{count} scheduled text went out.", "{count} scheduled texts went out.", played.left)
    asks = sentences(
        "{count} scheduled text wasn't sent: it needs your decision.",
        "{count} scheduled texts weren't sent: they need your decision.",
        played.asks,
    )
    came = [says for says in (renewed, left, asks) if says.values["count"]]
    if not came:
        return sentence("Nothing was due.")
    says, *others = came
    for other in others:
        says = sentence("{first} {then}", first=says, then=other)
    return says


def _later(account: Account, days: int) -> datetime:
    try:
        return days_later(account.clock_floor, days, account.timezone)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)  # which is too far, and told so


def _demo_account(session: Session, store: Store) -> Account:
    account = session.account(store)
    if not account.demo_clock:
        raise RefusedByRule(
            sentence(
                "This account runs on real time, so its clock can't be moved. Nothing was changed. "
                "Open a demo account in another database: `textmeter --database demo.db account open "
                "--demo-clock`."
            ),
            code="no-demo-clock",
        )
    return account


def _now(account: Account) -> datetime:
    return local_time(account.clock_floor, account.timezone)


def _answer(session: Session, account: Account, says: Sentence) -> None:
    if session.json:
        session.answer({"now": _now(account).isoformat()})
    else:
        session.say(session.language.say(says))
