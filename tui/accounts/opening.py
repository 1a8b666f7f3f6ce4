"""What a session begins with: the account that one looks at, of those that a database has, and what was
chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import config
from store.errors import WrongUsage

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, Balance, CatchUp


class Opening(NamedTuple):
    """account: None where there is none yet; is_chosen: whether somebody chose it, where there are several.
    theme, language: "" or None where nobody chose one."""

    account: Account | None
    is_chosen: bool
    caught_up: CatchUp | None
    balance: Balance | None
    theme: str | None
    language: str | None


def opening(store: Store, account_id: int | None) -> Opening:
    """Brings the account to begin with up to now. account_id: the one that was named, if any. Raises
    WrongUsage where that isn't there. Called in a thread."""
    theme = store.settings.read("theme") or _theme_configured()
    language = store.settings.read("language")
    account, is_chosen = _first_account(store, account_id)
    caught_up = store.credits.catch_up(account.id) if account else None
    balance = store.credits.balance(account.id) if account else None
    return Opening(account, is_chosen, caught_up, balance, theme, language)


def _theme_configured() -> str:
    """The theme that is configured; "" where a mistake in the file hides it, which Settings tells."""
    try:
        return config.text("theme")
    except config.ConfigMistake:
        return ""


def _first_account(store: Store, account_id: int | None) -> tuple[Account | None, bool]:
    """The account to begin with, and whether it was chosen: of several of which none is the default, it is
    the first one."""
    accounts = store.credits.accounts()
    if not accounts:
        return None, True
    try:
        return store.credits.account(account_id), True
    except WrongUsage as error:
        if error.code != "which-account":
            raise
        return accounts[0], False
