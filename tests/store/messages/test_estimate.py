"""What a text will cost, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.credits.catalog import Product
from store.credits.catalog_files import Catalog
from store.credits.model import PurchaseRoom
from store.messages.audience import Audience, gather, typed_numbers
from store.messages.estimate import Funds, estimate, is_instant
from store.messages.media import Attachments
from store.messages.model import Estimate, LeftOut, MessageKind, Recipient
from store.messages.pace import Allowance
from store.sentences import Percent, Region, Sentence, sentence
from store.texts import merge
from store.texts.parts import parts
from store.texts.segments import size

TEXTS = Catalog.load().product("agent-texts")
EMAILS = Catalog.load().product("agent-email")
COMMUNITY = Catalog.load().product("community-texts")
PLENTY = Funds(allotted=1_000_000, purchased=0, used=0, held=0)


def people(*names: str, region: str = "US") -> Audience:
    return gather([], [Recipient(f"+1415{at:07}", region, name) for at, name in enumerate(names)])


def codes(found: Estimate, *, blocking: bool | None = None) -> list[str]:
    return [problem.code for problem in found.problems if blocking in (None, problem.blocking)]


def test_a_short_text_to_one_person_costs_one_credit() -> None:
    found = estimate("Hello", people("Zoe"), TEXTS, PLENTY)
    assert (found.kind, found.recipients, found.segments_total, found.credits) == (MessageKind.SMS, 1, 1, 1)
    assert found.available_after == 999_999
    assert found.sendable


def test_elsewhere_a_segment_costs_two_credits() -> None:
    audience = gather(
        [Recipient("+14155552671", "US"), Recipient("+16045550134", "CA"), Recipient("+18765550134", "JM")],
        [],
    )
    found = estimate("a" * 161, audience, TEXTS, PLENTY)
    assert [
        (line.region, line.domestic, line.credits_per_segment, line.credits) for line in found.by_rate
    ] == [
        ("CA", True, 1, 2),
        ("JM", False, 2, 4),
        ("US", True, 1, 2),
    ]
    assert found.credits == 8


def test_the_largest_part_of_the_audience_comes_first() -> None:
    audience = gather([Recipient("+447911123456", "GB"), *people("A", "B").recipients], [])
    assert [line.region for line in estimate("Hi", audience, TEXTS, PLENTY).by_rate] == ["US", "GB"]


def test_a_longer_name_takes_another_segment() -> None:
    found = estimate("{first_name}" + "a" * 155, people("Zoe", "Alexandra"), TEXTS, PLENTY)
    assert (found.segments_min, found.segments_max, found.segments_total, found.credits) == (1, 2, 3, 3)


def test_a_name_outside_gsm_makes_only_that_persons_text_unicode() -> None:
    found = estimate("{first_name}" + "a" * 80, people("Zoe", "Łukasz"), TEXTS, PLENTY)
    assert (found.segments_min, found.segments_max) == (1, 2)


def test_a_picture_makes_it_one_unit_of_three_credits_wherever_it_goes() -> None:
    audience = gather([Recipient("+447911123456", "GB"), *people("A").recipients], [])
    found = estimate("a" * 1_600, audience, TEXTS, PLENTY, Attachments(count=1))
    assert (found.kind, found.segments_total, found.credits) == (MessageKind.MMS, 2, 6)
    assert found.sendable


@pytest.mark.parametrize(
    ("regions", "people", "where"),
    [
        (("US", "GB"), 1, Region("GB")),
        (("FR", "GB", "GB"), 3, sentence("{region} and {other}", region=Region("GB"), other=Region("FR"))),
        (
            ("JM", "GB", "FR", "US"),
            3,
            sentence("{region} and {count} other countries", region=Region("FR"), count=2),
        ),
    ],
)
@pytest.mark.parametrize("product", [TEXTS, COMMUNITY], ids=lambda product: product.id)
def test_where_an_mms_arrives_as_a_link_is_said(
    regions: tuple[str, ...], people: int, where: Region | Sentence, product: Product
) -> None:
    audience = gather([], [Recipient(f"+1415555{at:04}", region) for at, region in enumerate(regions)])
    found = estimate("This is the house.", audience, product, PLENTY, Attachments(count=1))
    (link,) = (problem for problem in found.problems if problem.code == "mms-as-link")
    assert (link.says.values, link.blocking) == ({"count": people, "region": where}, False)
    assert codes(estimate("No picture", audience, product, PLENTY)) == []


def test_where_an_mms_arrives_or_nobody_knows_nothing_is_said() -> None:
    at_home = gather([], [Recipient("+14155550123", "US"), Recipient("+16045550134", "CA")])
    assert codes(estimate("Hi", at_home, TEXTS, PLENTY, Attachments(count=1))) == []
    abroad = gather([], [Recipient("+447911123456", "GB")])
    unknown = replace(TEXTS, mms_regions=None)
    assert codes(estimate("Hi", abroad, unknown, PLENTY, Attachments(count=1))) == []


def test_a_picture_needs_no_text() -> None:
    assert estimate("", people("A"), TEXTS, PLENTY, Attachments(count=1)).sendable


@pytest.mark.parametrize("body", ["", " \n"])
def test_an_empty_text_cant_be_sent(body: str) -> None:
    assert codes(estimate(body, people("A"), TEXTS, PLENTY), blocking=True) == ["empty-text"]


def test_a_text_that_is_empty_for_somebody_cant_be_sent() -> None:
    found = estimate("{first_name}", people("Zoe", ""), TEXTS, PLENTY)
    assert codes(found, blocking=True) == ["empty-text"]
    assert "1 person" in str(found.problems[0].says)


def test_a_text_to_nobody_cant_be_sent() -> None:
    found = estimate("Hello", people(), TEXTS, PLENTY)
    assert codes(found, blocking=True) == ["no-recipients"]
    assert (found.credits, found.segments_min, found.segments_max, found.by_rate) == (0, 0, 0, ())


def test_a_field_that_isnt_there_is_named_once() -> None:
    found = estimate("{nickname} and {nickname}", people("Zoe"), TEXTS, PLENTY)
    assert codes(found, blocking=True) == ["unknown-field"]
    assert "{nickname}" in str(found.problems[0].says)
    assert "{first_name}" in str(found.problems[0].says)


def test_above_1600_characters_it_goes_as_several_messages_each_priced_by_itself() -> None:
    """1,600 characters are 11 segments of 153; the word that doesn't fit any more is one."""
    body = "a" * 1_593 + " word " + "{first_name}"
    found = estimate(body, people("Z", "Zoe"), TEXTS, PLENTY)
    assert (found.messages, found.messages_max, found.sendable) == (3, 2, True)
    assert (found.segments_min, found.segments_max, found.segments_total, found.credits) == (11, 12, 23, 23)
    [several] = [problem for problem in found.problems if problem.code == "several-messages"]
    assert not several.blocking
    assert "1600 characters, so this goes out as 2 messages" in str(several.says)


