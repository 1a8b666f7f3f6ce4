"""Texts are counted and split as 3GPP TS 23.038 and the reference calculator do."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.segments import Offender, Size, analyse, normalise, size, split

# The default alphabet as 3GPP TS 23.038 prints it, row by row, without CR and the escape code.
BASIC_ROWS = (
    "@Δ 0¡P¿p",
    "£_!1AQaq",
    '$Φ"2BRbr',
    "¥Γ#3CScs",
    "èΛ¤4DTdt",
    "éΩ%5EUeu",
    "ùΠ&6FVfv",
    "ìΨ'7GWgw",
    "òΣ(8HXhx",
    "ÇΘ)9IYiy",
    "\nΞ*:JZjz",
    "Ø+;KÄkä",
    "øÆ,<LÖlö",
    "æ-=MÑmñ",
    "Åß.>NÜnü",
    "åÉ/?O§oà",
)
BASIC = "".join(BASIC_ROWS)
EXTENSION = "\f^{}\\[~]|€"
FAMILY = "👨‍👩‍👧‍👦"  # 11 UTF-16 units

mixed = st.text(
    st.one_of(
        st.sampled_from(BASIC + EXTENSION),
        st.sampled_from("áçñ“”—…\u00a0\t`\r\u0301\u0302\u200d\ufe0f🏻👍👦🇺🇸❤☀한각ᄀ\u1161\u0600क\u094dष"),
        st.characters(),  # surrogates too
    ),
    max_size=400,
)
headers = st.sampled_from((6, 7))


def test_the_alphabet_has_126_characters_and_ten_more() -> None:
    assert (len(set(BASIC)), len(set(EXTENSION))) == (126, 10)
    assert size(BASIC) == Size("GSM-7", 1, 126)
    assert size(EXTENSION) == Size("GSM-7", 1, 20)


@pytest.mark.parametrize(
    "character", [*"çáíóúêâïÈÀÙ`\t“’–…☀αЖ中한", "\x1b", "\x00", "\u00a0", "\u200b", "\x7f"]
)
def test_one_character_outside_gsm_makes_the_whole_text_ucs_2(character: str) -> None:
    assert size("a" * 70) == Size("GSM-7", 1, 70)
    assert size("a" * 69 + character).encoding == "UCS-2"
    assert size("a" * 70 + character).segments == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Size("GSM-7", 0, 0)),
        ("a", Size("GSM-7", 1, 1)),
        ("a" * 160, Size("GSM-7", 1, 160)),
        ("a" * 161, Size("GSM-7", 2, 161)),
        ("a" * 306, Size("GSM-7", 2, 306)),
        ("a" * 307, Size("GSM-7", 3, 307)),
        ("é" * 160, Size("GSM-7", 1, 160)),
        ("Δ" * 161, Size("GSM-7", 2, 161)),
        ("€" * 80, Size("GSM-7", 1, 160)),
        ("€" * 81, Size("GSM-7", 2, 162)),
        ("]" * 153, Size("GSM-7", 3, 306)),  # 76 pairs in a segment: one septet stays empty
        ("a" * 152 + "€" + "a" * 7, Size("GSM-7", 2, 161)),
        ("a" * 153 + "€" + "a" * 151, Size("GSM-7", 2, 306)),
        ("a" * 152 + "€" + "a" * 152, Size("GSM-7", 3, 306)),
        ("☀" * 70, Size("UCS-2", 1, 70)),
        ("☀" * 71, Size("UCS-2", 2, 71)),
        ("☀" * 134, Size("UCS-2", 2, 134)),
        ("☀" * 135, Size("UCS-2", 3, 135)),
        ("😀" * 35, Size("UCS-2", 1, 70)),
        ("😀" * 36, Size("UCS-2", 2, 72)),
        ("😀" * 66, Size("UCS-2", 2, 132)),
        ("😀" * 67, Size("UCS-2", 3, 134)),  # 33 in a segment
        ("€" * 70 + "☀", Size("UCS-2", 2, 71)),  # in UCS-2 an extension character is one unit
        ("a\r\n" * 80, Size("GSM-7", 1, 160)),
        ("a\r" * 80, Size("GSM-7", 1, 160)),
        ("e\u0301" * 160, Size("GSM-7", 1, 160)),  # composed, é is GSM
        ("x\u0302" * 67, Size("UCS-2", 3, 134)),  # 33 clusters in a segment, not 33 and a half
        ("a\u0301" * 100, Size("UCS-2", 2, 100)),
        (FAMILY * 13, Size("UCS-2", 3, 143)),  # 6 families in a segment
        ("🇺🇸" * 35, Size("UCS-2", 3, 140)),  # 16 flags in a segment
        ("x" + "\u0302" * 69, Size("UCS-2", 1, 70)),
        ("x" + "\u0302" * 140, Size("UCS-2", 3, 141)),  # larger than a segment: cut where it must be
        ("\ud83d" * 71, Size("UCS-2", 2, 71)),  # half a surrogate pair is one unit
    ],
)
def test_sizes(text: str, expected: Size) -> None:
    assert size(text) == expected


@pytest.mark.parametrize(
    ("text", "segments"),
    [("a" * 160, 1), ("a" * 304, 2), ("a" * 305, 3), ("☀" * 70, 1), ("☀" * 132, 2), ("☀" * 133, 3)],
)
def test_a_header_of_seven_bytes_leaves_152_septets_or_66_units(text: str, segments: int) -> None:
    assert size(text, header=7).segments == segments


def test_a_text_is_split_where_a_phone_would_see_it_split() -> None:
    assert split("") == []
    assert split("Hi\r\nthere") == ["Hi\nthere"]
    assert split("a" * 152 + "€b") == ["a" * 152 + "€b"]
    assert split("a" * 152 + "€" + "b" * 7) == ["a" * 152, "€" + "b" * 7]
    assert split("☀" * 66 + "😀" + "☀" * 5) == ["☀" * 66, "😀" + "☀" * 5]
    assert split("☀" * 60 + FAMILY + "!") == ["☀" * 60, FAMILY + "!"]
    assert split("☀" * 65 + "👍🏽!!") == ["☀" * 65, "👍🏽!!"]
    assert split("☀" * 66 + "q\u0302" + "☀" * 5) == ["☀" * 66, "q\u0302" + "☀" * 5]
    assert split("☀" * 60 + "x" + "\u0302" * 66) == ["☀" * 60, "x" + "\u0302" * 66]
    assert split("☀" * 60 + "x" + "\u0302" * 80) == [
        "☀" * 60 + "x" + "\u0302" * 6,
        "\u0302" * 67,
        "\u0302" * 7,
    ]


REFERENCE = [
    json.loads(line) for line in (Path(__file__).parent / "reference.jsonl").read_text().splitlines()
]


def test_counts_and_splits_are_those_of_the_reference_calculator() -> None:
    assert len(REFERENCE) == 100
    for text, encoding, lengths in REFERENCE:
        assert [len(part) for part in split(text)] == lengths, ascii(text)
        assert size(text)[:2] == (encoding, len(lengths)), ascii(text)


@given(mixed, headers)
def test_segments_hold_the_text_and_none_holds_too_much(text: str, header: int) -> None:
    parts = split(text, header)
    measured = size(text, header)
    assert "".join(parts) == normalise(text)
    assert len(parts) == measured.segments
    assert all(parts)
    if measured.encoding == "GSM-7":
        units = [sum(2 if character in EXTENSION else 1 for character in part) for part in parts]
        room = (160, 153, 152)
    else:
        units = [sum(2 if character > "\uffff" else 1 for character in part) for part in parts]
        room = (70, 67, 66)
    assert sum(units) == measured.units
    assert all(unit <= (room[0] if len(parts) == 1 else room[header - 5]) for unit in units)


@given(mixed)
def test_a_text_in_ucs_2_has_a_character_to_blame(text: str) -> None:
    analysis = analyse(text)
    assert (analysis.encoding, analysis.segments, analysis.units) == size(text)
    assert (analysis.encoding == "UCS-2") == bool(analysis.forced_by)
    for at, character in analysis.forced_by:
        assert normalise(text)[at] == character
        assert character not in BASIC + EXTENSION


@given(mixed.filter(bool))
def test_what_is_left_in_a_segment_is_just_what_still_fits(text: str) -> None:
    analysis = analyse(text)
    character = "☀" if analysis.encoding == "UCS-2" else "a"
    assert size(text + character * analysis.units_left).segments == analysis.segments
    assert size(text + character * (analysis.units_left + 1)).segments == analysis.segments + 1


@given(mixed)
def test_the_normal_form_is_nfc_with_line_feeds_and_has_the_same_size(text: str) -> None:
    normal = normalise(text)
    assert "\r" not in normal
    assert unicodedata.is_normalized("NFC", normal)
    assert normalise(normal) == normal
    assert size(normal) == size(text)


def test_an_analysis_tells_all_that_a_screen_shows() -> None:
    analysis = analyse("Zoë — ☀\r\n")
    assert (analysis.encoding, analysis.segments, analysis.units, analysis.characters) == ("UCS-2", 1, 8, 8)
    assert (analysis.split, analysis.capacity, analysis.units_left) == (("Zoë — ☀\n",), 70, 62)
    assert analysis.forced_by == (Offender(2, "ë"), Offender(4, "—"), Offender(6, "☀"))
    assert [(each.at, each.substitute) for each in analysis.replaceable] == [(2, "e"), (4, "-"), (5, "")]


@pytest.mark.parametrize(
    ("text", "capacity", "left"),
    [("", 160, 160), ("a" * 161, 153, 145), ("☀", 70, 69), ("☀" * 71, 67, 63), ("]" * 153, 153, 151)],
)
def test_the_room_of_the_present_segment(text: str, capacity: int, left: int) -> None:
    analysis = analyse(text)
    assert (analysis.capacity, analysis.units_left) == (capacity, left)


def test_counting_loads_no_library() -> None:
    program = (
        "import sys; from store.texts.segments import analyse; analyse('Zoë \\u2600' * 100);"
        "print(*sorted(sys.modules.keys() & {'regex', 'phonenumbers', 'dataclasses', 'inspect', 'textual'}))"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == []
