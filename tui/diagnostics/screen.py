"""Diagnostics: what this installation is like and what is wrong with it, to be copied for whoever helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.errors import TextmeterError, reason
from store.files import write_private
from store.paths import files_within_reach
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import Go, StoreOpened
from tui.base.screen import TextmeterScreen
from tui.diagnostics import checks
from tui.diagnostics.checks import Asked, Finding
from tui.diagnostics.presentation import SECTIONS, as_text, name_of, to_fix
from tui.i18n.cells import left
from tui.i18n.sanitize import literal, plain

NAME_WIDTH = 21
FILE = "textmeter-diagnostics.txt"


class DiagnosticsScreen(TextmeterScreen):
    """What `doctor` finds, without names, numbers, texts or secrets: nothing here is anybody's."""

    NAME = N_("Diagnostics")
    CSS_PATH = "diagnostics.tcss"
    AUTO_FOCUS = "#page"
    HELP: ClassVar[str] = N_(
        "What Textmeter runs on and whether anything needs fixing, as `textmeter doctor` shows it. "
        "Names, numbers, addresses and texts are left out, so you can copy or save it and send it "
        "to someone who helps you."
    )
    _page = getters.query_one("#found", Static)

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, list[Finding]] = {}

    def actions(self) -> Iterable[Action]:
        yield Action(
            "diagnostics.back",
            "escape",
            N_("Back"),
            N_("Back to Home"),
            lambda: self.post_message(Go("home")),
        )
        yield Action(
            "diagnostics.copy",
            "ctrl+c",
            N_("Copy"),
            N_("Copy all of it as text"),
            self.copy,
            why_not=self._unfinished,
            needs_store=False,
        )
        yield Action(
            "diagnostics.save",
            "s",
            N_("Save"),
            N_("Save it as a text file in the folder where you started Textmeter"),
            self.save,
            why_not=lambda: self.app.no_files() or self._unfinished(),
            needs_store=False,
        )
        yield Action(
            "diagnostics.again",
            "r",
            N_("Check again"),
            N_("Check everything again"),
            self.look,
        )

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Static(id="found")

    @property
    def _is_own(self) -> bool:
        """Whether the machine is the person's own to look at."""
        return files_within_reach() and self.app.owners_only() is None

    @property
    def _sections(self) -> list[str]:
        return list(SECTIONS) if self._is_own else ["program"]

    def _unfinished(self) -> Sentence | None:
        if len(self._found) < len(self._sections):
            return sentence("Still checking. This takes a moment.")
        return None

    # Looking

    @on(StoreOpened)
    def look(self) -> None:
        """Looks at everything anew."""
        self._found = {}
        self.load(self.read)

    def on_mount(self) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.app.person is not None and not self._found:  # else the database is yet to be opened
            self.load(self.read)
        self._show()

    async def read(self) -> None:
        """Looks at one section after another: what takes long comes last, and what is there is shown."""
        for section in self._sections:
            found = await self.app.fetch(self._question(section))
            self._found[section] = [finding.without_people() for finding in found]
            self._show()

    def _question(self, section: str) -> Callable[[Store], list[Finding]]:
        language, options = self.app.language, self.app.options

        def ask(store: Store) -> list[Finding]:
            @contextmanager
            def opened() -> Iterator[Store]:
                yield store

            name = store.database.name
            database = f"postgresql://{name}" if store.database.is_served else name
            asked = Asked(language, options, database, opened)
            if section == "program":
                return list(checks.program(language))
            return list(checks.files(asked) if section == "files" else checks.data(asked))

        return ask

    # Showing

    def _show(self) -> None:
        if not self.is_mounted:  # it comes to the front before its widgets do
            return
        self._page.update(Content("\n").join(self._lines()))
        self.refresh_bindings()

    def _lines(self) -> Iterator[Content]:
        wrong = to_fix(self._found)
        if self._unfinished() is not None:
            yield Content.styled(self.gettext("Checking…"), "$quiet")
        elif wrong:
            says = sentences("{count} thing to fix:", "{count} things to fix:", len(wrong))
            yield Content.styled(self.app.language.say(says), "bold $warning")
        else:
            yield Content.styled(self.gettext("Everything is OK."), "bold $success")
        for finding in wrong:
            yield Content.assemble(("! ", "$warning"), literal(finding.advice))
        for section, findings in self._found.items():
            yield Content("")
            yield Content.styled(self.gettext(SECTIONS[section]), "bold")
            yield from map(self._line, findings)

    def _line(self, finding: Finding) -> Content:
        name = plain(name_of(self.app.language, finding))
        mark = ("! ", "$warning") if finding.advice else ("  ", "")
        return Content.assemble(mark, (left(name, NAME_WIDTH), "$quiet"), literal(finding.value))

    # What is done with it

    def _text(self) -> str:
        return as_text(self.app.language, self._found)

    def copy(self) -> None:
        """Hands it to the terminal's clipboard."""
        self.app.copy_to_clipboard(self._text())
        self.app.tell(sentence("Diagnostics copied, if your terminal allows it."))

    async def save(self) -> None:
        """Writes it into a file in the present folder."""
        path, text = Path.cwd() / FILE, self._text()

        def write(_store: Store) -> None:
            try:
                write_private(path, text)
            except OSError as error:
                raise TextmeterError(
                    sentence("Can't write {path}: {why}.", path=str(path), why=reason(error)),
                    code="unwritable",
                ) from error

        await self.app.fetch(write)
        self.app.tell(sentence("Diagnostics saved as {path}.", path=str(path)))
