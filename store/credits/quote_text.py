"""What a quote says of itself: plain sentences with the numbers that it was worked out from. Pure."""

from __future__ import annotations

from datetime import date

from store.credits.catalog import NO_PLAN, NOTHING, YEARLY, Plan, Product
from store.credits.model import Account, PurchaseRoom, Renewal
from store.credits.notices import permille
from store.sentences import Money, Percent, Sentence, sentence, sentences


def amount(product: Product, credits: int) -> Sentence:
    """So many of what a product counts: "300 credits", "5,000 emails"."""
    if product.sends == "emails":
        return sentences("{count} email", "{count} emails", credits)
    return sentences("{count} credit", "{count} credits", credits)


def no_charge() -> Sentence:
    return sentence("Today: no charge.")


def charge(old: int, new: int, cents: int, billing: str, today: date, starts: date, ends: date) -> Sentence:
    """A price, or the difference of two, for the days that are left of those paid for."""
    days, left = (ends - starts).days, (ends - today).days
    if old and billing == YEARLY:
        return sentence(
            "Today: {charge}, which is {new} minus {old} a year, for {left} of {days} days including today.",
            charge=Money(cents),
            new=Money(new),
            old=Money(old),
            left=left,
            days=days,
        )
    if old:
        return sentence(
            "Today: {charge}, which is {new} minus {old}, for {left} of {days} days including today.",
            charge=Money(cents),
            new=Money(new),
            old=Money(old),
            left=left,
            days=days,
        )
    if not new:
        return no_charge()
    if left == days and billing == YEARLY:
        return sentence("Today: {charge} for a year.", charge=Money(cents))
    if left == days:
        return sentence("Today: {charge} for {days} days.", charge=Money(cents), days=days)
    if billing == YEARLY:
        return sentence(
            "Today: {charge}, which is {new} a year for {left} of {days} days including today.",
            charge=Money(cents),
            new=Money(new),
            left=left,
            days=days,
        )
    return sentence(
        "Today: {charge}, which is {new} for {left} of {days} days including today.",
        charge=Money(cents),
        new=Money(new),
        left=left,
        days=days,
    )


