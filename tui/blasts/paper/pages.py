"""Pages of a PDF, written from above to below: each is done with when the next begins, so that their number
doesn't matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from tui.blasts.paper.fonts import BOLD, REGULAR, has, register, runs, width, wrapped
from tui.blasts.paper.scripts import legible

LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})
"""Whose paper is Letter; elsewhere it is A4."""

INK, QUIET, RULE = HexColor("#1c2126"), HexColor("#66707a"), HexColor("#d5dade")
MARGIN = 56.0
LEADING = 1.42
"""From line to line, in sizes."""
SMALL, NORMAL, LARGE, TITLE = 7.5, 9.0, 11.0, 20.0
_FOOTER = 30.0
_PAGES = "pages"
"""The name of what stands for the number of pages, which is known at the end."""


class Column(NamedTuple):
    """A column of a table. share: of the width of all."""

    title: str
    share: float
    right: bool = False


class Paper:
    """A PDF that is written. What is given is text, never markup; what no font has is shown by its name."""

    def __init__(
        self, path: Path, *, country: str, language: str, title: str, author: str, foot: str
    ) -> None:
        """country: by which the paper is chosen. language: BCP 47. title: stands above each page but the
        first, too. foot: what stands below each, with {page} and {pages} after it."""
        register()
        size = LETTER if country in LETTER_COUNTRIES else A4
        self._canvas = Canvas(str(path), pagesize=size, pageCompression=1, invariant=1, lang=language)
        for tell, text in ((self._canvas.setTitle, title), (self._canvas.setAuthor, author)):
            tell(legible(text, has))
        rl_config.useA85 = 0  # bytes as they are: a quarter smaller, and made in less time
        self._canvas.setCreator("Textmeter")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._title, self._foot = title, foot
        self._columns: Sequence[Column] = ()
        self.width = size[0] - 2 * MARGIN
        self._top = self._y = size[1] - MARGIN
        self._page = 1
        self._look: tuple[str, float, HexColor] | None = None
        """In what was drawn last: font, size and colour."""
        self._begin_words()

    # From above to below

    def gap(self, height: float) -> None:
        self._y -= height

    def keep(self, height: float) -> None:
        """Goes on on the next page, unless so much has room on this one."""
        if self._y - height < MARGIN and self._y < self._top:
            self._next_page()

    def text(self, text: str, *, size: float = NORMAL, bold: bool = False, quiet: bool = False) -> None:
        """A text in as many lines and pages as it needs."""
        font = BOLD if bold else REGULAR
        for line in _lines(text, font, size, self.width):
            self._line([(line, 0, font, QUIET if quiet else INK)], size)

    def quote(self, text: str) -> None:
        """A text that somebody wrote, set apart by a rule at its side."""
        for line in _lines(text, REGULAR, NORMAL, self.width - 12):
            self.keep(NORMAL * LEADING)
            self._canvas.setStrokeColor(RULE)
            self._canvas.setLineWidth(1.5)
            self._canvas.line(MARGIN + 1, self._y, MARGIN + 1, self._y - NORMAL * LEADING)
            self._line([(line, 12, REGULAR, INK)], NORMAL)

    def facts(self, facts: Iterable[tuple[str, str]], label: float = 110) -> None:
        """Labels with what they say beside them. label: how wide they are."""
        for name, says in facts:
            names = _lines(name, REGULAR, NORMAL, label - 8)
            said = _lines(says, REGULAR, NORMAL, self.width - label)
            for at in range(max(len(names), len(said))):
                line = [(names[at], 0.0, REGULAR, QUIET)] if at < len(names) else []
                line += [(said[at], label, REGULAR, INK)] if at < len(said) else []
                self._line(line, NORMAL)
            self.gap(2)

    def numbers(self, rows: Sequence[tuple[str, str]], total: tuple[str, str]) -> None:
        """Numbers below one another, and what they come to."""
        for at, (name, number) in enumerate((*rows, total)):
            font = BOLD if at == len(rows) else REGULAR
            self.keep(NORMAL * LEADING + 4)
            if at == len(rows):
                self._rule(1, to=200)
            self._line(
                [(name, 0, font, INK), (number, 200 - self._wide(number, font, NORMAL), font, INK)], NORMAL
            )

    # Tables

    def table(self, columns: Sequence[Column]) -> None:
        """Begins a table, whose head is repeated on each page that it reaches."""
        self._columns = columns
        self.keep(4 * NORMAL * LEADING)
        self._table_head()

    def row(self, cells: Sequence[tuple[str, str]]) -> None:
        """The next row of the table. cells: what stands in each column, and below that, quieter. A row that
        has no room on a page goes on on the next."""
        columns: list[list[tuple[str, bool]]] = []
        for column, (text, note) in zip(self._columns, cells, strict=True):
            room = column.share * self.width - 8
            lines = [(line, False) for line in _lines(text, REGULAR, SMALL, room)]
            if note:
                lines += [(line, True) for line in _lines(note, REGULAR, SMALL, room)]
            columns.append(lines)
        count = max(map(len, columns))
        height = count * SMALL * LEADING + 5
        if height < self._top - MARGIN - 2 * NORMAL * LEADING:
            self.keep(height)
        self.gap(2)
        for at in range(count):
            some = [lines[at] if at < len(lines) else ("", False) for lines in columns]
            self._row_line(some)
        self.gap(1)
        self._rule(0.4)
        self.gap(2)

    def end_table(self) -> None:
        self._columns = ()

    def save(self) -> int:
        """Ends the last page and writes the file; how many pages it has."""
        self._end_page()
        after = self._foot.format(page="", pages="\0").partition("\0")[2]
        self._canvas.beginForm(_PAGES, lowerx=0, lowery=-4, upperx=self.width, uppery=12)
        self._draw(f"{self._page}{after}", 0, 0, REGULAR, SMALL, QUIET)
        self._canvas.drawText(self._words)
        self._canvas.endForm()
        self._canvas.save()
        return self._page

    # What it stands on

    def _line(self, parts: Sequence[tuple[str, float, str, HexColor]], size: float) -> None:
        """What stands in one line: legible texts, each with where it begins, its font and its colour."""
        self.keep(size * LEADING)
        self._y -= size * LEADING
        for text, indent, font, colour in parts:
            self._draw(text, MARGIN + indent, self._y + size * 0.32, font, size, colour)

    def _row_line(self, cells: Sequence[tuple[str, bool]], font: str = REGULAR) -> None:
        parts, x = list[tuple[str, float, str, HexColor]](), 0.0
        for column, (text, quiet) in zip(self._columns, cells, strict=True):
            room = column.share * self.width
            indent = x + room - self._wide(text, font, SMALL) if column.right else x
            if text:
                parts.append((text, indent, font, QUIET if quiet else INK))
            x += room
        self._line(parts, SMALL)

    def _table_head(self) -> None:
        self._row_line([(column.title, True) for column in self._columns], BOLD)
        self.gap(3)
        self._rule(0.8)
        self.gap(2)

    def _rule(self, thickness: float, *, to: float = 0) -> None:
        self._canvas.setStrokeColor(RULE)
        self._canvas.setLineWidth(thickness)
        self._canvas.line(MARGIN, self._y, MARGIN + (to or self.width), self._y)

    def _wide(self, text: str, font: str, size: float) -> float:
        return sum(width(char, font) for char in text) * size

    def _draw(self, text: str, x: float, y: float, font: str, size: float, colour: HexColor) -> None:
        """Adds to what the page says, which is drawn at once at its end: what is as it was isn't said
        again."""
        for run in runs(text, font):
            look = run.font, size, colour
            if look != self._look:
                self._words.setFont(run.font, size)
                self._words.setFillColor(colour)
                self._look = look
            self._words.setTextOrigin(round(x, 2), round(y, 2))
            self._words.textOut(run.text)
            x += self._wide(run.text, font, size) if run.text != text else 0

    def _begin_words(self) -> None:
        self._words, self._look = self._canvas.beginText(), None

    def _next_page(self) -> None:
        self._end_page()
        self._page += 1
        self._y = self._top
        first, *_ = _lines(self._title, REGULAR, SMALL, self.width)
        self._draw(first, MARGIN, self._y + 12, REGULAR, SMALL, QUIET)
        if self._columns:
            self._table_head()

    def _end_page(self) -> None:
        """Its foot: which page it is, and of how many, as `save` says it."""
        before = self._foot.format(page=self._page, pages="\0").partition("\0")[0]
        self._draw(before, MARGIN, _FOOTER, REGULAR, SMALL, QUIET)
        self._canvas.drawText(self._words)
        self._canvas.saveState()
        self._canvas.translate(MARGIN + self._wide(before, REGULAR, SMALL), _FOOTER)
        self._canvas.doForm(_PAGES)
        self._canvas.restoreState()
        self._canvas.showPage()
        self._begin_words()


@lru_cache(maxsize=1_000)
def _lines(text: str, font: str, size: float, room: float) -> tuple[str, ...]:
    """A text in lines that can be drawn. Kept, since rows say the same again and again."""
    return tuple(wrapped(legible(text, has), font, size, room))
