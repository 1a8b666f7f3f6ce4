"""All that is on record of one number, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from store.people.model import Said
from tui.consent.presentation import SIGNS, STATES, how_words, state_words
from tui.i18n.language import Language
from tui.i18n.sanitize import literal


def drawn(language: Language, said: Said, records: Sequence[Said], timezone: str) -> Content:
    """Who it is and what holds, then everything that was ever said, the latest first."""
    return Content("\n").join(_lines(language, said, records, timezone))


def _lines(language: Language, said: Said, records: Sequence[Said], timezone: str) -> Iterator[Content]:
    number = language.phone(said.number)
    yield literal(said.name or number).stylize("bold")
    if said.name:
        yield literal(number)
    yield Content(language.say(state_words(said)))
    if records:
        yield Content("")
        yield Content.styled(language.gettext("On record"), "$quiet")
    for one in records:
        when = language.date_and_time(one.at, timezone) if one.at is not None else ""
        state = language.gettext(STATES[one.state])
        yield literal(f"{SIGNS[one.state]} {when}  {state}")
        if why := "  ·  ".join(filter(None, (language.say(how_words(one)), one.why))):
            yield literal(f"  {why}").stylize("$quiet")
