"""What a terminal sends, byte by byte."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tui.base.terminal import layouts
from tui.base.terminal.reading import MOST_PASTED, Reader

PIECES = st.sampled_from(
    [
        *(
            b"\x1b",
            b"\x1b[",
            b"\x1b]11;",
            b"\x1bP",
            b"\x1bO",
            b"\x1b\\",
            b"\x07",
            b"\x1b[M",
            b"\x1b[<",
            b";",
            b"u",
        ),
        *(
            b"\x1b[200~",
            b"\x1b[201~",
            b"\x1b[20",
            b"1~",
            b"\x1b[13;2u",
            b"\x1b[1081::113;5u",
            b"\x1b[A",
            b"\r",
        ),
        *(
            b"99999999",
            b"\xe9",
            b"\xff",
            b"caf\xc3\xa9",
            b"text",
            b"\x11",
            b"\x00",
            b"\x9b",
            b"0",
            b"~",
            b"m",
        ),
    ]
)
STREAMS = st.lists(PIECES | st.binary(max_size=4), max_size=30)


def read(*chunks: bytes) -> list[Message]:
    """What these chunks come to, each of which comes at once after the one before."""
    reader = Reader()
    return [message for chunk in chunks for message in reader.feed(chunk)]


def names(messages: Iterable[Message]) -> list[str]:
    """Keys by their names, a paste in quotes, everything else by its kind."""
    return [
        message.key
        if isinstance(message, events.Key)
        else repr(message.text)
        if isinstance(message, events.Paste)
        else type(message).__name__
        for message in messages
    ]


@given(STREAMS)
def test_no_byte_is_an_error(pieces: list[bytes]) -> None:
    reader = Reader()
    for piece in pieces:
        list(reader.feed(piece))
    list(reader.quiet())
    names(reader.feed(b"\x1b[201~a"))


@given(STREAMS, st.integers(1, 5))
def test_where_a_stream_is_cut_makes_no_difference(pieces: list[bytes], length: int) -> None:
    stream = b"".join(pieces)
    cut = [stream[at : at + length] for at in range(0, len(stream), length)]
    assert names(read(*cut)) == names(read(stream))


@given(STREAMS)
def test_nothing_within_a_paste_is_a_key(pieces: list[bytes]) -> None:
    inside = b"".join(pieces).replace(b"\x1b[201~", b"")
    if b"\x1b[201~" in inside or inside.endswith((b"\x1b", b"\x1b[", b"\x1b[2", b"\x1b[20", b"\x1b[201")):
        return
    pasted = read(b"\x1b[200~" + inside, b"\x1b[201~")
    assert [type(message) for message in pasted] == [events.Paste]
    assert isinstance(pasted[0], events.Paste)
    assert "\x1b" not in pasted[0].text


@given(STREAMS)
def test_the_keyboard_is_never_dead(pieces: list[bytes]) -> None:
    reader = Reader()
    for piece in pieces:
        list(reader.feed(piece))
    list(reader.feed(b"\x1b[201~"))  # an open paste ends
    list(reader.feed(b"\x1b\\"))  # and so does an answer
    for _ in range(3):  # three keys may belong to a mouse of the old protocol
        list(reader.feed(b"x"))
    assert names(reader.feed(b"\x11"))[-1:] == ["ctrl+q"]


def test_the_end_of_a_paste_may_come_in_pieces() -> None:
    assert names(read(b"\x1b[20", b"0~pasted\x1b[20", b"1~", b" x")) == ["'pasted'", "space", "x"]


def test_controls_above_ascii_go_from_a_paste_and_letters_beside_them_stay() -> None:
    [pasted] = read(b"\x1b[200~" + "Zo\u00eb\u009b31m \u0085\u00c2\u0101\u0080".encode() + b"\x1b[201~")
    assert isinstance(pasted, events.Paste)
    assert pasted.text == "Zo\u00eb31m \u00c2\u0101"


def test_colours_and_titles_go_from_a_paste_and_its_words_stay_in_order() -> None:
    pasted = b"\x1b[200~Offer: \x1b[31mred house\x1b[0m\x1b]0;title\x07 price\r\nnow\x1b[201~"
    assert names(read(pasted)) == ["'Offer: red house price\\nnow'"]


def test_a_paste_without_an_end_takes_no_more_than_so_much_memory() -> None:
    reader = Reader()
    list(reader.feed(b"\x1b[200~"))
    for _ in range(2 * MOST_PASTED // 4096):
        list(reader.feed(b"x" * 4096))
    (paste,) = reader.feed(b"\x1b[201~")
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == MOST_PASTED


def test_bytes_that_are_no_utf_8_are_read_as_the_replacement_character() -> None:
    keys = read(b"caf\xe9 at")
    assert [key.character for key in keys if isinstance(key, events.Key)] == list("caf\ufffd at")


@pytest.mark.parametrize(
    "answer",
    [
        b"\x1b[?62;22c",
        b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\",
        b"\x1b]11;rgb:0c0c/0c0c/0c0c\x07",
        b"\x1bP>|tmux 3.3a\x1b\\",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b[24;80R",
        b"\x1b[1;2R",
        b"\x1b[>1;4000;0c",
        b"\x1b[?2026;2$y",
        b"\x1b[?1u",
        b"\x1b[8;24;80t",
        b"\x1b[48;24;80;480;800t",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[99999999;5u",
        b"\x1b[55296;5u",
        b"\x1b[97;1:3u",
    ],
)
def test_an_answer_of_the_terminal_is_no_key(answer: bytes) -> None:
    assert not [m for m in read(b"A" + answer + b"B")[1:-1] if isinstance(m, events.Key)]
    assert names(read(b"A", answer[:1] + answer[1:4], answer[4:], b"B"))[-1] == "B"


@pytest.mark.parametrize(
    "answer", [b"\x1b[?62;22c", b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\", b"\x1bP>|tmux\x1b\\"]
)
def test_what_follows_an_escape_that_came_too_early_is_not_typed(answer: bytes) -> None:
    reader = Reader()
    assert names(reader.feed(answer[:1])) == []
    assert names(reader.quiet()) == ["escape"]
    assert names(reader.feed(answer[1:])) == []
    assert names(reader.feed(b"[")) == ["left_square_bracket"]


def test_a_mouse_beyond_column_95_in_the_old_protocol_does_no_harm() -> None:
    assert names(read(b"a\x1b[M \xa0\xa0b")) == ["a", "b"]
    assert names(read(b"a\x1b[M", b" \xff", b"\x1bb")) == ["a", "b"]


@pytest.mark.parametrize("mouse", [b"\x1b[<0;0;0M", b"\x1b[<0;99999;5M", b"\x1b[<99999;5;5M", b"\x1b[<0;5M"])
def test_a_mouse_that_is_nowhere_is_none(mouse: bytes) -> None:
    assert read(mouse) == []


def test_a_mouse_is_where_it_says() -> None:
    (down,) = read(b"\x1b[<0;10;5M")
    assert isinstance(down, events.MouseDown)
    assert (down.x, down.y) == (9, 4)


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (b"a", "a"),
        (b"A", "A"),
        (b"\r", "enter"),
        (b"\t", "tab"),
        (b"\x7f", "backspace"),
        (b"\x11", "ctrl+q"),
        (b"\x1b[A", "up"),
        (b"\x1bOP", "f1"),
        (b"\x1b[[A", "f1"),
        (b"\x1b[13~", "f3"),
        (b"\x1b[15~", "f5"),
        (b"\x1b[1;5C", "ctrl+right"),
        (b"\x1b[Z", "shift+tab"),
        (b"\x1ba", "alt+a"),
        (b"\x1b[13;2u", "shift+enter"),
        (b"\x1b[97;;97u", "a"),
        (b"\x1b[97:65;2;65u", "A"),
        (b"\x1b[97;2u", "A"),
        (b"\x1b[97;65u", "a"),  # Caps Lock alone
        (b"\x1b[113;5u", "ctrl+q"),
        (b"\x1b[113;133u", "ctrl+q"),  # with Num Lock
        (b"\x1b[1081;5u", "ctrl+q"),  # й
        (b"\x1b[1081::113;5u", "ctrl+q"),
        (b"\x1b[1079;5u", "ctrl+p"),  # з
        (b"\x1b[960;5u", "ctrl+p"),  # π
        (b"\x1b[1508;5u", "ctrl+p"),  # פ
        (b"\x1b[1590;5u", "ctrl+q"),  # ض
        (b"\x1b[4325::113;5u", "ctrl+q"),  # ქ, which only the terminal knows of
        (b"\x1b[27u", "escape"),
        (b"\x1b[57414u", "enter"),
        (b"\x1b[9;2u", "shift+tab"),
    ],
)
def test_a_key_is_known_by_what_it_sends(sent: bytes, key: str) -> None:
    assert names(read(sent)) == [key]


def test_an_escape_alone_is_the_key() -> None:
    reader = Reader()
    assert names(reader.feed(b"\x1b")) == []
    assert reader.patience is not None
    assert names(reader.quiet()) == ["escape"]
    assert reader.patience is None


def test_the_keypad_types_what_stands_on_it() -> None:
    (key,) = read(b"\x1b[57399;;48u")
    assert isinstance(key, events.Key)
    assert (key.key, key.character) == ("0", "0")


def test_letters_of_other_layouts_mean_the_keys_they_are_on() -> None:
    assert [*layouts.meanings("ф")] == ["ф", "a"]
    assert [*layouts.meanings("Ф")] == ["Ф", "a"]
    assert [*layouts.meanings("A")] == ["A", "a"]
    assert [*layouts.meanings("a")] == ["a"]
    assert [*layouts.meanings("ctrl+й")] == ["ctrl+й", "ctrl+q"]
    assert [*layouts.meanings("é")] == ["é"]
    assert [*layouts.meanings("f5")] == ["f5"]