def test_of_a_long_text_the_pictures_go_with_the_first_message() -> None:
    """To the US an MMS is 3 credits and a segment 1; elsewhere 3 and 2."""
    audience = gather([Recipient("+447911123456", "GB"), *people("A").recipients], [])
    found = estimate("a" * 1_600 + " " + "b" * 161, audience, TEXTS, PLENTY, Attachments(count=1))
    assert (found.kind, found.messages, found.segments_total) == (MessageKind.MMS, 4, 6)
    assert {line.region: line.credits for line in found.by_rate} == {"US": 3 + 2, "GB": 3 + 4}
    assert "several-messages" in codes(found, blocking=False)
    found = estimate("a" * 1_600 + " b", audience, COMMUNITY, PLENTY, Attachments(count=1))
    us, gb = COMMUNITY.rate("US"), COMMUNITY.rate("GB")
    assert {line.region: line.credits for line in found.by_rate} == {"US": 4 * us, "GB": 4 * gb}


def test_names_of_several_words_are_cut_where_they_are() -> None:
    names = ["Mary Ann", "Jo Hannah", "Wilhelmine"]
    body = "x" * 1_593 + " {first_name}" + "y" * 152
    found = estimate(body, people(*names), TEXTS, PLENTY)
    each = [
        sum(size(part).segments for part in parts(merge.parse(body).render({"first_name": name})))
        for name in names
    ]
    assert (found.credits, found.segments_min, found.segments_max) == (sum(each), min(each), max(each))


