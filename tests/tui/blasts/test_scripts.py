"""Any text on paper: what no font has by its name, joined and turned round where a script runs leftwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.blasts.paper.fonts import REGULAR, has, runs, width, wrapped
from tui.blasts.paper.scripts import joined, legible, visual


@pytest.mark.parametrize(
    "text",
    [
        "Zoë",
        "José Núñez",
        "Łukasz",
        "Ελένη",
        "Юлия",
        "王小明",
        "山田たろう",
        "김민수",
        "臺灣",
        "<b>&lt;</b>",
        "☀ — ✔",
    ],
)
def test_names_of_most_of_the_world_stay_as_they_are(text: str) -> None:
    assert legible(text, has) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sunny 🎉", "Sunny [party popper]"),
        ("👍🏽", "[thumbs up sign, tone 4]"),
        ("👩‍👩‍👧", "[woman, woman, girl]"),
        ("🇺🇸", "[flag US]"),
        ("अ", "[devanagari letter a]"),
        ("\u200bhidden", "[zero width space]hidden"),
        ("\ue000", "[U+E000]"),
        ("a\u202eb", "a⟨RLO⟩b"),
        ("\x00", "[symbol for null]"),
        ("☀\ufe0f", "☀"),
        ("e\u0301", "é"),
        ("one\r\ntwo\tthree", "one\ntwo    three"),
    ],
)
def test_what_no_font_has_or_nobody_sees_is_named(text: str, shown: str) -> None:
    assert legible(text, has) == shown


@given(st.text(max_size=60))
def test_every_character_of_what_is_legible_is_in_a_font(text: str) -> None:
    shown = legible(text, has)
    assert all(has(char) for char in shown if char != "\n")
    drawn = [run for line in shown.split("\n") for run in runs(line, REGULAR)]
    assert sum(len(run.text) for run in drawn) == len(shown.replace("\n", ""))


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("plain", "plain"),
        ("שלום", "םולש"),
        ("say שלום to", "say םולש to"),
        ("שלום 12", "12 םולש"),
        ("אב (Abu) 12", "12 (Abu) בא"),
        ("a (אב) b", "a (בא) b"),
        ("(אב)", "(בא)"),
    ],
)
def test_a_line_is_drawn_from_left_to_right(line: str, drawn: str) -> None:
    assert visual(line) == drawn


@given(st.text(alphabet="ab1 (){}אבגم", max_size=30))
def test_turning_a_line_round_loses_no_letter(line: str) -> None:
    mirrored = str.maketrans(")}", "({")
    assert sorted(visual(line).translate(mirrored)) == sorted(line.translate(mirrored))


def test_arabic_letters_take_the_forms_that_they_have_beside_one_another() -> None:
    assert joined("محمد") == "\ufee3\ufea4\ufee4\ufeaa"  # initial, medial, medial, final
    assert joined("دم") == "د\ufee1".replace("د", "\ufea9")  # neither joins the other
    assert joined("لا") == "\ufefb"


@given(st.text(alphabet="ab c\u0301ßÄ", max_size=200), st.integers(12, 80))
def test_wrapping_loses_no_word_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = wrapped(text, REGULAR, 8, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    widest = max(sum(width(char, REGULAR) for char in line.rstrip(" ")) * 8 for line in lines)
    assert widest <= room + 0.001
