"""The inbox: who wrote, what was said, and answering it in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from store.messages.model import Place, Thread
from store.sentences import N_, Key, sentence
from tui.base.actions import Action
from tui.base.navigation import Go, OpenInbox, StoreOpened
from tui.compose.editor import Composer
from tui.inbox.queries import PAGE, draft_to, earlier, opened
from tui.inbox.replying import Replying
from tui.inbox.thread_list import ThreadList
from tui.inbox.thread_view import ThreadView
from tui.inbox.who_line import WhoLine
from tui.widgets.line_list import PagedList

NO_MESSAGES_YET = sentence(
    "No messages yet. Replies to your texts and emails appear here. {key} writes one.",
    key=Key("go.compose", "f3"),
)


class InboxScreen(Replying):
    """The conversations at the left, the chosen one at the right; on a narrow terminal one of them."""

    NAME = N_("Inbox")
    CSS_PATH = "inbox.tcss"
    AUTO_FOCUS = "#threads"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (100, "-wide")]
    HELP: ClassVar[str] = N_(
        "Everyone who wrote to you, latest first. A dot marks messages nobody has read; a ! marks one that "
        "may be an opt-out, such as “wrong number”, for you to decide. Enter opens a conversation: type "
        "your reply at the bottom and press Enter to send it. Shift+Enter or Ctrl+J starts a new line."
    )
    threads = getters.query_one(ThreadList)
    search = getters.query_one("#search", Input)
    empty = getters.query_one("#empty", Static)
    who = getters.query_one(WhoLine)

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._answers = 0
        self._place: Place | None = None

    # What can be done

    def actions(self) -> Iterable[Action]:
        yield Action("inbox.back", "escape", N_("Back"), N_("Back to the list, or Home"), self.back)
        yield self.send_action()
        yield Action(
            "inbox.open",
            "enter",
            N_("Reply"),
            N_("Open the conversation to read it and reply"),
            self.open,
            why_not=self._nothing,
            shown=self._not_typing,
        )
        yield from self.deciding_actions()
        yield Action(
            "inbox.search",
            "slash",
            N_("Find"),
            N_("Search your conversations"),
            self.find,
            shown=self._not_typing,
            anywhere=True,
        )
        yield from self.person_actions()
        yield from self.template_actions()

    def _not_typing(self) -> bool:
        return self.is_mounted and not (self.reply.has_focus or self.search.has_focus)

    def _chosen(self) -> Thread | None:
        """The conversation that is looked at: as it was opened, or as it is in the list."""
        if self._opened is not None and self._opened.thread.phone == self._phone:
            return self._opened.thread
        return self.threads.current if self.is_mounted else None

    # What is there

    def body(self) -> ComposeResult:
        _ = self.gettext
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Input(self._search, placeholder=_("Search by name, number or words"), id="search")
                yield Static(id="empty")
                yield ThreadList()
            with Vertical(id="thread"):
                yield WhoLine()
                yield ThreadView()
                reply = Composer(self._answer.body, placeholder=_("Write your reply"), id="reply")
                reply.taken = self._key_in_reply
                yield reply
                yield Static(id="cost")
        self.call_after_refresh(self._draw)

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._answer.means_changed()
        self.threads.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.data_changed()

    def data_changed(self) -> None:
        """Others write and answer: what is typed and looked at stays where it is."""
        self.threads.restart(keep_line=True)
        if self._phone:
            self.load(self._read)

    @on(OpenInbox)
    def _open_inbox(self, message: OpenInbox) -> None:
        """Shows who answered a blast, or one conversation."""
        message.stop()  # it came from the app
        self._answers = message.blast_id
        self._search = self.search.value = ""
        self._to_list()
        self.threads.restart()
        if message.phone:
            self._look_at(message.phone)
            self.set_class(True, "-thread")
            self.reply.focus()

    def on_descendant_focus(self) -> None:
        """What the line above the conversation says of keys depends on where one types."""
        self._draw()

    # The list

    @on(PagedList.PageWanted, "#threads")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted, self.app.account.id, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted, account_id: int) -> None:
        search, answers, limit = self._search, self._answers, max(PAGE, wanted.count)
        found = await self.app.fetch(
            lambda store: store.conversations.threads(
                account_id, search=search, answers=answers, after=wanted.after, limit=limit
            )
        )
        self.threads.extend(wanted.query, found, complete=len(found) < limit)
        self.empty.display = not self.threads.items
        if search or answers:
            says = self.gettext("Nothing found. Esc shows everything again.")
        else:
            says = self.app.language.say(NO_MESSAGES_YET)
        self.empty.update(Content(says))
        self.refresh_bindings()

    @on(PagedList.Moved, "#threads")
    def _moved(self, moved: PagedList.Moved) -> None:
        """Beside the list, the conversation follows the cursor; not while one is writing in another."""
        if moved.item is not None and self.has_class("-wide") and not self.reply.has_focus:
            self._look_at(moved.item.phone)
        self.refresh_bindings()

    @on(PagedList.Chosen, "#threads")
    def _choose(self, chosen: PagedList.Chosen) -> None:
        self._look_at(chosen.item.phone)
        self.set_class(True, "-thread")
        if chosen.item.asks:  # the keys that decide come first; Enter once more goes on to the answer
            self.view.focus()
        else:
            self.reply.focus()
        self._mark(chosen.item.phone, unread=False)

    @on(Input.Changed, "#search")
    def _search_changed(self, changed: Input.Changed) -> None:
        if changed.value != self._search:
            self._search = changed.value
            self.threads.restart()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.threads.focus()

    # One conversation

    def _look_at(self, phone: str) -> None:
        """Goes on with a conversation; what is being written in the one before is kept."""
        if phone == self._phone:
            return
        self._phone, self._opened, self._place = phone, None, None
        self._answer.leave()
        self.reply.show("")
        self.load(self._begin, newest_only=True)

    async def _begin(self) -> None:
        """Reads what was being written there, then the conversation."""
        account, phone = self.app.account, self._phone
        if account is None:
            return
        draft = await self.app.fetch(lambda store: draft_to(store, account, phone))
        if phone != self._phone:
            return
        typed = self.reply.text  # meanwhile
        self._answer.begin(phone, draft)
        self.reply.show(draft.body + typed)
        if typed:
            self._answer.written(draft.body + typed)
        await self._read()

    async def _read(self) -> None:
        account, phone, before = self.app.account, self._phone, self._opened
        if account is None or not phone:
            return
        limit = max(PAGE, len(self.view.lines) + PAGE if before is not None else 0)
        found = await self.app.fetch(lambda store: opened(store, account, phone, limit))
        if phone != self._phone or not self.is_attached:
            return
        self._opened = found
        if found is not None:
            self._place = found.place
            self.view.show(found.lines[::-1], complete=found.place is None, anew=before is None)
            self._answer.estimate.people_may_have_changed()
        self._draw()
        self.refresh_bindings()

    @on(ThreadView.EarlierWanted)
    def _want_earlier(self) -> None:
        self.load(self._read_earlier)

    async def _read_earlier(self) -> None:
        account, phone, place = self.app.account, self._phone, self._place
        if account is None or place is None:
            return
        lines, more = await self.app.fetch(lambda store: earlier(store, account, phone, place))
        if (phone, place) == (self._phone, self._place):
            self._place = more
            self.view.show([*lines[::-1], *self.view.lines], complete=more is None)

    def _draw(self) -> None:
        """The line above the conversation, and the cost below it."""
        if self.app.account is None or not self.is_attached:
            return
        self.who.show(self._opened, writing=self.reply.has_focus)
        if self._opened is not None:
            self._show_cost()

    # The way around

    def back(self) -> None:
        """From the answer to the list, from a search to all, from the list Home."""
        if self.reply.has_focus or self.view.has_focus or self.has_class("-thread"):
            self._to_list()
        elif self._search or self._answers or self.search.has_focus:
            self._search = self.search.value = ""
            self._answers = 0
            self.threads.focus()
            self.threads.restart()
        else:
            self.post_message(Go("home"))

    def _to_list(self) -> None:
        self.set_class(False, "-thread")
        self.threads.focus()

    def find(self) -> None:
        """Puts the cursor into the search."""
        self._to_list()
        self.search.focus()

    def open(self) -> None:
        """Opens the conversation under the cursor, or goes on with the answer."""
        if self.view.has_focus:
            self.reply.focus()
        else:
            self.threads.action_choose()
