"""No row disappears without a word, whatever a file holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from store.people.imports.importing import decide, take
from store.people.imports.incoming import ImportRefused
from store.people.imports.merging import KnownPeople

CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.sampled_from(
        [
            *(
                "Ada Lane",
                "Mr.",
                "415-555-2671",
                "4155552672.0",
                "+44 7400 123456",
                "020 7183 8750",
                "4.2E+09",
            ),
            *(
                "ada@example.com",
                "n/a",
                "Yes",
                "No",
                "Phone",
                "Name",
                "Total",
                "",
                "415-555-2671 / 415-555-2672",
            ),
        ]
    ),
)
HEADERS = ["Name", "Phone", "Do Not Text", "Phone 2 Type", "Phone 2", "E-mail", "Unit", "Tags"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=12), st.sampled_from(",;\t|"))
def test_every_row_of_a_table_is_counted_or_told(rows: Sequence[Sequence[str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(HEADERS)
    writer.writerows([[cell.replace("\r", " ") for cell in row] for row in rows])
    reading = decide(io.BytesIO(text.getvalue().encode()), "US")
    report = take(reading, KnownPeople([]))
    told = {row.number for row in report.rows if row.outcome in ("refused", "left-out") and row.reason}
    taken = [row.number for row in reading.rows if row.person]
    assert report.added + report.merged + report.unchanged == len(taken)
    for number, row in enumerate(rows, start=1):
        blank = not any(
            character.isprintable() and not character.isspace() for cell in row for character in cell
        )
        assert number in told or number in taken or blank
    assert [column.name for column in report.columns] == HEADERS


LINES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(
                b"TEL;CELL:415-555-2671",
                b"TEL",
                b"FN:Zo\xc3",
                b" \xab",
                b"N;CHARSET=windows-1251:\xc8;\xcf",
                b"N:Lane;Ada",
            ),
            *(
                b"FN;ENCODING=QUOTED-PRINTABLE:J=F6rg=",
                b"NOTE;BASE64:!!",
                b"AGENT:",
                b"EMAIL:ada@example.com",
            ),
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(LINES, max_size=6), min_size=1, max_size=6))
def test_every_card_is_counted_or_told(cards: Sequence[Sequence[bytes]]) -> None:
    lines = [
        line.replace(b"\r", b"").replace(b"\n", b"")
        for card in cards
        for line in [b"BEGIN:VCARD", *card, b"END:VCARD"]
    ]
    # What is no card of its own, or makes the next line its own, is another test's.
    lines = [
        line for line in lines if b"AGENT" not in line and b"KIND" not in line.upper() and line[-1:] != b"="
    ]
    try:
        reading = decide(io.BytesIO(b"\r\n".join(lines)), "US")
    except ImportRefused:
        return  # that is a word, too
    assert [row.number for row in reading.rows] == list(range(1, len(cards) + 1))
    assert all(row.person or row.notes for row in reading.rows)
