"""The screens by their names, each imported when it is first wanted. Nothing else knows them all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.credits.model import Entry
    from store.messages.model import Template
    from store.people.model import Contact
    from store.sentences import Sentence

MODES = {
    "home": "tui.home.screen:HomeScreen",
    "compose": "tui.compose.screen:ComposeScreen",
    "email": "tui.emails.screen:EmailScreen",
    "campaigns": "tui.emails.campaigns:CampaignsScreen",
    "history": "tui.history.screen:HistoryScreen",
    "inbox": "tui.inbox.screen:InboxScreen",
    "scheduled": "tui.scheduled.screen:ScheduledScreen",
    "contacts": "tui.contacts.screen:ContactsScreen",
    "plans": "tui.billing.plans:PlansScreen",
    "smartplans": "tui.smartplans.screen:SmartPlansScreen",
    "usage": "tui.usage.screen:UsageScreen",
    "notices": "tui.notices.screen:NoticesScreen",
    "consent": "tui.consent.screen:ConsentScreen",
    "templates": "tui.templates.screen:TemplatesScreen",
    "settings": "tui.settings.screen:SettingsScreen",
    "diagnostics": "tui.diagnostics.screen:DiagnosticsScreen",
}
"""The screens that one can go to by their names."""

WRITING = {"texts": "compose", "emails": "email"}
"""Where one writes what an account sends."""

OF_EMAILS = ("email", "campaigns", "smartplans")
"""Those that mean something only to an account that sends emails."""

OF_NO_ACCOUNT = ("contacts", "settings", "diagnostics")
"""Those that show the same whatever account is looked at."""


def make(mode: str) -> TextmeterScreen:
    """A new screen of that name."""
    module, _, name = MODES[mode].partition(":")
    return cast("TextmeterScreen", getattr(import_module(module), name)())


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


def campaign(campaign_id: int) -> Screen[None]:
    """An email that was sent to one or more people."""
    from tui.emails.campaign import CampaignScreen

    return CampaignScreen(campaign_id)


def clock() -> Screen[None]:
    """The demo clock."""
    from tui.demo.clock_screen import ClockScreen

    return ClockScreen()


def contact(contact: Contact) -> Screen[None]:
    """All that is known of a person."""
    from tui.contacts.contact import ContactScreen

    return ContactScreen(contact)


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


def keys() -> Screen[None]:
    """All actions with their keys."""
    from tui.keys.screen import KeysScreen

    return KeysScreen()


def orders() -> Screen[None]:
    """All orders of the account."""
    from tui.billing.orders import OrdersScreen

    return OrdersScreen()


def rates() -> Screen[None]:
    """Credits by country."""
    from tui.billing.rates import RatesScreen

    return RatesScreen()


def senders() -> Screen[None]:
    """The senders."""
    from tui.settings.senders import SendersScreen

    return SendersScreen()


def template(template: Template) -> Screen[None]:
    """The form of a template that is to be saved."""
    from tui.templates.form import TemplateScreen

    return TemplateScreen(template, "")


def choose_template(account_id: int | None, take: Callable[[Template], None]) -> Screen[None]:
    """The templates, of which one is chosen for what is written elsewhere."""
    from tui.templates.choosing import ChooseScreen

    return ChooseScreen(account_id, take)


def tour(number: int) -> Screen[None]:
    """The panel of a step of the tour."""
    from tui.demo.tour import TourScreen

    return TourScreen(number)


def welcome() -> Screen[None]:
    """The form of the first account."""
    from tui.accounts.welcome import WelcomeScreen

    return WelcomeScreen()
