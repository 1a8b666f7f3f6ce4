"""An agent and her texts: a year from too large a plan to too small a one, and a busy spring."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from store.demo import replies, words
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
        hand.spend(since, until, credits, words.AGENT, words.AGENT_TO_A_FEW)
        if since == date(2025, 4, 17):
            hand.at(date(2025, 5, 1), 20 * 60)
            hand.change("300")


def _a_busy_spring(hand: Hand) -> None:
    """What had been put by goes out: most of it by the end of May, when the first thresholds are told."""
    hand.spend(
        date(2026, 4, 16), date(2026, 5, 1), _left(hand) * 36 // 100, words.AGENT, words.AGENT_TO_A_FEW
    )
    hand.at(date(2026, 5, 1))
    capacity = _left(hand)
    hand.spend(date(2026, 5, 1), date(2026, 5, 28), capacity * 60 // 100, words.AGENT, words.AGENT_TO_A_FEW)
    hand.at(date(2026, 5, 28))
    hand.text(words.PICTURE, few=5, media=[str(PICTURE)])
    hand.text(words.MOVING, groups=["Past clients", "Sellers", "Trades", "Renters"])
    _up_to(hand, 860)


def _june(hand: Hand) -> None:
    """What is left doesn't last, so she changes to 1,000 a month."""
    hand.at(date(2026, 6, 1))
    hand.spend(date(2026, 6, 1), date(2026, 6, 4), _left(hand) * 72 // 100, words.AGENT, words.AGENT_TO_A_FEW)
    _up_to(hand, 805)
    hand.at(date(2026, 6, 4), 18 * 60)
    hand.change("1000")
    balance = hand.store.credits.balance(hand.account_id)
    rest = balance.capacity * 66 // 100 - balance.used
    hand.says = [replies.REFUSAL]
    hand.spend(date(2026, 6, 5), TODAY, rest, words.AGENT, words.AGENT_TO_A_FEW)
    hand.at(TODAY, 9 * 60 + 25)
    hand.text(words.AGENT_TO_A_FEW[1], few=2)


def _up_to(hand: Hand, permille: int) -> None:
    """Texts a few people until so much of what can be used this month is used."""
    while hand.store.credits.balance(hand.account_id).permille < permille:
        hand.pause(2, 5)
        hand.text(hand.chance.choice(words.AGENT_TO_A_FEW), few=6)


def _left(hand: Hand) -> int:
    return hand.store.credits.balance(hand.account_id).available
