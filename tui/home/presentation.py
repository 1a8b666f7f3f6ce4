"""What comes next for an account, in words: when credits run out, what expires, what a renewal brings."""

from __future__ import annotations

from datetime import date

from store.credits.catalog import NOTHING, YEARLY, Plan, Product
from store.credits.model import Account, Balance, Forecast, Order
from store.credits.periods import plan_after
from store.credits.quote_text import amount
from store.sentences import Money, Sentence, sentence
from tui.i18n.language import Language
from tui.usage.presentation import ends_with_month, ends_with_plan, pace_words


def lasts(
    language: Language, product: Product, balance: Balance, forecast: Forecast, today: date
) -> Sentence:
    """How long what is left lasts, in a few words."""
    ends = balance.period.ends
    renews_on = None if plan_after(product, balance.account, ends) is NOTHING else ends
    if not balance.available:
        if renews_on is None:
            return sentence("Nothing left.")
        return sentence("Nothing left until {day}.", day=language.near_day(renews_on, today))
    runs_out_on = forecast.runs_out_on
    if forecast.early:
        return sentence("All used on one day: too early to tell how long the rest lasts.")
    if runs_out_on is None and not forecast.used:
        return sentence("Lasts: nothing used lately.")
    if runs_out_on is None:
        return sentence("Lasts at this pace.")
    if ends_with_month(product, forecast):
        day, lapse = language.near_day(forecast.renews_on, today), amount(product, forecast.lapses)
        return sentence("Lasts until {day}, when {credits} lapse at this pace.", day=day, credits=lapse)
    day = language.near_day(runs_out_on, today)
    if renews_on is not None and runs_out_on < renews_on:
        return sentence("Runs out on {day} at this pace, before the plan renews.", day=day)
    return sentence("Runs out on {day} at this pace.", day=day)


def runs_out(
    language: Language, product: Product, forecast: Forecast, available: int, today: date
) -> Sentence:
    """When all that is available is used, at which pace; of what lapses at the renewal, how much will."""
    if not available:
        return sentence("Nothing left")
    if forecast.early:
        return sentence("Too early to tell")
    if product.lapse and forecast.lapses:
        day, lapse = language.near_day(forecast.renews_on, today), amount(product, forecast.lapses)
        return sentence("Not before {day}, when {credits} lapse", day=day, credits=lapse)
    if forecast.runs_out_on is None:
        return sentence("Not at this pace")
    if ends_with_plan(forecast):
        day = language.near_day(forecast.renews_on, today)
        return sentence("Not before the plan ends on {day}", day=day)
    return sentence(
        "{day}, at {pace}", day=language.near_day(forecast.runs_out_on, today), pace=pace_words(forecast)
    )


def expires(language: Language, product: Product, expiry: tuple[date, int] | None, today: date) -> Sentence:
    """What expires next, as the ledger tells it."""
    if expiry is None:
        return sentence("Nothing expires")
    day, credits = expiry
    return sentence("{credits} on {day}", credits=amount(product, credits), day=language.near_day(day, today))


def pools(balance: Balance) -> Sentence:
    """What is left of the plan's credits, and of those bought."""
    return sentence(
        "{allotted} from the plan, {purchased} purchased",
        allotted=balance.allotted,
        purchased=balance.purchased,
    )


def renews(language: Language, product: Product, balance: Balance, today: date) -> Sentence:
    """What the next renewal brings, and what becomes of the plan where it changes, then or when what was paid
    for is over."""
    account, ends = balance.account, balance.period.ends
    before, plan = product.plan(account.plan), plan_after(product, account, ends)
    if plan is NOTHING:
        return _ends(product, before, language.near_day(ends, today))
    says = _brings(language, product, balance, today)
    later = plan_after(product, account, account.billed_until)
    until = language.near_day(account.billed_until, today)
    if plan is not before:
        says = sentence("{renews}, instead of {credits}", renews=says, credits=before.credits)
    elif later is NOTHING:
        return sentence("{renews}; then the plan ends", renews=says)
    elif later is not plan:
        coming = amount(product, later.credits)
        if account.pending_billing is not None:  # of a year, the only one that more than a month is paid for
            return sentence("{renews}; then {amount} a month, billed monthly", renews=says, amount=coming)
        return sentence("{renews}; then {amount} a month", renews=says, amount=coming)
    if account.pending_billing == YEARLY:
        return sentence("{renews}; billed yearly from {day}", renews=says, day=until)
    if account.pending_billing is not None:
        return sentence("{renews}; billed monthly from {day}", renews=says, day=until)
    return says


def _ends(product: Product, plan: Plan, day: str) -> Sentence:
    """That a plan ends, or has ended."""
    if plan.trial_days:
        return sentence("The trial ends on {day}; anything left lapses", day=day)
    if plan is NOTHING:
        return sentence("No plan: nothing more is added")
    if product.changes.cancelled_credits == "end":
        return sentence("The plan ends on {day}; anything left lapses", day=day)
    return sentence("The plan ends on {day}; anything left stays yours", day=day)


def _brings(language: Language, product: Product, balance: Balance, today: date) -> Sentence:
    """Credits and their price, where there is one to pay."""
    account, ends = balance.account, balance.period.ends
    plan = plan_after(product, account, ends)
    day, credits = language.near_day(ends, today), amount(product, plan.credits)
    if not plan.price_cents:
        return sentence("{day}: {credits}, free", day=day, credits=credits)
    if ends < account.billed_until:
        until = language.near_day(account.billed_until, today)
        return sentence("{day}: {credits}, paid until {until}", day=day, credits=credits, until=until)
    billing = account.pending_billing or account.billing
    price = Money(product.price(plan, billing))
    if billing == account.billing == YEARLY:
        return sentence("{day}: {credits} for {price} a year", day=day, credits=credits, price=price)
    return sentence("{day}: {credits} for {price}", day=day, credits=credits, price=price)


def renewal_not_paid(language: Language, product: Product, account: Account, today: date) -> Sentence:
    """That a renewal isn't paid: what is owed, since when, and what paying it brings."""
    assert account.owed_since is not None
    return sentence(
        "{owed} owed since {day}. Pay it to get {credits}",
        owed=Money(account.owed),
        day=language.near_day(account.owed_since, today),
        credits=amount(product, product.plan(account.plan).credits - product.stand_in.credits),
    )


def not_paid(order: Order) -> Sentence:
    """That an order isn't paid."""
    return sentence(
        "Order {order} is unpaid: {price}. Card declined",
        order=order.number,
        price=Money(order.cents),
    )
