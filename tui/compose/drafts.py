"""The drafts that were kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.messages.model import Draft
from store.sentences import N_
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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Open"), id="drafts.open", tooltip=N_("Go on writing this one")),
        Binding(
            "delete", "delete", N_("Delete"), id="drafts.delete", tooltip=N_("Remove this draft for good")
        ),
        Binding("escape", "app.pop_screen", N_("Back"), id="drafts.back", tooltip=N_("Back to the text")),
    ]

    def __init__(self, drafts: Callable[[Store], list[Draft]], opened: Callable[[Draft], None]) -> None:
        super().__init__()
        self._drafts = drafts
        self._opened = opened

    def body(self) -> ComposeResult:
        yield Static(id="drafts-summary")
        yield PagedList(self._draw)

    def on_mount(self) -> None:
        self.query_one(PagedList).focus()

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.app.ask(
            self._drafts,
            lambda drafts: self._found(wanted, drafts),
            group="drafts",
            exclusive=True,
        )

    def _found(self, wanted: PagedList.PageWanted, drafts: list[Draft]) -> None:
        if not self.is_attached:  # left before the answer came
            return
        wanted.pages.extend(wanted.query, drafts, complete=True)
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

    def action_open(self) -> None:
        """Goes on with the draft under the cursor."""
        self.query_one(PagedList).action_choose()

    def action_delete(self) -> None:
        """Removes the draft under the cursor."""
        pages = self.query_one(PagedList)
        draft = pages.current
        if draft is not None:
            self.app.ask(
                lambda store: store.messages.delete_draft(draft.id), lambda _: pages.restart(), group="drafts"
            )
