"""What a text costs, by rate or by country, in as many lines as there is room for."""

from __future__ import annotations

from store.credits.catalog_files import Catalog
from store.messages.audience import Audience
from store.messages.estimate import Funds, estimate
from store.messages.model import Estimate, Recipient
from tui.compose.cost import bought_credits, cost_lines, cost_shares, gathered, short_cost_lines
from tui.i18n.language import Language

ENGLISH = Language("en")
PRODUCTS = Catalog.load().products
PEOPLE = {"US": 12, "FR": 2, "DE": 1, "BD": 1, "JM": 3}
RATES = {"US": 1, "FR": 3, "DE": 5, "BD": 13}


def cost(
    product: str, body: str = "Hi", *, regions: dict[str, int] = PEOPLE, allotted: int = 1_000
) -> Estimate:
    people = [
        Recipient(f"+{region}{number}", region)
        for region, count in regions.items()
        for number in range(count)
    ]
    return estimate(body, Audience(tuple(people)), PRODUCTS[product], Funds(allotted, 100, used=0, held=0))


def said(found: Estimate, width: int, most: int = 9) -> list[str]:
    return [" ".join(line.plain.split()) for line in cost_lines(found, ENGLISH, width, most)]


def test_two_rates_are_called_us_and_canada_and_elsewhere() -> None:
    assert said(cost("agent-texts"), 41)[1:3] == ["US and Canada 12 × 1 12", "Elsewhere 7 × 2 14"]
    assert [line.plain for line in short_cost_lines(cost("agent-texts"), ENGLISH, 80)] == [
        "12 × 1 + 7 × 2 elsewhere = 26 credits · 1,074 left after"
    ]


def test_where_each_country_has_its_rate_the_dearest_comes_first() -> None:
    few = {region: PEOPLE[region] for region in RATES}
    shares = cost_shares(cost("community-texts", "a" * 161, regions=few), ENGLISH)
    assert [(share.name, share.detail, share.credits) for share in shares] == [
        ("Bangladesh", "1 × 13 × 2", 26),
        ("United States", "12 × 1 × 2", 24),
        ("France", "2 × 3 × 2", 12),
        ("Germany", "1 × 5 × 2", 10),
    ]


def test_the_countries_without_a_line_are_gathered_in_the_last_one() -> None:
    few = {region: PEOPLE[region] for region in RATES}
    shares = cost_shares(cost("community-texts", regions=few), ENGLISH)
    assert len(gathered(shares, 4, ENGLISH)) == 4
    *first, rest = gathered(shares, 2, ENGLISH)
    assert [share.name for share in first] == ["Bangladesh"]
    assert (rest.name, rest.recipients, rest.credits) == ("3 more countries", 15, 23)
    (all_of_them,) = gathered(shares, 1, ENGLISH)
    assert (all_of_them.name, all_of_them.credits) == ("4 countries", 36)


def test_every_line_fits_and_the_shares_add_up() -> None:
    found = cost("community-texts", "a" * 161)
    for width in range(30, 100):
        for line in [*cost_lines(found, ENGLISH, width, 3), *short_cost_lines(found, ENGLISH, width)]:
            assert line.cell_length <= width, line.plain
    shares = cost_shares(found, ENGLISH)
    for most in range(1, 6):
        assert sum(share.credits for share in gathered(shares, most, ENGLISH)) == found.credits


def test_bought_credits_are_named_where_the_plans_are_used_too() -> None:
    assert bought_credits(cost("community-texts", allotted=20, regions={"US": 50})) == 30
    assert "From purchased 30" in said(cost("community-texts", allotted=20, regions={"US": 50}), 41)
    assert bought_credits(cost("community-texts", allotted=0, regions={"US": 50})) == 0  # all are
    assert bought_credits(cost("community-texts", allotted=50, regions={"US": 50})) == 0  # none is
    assert bought_credits(cost("community-texts", allotted=20, regions={"US": 150})) == 0  # too few anyway
