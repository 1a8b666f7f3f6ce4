"""The screens by their names, each imported when it is first wanted. Nothing else knows them all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.screen import Screen

    from store.credits.model import Entry
    from store.sentences import Sentence

MODES = {
    "home": "tui.home.screen:HomeScreen",
    "compose": "tui.compose.screen:ComposeScreen",
    "history": "tui.history.screen:HistoryScreen",
    "contacts": "tui.contacts.screen:ContactsScreen",
    "plans": "tui.billing.plans:PlansScreen",
    "usage": "tui.usage.screen:UsageScreen",
    "notices": "tui.notices.screen:NoticesScreen",
    "consent": "tui.consent.screen:ConsentScreen",
}
"""The screens that one can go to by their names."""

OF_NO_ACCOUNT = ("contacts",)
"""Those that show the same whatever account is looked at."""


def make(mode: str) -> Screen[None]:
    """A new screen of that name."""
    module, _, name = MODES[mode].partition(":")
    return cast("Screen[None]", getattr(import_module(module), name)())


def accounts() -> Screen[None]:
    """The list of accounts."""
    from tui.accounts.screen import AccountsScreen

    return AccountsScreen()


def blast(blast_id: int) -> Screen[None]:
    """A text that was sent."""
    from tui.blasts.screen import BlastScreen

    return BlastScreen(blast_id)


def buy(credits: int, why: Sentence | None) -> Screen[None]:
    """The buying of credits: the number to begin with, and what for."""
    from tui.billing.buy import BuyScreen

    return BuyScreen(credits, why)


def clock() -> Screen[None]:
    """The demo clock."""
    from tui.demo.clock_screen import ClockScreen

    return ClockScreen()


def date_check() -> Screen[None]:
    """Whether the computer's date is right."""
    from tui.home.date_check import DateScreen

    return DateScreen()


def entry(entry: Entry) -> Screen[None]:
    """A line of the history."""
    from tui.history.entry import EntryScreen

    return EntryScreen(entry)


def order(number: int, *, placed: bool = False) -> Screen[None]:
    """An order; placed: whether it was placed just now."""
    from tui.billing.order import OrderScreen

    return OrderScreen(number, placed=placed)


def rates() -> Screen[None]:
    """Credits by country."""
    from tui.billing.rates import RatesScreen

    return RatesScreen()


def tour(number: int) -> Screen[None]:
    """The panel of a step of the tour."""
    from tui.demo.tour import TourScreen

    return TourScreen(number)


def welcome() -> Screen[None]:
    """The form of the first account."""
    from tui.accounts.welcome import WelcomeScreen

    return WelcomeScreen()
