"""The people of the demo data: of many scripts and countries, each with what a text to them may name."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import timedelta

import phonenumbers

from store import Store, demo
from store.demo.words import PEOPLE
from store.messages.model import Draft
from store.people.model import ConsentState
from tests.store.demo.conftest import (
    BUILDINGS,
    COMMUNITY,
    TEXTS,
    account,
    all_of,
    member_ids,
    opted_out,
    words_of,
)

SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "TAMIL", "THAI", "CJK"}
SCRIPTS |= {"HANGUL", "KATAKANA", "GEORGIAN", "ARMENIAN", "ETHIOPIC"}


def test_five_hundred_people_in_many_scripts_and_countries(store: Store) -> None:
    people = store.people.contacts(limit=1_000)
    assert len(people) == 500
    scripts = {unicodedata.name(one.first_name[0]).split()[0] for one in people}
    assert scripts == SCRIPTS
    assert len({one.region for one in people}) >= 20
    names = Counter(one.name for one in people)
    assert {name for name, count in names.items() if count > 1} == {"Marcus Brooks"}
    assert all(count >= 5 for _, count in store.people.groups())


def test_every_number_is_one_that_can_be_texted_and_every_address_is_nobodys(store: Store) -> None:
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 500
    for row in rows:
        number = phonenumbers.parse(row["phone"])
        assert phonenumbers.is_valid_number(number), row
        assert not row["phone"].endswith(("0000", "0001", "0002", "0003")), row
        if number.country_code == 1:  # the range that is kept for fiction
            assert row["phone"][5:10] == "55501", row
        assert row["email"].endswith("@example.com") or not row["email"]


def test_residents_live_in_units_a_few_of_them_together(store: Store) -> None:
    residents = store.people.contacts(group="Residents", limit=1_000)
    homes = defaultdict(list)
    for one in residents:
        own = dict(one.fields)
        assert own["building"] in BUILDINGS
        assert re.fullmatch(r"[1-9][0-9]?[AB]", own["unit"])
        assert one.household == f"{own['building']} {own['unit']}"
        assert f"Unit {own['unit']}," in one.address
        homes[one.household].append(one)
    sizes = Counter(len(home) for home in homes.values())
    assert sizes.keys() == {1, 2, 3}
    assert sizes[2] + sizes[3] > sizes[1]
    owners, tenants = (set(member_ids(store, name)) for name in ("Owners", "Tenants"))
    assert {one.id for one in residents} == owners ^ tenants  # everybody is one of them
    assert set(member_ids(store, "Board")) < owners


def test_a_text_to_the_residents_is_needed_once_a_household(store: Store) -> None:
    community = account(store, COMMUNITY).id
    audience = store.messages.audience(community, Draft(body="Hi", groups=("Residents",), household=True))
    homes = [one.household for one in audience.recipients]
    assert len(homes) == len(set(homes)) == len({one.household for one in all_of(store, "Residents")})
    assert {one.code for one in audience.twice} == {"household"}


def test_clients_have_what_the_agent_writes_of(store: Store) -> None:
    for group, field in (
        *(("Buyers", "looking_for"), ("Buyers", "neighborhood"), ("Renters", "looking_for")),
        *(("Sellers", "house"), ("Past clients", "house")),
    ):
        assert all(dict(one.fields).get(field) for one in all_of(store, group))


def test_some_have_several_numbers_and_some_may_be_there_twice(store: Store) -> None:
    people = store.people.contacts(limit=1_000)
    several = {one.name: [number.kind for number in one.numbers] for one in people if len(one.numbers) > 1}
    assert several["Tasha Yardley"] == ["other", "home", "work"]
    pairs = {frozenset((one.name, other.name)) for one in people for other in store.people.duplicates(one)}
    assert pairs == {frozenset({"Marcus Brooks"}), frozenset({"Zoë Côté", "Zoe Cote"})}


def test_some_have_opted_out_and_the_record_says_how(in_either: Store) -> None:
    out = opted_out(in_either)
    assert {(one.sender, one.why) for one in out} == {
        (account(in_either, TEXTS).id, words_of(in_either).stop),
        (account(in_either, COMMUNITY).id, words_of(in_either).stop),
        (0, words_of(in_either).asked),
    }
    assert all(one.name and one.at and one.at < demo.NOW - timedelta(days=30) for one in out)
    said = [one for one in in_either.consent.records() if one.state is ConsentState.IN]
    assert [one.why for one in said] == [words_of(in_either).signed]


def test_nobody_undoes_by_z_what_the_demo_data_began_with(store: Store) -> None:
    assert store.people.undo() is None
    assert len(store.people.contacts(limit=1_000)) == 500
