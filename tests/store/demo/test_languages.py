"""The demo data's languages: groups, texts and plans in each, about the same people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store, demo
from store.demo.words import OWN_FIELDS, PEOPLE, Text, Words, read
from store.texts.merge import FIELDS, parse
from tests.store.demo.conftest import EMAILS, LANGUAGES, account, all_of, words_of
from tui.i18n.language import available


def test_there_is_demo_data_in_each_language_that_textmeter_speaks() -> None:
    assert set(demo.languages()) == set(available()) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_that_english_says_to_the_same_groups(language: str) -> None:
    said, english = read(language), read("en")
    assert said.people.keys() <= set(words_in_people())
    for texts, theirs in (
        (said.agent, english.agent),
        (said.community, english.community),
        (said.to_the_board, english.to_the_board),
        (said.storm, english.storm),
    ):
        assert [(text.to, text.household) for text in texts] == [(text.to, text.household) for text in theirs]
    assert len(said.agent_to_a_few) == len(english.agent_to_a_few)
    groups = [draft.groups for draft in english.drafts]
    assert [draft.groups for draft in said.drafts] == [tuple(map(said.of, names)) for names in groups]


def test_a_text_names_nothing_that_somebody_who_gets_it_lacks(in_either: Store) -> None:
    words = words_of(in_either)
    texts = [*words.agent, *words.community, *words.to_the_board, *words.storm]
    texts += [Text("Buyers", body) for body in (*words.agent_to_a_few, words.picture)]
    texts += [Text(to, words.moving) for to in ("Past clients", "Sellers", "Trades", "Renters")]
    for text in texts:
        template = parse(text.body, {*FIELDS, *in_either.people.own_fields()})
        assert template.unknown == ()
        for one in all_of(in_either, words.of(text.to)):
            assert template.missing({"first_name": one.first_name, **dict(one.fields)}) == ()


def test_somebody_who_speaks_spanish_finds_nothing_in_english(in_spanish: Path, tmp_path: Path) -> None:
    store = demo.open_copy(in_spanish, tmp_path)
    spanish, english = read("es"), read("en")
    assert {name for name, _ in store.people.groups()} == {
        "Antiguos clientes",
        "Buscan alquiler",
        "Compradores",
        "Inquilinos",
        "Junta",
        "Propietarios",
        "Proveedores",
        "Puertas abiertas",
        "Vecinos",
        "Vendedores",
    }
    assert set(store.people.own_fields()) == {"barrio", "building", "inmueble", "quiere", "unit"}
    told = {
        blast.body for one in store.credits.accounts() for blast in store.messages.blasts(one.id, limit=2_000)
    }
    assert told
    assert not told & everything(english)
    assert told <= everything(spanish)
    emails = account(store, EMAILS).id
    assert [plan.name for plan in store.smartplans.plans(emails)] == [
        "Nuevo comprador",
        "Después de la firma",
    ]
    values = {value for one in store.people.contacts(limit=1_000) for _, value in one.fields}
    assert not values & {"a garage", "a garden", "a home office", "a view", "two bedrooms"}
    store.close()


def test_people_are_the_same_in_every_language(store: Store, in_spanish: Path, tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    other = demo.open_copy(in_spanish, tmp_path / "es")
    here, there = (
        [
            (one.name, one.numbers, one.emails, one.address, one.household)
            for one in each.people.contacts(limit=1_000)
        ]
        for each in (store, other)
    )
    other.close()
    assert here == there


def test_who_speaks_another_language_has_english(tmp_path: Path) -> None:
    template = tmp_path / "demo.sqlite3"
    assert demo.in_language(template, "xx") == demo.in_language(template, "en") == template
    assert demo.in_language(template, "es") != template


def everything(words: Words) -> set[str]:
    """All texts."""
    texts: list[Text] = [*words.agent, *words.community, *words.to_the_board, *words.storm]
    return {*(text.body for text in texts), *words.agent_to_a_few, words.moving, words.picture}


def words_in_people() -> Iterator[str]:
    """The names of groups and own fields in the people's file, and what stands in these."""
    yield from OWN_FIELDS
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from row["groups"].split(";")
            yield from (row[name] for name in OWN_FIELDS)
