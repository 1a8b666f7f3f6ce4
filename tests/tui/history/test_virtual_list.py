"""A list of a million lines that holds a few hundred of them."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from tui.base.looks import NIGHT
from tui.history.queries import BLOCK
from tui.history.virtual_list import AHEAD, MOST_BLOCKS, LongList

MILLION = 1_000_000


class Listing(App[None]):
    """A list of the numbers from 0 on. answers: whether what is asked for comes at once, or is kept."""

    def __init__(self, length: int, *, answers: bool = True) -> None:
        super().__init__()
        self.length = length
        self.answers = answers
        self.asked: list[LongList.LinesWanted] = []
        self.chosen: list[int] = []
        self.register_theme(NIGHT)
        self.theme = NIGHT.name

    def compose(self) -> ComposeResult:
        yield LongList[int](lambda item, width: Content(f"line {item}"))

    @property
    def lines(self) -> LongList[int]:
        return self.query_one(LongList)

    @on(LongList.Opened)
    def open(self) -> None:
        self.lines.show(self.length, 0, range(min(self.length, 2 * BLOCK)), cursor=0)
        self.lines.focus()

    @on(LongList.LinesWanted)
    def fetch(self, wanted: LongList.LinesWanted) -> None:
        self.asked.append(wanted)
        if self.answers:
            self.answer()

    def answer(self) -> None:
        wanted = self.asked[-1]
        last = min(wanted.first + wanted.count, self.length)
        self.lines.fill(wanted.query, wanted.first, range(wanted.first, last))

    @on(LongList.Chosen)
    def choose(self, chosen: LongList.Chosen) -> None:
        self.chosen.append(chosen.item)

    def rows(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip(" ▁▂▃▄▅▆▇█") for strip in strips]


def held(app: Listing) -> int:
    """How many items the list holds."""
    return sum(map(len, app.lines._blocks.values()))


async def go(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_both_ends_and_every_page_are_reached_at_once() -> None:
    app = Listing(MILLION)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        assert app.rows()[0] == "› line 0"
        await go(pilot, "end")
        assert app.rows()[-1] == "› line 999999"
        await go(pilot, "pageup")
        assert app.rows()[0] == "› line 999990"
        await go(pilot, "home", "pagedown", "pagedown")
        assert app.rows()[-1] == "› line 18"
        assert len(app.asked) <= 3


async def test_the_scrollbar_and_the_wheel_lead_anywhere() -> None:
    app = Listing(MILLION)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        app.lines.scroll_to(y=500_000, animate=False)
        await pilot.pause()
        await pilot.pause()
        assert app.rows() == [f"  line {number}" for number in range(500_000, 500_010)]
        app.lines.scroll_down(animate=False)
        await pilot.pause()
        assert app.rows()[-1] == "  line 500010"


async def test_few_items_are_held_however_far_one_goes() -> None:
    app = Listing(MILLION)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        for y in range(0, MILLION, 50_000):
            app.lines.scroll_to(y=y, animate=False)
            await pilot.pause()
            assert held(app) <= MOST_BLOCKS * BLOCK
        assert len(app.asked) >= 19


async def test_who_goes_to_and_fro_waits_once() -> None:
    app = Listing(MILLION)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await go(pilot, *["pagedown"] * 150, "end", "home")
        asked = len(app.asked)
        await go(pilot, *["end", "home"] * 5)
        assert len(app.asked) == asked


async def test_the_next_pages_are_there_before_they_are_asked_for() -> None:
    app = Listing(MILLION)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        for _ in range(60):
            await pilot.press("pagedown")
            seen = app.lines.seen
            assert all(app.lines.item(number) == number for number in seen)
        assert app.lines.cursor == 60 * 9


async def test_who_drags_waits_only_for_where_it_is_let_go() -> None:
    app = Listing(MILLION, answers=False)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        for y in (100_000, 300_000, 700_000):
            app.lines.scroll_to(y=y, animate=False)
            await pilot.pause()
        assert app.rows()[0] == "  …"
        assert len(app.asked) == 1  # the first place, whose answer is still out
        app.answer()
        await pilot.pause()
        assert len(app.asked) == 2
        assert app.asked[-1].first <= 700_000 - AHEAD
        app.answer()
        await pilot.pause()
        assert app.rows()[0] == "  line 700000"


async def test_an_answer_to_what_is_no_longer_shown_is_dropped() -> None:
    app = Listing(MILLION, answers=False)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await go(pilot, "end")
        app.lines.show(5, 0, [70, 71, 72, 73, 74], cursor=2)
        await pilot.pause()
        app.answer()
        await pilot.pause()
        assert app.rows()[:6] == ["  line 70", "  line 71", "› line 72", "  line 73", "  line 74", ""]


async def test_enter_on_a_line_that_is_not_there_yet_opens_it_when_it_is() -> None:
    app = Listing(MILLION, answers=False)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await go(pilot, "end")
        app.lines.action_choose()
        await pilot.pause()
        assert app.chosen == []
        app.answer()
        await pilot.pause()
        assert app.chosen == [MILLION - 1]


async def test_moving_on_forgets_what_was_to_be_opened() -> None:
    app = Listing(MILLION, answers=False)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await go(pilot, "end")
        app.lines.action_choose()
        await go(pilot, "up")
        app.answer()
        await pilot.pause()
        assert app.chosen == []


async def test_lines_that_come_above_leave_what_is_seen_where_it_is() -> None:
    app = Listing(1_000)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await go(pilot, *["pagedown"] * 4)
        seen, cursor = app.rows(), app.lines.cursor
        app.lines.show(1_003, 0, [-3, -2, -1, *range(397)], cursor=cursor + 3, shift=3)
        await pilot.pause()
        assert app.rows() == seen


async def test_what_was_scrolled_to_stays_in_view_when_the_lines_are_counted_again() -> None:
    app = Listing(1_000)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        app.lines.scroll_to(y=300, animate=False)
        await pilot.pause()
        app.lines.show(1_000, 200, range(200, 500), cursor=app.lines.cursor)
        await pilot.pause()
        assert app.rows()[0] == "  line 300"
        app.lines.expect()
        app.lines.show(1_000, 0, range(200), cursor=0, partial=True)
        await pilot.pause()
        assert app.rows()[0] == "› line 0"


async def test_who_goes_to_the_end_before_it_is_known_gets_there() -> None:
    app = Listing(1_000)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        app.lines.expect()
        await go(pilot, "end")
        app.lines.show(200, 0, range(200), cursor=0, partial=True)
        await pilot.pause()
        assert app.rows()[-1] == "› line 199"
        app.lines.show(1_000, 0, range(200), cursor=0)
        await pilot.pause()
        await pilot.pause()
        assert app.rows()[-1] == "› line 999"


async def test_who_goes_on_from_there_stays_where_he_is() -> None:
    app = Listing(1_000)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        app.lines.expect()
        await go(pilot, "end", "home", "down")
        app.lines.show(2_000, 0, range(200), cursor=app.lines.cursor)
        await pilot.pause()
        assert app.rows()[1] == "› line 1"


async def test_an_empty_list_opens_nothing() -> None:
    app = Listing(0)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await go(pilot, "end", "pagedown", "home")
        app.lines.action_choose()
        await pilot.pause()
        assert app.asked == []
        assert app.chosen == []


async def test_a_click_goes_to_a_line_and_a_second_one_opens_it() -> None:
    app = Listing(MILLION)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        await pilot.click(LongList, offset=(3, 4))
        assert app.rows()[4] == "› line 4"
        assert app.chosen == []
        await pilot.click(LongList, offset=(3, 4))
        await pilot.pause()
        assert app.chosen == [4]
