"""Texts that leave later: the list, and the one under the cursor with who gets it as things stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError
from store.messages.model import Estimate, Waiting, When
from store.messages.schedule_model import Scheduled
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from store.texts.merge import sketch
from tui.base.actions import Action
from tui.base.navigation import Go, GoOnWriting, OpenBlast, OpenCampaign, Show, StoreOpened
from tui.base.screen import TextmeterScreen
from tui.blasts.cancelling import cancel_scheduled
from tui.blasts.leaving import comes_back
from tui.compose.when import WhenScreen
from tui.i18n.sanitize import literal
from tui.scheduled.agreeing import AgreeScreen
from tui.scheduled.drawing import about, columns, in_columns
from tui.scheduled.presentation import asking, summary
from tui.scheduled.queries import Line, listed, looked
from tui.widgets.line_list import Head, PagedList

WHEN, PUT_OFF = Key("compose.when", "ctrl+l"), Key("send.when", "t")
CANCEL = Key("scheduled.cancel", "x")


def key(line: Line) -> tuple[bool, int]:
    """By what it is known."""
    return isinstance(line, Scheduled), line.id


class ScheduledScreen(TextmeterScreen):
    """Those that ask first, then the soonest."""

    NAME = N_("Scheduled")
    CSS_PATH = "scheduled.tcss"
    AUTO_FOCUS = "#scheduled"
    HELP: ClassVar[str] = N_(
        "What goes out later, soonest first. At the top is anything that didn't go out because something "
        "changed since you scheduled it: Enter shows what it costs now and sends it. {key} moves a text to "
        "another time; {cancel} cancels it and gives back the credits held for it."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "key": Key("scheduled.when", "t"),
        "cancel": CANCEL,
    }
    lines: getters.query_one[PagedList[Line]] = getters.query_one("#scheduled", PagedList)
    summary = getters.query_one("#summary", Static)
    details = getters.query_one("#whole", Static)
    _now = datetime.min.replace(tzinfo=UTC)
    """As of the last reading."""

    def __init__(self) -> None:
        super().__init__()
        self._look: tuple[int, Estimate | None] = (0, None)
        """What the one of this id takes."""
        self._sure: int | None = None

    def actions(self) -> Iterable[Action]:
        yield Action("scheduled.back", "escape", N_("Back"), N_("Back to Home"), self._home)
        yield Action(
            "scheduled.open",
            "enter",
            N_("Open"),
            N_("See the text, or what it costs now if it needs your decision"),
            self.open,
            why_not=self._nothing,
            words=lambda: self.gettext("Decide") if self._asks() else self.gettext("Open"),
        )
        yield Action(
            "scheduled.when",
            "t",
            N_("Move"),
            N_("Send it at another time"),
            self.move,
            role=Role.SENDER,
            why_not=self._why_not_change,
        )
        yield Action(
            "scheduled.cancel",
            "x",
            N_("Cancel"),
            N_("Don't send it; what is held for it comes back"),
            self.cancel,
            role=Role.SENDER,
            why_not=self._why_not_change,
            words=lambda: self.gettext("Cancel it") if self._sure else self.gettext("Cancel"),
        )
        yield Action(
            "scheduled.write",
            "c,w",
            N_("Write"),
            sentence("Write one: {key} sets when it goes out", key=WHEN),
            lambda: self.post_message(GoOnWriting()),
            in_bar=False,
        )

    def _asks(self) -> bool:
        one = self.lines.current if self.is_mounted else None
        return isinstance(one, Scheduled) and one.state is Waiting.ASKS

    def _nothing(self) -> Sentence | None:
        return sentence("The list is empty.") if self.lines.current is None else None

    def _why_not_change(self) -> Sentence | None:
        if (nothing := self._nothing()) is not None:
            return nothing
        if not isinstance(self.lines.current, Scheduled):
            return sentence("Emails are cancelled on their own page: Enter opens it.")
        return None

    def _home(self) -> None:
        self.post_message(Go("home"))

    # What is there

    def body(self) -> ComposeResult:
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Static(id="summary")
                yield Head(self._columns)
                yield PagedList(self._line, key=key, id="scheduled")
            with VerticalScroll(id="details"):
                yield Static(id="whole")

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.lines.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._sure = None
        self.lines.restart(keep_line=True)

    def data_changed(self) -> None:
        self.lines.restart(keep_line=True)

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        account = self.app.account
        assert account is not None
        found, self._now = await self.app.fetch(lambda store: listed(store, account))
        self.lines.extend(query, found, complete=True)
        self.summary.update(self._summary(found))
        self.query_one("#details").display = bool(found)
        self.query_one(Head).refresh()
        self._read_look()

    def _summary(self, found: list[Line]) -> Content:
        language, texts = self.app.language, [one for one in found if isinstance(one, Scheduled)]
        if not found:
            write = Key("go.compose", "f3")
            empty = sentence(
                "Nothing is scheduled. {write} writes a text, then {key} schedules it.", write=write, key=WHEN
            )
            if self.app.product.sends == "emails":
                empty = sentence(
                    "Nothing is scheduled. Before you send an email, {key} schedules it for later.",
                    key=PUT_OFF,
                )
            return Content(language.say(empty))
        if not texts:
            return Content("")
        asks = (
            [Content.styled(f"! {language.say(asking(texts))}", "$warning")] if self._any_asks(texts) else []
        )
        waits = any(one.state is Waiting.WAITING for one in texts)
        says = [Content(language.say(summary(texts, language, self._timezone, self._now)))] if waits else []
        return Content("\n").join([*asks, *says])

    def _any_asks(self, texts: list[Scheduled]) -> bool:
        return any(one.state is Waiting.ASKS for one in texts)

    @property
    def _timezone(self) -> str:
        return self.app.account.timezone if self.app.account is not None else "UTC"

    def _columns(self, width: int) -> Content:
        return columns(self.app.language, width) if self.lines.items else Content("")

    def _line(self, line: Line, width: int) -> Content:
        return in_columns(line, self.app.language, self._timezone, self._now, width)

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._sure = None
        self._read_look()
        self.refresh_bindings()

    def _read_look(self) -> None:
        self._show_details()
        if isinstance(self.lines.current, Scheduled):
            self.load(self._look_at, newest_only=True)

    async def _look_at(self) -> None:
        """Who gets the one under the cursor, and what it takes, as things stand."""
        one = self.lines.current
        if isinstance(one, Scheduled):
            try:
                found: Estimate | None = await self.app.fetch(lambda store: looked(store, one))
            except TextmeterError:  # it has left meanwhile, or can't: why is told where it is decided
                found = None
            self._look = one.id, found
            self._show_details()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_details)

    def _show_details(self) -> None:
        one = self.lines.current
        if not isinstance(one, Scheduled):
            says = [literal(sketch(one.body), lines=True)] if one is not None else []
            self.details.update(Content("\n").join(says))
            return
        look = self._look[1] if self._look[0] == one.id else None
        lines = about(one, look, self.app.language, self._timezone, self._now)
        self.details.update(Content("\n").join(lines))

    @on(Show)
    def _show(self, message: Show) -> None:
        """Puts the cursor on the text of this id."""
        message.stop()
        self.lines.go_to((True, message.what))

    # What can be done

    @on(PagedList.Chosen)
    def _chosen(self) -> None:
        self.action_act("scheduled.open")

    def open(self) -> None:
        """Opens the one under the cursor; one that asks is decided about."""
        one = self.lines.current
        if not isinstance(one, Scheduled):
            if one is not None:
                self.post_message(OpenCampaign(one.id))
        elif one.state is Waiting.ASKS and self.app.lacks(Role.SENDER) is None:
            self._agree(one, self._now)
        else:
            self.post_message(OpenBlast(one.blast_id))

    def move(self) -> None:
        """Asks when the one under the cursor is to leave."""
        one = self.lines.current
        if isinstance(one, Scheduled):
            when = When(one.at if one.state is Waiting.WAITING else None)

            def moved(to: When | None) -> None:
                if to is not None:
                    self._agree(one, to.at or self._now)

            self.app.push_screen(WhenScreen(when, self._timezone, self._now, hours=False), moved)

    def _agree(self, one: Scheduled, at: datetime) -> None:
        self.app.push_screen(AgreeScreen(one, at, self._now))

    def cancel(self) -> None:
        """Cancels the one under the cursor, when pressed a second time."""
        one = self.lines.current
        if not isinstance(one, Scheduled):
            return
        if self._sure != one.id:
            self._sure = one.id
            self.refresh_bindings()
            back = comes_back(one)
            self.app.hint(sentence("Press {key} again to cancel it for good. {back}", key=CANCEL, back=back))
            return
        self._sure = None
        self.app.finish(self._cancel(one), once="scheduled")

    async def _cancel(self, one: Scheduled) -> None:
        await cancel_scheduled(self.app, one)
        if self.is_attached:
            self.lines.restart(keep_line=True)
            self.refresh_bindings()
