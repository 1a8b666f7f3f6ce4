"""Notices in words: what was reached, what caused it, and where it was told."""

from __future__ import annotations

from store.credits.catalog import Product
from store.credits.model import Balance, Notice
from store.credits.notices import UNPAID_CAUSE
from store.credits.quote_text import not_paid
from store.sentences import N_, Sentence, sentence
from tui.i18n.language import Language

CAUSES = {
    "blast": N_("A text was sent"),
    "charge": N_("Usage was recorded by hand"),
    "reply": N_("A reply was received"),
    "email": N_("Emails were sent"),
    "campaign": N_("Emails were sent"),
    "expiry": N_("Credits expired"),
    "renewal": N_("A new month began"),
    "upgrade": N_("The plan was upgraded"),
    "downgrade": N_("The plan was downgraded"),
    "cancel": N_("The plan was cancelled"),
    "subscribe": N_("A plan was chosen"),
    "purchase": N_("Credits were bought"),
    "unpaid": N_("The card was declined"),
}
OTHERS_THAN_USE = ("expiry", "downgrade", "cancel")
"""What can take an account over a threshold without anything being used."""
CHANNELS = {"screen": N_("on screen"), "email": N_("by email")}


def cause_of(notice: Notice) -> Sentence:
    """What caused a notice, without a full stop."""
    return Sentence(CAUSES.get(notice.cause, notice.cause))


def used_words(language: Language, busy: int, capacity: int, permille: int) -> Sentence:
    """How much of what could be used is used, without a full stop: "892 of 1,000 used (89%)". capacity 0:
    only the thousandths are known."""
    percent = language.percent(permille)
    if not capacity:
        return sentence("{percent} used", percent=percent)
    return sentence("{busy} of {capacity} used ({percent})", busy=busy, capacity=capacity, percent=percent)


def reached_words(language: Language, notice: Notice) -> Sentence:
    """What was reached when a notice was noted, likewise."""
    return used_words(language, notice.busy, notice.capacity, notice.permille)


def reached(language: Language, notice: Notice) -> str:
    """What a notice tells of, as short as a list has it: a percentage, or an unpaid renewal."""
    if notice.cause == UNPAID_CAUSE:
        return language.gettext("unpaid")
    return language.percent(notice.permille)


def toast(language: Language, product: Product, notice: Notice, balance: Balance) -> Sentence:
    """What a toast tells: how much is used and left now, and what crossed the threshold where it wasn't
    use; or that a renewal isn't paid."""
    if notice.cause == UNPAID_CAUSE:
        return not_paid(product, balance.account)
    says = sentence(
        "{used}. {available} left.",
        used=used_words(language, balance.used + balance.held, balance.capacity, balance.permille),
        available=balance.available,
    )
    if notice.cause in OTHERS_THAN_USE:
        return sentence("{cause}: {what}", cause=cause_of(notice), what=says)
    return says


def told(language: Language, notice: Notice) -> str:
    """Where a notice was told, or why nobody was: "on the screen and by email"."""
    _ = language.gettext
    if notice.kind == "carried":
        return _("carried over from before, so no notice went out")
    if not notice.channels:
        return _("included in a higher notice")
    given = [_(CHANNELS[channel]) for channel in notice.given]
    waiting = [_(CHANNELS[channel]) for channel in notice.channels if channel not in notice.given]
    if not given:
        return _("no notice sent yet")
    where = language.listing(given)
    if not waiting:
        return language.say(sentence("notified {where}", where=where))
    rest = language.listing(waiting)
    return language.say(sentence("notified {where}; not yet {rest}", where=where, rest=rest))
