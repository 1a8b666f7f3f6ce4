"""Compose in use: writing, choosing people, mending characters, keeping drafts, sending."""

from __future__ import annotations

import asyncio
import threading
import unicodedata
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Input

from store import Store
from store.messages.model import Draft, MessageKind
from tests.tui.harness import TIMEZONE, front, make_app, make_store, off, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.base.navigation import WriteText
from tui.blasts.screen import BlastScreen
from tui.compose import autosave
from tui.compose.editor import Composer
from tui.compose.entry import Entry
from tui.compose.fix import FixScreen
from tui.compose.preview import Preview
from tui.compose.screen import ComposeScreen
from tui.compose.send import SendScreen

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
FLAG = "\U0001f1fa\U0001f1f8"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@asynccontextmanager
async def composing(
    store: Store, draft: Draft | None = None, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[tuple[TextmeterApp, Pilot[None], Composer]]:
    """The app on Compose with a draft."""
    app = make_app(store, first="compose", draft=draft, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await ready(pilot)
        yield app, pilot, app.screen.query_one(Composer)
        await pilot.pause()


async def ready(pilot: Pilot[Any]) -> None:
    """Waits until Compose has read its draft."""
    for _ in range(100):
        await settled(pilot)
        if pilot.app.screen.query_one(Preview).drawn:
            return
    raise AssertionError("Compose shows no cost")


def with_people(store: Store) -> Store:
    for first, last, phone, groups in (
        ("Zoë", "O'Hara", "+14155550123", ("buyers",)),
        ("José", "Núñez", "+14155550124", ("buyers",)),
        ("Ann", "Lee", "+447911123456", ()),
    ):
        store.people.add(first_name=first, last_name=last, phone=phone, groups=groups, region="US")
    return store


def said(app: TextmeterApp) -> str:
    """What the preview says, in one line."""
    return " ".join(" ".join(line.plain for line in app.screen.query_one(Preview).drawn).split())


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


# Writing


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, "e\u0323\u0301", "\N{THUMBS UP SIGN}\U0001f3fd", "👩🏽‍🚀"])
def test_backspace_takes_a_whole_character_as_people_count(tmp_path: Path, cluster: str) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body=f"a{cluster}")) as (_, pilot, composer):
            await press(pilot, "backspace")
            assert composer.text == "a"
            await press(pilot, "ctrl+z")
            assert composer.text == unicodedata.normalize("NFC", f"a{cluster}")

    run(story())


def test_the_cursor_steps_over_whole_characters(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body=f"a{FAMILY}b")) as (_, pilot, composer):
            await press(pilot, "left")
            assert composer.cursor_location == (0, 6)
            await press(pilot, "left")
            assert composer.cursor_location == (0, 1)
            await press(pilot, "shift+right")
            assert composer.selected_text == FAMILY
            await press(pilot, "delete")
            assert composer.text == "ab"

    run(story())


async def test_ctrl_home_and_ctrl_end_go_to_the_ends_of_the_text(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), Draft(body="one\ntwo")) as (_app, pilot, composer):
        await press(pilot, "ctrl+home")
        assert composer.cursor_location == (0, 0)
        await press(pilot, "ctrl+end")
        assert composer.cursor_location == (1, 3)


def test_delete_word_never_leaves_half_a_character(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="one de\u0323\u0301")) as (_, pilot, composer):
            await press(pilot, "ctrl+w")
            assert composer.text in ("one ", "one d")

    run(story())


def test_a_click_within_a_wide_character_lands_before_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body=f"{FAMILY}b")) as (_, pilot, composer):
            await pilot.click(composer, offset=(3, 0))
            assert composer.cursor_location[1] in (0, len(FAMILY))

    run(story())


def test_a_megabyte_that_is_pasted_leaves_the_text_as_it_was(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="Hello")) as (app, pilot, composer):
            app.post_message(events.Paste("x" * 1_048_576))
            await settled(pilot)
            assert composer.text == "Hello"
            assert any(
                "That would make 1,048,581 characters; the limit is 20,000" in toast for toast in toasts(app)
            )

    run(story())