def test_above_20000_characters_it_says_by_how_many() -> None:
    assert estimate("a" * 20_000, people("Z"), TEXTS, PLENTY).sendable
    found = estimate("a" * 20_000 + "{first_name}", people("Z", "Zoe"), TEXTS, PLENTY)
    assert codes(found, blocking=True) == ["too-long"]
    assert "3 characters" in str(found.problems[0].says)


def test_characters_are_counted_as_they_are_sent() -> None:
    assert estimate("e\u0301" * 1_600, people("Z"), TEXTS, PLENTY).messages == 1


def test_a_text_that_is_too_long_says_so_before_anybody_is_chosen() -> None:
    assert "too-long" in codes(estimate("a" * 20_001, people(), TEXTS, PLENTY))


def test_a_megabyte_is_too_long_and_not_instant() -> None:
    body = "a" * 1_000_000
    found = estimate(body, people("Zoe"), TEXTS, PLENTY)
    assert "too-long" in codes(found, blocking=True)
    assert not is_instant(body, people("Zoe"))
    assert is_instant("Hello", people("Zoe"))


def test_a_large_audience_is_instant_once_it_was_looked_at() -> None:
    crowd = Audience(tuple(Recipient(f"+1415{at:07}", "US", "Zoe") for at in range(100_000)))
    assert not is_instant("Hi {first_name}", crowd)
    estimate("Hi {first_name}", crowd, TEXTS, PLENTY)
    assert is_instant("Hi {first_name}!", crowd)


def test_a_missing_name_is_a_warning_with_the_fix() -> None:
    found = estimate("Hi {first_name}!", people("Zoe", "", " "), TEXTS, PLENTY)
    assert codes(found) == ["missing-values"]
    assert found.sendable
    assert "2 people" in str(found.problems[0].says)
    assert "{first_name|there}" in str(found.problems[0].says)


def test_a_fallback_leaves_nothing_missing() -> None:
    assert codes(estimate("Hi {first_name|there}!", people("Zoe", ""), TEXTS, PLENTY)) == []


def test_too_few_credits_says_how_many_are_short() -> None:
    found = estimate("a" * 161, people("A", "B"), TEXTS, Funds(allotted=3, purchased=0, used=0, held=0))
    assert codes(found, blocking=True) == ["not-enough-credits"]
    assert "This needs 4 credits, with 3 left: 1 too few." in str(found.problems[-1].says)
    assert (found.available_before, found.available_after) == (3, -1)


@pytest.mark.parametrize(
    ("credits", "available", "says"),
    [(1, 0, "This needs 1 credit, with 0 left"), (2, 1, "This needs 2 credits, with 1 left")],
)
@pytest.mark.parametrize(
    "room",
    [
        None,
        PurchaseRoom(cents=2, least=100, most=2_000, bought=0),
        PurchaseRoom(cents=2, least=100, most=2_000, bought=2_000),
    ],
    ids=["none are sold", "enough can be bought", "no more can be bought"],
)
def test_one_credit_is_called_one(credits: int, available: int, says: str, room: PurchaseRoom | None) -> None:
    funds = Funds(available, 0, used=0, held=0, room=room)
    found = estimate("Hi", people(*"x" * credits), COMMUNITY, funds)
    assert f"{says}: 1 too few." in str(found.problems[-1].says)


def test_where_credits_are_sold_the_least_number_that_is_enough_is_offered() -> None:
    """Rule 23: a blast that needs 500 with 450 there."""
    funds = Funds(450, 0, used=0, held=0, room=PurchaseRoom(cents=2, least=100, most=2_000, bought=0))
    found = estimate("Hi", people(*"x" * 500), COMMUNITY, funds)
    assert (found.credits, found.available_after, found.buy) == (500, -50, 100)
    assert found.only_credits_lack
    assert "Buy 100" in str(found.problems[-1].says)


