"""What a quote says of itself: plain sentences with the numbers that it was worked out from. Pure."""

from __future__ import annotations

from datetime import date

from store.credits.catalog import NO_PLAN, NOTHING, YEARLY, Plan, Product
from store.credits.model import PurchaseRoom, Renewal
from store.sentences import Money, Percent, Sentence, sentence, sentences


def amount(product: Product, credits: int) -> Sentence:
    """So many of what a product counts: "300 credits", "5,000 emails"."""
    if product.sends == "emails":
        return sentences("{count} email", "{count} emails", credits)
    return sentences("{count} credit", "{count} credits", credits)


def no_charge() -> Sentence:
    return sentence("Today: nothing is charged.")


def charge(old: int, new: int, cents: int, today: date, starts: date, ends: date) -> Sentence:
    """A price, or the difference of two, for the days that are left of those paid for."""
    days, left = (ends - starts).days, (ends - today).days
    if old:
        return sentence(
            "Today: {charge}, which is {new} less {old} for {left} of {days} days, today included.",
            charge=Money(cents),
            new=Money(new),
            old=Money(old),
            left=left,
            days=days,
        )
    if not new:
        return no_charge()
    if left == days:
        return sentence("Today: {charge}, for {days} days.", charge=Money(cents), days=days)
    return sentence(
        "Today: {charge}, which is {new} for {left} of {days} days, today included.",
        charge=Money(cents),
        new=Money(new),
        left=left,
        days=days,
    )


def difference(old: int, new: int) -> Sentence:
    if new <= old:
        return no_charge()
    if not old:
        return sentence("Today: {charge}, the full price of this month.", charge=Money(new))
    return sentence(
        "Today: {charge}, which is {new} less {old}, whatever day it is.",
        charge=Money(new - old),
        new=Money(new),
        old=Money(old),
    )


def purchase(product: Product, credits: int, each: int, cents: int) -> Sentence:
    return sentence(
        "Today: {charge}, which is {credits} at {each} each.",
        charge=Money(cents),
        credits=amount(product, credits),
        each=Money(each),
    )


def credits_stay() -> Sentence:
    return sentence("Credits now: all stay as they are.")


def upgraded(product: Product, plan: Plan, granted: int, credits: int) -> Sentence:
    return sentence(
        "Credits now: {credits} more, the plan's {full} less the {granted} that this period had.",
        credits=amount(product, credits),
        full=plan.credits,
        granted=granted,
    )


def subscribed(product: Product, plan: Plan, ended: int) -> Sentence:
    if ended:
        return sentence(
            "Credits now: {credits} of the plan; {ended} of the trial end.",
            credits=amount(product, plan.credits),
            ended=amount(product, ended),
        )
    return sentence("Credits now: {credits} of the plan.", credits=amount(product, plan.credits))


def taken_back(product: Product, credits: int) -> Sentence:
    if not credits:
        return sentence("Credits now: nothing is left of this period's, so none are taken back.")
    return sentence(
        "Credits now: {credits} fewer, taken back from this period's.", credits=amount(product, credits)
    )


def cancelled(product: Product, allotted: int, ends: date) -> Sentence:
    if product.changes.cancelled_credits == "end":
        return sentence(
            "Credits now: all stay until {day}. What is left of the plan's then ends, {credits} as of now.",
            day=ends,
            credits=amount(product, allotted),
        )
    return sentence("Credits now: all stay, also after {day}.", day=ends)


def purchased(product: Product, credits: int) -> Sentence:
    return sentence(
        "Credits now: {credits} more. They never expire, and are used after the plan's.",
        credits=amount(product, credits),
    )


def renewal(product: Product, plan: Plan, next_renewal: Renewal, billed_until: date) -> Sentence:
    day = next_renewal.on
    if plan.trial_days:
        return sentence("The trial ends on {day}. Nothing is charged then.", day=day)
    if plan is NOTHING:
        return sentence("Next renewal: none. From {day} on nothing is charged and nothing added.", day=day)
    if next_renewal.charge_cents:
        return sentence(
            "Next renewal on {day}: {price}, {credits}.",
            day=day,
            price=Money(next_renewal.charge_cents),
            credits=amount(product, plan.credits),
        )
    if plan.price_cents:
        return sentence(
            "Next renewal on {day}: {credits}, paid for until {until}.",
            day=day,
            credits=amount(product, plan.credits),
            until=billed_until,
        )
    return sentence("Next renewal on {day}: {credits}, free.", day=day, credits=amount(product, plan.credits))


def no_refund() -> Sentence:
    return sentence("What was paid is not paid back.")


def can_be_withdrawn(day: date) -> Sentence:
    return sentence("It can be withdrawn until {day}.", day=day)


def replaces(plan: str) -> Sentence:
    if plan == NO_PLAN:
        return sentence("The cancellation is withdrawn by this.")
    return sentence("The change that was to come at a renewal (to {plan}) is withdrawn by this.", plan=plan)


def replaces_billing() -> Sentence:
    return sentence("The change of billing that was to come is withdrawn by this.")


def forfeits(product: Product, over: int, most: int, day: date) -> Sentence:
    return sentence(
        "If nothing is used until {day}, {over} end then: {most} roll over at most.",
        day=day,
        over=amount(product, over),
        most=most,
    )


def crosses(percent: int) -> Sentence:
    return sentence(
        "With this, {percent} of what can be used in this period is used.", percent=Percent(percent)
    )


def billed_otherwise(billing: str, day: date, cents: int) -> Sentence:
    if billing == YEARLY:
        return sentence("From {day} on it is billed yearly: {price}.", day=day, price=Money(cents))
    return sentence("From {day} on it is billed monthly: {price}.", day=day, price=Money(cents))


def room_after(room: PurchaseRoom) -> Sentence:
    return sentence(
        "Then {left} of {most} can still be bought this calendar month.", left=room.left, most=room.most
    )