def test_a_long_text_says_before_it_is_sent_that_it_goes_as_several_messages(tmp_path: Path) -> None:
    async def story() -> None:
        draft = Draft(to=("+14155550123",))
        async with composing(make_store(tmp_path), draft) as (app, pilot, _composer):
            app.post_message(events.Paste("x" * 1_595 + " and a second message"))
            await settled(pilot)
            assert "SMS · plain · 2 messages · 12 segments" in said(app)
            assert "A message holds up to 1,600 characters, so this goes out as 2" in said(app)
            await press(pilot, "f5")
            assert isinstance(app.screen, SendScreen)
            shown = " ".join(words(app).split())
            assert "12 credits" in shown
            assert "so this goes out as 2 messages, each with its own price." in shown

    run(story())


def test_nothing_that_is_pasted_commands_the_terminal(tmp_path: Path) -> None:
    hostile = "a\x1b[31mred\x07\x9b2J\u202egnp.exe\u2066x\tend"

    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(to=("+14155550123",))) as (app, pilot, composer):
            app.post_message(events.Paste(hostile))
            await settled(pilot)
            assert composer.text == hostile
            shown = words(app).replace("\n", "")
            assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") or c in "\u202e\u2066"]
            assert "␛[31mred" in shown
            await press(pilot, "home", "right", "right", "backspace")
            assert composer.text == hostile.replace("\x1b", "", 1)

    run(story())


def test_markup_in_a_text_is_only_text(tmp_path: Path) -> None:
    async def story() -> None:
        body = "[/] [@click=app.quit]press[/] {first_name} [b"
        async with composing(make_store(tmp_path), Draft(body=body, to=("+14155550123",))) as (
            app,
            _,
            _composer,
        ):
            assert words(app).count("[@click=app.quit]press[/]") == 2

    run(story())


# People


def test_a_name_is_completed_and_taken_with_enter(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(with_people(make_store(tmp_path)), Draft(body="Hi")) as (app, pilot, _composer):
            app.screen.query_one(Entry).focus()
            await press(pilot, "z", "o", "e", "enter")
            assert "Zoë O'Hara" in words(app)
            assert "1 person" in words(app)
            await press(pilot, "#", "b", "u", "enter")
            assert "#buyers (2)" in words(app)
            assert "2 people" in words(app)
            await press(pilot, "backspace", "backspace")
            assert "person" not in words(app)

    run(story())


def test_many_numbers_can_be_pasted_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="Hi")) as (app, pilot, _composer):
            entry = app.screen.query_one(Entry)
            entry.focus()
            app.post_message(events.Paste("+1 415 555 0123, (415) 555-0124\n+447911123456;12345"))
            await settled(pilot)
            assert "3 people, 1 left out" in words(app)
            await press(pilot, "f4")
            assert "12345" in words(app)
            assert "+44 7911 123456" in words(app)

    run(story())


def test_keys_that_come_faster_than_answers_take_what_was_typed(tmp_path: Path) -> None:
    async def story() -> None:
        store = with_people(make_store(tmp_path))
        async with composing(store, Draft(body="Hi")) as (app, pilot, _composer):
            entry = app.screen.query_one(Entry)
            entry.focus()
            for character in "4155550130,+447911123457,":
                app.post_message(events.Key(character, character))  # none waits for the one before
            await settled(pilot)
            assert "(415) 555-0130 · +44 7911 123457" in words(app)
            await press(pilot, "z")  # the list has Zoë
            entry.value = "jos"
            await entry.action_submit()
            await settled(pilot)
            assert "José Núñez" in words(app)
            assert "Zoë" not in words(app)

    run(story())


def test_a_name_that_nobody_has_stays_and_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path)) as (app, pilot, _composer):
            entry = app.screen.query_one(Entry)
            entry.focus()
            await press(pilot, "q", "x", "enter")
            assert entry.value == "qx"
            assert any("“qx” matches nobody." in toast for toast in toasts(app))

    run(story())


