"""Who must not be texted, as columns say it."""

from __future__ import annotations

import pytest

from store.people.imports.csv_files import read_csv
from store.people.imports.reading import FileText
from store.people.imports.rows import people


def consent(column: str, cell: str) -> tuple[str, list[str]]:
    table, rows = read_csv(FileText(f"Name,Phone,{column}\nAda,415-555-2671,{cell}\n"), {}, "US")
    (row,) = people(rows, table.header, table.meaning)
    return row.consent, [note.code for note in row.notes]


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        *(
            ("Do Not Text", "Yes", "out"),
            ("DNC", "x", "out"),
            ("Opt-Out", "TRUE", "out"),
            ("OptedOut", "1", "out"),
        ),
        *(
            ("Unsubscribed", "2024-03-01", "out"),
            ("No SMS", "asked by phone", "out"),
            ("Opt Out", "Stop", "out"),
        ),
        *(("Do Not Text", "No", ""), ("DNC", "", ""), ("Opt-Out", "0", ""), ("DNC", "never", "")),
        *(("SMS Opt-In", "yes", "in"), ("Consent", "2024-03-01", "in"), ("SMS Opt-In", "No", "out")),
        *(("SMS Status", "Unsubscribed", "out"), ("SMS Status", "Subscribed", "in"), ("Opt-in", "", "")),
        *(
            ("Nicht anrufen", "Ja", "out"),
            ("Ne pas contacter", "Oui", "out"),
            ("Einwilligung", "Nein", "out"),
        ),
        *(("短信同意", "否", "out"), ("配信停止", "はい", "out"), ("Zgoda na SMS", "tak", "in")),
    ],
)
def test_a_column_says_who_may_be_texted(column: str, cell: str, says: str) -> None:
    assert consent(column, cell) == (says, [])


def test_an_answer_that_is_none_is_told() -> None:
    assert consent("SMS Opt-In", "web form") == ("", ["unclear-consent"])


def test_one_out_goes_before_all_else() -> None:
    table, rows = read_csv(FileText("Name,Phone,Opt-in,DNC\nAda,415-555-2671,yes,yes\n"), {}, "US")
    (row,) = people(rows, table.header, table.meaning)
    assert row.consent == "out"


def test_the_opt_out_of_one_number_is_that_numbers() -> None:
    header = "Name,Phone 1,Phone 1 DNC,Phone 2,Phone 2 DNC"
    table, rows = read_csv(FileText(f"{header}\nAda,415-555-2671,,415-555-2672,x\n"), {}, "US")
    (row,) = people(rows, table.header, table.meaning)
    assert [(number.written, number.consent) for number in row.numbers] == [
        ("415-555-2671", ""),
        ("415-555-2672", "out"),
    ]
    assert row.consent == ""
