"""What stands in the cells of a table: several numbers in one, numbers that a spreadsheet changed, lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from store.people.imports.incoming import NO_TEXTS, IncomingNumber, Kind, kind_of
from store.people.imports.vocabulary import vocabulary, words_of
from store.people.names import tidy

GOOGLE_SEPARATOR = ":::"
"""Google puts several values of one kind into one cell."""

_ONE_NUMBER = re.compile(r"\+?\(?\d[\d() -]{5,16}\d")
"""Nothing but one number, as most are written."""
_FORMULA = re.compile(r"""\s*=\s*"([^"]*)"\s*|\s*'([^']*)""")
_FLOAT = re.compile(r"(\+?\d{6,})[.,]0+")
_GROUPED = re.compile(r"(\d{1,3}(?:,\d{3}){2,})(?:\.0+)?")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
# Between numbers, whatever stands there.
_SEPARATORS = re.compile(r"[\r\n\v\f\u2028]+|;|\||:::|；")
# Between numbers, but within one, too: only where what is parted can be numbers.
_WEAK = re.compile(
    r"\s*[,/\\&、，・]\s*|\s+(?:or|and|y|ou|et|oder|und|of|en|lub|i|e)\s+|\s{2,}|\t|\s+(?=\+)|(?<=[\d)])\s+(?=\()"
)
_NOTE = re.compile(r"[(\[][^()\[\]]*[^\W\d_][^()\[\]]*[)\]]")
_EXTENSION = {"x", "ext", "extn", "extension", "p", "tel"}
_DIGITS_OF_ONE, _DIGITS_OF_A_WHOLE_ONE = 7, 10
_MOST = 50
"""Numbers of a cell that are looked at."""


def numbers_in(
    cell: str, kind: Kind, label: str = "", regions: tuple[str, ...] = ("",)
) -> list[IncomingNumber]:
    """The numbers of a cell, as written but for what a spreadsheet did to them. kind: what the column says,
    which what stands beside a number goes before ("415-555-2671 (cell)")."""
    cell = cell.strip()
    if _ONE_NUMBER.fullmatch(cell):
        return [IncomingNumber(cell, kind.kind, label, regions, kind.rank)]
    return [_labelled(part, kind, label, regions) for part in _parts(cell)]


def is_shortened(written: str) -> bool:
    """Whether a spreadsheet wrote a number by its first digits only: 4.15555E+09."""
    found = _SCIENTIFIC.fullmatch(written)
    return found is not None and 1 + len(found[2] or "") <= int(found[3])


def _parts(cell: str) -> Iterator[str]:
    formula = _FORMULA.fullmatch(cell)
    if formula:
        cell = formula[1] or formula[2] or ""
    for part in _SEPARATORS.split(cell)[:_MOST]:
        for each in _weakly_parted(part.strip()):
            if written := _as_typed(tidy(each)):
                yield written


def _weakly_parted(text: str) -> list[str]:
    if _digits(text) <= _DIGITS_OF_A_WHOLE_ONE:
        return [text]
    parts = [part for part in _WEAK.split(_without_notes(text))[:_MOST] if part.strip()]
    if len(parts) > 1 and _are_numbers(parts) and not _GROUPED.fullmatch(text):
        # Their notes are found again where each number stands.
        return _with_notes(text, parts)
    words = text.split()
    if len(words) > 1 and all(_digits(word) >= _DIGITS_OF_ONE for word in words):
        return words
    return [text]


def _are_numbers(parts: list[str]) -> bool:
    """Whether all parts can be numbers, or at least the first is one whole and the others are its shorter
    alternatives ("415-555-2671 / 2681"), which are told then."""
    digits = [_digits(part) for part in parts]
    return min(digits) >= _DIGITS_OF_ONE or (digits[0] >= _DIGITS_OF_A_WHOLE_ONE and min(digits) > 0)


def _without_notes(text: str) -> str:
    """The text with as many blanks where something in brackets is said."""
    return _NOTE.sub(lambda note: "\0" * len(note[0]), text)


def _with_notes(text: str, parts: list[str]) -> list[str]:
    """The parts as they stand in the text, each with the note behind it."""
    blank, found, at = _without_notes(text), [], 0
    for part in parts:
        at = blank.index(part, at)
        found.append(text[at : at + len(part)])
        at += len(part)
    return found


def _as_typed(written: str) -> str:
    """A number as it was before a spreadsheet took it for an amount."""
    for form in (_FLOAT, _GROUPED):
        if found := form.fullmatch(written):
            return found[1].replace(",", "")
    found = _SCIENTIFIC.fullmatch(written)
    if found and not is_shortened(written):
        digits = found[1] + (found[2] or "")
        return digits[: int(found[3]) + 1]
    return written


def _labelled(written: str, kind: Kind, label: str, regions: tuple[str, ...]) -> IncomingNumber:
    words = [word for word in words_of(written) if not word.isdigit()]
    if words and not set(words) & _EXTENSION:
        known = vocabulary()
        lone = known.lone.get(words[0], "") if len(words) == 1 else ""
        if lone:
            kind, label = kind_of(lone), label or words[0]
        elif any(word in known.kinds for word in words):
            kind = kind_of(" ".join(words))
    return IncomingNumber(written, kind.kind, label, regions, kind.rank)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def texted_first(numbers: list[IncomingNumber]) -> tuple[IncomingNumber, ...]:
    """The numbers, the best to text first, those that take no texts last."""
    if len(numbers) > 1:
        numbers.sort(key=lambda number: (number.rank >= NO_TEXTS, number.rank))
    return tuple(numbers)


def groups_in(cell: str, separators: str) -> list[str]:
    """The names of groups in a cell. separators: characters between them, besides Google's; Mailchimp quotes
    each name."""
    names: list[str] = []
    for part in cell.split(GOOGLE_SEPARATOR):
        if not separators:
            names.append(part)
        elif '"' in part:
            names += _quoted(part)
        else:
            names += re.split(f"[{re.escape(separators)}]", part)
    return names


def _quoted(part: str) -> list[str]:
    try:
        return [name.strip() for row in csv.reader([part], skipinitialspace=True) for name in row]
    except csv.Error:
        return [part]
