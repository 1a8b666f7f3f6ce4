"""Who a text goes to."""

from __future__ import annotations

import pytest

from store.messages.audience import gather, typed_numbers
from store.messages.model import Recipient

ZOE = Recipient("+14155552671", "US", "Zoë", "O'Hara", "")


def test_a_number_typed_in_two_ways_is_one_recipient() -> None:
    numbers, left_out, _ = typed_numbers(["(415) 555-2671", "+1 415 555 2671"], "US")
    audience = gather(numbers, [])
    assert [recipient.phone for recipient in audience.recipients] == ["+14155552671"]
    assert audience.merged == 1
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
    assert audience.merged == 1


def test_two_contacts_who_share_a_phone_get_one_text() -> None:
    audience = gather([], [ZOE, Recipient(ZOE.phone, "US", "Her", "Brother", "")])
    assert audience.recipients == (ZOE,)


def test_people_without_a_number_are_left_out_by_name() -> None:
    audience = gather([], [ZOE, Recipient("", "", "José", "Núñez", "")])
    assert audience.recipients == (ZOE,)
    assert [(one.to, one.code) for one in audience.left_out] == [("José Núñez", "no-phone")]


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
