"""All that is known of one line of the history, for its own screen as for the side of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Entry, Movement
from store.sentences import Sentence, sentence
from tui.base.navigation import OpenBlast, OpenCampaign, OpenInbox, OpenOrder
from tui.base.session_app import SessionApp
from tui.billing.receipts import order_words
from tui.history.presentation import POOLS
from tui.history.queries import Behind
from tui.history.search import happened
from tui.i18n.cells import left
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.widgets.link_list import Row, Rows


class EntryView(VerticalScroll, can_focus=False):
    """Draws a line's facts, the credits that it concerned, the message that it was for, and where one can go
    from there."""

    app = getters.app(SessionApp)
    leads = getters.query_one("#leads", Rows)
    """Where one can go: to the text, the conversation, the order."""

    DEFAULT_CSS = """
    EntryView > Static { height: auto; max-width: 76; }
    EntryView > Rows { max-width: 76; }
    EntryView > .-empty { display: none; }
    EntryView > #message, EntryView > #lots, EntryView > #leads { margin-top: 1; }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="facts")
        yield Static(id="lots", classes="-empty")
        yield Static(id="message", classes="-empty")
        leads = Rows(id="leads")
        leads.add_class("-empty")
        yield leads

    def show(self, found: Behind | None) -> None:
        """Shows a line, or none."""
        facts: Content = Content("")
        lots: list[Content] = []
        message, rows = Content(""), list[Row]()
        if found is not None:
            facts = self._facts(found)
            lots = list(self._lots(found.details.movements))
            message = literal(found.line.body, lines=True)
            rows = list(self._leads(found))
        self._fill("#facts", facts)
        self._fill("#lots", Content("\n").join(lots))
        self._fill("#message", message)
        self.leads.show(rows)
        self.leads.set_class(not rows, "-empty")
        self.scroll_home(animate=False)

    def _fill(self, name: str, says: Content) -> None:
        static = self.query_one(name, Static)
        static.update(says)
        static.set_class(not says.plain, "-empty")

    def _facts(self, found: Behind) -> Content:
        account = self.app.account
        assert account is not None, "lines are read once there is an account"
        return facts(
            self.app.language, found.details.entry, happened(self.app.language, found.line), account.timezone
        )

    def _lots(self, movements: tuple[Movement, ...]) -> Iterator[Content]:
        language = self.app.language
        if not movements:
            return
        yield Content.styled(language.gettext("Which credits"), "$quiet")
        width = max(len(language.signed(part.credits)) for part in movements)
        for part in movements:
            credits = Content(language.signed(part.credits).rjust(width))
            yield Content.assemble("  ", credits, "  ", literal(language.say(_lot_words(part))))

    def _leads(self, found: Behind) -> Iterable[Row]:
        language, entry, order = self.app.language, found.details.entry, found.details.order
        _, post = language.gettext, self.post_message
        if entry.cause == "blast":
            blast_id = int(entry.reference)
            yield Row(_("Text"), Content(_("Who got it")), run=lambda: post(OpenBlast(blast_id)))
        if phone := found.line.phone:
            number = literal(language.phone(found.line.to))
            yield Row(_("Conversation"), number, run=lambda: post(OpenInbox(phone=phone)))
        if entry.cause == "campaign":
            campaign_id = int(entry.reference)
            yield Row(_("Email"), Content(_("Who got it")), run=lambda: post(OpenCampaign(campaign_id)))
        if order is not None:
            label = _("Order {number}").format(number=order.number)
            words = literal(language.say(order_words(found.product, order)))
            yield Row(label, words, run=lambda: post(OpenOrder(order.number)))


def facts(language: Language, entry: Entry, happened: str, timezone: str) -> Content:
    """What the ledger says of a line, a fact a row. happened: in words."""
    _ = language.gettext
    known = [
        (_("What happened"), happened),
        *([(_("By"), entry.person)] if entry.person else []),
        (_("Credits"), _(POOLS[entry.pool])),
        (_("When"), language.date_and_time(entry.at, timezone)),
        (_("Balance before"), language.number(entry.balance - entry.delta)),
        (_("Change"), language.signed(entry.delta)),
        (_("Balance after"), language.number(entry.balance)),
    ]
    width = max(Content(label).cell_length for label, _value in known) + 3
    return Content("\n").join(
        Content.assemble((left(label, width), "$quiet"), literal(value)) for label, value in known
    )


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
