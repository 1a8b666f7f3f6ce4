"""Terminals that can't show bars and signs get ASCII, in the same shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.conftest import Snap
from tests.tui.harness import make_app, make_store, numbers, text
from tui.i18n.signs import ascii_only, shown, without_drawings
from tui.widgets.charts import bars, large

SIGNS = "▕█▎░▏▁▄▇■┆│─╭╮●▣×✓✗▾→›"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}, None),
        ({"TERM": "xterm-256color"}, None),  # as in containers
        ({"TERM": "xterm", "LANG": "de_DE.utf8"}, None),
        ({"TERM": "screen", "LANG": "C", "LC_ALL": "C.UTF-8"}, None),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, without_drawings),
        ({"TERM": "linux", "LANG": "C"}, ascii_only),
        ({"TERM": "vt100", "LANG": "en_US.UTF-8"}, ascii_only),
        ({"TERM": "vt220"}, ascii_only),
        ({"TERM": "xterm", "LANG": "C"}, ascii_only),
        ({"TERM": "xterm", "LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, ascii_only),  # Python's own doing
        ({"TERM": "xterm", "LANG": "en_US.UTF-8", "LC_CTYPE": "C.UTF-8"}, None),
        ({"TERM": "xterm", "LANG": "en_US.UTF-8", "LC_CTYPE": "de_DE.ISO-8859-1"}, ascii_only),
        ({"TERM": "xterm", "LANG": "en_US.UTF-8", "LC_ALL": "C"}, ascii_only),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_what_a_terminal_can_show(environ: dict[str, str], expected: object) -> None:
    assert shown(environ) is expected


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("▕███▌░░▏ 62 %", "[###|..] 62 %"),
        ("▕■■■■┆■■··▏", "[####:##..]"),
        ("▁▃▄▅▆▇█ · ·", "___==## . ."),
        ("Texts · 300 a month  ·  2 people", "Texts - 300 a month  -  2 people"),
        ("› ● Ana Ruiz", "> * Ana Ruiz"),
        ("Reading…", "Reading."),
        ("▣ kitchen.png", "& kitchen.png"),
        ("Zoë Côté recibió “sí”", 'Zoe Cote recibio "si"'),
        ("東京 ☀", "???? ?"),
        ("1\N{NARROW NO-BREAK SPACE}000", "1 000"),
        ("plain", "plain"),
    ],
)
def test_signs_and_letters_in_ascii(drawn: str, plain: str) -> None:
    assert ascii_only(drawn) == plain


def test_the_linux_console_keeps_its_letters() -> None:
    assert without_drawings("▕██▏ Zoë · “sí” – 東") == "[##] Zoë · “sí” – 東"


def test_a_higher_bar_never_looks_lower() -> None:
    heights = [ascii_only(bars([value], 1, 1, top=8)[0]) for value in range(9)]
    assert heights == [".", "_", "_", "_", "_", "=", "=", "#", "#"]


def test_every_digit_has_its_own_shape() -> None:
    assert len({tuple(map(ascii_only, large(str(digit)))) for digit in range(10)}) == 10


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Mn", "Me", "Cf"))) | st.text(SIGNS))
def test_whatever_is_drawn_is_ascii_and_keeps_its_width(drawn: str) -> None:
    assert ascii_only(drawn).isascii()
    assert cell_len(ascii_only(drawn)) == cell_len(drawn)
    assert cell_len(without_drawings(drawn)) == cell_len(drawn)


def test_home_on_the_linux_console(snap: Snap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path)
    text(store, "Hello", *numbers(180))
    monkeypatch.setenv("TERM", "linux")
    app = make_app(store)
    app.draw_in("standard")
    assert snap(app)
