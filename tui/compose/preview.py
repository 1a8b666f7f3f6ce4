"""What a text is, what it costs and what is wrong with it, beside or below the text and never moving it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from textual import getters
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from store.messages.model import MessageKind, Problem
from store.texts.graphemes import costly
from store.texts.segments import Encoding
from tui.base.session_app import SessionApp
from tui.compose.cost import cost_lines, row, short_cost_lines
from tui.compose.draft_view import NEXT_STEPS, Reading
from tui.i18n.language import Language
from tui.i18n.sanitize import literal, plain
from tui.widgets.strips import one_line
from tui.widgets.wrapping import wrap

WIDE = 72
"""Cells from which on the bill stands at the right of all else."""
BILL = 39
HIGH = 16
"""Lines from which on a panel has room for all that matters."""
MOST_BESIDE_SHARES = 24
"""Lines that a panel has besides those for each rate, when it has much to say."""
MOST_BELOW_SHARES = 7
"""Lines of a bill that aren't those for each rate."""
LEAST_OF_THE_TEXT = 3
"""Lines that the text as it is received always has, its heading and a blank one among them."""


class Preview(Widget):
    """Draws a reading: as a panel where it is high enough, else as a few lines. Only lines that change are
    drawn anew.
    """

    LINES = 5
    app = getters.app(SessionApp)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._reading: Reading | None = None
        self.drawn: list[Content] = []
        """The lines as they are drawn."""

    def show(self, reading: Reading) -> None:
        """Shows another reading. The size of the widget never changes with it."""
        if reading != self._reading:
            self._reading = reading
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._reading is None:
            return
        language = self.app.language
        width, height = self.size
        draw = panel if height >= HIGH else lines
        if width >= WIDE and height > self.LINES:
            draw = columns
        before, self.drawn = self.drawn, draw(self._reading, language, width, height)[:height]
        for y, (old, new) in enumerate(zip_longest(before, self.drawn, fillvalue=Content(""))):
            if not old.is_same(new):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self.drawn) or not self.drawn[y].plain:  # an empty line is as blank as none at all
            return Strip.blank(width, self.visual_style.rich_style)
        return one_line(self, self.drawn[y], width)


