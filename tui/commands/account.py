"""`textmeter account`: opens accounts and lists them."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import TYPE_CHECKING

import click

from store.sentences import sentence
from tui import whereabouts
from tui.commands.parser import Choice, Command, Day, Group, flag, option
from tui.commands.session import Session, not_a_demo
from tui.i18n import Language

if TYPE_CHECKING:
    from store.credits.model import Account


def command(language: Language) -> click.Command:
    _ = language.gettext
    opening = Command(
        language,
        "open",
        open_account,
        about=_("Open an account: a subscription of so many credits a month."),
        more=_(
            "The days left of this period are charged, and the plan's full number of credits is there at "
            "once."
        ),
        params=[
            option("--product", _("PRODUCT"), _("What to subscribe to: agent-texts."), required=True),
            option("--plan", _("ID"), _("How much of it: 300, 1000 or 3000 credits a month."), required=True),
            option(
                "--billing",
                _("HOW"),
                _("monthly (the default) or yearly."),
                Choice(("monthly", "yearly")),
                "monthly",
            ),
            option(
                "--timezone",
                _("ZONE"),
                _("The account's time zone, such as America/New_York; else this machine's."),
            ),
            option(
                "--country", _("CODE"), _("Where numbers without a country code are; else US."), default="US"
            ),
            option(
                "--anchor",
                _("DATE"),
                _("Renew on this date's day of the month, where the product allows."),
                Day(),
            ),
            flag("--demo-clock", _("An account to play with: its clock stands still until --now moves it.")),
        ],
        examples=[
            "textmeter account open --product agent-texts --plan 300",
            "textmeter --now 2026-04-16 account open --product agent-texts --plan 300 --demo-clock",
        ],
    )
    listing = Command(language, "list", list_accounts, about=_("List the accounts of this database."))
    return Group(language, "account", about=_("Open accounts and list them."), commands=[opening, listing])


def open_account(
    session: Session,
    product: str,
    plan: str,
    billing: str,
    timezone: str | None,
    country: str,
    anchor: date | None,
    demo_clock: bool,
) -> None:
    timezone = timezone or whereabouts.timezone()
    with session.open_store(at_now=False) as store:
        if session.now:
            if not demo_clock:
                raise not_a_demo()
            with contextlib.suppress(LookupError, ValueError, OSError):  # of the zone, which is refused below
                session.clock.demo = session.instant(timezone)
        account = store.credits.open_account(
            product,
            plan,
            timezone,
            country=country.upper(),
            billing=billing,
            anchor=anchor,
            demo_clock=demo_clock,
        )
        credits = store.credits.balance(account.id).available
    if anchor and anchor.day != account.anchor.day:
        session.warn(
            sentence(
                "{product} renews on day {day} of the month, whatever the anchor.",
                product=account.product,
                day=account.anchor.day,
            )
        )
    if session.json:
        session.answer(_as_data(account))
    else:
        session.say(
            session.language.say(
                sentence(
                    "Account {id} is open: {product}, plan {plan}, in {timezone}. {credits} credits are "
                    "there.",
                    id=account.id,
                    product=account.product,
                    plan=account.plan,
                    timezone=account.timezone,
                    credits=credits,
                )
            )
        )


def list_accounts(session: Session) -> None:
    _ = session.language.gettext
    with session.open_store() as store:
        accounts = store.credits.accounts()
    if session.json:
        session.answer([_as_data(account) for account in accounts])
    elif not accounts:
        session.say(_("There is no account yet. Open one in the app, or with `textmeter account open`."))
    else:
        billed = {"monthly": _("monthly"), "yearly": _("yearly")}
        session.table(
            [
                _("Account"),
                _("Product"),
                _("Plan"),
                _("Billed"),
                _("Time zone"),
                _("Renewal day"),
                _("Clock"),
            ],
            [
                [
                    str(account.id),
                    account.product,
                    account.plan,
                    billed[account.billing],
                    account.timezone,
                    str(account.anchor.day),
                    _("demo") if account.demo_clock else _("real"),
                ]
                for account in accounts
            ],
            right=[0, 2, 5],
        )


def _as_data(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "product": account.product,
        "plan": account.plan,
        "timezone": account.timezone,
        "anchor": account.anchor.isoformat(),
        "billing": account.billing,
        "country": account.country,
        "demo_clock": account.demo_clock,
        "opened_at": account.opened_at.isoformat(),
    }
