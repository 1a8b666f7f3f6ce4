"""What is asked before an email is sent: when it leaves, and where a test goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from store.clock import local_date, local_time, zone
from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.emails.addresses import ADDRESSES
from tui.emails.reading import Way

DAYS = {"today": 0, "hoy": 0, "tomorrow": 1, "mañana": 1, "manana": 1}
"""Days from today, by what they are called in any language that is spoken here."""

_hour = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(?:([ap])\.? ?m\.?)?").fullmatch
_at = re.compile(r"(?:at|a las?) ").match


class WhenScreen(Acting, ModalScreen[Way | None]):
    """Ends with the way with another time, or None where it was left. timezone, now: the account's."""

    CSS_PATH = "emails.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]
    day = getters.query_one("#when-day", Input)
    hour = getters.query_one("#when-hour", Input)
    error = getters.query_one(".error", Static)

    def __init__(self, way: Way, timezone: str, now: datetime) -> None:
        super().__init__()
        self._way = way
        self._timezone, self._now = timezone, now
        self._example = f"{local_date(now, timezone) + timedelta(days=1)} 09:30"

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
                example = _("{example}; empty: now").format(example=self._example)
                yield Input(at, placeholder=example, id="when-day")
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
        at = read_instant(self.day.value, self._timezone, self._now)
        hour = read_hour(self.hour.value)
        if at is None and self.day.value.strip():
            says = _("That isn't a day. Type it as in “tomorrow 9:30” or {example}, or leave it empty.")
            self._refuse(self.day, says.format(example=self._example))
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
    """An hour as it is typed, 9:30, 09.30 or 9 pm; None where it is none."""
    found = _hour(" ".join(text.casefold().split()))
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def read_instant(text: str, timezone: str, now: datetime) -> datetime | None:
    """A day, and an hour of it maybe, in a time zone (IANA name), as it is typed in any language that is
    spoken here: 2026-05-01 09:30, tomorrow at 9:00, mañana a las 9:00. A day alone begins with its midnight;
    an hour alone is the next one. None where it is none."""
    day, _, rest = " ".join(text.casefold().replace(",", " ").split()).partition(" ")
    today = local_date(now, timezone)
    if (on := _read_day(day, today)) is None:
        rest = f"{day} {rest}"
    if words := _at(rest):
        rest = rest[words.end() :]
    at = read_hour(rest) if rest else time()
    if at is None:
        return None
    if on is not None:
        return datetime.combine(on, at, zone(timezone))
    meant = datetime.combine(today, at, zone(timezone))
    return meant if meant > now else datetime.combine(today + timedelta(days=1), at, zone(timezone))


def _read_day(word: str, today: date) -> date | None:
    if word in DAYS:
        return today + timedelta(days=DAYS[word])
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
