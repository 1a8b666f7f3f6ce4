"""Texts under a name: saved, renamed, deleted and brought back, and those that come with Textmeter."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from store import Store
from store.credits.model import Account
from store.errors import RefusedByRule, WrongUsage
from store.messages.model import Draft, Purpose, Template
from store.people.names import fold
from store.texts import merge
from store.texts.near_misses import near_misses
from store.texts.segments import size
from tests.environment import CHECKOUT
from tests.store.working import OLA, SAM, VIC, at_work

FOLDER = CHECKOUT / "assets" / "templates"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml"))


def names(store: Store, language: str = "en", *, community: bool | None = None) -> list[str]:
    return [one.name for one in store.templates.all(language, community=community)]


def shipped(language: str) -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def test_each_language_has_those_of_agents_and_of_communities(store: Store) -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "ja", "zh"]
    assert names(store, community=False) == [
        "After a showing",
        "Appointment reminder",
        "Closing day",
        "New listing",
        "Offer accepted",
        "Open house",
        "Price change",
        "Referral",
        "Review request",
        "Showing reminder",
    ]
    assert names(store, community=True) == [
        "Dues reminder",
        "Elevator out of service",
        "Emergency",
        "Gate closed",
        "Meeting reminder",
        "Move-in welcome",
        "Package",
        "Parking",
        "Pool closed",
        "Water shut-off",
    ]
    assert len(names(store)) == 20
    assert "Puertas abiertas" in names(store, "es-MX", community=False)
    assert "Visite libre" in names(store, "fr-CA", community=False)
    assert names(store, "nl") == names(store, "en")
    assert names(store, "../en") == names(store, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_ships_takes_one_segment_and_has_a_fallback_for_each_field(language: str) -> None:
    english, here = shipped("en"), shipped(language)
    for kind in ("agent", "community"):
        assert [one["purpose"] for one in here[kind]] == [one["purpose"] for one in english[kind]]
        for one in here[kind]:
            template = merge.parse(one["text"])
            assert template.missing({}) == (), one["name"]
            assert size(template.render({})).segments == 1, one["name"]
            encoding = "UCS-2" if language in ("ja", "zh") else "GSM-7"
            assert size(template.render({})).encoding == encoding, one["name"]
            assert not near_misses(one["text"], merge.FIELDS), one["name"]


def test_what_ships_is_for_what_the_rules_take_it_for() -> None:
    english = {one["name"]: one["purpose"] for kind in shipped("en").values() for one in kind}
    marketing = {"Open house", "New listing", "Price change", "Review request", "Referral"}
    assert {name for name, purpose in english.items() if purpose == "marketing"} == marketing
    assert {name for name, purpose in english.items() if purpose == "emergency"} == {"Emergency"}
    assert {one["purpose"] for one in shipped("en")["community"]} == {"notice", "emergency"}
    for language in LANGUAGES:
        every = [one["name"] for kind in shipped(language).values() for one in kind]
        assert len({fold(name) for name in every}) == len(every) == 20


def test_a_blank_stops_the_text_until_it_is_filled_in(store: Store, account: Account) -> None:
    draft = store.templates.named("open house", "en").draft
    found = store.messages.estimate(account.id, replace(draft, to=("+14155550123",)))
    assert [one.code for one in found.problems if one.blocking] == ["unknown-field"]


def test_one_is_saved_under_its_name_and_found_whatever_the_case(store: Store) -> None:
    saved = store.templates.save(
        Template("  Gáte  code ", "Hi {first_name|there}", Purpose.CONVERSATION, "es", "Subject")
    )
    assert saved == Template("Gáte  code", "Hi {first_name|there}", Purpose.CONVERSATION, "es", "Subject")
    assert store.templates.named("GATE  CODE", "en") == saved
    assert saved.draft == Draft(
        body="Hi {first_name|there}", subject="Subject", purpose=Purpose.CONVERSATION, language="es"
    )
    again = store.templates.save(Template("gate  code", "Another"))
    assert [one for one in store.templates.all("en") if not one.shipped] == [again]


def test_what_a_database_cant_keep_is_shown_as_such(store: Store) -> None:
    assert store.templates.save(Template("a\0b\ud800", "c\0d\udc00")).text == "c\ufffdd\ufffd"
    assert store.templates.named("ab\ufffd", "en").name == "ab\ufffd"


@pytest.mark.parametrize(
    ("template", "code"),
    [(Template(" \n", "Hi"), "no-name"), (Template("Name", " \n"), "empty-text")],
)
def test_without_a_name_or_a_text_nothing_is_saved(store: Store, template: Template, code: str) -> None:
    before = names(store)
    with pytest.raises(WrongUsage) as refused:
        store.templates.save(template)
    assert refused.value.code == code
    assert names(store) == before


def test_what_is_saved_stands_in_the_place_of_a_shipped_one_of_its_name(store: Store) -> None:
    store.templates.save(Template("OPEN HOUSE", "Mine"))
    assert [one.text for one in store.templates.all("en") if one.name.lower() == "open house"] == ["Mine"]
    store.templates.delete("open house")
    assert "Open house" not in names(store)  # the shipped one doesn't come back by that
    store.templates.restore("open house")
    assert store.templates.named("open house", "en").text == "Mine"


def test_a_shipped_one_that_was_deleted_isnt_offered_and_can_be_brought_back(store: Store) -> None:
    before = store.templates.all("en")
    store.templates.delete("Open house")
    assert names(store) == [one.name for one in before if one.name != "Open house"]
    for gone in (
        lambda: store.templates.named("open house", "en"),
        lambda: store.templates.delete("open house"),
    ):
        with pytest.raises(WrongUsage) as unknown:
            gone()
        assert unknown.value.code == "no-such-template"
    store.templates.restore("open HOUSE")
    assert store.templates.all("en") == before
    with pytest.raises(RefusedByRule):
        store.templates.restore("nothing of that name")
    assert store.templates.all("en") == before


def test_an_edited_one_may_have_another_name_and_is_gone_under_its_old_one(store: Store) -> None:
    store.templates.save(Template("Gate", "Old"))
    edited = store.templates.save(Template("Garage", "New"), instead_of="gate")
    assert store.templates.named("garage", "en") == edited
    assert "Gate" not in names(store)
    store.templates.save(Template("Our open house", "New"), instead_of="Open house")
    assert "Open house" not in names(store)
    store.templates.save(Template("GARAGE", "Newer"), instead_of="Garage")
    assert store.templates.named("garage", "en").text == "Newer"


@pytest.mark.parametrize("taken", ["Gate", "gate", "Pool closed"])
@pytest.mark.parametrize("instead_of", ["", "Garage"])
def test_a_new_or_renamed_one_replaces_no_other(store: Store, taken: str, instead_of: str) -> None:
    store.templates.save(Template("Gate", "Gate"))
    store.templates.save(Template("Garage", "Garage"))
    before = store.templates.all("en")
    with pytest.raises(RefusedByRule) as refused:
        store.templates.save(Template(taken, "Other"), instead_of=instead_of)
    assert refused.value.code == "name-taken"
    assert store.templates.all("en") == before


def test_a_name_is_free_again_once_its_template_is_deleted(url: str) -> None:
    with at_work(url, OLA) as store:
        store.templates.save(Template("Gate", "Ola's"))
        store.templates.delete("Gate")
    with at_work(url, SAM) as store:
        assert store.templates.save(Template("Gate", "Sam's"), instead_of="").person == "Sam"
        store.templates.delete("gate")


def test_a_sender_changes_their_own_and_an_owner_everybodys(url: str) -> None:
    with at_work(url, OLA) as store:
        store.templates.save(Template("Gate", "Ola's"))
    with at_work(url, SAM) as store:
        assert store.templates.save(Template("Garage", "Sam's")).person == "Sam"
        for change in (
            lambda: store.templates.save(Template("gate", "Sam's")),
            lambda: store.templates.save(Template("Door", "Sam's"), instead_of="Gate"),
            lambda: store.templates.delete("Gate"),
        ):
            with pytest.raises(RefusedByRule) as refused:
                change()
            assert refused.value.code == "role"
        assert "Door" not in names(store)
    with at_work(url, VIC) as store, pytest.raises(RefusedByRule):
        store.templates.delete("Garage")
    with at_work(url, OLA) as store:
        assert store.templates.named("gate", "en").text == "Ola's"
        assert store.templates.save(Template("Garage", "Ola's")).person == "Sam"
        store.templates.delete("garage")
