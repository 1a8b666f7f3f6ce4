"""Contacts come in from a file: which one. What it holds is looked at before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from store.errors import TextmeterError
from store.people.imports.incoming import NobodyReached
from store.people.model import ImportReport
from store.sentences import N_, sentences
from tui.base.actions import Action
from tui.contacts.import_look import ImportLookScreen
from tui.contacts.reads import ReadsFile, Wanted
from tui.i18n.sanitize import literal
from tui.widgets.path_field import PathField


class ImportScreen(ReadsFile):
    """Asks for a file and reads it; what came of it is shown on a screen above. imported: called after an
    import, with the number of the change that it is where those are to be shown whom it brought."""

    NAME = N_("Import contacts")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "In Google Contacts, choose Export, then Google CSV or vCard. In Outlook, choose "
        "File, Open & Export, Import/Export, Export to a file. In Apple Contacts, choose "
        "File, Export, Export vCard. Then type or paste the file's path here; Tab completes "
        "it. You'll see a preview before anything is imported."
    )
    summary = getters.query_one("#summary", Static)
    error = getters.query_one(".error", Static)

    def __init__(self, imported: Callable[[int | None], None]) -> None:
        super().__init__()
        self._imported = imported
        self._path = ""
        self._reading = False
        self._look: tuple[Wanted, ImportReport | NobodyReached] | None = None

    def actions(self) -> Iterable[Action]:
        yield Action(
            "import.back", "escape", N_("Back"), N_("Stop reading, or go back to your contacts"), self.back
        )

    def body(self) -> ComposeResult:
        _ = self.gettext
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(
                Content(_("CSV, Excel or vCard, from Google Contacts, Outlook, Apple Contacts and others.")),
                classes="hint",
            )
            with Horizontal(classes="field"):
                yield Label(Content(_("File")))
                yield PathField(self._path, placeholder=_("~/Downloads/contacts.csv"))
            yield Static(classes="error")
        yield Static(id="summary")

    def on_mount(self) -> None:
        self.query_one(PathField).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._show_look()

    def back(self) -> None:
        """One step back: what is being read is left, and the path stays."""
        if self._reading:
            self._stop()
        else:
            self.leave()

    @on(Input.Changed, "#path")
    def _changed(self, changed: Input.Changed) -> None:
        if changed.value != self._path:
            self._path = changed.value
            self._stop()

    def _stop(self) -> None:
        self._reading = False
        self.workers.cancel_group(self, "look")
        self.summary.display = False

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        if not self._reading and self._path.strip():
            self._reading = True
            self.error.display = False
            self._tell(self.gettext("Reading…"))
            self.run_worker(self._read(), group="look", exclusive=True)

    async def _read(self) -> None:
        account = self.app.account
        assert account is not None
        try:
            wanted = Wanted(self.query_one(PathField).path, account.country)
            self._look = wanted, await self._look_at(wanted)
        except TextmeterError as error:
            self.error.update(literal(self.app.language.say(error.says)))
            self.error.display = True
        self._reading = False
        self.summary.display = False
        self._show_look()

    async def _look_at(self, wanted: Wanted) -> ImportReport | NobodyReached:
        """What a file holds, also where no column of it reaches anybody: one may be told to."""
        try:
            return await self.look(wanted)
        except NobodyReached as error:
            if error.columns:
                return error
            raise

    def _show_look(self) -> None:
        """Shows what came of reading, once this screen is in front."""
        if self._look is not None and self.is_active:
            (wanted, look), self._look = self._look, None
            self.app.push_screen(ImportLookScreen(wanted, look, self._done))

    def _done(self, change: int | None) -> None:
        """Goes back to the contacts, and shows those of an import."""
        self._imported(change)
        self.leave()

    @on(ReadsFile.Progressed)
    def _progressed(self, message: ReadsFile.Progressed) -> None:
        if self._reading:
            says = sentences("{count} row read…", "{count} rows read…", message.rows)
            self._tell(self.app.language.say(says))

    def _tell(self, text: str) -> None:
        self.summary.display = True
        self.summary.update(Content(text))
