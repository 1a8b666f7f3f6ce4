"""Templates in words."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from store.messages.media import Attachments
from store.messages.model import Purpose, Template
from store.sentences import N_
from store.texts import merge
from store.texts.alphabet import normalise
from tui.compose.draft_view import read
from tui.compose.preview import kind_words
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.templates.queries import Means
from tui.widgets.wrapping import wrap

PURPOSES = {
    Purpose.CONVERSATION: N_("Conversation"),
    Purpose.NOTICE: N_("Notice"),
    Purpose.MARKETING: N_("Marketing"),
    Purpose.EMERGENCY: N_("Emergency"),
}

ABOUT_THE_TEXT = frozenset(
    ("link-shortener", "several-links", "capitals", "unseen-characters", "too-long", "several-messages")
)
"""Problems that a text has whoever gets it."""


def origin_words(language: Language, template: Template) -> str:
    """Where it comes from: "Came with Textmeter", "Sam"."""
    return language.gettext("Came with Textmeter") if template.shipped else template.person


def whole(language: Language, template: Template, means: Means, width: int) -> Iterator[Content]:
    """Name, purpose, text and cost, in lines of at most `width` cells."""
    yield from wrap(literal(template.name).stylize("bold"), width)
    about = [language.gettext(PURPOSES[template.purpose]), origin_words(language, template)]
    yield literal(" · ".join(filter(None, about))).truncate(width, ellipsis=True).stylize("$quiet")
    yield Content("")
    for line in normalise(template.text).split("\n"):
        yield from wrap(literal(line), width) or [Content("")]
    yield Content("")
    yield from cost(language, template.text, means, width)


def cost(language: Language, text: str, means: Means, width: int) -> Iterator[Content]:
    """What a text costs for one person at home, what is to be filled in, and what filters may hold against
    it."""
    _ = language.gettext
    if means.product.sends != "texts" or not text.strip():
        return
    reading = read(normalise(text), means.audience, 0, means.product, means.funds, Attachments())
    yield from wrap(Content(kind_words(reading, language)), width)
    credits = reading.estimate.credits
    says = language.ngettext(
        "{count} credit for one person ({country})", "{count} credits for one person ({country})", credits
    )
    country = language.territory(means.audience.recipients[0].region)
    says = says.format(count=language.number(credits), country=country)
    yield from wrap(Content.styled(says, "$secondary"), width)
    if blanks := dict.fromkeys(f"{{{field.name}}}" for field in _blanks(text, means)):
        says = language.ngettext(
            "{fields} is a blank: fill it in before you send it.",
            "{fields} are blanks: fill them in before you send it.",
            len(blanks),
        )
        yield from _signed("~", says.format(fields=language.listing(list(blanks))), width)
    for problem in reading.estimate.problems:
        if problem.code in ABOUT_THE_TEXT:
            yield from _signed("!", language.say(problem.says), width)


def _blanks(text: str, means: Means) -> tuple[merge.Field, ...]:
    return merge.parse(normalise(text), means.audience.fields).unknown


def _signed(sign: str, says: str, width: int) -> Iterator[Content]:
    """A sentence with a sign before its first line."""
    for number, line in enumerate(wrap(literal(says), max(width - 2, 10))):
        yield Content.assemble((sign if number == 0 else " ", "$warning"), " ", line.stylize("$warning"))
