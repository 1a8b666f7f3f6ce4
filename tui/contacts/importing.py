"""Contacts come in from a file, and what became of each row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from store.errors import TextmeterError
from store.people.model import ImportReport, Row
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList
from tui.widgets.path_field import PathField

OUTCOMES = {
    "added": N_("added"),
    "merged": N_("merged"),
    "unchanged": N_("unchanged"),
    "refused": N_("left out"),
    "left-out": N_("left out"),
}


class ImportScreen(TextmeterScreen):
    """Asks for a file, imports it in the background, and tells what was taken, merged or left out, and
    why. imported: called when the import was done after the screen was left."""

    class Progressed(Message):
        """So many rows were read. Posted by the thread that imports."""

        def __init__(self, rows: int) -> None:
            super().__init__()
            self.rows = rows

    NAME = N_("Import contacts")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "In Google Contacts choose Export, then Google CSV or vCard. In Outlook choose File, Open & "
        "Export, Export to a file. In Apple Contacts choose File, Export, Export vCard. Then type or paste "
        "the path of "
        "the file here; Tab completes it."
    )
    summary = getters.query_one("#summary", Static)
    reason = getters.query_one("#reason", Static)
    error = getters.query_one(".error", Static)
    rows: getters.query_one[PagedList[Row]] = getters.query_one("#rows", PagedList)

    def __init__(self, imported: Callable[[], None]) -> None:
        super().__init__()
        self._imported = imported
        self._path = ""
        self._report: ImportReport | None = None
        self._importing = False

    def actions(self) -> Iterable[Action]:
        yield Action("import.back", "escape", N_("Back"), N_("Back to the contacts"), self.leave)

    def body(self) -> ComposeResult:
        _ = self.gettext
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(
                Content(_("A file that Google Contacts, Outlook or Apple Contacts exported: CSV or vCard.")),
                classes="hint",
            )
            with Horizontal(classes="field"):
                yield Label(Content(_("File")))
                yield PathField(self._path, placeholder=_("~/Downloads/contacts.csv"))
            yield Static(classes="error")
        yield Static(id="summary")
        yield PagedList(self._line, id="rows")
        yield Static(id="reason")

    def on_mount(self) -> None:
        self.query_one(PathField).focus()
        if self._report is not None:
            self._show(self._report)

    @on(Input.Changed, "#path")
    def _changed(self, changed: Input.Changed) -> None:
        self._path = changed.value

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        if not self._importing:
            self._importing = True
            self.error.display = False
            self._tell(self.gettext("Reading…"))
            self.app.finish(self._import(self.query_one(PathField).path))

    async def _import(self, path: Path) -> None:
        account = self.app.account
        assert account is not None

        left = threading.Event()

        def progress(rows: int) -> None:
            if left.is_set():  # whoever quits need not wait for it; nothing is taken
                raise InterruptedError
            self.post_message(self.Progressed(rows))

        try:
            report = await self.app.fetch(
                lambda store: store.people.import_file(path, region=account.country, progress=progress)
            )
        except TextmeterError as error:
            if not self.is_attached:  # left meanwhile
                raise
            self.summary.display = False
            self.error.update(Content(plain(self.app.language.say(error.says))))
            self.error.display = True
        else:
            self._report = report
            if self.is_attached:
                self._show(report)
            else:
                says = sentence(
                    "The contacts are imported: {added}, {merged}, {unchanged}, {refused}.", **_counts(report)
                )
                self.app.tell(says)
                self._imported()
        finally:
            left.set()
            self._importing = False

    @on(Progressed)
    def _progressed(self, message: Progressed) -> None:
        if self._importing:
            says = sentences("{count} row read…", "{count} rows read…", message.rows)
            self._tell(self.app.language.say(says))

    def _tell(self, text: str) -> None:
        self.summary.display = True
        self.summary.update(Content(text))

    def _show(self, report: ImportReport) -> None:
        self._tell("   ".join(map(self.app.language.say, _counts(report).values())))
        self.rows.display = bool(report.rows)
        self.rows.restart()
        if report.rows:
            self.rows.focus()

    @on(PagedList.PageWanted, "#rows")
    def _rows_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self._report is not None:
            wanted.pages.extend(wanted.query, self._report.rows, complete=True)

    @on(PagedList.Moved, "#rows")
    def _moved(self, moved: PagedList.Moved) -> None:
        """The reason of the line under the cursor, in full: a narrow screen cuts it in the list."""
        row: Row | None = moved.item
        self.reason.display = row is not None and row.reason is not None
        if row is not None and row.reason is not None:
            self.reason.update(literal(self.app.language.say(row.reason)))

    def _line(self, row: Row, width: int) -> Content:
        language = self.app.language
        reason = language.say(row.reason) if row.reason else ""
        where = self.gettext("row {number}").format(number=language.number(row.number)) if row.number else ""
        return Content.assemble(
            (where.ljust(12), "dim"),
            self.gettext(OUTCOMES[row.outcome]).ljust(14),
            literal(row.name).truncate(min(24, width // 4), ellipsis=True, pad=True),
            "  ",
            literal(reason),
        ).truncate(width, ellipsis=True)


def _counts(report: ImportReport) -> dict[str, Sentence]:
    """How many rows came to what."""
    return {
        "added": sentences("{count} added", "{count} added", report.added),
        "merged": sentences("{count} merged", "{count} merged", report.merged),
        "unchanged": sentences("{count} unchanged", "{count} unchanged", report.unchanged),
        "refused": sentences("{count} left out", "{count} left out", len(report.refused)),
    }
