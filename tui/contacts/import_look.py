"""What a file holds and what would become of it, before anything is written; then what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.errors import TextmeterError
from store.people.imports.incoming import NobodyReached
from store.people.model import Change, Column, ImportReport, Row, Sample
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.picker import PickScreen
from tui.base.undoing import Deed
from tui.contacts import import_lines as lines
from tui.contacts.import_lines import NARROW, Line
from tui.contacts.import_words import (
    choices,
    column_in_full,
    key_of,
    region_words,
    row_in_full,
    unused,
)
from tui.contacts.reads import ReadsFile, Wanted
from tui.contacts.taking_back import change_deed, changed, undone
from tui.i18n import host_locale
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import Head, PagedList

UNDO = Key("look.undo", "z")

_PEOPLE, _COLUMNS = N_("People"), N_("Columns")
_THEY_ARE, _THEY_WILL_BE = N_("First people"), N_("First people, as they will look")


class ImportLookScreen(ReadsFile):
    """The columns of a file with what each becomes, what is to be looked at, and the first people as they
    will be; once they are imported, what became of it.

    look: what came of reading it. done: called after an import, when one goes back to the contacts; with its
    number where those are to be shown whom it brought.
    """

    NAME = N_("Import contacts")
    CSS_PATH = "import_look.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (160, "-two")]
    HOLDS_INPUT = True
    AUTO_FOCUS = ""
    HELP: ClassVar[str] = N_(
        "Nothing is saved until you import. Press Enter on a column to change what it becomes; a custom "
        "field can be used in texts, in braces. Tab switches between columns and people. To import, press "
        "Enter on the people, or {key} in either list. Afterward, {undo} undoes the whole import."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "key": Key("look.import", "i"),
        "undo": UNDO,
    }
    file = getters.query_one("#file", Static)
    numbers = getters.query_one("#numbers", Static)
    about = getters.query_one("#about", Static)
    columns: getters.query_one[PagedList[int]] = getters.query_one("#columns", PagedList)
    rows: getters.query_one[PagedList[Line]] = getters.query_one("#rows", PagedList)

    def __init__(
        self, wanted: Wanted, look: ImportReport | NobodyReached, done: Callable[[int | None], None]
    ) -> None:
        super().__init__()
        self._wanted = wanted
        self._look = look
        self._is_table = isinstance(look, NobodyReached) or look.is_table
        self._done = done
        self._report: ImportReport | None = None
        self._deed: Deed | None = None
        """What takes it back, where it was imported."""
        self._busy = False
        self._rows_read = 0
        self._problem: Sentence | None = None
        self._first_line: int | None = None
        """The line of the columns to begin with."""

    # What can be done

    def actions(self) -> Iterable[Action]:
        yield Action("look.back", "escape", N_("Back"), N_("Go back one step"), self.back)
        yield Action(
            "look.change",
            "enter",
            N_("Change"),
            N_("Choose what this column becomes"),
            self.change_column,
            why_not=self._why_busy,
            shown=lambda: self._on_columns,
        )
        yield Action(
            "look.import",
            "enter,i",
            N_("Import"),
            sentence("Import these people; {key} undoes it", key=UNDO),
            self.import_all,
            why_not=self._why_not_import,
            shown=lambda: self._report is None,
        )
        yield Action(
            "look.other",
            "tab",
            N_("Columns"),
            N_("Switch between the columns and the people"),
            self.go_to_other,
            shown=lambda: self._is_table and self._report is None,
            words=self._other_words,
        )
        yield Action(
            "look.edit",
            "e",
            N_("Country"),
            N_("Choose the country for numbers without a country code"),
            self.choose_region,
            why_not=self._why_busy,
            shown=lambda: self._report is None,
        )
        yield Action(
            "look.contacts",
            "enter",
            N_("Show people"),
            N_("See the people this import added or changed"),
            self.show_contacts,
            shown=lambda: self._report is not None,
        )
        yield Action(
            "look.undo",
            "z",
            N_("Undo this import"),
            N_("Put everyone back to how they were before this import"),
            self.undo,
            why_not=self._why_not_undo,
            shown=lambda: self._report is not None,
        )

    @property
    def _on_columns(self) -> bool:
        return self._report is None and self.is_mounted and self.columns.has_focus

    def _other_words(self) -> str:
        """Nothing on a phone, where a list is tapped and the keys that do something need the room."""
        if self.app.size.width < NARROW:
            return ""
        words = _PEOPLE if self._on_columns else _COLUMNS
        return self.gettext(words)

    def _why_busy(self) -> Sentence | None:
        return sentence("Still reading the file.") if self._busy else None

    def _why_not_import(self) -> Sentence | None:
        if isinstance(self._look, NobodyReached):
            return sentence(
                "No column is set to phone numbers or email addresses yet. Press Enter on a column to "
                "choose it."
            )
        return self._why_busy()

    def _why_not_undo(self) -> Sentence | None:
        if self._report is not None and not self._report.change:
            return sentence("This import changed nothing.")
        return None

    def back(self) -> None:
        """To the path; after an import to the contacts."""
        if self._report is None:
            self.leave()
        else:
            self._leave_for(None)

    def show_contacts(self) -> None:
        """Those whom the import brought."""
        self._leave_for(self._report.change if self._report else None)

    def _leave_for(self, change: int | None) -> None:
        self.leave()
        self._done(change)

    def go_to_other(self) -> None:
        """From one list to the other."""
        (self.rows if self._on_columns else self.columns).focus()

    def change_column(self) -> None:
        """Asks what the column under the cursor becomes."""
        at = self.columns.current
        if at is None:
            return
        column = self._columns[at]

        def chosen(field: str | None) -> None:
            if field is not None:
                self._look_anew(replace(self._wanted, mapping={**self._wanted.mapping, key: field}))

        key = key_of(self._columns, at)
        title = self.gettext("What is in “{column}”?").format(column=plain(column.name))
        asked = [(value, plain(words)) for value, words in choices(self.app.language, column)]
        self.app.push_screen(PickScreen(title, asked, column.field or asked[-1][0]), chosen)

    def choose_region(self) -> None:
        """Asks for the country of numbers without a country code."""

        def chosen(region: str | None) -> None:
            if region is not None:
                self._look_anew(replace(self._wanted, region=region))

        title = self.gettext("Country for numbers without a country code")
        countries = host_locale.countries(self.app.language)
        self.app.push_screen(PickScreen(title, countries, self._wanted.region), chosen)

    # Having the file read

    def _look_anew(self, wanted: Wanted) -> None:
        self._wanted, self._busy, self._problem, self._rows_read = wanted, True, None, 0
        self._show_words()
        self.run_worker(self._read_anew(), group="look", exclusive=True)

    async def _read_anew(self) -> None:
        try:
            self._look = await self.look(self._wanted)
        except NobodyReached as error:
            self._look = error
        except TextmeterError as error:
            self._problem = error.says
        self._busy = False
        self._show(keep_line=True)

    def import_all(self) -> None:
        """Imports what was looked at."""
        if isinstance(self._look, ImportReport):
            self._busy, self._problem, self._rows_read = True, None, 0
            self._show_words()
            self.app.finish(self._import(self._look), once="import")

    async def _import(self, look: ImportReport) -> None:
        try:
            report = await self.take(look)
        except TextmeterError as error:
            if not self.is_attached:  # left meanwhile
                raise
            self._problem, self._busy = error.says, False
            self._show_words()
            return
        self._report, self._busy = report, False
        if (account := self.app.account) is not None and report.change:
            self._deed = await self.app.fetch(lambda store: change_deed(changed(store)))
            self.app.deeds.add(account.id, self._deed)
        if self.is_attached:
            self._show()
            self.rows.focus()
        else:
            self.app.tell(
                sentence(
                    "Contacts imported: {added} added, {merged} merged, {left_out} left out.",
                    added=report.added,
                    merged=report.merged,
                    left_out=len(report.passed_over),
                )
            )
            self.app.look()  # for whatever is shown now

    async def _undo(self) -> None:
        assert self._report is not None
        number = self._report.change
        change = await self.app.fetch(lambda store: undo_import(store, number))
        if change is None:
            self.app.hint(
                sentence(
                    "You have imported again since then. Press {key} in Contacts to undo that first.",
                    key=Key("contacts.undo", "z"),
                )
            )
            return
        if self._deed is not None and self.app.account is not None:
            self.app.deeds.forget(self.app.account.id, self._deed)
        self.app.tell(undone(change))
        self._report = None
        if self.is_attached:
            self._show()
            self.rows.focus()

    def undo(self) -> None:
        """Makes everybody as they were."""
        self.app.finish(self._undo(), once="undo contacts")

    @on(ReadsFile.Progressed)
    def _progressed(self, message: ReadsFile.Progressed) -> None:
        if self._busy:
            self._rows_read = message.rows
            self._show_words()

    # Showing

    def body(self) -> ComposeResult:
        yield Static(id="file")
        yield Static(id="numbers")
        with Container(id="panes"):
            with Vertical(id="upper"):
                yield Head(lambda width: lines.columns_head(self.app, width))
                yield PagedList(self._column_line, id="columns")
            with Vertical(id="lower"):
                yield PagedList(self._row_line, id="rows")
        yield Static(id="about")
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._show()
        in_order = self._in_order()
        self._first_line = next((line for line, at in enumerate(in_order) if self._is_uncertain(at)), None)
        (self.rows if self._first_line is None or not self._is_table else self.columns).focus()

    @property
    def _columns(self) -> Sequence[Column]:
        return self._look.columns

    def _in_order(self) -> list[int]:
        """The columns by their positions, those behind all others in which nothing stands."""
        return sorted(range(len(self._columns)), key=lambda at: not self._columns[at].values)

    def _is_uncertain(self, at: int) -> bool:
        """Whether something stands in a column that isn't used, though nobody said so."""
        column = self._columns[at]
        told = key_of(self._columns, at) in self._wanted.mapping
        return column.field is None and bool(column.values) and not told

    def _show(self, *, keep_line: bool = False) -> None:
        upper = self.query_one("#upper")
        upper.display = self._is_table and self._report is None
        upper.styles.max_height = len(self._columns) + 2  # with the head; the rest is the other list's
        self.columns.restart(keep_line=keep_line)
        self.rows.restart()
        self._show_words()

    def _show_words(self) -> None:
        if not self.is_attached:
            return
        self.file.update(Content("\n").join(self._file_words()))
        self.numbers.update(self._numbers())
        self.refresh_bindings()

    def on_resize(self) -> None:
        self._show_words()

    def _file_words(self) -> Iterator[Content]:
        say = self.app.language.say
        name = literal(self._wanted.path.name).stylize("bold")
        region = "" if self._report is not None else say(region_words(self._wanted.region))
        yield Content.assemble(name, "  ", (region, "$quiet"))
        shows_table = self._is_table and self._report is None
        left = None if shows_table else unused(self._columns, is_table=self._is_table)
        if left is not None:
            yield literal(say(left)).stylize("$quiet")

    def _numbers(self) -> Content:
        if self._busy:
            read = sentences("{count} row read…", "{count} rows read…", self._rows_read)
            return Content(self.app.language.say(read))
        if self._problem is not None:
            return lines.problem(self.app, self._problem)
        if isinstance(self._look, NobodyReached):
            return lines.problem(self.app, self._look.says)
        report, width = self._report or self._look, self.app.size.width - 4
        return lines.numbers(self.app, report, width, done=self._report is not None)

    @on(PagedList.PageWanted, "#columns")
    def _columns_wanted(self, wanted: PagedList.PageWanted) -> None:
        wanted.pages.extend(wanted.query, self._in_order(), complete=True)
        if self._first_line is not None:
            # Once it has its height, else the line may be out of sight.
            self.call_after_refresh(self.columns.action_move_to, self._first_line)
            self._first_line = None

    @on(PagedList.PageWanted, "#rows")
    def _rows_wanted(self, wanted: PagedList.PageWanted) -> None:
        wanted.pages.extend(wanted.query, list(self._lines()), complete=True)

    def _lines(self) -> Iterator[Line]:
        """Problems first."""
        if isinstance(self._look, NobodyReached):
            return
        report = self._report or self._look
        if report.passed_over:
            yield self.gettext("Left out")
            yield from report.passed_over
        if report.to_look_at:
            yield self.gettext("To review")
            yield from report.to_look_at
        if report.first:
            words = _THEY_ARE if self._report else _THEY_WILL_BE
            yield self.gettext(words)
            yield from report.first

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._show_in_full()

    def _show_in_full(self) -> None:
        """The line under the cursor: a narrow screen cuts it in its list."""
        if self._on_columns:
            at = self.columns.current
            says = "" if at is None else column_in_full(self.app.language, self._columns[at])
        else:
            line = self.rows.current
            says = row_in_full(self.app.language, line) if isinstance(line, Row | Sample) else ""
        self.about.update(literal(says))

    @on(PagedList.Chosen, "#columns")
    def _column_chosen(self) -> None:
        self.action_act("look.change")

    def on_descendant_focus(self) -> None:
        self._show_in_full()
        self.refresh_bindings()  # Enter means another thing in each list

    def _column_line(self, at: int, width: int) -> Content:
        return lines.column_line(self.app, self._columns[at], width, to_look_at=self._is_uncertain(at))

    def _row_line(self, line: Line, width: int) -> Content:
        return lines.row_line(self.app, line, width)


def undo_import(store: Store, number: int) -> Change | None:
    """Undoes an import of one's own; None where it isn't the last one any more."""
    last = store.people.last_change("import")
    return store.people.undo("import") if last is not None and last.id == number else None
