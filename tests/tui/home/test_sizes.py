"""Home at all sizes: two panes, one, a phone; whole wherever it can be, and nothing cut without a mark."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.containers import VerticalScroll

from store import Store
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, make_app, make_store, numbers, press, settled, text, where, words
from tests.tui.inbox.heard import make_inbox
from tui.app import TextmeterApp
from tui.home.widgets import DaysChart, Standing
from tui.widgets.link_list import Rows


def busy(folder: Path, *, tasks: int = 2) -> Store:
    """Replies, texts, a notice that isn't read, tasks that are due, and a text that leaves tomorrow."""
    store = make_inbox(folder)
    with store.connection():
        for number in range(tasks):
            store.tasks.add(1, 1, f"Call about flat {number}", NOW - timedelta(hours=number))
    text(store, "Open house on Elm St this Sunday at 2", *numbers(250))
    text(store, "It is on again, and the key is with the neighbours", *numbers(230))
    return store


def scrolls(app: TextmeterApp) -> bool:
    return any(pane.max_scroll_y > 0 for pane in app.screen.query(VerticalScroll))


@pytest.mark.parametrize("size", [(160, 50), (200, 50), (120, 36), (80, 24)])
async def test_tasks_notice_and_plan_are_in_sight_together(tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "2 tasks are due" in shown
        assert "Call about flat 0" in shown
        assert "of 600 used" in shown
        assert "Renews" in shown
        assert "Latest texts" in shown
        assert not scrolls(app)


async def test_on_a_wide_screen_texts_and_replies_stand_beside_the_month(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        number, chart = app.screen.query_one(Standing).region, app.screen.query_one(DaysChart).region
        beside = [
            app.screen.query_one(part, Rows).region for part in ("#texts", "#replies", "#next", "#tasks")
        ]
        assert number.right <= min(region.x for region in beside)
        assert number.y < chart.y
        assert [region.y for region in beside] == sorted(region.y for region in beside)
        assert "Yes! Friday?" in words(app)
        app.screen.query_one("#replies", Rows).focus()
        await press(pilot, "enter")
        assert where(app) == "Inbox"


async def test_what_is_to_be_done_comes_first_where_there_is_one_pane(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(100, 50)
        await settled(pilot)
        tops = [
            app.screen.query_one(part, Rows).region.y for part in ("#attention", "#tasks", "#next", "#texts")
        ]
        assert tops == sorted(tops)


@pytest.mark.parametrize("width", [80, 120, 160, 200, 240])
async def test_a_bar_is_at_most_three_cells_wide_and_the_gauge_as_wide_as_the_chart(
    tmp_path: Path, width: int
) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=(width, 50)) as pilot:
        await settled(pilot)
        lines = words(app).splitlines()
        top = next(at for at, line in enumerate(lines) if "Last 30 days" in line)
        left = app.screen.query_one(DaysChart).region.right
        bars = [part for line in lines[top + 1 : top + 9] for part in line[:left].replace("·", " ").split()]
        drawn = [part for part in bars if set(part) <= set("▁▂▃▄▅▆▇█")]
        assert drawn
        assert max(map(len, drawn)) <= 3
        gauge = next(line for line in lines[1:] if "▕" in line)
        assert gauge.index("▏") - gauge.index("▕") > min(left, 120) * 0.6


async def test_a_list_that_is_cut_says_how_many_more_there_are_and_shows_them(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path, tasks=12))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "12 tasks are due" in words(app)
        assert "Call about flat 0" not in words(app)
        tasks = app.screen.query_one("#tasks", Rows)
        tasks.focus()
        while (row := tasks.current) is not None and not row.text.plain.startswith("+"):
            await press(pilot, "down")
        await press(pilot, "enter")
        assert app.screen.query_one("#tasks", Rows).size.height == 13
        assert scrolls(app)


@pytest.mark.parametrize("size", [(60, 20), (41, 30)])
async def test_on_a_small_screen_the_month_and_how_long_it_lasts_are_told_whole(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        shown = words(app)
        said = " ".join(shown.split())
        assert "of 600 used" in shown
        assert "Everything" in said or "^P" in said.rsplit("Enter", 1)[1]
        standing = app.screen.query_one(Standing)
        assert "…" not in standing.render().plain
        for part in ("#attention", "#tasks", "#next", "#texts"):
            assert app.screen.query_one(part, Rows).display


async def test_all_of_home_is_reached_by_keys_on_a_phone(tmp_path: Path) -> None:
    app = make_app(busy(tmp_path))
    async with app.run_test(size=(41, 30)) as pilot:
        await settled(pilot)
        seen = set()
        for _ in range(12):
            assert app.focused is not None
            seen.add(app.focused.id or type(app.focused).__name__)
            assert app.screen.region.contains_region(app.focused.region.intersection(app.screen.region))
            await press(pilot, "tab")
        assert {"Standing", "attention", "tasks", "next", "texts"} <= seen


async def test_where_nothing_is_left_the_ways_to_more_stand_below_the_zero(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Open house on Elm St this Sunday", *numbers(300))
    text(store, "It is on again", *numbers(300))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lines = words(app).splitlines()
        zero = next(at for at, line in enumerate(lines) if "Nothing left until" in line)
        assert "F12   Choose a larger plan" in lines[zero + 2]
        app.screen.query_one("#attention", Rows).focus()
        await press(pilot, "enter")
        assert where(app) == "Plans"


async def test_plans_are_in_the_key_bar(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "F12 Plans" in words(app).splitlines()[-1]


@pytest.mark.parametrize("size", [(160, 50), (41, 30)])
def test_home_busy(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(busy(tmp_path)), size=size)
