"""Asking for a file and writing it in the background, as screens do that save something."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, ProgressBar, Static

from store.credits.export import Cancelled
from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import plain
from tui.widgets.path_field import PathField

if TYPE_CHECKING:
    from store import Store


class SaveScreen(TextmeterScreen):
    """Asks for a file and writes it in the background.

    file: a name to begin with. total: how many lines it gets.
    """

    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    _field = getters.query_one(PathField)
    _error = getters.query_one(".error", Static)
    _bar = getters.query_one("#progress", ProgressBar)
    _written = getters.query_one("#written", Static)

    def __init__(self, file: str, total: int) -> None:
        super().__init__()
        self._lines = total
        self._path = file
        self._to_overwrite = ""
        self._cancelled = Event()
        self._writing = False

    # What is saved

    @abstractmethod
    def about(self) -> str:
        """What is saved, how much of it first."""

    @abstractmethod
    def formats(self) -> str:
        """What its file's name has to end in, and that Enter saves."""

    @abstractmethod
    def write(
        self,
        store: Store,
        path: Path,
        *,
        overwrite: bool,
        progress: Callable[[int], None],
        wanted: Callable[[], bool],
    ) -> int:
        """Writes the file, in a thread, as `store.credits.export.export` does: how many lines it got."""

    @abstractmethod
    def saved(self, lines: int, path: str) -> Sentence:
        """What is said once it is there."""

    def note(self, path: str) -> Sentence | None:
        """What is to be known before a file of this name is written."""
        return None

    def actions(self) -> Iterable[Action]:
        yield Action(
            "export.save",
            "enter",
            N_("Save"),
            N_("Save the file"),
            self._save_there,
            why_not=self._why_not_save,
            priority=True,
        )
        yield Action(
            "export.back",
            "escape",
            N_("Back"),
            N_("Back to the list"),
            self._back,
            words=lambda: self.gettext("Cancel") if self._writing else self.gettext("Back"),
        )

    def _why_not_save(self) -> Sentence | None:
        """Why there is nothing to be saved now."""
        if self._writing:
            return sentence("It's already being saved.")
        return None if self._path.strip() else sentence("Type a file name first.")

    def body(self) -> ComposeResult:
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(Content(self.about()), classes="hint")
            with Horizontal(classes="field"):
                yield Label(Content(self.gettext("File")))
                yield PathField(self._path)
            yield Static(Content(self.formats()), classes="hint")
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
        says, note = self.note(self._path.strip()), self.query_one("#note", Static)
        note.display = says is not None
        if says is not None:
            note.update(Content(self.app.language.say(says)))

    def _save_there(self) -> None:
        """Begins to write the file."""
        if self._path.strip() and not self._writing:
            self._begin()
            self.app.finish(self._save(self._field.path))

    async def _save(self, path: Path) -> None:
        """Writes the file, and tells what came of it wherever one is by then."""
        overwrite = self._to_overwrite == str(path)
        cancelled = self._cancelled = Event()

        def write(store: Store) -> int:
            return self.write(
                store,
                path,
                overwrite=overwrite,
                progress=self._progress,
                wanted=lambda: self.app.is_running and not cancelled.is_set(),
            )

        try:
            count = await self.app.fetch(write)
        except Cancelled:
            self.app.tell(sentence("Export cancelled. No file was saved."))
        except TextmeterError as error:
            self._writing = False
            if not self.is_attached:
                raise
            self._fail(error, path)
            return
        else:
            self.app.tell(self.saved(count, str(path.absolute())))
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
            says = self.gettext("All {total} lines written. Finishing the file…")
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
            says = sentence(
                "{path} already exists. Press Enter again to replace it.", path=self._to_overwrite
            )
        self._error.update(Content(plain(self.app.language.say(says))))
        self._error.display = True
        self.refresh_bindings()

    def _back(self) -> None:
        """Cancels what is being written; back to the list where nothing is."""
        if self._writing:
            self._cancelled.set()
        else:
            self.leave()
