"""The History screen: every change of the credits, in words, and what is behind each."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from store import Store
from store.clock import FixedClock, micros
from store.credits.history_index import Survey
from store.credits.model import Kind
from store.errors import DatabaseTrouble
from store.sentences import sentence
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    make_app,
    make_store,
    move_clock,
    numbers,
    press,
    settled,
    text,
    toasts,
    words,
)
from tui.history.export import ExportScreen
from tui.history.screen import HistoryScreen


def busy_store(folder: Path) -> Store:
    store = make_store(folder)
    text(store, "Open house on Elm Street, Sunday at two.", *numbers(5))
    move_clock(store, NOW + timedelta(hours=1))
    text(store, "The keys are at the office.", *numbers(1), "+14155550000")  # the last one is refused
    return store


def community(folder: Path) -> Store:
    """A community's account that bought credits, upgraded, and let a year pass."""
    opened = datetime(2026, 4, 14, 15, tzinfo=UTC)
    store = Store(str(folder / "textmeter.sqlite3"), clock=FixedClock(opened))
    account = store.credits.open_account("community-texts", "200", "America/New_York")
    for credits, days in ((500, 0), (150, 20)):
        move_clock(store, opened + timedelta(days=days))
        quote = store.credits.quote_purchase(account.id, credits)
        store.credits.place(account.id, quote, key=f"buy {credits}")
    text(store, "The pool opens on Saturday.", *numbers(6))
    move_clock(store, opened + timedelta(days=25))
    store.credits.place(account.id, store.credits.quote_plan(account.id, "400"), key="upgrade")
    move_clock(store, opened + timedelta(days=110))
    store.credits.catch_up(account.id, confirmed=True)  # three months at once, which an owner says is right
    return store


