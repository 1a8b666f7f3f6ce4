"""From a file to text: what can't be text is refused before it is read whole."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from store.errors import reason
from store.files import TooLarge, read_bounded
from store.people.imports.incoming import ImportRefused
from store.sentences import Sentence, sentence

LIMIT_MEGABYTES = 50
"""Half a million people. Address books with pictures are the largest files."""

_SAMPLE = 64 * 1024
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROLS_IN_A_THOUSAND = 50
"""Random bytes hold 109 in a thousand, text with strays far fewer."""
_SIGNATURES = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"SQLite format 3",
    b"\xd0\xcf\x11\xe0",
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Bytes that are not UTF-8 are lone surrogates after decoding; this is what they are in Windows-1252, and
# those that mean nothing there what they are in ISO 8859-1.
_AS_CP1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
}


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file. foreign: some of its bytes are no UTF-8; mixed: while others are.

    Foreign bytes are still marked in the text: `repaired` reads them, so that each row can say what happened
    to it.
    """

    text: str
    foreign: bool = False
    mixed: bool = False


def repaired(text: str) -> tuple[str, bool]:
    """The text with bytes that are no UTF-8 read as Windows-1252, and whether there were any."""
    if text.isascii():
        return text, False
    mended = text.translate(_AS_CP1252)
    return mended, mended != text


def read(source: Path | BinaryIO) -> FileText:
    """The text of a file, or of standard input: UTF-8, UTF-16 or Windows-1252.

    Raises ImportRefused for what is missing, a folder, unreadable, empty, too large or no text.
    """
    name = str(source) if isinstance(source, Path) else sentence("Standard input")
    data = _bytes(source, name)
    if not data.strip():
        raise ImportRefused(sentence("{path} is empty. Nothing was changed.", path=name), code="empty-file")
    wide = _wide(data)
    if wide:
        return FileText(data.decode(wide, "replace").removeprefix("\ufeff"))
    if _is_binary(data[:_SAMPLE]):
        raise ImportRefused(
            sentence(
                "{path} is no text file. Nothing was changed. Textmeter takes CSV and vCard files: export "
                "or save your contacts as one of these.",
                path=name,
            ),
            code="binary-file",
        )
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return FileText(data.decode())
    except UnicodeDecodeError:
        return _by_line(data)


def _by_line(data: bytes) -> FileText:
    """Line by line: two letters of Windows-1252 may look like one of UTF-8, but hardly a whole line does."""
    lines, mixed = [], False
    for line in data.splitlines(keepends=True):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            lines.append(line.decode("ascii", "surrogateescape"))
        else:
            mixed = mixed or not line.isascii()
            lines.append(text)
    return FileText("".join(lines), foreign=True, mixed=mixed)


def _bytes(source: Path | BinaryIO, name: str | Sentence) -> bytes:
    try:
        return read_bounded(source, LIMIT_MEGABYTES * 1_000_000)
    except IsADirectoryError as error:
        raise ImportRefused(
            sentence("{path} is a folder. Nothing was changed. Name a CSV or vCard file in it.", path=name),
            code="a-folder",
        ) from error
    except OSError as error:
        raise ImportRefused(
            sentence(
                "Textmeter can't read {path}: {why}. Nothing was changed. Check the name and who may read "
                "it.",
                path=name,
                why=reason(error),
            ),
            code="unreadable-file",
        ) from error
    except ValueError as error:
        raise ImportRefused(
            sentence("This is not the name of a file. Nothing was changed."), code="unreadable-file"
        ) from error
    except TooLarge as error:
        raise ImportRefused(
            sentence(
                "{path} is larger than {limit} MB. Nothing was changed. Export the contacts without "
                "pictures, or in several files.",
                path=name,
                limit=LIMIT_MEGABYTES,
            ),
            code="too-large",
        ) from error


def _wide(data: bytes) -> str:
    """Which UTF-16 it is, or "". Without a mark: where every second byte of the start is zero."""
    if data.startswith(_UTF_16):
        return "utf-16"
    start = data[:64]
    if len(start) >= 8 and len(start) % 2 == 0:
        if not any(start[1::2]) and all(start[::2]):
            return "utf-16-le"
        if not any(start[::2]) and all(start[1::2]):
            return "utf-16-be"
    return ""


def _is_binary(sample: bytes) -> bool:
    if sample.startswith(_SIGNATURES):
        return True
    return len(_CONTROLS.findall(sample)) * 1000 > len(sample) * _CONTROLS_IN_A_THOUSAND
