"""A blast on its screen: its progress, its messages, and what can still be done about it."""

from __future__ import annotations

import csv
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pypdf import PdfReader

from store import Store
from store.clock import FixedClock
from store.messages.model import BlastSummary, Status
from store.roles import Person, Role
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    StillApp,
    front,
    make_app,
    make_store,
    numbers,
    off,
    offered,
    press,
    settled,
    text,
    toasts,
    words,
)
from tui.app import TextmeterApp
from tui.base.navigation import BlastProgressed
from tui.blasts.save import ProofScreen
from tui.blasts.screen import BlastScreen
from tui.compose.screen import ComposeScreen
from tui.contacts.contact import ContactScreen
from tui.widgets.path_field import PathField


def waiting(folder: Path) -> tuple[Store, BlastSummary]:
    store = make_store(folder)
    return store, text(store, "Open house on Sunday", *numbers(50), sent=False)


def unclear(folder: Path) -> tuple[Store, BlastSummary]:
    """One whose answer was lost, one refused, the others delivered."""
    store = make_store(folder)
    to = ["+14155550002", "+14155550000", *numbers(40)]
    return store, text(store, "Hello [/] \x1b[2J\nSecond line", *to)


async def opened(app: TextmeterApp, pilot: object, blast: BlastSummary) -> None:
    await settled(pilot)  # type: ignore[arg-type]
    app.push_screen(BlastScreen(blast.id))
    await settled(pilot)  # type: ignore[arg-type]


async def test_it_tells_what_became_of_its_messages_in_words(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        shown = words(app)
        assert "42 of 42 done" in shown
        assert "40 delivered" in shown
        assert "1 failed" in shown
        assert "1 unknown" in shown
        assert "This number doesn't exist" in shown


async def test_its_body_is_drawn_as_it_stands(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, blast)
        assert "Hello [/] ␛[2J" in words(app)
        assert "Second line" in words(app)


async def test_enter_opens_the_person_under_the_cursor(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Ana", last_name="Ruiz", phone="+14155550101", region="US")
    blast = text(store, "Open house on Sunday", *numbers(2))
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "enter")
        assert "They aren't in your address book." in toasts(app)
        await press(pilot, "down", "enter")
        assert front(app) is ContactScreen
        assert "Ana Ruiz" in words(app)


async def test_wide_screens_have_the_people_beside_the_text(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(160, 36)) as pilot:
        await opened(app, pilot, blast)
        people, beside = app.screen.query_one("#messages"), app.screen.query_one("#detail")
        assert people.region.right <= beside.region.x
        assert people.region.y <= beside.region.y < people.region.bottom
        assert "Hello [/]" in words(app)


async def test_cancelling_asks_once_and_gives_the_credits_back(tmp_path: Path) -> None:
    store, blast = waiting(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        assert "550 credits left" in words(app)
        await press(pilot, "x")
        assert "x Cancel 50" in words(app)
        assert store.messages.blast(blast.id).counts == {Status.QUEUED: 50}
        await press(pilot, "x")
        assert "50 cancelled" in words(app)
        assert "600 credits left" in words(app)
        assert "50 messages cancelled; their credits are back." in toasts(app)
        await pilot.pause()


async def test_what_has_left_cant_be_cancelled_and_it_says_so(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "x")
        assert toasts(app) == ["There's nothing left to cancel: what has gone out can't be recalled."]
        await pilot.pause()


async def test_what_is_cancelled_is_told_wherever_one_is_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, blast = waiting(tmp_path)
    asked, go_on = Event(), Event()
    cancel = type(store.messages).cancel

    def slow(*arguments: Any) -> int:
        asked.set()
        assert go_on.wait(10)
        return cancel(*arguments)

    monkeypatch.setattr(type(store.messages), "cancel", slow)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        home = app.screen_stack[0]
        await pilot.press("x", "x")
        while not asked.is_set():
            await pilot.pause()
        await pilot.press("escape")
        while app.screen is not home:
            await pilot.pause()
        go_on.set()
        await settled(pilot)
        assert "50 messages cancelled; their credits are back." in toasts(app)
        assert "600 credits left" in words(app)
        await pilot.pause()


async def test_who_only_looks_sees_that_cancelling_is_off_and_why(tmp_path: Path) -> None:
    _, blast = waiting(tmp_path)
    vic = Person("Vic", Role.VIEWER)
    app = make_app(Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW), person=vic))
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        assert "x Cancel rest" in off(app)
        assert "Ask a sender or an owner" in offered(app)["Cancel rest"].about
        await press(pilot, "f1")
        (line,) = [line for line in words(app).splitlines() if "Cancel rest" in line]
        assert "You are a viewer here" in line


