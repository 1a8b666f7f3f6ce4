"""What an email takes and what is wrong with it, and the email as it arrives, beside or below the text and
never moving it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from store.emails.model import Attached
from tui.compose.beside import Beside, after_a_blank, cut, heading, problem_lines, row, wrapped
from tui.compose.purpose_line import head_lines
from tui.compose.purposes import OF_EMAILS
from tui.emails.presentation import file_words, from_words, leaves, sends
from tui.emails.reading import Reading
from tui.i18n.language import Language
from tui.i18n.sanitize import literal

HIGH = 14
"""Lines from which on a panel has room for all that matters."""
WIDE = 84
BILL = 34
"""Cells from which on the bill stands at the right of all else, and those that it has there."""
LEAST_OF_THE_EMAIL = 5
"""Lines that the email as it arrives always has: a blank one, its heading, its subject and its beginning."""


class Preview(Beside[Reading]):
    """A panel where it is high enough, else a few lines."""

    LEAST = 7

    def lines(self, reading: Reading, width: int, height: int) -> Sequence[Content]:
        if height >= HIGH:
            return panel(reading, self.app.language, width, height)
        return (columns if width >= WIDE else lines)(reading, self.app.language, width, height)


def panel(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """All there is to say, as lines of at most `width` cells."""
    drawn = [*_head(reading, language, width, most=2), Content(""), *bill(reading, language, width)]
    return [*drawn, *_notes_and_email(reading, language, width, height - len(drawn))]


def columns(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """The same for a place that is wider than high: the bill at the right."""
    head = _head(reading, language, width, most=1)
    height -= len(head)
    right = bill(reading, language, BILL)
    room = width - BILL - 3
    left = _notes_and_email(reading, language, room, height, blank=False)
    left += [Content("")] * (max(len(right), len(left)) - len(left))
    right += [Content("")] * (len(left) - len(right))
    return head + [
        Content.assemble(line.truncate(room, ellipsis=True, pad=True), "   ", beside)
        for line, beside in zip(left, right, strict=True)
    ]


def lines(reading: Reading, language: Language, width: int, height: int) -> list[Content]:
    """The few lines: what it takes, what is wrong, and the beginning of the email."""
    found = [*_head(reading, language, width, most=1), short_bill(reading, language)]
    found += when_lines(reading, language, width)
    found += problem_lines(reading.estimate.problems, language, width)
    found += [_file_line(file, language) for file in reading.files]
    found = cut(found, height - 2 if reading.reader else height)
    return [*found, *email_lines(reading, language, width)][:height]


def _notes_and_email(
    reading: Reading, language: Language, width: int, height: int, *, blank: bool = True
) -> list[Content]:
    """What is wrong or worth knowing, and the email as it arrives, which always has a few of the lines."""
    email = email_lines(reading, language, width)
    notes = [_file_line(file, language) for file in reading.files]
    notes += problem_lines(reading.estimate.problems, language, width)
    if blank:
        notes, email = after_a_blank(notes), after_a_blank(email)
    elif notes:
        email = after_a_blank(email)
    notes = cut(notes, height - min(len(email), LEAST_OF_THE_EMAIL))
    return [*notes, *cut(email, height - len(notes))]


def _head(reading: Reading, language: Language, width: int, *, most: int) -> list[Content]:
    """What it is for."""
    return head_lines(reading, language, width, most=most, effects=OF_EMAILS)


# What it takes


def bill(reading: Reading, language: Language, width: int) -> list[Content]:
    """What it takes, and what the month still allows before and after it."""
    _, number, estimate = language.gettext, language.number, reading.estimate
    left = estimate.available_after
    after = Content.styled(_left(left, language), "bold $error" if left < 0 else "bold")
    people = language.ngettext("{count} person", "{count} people", estimate.recipients)
    takes = Content.styled(number(estimate.sends), "bold $secondary")
    return [
        row(Content.styled(_("What it uses"), "$quiet"), Content.styled(_("emails"), "$quiet"), width),
        row(Content(people.format(count=number(estimate.recipients))), takes, width),
        row(Content(_("Left now")), Content(number(estimate.left)), width),
        row(Content(_("Left after")), after, width),
        *when_lines(reading, language, width),
    ]


def when_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """When it leaves, where that isn't at once."""
    says = leaves(reading.way, language, reading.timezone)
    return [line.stylize("$primary") for line in wrapped(says, width)] if says else []


def _left(count: int, language: Language) -> str:
    """What would be left, with a true minus where it is too little."""
    return language.number(count) if count >= 0 else language.signed(count)


def short_bill(reading: Reading, language: Language) -> Content:
    """The same in one line: "213 emails · 4,587 left after"."""
    estimate, left = reading.estimate, reading.estimate.available_after
    says = language.gettext("{count} left after").format(count=_left(left, language))
    return Content.assemble(
        (sends(estimate.sends, language), "bold $secondary"), " · ", (says, "$error" if left < 0 else "")
    )


def _file_line(file: Attached, language: Language) -> Content:
    return literal(f"▣ {file_words(file, language)}").stylize("$primary")


# As it arrives


def email_lines(reading: Reading, language: Language, width: int) -> list[Content]:
    """Headers and text, as the reader gets it."""
    if not reading.reader:
        return []
    people = reading.estimate.recipients
    drawn = [heading(reading.reader, reading.place, people, language, width)]
    if sender := from_words(reading.identity, language):
        drawn.append(literal(sender).truncate(width, ellipsis=True).stylize("$quiet"))
    subject = literal(reading.subject or language.gettext("no subject yet"))
    drawn.append(subject.truncate(width, ellipsis=True).stylize("bold" if reading.subject else "$quiet"))
    if reading.text.strip():
        drawn += [Content(""), *wrapped(reading.text, width)]
    if reading.identity.below:
        drawn += [Content(""), *(line.stylize("$quiet") for line in wrapped(reading.identity.below, width))]
    return drawn
