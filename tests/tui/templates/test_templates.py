"""Templates on their screens: read with their cost, written, saved, renamed, deleted and brought back."""

from __future__ import annotations

from pathlib import Path

from store import Store
from store.clock import FixedClock
from store.messages.model import Draft, Purpose, Template
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.emails.writing import make_mail_store
from tests.tui.harness import (
    NOW,
    front,
    make_app,
    make_store,
    off,
    press,
    settled,
    text,
    toasts,
    where,
    words,
)
from tests.tui.inbox.heard import make_inbox
from tui.base.navigation import OpenCampaign
from tui.blasts.screen import BlastScreen
from tui.compose.screen import ComposeScreen
from tui.emails.campaign import CampaignScreen
from tui.templates.form import TemplateScreen

GATE = Template(
    "Gate code",
    "Hi {first_name|there}, the new gate code is 4711 — see bit.ly/gate for the map. Ann, Elm Street",
)


def stocked(folder: Path) -> Store:
    store = make_store(folder)
    store.templates.save(GATE)
    return store


def listed(store: Store) -> dict[str, str]:
    return {one.name: one.text for one in store.templates.all("en", community=False)}


async def test_one_is_read_with_its_cost_and_what_filters_hold_against_it(tmp_path: Path) -> None:
    app = make_app(stocked(tmp_path), first="templates")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "1 credit per person (United States)" in words(app)
        await press(pilot, "down", "down", "down")
        shown = words(app)
        assert "SMS · Unicode · 2 segments" in shown
        assert "2 credits per person (United States)" in shown
        assert "Carriers block bit.ly links" in shown
        await press(pilot, "down")
        assert "{street} and {price} are blanks" in words(app)
        assert "Marketing · English · Included with Textmeter" in words(app)


async def test_one_that_is_chosen_is_written_with_all_its_words(tmp_path: Path) -> None:
    app = make_app(stocked(tmp_path), first="templates")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down", "down", "down", "enter")
        assert front(app) is ComposeScreen
        assert "{street}, listed at {price}. Want to see it before the weekend?" in words(app)
        assert "F5 Send" in off(app)


async def test_a_new_one_is_saved_under_a_name_with_what_it_is_for(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    app = make_app(store, first="templates")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "n", *"Dogs", "enter", *"Keep dogs in.", "ctrl+g", "ctrl+s")
        assert toasts(app) == ["Saved as “Dogs”. z Undo"]
        assert where(app) == "Templates"
        assert "Dogs" in words(app)
    saved = store.templates.named("dogs", "en")
    assert (saved.text, saved.purpose) == ("Keep dogs in.", Purpose.MARKETING)


async def test_a_name_that_is_taken_or_missing_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    before = listed(store)
    app = make_app(store, first="templates")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", "ctrl+s")
        assert "A template needs a name." in words(app)
        await press(pilot, *"gate CODE", "enter", *"x", "ctrl+s")
        assert "There is already a template called gate CODE." in words(app)
        assert front(app) is TemplateScreen
        await press(pilot, "escape")
        assert front(app) is TemplateScreen
        await press(pilot, "escape")
        assert where(app) == "Templates"
    assert listed(store) == before


async def test_one_is_edited_and_renamed_in_its_place(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    app = make_app(store, first="templates")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(
            pilot, "down", "down", "down", "e", "ctrl+end", *" Zoe", *["shift+tab"] * 3, "end", *"s", "ctrl+s"
        )
        assert "Gate codes" in words(app)
    assert "Gate code" not in listed(store)
    assert listed(store)["Gate codes"] == f"{GATE.text} Zoe"


async def test_the_key_that_deletes_brings_back(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    before = listed(store)
    app = make_app(store, first="templates")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down", "down", "d", "down", "d")
        assert set(before) - set(listed(store)) == {"Gate code", "New listing"}
        assert words(app).count("deleted") == 2
        assert "d Bring back" in words(app)
        assert {"Enter Write", "e Edit"} <= off(app)
        await press(pilot, "d", "up", "d")
        assert "deleted" not in words(app)
        assert listed(store) == before
        await press(pilot, "d", "escape")
        assert where(app) == "Home"
    assert "Gate code" not in listed(store)


async def test_a_sender_may_not_change_what_somebody_else_saved(tmp_path: Path) -> None:
    stocked(tmp_path)
    person = Person("Sam", Role.SENDER)
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=person)
    app = make_app(store, first="templates")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down", "down", "d")
        assert {"e Edit", "d Delete"} <= off(app)
        assert toasts(app) == ["Someone else saved this template. Ask them or an owner to change it."]


async def test_a_text_that_was_sent_becomes_a_template_with_its_fields(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    blast = text(store, "Hi {first_name|there}, it is on.", "+14155550123")
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.push_screen(BlastScreen(blast.id))
        await settled(pilot)
        await press(pilot, "underscore", *"On", "ctrl+s")
        assert front(app) is BlastScreen
    assert listed(store)["On"] == "Hi {first_name|there}, it is on."


async def test_what_was_written_in_a_conversation_becomes_a_template(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "underscore")
        assert front(app) is TemplateScreen
        await press(pilot, *"Beds", "ctrl+s", "enter", *"Friday at 3")
        await press(pilot, "ctrl+p", *"Save as a template", "enter")  # where the letter would be typed
        await press(pilot, *"Friday", "ctrl+s")
        assert where(app) == "Inbox"
    assert listed(store)["Beds"] == "Still looking for two bedrooms?"
    assert listed(store)["Friday"] == "Friday at 3"
    assert store.templates.named("Friday", "en").purpose is Purpose.CONVERSATION


async def test_an_emails_template_has_a_subject_a_purpose_and_a_language(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    app = make_app(store, first="templates")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", *"News", "enter", *"May news", "enter", *"Two things.")
        await pilot.click("#purpose")
        await press(pilot, *"mark", "enter")
        await pilot.click("#language")
        await press(pilot, *"vietn", "enter", "ctrl+s")
        assert where(app) == "Templates"
    kept = Template("News", "Two things.", Purpose.MARKETING, "vi", "May news")
    assert store.templates.named("news", "en") == kept


async def test_an_email_that_was_sent_becomes_a_template_with_its_subject(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    draft = Draft(subject="May, {first_name|friend}", body="Hi {first_name|there}", groups=("Buyers",))
    campaign = store.emails.send(1, draft)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen.post_message(OpenCampaign(campaign.id))
        await settled(pilot)
        await press(pilot, "underscore", *"May", "ctrl+s")
        assert front(app) is CampaignScreen
    kept = store.templates.named("may", "en")
    assert (kept.subject, kept.text) == (draft.subject, draft.body)


def test_templates_beside_their_preview(snap: Snap, tmp_path: Path) -> None:
    keys = ("down", "down", "down", "down", "d", "up")
    assert snap(make_app(stocked(tmp_path), first="templates"), size=(120, 36), keys=keys)


def test_templates_above_their_preview(snap: Snap, tmp_path: Path) -> None:
    assert snap(
        make_app(stocked(tmp_path), first="templates"), size=(80, 24), keys=("down", "down", "down", "down")
    )


def test_the_form_of_a_template(snap: Snap, tmp_path: Path) -> None:
    app = make_app(stocked(tmp_path), first="templates")
    assert snap(app, size=(80, 24), keys=("down", "down", "down", "e"))