async def test_what_can_be_done_now_is_not_dimmed(tmp_path: Path) -> None:
    store, blast = waiting(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        assert "x Cancel rest" not in off(app)
        await press(pilot, "x", "x")
        assert "x Cancel rest" in off(app)  # nothing waits any more


async def test_a_person_settles_what_nobody_knows(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        assert "Not sent" in words(app)
        await press(pilot, "minus")
        assert store.messages.blast(blast.id).counts == {Status.DELIVERED: 40, Status.FAILED: 2}
        assert "2 failed" in words(app)
        assert "Not sent" not in words(app)


async def test_settling_is_only_for_what_is_unknown(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "down", "y")
        assert toasts(app) == ["Only for a message with the status “unknown”: move the cursor to one."]
        assert store.messages.blast(blast.id).counts[Status.UNKNOWN] == 1
        await pilot.pause()


async def test_the_filter_shows_one_status_after_the_other(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "f")
        assert "(415) 555-0100" in words(app)
        assert "(415) 555-0002" not in words(app)
        await press(pilot, "f", "f")
        assert "(415) 555-0002" in words(app)
        assert "(415) 555-0100" not in words(app)
        await press(pilot, "f")
        assert "(415) 555-0002" in words(app)
        assert "(415) 555-0100" in words(app)


async def test_r_writes_the_same_text_to_those_only_whom_it_missed(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "r")
        assert front(app) is ComposeScreen
        assert "(415) 555-0000" in words(app)  # it was refused; of the other nobody knows
        assert "1 person" in words(app)
        assert "Second line" in words(app)


async def test_where_nobody_was_missed_nothing_is_sent_again(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    blast = text(store, "Hello", *numbers(3))
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        assert "Send again" not in words(app)
        await press(pilot, "r")
        assert front(app) is BlastScreen


async def test_progress_renews_the_lines_that_are_seen(tmp_path: Path) -> None:
    store, blast = waiting(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        assert "(415) 555-0100 1 · waiting" in " ".join(words(app).split())
        with store.connection():
            store.messages.cancel(blast.id)
        app.screen.post_message(BlastProgressed(store.messages.blast(blast.id)))
        await settled(pilot)
        assert "50 cancelled" in words(app)
        assert "(415) 555-0100 1 − cancelled" in " ".join(words(app).split())


async def test_progress_renews_the_lines_of_one_status(tmp_path: Path) -> None:
    store, blast = waiting(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "f", "end")
        assert "(415) 555-0149 1 · waiting" in " ".join(words(app).split())
        with store.connection():
            store.messages.cancel(blast.id)
        app.screen.post_message(BlastProgressed(store.messages.blast(blast.id)))
        await settled(pilot)
        assert "Showing only “waiting”" in words(app)
        assert "· waiting" not in words(app)
        await press(pilot, "f")
        assert "(415) 555-0100 1 − cancelled" in " ".join(words(app).split())


async def test_a_blast_that_isnt_there_leads_back(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        home = app.screen
        app.push_screen(BlastScreen(7))
        await settled(pilot)
        assert app.screen is home
        assert toasts(app) == ["There is no blast 7."]
        await pilot.pause()


async def test_a_blast_of_many_shows_its_first_page_at_once(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan="3000")
    blast = text(store, "Hello", *numbers(2_000), sent=False)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        screen = app.screen
        assert isinstance(screen, BlastScreen)
        assert len(screen.pages.items) == 200
        await press(pilot, "end")
        assert len(screen.pages.items) == 2_000
        assert "(415) 555-2099" in words(app)


def show(store: Store, blast: BlastSummary) -> TextmeterApp:
    """The app with the blast in front once it has opened."""

    class OnBlast(StillApp):
        def use_account(self, *arguments: object) -> None:
            super().use_account(*arguments)  # type: ignore[arg-type]
            self.push_screen(BlastScreen(blast.id))

    return make_app(store, kind=OnBlast)


def test_blast_settled(snap: Snap, tmp_path: Path) -> None:
    assert snap(show(*unclear(tmp_path)), size=(120, 36))


def test_blast_settled_small(snap: Snap, tmp_path: Path) -> None:
    assert snap(show(*unclear(tmp_path)), size=(80, 24))


def test_blast_waiting(snap: Snap, tmp_path: Path) -> None:
    assert snap(show(*waiting(tmp_path)), size=(80, 24), keys=("x",))


async def test_a_text_is_still_told_of_after_a_change_of_language(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    blast = text(store, "See you on Sunday", "+14155550123")
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, blast)
        app.choose_language("es")
        await settled(pilot)
        assert "See you on Sunday" in words(app)
        assert "1 de 1" in words(app)


async def test_its_proof_is_saved_where_one_says_and_replaces_a_file_only_when_asked_twice(
    tmp_path: Path,
) -> None:
    store, blast = unclear(tmp_path)
    file = tmp_path / "proof.pdf"
    file.write_text("mine")
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "percent_sign")
        assert front(app) is ProofScreen
        app.screen.query_one(PathField).value = str(file)
        await press(pilot, "enter")
        assert "already exists. Press Enter again to replace it." in " ".join(words(app).split())
        assert file.read_text() == "mine"
        await press(pilot, "enter")
        assert front(app) is BlastScreen
        assert toasts(app)[-1] == f"Proof for 42 people saved in {file}."
        await pilot.pause()
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())
    assert "Failed 1 Unknown 1 People 42" in said
    assert "Hello [/] [symbol for escape][2J Second line" in said


async def test_another_kind_of_file_is_refused_where_it_was_typed(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "percent_sign")
        app.screen.query_one(PathField).value = str(tmp_path / "proof.doc")
        await press(pilot, "enter")
        says = "it must end in .pdf, .csv, .jsonl, .xlsx. proof.doc doesn't."
        assert says in " ".join(words(app).split())
        assert front(app) is ProofScreen
    assert not (tmp_path / "proof.doc").exists()


async def test_the_proof_is_a_table_where_its_name_says_so(tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)
    app = make_app(store)
    file = tmp_path / "proof.csv"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "percent_sign")
        app.screen.query_one(PathField).value = str(file)
        await press(pilot, "enter")
        assert front(app) is BlastScreen
    with file.open(encoding="utf-8", newline="") as table:
        assert len(list(csv.DictReader(table))) == blast.recipients


async def test_over_ssh_no_file_of_this_machine_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, blast = unclear(tmp_path)
    monkeypatch.setattr("store.paths._within_reach", False)
    app = make_app(store)
    async with app.run_test(size=(160, 36), notifications=True) as pilot:
        await opened(app, pilot, blast)
        await press(pilot, "percent_sign")
        assert front(app) is BlastScreen
        assert f"ssh HOST blasts show {blast.id} --csv > proof.csv" in toasts(app)[-1]
        await pilot.pause()


def test_where_the_proof_goes_is_asked(snap: Snap, tmp_path: Path) -> None:
    store, blast = unclear(tmp_path)

    async def ask(pilot: Any) -> None:
        await opened(pilot.app, pilot, blast)
        await press(pilot, "percent_sign")

    assert snap(make_app(store), size=(80, 24), before=ask)
