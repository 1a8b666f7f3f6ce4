"""Where a text is written: an editor that counts as people do, and shows what makes a text dear where it
stands.

It moves, selects and deletes by grapheme cluster, since half of a family emoji is nothing that a person
would keep. Characters that turn the text to Unicode segments are underlined, and a ~ stands beside their
line; merge fields have the colour of what acts; every second segment has a quiet ground of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import ClassVar, NamedTuple, Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.document._document import Document, DocumentBase, EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import TextArea

from store.messages.sizes import MOST_CHARACTERS
from store.sentences import N_, sentence
from store.texts import merge, segments
from store.texts.alphabet import normalise
from store.texts.graphemes import costly, edge_after, edge_before
from store.texts.near_misses import NearMiss, near_misses
from tui.i18n.sanitize import same_length

_JOINERS = ("\u200c", "\u200d")


class _Span(NamedTuple):
    """A stretch of a line that looks different. style: of the component class composer--<style>."""

    start: int
    end: int
    style: str


class _Drawn(Document):
    """A document as it is drawn: as many characters in as many lines, none of them able to command a
    terminal.
    """

    def __init__(self, source: DocumentBase) -> None:
        self._source = source
        super().__init__("")

    @property
    def lines(self) -> list[str]:
        return [same_length(line) for line in self._source.lines]

    @property
    def line_count(self) -> int:
        return self._source.line_count

    def __getitem__(self, index: int | slice) -> str | list[str]:  # type: ignore[override]
        if isinstance(index, slice):
            return [same_length(line) for line in self._source.lines[index]]
        return same_length(self._source.lines[index])


class _Wrapped(WrappedDocument):
    """Lines are wrapped at the edges of grapheme clusters only."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        super().wrap(width, tab_width)
        self._keep_clusters_whole(0, self.document.line_count)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        super().wrap_range(start, old_end, new_end)
        self._keep_clusters_whole(start[0], max(start[0], new_end[0]) + 1)

    def _keep_clusters_whole(self, first: int, end: int) -> None:
        for row, line in enumerate(self.document.lines[first:end], first):
            offsets = self._wrap_offsets[row]
            if offsets and not line.isascii():
                self._wrap_offsets[row] = [edge_before(line, offset) for offset in offsets]


