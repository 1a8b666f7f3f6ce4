"""Texts found by words in them: what the history's search asks."""

from __future__ import annotations

import pytest

from store import Store
from store.credits.model import Account
from store.messages.messenger import Messenger
from store.messages.model import AsSent, Draft

BODIES = [
    "Open house on Elm St",
    "ÉLAN, fête du quartier",
    "100 % sure_thing",
    r"a back\slash",
    "Größe wie gewünscht",
]


@pytest.fixture
def sent(messenger: Messenger, account: Account) -> list[int]:
    return [messenger.send(account.id, Draft(body=body, to=("+14155550100",))).id for body in BODIES]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("elm", [0]),
        ("OPEN HOUSE", [0]),
        ("élan", [1]),
        ("FÊTE", [1]),
        ("fete", []),
        ("%", [2]),
        ("e_t", [2]),
        ("e t", []),
        ("\\", [3]),
        ("größe", [4]),
        ("GEWÜNSCHT", [4]),
        ("e\u0301lan", [1]),
        ("nobody wrote this", []),
    ],
)
def test_a_part_of_a_text_finds_it_whatever_the_case(
    text: str, found: list[int], sent: list[int], store: Store, messenger: Messenger, account: Account
) -> None:
    statement, values = messenger.mentioning(account.id, text)
    ids = {id for (id,) in store.database.execute(statement, values)}
    assert ids == {str(sent[place]) for place in found}


def test_texts_of_another_account_are_not_found(sent: list[int], store: Store, messenger: Messenger) -> None:
    other = store.credits.open_account("agent-texts", "300", "America/New_York")
    statement, values = messenger.mentioning(other.id, "elm")
    assert not store.database.execute(statement, values).fetchall()


def test_texts_come_by_their_ids_as_they_were_sent(sent: list[int], messenger: Messenger) -> None:
    texts = messenger.as_sent(sent[:2])
    assert [texts[id].body for id in sent[:2]] == list(BODIES[:2])
    assert messenger.as_sent([]) == {}


def test_a_text_to_one_person_has_their_name_and_is_found_by_it(
    store: Store, messenger: Messenger, account: Account
) -> None:
    for number, name in enumerate(("Zoë", "Ann")):
        store.people.add(first_name=name, phone=f"+1415555010{number}", groups=("all",), region="US")
    body = "Hi {first_name|there}"
    one = messenger.send(account.id, Draft(body=body, contacts=(1,)))
    nobody = messenger.send(account.id, Draft(body=body, to=("+12125550101",)))
    both = messenger.send(account.id, Draft(body=body, groups=("all",)))
    assert messenger.as_sent([one.id, nobody.id, both.id]) == {
        one.id: AsSent("Zoë", "Hi Zoë"),
        nobody.id: AsSent("+12125550101", "Hi there"),
        both.id: AsSent("", "Hi Zoë"),
    }
    assert messenger.blast(one.id).as_sent == AsSent("Zoë", "Hi Zoë")
    statement, values = messenger.mentioning(account.id, "zoë")
    assert {id for (id,) in store.database.execute(statement, values)} == {str(one.id)}
