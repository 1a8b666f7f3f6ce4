"""What the terminal shows already is not sent again, and all else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip

from tests.tui.harness import make_app, make_store, settled
from tui.base.diff_display import Painted


def strip(text: str) -> Strip:
    return Strip([Segment(text)])


def update(rows: dict[int, dict[int, str]], spans: list[tuple[int, int, int]] | None = None) -> ChopsUpdate:
    """An update of a terminal of four rows and ten columns: by row, by column, what begins there."""
    chops: list[dict[int, Strip | None]] = [{} for _ in range(4)]
    ends: list[list[int]] = [[] for _ in range(4)]
    for y, row in rows.items():
        chops[y] = {x: strip(text) for x, text in row.items()}
        ends[y] = [x + len(text) for x, text in row.items()]
    return ChopsUpdate(chops, spans or [(y, 0, 10) for y in rows], ends)


def sent(painted: Painted, some: ChopsUpdate) -> list[tuple[int, int, str]]:
    """Row, column and text of what is sent."""
    left = painted.only_changed(some)
    if left is None:
        return []
    return [
        (y, x, chop.text) for y, _, _ in left.spans for x, chop in left.chops[y].items() if chop is not None
    ]


def test_the_same_is_sent_once() -> None:
    painted = Painted()
    assert sent(painted, update({1: {0: "left ", 5: "right"}})) == [(1, 0, "left "), (1, 5, "right")]
    assert sent(painted, update({1: {0: "left ", 5: "right"}})) == []


def test_only_what_changed_is_sent() -> None:
    painted = Painted()
    sent(painted, update({1: {0: "left ", 5: "right"}, 2: {0: "below     "}}))
    assert sent(painted, update({1: {0: "left ", 5: "RIGHT"}, 2: {0: "below     "}})) == [(1, 5, "RIGHT")]


def test_two_places_of_a_row_that_change_at_once_are_both_sent() -> None:
    painted = Painted()
    row = {1: {0: "left", 4: "  ", 6: "more"}}
    assert set(sent(painted, update(row, spans=[(1, 0, 4), (1, 6, 10)]))) == {(1, 0, "left"), (1, 6, "more")}
    assert sent(painted, update(row, spans=[(1, 0, 4), (1, 6, 10)])) == []


def test_what_was_written_over_is_sent_again() -> None:
    painted = Painted()
    sent(painted, update({1: {0: "left ", 5: "right"}}))
    sent(painted, update({1: {0: "a dialogue"}}))
    assert sent(painted, update({1: {0: "left ", 5: "right"}})) == [(1, 0, "left "), (1, 5, "right")]


def test_a_part_that_was_sent_is_not_taken_for_the_whole() -> None:
    painted = Painted()
    part = update({1: {0: "a whole ro"}}, [(1, 0, 4)])
    assert sent(painted, part) == [(1, 0, "a whole ro")]
    assert sent(painted, update({1: {0: "a whole ro"}})) == [(1, 0, "a whole ro")]


def test_nothing_is_known_of_a_terminal_that_was_cleared() -> None:
    painted = Painted()
    sent(painted, update({1: {0: "left "}}))
    painted.clear()
    assert sent(painted, update({1: {0: "left "}})) == [(1, 0, "left ")]


async def test_a_balance_that_is_another_repaints_what_shows_it_not_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_store(tmp_path), first="compose")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        whole: list[str] = []
        paint = Compositor.render_full_update

        def noted(self: Compositor, simplify: bool = False) -> object:
            whole.append("painted")
            return paint(self, simplify)

        monkeypatch.setattr(Compositor, "render_full_update", noted)
        assert app.balance is not None
        app.balance = app.balance._replace(available=app.balance.available - 1)
        await settled(pilot)
        assert whole == []
        assert "599" in app.export_screenshot()
