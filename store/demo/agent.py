"""An agent and her texts: a year from too large a plan to too small a one, and a busy spring."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from store.demo.generator import Hand
from store.demo.when import TODAY

JOINED = date(2025, 4, 16)

PICTURE = Path(__file__).parent.parent.parent / "assets" / "demo" / "kitchen.png"

EXPIRES = 240
"""Of the first credits, about so many are left when their year is over."""


def write(hand: Hand) -> None:
    """All of it, up to the morning of `TODAY`."""
    hand.at(JOINED)
    hand.open("agent-texts", "3000")
    _the_first_year(hand)
    _a_busy_spring(hand)
    _june(hand)


def _the_first_year(hand: Hand) -> None:
    """She took 3,000 a month, learned in May that 300 are enough, and lived on the first ones for a year."""
    months = [
        date(2025, 4, 17),
        *(date(2025 + m // 12, m % 12 + 1, 1) for m in range(4, 15)),
        date(2026, 4, 1),
    ]
    ends = [*months[1:], date(2026, 4, 16)]
    shares = (4, 9, 11, 11, 9, 8, 8, 6, 4, 6, 7, 11, 6)
    for number, (since, until) in enumerate(zip(months, ends, strict=True)):
        hand.at(since)
        first = hand.store.credits.lots(hand.account_id)[0].remaining - EXPIRES
        credits = first * shares[number] // sum(shares[number:])
        hand.spend(since, until, credits, hand.words.agent, hand.words.agent_to_a_few)
        if since == date(2025, 4, 17):
            hand.at(date(2025, 5, 1), 20 * 60)
            hand.change("300")
        if since == date(2025, 10, 1):
            hand.opt_out("Sellers", 12)
            hand.opt_in("Open house", 7)
        if since == date(2026, 2, 1):
            hand.opt_out("Renters", 20, everywhere=True)


def _a_busy_spring(hand: Hand) -> None:
    """What had been put by goes out: most of it by the end of May, when the first thresholds are told."""
    hand.spend(
        date(2026, 4, 16),
        date(2026, 5, 1),
        _left(hand) * 36 // 100,
        hand.words.agent,
        hand.words.agent_to_a_few,
    )
    hand.at(date(2026, 5, 1))
    capacity = _left(hand)
    hand.spend(
        date(2026, 5, 1), date(2026, 5, 28), capacity * 60 // 100, hand.words.agent, hand.words.agent_to_a_few
    )
    hand.at(date(2026, 5, 28))
    hand.text(hand.words.picture, few=5, media=[str(PICTURE)])
    hand.text(hand.words.moving, groups=["Past clients", "Sellers", "Trades", "Renters"])
    _up_to(hand, 860)


def _june(hand: Hand) -> None:
    """What is left doesn't last, so she changes to 1,000 a month."""
    hand.at(date(2026, 6, 1))
    hand.spend(
        date(2026, 6, 1),
        date(2026, 6, 4),
        _left(hand) * 72 // 100,
        hand.words.agent,
        hand.words.agent_to_a_few,
    )
    _up_to(hand, 805)
    hand.at(date(2026, 6, 4), 18 * 60)
    hand.change("1000")
    balance = hand.store.credits.balance(hand.account_id)
    rest = balance.capacity * 66 // 100 - balance.used
    hand.says = [hand.words.refusal]
    hand.spend(date(2026, 6, 5), TODAY, rest, hand.words.agent, hand.words.agent_to_a_few)
    hand.at(TODAY - timedelta(days=1), 11 * 60)
    _groups_up_to(hand, 655)
    _up_to(hand, 655, few=2)
    hand.at(TODAY, 9 * 60 + 25)
    hand.text(hand.words.agent_to_a_few[1], few=2)


def _up_to(hand: Hand, permille: int, few: int = 6) -> None:
    """Texts a few people until so much of what can be used this month is used."""
    while hand.store.credits.balance(hand.account_id).permille < permille:
        hand.pause(2, 5)
        hand.text(hand.chance.choice(hand.words.agent_to_a_few), few=few)


def _groups_up_to(hand: Hand, permille: int) -> None:
    """Texts groups, as long as no more than that is used."""
    for text in hand.words.agent:
        balance = hand.store.credits.balance(hand.account_id)
        if balance.used + hand.costs_about(text) <= balance.capacity * permille // 1000:
            hand.text_group(text)
            hand.pause(20, 60)


def _left(hand: Hand) -> int:
    return hand.store.credits.balance(hand.account_id).available
