"""The emails that were sent, to one person or to thousands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.emails.model import CampaignSummary
from store.sentences import N_, Key, sentence
from store.texts.merge import sketch
from tui.base.actions import Action
from tui.base.master_detail import MasterDetail
from tui.base.navigation import Go, GoOnWriting, OpenCampaign, StoreOpened
from tui.emails.campaign_view import email, progress
from tui.emails.presentation import leaves_or_left, standing
from tui.i18n.cells import right
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, PagedList
from tui.widgets.wrapping import MOST_TEXT

PAGE = 100
PEOPLE, STANDS, WHEN, NARROW_WHEN = 7, 26, 32, 20
"""Cells of the columns beside the subject; of the last one where there is little room."""
FOR_THE_TIME, FOR_EACH_ONES_DAY = 74, 96
"""Cells from which on a line has room for when it leaves, and for whose clock that is."""


class CampaignsScreen(MasterDetail):
    """An account's campaigns, the newest first; Enter opens one."""

    NAME = N_("Sent emails")
    CSS_PATH = "emails.tcss"
    HELP: ClassVar[str] = N_(
        "Every email you've sent, to one person or to a group, and its progress. Enter opens "
        "one: who got it, and why someone didn't."
    )
    pages: getters.query_one[PagedList[CampaignSummary]] = getters.query_one(PagedList)
    summary = getters.query_one("#campaigns-summary", Static)
    _today = date.min
    """As of the last reading."""

    def actions(self) -> Iterable[Action]:
        yield Action("campaigns.open", "enter", N_("Open"), N_("Who got it, and who didn't"), self.open)
        yield Action(
            "campaigns.write",
            "c,w",
            N_("Write"),
            N_("Write an email"),
            lambda: self.post_message(GoOnWriting()),
        )
        yield Action(
            "campaigns.back", "escape", N_("Back"), N_("Back to Home"), lambda: self.post_message(Go("home"))
        )

    def body(self) -> ComposeResult:
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Static(id="campaigns-summary")
                yield Head(self._columns)
                yield PagedList(self._draw, key=attrgetter("id"))
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="campaign-beside")

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
        found, self._today = await self.app.fetch(
            lambda store: (
                store.emails.campaigns(account.id, before=before, limit=limit),
                store.credits.today(account.id),
            )
        )
        self.pages.extend(wanted.query, found, complete=len(found) < limit)
        empty = self.app.language.say(
            sentence("No emails sent yet. {key} writes one.", key=Key("campaigns.write", "c"))
        )
        self.summary.display = not self.pages.items
        self.summary.update(Content(empty))
        self.query_one(Head).refresh()

    def _columns(self, width: int) -> Content:
        if not self.pages.items:
            return Content("")
        _ = self.gettext
        return self._in_columns(
            width, Content(_("Subject")), _("People"), Content(_("Progress")), Content(_("When"))
        )

    def _draw(self, campaign: CampaignSummary, width: int) -> Content:
        """What it is about, to whom, how it stands, and when it leaves or has left."""
        language, account = self.app.language, self.app.account
        timezone = account.timezone if account is not None else "UTC"
        short = width < FOR_EACH_ONES_DAY
        when = leaves_or_left(campaign, language, self._today, timezone, short=short)
        return self._in_columns(
            width,
            literal(sketch(campaign.subject)),
            language.number(campaign.recipients),
            literal(standing(language, campaign)),
            Content.styled(when, "$quiet"),
        )

    def _in_columns(
        self, width: int, subject: Content, count: str, stands: Content, when: Content
    ) -> Content:
        for_when = WHEN if width >= FOR_EACH_ONES_DAY else NARROW_WHEN if width >= FOR_THE_TIME else 0
        room = width - PEOPLE - STANDS - 4 - for_when
        return Content.assemble(
            subject.truncate(max(room, 10), ellipsis=True, pad=True),
            right(count, PEOPLE),
            "  ",
            stands.truncate(STANDS, ellipsis=True, pad=True),
            Content("  ") + when if for_when else "",
        ).truncate(width, ellipsis=True)

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self.look_beside()

    async def read_beside(self) -> None:
        """Shows the email under the cursor, of which the list knows all that its own screen begins with."""
        campaign, account, says = self.pages.current, self.app.account, list[Content]()
        if campaign is not None and account is not None:
            variables = self.app.theme_variables
            says = progress(self.app.language, variables, campaign, account.timezone, MOST_TEXT)
            says += [Content(""), email(campaign.subject, campaign.body)]
        self.query_one("#campaign-beside", Static).update(Content("\n").join(says))

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.post_message(OpenCampaign(chosen.item.id))

    def open(self) -> None:
        """Opens the one under the cursor."""
        self.pages.action_choose()
