"""Products are files; a mistake in one names file, key and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.credits.catalog import SHIPPED, Catalog, CatalogMistake, Plan
from store.errors import WrongUsage

SHIPPED_TEXT = (SHIPPED / "agent-texts.toml").read_text(encoding="utf-8")


def test_the_product_that_comes_along() -> None:
    product = Catalog.load().product("agent-texts")
    assert product.plans == (Plan("300", 300, 1000), Plan("1000", 1000, 3000), Plan("3000", 3000, 7500))
    assert product.thresholds == (80, 85, 90, 95)
    assert (product.renewal_day, product.expire_after_months) == (1, 12)
    assert (product.charged_on, product.inbound_charged) == ("accepted", True)


@pytest.mark.parametrize(
    ("region", "sms", "mms"), [("US", 1, 3), ("CA", 1, 3), ("PR", 2, 3), ("JM", 2, 3), ("GB", 2, 3)]
)
def test_domestic_is_the_region_not_the_calling_code(region: str, sms: int, mms: int) -> None:
    product = Catalog.load().product("agent-texts")
    assert (product.rate(region), product.rate(region, mms=True)) == (sms, mms)
    assert product.is_domestic(region) == (sms == 1)


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
        catalog.product("agent-texts").plan("400")


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
    "neither true nor false": ("inbound_charged = true", "inbound_charged = 1", "inbound_charged"),
    "empty": ('name = "Agent texts"', 'name = ""', "name"),
}  # fmt: skip


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
        (b'id = "a"\nname = \n', 2, "isn't TOML"),
        (b"\xff\xfe\x00", 0, "can't be read"),
        (b'rates = 1\nid = "a"\nname = "A"\nbilling = ["monthly"]\n', 1, "takes a table"),
        (b"", 0, "rates: this key is missing"),
        (b'[rates]\ndomestic_regions = ["US"]\ndomestic = 1\nelsewhere = 1\nmms = 1\n', 0, "plans"),
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
