"""Columns are known by their names, whoever gave them."""

from __future__ import annotations

import pytest

from store.people.imports.columns import columns
from store.people.imports.incoming import group_names, kind_of


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Phone",
            "phone_number",
            "Mobile",
            "Mobile Phone",
            "Cell",
            "cell phone",
            "Phone 2",
            "Tel.",
            "iPhone",
        ),
        *("Business Phone 2", "Company Main Phone", "Primary Phone", "Phone 1 - Value", "Phone (mobile)"),
        *("Teléfono", "Teléfono móvil", "Móvil", "Celular", "Número de teléfono", "TELÉFONO DEL TRABAJO"),
    ],
)
def test_a_column_of_numbers_is_known(name: str) -> None:
    assert len(columns([name]).numbers) == 1
    assert not columns([name]).emails


@pytest.mark.parametrize(
    "name",
    [
        *("Assistant's Phone", "Phone 1 - Label", "Phone 1 - Type", "Phone carrier", "Number"),
        *("Postal code", "Cellar", "Emergency contact phone", "Email"),
    ],
)
def test_what_only_looks_like_one_is_not(name: str) -> None:
    assert not columns([name]).numbers


@pytest.mark.parametrize(
    "name",
    ["Business Fax", "Pager", "Radio Phone", "TTY/TDD Phone", "ISDN", "Callback", "Fax móvil", "Télécopie"],
)
def test_a_fax_and_its_like_are_kept_and_never_texted(name: str) -> None:
    (found,) = columns([name]).numbers
    assert found.kind.kind == "fax"


@pytest.mark.parametrize(
    "name",
    [
        *("Email", "E-mail Address", "E-mail 2 Address", "E-mail 1 - Value", "email_address", "Work email"),
        *("Correo", "Correo electrónico", "Dirección de correo electrónico", "mail"),
    ],
)
def test_a_column_of_addresses_is_known(name: str) -> None:
    assert columns([name]).emails == (0,)


@pytest.mark.parametrize(
    "name", ["E-mail Type", "E-mail Display Name", "E-mail 1 - Label", "Email opt-in", "Mailing"]
)
def test_what_only_speaks_of_addresses_is_none(name: str) -> None:
    assert not columns([name]).emails


def test_a_value_finds_the_column_that_says_its_kind() -> None:
    found = columns(
        ["Phone 1 - Type", "Phone 1 - Value", "Phone 2 - Label", "Phone 2 - Value", "Phone 3 - Value"]
    )
    assert [(column.index, column.label) for column in found.numbers] == [(1, 0), (3, 2), (4, None)]


@pytest.mark.parametrize(
    "better_first",
    [
        ("Mobile", "Main", "Home", "Work", "Other"),
        ("* Mobile", "", "_$!<Home>!$_"),
        ("type=CELL type=VOICE", "HOME VOICE pref", "WORK"),
        ("iPhone", "Phone", "Lake house"),
        ("Móvil", "Principal", "Casa", "Trabajo", "Otro"),
    ],
)
def test_mobiles_come_before_main_home_work_and_other_numbers(better_first: tuple[str, ...]) -> None:
    ranks = [kind_of(label).rank for label in better_first]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


@pytest.mark.parametrize("label", ["Work Fax", "HOME FAX", "Pager", "Cell fax"])
def test_a_fax_takes_no_texts(label: str) -> None:
    assert kind_of(label).kind == "fax"


def test_groups_that_everybody_is_in_are_no_groups() -> None:
    raw = [
        "* myContacts",
        "Buyers",
        " buyers ",
        "* My Contacts",
        "* starred",
        "* friends",
        "",
        "myContacts",
        "VIP",
    ]
    assert group_names(raw) == ("Buyers", "friends", "VIP")
