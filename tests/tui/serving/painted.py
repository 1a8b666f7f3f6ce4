"""What stands on a terminal after all that was written to it: as much of one as Textual's output needs."""

from __future__ import annotations

import codecs
import re

from rich.cells import cell_len

_PIECE = re.compile(
    r"\x1b\[(?P<parameters>[0-9;:<=>?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]"
    r"|(?P<control>[\x00-\x1f])|(?P<text>[^\x00-\x1f]+)"
)
_WHOLE = re.compile(r"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*\x07|\x1b[ -/]*[0-OQ-WYZ\\`-~]")
"""What begins with an escape and isn't cut. None that ends with another escape is the last."""


class Painted:
    """A screen without colours."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], str] = {}
        self._row = self._column = 0
        self._held = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def feed(self, data: bytes) -> None:
        output = self._held + self._decode(data)
        last = output.rfind("\x1b")
        end = len(output) if last < 0 or _WHOLE.match(output, last) else last
        self._held = output[end:]
        for piece in _PIECE.finditer(output[:end]):
            if text := piece["text"]:
                for character in text:
                    width = cell_len(character)
                    self._cells[self._row, self._column] = character
                    self._column += width
            elif piece["control"] == "\n":
                self._row, self._column = self._row + 1, 0
            elif piece["control"] == "\r":
                self._column = 0
            elif piece["final"] == "H":
                row, _, column = piece["parameters"].partition(";")
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
            elif piece["final"] == "J":
                self._cells.clear()

    @property
    def lines(self) -> list[str]:
        """All lines down to the last that was written on."""
        return [
            "".join(self._cells.get((row, column), " ") for column in range(self.columns))
            for row in range(self.rows)
        ]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def columns(self) -> int:
        """As many as were written on."""
        return max((column for _, column in self._cells), default=-1) + 1

    @property
    def rows(self) -> int:
        return max((row for row, _ in self._cells), default=-1) + 1
