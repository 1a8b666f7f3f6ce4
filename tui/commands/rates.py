"""`textmeter rates`: what a text costs in each country."""

from __future__ import annotations

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, Group, option
from tui.commands.context import Session
from tui.i18n.language import Language


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Group(
        language,
        "rates",
        about=_("Show what a text costs in each country."),
        commands=[
            Command(
                language,
                "list",
                list_rates,
                about=_("Show the credits for one segment, country by country."),
                params=[option("--country", _("CC"), _("Only this country, by its two letters."))],
                examples=["textmeter rates list", "textmeter rates list --country GB --json"],
            )
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
                sentence("There is no country {code}. Give its two letters, such as US.", code=country),
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
