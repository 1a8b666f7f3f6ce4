"""What comes next for an account, in words: when credits run out, what expires, what a renewal brings."""

from __future__ import annotations

from datetime import date

from store.credits.catalog import NOTHING, YEARLY, Plan, Product
from store.credits.model import Balance, Forecast, Order
from store.credits.quote_text import amount
from store.sentences import Money, Sentence, sentence
from tui.i18n.language import Language
from tui.usage.presentation import pace_words


def lasts(
    language: Language, product: Product, balance: Balance, forecast: Forecast, today: date
) -> Sentence:
    """How long what is left lasts, in a few words."""
    renews_on = None if _next_plan(product, balance) is NOTHING else balance.period.ends
    if not balance.available:
        if renews_on is None:
            return sentence("Nothing is left.")
        return sentence("Nothing is left until {day}.", day=language.near_day(renews_on, today))
    runs_out_on = forecast.runs_out_on
    if runs_out_on is None:
        return sentence("It lasts: nothing was used lately.")
    day = language.near_day(runs_out_on, today)
    if renews_on is not None and runs_out_on < renews_on:
        return sentence("At this pace until {day}, before the plan renews.", day=day)
    return sentence("At this pace until {day}.", day=day)


def runs_out(language: Language, forecast: Forecast, available: int, today: date) -> Sentence:
    """When all that is available is used, at which pace."""
    if not available:
        return sentence("Nothing is left")
    if forecast.runs_out_on is None:
        return sentence("Not at this pace")
    return sentence(
        "{day}, at {pace}", day=language.near_day(forecast.runs_out_on, today), pace=pace_words(forecast)
    )


def expires(language: Language, product: Product, expiry: tuple[date, int] | None, today: date) -> Sentence:
    """What expires next, as the ledger tells it."""
    if expiry is None:
        return sentence("Nothing will expire")
    day, credits = expiry
    return sentence("{credits} on {day}", credits=amount(product, credits), day=language.near_day(day, today))


def pools(balance: Balance) -> Sentence:
    """What is left of the plan's credits, and of those bought."""
    return sentence(
        "{allotted} of the plan, {purchased} bought", allotted=balance.allotted, purchased=balance.purchased
    )


def renews(language: Language, product: Product, balance: Balance, today: date) -> Sentence:
    """What the next renewal brings, and what becomes of the plan where it changes."""
    account = balance.account
    day = language.near_day(balance.period.ends, today)
    before, plan = product.plan(account.plan), _next_plan(product, balance)
    if plan is NOTHING:
        if before.trial_days:
            return sentence("The trial ends on {day}, with what is left of it", day=day)
        if before is NOTHING:
            return sentence("No plan: nothing is added any more")
        if product.changes.cancelled_credits == "end":
            return sentence("The plan ends on {day}, with what is left of it", day=day)
        return sentence("The plan ends on {day}; what is left stays", day=day)
    says = _brings(language, product, balance, today)
    if plan is not before:
        return sentence("{renews}, instead of {credits}", renews=says, credits=before.credits)
    if account.pending_billing is not None:
        until = language.near_day(account.billed_until, today)
        if account.pending_billing == YEARLY:
            return sentence("{renews}; billed yearly from {day} on", renews=says, day=until)
        return sentence("{renews}; billed monthly from {day} on", renews=says, day=until)
    return says


def _next_plan(product: Product, balance: Balance) -> Plan:
    """The plan from the next renewal on; NOTHING after a trial."""
    account = balance.account
    plan = product.plan(account.plan if account.pending_plan is None else account.pending_plan)
    return NOTHING if plan.trial_days else plan


def _brings(language: Language, product: Product, balance: Balance, today: date) -> Sentence:
    """Credits and their price, where there is one to pay."""
    account, ends = balance.account, balance.period.ends
    plan = _next_plan(product, balance)
    day, credits = language.near_day(ends, today), amount(product, plan.credits)
    if not plan.price_cents:
        return sentence("{day}: {credits}, free", day=day, credits=credits)
    if ends < account.billed_until:
        until = language.near_day(account.billed_until, today)
        return sentence("{day}: {credits}, paid until {until}", day=day, credits=credits, until=until)
    price = Money(product.price(plan, account.pending_billing or account.billing))
    return sentence("{day}: {credits} for {price}", day=day, credits=credits, price=price)


def not_paid(order: Order) -> Sentence:
    """That an order isn't paid."""
    return sentence(
        "Order {order} isn't paid: {price}. The card was declined",
        order=order.number,
        price=Money(order.cents),
    )
