"""What one chooses a plan from: all plans beside the one in use, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.advice import plan_offers
from store.credits.catalog import NO_PLAN, NOTHING, YEARLY, Product
from store.credits.model import Account, Balance, Change, Order, PlanOffer
from store.errors import TextmeterError
from store.sentences import N_, Money, sentence, sentences
from tui.billing.plan_cards import Headings, PlanCard
from tui.billing.presentation import credits_paid_for, price_words
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store import Store

CHANGES = {
    Change.SUBSCRIBE: N_("Subscribe"),
    Change.UPGRADE: N_("Upgrade"),
    Change.DOWNGRADE: N_("Downgrade"),
}
"""What choosing a plan is called, in a word."""


@dataclass(frozen=True, slots=True)
class Choice:
    """All that Plans shows, read at one moment. billing: how the offers are billed; owing: orders that aren't
    paid; for_text: whether a plan is chosen for a text that lacks credits; pays: the id of the smallest that
    brings them now, "" where none does.
    """

    balance: Balance
    product: Product
    billing: str
    offers: list[PlanOffer]
    owing: list[Order]
    for_text: bool = False
    pays: str = ""

    @property
    def account(self) -> Account:
        """The account as it is now."""
        return self.balance.account

    @property
    def pending(self) -> bool:
        """Whether something is to change at a renewal."""
        return self.account.pending_plan is not None or self.account.pending_billing is not None

    @property
    def cancellable(self) -> bool:
        """Whether there is a plan that ends only if it is cancelled."""
        plan = self.product.plan(self.account.plan)
        ends = plan is NOTHING or plan.trial_days > 0 or self.account.pending_plan == NO_PLAN
        return not ends and plan.id != self.product.changes.cancel_to


def read_choice(store: Store, account: Account, billing: str | None, lacking: int = 0) -> Choice:
    """Asks the store for all of it. billing: None for the account's own; lacking: how many credits a text
    lacks."""
    balance = store.credits.balance(account.id)
    billing = billing or balance.account.pending_billing or balance.account.billing
    offers = plan_offers(store, balance.account, billing=billing)
    paying = (offer.plan.id for offer in offers if _brings_now(store, account, offer, billing) >= lacking)
    return Choice(
        balance=balance,
        product=store.credits.product(balance.account),
        billing=billing,
        offers=offers,
        owing=store.credits.owing(account.id),
        for_text=lacking > 0,
        pays=next(paying, "") if lacking else "",
    )


def _brings_now(store: Store, account: Account, offer: PlanOffer, billing: str) -> int:
    """Credits that choosing a plan brings at once; 0 where it can't be chosen."""
    try:
        return store.credits.quote_plan(account.id, offer.plan.id, billing=billing).credits_now
    except TextmeterError:
        return 0


def headings(language: Language, choice: Choice) -> Headings:
    """What the figures of all plans are called."""
    _ = language.gettext
    emails = choice.product.sends == "emails"
    return Headings(
        accounts=_("Accounts"),
        credits=_("Emails") if emails else _("Credits"),
        amount=_("A year") if choice.billing == YEARLY else _("A month"),
        each=_("Per 1,000") if _by_thousand(choice.product) else _("Per credit"),
        past=language.say(sentences("{count} month", "{count} months", choice.offers[0].periods)),
    )


def cards(language: Language, choice: Choice) -> list[PlanCard]:
    """All plans in a language's words, the smallest first."""
    return [_card(language, choice, offer) for offer in choice.offers]


def _card(language: Language, choice: Choice, offer: PlanOffer) -> PlanCard:
    _, product, plan = language.gettext, choice.product, offer.plan
    standing = ""
    if offer.current:
        standing = "● " + _("Current")
    elif offer.pending:
        day = language.day_and_month(choice.account.billed_until)
        standing = "→ " + language.say(sentence("From {day}", day=day))
    people = sentences("for {count} account", "for {count} accounts", plan.accounts)
    told, enough = offer.used > 0, _("enough")
    if offer.short:
        enough = language.say(sentences("{count} short", "{count} short", offer.short))
    elif not offer.lasts:
        enough = _("used up")
    return PlanCard(
        credits=language.number(plan.credits),
        unit=_("emails a month") if product.sends == "emails" else _("credits a month"),
        accounts=language.number(plan.accounts) if plan.accounts else "",
        people=language.say(people) if plan.accounts else "",
        amount=language.money(Money(offer.price_cents)),
        price=language.say(price_words(offer.price_cents, choice.billing)),
        each=_each(language, choice, offer),
        past=language.money(Money(offer.past_cents)) if told else "",
        enough=enough if told else "",
        lacking=told and not offer.lasts,
        standing=standing,
        change=_(CHANGES[offer.change]) if offer.change in CHANGES else "",
        fits=_fits(language, choice, offer),
    )


def _fits(language: Language, choice: Choice, offer: PlanOffer) -> str:
    """The mark of the plan that one probably looks for."""
    if choice.for_text:
        pays = N_("Covers your email") if choice.product.sends == "emails" else N_("Covers your text")
        return "✓ " + language.gettext(pays) if offer.plan.id == choice.pays else ""
    return "✓ " + language.gettext("Fits you best") if offer.fits else ""


def _each(language: Language, choice: Choice, offer: PlanOffer) -> str:
    """The price of one credit, or of a thousand."""
    credits = credits_paid_for(offer.plan, choice.billing)
    if _by_thousand(choice.product):
        return language.money(Money((2000 * offer.price_cents + credits) // (2 * credits)))
    return language.price_each(Money(offer.price_cents), credits)


def _by_thousand(product: Product) -> bool:
    """Whether a credit costs less than a cent, so that the price of a thousand says more."""
    return any(0 < plan.price_cents < plan.credits for plan in product.plans)
