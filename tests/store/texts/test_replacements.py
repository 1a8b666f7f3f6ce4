"""Substitutes are offered for what costs extra, fit into GSM, and leave alone what they would spoil."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.replacements import Replacement, apply, difference, find
from store.texts.segments import analyse, normalise, size

texts = st.text(
    st.one_of(
        st.sampled_from("ab 1“”—…çł\u00a0\t\u200b\u200d\ufe0f\u0302½²ﬁＡ☀😀👨🏽1️⃣ж中ا\n\u202a"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Hi”, ‘you’ „da“ «là»", '"Hi", \'you\' "da" "là"'),
        ("5–6 — ‑ − ―", "5-6 - - - -"),
        ("wait…", "wait..."),
        ("a\u00a0b\u2009c\u202fd\u3000e\tf", "a b c d e f"),
        ("a\u200bb\ufeffc\u00add\u2060e\x00f", "abcdef"),
        ("6′ 2″ `code´", "6' 2\" 'code'"),
        ("• one · two", "- one . two"),
        ("Ｆｕｌｌ！ ＆ （１２）", "Full! & (12)"),
        ("ﬁnal oﬃce ĳs", "final office ijs"),
        ("𝐁𝐨𝐥𝐝 𝒶𝓃𝒹 ⓡⓞⓤⓝⓓ", "Bold and round"),
        ("1½ ½ m² ¾", "1 1/2 1/2 m2 3/4"),
        ("A™ © ® № 3 ×2 →", "ATM (c) (R) No 3 x2 ->"),
        ("line\u2028line\u0085line", "line\nline\nline"),
        ("\u202a+1 415\u202c \u200eok", "+1 415 ok"),
        ("ᴀʙᴄᴅᴇꜰɢʜɪ ᴊᴋʟᴍɴᴏᴘꞯʀ ꜱᴛᴜᴠᴡʏᴢ", "ABCDEFGHI JKLMNOPQR STUVWYZ"),
        ("ˮquotedˮ", '"quoted"'),
        ("⧸ ⧵ ⧹", "/ \\ \\"),
        ("⎸ ⎹ ⏐ ⎜ ⎟", "| | | | |"),
        ("⎼ ⎽ ‗", "- - _"),
        ("ǃ ː ˸ ⦂ ꞉ ⁏", "! : : : : ;"),
        ("❨ ❪ ⟮ ⦅ ❩ ❫ ⟯ ⦆ ❴ ❵", "( ( ( ( ) ) ) ) { }"),
        ("⊛✢✣✤✥✲✳✺✻✼✽❃❉❊❋⧆", "****************"),
        ("˖ ꞊ ˆ ˜ ˷", "+ = ^ ~ ~"),
    ],
)
def test_typography_has_a_plain_form(text: str, plain: str) -> None:
    assert apply(text) == plain
    assert size(apply(text)).encoding == "GSM-7"
    assert not any(replacement.loses_accent for replacement in find(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ça va, señor José", "ca va, señor José"),
        ("Łódź", "Lodz"),
        ("œuvre Þór đak", "oeuvre Thor dak"),
        ("x\u0302 w\u0323\u0301", "x w"),
    ],
)
def test_a_letter_that_loses_its_accent_is_marked(text: str, plain: str) -> None:
    assert apply(text) == plain
    assert all(replacement.loses_accent for replacement in find(text))


SMART_ENCODING = [
    chr(int(code, 16))
    for line in (Path(__file__).parent / "smart_encoding.txt").read_text().splitlines()
    if not line.startswith("#")
    for code in line.split()
]


def test_all_that_a_provider_would_replace_by_itself_is_known() -> None:
    assert len(SMART_ENCODING) == len(set(SMART_ENCODING)) == 271
    unknown = [character for character in SMART_ENCODING if size(apply(f"a{character}b")).encoding != "GSM-7"]
    assert unknown == []


def test_each_of_several_characters_that_only_shape_is_dropped_where_it_stands() -> None:
    assert [(one.at, one.character) for one in find("a\u200d\ufe0fb")] == [(1, "\u200d"), (2, "\ufe0f")]
    assert apply("a\u200d\ufe0fb") == "ab"


def test_each_replacement_says_where_it_stands_in_the_normalised_text() -> None:
    assert find("A\r\nc\u0327a “!”") == (
        Replacement(2, "ç", "c", loses_accent=True),
        Replacement(5, "“", '"'),
        Replacement(7, "”", '"'),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain {text} [with] ~ € éèùìòÇñüß",
        "👨‍👩‍👧 ☀️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽",  # joiners, selectors and tags within emoji
        "می‌خواهم",  # a joiner within Persian
        "नमस्ते привет 中文 ά й",  # letters of other scripts, and their marks
        "°",
    ],
)
def test_what_has_no_useful_substitute_is_left_alone(text: str) -> None:
    assert find(text) == ()
    assert apply(text) == normalise(text)


def test_a_joiner_between_plain_characters_goes() -> None:
    assert apply("a\u200db “\u200d” \ufe0f™\ufe0f") == 'ab "" TM'


def test_some_replacements_may_be_applied_without_the_others() -> None:
    quotes = [replacement for replacement in find("“ça” – là") if replacement.substitute == '"']
    assert apply("“ça” – là", quotes) == '"ça" – là'


def test_a_difference_shows_what_goes_and_what_comes() -> None:
    assert difference("Hi —\u200b you…") == [
        ("kept", "Hi "),
        ("removed", "—"),
        ("added", "-"),
        ("removed", "\u200b"),
        ("kept", " you"),
        ("removed", "…"),
        ("added", "..."),
    ]
    assert difference("") == []


@given(texts)
def test_every_substitute_is_gsm_and_every_index_is_right(text: str) -> None:
    normal = normalise(text)
    for at, character, substitute, _ in find(text):
        assert normal[at] == character
        assert size(character).encoding == "UCS-2"
        assert size(substitute).encoding == "GSM-7"


@given(texts)
def test_replacing_again_changes_nothing_more(text: str) -> None:
    assert find(apply(text)) == ()


@given(texts)
def test_a_difference_holds_both_texts(text: str) -> None:
    changes = difference(text)
    assert "".join(part for change, part in changes if change != "added") == normalise(text)
    assert "".join(part for change, part in changes if change != "removed") == apply(text)


@given(texts)
def test_what_is_replaceable_is_among_what_forces_ucs_2(text: str) -> None:
    analysis = analyse(text)
    assert {(each.at, each.character) for each in find(text)} <= set(analysis.forced_by)
    blamed = {offender.at for offender in analysis.forced_by}
    for each in analysis.replaceable:
        assert not blamed.isdisjoint(range(each.at, each.at + len(each.character)))
