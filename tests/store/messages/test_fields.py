"""Merge fields from the estimate to the provider: near misses, braces, fields of one's own, and gaps."""

from __future__ import annotations

from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.credits.catalog_files import Catalog
from store.credits.model import Account
from store.messages.audience import Audience, gather
from store.messages.estimate import Funds, estimate, is_instant
from store.messages.messenger import Messenger
from store.messages.model import Draft, Estimate, Recipient
from store.texts import merge
from store.texts.merge import FIELDS
from store.texts.segments import size
from tests.store.messages.scripted import Scripted

TEXTS = Catalog.load().product("agent-texts")
PLENTY = Funds(allotted=10_000_000, purchased=0, used=0, held=0)
ZOE = Recipient("+14155550123", "US", "Zoë", "O'Hara", "", own={"unit": "12A"})
BO = Recipient("+14155550124", "US", "Bo")
WITH_UNIT = (*FIELDS, "unit")


def people(*recipients: Recipient, fields: tuple[str, ...] = FIELDS) -> Audience:
    return gather([], recipients, fields=fields)


def said(found: Estimate) -> list[tuple[str, str, bool]]:
    return [(each.code, str(each.says), each.blocking) for each in found.problems]


@pytest.mark.parametrize(
    ("text", "says", "blocking"),
    [
        ("{ first_name }", "{ first_name } won't be filled in. Write {first_name}.", True),
        (
            "{first_name||there}",
            "{first_name||there} won't be filled in. Write {first_name|there}.",
            True,
        ),
        ("{{first_name}}", "{{first_name}} won't be filled in. Write {first_name}.", True),
        ("{first-name}", "{first-name} won't be filled in. Write {first_name}.", True),
        (
            "[First Name]",
            "[First Name] goes out as it is. If you mean the field, write {first_name}.",
            False,
        ),
        ("*|FNAME|*", "*|FNAME|* won't be filled in. Write {first_name}.", True),
        (
            "{first_name | there}",
            "{first_name | there} won't be filled in. Write {first_name|there}.",
            True,
        ),
        ("{First Name}", "{First Name} won't be filled in. Write {first_name}.", True),
    ],
)
def test_a_near_miss_is_said_with_the_field_that_is_meant(text: str, says: str, blocking: bool) -> None:
    found = estimate(f"Hi {text}, {text}", people(ZOE), TEXTS, PLENTY)
    assert said(found) == [("near-miss", says, blocking)]
    assert found.sendable is not blocking


def test_a_word_in_braces_that_is_nothing_like_a_field_is_said_with_those_there_are() -> None:
    found = estimate("Hi {town} { name }", people(ZOE, fields=WITH_UNIT), TEXTS, PLENTY)
    assert (
        "unknown-field",
        "There is no field {town}. The fields are {first_name}, {last_name}, {name}, {company}, {unit}.",
        True,
    ) in said(found)
    assert [code for code, *_ in said(found)] == ["near-miss", "unknown-field"]


def test_an_escaped_brace_is_priced_as_one_brace() -> None:
    body = r"\{first_name\}" + "a" * 146
    assert size("{first_name}" + "a" * 146).segments == 1  # 14 septets and 146
    found = estimate(body, people(ZOE), TEXTS, PLENTY)
    assert (found.segments_total, found.problems) == (1, ())
    assert estimate(body + "a", people(ZOE), TEXTS, PLENTY).segments_total == 2


def test_a_field_of_ones_own_is_priced_with_each_value_and_said_where_it_is_missing() -> None:
    found = estimate("{unit}" + "a" * 158, people(ZOE, BO, fields=WITH_UNIT), TEXTS, PLENTY)
    assert (found.segments_min, found.segments_max) == (1, 2)
    assert said(found) == [
        (
            "missing-values",
            "1 person has no {unit}, so the text leaves a gap there. {unit|there} fills it with “there”.",
            False,
        )
    ]
    assert estimate("{unit|home}", people(ZOE, BO, fields=WITH_UNIT), TEXTS, PLENTY).problems == ()


def hundred_thousand() -> Audience:
    """Of whom 3 in 10 have no first name, 1 in 4 no company, 1 in 5 no unit, and some names are Unicode."""
    names = ["Ann", "José", "Łukasz", "Zoë", "Maximilian", "Bo", "Юлия"]
    return gather(
        [],
        [
            Recipient(
                f"+1{at:010}",
                "US",
                "" if at % 10 < 3 else names[at % 7],
                f"Name{at % 1000}",
                "" if at % 4 == 0 else f"Company {at % 300}",
                own={} if at % 5 == 0 else {"unit": f"{at % 40}A"},
            )
            for at in range(100_000)
        ],
        fields=WITH_UNIT,
    )


def test_of_a_hundred_thousand_it_is_known_how_many_lack_a_field_and_a_key_is_answered_at_once() -> None:
    audience = hundred_thousand()
    body = "Hi {first_name} of {company}, {unit}"
    found = estimate(body, audience, TEXTS, PLENTY)
    counts = {str(each.says).split(" {")[1][:4]: each.says.values["count"] for each in found.problems}
    assert counts == {"firs": 30_000, "comp": 25_000, "unit": 20_000}
    assert is_instant(body + "!", audience)


pieces = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "\\",
            r"\{",
            r"\}",
            "{first_name}",
            "{first_name|you}",
            "{unit}",
            "{{name}}",
            "|",
            "—",
            " ",
            "Hi",
            "a" * 70,
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces)
def test_what_is_previewed_is_what_is_priced_and_sent(
    messenger: Messenger, account: Account, provider: Scripted, body: str
) -> None:
    found = messenger.estimate(account.id, Draft(body=body, to=("+14155550123",)))
    if not found.sendable or found.credits > 5:
        return
    previewed = merge.parse(body).render({})
    assert found.segments_total == size(previewed).segments
    before = len(provider.given)
    blast = messenger.send(account.id, Draft(body=body, to=("+14155550123",)))
    messenger.deliver(stop=Event())
    assert [outgoing.body for outgoing in provider.given[before:]] == [previewed]
    (message,) = messenger.messages(blast.id)
    assert (message.body, message.segments) == (previewed, found.segments_total)
    assert messenger.blast(blast.id).as_sent.body == previewed


def test_a_text_to_several_is_listed_with_its_braces_as_it_was_got(
    messenger: Messenger, account: Account, provider: Scripted
) -> None:
    draft = Draft(body=r"Gate code \{12\}", to=("+14155550123", "+14155550124"))
    blast = messenger.send(account.id, draft)
    assert messenger.blast(blast.id).as_sent.body == "Gate code {12}"
