"""`textmeter plan`: what plans there are, what changing to one would do, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.sentences import Money, sentence
from tui.commands.click_ext import Choice, Command, Group, argument, flag, option
from tui.commands.context import Session
from tui.commands.order_flow import place, quote_as_data, receipt
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.credits.model import Account, PlanOffer, Quote


def command(language: Language) -> click.Command:
    _ = language.gettext
    plan = argument("plan", _("ID"), _("The plan, as `textmeter plan list` names it."))
    billing = option(
        "--billing",
        _("HOW"),
        _("monthly or yearly, where there is a choice; else as it is billed now."),
        Choice(("monthly", "yearly")),
    )
    yes = flag("--yes", _("Do it without asking."))
    return Group(
        language,
        "plan",
        about=_("Show the plans, and change to another."),
        commands=[
            Command(
                language,
                "list",
                list_plans,
                about=_("Show all plans side by side."),
                more=_(
                    "With what your last three months would have cost with each, and which one fits them."
                ),
                examples=["textmeter plan list"],
            ),
            Command(
                language,
                "quote",
                quote_plan,
                about=_("Say what changing to a plan would do. Nothing is changed."),
                params=[plan, billing],
                examples=["textmeter plan quote 1000", "textmeter plan quote 400 --billing yearly"],
            ),
            Command(
                language,
                "change",
                change_plan,
                about=_("Change to a plan."),
                more=_("Shows what it does and asks first; the card on file is charged."),
                params=[plan, billing, yes],
                examples=["textmeter plan change 1000", "textmeter plan change 1000 --yes --json"],
            ),
            Command(
                language,
                "withdraw",
                withdraw,
                about=_("Take back a change that is to come at a renewal."),
                examples=["textmeter plan withdraw"],
            ),
            Command(
                language,
                "cancel",
                cancel,
                about=_("Cancel the plan."),
                more=_("Shows what it does and asks first."),
                params=[yes],
                examples=["textmeter plan cancel", "textmeter plan cancel --yes --json"],
            ),
        ],
    )


def list_plans(session: Session) -> None:
    with session.open_store() as store:
        account = session.account(store)
        offers = store.credits.plan_offers(account.id)
    if session.json:
        session.answer([_as_data(account, offer) for offer in offers])
    else:
        _in_words(session, account, offers)


def quote_plan(session: Session, plan: str, billing: str | None) -> None:
    with session.open_store() as store:
        account = session.account(store)
        quote = store.credits.quote_plan(account.id, plan, billing=billing)
    if session.json:
        session.answer(quote_as_data(session, quote))
    else:
        session.say(*(plain(session.language.say(line)) for line in quote.explanation))


def change_plan(session: Session, plan: str, billing: str | None, yes: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        quote = store.credits.quote_plan(account.id, plan, billing=billing)
        order = place(session, store, account, quote, yes=yes)
    if session.json:
        session.answer({**quote_as_data(session, quote), "order": order.number})
    else:
        session.say(*_done(session, quote), plain(session.language.say(receipt(order))))


def cancel(session: Session, yes: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        quote = store.credits.quote_cancel(account.id)
        order = place(session, store, account, quote, yes=yes)
    if session.json:
        session.answer({**quote_as_data(session, quote), "order": order.number})
    else:
        session.say(*_done(session, quote), plain(session.language.say(receipt(order))))


def withdraw(session: Session) -> None:
    with session.open_store() as store:
        account = store.credits.withdraw(session.account(store).id)
    if session.json:
        session.answer({"plan": account.plan, "pending_plan": account.pending_plan})
    else:
        says = sentence("Withdrawn: plan {plan} stays as it is.", plan=account.plan)
        session.say(plain(session.language.say(says)))


def _done(session: Session, quote: Quote) -> list[str]:
    """What the change does, without today's charge, which the receipt tells."""
    return [plain(session.language.say(line)) for line in quote.explanation[1:3]]


def _as_data(account: Account, offer: PlanOffer) -> dict[str, object]:
    plan = offer.plan
    return {
        "id": plan.id,
        "credits": plan.credits,
        "price_cents": offer.price_cents,
        "billing": account.billing,
        "accounts": plan.accounts or None,
        "current": offer.current,
        "pending": offer.pending,
        "fits": offer.fits,
        "change": offer.change.value if offer.change else None,
        "past_cents": offer.past_cents,
        "short": offer.short,
    }


def _in_words(session: Session, account: Account, offers: list[PlanOffer]) -> None:
    language = session.language
    _, number, money = language.gettext, language.number, language.money
    rows = []
    for offer in offers:
        plan = offer.plan
        remarks = [
            _("your plan") if offer.current else "",
            _("from the next renewal on") if offer.pending else "",
            _("fits your last three months") if offer.fits else "",
        ]
        rows.append(
            [
                plan.id,
                number(plan.accounts) if plan.accounts else "-",
                number(plan.credits),
                money(Money(offer.price_cents)),
                language.price_each(Money(plan.price_cents), plan.credits) if plan.credits else "-",
                money(Money(offer.past_cents)),
                ", ".join(filter(None, remarks)),
            ]
        )
    price = _("A year") if account.billing == "yearly" else _("A month")
    headings = [_("Plan"), _("Accounts"), _("Credits"), price, _("A credit"), _("Last three months"), ""]
    session.table(headings, rows, right=range(1, 6))
