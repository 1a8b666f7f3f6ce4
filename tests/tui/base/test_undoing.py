"""z takes back what was done last, on whatever screen that was, and says what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from store import Store
from store.messages.model import Draft, Template, When
from store.people.model import ConsentState
from store.sentences import sentence
from tests.tui.harness import NOW, front, make_app, make_store, offered, press, settled, toasts, words
from tui.app import TextmeterApp
from tui.base.undoing import KEPT, Deed, Deeds
from tui.contacts.form import ContactFormScreen

ANN = "+14155550123"
SIZE = (80, 24)


def busy(folder: Path) -> Store:
    """A store with a person, a template of one's own, a draft and a text that leaves tomorrow."""
    store = make_store(folder)
    with store.connection():
        store.people.add(first_name="Ann", last_name="Lee", phone=ANN, region="US")
        store.templates.save(Template("A price drop", "The price of {address} dropped."))
        store.messages.send(1, Draft(body="Bins out", to=(ANN,)), when=When(NOW + timedelta(days=1)))
    return store


def people(store: Store) -> list[str]:
    return [contact.name for contact in store.people.contacts()]


async def undo(pilot: Pilot[None], app: TextmeterApp) -> str:
    """Presses z; what is told."""
    await press(pilot, "z")
    return toasts(app)[-1]


async def test_what_was_done_last_comes_back_first_whatever_screen_one_is_on(tmp_path: Path) -> None:
    store = busy(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "d")
        assert toasts(app)[-1] == "Ann Lee is deleted. z Undo"
        app.go("templates")
        await settled(pilot)
        await press(pilot, "d")
        assert toasts(app)[-1] == "A price drop is deleted. z Undo"
        app.go("scheduled")
        await settled(pilot)
        await press(pilot, "x", "x")
        assert toasts(app)[-1] == "Cancelled. 1 credit comes back. z Undo"
        assert (people(store), store.messages.scheduled(1)) == ([], [])
        app.go("home")
        await settled(pilot)
        assert await undo(pilot, app) == "Undone: the text leaves as it was to."
        assert await undo(pilot, app) == "Undone: A price drop is back."
        assert await undo(pilot, app) == "Undone: Ann Lee is back."
        assert await undo(pilot, app) == "You have nothing to undo."
        assert (people(store), len(store.messages.scheduled(1))) == (["Ann Lee"], 1)
        assert store.templates.named("A price drop", "en").person == ""
        assert store.credits.balance(1).held == 1


async def test_a_draft_that_was_deleted_is_back_with_its_words(tmp_path: Path) -> None:
    store = busy(tmp_path)
    with store.connection():
        for body in ("Keys are under the mat", "See you"):
            store.messages.save_draft(Draft(body=body, to=(ANN,)))
    app = make_app(store, first="compose")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+o")
        await press(pilot, "down", "delete")
        assert [draft.body for draft in store.messages.drafts()] == ["See you"]
        assert toasts(app)[-1] == "The draft is deleted. z Undo"
        assert await undo(pilot, app) == "Undone: the draft is back."
        assert "Keys are under the mat" in words(app)
    kept = {draft.body: draft.to for draft in store.messages.drafts()}
    assert kept["Keys are under the mat"] == (ANN,)


async def test_an_opt_out_by_a_slip_is_taken_back(tmp_path: Path) -> None:
    store = busy(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "o", "enter")
        assert store.consent.is_out(ANN, 1)
        assert toasts(app)[-1] == "Ann Lee (415) 555-0123: no more texts. z Undo"
        assert await undo(pilot, app) == "Undone: Ann Lee (415) 555-0123, as it was noted before."
        assert not store.consent.is_out(ANN, 1)
    assert [one.state for one in store.consent.records()] == [ConsentState.OUT, ConsentState.UNKNOWN]


async def test_what_somebody_changed_since_stays_as_they_left_it_and_is_said(tmp_path: Path) -> None:
    store = busy(tmp_path)
    app = make_app(store, first="templates")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "d")
        store.templates.save(Template("A price drop", "Somebody else's words"))
        assert (await undo(pilot, app)).startswith("Somebody changed this since")
        assert store.templates.named("A price drop", "en").text == "Somebody else's words"
        assert await undo(pilot, app) == "You have nothing to undo."


async def test_the_letter_is_typed_where_one_types(tmp_path: Path) -> None:
    store = busy(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "d", "n")
        assert front(app) is ContactFormScreen
        await press(pilot, "z")
        assert people(store) == []
        await press(pilot, "escape", "escape")
        assert await undo(pilot, app) == "Undone: Ann Lee is back."


async def test_it_is_off_until_there_is_something_to_take_back(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert offered(app)["Undo"].why_not == sentence("You have nothing to undo.")
        app.did(sentence("Done"), Deed(sentence("Undone"), lambda _store: None))
        assert offered(app)["Undo"].why_not is None


def test_each_account_has_its_own_and_no_more_than_so_many() -> None:
    deeds = Deeds()
    done = [Deed(sentence("Undone: {number}", number=number), print) for number in range(KEPT + 1)]
    for deed in done:
        deeds.add(1, deed)
    assert deeds.last(2) is None
    for deed in reversed(done[1:]):
        assert deeds.last(1) == deed
        deeds.forget(1, deed)
    assert deeds.last(1) is None
