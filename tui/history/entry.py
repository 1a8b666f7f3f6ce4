"""What is behind one line of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Entry, EntryDetails, Movement
from store.sentences import N_, Sentence, sentence
from tui.base.screen import TextmeterScreen
from tui.billing.receipts import order_words
from tui.history.presentation import POOLS, cause_words, kind_words
from tui.i18n.sanitize import literal
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product


class _Found(NamedTuple):
    details: EntryDetails
    product: Product
    body: str


class EntryScreen(TextmeterScreen):
    """One line of the history with all that is known of it, and the way to what caused it."""

    NAME = N_("History")
    CSS_PATH = "../base/form.tcss"
    AUTO_FOCUS = "Rows"
    HELP: ClassVar[str] = N_(
        "What happened, what was there before and after it, and which credits it concerned: those that came "
        "together expire together, and the oldest are used first."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", N_("Back"), id="entry.back", tooltip=N_("Back to the history")),
    ]

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._found: _Found | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(self._facts())
            yield Static(id="lots")
            yield Rows(id="leads")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        account, entry = self.app.account, self._entry
        assert account is not None

        def find(store: Store) -> _Found:
            details = store.credits.entry_details(account.id, entry.seq)
            body = store.messages.blast(int(entry.reference)).body if entry.cause == "blast" else ""
            return _Found(details, store.credits.product(account), body)

        self.app.ask(find, self._read)

    def _read(self, found: _Found) -> None:
        self._found = found
        self._show()

    def _facts(self) -> Content:
        _, language, entry, account = (
            self.gettext,
            self.app.language,
            self._entry,
            self.app.account,
        )
        assert account is not None
        facts = [
            (_("What happened"), cause_words(language, entry)),
            (_("Kind"), kind_words(language, entry.kind)),
            (_("Table"), _(POOLS[entry.pool])),
            (_("When"), language.date_and_time(entry.at, account.timezone)),
            (_("Left before it"), language.number(entry.balance - entry.delta)),
            (_("Change"), language.signed(entry.delta)),
            (_("Left after it"), language.number(entry.balance)),
            (_("Line"), language.number(entry.seq)),
        ]
        if entry.person:
            facts.insert(1, (_("By"), entry.person))
        width = max(Content(label).cell_length for label, _value in facts) + 3
        return Content("\n").join(
            [Content.assemble((label.ljust(width), "dim"), literal(value)) for label, value in facts]
        )

    def _show(self) -> None:
        if self._found is not None and self.is_attached:
            self.query_one("#lots", Static).update(
                Content("\n").join(self._lots(self._found.details.movements))
            )
            self.query_one("#leads", Rows).show(self._leads(self._found))
            self.query_one("#leads", Rows).focus()

    def _lots(self, movements: tuple[Movement, ...]) -> list[Content]:
        language = self.app.language
        if not movements:
            return []
        variables = self.app.theme_variables
        lines = [Content(""), Content.styled(self.gettext("Which credits"), f"{variables['foreground']} 70%")]
        width = max(len(language.signed(part.credits)) for part in movements)
        for part in movements:
            credits = Content(language.signed(part.credits).rjust(width))
            lines.append(Content.assemble("  ", credits, "  ", literal(language.say(_lot_words(part)))))
        return lines

    def _leads(self, found: _Found) -> list[Row]:
        _, entry, order = self.gettext, found.details.entry, found.details.order
        rows = []
        if entry.cause == "blast":
            text = literal(found.body)
            rows.append(Row(_("Text"), text, action=f"screen.open_blast({int(entry.reference)})"))
        if order is not None:
            words = self.app.language.say(order_words(found.product, order))
            label = _("Order {number}").format(number=order.number)
            rows.append(Row(label, literal(words), action=f"screen.open_order({order.number})"))
        return rows

    def action_open_blast(self, blast_id: int) -> None:
        """The text that this line is about, with what became of each message."""
        from tui.blasts.screen import BlastScreen

        self.app.push_screen(BlastScreen(blast_id))

    def action_open_order(self, number: int) -> None:
        """The receipt of the order that made this line."""
        from tui.billing.order import OrderScreen

        self.app.push_screen(OrderScreen(number))


def _lot_words(part: Movement) -> Sentence:
    """Which credits a part of a line concerned."""
    lot = part.lot
    if lot.expires_on is None:
        return sentence("of {granted} added on {day}, no expiry", granted=lot.granted, day=lot.granted_on)
    return sentence(
        "of {granted} added on {day}, gone on {expires}",
        granted=lot.granted,
        day=lot.granted_on,
        expires=lot.expires_on,
    )
