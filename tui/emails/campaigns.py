"""The emails that were sent, to one person or to thousands."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.emails.model import CampaignSummary
from store.sentences import N_
from tui.base.actions import Action
from tui.base.navigation import Go, GoOnWriting, OpenCampaign, StoreOpened
from tui.base.screen import TextmeterScreen
from tui.emails.presentation import people, standing
from tui.i18n.sanitize import literal
from tui.widgets.line_list import PagedList

PAGE = 100
FOR_THE_TIME = 60
"""Cells from which on a line has room for when it was sent."""


class CampaignsScreen(TextmeterScreen):
    """An account's campaigns, the newest first; Enter opens one."""

    NAME = N_("Sent emails")
    CSS_PATH = "emails.tcss"
    HELP: ClassVar[str] = N_(
        "Every email that was sent, whether to one person or to a group, and how far it is. Enter opens one: "
        "who got it, and why somebody didn't."
    )
    pages: getters.query_one[PagedList[CampaignSummary]] = getters.query_one(PagedList)
    summary = getters.query_one("#campaigns-summary", Static)

    def actions(self) -> Iterable[Action]:
        yield Action("campaigns.open", "enter", N_("Open"), N_("Who got it, and who didn't"), self.open)
        yield Action(
            "campaigns.write",
            "c",
            N_("Write"),
            N_("Write an email"),
            lambda: self.post_message(GoOnWriting()),
        )
        yield Action(
            "campaigns.back", "escape", N_("Home"), N_("What is left"), lambda: self.post_message(Go("home"))
        )

    def body(self) -> ComposeResult:
        yield Static(id="campaigns-summary")
        yield PagedList(self._draw, key=attrgetter("id"))

    def on_mount(self) -> None:
        self.pages.focus()

    @on(StoreOpened)
    def data_changed(self) -> None:
        self.pages.restart(keep_line=True)

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read, wanted, newest_only=True)

    async def _read(self, wanted: PagedList.PageWanted) -> None:
        account = self.app.account
        assert account is not None
        before, limit = wanted.after.id if wanted.after is not None else None, max(PAGE, wanted.count)
        found = await self.app.fetch(
            lambda store: store.emails.campaigns(account.id, before=before, limit=limit)
        )
        self.pages.extend(wanted.query, found, complete=len(found) < limit)
        empty = self.gettext("No email was sent yet. c writes one.")
        self.summary.display = not self.pages.items
        self.summary.update(Content(empty))

    def _draw(self, campaign: CampaignSummary, width: int) -> Content:
        """What it is about, to whom, how it stands, and when it was sent."""
        language, account = self.app.language, self.app.account
        when = ""
        if account is not None and width >= FOR_THE_TIME:
            when = "  " + language.date_and_time(campaign.created_at, account.timezone)
        stands = literal(standing(language, campaign))
        end = Content.assemble(
            people(language, campaign), "  ", stands, Content.styled(when, "$foreground 70%")
        )
        room = max(width - end.cell_length - 2, 12)
        return Content.assemble(
            literal(campaign.subject).truncate(room, ellipsis=True, pad=True), "  ", end
        ).truncate(width, ellipsis=True)

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.post_message(OpenCampaign(chosen.item.id))

    def open(self) -> None:
        """Opens the one under the cursor."""
        self.pages.action_choose()
