"""`textmeter estimate`."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.tui.commands.conftest import Textmeter

HERE, ABROAD = "+14155550123", "+447911123456"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100


def test_a_text_costs_one_credit_here_and_two_elsewhere(account: Textmeter) -> None:
    talk = ("--purpose", "conversation")
    found = account("estimate", "--to", HERE, "--to", ABROAD, *talk, "Hello", "--json").json
    assert found == {
        "kind": "sms",
        "recipients": 2,
        "segments": {"min": 1, "max": 1, "total": 2},
        "credits": 3,
        "by_rate": [
            {"region": "GG", "recipients": 1, "credits_per_segment": 2, "credits": 2},
            {"region": "US", "recipients": 1, "credits_per_segment": 1, "credits": 1},
        ],
        "from_allotted": 3,
        "from_purchased": 0,
        "available_after": 297,
        "warnings": [],
        "refused": [],
        "sendable": True,
        "advice": [],
        "left_out": [],
        "purpose": "conversation",
    }


def test_several_numbers_may_follow_one_another(account: Textmeter) -> None:
    found = account("estimate", "--to", HERE, ABROAD, "(212) 555-0187", "Hello", "--json").json
    assert found["recipients"] == 3


def test_a_text_that_looks_like_a_number_is_a_text(account: Textmeter) -> None:
    found = account("estimate", "--to", HERE, "415 555 0199", "--json").json
    assert (found["recipients"], found["credits"]) == (1, 1)


def test_words_without_quotes_are_not_taken_for_numbers(account: Textmeter) -> None:
    done = account("estimate", "--to", HERE, "Hello", "world")
    assert done.code == 2
    assert "quotes" in done.err


def test_a_number_that_is_none_is_refused_with_its_reason(account: Textmeter) -> None:
    found = account("estimate", "--to", HERE, "--to", "555-2671", "Hello", "--json").json
    (refused,) = found["refused"]
    assert (found["recipients"], refused["to"]) == (1, "555-2671")
    assert refused["reason"].endswith(".")


def test_too_few_credits_are_a_warning_and_no_failure(account: Textmeter) -> None:
    done = account("estimate", "--to", HERE, "--json", "a" * 1_600)
    assert done.json["segments"]["total"] == 11
    account("send", "--no-wait", "--to", HERE, "a" * 1_600)
    dear = account("estimate", *["--to", ABROAD] * 1, "--to", HERE, "a" * 20_001, "--json")
    assert dear.code == 0
    assert dear.json["sendable"] is False
    assert any("too long" in warning for warning in dear.json["warnings"])


def test_a_picture_makes_it_an_mms_that_costs_three(account: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "house.png").write_bytes(PICTURE)
    found = account("estimate", "--to", HERE, "--media", str(tmp_path / "house.png"), "Hello", "--json").json
    assert (found["kind"], found["credits"]) == ("mms", 3)


def test_what_becomes_of_a_picture_is_said(account: Textmeter, tmp_path: Path) -> None:
    path = str(tmp_path / "house.webp")
    Image.new("RGB", (64, 48)).save(path)
    told = ("--purpose", "conversation")  # whatever hour it is
    found = account("estimate", "--to", HERE, ABROAD, *told, "--media", path, "Hello", "--json").json
    assert found["warnings"] == ["house.webp is WebP and goes out as a JPEG, which every phone can show."]
    assert found["advice"] == ["1 person gets a link instead of the pictures: MMS doesn't reach Guernsey."]
    assert found["sendable"]
    (tmp_path / "zoe.vcf").write_text("BEGIN:VCARD\nFN:Zoe\nEND:VCARD\n")
    found = account("estimate", "--to", HERE, "--media", str(tmp_path / "zoe.vcf"), "Hello", "--json").json
    assert (found["kind"], found["warnings"]) == ("mms", [])


def test_several_pictures_may_follow_one_another(account: Textmeter, tmp_path: Path) -> None:
    pictures = [tmp_path / name for name in ("a.png", "b.png")]
    for picture in pictures:
        picture.write_bytes(PICTURE)
    done = account("estimate", "--to", HERE, "--media", *map(str, pictures), "Hello", "--json")
    assert done.json["kind"] == "mms"


def test_a_picture_that_cannot_be_read_is_a_warning(account: Textmeter) -> None:
    found = account("estimate", "--to", HERE, "--media", "nowhere.png", "Hello", "--json").json
    assert not found["sendable"]
    assert "nowhere.png" in found["warnings"][0]


def test_a_group_is_priced_with_everybodys_name(account: Textmeter, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "First Name,Last Name,Mobile Phone,Labels\nAl,Low,415 555 0101,buyers\n"
        "Maximiliana,Long,415 555 0102,buyers\n"
    )
    account("contacts", "import", str(people))
    found = account("estimate", "--group", "buyers", "{first_name}" + "a" * 155, "--json").json
    assert found["segments"] == {"min": 1, "max": 2, "total": 3}


def test_a_group_that_is_not_there_is_named(account: Textmeter) -> None:
    found = account("estimate", "--group", "sellers", "Hello", "--json").json
    assert found["refused"][0]["to"] == "sellers"


def test_people_read_what_it_costs_and_where(account: Textmeter) -> None:
    out = account("estimate", "--to", HERE, "--to", ABROAD, "--to", "12", "Hello — you").out
    assert "SMS · 2 people · 1 segment each · 3 credits" in out
    assert "United States" in out
    assert "Credits left now: 300, after sending: 297" in out
    assert "× 12: " in out


def test_a_near_miss_of_a_field_is_a_warning_that_says_what_to_write(account: Textmeter) -> None:
    found = account("estimate", "--to", HERE, "Hi { first_name }", "--json").json
    assert found["warnings"] == ["{ first_name } won't be filled in. Write {first_name}."]
    assert not found["sendable"]
    sent = account("send", "--to", HERE, "Hi *|FNAME|*")
    assert (sent.code, "Write {first_name}." in sent.err) == (2, True)


def test_the_text_may_come_from_standard_input(account: Textmeter) -> None:
    found = account("estimate", "--to", HERE, "-", "--json", stdin=b"Hello\n").json
    assert found["credits"] == 1


def test_standard_input_that_is_no_text_is_refused(account: Textmeter) -> None:
    done = account("estimate", "--to", HERE, "-", "--json", stdin=b"\xff\x00binary")
    assert (done.code, done.json["error"]["code"]) == (2, "not-utf-8")


@pytest.mark.parametrize("text", ["a" * 1_000_000, "[/]", "[@click=app.quit]x[/]", "\x1b[2J", "{first_name"])
def test_no_text_is_too_strange_for_an_estimate(account: Textmeter, text: str) -> None:
    assert account("estimate", "--to", HERE, text).code == 0
