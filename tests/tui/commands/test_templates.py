"""`textmeter templates`, and `--template` in the place of a text."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter

HERE, ABROAD = "+14155550123", "+447911123456"


def names(account: Textmeter, *options: str) -> list[str]:
    return [one["name"] for one in account(*options, "templates", "list", "--json").json]


def test_one_is_saved_listed_and_deleted(account: Textmeter) -> None:
    saved = account(
        "templates", "save", "Gate code", "The code is 4711.", "--purpose", "notice", "--language", "es"
    )
    assert saved.out == "Saved as “Gate code”.\n"
    found = account("templates", "list", "--json").json
    assert [one for one in found if not one["shipped"]] == [
        {
            "name": "Gate code",
            "text": "The code is 4711.",
            "purpose": "notice",
            "language": "es",
            "shipped": False,
        }
    ]
    assert "Gate code             The code is 4711." in account("templates", "list").out
    assert account("templates", "delete", "GATE CODE").out == "“Gate code” deleted.\n"
    assert "Gate code" not in names(account)


def test_an_agents_account_is_offered_those_of_agents_in_its_language(account: Textmeter) -> None:
    assert names(account)[:2] == ["After a showing", "Appointment reminder"]
    assert "Pool closed" not in names(account)
    assert "Puertas abiertas" in names(account, "--lang", "es")
    account("account", "open", "--product", "community-texts", "--plan", "200", "--yes")
    assert "Pool closed" in names(account, "--account", "2")
    assert "Open house" not in names(account, "--account", "2")


def test_without_any_it_says_so(account: Textmeter) -> None:
    for name in names(account):
        assert account("templates", "delete", name).code == 0
    assert account("templates", "list").out == "There are no templates.\n"
    assert account("templates", "list", "--json").json == []


def test_a_template_is_estimated_and_sent_with_its_fields(account: Textmeter) -> None:
    account("templates", "save", "Gate", "Hi {first_name|there}, the code is 4711.")
    to = ("--to", HERE, ABROAD, "--template", "GATE", "--json")
    found = account("estimate", *to).json
    assert (found["recipients"], found["credits"], found["sendable"]) == (2, 3, True)
    sent = account("send", *to).json
    assert sent["credits"] == 3
    (line,) = account("blasts", "list", "--json").json
    assert line["credits"] == 3
    assert account("conversation", HERE, "--json").json[0]["text"] == "Hi there, the code is 4711."


def test_a_number_after_a_template_is_one_more_of_those_who_get_it(account: Textmeter) -> None:
    for template in (("--template", "closing day"), ("--template=closing day",)):
        assert account("estimate", *template, "--to", HERE, ABROAD, "--json").json["recipients"] == 2


@pytest.mark.parametrize("words", [("Hi", "--template", "closing day"), ("--template", "open house")])
def test_what_cant_be_sent_holds_nothing(account: Textmeter, words: tuple[str, ...]) -> None:
    assert account("send", "--to", HERE, *words).code == 2
    assert account("balance", "--json").json["available"] == 300


def test_advice_tells_what_filters_look_for_and_who_writes(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = ("estimate", "--purpose", "conversation", "--to", HERE, ABROAD)
    command = (*to, "See bit.ly/a", "--json")
    found = account(*command).json
    assert found["warnings"] == []
    assert found["advice"] == [
        "Carriers block bit.ly links because they hide where they lead. Use the full link."
    ]
    assert found["sendable"]
    monkeypatch.setenv("TEXTMETER_TEXTS_NAMES", "Elm Realty, Zoë")
    assert len(account(*command).json["advice"]) == 2
    assert "starts with Elm Realty" in account(*command).json["advice"][1]
    assert account(*to, "Zoe: come", "--json").json["advice"] == []
