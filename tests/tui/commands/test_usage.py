"""`textmeter usage`."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter, open_account


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
    # 324 in the 30 days up to 15 May are 10.8 a day. The 276 that are left and the 300 of each renewal are
    # 33.6 on 1 August, and 333.6 with that day's; the 31 days of August need 334.8.
    assert months("--now", "2026-05-15", "usage", "--json").json["runs_out_on"] == "2026-08-31"


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
        "Replies    1  ▎",
        "",
        "At 12 a day, as in the last 27 days, you run out on Jun 29.",
    ]


def test_a_month_without_use_says_so(demo: Textmeter) -> None:
    assert demo("usage").out == (
        "April 2026: 0 credits used\n\nNothing was used today, so you won't run out.\n"
    )


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-5", "05-2026", "2026-W20", "May"])
def test_what_is_no_month_is_refused(demo: Textmeter, month: str) -> None:
    done = demo("usage", "--month", month)
    assert done.code == 2
    assert done.err == f"--month must be a month in the form YYYY-MM, not {month}.\n"


def test_nine_a_day_of_three_hundred_a_month_last(textmeter: Textmeter) -> None:
    open_account(textmeter, "--demo-clock", now="2026-01-01T12:00")
    for day in range(1, 32):
        textmeter("--now", f"2026-01-{day:02}T13:00", "charge", "9")
    assert textmeter("usage", "--json").json["runs_out_on"] is None
    assert textmeter("usage").out.splitlines()[-1] == "At 9 a day, as in the last 30 days, you won't run out."


def test_emails_that_lapse_are_counted_and_dont_run_out(textmeter: Textmeter) -> None:
    free = ["account", "open", "--product", "agent-email", "--plan", "free", "--timezone", "UTC"]
    textmeter("--now", "2026-05-01T12:00", *free, "--demo-clock")
    textmeter("--now", "2026-05-05T12:00", "charge", "600")
    textmeter("--now", "2026-05-10T12:00", "charge", "400")
    # 100 a day for the 22 days left of May are 2,200 of 4,000.
    answer = textmeter("usage", "--json").json
    assert (answer["runs_out_on"], answer["lapses"]) == (None, 1_800)
    assert textmeter("usage").out.splitlines()[-1] == (
        "At 100 a day, as in the last 10 days, you won't run out. 1,800 emails lapse on Jun 1."
    )


def test_one_blast_on_the_first_day_is_no_pace(demo: Textmeter) -> None:
    demo("charge", "285")
    assert demo("usage", "--json").json["runs_out_on"] is None
    assert demo("usage").out.splitlines()[-1] == (
        "All was used on one day, so it's too early to tell how long the rest lasts."
    )