def panel(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """All there is to say, as lines of at most `width` cells: what it is, what it costs and, in the room that
    is left, what is wrong and the text as it is received."""
    if reading.cant_be_texted:
        return _problem_lines(reading, language, width)[:height]
    drawn = [Content.styled(language.gettext("This text"), "dim"), *_size_lines(reading, language, width)]
    drawn += _after_a_blank(
        cost_lines(reading.estimate, language, width, most=max(height - MOST_BESIDE_SHARES, 3))
    )
    encoding = _after_a_blank(_encoding_lines(reading, language, width))
    return [*drawn, *_notes_and_text(reading, language, width, height - len(drawn), encoding)]


def columns(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """The same for a place that is wider than high: the bill at the right."""
    if reading.cant_be_texted:
        return _problem_lines(reading, language, width)[:height]
    bill = cost_lines(reading.estimate, language, BILL, most=max(height - MOST_BELOW_SHARES, 3))
    left_width = width - BILL - 3
    left = _size_lines(reading, language, left_width)
    encoding = _short_encoding_lines(reading, language, left_width)
    if not reading.estimate.problems:
        encoding = _after_a_blank(encoding)
    left += _notes_and_text(reading, language, left_width, height - len(left), encoding)
    pairs = zip_longest(left, bill, fillvalue=Content(""))
    return [
        Content.assemble(line.truncate(left_width, ellipsis=True, pad=True), "   ", beside)
        for line, beside in pairs
    ]


def _notes_and_text(
    reading: Reading, language: Language, width: int, height: int, encoding: Sequence[Content]
) -> list[Content]:
    """What is wrong or worth knowing, and the text as it is received, which always has a few of the lines."""
    text = _after_a_blank(_reader_lines(reading, language, width))
    notes = _after_a_blank(_problem_lines(reading, language, width))
    notes += encoding
    notes = _cut(notes, height - min(len(text), LEAST_OF_THE_TEXT))
    return [*notes, *_cut(text, height - len(notes))]


def _cut(found: list[Content], height: int) -> list[Content]:
    """As many lines as have room; a mark at the last one says that there are more."""
    if len(found) <= height:
        return found
    found = found[: max(height, 0)]
    while found and not found[-1]:
        found.pop()
    if found:
        found[-1] += Content(" …")
    return found


def lines(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """The few lines: size, cost, what is wrong or worth knowing, as much of it as there is room for, and the
    beginning of the text as it is received."""
    if reading.cant_be_texted:
        return _problem_lines(reading, language, width)[:height]
    found = [
        _short_size_line(reading, language, width),
        *short_cost_lines(reading.estimate, language, width),
    ]
    notes = [_problem_lines(reading, language, width), _short_encoding_lines(reading, language, width)]
    if reading.estimate.sendable or not reading.body:
        notes.reverse()
    for note in notes:
        found += note
    found = _cut(found, height - 1 if _is_read(reading) else height)
    text = _reader_lines(reading, language, width)
    if len(found) + len(text) < height:
        found += _after_a_blank(text)
    elif text:
        says = f"{as_read(reading, language)}: {' '.join(reading.text[:width].split())}"
        found.append(literal(says).stylize("dim"))
    return [line.truncate(width, ellipsis=True) for line in found[:height]]


def _short_size_line(reading: Reading, language: Language, width: int) -> Content:
    kind = Content.styled(kind_words(reading, language), "bold")
    left = Content(_short_room_words(reading, language))
    room = width - kind.cell_length - left.cell_length - 4
    drawn = room >= 8 and reading.estimate.kind is MessageKind.SMS
    strip = Content.styled(_strip(reading, min(room, 40)) + "  ", "$primary") if drawn else Content("")
    return Content.assemble(kind, "  ", strip, left)


def _after_a_blank(found: Sequence[Content]) -> list[Content]:
    return [Content(""), *found] if found else []


# What it is


def kind_words(reading: Reading, language: Language) -> str:
    """ "SMS · Unicode · 2 segments", "MMS · 1 picture"; of a long text also "3 messages"."""
    _ = language.gettext
    estimate, said = reading.estimate, [reading.estimate.kind.value.upper()]
    if estimate.kind is MessageKind.MMS:
        pictures = language.ngettext("{count} picture", "{count} pictures", reading.pictures)
        said.append(pictures.format(count=language.number(reading.pictures)))
    else:
        said.append(encoding_words(language, reading.analysis.encoding))
    if (count := len(reading.messages)) > 1:
        messages = language.ngettext("{count} message", "{count} messages", count)
        said.append(messages.format(count=language.number(count)))
    if estimate.kind is MessageKind.SMS:
        least, most = estimate.segments_min, estimate.segments_max
        if least == most or not estimate.recipients:
            own = sum(message.segments for message in reading.messages)
            segments = language.ngettext("{count} segment", "{count} segments", own)
            said.append(segments.format(count=language.number(own)))
        else:
            segments = _("{least} to {most} segments")
            said.append(segments.format(least=language.number(least), most=language.number(most)))
    return " · ".join(said)


def encoding_words(language: Language, encoding: Encoding) -> str:
    """What an encoding is to people: "plain" or "Unicode"."""
    return language.gettext("plain") if encoding == "GSM-7" else language.gettext("Unicode")


def room_words(reading: Reading, language: Language) -> str:
    """How much more fits before it costs more."""
    _ = language.gettext
    if reading.estimate.kind is MessageKind.MMS and len(reading.messages) < 2:
        return _("one unit, however long")
    last = reading.messages[-1]
    left = last.units_left
    if last.segments < 2:
        says = language.ngettext("{count} character left", "{count} characters left", left)
        return says.format(count=language.number(left))
    says = language.ngettext(
        "{count} character left in segment {n}", "{count} characters left in segment {n}", left
    )
    return says.format(count=language.number(left), n=language.number(last.segments))


def _short_room_words(reading: Reading, language: Language) -> str:
    """The same where there is little room."""
    last = reading.messages[-1]
    if reading.estimate.kind is MessageKind.MMS or last.segments < 2:
        return room_words(reading, language)
    return language.gettext("{count} left in segment {n}").format(
        count=language.number(last.units_left), n=language.number(last.segments)
    )


def _strip(reading: Reading, width: int) -> str:
    analysis = reading.analysis
    used = analysis.capacity - analysis.units_left if analysis.segments else 0
    return segment_strip(analysis.segments, used, analysis.capacity, width)


def segment_strip(segments: int, used: int, capacity: int, width: int) -> str:
    """A strip of `width` cells: ▕■■■■■┆■■····▏.

    All segments but the last are full; used: units in the last one, of `capacity`. Anything in it shows at
    least one full cell, and only a full segment fills it. Boundaries are left out where there is no room
    for them.
    """
    count = max(segments, 1)
    room = max(width - 2, 1)
    boundary = "┆" if room >= 2 * count - 1 else ""
    cells = room - len(boundary) * (count - 1)
    edges = [cells * i // count for i in range(count + 1)]
    last = edges[-1] - edges[-2]
    filled = min(last, max(used * last // capacity, 1 if used else 0)) if capacity else 0
    parts = ["■" * (edges[i + 1] - edges[i]) for i in range(count - 1)]
    parts.append("■" * filled + "·" * (last - filled))
    return f"▕{boundary.join(parts)}▏"


def _size_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    kind = Content.styled(kind_words(reading, language), "bold")
    left = Content(room_words(reading, language))
    if reading.estimate.kind is MessageKind.MMS:
        return [kind, left, Content("")]
    return [kind, Content.styled(_strip(reading, width), "$primary"), left]


def _encoding_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """Which characters make it Unicode, and what can be done about it."""
    _ = language.gettext
    if not _is_unicode_sms(reading):
        return []
    own = costly_characters(reading.body)
    if own:
        says = language.ngettext(
            "{characters} makes it Unicode: a segment holds 70 characters instead of 160.",
            "{characters} make it Unicode: a segment holds 70 characters instead of 160.",
            len(own),
        ).format(characters=_some(own, language))
    else:
        says = _names_words(reading, language)
    return [
        *_signed("~", says, "$warning", width),
        *(line for line in [_fix_line(reading, language)] if line),
    ]


def _names_words(reading: Reading, language: Language) -> str:
    """Whose names make their own texts Unicode."""
    says = language.ngettext(
        "Because of {names}, the text of {count} person is Unicode: 70 characters a segment instead of 160.",
        "Because of {names}, the texts of {count} people are Unicode: 70 characters a segment, not 160.",
        reading.unicode_people,
    )
    return says.format(
        names=_some(reading.unicode_names, language), count=language.number(reading.unicode_people)
    )


def _short_encoding_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """The same in few words."""
    if not _is_unicode_sms(reading):
        return []
    if not (characters := costly_characters(reading.body)):
        return _signed("~", _names_words(reading, language), "$warning", width)
    says = language.ngettext(
        "{characters} makes it Unicode (70 instead of 160)",
        "{characters} make it Unicode (70 instead of 160)",
        len(characters),
    )
    drawn = _signed("~", says.format(characters=_some(characters, language)), "$warning", width)
    fix = _fix_line(reading, language)
    if drawn[-1].cell_length + fix.cell_length <= width:
        drawn[-1] += fix
    else:
        drawn.append(fix)
    return drawn


def _is_unicode_sms(reading: Reading) -> bool:
    """Whether somebody's text is Unicode, be it only for their name."""
    costs_more = reading.analysis.encoding == "UCS-2" or reading.unicode_people > 0
    return reading.estimate.kind is MessageKind.SMS and costs_more


def _fix_line(reading: Reading, language: Language) -> Content:
    if reading.plain_segments is None or not costly(reading.body):
        return Content("")
    least, most = reading.plain_segments
    if least == most:
        fix = language.ngettext("makes it plain: {count} segment", "makes it plain: {count} segments", most)
    else:
        fix = language.gettext("makes it plain: {least} to {count} segments")
    says = fix.format(least=language.number(least), count=language.number(most))
    return Content.assemble("  ", ("F6", "bold $primary"), f" {says}")


def costly_characters(text: str) -> list[str]:
    """The different characters of a text that are not in GSM, in their order, each as it can be shown."""
    return list(dict.fromkeys(shown_character(text[start:end]) for start, end in costly(text)))


def shown_character(cluster: str) -> str:
    """A grapheme cluster as itself, or by its code where there would be nothing to see."""
    if all(unicodedata.category(character)[0] in "ZC" for character in cluster):
        return " ".join(f"U+{ord(character):04X}" for character in cluster)
    return plain(cluster)


def _some(characters: Sequence[str], language: Language, most: int = 4) -> str:
    shown = [language.gettext("“{character}”").format(character=character) for character in characters[:most]]
    return language.listing(shown) if len(characters) <= most else f"{', '.join(shown)} …"


# What is wrong


def _problem_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """Blocking ones first, each with its sign; warnings after them."""
    drawn: list[Content] = []
    told_elsewhere = {"left-out"}  # beside the recipients
    problems = [problem for problem in reading.estimate.problems if problem.code not in told_elsewhere]
    if reading.cant_be_texted:
        problems = problems[:1]
    problems.sort(key=lambda problem: not problem.blocking)
    nearly = next((problem for problem in reversed(problems) if problem.code == "near-miss"), None)
    for problem in problems:
        sign, style = _sign(problem)
        drawn += _signed(sign, language.say(problem.says), style, width)
        if problem is nearly:
            mends = language.gettext("makes it a field")
            drawn.append(Content.assemble("  ", ("F6", "bold $primary"), " ", mends))
    return drawn


def _sign(problem: Problem) -> tuple[str, str]:
    if problem.code in NEXT_STEPS:
        return "·", "dim"
    return ("✗", "$error") if problem.blocking else ("!", "$warning")


def _signed(sign: str, says: str, style: str, width: int) -> list[Content]:
    """A sentence with a sign before its first line, wrapped."""
    wrapped = wrap(literal(says), max(width - 2, 10))
    return [
        Content.assemble((sign if number == 0 else " ", style), " ", line.stylize(style))
        for number, line in enumerate(wrapped)
    ]


# As one person gets it


def _is_read(reading: Reading) -> bool:
    return bool(reading.reader and reading.text)


def as_read(reading: Reading, language: Language) -> str:
    """ "As Zoë gets it"."""
    return language.gettext("As {reader} gets it").format(reader=language.phone(reading.reader))


def _reader_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    if not _is_read(reading):
        return []
    _ = language.gettext
    people = reading.estimate.recipients
    place = Content(
        _("{place} of {people}").format(place=language.number(reading.place), people=language.number(people))
    )
    room = width - place.cell_length - 2
    heading = row(literal(as_read(reading, language)).truncate(room, ellipsis=True), place, width).stylize(
        "dim"
    )
    return [heading, *_wrapped(reading.text, width)]


def _wrapped(text: str, width: int) -> Iterable[Content]:
    for line in text[:2_000].split("\n"):
        yield from wrap(literal(line), width) or [Content("")]
