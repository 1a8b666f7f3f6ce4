"""What the steps of an order show, drawn as lines: the quote, the card, the terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from store.credits.catalog import Product
from store.credits.model import Quote
from store.payments import Card
from store.sentences import Key, Money, Sentence, sentence
from tui.billing.presentation import change_words, price_words
from tui.billing.terms import terms
from tui.i18n.cells import left, right
from tui.i18n.language import Language
from tui.i18n.sanitize import literal, plain
from tui.widgets.key_cap import key_cap
from tui.widgets.wrapping import MOST_TEXT, wrap

ADDRESS = Key("order.address", "at")
NO_CARD = sentence("No card on file yet. Press {key} to add one.", key=Key("order.edit", "e"))

FIGURES = 3
"""The sentences of a quote that have a figure beside them: today's charge, credits now, the next renewal."""
CARD_WIDTH = 34


def quote_lines(
    language: Language, quote: Quote, width: int, variables: Mapping[str, str], *, notes: bool = True
) -> Iterator[Content]:
    """Three figures with a sentence each, then, where notes are wanted, what else there is to know. width:
    cells; variables: of the look."""
    figures = [
        language.money(Money(quote.charge_cents)),
        language.signed(quote.credits_now),
        language.money(Money(quote.next_renewal.charge_cents)),
    ]
    column = max(Content(figure).cell_length for figure in figures)
    room = min(width - column - 3, MOST_TEXT)
    for figure, says in zip(figures, quote.explanation, strict=False):
        for index, line in enumerate(wrap(literal(language.say(says)), room)):
            shown = "" if index else figure
            yield Content.assemble((right(shown, column), f"bold {variables['secondary']}"), "   ", line)
    if not notes or len(quote.explanation) == FIGURES:
        return
    yield Content("")
    for says in quote.explanation[FIGURES:]:
        for line in wrap(literal(language.say(says)).stylize(variables["quiet"]), room):
            yield Content(" " * (column + 3)) + line


def card_lines(card: Card, variables: Mapping[str, str]) -> Iterator[Content]:
    """A card as it lies on a table: brand, the last four digits, until when it is good."""
    inside = CARD_WIDTH - 6
    number = "••••  ••••  ••••  " + plain(card.last4)
    brand = plain(card.brand)
    year, _, month = plain(card.expires).partition("-")
    expires = f"{month}/{year[-2:]}" if month else ""  # as it stands on cards everywhere
    edge = variables["primary"]
    yield Content.styled(f"╭{'─' * (CARD_WIDTH - 2)}╮", edge)
    rows = [
        Content.styled(brand, "bold").pad_right(max(inside - Content(brand).cell_length, 0)),
        Content(" " * inside),
        Content(number.ljust(inside)),
        Content.styled(expires.rjust(inside), variables["quiet"]),
    ]
    for row in rows:
        yield Content.assemble(("│  ", edge), row, ("  │", edge))
    yield Content.styled(f"╰{'─' * (CARD_WIDTH - 2)}╯", edge)


def plan_page(
    language: Language,
    product: Product,
    quote: Quote,
    news: Sequence[Sentence],
    width: int,
    variables: Mapping[str, str],
) -> Iterator[Content]:
    """What would be ordered. news: what has become otherwise since it was shown."""
    for says in news:
        yield from wrap(literal(f"! {language.say(says)}").stylize(variables["warning"]), width)
    if news:
        yield Content("")
    yield from _heading(language.say(change_words(product, quote)), width)
    yield from quote_lines(language, quote, width, variables)


