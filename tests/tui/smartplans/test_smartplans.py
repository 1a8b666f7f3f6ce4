"""SmartPlans on their screens: how far each is, its steps and people, and what can be done about them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from store import Store
from store.emails.model import Going, SmartPlan, Step, StepKind
from store.messages.model import Template
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    OPENED,
    TIMEZONE,
    make_app,
    make_store,
    move_clock,
    off,
    press,
    settled,
    toasts,
    words,
)
from tui.app import TextmeterApp
from tui.smartplans.looking import EditLookScreen
from tui.smartplans.plan import PlanScreen
from tui.smartplans.screen import SmartPlansScreen
from tui.smartplans.step_form import StepFormScreen
from tui.templates.choosing import ChooseScreen

BUYER = SmartPlan(
    "New buyer [/]",
    (
        Step(0, "Welcome, {first_name|there}", "Hi"),
        Step(2, "What are you looking for?", "Tell me."),
        Step(4, "", "Any questions, {first_name|there}?", StepKind.TEXT, "09:30"),
        Step(7, "", "Call {name}", StepKind.TASK),
        Step(14, "Three homes that may fit", "Here."),
    ),
)
LATER = SmartPlan("Keep in touch", (Step(0, "How is the house?", "?"), Step(90, "A year already", "!")))
NAMES = ("Ann Lee", "Bob Ray", "Cy Reyes", "Dee Ortiz", "Eva Moreau", "Finn O'Hara", "Gus Lindqvist")


def with_plans(folder: Path) -> Store:
    """Seven people on a plan of five steps, of whom one had no email left, one answered and one is paused;
    another plan that follows, which is paused."""
    store = make_store(folder, plan=None, now=OPENED)
    with store.connection():
        store.credits.open_account("agent-texts", "300", TIMEZONE, demo_clock=True)
        move_clock(store, NOW)
        emails = store.credits.open_account("agent-email", "free", TIMEZONE, demo_clock=True)
        people = []
        for number, name in enumerate(NAMES):
            first, last = name.split()
            one = store.people.add(
                first_name=first,
                last_name=last,
                email=f"{first.lower()}@example.com",
                phone=f"(415) 555-01{number:02}",
                region="US",
                groups=["Buyers"] if number < 6 else [],
            )
            people.append(one)
        later = store.smartplans.keep(emails.id, LATER)
        plan = store.smartplans.keep(emails.id, BUYER)
        store.smartplans.follow(plan, later)
        store.smartplans.pause(later)
        store.smartplans.start(emails.id, plan, contacts=[one.id for one in people[:4]])
        store.smartplans.run_due(emails.id)
        move_clock(store, NOW + timedelta(days=2))
        store.smartplans.start(emails.id, plan, contacts=[one.id for one in people[4:6]])
        store.credits.charge(emails.id, 4_992)
        store.messages.receive(1, people[3].phone, "Yes, please")
        store.smartplans.run_due(emails.id)
        store.smartplans.pause(plan, [people[0].id])
    return store


def app_of(store: Store, account: int = 2, language: str = "en") -> TextmeterApp:
    """The app on the SmartPlans of an account."""
    with store.connection():
        store.settings.write("account", str(account))
    return make_app(store, first="smartplans", language=language)


T = TypeVar("T")


def in_front(app: TextmeterApp, kind: type[T]) -> T:
    """The screen in front, which is of this kind."""
    assert isinstance(app.screen, kind)
    return app.screen


async def test_a_list_of_plans_says_how_many_are_on_each_and_what_comes_next(tmp_path: Path) -> None:
    app = app_of(with_plans(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "New buyer [/]" in shown
        assert "Keep in touch" in shown
        assert "paused since May 20" in shown
        assert "step 3 for" in shown or "step 2 for" in shown


async def test_what_stands_behind_a_name_and_a_task_is_said_in_words(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    with store.connection():
        move_clock(store, NOW + timedelta(days=7))
        store.smartplans.run_due(2)
        bob, _cy = store.tasks.tasks(2, NOW + timedelta(days=8))
        store.tasks.tick(bob.id)
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "New buyer [/]  × 3 failed" in words(app)
        await press(pilot, "enter")
        (line,) = (line for line in words(app).splitlines() if "Call {name}" in line)
        assert "Task    1 to do · Call {name}" in line
        assert line.split()[-2:] == ["1", "0"]  # done, failed


async def test_a_name_without_room_is_cut_before_what_failed_is(tmp_path: Path) -> None:
    app = app_of(with_plans(tmp_path))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        assert "New buyer …  × 1 failed" in words(app)


async def test_who_cant_be_reached_came_back_and_didnt_opt_out(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    with store.connection():
        store.consent.opt_out("bob@example.com", 0, how="bounce", why="5.1.1")
        store.smartplans.run_due(2)
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        (line,) = (line for line in words(app).splitlines() if "Bob Ray" in line)
        assert "email came back at step 3" in line
        assert "× 1 email came back" in words(app)
        assert "opted out" not in words(app)


async def test_a_step_is_edited_in_place_once_it_was_seen_for_whom_that_changes_what(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "down", "enter")
        form = in_front(app, StepFormScreen)
        form.subject.value = "What do you dream of?"
        await press(pilot, "ctrl+s")
        in_front(app, EditLookScreen)
        assert re.search("gets? the new version", words(app))
        subjects = [step.subject for step in store.smartplans.plan(2).plan.steps]
        assert "What do you dream of?" not in subjects
        await press(pilot, "enter")
        in_front(app, PlanScreen)
        assert "What do you dream of?" in words(app)
        assert store.smartplans.plan(2).plan.steps[1].subject == "What do you dream of?"


async def test_a_step_that_is_saved_as_it_was_asks_nothing(tmp_path: Path) -> None:
    app = app_of(with_plans(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "down", "enter", "ctrl+s")
        in_front(app, PlanScreen)
        assert "Nothing was changed." in toasts(app)


async def test_the_fields_of_a_step_follow_one_another_by_tab(tmp_path: Path) -> None:
    app = app_of(with_plans(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "enter", *["tab"] * 4)
        assert app.focused is in_front(app, StepFormScreen).days


async def test_a_template_is_put_into_a_step_with_its_price_before(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    store.templates.save(Template("Gate code", "The code is 4711. "))
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "down", "down", "enter")
        form = in_front(app, StepFormScreen)
        await press(pilot, "ctrl+t", *"gate code")
        shown = words(in_front(app, ChooseScreen).app)
        assert "The code is 4711." in shown
        assert "1 credit per person (United States)" in shown
        await press(pilot, "enter")
        assert in_front(app, StepFormScreen) is form
        assert form.text.text == "The code is 4711. Any questions, {first_name|there}?"
        assert app.focused is form.text


async def test_a_step_is_added_and_removed(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "n")
        form = in_front(app, StepFormScreen)
        form.days.value = "21"
        form.subject.value = "Goodbye"
        form.text.text = "Bye"
        await press(pilot, "ctrl+s", "enter")
        assert [step.subject for step in store.smartplans.plan(2).plan.steps][-1] == "Goodbye"
        await press(pilot, "end", "d", "enter")
        assert [step.days for step in store.smartplans.plan(2).plan.steps] == [0, 2, 4, 7, 14]


async def test_what_a_step_lacks_is_said_before_it_is_saved(tmp_path: Path) -> None:
    app = app_of(with_plans(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "enter")
        form = in_front(app, StepFormScreen)
        for value, refused in (("x", True), ("5", False)):
            form.days.value = value
            await settled(pilot)
            assert ("Days must be a number" in words(app)) is refused
        form.hour.value = "25:00"
        await settled(pilot)
        assert "Type the time like 9:30" in words(app)
        assert "^S Save" in off(app)


async def test_people_are_put_on_it_by_a_picker_and_those_on_it_stay(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    app = app_of(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "plus", "g", "u", "s")
        await settled(pilot)
        await press(pilot, "enter")
        await settled(pilot)
        assert "Gus Lindqvist" in [one.name for one in store.smartplans.people(2)]
        assert "1 person is enrolled now." in toasts(app)
        await pilot.pause()


async def test_one_person_or_everybody_is_paused_and_stopped(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "l")
        assert store.smartplans.plans(2)[0].paused_on is not None
        await press(pilot, "l")
        assert store.smartplans.plans(2)[0].paused_on is None
        await press(pilot, "tab", "x")
        on_it = len(store.smartplans.people(2, states=[Going.STOPPED]))
        assert on_it == 0
        await press(pilot, "x")
        assert len(store.smartplans.people(2, states=[Going.STOPPED])) == 1
        await press(pilot, "tab", "x", "x")
        assert store.smartplans.plans(2)[0].going == 0


async def test_a_group_starts_it_from_then_on_and_a_plan_follows_it(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    app = app_of(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "number_sign", "down", "enter")
        assert store.smartplans.plan(2).plan.group == "Buyers"
        assert "Starts for anyone added to #Buyers." in words(app)
        await press(pilot, "greater_than_sign", "up", "up", "enter")
        assert store.smartplans.plan(2).plan.then == ""


async def test_a_plan_is_made_from_its_name_and_first_step(tmp_path: Path) -> None:
    store = with_plans(tmp_path)
    app = app_of(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", "H", "i", "enter")
        form = in_front(app, StepFormScreen)
        form.subject.value = "Hello"
        form.text.text = "Hi"
        await press(pilot, "ctrl+s")
        await settled(pilot)
        in_front(app, PlanScreen)
        assert store.smartplans.plan(3).plan.name == "Hi"


async def test_an_account_for_texts_says_where_smartplans_are(tmp_path: Path) -> None:
    app = app_of(with_plans(tmp_path), 1)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        in_front(app, SmartPlansScreen)
        assert "SmartPlans need an account that sends emails" in words(app)
        assert "n New" in off(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 50)])
def test_picture_of_the_plans(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(app_of(with_plans(tmp_path)), size=size)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 50)])
def test_picture_of_a_plan(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(app_of(with_plans(tmp_path)), size=size, keys=("enter",))


def test_picture_of_a_step(snap: Snap, tmp_path: Path) -> None:
    assert snap(app_of(with_plans(tmp_path)), size=(80, 24), keys=("enter", "enter"))


def test_picture_of_who_is_put_on_it(snap: Snap, tmp_path: Path) -> None:
    assert snap(app_of(with_plans(tmp_path)), size=(80, 24), keys=("enter", "plus"))


def test_picture_of_what_an_edit_changes(snap: Snap, tmp_path: Path) -> None:
    assert snap(app_of(with_plans(tmp_path)), size=(80, 24), keys=("enter", "down", "d"))
