"""What people are called, whatever stands where their names belong."""

from __future__ import annotations

import pytest

from store.people.imports.called import called, called_whole


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [
        *(
            ("Mr. John Smith", "John", "Smith"),
            ("Mrs Ada Lane", "Ada", "Lane"),
            ("Dr. Ben Moss", "Ben", "Moss"),
        ),
        *(("Herr Dr. Jörg Müller", "Jörg", "Müller"), ("M. Zoé Lefèvre", "Zoé", "Lefèvre")),
        *(
            ("Sig.ra Giulia Rossi", "Giulia", "Rossi"),
            ("Smt. Asha Rao", "Asha", "Rao"),
            ("田中様", "田中", ""),
        ),
        *(
            ("Mr. Smith", "", "Smith"),
            ("Mr. & Mrs. Smith", "", "Mr. & Mrs. Smith"),
            ("Smith, Mr. John", "John", "Smith"),
        ),
        *(
            ("John and Mary Smith", "John and Mary", "Smith"),
            ("José Ortega y Gasset", "José", "Ortega y Gasset"),
        ),
        *(("John E Smith", "John", "E Smith"), ("Drew Moss", "Drew", "Moss"), ("Dr", "", "")),
        *(("zoe@example.com", "", ""), ("+1 415-555-2672", "", ""), ("(415) 555-2671", "", "")),
        *(("Unknown", "", ""), ("N/A", "", ""), ("-", "", ""), ("???", "", ""), ("", "", "")),
        *(("[@click=app.quit]Quit", "[@click=app.quit]Quit", ""), ("{first_name}", "{first_name}", "")),
    ],
)
def test_a_full_name_says_whom_to_greet(whole: str, first: str, last: str) -> None:
    assert called_whole(whole)[:2] == (first, last)


@pytest.mark.parametrize(
    ("first", "last", "greeted"),
    [
        *(
            ("Mr. John", "Smith", "John"),
            ("Mr.", "Smith", ""),
            ("Zoë", "O'Hara", "Zoë"),
            ("+1 415-555-2673", "", ""),
        ),
        *(("x.arrieta", "", ""), ("ada@example.com", "Lane", ""), ("李", "小龙", "李")),
    ],
)
def test_a_first_name_is_one(first: str, last: str, greeted: str) -> None:
    name = called(first, last, ["x.arrieta@example.com"])
    assert (name.first_name, name.last_name) == (greeted, last)


def test_a_title_is_kept() -> None:
    assert called_whole("Dr. Ben Moss").title == "Dr."
