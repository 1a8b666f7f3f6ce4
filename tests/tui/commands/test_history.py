"""`textmeter history`."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter


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
    monkeypatch.setattr("store.credits.history.PAGE", 2)
    assert deltas(months) == [-5, -200, 300, -120, 300]
    assert deltas(months, "--limit", "3") == [-5, -200, 300]
    assert deltas(months, "--limit", "4") == [-5, -200, 300, -120]


def test_a_line_says_what_caused_it_in_words(months: Textmeter) -> None:
    newest, *_others, oldest = months("history", "--json").json
    assert (newest["cause"], newest["cause_code"]) == ("Usage recorded by hand", "charge")
    assert (oldest["cause"], oldest["cause_code"]) == ("First credits of the plan", "join")


def test_people_get_a_table_with_signs(months: Textmeter) -> None:
    lines = months("history").out.splitlines()
    assert lines[0].split() == ["Date", "What", "happened", "Kind", "Pool", "Change", "Balance"]
    assert lines[2].endswith("−200      280")
    assert len({len(line) for line in lines}) == 1


def test_without_lines_it_says_so(months: Textmeter) -> None:
    assert months("history", "--pool", "purchased").out == "Nothing to show.\n"


def test_csv_has_a_header_and_numbers_stay_numbers(months: Textmeter) -> None:
    header, newest, *_others = csv.reader(io.StringIO(months("history", "--csv").out))
    assert header[:6] == ["seq", "on", "pool", "kind", "delta", "balance"]
    assert newest[:6] == ["5", "2026-05-11", "allotted", "used", "-5", "275"]


@pytest.mark.parametrize(
    "options",
    [
        ("--csv", "--json"),
        ("--jsonl", "--json"),
        ("--csv", "--jsonl"),
        ("--csv", "--xlsx", "history.xlsx"),
        ("--xlsx", "history.csv"),
        ("--limit", "0"),
    ],
)
def test_what_contradicts_itself_is_wrong_usage(months: Textmeter, options: tuple[str, ...]) -> None:
    assert months("history", *options).code == 2
    assert not Path("history.xlsx").exists()


def test_json_lines_are_the_objects_of_the_array(months: Textmeter) -> None:
    lines = [json.loads(line) for line in months("history", "--jsonl").out.splitlines()]
    assert lines == months("history", "--json").json
    assert {"seq", "on", "pool", "kind", "delta", "balance", "cause"} <= lines[0].keys()


def test_fifty_lines_are_shown_and_all_are_exported(demo: Textmeter) -> None:
    for _ in range(60):
        demo("charge", "1")
    assert len(demo("history", "--json").json) == 50
    assert len(demo("history").out.splitlines()) == 51
    assert len(demo("history", "--jsonl").out.splitlines()) == 61
    assert len(demo("history", "--csv").out.splitlines()) == 62
    assert len(demo("history", "--csv", "--limit", "7").out.splitlines()) == 8


def test_lines_are_found_by_their_words_a_text_or_an_order(months: Textmeter) -> None:
    months("--now", "2026-05-12", "send", "--to", "+14155550100", "--", "Open house on ELM St")
    assert deltas(months, "--text", "by hand") == [-5, -200, -120]
    assert deltas(months, "--text", "BY HAND", "--since", "2026-05-11") == [-5]
    assert deltas(months, "--text", "elm") == [-1]
    assert deltas(months, "--text", "to 1 person") == [-1]
    assert deltas(months, "--text", "order 1") == [300]
    assert deltas(months, "--text", "#2") == [300]
    assert deltas(months, "--text", "elsewhere") == []


def test_words_are_those_of_the_language(months: Textmeter) -> None:
    found = months("--lang", "es", "history", "--text", "CRÉDITOS DEL MES", "--json").json
    assert [line["delta"] for line in found] == [300]
    assert months("--lang", "es", "history", "--text", "monthly", "--json").json == []


def test_a_text_that_was_sent_stands_beside_its_line_and_runs_nowhere(months: Textmeter) -> None:
    months("--now", "2026-05-12", "send", "--to", "+14155550100", "--", "=HYPERLINK(1)")
    assert months("history", "--json").json[0]["text"] == "=HYPERLINK(1)"
    rows = list(csv.reader(io.StringIO(months("history", "--csv").out)))
    assert rows[1][rows[0].index("text")] == "'=HYPERLINK(1)"


def test_a_workbook_is_saved_once(months: Textmeter) -> None:
    done = months("history", "--xlsx", "history.xlsx", "--kind", "used")
    assert (done.code, done.out) == (0, "3 lines saved to history.xlsx.\n")
    assert zipfile.is_zipfile("history.xlsx")
    before = Path("history.xlsx").read_bytes()
    again = months("history", "--xlsx", "history.xlsx", "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "exists")
    assert Path("history.xlsx").read_bytes() == before
    other = months("history", "--xlsx", "other.xlsx", "--limit", "2", "--json")
    assert other.json == {"file": "other.xlsx", "lines": 2}


def test_a_workbook_is_made_by_a_library_that_nobody_else_waits_for(months: Textmeter) -> None:
    code = "import sys; from tui.commands import main; main(['history', '--csv']); "
    code += "print('xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
