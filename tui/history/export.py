"""The lines that a list shows, saved in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, ProgressBar, Static

from store.credits.export import PLAIN, SHEET, Book, Cancelled, Cell, export
from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import plain
from tui.widgets.path_field import PathField

if TYPE_CHECKING:
    from store import Store


class Saved(NamedTuple):
    """What is written into a file. file: a name to begin with; words: what is saved; total: how many lines,
    with these columns; lines: reads them, in a thread; book: how a workbook is laid out."""

    file: str
    words: str
    total: int
    columns: Sequence[str]
    lines: Callable[[Store], Iterable[Mapping[str, Cell]]]
    book: Book = PLAIN


class ExportScreen(TextmeterScreen):
    """Asks for a file and writes lines into it in the background."""

    NAME = N_("Export")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "The file gets the lines that the list shows, in the same order. Its name says the format: .csv "
        "for any spreadsheet, .xlsx for Excel with dates and numbers, .jsonl for programs. Tab "
        "completes a path."
    )
    _field = getters.query_one(PathField)
    _error = getters.query_one(".error", Static)
    _bar = getters.query_one("#progress", ProgressBar)
    _written = getters.query_one("#written", Static)

    def __init__(self, saved: Saved) -> None:
        super().__init__()
        self._saved = saved
        self._lines = saved.total
        self._path = saved.file
        self._to_overwrite = ""
        self._cancelled = Event()
        self._writing = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "export.back",
            "escape",
            N_("Back"),
            N_("Back to the list"),
            self._back,
            words=lambda: self.gettext("Cancel") if self._writing else self.gettext("Back"),
        )

    def body(self) -> ComposeResult:
        _, say = self.gettext, self.app.language.say
        with VerticalScroll(classes="form", can_focus=False):
            count = sentences("{count} line", "{count} lines", self._lines)
            words = f"{say(count)}: {self._saved.words}"
            yield Static(Content(words), classes="hint")
            with Horizontal(classes="field"):
                yield Label(Content(_("File")))
                yield PathField(self._path)
            yield Static(
                Content(_("Its end says the format: .csv, .xlsx (Excel) or .jsonl. Enter saves.")),
                classes="hint",
            )
            yield Static(id="note", classes="hint")
            yield Static(classes="error")
            yield ProgressBar(total=self._lines, show_eta=False, id="progress")
            yield Static(id="written", classes="hint")

    def on_mount(self) -> None:
        self._bar.display = self._writing
        self._field.focus()
        self._note()

    @on(Input.Changed, "#path")
    def _changed(self, changed: Input.Changed) -> None:
        self._path = changed.value
        self._to_overwrite = ""
        self._error.display = False
        self._note()

    def _note(self) -> None:
        """What is to be known before a file of this format is written."""
        note = self.query_one("#note", Static)
        note.display = self._path.strip().lower().endswith(".xlsx") and self._lines > SHEET
        says = sentence("A sheet holds {most} lines; what is more goes on further sheets.", most=SHEET)
        note.update(Content(self.app.language.say(says)))

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        if self._path.strip() and not self._writing:
            self._begin()
            self.app.finish(self._save(self._field.path))

    async def _save(self, path: Path) -> None:
        """Writes the file, and tells what came of it wherever one is by then."""
        saved, overwrite = self._saved, self._to_overwrite == str(path)
        cancelled = self._cancelled = Event()

        def write(store: Store) -> int:
            return export(
                path,
                saved.columns,
                saved.lines(store),
                book=saved.book,
                overwrite=overwrite,
                progress=self._progress,
                wanted=lambda: self.app.is_running and not cancelled.is_set(),
            )

        try:
            count = await self.app.fetch(write)
        except Cancelled:
            self.app.tell(sentence("The export was cancelled. No file was left."))
        except TextmeterError as error:
            self._writing = False
            if not self.is_attached:
                raise
            self._fail(error, path)
            return
        else:
            self.app.tell(
                sentences(
                    "{count} line saved in {path}.",
                    "{count} lines saved in {path}.",
                    count,
                    path=str(path.absolute()),
                )
            )
        self._writing = False
        self.leave()

    def _begin(self) -> None:
        self._writing = True
        self._error.display = False
        self._bar.display = True
        self._field.disabled = True
        self.refresh_bindings()
        self._progressed(0)

    def _progress(self, lines: int) -> None:
        """Called in the thread that writes."""
        if self.is_attached:
            self.app.hand_back(self._progressed, lines)

    def _progressed(self, lines: int) -> None:
        if not self.is_attached:
            return
        self._bar.update(progress=lines)
        number = self.app.language.number
        if lines < self._lines:
            says = self.gettext("{lines} of {total} lines written. Esc cancels.")
        else:
            says = self.gettext("All {total} lines written; the file is being finished…")
        self._written.display = True
        self._written.update(Content(says.format(lines=number(lines), total=number(self._lines))))

    def _fail(self, error: TextmeterError, path: Path) -> None:
        """Says what went wrong where it was typed."""
        self._bar.display = self._written.display = False
        self._field.disabled = False
        self._field.focus()
        says: Sentence = error.says
        if error.code == "exists":
            self._to_overwrite = str(path)
            says = sentence("{path} is there already. Enter once more replaces it.", path=self._to_overwrite)
        self._error.update(Content(plain(self.app.language.say(says))))
        self._error.display = True
        self.refresh_bindings()

    def _back(self) -> None:
        """Cancels what is being written; back to the list where nothing is."""
        if self._writing:
            self._cancelled.set()
        else:
            self.leave()
