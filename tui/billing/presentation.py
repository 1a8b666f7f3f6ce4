"""Plans in words: what one is called and costs, how an account stands with it, what a change of it is."""

from __future__ import annotations

from collections.abc import Sequence

from store.credits.catalog import NOTHING, YEARLY, Plan, Product
from store.credits.model import Account, Balance, Change, Period, PlanOffer, Quote
from store.credits.periods import plan_after
from store.credits.quote_text import amount
from store.sentences import Money, Sentence, sentence, sentences

MONTHS_A_YEAR = 12


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


def credits_paid_for(plan: Plan, billing: str) -> int:
    """How many credits the price of a plan pays for, each time that it is billed."""
    return plan.credits * (MONTHS_A_YEAR if billing == YEARLY else 1)


def priced_words(product: Product, plan: Plan, billing: str) -> Sentence:
    """A plan with its price, within a sentence: "300 credits a month, for $10.00"."""
    named, price = plan_words(product, plan), product.price(plan, billing)
    if not price:
        return sentence("{plan}, free", plan=named)
    if billing == YEARLY:
        return sentence("{plan}, for {price} a year", plan=named, price=Money(price))
    return sentence("{plan}, for {price}", plan=named, price=Money(price))


def standing_words(product: Product, account: Account) -> Sentence:
    """Which plan an account has now, and at which price."""
    plan = product.plan(account.plan)
    if plan is NOTHING:
        return sentence("You have no plan: no charges and no new credits. Choose one to continue.")
    if plan.trial_days:
        return sentence(
            "You have {plan}. Choose a plan to continue after it.", plan=plan_words(product, plan)
        )
    return sentence("You have {plan}.", plan=priced_words(product, plan, account.billing))


def coming_words(product: Product, account: Account, period: Period) -> Sentence:
    """What becomes of an account's plan at its next renewal or, where something is pending, when that comes;
    empty without a plan."""
    plan, billing = product.plan(account.plan), account.pending_billing or account.billing
    if plan is NOTHING:
        return Sentence("")
    if plan.trial_days:
        return sentence("It ends on {day} automatically, at no charge.", day=period.ends)
    if account.pending_plan is not None or account.pending_billing is not None:
        return pending_words(product, account)
    price = product.price(plan, billing)
    if price and period.ends < account.billed_until:
        return sentence(
            "You get {amount} again on {day}. It's paid until {until}; then {price}.",
            day=period.ends,
            amount=amount(product, plan.credits),
            until=account.billed_until,
            price=Money(price),
        )
    if not price:
        return sentence(
            "You get {amount} again on {day}.", day=period.ends, amount=amount(product, plan.credits)
        )
    return sentence(
        "It renews on {day}: {amount} for {price}.",
        day=period.ends,
        amount=amount(product, plan.credits),
        price=Money(price),
    )


def pending_words(product: Product, account: Account) -> Sentence:
    """What an account's plan becomes, and how it is billed then, where that is pending."""
    day = account.billed_until
    plan, billing = plan_after(product, account, day), account.pending_billing or account.billing
    if plan is NOTHING:
        return sentence("It ends on {day}, with no further charge.", day=day)
    coming = priced_words(product, plan, billing)
    if account.pending_billing is None or billing == YEARLY:  # a year's price says so
        return sentence("On {day}, you switch to {plan}.", day=day, plan=coming)
    return sentence("On {day}, you switch to {plan}, billed monthly.", day=day, plan=coming)


def offer_words(product: Product, offer: PlanOffer, balance: Balance, billing: str) -> Sentence:
    """What choosing a plan would be, billed as named, before it is quoted."""
    account = balance.account
    day = account.billed_until
    if offer.current and billing != (account.pending_billing or account.billing):
        return sentence("Your plan, with a different billing period from {day}. Enter shows it.", day=day)
    if offer.current:
        return sentence("This is your plan.")
    if offer.pending:
        return sentence("This is your plan from {day}.", day=day)
    match offer.change:
        case Change.UPGRADE:
            return sentence("An upgrade, effective now. Enter shows what it costs today.")
        case Change.DOWNGRADE if product.changes.downgrade == "now":
            return sentence("A downgrade, effective now. Enter shows what you lose.")
        case Change.DOWNGRADE:
            return sentence("A downgrade, effective {day}. Enter shows what changes.", day=day)
    return sentence("It starts now. Enter shows what it costs today.")


def advice_words(product: Product, offers: Sequence[PlanOffer], offer: PlanOffer | None) -> Sentence:
    """Whether a plan fits, or why no plan is said to; empty where it is another one that does. offer: the
    plan that is asked about, None for all."""
    periods, used = offers[0].periods, offers[0].used
    if not periods:
        return sentence("After your first full month, you'll see which plan fits you best.")
    months = sentences("your last month", "your last {count} months", periods)
    if not used:
        return sentence(
            "You used nothing in {months}, so it's too early to say which plan fits you best.", months=months
        )
    if offer is not None and offer.fits:
        return sentence("The cheapest plan that would have covered {months}.", months=months)
    if offer is not None and offer.too_small:
        return sentence("It's meant for fewer accounts than you have contacts.")
    if offer is not None and offer.short:
        return sentence("You would have run out: {missing} short.", missing=amount(product, offer.short))
    if offer is not None and not offer.lasts:
        return sentence("You would have run out.")
    if not any(other.fits for other in offers):
        return sentence("No plan would have covered {months}.", months=months)
    return Sentence("")


def change_words(product: Product, quote: Quote) -> Sentence:
    """What a quoted change is, as a heading."""
    before, after = product.plan(quote.from_plan), product.plan(quote.to_plan)
    old, new = amount(product, before.credits), plan_words(product, after)
    match quote.change:
        case Change.CANCEL if after is NOTHING:
            return sentence("Cancel the plan: {plan}", plan=plan_words(product, before))
        case Change.CANCEL:
            return sentence("Cancel {old} a month and continue with {new}", old=old, new=new)
        case Change.BILLING if quote.billing == YEARLY:
            return sentence("Switch {plan} to yearly billing", plan=new)
        case Change.BILLING:
            return sentence("Switch {plan} to monthly billing", plan=new)
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
    return found or [sentence("Your current plan has changed in the meantime.")]
