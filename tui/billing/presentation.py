"""Plans in words: what one is called and costs, how an account stands with it, what a change of it is."""

from __future__ import annotations

from store.credits.catalog import NO_PLAN, NOTHING, YEARLY, Plan, Product
from store.credits.model import Account, Balance, Change, Period, PlanOffer, Quote
from store.credits.quote_text import amount
from store.sentences import Money, Sentence, sentence


def plan_words(product: Product, plan: Plan) -> Sentence:
    """A plan by what it gives, within a sentence: "300 credits a month"."""
    if plan is NOTHING:
        return sentence("no plan")
    if plan.trial_days:
        return sentence("a trial of {amount}", amount=amount(product, plan.credits))
    monthly = sentence("{amount} a month", amount=amount(product, plan.credits))
    if plan.accounts:
        return sentence("{plan} for {accounts} accounts", plan=monthly, accounts=plan.accounts)
    return monthly


def price_words(cents: int, billing: str) -> Sentence:
    """What a plan costs each time that it is billed: "$10.00 a month"."""
    if not cents:
        return sentence("free")
    if billing == YEARLY:
        return sentence("{price} a year", price=Money(cents))
    return sentence("{price} a month", price=Money(cents))


def priced_words(product: Product, plan: Plan, billing: str) -> Sentence:
    """A plan with its price, within a sentence: "300 credits a month, for $10.00"."""
    named, price = plan_words(product, plan), product.price(plan, billing)
    if not price:
        return sentence("{plan}, free of charge", plan=named)
    if billing == YEARLY:
        return sentence("{plan}, for {price} a year", plan=named, price=Money(price))
    return sentence("{plan}, for {price}", plan=named, price=Money(price))


def standing_words(product: Product, account: Account) -> Sentence:
    """Which plan an account has now, and at which price."""
    plan = product.plan(account.plan)
    if plan is NOTHING:
        return sentence("You have no plan: nothing is charged, and nothing is added. Choose one to go on.")
    if plan.trial_days:
        return sentence("You have {plan}. Choose a plan to go on after it.", plan=plan_words(product, plan))
    return sentence("You have {plan}.", plan=priced_words(product, plan, account.billing))


def coming_words(product: Product, account: Account, period: Period) -> Sentence:
    """What becomes of an account's plan at its next renewal, or when its billing changes; empty without a
    plan."""
    plan, billing = product.plan(account.plan), account.pending_billing or account.billing
    if plan is NOTHING:
        return Sentence("")
    if account.pending_plan == NO_PLAN:
        return sentence("It ends on {day}, and nothing is charged then.", day=period.ends)
    if account.pending_plan is not None:
        coming = priced_words(product, product.plan(account.pending_plan), billing)
        return sentence("From {day} on it is {plan}.", day=period.ends, plan=coming)
    if plan.trial_days:
        return sentence("It ends on {day} by itself, and nothing is charged.", day=period.ends)
    if account.pending_billing is not None:
        coming = priced_words(product, plan, billing)
        return sentence("From {day} on it is {plan}.", day=account.billed_until, plan=coming)
    price = product.price(plan, billing)
    if price and period.ends < account.billed_until:
        return sentence(
            "On {day} it gives {amount} again. It is paid for until {until}, then {price} more.",
            day=period.ends,
            amount=amount(product, plan.credits),
            until=account.billed_until,
            price=Money(price),
        )
    if not price:
        return sentence(
            "On {day} it gives {amount} again.", day=period.ends, amount=amount(product, plan.credits)
        )
    return sentence(
        "It renews on {day}: {amount} for {price}.",
        day=period.ends,
        amount=amount(product, plan.credits),
        price=Money(price),
    )


def offer_words(product: Product, offer: PlanOffer, balance: Balance, billing: str) -> Sentence:
    """What choosing a plan would be, billed as named, before it is quoted."""
    account, day = balance.account, balance.period.ends
    if offer.current and billing != (account.pending_billing or account.billing):
        return sentence(
            "Your plan, billed otherwise from {day} on. Enter shows it.", day=account.billed_until
        )
    if offer.current:
        return sentence("This is your plan.")
    if offer.pending:
        return sentence("This is your plan from {day} on.", day=day)
    match offer.change:
        case Change.UPGRADE:
            return sentence("An upgrade, at once. Enter shows what it costs today.")
        case Change.DOWNGRADE if product.changes.downgrade == "now":
            return sentence("A downgrade, at once. Enter shows what it takes.")
        case Change.DOWNGRADE:
            return sentence("A downgrade, on {day}. Enter shows what changes.", day=day)
    return sentence("It begins at once. Enter shows what it costs today.")


def change_words(product: Product, quote: Quote) -> Sentence:
    """What a quoted change is, as a heading."""
    before, after = product.plan(quote.from_plan), product.plan(quote.to_plan)
    old, new = amount(product, before.credits), plan_words(product, after)
    match quote.change:
        case Change.CANCEL if after is NOTHING:
            return sentence("Cancel the plan: {plan}", plan=plan_words(product, before))
        case Change.CANCEL:
            return sentence("Cancel {old} a month, and go on with {new}", old=old, new=new)
        case Change.BILLING if quote.billing == YEARLY:
            return sentence("Pay yearly for {plan}", plan=new)
        case Change.BILLING:
            return sentence("Pay monthly for {plan}", plan=new)
        case Change.UPGRADE:
            return sentence("Upgrade from {old} to {new}", old=old, new=new)
        case Change.DOWNGRADE:
            return sentence("Downgrade from {old} to {new}", old=old, new=new)
    return sentence("Subscribe to {plan}", plan=new)


def differences(before: Quote, now: Quote) -> list[Sentence]:
    """What a newer quote has otherwise, a sentence each."""
    found = []
    if now.charge_cents != before.charge_cents:
        found.append(
            sentence(
                "Charged today: {new} instead of {old}.",
                new=Money(now.charge_cents),
                old=Money(before.charge_cents),
            )
        )
    if now.credits_now != before.credits_now:
        found.append(
            sentence("Credits now: {new} instead of {old}.", new=now.credits_now, old=before.credits_now)
        )
    if now.next_renewal.on != before.next_renewal.on:
        found.append(
            sentence(
                "Next renewal: {new} instead of {old}.", new=now.next_renewal.on, old=before.next_renewal.on
            )
        )
    if now.next_renewal.charge_cents != before.next_renewal.charge_cents:
        found.append(
            sentence(
                "Charged at the next renewal: {new} instead of {old}.",
                new=Money(now.next_renewal.charge_cents),
                old=Money(before.next_renewal.charge_cents),
            )
        )
    return found or [sentence("The plan that it begins with is another one now.")]
