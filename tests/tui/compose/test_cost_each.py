"""What a text costs for each who gets it, in the list of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from store.credits.catalog_files import Catalog
from store.messages.audience import Audience
from store.messages.estimate import Funds, estimate
from store.messages.first_contact import first_line
from store.messages.media import Attachments
from store.messages.model import Draft, Recipient
from tests.tui.emails.writing import make_mail_store
from tests.tui.harness import make_app, make_store, press, settled, words
from tui.compose.draft_view import Costs

PRODUCTS = Catalog.load().products
FUNDS = Funds(1_000_000, 0, used=0, held=0)
PEOPLE = (
    Recipient("+14155550101", "US", "Zoe"),
    Recipient("+14155550102", "US", "Zażółć", first=True),
    Recipient("+447911123456", "GB", "Ann" * 30),
    Recipient("+33612345678", "FR"),
)
LINE = first_line(None, "en", ("Ada Lane",))
GREETING = Draft(body="Hello {first_name}", to=("+14155550101", "+447911123456"))


@pytest.mark.parametrize("product", ["agent-texts", "community-texts"])
@pytest.mark.parametrize("pictures", [0, 1])
@pytest.mark.parametrize(
    "body", ["Hi", "Hi {first_name}, open house", "a" * 158, "é{first_name}☀" * 40, "b" * 3_500]
)
def test_what_each_costs_comes_to_what_all_cost(body: str, pictures: int, product: str) -> None:
    audience = Audience(PEOPLE, first_line=LINE)
    cost = Costs(body, audience, PRODUCTS[product], mms=pictures > 0).of
    whole = estimate(body, audience, PRODUCTS[product], FUNDS, Attachments(pictures))
    assert sum(map(cost, PEOPLE)) == whole.credits


def credits_column(shown: str) -> list[str]:
    """From its heading on downwards, all that ends where it does."""
    lines = shown.splitlines()
    at = next(number for number, line in enumerate(lines) if line.endswith("Credits"))
    edge = len(lines[at])
    return [
        line[edge - 8 : edge].strip() for line in lines[at:] if len(line) == edge and line[edge - 9] == " "
    ]


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_each_line_ends_with_what_it_costs(size: tuple[int, int], tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=GREETING)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert credits_column(words(app)) == ["Credits", "1", "2"]


async def test_it_follows_the_text(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=replace(GREETING, body="☀" * 70))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "a", "f4")
        assert credits_column(words(app)) == ["Credits", "2", "4"]


async def test_a_phone_has_room_for_names_and_numbers_only(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=GREETING)
    async with app.run_test(size=(41, 30)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert "(415) 555-0101" in words(app)
        assert "Credits" not in words(app)


async def test_of_emails_each_is_one(tmp_path: Path) -> None:
    draft = Draft(subject="News", body="Hi", groups=("Buyers",))
    app = make_app(make_mail_store(tmp_path), first="compose", draft=draft)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert "Address" in words(app)
        assert "Credits" not in words(app)
