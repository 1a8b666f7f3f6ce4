"""What a terminal sends, as Textual's events. No byte of it is an error:

- what stands within a paste is never a key, whatever it holds;
- bytes that are no UTF-8 are read as U+FFFD;
- answers that nobody asked for, or that come late, are dropped, and so are sequences that mean nothing here.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterator

from textual import events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.base.terminal import layouts
from tui.base.textual_private import ESCAPE_DELAY, FUNCTIONAL_KEYS, Keyboard

ABANDONED_AFTER = 2.0
"""Seconds after which the rest of a terminal's answer isn't waited for any more."""
MOST_PASTED = 1 << 20
"""Bytes that are kept of a paste: far more than any field takes, and few enough to hold."""
MOST_HELD = 1 << 12
"""Bytes of one sequence, after which it is none."""
FARTHEST = 10_000
"""Columns and rows beyond which no mouse is."""

_ESC = 0x1B
_STRING = rb"\x1b[\]PX^_][^\x00-\x1f]*"
_SEQUENCE = re.compile(
    rb"\x1b\[\[[A-E]"  # function keys of Linux's console
    rb"|\x1b\[M[\x00-\xff]{3}"  # a mouse of the old protocol: its coordinates are bytes of any kind
    rb"|\x1b\[(?![\[M])[0-?]*[ -/]*[@-~]"
    rb"|\x1bO[ -~]"
    rb"|" + _STRING + rb"(?:\x07|\x1b\\)"
    rb"|\x1b[^\x1b\[O\]PX^_\x80-\xff]"  # Alt and a key
)
_BEGUN = re.compile(rb"\x1b(?:\[(?:\[|M[\x00-\xff]{0,2}|[0-?]*[ -/]*)|O)?|" + _STRING + rb"\x1b?")
_BROKEN = re.compile(rb"\x1b\[[0-?]*[ -/]*|" + _STRING + rb"|\x1b")
_REST = re.compile(rb"\[(?:[0-?]+[ -/]*[@-~]|[A-DFH])|\][0-9]+;|P[>0-9!]")
"""What goes on a sequence whose escape came so long before it that it was taken for the key."""

_PASTE, _PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
_IN_PASTE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|"
    + _STRING
    + rb"(?:\x07|\x1b\\)|\x1b[ -/]+[0-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]"
)
"""What a paste holds that is no text: colours, titles, controls, those above ASCII too, which some terminals
obey."""

_MOUSE = re.compile(r"\x1b\[<(\d{1,4});(\d{1,5});(\d{1,5})[Mm]")
_KEY = re.compile(r"\x1b\[(\d*)(?::(\d*))?(?::(\d*))?(?:;(\d*)(?::(\d*))?)?(?:;([\d:]*))?([u~A-FHPQS])")
_SHIFT = 1
_HELD_DOWN = 0b111111
"""Modifiers that somebody holds; Caps Lock and Num Lock are none."""
_RELEASED = "3"


class Reader:
    """Reads one terminal: `feed` gets its bytes as they come, `quiet` is told when none came for as long as
    `patience` says."""

    def __init__(self) -> None:
        self._held = b""
        """The beginning of a sequence, or of a paste's end."""
        self._pasted: bytearray | None = None
        self._keyboard = Keyboard()
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._escaped = False

    @property
    def patience(self) -> float | None:
        """Seconds to wait for more before `quiet` is called; None: for ever."""
        if self._pasted is not None or not self._held or self._held[1:2] in (b"[", b"O"):
            return None  # what comes next ends it, whatever it is
        return ESCAPE_DELAY if len(self._held) < 3 else ABANDONED_AFTER

    def feed(self, data: bytes) -> Iterator[Message]:
        """What these bytes, and those before them that wait for more, come to."""
        if self._escaped and _REST.match(data):
            data = b"\x1b" + data
        self._escaped = False
        self._held += data
        while self._held:
            if self._pasted is not None:
                if not (yield from self._paste()):
                    return
            elif self._held[0] != _ESC:
                text, escape, rest = self._held.partition(b"\x1b")
                self._held = escape + rest
                yield from self._text(self._decode(text))
            elif rest_of_character := self._decode(b"", True):
                yield from self._text(rest_of_character)
            elif (whole := _SEQUENCE.match(self._held)) is not None:
                self._held = self._held[whole.end() :]
                yield from self._sequence(whole[0])
            elif len(self._held) < MOST_HELD and _BEGUN.fullmatch(self._held):
                return
            else:
                yield from self._drop()

    def quiet(self) -> Iterator[Message]:
        """What is held is all there is: the escape key, or the beginning of what never came."""
        if self._held == b"\x1b":
            self._escaped = True
            yield from self._keyboard.keys("\x1b")
        self._held = b""

    def _drop(self) -> Iterator[Message]:
        """Something that is no sequence after all: an escape key before another, or broken off."""
        broken = _BROKEN.match(self._held)
        length = broken.end() if broken else 1
        if self._held[:2] == b"\x1b\x1b":
            yield from self._keyboard.keys("\x1b")
        self._held = self._held[length:]

    def _text(self, text: str) -> Iterator[Message]:
        for character in text:
            if character < "\x80" or character > "\x9f":
                yield from self._keyboard.keys(character)

    def _paste(self) -> Generator[Message, None, bool]:
        """Takes up what belongs to a paste; returns whether it has ended."""
        assert self._pasted is not None
        text, end, rest = self._held.partition(_PASTE_ENDS)
        if end:
            kept = b""
        else:
            at = max(text.rfind(b"\x1b"), 0)
            begins = text[at:]
            kept = begins if begins and _PASTE_ENDS.startswith(begins) else b""
            text = text[: len(text) - len(kept)]
        self._pasted += text[: MOST_PASTED - len(self._pasted)]
        self._held = rest if end else kept
        if not end:
            return False
        pasted, self._pasted = bytes(self._pasted), None
        text_of_it = _IN_PASTE.sub(b"", pasted).decode("utf-8", "replace")
        yield events.Paste(text_of_it.replace("\r\n", "\n").replace("\r", "\n"))
        return True

    def _sequence(self, sequence: bytes) -> Iterator[Message]:
        if sequence == _PASTE:
            self._pasted = bytearray()
        elif sequence == b"\x1b[I":
            yield events.AppFocus()
        elif sequence == b"\x1b[O":
            yield events.AppBlur()
        elif re.fullmatch(rb"\x1b\[\?2026;[1-4]\$y", sequence):
            yield TerminalSupportsSynchronizedOutput()
        elif sequence[:3] == b"\x1b[M":
            pass
        elif sequence[:3] == b"\x1b[<":
            yield from self._mouse(sequence.decode("ascii"))
        else:
            yield from self._key(sequence.decode("ascii"))

    def _mouse(self, sequence: str) -> Iterator[Message]:
        found = _MOUSE.fullmatch(sequence)
        if found and all(0 < int(place) <= FARTHEST for place in found.group(2, 3)):
            event = self._keyboard.parse_mouse_code(sequence)
            if event is not None:
                yield event

    def _key(self, sequence: str) -> Iterator[Message]:
        found = _KEY.fullmatch(sequence)
        if found is not None and (plain := _plain(*found.groups(""))):
            yield from self._keyboard.extended(plain)
        elif not sequence.endswith("R") or sequence[1] == "O":  # a cursor's position looks like F3
            yield from self._keyboard.sequence(sequence)


