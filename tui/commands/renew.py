"""`textmeter renew`: brings accounts up to the present, and collects what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.clock import local_date
from store.roles import Role
from store.sentences import Money, sentence, sentences
from tui.commands.click_ext import Command, flag
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.credits.model import Order, Waiting


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "renew",
        run,
        about=_("Bring all accounts up to date."),
        more=_(
            "Processes every renewal, expiration and plan change since last time, in order, and "
            "charges what is due. Every command does this for its own account; this one does it "
            "for all accounts, or the one set with --account, so you can run it on a timer. If "
            "more than two months are due at once, the computer's date may be wrong, so nothing "
            "is charged until you confirm."
        ),
        params=[
            flag("--yes", _("Confirm that the date is right, however much is due.")),
            flag(
                "--take-back", _("Undo renewals caused by a wrong date, if nothing else has happened since.")
            ),
        ],
        examples=["textmeter renew", "textmeter --account 2 renew --json", "textmeter renew --yes"],
    )


def run(session: Session, yes: bool, take_back: bool) -> None:
    if take_back:
        _take_back(session, yes)
        return
    crossed, owed, waiting, accounts = 0, [], [], []
    with session.open_store(at_now=False) as store:
        if session.account_asked is not None:
            accounts = [store.credits.account(session.account_asked)]
        else:
            accounts = store.credits.accounts()
        for account in accounts:
            session.place_clock(store, account)  # where one of them can't follow --now, none is to
        store.person.check(Role.SENDER)  # before the first one is brought up to the present
        for account in accounts:
            session.place_clock(store, account)
            found = session.catch_up(store, account, confirmed=yes)
            crossed += found.boundaries
            if found.waiting:
                waiting.append(store.credits.waiting(account.id))
            owed += store.credits.collect(account.id, confirmed=yes and not found.waiting)
    if session.json:
        session.answer(_as_data(crossed, len(accounts), len(owed), waiting))
    else:
        _in_words(session, crossed, len(accounts), owed, waiting)


def _take_back(session: Session, yes: bool) -> None:
    with session.open_store() as store:
        account = store.credits.account(session.account_id)
        store.person.check(Role.OWNER)
        says = sentence(
            "This will undo renewals and expirations up to {day}. What was charged counts toward "
            "them when they come.",
            day=local_date(account.clock_floor, account.timezone),
        )
        session.agree([says], session.language.gettext("Undo them?"), yes=yes)
        undone = store.credits.take_back(account.id)
    if session.json:
        session.answer({"taken_back": undone})
    else:
        says = sentences("{count} renewal was undone.", "{count} renewals were undone.", undone)
        session.say(session.language.say(says))


def _as_data(crossed: int, accounts: int, owed: int, waiting: list[Waiting]) -> dict[str, object]:
    """waiting: null where no date is to be confirmed."""
    return {
        "boundaries": crossed,
        "accounts": accounts,
        "unpaid": owed,
        "waiting": {
            "boundaries": sum(one.boundaries for one in waiting),
            "charge_cents": sum(one.charge_cents for one in waiting),
        }
        if waiting
        else None,
    }


def _in_words(
    session: Session, crossed: int, accounts: int, owed: list[Order], waiting: list[Waiting]
) -> None:
    say = session.language.say
    session.say(
        say(
            sentence(
                "{accounts} up to date, {crossed} processed.",
                accounts=sentences("{count} account is", "{count} accounts are", accounts - len(waiting)),
                crossed=sentences(
                    "{count} renewal or expiration", "{count} renewals and expirations", crossed
                ),
            )
        )
    )
    for one in waiting:
        due = sentences("{count} renewal or expiration", "{count} renewals and expirations", one.boundaries)
        total = Money(one.charge_cents)
        session.say(say(sentence("Needs your confirmation: {due}, {cents} total.", due=due, cents=total)))
    if owed:
        says = sentences(
            "{count} order is unpaid. See why with `textmeter orders`; pay with `textmeter orders pay`.",
            "{count} orders are unpaid. See why with `textmeter orders`; pay with `textmeter orders pay`.",
            len(owed),
        )
        session.say(plain(say(says)))
