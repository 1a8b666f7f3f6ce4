"""The table of quiet hours: what ships, what a user's own replaces, and how its mistakes are told."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store.credits.catalog_files import SHIPPED, Catalog, CatalogMistake
from store.messages.quiet_files import COLUMNS, FILE, quiet_hours, rules_of
from store.people.states import states
from store.people.zones import Whereabouts

HEAD = ",".join(COLUMNS)
DEFAULT = "*,mon-sun,08:00,21:00,ours,2026-11-29"
IN_PARIS = Whereabouts(("Europe/Paris",), "FR", guess=False)
NIGHT = datetime(2026, 12, 1, 3, tzinfo=UTC)


def test_each_line_that_ships_has_a_source_and_a_day_and_says_that_it_is_an_example() -> None:
    lines = (SHIPPED / FILE).read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    assert "examples" in comment
    assert "lawyer" in comment
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    for row in rows:
        assert row["source"]
        assert date(2026, 1, 1) <= date.fromisoformat(row["as_of"])
        assert row["area"] in {"*", "US", "CA", *states()}
    default = next(row for row in rows if row["area"] == "*")
    assert "no law" in default["source"]


def test_no_state_may_be_texted_when_the_federal_rule_forbids_it() -> None:
    rules = rules_of(SHIPPED / FILE, (SHIPPED / FILE).read_text(encoding="utf-8"))
    for area, days in rules.items():
        if area.startswith("US"):
            for hours in days.values():
                assert hours == (0, 0) or (hours.opens >= 8 * 60 and hours.closes <= 21 * 60)


def test_a_file_of_ones_own_replaces_the_one_that_ships(tmp_path: Path) -> None:
    assert quiet_hours(tmp_path).opens(NIGHT, IN_PARIS).hour == 7
    (tmp_path / FILE).write_text(
        f"# ours\n{HEAD}\n{DEFAULT}\n# France\nFR,mon-fri,10:00,13:00,asked,2026-11-29\n"
        "FR,holiday,,,asked,2026-11-29\n",
        encoding="utf-8",
    )
    assert quiet_hours(tmp_path).opens(NIGHT, IN_PARIS).hour == 9
    eve_of_christmas = datetime(2026, 12, 24, 13, tzinfo=UTC)
    assert quiet_hours(tmp_path).opens(eve_of_christmas, IN_PARIS).day == 26
    assert Catalog.load(tmp_path).products  # which doesn't mind it


@pytest.mark.parametrize(
    ("line", "key", "problem"),
    [
        ("FL,mon-sun,08:00,20:00,law,2026-11-29", "area", "country"),  # meant: US-FL
        ("US-XX,mon-sun,08:00,20:00,law,2026-11-29", "area", "country"),
        (",mon-sun,08:00,20:00,law,2026-11-29", "area", "country"),
        ("US-FL,weekend,08:00,20:00,law,2026-11-29", "days", "days"),
        ("US-FL,sun-mon,08:00,20:00,law,2026-11-29", "days", "days"),
        ("US-FL,mon-,08:00,20:00,law,2026-11-29", "days", "days"),
        ("US-FL,,08:00,20:00,law,2026-11-29", "days", "days"),
        ("*,sun,08:00,20:00,law,2026-11-29", "days", "another line"),
        ("US-FL,mon-sun,8,20:00,law,2026-11-29", "opens", "time of day"),
        ("US-FL,mon-sun,,20:00,law,2026-11-29", "opens", "time of day"),
        ("US-FL,mon-sun,08:00,,law,2026-11-29", "closes", "time of day"),
        ("US-FL,mon-sun,08:00,24:01,law,2026-11-29", "closes", "time of day"),
        ("US-FL,mon-sun,20:00,08:00,law,2026-11-29", "closes", "later"),
        ("US-FL,mon-sun,08:00,08:00,law,2026-11-29", "closes", "later"),
        ("US-FL,mon-sun,08:00,20:00,,2026-11-29", "source", "from"),
        ("US-FL,mon-sun,08:00,20:00,law,", "as_of", "a date"),
        ("US-FL,mon-sun,08:00,20:00,law,20261129", "as_of", "a date"),
        ("US-FL,mon-sun,08:00,20:00,law", "as_of", "a date"),
        ("*,holiday,,,law,2026-11-29", "area", "holidays"),
        ("AC,holiday,,,law,2026-11-29", "area", "holidays"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_line(tmp_path: Path, line: str, key: str, problem: str) -> None:
    file = tmp_path / FILE
    file.write_text(f"# ours\n{HEAD}\n\n{DEFAULT}\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogMistake) as mistake:
        quiet_hours(tmp_path)
    assert mistake.value.details == {"file": str(file), "key": key, "line": 5}
    assert problem in str(mistake.value)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("", "area", 0),
        ("area,days,opens,closes,source\n", "as_of", 1),
        (f"{HEAD}\n*,mon-sat,08:00,21:00,ours,2026-11-29\n", "days", 0),
        (f"{HEAD}\n*,mon-sun,,,ours,2026-11-29\n", "area", 0),
        (f"{HEAD}\n{DEFAULT}\nFR,mon-sun,,,ours,2026-11-29\n", "area", 0),
        (f"{HEAD}\n{DEFAULT}\n{'x' * 200_000}\n", "", 3),
    ],
)
def test_so_is_what_is_wrong_with_the_whole(tmp_path: Path, text: str, key: str, line: int) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogMistake) as mistake:
        quiet_hours(tmp_path)
    assert (mistake.value.details["key"], mistake.value.details["line"]) == (key, line)


def test_a_file_that_is_none_is_a_mistake_too(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(CatalogMistake):
        quiet_hours(tmp_path)
