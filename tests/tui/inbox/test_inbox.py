"""The inbox: reading, answering, deciding, while others write."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store
from store.clock import FixedClock
from store.messages import received
from store.messages.model import Attachment, Status, Template
from store.messages.providers import MediaFact
from store.people.model import ConsentState
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    front,
    make_app,
    make_store,
    move_clock,
    off,
    press,
    settled,
    text,
    toasts,
    where,
    words,
)
from tests.tui.inbox.heard import ANA, LI, NED, PIC, comes_in, make_inbox
from tui.app import TextmeterApp
from tui.contacts.contact import ContactScreen
from tui.inbox.screen import InboxScreen


def inbox(app: TextmeterApp) -> InboxScreen:
    [screen] = [screen for screen in app.screen_stack if isinstance(screen, InboxScreen)]
    return screen


async def type_in(pilot: Pilot[Any], said: str) -> None:
    await pilot.press(*said)
    await settled(pilot)


async def test_conversations_come_the_latest_first_and_the_chosen_one_stands_beside_them(
    tmp_path: Path,
) -> None:
    app = make_app(make_inbox(tmp_path), first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert [thread.phone for thread in inbox(app).threads.items] == [ANA, LI, NED, PIC]
        assert "● Ana Ruiz" in shown
        assert "! (212) 555-0144" in shown
        assert "Still looking for two bedrooms?" in shown
        await press(pilot, "down")
        assert "Thanks, we found one" in words(app).split("│", 2)[2]


async def test_an_answer_shows_its_cost_is_sent_by_enter_and_leaves_nothing_unread(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        left = store.credits.balance(1).available
        await press(pilot, "enter")
        await type_in(pilot, "Friday at 3")
        await press(pilot, "ctrl+j")
        await type_in(pilot, "Yes?")
        assert f"SMS · plain · 1 segment · 1 credit · {left - 1} left after" in words(app)
        assert "Enter Send 1 credit" in words(app)
        await press(pilot, "enter")
        newest = store.conversations.lines(1, ANA)[0][0]
        assert (newest.text, newest.out, newest.status) == ("Friday at 3\nYes?", True, Status.QUEUED)
        assert store.credits.balance(1).available == left - 1
        assert "You: Friday at 3 Yes?" in words(app)
        assert inbox(app).reply.text == ""
        thread = store.conversations.thread(1, ANA)
        assert thread is not None
        assert thread.unread == 0
        assert store.messages.drafts(1) == []
        await press(pilot, "enter")
        assert len(store.messages.blasts(1)) == 2  # an empty one isn't sent


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_who_opens_what_may_be_a_refusal_can_decide_it_there_by_the_key_that_is_named(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down", "enter")
        assert "o opts them out, y dismisses it" in words(app)
        await press(pilot, "enter")
        assert inbox(app).reply.has_focus
        assert "Esc, then o opts them out, y dismisses it." in words(app)
        await press(pilot, "escape", "enter", "o")
        assert "Is this an opt-out?" not in words(app)
    assert store.consent.is_out(NED, 1)


async def test_a_template_goes_into_the_answer_after_a_look_at_its_price(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    store.templates.save(Template("Gate code", "The code is 4711."))
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", *"Sure. ", "ctrl+t", *"gate code")
        assert "1 credit per person (United States)" in words(app)
        await press(pilot, "enter")
        assert inbox(app).reply.text == "Sure. The code is 4711."
        assert "1 credit · 589 left after" in words(app)
        await press(pilot, "ctrl+z")
        assert inbox(app).reply.text == "Sure. "


async def test_who_is_out_gets_no_answer_and_it_says_why_before(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    store.consent.opt_out(ANA, 1)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        await type_in(pilot, "Hello")
        assert "✗ Opted out on May 20, 2026." in words(app)
        assert "Enter Send" in off(app)
        await press(pilot, "enter")
        assert toasts(app) == ["Opted out on May 20, 2026."]
        assert len(store.messages.blasts(1)) == 1
        assert inbox(app).reply.text == "Hello"
        await pilot.pause()


async def test_what_is_typed_is_kept_wherever_one_goes_and_after_the_app_was_left(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        await type_in(pilot, "Half a th")
        await press(pilot, "escape", "down", "enter")
        assert inbox(app).reply.text == ""
        await type_in(pilot, "Other")
        await press(pilot, "escape", "up", "enter")
        assert inbox(app).reply.text == "Half a th"
        await press(pilot, "f2", "shift+f3")
        assert inbox(app).reply.text == "Half a th"
    again = make_app(store, first="inbox")
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert inbox(again).reply.text == "Other"


async def test_new_lines_arrive_without_moving_what_is_typed_or_looked_at(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    for number in range(60):
        comes_in(store, ANA, f"line {number}", NOW - timedelta(minutes=59 - number))
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        await type_in(pilot, "My ans")
        view = inbox(app).view
        assert "line 59" in words(app)
        comes_in(store, ANA, "at the end")
        app.data_changed()
        await settled(pilot)
        assert "at the end" in words(app)
        view.focus()
        await press(pilot, "pageup", "pageup")
        y, before = view.scroll_offset.y, words(app)
        comes_in(store, ANA, "below what is seen")
        app.data_changed()
        await settled(pilot)
        assert view.scroll_offset.y == y
        assert [line[42:115] for line in before.splitlines()[2:30]] == [
            line[42:115] for line in words(app).splitlines()[2:30]
        ]
        assert inbox(app).reply.text == "My ans"


async def test_who_writes_comes_to_the_top_where_one_looks(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    for number in range(30):
        comes_in(store, f"+1415555{1000 + number}", "Hello", NOW - timedelta(minutes=40 + number))
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        comes_in(store, PIC, "A second one")
        app.data_changed()
        await settled(pilot)
        assert inbox(app).threads.items[0].phone == PIC
        assert "A second one" in words(app)
        assert "Yes! Friday?" in words(app).split("│", 2)[2]  # and the cursor is where it was


async def test_older_lines_are_read_as_one_scrolls_up(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    for number in range(120):
        comes_in(store, ANA, f"line {number}", NOW - timedelta(minutes=119 - number))
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "escape")
        view = inbox(app).view
        assert len(view.lines) < 120
        view.focus()
        for _ in range(60):
            await press(pilot, "pageup")
        assert len(view.lines) == 122
        assert [line.at for line in view.lines] == sorted(line.at for line in view.lines)
        assert "Still looking for two bedrooms?" in words(app)


@pytest.mark.parametrize(("key", "state"), [("o", ConsentState.OUT), ("y", None)])
async def test_what_may_be_a_refusal_is_decided_by_one_key(
    tmp_path: Path, key: str, state: ConsentState | None
) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        assert "Dismiss" not in words(app)
        await press(pilot, "down", "down")
        assert "Is this an opt-out?" in words(app)
        assert "o Opt out   y Dismiss" in words(app)
        await press(pilot, key)
        assert store.consent.states([NED], 1).get(NED) is state
        if state is not None:
            said = store.consent.standing(NED, 1)
            assert (said.how, said.why) == ("reply", "please stop texting me")
        assert "! (212)" not in words(app)
        assert len(toasts(app)) == 1
        await pilot.pause()


async def test_who_asked_in_another_way_is_opted_out_by_hand(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "o")
        said = store.consent.standing(ANA, 1)
        assert (said.state, said.how) == (ConsentState.OUT, "noted")
        assert "opted out" in words(app)
        assert "o Opt out" in off(app)


async def test_read_and_unread_contact_and_search(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "u")
        assert "● Ana Ruiz" not in words(app)
        await press(pilot, "u")
        assert "● Ana Ruiz" in words(app)
        await press(pilot, "slash")
        await type_in(pilot, "wei")
        assert [thread.phone for thread in inbox(app).threads.items] == [LI]
        await press(pilot, "enter", "escape")
        assert len(inbox(app).threads.items) == 4
        await press(pilot, "home", "p")
        assert front(app) is ContactScreen
        assert "← May 20, 2026" in words(app)
        assert "Yes! Friday?" in words(app)


async def test_a_narrow_terminal_shows_one_of_them_at_a_time(tmp_path: Path) -> None:
    app = make_app(make_inbox(tmp_path), first="inbox")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Still looking" not in words(app)
        await press(pilot, "enter")
        assert "Still looking" in words(app)
        assert "Li Wei" not in words(app)
        await press(pilot, "escape")
        assert "Li Wei" in words(app)
        await press(pilot, "escape")
        assert where(app) == "Home"


async def test_a_conversation_is_given_to_somebody_of_the_team(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        await type_in(pilot, "Sam")
        await press(pilot, "enter")
        assert "Sam replies" in words(app)
        await press(pilot, "f4")
        assert "nobody in particular" in words(app)
        await press(pilot, "enter")


async def test_who_else_is_answering_is_seen(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    other = Store(
        str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=Person("Zoë", Role.SENDER)
    )
    with other.connection():
        other.conversations.answering(1, ANA)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Zoë is replying too" in words(app)
    other.close()


async def test_a_simulated_picture_is_told_and_cant_be_saved(tmp_path: Path) -> None:
    app = make_app(make_inbox(tmp_path), first="inbox")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "end")
        assert "[picture: JPEG, 214 KB]" in words(app)
        assert "s Save picture" in off(app)
        await press(pilot, "s")
        assert toasts(app) == ["Texts are simulated here, so there is no picture to show."]
        await pilot.pause()


async def test_each_picture_of_a_text_can_be_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = list[tuple[str, str]]()

    def save(picture: Attachment, path: Path, *, overwrite: bool = False) -> int:
        saved.append((picture.url, path.name))
        return picture.size

    monkeypatch.setattr(received, "save", save)
    store = make_inbox(tmp_path)
    two = (
        MediaFact("https://example.org/front.jpg", "image/jpeg", 214_000),
        MediaFact("https://example.org/back.png", "image/png", 90_000),
    )
    comes_in(store, ANA, "Both sides", NOW - timedelta(minutes=1), two)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "s")
        assert "1 of 2 · [picture: JPEG, 214 KB]" in words(app)
        await press(pilot, "down", "enter", "enter")
        await settled(pilot)
        await press(pilot, "s", "enter", "enter")
        await settled(pilot)
    assert saved == [
        ("https://example.org/back.png", "back.png"),
        ("https://example.org/front.jpg", "front.jpg"),
    ]


async def test_from_a_text_to_who_answered_it(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    move_clock(store, NOW)
    other = text(store, "Another", LI)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        from tui.base.navigation import OpenBlast

        app.screen.post_message(OpenBlast(1))
        await settled(pilot)
        assert "4 replied" in words(app)
        await press(pilot, "p")
        assert len(inbox(app).threads.items) == 4
        app.screen.post_message(OpenBlast(other.id))
        await settled(pilot)
        assert "replied" not in words(app)


async def test_from_the_line_that_a_reply_cost_to_its_conversation(tmp_path: Path) -> None:
    app = make_app(make_inbox(tmp_path), first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Reply from Ana Ruiz" in words(app)
        await press(pilot, "enter")
        assert "Conversation" in words(app)
        await press(pilot, "enter")
        assert inbox(app)._phone == ANA
        assert "Yes! Friday?" in words(app)


async def test_a_reply_is_told_while_one_is_elsewhere(tmp_path: Path) -> None:
    store = make_inbox(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        app.data_changed()
        await settled(pilot)
        assert "Inbox (3)" in words(app)
        assert toasts(app) == []
        comes_in(store, LI, "[/] and \x1b[2J?")
        app.data_changed()
        await settled(pilot)
        assert toasts(app) == ["Li Wei: [/] and ␛[2J?"]
        assert "Inbox (4)" in words(app)
        comes_in(store, LI, "one", NOW - timedelta(seconds=2))
        comes_in(store, ANA, "two", NOW - timedelta(seconds=1))
        app.data_changed()
        await settled(pilot)
        assert toasts(app)[-1] == "2 people wrote to you."
        await pilot.pause()


async def test_a_viewer_reads_and_every_change_is_off(tmp_path: Path) -> None:
    make_inbox(tmp_path).close()
    store = Store(
        str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=Person("Vic", Role.VIEWER)
    )
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert {"o Opt out", "u Read", "F4 Assign"} <= off(app)
        await press(pilot, "enter")
        assert "Yes! Friday?" in words(app)
        assert "● Ana Ruiz" in words(app)


HOSTILE = ["[@click=app.quit]x[/] [b", "\x1b[2J\x07\x1b]0;t\x07", "a \u202e b \u2066", "x" * 20_000, "\r\n\t"]


@pytest.mark.parametrize("body", HOSTILE, ids=["markup", "controls", "bidi", "long", "lines"])
async def test_whatever_comes_in_is_drawn_as_it_stands(tmp_path: Path, body: str) -> None:
    store = make_inbox(tmp_path)
    comes_in(store, ANA, body)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        shown = words(app)
        assert not any(ord(letter) < 32 and letter != "\n" for letter in shown)
        assert "\u202e" not in shown
        if "click" in body:
            assert "[@click=app.quit]x[/] [b" in shown


def test_an_empty_inbox(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path), first="inbox"), size=(80, 24))


def test_two_panes_and_an_answer_being_written(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_inbox(tmp_path), first="inbox")
    assert snap(app, keys=("enter", *"Friday at 3 it is."))


def test_a_list_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_inbox(tmp_path), first="inbox"), size=(80, 24))


def test_a_conversation_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_inbox(tmp_path), first="inbox")
    assert snap(app, size=(80, 24), keys=("enter",))


def test_a_decision(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_inbox(tmp_path), first="inbox"), keys=("down", "down"))


def test_a_conversation_on_a_phone(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_inbox(tmp_path), first="inbox")
    assert snap(app, size=(41, 30), keys=("enter", *"See you then"))
