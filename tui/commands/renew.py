"""`textmeter renew`: brings accounts up to the present, and collects what is due."""

from __future__ import annotations

import click

from store.roles import Role
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "renew",
        run,
        about=_("Bring all accounts up to the present."),
        more=_(
            "Every renewal, expiry and change of plan since the last time is processed, one by one, and what "
            "is due is charged. All commands do this for the account that they look at; this one does it for "
            "all, or for the one that --account names, so that a timer may run it."
        ),
        examples=["textmeter renew", "textmeter --account 2 renew --json"],
    )


def run(session: Session) -> None:
    crossed, owed, accounts = 0, [], []
    with session.open_store(at_now=False) as store:
        if session.account_id is not None:
            accounts = [store.credits.account(session.account_id)]
        else:
            accounts = store.credits.accounts()
        for account in accounts:
            session.place_clock(store, account)  # where one of them can't follow --now, none is to
        store.person.check(Role.SENDER)  # before the first one is brought up to the present
        for account in accounts:
            session.place_clock(store, account)
            crossed += session.catch_up(store, account)
            owed += store.credits.collect(account.id)
    if session.json:
        session.answer({"boundaries": crossed, "accounts": len(accounts), "unpaid": len(owed)})
        return
    says = sentence(
        "{accounts} up to date, {crossed} processed.",
        accounts=sentences("{count} account is", "{count} accounts are", len(accounts)),
        crossed=sentences("{count} renewal or expiry", "{count} renewals and expiries", crossed),
    )
    session.say(session.language.say(says))
    if owed:
        session.say(
            plain(
                session.language.say(
                    sentences(
                        "{count} order is unpaid. `textmeter orders` says why, and with --pay charges the "
                        "card again.",
                        "{count} orders are unpaid. `textmeter orders` says why, and with --pay charges the "
                        "card again.",
                        len(owed),
                    )
                )
            )
        )