class Composer(TextArea, inherit_bindings=False):
    """The text of a draft. MOST: characters that it takes. SEGMENTS: whether it shows these, and what makes
    them dear."""

    MOST: ClassVar[int] = MOST_CHARACTERS
    SEGMENTS: ClassVar[bool] = True

    HELP: ClassVar[str] = N_(
        "Write your text here. An opening brace offers fields such as {first_name}, which "
        "are filled in for each person; {first_name|there} gives a word to use when the name "
        "is missing. A backslash before a brace makes it an ordinary brace. Underlined "
        "characters make the text Unicode: 70 characters per segment instead of 160."
    )
    # F6 and F7 are the screen's. What Ctrl+Z is here is told, since elsewhere it is another thing; the first
    # of a key counts.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+z",
            "undo",
            N_("Undo"),
            show=False,
            tooltip=N_(
                "Undoes your last typing; outside a text, this key goes to the shell, if there is one"
            ),
        ),
        Binding("ctrl+home", "go_to_start", N_("To start"), show=False),
        Binding("ctrl+end", "go_to_end", N_("To end"), show=False),
        *(
            binding
            for binding in TextArea.BINDINGS
            if not (isinstance(binding, Binding) and binding.key in ("f6", "f7"))
        ),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "composer--field",
        "composer--unknown",
        "composer--costly",
        "composer--next",
        "composer--sign",
    }

    class TooMuch(Message):
        """More was pasted than the editor takes, and nothing was inserted. length: of the text that would
        be.
        """

        def __init__(self, length: int, most: int) -> None:
            super().__init__()
            self.says = sentence(
                "That would make {length} characters; the limit is {most}. Nothing was inserted and "
                "your text is unchanged.",
                length=length,
                most=most,
            )

    def __init__(self, text: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        self._spans: list[list[_Span]] = []
        self._drawn: list[Strip] = []
        self._comparing = False
        self._fields: Sequence[str] = merge.FIELDS
        self.typed = False
        """Whether the last change was made by keys."""
        self.taken: Callable[[str], bool] = lambda key: False
        """Does what a key does elsewhere meanwhile; whether it did."""
        super().__init__(normalise(text), placeholder=Content(placeholder), id=id)
        self.cursor_blink = False
        self.highlight_cursor_line = False

    # What the text is made of

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = _Wrapped(_Drawn(self.document), tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def _build_highlight_map(self) -> None:
        """Called by Textual after each change of the document: finds what is to be shown within the text."""
        text = self.text
        lines = text.split("\n")
        self._spans = [
            [_Span(*place, "costly") for place in costly(line)] if self.SEGMENTS else [] for line in lines
        ]
        template = merge.parse(text, self._fields)
        fields = [part for part in template.parts if isinstance(part, merge.Field)]
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        spans = [_Span(field.at, field.at + len(field.written), "field") for field in fields]
        wrong: list[merge.Field | NearMiss] = [*template.unknown, *near_misses(text, self._fields)]
        spans += [_Span(each.at, each.at + len(each.written), "unknown") for each in wrong]
        if (
            self.SEGMENTS
            and template.unfilled == text
            and not fields
            and len(text) <= MOST_CHARACTERS
            and normalise(text) == text
        ):
            at = 0
            for number, part in enumerate(segments.split(text)):
                if number % 2:
                    spans.append(_Span(at, at + len(part), "next"))
                at += len(part)
        for start, end, style in spans:
            row = bisect_right(starts, start) - 1
            while row < len(lines) and starts[row] < end:
                first = max(start - starts[row], 0)
                self._spans[row].append(_Span(first, min(end - starts[row], len(lines[row])), style))
                row += 1

    def know(self, fields: Sequence[str]) -> None:
        """Takes these for the names of all fields that there are."""
        if fields != self._fields:
            self._fields = fields
            self._build_highlight_map()
            self.refresh()

    def action_go_to_start(self) -> None:
        """Puts the cursor before the text."""
        self.move_cursor((0, 0))

    def action_go_to_end(self) -> None:
        """Puts the cursor behind the text."""
        self.move_cursor(self.document.end)

    # How people count

    def clamp_visitable(self, location: Location) -> Location:
        """The nearest place for the cursor, never within a grapheme cluster."""
        row, column = super().clamp_visitable(location)
        return row, edge_before(self.document[row], column)

    def get_cursor_left_location(self) -> Location:
        row, column = self.cursor_location
        if column == 0:
            return super().get_cursor_left_location()
        return row, edge_before(self.document[row], column - 1)

    def get_cursor_right_location(self) -> Location:
        row, column = self.cursor_location
        line = self.document[row]
        if column >= len(line):
            return super().get_cursor_right_location()
        return row, edge_after(line, column + 1)

    async def _on_key(self, event: events.Key) -> None:
        """Joiners are typed too, by emoji keyboards and in Persian; Textual knows them as unprintable. And
        Shift+Enter, where a terminal tells it from Enter, is a new line as in other programs."""
        if self.taken(event.key):
            event.stop()
            event.prevent_default()
            return
        typed = "\n" if event.key == "shift+enter" else event.character
        if typed is not None and (typed in _JOINERS or typed != event.character):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(typed, *self.selection)

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        (top, first), (bottom, last) = sorted((start, end))
        self.typed = True
        lines = self.document.lines
        first = edge_before(lines[top], first)
        if bottom < len(lines):
            last = edge_after(lines[bottom], last)
        return super()._delete_via_keyboard((top, first), (bottom, last))

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        """Every key and paste comes through here. What is far too long for a text is not taken in."""
        room = self.MOST - len(self.text) + len(self.get_text_range(start, end))
        if len(insert) > room:
            self.post_message(self.TooMuch(len(insert) + self.MOST - room, self.MOST))
            return None
        self.typed = True
        return super()._replace_via_keyboard(normalise(insert), start, end)

    def write_over(self, text: str, before: int, after: int) -> None:
        """Puts a text in the place of so many characters before the cursor and behind it, as if typed."""
        row, column = self.cursor_location
        self._replace_via_keyboard(text, (row, column - before), (row, column + after))

    def insert_here(self, text: str) -> None:
        """Puts a text where the cursor stands, or in the place of what is marked, as one step that can be
        undone."""
        self.history.checkpoint()
        self._replace_via_keyboard(text, *self.selection)
        self.history.checkpoint()
        self.typed = False

    def with_inserted(self, text: str) -> str:
        """What `insert_here` would make of it."""
        start, end = sorted(self.selection)
        before = self.get_text_range(self.document.start, start)
        return before + text + self.get_text_range(end, self.document.end)

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """None: this is no code, and a search through a long text would take its time at every key."""
        return None

    # Changing all of it

    def show(self, text: str) -> None:
        """Shows another text from its end; what was done to the former can't be undone here."""
        self.typed = False
        self.load_text(normalise(text))
        self.move_cursor(self.document.end)

    def rewrite(self, text: str) -> None:
        """Puts another text in the place of all, as one step that can be undone."""
        self.typed = False
        self.history.checkpoint()
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    # How it is drawn

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draws anew what is asked for; where that is all, only the rows that look different once this
        message is dealt with. (Textual would draw all rows at each move of the cursor.)
        """
        if regions or layout or recompose or not repaint or not self.is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if not self._comparing:
            self._comparing = True
            self.call_next(self._refresh_changed_rows)
        return self

    def on_resize(self) -> None:
        """Textual wraps anew and draws nothing by it where there are as many rows as before."""
        self.refresh()

    def _refresh_changed_rows(self) -> None:
        self._comparing = False
        self._rich_style_cache.clear()
        before, self._drawn = self._drawn, self._rows()
        if len(before) != len(self._drawn):
            super().refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._drawn, strict=True)):
            if old != new:
                super().refresh(Region(0, y, self.size.width, 1))

    def _rows(self) -> list[Strip]:
        base, width = self.rich_style, self.scrollable_content_region.width
        return [self._row(y, base, width) for y in range(self.size.height)]

    def render_lines(self, crop: Region) -> list[Strip]:
        return ScrollView.render_lines(
            self, crop
        )  # TextArea's own would look for styles that aren't used here

    @property
    def gutter_width(self) -> int:
        """Room for the sign beside a line that holds costly characters."""
        return 2

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def render_line(self, y: int) -> Strip:
        return self._row(y, self.rich_style, self.scrollable_content_region.width)

    def _row(self, y: int, base: Style, width: int) -> Strip:
        """One row, drawn from the document as it may be shown."""
        wrapped = self.wrapped_document
        row = y + self.scroll_offset.y
        if not self.text and y == 0 and self.placeholder:
            return self._placeholder_line(base, width)
        if row >= len(wrapped._offset_to_line_info):
            return Strip.blank(width, base)
        line_index, section = wrapped._offset_to_line_info[row]
        offsets = [0, *wrapped.get_offsets(line_index)]
        line = wrapped.document.get_line(line_index)
        start = offsets[section]
        last = section == len(offsets) - 1
        end = len(line) if last else offsets[section + 1]
        cells = [base] * (end - start) + [base] * last  # the cursor may stand behind the last character
        sign = False
        for first, stop, name in self._marks(line_index):
            if first < end + last and stop > start:
                style = self._style(name)
                sign = sign or name == "composer--costly"
                for at in range(max(first, start) - start, min(stop - start, len(cells))):
                    cells[at] += style
        text = line[start:end] + " " * last
        strip = [Segment("~ ", base + self._style("composer--sign")) if sign else Segment("  ", base)]
        at = 0
        for style, run in groupby(cells):
            length = len(list(run))
            strip.append(Segment(text[at : at + length], style))
            at += length
        return Strip(strip).adjust_cell_length(width, base)

    def _marks(self, line_index: int) -> list[tuple[int, int, str]]:
        """All that looks different in a line: ground first, then what stands in it, selection and cursor
        last.
        """
        spans = self._spans[line_index] if line_index < len(self._spans) else []
        marks = [(start, end, f"composer--{style}") for start, end, style in reversed(spans)]
        (top, first), (bottom, stop) = sorted(self.selection)
        length = len(self.document[line_index])
        if (top, first) != (bottom, stop) and top <= line_index <= bottom:
            selected_from = first if line_index == top else 0
            selected_to = stop if line_index == bottom else length + 1
            marks.append((selected_from, selected_to, "text-area--selection"))
        row, column = self.cursor_location
        if row == line_index and self.has_focus:
            marks.append(
                (
                    column,
                    edge_after(self.document[row], column + 1) if column < length else column + 1,
                    "text-area--cursor",
                )
            )
        return marks

    def _placeholder_line(self, base: Style, width: int) -> Strip:
        placeholder = self.placeholder.plain if isinstance(self.placeholder, Content) else self.placeholder
        style = self.get_component_rich_style("text-area--placeholder")
        first = style + self._style("text-area--cursor") if self.has_focus else style
        pieces = [Segment("  ", base), Segment(placeholder[:1], first), Segment(placeholder[1:], style)]
        return Strip(pieces).adjust_cell_length(width, base)
