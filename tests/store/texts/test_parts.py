"""A text that is too long for one message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.texts.alphabet import normalise
from store.texts.parts import MOST_CHARACTERS, parts

WOMAN = "\N{WOMAN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}"


def test_up_to_1600_characters_are_one_message_as_it_stands() -> None:
    assert parts("") == [""]
    assert parts(" a \n") == [" a \n"]
    assert parts("a" * 1_600) == ["a" * 1_600]
    assert parts("e\u0301" * 1_600) == ["é" * 1_600]


def test_more_are_cut_at_a_word() -> None:
    assert parts("word " * 321) == [("word " * 320).rstrip(), "word "]
    assert parts("a" * 1_595 + " middle\nend") == ["a" * 1_595, "middle\nend"]
    assert parts("a" * 1_600 + "\n\nend") == ["a" * 1_600, "end"]


def test_a_word_without_an_end_is_cut_between_two_characters_as_people_see_them() -> None:
    assert parts("a" * 3_201) == ["a" * 1_600, "a" * 1_600, "a"]
    text = "a" * 1_598 + WOMAN + "b"
    assert parts(text) == ["a" * 1_598, WOMAN + "b"]


@given(st.text(st.sampled_from("ab \n\té😀\u0301"), min_size=1_500, max_size=4_000))
def test_nothing_but_the_gaps_at_the_cuts_is_lost(text: str) -> None:
    found = parts(text)
    assert all(0 < len(part) <= MOST_CHARACTERS for part in found if found != [""])
    assert "".join("".join(found).split()) == "".join(normalise(text).split())
