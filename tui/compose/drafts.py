"""The drafts that were kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.messages.model import Draft
from store.sentences import N_
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal
from tui.widgets.line_list import PagedList


class DraftsScreen(TextmeterScreen):
    """Lists drafts, latest first; Enter opens one. drafts: reads them from the store; opened: called with the
    one that was chosen."""

    NAME = N_("Drafts")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Enter opens a draft; the one that you were writing is kept. Delete removes one for good."
    )
    pages = getters.query_one(PagedList)

    def __init__(self, drafts: Callable[[Store], list[Draft]], opened: Callable[[Draft], None]) -> None:
        super().__init__()
        self._drafts = drafts
        self._opened = opened

    def actions(self) -> Iterable[Action]:
        yield Action("drafts.open", "enter", N_("Open"), N_("Go on writing this one"), self.open)
        yield Action("drafts.delete", "delete", N_("Delete"), N_("Remove this draft for good"), self.delete)
        yield Action("drafts.back", "escape", N_("Back"), N_("Back to the text"), self.leave)

    def body(self) -> ComposeResult:
        yield Static(id="drafts-summary")
        yield PagedList(self._draw)

    def on_mount(self) -> None:
        self.pages.focus()

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        drafts = await self.app.fetch(self._drafts)
        self.pages.extend(query, drafts, complete=True)
        says = self.ngettext("{count} draft", "{count} drafts", len(drafts)).format(
            count=self.app.language.number(len(drafts))
        )
        empty = self.gettext("There is no draft. What you write is kept here until it is sent.")
        self.query_one("#drafts-summary", Static).update(Content(says if drafts else empty))

    def _draw(self, draft: Draft, width: int) -> Content:
        language, account = self.app.language, self.app.account
        when = ""
        if draft.saved_at is not None and account is not None:
            when = language.date_and_time(draft.saved_at, account.timezone)
        people = len(draft.to) + len(draft.contacts) + len(draft.groups)
        note = self.ngettext("{count} chosen", "{count} chosen", people).format(count=language.number(people))
        end = Content.styled(f"  {note}  {when}", "$foreground 70%")
        words = literal(" ".join(draft.body.split()) or self.gettext("without a text"))
        return Content.assemble(words.truncate(max(width - end.cell_length, 8), ellipsis=True, pad=True), end)

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.leave()
        self._opened(chosen.item)

    def open(self) -> None:
        """Goes on with the draft under the cursor."""
        self.pages.action_choose()

    def delete(self) -> None:
        """Removes the draft under the cursor."""
        draft = self.pages.current
        if draft is not None:
            self.app.finish(self._delete(draft.id))

    async def _delete(self, draft_id: int) -> None:
        await self.app.fetch(lambda store: store.messages.delete_draft(draft_id))
        if self.is_attached:
            self.pages.restart()
