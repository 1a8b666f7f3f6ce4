"""What people call columns, in ten languages, and which row does so."""

from __future__ import annotations

import pytest

from store.errors import WrongUsage
from store.people.imports.columns import columns
from store.people.imports.csv_files import read_csv
from store.people.imports.headers import FirstValues, Table
from store.people.imports.incoming import Incoming, NobodyReached
from store.people.imports.reading import FileText
from store.people.imports.rows import people
from store.people.model import Column

# first name, last name, company, mobile, work phone, email, do not text
LANGUAGES = {
    "English": "First Name,Last Name,Company,Mobile Phone,Business Phone,E-mail Address,Do Not Text",
    "Spanish": "Nombre,Apellidos,Empresa,Teléfono móvil,Teléfono del trabajo,Correo electrónico,No llamar",
    "French": "Prénom,Nom,Société,Tél. mobile,Téléphone (bureau),Adresse de messagerie,Ne pas contacter",
    "German": "Vorname,Nachname,Firma,Mobiltelefon,Telefon geschäftlich,E-Mail-Adresse,Nicht kontaktieren",
    "Italian": "Nome,Cognome,Società,Cellulare,Telefono (ufficio),Indirizzo email,Non contattare",
    "Portuguese": "Nome,Sobrenome,Empresa,Celular,Telefone comercial,Endereço de email,Não contatar",
    "Dutch": "Voornaam,Achternaam,Bedrijf,Mobiele telefoon,Telefoon werk,E-mailadres,Niet bellen",
    "Polish": "Imię,Nazwisko,Firma,Telefon komórkowy,Telefon służbowy,Adres e-mail,Nie kontaktować",
    "Japanese": "名,姓,会社,携帯電話,会社電話,電子メール アドレス,配信停止",
    "Chinese": "名,姓,公司,移动电话,商务电话,电子邮件地址,退订",
}


def read(text: str, **mapping: str) -> tuple[Table, list[Incoming]]:
    table, rows = read_csv(FileText(text), mapping, "US")
    return table, list(people(rows, table.header, table.meaning))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_is_understood_in_each_language(language: str) -> None:
    table, (row,) = read(
        f"{LANGUAGES[language]}\nAda,Lane,Elm,(415) 555-2671,(415) 555-2600,ada@example.com,x\n"
    )
    assert (row.first_name, row.last_name, row.company) == ("Ada", "Lane", "Elm")
    assert [(number.written, number.kind) for number in row.numbers] == [
        ("(415) 555-2671", "mobile"),
        ("(415) 555-2600", "work"),
    ]
    assert (row.emails, row.consent) == (("ada@example.com",), "out")
    assert None not in table.meaning.fields


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(("Phone No", "phone"), ("Ph.", "phone"), ("phno", "phone"), ("Owner Phone", "phone")),
        *(("Tel #", "phone"), ("Mob No.", "mobile"), ("Cell #", "mobile"), ("MobilePhone", "mobile")),
        *(
            ("Contact Number", "phone"),
            ("Handynummer", "mobile"),
            ("携帯電話番号", "mobile"),
            ("手机号码", "mobile"),
        ),
        *(("Tenant", "name"), ("Client Name", "name"), ("ownerName", "name"), ("RESIDENT", "name")),
        *(("FNAME", "first_name"), ("Owner 1 Last Name", "last_name"), ("Imię i nazwisko", "name")),
        *(("EmailAddress", "email"), ("Client E-mail", "email"), ("Tenant's email", "email")),
        *(("flatNo", "unit"), ("Apt #", "unit"), ("Building", "building"), ("Wohnung", "unit")),
        *(("DNC", "consent"), ("Opt-Out", "consent"), ("Unsubscribed", "consent"), ("SMS opt in", "consent")),
        *(("Phone 1 Type", "phone"), ("Calling Code", "country"), ("Mailing City", "address")),
        *(("Emergency contact phone", None), ("Email Opt-In", None), ("URL", None), ("Spouse", None)),
        *(("Lead Source", None), ("Position", None), ("", None)),
    ],
)
def test_people_call_columns_what_they_like(name: str, field: str | None) -> None:
    assert columns([name]).fields == (field,)


def test_a_name_beside_the_other_name_is_no_whole_one() -> None:
    for header, row in (
        ("Nombre,Apellidos,Móvil", "Ada,Lane,1"),
        ("Nom,Prénom,Mobile", "Lane,Ada,1"),
        ("Name,First name,Cell", "Ada Lane,Ada,1"),
        ("Nombre,Móvil", "Ada Lane,1"),
        ("Name,Vorname,Handy", "Lane,Ada,1"),
    ):
        _, (person,) = read(f"{header}\n{row}\n")
        assert (person.first_name, person.last_name) == ("Ada", "Lane"), header


