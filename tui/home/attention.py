"""What asks for something on Home: nothing is left, the date is in doubt, an order isn't paid, a limit was
reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.sentences import Key, sentence, sentences
from tui.base.navigation import BuyCredits, CheckDate, Go, OpenOrder
from tui.widgets.link_list import Row

if TYPE_CHECKING:
    from textual.message import Message

    from tui.base.session_app import SessionApp
    from tui.home.queries import Overview

NARROW = 60
"""Cells below which a line has room for what it says, and for little beside it."""


def attention(
    app: SessionApp,
    overview: Overview,
    post: Callable[[Message], object],
    key: Callable[[str], str],
    width: int,
) -> list[Row]:
    """A line for each, what matters most first. key: how the key of an action is written, by its id; width:
    cells of a line."""
    from store.credits.notices import UNPAID_CAUSE
    from tui.notices.presentation import reached_words

    language = app.language
    _, say = language.gettext, language.say
    rows = [] if overview.balance.available else _ways_to_more(app, post, key)
    if not app.current:
        old = Content.styled(_("Can't reach the database. These are the last known numbers."), "$warning")
        rows.append(Row("!", old, run=app.look))
    if overview.waiting:
        waits = Content(_("Nothing renews until you confirm the date"))
        rows.append(Row("!", waits, Content(_("Enter: check it")), lambda: post(CheckDate())))
    rows += _owed(app, overview, post)
    if any(one.code for one in overview.scheduled):
        from tui.scheduled.presentation import asking

        asks = Content.styled(say(asking(overview.scheduled)), "$warning")
        rows.append(Row("!", asks, run=lambda: post(Go("scheduled"))))
    # That a renewal isn't paid is said above, as long as it isn't.
    if notices := [notice for notice in overview.notices if notice.cause != UNPAID_CAUSE]:
        newest, *others = notices
        end = language.date_and_time(newest.at, overview.timezone) if width >= NARROW else ""
        if others and end:
            more = sentences("{count} more unread", "{count} more unread", len(others))
            end = f"{say(more)}  ·  {end}"
        says = Content(say(reached_words(language, newest)))
        rows.append(Row("!", says, Content(end), lambda: post(Go("notices"))))
    return rows


def _ways_to_more(app: SessionApp, post: Callable[[Message], object], key: Callable[[str], str]) -> list[Row]:
    """How one comes to credits again; nothing for who may not order any."""
    if app.owners_only() is not None:
        return []
    _ = app.language.gettext
    plans = Content(_("Choose a larger plan"))
    rows = [Row("", plans, run=lambda: post(Go("plans")), key=key("go.plans"))]
    if app.sells_credits:
        buys = Content(_("Buy credits"))
        rows.insert(0, Row("", buys, run=lambda: post(BuyCredits()), key=key("home.buy")))
    return rows


def _owed(app: SessionApp, overview: Overview, post: Callable[[Message], object]) -> list[Row]:
    """Orders that aren't paid; the last of them is the present renewal's, where that isn't."""
    from store.credits.model import OrderState
    from tui.home.presentation import not_paid, renewal_not_paid

    language, account, rows = app.language, overview.balance.account, []
    for order in overview.owing:
        if account.owed and order is overview.owing[-1]:
            says = renewal_not_paid(language, overview.product, account, overview.today)
        elif order.state is OrderState.UNPAID:
            says = not_paid(order)
        else:
            continue
        pays = Content(language.say(sentence("{key}: pay it", key=Key("home.pay", "dollar_sign"))))
        rows.append(Row("!", Content(language.say(says)), pays, partial(_open_order, post, order.number)))
    return rows


def _open_order(post: Callable[[Message], object], number: int) -> None:
    post(OpenOrder(number))
