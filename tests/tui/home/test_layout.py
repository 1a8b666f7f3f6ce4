"""Which part of Home gets how many lines."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from tui.home.layout import LEAST, Lines, fit

COUNTS = st.builds(
    Lines,
    attention=st.integers(0, 6),
    chart=st.sampled_from([2, 9, 16]),
    planned=st.sampled_from([0, 5]),
    tasks=st.integers(0, 30),
    coming=st.integers(0, 12),
    sent=st.integers(2, 14),
    replies=st.integers(0, 7),
)


def each(lines: Lines) -> dict[str, int]:
    return {part.name: getattr(lines, part.name) for part in fields(lines)}


def height(lines: Lines) -> int:
    """The lines of all parts, with an empty one between two."""
    there = [count for count in each(lines).values() if count]
    return sum(there) + max(len(there) - 1, 0)


@given(wanted=COUNTS, room=st.integers(0, 80))
def test_nobody_gets_more_than_they_want_and_all_of_it_is_in_sight_where_it_can_be(
    wanted: Lines, room: int
) -> None:
    given_ = fit(room, wanted)
    assert all(given_count <= each(wanted)[part] for part, given_count in each(given_).items())
    needed = Lines(
        attention=min(wanted.attention, 1),
        tasks=min(wanted.tasks, 2),
        coming=min(wanted.coming, 2),
        sent=min(wanted.sent, 2),
    )
    assert height(given_) <= max(room, height(needed))


@given(wanted=COUNTS, room=st.integers(0, 80))
def test_a_drawing_is_there_with_all_that_makes_it_one_or_not_at_all(wanted: Lines, room: int) -> None:
    lines = each(fit(room, wanted))
    for part, least in LEAST.items():
        assert lines[part] == 0 or lines[part] >= min(least, each(wanted)[part])


def test_on_a_small_screen_what_asks_for_something_comes_before_the_chart() -> None:
    # 80x24 with a notice, two tasks and all that comes next, below the large number.
    lines = fit(16, Lines(attention=1, chart=9, tasks=3, coming=5, sent=9, replies=5))
    assert lines == Lines(attention=1, tasks=3, coming=5, sent=4)


def test_on_a_tall_one_everything_is_there() -> None:
    wanted = Lines(attention=2, chart=9, planned=5, tasks=5, coming=5, sent=9, replies=5)
    assert fit(60, wanted) == wanted
