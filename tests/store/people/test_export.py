"""What is exported comes back as it was: names, which number is texted, and people's own fields."""

from __future__ import annotations

import csv
import io
from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st

from store.people.export import columns, rows
from store.people.imports.importing import decide
from store.people.model import KINDS, Contact, Number, Person

WORDS = st.sampled_from(
    ["Ana", "Dr.", "Ruiz", "Mr. Bo", "O'Hara, Zoë", "ana@example.com", "Total", "12A", "n/a", "李"]
)
GROUPS = st.sampled_from(["Buyers", "A, B", "c;d", "x | y"])
LABELS = st.sampled_from(["", "Lobby", "Home office", "Cabin fax", "*", "main"])
NUMBERS = st.builds(
    lambda at, kind, label: Number(f"+14155550{at:03}", "US", kind, label),
    st.integers(100, 120),
    st.sampled_from(KINDS),
    LABELS,
)
OWN = st.sampled_from(["unit", "unit_no", "flat_no", "door", "email", "name", "consent", "groups", "mascota"])


def contact(at: int, numbers: list[Number], **known: object) -> Contact:
    """One with an address of their own, so that nobody is taken for another, and each number once."""
    unique = {number.phone: number for number in numbers}
    emails = (f"person{at}@example.com", "office@example.com")
    return Contact(id=at, numbers=tuple(unique.values()), emails=emails, **known)  # type: ignore[arg-type]


CONTACTS = st.lists(
    st.builds(
        contact,
        st.just(0),
        st.lists(NUMBERS, max_size=4),
        first_name=WORDS,
        last_name=WORDS | st.just(""),
        company=WORDS | st.just(""),
        fields=st.dictionaries(OWN, WORDS, max_size=4).map(lambda own: tuple(own.items())),
        note=st.lists(WORDS, max_size=3).map("\n".join),
        address=WORDS | st.just(""),
        household=WORDS | st.just(""),
        groups=st.lists(GROUPS, unique=True, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=6,
)


def exported(contacts: list[Contact]) -> str:
    text = io.StringIO()
    names = columns(contacts)
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows(contacts, names))
    return text.getvalue()


@settings(max_examples=200, deadline=None)
@given(CONTACTS)
def test_an_export_that_is_read_and_exported_again_is_the_same_file(contacts: list[Contact]) -> None:
    text = exported(contacts)
    reading = decide(io.BytesIO(text.encode()), "US")
    again = [
        Contact(id=0, **{field.name: getattr(row.person, field.name) for field in fields(Person)})
        for row in reading.rows
    ]
    assert exported(again) == text
    assert [person.phone for person in again] == [person.phone for person in contacts]
    assert [dict(person.fields) for person in again] == [dict(person.fields) for person in contacts]