@pytest.mark.parametrize(
    ("short", "bought", "buy"),
    [
        (1, 0, 100),
        (100, 0, 100),
        (101, 0, 101),
        (2_000, 0, 2_000),
        (2_001, 0, 0),
        (50, 1_900, 100),
        (50, 1_901, 0),
    ],
)
def test_no_more_is_offered_than_may_be_bought(short: int, bought: int, buy: int) -> None:
    funds = Funds(10, 0, used=0, held=0, room=PurchaseRoom(cents=2, least=100, most=2_000, bought=bought))
    found = estimate("Hi", people(*"x" * (10 + short)), COMMUNITY, funds)
    assert found.buy == buy
    assert ("You can't buy enough" in str(found.problems[-1].says)) == (buy == 0)


def test_who_cant_buy_enough_reads_how_much_is_left_and_what_to_do() -> None:
    funds = Funds(10, 0, used=0, held=0, room=PurchaseRoom(cents=2, least=100, most=2_000, bought=1_950))
    assert str(estimate("Hi", people(*"x" * 60), COMMUNITY, funds).problems[-1].says) == (
        "This needs 60 credits, with 10 left: 50 too few. You can't buy enough: 50 left this "
        "month, minimum 100. Change to a larger plan, send it to fewer people, or shorten it."
    )


def test_nothing_is_offered_where_there_are_enough_credits_or_none_are_sold() -> None:
    room = PurchaseRoom(cents=2, least=100, most=2_000, bought=0)
    assert estimate("Hi", people("A"), COMMUNITY, Funds(1, 0, used=0, held=0, room=room)).buy == 0
    found = estimate("Hi", people("A"), TEXTS, Funds(0, 0, used=0, held=0))
    assert found.buy == 0
    assert "Change to a larger plan" in str(found.problems[-1].says)


def test_what_is_wrong_beside_the_credits_is_told_apart() -> None:
    found = estimate("Hi {nobody}", people("A"), TEXTS, Funds(0, 0, used=0, held=0))
    assert "not-enough-credits" in codes(found)
    assert not found.only_credits_lack


def test_each_country_has_its_rate_where_the_product_says_so() -> None:
    audience = gather([Recipient("+33612345678", "FR"), *people("A", "B").recipients], [])
    found = estimate("a" * 161, audience, COMMUNITY, PLENTY)
    assert [
        (line.region, line.domestic, line.credits_per_segment, line.credits) for line in found.by_rate
    ] == [
        ("US", None, 1, 4),
        ("FR", None, 3, 6),
    ]
    mms = estimate("Hi", audience, COMMUNITY, PLENTY, Attachments(count=1))
    assert [(line.region, line.credits_per_segment, line.credits) for line in mms.by_rate] == [
        ("US", 3, 6),
        ("FR", 9, 9),
    ]


@pytest.mark.parametrize("attachments", [Attachments(), Attachments(count=1)])
def test_an_account_that_sends_emails_texts_nobody(attachments: Attachments) -> None:
    found = estimate("Hi", people("A"), EMAILS, PLENTY, attachments)
    assert codes(found, blocking=True) == ["no-texts"]
    assert (found.credits, found.by_rate) == (0, ())


def test_allotted_credits_are_used_before_purchased_ones() -> None:
    found = estimate("Hi", people("A", "B", "C"), TEXTS, Funds(allotted=2, purchased=5, used=0, held=0))
    assert (found.from_allotted, found.from_purchased) == (2, 1)


def test_a_blast_of_90_on_390_used_of_500_reaches_95_percent() -> None:
    funds = Funds(allotted=110, purchased=0, used=390, held=0)
    found = estimate("Hi", people(*"x" * 90), TEXTS, funds)
    assert found.crosses == 95
    assert codes(found) == ["crosses-threshold"]
    assert found.problems[0].says.values == {"used": 480, "capacity": 500, "percent": Percent(96)}
    assert found.sendable


def test_a_threshold_that_is_passed_already_isnt_crossed_again() -> None:
    assert estimate("Hi", people("A"), TEXTS, Funds(allotted=90, purchased=0, used=410, held=0)).crosses == 0


def test_a_threshold_that_was_told_isnt_crossed_again_after_a_release() -> None:
    funds = Funds(allotted=101, purchased=0, used=395, held=4)
    assert estimate("Hi", people("A"), TEXTS, funds).crosses == 80
    assert estimate("Hi", people("A"), TEXTS, replace(funds, told=frozenset({80}))).crosses == 0