async def test_with_short_lines_too_the_text_is_seen_as_each_person_gets_it(tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    store.messages.save_draft(Draft(body="Hi {first_name}!\nReply YES", groups=("buyers",)))
    app = make_app(store, first="compose")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        first = words(app)
        await press(pilot, "f8")
        second = words(app)
        for name, greeting in (("Zoë O'Hara", "Hi Zoë!"), ("José Núñez", "Hi José!")):
            assert {f"What {name} gets" in shown and greeting in shown for shown in (first, second)} == {
                True,
                False,
            }


def test_the_text_is_seen_as_each_person_gets_it(tmp_path: Path) -> None:
    async def story() -> None:
        store = with_people(make_store(tmp_path))
        draft = Draft(body="Hi {first_name}!", groups=("buyers",))
        async with composing(store, draft) as (app, pilot, composer):
            first = words(app)
            await press(pilot, "f8")
            second = words(app)
            assert ("Hi Zoë!" in first) != ("Hi Zoë!" in second)
            assert ("Hi José!" in first) != ("Hi José!" in second)
            assert composer.text == "Hi {first_name}!"

    run(story())


@pytest.mark.parametrize("size", [(41, 40), (60, 20), (80, 24), (120, 36), (160, 50)])
async def test_the_text_as_it_is_received_is_seen_at_every_size_with_a_field_or_without(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    store = with_people(make_store(tmp_path))
    draft = Draft(body="The house — {nobody}", to=("+14155550123", "+14155550124"))
    async with composing(store, draft, size=size) as (app, _pilot, _composer):
        assert "What Zoë O'Hara gets" in words(app)
        assert said(app).endswith("The house — {nobody}") or "gets: The house —" in said(app)


async def test_whose_names_make_their_texts_unicode_is_said(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for number, name in enumerate(("Ann", "李", "Bo", "Żaneta", "李")):
        store.people.add(first_name=name, phone=f"+1415555010{number}", groups=("all",), region="US")
    async with composing(store, Draft(body="Hi {first_name}", groups=("all",))) as (app, _, _composer):
        assert "Because of “李” and “Żaneta”, 3 people's texts are Unicode" in said(app)
        assert "F6" not in said(app)


async def test_what_it_takes_once_it_is_plain_is_that_of_all_the_people(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    for number, name in enumerate(("Jo", "Maximilian")):
        store.people.add(first_name=name, phone=f"+1415555010{number}", groups=("all",), region="US")
    draft = Draft(body="{first_name} " + "x" * 153 + "☀", groups=("all",))
    async with composing(store, draft) as (app, _, _composer):
        assert "F6 makes it plain: 1 to 2 segments" in said(app)


async def test_every_countrys_rate_can_be_seen_where_there_is_room_for_some(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    store.credits.open_account("community-texts", "200", TIMEZONE)
    numbers = (
        "+12125550101",
        "+33612345678",
        "+4915112345678",
        "+81312345678",
        "+61412345678",
        "+27821234567",
    )
    async with composing(store, Draft(body="Hi", to=numbers), size=(80, 20)) as (app, pilot, _):
        assert "+ 4 more countries  Shift+F4" in words(app)
        await press(pilot, "shift+f4")
        shown = words(app)
        for country in ("United States", "France", "Germany", "Japan", "Australia", "South Africa"):
            assert country in shown
        await press(pilot, "escape")
        assert front(app) is ComposeScreen


async def test_allotted_and_bought_credits_stand_apart_at_the_top(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    account = store.credits.open_account("community-texts", "200", TIMEZONE)
    store.credits.place(account.id, store.credits.quote_purchase(account.id, 100), key="bought")
    async with composing(store, Draft(body="Hi"), size=(80, 24)) as (app, *_):
        assert "500 credits left (400 allotted, 100 purchased)" in words(app).splitlines()[0]


async def test_the_cost_follows_the_window(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), Draft(body="Hi", to=("+14155550123",)), size=(80, 24)) as (
        app,
        pilot,
        _,
    ):
        preview = app.screen.query_one(Preview)
        high = preview.size.height
        await pilot.resize_terminal(80, 18)
        await settled(pilot)
        assert preview.size.height < high
        await pilot.resize_terminal(120, 36)
        await settled(pilot)
        assert preview.region.y == app.screen.query_one(Composer).region.y
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert preview.size.height == high


async def test_a_short_text_leaves_its_room_to_the_cost_and_a_long_one_takes_it_back(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), Draft(body="Hi", to=("+14155550123",)), size=(80, 24)) as (
        app,
        pilot,
        composer,
    ):
        assert "What it costs" in words(app)
        high = app.screen.query_one(Preview).size.height
        top = composer.region.y
        await press(pilot, *["enter"] * 12)
        assert app.screen.query_one(Preview).size.height == Preview.LINES < high
        assert composer.size.height >= 12
        assert composer.region.y == top
        assert "1 credit · 599 left after" in words(app)


# What makes it dear


def test_characters_are_shown_as_a_difference_before_they_are_replaced(tmp_path: Path) -> None:
    async def story() -> None:
        draft = Draft(body="Elm St — Sunday ☀", to=("+14155550123",))
        async with composing(make_store(tmp_path), draft) as (app, pilot, composer):
            await press(pilot, "f6")
            assert isinstance(app.screen, FixScreen)
            assert "— becomes -" in words(app)
            assert "☀ is removed" in words(app)
            await press(pilot, "enter")
            assert composer.text == "Elm St - Sunday"
            assert "SMS · plain · 1 segment" in words(app)
            await press(pilot, "ctrl+z")
            assert composer.text == "Elm St — Sunday ☀"

    run(story())


def test_segments_before_and_after_are_those_of_the_text_as_it_is_read(tmp_path: Path) -> None:
    async def story() -> None:
        store = make_store(tmp_path)
        store.people.add(first_name="Jo", phone="+14155550188", region="US")
        # The field's 12 characters and 60 others are more than a segment's 70; a name and 60 aren't.
        draft = Draft(body="{first_name}" + "x" * 59 + "☀", to=("+14155550188",))
        async with composing(store, draft) as (app, pilot, _composer):
            assert "SMS · Unicode · 1 segment" in words(app)
            assert "F6 makes it plain: 1 segment" in said(app)
            await press(pilot, "f6")
            assert "Unicode, 1 segment → plain, 1 segment" in words(app)

    run(story())


async def test_what_a_name_brings_along_stays_when_the_text_itself_is_plain(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="李", phone="+14155550188", region="US")
    draft = Draft(body="Hi {first_name} ☀", to=("+14155550188",))
    async with composing(store, draft) as (app, _pilot, _composer):
        assert "makes it plain" not in words(app)


def test_one_replacement_can_be_left(tmp_path: Path) -> None:
    async def story() -> None:
        draft = Draft(body="Elm St — Sunday ☀", to=("+14155550123",))
        async with composing(make_store(tmp_path), draft) as (_app, pilot, composer):
            await press(pilot, "f6", "space", "enter")
            assert composer.text == "Elm St — Sunday"

    run(story())


def test_a_plain_text_has_nothing_to_fix(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="Plain [as] can be")) as (
            app,
            pilot,
            _composer,
        ):
            await press(pilot, "f6")
            assert isinstance(app.screen, ComposeScreen)
            assert any("There's nothing to fix" in toast for toast in toasts(app))

    run(story())


def test_a_picture_makes_it_an_mms_and_can_be_taken_off(tmp_path: Path) -> None:
    picture = tmp_path / "[house].png"
    picture.write_bytes(PNG)
    (tmp_path / "notes.png").write_text("no picture")

    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="Look", to=("+14155550123",))) as (
            app,
            pilot,
            _composer,
        ):
            await press(pilot, "f7")
            field = app.screen.query_one("#picture-path")
            assert hasattr(field, "value")
            field.value = str(tmp_path / "notes.png")
            await press(pilot, "enter")
            assert "can't be sent as a picture" in " ".join(words(app).split())
            field.value = str(tmp_path / "[hou")
            await press(pilot, "enter")
            assert "MMS · 1 picture" in words(app)
            assert "[house].png" in words(app)
            await press(pilot, "f7", "f7", "escape")
            assert "SMS · plain · 1 segment" in words(app)

    run(story())


async def test_folders_are_looked_at_off_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pictures" / "house").mkdir(parents=True)
    (tmp_path / "pictures" / "tree.png").write_bytes(PNG)
    on_the_loop: list[str] = []

    def watched(name: str) -> None:
        original = getattr(Path, name)

        def look(path: Path, *arguments: Any, **named: Any) -> Any:
            if threading.current_thread() is threading.main_thread() and "pictures" in str(path):
                on_the_loop.append(f"{name} {path}")
            return original(path, *arguments, **named)

        monkeypatch.setattr(Path, name, look)

    async with composing(make_store(tmp_path), Draft(body="Look", to=("+14155550123",))) as (app, pilot, _):
        await press(pilot, "f7")
        for name in ("is_dir", "is_file", "iterdir", "stat"):
            watched(name)
        field = app.screen.query_one(Input)
        field.value = f"{tmp_path}/pictures/"
        await settled(pilot)
        assert "house/" in words(app)
        await press(pilot, "enter")
        assert field.value.endswith("/pictures/house/")
        field.value = f"{tmp_path}/pictures/tree"
        await press(pilot, "tab", "enter")
        assert isinstance(app.screen, ComposeScreen)
        assert "tree.png" in words(app)
    assert on_the_loop == []


# Keeping


def test_what_was_typed_is_there_after_the_next_start(tmp_path: Path) -> None:
    async def story() -> None:
        store = with_people(make_store(tmp_path))
        async with composing(store, Draft(groups=("buyers",))) as (_, pilot, _composer):
            await press(pilot, *"Hi you")
        async with composing(store) as (app, _pilot, composer):
            assert composer.text == "Hi you"
            assert "#buyers (2)" in words(app)
            assert composer.cursor_location == (0, 6)

    run(story())


def test_a_draft_is_kept_as_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave, "KEEP_AFTER", 0.001)

    async def story() -> None:
        store = make_store(tmp_path)
        async with composing(store) as (app, pilot, _composer):
            await press(pilot, "H", "i")
            assert "Draft 1, saved as you type" in words(app)
            assert [draft.body for draft in store.messages.drafts()] == ["Hi"]
            await press(pilot, "backspace", "backspace")
            assert store.messages.drafts() == []

    run(story())