def card_page(
    language: Language,
    quote: Quote,
    card: Card | None,
    address: str,
    width: int,
    variables: Mapping[str, str],
    *,
    for_tests: bool,
) -> Iterator[Content]:
    """The card that would be charged, and the billing address. for_tests: whether no money moves."""
    _ = language.gettext
    yield from _heading(_("Pay with the card on file"), width)
    if card is None:
        yield from wrap(Content(language.say(NO_CARD)), width)
        return
    yield from card_lines(card, variables)
    yield Content("")
    charge = sentence(
        "You pay {charge} when you place the order, not before.", charge=Money(quote.charge_cents)
    )
    yield from wrap(Content(language.say(charge)), width)
    if for_tests:
        says = Content.styled(_("This is a test card: no real money is charged."), variables["quiet"])
        yield from wrap(says, width)
    yield Content("")
    yield from wrap(literal(language.say(address_words(address))), width)


def address_words(address: str) -> Sentence:
    """The billing address, or how to give one."""
    if address:
        return sentence(
            "Billing address: {address}  ·  {key} changes it", address=plain(address), key=ADDRESS
        )
    return sentence("No billing address on the receipt. Press {key} to add one.", key=ADDRESS)


def terms_page(language: Language, product: Product, quote: Quote, width: int) -> Iterator[Content]:
    """The terms: each part below its heading."""
    for index, (heading, sentences) in enumerate(terms(product, quote)):
        if index:
            yield Content("")
        yield Content.styled(language.gettext(heading), "bold")
        says = " ".join(language.say(sentence) for sentence in sentences)
        yield from wrap(Content(says), min(width, MOST_TEXT))


def order_page(
    language: Language,
    product: Product,
    quote: Quote,
    card: Card | None,
    width: int,
    variables: Mapping[str, str],
    *,
    agreed: bool,
) -> Iterator[Content]:
    """All that was decided, once more. card: that is to be charged; agreed: whether there were terms."""
    quiet = variables["quiet"]
    yield from _heading(language.say(change_words(product, quote)), width)
    yield from quote_lines(language, quote, width, variables, notes=False)
    yield Content("")
    yield from _totals(language, product, quote)
    yield Content("")
    if card is not None:
        yield literal(language.say(sentence("✓ Paying with {card}", card=str(card)))).stylize(quiet)
    if agreed:
        yield Content.styled(language.gettext("✓ Terms accepted"), quiet)


def _totals(language: Language, product: Product, quote: Quote) -> Iterator[Content]:
    """What is paid today, and what again and again: a year's price where a year is billed."""
    plan = product.plan(quote.to_plan)
    cents = 0 if plan.trial_days else product.price(plan, quote.billing)
    if not cents:
        then = sentence("nothing")
    elif quote.next_renewal.charge_cents:
        day, price = quote.next_renewal.on, price_words(cents, quote.billing)
        then = sentence("{price}, next on {day}", price=price, day=day)
    else:
        then = price_words(cents, quote.billing)
    today = language.money(Money(quote.charge_cents))
    rows = {language.gettext("Total today"): today, language.gettext("Recurring total"): language.say(then)}
    width = max(Content(label).cell_length for label in rows) + 3
    for label, value in rows.items():
        yield Content.styled(left(label, width), "bold") + literal(value)


def _heading(text: str, width: int) -> Iterator[Content]:
    yield from wrap(literal(text).stylize("bold"), width)
    yield Content("")


def next_line(key: str, what: str, quiet: str, variables: Mapping[str, str]) -> Content:
    """The key that goes on, and where to; quiet: what is said beside it, "" for nothing."""
    beside = f"  ·  {quiet}" if quiet else ""
    return Content.assemble(key_cap(key, variables), ("  " + what, "bold"), (beside, variables["quiet"]))


def steps_line(names: Sequence[str], at: int, variables: Mapping[str, str], *, short: bool) -> Content:
    """The steps of an order in a row: those done, the present one, those to come. short: only the present one
    by its name."""
    parts = []
    for index, name in enumerate(names):
        sign = "✓" if index < at else "●" if index == at else "○"
        style = f"bold {variables['primary']}" if index == at else variables["quiet"]
        shown = sign if short and index != at else f"{sign} {name}"
        parts.append(Content.styled(shown, style))
    return Content.styled(" ─ " if short else "  ───  ", variables["rule"]).join(parts)
