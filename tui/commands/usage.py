"""`textmeter usage`: what was used in a month, by day and by kind, and how long the rest lasts."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, name_of, option
from tui.commands.context import Session
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store.credits.catalog import Product
    from store.credits.model import Forecast, Use

BAR = 40
"""Cells of the longest bar."""


class Month(click.ParamType[date]):
    """A calendar month, as YYYY-MM; its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            if len(value) == len("2026-05"):
                return date.fromisoformat(f"{value}-01")
        except ValueError:
            pass
        raise WrongUsage(
            sentence(
                "{option} must be a month in the form YYYY-MM, not {value}.",
                option=name_of(param, ctx),
                value=value,
            ),
            code="usage",
        )


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "usage",
        run,
        about=_("Show a month's usage, and how long your credits will last."),
        more=_(
            "Shows usage by day and by kind for a calendar month in the account's time zone. The "
            "forecast starts today and uses the pace of the last 30 days, with renewals and "
            "expirations included; for emails, it also counts what campaigns and SmartPlans will "
            "use before the renewal."
        ),
        params=[option("--month", _("YYYY-MM"), _("The month (default: this month)."), Month())],
        examples=["textmeter usage", "textmeter usage --month 2026-05 --json"],
    )


def run(session: Session, month: date | None) -> None:
    with session.open_store() as store:
        from store.credits.usage import calendar_month

        account = session.account(store)
        ledger = store.credits
        today = ledger.today(account.id)
        first, last = calendar_month(month or today)
        last = min(last, today)
        days = ledger.daily_use(account.id, first, last)
        kinds = ledger.use_by_kind(account.id, first, last)
        forecast, product = ledger.forecast(account.id), ledger.product(account)
        planned = None
        if product.sends == "emails":
            from store.emails.planned import read_planned

            planned = read_planned(store, account)
    if session.json:
        session.answer(
            {
                "month": first.isoformat()[: len("2026-05")],
                "used": sum(days.values()),
                "by_day": _by_day(days),
                "by_kind": {use.value: credits for use, credits in kinds.items()},
                "runs_out_on": forecast.runs_out_on.isoformat() if forecast.runs_out_on else None,
                "lapses": forecast.lapses,
                "planned": _by_day(planned.by_day) if planned else [],
                "reached_on": planned.reached_on.isoformat() if planned and planned.reached_on else None,
            }
        )
    else:
        _in_words(session, product, first, days, kinds, forecast, today)
        if planned is not None and planned.sends:
            from tui.usage.presentation import planned_words

            says = sentence("Planned: {planned}.", planned=planned_words(session.language, planned, today))
            session.say(session.language.say(says))


def _by_day(days: Mapping[date, int]) -> list[dict[str, object]]:
    return [{"on": day.isoformat(), "credits": credits} for day, credits in days.items()]


def _in_words(
    session: Session,
    product: Product,
    first: date,
    days: dict[date, int],
    kinds: dict[Use, int],
    forecast: Forecast,
    today: date,
) -> None:
    from store.credits.quote_text import amount
    from tui.i18n.units import USES, uses_of
    from tui.usage.presentation import forecast_words

    language = session.language
    used = amount(product, sum(days.values()))
    session.say(language.say(sentence("{month}: {credits} used", month=language.month(first), credits=used)))
    if any(days.values()):
        session.say("")
        _bars(session, [(language.day_and_month(day), credits) for day, credits in days.items()])
        session.say("")
        _bars(session, [(language.gettext(USES[use]), kinds[use]) for use in uses_of(product)])
    session.say("", language.say(forecast_words(language, product, forecast, today)))


def _bars(session: Session, rows: Sequence[tuple[str, int]]) -> None:
    """A line each: what it is, its number, its bar."""
    from tui.i18n.signs import shown
    from tui.widgets.charts import bar

    translate = shown(os.environ) or str
    number = session.language.number
    label_width = max(len(label) for label, _credits in rows)
    number_width = max(len(number(credits)) for _label, credits in rows)
    top = max(credits for _label, credits in rows)
    session.say(
        *(
            f"{label:<{label_width}}  {number(credits):>{number_width}}  {translate(bar(credits, top, BAR))}"
            for label, credits in rows
        )
    )
