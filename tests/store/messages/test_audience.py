"""Who a text goes to."""

from __future__ import annotations

import pytest

from store.messages.audience import gather, typed_numbers
from store.messages.model import LeftOut, Recipient
from store.sentences import sentence

ZOE = Recipient("+14155552671", "US", "Zoë", "O'Hara", "")


def test_a_number_typed_in_two_ways_is_one_recipient() -> None:
    numbers, left_out, _ = typed_numbers(["(415) 555-2671", "+1 415 555 2671"], "US")
    audience = gather(numbers, [])
    assert [recipient.phone for recipient in audience.recipients] == ["+14155552671"]
    assert len(audience.twice) == 1
    assert left_out == []


def test_a_number_that_is_none_is_left_out_with_its_reason() -> None:
    numbers, left_out, _ = typed_numbers(["tomorrow", "+44 7911 123456"], "US")
    assert [recipient.phone for recipient in numbers] == ["+447911123456"]
    assert [one.to for one in left_out] == ["tomorrow"]
    assert "tomorrow" in str(left_out[0].reason)
    assert left_out[0].code


def test_a_number_without_country_code_is_read_in_the_accounts_country() -> None:
    numbers, _, _ = typed_numbers(["07400 123456"], "GB")
    assert [recipient.phone for recipient in numbers] == ["+447400123456"]


def test_a_dropped_extension_is_told() -> None:
    numbers, _, notes = typed_numbers(["415-555-2671 ext. 12"], "US")
    assert [recipient.phone for recipient in numbers] == ["+14155552671"]
    assert [(note.code, note.blocking) for note in notes] == [("extension-dropped", False)]


def test_a_typed_number_that_is_also_a_chosen_contact_keeps_the_contacts_name() -> None:
    audience = gather([Recipient(ZOE.phone, "US")], [ZOE])
    assert audience.recipients == (ZOE,)
    assert len(audience.twice) == 1


def test_two_contacts_who_share_a_phone_get_one_text() -> None:
    audience = gather([], [ZOE, Recipient(ZOE.phone, "US", "Her", "Brother", "")])
    assert audience.recipients == (ZOE,)


def test_people_without_a_number_are_left_out_by_name() -> None:
    audience = gather([], [ZOE, Recipient("", "", "José", "Núñez", "")])
    assert audience.recipients == (ZOE,)
    assert [(one.to, one.code) for one in audience.refused] == [("José Núñez", "no-phone")]


@pytest.mark.parametrize("body", ["Hi {first_name}", "¡Hola {first_name}!", "Hi {first_name} ☀"])
def test_names_that_take_the_same_room_are_one_variant(body: str) -> None:
    names = ["Zoe", "Ann", "Émi", "Zoë", "Anna", ""]
    people = [Recipient(f"+1415555{i:04}", "US", name) for i, name in enumerate(names)]
    variants = gather([], people).variants(["first_name"], body)
    rooms = sorted((len(variant.values["first_name"]), variant.by_region["US"]) for variant in variants)
    assert rooms == [(0, 1), (3, 1), (3, 3), (4, 1)]  # "Zoë" needs UCS-2, so it stands for itself


def test_where_a_mark_could_join_a_name_each_name_counts_for_itself() -> None:
    people = [Recipient("+14155550100", "US", "Ann"), Recipient("+14155550101", "US", "Zoe")]
    assert len(gather([], people).variants(["first_name"], "{first_name}\u0301")) == 2


ANN = Recipient("+14155552672", "US", "Ann", "Lane", "", 2)
BO = Recipient("+14155552673", "US", "Bo", "Moss", "", 3)
OUT = sentence("Opted out.")


def codes(left_out: tuple[LeftOut, ...]) -> list[tuple[str, str]]:
    return [(one.to, one.code) for one in left_out]


def test_who_is_left_out_is_told_with_the_reason_and_counted_once() -> None:
    audience = gather([], [ZOE, ANN, BO, ANN], excepted={BO.phone}, out={ANN.phone: (OUT, "opted-out")})
    assert audience.recipients == (ZOE,)
    assert codes(audience.left_out) == [("Ann Lane", "opted-out"), ("Bo Moss", "excepted")]
    assert codes(audience.twice) == [("Ann Lane", "duplicate")]
    assert [one.phone for one in audience.left_out] == [ANN.phone, BO.phone]


def test_who_opted_out_is_told_to_have_opted_out_also_where_they_are_left_out_by_hand() -> None:
    audience = gather([], [ANN], excepted={ANN.phone}, out={ANN.phone: (OUT, "opted-out")})
    assert codes(audience.left_out) == [("Ann Lane", "opted-out")]


def test_a_person_who_shares_a_number_is_told_by_name() -> None:
    brother = ANN._replace(first_name="Her", last_name="Brother", contact=7)
    audience = gather([], [ANN, brother])
    assert audience.recipients == (ANN,)
    assert [(one.to, one.contact, str(one.reason)) for one in audience.twice] == [
        ("Her Brother", 7, "Someone with the same number gets the text.")
    ]


def test_a_household_gets_one_text_when_asked_to_whom_it_names_first_and_who_may_be_texted() -> None:
    home = [one._replace(household="12A") for one in (ZOE, ANN, BO)]
    assert gather([], home).letting().recipients == tuple(home)
    audience = gather([], home, household=True, out={ZOE.phone: (OUT, "opted-out")}).letting()
    assert audience.recipients == (home[1],)
    assert codes(audience.twice) == [("Bo Moss", "household")]
    assert gather([], [ZOE, ANN], household=True).letting().recipients == (ZOE, ANN)  # each a household


def test_a_household_in_which_somebody_has_it_already_gets_no_other() -> None:
    zoe, ann = (one._replace(household="12A") for one in (ZOE, ANN))
    audience = gather([], [zoe, ann, BO], household=True, served=[ann]).letting()
    assert audience.recipients == (ann, BO)
    assert [str(one.reason) for one in audience.twice] == ["Ann Lane gets the text for 12A."]
    gone = gather([], [zoe, BO], household=True, served=[ann]).letting()
    assert gone.recipients == (BO,)
