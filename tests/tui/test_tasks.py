"""The table of everyday tasks: its keys, pressed from Home, lead there, and there are that many.

What is typed on the way, in italics in the table, isn't counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from store import Store
from store.timeline import Noted
from tests import environment
from tests.tui.emails.writing import make_mail_store
from tests.tui.harness import NOW, OPENED, make_app, make_store, press, settled, words
from tests.tui.inbox.heard import make_inbox
from tests.waiting import until

README = environment.CHECKOUT / "tui" / "README.md"
ROW = re.compile(r"^\| (?P<task>[^|]+) \| (?P<keys>[^|]*`[^|]+) \| (?P<count>\d+) \|$", re.MULTILINE)
STEP = re.compile(r"`(?P<key>[^`]+)`(?: ×(?P<times>\d+))?|(?<!\w)\*(?P<typed>\w+)\*")

TEXT = "Sunday — 2 pm"


class Step(NamedTuple):
    """A key, or what is typed at once: what it is called in the table."""

    key: str
    typed: str


class Row(NamedTuple):
    """A line of the table."""

    task: str
    steps: list[Step]
    how_many: int


def rows() -> list[Row]:
    section = (
        README.read_text(encoding="utf-8").partition("## Everyday tasks in keys")[2].partition("\n## ")[0]
    )
    return [
        Row(
            row["task"],
            [
                Step(step["key"] or "", step["typed"] or "")
                for step in STEP.finditer(row["keys"])
                for _ in range(int(step["times"] or 1))
            ],
            int(row["count"]),
        )
        for row in ROW.finditer(section)
    ]


def new(folder: Path) -> Store:
    """The first day: no account."""
    return make_store(folder, plan=None)


def at_work(folder: Path, opened: datetime = OPENED, now: datetime = NOW) -> Store:
    """Three people, two of them buyers, and on the disk a file of people and a picture."""
    store = make_store(folder, opened=opened, now=now)
    for number, (first, last, groups) in enumerate(
        [("Zoë", "O'Hara", ["Buyers"]), ("Ana", "Ruiz", ["Buyers"]), ("Li", "Wei", [])]
    ):
        store.people.add(
            first_name=first, last_name=last, phone=f"+1415555{300 + number:04}", groups=groups, region="US"
        )
    people = "".join(f"Person {number},+1415555{number:04}\n" for number in range(100, 250))
    (folder / "people.csv").write_text(f"Name,Phone\n{people}", encoding="utf-8")
    Image.new("RGB", (60, 40), "red").save(folder / "house.jpg")
    return store


def texted(people: int) -> Callable[[Store], bool]:
    """Whether one text was sent, to that many."""
    return lambda store: [blast.recipients for blast in store.messages.blasts(1)] == [people]


def with_emails(folder: Path) -> Store:
    """An account for emails, two buyers with an address, and a file on the disk."""
    (folder / "people.csv").write_text("Name\n", encoding="utf-8")
    return make_mail_store(folder)


def emailed(people: int, files: int = 0) -> Callable[[Store], bool]:
    """Whether one email was sent, to that many, with so many files."""
    return lambda store: (
        [(campaign.recipients, len(campaign.files)) for campaign in store.emails.campaigns(1)]
        == [(people, files)]
    )


def kept_text(store: Store) -> str:
    draft = store.messages.latest_draft(1)
    return draft.body if draft else ""


def has_picture(store: Store) -> bool:
    draft = store.messages.latest_draft(1)
    return draft is not None and len(draft.media) == 1


def with_a_task(folder: Path) -> Store:
    """As at work, with a call that is due."""
    store = at_work(folder)
    store.tasks.add(1, 1, "Call about the lease", NOW)
    return store


def has_note(store: Store) -> bool:
    (zoe,) = store.people.contacts("zoë")
    lines, _place = store.timeline.lines(zoe)
    return [line.about.text for line in lines if isinstance(line.about, Noted)] == [TEXT]


class Task(NamedTuple):
    """Where one begins, and whether one is there."""

    begin: Callable[[Path], Store]
    done: Callable[[Store], bool]


TASKS = {
    "open the first account": Task(new, lambda store: len(store.credits.accounts()) == 1),
    "import 150 people": Task(at_work, lambda store: len(store.people.contacts(limit=200)) == 153),
    "text one person": Task(at_work, texted(1)),
    "text one person, from Contacts": Task(at_work, texted(1)),
    "text a group": Task(at_work, texted(2)),
    "text everybody": Task(at_work, texted(3)),
    "text whom a filter finds": Task(at_work, texted(2)),
    "fix a text's characters": Task(at_work, lambda store: kept_text(store) == "Sunday - 2 pm"),
    "add a picture": Task(at_work, has_picture),
    "email a group": Task(with_emails, emailed(2)),
    "email one person a file": Task(with_emails, emailed(1, files=1)),
    "read and answer a reply": Task(make_inbox, lambda store: store.messages.blasts(1)[0].body == TEXT),
    "tick a task that is due": Task(with_a_task, lambda store: not store.tasks.tasks(1, NOW)),
    "note something about a person": Task(at_work, has_note),
    "take a larger plan": Task(at_work, lambda store: store.credits.account(1).plan == "1000"),
}


def test_the_table_has_these_tasks() -> None:
    assert [row.task for row in rows()] == list(TASKS)


def keys(typed: str) -> list[str]:
    """The keys that type it: the pilot takes those that are no letters by their names in Unicode."""
    return [char if char.isalnum() else unicodedata.name(char).lower() for char in typed]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.task)
async def test_the_tables_keys_do_it(row: Row, tmp_path: Path) -> None:
    assert row.how_many == sum(bool(step.key) for step in row.steps)
    task = TASKS[row.task]
    store = task.begin(tmp_path)
    typed = {
        "name": "zo",
        "group": "#buy",
        "everyone": "#everyone",
        "filter": "#buyers -opted-out",
        "text": TEXT,
        "subject": "Sunday",
        "file": str(tmp_path / "people.csv"),
        "picture": str(tmp_path / "house.jpg"),
    }
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for step in row.steps:
            assert not task.done(store), f"{step} is one too many"
            await press(pilot, *([step.key.lower()] if step.key else keys(typed[step.typed])))
        await until(lambda: task.done(store), lambda: f"{row.task}: {words(app)}")
