"""The fonts of a PDF: DejaVu, which is put into it, and for Chinese, Japanese and Korean the ones that every
reader of PDFs brings along."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from tui.blasts.paper.scripts import visual

FOLDER = Path(__file__).parents[3] / "assets" / "fonts"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"

_JAPANESE, _CHINESE, _KOREAN = "HeiseiKakuGo-W5", "STSong-Light", "HYGothic-Medium"
_ENCODINGS = {_JAPANESE: "cp932", _CHINESE: "gbk", _KOREAN: "cp949"}
"""Which characters such a font has: those of the encoding that it was made for."""

_kana = re.compile("[\u3040-\u30ff]").search


class Run(NamedTuple):
    """Part of a line in one font."""

    font: str
    text: str


@lru_cache(maxsize=1)
def register() -> None:
    """Makes them known to reportlab, once a process."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))
    for name in _ENCODINGS:
        pdfmetrics.registerFont(UnicodeCIDFont(name))


@lru_cache(maxsize=8_192)
def has(char: str) -> bool:
    """Whether one of them has a character."""
    return _font(char, REGULAR, japanese=False) is not None


@lru_cache(maxsize=8_192)
def width(char: str, font: str) -> float:
    """How wide a character is in a font, or where that lacks it in the one that has it, at a size of 1."""
    return float(pdfmetrics.stringWidth(char, _font(char, font, japanese=False) or font, 1))


@lru_cache(maxsize=8_192)
def _font(char: str, font: str, *, japanese: bool) -> str | None:
    register()
    if ord(char) in pdfmetrics.getFont(font).face.charToGlyph:
        return font
    if unicodedata.east_asian_width(char) in "WF":
        for name in _ENCODINGS if japanese else (_CHINESE, _JAPANESE, _KOREAN):
            try:
                char.encode(_ENCODINGS[name])
            except UnicodeEncodeError:
                continue
            return name
    return None


def runs(line: str, font: str) -> Iterator[Run]:
    """A line that is legible, as it is drawn from left to right."""
    if line.isascii():
        yield Run(font, line)
        return
    japanese = _kana(line) is not None
    drawn = visual(line)
    for name, chars in groupby(drawn, lambda char: _font(char, font, japanese=japanese) or font):
        yield Run(name, "".join(chars))


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """A legible text in lines that are so wide at most, in points: broken between words, and within those
    that are wider by themselves. At least one."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        found += _wrapped(paragraph, font, room / size)
    return found


def _wrapped(text: str, font: str, room: float) -> Iterator[str]:
    widths = [width(char, font) for char in text]
    if sum(widths) <= room:
        yield text
        return
    start, taken, space = 0, 0.0, -1
    at = 0
    while at < len(text):
        taken += widths[at]
        if text[at] == " ":
            space = at
        elif taken > room and at > start:
            end = space if space > start else _edge(text, start, at)
            yield text[start:end]
            start = end + (text[end] == " ")
            taken, space, at = 0.0, -1, start
            continue
        at += 1
    yield text[start:]


def _edge(text: str, start: int, at: int) -> int:
    """Where a word is broken that has no room: before a character, and never before a mark upon it."""
    edge = at
    while edge > start + 1 and unicodedata.combining(text[edge]):
        edge -= 1
    return edge
