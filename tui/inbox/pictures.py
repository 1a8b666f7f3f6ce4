"""Saving a picture that came in: where to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from store.errors import TextmeterError
from store.messages import received
from store.messages.model import Attachment
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import plain
from tui.inbox.presentation import Pictured
from tui.widgets.path_field import PathField


def why_not_saved(there: Sequence[Pictured]) -> Sentence | None:
    """Why none of some pictures can be saved: as it is told of the newest; None where one can."""
    reasons = [received.why_not(one.picture) for one in there]
    if not reasons:
        return sentence("There is no picture here.")
    return reasons[0] if all(reasons) else None


class SavePictureScreen(TextmeterScreen):
    """Asks for a file, and fetches the picture into it."""

    NAME = N_("Picture")
    CSS_PATH = "inbox.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "The picture is downloaded from your provider to this file. Tab completes a path."
    )
    _field = getters.query_one(PathField)
    _error = getters.query_one(".error", Static)

    def __init__(self, picture: Attachment) -> None:
        super().__init__()
        self._picture = picture
        self._path = received.file_name(picture)
        self._to_overwrite = ""

    def actions(self) -> Iterable[Action]:
        yield Action("picture.back", "escape", N_("Back"), N_("Back to the conversation"), self.leave)

    def body(self) -> ComposeResult:
        _ = self.gettext
        with VerticalScroll(classes="form", can_focus=False):
            with Horizontal(classes="field"):
                yield Label(Content(_("File")))
                yield PathField(self._path)
            yield Static(Content(_("Enter saves it.")), classes="hint")
            yield Static(classes="error")

    def on_mount(self) -> None:
        self._field.focus()

    @on(Input.Changed, "#path")
    def _changed(self, changed: Input.Changed) -> None:
        self._path, self._to_overwrite = changed.value, ""
        self._error.display = False

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        if self._path.strip():
            self.app.finish(self._save(self._field.path), once="save picture")

    async def _save(self, path: Path) -> None:
        """Fetches it, and tells what came of it wherever one is by then."""
        overwrite = self._to_overwrite == str(path)
        try:
            await self.app.fetch(lambda _store: received.save(self._picture, path, overwrite=overwrite))
        except TextmeterError as error:
            if not self.is_attached:
                raise
            self._fail(error, path)
            return
        self.app.tell(sentence("Picture saved to {path}.", path=str(path.absolute())))
        self.leave()

    def _fail(self, error: TextmeterError, path: Path) -> None:
        says = error.says
        if error.code == "exists":
            self._to_overwrite = str(path)
            says = sentence(
                "{path} already exists. Press Enter again to replace it.", path=self._to_overwrite
            )
        self._error.update(Content(plain(self.app.language.say(says))))
        self._error.display = True
