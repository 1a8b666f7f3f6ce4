"""What is asked before an email is sent: when it leaves, and where a test goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from store.clock import local_time, zone
from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.emails.addresses import ADDRESSES
from tui.emails.reading import Way

_hour = re.compile(r"(\d{1,2})[:.](\d{2})").fullmatch


class WhenScreen(Acting, ModalScreen[Way | None]):
    """Ends with the way with another time, or None where it was left. timezone: the account's."""

    CSS_PATH = "emails.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]
    day = getters.query_one("#when-day", Input)
    hour = getters.query_one("#when-hour", Input)
    error = getters.query_one(".error", Static)

    def __init__(self, way: Way, timezone: str) -> None:
        super().__init__()
        self._way = way
        self._timezone = timezone

    def actions(self) -> Iterable[Action]:
        yield Action("when.back", "escape", N_("Back"), N_("Leave it as it was"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _, way = self.app.language.gettext, self._way
        at = local_time(way.at, self._timezone).strftime("%Y-%m-%d %H:%M") if way.at else ""
        with Vertical() as box:
            box.border_title = Content(_("When it leaves"))
            box.border_subtitle = Content(_("Enter chooses, Esc goes back"))
            with Horizontal():
                yield Label(Content(_("Not before")))
                yield Input(at, placeholder=_("2026-05-01 09:30; empty: now"), id="when-day")
            with Horizontal():
                yield Label(Content(_("Hour, each one's own")))
                yield Input(way.each_at, placeholder=_("09:30; empty: all at once"), id="when-hour")
            yield Static(
                Content(_("Each one's own hour is where they are, as far as that is known.")), classes="hint"
            )
            yield Static(classes="error")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        _ = self.app.language.gettext
        at, hour = read_instant(self.day.value, self._timezone), read_hour(self.hour.value)
        if at is None and self.day.value.strip():
            self._refuse(self.day, _("That isn't a day. Type it as in 2026-05-01 09:30, or leave it empty."))
        elif hour is None and self.hour.value.strip():
            self._refuse(self.hour, _("That isn't an hour. Type it as in 09:30, or leave it empty."))
        else:
            self._end(replace(self._way, at=at, each_at=hour.strftime("%H:%M") if hour else ""))

    def _refuse(self, field: Input, says: str) -> None:
        field.focus()
        self.error.display = True
        self.error.update(Content(says))

    def _end(self, way: Way | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(way)


class TestScreen(Acting, ModalScreen[str | None]):
    """Ends with the address that a test goes to, or None where it was left. own: the one that it begins
    with."""

    CSS_PATH = "emails.tcss"
    error = getters.query_one(".error", Static)

    def __init__(self, own: str) -> None:
        super().__init__()
        self._own = own

    def actions(self) -> Iterable[Action]:
        yield Action("test.back", "escape", N_("Back"), N_("Send no test"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Test"))
            box.border_subtitle = Content(_("Enter sends it, Esc goes back"))
            with Horizontal():
                yield Label(Content(_("Your address")))
                yield Input(self._own, placeholder="you@example.com")
            yield Static(Content(_("It takes one email. The draft stays.")), classes="hint")
            yield Static(classes="error")

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        address = submitted.value.strip()
        if ADDRESSES.is_enough(address):
            self._end(address)
            return
        self.error.display = True
        self.error.update(Content(self.app.language.gettext("That isn't an email address.")))

    def _end(self, address: str | None) -> None:
        if self.is_active:
            self.dismiss(address)


def read_hour(text: str) -> time | None:
    """An hour as it is typed, 9:30 or 09.30; None where it is none."""
    found = _hour(text.strip())
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def read_instant(text: str, timezone: str) -> datetime | None:
    """A day, and an hour of it maybe, in a time zone (IANA name): 2026-05-01 09:30. A day alone begins with
    its midnight. None where it is none."""
    day, _, hour = text.strip().partition(" ")
    at = read_hour(hour) if hour else time()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    return datetime.combine(on, at, zone(timezone)) if at is not None else None
