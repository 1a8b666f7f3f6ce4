"""`textmeter rates`: what a text costs in each country, and the user's own rates made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, Group, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.rates import NewCard


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Group(
        language,
        "rates",
        about=_("Show what a text costs in each country, and update the rates from your provider's prices."),
        commands=[
            Command(
                language,
                "list",
                list_rates,
                about=_("Show the credits per segment for each country."),
                params=[option("--country", _("CC"), _("Show only this country (two-letter code)."))],
                examples=["textmeter rates list", "textmeter rates list --country GB --json"],
            ),
            Command(
                language,
                "refresh",
                refresh,
                about=_("Create your own rates from your provider's prices."),
                more=_(
                    "Shows the changes and asks first. A segment costs your provider's price divided by "
                    "the lowest price of a credit, rounded up. The rates are saved in your catalog "
                    "folder, with a backup of the old ones. Restart any other running Textmeter to use "
                    "the new rates."
                ),
                params=[flag("--yes", _("Don't ask for confirmation."))],
                examples=["textmeter rates refresh", "textmeter rates refresh --yes --json"],
            ),
        ],
    )


def list_rates(session: Session, country: str | None) -> None:
    from tui.billing.country_rates import country_rates

    with session.open_store() as store:
        product = store.credits.product(session.account(store))
    rates = country_rates(session.language, product)
    if country is not None:
        rates = [rate for rate in rates if rate.region == country.upper()]
        if not rates:
            raise WrongUsage(
                sentence("There is no country {code}. Use a two-letter code, such as US.", code=country),
                code="no-such-country",
            )
    if session.json:
        session.answer(
            [{"region": rate.region, "name": rate.name, "credits": rate.credits} for rate in rates]
        )
        return
    _, number = session.language.gettext, session.language.number
    unit = _("Emails") if product.sends == "emails" else _("Credits")
    rows = [[rate.region, rate.name, f"+{rate.code}", number(rate.credits)] for rate in rates]
    session.table(["", _("Country"), _("Code"), unit], rows, right=[2, 3])


def refresh(session: Session, yes: bool) -> None:
    from store.rates import apply, refreshed
    from tui.billing.country_rates import country_rates
    from tui.billing.rate_changes import outcome, summary

    language = session.language
    with session.open_store() as store:
        account = session.account(store)
        card = refreshed(store, account)
        before = {
            rate.region: rate.credits for rate in country_rates(language, store.credits.product(account))
        }
        if not session.json:
            _show(session, card)
        if card.is_other:
            says = list(summary(card)) if session.json else []  # else all of it was shown
            session.agree(says, language.gettext("Use these rates?"), yes=yes)
            applied = apply(store, card)
            if not session.json:
                session.say(*(plain(language.say(line)) for line in outcome(applied)))
        after = country_rates(language, store.credits.product(account))
    if session.json:
        session.answer(
            [
                {
                    "region": rate.region,
                    "name": rate.name,
                    "credits": rate.credits,
                    "before": before[rate.region],
                }
                for rate in after
            ]
        )


def _show(session: Session, card: NewCard) -> None:
    """The difference, country by country, and in numbers."""
    from tui.billing.rate_changes import differing, summary

    _, number = session.language.gettext, session.language.number
    if rows := differing(session.language, card):
        cells = [
            [row.region, row.name, number(row.before), number(row.after), _("new") if row.is_new else ""]
            for row in rows
        ]
        session.table(["", _("Country"), _("Now"), _("Then"), ""], cells, right=[2, 3])
    session.say(*(plain(session.language.say(line)) for line in summary(card)))
