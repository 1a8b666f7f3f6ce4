"""One blast: how far it is, and what became of each message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError
from store.messages.model import TROUBLE, Message, Purpose, Status
from store.sentences import N_, Key, sentence
from tui.base.actions import Action
from tui.base.navigation import BlastProgressed, StoreOpened
from tui.blasts.doing import WithBlast
from tui.blasts.presentation import SIGNS, STATUS
from tui.blasts.progress import progress
from tui.blasts.queries import page, standing
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList

if TYPE_CHECKING:
    from store.messages.model import BlastSummary

PAGE = 200
FILTER = Key("blast.filter", "f")

CREDITS = 5
"""Cells for what a message costs."""


class BlastScreen(WithBlast):
    """A blast by its id, from its first message to its last receipt."""

    NAME = N_("Text")
    CSS_PATH = "blast.tcss"
    HELP: ClassVar[str] = N_(
        "A text and everyone it went to. “On their way” means that it went out but no receipt has come in "
        "yet; some phones never send one. “Unknown” means that nobody can tell whether it went out: "
        "Textmeter won't send it again, and its credits stay held until you say whether it was sent."
    )
    AUTO_FOCUS = "#messages"
    pages: getters.query_one[PagedList[Message]] = getters.query_one("#messages", PagedList)
    """The list of its messages."""

    def __init__(self, blast_id: int) -> None:
        super().__init__(blast_id)
        self._status: Status | None = None
        self._now = datetime.min.replace(tzinfo=UTC)

    @property
    def message(self) -> Message | None:
        return self.pages.current

    def actions(self) -> Iterable[Action]:
        return self.blast_actions()

    def body(self) -> ComposeResult:
        with Container(id="panes"):
            yield PagedList(self._line, key=attrgetter("id"), id="messages")
            with Vertical(id="detail"):
                yield Static(id="body")
                yield Static(id="progress")
        self.call_after_refresh(self._draw)

    def on_mount(self) -> None:
        if self.app.account is not None:
            self._start()

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._start()

    @on(BlastProgressed)
    def _progressed(self, message: BlastProgressed) -> None:
        if message.summary.id == self.blast_id:
            self._show(message.summary)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    # What is shown

    def _start(self) -> None:
        self.load(self.read)
        self.pages.restart()

    async def read(self) -> None:
        """Reads how far it is; back where there is no such blast."""
        try:
            found = await self.app.fetch(lambda store: standing(store, self.blast_id))
            self.answers, self.scheduled, self._now = found.answers, found.scheduled, found.now
            if found.blast.purpose is Purpose.EMERGENCY:
                self.unreached = await self.app.fetch(
                    lambda store: store.emergency.count_unreached(self.blast_id)
                )
            self._show(found.blast)
        except TextmeterError:
            if self.blast is None:
                self.leave()
            raise

    def data_changed(self) -> None:
        """Another process may be delivering it, and somebody else may say what became of a text."""
        self.load(self.read)

    def _show(self, blast: BlastSummary) -> None:
        before, self.blast = self.blast, blast
        self._draw()
        self.refresh_bindings()
        if before is None or blast.counts == before.counts:
            return
        if self._status is None and _troubled(before) == _troubled(blast):
            self.load(self.renew)
        else:  # lines come and go
            self.pages.restart(keep_line=True)

    async def renew(self) -> None:
        """Reads the lines that are on the screen anew; the others are read as they come into view."""
        pages = self.pages
        first, count = pages.seen.start, len(pages.seen)
        after = pages.items[first - 1] if first else None
        if count:
            found = await self.app.fetch(lambda store: page(store, self.blast_id, after, count))
            pages.replace(first, found)

    def _draw(self) -> None:
        """Draws the text and its progress; nothing but their frame until the blast is read."""
        blast = self.blast
        if blast is None or not self.query("#body"):
            return
        self._draw_text()
        account, variables = self.app.account, self.app.theme_variables
        lines = progress(
            self.app.language,
            variables,
            blast,
            self.answers,
            self.scheduled,
            self.unreached,
            account.timezone if account else "UTC",
            self._now,
            self.query_one("#detail").size.width - 4,
        )
        says = Content.styled(self._showing(), variables["quiet"])
        self.query_one("#progress", Static).update(Content("\n").join([*lines, says]))

    def _draw_text(self) -> None:
        """The text as the one under the cursor got it."""
        if self.blast is not None:
            message = self.message
            text = message.body if message is not None else self.blast.as_sent.body
            shown = literal(text, lines=True) if text else Content(self.gettext("A picture"))
            self.query_one("#body", Static).update(shown)

    def _showing(self) -> str:
        if self._status is None:
            return ""
        shown = self.gettext(STATUS[self._status])
        return self.app.language.say(
            sentence("Showing only “{status}”; {key} shows the next status.", status=shown, key=FILTER)
        )

    @on(PagedList.PageWanted)
    def _want(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted) -> None:
        after = wanted.after if isinstance(wanted.after, Message) else None
        status, limit = self._status, max(PAGE, wanted.count)
        found = await self.app.fetch(lambda store: page(store, self.blast_id, after, limit, status))
        wanted.pages.extend(wanted.query, found, complete=len(found) < limit)

    def _line(self, message: Message, width: int) -> Content:
        """Who, then what became of it, and why where it went wrong."""
        variables = self.app.theme_variables
        who = f"{plain(message.name)}  " if message.name else ""
        status = self.gettext(STATUS[message.status])
        if message.reason is not None:
            status = f"{status}: {self.app.language.say(message.reason)}"
        room = min(max(width * 45 // 100, 20), 40)
        person = Content.assemble(who, (plain(self.app.language.phone(message.to)), variables["quiet"]))
        credits = Content(self.app.language.number(message.credits))
        stands = literal(f"{SIGNS[message.status]} {status}")
        return Content.assemble(
            person.truncate(room, ellipsis=True, pad=True),
            credits.pad_left(max(CREDITS - credits.cell_length, 1)),
            "  ",
            stands,
        )

    # The list

    @on(PagedList.Chosen)
    def _chosen(self) -> None:
        self.action_act("blast.person")

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._draw_text()
        self.refresh_bindings()

    def filter(self) -> None:
        """Shows all messages, or those of the next status that there is."""
        if self.blast is None:
            return
        there = [None, *(status for status in STATUS if self.blast.counts.get(status))]
        at = there.index(self._status) if self._status in there else 0
        self._status = there[(at + 1) % len(there)]
        self._draw()
        self.pages.restart()

    def changed(self) -> None:
        self.app.refresh_balance()
        if self.is_attached:
            self.load(self.read)
            if self._status is not None:
                self.pages.restart()


def _troubled(blast: BlastSummary) -> int:
    return sum(blast.counts.get(status, 0) for status in TROUBLE)
