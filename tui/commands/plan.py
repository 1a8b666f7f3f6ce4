"""`textmeter plan`: what plans there are, what changing to one would do, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.sentences import Money, sentence, sentences
from tui.commands.click_ext import Choice, Command, Group, argument, flag, option
from tui.commands.context import Session
from tui.commands.order_flow import asked_for, key_option, owed_words, place, quote_as_data, receipt
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.credits.catalog import Product
    from store.credits.model import Account, Order, PlanOffer, Quote


def command(language: Language) -> click.Command:
    _ = language.gettext
    plan = argument("plan", _("ID"), _("The plan's ID in `textmeter plan list`."))
    billing = option(
        "--billing",
        _("HOW"),
        _("monthly or yearly, where available (default: as billed now)."),
        Choice(("monthly", "yearly")),
    )
    yes = flag("--yes", _("Don't ask for confirmation."))
    return Group(
        language,
        "plan",
        about=_("Compare plans and change yours."),
        commands=[
            Command(
                language,
                "list",
                list_plans,
                about=_("Compare all plans."),
                more=_(
                    "Shows what your last full months, up to three, would have cost on each plan, and "
                    "which plan fits you best."
                ),
                examples=["textmeter plan list"],
            ),
            Command(
                language,
                "quote",
                quote_plan,
                about=_("Show what a plan change would do, without changing anything."),
                params=[plan, billing],
                examples=["textmeter plan quote 1000", "textmeter plan quote 400 --billing yearly"],
            ),
            Command(
                language,
                "change",
                change_plan,
                about=_("Change your plan."),
                more=_("Shows what will happen and asks before charging the card on file."),
                params=[plan, billing, yes, key_option(language)],
                examples=["textmeter plan change 1000", "textmeter plan change 1000 --yes --json"],
            ),
            Command(
                language,
                "withdraw",
                withdraw,
                about=_("Withdraw a change that is waiting for a renewal."),
                examples=["textmeter plan withdraw"],
            ),
            Command(
                language,
                "cancel",
                cancel,
                about=_("Cancel your plan."),
                more=_("Shows what will happen and asks first."),
                params=[yes],
                examples=["textmeter plan cancel", "textmeter plan cancel --yes --json"],
            ),
        ],
    )


def list_plans(session: Session) -> None:
    from store.advice import plan_offers

    with session.open_store() as store:
        account = session.account(store)
        offers, product = plan_offers(store, account), store.credits.product(account)
    if session.json:
        session.answer([_as_data(account, offer) for offer in offers])
    else:
        _in_words(session, account, product, offers)


def quote_plan(session: Session, plan: str, billing: str | None) -> None:
    with session.open_store() as store:
        account = session.account(store)
        quote = store.credits.quote_plan(account.id, plan, billing=billing)
        owed = owed_words(store.credits.product(account), account)
    if owed and quote.charge_cents:  # it would be refused
        session.warn(owed)
    if session.json:
        session.answer(quote_as_data(session, quote))
    else:
        session.say(*(plain(session.language.say(line)) for line in quote.explanation))


def change_plan(
    session: Session, plan: str, billing: str | None, yes: bool, idempotency_key: str | None
) -> None:
    asked = asked_for(idempotency_key, "plan change", plan, billing)
    with session.open_store() as store:
        account = session.account(store)
        quote, order = place(
            session,
            store,
            account,
            lambda: store.credits.quote_plan(account.id, plan, billing=billing),
            yes=yes,
            asked=asked,
        )
    _done(session, quote, order, yes=yes)


def cancel(session: Session, yes: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        quote, order = place(session, store, account, lambda: store.credits.quote_cancel(account.id), yes=yes)
    _done(session, quote, order, yes=yes)


def withdraw(session: Session) -> None:
    with session.open_store() as store:
        account = store.credits.withdraw(session.account(store).id)
    if session.json:
        pending = {"pending_plan": account.pending_plan, "pending_billing": account.pending_billing}
        session.answer({"plan": account.plan, **pending})
    else:
        says = sentence("Change withdrawn: you stay on plan {plan}.", plan=account.plan)
        session.say(plain(session.language.say(says)))


def _done(session: Session, quote: Quote, order: Order, *, yes: bool) -> None:
    """Says all that the change does, unless it was read before it was agreed to, and its receipt."""
    if session.json:
        session.answer({**quote_as_data(session, quote), "order": order.number})
    else:
        lines = (*(quote.explanation if yes else ()), receipt(order))
        session.say(*(plain(session.language.say(line)) for line in lines))


def _as_data(account: Account, offer: PlanOffer) -> dict[str, object]:
    plan, coming = offer.plan, account.pending_plan or account.plan
    return {
        "id": plan.id,
        "credits": plan.credits,
        "price_cents": offer.price_cents,
        "billing": account.billing,
        "accounts": plan.accounts or None,
        "current": offer.current,
        "pending": offer.pending,
        "pending_billing": account.pending_billing if plan.id == coming else None,
        "fits": offer.fits,
        "change": offer.change.value if offer.change else None,
        "periods": offer.periods,
        "past_cents": offer.past_cents,
        "short": offer.short,
    }


def _in_words(session: Session, account: Account, product: Product, offers: list[PlanOffer]) -> None:
    from tui.billing.presentation import advice_words, credits_paid_for

    language = session.language
    _, number, money = language.gettext, language.number, language.money
    rows = []
    day = language.day(account.billed_until)
    coming, billed = account.pending_plan or account.plan, ""
    if account.pending_billing == "yearly":
        billed = _("billed yearly from {day}").format(day=day)
    elif account.pending_billing is not None:
        billed = _("billed monthly from {day}").format(day=day)
    for offer in offers:
        plan = offer.plan
        remarks = [
            _("your plan") if offer.current else "",
            _("starting {day}").format(day=day) if offer.pending else "",
            billed if plan.id == coming else "",
            _("fits you best") if offer.fits else "",
        ]
        rows.append(
            [
                plan.id,
                number(plan.accounts) if plan.accounts else "-",
                number(plan.credits),
                money(Money(offer.price_cents)),
                language.price_each(Money(offer.price_cents), credits_paid_for(plan, account.billing))
                if offer.price_cents
                else "-",
                *([money(Money(offer.past_cents))] if offer.periods else []),
                ", ".join(filter(None, remarks)),
            ]
        )
    price = _("A year") if account.billing == "yearly" else _("A month")
    periods = offers[0].periods
    past = [language.say(sentences("{count} month", "{count} months", periods))] if periods else []
    headings = [_("Plan"), _("Accounts"), _("Credits"), price, _("Per credit"), *past, ""]
    session.table(headings, rows, right=range(1, len(headings) - 1))
    if advice := language.say(advice_words(product, offers, None)):
        session.say("", advice)
