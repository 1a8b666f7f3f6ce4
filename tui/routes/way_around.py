"""The way from one screen to another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual import on
from textual.screen import Screen

from tui.base import navigation
from tui.base.screen import TextmeterScreen
from tui.base.session_app import SessionApp
from tui.demo import mode as demo
from tui.routes import screens


class WayAround(SessionApp):
    """The app as far as it has screens: it leads from one to another, which answers the messages of
    `tui.base.navigation`, and tells them what has changed."""

    def on_mount(self) -> None:
        for mode in screens.MODES:
            self.add_mode(mode, partial(screens.make, mode))

    def go(self, mode: str) -> None:
        """Switches to a screen; what was typed on the present one stays there. Its own key leads back to it
        from what was opened above it.
        """
        if self.account is None:
            return
        if mode in screens.WRITING.values():
            mode = screens.WRITING[self.product.sends]
        if mode != self.current_mode:
            for screen in self.screen_stack[1:]:
                if isinstance(screen, TextmeterScreen):
                    screen.go_elsewhere()
            self.switch_mode(mode)
            return
        while len(self.screen_stack) > 1 and isinstance(self.screen, TextmeterScreen):
            self.screen.leave()

    async def begin_anew(self) -> None:
        """Goes Home, and has every screen begin anew that shows something of an account."""
        self.go("home")
        self.go("home")  # from what was opened above it, too
        for mode in screens.MODES:
            if mode != self.current_mode and mode not in screens.OF_NO_ACCOUNT:
                await self.remove_mode(mode)
                self.add_mode(mode, partial(screens.make, mode))

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
        if self.current_mode in screens.WRITING.values():
            self.screen_stack[0].post_message(navigation.WriteText(message.draft))

    @on(navigation.GoOnWriting)
    def _go_on_writing(self) -> None:
        self.go("compose")
        if self.current_mode in screens.WRITING.values():
            self.screen_stack[0].post_message(navigation.GoOnWriting())

    @on(navigation.BuyCredits)
    def _buy(self, message: navigation.BuyCredits) -> None:
        self._push(screens.buy(message.credits, message.why))

    @on(navigation.CheckDate)
    def check_date(self) -> None:
        """Asks whether the computer's date is right."""
        self._push(screens.date_check())

    @on(navigation.ChoosePlan)
    def _choose_plan(self, message: navigation.ChoosePlan) -> None:
        self.go("plans")
        if self.current_mode == "plans":
            self.screen_stack[0].post_message(navigation.ChoosePlan(message.lacking, message.why))

    @on(navigation.OpenBlast)
    def _open_blast(self, message: navigation.OpenBlast) -> None:
        self._push(screens.blast(message.blast_id))

    @on(navigation.OpenCampaign)
    def _open_campaign(self, message: navigation.OpenCampaign) -> None:
        self._push(screens.campaign(message.campaign_id))

    @on(navigation.OpenInbox)
    def _open_inbox(self, message: navigation.OpenInbox) -> None:
        self.go("inbox")
        if self.current_mode == "inbox":
            self.screen_stack[0].post_message(
                navigation.OpenInbox(blast_id=message.blast_id, phone=message.phone)
            )

    @on(navigation.SaveTemplate)
    def _save_template(self, message: navigation.SaveTemplate) -> None:
        self._push(screens.template(message.template))

    @on(navigation.ChooseTemplate)
    def _choose_template(self, message: navigation.ChooseTemplate) -> None:
        self._push(screens.choose_template(message.account_id, message.take))

    @on(navigation.OpenContact)
    def _open_contact(self, message: navigation.OpenContact) -> None:
        self._push(screens.contact(message.contact))

    @on(navigation.OpenOrder)
    def _open_order(self, message: navigation.OpenOrder) -> None:
        self._push(screens.order(message.number))

    @on(navigation.OpenEntry)
    def _open_entry(self, message: navigation.OpenEntry) -> None:
        self._push(screens.entry(message.entry))

    @on(navigation.OpenRates)
    def open_rates(self) -> None:
        """Shows what a text costs in each country."""
        if self.account is not None:
            self._push(screens.rates())

    @on(navigation.OpenKeys)
    def open_keys(self) -> None:
        """Opens the list of all keys."""
        self._push(screens.keys())

    def open_orders(self) -> None:
        """Opens the orders."""
        if self.account is not None:
            self._push(screens.orders())

    @on(navigation.OpenAccounts)
    def open_accounts(self) -> None:
        """Opens the list of accounts."""
        if self.account is not None:
            self._push(screens.accounts())

    @on(navigation.OpenSenders)
    def open_senders(self) -> None:
        """Opens the senders."""
        if self.account is not None:
            self._push(screens.senders())

    # What the screens that are open are told

    def watch_unread(self) -> None:
        self.watch_balance()

    def watch_balance(self) -> None:
        for screen in self._there():
            screen.balance_changed()

    def watch_current(self) -> None:
        for screen in self._there():
            screen.current_changed()

    def data_changed(self) -> None:
        super().data_changed()
        for screen in self._there():
            screen.data_changed()

    def _there(self) -> Iterator[TextmeterScreen]:
        """Those screens; one that isn't mounted yet looks for itself when it is."""
        for screen in self.screen_stack:
            if isinstance(screen, TextmeterScreen) and screen.is_mounted:
                yield screen

    # Demo data and its clock

    @on(navigation.OpenClock)
    def open_clock(self) -> None:
        """Shows the demo clock."""
        self._push(screens.clock())

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
        self.push_screen(screens.tour(number))

    @on(navigation.ShowTour)
    def _show_tour(self, message: navigation.ShowTour) -> None:
        self.show_step(message.number, message.above)
