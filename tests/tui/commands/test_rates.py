"""`textmeter rates`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.messages.providers import Setup, load
from store.messages.senders import Senders
from tests.store.messages.providers import loopback
from tests.store.messages.providers.twilio_standin import ACCOUNT, OURS, TOKEN, TwilioStandin
from tests.tui.commands.conftest import Textmeter
from tui.commands import context


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
    assert done.err == "There is no country XX. Use a two-letter code, such as US.\n"


@pytest.fixture
def community(textmeter: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Textmeter:
    """The command line on a community's account, with a catalog folder still to be made."""
    monkeypatch.setenv("TEXTMETER_CONFIG", str(tmp_path / "config.toml"))
    opened = textmeter(
        *("account", "open", "--product", "community-texts", "--plan", "200", "--timezone", "UTC", "--yes")
    )
    assert opened.code == 0
    return textmeter


@pytest.fixture
def twilio(community: Textmeter, monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioStandin]:
    """Carries its texts; its prices of three countries."""
    twilio = TwilioStandin()
    twilio.sells("US", "0.0083")
    twilio.sells("GB", "0.0901", "0.0463")
    twilio.sells("DE", "0.0210")
    made = community("sender", "set", "office", "provider=twilio", f"number={OURS}", f"account_sid={ACCOUNT}")
    assert made.code == 0
    with loopback.running(twilio):
        given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "base_url": twilio.url}
        provider = load("twilio", Setup(OURS, given))
        monkeypatch.setattr(Senders, "provider", lambda senders, id: provider)
        yield twilio


def test_rates_are_refreshed_from_the_providers_prices(
    community: Textmeter, twilio: TwilioStandin, tmp_path: Path
) -> None:
    listed = {one["region"]: one["credits"] for one in community("rates", "list", "--json").json}
    done = community("rates", "refresh", "--yes", "--json")
    assert done.code == 0
    assert {tuple(one) for one in done.json} == {("region", "name", "credits", "before")}
    assert {one["region"]: one["before"] for one in done.json} == listed
    changed = {one["region"]: one["credits"] for one in done.json if one["credits"] != one["before"]}
    assert changed == {"DE": 2, "GB": 5, "GG": 5, "IM": 5, "JE": 5}
    # Whoever comes next has them.
    again = {one["region"]: one["credits"] for one in community("rates", "list", "--json").json}
    assert again == listed | changed
    assert (tmp_path / "catalog" / "country-rates.csv").is_file()


def test_the_difference_is_shown_first_and_nobody_to_ask_changes_nothing(
    community: Textmeter, twilio: TwilioStandin, tmp_path: Path
) -> None:
    done = community("rates", "refresh")
    assert done.code == 2
    assert done.err == (
        "This needs your confirmation, but there is no terminal to ask on. Nothing was changed. "
        "Add --yes to confirm.\n"
    )
    heads, germany, *_, summary, left = done.out.splitlines()
    assert heads.split() == ["Country", "Now", "Then"]
    assert germany.split() == ["DE", "Germany", "5", "2"]
    assert summary == (
        "With the prices at pricing.twilio.com: 4 countries go up, 1 goes down, 0 are new, 240 stay the same."
    )
    assert left == "192 countries in your rates have no price there and keep their rates."
    assert not (tmp_path / "catalog").exists()
    assert community("rates", "refresh", "--json").json["error"]["code"] == "not-confirmed"


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 1), (b"", 1)])
def test_on_a_terminal_it_is_asked(
    community: Textmeter,
    twilio: TwilioStandin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes,
    code: int,
) -> None:
    monkeypatch.setattr(context, "can_ask", lambda: True)
    done = community("rates", "refresh", stdin=answer)
    assert (done.code, done.err.startswith("Use these rates? [y/N] ")) == (code, True)
    card = tmp_path / "catalog" / "country-rates.csv"
    assert card.exists() == (code == 0)
    assert (f"They are saved in {card}." in done.out) == (code == 0)


def test_what_was_there_is_said_to_be_kept(
    community: Textmeter, twilio: TwilioStandin, tmp_path: Path
) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "country-rates.csv").write_text("region,credits\nGB,9\n")
    done = community("rates", "refresh", "--yes")
    assert done.out.splitlines()[-1] == (
        f"The old ones are kept in {tmp_path / 'catalog' / 'country-rates.csv.1.bak'}."
    )
    done = community("rates", "refresh", "--yes")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Nothing to change.")


def test_without_a_price_list_it_is_refused(community: Textmeter, demo: Textmeter) -> None:
    done = community("--account", "1", "rates", "refresh", "--yes", "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "no-price-list")
    done = demo("--account", "2", "rates", "refresh", "--yes", "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "no-rate-card")
