"""What became of emails: the list of campaigns, and one of them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from store import Store
from store.emails.model import Status
from store.messages.model import Draft
from tests.tui.emails.writing import handed_over, make_mail_store, seen_by_a_viewer
from tests.tui.harness import front, make_app, off, press, settled, toasts, words
from tui.contacts.contact import ContactScreen
from tui.emails.campaign import CampaignScreen
from tui.emails.campaigns import CampaignsScreen
from tui.emails.screen import EmailScreen
from tui.history.export import ExportScreen
from tui.widgets.path_field import PathField


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One email to four, one of whom the server refuses."""
    store = make_mail_store(tmp_path)
    store.people.add(first_name="Jon", email="jon+0000@example.com", groups=["Buyers"], region="US")
    store.emails.send(1, Draft(subject="News for {first_name}", body="Hi {first_name}", groups=("Buyers",)))
    return store


async def test_campaigns_are_listed_from_home_and_lead_to_one(store: Store) -> None:
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "News for …" in words(app)
        await press(pilot, "e")
        assert front(app) is CampaignsScreen
        await press(pilot, "enter")
        assert front(app) is CampaignScreen
        assert "News for Zoë" in words(app)
        await press(pilot, "escape")
        assert front(app) is CampaignsScreen


async def test_who_it_didnt_reach_stands_first_with_the_reason_and_what_to_do(store: Store) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        said = words(app)
        assert "3 of 3 done" in said
        assert "× 1 failed  ·  ● 2 sent" in said
        assert said.index("jon+0000@example.com") < said.index("zoe@example.com")
        assert "failed: The mail server refused it." in said
        assert "Look whether the address is right" in said
        await press(pilot, "c")
        assert front(app) is ContactScreen


async def test_what_hasnt_left_is_cancelled_by_two_presses(store: Store) -> None:
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "x")
        assert store.emails.campaigns(1)[0].counts == {Status.QUEUED: 3}
        await press(pilot, "x")
        assert toasts(app)[-1] == "3 emails were cancelled."
        assert "x Cancel the rest" in off(app)
    assert store.emails.campaigns(1)[0].counts == {Status.CANCELLED: 3}
    assert store.credits.balance(1).held == 0


async def test_outcomes_are_saved_in_a_file(store: Store, tmp_path: Path) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "e")
        assert front(app) is ExportScreen
        app.screen.query_one(PathField).value = str(tmp_path / "out.csv")
        await press(pilot, "enter")
        assert front(app) is CampaignScreen
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["to"], row["status"]) for row in rows] == [
        ("jon+0000@example.com", "failed"),
        ("zoe@example.com", "sent"),
        ("jose@example.com", "sent"),
    ]


async def test_it_is_written_again_to_those_it_didnt_reach(store: Store) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "r")
        assert front(app) is EmailScreen
        assert "1 person" in words(app)
        assert "jon+0000@example.com" in words(app)


async def test_only_one_status_is_shown_where_that_is_asked_for(store: Store) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "f")
        assert "jon+0000@example.com" not in words(app)
        assert "zoe@example.com" in words(app)


async def test_a_line_of_the_history_leads_to_its_email(store: Store) -> None:
    handed_over(store)
    app = make_app(store, first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "enter")
        assert front(app) is CampaignScreen


async def test_who_may_only_look_cancels_nothing(store: Store, tmp_path: Path) -> None:
    app = make_app(seen_by_a_viewer(tmp_path), first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "x Cancel the rest" in off(app)


async def test_where_nothing_was_sent_the_list_says_how_to_begin(tmp_path: Path) -> None:
    app = make_app(make_mail_store(tmp_path), first="campaigns")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "No email was sent yet. c writes one." in words(app)
        await press(pilot, "c")
        assert front(app) is EmailScreen
