"""One text a household: asked for by a key or in the palette, and seen in who gets it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from store import Store
from store.messages.model import Draft
from store.people.model import Details
from tests.tui.conftest import Snap
from tests.tui.harness import make_app, make_store, press, settled, words


def building(folder: Path) -> Store:
    """Two who live in 12A, three in 12B of whom one opted out, and somebody who lives with nobody known."""
    store = make_store(folder)
    for at, (name, household) in enumerate(
        (("Ann", "12A"), ("Bo", "12A"), ("Cy", "12B"), ("Dee", "12B"), ("Eva", "12B"), ("Flo", ""))
    ):
        store.people.add(
            first_name=name,
            phone=f"+141555501{at:02}",
            groups=["tenants"],
            region="US",
            details=Details(household=household),
        )
    store.consent.opt_out("+14155550102", 1)
    return store


TO_ALL = Draft(body="The water is off today.", groups=("tenants",))


async def test_the_palette_goes_by_households_and_back(tmp_path: Path) -> None:
    store = building(tmp_path)
    app = make_app(store, first="compose", draft=TO_ALL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "5 people, 1 left out" in words(app)
        await press(pilot, "ctrl+p", *"one a household", "enter", "enter")
        assert "3 households, 1 left out" in words(app)
        await press(pilot, "ctrl+p", *"one a person", "enter", "enter")
        assert "5 people, 1 left out" in words(app)


async def test_what_is_confirmed_counts_households_as_compose_did(tmp_path: Path) -> None:
    app = make_app(building(tmp_path), first="compose", draft=replace(TO_ALL, household=True))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "f5")
        assert "Send this text to 3 households?" in words(app)


async def test_who_gets_a_households_text_is_seen_and_the_choice_is_kept(tmp_path: Path) -> None:
    store = building(tmp_path)
    app = make_app(store, first="compose", draft=TO_ALL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "f4", "h")
        shown = words(app)
        told = "3 households get it · 1 is left out (1 opted out) · 2 in the same household"
        assert told in " ".join(shown.split())
        assert "Ann gets the text for 12A." in shown
        assert "Dee gets the text for 12B." in shown  # Cy, whom it would greet, opted out
        assert [line.split()[-2:] for line in shown.splitlines() if "555-0103" in line] == [["12B", "1"]]
        await press(pilot, "escape")
        assert "3 households" in words(app)
    kept = store.messages.latest_draft(1)
    assert kept is not None
    assert kept.household


def test_who_gets_it_by_households(snap: Snap, tmp_path: Path) -> None:
    app = make_app(building(tmp_path), first="compose", draft=TO_ALL)
    assert snap(app, size=(80, 24), keys=("f4", "h"))
