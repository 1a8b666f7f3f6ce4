"""What is behind one line of the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Entry, EntryDetails, Movement
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import OpenBlast, OpenCampaign, OpenInbox, OpenOrder
from tui.base.screen import TextmeterScreen
from tui.billing.receipts import order_words
from tui.history.presentation import POOLS, cause_words
from tui.history.search import Line, happened, lines
from tui.i18n.cells import left
from tui.i18n.sanitize import literal
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product


class _Found(NamedTuple):
    details: EntryDetails
    product: Product
    line: Line


class EntryScreen(TextmeterScreen):
    """One line of the history with all that is known of it, and the way to what caused it."""

    NAME = N_("History")
    CSS_PATH = "../base/form.tcss"
    AUTO_FOCUS = "Rows"
    HELP: ClassVar[str] = N_(
        "What happened, the balance before and after it, and which credits it used or "
        "changed. Credits that came together expire together, and the oldest are used first."
    )
    _rows = getters.query_one("#leads", Rows)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._found: _Found | None = None

    def actions(self) -> Iterable[Action]:
        yield Action("entry.back", "escape", N_("Back"), N_("Back to the history"), self.leave)

    def body(self) -> ComposeResult:
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(self._facts(), id="facts")
            yield Static(id="lots")
            yield Rows(id="leads")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Reads what is behind the line."""
        account, entry = self.app.account, self._entry
        assert account is not None

        def find(store: Store) -> _Found:
            details = store.credits.entry_details(account.id, entry.seq)
            (line,) = lines(store, [entry])
            return _Found(details, store.credits.product(account), line)

        self._found = await self.app.fetch(find)
        self._show()

    def _happened(self) -> str:
        if self._found is None:
            return cause_words(self.app.language, self._entry)
        return happened(self.app.language, self._found.line)

    def _facts(self) -> Content:
        _, language, entry, account = self.gettext, self.app.language, self._entry, self.app.account
        assert account is not None
        facts = [
            (_("What happened"), self._happened()),
            (_("Credits"), _(POOLS[entry.pool])),
            (_("When"), language.date_and_time(entry.at, account.timezone)),
            (_("Balance before"), language.number(entry.balance - entry.delta)),
            (_("Change"), language.signed(entry.delta)),
            (_("Balance after"), language.number(entry.balance)),
        ]
        if entry.person:
            facts.insert(1, (_("By"), entry.person))
        width = max(Content(label).cell_length for label, _value in facts) + 3
        return Content("\n").join(
            [Content.assemble((left(label, width), "$quiet"), literal(value)) for label, value in facts]
        )

    def _show(self) -> None:
        if self._found is not None and self.is_attached:
            self.query_one("#facts", Static).update(self._facts())
            self.query_one("#lots", Static).update(
                Content("\n").join(self._lots(self._found.details.movements))
            )
            self._rows.show(self._leads(self._found))
            self._rows.focus()

    def _lots(self, movements: tuple[Movement, ...]) -> list[Content]:
        language = self.app.language
        if not movements:
            return []
        variables = self.app.theme_variables
        lines = [Content(""), Content.styled(self.gettext("Which credits"), variables["quiet"])]
        width = max(len(language.signed(part.credits)) for part in movements)
        for part in movements:
            credits = Content(language.signed(part.credits).rjust(width))
            lines.append(Content.assemble("  ", credits, "  ", literal(language.say(_lot_words(part)))))
        return lines

    def _leads(self, found: _Found) -> list[Row]:
        _, entry, order = self.gettext, found.details.entry, found.details.order
        rows = []
        if entry.cause == "blast":
            blast_id = int(entry.reference)
            rows.append(
                Row(
                    _("Text"),
                    literal(" ".join(found.line.body.split())),
                    run=lambda: self.post_message(OpenBlast(blast_id)),
                )
            )
        if phone := found.line.phone:
            rows.append(
                Row(
                    _("Conversation"),
                    literal(self.app.language.phone(found.line.to)),
                    run=lambda: self.post_message(OpenInbox(phone=phone)),
                )
            )
        if entry.cause == "campaign":
            campaign_id = int(entry.reference)
            rows.append(
                Row(
                    _("Email"),
                    literal(found.line.body),
                    run=lambda: self.post_message(OpenCampaign(campaign_id)),
                )
            )
        if order is not None:
            words = self.app.language.say(order_words(found.product, order))
            label = _("Order {number}").format(number=order.number)
            rows.append(Row(label, literal(words), run=lambda: self.post_message(OpenOrder(order.number))))
        return rows


def _lot_words(part: Movement) -> Sentence:
    """Which credits a part of a line concerned."""
    lot = part.lot
    if lot.expires_on is None:
        return sentence("of {granted} added on {day}, no expiry", granted=lot.granted, day=lot.granted_on)
    return sentence(
        "of {granted} added on {day}, expires {expires}",
        granted=lot.granted,
        day=lot.granted_on,
        expires=lot.expires_on,
    )
