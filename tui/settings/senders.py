"""Senders: the numbers that texts go out from, who carries them, and how many may still go today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store.messages.senders import SenderInfo
from store.paths import files_within_reach
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.picker import PickScreen
from tui.base.screen import PANES, TextmeterScreen
from tui.i18n.sanitize import literal
from tui.settings import sender_words
from tui.settings.details import details
from tui.settings.sender_check import SenderCheckScreen
from tui.settings.sender_doors import all_senders, door
from tui.settings.sender_form import SenderFormScreen
from tui.settings.sender_removal import RemovalScreen
from tui.settings.sender_words import PROVIDERS, Row
from tui.widgets.line_list import Head, LineList

ADD = Key("senders.new", "n")

ACCOUNT_FROM, PACE_FROM = 92, 74
"""Columns of the list from which it has room for whose texts a sender carries, and for its pace."""


class SenderList(LineList[Row]):
    """All at hand: there are few."""

    def __init__(self, draw: Callable[[Row, int], Content]) -> None:
        super().__init__(draw)
        self._rows: Sequence[Row] = ()

    @property
    def length(self) -> int:
        return len(self._rows)

    def item(self, index: int) -> Row | None:
        return self._rows[index] if index < len(self._rows) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Shows these; the cursor stays in its place."""
        self._rows = rows
        self._resize_content()
        self.action_move_to(self._cursor)

    def _look(self) -> None:
        """All is there already."""


