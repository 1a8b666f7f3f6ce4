"""What a text or an email is for, always in sight beside what it costs."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from store.messages.model import Purpose
from store.sentences import Key, Sentence, sentence
from tui.blasts.presentation import PURPOSES
from tui.compose.actions import Counted
from tui.compose.beside import row
from tui.compose.purposes import EFFECTS, left_out_words
from tui.i18n.language import Language

KEY = Key("compose.purpose", "ctrl+g")
"""Changes it."""


def styled(purpose: Purpose, language: Language) -> Content:
    """Its name; an emergency stands out."""
    style = "bold $error" if purpose is Purpose.EMERGENCY else "bold"
    return Content.styled(language.gettext(PURPOSES[purpose]), style)


def head_lines(
    reading: Counted,
    language: Language,
    width: int,
    *,
    most: int,
    effects: Mapping[Purpose, Sentence] = EFFECTS,
) -> list[Content]:
    """What it is for, and whether that was chosen; how many are left out; where there is room for a second
    line, what it means. effects: by purpose."""
    estimate = reading.estimate
    left = Content.assemble(
        styled(estimate.purpose, language),
        " · ",
        (language.say(whence_words(reading)), "$quiet"),
        "  ",
        (language.key_shown(KEY), "bold $primary"),
    )
    if not reading.purpose_chosen and not (estimate.recipients or estimate.left_out):
        says = language.gettext("What it's for depends on who gets it")
        left = Content.assemble((says, "$quiet"), "  ", (language.key_shown(KEY), "bold $primary"))
    right = Content(", ".join(map(language.say, left_out_words(estimate.left_out))))
    fits = left.cell_length + right.cell_length + 3 <= width
    lines = [row(left, right, width) if fits and right else left]
    if right and not fits and most > 1:
        lines.append(right)
    elif most > 1 and estimate.recipients + len(estimate.left_out):
        lines.append(Content.styled(language.say(effects[estimate.purpose]), "$quiet"))
    return [line.truncate(width, ellipsis=True) for line in lines]


def whence_words(reading: Counted) -> Sentence:
    """Whether a person chose it, or from what it follows."""
    if reading.purpose_chosen:
        return sentence("your choice")
    if reading.estimate.purpose is not Purpose.CONVERSATION:
        return sentence("to several people")
    if reading.estimate.recipients > 1:
        return sentence("they wrote recently")
    return sentence("to one person")
