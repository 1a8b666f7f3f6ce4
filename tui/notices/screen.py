"""Notices: which thresholds of use were reached, when, by what, and whom that was told."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Notice
from store.credits.notices import UNPAID_CAUSE
from store.notices import MOST, line_of, mark_read, read_until
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import BuyCredits, Go, OpenBlast, OpenEntry, StoreOpened
from tui.base.screen import TextmeterScreen
from tui.notices.presentation import cause_of, reached_words, told
from tui.notices.presentation import reached as words_of
from tui.widgets.line_list import Head, PagedList
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store.credits.model import Account


WITH_PLACE, CAUSE = 100, 32
"""Cells of a line from which on it says, too, where the notice was told, and of what caused it there."""


class NoticesScreen(TextmeterScreen):
    """The inbox of an account's notices, the newest first."""

    NAME = N_("Notices")
    CSS_PATH = "notices.tcss"
    AUTO_FOCUS = "#notices"
    HELP: ClassVar[str] = N_(
        "You get a notice when the credits you've used or reserved reach a certain percentage of what you "
        "can use in a month. Each notice comes once; it can come again when credits are added or a new "
        "month begins. Enter opens what caused it and marks it and the earlier ones as read."
    )

    def __init__(self) -> None:
        super().__init__()
        self._read_until = 0

    def actions(self) -> Iterable[Action]:
        def go(id: str, key: str, mode: str, label: str, tooltip: str) -> Action:
            return Action(id, key, label, tooltip, lambda: self.post_message(Go(mode)))

        yield go("notices.back", "escape", "home", N_("Back"), N_("Back to Home"))
        yield Action(
            "notices.open",
            "enter",
            N_("Open"),
            N_("Show what caused this notice"),
            self._open,
            why_not=lambda: None if self._list.items else sentence("There are no notices yet."),
        )
        yield Action(
            "notices.all",
            "asterisk",
            N_("All read"),
            N_("Mark all notices as read"),
            self._read_all,
            why_not=self._none_unread,
        )
        yield go("go.usage", "g u", "usage", N_("Usage"), N_("What you used"))
        yield go("go.plans", "f12,g l", "plans", N_("Plans"), N_("Compare your plan with all the others"))
        yield Action(
            "notices.buy",
            "b",
            N_("Buy credits"),
            N_("Extra credits on top of your plan"),
            lambda: self.post_message(BuyCredits()),
            why_not=self.app.owners_only,
            shown=lambda: self.app.sells_credits,
        )

    def body(self) -> ComposeResult:
        self._empty, self._about, self._ways = Static(id="empty"), Static(id="about"), Rows(id="ways")
        self._list: PagedList[Notice] = PagedList(self._line, key=attrgetter("id"), id="notices")
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Head(self._columns)
                yield self._empty
                yield self._list
            with Vertical(id="detail"):
                yield self._about
                yield self._ways

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._list.restart()

    # What is shown

    @on(PagedList.PageWanted, "#notices")
    def _want(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted.query, self.app.account, newest_only=True)

    async def _read_page(self, query: int, account: Account) -> None:
        notices, self._read_until, thresholds = await self.app.fetch(
            lambda store: (
                store.credits.notices(account.id, limit=MOST),
                read_until(store, account.id),
                store.credits.product(account).thresholds,
            )
        )
        self._list.extend(query, notices, complete=True)
        self._empty.display = not notices
        language = self.app.language
        percents = language.listing([language.percent(threshold * 10) for threshold in thresholds])
        says = sentence(
            "No notices yet. You get one at {percents} of what you can use in a month, on screen and by "
            "email, and you can read them here later.",
            percents=percents,
        )
        self._empty.update(Content(language.say(says)))
        self.refresh_bindings()

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(" ", _("Reached"), _("When"), _("What caused it"), _("Notification"), width)

    def _line(self, notice: Notice, width: int) -> Content:
        language, account = self.app.language, self.app.account
        new = self._is_new(notice)
        mark = "●" if new else "✓" if notice.channels else " "
        reached = words_of(language, notice)
        if notice.kind == "carried":
            reached = f"({reached})"
        when = language.date_and_time(notice.at, account.timezone if account else "UTC")
        line = self._row(mark, reached, when, language.say(cause_of(notice)), told(language, notice), width)
        return line.stylize("bold") if new else line

    def _row(self, mark: str, reached: str, when: str, cause: str, told: str, width: int) -> Content:
        """Where it was told stands in the line where there is room, and for the cursor's line below."""
        for_when = self.app.language.most_date_and_time + 2
        parts: list[str | Content] = [
            f"{mark}  ",
            Content(reached).truncate(10, pad=True),
            Content(when).truncate(for_when, pad=True),
        ]
        room = max(width - 13 - for_when, 0)
        if width >= WITH_PLACE:
            parts.append(Content(cause).truncate(CAUSE, ellipsis=True, pad=True))
            cause, room = told, max(room - CAUSE, 0)
        return Content.assemble(*parts, Content(cause).truncate(room, ellipsis=True))

    def _is_new(self, notice: Notice) -> bool:
        return bool(notice.channels) and notice.id > self._read_until

    @on(PagedList.Moved, "#notices")
    def _moved(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        """The notice under the cursor in words, and what can be done about it."""
        notice, language = self._list.current, self.app.language
        self._ways.show([] if notice is None else self._about_it(notice))
        if notice is None:
            self._about.update(Content(""))
            return
        if notice.cause == UNPAID_CAUSE:
            unpaid = sentence(
                "The renewal wasn't paid; its credits come once it is. {cause}; {told}.",
                cause=cause_of(notice),
                told=told(language, notice),
            )
            self._about.update(Content(language.say(unpaid)))
            return
        says = sentence(
            "{used} that month, including reserved. {cause}; {told}.",
            used=reached_words(language, notice),
            cause=cause_of(notice),
            told=told(language, notice),
        )
        self._about.update(Content(language.say(says)))

    def _about_it(self, notice: Notice) -> list[Row]:
        """What one does about a notice: pay what is owed, else see where the credits went, and get more."""
        _, key = self.gettext, self.key_of
        if notice.cause == UNPAID_CAUSE:
            return [
                Row(
                    "",
                    Content(_("Pay it")),
                    run=lambda: self.post_message(Go("home")),
                    key=key("notices.open"),
                )
            ]
        ways = [
            ("notices.open", _("Show what caused this notice")),
            ("go.usage", _("What you used")),
            ("go.plans", _("Choose a larger plan")),
            ("notices.buy", _("Buy credits")),
        ]
        return [
            Row("", Content(what), run=partial(self.action_act, id), key=key(id))
            for id, what in ways
            if self.acts[id].shown()
        ]

    def balance_changed(self) -> None:
        """Notices come with a change of the balance; they may have been told since the screen was left."""
        super().balance_changed()
        self._list.restart(keep_line=True)

    # What can be done

    def _none_unread(self) -> Sentence | None:
        """Why there is nothing to be taken as read."""
        if any(map(self._is_new, self._list.items)):
            return None
        return sentence("All notices are already read.")

    def _read_all(self) -> None:
        """Takes all notices as read."""
        self._mark(self._list.items[0])

    def _open(self) -> None:
        """Opens what caused the notice under the cursor."""
        self._list.action_choose()

    @on(PagedList.Chosen, "#notices")
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        account = self.app.account
        assert account is not None
        self._mark(chosen.item)
        self.load(self._lead, chosen.item, account.timezone, newest_only=True)

    async def _lead(self, notice: Notice, timezone: str) -> None:
        """Opens what caused a notice."""
        if notice.cause == UNPAID_CAUSE:
            self.post_message(Go("home"))  # where it is paid
            return
        entry = await self.app.fetch(lambda store: line_of(store, notice, timezone))
        if not self.is_active:  # somebody has gone on meanwhile
            return
        if entry is None:
            self.app.tell(sentence("This wasn't caused by a single line in the history."))
        elif entry.cause == "blast":
            self.post_message(OpenBlast(int(entry.reference)))
        else:
            self.post_message(OpenEntry(entry))

    def _mark(self, notice: Notice) -> None:
        """Takes a notice and those before it as read."""
        self._read_until = max(self._read_until, notice.id)
        self._list.refresh()
        self.refresh_bindings()
        self.app.finish(self._keep_read(notice))

    async def _keep_read(self, notice: Notice) -> None:
        await self.app.fetch(lambda store: mark_read(store, notice.account_id, notice.id))
        self.app.refresh_balance()
