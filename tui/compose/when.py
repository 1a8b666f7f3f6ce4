"""What is asked before something is sent later: the day, the hour, and whether it comes again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from store.clock import local_date, local_time
from store.messages.model import Repeat, When
from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.blasts.leaving import leaves_words, repeat_words
from tui.compose.typed_times import read_hour, read_time


class Mark(Static, can_focus=True):
    """A line that is marked or not. single: of several, of which one is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "press", N_("Mark"), show=False)]

    class Pressed(Message):
        def __init__(self, mark: Mark) -> None:
            super().__init__()
            self.mark = mark

    def __init__(self, *, single: bool, marked: bool, id: str) -> None:
        super().__init__(id=id)
        self._signs = ("○", "●") if single else ("☐", "☑")
        self._single = single
        self.marked = marked
        self._says = ""

    def say(self, says: str) -> None:
        self._says = says
        self._draw()

    def mark(self, marked: bool) -> None:
        self.marked = marked
        self._draw()

    def _draw(self) -> None:
        self.update(Content.assemble((self._signs[self.marked], "$primary"), f" {self._says}"))

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self, _event: events.Click) -> None:
        self.action_press()


class WhenScreen(Acting, ModalScreen[When | None]):
    """Ends with when it leaves, or None where it was left. timezone, now: the account's. hours: whether an
    hour of each one's own day is asked for; again: whether it may come again, and be withdrawn, which texts
    can."""

    CSS_PATH = "when.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]
    day = getters.query_one("#when-day", Input)
    error = getters.query_one(".error", Static)

    def __init__(
        self, when: When, timezone: str, now: datetime, *, hours: bool = True, again: bool = False
    ) -> None:
        super().__init__()
        self._when = when
        self._timezone, self._now = timezone, now
        self._hours, self._again = hours, again
        self._example = f"{local_date(now, timezone) + timedelta(days=1)} 09:30"

    def actions(self) -> Iterable[Action]:
        yield Action("when.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _, when = self.app.language.gettext, self._when
        at = local_time(when.at, self._timezone).strftime("%Y-%m-%d %H:%M") if when.at else ""
        with Vertical() as box:
            box.border_title = Content(_("When to send"))
            box.border_subtitle = Content(_("Enter chooses, Esc goes back"))
            with Horizontal():
                yield Label(Content(_("Not before")))
                example = _("{example}; empty: now").format(example=self._example)
                yield Input(at, placeholder=example, id="when-day")
            such_as = _("Such as “tomorrow at nine”, “mon 9:00” or “first Monday 9:00”.")
            if self._again:
                such_as = _("Such as “tomorrow at nine”, “mon 9:00” or “every first Monday 9:00”.")
            yield Static(Content(such_as), classes="hint beside")
            if self._hours:
                with Horizontal():
                    yield Label(Content(_("Local time")))
                    yield Input(when.each_at, placeholder=_("09:30; empty: all at once"), id="when-hour")
                where = _("In each person's own time zone, where known.")
                yield Static(Content(where), classes="hint beside")
            if self._again:
                with Horizontal(id="when-again"):
                    yield Label(Content(_("Repeats")))
                    with Vertical():
                        for repeat in Repeat:
                            marked = repeat is when.repeat
                            yield Mark(single=True, marked=marked, id=f"again-{repeat.name}")
                yield Mark(single=False, marked=when.withdraws, id="when-withdraws")
            yield Static(id="when-says")
            yield Static(classes="error")

    def on_mount(self) -> None:
        for mark in self.query("#when-withdraws").results(Mark):
            mark.say(self.app.language.gettext("Leave out anyone who writes to you before it goes out"))
        self._say()

    # What is asked for, as it is typed

    @on(Input.Changed, "#when-day")
    def _day_typed(self) -> None:
        found = read_time(self.day.value, self._timezone, self._now)
        if self._again and found is not None and found.repeat is not None:
            self._mark(found.repeat)
        self._say()

    @on(Input.Changed, "#when-hour")
    def _hour_typed(self) -> None:
        self._say()

    @on(Mark.Pressed)
    def _pressed(self, pressed: Mark.Pressed) -> None:
        mark = pressed.mark
        if mark.id == "when-withdraws":
            mark.mark(not mark.marked)
        elif mark.marked:
            self._submit()
        else:
            self._mark(Repeat[str(mark.id).removeprefix("again-")])
        self._say()

    def _mark(self, repeat: Repeat) -> None:
        for each in Repeat:
            self.query_one(f"#again-{each.name}", Mark).mark(each is repeat)

    def _say(self) -> None:
        """Says what was chosen so far."""
        language = self.app.language
        chosen = self._chosen()
        says = "" if isinstance(chosen, str) else leaves_words(chosen, language, self._timezone, self._now)
        self.query_one("#when-says", Static).update(Content(says))
        self.error.display = False
        if not self._again:
            return
        at = None if isinstance(chosen, str) else chosen.at
        day = local_date(at or self._now, self._timezone)
        for repeat in Repeat:
            self.query_one(f"#again-{repeat.name}", Mark).say(repeat_words(repeat, day, language))

    def _chosen(self) -> When | str:
        """What is chosen, or the id of the field in which something is wrong."""
        typed = self.day.value.strip()
        found = read_time(typed, self._timezone, self._now)
        if found is None and typed:
            return "when-day"
        each_at, repeat, withdraws = "", Repeat.NEVER, False
        for field in self.query("#when-hour").results(Input):
            hour = read_hour(field.value)
            if hour is None and field.value.strip():
                return "when-hour"
            each_at = hour.strftime("%H:%M") if hour else ""
        if self._again:
            repeat = next(each for each in Repeat if self.query_one(f"#again-{each.name}", Mark).marked)
            withdraws = self.query_one("#when-withdraws", Mark).marked
        return When(found.at.astimezone(UTC) if found else None, each_at, repeat, self._when.later, withdraws)

    @on(Input.Submitted)
    def _submit(self) -> None:
        _, chosen = self.app.language.gettext, self._chosen()
        if chosen == "when-day":
            says = _("That's not a date. Type it like “tomorrow 9:30” or {example}, or leave it empty.")
            self._refuse("when-day", says.format(example=self._example))
        elif chosen == "when-hour":
            self._refuse("when-hour", _("That's not a time. Type it like 09:30, or leave it empty."))
        elif isinstance(chosen, When):
            found = read_time(self.day.value, self._timezone, self._now)
            if self._again and found is not None and not (found.has_hour or chosen.each_at):
                self._refuse("when-day", _("At what time? Add it, as in “tomorrow 9:30”."))
            else:
                self._end(chosen)

    def _refuse(self, field: str, says: str) -> None:
        self.query_one(f"#{field}", Input).focus()
        self.error.display = True
        self.error.update(Content(says))

    def _end(self, when: When | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(when)
