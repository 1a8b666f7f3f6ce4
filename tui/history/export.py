"""The lines that a list shows, saved in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from store.credits.export import PLAIN, SHEET, Book, Cell, export
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.saving import SaveScreen

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


class ExportScreen(SaveScreen):
    """Writes the lines of a list."""

    NAME = N_("Export")
    HELP: ClassVar[str] = N_(
        "The file gets the lines in the list, in the same order. Its extension sets the "
        "format: .csv for any spreadsheet, .xlsx for Excel with dates and numbers, .jsonl "
        "for programs. Tab completes a path."
    )

    def __init__(self, saved: Saved) -> None:
        super().__init__(saved.file, saved.total)
        self._saved = saved

    def about(self) -> str:
        count = sentences("{count} line", "{count} lines", self._lines)
        return f"{self.app.language.say(count)}: {self._saved.words}"

    def formats(self) -> str:
        return self.gettext("The extension sets the format: .csv, .xlsx (Excel) or .jsonl. Enter saves.")

    def write(
        self,
        store: Store,
        path: Path,
        *,
        overwrite: bool,
        progress: Callable[[int], None],
        wanted: Callable[[], bool],
    ) -> int:
        saved = self._saved
        return export(
            path,
            saved.columns,
            saved.lines(store),
            book=saved.book,
            overwrite=overwrite,
            progress=progress,
            wanted=wanted,
        )

    def saved(self, lines: int, path: str) -> Sentence:
        return sentences("{count} line saved to {path}.", "{count} lines saved to {path}.", lines, path=path)

    def note(self, path: str) -> Sentence | None:
        if not path.lower().endswith(".xlsx") or self._lines <= SHEET:
            return None
        return sentence("A sheet holds {most} lines; the rest go on more sheets.", most=SHEET)
