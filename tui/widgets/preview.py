"""What a text is, what it costs and what is wrong with it, beside or below the text and never moving it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from store.messages.model import Estimate, MessageKind, Problem
from store.texts.segments import Encoding
from tui.i18n import Language
from tui.literal import literal, plain
from tui.widgets.clusters import costly
from tui.widgets.reading import NEXT_STEPS, Reading
from tui.widgets.segmentstrip import segment_strip

if TYPE_CHECKING:
    from tui.screens.base import TextmeterScreen


_ONE_LINE = 10_000
"""A width in which no sentence is wrapped."""


class Preview(Widget):
    """Draws a reading: as a panel where it is high enough, else as three lines. Only lines that change are
    drawn anew.
    """

    LINES = 3

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
        language = cast("TextmeterScreen", self.screen).textmeter.language
        width, height = self.size
        draw = panel if height > self.LINES else lines
        before, self.drawn = self.drawn, draw(self._reading, language, width)[:height]
        for y, (old, new) in enumerate(zip_longest(before, self.drawn, fillvalue=Content(""))):
            if not old.is_same(new):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self.drawn) or not self.drawn[y].plain:  # an empty line is as blank as none at all
            return Strip.blank(width, self.visual_style.rich_style)
        return Visual.to_strips(self, self.drawn[y], width, 1, self.visual_style)[0]


def panel(reading: Reading, language: Language, width: int) -> list[Content]:
    """All there is to say, as lines of at most `width` cells; what matters less comes later."""
    _ = language.gettext
    blank = Content("")
    drawn = [Content.styled(_("This text"), "dim"), *_size_lines(reading, language, width), blank]
    drawn += _cost_lines(reading.estimate, language, width)
    drawn += _after_a_blank(_problem_lines(reading, language, width))
    drawn += _after_a_blank(_encoding_lines(reading, language, width))
    drawn += _after_a_blank(_reader_lines(reading, language, width))
    return drawn


def lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """The three lines: size, cost, and what is wrong or worth knowing."""
    notes = [*_problem_lines(reading, language, _ONE_LINE), *_short_encoding_line(reading, language)]
    if reading.estimate.sendable or not reading.body:
        notes.reverse()
    found = [
        _short_size_line(reading, language, width),
        _short_cost_line(reading.estimate, language),
        *notes[:1],
    ]
    return [line.truncate(width, ellipsis=True) for line in found]


def _short_size_line(reading: Reading, language: Language, width: int) -> Content:
    kind = Content.styled(kind_words(reading, language), "bold")
    left = Content(_short_room_words(reading, language))
    room = width - kind.cell_length - left.cell_length - 4
    drawn = room >= 8 and reading.estimate.kind is MessageKind.SMS
    strip = Content.styled(_strip(reading, min(room, 40)) + "  ", "$primary") if drawn else Content("")
    return Content.assemble(kind, "  ", strip, left)


def _short_cost_line(estimate: Estimate, language: Language) -> Content:
    _ = language.gettext
    terms = []
    for domestic, recipients, each, credits in rates(estimate):
        term = language.number(credits) if each is None else _times(recipients, each, language)
        terms.append(term if domestic else _("{sum} elsewhere").format(sum=term))
    cost = language.ngettext("{count} credit", "{count} credits", estimate.credits)
    after = _("{count} left after").format(count=_left(estimate.available_after, language))
    return Content.assemble(
        f"{' + '.join(terms)} = " if estimate.recipients > 1 else "",
        (cost.format(count=language.number(estimate.credits)), "bold $secondary"),
        " · ",
        (after, "$error" if estimate.available_after < 0 else ""),
    )


def _after_a_blank(found: Sequence[Content]) -> list[Content]:
    return [Content(""), *found] if found else []


# What it is


def kind_words(reading: Reading, language: Language) -> str:
    """ "SMS · Unicode · 2 segments", "MMS · 1 picture"."""
    _ = language.gettext
    estimate = reading.estimate
    if estimate.kind is MessageKind.MMS:
        pictures = language.ngettext("{count} picture", "{count} pictures", reading.pictures)
        return f"MMS · {pictures.format(count=language.number(reading.pictures))}"
    encoding = encoding_words(language, reading.analysis.encoding)
    least, most = estimate.segments_min, estimate.segments_max
    if least == most or not estimate.recipients:
        segments = language.ngettext("{count} segment", "{count} segments", reading.analysis.segments).format(
            count=language.number(reading.analysis.segments)
        )
    else:
        segments = _("{least} to {most} segments").format(
            least=language.number(least), most=language.number(most)
        )
    return f"SMS · {encoding} · {segments}"


def encoding_words(language: Language, encoding: Encoding) -> str:
    """What an encoding is to people: "plain" or "Unicode"."""
    return language.gettext("plain") if encoding == "GSM-7" else language.gettext("Unicode")


def room_words(reading: Reading, language: Language) -> str:
    """How much more fits before it costs more."""
    _ = language.gettext
    if reading.estimate.kind is MessageKind.MMS:
        return _("one unit, however long")
    left = reading.analysis.units_left
    if reading.analysis.segments < 2:
        says = language.ngettext("{count} character left", "{count} characters left", left)
        return says.format(count=language.number(left))
    says = language.ngettext(
        "{count} character left in segment {n}", "{count} characters left in segment {n}", left
    )
    return says.format(count=language.number(left), n=language.number(reading.analysis.segments))


def _short_room_words(reading: Reading, language: Language) -> str:
    """The same where there is little room."""
    analysis = reading.analysis
    if reading.estimate.kind is MessageKind.MMS or analysis.segments < 2:
        return room_words(reading, language)
    return language.gettext("{count} left in segment {n}").format(
        count=language.number(analysis.units_left), n=language.number(analysis.segments)
    )


def _strip(reading: Reading, width: int) -> str:
    analysis = reading.analysis
    used = analysis.capacity - analysis.units_left if analysis.segments else 0
    return segment_strip(analysis.segments, used, analysis.capacity, width)


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
            "{characters} makes a segment hold 70 characters instead of 160.",
            "{characters} make a segment hold 70 characters instead of 160.",
            len(own),
        ).format(characters=_some(own, language))
    else:
        others = costly_characters(reading.text)
        says = _(
            "{characters}, filled in for {reader}, lets a segment hold 70 characters instead of 160."
        ).format(characters=_some(others, language), reader=reading.reader)
    return [
        *_signed("~", says, "$warning", width),
        *(line for line in [_fix_line(reading, language)] if line),
    ]


def _short_encoding_line(reading: Reading, language: Language) -> list[Content]:
    """The same in one line."""
    if not _is_unicode_sms(reading):
        return []
    characters = costly_characters(reading.body) or costly_characters(reading.text)
    says = language.ngettext("{characters} makes it Unicode", "{characters} make it Unicode", len(characters))
    line = _signed("~", says.format(characters=_some(characters, language)), "$warning", _ONE_LINE)[0]
    return [line + _fix_line(reading, language)]


def _is_unicode_sms(reading: Reading) -> bool:
    return reading.estimate.kind is MessageKind.SMS and reading.analysis.encoding == "UCS-2"


def _fix_line(reading: Reading, language: Language) -> Content:
    count = reading.plain_segments
    if not count or not costly(reading.body):
        return Content("")
    fix = language.ngettext("makes it plain: {count} segment", "makes it plain: {count} segments", count)
    return Content.assemble("  ", ("F6", "bold $primary"), f" {fix.format(count=language.number(count))}")


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


# What it costs


def rates(estimate: Estimate) -> list[tuple[bool, int, int | None, int]]:
    """By whether it is US and Canada: recipients, credits for each (None where they differ), credits."""
    found = []
    for domestic in (True, False):
        of_rate = [line for line in estimate.by_rate if line.domestic is domestic]
        recipients = sum(line.recipients for line in of_rate)
        credits = sum(line.credits for line in of_rate)
        if recipients:
            each = {divmod(line.credits, line.recipients) for line in of_rate}
            whole = len(each) == 1 and estimate.segments_min == estimate.segments_max
            found.append((domestic, recipients, credits // recipients if whole else None, credits))
    return found


def _times(recipients: int, each: int, language: Language) -> str:
    return f"{language.number(recipients)} × {language.number(each)}"


def _cost_lines(estimate: Estimate, language: Language, width: int) -> list[Content]:
    _ = language.gettext
    number = language.number
    names = {True: _("US and Canada"), False: _("Elsewhere")}
    column = max(Content(name).cell_length for name in names.values()) + 2
    drawn = [_row(Content.styled(_("What it costs"), "dim"), Content.styled(_("credits"), "dim"), width)]
    for domestic, recipients, each, credits in rates(estimate):
        people = language.ngettext("{count} person", "{count} people", recipients).format(
            count=number(recipients)
        )
        detail = people if each is None else _times(recipients, each, language)
        left = Content(names[domestic]).pad_right(column - Content(names[domestic]).cell_length) + Content(
            detail
        )
        drawn.append(_row(left, Content.styled(number(credits), "$secondary"), width))
    drawn.append(Content.styled("─" * width, "$foreground 25%"))
    drawn.append(
        _row(Content(_("Total")), Content.styled(number(estimate.credits), "bold $secondary"), width)
    )
    drawn.append(_row(Content(_("Left now")), Content(number(estimate.available_before)), width))
    after = Content.styled(
        _left(estimate.available_after, language),
        "bold $error" if estimate.available_after < 0 else "bold",
    )
    drawn.append(_row(Content(_("Left after")), after, width))
    return drawn


def _left(credits: int, language: Language) -> str:
    """What would be left, with a true minus where it is too little."""
    return language.number(credits) if credits >= 0 else language.signed(credits)


def _row(left: Content, right: Content, width: int) -> Content:
    return Content.assemble(left, " " * max(width - left.cell_length - right.cell_length, 1), right)


# What is wrong


def _problem_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """Blocking ones first, each with its sign; warnings after them."""
    drawn: list[Content] = []
    told_elsewhere = {"left-out"}  # beside the recipients
    problems = [problem for problem in reading.estimate.problems if problem.code not in told_elsewhere]
    for problem in sorted(problems, key=lambda problem: not problem.blocking):
        sign, style = _sign(problem)
        drawn += _signed(sign, language.say(problem.says), style, width)
    return drawn


def _sign(problem: Problem) -> tuple[str, str]:
    if problem.code in NEXT_STEPS:
        return "·", "dim"
    return ("✗", "$error") if problem.blocking else ("!", "$warning")


def _signed(sign: str, says: str, style: str, width: int) -> list[Content]:
    """A sentence with a sign before its first line, wrapped."""
    wrapped = literal(says).wrap(max(width - 2, 10))
    return [
        Content.assemble((sign if number == 0 else " ", style), " ", line.stylize(style))
        for number, line in enumerate(wrapped)
    ]


# As one person gets it


def _reader_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    if not reading.reader or reading.text == reading.body:
        return []
    _ = language.gettext
    people = reading.estimate.recipients
    heading = _row(
        literal(_("As {reader} gets it").format(reader=reading.reader)).truncate(width - 14, ellipsis=True),
        Content(
            _("{place} of {people}").format(
                place=language.number(reading.place), people=language.number(people)
            )
        ),
        width,
    ).stylize("dim")
    return [heading, *_wrapped(reading.text, width)]


def _wrapped(text: str, width: int) -> Iterable[Content]:
    for line in text[:2_000].split("\n"):
        yield from literal(line).wrap(width) or [Content("")]
