"""What the palette finds of plans and orders. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from tui.base.finds import ORDERS, PLANS, Asked, Find, posts
from tui.base.navigation import GoTo, OpenOrder
from tui.billing.presentation import plan_words, price_words
from tui.billing.receipts import order_words, state_words

MOST_ORDERS = 30


def plans(store: Store, asked: Asked) -> Iterator[Find]:
    """Those of the account's product; each puts the cursor on itself."""
    language, account = asked.language, asked.account
    product, yours = store.credits.product(account), language.gettext("your plan")
    for plan in product.plans:
        price = language.say(price_words(product.price(plan, account.billing), account.billing))
        about = f"{yours} · {price}" if plan.id == account.plan else price
        label = language.say(plan_words(product, plan))
        shows = posts(partial(GoTo, "plans", plan.id))
        yield Find(f"plan.{plan.id}", PLANS, label, shows, about, also=language.gettext("plan"))


def orders(store: Store, asked: Asked) -> Iterator[Find]:
    """The latest; each opens its receipt."""
    language, account = asked.language, asked.account
    product = store.credits.product(account)
    for order in store.credits.orders(account.id, limit=MOST_ORDERS):
        label = language.gettext("Order {number}: {what}").format(
            number=order.number, what=language.say(order_words(product, order))
        )
        about = f"{language.day(order.on)} · {language.say(state_words(order))}"
        opens = posts(partial(OpenOrder, order.number))
        yield Find(f"order.{order.number}", ORDERS, label, opens, about, also=language.gettext("receipt"))