class SendersScreen(TextmeterScreen):
    """A line for each sender, and what there is no column for below the list, or all of it beside the list
    where there is room."""

    NAME = N_("Senders")
    CSS_PATH = "senders.tcss"
    AUTO_FOCUS = "SenderList"
    HELP: ClassVar[str] = N_(
        "A sender is a phone number for texts or an address for emails, plus the service that sends them: "
        "Twilio, an Android phone, a modem, Kannel or a mail server. An account without its own sender "
        "uses one set up for all accounts; if there is none, texts are simulated. Passwords are stored "
        "outside the database and never shown."
    )
    senders = getters.query_one(SenderList)
    about = getters.query_one("#about", Static)
    empty = getters.query_one("#empty", Static)

    def __init__(self) -> None:
        super().__init__()
        self._found: list[SenderInfo] = []

    def actions(self) -> Iterable[Action]:
        yield Action("senders.back", "escape", N_("Back"), N_("Back to where you were"), self.leave)
        yield Action("senders.new", "n", N_("Add"), N_("Set up a sender"), self.add, why_not=self._why_not)
        one = self._why_not_one
        yield Action(
            "senders.change", "enter", N_("Edit"), N_("Change this sender"), self.change, why_not=one
        )
        yield Action(
            "senders.again",
            "r",
            N_("Check"),
            N_("Test each step against the live service; nothing is sent"),
            self.check,
            why_not=one,
        )
        yield Action(
            "senders.delete",
            "d,delete",
            N_("Remove"),
            N_("Remove this sender"),
            self.ask_to_remove,
            why_not=one,
        )

    def _why_not(self) -> Sentence | None:
        """Why nothing can be set up here."""
        if self.app.demo_shown:
            return sentence(
                "This is demo data, and its texts are simulated. Set up senders in your own database."
            )
        if not files_within_reach():
            return sentence("Set up senders on the machine Textmeter runs on: their passwords stay there.")
        return self.app.owners_only()

    def _why_not_one(self) -> Sentence | None:
        if (why := self._why_not()) is not None or self.senders.current is not None:
            return why
        return sentence("There are no senders yet. Press {key} to add one.", key=ADD)

    def body(self) -> ComposeResult:
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Head(self._headings)
                yield SenderList(self._line)
                yield Static(id="empty")
            yield Static(id="about")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= PANES, "-panes")
        self._describe()

    # What is shown

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.load(self.read)

    def data_changed(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Reads all senders."""

        self._found = await self.app.fetch(all_senders)
        mail = await self.app.fetch(lambda store: store.email_senders.is_real("", demo_clock=False))
        self.senders.show([sender_words.row(self.app.language, one) for one in self._found])
        self.empty.display = not self._found
        texts = sentence(
            "There are no senders yet, so texts are simulated: they cost credits but don't go out. Press "
            "{key} to add one.",
            key=ADD,
        )
        both = sentence(
            "There are no senders yet, so texts and emails are simulated: they count but don't go out. "
            "Press {key} to add one.",
            key=ADD,
        )
        says = texts if mail else both
        self.empty.update(Content(self.app.language.say(says)))

    def _headings(self, width: int) -> Content:
        _ = self.gettext
        names = _("Name"), _("Sent through"), _("Number"), _("Used by"), _("Speed"), _("Left today")
        return self._columns([Content(name) for name in names], width)

    def _line(self, row: Row, width: int) -> Content:
        cells = row.id, row.provider, row.number, row.account, row.pace, row.today
        return self._columns([literal(cell) for cell in cells], width)

    def _columns(self, cells: Sequence[Content], width: int) -> Content:
        """What there is no room for stands below the list."""
        id, provider, number, account, pace, today = cells
        shown = [(id, 14), (provider, 15), (number, 17)]
        if width >= ACCOUNT_FROM:
            shown.append((account, 17))
        if width >= PACE_FROM:
            shown.append((pace, 15))
        return Content.assemble(
            *(
                part
                for cell, room in shown
                for part in (cell.truncate(room - 1, ellipsis=True, pad=True), " ")
            ),
            today,
        )

    @on(SenderList.Moved)
    def _moved(self) -> None:
        self._describe()
        self.refresh_bindings()

    def _describe(self) -> None:
        """What there is no column for, or, in the pane beside the list, all of it."""
        row, one = self.senders.current, self._one
        if row is None or one is None:
            self.about.update("")
        elif self.has_class("-panes"):
            self.about.update(details(row.id, sender_words.facts(self.app.language, one)))
        else:
            self.about.update(literal(row.about, lines=True))

    # What is done

    @property
    def _one(self) -> SenderInfo | None:
        """The sender under the cursor."""
        row = self.senders.current
        return next((one for one in self._found if row is not None and one.id == row.id), None)

    @on(SenderList.Chosen)
    def _clicked(self) -> None:
        self.action_act("senders.change")

    def add(self) -> None:
        """Asks who carries the texts, then for what that needs."""
        choices = [(name, self.gettext(words)) for name, words in PROVIDERS.items()]
        self.app.push_screen(
            PickScreen(self.gettext("What sends the texts or emails?"), choices, "twilio"), self._picked
        )

    def _picked(self, provider: str | None) -> None:
        if provider is not None:
            taken = frozenset(one.id for one in self._found)
            self.app.push_screen(SenderFormScreen(provider, None, taken))

    def change(self) -> None:
        """Opens the form of the sender under the cursor."""
        if (one := self._one) is not None:
            self.app.push_screen(SenderFormScreen(one.provider, one))

    def check(self) -> None:
        """Looks whether the sender under the cursor works."""
        if (one := self._one) is not None:
            self.app.push_screen(SenderCheckScreen(one.id))

    async def ask_to_remove(self) -> None:
        """Says what would happen to what waits for the sender under the cursor."""
        one = self._one
        if one is not None:
            waiting = await self.app.fetch(lambda store: door(store, one.id).waiting(one.id))
            self.app.push_screen(
                RemovalScreen(one.id, one.provider, waiting), partial(self._answered, one.id)
            )

    def _answered(self, id: str, agreed: bool | None) -> None:
        if agreed:
            self.app.finish(self._remove(id))

    async def _remove(self, id: str) -> None:
        await self.app.fetch(lambda store: door(store, id).remove(id))
        self.app.tell(sentence("Sender {id} was removed.", id=id))
        if self.is_attached:
            self.load(self.read)
