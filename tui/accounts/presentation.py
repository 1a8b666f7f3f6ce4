"""Which account one looks at, of those that a database has, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import WrongUsage

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account
    from tui.i18n.language import Language


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


def plan_line(language: Language, product: Product, plan_id: str) -> str:
    """A product and its plan as short as a line has it: "Agent texts · 300 a month"."""
    from store.credits.catalog import NOTHING

    _, plan = language.gettext, product.plan(plan_id)
    if plan is NOTHING:
        return _("{product} · no plan").format(product=_(product.name))
    if plan.trial_days:
        return _("{product} · trial").format(product=_(product.name))
    return _("{product} · {credits} a month").format(
        product=_(product.name), credits=language.number(plan.credits)
    )
