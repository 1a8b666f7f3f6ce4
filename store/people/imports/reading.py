"""From a file to text: what can't be text is refused before it is read whole."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from store.errors import reason
from store.files import TooLarge, read_bounded
from store.people.imports.encodings import code_page
from store.people.imports.incoming import ImportRefused
from store.sentences import Sentence, sentence

LIMIT_MEGABYTES = 50
"""Half a million people. Address books with pictures are the largest files."""

_SAMPLE = 64 * 1024
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROLS_IN_A_THOUSAND = 50
"""Random bytes hold 109 in a thousand, text with strays far fewer."""
_SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"SQLite format 3",
)
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_IN_A_WORKBOOK = (b"xl/workbook", b"opendocument.spreadsheet")
_FOREIGN = re.compile("(?:[\udc80-\udcff][@-~]?)+")
"""Bytes that are no UTF-8, marked; in Chinese and Japanese ASCII ones may belong to them."""
_AS_CP1252 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file. encoding: that of the bytes that are no UTF-8, "" where all are. mixed: while
    others are; then those bytes are still marked in the text, as lone surrogates, and `repaired` reads them,
    so that each row can say what happened to it."""

    text: str
    encoding: str = ""
    mixed: bool = False

    def repaired(self, cell: str) -> tuple[str, bool]:
        """A part of the text with all its letters, and whether some were read by another encoding."""
        if not self.encoding or cell.isascii():
            return cell, False
        if not self.mixed:
            return cell, True
        mended = _FOREIGN.sub(
            lambda run: decoded(run[0].encode("ascii", "surrogateescape"), self.encoding), cell
        )
        return mended, mended != cell


def read(source: Path | BinaryIO) -> bytes:
    """The bytes of a file, or of standard input: a text's without a mark, what is UTF-16 made UTF-8, or a
    workbook's.

    Raises ImportRefused for what is missing, a folder, unreadable, empty, too large or no text.
    """
    name = str(source) if isinstance(source, Path) else sentence("Standard input")
    data = _bytes(source, name)
    wide = _wide(data)
    if wide:
        data = data.decode(wide, "replace").encode("utf-8", "replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise ImportRefused(sentence("{path} is empty. Nothing was changed.", path=name), code="empty-file")
    if not is_workbook(data) and _is_binary(data[:_SAMPLE]):
        raise ImportRefused(
            sentence(
                "{path} isn't a text file. Nothing was changed. Textmeter imports CSV, Excel and "
                "vCard files: export or save your contacts as one of these.",
                path=name,
            ),
            code="binary-file",
        )
    return data


def is_workbook(data: bytes) -> bool:
    """Whether it is a spreadsheet's own file (Excel, LibreOffice), by what it begins with and names."""
    if data.startswith(_OLD_EXCEL):
        return True
    return data.startswith(_ZIP) and any(part in data for part in _IN_A_WORKBOOK)


def text_of(data: bytes) -> FileText:
    """The text of bytes in UTF-8 or a code page, or of both line by line."""
    try:
        return FileText(data.decode())
    except UnicodeDecodeError:
        pass
    # Two letters of a code page may look like one of UTF-8, but hardly a whole line does.
    lines, foreign, mixed = [], [], False
    for line in data.splitlines(keepends=True):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            lines.append(line.decode("ascii", "surrogateescape"))
            foreign.append(line)
        else:
            mixed = mixed or not line.isascii()
            lines.append(text)
    encoding = code_page(b"".join(foreign))
    if mixed:
        return FileText("".join(lines), encoding, mixed=True)
    return FileText(decoded(data, encoding), encoding)


_NAMES = {
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "mac_roman": "Mac Roman",
}


def encoding_name(encoding: str) -> str:
    """What an encoding is called."""
    return _NAMES.get(encoding) or encoding.upper().replace("CP", "Windows-" if "cp125" in encoding else "CP")


def decoded(data: bytes, encoding: str) -> str:
    """The text of bytes. Those that mean nothing in Windows-1252 are what they are in ISO 8859-1."""
    if encoding != "cp1252":
        return data.decode(encoding, "replace")
    return data.decode("latin-1").translate(_AS_CP1252)


def _bytes(source: Path | BinaryIO, name: str | Sentence) -> bytes:
    try:
        return read_bounded(source, LIMIT_MEGABYTES * 1_000_000)
    except IsADirectoryError as error:
        raise ImportRefused(
            sentence("{path} is a folder. Nothing was changed. Choose a CSV or vCard file in it.", path=name),
            code="a-folder",
        ) from error
    except OSError as error:
        raise ImportRefused(
            sentence(
                "Textmeter can't read {path}: {why}. Nothing was changed. Check the name and the "
                "file's permissions.",
                path=name,
                why=reason(error),
            ),
            code="unreadable-file",
        ) from error
    except ValueError as error:
        raise ImportRefused(
            sentence("This isn't a file name. Nothing was changed."), code="unreadable-file"
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
    """Which UTF-16 or UTF-32 it is, or "". Without a mark: where many bytes of one sort of place are zero,
    those beside them hardly ever."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    start = data[: _SAMPLE // 2 * 2]
    zeros = start[::2].count(0), start[1::2].count(0)
    few, many = len(start) // 200, len(start) // 6
    if len(start) < 8 or min(zeros) > few or max(zeros) <= many:
        return ""
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _is_binary(sample: bytes) -> bool:
    if sample.startswith((*_SIGNATURES, _ZIP)):
        return True
    return len(_CONTROLS.findall(sample)) * 1000 > len(sample) * _CONTROLS_IN_A_THOUSAND
