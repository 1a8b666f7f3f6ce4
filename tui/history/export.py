"""The lines that the history shows, saved in a file."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, ProgressBar, Static

from store.credits.export import SHEET, Cancelled, export
from store.errors import TextmeterError
from store.paths import typed_path
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.screen import TextmeterScreen
from tui.history.records import COLUMNS, as_data
from tui.history.search import every_line
from tui.i18n.sanitize import plain
from tui.widgets.path_suggester import PathSuggester

if TYPE_CHECKING:
    from store import Store
    from store.credits.history_query import Filter
    from tui.history.filters import Choices


class ExportScreen(TextmeterScreen):
    """Asks for a file and writes lines into it in the background. choices: what is shown; chosen: the same
    for the ledger; lines: how many there are."""

    NAME = N_("Export")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "The file gets the lines that the history shows, in the same order. Its name says the format: .csv "
        "for any spreadsheet, .xlsx for Excel with dates and numbers, .jsonl for programs. The right arrow "
        "takes a completion."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", N_("Back"), id="export.back", tooltip=N_("Back to the history")),
    ]

    def __init__(self, choices: Choices, chosen: Filter, lines: int) -> None:
        super().__init__()
        self._choices = choices
        self._chosen = chosen
        self._lines = lines
        self._path = "history.csv"
        self._to_overwrite = ""
        self._cancelled = Event()
        self._writing = False

    def body(self) -> ComposeResult:
        _, say = self.gettext, self.app.language.say
        with VerticalScroll(classes="form", can_focus=False):
            count = sentences("{count} line", "{count} lines", self._lines)
            words = f"{say(count)}: {self._choices.words(self.app.language)}"
            yield Static(Content(words), classes="hint")
            with Horizontal(classes="field"):
                yield Label(Content(_("File")))
                yield Input(self._path, suggester=PathSuggester(), id="path")
            yield Static(
                Content(_("Its end says the format: .csv, .xlsx (Excel) or .jsonl. Enter saves.")),
                classes="hint",
            )
            yield Static(id="note", classes="hint")
            yield Static(classes="error")
            yield ProgressBar(total=self._lines, show_eta=False, id="progress")
            yield Static(id="written", classes="hint")

    def on_mount(self) -> None:
        self.query_one("#progress").display = self._writing
        self.query_one("#path", Input).focus()
        self._note()

    def key_label(self, binding: Binding) -> str:
        if binding.action == "back" and self._writing:
            return self.gettext("Cancel")
        return super().key_label(binding)

    @on(Input.Changed, "#path")
    def _changed(self, changed: Input.Changed) -> None:
        self._path = changed.value
        self._to_overwrite = ""
        self.query_one(".error", Static).display = False
        self._note()

    def _note(self) -> None:
        """What is to be known before a file of this format is written."""
        note = self.query_one("#note", Static)
        sheets = -(-self._lines // SHEET)
        note.display = self._path.strip().lower().endswith(".xlsx") and sheets > 1
        says = sentence(
            "A sheet holds {most} lines, so these go on {sheets} sheets of the file.",
            most=SHEET,
            sheets=sheets,
        )
        note.update(Content(self.app.language.say(says)))

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        if not self._path.strip() or self._writing:
            return
        account, language = self.app.account, self.app.language
        assert account is not None
        path = typed_path(self._path.strip().strip("'\""))
        overwrite = self._to_overwrite == str(path)
        chosen, sort, account_id = self._chosen, self._choices.sort, account.id
        cancelled = self._cancelled = Event()

        def write(store: Store) -> int:
            lines = (as_data(language, line) for line in every_line(store, account_id, chosen, sort))
            try:
                return export(
                    path,
                    COLUMNS,
                    lines,
                    overwrite=overwrite,
                    progress=self._progress,
                    wanted=lambda: self.app.is_running and not cancelled.is_set(),
                )
            except Cancelled:
                return -1

        self._begin()
        self.app.ask(
            write, lambda count: self._done(count, str(path.absolute())), group="export", failed=self._failed
        )

    def _begin(self) -> None:
        self._writing = True
        self.query_one(".error", Static).display = False
        self.query_one("#progress").display = True
        self.query_one("#path", Input).disabled = True
        self.refresh_bindings()
        self._progressed(0)

    def _progress(self, lines: int) -> None:
        """Called in the thread that writes."""
        if self.is_attached:
            self.app.hand_back(self._progressed, lines)

    def _progressed(self, lines: int) -> None:
        if not self.is_attached:
            return
        self.query_one("#progress", ProgressBar).update(progress=lines)
        number = self.app.language.number
        if lines < self._lines:
            says = self.gettext("{lines} of {total} lines written. Esc cancels.")
        else:
            says = self.gettext("All {total} lines written; the file is being finished…")
        written = self.query_one("#written", Static)
        written.display = True
        written.update(Content(says.format(lines=number(lines), total=number(self._lines))))

    def _done(self, count: int, path: str) -> None:
        self._writing = False
        if count < 0:
            self.app.tell(sentence("The export was cancelled. No file was left."))
        else:
            self.app.tell(
                sentences("{count} line saved in {path}.", "{count} lines saved in {path}.", count, path=path)
            )
        self.leave()

    def _failed(self, error: TextmeterError) -> None:
        self._writing = False
        if not self.is_attached:
            self.app.tell_error(error)
            return
        self.query_one("#progress").display = False
        self.query_one("#written").display = False
        field = self.query_one("#path", Input)
        field.disabled = False
        field.focus()
        says: Sentence = error.says
        if error.code == "exists":
            self._to_overwrite = str(typed_path(self._path.strip().strip("'\"")))
            says = sentence("{path} is there already. Enter once more replaces it.", path=self._to_overwrite)
        shown = self.query_one(".error", Static)
        shown.update(Content(plain(self.app.language.say(says))))
        shown.display = True
        self.refresh_bindings()

    def action_back(self) -> None:
        """Cancels what is being written; back to the history where nothing is."""
        if self._writing:
            self._cancelled.set()
        else:
            self.leave()
