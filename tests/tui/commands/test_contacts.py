"""`textmeter contacts`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter

HEADER = "First Name,Last Name,Mobile Phone,E-mail Address,Labels\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(
        HEADER + "Zoë,O'Hara,(415) 555-0134,zoe@example.com,buyers\n"
        'José,"[/] \x1b[2J\u202e",+44 7911 123456,,\n'
        "Nobody,Known,555-2671,,\n",
        encoding="utf-8",
    )
    return file


def test_people_are_imported_and_the_rest_is_reported(account: Textmeter, people: Path) -> None:
    report = account("contacts", "import", str(people), "--json").json
    assert (report["added"], report["merged"], report["unchanged"]) == (2, 0, 0)
    (refused,) = report["refused"]
    assert (refused["row"], refused["name"]) == (3, "Nobody Known")


def test_the_same_file_twice_changes_nothing(account: Textmeter, people: Path) -> None:
    account("contacts", "import", str(people))
    report = account("contacts", "import", str(people), "--json").json
    assert (report["added"], report["merged"], report["unchanged"]) == (0, 0, 2)


def test_people_read_why_a_row_was_refused(account: Textmeter, people: Path) -> None:
    out = account("contacts", "import", str(people)).out
    assert "2 added, 0 merged, 0 unchanged, 1 refused." in out
    assert "× row 3 Nobody Known: " in out


def test_no_name_commands_the_terminal(account: Textmeter, people: Path) -> None:
    account("contacts", "import", str(people))
    out = account("contacts", "list").out
    assert "José [/]" in out
    assert not {"\x1b", "\u202e"} & set(out)


def test_contacts_are_listed_by_name_over_many_pages(
    account: Textmeter, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.commands.contacts.PAGE", 1)
    account("contacts", "import", str(people))
    names = [contact["first_name"] for contact in account("contacts", "list", "--json").json]
    assert names == ["José", "Zoë"]


def test_numbers_are_read_in_the_accounts_country_unless_told(textmeter: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "uk.csv").write_text(HEADER + "Al,Low,07911 123456,,\n")
    textmeter("account", "open", "--product", "agent-texts", "--plan", "300", "--country", "GB")
    assert textmeter("contacts", "import", str(tmp_path / "uk.csv"), "--json").json["added"] == 1


def test_without_an_account_numbers_are_read_as_of_the_united_states(
    textmeter: Textmeter, people: Path, tmp_path: Path
) -> None:
    assert textmeter("contacts", "import", str(people), "--json").json["added"] == 2
    (tmp_path / "uk.csv").write_text(HEADER + "Al,Low,07911 123457,,\n")
    uk = str(tmp_path / "uk.csv")
    assert textmeter("contacts", "import", uk, "--json").json["added"] == 0
    assert textmeter("contacts", "import", uk, "--region", "gb", "--json").json["added"] == 1


def test_without_contacts_it_says_how_to_get_some(account: Textmeter) -> None:
    assert "textmeter contacts import FILE" in account("contacts", "list").out


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02" * 1_000, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"Colour,Shape\nred,round\n"],
    ids=["empty", "binary", "picture", "no phone"],
)
def test_a_file_without_people_is_refused_in_a_sentence(
    account: Textmeter, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    done = account("contacts", "import", str(tmp_path / "file.csv"), "--json")
    assert done.code in (1, 2)
    assert done.json["error"]["message"].endswith(".")
    assert done.json["error"]["code"] != "unexpected"
    assert account("contacts", "list", "--json").json == []


def test_a_file_of_100_mb_is_refused_at_once(account: Textmeter, tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(101 * 1024 * 1024)
    done = account("contacts", "import", str(huge), "--json")
    assert done.code in (1, 2)
    assert done.json["error"]["code"] != "unexpected"


@pytest.mark.parametrize("name", [".", "nowhere.csv", "\x00.csv"])
def test_a_file_that_cannot_be_read_is_named(
    account: Textmeter, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = account("contacts", "import", name, "--json")
    assert done.code in (1, 2)
    assert done.json["error"]["code"] != "unexpected"


def test_people_come_from_standard_input_too(account: Textmeter, people: Path) -> None:
    done = account("contacts", "import", "-", stdin=people.read_bytes())
    assert "2 added, 0 merged, 0 unchanged, 1 refused." in done.out
    assert account("contacts", "import", "-", "--json", stdin=people.read_bytes()).json["unchanged"] == 2


def test_what_comes_by_standard_input_and_is_nobody_is_called_that(account: Textmeter) -> None:
    assert account("contacts", "import", "-").err == "Standard input is empty. Nothing was changed.\n"
    refused = account("contacts", "import", "-", "--json", stdin=b"PK\x03\x04").json["error"]
    assert refused["code"] == "binary-file"
    assert refused["message"].startswith("Standard input isn't a text file.")


FULL = (
    "First Name,Last Name,Mobile Phone,E-mail Address,Labels\n"
    "Zoë,O'Hara,(415) 555-0134,zoe@example.com,buyers\n"
    "Ann,Lee,(415) 555-0134,,buyers\n"
)


@pytest.fixture
def known(account: Textmeter, tmp_path: Path) -> Textmeter:
    """Two people with one number."""
    (tmp_path / "full.csv").write_text(FULL, encoding="utf-8")
    assert account("contacts", "import", str(tmp_path / "full.csv"), "--json").json["added"] == 2
    return account


def test_two_people_with_one_number_are_listed_with_all_their_keys(known: Textmeter) -> None:
    ann, zoe = known("contacts", "list", "--json").json
    assert (ann["first_name"], ann["phone"], zoe["phone"]) == ("Ann", "+14155550134", "+14155550134")
    assert zoe["numbers"] == [{"number": "+14155550134", "kind": "mobile", "label": ""}]
    assert (zoe["fields"], zoe["zone"], zoe["language"], zoe["emails"]) == ({}, "", "", ["zoe@example.com"])


def test_a_contact_is_shown_by_id_or_number(known: Textmeter) -> None:
    first = known("contacts", "show", "(415) 555-0134", "--json").json
    assert first["first_name"] == "Zoë"
    assert known("contacts", "show", str(first["id"]), "--json").json == first
    out = known("contacts", "show", str(first["id"])).out
    assert "Zoë O'Hara" in out
    assert "(415) 555-0134" in out
    nobody = known("contacts", "show", "999", "--json")
    assert (nobody.code, nobody.json["error"]["code"]) == (2, "no-contact")


def test_who_opted_out_is_listed_so(known: Textmeter) -> None:
    assert {one["consent"] for one in known("contacts", "list", "--json").json} == {"unknown"}
    known("consent", "out", "(415) 555-0134", "--why", "wrote STOP")
    assert {one["consent"] for one in known("contacts", "list", "--json").json} == {"out"}
    assert known("contacts", "show", "1", "--json").json["consent"] == "out"


def test_a_do_not_text_column_opts_out_for_good(account: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Name,Phone,Do Not Text\nAnn,415-555-0134,yes\nBo,415-555-0135,\n")
    account("contacts", "import", str(tmp_path / "p.csv"))
    account("contacts", "import", "--undo")
    (tmp_path / "p.csv").write_text("Name,Phone,Do Not Text\nAnn,415-555-0134,no\n")
    account("contacts", "import", str(tmp_path / "p.csv"))
    (ann,) = account("contacts", "list", "--json").json
    assert (ann["first_name"], ann["consent"]) == ("Ann", "out")
    sent = account("send", "--everyone", "Hello", "--json")
    assert sent.code != 0
    assert account("estimate", "--everyone", "Hello", "--json").json["left_out"][0]["to"] == "Ann"


def test_an_import_is_undone_whole_and_once(known: Textmeter) -> None:
    undone = known("contacts", "import", "--undo", "--json").json
    assert (undone["file"], undone["people"]) == ("full.csv", 2)
    assert known("contacts", "list", "--json").json == []
    again = known("contacts", "import", "--undo", "--json")
    assert (again.code, again.json["error"]["code"]) == (2, "nothing-to-undo")
    assert known("contacts", "import").err.startswith("FILE is missing.\n")


def test_what_is_exported_can_be_imported_again(known: Textmeter, tmp_path: Path) -> None:
    before = known("contacts", "list", "--json").json
    path = tmp_path / "exported.csv"
    assert known("contacts", "export", str(path), "--json").json == {"file": str(path), "contacts": 2}
    again = known("contacts", "import", str(path), "--json").json
    assert (again["added"], again["merged"], again["unchanged"]) == (0, 0, 2)
    known("contacts", "import", "--undo")
    known("contacts", "import", str(path))
    without_ids = [{**contact, "id": 0} for contact in known("contacts", "list", "--json").json]
    assert without_ids == [{**contact, "id": 0} for contact in before]
    assert known("contacts", "export", str(path), "--json").json["error"]["code"] == "exists"


def test_fields_of_peoples_own_come_back_as_they_are_called(account: Textmeter, tmp_path: Path) -> None:
    there, exported, again = (tmp_path / name for name in ("there.csv", "exported.csv", "again.csv"))
    there.write_text("Name,Phone,Unit No,Pet\nAna Ruiz,(415) 555-0134,12A,cat\n", encoding="utf-8")
    account("contacts", "import", str(there), "--map", "Unit No=flat_no", "--map", "Pet=pet")
    (before,) = account("contacts", "list", "--json").json
    assert before["fields"] == {"flat_no": "12A", "pet": "cat"}
    account("contacts", "export", str(exported))
    account("contacts", "import", "--undo")
    account("contacts", "import", str(exported))
    (after,) = account("contacts", "list", "--json").json
    assert {**after, "id": 0} == {**before, "id": 0}
    account("contacts", "export", str(again))
    assert again.read_text() == exported.read_text()


def test_groups_are_listed_filled_renamed_and_removed(known: Textmeter) -> None:
    assert known("groups", "list", "--json").json == [{"group": "buyers", "people": 2}]
    assert known("groups", "add", "VIP", "+14155550134", "--json").json == {"group": "VIP", "people": 1}
    assert known("groups", "rename", "vip", "Friends", "--json").json == {"group": "Friends", "people": 1}
    assert known("groups", "remove", "buyers", "1", "--json").json == {"group": "buyers", "people": 1}
    assert known("groups", "list", "--json").json == [
        {"group": "buyers", "people": 1},
        {"group": "Friends", "people": 1},
    ]
    assert known("groups", "remove", "Friends").out == "1 person removed from #Friends.\n"
    gone = known("groups", "remove", "Friends", "--json")
    assert (gone.code, gone.json["error"]["code"]) == (2, "no-group")


def test_a_look_says_what_columns_become_and_changes_nothing(account: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Owner,Phone No,Flat No,Since\nAda Lane,415-555-2671,4B,2019\n")
    out = account("contacts", "import", "--dry-run", str(tmp_path / "p.csv")).out
    assert "Phone No  phone" in out
    assert "Since     (not used)" in out
    assert "1 added" in out
    assert account("contacts", "list", "--json").json == []


def test_columns_and_what_was_left_out_are_told(account: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Owner,Phone No,Flat No,Since\nAda Lane,415-555-2671 / 12,4B,2019\n")
    report = account(
        "contacts", "import", str(tmp_path / "p.csv"), "--map", "Since=joined", "Flat No=ignore", "--json"
    ).json
    assert report["columns"] == [
        {"column": "Owner", "field": "name"},
        {"column": "Phone No", "field": "phone"},
        {"column": "Flat No", "field": None},
        {"column": "Since", "field": "joined"},
    ]
    ((left_out),) = report["left_out"]
    assert left_out["row"] == 1
    assert left_out["reason"].startswith("12 was left out:")


@pytest.mark.parametrize("said", ["Since", "=unit", "Since=", "Whom=name"])
def test_a_column_that_is_none_is_refused(account: Textmeter, tmp_path: Path, said: str) -> None:
    (tmp_path / "p.csv").write_text("Owner,Phone No,Since\nAda Lane,415-555-2671,2019\n")
    assert account("contacts", "import", str(tmp_path / "p.csv"), "--map", said).code == 2
    assert account("contacts", "list", "--json").json == []