def long_store(folder: Path, lines: int) -> Store:
    """A history with that many lines from May on, 500 a day: used and given back in turns, ever more."""
    store = make_store(folder)
    account = store.credits.account()
    store.credits.catch_up(account.id)
    opened = datetime(2026, 5, 1, 12, tzinfo=UTC)
    with store.database.transaction():
        (first,) = store.database.execute("SELECT seq FROM account").fetchone()
        store.database.executemany(
            "INSERT INTO entry "
            "(account_id, seq, at, day, pool, kind, delta, balance, amount, cause, reference, count) "
            "VALUES (?, ?, ?, ?, 'allotted', ?, ?, ?, ?, 'charge', '', 0)",
            [
                (
                    account.id,
                    first + 1 + number,
                    micros(opened),
                    str(date(2026, 5, 1) + timedelta(days=number // 500)),
                    "released" if number % 2 else "used",
                    1 + number if number % 2 else -number,
                    number,
                    number,
                )
                for number in range(lines)
            ],
        )
        store.database.execute("UPDATE account SET seq = ?", (first + lines,))
    return store


def sums(shown: str) -> str:
    """What the lines come to, as it stands above them."""
    (line,) = [line for line in shown.splitlines() if "Received\N{NO-BREAK SPACE}" in line]
    return line.replace("\N{NO-BREAK SPACE}", " ").strip()


def lines(shown: str) -> list[str]:
    """What is listed below the columns' names, without the key bar, each with single spaces."""
    _above, _, below = shown.partition("Day ")
    return [" ".join(line.split()) for line in below.splitlines()[1:-1] if line.strip()]


async def test_a_text_is_one_line_and_what_was_not_sent_comes_back_as_another(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert lines(words(app)) == [
            "› May 20, 2026 Given back: not sent or not delivered The keys are at the office. +1 594",
            "May 20, 2026 Text to 2 people The keys are at the office. −2 593",
            "May 20, 2026 Text to 5 people Open house on Elm Street, Sunday at two. −5 595",
            "May 1, 2026 Monthly credits order 2 +300 600",
            "Apr 16, 2026 First credits of the plan order 1 +300 300",
        ]


async def test_above_the_lines_stands_what_they_come_to(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert sums(words(app)) == "Received 600   Used 7   Given back 1   Expired 0   Left 594"
        await press(pilot, "t", *"2026-05-01", "enter")
        assert sums(words(app)) == "Received 300   Used 7   Given back 1   Expired 0   Left 594"


async def test_all_that_the_lines_come_to_is_seen_on_a_phone(tmp_path: Path) -> None:
    store = busy_store(tmp_path)
    app = make_app(store, first="history")
    async with app.run_test(size=(41, 40)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        assert screen._earlier is not None
        screen._earlier = replace(screen._earlier, credits=dict.fromkeys(Kind, -12_345))
        screen.describe()
        await settled(pilot)
        assert "Left 594" in " ".join(words(app).replace("\N{NO-BREAK SPACE}", " ").split())


async def test_a_kind_is_chosen_by_a_part_of_its_name_and_a_key_shows_all_again(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "All lines · newest first" in words(app)
        await press(pilot, "f", *"used", "enter")
        assert "Only used · newest first   * shows all" in words(app)
        assert len(lines(words(app))) == 2
        await press(pilot, "f", *"exp", "enter")
        assert "No lines match. Press * to show all lines." in words(app)
        await press(pilot, "enter", "s")
        assert toasts(app) == ["There are no lines to save."]
        app.clear_notifications()
        await press(pilot, "asterisk")
        assert len(lines(words(app))) == 5
        await press(pilot, "asterisk")
        assert toasts(app) == ["All lines are already shown."]


async def test_days_narrow_the_list_from_to_or_both(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "t", *"2026-05", "enter")
        assert "Since May 1, 2026 · newest first" in words(app)
        assert len(lines(words(app))) == 4
        await press(pilot, "t", "tab", *"2026-05-19", "enter")
        assert "Since May 1, 2026 · until May 19, 2026" in words(app)
        assert [line.split()[3] for line in lines(words(app))] == ["2026"]
        await press(pilot, "t", *["backspace"] * 10, "tab", "enter")
        assert "Until May 19, 2026" in words(app)
        assert len(lines(words(app))) == 2


async def test_what_is_no_day_is_said_and_can_be_typed_again(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "t", *"soon", "enter")
        assert "That isn't a date." in words(app)
        await press(pilot, *["backspace"] * 4, *"2026-05-20", "down", *"2026-05-01", "enter")
        assert "The end date is before the start date." in words(app)
        await press(pilot, "escape")
        assert "All lines" in words(app)


async def test_the_search_narrows_the_list_as_one_types_and_esc_ends_it(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"ELM")
        await searched(pilot)
        assert "With “ELM”" in words(app)
        assert len(lines(words(app))) == 1
        await press(pilot, *["backspace"] * 3, *"keys", "enter")
        assert len(lines(words(app))) == 2
        await press(pilot, "end", "enter")
        assert "Text to 2 people" in words(app)
        await press(pilot, "escape")
        assert len(lines(words(app))) == 2
        await press(pilot, "escape")
        assert "All lines" in words(app)
        assert len(lines(words(app))) == 5
        await press(pilot, "escape")
        assert app.current_mode == "home"


async def test_the_search_finds_orders_and_causes_too(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for wanted, count in (("#2", 1), ("order 1", 1), ("text to", 2), ("of the plan", 1), ("[/]", 0)):
            await press(pilot, "slash")
            app.screen.query_one("#search", Input).value = wanted
            await press(pilot, "enter")
            assert len(lines(words(app))) == count or "No lines match" in words(app)
            assert f"With “{wanted}”" in words(app)


async def test_lines_are_sorted_by_day_either_way_or_by_size(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "less_than_sign")
        assert "oldest first" in words(app)
        assert [line.split()[-2] for line in lines(words(app))] == ["+300", "+300", "−5", "−2", "+1"]
        assert "First credits" in lines(words(app))[0]
        await press(pilot, "less_than_sign")
        assert "largest first" in words(app)
        assert "Monthly credits" in lines(words(app))[0]  # the newest of those of one size comes first
        await press(pilot, "colon")
        assert toasts(app) == [
            "You can't jump to a day while the list is sorted by size. Press < to sort by day again."
        ]
        await press(pilot, "less_than_sign")
        assert "newest first" in words(app)


async def test_a_day_is_jumped_to_in_either_order(tmp_path: Path) -> None:
    app = make_app(long_store(tmp_path, 5_000), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "colon", *"2026-05-04", "enter")
        (line,) = [line for line in lines(words(app)) if line.startswith("›")]
        assert line == "› May 4, 2026 Given back +2,000 1,999"
        await press(pilot, "less_than_sign", "colon", *"2026-05-04", "enter")
        (line,) = [line for line in lines(words(app)) if line.startswith("›")]
        assert line == "› May 4, 2026 Usage recorded by hand −1,500 1,500"


async def test_both_ends_of_a_long_list_are_a_key_away(tmp_path: Path) -> None:
    app = make_app(long_store(tmp_path, 5_000), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "end")
        assert lines(words(app))[-1].startswith("› Apr 16, 2026 First credits")
        await press(pilot, "pageup", "pageup", "home")
        assert lines(words(app))[0].startswith("› May 10, 2026")
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        screen._list.scroll_to(y=2_500, animate=False)
        await settled(pilot)
        assert lines(words(app))[0] == "May 5, 2026 Given back +2,500 2,499"


async def test_any_filter_holds_wherever_one_scrolls(tmp_path: Path) -> None:
    app = make_app(long_store(tmp_path, 5_000), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f", *"given", "enter", "less_than_sign", "less_than_sign", "end")
        assert "Only given back · largest first" in words(app)
        assert lines(words(app))[-1] == "› May 1, 2026 Given back +2 1"
        await press(pilot, "home")
        assert lines(words(app))[0] == "› May 10, 2026 Given back +5,000 4,999"


async def test_purchased_credits_have_a_table_of_their_own_once_there_are_any(tmp_path: Path) -> None:
    app = make_app(community(tmp_path), first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Allotted  Purchased" in words(app)
        await press(pilot, "v")
        assert lines(words(app)) == [
            "› May 4, 2026 Purchase order 3 +150 650",
            "Apr 14, 2026 Purchase order 2 +500 500",
        ]
        assert sums(words(app)) == "Received 650   Used 0   Expired 0   Left 650"
        await press(pilot, "v")
        assert "Plan upgrade" in words(app)
        assert "Above the cap" in words(app)


async def test_keys_typed_at_once_mean_what_the_ones_before_them_show(tmp_path: Path) -> None:
    app = make_app(community(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("less_than_sign", "v", "end"):
            app.post_message(events.Key(key, None))
        await settled(pilot)
        assert lines(words(app))[-1] == "› May 4, 2026 Purchase order 3 +150 650"


async def test_without_purchases_there_is_one_table_and_no_tab(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "Purchased" not in words(app)
        await press(pilot, "v")
        assert len(lines(words(app))) == 5


async def test_a_line_tells_its_credits_and_leads_to_its_text(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert "Balance before   595" in words(app)
        assert "Balance after    593" in words(app)
        assert "−2  of 300 added on Apr 16, 2026, expires Apr 16, 2027" in words(app)
        await press(pilot, "enter")
        assert "delivered" in words(app)
        await press(pilot, "escape", "escape")
        assert lines(words(app))[1].startswith("› May 20, 2026 Text to 2 people")


async def test_a_line_leads_to_the_receipt_of_its_order(tmp_path: Path) -> None:
    app = make_app(community(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "v", "enter")
        assert "+150  of 150 added on May 4, 2026, no expiry" in words(app)
        assert "Order 3" in words(app)
        await press(pilot, "enter")
        assert "Receipt" in words(app)
        assert "$3.00" in words(app)


async def test_the_cursor_stays_on_its_line_when_a_new_one_comes_in(tmp_path: Path) -> None:
    store = busy_store(tmp_path)
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down")
        text(store, "One more.", *numbers(3))
        app.refresh_balance()
        await settled(pilot)
        assert "Text to 3 people" in lines(words(app))[0]
        assert lines(words(app))[3].startswith("› May 20, 2026 Text to 5 people")
        assert "Used 10 " in sums(words(app))


async def test_a_line_that_comes_in_is_found_if_it_says_what_is_looked_for(tmp_path: Path) -> None:
    store = busy_store(tmp_path)
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"people", "enter")
        assert len(lines(words(app))) == 2
        text(store, "One more.", *numbers(3))
        app.refresh_balance()
        await settled(pilot)
        assert [line.split()[-1] for line in lines(words(app))] == ["591", "593", "595"]


async def test_far_down_nothing_moves_when_a_new_line_comes_in(tmp_path: Path) -> None:
    store = long_store(tmp_path, 1_000)
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["pagedown"] * 20)
        before = lines(words(app))
        text(store, "One more.", *numbers(3))
        app.refresh_balance()
        await settled(pilot)
        assert lines(words(app)) == before
        await press(pilot, "home")
        assert "Text to 3 people" in lines(words(app))[0]


async def test_lines_that_come_in_while_the_list_is_counted_are_counted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = busy_store(tmp_path)
    counted, go_on = Event(), Event()
    survey = type(store.credits).survey

    def slow(*arguments: Any) -> Survey:
        found = survey(*arguments)
        counted.set()
        assert go_on.wait(10)
        return found

    monkeypatch.setattr(type(store.credits), "survey", slow)
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        while not counted.is_set():
            await pilot.pause()
        text(store, "One more.", *numbers(3))
        app.refresh_balance()
        while app.balance is None or app.balance.available != 591:
            await pilot.pause()
        go_on.set()
        await settled(pilot)
        assert "Text to 3 people" in lines(words(app))[0]


async def test_another_account_begins_with_all_its_lines(tmp_path: Path) -> None:
    store = community(tmp_path)
    other = store.credits.open_account("agent-texts", "300", "America/New_York")
    app = make_app(lambda: store, first="history")
    store.settings.write("account", str(store.credits.accounts()[0].id))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "v", "slash", *"purchase", "enter")
        assert len(lines(words(app))) == 2
        app.use_account(other)
        await settled(pilot)
        assert "Purchased" not in words(app)
        assert "All lines · newest first" in words(app)
        assert lines(words(app)) == ["› Aug 2, 2026 First credits of the plan order 1 +300 300"]


@pytest.mark.parametrize("question", ["page", "survey"])
async def test_a_database_that_fails_is_told_and_asked_again(
    question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = busy_store(tmp_path)
    app = make_app(store, first="history")

    def fail(*_arguments: object, **_more: object) -> None:
        raise DatabaseTrouble(sentence("The disk is gone."))

    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        with monkeypatch.context() as broken:
            broken.setattr(type(store.credits), question, fail)
            await press(pilot, "f", *"used", "enter")
        assert toasts(app) == ["The disk is gone."]
        assert "Only used" in words(app)
        await press(pilot, "f2", "f9")
        assert len(lines(words(app))) == 2
        assert sums(words(app)) == "Received 0  Used 7  Expired 0  Left 594".replace("  ", "   ")


async def test_what_takes_long_to_find_is_said_to_be_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = busy_store(tmp_path)
    app = make_app(store, first="history")
    go_on = Event()
    page = type(store.credits).page

    def slow(*arguments: Any, **more: Any) -> Any:
        assert go_on.wait(10)
        return page(*arguments, **more)

    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        monkeypatch.setattr(type(store.credits), "page", slow)
        await pilot.press("less_than_sign")
        while "Searching…" not in words(app):
            await pilot.pause()
        await pilot.press("s")
        assert toasts(app) == ["Still searching. Try again in a moment."]
        go_on.set()
        await settled(pilot)
        assert "Searching…" not in words(app)
        assert "First credits" in lines(words(app))[0]


async def test_another_language_is_taken_up_without_losing_the_list(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "t", *"2026-05", "enter")
        app.choose_language("es")
        await settled(pilot)
        assert "20 may 2026" in words(app)
        assert len(app.screen.query_one("#entries").seen) == 4  # type: ignore[attr-defined]


# Export


async def type_file(pilot: Pilot[Any], name: str) -> None:
    pilot.app.screen.query_one("#path", Input).value = name
    await press(pilot, "enter")


async def test_what_is_shown_is_saved_in_its_order(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f", *"used", "enter", "less_than_sign", "less_than_sign", "s")
        assert "2 lines: Only used · largest first" in words(app)
        await type_file(pilot, "out.csv")
        assert toasts(app) == [f"2 lines saved to {Path.cwd() / 'out.csv'}."]
        assert "Only used" in words(app)
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        saved = list(csv.DictReader(file))
    assert [(line["delta"], line["cause"], line["text"]) for line in saved] == [
        ("-5", "Text to 5 people", "Open house on Elm Street, Sunday at two."),
        ("-2", "Text to 2 people", "The keys are at the office."),
    ]


async def test_a_number_is_written_as_at_home_on_the_screen_and_as_it_is_in_a_file(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "The keys are at the office.", "+14155550123")
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Text to (415) 555-0123" in words(app)
        await press(pilot, "s")
        await type_file(pilot, "out.csv")
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        assert "Text to +14155550123" in [line["cause"] for line in csv.DictReader(file)]


async def test_a_file_that_is_there_is_replaced_only_when_asked_twice(tmp_path: Path) -> None:
    Path("out.csv").write_text("mine")
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "s")
        await type_file(pilot, "out.csv")
        assert "out.csv already exists. Press Enter again to replace it." in words(app)
        await type_file(pilot, "out.jsonl")  # another name isn't asked about
        assert Path("out.csv").read_text() == "mine"
        await press(pilot, "s")
        await type_file(pilot, "out.csv")
        await press(pilot, "enter")
        assert Path("out.csv").read_text().startswith("seq,on")


async def test_a_name_without_a_format_is_said_where_it_was_typed(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "s")
        await type_file(pilot, "out.pdf")
        assert "it must end in .csv, .jsonl, .xlsx" in words(app)
        await press(pilot, "escape")
        assert len(lines(words(app))) == 5


async def stopped_export(app: Any, pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch) -> Event:
    """Starts to save 2,000 lines, which halts after the first 1,000 until the event is set."""
    halted, go_on = Event(), Event()
    progress = "tui.history.export.ExportScreen._progress"

    def halt(screen: Any, count: int) -> None:
        app.call_from_thread(screen._progressed, count)
        if not halted.is_set():
            halted.set()
            assert go_on.wait(10)

    monkeypatch.setattr(progress, halt)
    await settled(pilot)
    await press(pilot, "s")
    app.screen.query_one("#path", Input).value = "out.csv"
    await pilot.press("enter")
    while not halted.is_set():
        await pilot.pause()
    return go_on


async def test_esc_cancels_what_is_being_saved_and_no_file_stays(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(long_store(tmp_path, 2_500), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        go_on = await stopped_export(app, pilot, monkeypatch)
        assert "1,000 of 2,502 lines written. Esc cancels." in words(app)
        assert "40%" in words(app)
        await pilot.press("escape")
        go_on.set()
        await settled(pilot)
        assert toasts(app) == ["Export cancelled. No file was saved."]
        assert len(lines(words(app))) > 5
    assert [path.name for path in home.iterdir()] in ([], [".local"])  # where the app has its log


async def test_who_goes_elsewhere_is_told_when_the_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(long_store(tmp_path, 2_500), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        go_on = await stopped_export(app, pilot, monkeypatch)
        await pilot.press("f2")
        go_on.set()
        await settled(pilot)
        assert app.current_mode == "home"
        assert toasts(app) == [f"2,502 lines saved to {Path.cwd() / 'out.csv'}."]
        await press(pilot, "f9")
        assert "May 5, 2026" in words(app)


async def test_a_workbook_of_several_sheets_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.history.export.SHEET", 2)
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "s")
        assert "sheets" not in words(app)
        app.screen.query_one("#path", Input).value = "out.xlsx"
        await settled(pilot)
        assert "A sheet holds 2 lines; the rest go on more sheets." in words(app)


async def searched(pilot: Pilot[Any]) -> None:
    """Waits until what was typed is looked for."""
    screen = pilot.app.screen
    assert isinstance(screen, HistoryScreen)
    while screen._choices.text != screen.query_one("#search", Input).value:
        await pilot.pause()
    await settled(pilot)


# Pictures


def test_the_history_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24))


def test_the_history_at_120_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(120, 36), keys=("down", "down"))


def test_the_history_in_a_small_window(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(60, 20))


def test_the_history_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history", language="es", theme="day")
    assert snap(app, size=(80, 24))


def test_two_tables(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(community(tmp_path), first="history"), size=(120, 36))


def test_two_tables_in_a_small_window(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(community(tmp_path), first="history"), size=(60, 20), keys=("v",))


def test_filters_in_force(snap: Snap, tmp_path: Path) -> None:
    keys = ("f", *"used", "enter", "d", *"2026-05", "enter", "slash", *"keys", "enter", "s", "s")
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=keys)


def test_a_filter_that_finds_nothing(snap: Snap, tmp_path: Path) -> None:
    keys = ("f", *"expired", "enter")
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=keys)


def test_days_are_asked_for(snap: Snap, tmp_path: Path) -> None:
    keys = ("d", *"soon", "enter")
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=keys)


def test_one_line_in_full(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=("down", "enter"))


def test_a_purchase_in_full(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(community(tmp_path), first="history"), size=(60, 20), keys=("v", "enter"))


def test_a_file_is_asked_for(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=("s",))


def test_a_file_is_there_already(snap: Snap, tmp_path: Path) -> None:
    Path("history.csv").write_text("mine")
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(60, 20), keys=("s", "enter"))


def test_a_file_is_being_written(snap: Snap, tmp_path: Path) -> None:
    async def begin(pilot: Pilot[Any]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, ExportScreen)
        screen._begin()
        screen._progressed(1_000)

    app = make_app(long_store(tmp_path, 2_500), first="history")
    assert snap(app, size=(80, 24), keys=("s",), before=begin)
