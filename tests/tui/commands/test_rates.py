"""`textmeter rates`."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter


@pytest.mark.parametrize(
    ("country", "name", "credits"),
    [("US", "United States", 1), ("CA", "Canada", 1), ("JM", "Jamaica", 2), ("gb", "United Kingdom", 2)],
)
def test_an_agents_text_costs_one_to_us_and_canada_and_two_elsewhere(
    demo: Textmeter, country: str, name: str, credits: int
) -> None:
    answer = demo("rates", "list", "--country", country, "--json").json
    assert answer == [{"region": country.upper(), "name": name, "credits": credits}]


def test_a_country_that_the_card_lacks_costs_what_its_calling_code_does(textmeter: Textmeter) -> None:
    plan = ["--product", "community-texts", "--plan", "200", "--timezone", "UTC"]
    textmeter("account", "open", *plan)
    rates = {rate["region"]: rate["credits"] for rate in textmeter("rates", "list", "--json").json}
    assert len(rates) == 245
    assert (rates["AE"], rates["AX"], rates["GG"]) == (6, rates["FI"], rates["GB"])


def test_people_read_a_line_a_country(demo: Textmeter) -> None:
    headings, first, *_ = demo("rates", "list").out.splitlines()
    assert headings.split() == ["Country", "Code", "Credits"]
    assert first.split() == ["AF", "Afghanistan", "+93", "2"]


def test_what_is_no_country_is_refused(demo: Textmeter) -> None:
    done = demo("rates", "list", "--country", "XX")
    assert (done.code, done.out) == (2, "")
    assert done.err == "There is no country XX. Give its two letters, such as US.\n"
