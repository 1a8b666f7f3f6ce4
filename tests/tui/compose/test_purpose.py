"""What a text is for: beside its cost, on the last look before it is sent, and what it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Static

from store import Store
from store.messages.model import Draft, LeftOut, Purpose
from store.sentences import sentence
from tests.tui.compose.test_compose import composing, said
from tests.tui.conftest import Snap
from tests.tui.harness import TIMEZONE, front, make_app, make_store, press, settled, text, toasts, words
from tui.base.navigation import WriteText
from tui.billing.plans import PlansScreen
from tui.blasts.screen import BlastScreen
from tui.compose.preview import Preview
from tui.compose.purposes import in_order, next_purpose
from tui.compose.screen import ComposeScreen
from tui.compose.send import SendScreen

BOSTON, NEW_YORK, HONOLULU = "+16175550101", "+12125550102", "+18085550103"
BOTH, ALL = (BOSTON, NEW_YORK), (BOSTON, NEW_YORK, HONOLULU)
"""At the harness's hour it is noon in Boston and New York, and 6 in the morning in Honolulu."""
OPEN_HOUSE = "The open house is on."
SIZES = ((120, 36), (80, 24), (60, 20), (41, 40), (160, 45))


def marketing(*to: str, why: str = "") -> Draft:
    return Draft(body=OPEN_HOUSE, to=to, purpose=Purpose.MARKETING, why=why)


def with_texted(tmp_path: Path, *phones: str) -> Store:
    """A store whose account has just texted these."""
    store = make_store(tmp_path)
    for phone in phones:
        text(store, "Hello", phone)
    return store


# Beside the cost


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("body", [OPEN_HOUSE, "A line\n" * 40])
async def test_the_purpose_is_in_sight_at_every_size_and_says_whether_it_was_chosen(
    tmp_path: Path, size: tuple[int, int], body: str
) -> None:
    draft = Draft(body=body, to=BOTH)
    async with composing(make_store(tmp_path), draft, size) as (app, pilot, _):
        assert "Notice · to several people ^G" in said(app)
        for purpose in ("Marketing", "Emergency", "Conversation"):
            await press(pilot, "ctrl+g")
            assert f"{purpose} · your choice ^G" in said(app)
        await press(pilot, "ctrl+g")
        assert "Notice · to several people ^G" in said(app)


async def test_a_text_to_one_is_a_conversation_and_so_is_one_to_those_who_wrote(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    account = store.credits.account()
    async with composing(store, Draft(body="Hi", to=(BOSTON,))) as (app, _pilot, _composer):
        assert "Conversation · to one person" in said(app)
    for phone in BOTH:
        store.messages.receive(account.id, phone, "Hello")
    async with composing(store, Draft(body="Hi", to=BOTH)) as (app, _pilot, _composer):
        assert "Conversation · they wrote recently" in said(app)


async def test_before_anybody_is_chosen_it_depends_on_whom(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, _):
        assert "What it's for depends on who gets it ^G" in said(app)
        await press(pilot, "ctrl+b")
        assert "Emergency · your choice" in said(app)


async def test_whom_it_leaves_out_is_seen_at_once(tmp_path: Path) -> None:
    store = with_texted(tmp_path, BOSTON)
    async with composing(store, Draft(body=OPEN_HOUSE, to=ALL), (120, 36)) as (app, pilot, _):
        assert "1 of 3 gets this during quiet hours." in said(app)
        await press(pilot, "ctrl+g")
        assert "1 texted recently, 1 in quiet hours" in said(app)
        assert "1 person, 2 left out" in words(app)
        await press(pilot, "ctrl+g")
        assert "quiet hours and" not in said(app)
        assert "3 people" in words(app)


async def test_a_tap_on_it_changes_it(tmp_path: Path) -> None:
    draft = Draft(body=OPEN_HOUSE, to=BOTH)
    async with composing(make_store(tmp_path), draft, (41, 40)) as (app, pilot, _):
        assert await pilot.click(Preview, offset=(5, 1))
        await settled(pilot)
        assert "Marketing · your choice" in said(app)


async def test_the_palette_makes_it_an_emergency(tmp_path: Path) -> None:
    draft = Draft(body=OPEN_HOUSE, to=BOTH)
    async with composing(make_store(tmp_path), draft) as (app, pilot, _):
        await press(pilot, "ctrl+p", *"emergency", "enter")
        assert "Emergency · your choice" in said(app)


async def test_where_its_keys_lead_elsewhere_can_still_be_reached_by_name(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, _):
        await press(pilot, "ctrl+p", *"plans", "enter")
        assert front(app) is PlansScreen


async def test_it_is_kept_with_the_draft_and_taken_up_again(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store, Draft(body=OPEN_HOUSE, to=BOTH)) as (app, pilot, _):
        await press(pilot, "ctrl+g")
        app.screen.query_one(Preview)
        await settled(pilot)
    (kept,) = store.messages.drafts()
    assert (kept.purpose, kept.language) == (Purpose.MARKETING, "en")
    async with composing(store) as (app, _pilot, _composer):
        assert "Marketing · your choice" in said(app)


async def test_a_reason_is_forgotten_with_the_purpose_that_it_was_for(tmp_path: Path) -> None:
    store = with_texted(tmp_path, BOSTON)
    async with composing(store, marketing(BOSTON, why="She asked")) as (app, pilot, _):
        assert "1 person" in words(app)
        await press(pilot, "ctrl+b", *["ctrl+g"] * 3)
        assert "Marketing · your choice" in said(app)
        assert "1 left out" in words(app)


async def test_a_template_keeps_its_language_and_purpose(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store) as (app, pilot, _):
        app.screen.post_message(WriteText(replace(marketing(BOSTON), body="Casa abierta", language="es")))
        await settled(pilot)
        assert "Reply STOP" not in said(app)
        assert "STOP" in said(app)
        assert "Marketing · your choice" in said(app)


# Preview


async def test_the_line_below_a_first_text_stands_apart_with_what_it_costs(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), marketing(BOSTON)) as (app, _pilot, _composer):
        assert "Reply STOP to opt out. (below your first text to them, at no cost)" in said(app)
        lines = app.screen.query_one(Preview).drawn
        (line,) = (line for line in lines if line.plain == "Reply STOP to opt out.")
        assert any(span.style == "$quiet" for span in line.spans)


