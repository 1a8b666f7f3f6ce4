"""`textmeter usage`."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter


@pytest.fixture
def months(demo: Textmeter) -> Textmeter:
    """An account, opened on 16 April, that used 120 in April, and 203 and a reply in May."""
    demo("--now", "2026-04-20", "charge", "120")
    demo("--now", "2026-05-10", "charge", "200")
    demo("--now", "2026-05-11", "charge", "1", "--kind", "mms")
    demo("--now", "2026-05-12", "charge", "1", "--inbound")
    return demo


def test_the_present_month_is_told_day_by_day_and_kind_by_kind(months: Textmeter) -> None:
    done = months("--now", "2026-05-15", "usage", "--json")
    answer = done.json
    assert answer["used"] == 204
    assert answer["by_day"][0] == {"on": "2026-05-01", "credits": 0}
    assert answer["by_day"][9:12] == [
        {"on": "2026-05-10", "credits": 200},
        {"on": "2026-05-11", "credits": 3},
        {"on": "2026-05-12", "credits": 1},
    ]
    assert answer["by_day"][-1]["on"] == "2026-05-15"
    assert answer["by_kind"] == {"sms": 200, "mms": 3, "reply": 1, "email": 0}


def test_it_runs_out_at_the_pace_of_the_last_thirty_days(months: Textmeter) -> None:
    # 324 in the 30 days up to 15 May are 10.8 a day; 276 that are left last 25 days.
    assert months("--now", "2026-05-15", "usage", "--json").json["runs_out_on"] == "2026-06-09"


def test_a_month_that_is_over_is_whole(months: Textmeter) -> None:
    answer = months("usage", "--month", "2026-04", "--json").json
    assert answer["month"] == "2026-04"
    assert answer["used"] == 120
    assert [len(answer["by_day"]), answer["by_day"][-1]["on"]] == [30, "2026-04-30"]


def test_a_month_to_come_has_no_days_yet(months: Textmeter) -> None:
    answer = months("usage", "--month", "2027-01", "--json").json
    assert (answer["used"], answer["by_day"]) == (0, [])


def test_what_lasts_has_no_day_on_which_it_runs_out(demo: Textmeter) -> None:
    assert demo("usage", "--json").json["runs_out_on"] is None


def test_people_get_bars_with_their_numbers_and_the_forecast(months: Textmeter) -> None:
    lines = months("usage", "--month", "2026-05").out.splitlines()
    assert lines[0] == "May 2026: 204 credits used"
    assert lines[2] == "May 1     0  ·"
    assert lines[11] == f"May 10  200  {'█' * 40}"
    assert lines[12] == "May 11    3  ▌"
    assert lines[-5:] == [
        f"SMS      200  {'█' * 40}",
        "MMS        3  ▌",
        "Replies    1  ▏",
        "",
        "At 12 a day, as in the last 27 days, it lasts until Jun 4.",
    ]


def test_a_month_without_use_says_so(demo: Textmeter) -> None:
    assert demo("usage").out == ("April 2026: 0 credits used\n\nNothing was used today, so it lasts.\n")


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-5", "05-2026", "2026-W20", "May"])
def test_what_is_no_month_is_refused(demo: Textmeter, month: str) -> None:
    done = demo("usage", "--month", month)
    assert done.code == 2
    assert done.err == f"--month is a month as YYYY-MM, not {month}.\n"
