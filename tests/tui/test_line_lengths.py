"""No sentence is wider than the eye follows, however wide the screen is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.tui.billing.subscribed import subscribed
from tests.tui.harness import make_app, make_store, numbers, press, settled, text, words
from tui.widgets.wrapping import MOST_TEXT

APART = re.compile(r" {2,}|[│┤▕▏█░]")
"""What stands between two things that are read one after the other."""
PLACES = {
    "home": ("home",),
    "plans": ("plans",),
    "the quote of a plan": ("plans", "down", "enter"),
    "the terms": ("plans", "down", "enter", "enter", "enter"),
    "the order of a plan": ("plans", "down", "enter", "enter", "enter", "end", "a"),
    "its receipt": ("plans", "down", "enter", "enter", "enter", "end", "a", "enter"),
    "buying": ("plans", "plus"),
    "the order of credits": ("plans", "plus", "enter"),
    "usage": ("usage",),
    "notices": ("notices",),
    "settings": ("settings",),
    "accounts": ("home", "a"),
    "another account": ("home", "a", "plus"),
}


def sentences_of(shown: str) -> list[str]:
    """What is read as one: words with single spaces between."""
    parts = [part.strip() for line in shown.splitlines()[1:-1] for part in APART.split(line)]
    return [part for part in parts if part.count(" ") > 3]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("place", PLACES)
async def test_no_line_of_prose_is_wider_than_76_on_a_wide_screen(
    tmp_path: Path, place: str, language: str
) -> None:
    store = subscribed(tmp_path, "community-texts", "200", now=datetime(2026, 4, 18, 16, tzinfo=UTC))
    text(
        store,
        "The open house on Elm St is on this Sunday at 2 pm, and I will save you a place. " * 2,
        *numbers(170),
    )
    first, *keys = PLACES[place]
    app = make_app(store, first=first, language=language)
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot)
        await press(pilot, *keys)
        found = sentences_of(words(app))
        assert found
        assert [says for says in found if len(says) > MOST_TEXT] == []


@pytest.mark.parametrize("language", ["en", "es"])
async def test_nor_where_there_is_no_account_yet(tmp_path: Path, language: str) -> None:
    app = make_app(make_store(tmp_path, plan=None), language=language)
    async with app.run_test(size=(200, 50)) as pilot:
        await settled(pilot)
        assert [says for says in sentences_of(words(app)) if len(says) > MOST_TEXT] == []
