"""`--filter`: who a search finds is listed, estimated and sent to."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from tests.tui.commands.conftest import Textmeter

ANN, BO, CY = "+14155550101", "+14155550102", "+14155550103"


@pytest.fixture
def people(account: Textmeter, tmp_path: Path) -> Textmeter:
    """Ann and Bo are buyers; Ann and Cy live on the fourth floor."""
    file = tmp_path / "people.csv"
    rows = f"First Name,Mobile Phone,Labels,Unit\nAnn,{ANN},buyers,4A\nBo,{BO},buyers,12\nCy,{CY},,4B\n"
    file.write_text(rows, encoding="utf-8")
    assert account("contacts", "import", str(file)).code == 0
    return account


def listed(people: Textmeter, query: str) -> list[str]:
    return [one["first_name"] for one in people("contacts", "list", "--filter", query, "--json").json]


def test_those_who_match_are_listed(people: Textmeter) -> None:
    assert listed(people, "unit:4*") == ["Ann", "Cy"]
    assert listed(people, "#buyers -unit:4*") == ["Bo"]
    assert listed(people, "unit:5*") == []
    assert "Bo" not in people("contacts", "list", "--filter", "unit:4*").out
    assert people("contacts", "list", "--filter", "unit:5*").out == "Nobody matches this filter.\n"


def test_what_is_sent_is_what_was_estimated_and_is_remembered(people: Textmeter) -> None:
    command = ("--filter", "#buyers", "--filter", "unit:4*", "Hi", "--json")
    found = people("estimate", *command).json
    assert (found["recipients"], found["credits"], found["left_out"]) == (3, 3, [])
    sent = people("send", "--filter", "unit:4*", "Hi", "--json").json
    assert [one["to"] for one in sent["messages"]] == [ANN, CY]
    assert listed(people, "-last-text:<1d") == ["Bo"]
    assert listed(people, "last-text:never") == ["Bo"]


def test_a_saved_filter_goes_by_its_name_and_can_be_left_out(people: Textmeter, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "textmeter.sqlite3"))
    store.people.save_filter("Fourth floor", "unit:4*")
    store.close()
    assert listed(people, "=fourth floor") == ["Ann", "Cy"]
    sent = people("send", "--filter", "=Fourth floor", "Hi", "--json").json
    assert [one["to"] for one in sent["messages"]] == [ANN, CY]
    found = people("estimate", "--everyone", "--except", "=Fourth floor", "Hi", "--json").json
    assert (found["recipients"], [one["to"] for one in found["left_out"]]) == (1, ["Ann", "Cy"])


def test_what_cant_be_followed_sends_nothing_and_lists_nobody(people: Textmeter) -> None:
    done = people("send", "--to", ANN, "--filter", "#Buyrs", "Hi", "--json")
    assert (done.code, done.json["error"]["message"]) == (
        2,
        "Can't use the filter “#Buyrs”: There is no group called “Buyrs”.",
    )
    assert people("balance", "--json").json["held"] == 0
    listing = people("contacts", "list", "--filter", 'company:"Elm', "--json")
    assert (listing.code, listing.json["error"]["code"]) == (2, "filter")
