"""Languages are longer than English, or wider: on every screen there is room for them, or a mark where there
is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tests.tui.harness import make_app, make_store, settled, text
from tests.tui.pseudo import PseudoLanguage
from tui.base.key_bar import KeyBar
from tui.routes.screens import MODES

SIZES = ((120, 36), (80, 24), (41, 30))


def cut(screen: Screen[object]) -> Iterator[str]:
    """What stands on a screen in a widget that is too narrow for its longest word, or too low for its lines,
    without a mark where it ends."""
    for widget in screen.query(Static):
        shown = widget.visual
        if not widget.is_on_screen or not isinstance(shown, Content) or not widget.content_size:
            continue
        width, height = widget.content_size
        if widget.styles.text_overflow == "ellipsis" and widget.styles.text_wrap == "nowrap":
            continue
        if widget.styles.text_wrap == "nowrap":
            longest = max((cell_len(line) for line in shown.plain.splitlines()), default=0)
            if longest > width:
                yield f"{widget.css_identifier}: {shown.plain!r} is {longest} wide, of {width}"
        elif shown.get_height({}, width) > height:
            yield f"{widget.css_identifier}: {shown.plain!r} is cut to {height} lines of {width}"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_longer_words_have_room_on_every_screen(size: tuple[int, int], tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Open house on Sunday", "+14155550123")
    app = make_app(store)
    app.language = PseudoLanguage()
    async with app.run_test(size=size) as pilot:
        for mode in MODES:
            app.go(mode)
            await settled(pilot)
            assert (mode, list(cut(app.screen))) == (mode, [])
            bar = app.screen.query_one(KeyBar).render().plain.rstrip()
            assert bar.startswith(" ")
            assert "F1" in bar, mode
            assert cell_len(bar) <= size[0], mode
