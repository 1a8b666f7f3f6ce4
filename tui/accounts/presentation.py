"""Which account one looks at, of those that a database has, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import WrongUsage

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account


def first_account(store: Store, account_id: int | None) -> tuple[Account | None, bool]:
    """The account to begin with, and whether it was chosen: of several of which none is the default, it is
    the first one. account_id: the one that was named, if any. Raises WrongUsage where that isn't there."""
    accounts = store.credits.accounts()
    if not accounts:
        return None, True
    try:
        return store.credits.account(account_id), True
    except WrongUsage as error:
        if error.code != "which-account":
            raise
        return accounts[0], False
