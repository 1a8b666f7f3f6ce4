"""What became of emails: the list of campaigns, and one of them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from store import Store
from store.emails.model import CampaignSummary, Status
from store.messages.model import Draft
from tests.tui.emails.writing import handed_over, make_mail_store, seen_by_a_viewer
from tests.tui.harness import NOW, front, make_app, off, press, settled, toasts, words
from tui.blasts.save import ProofScreen
from tui.contacts.contact import ContactScreen
from tui.contacts.form import ContactFormScreen
from tui.emails.campaign import CampaignScreen
from tui.emails.campaigns import CampaignsScreen
from tui.emails.presentation import standing
from tui.emails.screen import EmailScreen
from tui.history.export import ExportScreen
from tui.i18n.language import Language
from tui.widgets.path_field import PathField

CAMPAIGN = CampaignSummary(1, NOW, NOW, "", "News", "Hi", "", "own", 40, False, "", (), {})


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
        await press(pilot, "g", "e")
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
        assert "Check the address" in said
        await press(pilot, "p")
        assert front(app) is ContactScreen


async def test_what_was_given_back_isnt_counted_and_where_an_address_is_mended_is_said(store: Store) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "3 people  ·  2 emails" in words(app)
        assert "press p to see the person, then e to edit it." in " ".join(words(app).split())
        await press(pilot, "p", "e")
        assert front(app) is ContactFormScreen


async def test_as_it_leaves_whom_it_didnt_reach_comes_to_the_top(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    for number in range(60):
        store.people.add(email=f"p{number}@example.com", groups=["Buyers"], region="US")
    store.people.add(email="jon+0000@example.com", groups=["Buyers"], region="US")
    store.emails.send(1, Draft(subject="News", body="Hi", groups=("Buyers",)))
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "jon+0000@example.com" not in words(app)
        handed_over(store)
        app.screen.data_changed()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "jon+0000@example.com" in words(app)
        await press(pilot, "down")
        current = app.screen.pages.current  # type: ignore[attr-defined]
        app.screen._show(replace(app.screen.campaign, counts={}))  # type: ignore[attr-defined]
        await settled(pilot)
        assert app.screen.pages.current == current  # type: ignore[attr-defined]  # who reads on isn't moved


@pytest.mark.parametrize(("width", "says"), [(120, "May 22, 9:30 AM, local time"), (80, "May 22, 9:30 AM")])
async def test_the_list_says_when_what_waits_leaves(store: Store, width: int, says: str) -> None:
    at = datetime(2026, 5, 22, 12, tzinfo=UTC)
    draft = Draft(subject="Later", body="Hi", groups=("Buyers",))
    store.emails.send(1, draft, at=at, each_at="09:30")
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(width, 36)) as pilot:
        await settled(pilot)
        later, news = (" ".join(line.split()) for line in words(app).splitlines() if "to go" in line)
        assert later.endswith(says)
        assert news.endswith("May 20, 12:00 PM")


def test_what_has_yet_to_leave_hides_nothing_that_went_wrong() -> None:
    def stands(most: int = 2, **counts: int) -> str:
        campaign = replace(CAMPAIGN, counts={Status(status): count for status, count in counts.items()})
        return standing(Language("en"), campaign, most)

    assert stands(queued=33, sent=4) == "33 to go"
    assert stands(queued=30, waiting=3, failed=2, sent=9) == "2 failed and 33 to go"
    assert stands(1, queued=33, bounced=1) == "1 came back"
    assert stands(failed=1, sent=2) == "1 failed and 2 sent"


async def test_what_hasnt_left_is_cancelled_by_two_presses(store: Store) -> None:
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "x")
        assert store.emails.campaigns(1)[0].counts == {Status.QUEUED: 3}
        await press(pilot, "x")
        assert toasts(app)[-1] == "3 emails cancelled. z Undo"
        assert "x Cancel rest" in off(app)
    assert store.emails.campaigns(1)[0].counts == {Status.CANCELLED: 3}
    assert store.credits.balance(1).held == 0


async def test_outcomes_are_saved_in_a_file(store: Store, tmp_path: Path) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "s")
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


async def test_the_proof_of_a_campaign_is_saved_as_a_pdf(store: Store, tmp_path: Path) -> None:
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "percent_sign")
        assert front(app) is ProofScreen
        app.screen.query_one(PathField).value = str(tmp_path / "proof.pdf")
        await press(pilot, "enter")
        assert front(app) is CampaignScreen
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "proof.pdf").pages).split())
    assert "Channel Email" in said
    assert "Sent 2 Failed 1 Left out 1 People 4" in said
    assert said.index("jon+0000@example.com") < said.index("zoe@example.com") < said.index("jose@example.com")
    assert "Name Address Sent at Status" in said


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
        assert "x Cancel rest" in off(app)


async def test_where_nothing_was_sent_the_list_says_how_to_begin(tmp_path: Path) -> None:
    app = make_app(make_mail_store(tmp_path), first="campaigns")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "No emails sent yet. c writes one." in words(app)
        await press(pilot, "c")
        assert front(app) is EmailScreen