def test_a_tenants_number_is_not_an_owners() -> None:
    table, (row,) = read("Owner Name,Owner Phone,Tenant Name,Tenant Phone\nAda Lane,1,Ben Moss,2\n")
    assert (row.first_name, [number.written for number in row.numbers]) == ("Ada", ["1"])
    assert table.meaning.fields == ("name", "phone", None, None)


def test_lines_above_the_names_of_columns_are_no_people() -> None:
    table, (row,) = read('Rent roll,,\n"As of Nov 30, 2026",,\n\nTenant,Unit,Phone\nAda Lane,4B,1\n')
    assert (row.number, row.first_name, row.fields) == (1, "Ada", (("unit", "4B"),))
    assert len(table.above) == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Lane,415-555-2671\nBen Moss,415-555-2672\n", ("Ada", "Lane")),
        ("Ada;Lane;ada@example.com;415-555-2671\n", ("Ada", "Lane")),
        ("4155552671\n4155552672\n", ("", "")),
        ("Nimi,Puhelin\nAda Lane,415-555-2671\n", ("Ada", "Lane")),
    ],
)
def test_a_list_whose_columns_nobody_named_is_known_by_what_stands_there(
    text: str, name: tuple[str, str]
) -> None:
    _, rows = read(text)
    assert (rows[0].first_name, rows[0].last_name) == name
    assert rows[0].numbers[0].written.replace("-", "") == "4155552671"


def test_a_header_that_comes_again_and_a_total_are_told_and_no_people() -> None:
    _, rows = read("Name,Phone\nAda,1\nName,Phone\nBen,2\nTotal: 2,\n")
    assert [row.nobody.code if row.nobody else row.first_name for row in rows] == [
        *("Ada", "header-again", "Ben", "total"),
    ]


def test_whoever_imports_says_what_a_column_is() -> None:
    table, (row,) = read(
        "Who,Code,Line,Remarks\nAda Lane,7,415-555-2671,x\n",
        Who="name",
        Code="lot",
        Line="mobile",
        Remarks="ignore",
    )
    assert (row.first_name, row.fields, row.note) == ("Ada", (("lot", "7"),), "")
    assert table.meaning.fields == ("name", "lot", "mobile", None)
    with pytest.raises(WrongUsage, match=r"no column Whom.*Name, Phone"):
        read("Name,Phone\nAda,1\n", Whom="name")


def test_a_row_is_no_header_whatever_is_said_of_its_columns() -> None:
    _, people = read("Ann,415 555 0120,A-1\nBo,415 555 0121,B-2\n", **{"2": "mobile", "3": "code"})
    assert [(row.first_name, row.numbers[0].kind, row.fields) for row in people] == [
        ("Ann", "mobile", (("code", "A-1"),)),
        ("Bo", "mobile", (("code", "B-2"),)),
    ]


def test_what_is_to_be_ignored_is_not_guessed_again() -> None:
    table, _ = read("Ann,415 555 0120,415 555 0199\nBo,415 555 0121,415 555 0198\n", **{"3": "ignore"})
    assert table.meaning.fields == ("name", "phone", None)


def test_what_is_said_of_one_column_leaves_the_others_to_be_guessed() -> None:
    table, _ = read("Foo,Bar\nAnn,415 555 0120\nBo,415 555 0121\n", Bar="mobile")
    assert table.meaning.fields == ("name", "mobile")


def test_a_column_of_which_only_somebody_knows_what_it_is_may_stand_below_a_title() -> None:
    table, (row,) = read("Our list\n\nFoo,Bar\nAnn,415 555 0120\n", Bar="phone")
    assert (table.header, row.number, row.numbers[0].written) == (["Foo", "Bar"], 1, "415 555 0120")


def test_where_nobody_can_be_reached_the_columns_are_told_with_what_stands_in_them() -> None:
    with pytest.raises(NobodyReached) as refused:
        read("Foo,Bar\nAnn,x12\nAnn,\nBo,x13\n")
    assert refused.value.columns == (
        Column("Foo", None, ("Ann", "Bo")),
        Column("Bar", None, ("x12", "x13")),
    )


def test_what_stands_in_a_column_late_is_seen() -> None:
    values = FirstValues([["Ann"]] * 1_000 + [["Ann", " "], ["Ann", "x"]], unused=[1, 2])
    assert [values.of(at) for at in range(3)] == [("Ann",), ("x",), ()]
