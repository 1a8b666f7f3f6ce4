"""The drafts that were kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.messages.model import Draft
from store.sentences import N_, Key, sentence
from store.texts.merge import sketch
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.compose.queries import Kept, kept
from tui.compose.reach import Reach
from tui.i18n.sanitize import literal
from tui.widgets.line_list import PagedList

UNDO = Key("undo", "z")
FOR_THE_TIME = 60
"""Cells from which on a line has room for when it was written."""


class DraftsScreen(TextmeterScreen):
    """Lists drafts, latest first; Enter opens one. drafts: reads them from the store; reach: how their
    people are reached; opened: called with the one that was chosen."""

    NAME = N_("Drafts")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Enter opens a draft; the one that you were writing is kept. {delete} removes one, {undo} "
        "brings it back."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "delete": Key("drafts.delete", "d"),
        "undo": UNDO,
    }
    pages: getters.query_one[PagedList[Kept]] = getters.query_one(PagedList)

    def __init__(
        self, drafts: Callable[[Store], list[Draft]], reach: Reach, opened: Callable[[Draft], None]
    ) -> None:
        super().__init__()
        self._drafts = drafts
        self._reach = reach
        self._opened = opened

    def actions(self) -> Iterable[Action]:
        yield Action("drafts.open", "enter", N_("Open"), N_("Keep writing this one"), self.open)
        yield Action(
            "drafts.delete",
            "d,delete",
            N_("Delete"),
            sentence("Delete this draft; {key} brings it back", key=UNDO),
            self.delete,
        )
        yield Action("drafts.back", "escape", N_("Back"), N_("Back to the text"), self.leave)

    def body(self) -> ComposeResult:
        yield Static(id="drafts-summary")
        yield PagedList(self._draw, key=attrgetter("draft.id"))

    def on_mount(self) -> None:
        self.pages.focus()

    def data_changed(self) -> None:
        self.pages.restart(keep_line=True)

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        language, account = self.app.language, self.app.account
        assert account is not None, "drafts are listed once the database is open"
        drafts = await self.app.fetch(
            lambda store: kept(store, self._drafts(store), language, account.id, self._reach)
        )
        self.pages.extend(query, drafts, complete=True)
        says = self.ngettext("{count} draft", "{count} drafts", len(drafts)).format(
            count=language.number(len(drafts))
        )
        empty = self.gettext("No drafts. What you write is kept here until you send it.")
        self.query_one("#drafts-summary", Static).update(Content(says if drafts else empty))

    def _draw(self, kept: Kept, width: int) -> Content:
        """Who gets it, what it says, and when it was written last."""
        language, account, draft = self.app.language, self.app.account, kept.draft
        when = ""
        if draft.saved_at is not None and account is not None and width >= FOR_THE_TIME:
            when = f"  {language.date_and_time(draft.saved_at, account.timezone)}"
        end = Content.styled(when, "$quiet")
        column = min(max(width // 3, 12), 32)
        more = ""
        if kept.others:
            more = " " + self.ngettext("+{count} more", "+{count} more", kept.others).format(
                count=language.number(kept.others)
            )
        to = literal(kept.to or self.gettext("nobody yet"))
        to = to.truncate(column - len(more), ellipsis=True) + Content.styled(more, "$quiet")
        says = " ".join(sketch(f"{draft.subject} {draft.body}").split())
        text = literal(says or self.gettext("no text yet"))
        room = max(width - column - 2 - end.cell_length, 8)
        return Content.assemble(
            to.pad_right(column + 2 - to.cell_length), text.truncate(room, ellipsis=True, pad=True), end
        )

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.leave()
        self._opened(chosen.item.draft)

    def open(self) -> None:
        """Goes on with the draft under the cursor."""
        self.pages.action_choose()

    def delete(self) -> None:
        """Removes the draft under the cursor."""
        kept = self.pages.current
        if kept is not None:
            self.app.finish(self._delete(kept.draft))

    async def _delete(self, draft: Draft) -> None:
        await self.app.fetch(lambda store: store.messages.delete_draft(draft.id))
        anew = replace(draft, id=0, version=0)  # an id that was deleted isn't used again
        deed = Deed(sentence("Undone: the draft is back."), lambda store: store.messages.save_draft(anew))
        self.app.did(sentence("The draft is deleted."), deed)
        if self.is_attached:
            self.pages.restart(keep_line=True)
