"""Files for an email: attach one by its path, or take one off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from store.emails import attachments
from store.emails.model import Attached
from store.messages.model import Problem
from store.sentences import N_
from tui.compose.attach import FileScreen
from tui.emails.presentation import file_words


class AttachScreen(FileScreen):
    """With the type and size of each."""

    NAME = N_("Files")
    CSS_PATH = "../compose/compose.tcss"
    HELP: ClassVar[str] = N_(
        "Type a path, or choose from the folders and files below. Twenty files at most, 15 "
        "MB in total. Everyone gets them."
    )
    NONE_YET = N_("No file attached yet.")
    NOT_FOUND = N_("No folder or file has that name.")

    def __init__(self, attached: Sequence[str], changed: Callable[[Sequence[str]], None]) -> None:
        super().__init__(attached, changed)
        self._known: dict[str, Attached] = {}
        """What was found at each path."""

    def on_mount(self) -> None:
        super().on_mount()
        self.load(self._look)

    async def _look(self) -> None:
        """Finds type and size of what is attached already."""
        paths = tuple(self.attached)
        await self.app.fetch(lambda _store: self.inspect(paths))
        self.show_attached()

    def inspect(self, paths: Sequence[str]) -> Sequence[Problem]:
        for path in paths:
            if path not in self._known and (found := attachments.inspect([path]).files):
                self._known[path] = found[0]
        return attachments.inspect(paths).problems

    def words_of(self, path: str) -> str:
        file = self._known.get(path)
        return file_words(file, self.app.language) if file is not None else path
