"""`textmeter history`."""

from __future__ import annotations

import csv
import io

import pytest

from tests.tui.commands.conftest import Textmeter
from tui.commands.history import exported


@pytest.fixture
def months(demo: Textmeter) -> Textmeter:
    """An account with lines of April and May."""
    demo("--now", "2026-04-20", "charge", "120")
    demo("--now", "2026-05-10", "charge", "200")
    demo("--now", "2026-05-11", "charge", "5")
    return demo


def deltas(textmeter: Textmeter, *options: str) -> list[int]:
    return [line["delta"] for line in textmeter("history", *options, "--json").json]


def test_the_newest_line_comes_first(months: Textmeter) -> None:
    assert deltas(months) == [-5, -200, 300, -120, 300]


def test_lines_can_be_chosen_by_kind_pool_day_and_number(months: Textmeter) -> None:
    assert deltas(months, "--kind", "granted") == [300, 300]
    assert deltas(months, "--pool", "purchased") == []
    assert deltas(months, "--since", "2026-05-10") == [-5, -200]
    assert deltas(months, "--until", "2026-04-20") == [-120, 300]
    assert deltas(months, "--since", "2026-05-01", "--until", "2026-05-10") == [-200, 300]
    assert deltas(months, "--limit", "2") == [-5, -200]


def test_more_lines_than_a_page_come_in_one_list(months: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.commands.history.PAGE", 2)
    assert deltas(months) == [-5, -200, 300, -120, 300]
    assert deltas(months, "--limit", "3") == [-5, -200, 300]
    assert deltas(months, "--limit", "4") == [-5, -200, 300, -120]


def test_a_line_says_what_caused_it_in_words(months: Textmeter) -> None:
    newest, *_others, oldest = months("history", "--json").json
    assert (newest["cause"], newest["cause_code"]) == ("Use recorded by hand", "charge")
    assert (oldest["cause"], oldest["cause_code"]) == ("First credits of the plan", "join")


def test_people_get_a_table_with_signs(months: Textmeter) -> None:
    lines = months("history").out.splitlines()
    assert lines[0].split() == ["Date", "What", "happened", "Kind", "Pool", "Change", "Balance"]
    assert lines[2].endswith("−200      280")
    assert len({len(line) for line in lines}) == 1


def test_without_lines_it_says_so(months: Textmeter) -> None:
    assert months("history", "--pool", "purchased").out == "No lines.\n"


def test_csv_has_a_header_and_numbers_stay_numbers(months: Textmeter) -> None:
    header, newest, *_others = csv.reader(io.StringIO(months("history", "--csv").out))
    assert header[:6] == ["seq", "on", "pool", "kind", "delta", "balance"]
    assert newest[:6] == ["5", "2026-05-11", "allotted", "used", "-5", "275"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_marked_as_text(cell: str) -> None:
    assert exported(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Text to 2 people", "", "a=1", -5, 0])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert exported(cell) == cell


def test_csv_and_json_do_not_go_together(months: Textmeter) -> None:
    assert months("history", "--csv", "--json").code == 2
