"""The screens by their names, each imported when it is first wanted, and the way from one to another. Nothing
else knows them all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from textual import on
from textual.screen import Screen

from tui.base import navigation
from tui.base.screen import TextmeterScreen
from tui.base.session_app import SessionApp
from tui.demo import mode as demo

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


class WayAround(SessionApp):
    """The app as far as it leads from screen to screen: it answers the messages of `tui.base.navigation`."""

    def go(self, mode: str) -> None:
        """Switches to a screen; what was typed on the present one stays there. Its own key leads back to it
        from what was opened above it.
        """
        if self.account is None:
            return
        if mode in WRITING.values():
            mode = WRITING[self.product.sends]
        if mode != self.current_mode:
            for screen in self.screen_stack[1:]:
                if isinstance(screen, TextmeterScreen):
                    screen.go_elsewhere()
            self.switch_mode(mode)
            return
        while len(self.screen_stack) > 1 and isinstance(self.screen, TextmeterScreen):
            self.screen.leave()

    def _push(self, screen: Screen[None]) -> None:
        """Opens a screen above the present one, unless that is of its kind: a key may be pressed twice."""
        if type(self.screen) is not type(screen):
            self.push_screen(screen)

    @on(navigation.Go)
    def _go(self, message: navigation.Go) -> None:
        self.go(message.mode)

    @on(navigation.GoTo)
    def _go_to(self, message: navigation.GoTo) -> None:
        self.go(message.mode)
        if self.current_mode == message.mode:
            self.screen_stack[0].post_message(navigation.Show(message.what))

    @on(navigation.DoThere)
    def _do_there(self, message: navigation.DoThere) -> None:
        self.go(message.mode)
        if self.current_mode == message.mode:
            self.screen_stack[0].post_message(navigation.Do(message.action_id))

    @on(navigation.WriteText)
    def write(self, message: navigation.WriteText) -> None:
        """Compose comes to the front, and takes the text up."""
        self.go("compose")
        if self.current_mode in WRITING.values():
            self.screen_stack[0].post_message(navigation.WriteText(message.draft))

    @on(navigation.GoOnWriting)
    def _go_on_writing(self) -> None:
        self.go("compose")
        if self.current_mode in WRITING.values():
            self.screen_stack[0].post_message(navigation.GoOnWriting())

    @on(navigation.BuyCredits)
    def _buy(self, message: navigation.BuyCredits) -> None:
        self._push(buy(message.credits, message.why))

    @on(navigation.CheckDate)
    def check_date(self) -> None:
        """Asks whether the computer's date is right."""
        self._push(date_check())

    @on(navigation.ChoosePlan)
    def _choose_plan(self, message: navigation.ChoosePlan) -> None:
        self.go("plans")
        if self.current_mode == "plans":
            self.screen_stack[0].post_message(navigation.ChoosePlan(message.lacking, message.why))

    @on(navigation.OpenBlast)
    def _open_blast(self, message: navigation.OpenBlast) -> None:
        self._push(blast(message.blast_id))

    @on(navigation.OpenCampaign)
    def _open_campaign(self, message: navigation.OpenCampaign) -> None:
        self._push(campaign(message.campaign_id))

    @on(navigation.OpenInbox)
    def _open_inbox(self, message: navigation.OpenInbox) -> None:
        self.go("inbox")
        if self.current_mode == "inbox":
            self.screen_stack[0].post_message(
                navigation.OpenInbox(blast_id=message.blast_id, phone=message.phone)
            )

    @on(navigation.SaveTemplate)
    def _save_template(self, message: navigation.SaveTemplate) -> None:
        self._push(template(message.template))

    @on(navigation.ChooseTemplate)
    def _choose_template(self, message: navigation.ChooseTemplate) -> None:
        self._push(choose_template(message.account_id, message.take))

    @on(navigation.OpenContact)
    def _open_contact(self, message: navigation.OpenContact) -> None:
        self._push(contact(message.contact))

    @on(navigation.OpenOrder)
    def _open_order(self, message: navigation.OpenOrder) -> None:
        self._push(order(message.number))

    @on(navigation.OpenEntry)
    def _open_entry(self, message: navigation.OpenEntry) -> None:
        self._push(entry(message.entry))

    @on(navigation.OpenRates)
    def open_rates(self) -> None:
        """Shows what a text costs in each country."""
        if self.account is not None:
            self._push(rates())

    @on(navigation.OpenKeys)
    def open_keys(self) -> None:
        """Opens the list of all keys."""
        self._push(keys())

    def open_orders(self) -> None:
        """Opens the orders."""
        if self.account is not None:
            self._push(orders())

    @on(navigation.OpenAccounts)
    def open_accounts(self) -> None:
        """Opens the list of accounts."""
        if self.account is not None:
            self._push(accounts())

    @on(navigation.OpenSenders)
    def open_senders(self) -> None:
        """Opens the senders."""
        if self.account is not None:
            self._push(senders())

    # Demo data and its clock

    @on(navigation.OpenClock)
    def open_clock(self) -> None:
        """Shows the demo clock."""
        self._push(clock())

    def forward(self, step: str) -> None:
        """Moves the demo clock forward by a step."""
        from tui.demo.clock import forward

        account = self.account
        if account is not None:
            self.finish(forward(self, account.id, step), once="clock")

    @on(navigation.MoveClock)
    def _move_clock(self, message: navigation.MoveClock) -> None:
        self.forward(message.step)

    def tour(self) -> None:
        """Begins the tour."""
        self.keep(demo.SEEN, "seen")
        self.show_step(0)

    def show_step(self, number: int, above: Screen[None] | None = None) -> None:
        """Shows a step of the tour (counted from 0) over the screen that it is about, and over one that is
        opened above that; what was open above others is left."""
        from tui.demo.tour_steps import STEPS

        step = STEPS[number]
        self.go(self.current_mode)
        self.go(step.mode)
        if step.above == "clock":
            self.open_clock()
        elif step.above == "accounts":
            self.open_accounts()
        elif above is not None:
            self.push_screen(above)
        self.push_screen(tour(number))

    @on(navigation.ShowTour)
    def _show_tour(self, message: navigation.ShowTour) -> None:
        self.show_step(message.number, message.above)
