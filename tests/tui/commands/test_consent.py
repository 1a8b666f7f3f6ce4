"""`textmeter consent`, and who is left out by `estimate` and `send`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter

ANN, BO, CY = "+14155550101", "+14155550102", "+14155550103"


@pytest.fixture
def people(account: Textmeter, tmp_path: Path) -> Textmeter:
    """Ann and Bo are buyers, Cy is nobody's."""
    file = tmp_path / "people.csv"
    rows = f"First Name,Mobile Phone,Labels\nAnn,{ANN},buyers\nBo,{BO},buyers\nCy,{CY},\n"
    file.write_text(rows, encoding="utf-8")
    assert account("contacts", "import", str(file)).code == 0
    return account


def test_who_is_out_gets_nothing_and_is_told_with_the_reason(people: Textmeter) -> None:
    said = people("consent", "out", "(415) 555-0101", "--why", "asked on the phone", "--json").json
    assert (said["number"], said["state"], said["how"], said["why"]) == (
        ANN,
        "out",
        "noted",
        "asked on the phone",
    )
    assert said["sender"] == 1
    found = people("estimate", "--group", "buyers", "Hi", "--json").json
    assert (found["recipients"], found["warnings"]) == (1, [])
    assert [(one["to"], one["code"]) for one in found["left_out"]] == [("Ann", "opted-out")]
    assert found["advice"] == ["1 opted out and gets nothing."]
    sent = people("send", "--group", "buyers", "Hi", "--json").json
    assert [one["to"] for one in sent["messages"]] == [BO]
    assert [one["to"] for one in sent["left_out"]] == ["Ann"]
    assert "× Ann: Opted out on" in people("send", "--group", "buyers", "Hi").out


def test_a_number_that_is_out_cant_be_texted_at_all(people: Textmeter) -> None:
    people("consent", "out", ANN)
    done = people("send", "--to", ANN, "Hi", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "no-recipients")
    people("consent", "in", ANN, "--why", "wrote START")
    assert people("send", "--to", ANN, "Hi", "--json").json["credits"] == 1


def test_what_waits_when_they_opt_out_is_not_sent(people: Textmeter) -> None:
    people("send", "--to", ANN, BO, "--no-wait", "Hi")
    people("consent", "out", ANN)
    blast = people("send", "--to", CY, "Hi", "--json")
    assert blast.code == 0
    balance = people("balance", "--json").json
    assert (balance["available"], balance["held"], balance["used"]) == (298, 0, 2)


def test_everyone_less_a_group_and_a_number(people: Textmeter) -> None:
    found = people("estimate", "--everyone", "--except", "#Buyers", "--except", CY, "Hi", "--json").json
    assert (found["recipients"], found["sendable"]) == (0, False)
    assert [(one["to"], one["code"]) for one in found["left_out"]] == [
        ("Ann", "excepted"),
        ("Bo", "excepted"),
        ("Cy", "excepted"),
    ]
    assert people("estimate", "--everyone", "Hi", "--json").json["recipients"] == 3
    assert people("estimate", "--everyone", "--except", ANN, BO, "Hi", "--json").json["recipients"] == 1


def test_a_list_that_was_pasted_is_its_numbers_each_once(people: Textmeter) -> None:
    found = people("estimate", "--to", f"{ANN}, {BO};{ANN}\n(415) 555-0102", "Hi", "--json").json
    assert found["recipients"] == 2
    assert [one["code"] for one in found["left_out"]] == ["duplicate", "duplicate"]


def test_a_list_takes_nobody_back_and_leaves_that_to_a_person(people: Textmeter) -> None:
    people("consent", "out", ANN, "--why", "first")
    listed = f"Number;State;Why\n{ANN};in;web form\n{BO};out;DNC\n{CY};;\n12;out;\n{CY};maybe;\n"
    found = people("consent", "import", "-", "--json", stdin=listed.encode()).json
    assert (found["applied"], found["asks"], found["unchanged"]) == (1, 1, 0)
    assert [(one["row"], one["code"]) for one in found["refused"]] == [(5, "short-code"), (6, "no-state")]
    (asked,) = people("consent", "review", "--json").json
    assert (asked["number"], asked["state"], asked["asks"], asked["name"]) == (ANN, "out", "in", "Ann")
    states = {one["number"]: one["state"] for one in people("consent", "list", "--json").json}
    assert states == {ANN: "out", BO: "out", CY: "unknown"}
    assert {one["number"] for one in people("consent", "list", "--out", "--json").json} == {ANN, BO}
    people("consent", "in", ANN, "--why", "signed the form")
    assert people("consent", "review", "--json").json == []


def test_a_list_without_states_is_of_those_who_are_out(people: Textmeter) -> None:
    done = people("consent", "import", "-", stdin=f"{ANN}\n415-555-0102\n".encode())
    assert done.out == "2 recorded, 0 already known, 0 for you to decide, 0 refused.\n"
    assert len(people("consent", "list", "--out", "--json").json) == 2


def test_what_is_no_list_is_refused(people: Textmeter) -> None:
    done = people("consent", "import", "-", "--json", stdin=b"\xff\xfe\x00")
    assert (done.code, done.json["error"]["code"]) == (1, "unreadable-list")
    assert people("consent", "list", "--out", "--json").json == []


def test_the_proof_has_everything_that_was_said(people: Textmeter, tmp_path: Path) -> None:
    people("consent", "out", ANN, "--why", "=1+1")
    people("consent", "in", ANN, "--why", "START")
    file = tmp_path / "proof.csv"
    assert people("consent", "export", str(file), "--json").json == {"file": str(file), "records": 2}
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["number"], row["state"], row["why"], row["followed"]) for row in rows] == [
        (ANN, "out", "'=1+1", "yes"),
        (ANN, "in", "START", "yes"),
    ]
    assert all(row["at"] and row["sender"] == "1" for row in rows)
    again = people("consent", "export", str(file), "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "exists")
    assert people("consent", "export", "-").out.splitlines() == file.read_text().splitlines()


def test_people_read_who_is_out_since_when_and_why(people: Textmeter) -> None:
    people("consent", "out", ANN, "--why", "asked on the phone")
    head, first, *_others = people("consent", "list").out.splitlines()
    assert head.split() == ["Number", "Name", "State", "Since", "How", "Why"]
    assert first.startswith(f"{ANN}  Ann   opted out")
    assert first.endswith("noted by hand  asked on the phone")
    assert people("consent", "review").out == "Nothing needs your decision.\n"
    assert people("--lang", "es", "consent", "list").out.splitlines()[0].split()[0] == "Número"
