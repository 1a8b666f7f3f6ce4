"""z takes back what was done last, on whatever screen that was, and says what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from store import Store
from store.emails.model import Status
from store.messages.model import Draft, Template, When
from store.people.model import ConsentState, Details
from store.sentences import sentence
from tests.tui.emails.writing import handed_over, make_mail_store
from tests.tui.harness import (
    NOW,
    front,
    make_app,
    make_store,
    move_clock,
    off,
    offered,
    press,
    settled,
    toasts,
    words,
)
from tests.tui.smartplans.test_smartplans import app_of, with_plans
from tui.app import TextmeterApp
from tui.base.undoing import KEPT, Deed, Deeds
from tui.blasts.screen import BlastScreen
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


async def test_a_text_that_was_cancelled_on_its_own_page_leaves_after_all(tmp_path: Path) -> None:
    store = busy(tmp_path)
    before = store.messages.scheduled(1)
    app = make_app(store, first="scheduled")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "x", "x")
        assert front(app) is BlastScreen
        assert toasts(app)[-1] == "Cancelled. 1 credit comes back. z Undo"
        assert store.messages.scheduled(1) == []
        assert await undo(pilot, app) == "Undone: the text leaves as it was to."
        assert "x Cancel rest" not in off(app)
    assert store.messages.scheduled(1) == before


async def test_a_campaign_that_was_cancelled_before_it_left_does_after_all(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    draft = Draft(subject="News", body="Hi", groups=("Buyers",))
    campaign = store.emails.send(1, draft, at=NOW + timedelta(days=1))
    app = make_app(store, first="campaigns")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "x", "x")
        assert toasts(app)[-1] == "2 emails cancelled. z Undo"
        assert store.credits.balance(1).held == 0
        assert await undo(pilot, app) == "Undone: the email leaves as it was to."
        assert "x Cancel rest" not in off(app)
    assert store.emails.campaign(campaign.id).counts == campaign.counts
    assert store.credits.balance(1).held == 2


async def test_a_campaign_that_has_begun_to_leave_says_that_it_cant_be_taken_back(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path, people=False)
    for name, zone in (("Ann", "America/New_York"), ("Bob", "America/Los_Angeles")):
        details = Details(zone=zone)
        store.people.add(first_name=name, email=f"{name}@example.com", region="US", details=details)
    store.emails.send(1, Draft(subject="News", body="Hi", everyone=True), each_at="13:00")
    move_clock(store, NOW + timedelta(hours=1))
    handed_over(store)
    app = make_app(store, first="campaigns")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "x", "x")
        assert toasts(app)[-1] == "1 email cancelled. It can't be undone: some of the emails have been sent."
        assert await undo(pilot, app) == "You have nothing to undo."
    assert store.emails.campaigns(1)[0].counts == {Status.SENT: 1, Status.CANCELLED: 1}


async def test_steps_of_a_smartplan_that_were_changed_are_as_they_were(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    was, people = store.smartplans.plan(2).plan.steps, store.smartplans.people(2)
    app = app_of(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "down", "d", "enter")
        assert toasts(app)[-1] == "Step 2 is removed. z Undo"
        await press(pilot, "enter")
        app.screen.query_one("#body", TextArea).text = "Other words"
        await press(pilot, "ctrl+s", "enter")
        assert toasts(app)[-1] == "Step 2 is changed. z Undo"
        await press(pilot, "n")
        app.screen.query_one("#subject", Input).value = "Goodbye"
        app.screen.query_one("#body", TextArea).text = "Bye"
        await press(pilot, "ctrl+s", "enter")
        assert toasts(app)[-1] == "Step 3 is added. z Undo"
        for _ in range(3):
            assert await undo(pilot, app) == "Undone: the steps of New buyer [/] are back to how they were."
        assert "What are you looking for?" in words(app)
    assert [(step, step.id) for step in store.smartplans.plan(2).plan.steps] == [(one, one.id) for one in was]
    assert store.smartplans.people(2) == people


async def test_a_template_that_was_edited_has_its_words_back_and_a_new_one_is_gone(tmp_path: Path) -> None:
    store = busy(tmp_path)
    app = make_app(store, first="templates")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "e", "!", "ctrl+s")
        assert toasts(app)[-1] == "Saved as “A price drop”. z Undo"
        assert store.templates.named("A price drop", "en").text != "The price of {address} dropped."
        await press(pilot, "n", *"Aah", "enter", *"Hm", "ctrl+s")
        assert toasts(app)[-1] == "Saved as “Aah”. z Undo"
        assert await undo(pilot, app) == "Undone: “Aah” isn't in your templates any more."
        assert "Aah" not in [one.name for one in store.templates.all("en")]
        assert await undo(pilot, app) == "Undone: “A price drop” is back to how it was."
    assert store.templates.named("A price drop", "en").text == "The price of {address} dropped."


async def test_what_was_ticked_or_put_into_groups_on_a_persons_page_is_as_it_was(tmp_path: Path) -> None:
    store = busy(tmp_path)
    with store.connection():
        [ann] = store.people.contacts()
        store.tasks.add(1, ann.id, "Call back", NOW)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "number_sign", *"Buyers", "enter")
        assert toasts(app)[-1] == "Groups changed for 1 person. z Undo"
        await press(pilot, "space")
        assert toasts(app)[-1] == "Done: Call back z Undo"
        [task] = store.tasks.tasks(1, NOW, done_since=NOW)
        assert task.done_at == NOW
        assert await undo(pilot, app) == "Undone: Call back is to be done."
        assert [one.done_at for one in store.tasks.tasks(1, NOW)] == [None]
        await press(pilot, "space", "space")
        assert toasts(app)[-1] == "Not done: Call back z Undo"
        assert await undo(pilot, app) == "Undone: Call back is done."
        assert store.tasks.tasks(1, NOW, done_since=NOW) == [task]
        assert await undo(pilot, app) == "Undone: Call back is to be done."
        assert await undo(pilot, app) == "Undone: the groups are back to how they were."
    assert [contact.groups for contact in store.people.contacts()] == [()]


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
