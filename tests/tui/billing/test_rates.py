"""Credits by country: the list, what is typed, and the ways there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.billing.subscribed import subscribed
from tests.tui.conftest import Snap
from tests.tui.harness import make_app, press, settled, where, words
from tui.app import TextmeterApp


def lines(app: TextmeterApp) -> list[str]:
    """The lines below the heads, word for word."""
    shown = [" ".join(line.replace("›", "").split()) for line in words(app).splitlines()]
    start = next(place for place, line in enumerate(shown) if line.startswith("Country Per"))
    return [line for line in shown[start + 1 : -1] if line]


async def test_every_country_has_its_credits(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path, "community-texts", "200"), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r")
        assert where(app) == "Rates"
        assert "Credits per text segment, by country  ·  245 countries" in words(app)
        assert lines(app)[0] == "Afghanistan +93 5 15"
        await press(pilot, "down")
        assert "› Åland Islands" in words(app)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("united k", ["United Kingdom +44 2 6"]),
        ("GUERN", ["Guernsey +44 2 6"]),
        ("cote", ["Côte d’Ivoire +225 5 15"]),
        ("+351", ["Portugal +351 4 12"]),
    ],
)
async def test_a_country_is_found_as_one_types(tmp_path: Path, typed: str, found: list[str]) -> None:
    app = make_app(subscribed(tmp_path, "community-texts", "200"), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", *typed)
        assert lines(app) == found


async def test_what_is_no_country_is_said(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", *"atlantis")
        assert "No country matches atlantis." in words(app)
        await press(pilot, "escape")
        assert where(app) == "Plans"


async def test_compose_leads_to_the_rates_and_back_to_the_text(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="compose")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"Hi", "ctrl+r", *"jam")
        assert lines(app) == ["Jamaica +1 2 3"]  # of +1, and not domestic
        await press(pilot, "escape")
        assert where(app) == "Compose"
        assert "Hi" in words(app)


async def test_the_palette_has_the_rates(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+p", *"rates", "enter")
        assert where(app) == "Rates"


@pytest.mark.parametrize("size", [(120, 36), (60, 20)])
def test_rates_of_a_community(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    assert snap(make_app(store, first="plans"), size=size, keys=("g", "r", "u", "n", "i"))
