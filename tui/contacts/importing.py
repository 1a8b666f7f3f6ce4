"""Contacts come in from a file, and what became of each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from store.errors import TextmeterError
from store.paths import typed_path
from store.people.model import ImportReport, Row
from store.sentences import N_, sentence, sentences
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList
from tui.widgets.path_suggester import PathSuggester

OUTCOMES = {
    "added": N_("added"),
    "merged": N_("merged"),
    "unchanged": N_("unchanged"),
    "refused": N_("left out"),
}


class ImportScreen(TextmeterScreen):
    """Asks for a file, imports it in the background, and tells what was taken, merged or left out, and
    why. imported: called when the import was done after the screen was left."""

    NAME = N_("Import contacts")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "In Google Contacts choose Export, then Google CSV or vCard. In Outlook choose File, Open & "
        "Export, Export to a file. In Apple Contacts choose File, Export, Export vCard. Then type or paste "
        "the path of "
        "the file here; the right arrow takes a completion."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", N_("Back"), id="import.back", tooltip=N_("Back to the contacts")),
    ]

    def __init__(self, imported: Callable[[], None]) -> None:
        super().__init__()
        self._imported = imported
        self._path = ""
        self._report: ImportReport | None = None

    def body(self) -> ComposeResult:
        _ = self.gettext
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(
                Content(_("A file that Google Contacts, Outlook or Apple Contacts exported: CSV or vCard.")),
                classes="hint",
            )
            with Horizontal(classes="field"):
                yield Label(Content(_("File")))
                yield Input(
                    self._path,
                    placeholder=_("~/Downloads/contacts.csv"),
                    suggester=PathSuggester(),
                    id="path",
                )
            yield Static(classes="error")
        yield Static(id="summary")
        yield PagedList(self._line, id="rows")
        yield Static(id="reason")

    def on_mount(self) -> None:
        self.query_one("#path", Input).focus()
        if self._report is not None:
            self._done(self._report)

    @on(Input.Changed, "#path")
    def _changed(self, changed: Input.Changed) -> None:
        self._path = changed.value

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        account = self.app.account
        assert account is not None
        path = typed_path(self._path.strip().strip("'\""))
        self.query_one(".error", Static).display = False
        self._tell(self.gettext("Reading…"))
        self.app.ask(
            lambda store: store.people.import_file(path, region=account.country, progress=self._progress),
            self._done,
            group="import",
            exclusive=True,
            failed=self._failed,
        )

    def _progress(self, rows: int) -> None:
        """Called in the thread that imports, which goes on when this screen is left."""
        if self.is_attached:
            self.app.hand_back(self._progressed, rows)

    def _progressed(self, rows: int) -> None:
        self._tell(self.app.language.say(sentences("{count} row read…", "{count} rows read…", rows)))

    def _tell(self, text: str) -> None:
        if not self.is_attached:
            return
        summary = self.query_one("#summary", Static)
        summary.display = True
        summary.update(Content(text))

    def _failed(self, error: TextmeterError) -> None:
        if not self.is_attached:
            self.app.tell_error(error)
            return
        self.query_one("#summary", Static).display = False
        says = self.query_one(".error", Static)
        says.update(Content(plain(self.app.language.say(error.says))))
        says.display = True

    def _done(self, report: ImportReport) -> None:
        self._report = report
        counts = {
            "added": sentences("{count} added", "{count} added", report.added),
            "merged": sentences("{count} merged", "{count} merged", report.merged),
            "unchanged": sentences("{count} unchanged", "{count} unchanged", report.unchanged),
            "refused": sentences("{count} left out", "{count} left out", len(report.refused)),
        }
        if not self.is_attached:  # left before the import was done
            says = sentence("The contacts are imported: {added}, {merged}, {unchanged}, {refused}.", **counts)
            self.app.tell(says)
            self._imported()
            return
        self._tell("   ".join(map(self.app.language.say, counts.values())))
        rows: PagedList[Row] = self.query_one("#rows", PagedList)
        rows.display = bool(report.rows)
        rows.restart()
        if report.rows:
            rows.focus()

    @on(PagedList.PageWanted, "#rows")
    def _rows_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self._report is not None:
            wanted.pages.extend(wanted.query, self._report.rows, complete=True)

    @on(PagedList.Moved, "#rows")
    def _moved(self, moved: PagedList.Moved) -> None:
        """The reason of the line under the cursor, in full: a narrow screen cuts it in the list."""
        row: Row | None = moved.item
        reason = self.query_one("#reason", Static)
        reason.display = row is not None and row.reason is not None
        if row is not None and row.reason is not None:
            reason.update(literal(self.app.language.say(row.reason)))

    def _line(self, row: Row, width: int) -> Content:
        language = self.app.language
        reason = language.say(row.reason) if row.reason else ""
        return Content.assemble(
            (self.gettext("row {number}").format(number=language.number(row.number)).ljust(12), "dim"),
            self.gettext(OUTCOMES[row.outcome]).ljust(14),
            literal(row.name).truncate(min(24, width // 4), ellipsis=True, pad=True),
            "  ",
            literal(reason),
        ).truncate(width, ellipsis=True)
