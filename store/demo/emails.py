"""The same agent's emails: newsletters that outgrew the free plan, and what SmartPlans send by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from store.credits.model import Use
from store.demo.generator import Hand
from store.demo.when import TODAY
from store.emails.emails import Emails
from store.mail.simulated import Simulated

JOINED = date(2025, 6, 3)

NEWSLETTERS = (
    (date(2025, 6, 12), 3, 380),
    (date(2025, 7, 10), 6, 420),
    (date(2025, 8, 14), 5, 440),
    (date(2025, 9, 11), 8, 460),
    (date(2025, 10, 9), 9, 470),
    (date(2025, 11, 6), 10, 480),
    (date(2025, 12, 4), 12, 490),
    (date(2026, 1, 8), 10, 610),
    (date(2026, 2, 5), 11, 640),
    (date(2026, 3, 5), 12, 720),
    (date(2026, 4, 9), 10, 760),
    (date(2026, 5, 7), 11, 780),
    (date(2026, 6, 4), 8, 820),
)
"""From which day on how many went out, on one working day after another, and to how many people."""

ADVANCED = date(2025, 12, 10)
RETREATS = date(2026, 6, 16)


def write(hand: Hand) -> None:
    """All of it: the free plan until December, 10,000 a month since then, and back from July on."""
    hand.at(JOINED)
    hand.open("agent-email", "free")
    emails = Emails(
        hand.store.database,
        hand.store.settings,
        hand.store.credits,
        hand.store.people,
        hand.store.consent,
        mailer=Simulated(),
        real=hand.clock,
    )
    for since, times, people in NEWSLETTERS:
        days = [since + timedelta(days=back) for back in range(times)]
        if since.month == 12:
            _newsletters(hand, [day for day in days if day < ADVANCED], people)
            hand.at(ADVANCED)
            hand.change("10000")
            days = [day for day in days if day >= ADVANCED]
        if since == date(2026, 5, 7):
            hand.at(date(2026, 5, 4))
            hand.store.smartplans.start(
                hand.account_id, hand.words.after_closing, to=_addresses(hand, "Sellers", 12)
            )
            _by_themselves(hand, emails, date(2026, 5, 4), since)
        if since == date(2026, 6, 4):
            _by_themselves(hand, emails, date(2026, 5, 18), since)
            hand.at(since)
            hand.store.smartplans.start(
                hand.account_id, hand.words.new_buyer, to=_addresses(hand, "Buyers", 16)
            )
        _newsletters(hand, days, people)
    _by_themselves(hand, emails, date(2026, 6, 12), TODAY)
    hand.at(RETREATS)
    hand.change("free")


def _newsletters(hand: Hand, days: Sequence[date], people: int) -> None:
    credits = hand.store.credits
    for day in days:
        hand.at(day, 8 * 60)
        count = people - hand.chance.randrange(20)
        hold = credits.hold(hand.account_id, count, cause="email", reference="", count=count, use=Use.EMAIL)
        credits.settle(hold, count)


def _by_themselves(hand: Hand, emails: Emails, since: date, until: date) -> None:
    """What SmartPlans send on the days from since up to until."""
    for day in range((until - since).days):
        hand.at(since + timedelta(days=day), 9 * 60)
        hand.store.smartplans.run_due(hand.account_id)
        emails.deliver(hand.account_id)


def _addresses(hand: Hand, group: str, count: int) -> list[str]:
    return [contact.email for contact in hand.members(group) if contact.email][:count]
