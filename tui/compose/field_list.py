"""The fields that a text can have, offered below the cursor as soon as a brace is opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from textual import on
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from store.texts import merge
from store.texts.near_misses import key
from tui.i18n.sanitize import literal

WIDTH = 44
EXAMPLES = {"first_name": "Zoë", "last_name": "O'Hara", "name": "Zoë O'Hara", "company": "O'Hara & Co."}
"""What a field looks like where nobody is chosen yet."""

_opened = re.compile(r"(?<!\\)\{+([\w -]*)$").search
_closed = re.compile(r"[\w -]*\}+").match


class Begun(NamedTuple):
    """A field that is being written. before, after: how many characters of it stand before the cursor and
    behind it; typed: its name so far."""

    before: int
    after: int
    typed: str


def begun(line: str, column: int) -> Begun | None:
    """The field that is being written at a place of a line, or None."""
    opened = _opened(line, 0, column)
    if opened is None:
        return None
    closed = _closed(line, column)
    return Begun(column - opened.start(), closed.end() - column if closed else 0, opened[1])


class FieldList(OptionList):
    """Fields with what they are for the first who gets the text. write: puts one in the place of what is
    written of it, at once: the next key belongs behind it."""

    can_focus = False
    write: Callable[[str, Begun], None]

    def __init__(self) -> None:
        super().__init__(id="field-list", compact=True)
        self._fields: Sequence[str] = merge.FIELDS
        self._values: Mapping[str, str] = EXAMPLES
        self._found: Sequence[str] = ()
        self._begun: Begun | None = None

    def know(self, fields: Sequence[str], values: Mapping[str, str] | None) -> None:
        """Offers these; values: of the first who gets the text, None where there is nobody."""
        self._fields, self._values = fields, EXAMPLES if values is None else values

    def offer(self, found: Begun | None, at: Offset) -> None:
        """Offers what may be meant by what is written, at a place of the screen; else closes."""
        if found == self._begun:
            return
        self._begun = found
        wanted = key(found.typed) if found is not None else ""
        self._found = [name for name in self._fields if found is not None and key(name).startswith(wanted)]
        self.display = bool(self._found)
        if self._found:
            self.clear_options()
            self.add_options(map(self._option, self._found))
            self.highlighted = 0
            self.absolute_offset = at

    def close(self) -> None:
        """Offers nothing any more."""
        self.offer(None, Offset())

    def pressed(self, key: str) -> bool:
        """Does what a key of the text does while fields are offered. Whether it is one of those."""
        if not self.display or key not in ("up", "down", "enter", "tab", "escape"):
            return False
        at = self.highlighted or 0
        if key == "escape":
            self.close()
        elif key in ("enter", "tab"):
            self._take(at)
        else:
            self.highlighted = (at + (1 if key == "down" else -1)) % len(self._found)
        return True

    @on(OptionList.OptionSelected)
    def _clicked(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        self._take(selected.option_index)

    def _take(self, index: int) -> None:
        if self._begun is not None:
            self.write(merge.field(self._found[index]), self._begun)
        self.close()

    def _option(self, name: str) -> Option:
        room = WIDTH - 4
        label = literal(merge.field(name)).truncate(room // 2, ellipsis=True, pad=True)
        example = literal(self._values.get(name, "") or "–").truncate(room - room // 2 - 1, ellipsis=True)
        return Option(Content.assemble(label, " ", example.stylize("$quiet")))
