"""What people call a character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.alphabet import normalise
from store.texts.graphemes import cluster_edges, costly, edge_after, edge_before
from store.texts.segments import split

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"


def test_plain_characters_each_stand_for_themselves() -> None:
    assert list(cluster_edges("abc")) == [0, 1, 2, 3]
    assert list(cluster_edges("")) == [0]


def test_a_family_a_flag_and_an_accent_are_one_each() -> None:
    assert cluster_edges(f"a{FAMILY}") == (0, 1, 6)
    assert cluster_edges("\U0001f1fa\U0001f1f8\U0001f1e8\U0001f1e6") == (0, 2, 4)
    assert cluster_edges("e\u0301x") == (0, 2, 3)


def test_a_place_within_one_goes_to_its_edges() -> None:
    line = f"a{FAMILY}b"
    assert [edge_before(line, column) for column in range(8)] == [0, 1, 1, 1, 1, 1, 6, 7]
    assert [edge_after(line, column) for column in range(8)] == [0, 1, 6, 6, 6, 6, 6, 7]
    assert edge_after(line, 99) == 7


def test_what_is_not_gsm_is_costly_as_a_whole() -> None:
    assert costly("plain [text] é €") == []
    assert costly(f"a—{FAMILY}") == [(1, 2), (2, 7)]


def test_an_accent_that_composes_to_gsm_costs_nothing() -> None:
    assert costly("e\u0301") == []
    assert costly("e\u0302") == [(0, 2)]


@pytest.mark.parametrize("newer", ["👩‍🦰", "🧑‍🤝‍🧑", "🏴‍☠️", "❤️‍🔥", "🫱🏻‍🫲🏿", "🙂‍↔️"])
def test_emoji_that_the_tables_of_segments_dont_know_are_one_each_too(newer: str) -> None:
    assert cluster_edges(f"a{newer}b") == (0, 1, len(newer) + 1, len(newer) + 2)


def test_a_joiner_between_letters_joins_what_follows_to_nothing() -> None:
    assert cluster_edges("می\u200cخ") == (0, 1, 3, 4)
    assert cluster_edges("☀\u200da") == (0, 2, 3)


pieces = st.sampled_from([*"x☀\u0302\ufe0f🇺🇸한각ᄀ\u1161\u0600क\u094dष", "👍🏽", FAMILY])


@given(st.lists(pieces, min_size=60, max_size=150))
def test_the_cursor_stands_wherever_a_text_is_split(text: list[str]) -> None:
    whole = normalise("☀" + "".join(text))
    edges, at = set(cluster_edges(whole)), 0
    for part in split(whole):
        assert at in edges or _longer_than_a_segment(whole, at)
        at += len(part)


def _longer_than_a_segment(text: str, at: int) -> bool:
    cluster = text[edge_before(text, at) : edge_after(text, at)]
    return len(cluster.encode("utf-16-le")) // 2 > 67