def _plain(code: str, shifted: str, base: str, modifiers: str, event: str, text: str, final: str) -> str:
    """A key of the extended protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/) in the form that
    Textual reads: without the keys beside it, as the Latin key where it is a chord, with its text where it
    types one. "" for what is no key."""
    number = int(code or 1)
    held = (max(int(modifiers or 1), 1) - 1) & _HELD_DOWN
    suffix = f";{held + 1}" if held else ""
    if event == _RELEASED:
        return ""
    typed = _printable(text) if final == "u" else ""
    if not typed and (final != "u" or f"{number}u" in FUNCTIONAL_KEYS):
        return f"\x1b[{number}{suffix}{final}" if f"{number}{final}" in FUNCTIONAL_KEYS else ""
    if typed:
        if base:
            _learn(number, base)
    elif not _printable(code):
        return ""
    elif held & ~_SHIFT:
        key = chr(_learn(number, base))
        return f"\x1b[{ord(layouts.latin(key) or key)}{suffix}u"
    else:
        typed = _printable(shifted) or str(ord(chr(number).upper()[0])) if held else str(number)
    return f"\x1b[{number}{suffix or ';'};{typed}u"


def _learn(number: int, base: str) -> int:
    """What a letter's key is in the Latin layout, as the terminal tells; the letter, where it doesn't."""
    if number < 0x80 or not base.isdecimal() or not chr(key := min(int(base), 0x7F)).isalpha():
        return number
    layouts.told(chr(number).lower(), chr(key))
    return key


def _printable(codes: str) -> str:
    """Code points, joined by colons, if they are all of characters that somebody can type; else ""."""
    numbers = [int(code) for code in codes.split(":") if code]
    return codes if numbers and all(n <= 0x10FFFF and chr(n).isprintable() for n in numbers) else ""
