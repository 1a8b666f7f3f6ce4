"""A community's texts: a trial, a calm summer above the cap, a winter storm, and a card that was declined."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle

from store.demo.generator import Hand
from store.demo.when import TODAY
from store.payments.testcard import TestCard

JOINED = date(2025, 5, 24)

EMPTY_CARD = "4000000000009995"
NEW_CARD = "5555555555554444"


def write(hand: Hand) -> None:
    """All of it; periods begin on the last day of a month, since the subscription did on a 31st."""
    hand.at(JOINED)
    hand.open("community-texts", "trial")
    hand.at(date(2025, 5, 27))
    hand.text_group(hand.words.to_the_board[0])
    hand.at(date(2025, 5, 31))
    hand.change("200")
    texts, board = hand.words.community, hand.words.to_the_board
    hand.spend(date(2025, 6, 2), date(2025, 7, 1), 330, texts)
    hand.spend(date(2025, 7, 1), date(2025, 11, 17), 130, board)
    hand.spend(date(2025, 11, 17), date(2025, 12, 15), 420, texts)
    _storm(hand)
    hand.spend(date(2026, 1, 19), date(2026, 2, 27), 500, texts)
    _declined(hand)
    hand.opt_out("Tenants", 4)
    hand.opt_out("Residents", 30, everywhere=True)
    hand.spend(date(2026, 3, 3), date(2026, 5, 30), 2200, texts)
    hand.at(date(2026, 6, 1))
    left = hand.store.credits.balance(hand.account_id).available
    hand.spend(date(2026, 6, 1), TODAY, left * 66 // 100, (*texts, *board))
    hand.at(date(2026, 6, 17), 18 * 60)
    announcements = cycle((texts[1], texts[0]))
    while hand.store.credits.balance(hand.account_id).permille < 600:
        hand.text_group(next(announcements))
    hand.at(date(2026, 6, 17), 19 * 60)
    hand.change("200")


def _storm(hand: Hand) -> None:
    """More was to say in two days than there were credits for; the power was out, which is an emergency."""
    day = date(2026, 1, 12)
    for number in range(8):
        hand.at(day + timedelta(days=number // 4), 7 * 60 + number % 4 * 180)
        text = hand.words.storm[number % len(hand.words.storm)]
        why = hand.words.outage if text is hand.words.storm[1] else ""
        if hand.store.credits.balance(hand.account_id).available < 300:
            hand.buy(500)
        hand.text_group(text, why=why)
    hand.at(date(2026, 1, 14))
    hand.change("400")


def _declined(hand: Hand) -> None:
    """The renewal of February finds an empty card; another one pays two days later."""
    card = TestCard(hand.store.database, hand.store.settings)
    card.use(EMPTY_CARD)
    hand.at(date(2026, 2, 28))
    hand.store.credits.catch_up(hand.account_id)
    hand.at(date(2026, 3, 2))
    hand.store.credits.catch_up(hand.account_id)  # the retry of the day before finds it empty, too
    card.use(NEW_CARD)
    hand.store.credits.collect(hand.account_id, again=True)
