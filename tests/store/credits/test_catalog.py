"""Products are files; a mistake in one names file, key and line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.credits.catalog import NO_PLAN, NOTHING, Plan, Purchases
from store.credits.catalog_files import SHIPPED, Catalog, CatalogMistake
from store.errors import RefusedByRule, WrongUsage

SHIPPED_TEXT = (SHIPPED / "agent-texts.toml").read_text(encoding="utf-8")
COMMUNITY_TEXT = (SHIPPED / "community-texts.toml").read_text(encoding="utf-8")
RATE_CARD = (SHIPPED / "country-rates.csv").read_text(encoding="utf-8")


def test_the_product_that_comes_along() -> None:
    product = Catalog.load().product("agent-texts")
    assert product.plans == (Plan("300", 300, 1000), Plan("1000", 1000, 3000), Plan("3000", 3000, 7500))
    assert product.thresholds == (80, 85, 90, 95)
    assert (product.renewal_day, product.expire_after_months) == (1, 12)
    assert (product.charged_on, product.inbound_charged) == ("accepted", True)
    assert product.mms_regions == frozenset({"US", "CA"})


@pytest.mark.parametrize(
    ("region", "sms", "mms"), [("US", 1, 3), ("CA", 1, 3), ("PR", 2, 3), ("JM", 2, 3), ("GB", 2, 3)]
)
def test_domestic_is_the_region_not_the_calling_code(region: str, sms: int, mms: int) -> None:
    product = Catalog.load().product("agent-texts")
    assert (product.rate(region), product.rate(region, mms=True)) == (sms, mms)
    assert product.is_domestic(region) == (sms == 1)


def test_emails_are_a_number_a_month_the_smallest_free() -> None:
    product = Catalog.load().product("agent-email")
    assert [(plan.id, plan.credits, plan.price_cents) for plan in product.plans] == [
        ("free", 5_000, 0),
        ("10000", 10_000, 900),
        ("25000", 25_000, 2_000),
        ("50000", 50_000, 3_500),
    ]
    assert (product.sends, product.lapse, product.changes.cancel_to) == ("emails", True, "free")
    assert product.rate("ZZ") == 1
    with pytest.raises(RefusedByRule, match="no MMS"):
        product.rate("US", mms=True)


def test_a_community_has_two_credits_an_account_and_pays_ten_months_a_year() -> None:
    product = Catalog.load().product("community-texts")
    assert [(plan.accounts, plan.price_cents) for plan in product.plans] == [
        (50, 1_000),
        (100, 1_500),
        (200, 2_000),
        (400, 3_000),
        (800, 5_000),
    ]
    assert all(plan.credits == 2 * plan.accounts and plan.id == str(plan.accounts) for plan in product.plans)
    assert product.price(product.plan("200"), "monthly") == 2_000
    assert product.price(product.plan("200"), "yearly") == 20_000
    assert product.plan("trial") == product.trial == Plan("trial", 10, 0, trial_days=30)
    assert product.purchases == Purchases(cents=2, least=100, most_allotments=5)
    assert (product.most_allotments, product.renewal_day, product.inbound_charged) == (3, None, False)


@pytest.mark.parametrize(
    ("region", "credits"),
    [("US", 1), ("GB", 2), ("GG", 2), ("JM", 4), ("DE", 5), ("BD", 13), ("ZZ", 5), ("001", 5)],
    ids=["on the card", "another", "Guernsey as GB", "+1 or not", "Germany", "dear", "unknown", "nowhere"],
)
def test_a_country_takes_its_rate_or_that_of_its_calling_codes_main_region(region: str, credits: int) -> None:
    product = Catalog.load().product("community-texts")
    assert (product.rate(region), product.rate(region, mms=True)) == (credits, 3 * credits)
    assert not product.is_domestic(region)


def test_no_plan_gives_nothing_and_costs_nothing() -> None:
    for product in Catalog.load().products.values():
        assert product.plan(NO_PLAN) is NOTHING
        assert (NOTHING.credits, product.price(NOTHING, "monthly")) == (0, 0)


def test_plans_come_from_the_smallest_to_the_largest_whatever_the_file_says(tmp_path: Path) -> None:
    head, *plans = SHIPPED_TEXT.split("[[plans]]")
    (tmp_path / "agent-texts.toml").write_text("[[plans]]".join([head, *reversed(plans)]))
    assert [plan.id for plan in Catalog.load(tmp_path).product("agent-texts").plans] == [
        "300",
        "1000",
        "3000",
    ]


def test_a_users_rate_card_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "country-rates.csv").write_text("credits,region\n7,US\n")
    product = Catalog.load(tmp_path).product("community-texts")
    assert [product.rate(region) for region in ("US", "CA", "GB")] == [7, 7, 5]


def test_a_users_file_replaces_the_one_of_its_name_and_adds_others(tmp_path: Path) -> None:
    changed = SHIPPED_TEXT.replace("price_cents = 1000", "price_cents = 1200")
    (tmp_path / "agent-texts.toml").write_text(changed)
    (tmp_path / "team.toml").write_text(SHIPPED_TEXT.replace('"agent-texts"', '"team"'))
    catalog = Catalog.load(tmp_path)
    assert catalog.product("agent-texts").plan("300").price_cents == 1200
    assert catalog.product("team").plan("300").price_cents == 1000


def test_an_unknown_product_or_plan_is_answered_with_those_there_are() -> None:
    catalog = Catalog.load()
    with pytest.raises(WrongUsage, match="agent-texts"):
        catalog.product("agent-telegrams")
    with pytest.raises(WrongUsage, match="300, 1000, 3000"):
        catalog.product("agent-texts").plan_asked_for("400")


def test_an_account_whose_plan_left_the_catalog_is_told_how_it_comes_back() -> None:
    with pytest.raises(
        WrongUsage, match="Restore the product's file, or remove your catalog folder"
    ) as caught:
        Catalog.load().product("agent-texts").plan("400")
    assert caught.value.code == "no-such-plan"


MISTAKES = {
    "no number": ('[80, 85, 90, 95]', '[80, "85"]', "thresholds"),
    "not ascending": ("[80, 85, 90, 95]", "[85, 80]", "thresholds"),
    "more than all": ("[80, 85, 90, 95]", "[80, 101]", "thresholds"),
    "no list": ("[80, 85, 90, 95]", "80", "thresholds"),
    "no month has it": ("renewal_day = 1 ", "renewal_day = 32", "renewal_day"),
    "true is no number": ("renewal_day = 1 ", "renewal_day = true", "renewal_day"),
    "a fraction": ("domestic = 1", "domestic = 1.5", "rates.domestic"),
    "below zero": ("elsewhere = 2", "elsewhere = -2", "rates.elsewhere"),
    "in the second plan": ("price_cents = 3000", 'price_cents = "3000"', "plans.price_cents"),
    "twice the same plan": ('id = "1000"', 'id = "300"', "plans.id"),
    "an unknown key": ("mms = 3", "mmms = 3", "rates.mmms"),
    "an unknown choice": ('"accepted"', '"someday"', "charged_on"),
    "regions without a list": ('mms_regions = ["US", "CA"]', 'mms_regions = "US"', "mms_regions"),
    "neither true nor false": ("inbound_charged = true", "inbound_charged = 1", "inbound_charged"),
    "empty": ('name = "Agent texts"', 'name = ""', "name"),
    "an unknown way to upgrade": ('"prorated"', '"free"', "changes.upgrade"),
    "an unknown time": ('downgrade = "now"', 'downgrade = "later"', "changes.downgrade"),
    "what is sent": ('sends = "texts"', 'sends = "letters"', "sends"),
    "a word of ours": ('id = "300"', 'id = "none"', "plans.id"),
    "an unknown end": ('"end"', '"burn"', "changes.cancelled_credits"),
    "no month": ("expire_after_months = 12 ", "expire_after_months = 0 ", "unused.expire_after_months"),
}  # fmt: skip

COMMUNITY_MISTAKES = {
    "no free year": ("yearly_months = 10 ", "yearly_months = 13 ", "yearly_months"),
    "a trial without days": ("days = 30", "days = 0", "trial.days"),
    "a trial of a plan's name": ('id = "trial"', 'id = "200"', "trial.id"),
    "free credits": ("cents = 2 ", "cents = 0 ", "purchases.cents"),
    "another trial rule": ("days = 30", "weeks = 4", "trial.weeks"),
    "a card that isn't there": ('card = "country-rates.csv"', 'card = "rates.csv"', "rates.card"),
    "days of two kinds": ("yearly_months = 10 ", "renewal_day = 1\nyearly_months = 10 ", "renewal_day"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "key"), COMMUNITY_MISTAKES.values(), ids=COMMUNITY_MISTAKES.keys()
)
def test_a_mistake_in_what_only_communities_have_is_named_too(
    tmp_path: Path, right: str, wrong: str, key: str
) -> None:
    assert COMMUNITY_TEXT.count(right) == 1
    text = COMMUNITY_TEXT.replace(right, wrong)
    (tmp_path / "community-texts.toml").write_text(text)
    with pytest.raises(CatalogMistake) as caught:
        Catalog.load(tmp_path)
    name = wrong.split()[0]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(name)]
    assert caught.value.details["key"] == key
    assert caught.value.details["line"] in lines


CARD_MISTAKES = {
    "a missing column": ("region,usd_per_sms,credits", "region,usd_per_sms,price", "credits", 1),
    "no country": ("AE,0.1139,6", "Emirates,0.1139,6", "region", 3),
    "no number": ("AE,0.1139,6", "AE,0.1139,six", "credits", 3),
    "a fraction": ("AE,0.1139,6", "AE,0.1139,5.5", "credits", 3),
    "an empty cell": ("AE,0.1139,6", "AE,0.1139,", "credits", 3),
    "the same again": ("AE,0.1139,6", "AD,0.1139,6", "region", 3),
}


@pytest.mark.parametrize(("right", "wrong", "key", "line"), CARD_MISTAKES.values(), ids=CARD_MISTAKES.keys())
def test_a_mistake_in_a_rate_card_is_named_with_its_line(
    tmp_path: Path, right: str, wrong: str, key: str, line: int
) -> None:
    assert RATE_CARD.count(right) == 1
    card = tmp_path / "country-rates.csv"
    card.write_text(RATE_CARD.replace(right, wrong))
    with pytest.raises(CatalogMistake) as caught:
        Catalog.load(tmp_path)
    assert caught.value.details == {"file": str(card), "key": key, "line": line}


@pytest.mark.parametrize(("right", "wrong", "key"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_file_key_and_line(tmp_path: Path, right: str, wrong: str, key: str) -> None:
    assert SHIPPED_TEXT.count(right) == 1
    text = SHIPPED_TEXT.replace(right, wrong)
    file = tmp_path / "agent-texts.toml"
    file.write_text(text)
    with pytest.raises(CatalogMistake) as caught:
        Catalog.load(tmp_path)
    line = max(number for number, content in enumerate(text.splitlines(), 1) if wrong in content)
    assert caught.value.details == {"file": str(file), "key": key, "line": line}
    assert str(file) in str(caught.value)
    assert f"line {line}" in str(caught.value)


def test_a_key_that_nobody_reads_is_named(tmp_path: Path) -> None:
    (tmp_path / "agent-texts.toml").write_text(f"colour = 1\n{SHIPPED_TEXT}")
    with pytest.raises(CatalogMistake) as caught:
        Catalog.load(tmp_path)
    assert (caught.value.details["key"], caught.value.details["line"]) == ("colour", 1)


@pytest.mark.parametrize(("months", "taken"), [(1, True), (12, True), (13, False)])
def test_a_year_costs_twelve_months_at_most(tmp_path: Path, months: int, taken: bool) -> None:
    assert COMMUNITY_TEXT.count("yearly_months = 10") == 1
    file = tmp_path / "community-texts.toml"
    file.write_text(COMMUNITY_TEXT.replace("yearly_months = 10", f"yearly_months = {months}"))
    if taken:
        assert Catalog.load(tmp_path).product("community-texts").yearly_months == months
        return
    with pytest.raises(CatalogMistake) as caught:
        Catalog.load(tmp_path)
    assert caught.value.details["key"] == "yearly_months"


def test_a_missing_key_is_named_with_its_table(tmp_path: Path) -> None:
    (tmp_path / "agent-texts.toml").write_text(SHIPPED_TEXT.replace("mms = 3\n", ""))
    with pytest.raises(CatalogMistake, match=r"rates\.mms: this key is missing") as caught:
        Catalog.load(tmp_path)
    headers = [
        number for number, line in enumerate(SHIPPED_TEXT.splitlines(), 1) if line.startswith("[rates]")
    ]
    assert [caught.value.details["line"]] == headers


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b'id = "a"\nname = \n', 2, "isn't valid TOML"),
        (b"\xff\xfe\x00", 0, "can't be read"),
        (b'sends = "texts"\nbilling = ["monthly"]\nunused = 1\n', 3, "unused: must be a table"),
        (b"", 0, "sends: this key is missing"),
        (b'sends = "texts"\nbilling = ["monthly"]\nthresholds = []\n[unused]\n', 0, "plans"),
    ],
)
def test_a_file_that_is_no_catalog_is_refused(tmp_path: Path, content: bytes, line: int, why: str) -> None:
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(CatalogMistake, match=why) as caught:
        Catalog.load(tmp_path)
    assert caught.value.details["line"] == line


def test_two_files_may_not_hold_the_same_product(tmp_path: Path) -> None:
    (tmp_path / "copy.toml").write_text(SHIPPED_TEXT)
    with pytest.raises(CatalogMistake, match="same id"):
        Catalog.load(tmp_path)


def test_a_folder_that_isnt_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogMistake, match="nowhere"):
        Catalog.load(tmp_path / "nowhere")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = 1\nb = " + "9" * 5_000, "line 2.*too many digits"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("a = " + "{a=" * 5_000 + "1" + "}" * 5_000, "nested too deeply|isn't valid TOML"),
        ("# " + "x" * 1_000_000, "more than 1000000 bytes"),
        (
            SHIPPED_TEXT.replace("expire_after_months = 12", "expire_after_months = 1000000000"),
            "from 1 to 1200",
        ),
    ],
    ids=["digits", "lists", "tables", "size", "months"],
)
def test_a_file_that_was_made_to_hurt_is_told_of(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "agent-texts.toml").write_text(text)
    with pytest.raises(CatalogMistake, match=says) as caught:
        Catalog.load(tmp_path)
    assert "line 0" not in str(caught.value)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["mine.toml", "country-rates.csv", "link-shorteners.csv"])
def test_nothing_waits_for_a_pipe_among_the_files(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(CatalogMistake, match="Not a regular file"):
        Catalog.load(tmp_path)


def test_a_folder_may_add_link_shorteners(tmp_path: Path) -> None:
    assert Catalog.load(tmp_path).shorteners == frozenset()
    text = "\ufeffsource,domain\nours,Go.Elm-Realty.com\n\n,q.cc\n"
    (tmp_path / "link-shorteners.csv").write_text(text, encoding="utf-8")
    catalog = Catalog.load(tmp_path)
    assert catalog.shorteners == {"go.elm-realty.com", "q.cc"}
    assert catalog.products == Catalog.load().products
    (tmp_path / "link-shorteners.csv").write_text("domain\nz.cc\n", encoding="utf-8")
    catalog.read_again(tmp_path)
    assert catalog.shorteners == {"z.cc"}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("domains\nq.cc\n", 1, "this column is missing"),
        ("", 1, "this column is missing"),
        ("domain\nq.cc\nhttps://z.cc/\n", 3, "a domain, such as bit.ly"),
        ("domain\nq.cc\nlocalhost\n", 3, "a domain, such as bit.ly"),
        ("domain,source\nq.cc,a\n,b\n", 3, "a domain, such as bit.ly"),
        ("domain\nq..cc\n", 2, "a domain, such as bit.ly"),
        ("domain\n-q.cc\n", 2, "a domain, such as bit.ly"),
    ],
)
def test_a_list_of_shorteners_that_cant_be_used_is_refused(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    (tmp_path / "link-shorteners.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogMistake, match=f"link-shorteners.csv, line {line}, domain: .*{why}") as caught:
        Catalog.load(tmp_path)
    assert caught.value.details["line"] == line
