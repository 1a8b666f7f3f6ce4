"""Notices: which thresholds of use were reached, when, by what, and whom that was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Entry, Notice
from store.sentences import N_, Sentence, sentence
from tui.base.navigation import StoreOpened
from tui.base.screen import TextmeterScreen
from tui.notices.inbox import MOST, mark_read, read_until
from tui.notices.presentation import cause_of, told
from tui.widgets.line_list import Head, PagedList

if TYPE_CHECKING:
    from store import Store

PAGE = 200


def line_of(store: Store, notice: Notice, timezone: str) -> Entry | None:
    """The line of the history that was written with a notice, if there is one: a new month writes several,
    and what was carried over has none of its own."""
    from store.clock import local_date

    day = local_date(notice.at, timezone)
    before = None
    while True:
        page = store.credits.history(notice.account_id, since=day, until=day, before=before, limit=PAGE)
        for entry in page:
            if entry.at == notice.at and entry.cause == notice.cause:
                return entry
        if len(page) < PAGE or page[-1].at < notice.at:
            return None
        before = page[-1].seq


class NoticesScreen(TextmeterScreen):
    """The inbox of an account's notices, the newest first."""

    NAME = N_("Notices")
    CSS_PATH = "notices.tcss"
    AUTO_FOCUS = "#notices"
    HELP: ClassVar[str] = N_(
        "A notice is given when so many per cent of what can be used in a month are used or reserved. Each "
        "is given once; when credits are added or a new month begins, it can be given again. Enter opens "
        "what caused it and takes it, and those before it, as read."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.go('home')", N_("Back"), id="notices.back", tooltip=N_("Back to Home")),
        Binding("enter", "open", N_("Open"), id="notices.open", tooltip=N_("What caused this notice")),
        Binding("a", "read_all", N_("All read"), id="notices.all", tooltip=N_("Take all notices as read")),
        Binding("u", "app.go('usage')", N_("Usage"), id="notices.usage", tooltip=N_("What was used")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._read_until = 0

    def body(self) -> ComposeResult:
        self._empty, self._about = Static(id="empty"), Static(id="about")
        self._list: PagedList[Notice] = PagedList(self._line, id="notices")
        yield Head(self._columns)
        yield self._empty
        yield self._list
        yield self._about

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._list.restart()

    # What is shown

    @on(PagedList.PageWanted, "#notices")
    def _fetch(self, wanted: PagedList.PageWanted) -> None:
        account = self.app.account
        if account is None:
            return
        self.app.ask(
            lambda store: (
                store.credits.notices(account.id, limit=MOST),
                read_until(store, account.id),
                store.credits.product(account).thresholds,
            ),
            lambda found: self._fetched(wanted.query, *found),
            group="notices-read",
        )

    def _fetched(self, query: int, notices: list[Notice], read_until: int, thresholds: Sequence[int]) -> None:
        self._read_until = read_until
        self._list.extend(query, notices, complete=True)
        empty, language = self._empty, self.app.language
        empty.display = not notices
        percents = language.listing([language.percent(threshold * 10) for threshold in thresholds])
        empty.update(
            Content(
                language.say(
                    sentence(
                        "No notices yet. They come at {percents} of what can be used in a month, on the "
                        "screen and by email, and stay here.",
                        percents=percents,
                    )
                )
            )
        )
        self.refresh_bindings()

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(" ", _("Reached"), _("When"), _("What caused it"), _("Where it was told"), width)

    def _line(self, notice: Notice, width: int) -> Content:
        language, account = self.app.language, self.app.account
        new = self._is_new(notice)
        mark = "●" if new else "✓" if notice.channels else " "
        reached = language.percent(notice.threshold * 10)
        if notice.kind == "carried":
            reached = f"({reached})"
        when = language.date_and_time(notice.at, account.timezone if account else "UTC")
        line = self._row(mark, reached, when, language.say(cause_of(notice)), told(language, notice), width)
        return line.stylize("bold") if new else line

    def _row(self, mark: str, reached: str, when: str, cause: str, told: str, width: int) -> Content:
        """Where it was told stands in the line where there is room, and for the cursor's line below."""
        parts: list[str | Content] = [
            f"{mark}  ",
            Content(reached).truncate(10, pad=True),
            Content(when).truncate(20, pad=True),
        ]
        room = max(width - 33, 0)
        if width >= 100:
            parts.append(Content(cause).truncate(34, ellipsis=True, pad=True))
            cause, room = told, max(room - 34, 0)
        return Content.assemble(*parts, Content(cause).truncate(room, ellipsis=True))

    def _is_new(self, notice: Notice) -> bool:
        return bool(notice.channels) and notice.id > self._read_until

    @on(PagedList.Moved, "#notices")
    def _moved(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        """The notice under the cursor in words."""
        notice, language = self._list.current, self.app.language
        if notice is None:
            self._about.update(Content(""))
            return
        says = sentence(
            "{threshold} reached: {percent} of what could be used that month was used or reserved. {cause}; "
            "{told}.",
            threshold=language.percent(notice.threshold * 10),
            percent=language.percent(notice.permille),
            cause=cause_of(notice),
            told=told(language, notice),
        )
        self._about.update(Content(language.say(says)))

    def balance_changed(self) -> None:
        """Notices come with a change of the balance; they may have been told since the screen was left."""
        super().balance_changed()
        self._list.restart(keep_line=True)

    # What can be done

    def why_not(self, action: str) -> Sentence | None:
        """Why an action can't be done now."""
        items = self._list.items if self.is_mounted else ()
        if action == "open" and not items:
            return sentence("There is no notice yet.")
        if action == "read_all" and not any(map(self._is_new, items)):
            return sentence("All notices are read.")
        return None

    def action_read_all(self) -> None:
        """Takes all notices as read."""
        if not self.refused("read_all"):
            self._mark(self._list.items[0])

    def action_open(self) -> None:
        """Opens what caused the notice under the cursor."""
        if not self.refused("open"):
            self._list.action_choose()

    @on(PagedList.Chosen, "#notices")
    def _open(self, chosen: PagedList.Chosen) -> None:
        notice: Notice = chosen.item
        account = self.app.account
        assert account is not None
        self._mark(notice)
        self.app.ask(
            lambda store: line_of(store, notice, account.timezone), self._open_line, group="notice-line"
        )

    def _open_line(self, entry: Entry | None) -> None:
        if not self.is_active:  # somebody has gone on meanwhile
            return
        if entry is None:
            self.app.tell(sentence("No single line of the history caused this."))
        elif entry.cause == "blast":
            from tui.blasts.screen import BlastScreen

            self.app.push_screen(BlastScreen(int(entry.reference)))
        else:
            from tui.history.entry import EntryScreen

            self.app.push_screen(EntryScreen(entry))

    def _mark(self, notice: Notice) -> None:
        """Takes a notice and those before it as read."""
        self._read_until = max(self._read_until, notice.id)
        self._list.refresh()
        self.refresh_bindings()
        self.app.ask(
            lambda store: mark_read(store, notice.account_id, notice.id),
            lambda _: self.app.refresh_balance(),
            group="settings",
        )