def test_a_database_that_is_locked_is_said_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.errors import DatabaseTrouble
    from store.sentences import sentence

    async def story() -> None:
        store = make_store(tmp_path)
        async with composing(store) as (app, pilot, composer):

            def locked(draft: Draft) -> Draft:
                raise DatabaseTrouble(sentence("The database is locked."))

            monkeypatch.setattr(store.messages, "save_draft", locked)
            await press(pilot, "H", "i")
            app.screen.post_message(events.AppBlur())
            await settled(pilot)
            assert "Not saved: The database is locked." in words(app)
            assert composer.text == "Hi"
            monkeypatch.undo()
        assert [draft.body for draft in store.messages.drafts()] == ["Hi"]

    run(story())


def test_a_draft_that_could_not_be_kept_is_not_lost_when_another_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.errors import DatabaseTrouble
    from store.sentences import sentence

    async def story() -> None:
        store = make_store(tmp_path)
        async with composing(store) as (app, pilot, _):

            def locked(draft: Draft) -> Draft:
                raise DatabaseTrouble(sentence("The database is locked."))

            monkeypatch.setattr(store.messages, "save_draft", locked)
            await press(pilot, "H", "i", "ctrl+n")
            assert "Not saved: The database is locked." in words(app)
            monkeypatch.undo()
        assert [draft.body for draft in store.messages.drafts()] == ["Hi"]

    run(story())


