"""Whom neither the text nor the email of an emergency reached, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.sentences import N_
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.blasts.presentation import unreached
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList

if TYPE_CHECKING:
    from store.emails.emergency import Unreached


class UnreachedScreen(TextmeterScreen):
    """Of a blast by its id."""

    NAME = N_("Not reached")
    HELP: ClassVar[str] = N_(
        "Everyone an emergency was meant for who got neither the text nor the email so far. "
        "Receipts and bounced emails that come in later may change this list."
    )
    CSS_PATH = "blast.tcss"
    AUTO_FOCUS = "#unreached"

    def __init__(self, blast_id: int) -> None:
        super().__init__()
        self.blast_id = blast_id

    def actions(self) -> Iterable[Action]:
        yield Action("unreached.back", "escape", N_("Back"), N_("Back to the text"), self.leave)

    def body(self) -> ComposeResult:
        yield Static(id="unreached-count")
        yield PagedList(self._line, key=lambda one: (one.to, one.contact), id="unreached")

    def data_changed(self) -> None:
        self._pages.restart(keep_line=True)

    @property
    def _pages(self) -> PagedList[Unreached]:
        return self.query_one("#unreached", PagedList)

    @on(PagedList.PageWanted)
    def _want(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read, wanted, newest_only=True)

    async def _read(self, wanted: PagedList.PageWanted) -> None:
        found = await self.app.fetch(lambda store: store.emergency.unreached(self.blast_id))
        self.query_one("#unreached-count", Static).update(
            literal(self.app.language.say(unreached(len(found))))
        )
        wanted.pages.extend(wanted.query, found, complete=True)

    def _line(self, one: Unreached, width: int) -> Content:
        """Who, then why the text didn't, and why the email didn't."""
        language = self.app.language
        who = " ".join(dict.fromkeys(filter(None, (one.name, language.phone(one.to)))))
        room = min(max(width * 35 // 100, 16), 36)
        why = f"{language.say(one.text)} {language.say(one.email)}"
        return Content.assemble(
            Content(plain(who)).truncate(room, ellipsis=True, pad=True), "  ", literal(why)
        )
