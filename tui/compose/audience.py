"""Everybody who gets a text, and who is left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeAlias

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.messages.audience import Audience
from store.messages.model import LeftOut, Recipient
from store.sentences import N_, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal
from tui.widgets.line_list import PagedList

Line: TypeAlias = LeftOut | Recipient


class WhoScreen(TextmeterScreen):
    """The audience of a draft: first those who are left out, since there something may be mended."""

    NAME = N_("Who gets it")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Each number gets the text once, however often it was chosen. Lines with a ✗ are left out, for the "
        "reason beside them."
    )
    lines = getters.query_one(PagedList)

    def __init__(self, audience: Audience) -> None:
        super().__init__()
        self._audience = audience

    def actions(self) -> Iterable[Action]:
        yield Action(
            "who.why",
            "enter",
            N_("Why"),
            N_("Why somebody is left out"),
            self.why,
            shown=lambda: isinstance(self.lines.current, LeftOut),
        )
        yield Action("who.back", "escape,f4", N_("Back"), N_("Back to the text"), self.leave)

    def why(self) -> None:
        """Says why the one under the cursor is left out."""
        self.lines.action_choose()

    def body(self) -> ComposeResult:
        yield Static(self._summary(), id="who-summary")
        yield PagedList(self._draw)

    def on_mount(self) -> None:
        self.lines.focus()

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        lines: list[Line] = [*self._audience.left_out, *self._audience.recipients]
        wanted.pages.extend(wanted.query, lines, complete=True)

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        """The reason in full, where the line has no room for it."""
        if isinstance(chosen.item, LeftOut):
            self.app.tell(chosen.item.reason)

    def _summary(self) -> Content:
        audience, say = self._audience, self.app.language.say
        left_out = len(audience.left_out)
        parts = [sentences("{count} person gets it", "{count} people get it", len(audience.recipients))]
        if left_out:
            parts.append(sentences("{count} is left out", "{count} are left out", left_out))
        if audience.merged:
            parts.append(
                sentences("{count} was chosen twice", "{count} were chosen more than once", audience.merged)
            )
        return Content("  ·  ".join(map(say, parts)))

    def _draw(self, line: Line, width: int) -> Content:
        column = max(16, min(32, width - 36))
        if isinstance(line, LeftOut):
            to = literal(line.to).truncate(column - 2, ellipsis=True)
            says = literal(self.app.language.say(line.reason)).stylize("$foreground 70%")
            return Content.assemble(("✗ ", "$error"), to.pad_right(column - to.cell_length), says)
        name = literal(line.name).truncate(column - 2, ellipsis=True)
        phone = literal(line.phone)
        territory = literal(self.app.language.territory(line.region)).stylize("$foreground 70%")
        return Content.assemble(
            "  ",
            name.pad_right(column - name.cell_length),
            phone.pad_right(max(20 - phone.cell_length, 1)),
            territory,
        )