def test_who_is_left_out_is_a_warning_and_is_listed() -> None:
    nobody = LeftOut("tomorrow", sentence("no number"), "no-number")
    audience = gather(people("A").recipients, [], [nobody])
    found = estimate("Hi", audience, TEXTS, PLENTY)
    assert codes(found) == ["left-out"]
    assert found.sendable
    assert found.refused == (nobody,)


def test_a_dropped_extension_is_among_the_warnings() -> None:
    numbers, _, notes = typed_numbers(["415-555-2671 ext. 12"], "US")
    assert codes(estimate("Hi", gather(numbers, [], [], notes), TEXTS, PLENTY)) == ["extension-dropped"]


def test_more_than_100000_people_are_too_many() -> None:
    crowd = tuple(Recipient(f"+1415{at:07}", "US") for at in range(100_001))
    assert codes(estimate("Hi", Audience(crowd), TEXTS, PLENTY), blocking=True) == ["too-many-recipients"]
    assert estimate("Hi", Audience(crowd[1:]), TEXTS, PLENTY).sendable


# Pieces that take part in every special case of counting: two-septet and non-GSM characters, surrogate pairs,
# characters that compose, joiners, and line ends.
pieces = st.sampled_from(
    [
        "a",
        "b" * 30,
        "€",
        "é",
        "e",
        "\u0301",
        "\u0327",
        "—",
        "😀",
        "👩\u200d🚀",
        "\u200d",
        "각",
        "ᅡ",
        "\n",
        "\r\n",
        "]",
        " ",
    ]
)
text = st.lists(pieces, max_size=12).map("".join)
field = st.sampled_from(["{first_name}", "{first_name|there}", "{last_name}", "{name}", "{company|us}"])
body = st.lists(st.one_of(text, field), max_size=8).map("".join)
recipient = st.builds(
    Recipient,
    phone=st.uuids().map(str),
    region=st.sampled_from(["US", "CA", "GB", "JM"]),
    first_name=st.one_of(text, st.sampled_from(["Ann", "Zoe", "José", "Łukasz", "", " Eve "])),
    last_name=st.one_of(text, st.sampled_from(["O'Hara", "Núñez"])),
    company=text,
)


@given(body=body, recipients=st.lists(recipient, max_size=12))
def test_an_estimate_is_the_sum_over_all_recipients(body: str, recipients: list[Recipient]) -> None:
    found = estimate(body, Audience(tuple(recipients)), TEXTS, PLENTY)
    template = merge.parse(body)
    each = [size(template.render(one.values)).segments for one in recipients]
    assert found.segments_total == sum(each)
    assert (found.segments_min, found.segments_max) == (min(each, default=0), max(each, default=0))
    assert found.credits == sum(
        segments * (1 if one.region in ("US", "CA") else 2)
        for one, segments in zip(recipients, each, strict=True)
    )
    assert sum(line.recipients for line in found.by_rate) == len(recipients)


@pytest.mark.parametrize(
    ("sender", "says"),
    [
        (Allowance(), None),
        (Allowance(interval=20_000_000), None),
        (Allowance(interval=30_000_000), "At this sender's speed, the last text goes out in about 1 minute."),
        (
            Allowance(interval=90_000_000),
            "At this sender's speed, the last text goes out in about 3 minutes.",
        ),
        (Allowance(interval=1, left_today=3, per_day=1), None),
        (
            Allowance(interval=1, left_today=2, per_day=1),
            "The sender's limit lets only 2 of 3 go out today. The last goes out tomorrow.",
        ),
        (
            Allowance(interval=1, left_today=0, per_day=2),
            "The sender's limit lets only 0 of 3 go out today. The last goes out in 2 days.",
        ),
    ],
)
def test_it_says_when_the_last_text_leaves_and_what_todays_cap_holds_back(
    sender: Allowance, says: str | None
) -> None:
    found = estimate("Hi", people("A", "B", "C"), TEXTS, replace(PLENTY, sender=sender))
    told = [str(problem.says) for problem in found.advice if problem.code.startswith("sender-")]
    assert told == ([] if says is None else [says])
    assert found.sendable
