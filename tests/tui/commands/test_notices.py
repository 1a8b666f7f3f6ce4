"""`textmeter notices`."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter


@pytest.fixture
def reached(demo: Textmeter) -> Textmeter:
    """An account that used 250 of 300 on 20 April at noon, and 24 more on the 21st."""
    demo("--now", "2026-04-20T12:00", "charge", "250")
    demo("--now", "2026-04-21T09:30", "charge", "24")
    return demo


def test_the_newest_comes_first_with_its_cause_and_channels(reached: Textmeter) -> None:
    newest, *others = reached("notices", "--json").json
    assert newest == {
        "at": "2026-04-21T09:30:00-04:00",
        "threshold": 90,
        "percent": 91.3,
        "cause": "Usage was recorded by hand",
        "kind": "fired",
        "channels": ["email", "screen"],
        "cause_code": "charge",
        "given": [],
    }
    assert [notice["threshold"] for notice in others] == [85, 80]


def test_of_a_group_only_the_highest_has_channels(reached: Textmeter) -> None:
    reached("--now", "2026-05-02", "charge", "326")
    group = reached("notices", "--json").json[:4]
    assert [notice["threshold"] for notice in group] == [95, 90, 85, 80]
    assert [len(notice["channels"]) for notice in group] == [2, 0, 0, 0]


def test_each_is_fired_once(reached: Textmeter) -> None:
    reached("--now", "2026-04-22", "charge", "1")
    assert len(reached("notices", "--json").json) == 3


def test_people_get_a_table(reached: Textmeter) -> None:
    heading, newest, *_others = reached("notices").out.splitlines()
    assert heading.split() == [
        "When", "Reached", "Used", "What", "caused", "it", "Notification",
    ]  # fmt: skip
    assert " ".join(newest.split()) == (
        "Apr 21, 2026, 9:30 AM 91% 274 of 300 Usage was recorded by hand no notice sent yet"
    )


def test_without_notices_it_says_so(demo: Textmeter) -> None:
    assert demo("notices").out == "No notices yet.\n"
    assert demo("notices", "--json").json == []
