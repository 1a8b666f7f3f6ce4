"""The billing address: kept with the account, and on each order as it was by then."""

from __future__ import annotations

import pytest

from store.errors import WrongUsage
from tests.store.credits.books import Books

ADDRESS = "Zoë O'Hara, 1 Elm St, Springfield, IL 62701, US"


def on_orders(books: Books) -> list[str]:
    return [order.billing_address for order in books.ledger.orders(books.account)][::-1]


def test_orders_have_the_address_of_their_day_renewals_too(books: Books) -> None:
    books.at("2026-04-16").join()
    books.ledger.set_billing_address(books.account, ADDRESS)
    books.at("2026-05-02").order("1000")
    books.ledger.set_billing_address(books.account, "")
    books.at("2026-06-02")
    assert on_orders(books) == ["", ADDRESS, ADDRESS, ""]


def test_an_account_is_opened_with_an_address(books: Books) -> None:
    opened = books.at("2026-04-16").ledger.open_account(
        "agent-texts", "300", books.zone, billing_address=ADDRESS
    )
    assert books.ledger.account(opened.id).billing_address == ADDRESS
    assert books.ledger.order(opened.id, 1).billing_address == ADDRESS


def test_an_address_is_one_line_that_can_be_printed(books: Books) -> None:
    books.at("2026-04-16").join()
    books.ledger.set_billing_address(books.account, "  1 Elm St\n\x1b[31mSpringfield\u202e ")
    assert books.ledger.account(books.account).billing_address == "1 Elm St [31mSpringfield"


def test_an_address_without_end_is_refused(books: Books) -> None:
    books.at("2026-04-16").join()
    with pytest.raises(WrongUsage) as refused:
        books.ledger.set_billing_address(books.account, "x" * 201)
    assert refused.value.code == "address-too-long"
