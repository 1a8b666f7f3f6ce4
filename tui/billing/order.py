"""One order and its receipt: shown once it is placed, and any time after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError, reason
from store.sentences import N_, Sentence, sentence
from tui.base.navigation import StoreOpened
from tui.billing.paying import PayingScreen
from tui.billing.receipts import receipt_facts, receipt_text
from tui.i18n.sanitize import literal

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Order


class OrderScreen(PayingScreen):
    """An order by its number. placed: whether it was placed just now."""

    NAME = N_("Receipt")
    CSS_PATH = "orders.tcss"
    AUTO_FOCUS = "#page"
    HELP: ClassVar[str] = N_(
        "What was ordered, when, and what was charged to which card. It stays among the orders; as a text it "
        "can be copied, or saved into the folder in which Textmeter was started."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "back", N_("Back"), id="order.leave", tooltip=N_("Back to where you were")),
        Binding("t", "copy", N_("Copy as text"), id="order.copy", tooltip=N_("Copy the whole receipt")),
        Binding("s", "save", N_("Save as text"), id="order.save", tooltip=N_("Save it as a text file")),
    ]

    def __init__(self, number: int, *, placed: bool = False) -> None:
        super().__init__()
        self._number = number
        self._just_placed = placed
        self._found: tuple[Account, Product, Order] | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Static(id="placed")
            yield Static(id="receipt")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.read()

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.read()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def read(self) -> None:
        """Reads the order."""
        account, number = self.app.account, self._number
        if account is None:
            return

        def find(store: Store) -> tuple[Account, Product, Order]:
            return account, store.credits.product(account), store.credits.order(account.id, number)

        self.app.ask(find, self._read, group="orders", failed=self._not_there)
        self.read_owing()

    def _read(self, found: tuple[Account, Product, Order]) -> None:
        self._found = found
        self._show()

    def _not_there(self, error: TextmeterError) -> None:
        self.app.tell_error(error)
        self.leave()

    def _show(self) -> None:
        if self._found is None or not self.query("#receipt"):
            return
        account, product, order = self._found
        language, variables = self.app.language, self.app.theme_variables
        placed = self.query_one("#placed", Static)
        placed.display = self._just_placed
        done = language.say(sentence("Done. This is your order {order}.", order=order.number))
        placed.update(Content.styled(f"✓ {done}", f"bold {variables['success']}"))
        receipt = self.query_one("#receipt", Static)
        receipt.border_title = Content(language.gettext("Receipt"))
        facts = receipt_facts(language, product, order, account.timezone)
        label_width = max(Content(label).cell_length for label, _ in facts) + 3
        room = max(min(self.size.width, 100) - label_width - 12, 16)
        lines = []
        for label, value in facts:
            for index, line in enumerate(literal(value).wrap(room)):
                shown = "" if index else label
                lines.append(
                    Content.assemble((shown.ljust(label_width), f"{variables['foreground']} 65%"), line)
                )
        receipt.update(Content("\n").join(lines))

    def _text(self) -> str:
        assert self._found is not None
        account, product, order = self._found
        return receipt_text(self.app.language, product, order, account.timezone)

    def why_not(self, action: str) -> Sentence | None:
        """Why an action can't be done now."""
        if action == "save" and (elsewhere := self.app.no_files()):
            return sentence("{why} T copies the receipt instead.", why=elsewhere)
        return super().why_not(action)

    def action_copy(self) -> None:
        """Hands the receipt to the terminal's clipboard."""
        if self._found is not None:
            self.app.copy_to_clipboard(self._text())
            self.app.tell(sentence("The receipt is copied, if your terminal lets programs do that."))

    def action_save(self) -> None:
        """Writes the receipt into a new file."""
        if self._found is None or self.refused("save"):
            return
        text, number = self._text(), self._number
        self.app.ask(lambda _: _save(text, number), self._saved, group="receipt")

    def _saved(self, path: Path) -> None:
        self.app.tell(sentence("The receipt is saved as {path}.", path=str(path)))

    def action_back(self) -> None:
        """Back to the screen below."""
        self.leave()


def _save(text: str, number: int) -> Path:
    """Writes a text beside whatever is there already; where it is now. Raises TextmeterError."""
    count = 1
    while True:
        name = f"textmeter-receipt-{number}{f'-{count}' if count > 1 else ''}.txt"
        path = Path.cwd() / name
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            count += 1
        except OSError as error:
            raise TextmeterError(
                sentence(
                    "{path} can't be written: {why}. The receipt stays among your orders.",
                    path=str(path),
                    why=reason(error),
                )
            ) from error
        else:
            return path