def test_a_new_draft_keeps_the_former_which_can_be_opened_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="First")) as (app, pilot, composer):
            await press(pilot, "ctrl+n")
            assert composer.text == ""
            await press(pilot, *"Next", "ctrl+o")
            assert "First" in words(app)
            assert "Next" in words(app)
            await press(pilot, "down", "enter")
            assert app.screen.query_one(Composer).text == "First"

    run(story())


async def test_drafts_are_listed_by_who_gets_them_and_what_they_say(tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    store.messages.save_draft(Draft(body="Hi {first_name}", contacts=(1, 2), groups=("buyers",)))
    store.messages.save_draft(Draft(body="To nobody"))
    async with composing(store, Draft(to=("+14155550123",), media=("/house.png",))) as (app, pilot, _):
        await press(pilot, "ctrl+o")
        lines = [" ".join(line.split()) for line in words(app).splitlines()]
        assert any("(415) 555-0123 no text yet" in line for line in lines)
        assert any("nobody yet To nobody" in line for line in lines)
        assert any("Zoë O'Hara +2 more Hi …" in line for line in lines)


async def test_a_text_that_was_only_begun_elsewhere_is_no_draft(tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    async with composing(store, Draft(contacts=(1,))) as (_app, pilot, composer):
        await press(pilot, "ctrl+o", "escape")
        assert store.messages.drafts() == []
        await press(pilot, "H")
        assert composer.text == "H"
    assert [draft.body for draft in store.messages.drafts()] == ["H"]


async def test_the_drafts_list_what_was_typed_a_moment_ago(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, _):
        monkeypatch.setattr(autosave.Autosave, "now", lambda _: None)  # as if its thread came last
        await press(pilot, *"Next", "ctrl+o")
        assert "Next" in words(app)


def test_what_another_screen_asks_to_write_does_not_replace_what_was_written(tmp_path: Path) -> None:
    async def story() -> None:
        store = make_store(tmp_path)
        async with composing(store, Draft(body="Mine")) as (app, pilot, composer):
            await press(pilot, "escape")
            app.screen.post_message(WriteText(Draft(to=("+14155550123",), body="Another")))
            await settled(pilot)
            assert composer.text == "Another"
        assert sorted(draft.body for draft in store.messages.drafts()) == ["Another", "Mine"]

    run(story())


@pytest.mark.parametrize("above", [(), ("f5",), ("f7",), ("f4",), ("ctrl+o",)], ids=str)
async def test_a_text_that_is_asked_for_while_one_is_written_is_taken_up_and_the_former_kept(
    tmp_path: Path, above: tuple[str, ...]
) -> None:
    store = with_people(make_store(tmp_path))
    async with composing(store, Draft(body="Mine", to=("+14155550123",))) as (app, pilot, composer):
        await press(pilot, "!", *above)
        app.screen.post_message(WriteText(Draft(contacts=(2,), body="Another")))
        await settled(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert composer.text == "Another"
        assert "José Núñez" in words(app)
        assert "(415) 555-0123" not in words(app)
        await press(pilot, "?")
        assert composer.text == "Another?"
    assert sorted(draft.body for draft in store.messages.drafts()) == ["Another?", "Mine!"]


async def test_of_two_texts_that_are_asked_for_the_latter_is_taken_up(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    async with composing(store) as (app, pilot, composer):
        for body in ("One", "Two"):
            app.screen.post_message(WriteText(Draft(body=body)))
        await settled(pilot)
        assert composer.text == "Two"


def test_another_language_or_look_changes_nothing_that_was_written(tmp_path: Path) -> None:
    async def story() -> None:
        draft = Draft(body="Hello", to=("+14155550123",))
        async with composing(make_store(tmp_path), draft) as (app, pilot, _composer):
            app.choose_language("es")
            app.choose_theme("day")
            await settled(pilot)
            assert app.screen.query_one(Composer).text == "Hello"
            assert "(415) 555-0123" in words(app)
            assert "SMS" in words(app)

    run(story())


# Sending


def test_before_a_text_to_one_person_is_sent_that_person_is_named(tmp_path: Path) -> None:
    async def story() -> None:
        store = make_store(tmp_path)
        zoe = store.people.add(first_name="Zoë", last_name="[b]O'Hara", phone="+14155550123", region="US")
        async with composing(store, Draft(body="Hello", contacts=(zoe.id,))) as (app, pilot, _composer):
            await press(pilot, "f5")
            assert "Send this text to Zoë [b]O'Hara?" in words(app)

    run(story())


def test_a_text_is_sent_after_one_more_look(tmp_path: Path) -> None:
    async def story() -> None:
        store = make_store(tmp_path)
        account = store.credits.account()
        before = store.credits.balance(account.id).available
        draft = Draft(body="Open house on Sunday", to=("+14155550123", "+14155550124"))
        async with composing(store, draft) as (app, pilot, _composer):
            await press(pilot, "f5")
            assert isinstance(app.screen, SendScreen)
            assert "Send this text to 2 people?" in words(app)
            assert store.messages.blasts(account.id) == []
            await press(pilot, "enter")
            assert isinstance(app.screen, BlastScreen)
            (blast,) = store.messages.blasts(account.id)
            assert (blast.body, blast.recipients, blast.credits) == ("Open house on Sunday", 2, 2)
            assert store.credits.balance(account.id).available == before - 2
            assert app.balance is not None
            assert app.balance.available == before - 2
            app.pop_screen()
            await settled(pilot)
            assert app.screen.query_one(Composer).text == ""
        assert store.messages.drafts() == []

    run(story())


def test_escape_sends_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        store = make_store(tmp_path)
        async with composing(store, Draft(body="Hello", to=("+14155550123",))) as (app, pilot, composer):
            await press(pilot, "f5", "escape")
            assert isinstance(app.screen, ComposeScreen)
            assert composer.text == "Hello"
            assert store.messages.blasts(store.credits.account().id) == []

    run(story())


def test_two_enters_send_once(tmp_path: Path) -> None:
    async def story() -> None:
        store = make_store(tmp_path)
        async with composing(store, Draft(body="Hello", to=("+14155550123",))) as (app, pilot, _composer):
            await press(pilot, "f5")
            send = app.screen
            assert isinstance(send, SendScreen)
            send.action_act("send.send")
            send.action_act("send.send")
            await settled(pilot)
            assert len(store.messages.blasts(store.credits.account().id)) == 1

    run(story())


async def test_too_few_credits_say_how_many_are_missing_and_lead_to_larger_plans_and_back(
    tmp_path: Path,
) -> None:
    people = tuple(f"+1415555{number:04}" for number in range(100, 800))
    async with composing(make_store(tmp_path), Draft(body="Hello", to=people)) as (app, pilot, _):
        assert "This needs 700 credits, with 600 left: 100 too few. Change to a larger plan" in said(app)
        assert "F5 Larger plans" in words(app)
        await press(pilot, "f5")
        assert app.current_mode == "plans"
        assert "Your text needs 700 credits and you have 600. Esc goes back to it." in words(app)
        assert "✓ Covers your text" in words(app)
        assert "Fits you best" not in words(app)
        under = " ".join(words(app).split())  # of the plan under the cursor
        assert "It gives you enough for your text right away." in under
        await press(pilot, "escape")
        assert app.screen.query_one(Composer).text == "Hello"
        assert "700 people" in words(app)
        await press(pilot, "escape", "f12")
        assert "Covers your text" not in words(app)
        await press(pilot, "escape")
        assert app.current_mode == "home"


async def test_after_an_upgrade_the_estimate_is_counted_anew(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    account = store.credits.account()
    people = tuple(f"+1415555{number:04}" for number in range(100, 800))
    async with composing(store, Draft(body="Hello", to=people)) as (app, pilot, _):
        await press(pilot, "f5")
        with store.connection():
            store.credits.place(account.id, store.credits.quote_plan(account.id, "1000"), key="up")
        app.refresh_balance()
        await press(pilot, "f3")
        assert "F5 Send 700 credits" in words(app)
        assert "Left after 600" in said(app)


async def test_a_threshold_that_was_told_is_not_announced_again(tmp_path: Path) -> None:
    """Rule 26: 80 % were told, then some credits came back."""
    store = make_store(tmp_path)  # 600
    account = store.credits.account()
    hold = store.credits.hold(account.id, 480, cause="blast", reference="0")
    store.credits.settle(hold, 475)
    store.credits.release(hold, 5)
    draft = Draft(body="Hello", to=tuple(f"+1415555{number:04}" for number in range(100, 105)))
    async with composing(store, draft) as (app, *_):
        assert "Left after 120" in said(app)
        assert "are used" not in said(app)


def test_an_mms_costs_one_unit_a_person(tmp_path: Path) -> None:
    picture = tmp_path / "house.png"
    picture.write_bytes(PNG)

    async def story() -> None:
        store = make_store(tmp_path)
        draft = Draft(body="Look ☀", to=("+14155550123",), media=(str(picture),))
        async with composing(store, draft) as (_app, pilot, _composer):
            await press(pilot, "f5", "enter")
            (blast,) = store.messages.blasts(store.credits.account().id)
            assert blast.kind is MessageKind.MMS
            assert blast.credits == 3

    run(story())


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
def test_the_cost_is_in_sight_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async def story() -> None:
        async with composing(make_store(tmp_path), Draft(body="Hello", to=("+14155550123",)), size=size) as (
            app,
            *_,
        ):
            assert app.size == Size(*size)
            shown = words(app)
            assert "SMS · plain · 1 segment" in shown
            assert "155 characters left" in shown
            assert "599" in shown

    run(story())


async def test_a_comma_takes_the_number_before_it(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, _):
        await press(pilot, "shift+tab", *"4155550123", ",", *"4155550124", ";")
        assert "2 people" in words(app)
        assert app.screen.query_one(Entry).value == ""


async def test_nothing_is_sent_while_somebody_is_only_half_chosen(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), Draft(body="Hi", to=("+14155550123",))) as (app, pilot, _):
        assert "F5 Send 1 credit" not in off(app)
        await press(pilot, "shift+tab", *"415555")
        assert "F5 Send 1 credit" in off(app)
        await press(pilot, "f5")
        assert front(app) is ComposeScreen
        assert toasts(app)[-1] == "You typed “415555” in To and picked nobody. Pick someone or clear it."
        await press(pilot, *["backspace"] * 6)
        assert "F5 Send 1 credit" not in off(app)
        await press(pilot, "f5")
        assert front(app) is SendScreen


async def test_a_toast_leaves_the_cost_in_sight(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.messages.save_draft(Draft(body="Hi", to=("+14155550123",)))
    app = make_app(store, first="compose")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "f8")
        shown = words(app)
        assert "Everyone gets the same text." in shown
        assert "158 characters left" in shown
        assert "Left after 599" in " ".join(shown.split())
        await pilot.pause()


async def test_of_much_that_nobody_is_chosen_by_only_the_beginning_is_quoted(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), Draft(body="Hi")) as (app, pilot, _):
        await press(pilot, "shift+tab")
        app.screen.query_one("#to-entry", Input).value = "x" * 500
        await press(pilot, "f5")
        assert "x" * 40 in toasts(app)[-1]
        assert "x" * 70 not in toasts(app)[-1]


async def test_what_lacked_credits_can_be_sent_once_they_are_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.errors import NotEnoughCredits
    from store.sentences import sentence

    def too_few(*arguments: object, **named: object) -> int:
        raise NotEnoughCredits(sentence("Too few credits."), needed=1, available=0)

    store = make_store(tmp_path)
    async with composing(store, Draft(body="Hi", to=("+14155550123",))) as (app, pilot, _):
        await press(pilot, "f5")
        monkeypatch.setattr(store.credits, "hold", too_few)
        await press(pilot, "enter")
        assert "Too few credits." in words(app)
        monkeypatch.undo()
        await press(pilot, "enter")
        assert [blast.body for blast in store.messages.blasts(store.credits.account().id)] == ["Hi"]


async def test_who_is_left_out_is_told_why_in_full(tmp_path: Path) -> None:
    draft = Draft(body="Hi", to=("+14155550123", "12345"))
    async with composing(make_store(tmp_path), draft, size=(60, 20)) as (app, pilot, _):
        await press(pilot, "f4")
        assert "12345 is a short or emergency number; you can't text" in words(app)
        assert not toasts(app)  # nothing covers the lines
        await press(pilot, "down")
        assert "you can't text" not in words(app)


async def test_keys_before_the_database_is_open_do_no_harm() -> None:
    app = make_app(None, first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+n", "f4", "f5", "f6", "f7", "f8", "ctrl+o")
        assert app.is_running


async def test_a_draft_is_taken_up_though_help_was_asked_for_before_the_database_was_open(
    tmp_path: Path,
) -> None:
    store = make_store(tmp_path)
    store.messages.save_draft(Draft(body="To be gone on with"))
    may_open = threading.Event()

    def opened() -> Store:
        may_open.wait()
        return store

    app = make_app(opened, first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f1")
        may_open.set()
        await settled(pilot)
        await press(pilot, "escape")
        assert "To be gone on with" in words(app)