def difference(old: int, new: int) -> Sentence:
    if new <= old:
        return no_charge()
    if not old:
        return sentence("Today: {charge}, the full price for this month.", charge=Money(new))
    return sentence(
        "Today: {charge}, which is {new} minus {old}, whatever the day of the month.",
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
    return sentence("Credits now: no change.")


def credits_go_on(product: Product, plan: Plan, until: date) -> Sentence:
    """That a year which is paid for goes on as it is."""
    return sentence(
        "Credits now: no change. The year is paid for, so you get {credits} each month until {until}.",
        credits=amount(product, plan.credits),
        until=until,
    )


def upgraded(product: Product, plan: Plan, granted: int, credits: int) -> Sentence:
    if not credits:
        return sentence(
            "Credits now: none. You already got {granted} this period, and the plan gives {full}.",
            full=plan.credits,
            granted=granted,
        )
    return sentence(
        "Credits now: {credits} more, which is the plan's {full} minus the {granted} you "
        "already got this period.",
        credits=amount(product, credits),
        full=plan.credits,
        granted=granted,
    )


def upgraded_in_part(
    product: Product, difference: int, credits: int, today: date, starts: date, ends: date
) -> Sentence:
    return sentence(
        "Credits now: {credits} more, which is {difference} for {left} of {days} days, rounded up.",
        credits=amount(product, credits),
        difference=difference,
        left=(ends - today).days,
        days=(ends - starts).days,
    )


def subscribed(product: Product, plan: Plan, ended: int) -> Sentence:
    if ended:
        return sentence(
            "Credits now: {credits} from the plan. Your trial's {ended} expire.",
            credits=amount(product, plan.credits),
            ended=amount(product, ended),
        )
    return sentence("Credits now: {credits} from the plan.", credits=amount(product, plan.credits))


def subscribed_in_part(
    product: Product, plan: Plan, credits: int, today: date, starts: date, ends: date
) -> Sentence:
    return sentence(
        "Credits now: {credits} from the plan, which is {full} for {left} of {days} days, rounded up.",
        credits=amount(product, credits),
        full=plan.credits,
        left=(ends - today).days,
        days=(ends - starts).days,
    )


def taken_back(product: Product, credits: int) -> Sentence:
    if not credits:
        return sentence("Credits now: none left from this period, so none are taken back.")
    return sentence(
        "Credits now: {credits} from this period are taken back.", credits=amount(product, credits)
    )


def taken_later(product: Product, credits: int) -> Sentence:
    return sentence(
        "Reserved credits: up to {credits} more are taken back if they come back this period.",
        credits=amount(product, credits),
    )


def lapse(product: Product, allotted: int, day: date) -> Sentence:
    """What becomes of a cancelled plan's credits where they end with it."""
    return sentence(
        "Credits now: no change until {day}. Then all the plan's credits you have left "
        "lapse, including those that rolled over: {credits} as of now.",
        day=day,
        credits=amount(product, allotted),
    )


def cancelled(product: Product, more: Plan | None, day: date) -> Sentence:
    """What becomes of a cancelled plan's credits where they stay. more: what gives some until then."""
    if more is None:
        return sentence("Credits now: no change. You keep them after {day}.", day=day)
    return sentence(
        "Credits now: no change. You keep them after {day}. The year is paid for, so you get "
        "{credits} each month until then.",
        credits=amount(product, more.credits),
        day=day,
    )


def limited(product: Product, taken: int, left: int, day: date) -> Sentence:
    """What a plan that is cancelled at once leaves of the smaller one's number."""
    if not taken:
        return sentence(
            "Credits now: none are taken back. You have {left} until {day}.",
            left=amount(product, left),
            day=day,
        )
    return sentence(
        "Credits now: {taken} from this period are taken back. You have {left} until {day}.",
        taken=amount(product, taken),
        left=left,
        day=day,
    )


def kept_by_downgrade(product: Product, plan: Plan, taken: int, day: date) -> Sentence:
    return sentence(
        "To keep {credits} until {day}, change to the plan {plan} instead of cancelling: "
        "that downgrade takes effect then.",
        credits=amount(product, taken),
        day=day,
        plan=plan.id,
    )


def purchased(product: Product, credits: int) -> Sentence:
    return sentence(
        "Credits now: {credits} more. They never expire and are used after the plan's.",
        credits=amount(product, credits),
    )


def renewal(product: Product, plan: Plan, next_renewal: Renewal, billing: str, paid_until: date) -> Sentence:
    day, credits = next_renewal.on, amount(product, plan.credits)
    if plan.trial_days:
        return sentence("The trial ends on {day}. You won't be charged then.", day=day)
    if plan is NOTHING:
        return sentence(
            "The plan ends on {day}. After that, nothing is charged and no credits are added.", day=day
        )
    if next_renewal.charge_cents and billing == YEARLY:
        return sentence(
            "Next renewal on {day}: {price} for a year, {credits} a month.",
            day=day,
            price=Money(next_renewal.charge_cents),
            credits=credits,
        )
    if next_renewal.charge_cents:
        return sentence(
            "Next renewal on {day}: {price}, {credits}.",
            day=day,
            price=Money(next_renewal.charge_cents),
            credits=credits,
        )
    if plan.price_cents:
        return sentence(
            "Next renewal on {day}: {credits}. The year is paid for until {until}.",
            day=day,
            credits=credits,
            until=paid_until,
        )
    return sentence("Next renewal on {day}: {credits}, free.", day=day, credits=credits)


def not_paid(product: Product, account: Account) -> Sentence:
    """That an account's renewal isn't paid: what is owed, since when, and what paying it brings."""
    return sentence(
        "You have owed {owed} since {day}. When you pay, you get {credits}.",
        owed=Money(account.owed),
        day=account.owed_since or "",
        credits=amount(product, product.plan(account.plan).credits - product.stand_in.credits),
    )


def owed(cents: int, instead: int | None, ends: date) -> Sentence:
    """What becomes of what is owed for the present month. instead: what is owed in its place; None where it
    stays."""
    if instead is None:
        return sentence(
            "You still owe {owed} for this month. If you don't pay by {day}, it is no longer charged.",
            owed=Money(cents),
            day=ends,
        )
    if instead:
        return sentence(
            "Instead of the {owed} you owe for this month, you owe {instead}.",
            owed=Money(cents),
            instead=Money(instead),
        )
    return sentence("The {owed} you owe for this month is no longer charged.", owed=Money(cents))


def no_refund() -> Sentence:
    return sentence("Past payments aren't refunded.")


def can_be_withdrawn(day: date) -> Sentence:
    return sentence("You can withdraw this until {day}.", day=day)


def replaces(plan: str) -> Sentence:
    if plan == NO_PLAN:
        return sentence("This withdraws the cancellation.")
    return sentence("This withdraws the pending change to {plan}.", plan=plan)


def replaces_billing() -> Sentence:
    return sentence("This withdraws the pending billing change.")


def forfeits(product: Product, over: int, most: int, day: date) -> Sentence:
    return sentence(
        "Unless you use them first, {over} will be forfeited on {day}: you can keep at most "
        "{most}, including the new ones.",
        day=day,
        over=amount(product, over),
        most=most,
    )


def crosses(busy: int, left: int) -> Sentence:
    """How much is used and held then, where that reaches a threshold: what is reached, not the threshold."""
    return sentence(
        "After this, {used} of {capacity} are used ({percent}).",
        used=busy,
        capacity=busy + left,
        percent=Percent(permille(busy, left) // 10),
    )


def billed_otherwise(billing: str, day: date, cents: int) -> Sentence:
    if billing == YEARLY:
        return sentence("Billed yearly from {day}: {price}.", day=day, price=Money(cents))
    return sentence("Billed monthly from {day}: {price}.", day=day, price=Money(cents))


def room_after(room: PurchaseRoom) -> Sentence:
    return sentence(
        "After this, you can buy {left} of {most} more this calendar month.", left=room.left, most=room.most
    )
