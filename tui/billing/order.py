"""One order and its receipt: shown once it is placed, and any time after."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError, reason
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import StoreOpened
from tui.billing.paying import PayingScreen
from tui.billing.receipts import receipt_facts, receipt_text
from tui.i18n.cells import left
from tui.i18n.sanitize import literal
from tui.widgets.wrapping import wrap

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
        "What you ordered, when, and how much was charged to which card. The receipt stays "
        "under Orders. You can copy it as text, or save it to the folder where you started "
        "Textmeter."
    )

    def __init__(self, number: int, *, placed: bool = False) -> None:
        super().__init__()
        self._number = number
        self._just_placed = placed
        self._found: tuple[Account, Product, Order] | None = None

    def actions(self) -> Iterable[Action]:
        yield from super().actions()
        yield Action("order.leave", "escape,enter", N_("Back"), N_("Back to where you were"), self.leave)
        yield Action("order.copy", "ctrl+c", N_("Copy as text"), N_("Copy the whole receipt"), self.copy)
        yield Action(
            "order.save",
            "s,ctrl+s",
            N_("Save as text"),
            N_("Save it as a text file"),
            self.save,
            why_not=self._not_savable,
        )

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Static(id="placed")
            yield Static(id="receipt")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.read()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    @on(StoreOpened)
    def read(self) -> None:
        super().read()
        self.load(self._read)

    async def _read(self) -> None:
        account, number = self.app.account, self._number
        if account is None:
            return

        def find(store: Store) -> tuple[Account, Product, Order]:
            return account, store.credits.product(account), store.credits.order(account.id, number)

        try:
            self._found = await self.app.fetch(find)
        except TextmeterError:
            if self._found is None:
                self.leave()
            raise
        self._show()

    def _show(self) -> None:
        if self._found is None or not self.query("#receipt"):
            return
        account, product, order = self._found
        language, variables = self.app.language, self.app.theme_variables
        placed = self.query_one("#placed", Static)
        placed.display = self._just_placed
        done = language.say(sentence("Done. Your order number is {order}.", order=order.number))
        placed.update(Content.styled(f"✓ {done}", f"bold {variables['success']}"))
        receipt = self.query_one("#receipt", Static)
        receipt.border_title = Content(language.gettext("Receipt"))
        facts = receipt_facts(language, product, order, account.timezone)
        label_width = max(Content(label).cell_length for label, _ in facts) + 3
        room = max(min(self.size.width, 100) - label_width - 12, 16)
        lines = []
        for label, value in facts:
            for index, line in enumerate(wrap(literal(value), room)):
                shown = "" if index else label
                lines.append(Content.assemble((left(shown, label_width), variables["quiet"]), line))
        receipt.update(Content("\n").join(lines))

    def _text(self) -> str:
        assert self._found is not None
        account, product, order = self._found
        return receipt_text(self.app.language, product, order, account.timezone)

    def _not_savable(self) -> Sentence | None:
        if (elsewhere := self.app.no_files()) is not None:
            return sentence(
                "{why} Press {key} to copy the receipt instead.",
                why=elsewhere,
                key=Key("order.copy", "ctrl+c"),
            )
        return None

    def copy(self) -> None:
        """Hands the receipt to the terminal's clipboard."""
        if self._found is not None:
            self.app.copy_to_clipboard(self._text())
            self.app.tell(sentence("Receipt copied, if your terminal allows it."))

    def save(self) -> None:
        """Writes the receipt into a new file."""
        if self._found is not None:
            self.app.finish(self._save(self._text()))

    async def _save(self, text: str) -> None:
        path = await self.app.fetch(lambda _: save(text, self._number))
        self.app.tell(sentence("Receipt saved as {path}.", path=str(path)))


def save(text: str, number: int) -> Path:
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
                    "Can't write {path}: {why}. The receipt stays under Orders.",
                    path=str(path),
                    why=reason(error),
                )
            ) from error
        else:
            return path
