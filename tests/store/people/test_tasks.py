"""What is to be done about contacts: shown on its day, ticked and unticked by one key."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from store import Store
from tests.store.people.at_noon import NOON, SAM, opened

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def ann(store: Store) -> None:
    store.people.add(first_name="Ann", email="ann@example.com", region="US")


def texts(store: Store, until: datetime = NOON, since: datetime | None = None) -> list[str]:
    return [task.text for task in store.tasks.tasks(1, until, done_since=since)]


def test_what_is_due_is_listed_in_its_order_and_what_is_to_come_is_not(store: Store) -> None:
    store.tasks.add(1, 1, "Call", NOON)
    store.tasks.add(1, 1, "Send flowers", NOON - DAY)
    store.tasks.add(1, 1, "Ask for a review", NOON + DAY)
    assert texts(store) == ["Send flowers", "Call"]
    assert texts(store, NOON + DAY) == ["Send flowers", "Call", "Ask for a review"]


def test_another_accounts_tasks_are_not_listed(store: Store) -> None:
    store.credits.open_account("agent-texts", "300", "America/New_York")
    store.tasks.add(2, 1, "Call", NOON)
    assert texts(store) == []


def test_a_task_that_is_ticked_says_when_and_by_whom_until_it_is_unticked(store: Store, url: str) -> None:
    store.tasks.add(1, 1, "Call", NOON - DAY)
    (task,) = store.tasks.tasks(1, NOON)
    assert (task.name, task.contact_id, task.done_at) == ("Ann", 1, None)
    with opened(url, SAM) as sams:
        sams.tasks.tick(task.id)
    store.tasks.tick(task.id)  # too late: Sam did it
    assert texts(store) == []
    (done,) = store.tasks.tasks(1, NOON, done_since=NOON)
    assert (done.done_at, done.done_by) == (NOON, "Sam")
    store.tasks.untick(task.id)
    assert store.tasks.tasks(1, NOON) == [task]


def test_what_was_done_before_today_is_not_listed(store: Store) -> None:
    store.tasks.add(1, 1, "Call", NOON)
    store.tasks.tick(store.tasks.tasks(1, NOON)[0].id)
    assert texts(store, since=NOON) == ["Call"]
    assert texts(store, since=NOON + DAY) == []


def test_a_step_gives_its_task_once_for_everybody_whom_it_is_due_to(store: Store) -> None:
    store.people.add(first_name="Bob", email="bob@example.com", region="US")
    for enrolment, contact in ((7, 1), (7, 1), (8, 2)):
        store.tasks.add(1, contact, "Call", NOON, enrolment=enrolment, step=3)
    assert [(task.name, task.text) for task in store.tasks.tasks(1, NOON)] == [
        ("Ann", "Call"),
        ("Bob", "Call"),
    ]


def test_tasks_about_who_was_merged_are_about_the_one_that_stays_and_those_about_who_is_gone_are_not_listed(
    store: Store,
) -> None:
    store.people.add(first_name="Anne", email="anne@example.com", region="US")
    store.people.add(first_name="Bob", email="bob@example.com", region="US")
    store.tasks.add(1, 2, "Call", NOON)
    store.tasks.add(1, 3, "Write", NOON)
    store.people.merge(1, [2])
    store.people.delete(3)
    assert [(task.contact_id, task.text) for task in store.tasks.tasks(1, NOON)] == [(1, "Call")]
    store.people.undo()
    assert texts(store) == ["Call", "Write"]
