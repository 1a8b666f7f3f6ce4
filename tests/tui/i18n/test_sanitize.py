"""What somebody typed reaches the screen as it stands, and commands nothing."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tui.i18n.sanitize import literal, plain


def test_ordinary_text_of_any_script_stays_as_it_is() -> None:
    for text in ("Zoë O'Hara", "李小龍", "محمد", "👨‍👩‍👧", "[/] [@click=app.quit]x"):
        assert plain(text) == text


def test_escape_sequences_and_line_ends_are_shown_and_not_obeyed() -> None:
    assert plain("\x1b[31mred\x07\r\n") == "␛[31mred␇␍␊"
    assert plain("\x9b31m\x7f") == "\ufffd31m␡"


def test_what_reorders_the_line_is_named() -> None:
    assert plain("a\u202eb\u2066c") == "a⟨RLO⟩b⟨LRI⟩c"


def test_a_body_keeps_its_lines() -> None:
    assert plain("one\ntwo\x00", lines=True) == "one\ntwo␀"


def test_markup_is_drawn_and_not_read() -> None:
    content = literal("[bold]Hi[/] [@click=app.quit]name")
    assert content.plain == "[bold]Hi[/] [@click=app.quit]name"
    assert not content.spans


@given(st.text(alphabet=st.characters()))
def test_nothing_that_commands_a_terminal_is_left(text: str) -> None:
    bidirectional = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    shown = plain(text)
    assert not [
        character
        for character in shown
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character) in bidirectional
    ]
    assert plain(shown) == shown
