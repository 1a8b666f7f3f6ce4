"""What a text costs, in lines: by US and Canada or elsewhere, or by country, as the product's rates are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

from store.messages.model import Estimate, RateLine
from store.sentences import Key
from tui.compose.beside import row
from tui.i18n.language import Language
from tui.i18n.sanitize import literal

_MOST_IN_A_LINE = 8
COUNTRIES_KEY = Key("compose.countries", "shift+f4")
"""Shows every country, where there is room for some of them only."""


class Share(NamedTuple):
    """What goes to some people: one country's, or those of one rate.

    domestic: see `RateLine`. detail: people and credits in figures ("12 × 3"), "" where they can't be told
    so.
    """

    name: str
    domestic: bool | None
    recipients: int
    detail: str
    credits: int


def cost_shares(estimate: Estimate, language: Language) -> list[Share]:
    """By whether it is US and Canada, or, where each country has its rate, by country, the dearest first."""
    _ = language.gettext
    if by_country(estimate):
        shares = [
            Share(
                language.territory(line.region),
                None,
                line.recipients,
                _people_times_rate(estimate, line, language),
                line.credits,
            )
            for line in estimate.by_rate
        ]
        return sorted(shares, key=lambda share: (-share.credits, share.name))
    names = {True: _("US and Canada"), False: _("Elsewhere")}
    found = []
    for domestic, name in names.items():
        of_rate = [line for line in estimate.by_rate if line.domestic is domestic]
        recipients = sum(line.recipients for line in of_rate)
        credits = sum(line.credits for line in of_rate)
        if recipients:
            each = {divmod(line.credits, line.recipients) for line in of_rate}
            whole = len(each) == 1 and estimate.segments_min == estimate.segments_max
            detail = _times(recipients, credits // recipients, language=language) if whole else ""
            found.append(Share(name, domestic, recipients, detail, credits))
    return found


def by_country(estimate: Estimate) -> bool:
    """Whether each country has a rate of its own."""
    return any(line.domestic is None for line in estimate.by_rate)


def _people_times_rate(estimate: Estimate, line: RateLine, language: Language) -> str:
    """People, credits a segment and segments: "12 × 3", of several segments "12 × 3 × 2"."""
    least, most = estimate.segments_min, estimate.segments_max
    if most < 2:
        return _times(line.recipients, line.credits_per_segment, language=language)
    segments = language.number(most) if least == most else f"{language.number(least)}–{language.number(most)}"
    return f"{_times(line.recipients, line.credits_per_segment, language=language)} × {segments}"


def gathered(shares: Sequence[Share], most: int, language: Language) -> list[Share]:
    """The first of many, so many lines in all: the last one sums up those that there is no room for."""
    if len(shares) <= most:
        return list(shares)
    rest = shares[most - 1 :]
    count = len(rest)
    name = language.ngettext("{count} more country", "{count} more countries", count)
    if most == 1:
        name = language.ngettext("{count} country", "{count} countries", count)
    recipients, credits = sum(share.recipients for share in rest), sum(share.credits for share in rest)
    says = name.format(count=language.number(count))
    return [*shares[: most - 1], Share(says, None, recipients, "", credits)]


def bought_credits(estimate: Estimate) -> int:
    """How many of the credits are bought ones, where allotted ones go too, else 0."""
    return estimate.from_purchased if estimate.from_allotted and estimate.available_after >= 0 else 0


def _people(count: int, language: Language) -> str:
    return language.ngettext("{count} person", "{count} people", count).format(count=language.number(count))


def _times(*factors: int, language: Language) -> str:
    return " × ".join(map(language.number, factors))


def cost_lines(estimate: Estimate, language: Language, width: int, most: int) -> list[Content]:
    """The bill: at most so many lines of shares, the total, and what is left before and after it."""
    _ = language.gettext
    number = language.number
    shares = gathered(every := cost_shares(estimate, language), most, language)
    drawn = [row(Content.styled(_("What it costs"), "$quiet"), Content.styled(_("credits"), "$quiet"), width)]
    details = [share.detail or _people(share.recipients, language) for share in shares]
    if len(every) > len(shares):  # the last one stands for several
        shares[-1] = shares[-1]._replace(name=f"+ {shares[-1].name}")
        details[-1] = language.key_shown(COUNTRIES_KEY)
    detail_width = max((Content(detail).cell_length for detail in details), default=0)
    credits_width = max((len(number(share.credits)) for share in shares), default=0)
    name_width = max(width - detail_width - max(credits_width, 6) - 4, 8)
    longest = max((Content(share.name).cell_length for share in shares), default=0)
    column = min(max(longest, 13), name_width) + 2
    for share, detail in zip(shares, details, strict=True):
        name = literal(share.name).truncate(column - 2, ellipsis=True, pad=True)
        left = Content.assemble(name, "  ", detail)
        drawn.append(row(left, Content.styled(number(share.credits), "$secondary"), width))
    drawn.append(Content.styled("─" * width, "$rule"))
    drawn.append(row(Content(_("Total")), Content.styled(number(estimate.credits), "bold $secondary"), width))
    if bought := bought_credits(estimate):
        drawn.append(row(Content(_("From purchased")), Content(number(bought)), width))
    drawn.append(row(Content(_("Left now")), Content(number(estimate.available_before)), width))
    after = Content.styled(
        _left(estimate.available_after, language),
        "bold $error" if estimate.available_after < 0 else "bold",
    )
    drawn.append(row(Content(_("Left after")), after, width))
    return drawn


def _left(credits: int, language: Language) -> str:
    """What would be left, with a true minus where it is too little."""
    return language.number(credits) if credits >= 0 else language.signed(credits)


def short_cost_lines(estimate: Estimate, language: Language, width: int) -> list[Content]:
    """What it comes to; where each country has its rate, what goes to which stands above it."""
    _ = language.gettext
    shares = cost_shares(estimate, language)
    cost = language.ngettext("{count} credit", "{count} credits", estimate.credits)
    total = Content.styled(cost.format(count=language.number(estimate.credits)), "bold $secondary")
    if bought := bought_credits(estimate):
        says = language.ngettext("{count} purchased", "{count} purchased", bought)
        total += Content(f", {says.format(count=language.number(bought))}")
    after = _("{count} left after").format(count=_left(estimate.available_after, language))
    total = Content.assemble(total, " · ", (after, "$error" if estimate.available_after < 0 else ""))
    if estimate.recipients < 2:
        return [total]
    if by_country(estimate):
        return [_share_line(shares, language, width), total]
    terms = []
    for share in shares:
        term = share.detail or language.number(share.credits)
        terms.append(term if share.domestic else _("{sum} elsewhere").format(sum=term))
    return [Content(f"{' + '.join(terms)} = ") + total]


def _share_line(shares: Sequence[Share], language: Language, width: int) -> Content:
    """As many countries as one line has room for, the dearest first, and the others as one."""
    line = Content("")
    for most in range(min(len(shares), _MOST_IN_A_LINE), 0, -1):
        line = Content(" + ").join(
            Content.assemble(
                f"{share.name} ",
                *((share.detail, " = ") if share.detail else ()),
                (language.number(share.credits), "$secondary"),
            )
            for share in gathered(shares, most, language)
        )
        if line.cell_length <= width:
            break
    return line
