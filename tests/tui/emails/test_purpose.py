"""What an email is for: beside what it takes, on the last look before it is sent, and whom it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from store import Store
from store.messages.model import Draft, Purpose
from tests.tui.conftest import Snap
from tests.tui.emails.writing import make_mail_store, ready, typed, writing, written
from tests.tui.harness import NOW, front, make_app, press, settled, toasts, words
from tui.emails.campaign import CampaignScreen
from tui.emails.preview import Preview
from tui.emails.reading import Way
from tui.emails.screen import EmailScreen
from tui.emails.send import SendEmailScreen

ZOE, JOSE = "zoe@example.com", "jose@example.com"
NEWS = Draft(subject="Open house", body="It is on Sunday.", to=(ZOE, JOSE), account_id=1)
SALE = replace(NEWS, purpose=Purpose.MARKETING)


def with_emailed(folder: Path, *addresses: str) -> Store:
    """A store whose account has just sent marketing to these."""
    store = make_mail_store(folder)
    for address in addresses:
        store.emails.send(1, replace(SALE, to=(address,)))
    return store


# Beside what it takes


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (41, 40), (160, 45)])
async def test_the_purpose_is_in_sight_at_every_size_and_says_whether_it_was_chosen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with writing(make_mail_store(tmp_path), NEWS, size) as (app, pilot):
        assert "Notice · to several people ^G" in written(app)
        for purpose in ("Marketing", "Emergency", "Conversation"):
            await press(pilot, "ctrl+g")
            assert f"{purpose} · your choice ^G" in written(app)
        await press(pilot, "ctrl+g")
        assert "Notice · to several people ^G" in written(app)


async def test_an_email_to_one_is_a_conversation(tmp_path: Path) -> None:
    async with writing(make_mail_store(tmp_path), replace(NEWS, to=(ZOE,))) as (app, _pilot):
        assert "Conversation · to one person ^G" in written(app)


async def test_whom_it_leaves_out_is_seen_at_once(tmp_path: Path) -> None:
    async with writing(with_emailed(tmp_path, ZOE), SALE) as (app, pilot):
        assert "1 emailed recently" in written(app)
        assert "1 person, 1 left out" in words(app)
        await press(pilot, "ctrl+b")
        assert "emailed recently" not in written(app)
        assert "2 people" in words(app)


async def test_a_tap_on_it_changes_it(tmp_path: Path) -> None:
    async with writing(make_mail_store(tmp_path), NEWS, (41, 40)) as (app, pilot):
        assert await pilot.click(Preview, offset=(5, 1))
        await settled(pilot)
        assert "Marketing · your choice" in written(app)


async def test_it_is_kept_with_the_draft(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (_app, pilot):
        await press(pilot, "ctrl+b")
    (kept,) = store.messages.drafts()
    assert kept.purpose is Purpose.EMERGENCY


async def test_an_emergency_takes_back_a_later_time(tmp_path: Path) -> None:
    async with writing(make_mail_store(tmp_path), NEWS) as (app, pilot):
        assert isinstance(app.screen, EmailScreen)
        app.screen._go_by(Way(at=NOW + timedelta(days=1)))
        await settled(pilot)
        assert "Goes out on" in written(app)
        await press(pilot, "ctrl+b")
        assert "Goes out on" not in written(app)


# Sending


async def test_an_emergency_asks_its_reason_leaves_at_once_and_keeps_it(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "ctrl+b", "f5")
        assert front(app) is SendEmailScreen
        assert "Why is this an emergency?" in words(app)
        await press(pilot, "enter")
        assert "Write why" in " ".join(toasts(app))
        assert not store.emails.campaigns(1)
        await press(pilot, *typed("burst pipe"), "enter")
        assert front(app) is CampaignScreen
    (sent,) = store.emails.campaigns(1)
    assert (sent.purpose, sent.why, sent.recipients) == (Purpose.EMERGENCY, "burst pipe", 2)
    assert store.messages.drafts() == []


async def test_when_is_not_for_an_emergency(tmp_path: Path) -> None:
    draft = replace(NEWS, purpose=Purpose.EMERGENCY, why="burst pipe")
    async with writing(make_mail_store(tmp_path), draft) as (app, pilot):
        await press(pilot, "f5", "t")
        assert front(app) is SendEmailScreen
        assert "An emergency goes out right away" in " ".join(toasts(app))


async def test_those_emailed_lately_get_it_for_a_reason_and_what_that_takes_is_seen_first(
    tmp_path: Path,
) -> None:
    store = with_emailed(tmp_path, ZOE)
    async with writing(store, SALE) as (app, pilot):
        await press(pilot, "f5")
        assert "Marketing · your choice" in words(app)
        assert "e Email them anyway" in words(app)
        await press(pilot, "e", *typed("new date"), "enter")
        assert "Send this email to 2 people?" in words(app)
        assert "Reason: new date" in words(app)
        assert len(store.emails.campaigns(1)) == 1
        await press(pilot, "enter")
        assert front(app) is CampaignScreen
    sent = store.emails.campaigns(1)[0]
    assert (sent.purpose, sent.why, sent.recipients) == (Purpose.MARKETING, "new date", 2)


async def test_where_all_were_emailed_lately_the_reason_is_asked_at_once(tmp_path: Path) -> None:
    store = with_emailed(tmp_path, ZOE, JOSE)
    async with writing(store, SALE) as (app, pilot):
        await press(pilot, "f5")
        assert "Right now, nobody would get this email." in words(app)
        await press(pilot, *typed("new date"), "enter", "enter")
        assert front(app) is CampaignScreen


async def test_escape_leaves_a_reason_that_need_not_be(tmp_path: Path) -> None:
    async with writing(with_emailed(tmp_path, ZOE), SALE) as (app, pilot):
        await press(pilot, "f5", "e", "escape")
        assert front(app) is SendEmailScreen
        await press(pilot, "escape")
        assert front(app) is EmailScreen


# Pictures


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
def test_marketing_that_leaves_some_out(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = with_emailed(tmp_path, ZOE)
    store.messages.save_draft(SALE)
    assert snap(make_app(store, first="email"), size=size, before=ready)


def test_the_last_look_offers_to_email_those_left_out(snap: Snap, tmp_path: Path) -> None:
    store = with_emailed(tmp_path, ZOE)
    store.messages.save_draft(SALE)

    async def look(pilot: Pilot[None]) -> None:
        await ready(pilot)
        await press(pilot, "f5")

    assert snap(make_app(store, first="email"), size=(80, 24), before=look)
