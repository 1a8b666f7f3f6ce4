"""What a text is, what it costs and what is wrong with it, beside or below the text and never moving it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from textual.content import Content

from store.messages.model import MessageKind
from store.texts.graphemes import costly
from store.texts.segments import Encoding
from tui.compose.beside import (
    FIX,
    Beside,
    after_a_blank,
    as_read,
    cut,
    heading,
    problem_lines,
    signed,
    wrapped,
)
from tui.compose.cost import cost_lines, short_cost_lines
from tui.compose.draft_view import Reading
from tui.compose.purpose_line import head_lines
from tui.i18n.language import Language
from tui.i18n.sanitize import literal, plain

WIDE = 72
"""Cells from which on the bill stands at the right of all else."""
BILL = 39
HIGH = 16
"""Lines from which on a panel has room for all that matters."""
MOST_BESIDE_SHARES = 26
"""Lines that a panel has besides those for each rate, when it has much to say."""
MOST_BELOW_SHARES = 7
"""Lines of a bill that aren't those for each rate."""
LEAST_OF_THE_TEXT = 3
"""Lines that the text as it is received always has, its heading and a blank one among them."""


class Preview(Beside[Reading]):
    """A panel where it is high enough, else a few lines."""

    LINES, LEAST = 6, 7

    def lines(self, reading: Reading, width: int, height: int) -> Sequence[Content]:
        draw = panel if height >= HIGH else lines
        if width >= WIDE and height > self.LINES:
            draw = columns
        return draw(reading, self.app.language, width, height)


def panel(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """All there is to say, as lines of at most `width` cells: what it is, what it costs and, in the room that
    is left, what is wrong and the text as it is received."""
    drawn = [*head_lines(reading, language, width, most=2), Content("")]
    drawn += _size_lines(reading, language, width)
    drawn += after_a_blank(
        cost_lines(reading.estimate, language, width, most=max(height - MOST_BESIDE_SHARES, 3))
    )
    encoding = after_a_blank(_encoding_lines(reading, language, width))
    return [*drawn, *_notes_and_text(reading, language, width, height - len(drawn), encoding)]


def columns(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """The same for a place that is wider than high: the bill at the right."""
    head = head_lines(reading, language, width, most=2 if height >= MOST_BELOW_SHARES + 5 else 1)
    height -= len(head)
    bill = cost_lines(reading.estimate, language, BILL, most=max(height - MOST_BELOW_SHARES, 3))
    left_width = width - BILL - 3
    left = _size_lines(reading, language, left_width)
    encoding = _short_encoding_lines(reading, language, left_width)
    if not reading.estimate.problems:
        encoding = after_a_blank(encoding)
    left += _notes_and_text(reading, language, left_width, height - len(left), encoding)
    pairs = zip_longest(left, bill, fillvalue=Content(""))
    return head + [
        Content.assemble(line.truncate(left_width, ellipsis=True, pad=True), "   ", beside)
        for line, beside in pairs
    ]


def _notes_and_text(
    reading: Reading, language: Language, width: int, height: int, encoding: Sequence[Content]
) -> list[Content]:
    """What is wrong or worth knowing, and the text as it is received, which always has a few of the lines."""
    text = after_a_blank(_reader_lines(reading, language, width))
    notes = after_a_blank(problem_lines(reading.estimate.problems, language, width))
    notes += encoding
    notes = cut(notes, height - min(len(text), LEAST_OF_THE_TEXT))
    return [*notes, *cut(text, height - len(notes))]


def lines(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """The few lines: what it is for, size, cost, what is wrong or worth knowing, as much of it as there is
    room for, and the beginning of the text as it is received."""
    found = [
        *head_lines(reading, language, width, most=2 if height >= HIGH else 1),
        _short_size_line(reading, language, width),
        *short_cost_lines(reading.estimate, language, width),
    ]
    notes = [
        problem_lines(reading.estimate.problems, language, width),
        _short_encoding_lines(reading, language, width),
    ]
    if reading.estimate.sendable or not reading.body:
        notes.reverse()
    for note in notes:
        found += note
    found = cut(found, height - 1 if _is_read(reading) else height)
    text = _reader_lines(reading, language, width)
    if len(found) + len(text) < height:
        found += after_a_blank(text)
    elif text:
        says = f"{as_read(reading.reader, language)}: {' '.join(reading.text[:width].split())}"
        found.append(literal(says).stylize("$quiet"))
    return [line.truncate(width, ellipsis=True) for line in found[:height]]


def _short_size_line(reading: Reading, language: Language, width: int) -> Content:
    kind = Content.styled(kind_words(reading, language), "bold")
    left = Content(_short_room_words(reading, language))
    room = width - kind.cell_length - left.cell_length - 4
    drawn = room >= 8 and reading.estimate.kind is MessageKind.SMS
    strip = Content.styled(_strip(reading, min(room, 40)) + "  ", "$primary") if drawn else Content("")
    return Content.assemble(kind, "  ", strip, left)


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
        return _("one unit at any length")
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
            "{characters} makes it Unicode: 70 characters per segment instead of 160.",
            "{characters} make it Unicode: 70 characters per segment instead of 160.",
            len(own),
        ).format(characters=_some(own, language))
    else:
        says = _names_words(reading, language)
    return [
        *signed("~", says, "$warning", width),
        *(line for line in [_fix_line(reading, language)] if line),
    ]


def _names_words(reading: Reading, language: Language) -> str:
    """Whose names make their own texts Unicode."""
    says = language.ngettext(
        "Because of {names}, {count} person's text is Unicode: 70 characters per segment instead of 160.",
        "Because of {names}, {count} people's texts are Unicode: 70 characters per segment, not 160.",
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
        return signed("~", _names_words(reading, language), "$warning", width)
    says = language.ngettext(
        "{characters} makes it Unicode (70 instead of 160)",
        "{characters} make it Unicode (70 instead of 160)",
        len(characters),
    )
    drawn = signed("~", says.format(characters=_some(characters, language)), "$warning", width)
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
    return Content.assemble("  ", (language.key_shown(FIX), "bold $primary"), f" {says}")


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


# As one person gets it


def _is_read(reading: Reading) -> bool:
    return bool(reading.reader and reading.text)


def _reader_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    if not _is_read(reading):
        return []
    people = reading.estimate.recipients
    text = wrapped(reading.own_text, width)
    return [
        heading(reading.reader, reading.place, people, language, width),
        *text,
        *(line.stylize("$quiet") for line in line_below(reading, language, width)),
    ]


def line_below(reading: Reading, language: Language, width: int) -> list[Content]:
    """What is below the reader's text where it is the first to them, and what that costs; else nothing."""
    if not reading.line:
        return []
    says = language.gettext("(below your first text to them, at no cost)")
    if count := reading.line_credits:
        says = language.ngettext(
            "(below your first text to them: {count} more credit)",
            "(below your first text to them: {count} more credits)",
            count,
        ).format(count=language.number(count))
    return [*wrapped(reading.line, width), *wrapped(says, width)]
