"""Saving the proof of a text, or of an email: as a PDF, or as a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from store.credits.export import FORMATS
from store.errors import WrongUsage
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.saving import SaveScreen

if TYPE_CHECKING:
    from store import Store
    from tui.blasts.queries import Source

PDF = ".pdf"


class ProofScreen(SaveScreen):
    """Asks for the file's path. words: what was sent, in a line. source: where the proof is read."""

    NAME = N_("Proof")
    HELP: ClassVar[str] = N_(
        "A PDF to file or hand over: who sent it, when, the text, how many people it "
        "reached, and a line for each person. End the name in .csv or .xlsx to get a table "
        "instead. Tab completes a path."
    )

    def __init__(self, file: str, words: str, people: int, source: Source) -> None:
        super().__init__(file, people)
        self._words = words
        self._source = source

    def about(self) -> str:
        count = sentences("{count} person", "{count} people", self._lines)
        return f"{self.app.language.say(count)}: {self._words}"

    def formats(self) -> str:
        return self.gettext("A .pdf, .csv or .xlsx file with a line for each person. Enter saves it.")

    def write(
        self,
        store: Store,
        path: Path,
        *,
        overwrite: bool,
        progress: Callable[[int], None],
        wanted: Callable[[], bool],
    ) -> int:
        ending = path.suffix.lower()
        if ending not in (PDF, *FORMATS):
            says = sentence(
                "The file name sets the format: it must end in {formats}. {name} doesn't.",
                formats=", ".join((PDF, *FORMATS)),
                name=path.name,
            )
            raise WrongUsage(says, code="no-such-format")
        proof, lines = self._source.read(store)
        language, status = self.app.language, self._source.status
        if ending == PDF:
            from tui.blasts.proof import save

            return save(
                path, proof, lines, language, status, overwrite=overwrite, progress=progress, wanted=wanted
            )
        from tui.blasts.proof_table import save as save_table

        return save_table(path, proof, lines, language, overwrite=overwrite, progress=progress, wanted=wanted)

    def saved(self, lines: int, path: str) -> Sentence:
        return sentences(
            "Proof for {count} person saved in {path}.",
            "Proof for {count} people saved in {path}.",
            lines,
            path=path,
        )
