"""Looks: everything can be read in each of them, on terminals of all, of 256 and of 16 colours, and told
apart by people who see colours otherwise."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import pytest
from textual.theme import Theme

from store import demo
from tests.tui.base.looking import inks, nearest
from tests.tui.harness import make_app, make_store, press, settled, toasts, words
from tui.base.contrast import HIGH, OFF, TEXT, contrast, marked, mixed, quieter
from tui.base.few_colours import BY_DEPTH
from tui.base.looks import INKS, LOOKS, NIGHT
from tui.base.theme import NAMES
from tui.routes.screens import MODES

ALL = {"": LOOKS, **BY_DEPTH}
MOST = ("home", "compose", "history", "inbox", "plans", "settings")
EACH = [pytest.param(depth, look, id=f"{name} {depth}") for depth in ALL for name, look in ALL[depth].items()]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_wcags(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_what_steps_back_stops_where_it_could_be_read_no_more() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    grounds = ("#000000", "#404040")
    quiet = quieter("#ffffff", grounds, TEXT, 0.1)
    assert TEXT <= min(contrast(quiet, ground) for ground in grounds) < TEXT + 0.5
    assert quieter("#555555", ("#000000",), TEXT, 0.5) == "#555555"  # there is nowhere to step back to
    ground = marked("#000000", "#ffffff", ("#aaaaaa",), TEXT, 0.9)
    assert TEXT <= contrast("#aaaaaa", ground) < TEXT + 0.5
    assert marked("#000000", "#ffffff", ("#777777",), HIGH, 0.9) == "#000000"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database, for whoever only looks."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    demo.make(path)
    return path


@pytest.mark.parametrize("depth", ALL)
@pytest.mark.parametrize("name", NAMES)
async def test_all_of_every_screen_can_be_read(
    made: Path, monkeypatch: pytest.MonkeyPatch, name: str, depth: str
) -> None:
    """4.5 for text, 7 in high contrast; 3 and 4.6 for what is off, and for signs that are no text. On
    terminals of 256 and 16 colours the screens that have most."""
    monkeypatch.setenv("TERM", "vt100" if depth == "standard" else "xterm-256color")
    app = make_app(demo.open_made(made), theme=name)
    app.draw_in(depth)
    least = HIGH if name == "contrast" else TEXT
    short: set[tuple[object, ...]] = set()
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        for screen in MOST if depth else MODES:
            app.switch_mode(screen)
            await settled(pilot)
            off = app.theme_variables["off"]
            for ink in inks(app, depth):
                needed = least if ink.is_text and ink.first != off else OFF * least / TEXT
                if (found := contrast(ink.colour, ink.ground)) < needed:
                    short.add((screen, ink, round(found, 2)))
            assert depth != "standard" or words(app).isascii()
    assert not short


@pytest.mark.parametrize(("depth", "look"), EACH)
def test_every_ink_can_be_read_on_every_ground(depth: str, look: Theme) -> None:
    least = HIGH if look.name == "contrast" else TEXT
    colours = [str(getattr(look, ink)) for ink in (*INKS, "foreground")]
    for colour in (*colours, look.variables["quiet"]):
        for ground in (look.background, look.surface):
            assert contrast(nearest(colour, depth), nearest(str(ground), depth)) >= least, (colour, ground)
    ink, _, ground = look.variables["cursor-line"].rpartition("on ")
    assert contrast(nearest(ink.strip() or colours[-1], depth), nearest(ground, depth)) >= least


@pytest.mark.parametrize(("depth", "look"), [one for one in EACH if one.values[0]])
def test_a_terminal_of_fewer_colours_has_all_of_a_look(depth: str, look: Theme) -> None:
    """None of its colours is replaced by a nearest one, in which inks and grounds would meet."""
    own = [getattr(look, name) for name in (*INKS, "foreground", "background", "surface", "panel")]
    for colour in [*own, *look.variables.values()]:
        if colour.startswith("#") and len(colour) == len("#123456"):
            assert contrast(nearest(colour, depth), colour) < 1.2  # Rich takes the next grey for some


# Severity 1.0 of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency" (2009): what each does to linear red, green and blue.
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
APART = 20
"""Least difference (CIE 1976, of which 2.3 can just be noticed) of two colours that are to be told apart."""


def lab(colour: str, seen_by: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as somebody sees it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    red, green, blue = (
        min(max(sum(part * share for part, share in zip(row, linear, strict=True)), 0), 1)
        for row in SEEN_BY[seen_by]
    )
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in (x, y, z)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def least_apart(look: Theme, seen_by: str) -> float:
    """How far the two nearest of money, fine, a warning and an error are from each other."""
    told = [lab(str(getattr(look, ink)), seen_by) for ink in ("secondary", "success", "warning", "error")]
    return min(math.dist(one, other) for one, other in combinations(told, 2))


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize(("depth", "look"), [one for one in EACH if "colorblind" in str(one.id)])
def test_colour_blind_people_tell_money_fine_warnings_and_errors_apart(
    depth: str, look: Theme, seen_by: str
) -> None:
    assert least_apart(look, seen_by) >= APART


def test_which_the_usual_look_wouldnt_let_them() -> None:
    assert least_apart(NIGHT, "deuteranopia") < APART


async def test_16_colours_are_cyan_yellow_red_and_reverse(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    app.draw_in("standard")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert app.screen.styles.background.hex == "#000000"
        assert app.theme_variables["footer-key-foreground"] == "#55ffff"
        assert app.theme_variables["cursor-line"] == "#000000 on #00aaaa"
        app.choose_theme("contrast")
        app.choose_theme("night")
        assert nearest(app.theme_variables["warning"], "standard") == "#ffff55"


async def test_looks_for_colour_blind_people_are_offered_beside_the_others(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="settings")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert all(name in words(app) for name in NAMES.values())
        await press(pilot, *"blind", "enter")
        assert app.theme == "colorblind-night"
        assert toasts(app) == []
