"""Templates in words."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from store.messages.media import Attachments
from store.messages.model import Template
from store.texts.alphabet import normalise
from tui.compose.beside import signed
from tui.compose.draft_view import read
from tui.compose.preview import kind_words
from tui.compose.templates import about_words, blank_lines
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.templates.queries import Means
from tui.widgets.wrapping import wrap

ABOUT_THE_TEXT = frozenset(
    ("link-shortener", "several-links", "capitals", "unseen-characters", "too-long", "several-messages")
)
"""Problems that a text has whoever gets it."""


def origin_words(language: Language, template: Template) -> str:
    """Where it comes from: "Came with Textmeter", "Sam"."""
    return language.gettext("Included with Textmeter") if template.shipped else template.person


def whole(language: Language, template: Template, means: Means, width: int) -> Iterator[Content]:
    """Name, purpose, language, text and cost, in lines of at most `width` cells."""
    yield from wrap(literal(template.name).stylize("bold"), width)
    about = [about_words(template, language), origin_words(language, template)]
    yield literal(" · ".join(filter(None, about))).truncate(width, ellipsis=True).stylize("$quiet")
    yield Content("")
    yield from wrap(literal(template.subject).stylize("bold"), width)
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
        "{count} credit per person ({country})", "{count} credits per person ({country})", credits
    )
    country = language.territory(means.audience.recipients[0].region)
    says = says.format(count=language.number(credits), country=country)
    yield from wrap(Content.styled(says, "$secondary"), width)
    yield from blank_lines(normalise(text), means.audience.fields, language, width)
    for problem in reading.estimate.problems:
        if problem.code in ABOUT_THE_TEXT:
            yield from signed("!", language.say(problem.says), "$warning", width)
