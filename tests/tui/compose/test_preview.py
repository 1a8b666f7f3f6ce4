"""The strip of segments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.compose.preview import segment_strip


def test_an_empty_text_is_an_empty_segment() -> None:
    assert segment_strip(0, 0, 160, 12) == "▕··········▏"


def test_one_segment_fills_as_it_is_written() -> None:
    assert segment_strip(1, 1, 160, 12) == "▕■·········▏"
    assert segment_strip(1, 80, 160, 12) == "▕■■■■■·····▏"
    assert segment_strip(1, 159, 160, 12) == "▕■■■■■■■■■·▏"
    assert segment_strip(1, 160, 160, 12) == "▕■■■■■■■■■■▏"


def test_a_boundary_stands_between_two() -> None:
    assert segment_strip(2, 34, 67, 13) == "▕■■■■■┆■■···▏"


def test_boundaries_give_way_where_there_is_no_room() -> None:
    assert segment_strip(10, 67, 67, 12) == "▕■■■■■■■■■■▏"


@given(
    segments=st.integers(0, 40),
    used=st.integers(0, 153),
    width=st.integers(3, 120),
)
def test_a_strip_is_as_wide_as_it_is_told(segments: int, used: int, width: int) -> None:
    assert len(segment_strip(segments, used, 153, width)) == width
