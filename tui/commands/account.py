"""`textmeter account`: opens accounts, lists them, and chooses the default one."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from store.clock import UnknownZone
from store.credits.quote_text import amount
from store.errors import WrongUsage
from store.roles import Role
from store.sentences import sentence
from tui.commands.click_ext import Choice, Command, Day, Group, Number, argument, flag, option
from tui.commands.context import Session, not_a_demo
from tui.commands.order_flow import receipt
from tui.i18n import host_locale
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account


def command(language: Language) -> click.Command:
    _ = language.gettext
    opening = Command(
        language,
        "open",
        open_account,
        about=_("Open an account with a subscription or a trial."),
        more=_(
            "The days left in this period are charged to the card on file, and the credits are "
            "available right away: the plan's full number or, for a community, a share for the "
            "days left. In a terminal, it shows the charge and asks first. The products are "
            "agent-texts, agent-email and community-texts, plus any in your own catalog."
        ),
        params=[
            option("--product", _("PRODUCT"), _("The product to subscribe to."), required=True),
            option(
                "--plan",
                _("ID"),
                _(
                    "The plan: 300, 1000 or 3000 (texts); free, 10000, 25000 or 50000 (emails); 50 to "
                    "800 (a community's accounts), or trial."
                ),
                required=True,
            ),
            option(
                "--billing",
                _("HOW"),
                _("monthly (default) or yearly, where available."),
                Choice(("monthly", "yearly")),
                "monthly",
            ),
            option(
                "--timezone",
                _("ZONE"),
                _("The account's time zone, such as America/New_York (default: this computer's)."),
            ),
            option(
                "--country",
                _("CODE"),
                _("The country of numbers without a country code (default: US)."),
                default="US",
            ),
            option(
                "--anchor",
                _("DATE"),
                _("Renew on this date's day of the month, if the product allows it."),
                Day(),
            ),
            flag("--demo-clock", _("Make a demo account: its clock moves only when you move it.")),
            flag("--yes", _("Don't ask for confirmation.")),
        ],
        examples=[
            "textmeter account open --product agent-texts --plan 300",
            "textmeter account open --product community-texts --plan 200 --anchor 2026-01-31",
            "textmeter --now 2026-04-16 account open --product agent-texts --plan 300 --demo-clock",
        ],
    )
    listing = Command(
        language,
        "list",
        list_accounts,
        about=_("List the accounts in this database."),
        examples=["textmeter account list"],
    )
    choosing = Command(
        language,
        "default",
        choose_default,
        about=_("Set the default account."),
        params=[
            argument("account", _("ID"), _("The account's number in `textmeter account list`."), Number())
        ],
        examples=["textmeter account default 2"],
    )
    return Group(
        language,
        "account",
        about=_("Open accounts, list them and set the default."),
        commands=[opening, listing, choosing],
    )


def open_account(
    session: Session,
    product: str,
    plan: str,
    billing: str,
    timezone: str | None,
    country: str,
    anchor: date | None,
    demo_clock: bool,
    yes: bool,
) -> None:
    timezone = timezone or host_locale.timezone()
    with session.open_store(at_now=False) as store:
        if session.now:
            if not demo_clock:
                raise not_a_demo()
            with contextlib.suppress(UnknownZone):  # which is refused below
                session.clock.put(session.instant(timezone))
        chosen: dict[str, Any] = {
            "country": country.upper(),
            "billing": billing,
            "anchor": anchor,
            "demo_clock": demo_clock,
        }
        store.person.check(Role.OWNER)  # nobody is asked for what they may not do
        quote = store.credits.quote_opening(product, plan, timezone, **chosen)
        question = session.language.gettext("Open this account?")
        # Where nobody can be asked it is opened: scripts have always done so.
        session.agree(quote.explanation, question, yes=yes, must=False)
        account = store.credits.open_account(product, plan, timezone, **chosen)
        order = store.credits.order(account.id, 1)
        credits = store.credits.balance(account.id).available
        what = amount(store.credits.product(account), credits)
        is_default = _default(store) == account.id
    if anchor and anchor.day != account.anchor.day:
        session.warn(
            sentence(
                "{product} always renews on day {day} of the month, so the anchor date isn't used.",
                product=account.product,
                day=account.anchor.day,
            )
        )
    if session.json:
        charged = {"order": order.number, "charge_cents": order.cents}
        session.answer({**_as_data(account, is_default), **charged})
    else:
        says = sentence(
            "Account {id} opened: {product}, plan {plan}, time zone {timezone}. Balance: {credits}.",
            id=account.id,
            product=account.product,
            plan=account.plan,
            timezone=account.timezone,
            credits=what,
        )
        session.say(*(plain(session.language.say(line)) for line in (says, receipt(order))))


def list_accounts(session: Session) -> None:
    _ = session.language.gettext
    with session.open_store() as store:
        accounts = store.credits.accounts()
        default = _default(store)
    if session.json:
        session.answer([_as_data(account, account.id == default) for account in accounts])
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
                "",
            ],
            [
                [
                    str(account.id),
                    account.product,
                    _("none") if account.plan == "none" else account.plan,
                    billed[account.billing],
                    account.timezone,
                    str(account.anchor.day),
                    _("demo") if account.demo_clock else _("real"),
                    _("the default") if account.id == default else "",
                ]
                for account in accounts
            ],
            right=[0, 2, 5],
        )


def choose_default(session: Session, account: int) -> None:
    with session.open_store(at_now=False) as store:
        chosen = store.credits.account(account)
        store.settings.write("account", str(chosen.id))
    if session.json:
        session.answer(_as_data(chosen, is_default=True))
    else:
        says = sentence("Account {account} is now the default.", account=chosen.id)
        session.say(session.language.say(says))


def _default(store: Store) -> int | None:
    """Which account is meant where none is named."""
    try:
        return store.credits.account().id
    except WrongUsage:
        return None


def _as_data(account: Account, is_default: bool) -> dict[str, object]:
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
        "default": is_default,
    }
