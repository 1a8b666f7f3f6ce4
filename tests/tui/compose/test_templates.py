"""A template put into what is written: found by a few letters, read with its cost, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from store.messages.model import Draft, Purpose, Template
from tests.tui.compose.test_compose import composing, with_people
from tests.tui.conftest import Snap
from tests.tui.emails.writing import make_mail_store, writing
from tests.tui.harness import front, make_app, make_store, off, press, settled, toasts, words
from tui.compose.drafts import DraftsScreen
from tui.compose.editor import Composer
from tui.compose.screen import ComposeScreen
from tui.compose.templates import InsertScreen, found
from tui.emails.body import Body, SubjectEntry
from tui.emails.screen import EmailScreen
from tui.i18n.language import Language
from tui.templates.form import TemplateScreen

GATE = "The gate code is 4711."
SIGNATURE = "Ann, Elm Street Realty"
BUYERS = Draft(groups=("buyers",))


def stocked(folder: Path) -> Store:
    store = with_people(make_store(folder))
    store.templates.save(Template("Gate code", f"Hi {{first_name|there}}. {GATE}", Purpose.NOTICE))
    store.templates.save(Template("Signature", SIGNATURE, Purpose.CONVERSATION, "es"))
    return store


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gate", "Gate code"),
        ("GÁTE c", "Gate code"),
        ("gtcd", "Gate code"),
        ("elm street", "Signature"),
        ("spanish", "Signature"),
        ("conversation ann", "Signature"),
    ],
)
def test_a_template_is_found_by_its_name_nearly_or_by_words_of_it(typed: str, first: str) -> None:
    every = [
        Template("Door", "The gate is open", Purpose.MARKETING),
        Template("Gate code", GATE),
        Template("Signature", SIGNATURE, Purpose.CONVERSATION, "es"),
    ]
    assert found(every, typed, Language("en"))[0].name == first
    assert found(every, " ", Language("en")) == every
    assert found(every, "zzz", Language("en")) == []


async def test_an_empty_text_becomes_what_the_template_says_with_its_cost_before(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    async with composing(store, BUYERS) as (app, pilot, composer):
        await press(pilot, "ctrl+t", *"gate")
        assert front(app) is InsertScreen
        shown = words(app)
        assert "Notice · English" in shown
        assert "SMS · Unicode · 1 segment" in shown
        assert "2 credits" in shown
        assert "598 left after" in shown
        assert "What Zoë O'Hara gets" in shown
        assert f"Hi Zoë. {GATE}" in shown
        assert "Enter Use" in shown
        assert "Replace all" not in shown
        await press(pilot, "enter")
        assert front(app) is ComposeScreen
        assert app.focused is composer
        assert composer.text == f"Hi {{first_name|there}}. {GATE}"
        await press(pilot, "ctrl+z")
        assert composer.text == ""
        await press(pilot, "ctrl+y")
    (draft,) = store.messages.drafts()
    assert (draft.purpose, draft.language) == (Purpose.NOTICE, "en")


async def test_into_a_text_it_goes_where_the_cursor_stands_and_comes_out_again(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    async with composing(store, Draft(body="Hello\n\nBye", groups=("buyers",))) as (app, pilot, composer):
        composer.move_cursor((1, 0))
        await press(pilot, "ctrl+t", *"sign")
        assert "Enter Insert" in words(app)
        beside = [line.partition("│")[2].strip() for line in words(app).splitlines()]
        assert beside[beside.index("Hello") :][:3] == ["Hello", SIGNATURE, "Bye"]
        await press(pilot, "enter")
        assert composer.text == f"Hello\n{SIGNATURE}\nBye"
        assert composer.cursor_location == (1, len(SIGNATURE))
        await press(pilot, "ctrl+z")
        assert composer.text == "Hello\n\nBye"
    (draft,) = store.messages.drafts()
    assert (draft.body, draft.purpose, draft.language) == ("Hello\n\nBye", None, "en")


async def test_what_it_replaces_is_kept_as_a_draft_and_is_undone(tmp_path: Path) -> None:
    store = stocked(tmp_path)
    async with composing(store, Draft(body="Hello", groups=("buyers",))) as (app, pilot, composer):
        await press(pilot, "ctrl+t", *"sign", "tab")
        assert composer.text == SIGNATURE
        assert toasts(app) == ["Your earlier text is kept as a draft. ^O lists your drafts."]
        assert "2 people" in words(app)
        await press(pilot, "ctrl+o")
        assert front(app) is DraftsScreen
        assert "Hello" in words(app)
        await press(pilot, "escape", "ctrl+z")
        assert composer.text == "Hello"
        await press(pilot, "ctrl+y", *"!")
    kept = {draft.body: draft for draft in store.messages.drafts()}
    assert set(kept) == {"Hello", f"{SIGNATURE}!"}
    assert {draft.groups for draft in kept.values()} == {("buyers",)}
    whole = kept[f"{SIGNATURE}!"]
    assert (whole.purpose, whole.language) == (Purpose.CONVERSATION, "es")
    assert (kept["Hello"].purpose, kept["Hello"].language) == (None, "en")


async def test_the_text_is_as_it_was_after_escape(tmp_path: Path) -> None:
    async with composing(stocked(tmp_path), Draft(body="Hello")) as (app, pilot, composer):
        await press(pilot, "ctrl+t", "down", "escape")
        assert front(app) is ComposeScreen
        assert composer.text == "Hello"


async def test_without_people_it_says_what_lacks_and_how_the_template_reads(tmp_path: Path) -> None:
    async with composing(stocked(tmp_path)) as (app, pilot, _):
        await press(pilot, "ctrl+t", *"gate")
        assert "Nobody chosen yet." in words(app)
        assert f"Hi {{first_name|there}}. {GATE}" in words(app)
        await press(pilot, *"zzzz")
        assert "No template matches." in words(app)
        assert "Enter Use" in off(app)
        await press(pilot, "enter", "backspace", "backspace", "backspace", "backspace", "enter")
        assert app.screen.query_one(Composer).text == f"Hi {{first_name|there}}. {GATE}"


async def test_a_blank_is_told_before_it_is_put_in(tmp_path: Path) -> None:
    async with composing(stocked(tmp_path), BUYERS) as (app, pilot, _):
        await press(pilot, "ctrl+t", *"open house")
        assert "~ {address} is a blank: fill it in" in words(app)
        assert "✗" not in words(app)


async def test_a_tap_chooses_and_another_puts_it_in(tmp_path: Path) -> None:
    async with composing(stocked(tmp_path), BUYERS, size=(41, 30)) as (app, pilot, composer):
        await press(pilot, "ctrl+t", *"code")
        await pilot.click("#templates", offset=(4, 0))
        await settled(pilot)
        assert front(app) is ComposeScreen
        assert GATE in composer.text


async def test_an_emails_template_brings_its_subject_where_there_is_none(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    store.templates.save(Template("News", "Two things, {first_name}.", Purpose.MARKETING, subject="May news"))
    async with writing(store, Draft(groups=("Buyers",), account_id=1)) as (app, pilot):
        await press(pilot, "ctrl+t", *"news")
        shown = words(app)
        assert "2 emails" in shown
        assert "May news" in shown
        assert "Two things, Zoë." in shown
        await press(pilot, "enter")
        assert front(app) is EmailScreen
        subject, body = app.screen.query_one(SubjectEntry), app.screen.query_one(Body)
        assert (subject.value, body.text) == ("May news", "Two things, {first_name}.")
        subject.value = "Mine"
        await press(pilot, "ctrl+t", *"news", "enter")
        assert subject.value == "Mine"
        await press(pilot, "ctrl+t", *"news", "tab")
        assert (subject.value, body.text) == ("May news", "Two things, {first_name}.")
    assert {draft.subject for draft in store.messages.drafts()} == {"Mine", "May news"}


@pytest.mark.parametrize("sends", ["texts", "emails"])
async def test_what_is_being_written_becomes_a_template(tmp_path: Path, sends: str) -> None:
    draft = Draft(body="Hi {first_name|there}", subject="Hello" if sends == "emails" else "", account_id=1)
    store = make_store(tmp_path) if sends == "texts" else make_mail_store(tmp_path)
    store.messages.save_draft(draft)
    app = make_app(store, first="compose" if sends == "texts" else "email")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "shift+f10")
        assert front(app) is TemplateScreen
        await press(pilot, *"Greeting", "ctrl+s")
        assert app.screen.query_one(Composer).text == draft.body
    saved = store.templates.named("greeting", "en")
    assert (saved.text, saved.subject, saved.language) == (draft.body, draft.subject, "en")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_templates_to_put_in(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(stocked(tmp_path), first="compose", draft=Draft(body="Hello. ", groups=("buyers",)))
    assert snap(app, size=size, keys=("ctrl+t", *"ga"))
