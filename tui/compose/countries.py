"""What a text costs country by country, where a few lines beside it can't hold them all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.messages.model import Estimate
from store.sentences import N_, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.compose.beside import row
from tui.compose.cost import Share, cost_shares
from tui.i18n.sanitize import literal
from tui.widgets.line_list import PagedList


class CountriesScreen(TextmeterScreen):
    """All countries that a text goes to, the dearest first."""

    NAME = N_("What it costs")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_("People × credits per segment there × segments, where there are several.")
    lines = getters.query_one(PagedList)

    def __init__(self, cost: Estimate) -> None:
        super().__init__()
        self._cost = cost

    def actions(self) -> Iterable[Action]:
        yield Action("countries.back", "escape,shift+f4", N_("Back"), N_("Back to the text"), self.leave)

    def body(self) -> ComposeResult:
        say, cost = self.app.language.say, self._cost
        people = sentences("{count} person", "{count} people", cost.recipients)
        credits = sentences("{count} credit", "{count} credits", cost.credits)
        yield Static(Content(f"{say(people)}  ·  {say(credits)}"), id="countries-summary")
        yield PagedList(self._draw)

    def on_mount(self) -> None:
        self.lines.focus()

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        wanted.pages.extend(wanted.query, cost_shares(self._cost, self.app.language), complete=True)

    def _draw(self, share: Share, width: int) -> Content:
        width = min(width, 76)
        name = literal(share.name).truncate(width - 26, ellipsis=True, pad=True)
        left = Content.assemble(name, "  ", (share.detail, "$quiet"))
        return row(left, Content.styled(self.app.language.number(share.credits), "$secondary"), width)