async def test_a_line_that_costs_something_says_how_much(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    store.credits.open_account("community-texts", "200", TIMEZONE)
    draft = replace(marketing(BOSTON), body="x" * 150)
    async with composing(store, draft) as (app, _pilot, _composer):
        assert "(below your first text to them: 1 more credit)" in said(app)
        assert "2 segments" in said(app)


async def test_a_line_that_costs_nothing_takes_no_room(tmp_path: Path) -> None:
    draft = replace(marketing(BOSTON), body="x" * 150)
    async with composing(make_store(tmp_path), draft) as (app, _pilot, _composer):
        assert "plain · 1 segment" in said(app)
        assert "10 characters left" in said(app)


# Who gets it


async def test_those_left_out_are_listed_by_why_with_the_hour_that_they_wait_for(tmp_path: Path) -> None:
    store = with_texted(tmp_path, BOSTON)
    async with composing(store, marketing(*ALL), (120, 36)) as (app, pilot, _):
        await press(pilot, "f4")
        shown = words(app)
        assert "1 person gets it · 2 are left out (1 texted recently, 1 in quiet hours)" in " ".join(
            shown.split()
        )
        assert shown.index("(617) 555-0101") < shown.index("(808) 555-0103")
        assert "Texted on May 20, 2026" in shown
        await press(pilot, "down")
        below = str(app.screen.query_one("#who-about", Static).render()).replace("\u202f", " ")
        assert "8:00 AM (Honolulu, guessed from the number)" in below


@given(st.lists(st.sampled_from(["opted-out", "quiet-hours", "texted-lately", "no-phone", "excepted"])))
def test_the_order_of_those_left_out_keeps_everybody_and_each_why_together(codes: list[str]) -> None:
    out = [LeftOut(str(at), sentence("x"), code) for at, code in enumerate(codes)]
    ordered = in_order(out, {})
    assert sorted(one.to for one in ordered) == sorted(one.to for one in out)
    found = [one.code for one in ordered]
    assert len([code for at, code in enumerate(found) if at == 0 or found[at - 1] != code]) == len(set(found))


def test_purposes_go_in_a_circle() -> None:
    at, seen = Purpose.CONVERSATION, []
    for _ in Purpose:
        seen.append(at)
        at = next_purpose(at)
    assert (at, seen) == (Purpose.CONVERSATION, list(Purpose))


# Sending


async def test_an_emergency_asks_its_reason_and_keeps_it(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    account = store.credits.account()
    async with composing(store, Draft(body="No water today", to=ALL)) as (app, pilot, _):
        await press(pilot, "ctrl+b", "f5")
        assert isinstance(app.screen, SendScreen)
        assert "Why is this an emergency?" in words(app)
        await press(pilot, "enter")
        assert store.messages.blasts(account.id) == []
        assert "Write why" in " ".join(toasts(app))
        await press(pilot, *"burst pipe", "enter")
        assert isinstance(app.screen, BlastScreen)
        assert "Emergency" in words(app)
        assert "Reason: burst pipe" in words(app)
    (blast,) = store.messages.blasts(account.id)
    assert (blast.purpose, blast.why, blast.recipients) == (Purpose.EMERGENCY, "burst pipe", 3)
    assert store.messages.drafts() == []


async def test_an_emergency_with_its_reason_only_shows_it(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    draft = Draft(body="No water", to=BOTH, purpose=Purpose.EMERGENCY, why="burst pipe")
    async with composing(store, draft) as (app, pilot, _):
        await press(pilot, "f5")
        assert "Reason: burst pipe" in words(app)
        await press(pilot, "e", *" at 5th")
        await press(pilot, "enter")
        assert front(app) is BlastScreen
    (blast,) = store.messages.blasts(store.credits.account().id)
    assert blast.why == "burst pipe at 5th"


async def test_an_emergency_with_too_few_credits_leads_to_more_of_them(tmp_path: Path) -> None:
    people = tuple(f"+1415555{number:04}" for number in range(100, 800))
    draft = Draft(body="Hello", to=people, purpose=Purpose.EMERGENCY)
    async with composing(make_store(tmp_path), draft) as (app, _pilot, _composer):
        assert "Larger plans" in words(app)


async def test_the_last_look_names_who_is_left_out_with_why_and_counts_the_many(tmp_path: Path) -> None:
    short = tuple(str(number) for number in range(12341, 12348))
    draft = Draft(body=OPEN_HOUSE, to=(BOSTON, *short))
    async with composing(make_store(tmp_path), draft) as (app, pilot, _):
        await press(pilot, "f5")
        assert "Who is left out" in words(app)
        assert "✗ 12341  12341 is a short or emergency number" in words(app)
        assert "✗ 12345 " in words(app)
        assert "✗ 12346 " not in words(app)
        assert "and 2 more" in words(app)


async def test_a_last_look_that_is_higher_than_its_terminal_is_read_by_keys(tmp_path: Path) -> None:
    draft = replace(marketing(BOSTON), body="A line\n" * 30)
    async with composing(make_store(tmp_path), draft, (80, 24)) as (app, pilot, _):
        await press(pilot, "f5")
        assert "Send this text to" in words(app)
        await press(pilot, "pagedown", "pagedown", "pagedown")
        assert "Send this text to" not in words(app)
        assert "(below your first text to them" in words(app)
        await press(pilot, *["pageup"] * 3)
        assert "Send this text to" in words(app)


async def test_those_texted_lately_get_marketing_for_a_reason_with_its_new_cost_seen_first(
    tmp_path: Path,
) -> None:
    store = with_texted(tmp_path, BOSTON)
    account = store.credits.account()
    async with composing(store, marketing(*BOTH)) as (app, pilot, _):
        await press(pilot, "f5")
        assert "1 credit" in words(app)
        assert "e Text them anyway" in words(app)
        await press(pilot, "e", *"new date", "enter")
        assert isinstance(app.screen, SendScreen)
        assert "Send this text to 2 people?" in words(app)
        assert "2 credits" in words(app)
        assert "Reason: new date" in words(app)
        assert len(store.messages.blasts(account.id)) == 1
        await press(pilot, "enter")
        assert front(app) is BlastScreen
    blast = store.messages.blasts(account.id)[0]
    assert (blast.purpose, blast.why, blast.recipients) == (Purpose.MARKETING, "new date", 2)


async def test_escape_leaves_a_reason_that_need_not_be(tmp_path: Path) -> None:
    async with composing(with_texted(tmp_path, BOSTON), marketing(*BOTH)) as (app, pilot, _):
        await press(pilot, "f5", "e", "escape")
        assert front(app) is SendScreen
        assert "Send this text to" in words(app)
        await press(pilot, "escape")
        assert front(app) is ComposeScreen


async def test_where_all_were_texted_lately_the_reason_is_asked_at_once(tmp_path: Path) -> None:
    store = with_texted(tmp_path, BOSTON)
    async with composing(store, marketing(BOSTON)) as (app, pilot, _):
        await press(pilot, "f5")
        assert "Right now, nobody would get this text." in words(app)
        await press(pilot, *"she asked", "enter")
        assert "Reason: she asked" in words(app)
        await press(pilot, "enter")
        assert front(app) is BlastScreen


async def test_sending_again_to_those_it_missed_keeps_what_it_was_for(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    account = store.credits.account()
    draft = Draft(body="No water", to=("+14152000000",), purpose=Purpose.EMERGENCY, why="burst pipe")
    blast = store.messages.send(account.id, draft)
    store.messages.deliver(stop=Event())
    again = store.messages.to_failed(blast.id)
    assert (again.purpose, again.why, again.to) == (Purpose.EMERGENCY, "burst pipe", ("+14152000000",))


# Pictures


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (41, 40)])
def test_marketing_beside_its_cost(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = with_texted(tmp_path, BOSTON)
    store.messages.save_draft(marketing(*ALL))
    assert snap(make_app(store, first="compose"), size)


def test_an_emergency_asks_its_reason_before_it_is_sent(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body="No water today", to=ALL, purpose=Purpose.EMERGENCY)
    assert snap(make_app(make_store(tmp_path), first="compose", draft=draft), (80, 24), ("f5",))


def test_marketing_that_leaves_some_out_offers_to_text_them(snap: Snap, tmp_path: Path) -> None:
    store = with_texted(tmp_path, BOSTON)
    assert snap(make_app(store, first="compose", draft=marketing(*ALL)), (80, 24), ("f5",))
