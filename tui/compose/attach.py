"""What goes with a text or an email: attach a file by its path, or take one off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.messages import media
from store.messages.model import Problem
from store.paths import typed_path
from store.sentences import N_, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal, plain
from tui.widgets.path_field import PathField

MOST_LISTED = 100


class Place(NamedTuple):
    """A folder or a file, as it was when it was looked at."""

    path: Path
    folder: bool


class Listing(NamedTuple):
    """What a path as typed may go on with. file, folder: what it is itself."""

    typed: str
    found: list[Place]
    file: bool
    folder: bool


class FileScreen(TextmeterScreen):
    """A path with completion. changed: called with all paths when one was attached or taken off.

    SUFFIXES: of files that are offered, () for all. NONE_YET: what is said where none is attached; NOT_FOUND:
    where nothing is called so.
    """

    HOLDS_INPUT = True
    SUFFIXES: ClassVar[tuple[str, ...]] = ()
    NONE_YET: ClassVar[str]
    NOT_FOUND: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", N_("Up"), show=False, priority=True),
        Binding("down", "step(1)", N_("Down"), show=False, priority=True),
    ]
    field = getters.query_one(PathField)
    options = getters.query_one(OptionList)

    def __init__(self, attached: Sequence[str], changed: Callable[[Sequence[str]], None]) -> None:
        super().__init__()
        self.attached = list(attached)
        self._changed = changed
        self._listing = Listing("", [], file=False, folder=False)
        self._take_when_found = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "picture.take",
            "enter",
            N_("Attach"),
            N_("Attach the file or open the folder"),
            self.take,
            priority=True,
        )
        yield Action(
            "picture.complete",
            "tab",
            N_("Complete"),
            N_("Complete with the selected line"),
            self.complete,
            priority=True,
        )
        yield Action(
            "attach.picture",
            "f7",
            N_("Remove last"),
            N_("Remove the last one attached"),
            self.take_off,
            why_not=lambda: None if self.attached else sentence("Nothing is attached."),
        )
        yield Action("picture.back", "escape", N_("Back"), N_("Back to the text"), self.leave)

    def body(self) -> ComposeResult:
        with Vertical(id="picture"):
            yield Static(id="picture-attached")
            start = self.attached[-1].rpartition("/")[0] if self.attached else "~"
            yield PathField(f"{start}/", id="picture-path", completes=False)
            yield Static(id="picture-problem")
            yield OptionList(id="picture-list")

    def on_mount(self) -> None:
        self.options.can_focus = False
        self.field.cursor_blink = False
        self.show_attached()

    def show_attached(self) -> None:
        """Shows what is attached."""
        if self.attached:
            says = Content("   ").join(
                Content.styled(f"▣ {plain(self.words_of(path))}", "$primary") for path in self.attached
            )
        else:
            says = Content(self.gettext(self.NONE_YET))
        self.query_one("#picture-attached", Static).update(says)

    def _say(self, says: Content) -> None:
        self.query_one("#picture-problem", Static).update(says)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say(Content(""))
        self.load(self._list, newest_only=True)

    async def _list(self) -> None:
        typed = self.field.value
        self._listing = await self.app.fetch(lambda _store: listing(typed, self.SUFFIXES))
        self.options.clear_options()
        self.options.add_options(
            Option(literal(path.name + ("/" if folder else ""))) for path, folder in self._listing.found
        )
        if self._listing.found:
            self.options.highlighted = 0
        else:
            self._say(Content.styled(self.gettext(self.NOT_FOUND), "$quiet"))
        if self._take_when_found:
            self.take()

    def _marked(self) -> Place | None:
        at, found = self.options.highlighted, self._listing.found
        return found[at] if at is not None and at < len(found) else None

    def action_step(self, step: int) -> None:
        """Marks the line above or below."""
        if count := len(self._listing.found):
            self.options.highlighted = ((self.options.highlighted or 0) + step) % count

    def complete(self) -> None:
        """Writes out the marked line."""
        marked = self._marked()
        if marked is not None:
            self._write(marked)

    def _write(self, place: Place) -> None:
        self.field.value = f"{place.path}/" if place.folder else str(place.path)
        self.field.cursor_position = len(self.field.value)

    @on(OptionList.OptionSelected)
    def _clicked(self, selected: OptionList.OptionSelected) -> None:
        self._write(self._listing.found[selected.option_index])
        self.take()

    def take(self) -> None:
        """Attaches what is written, else what is marked; a folder is opened."""
        written, listing = self.field.value, self._listing
        self._take_when_found = written != listing.typed
        if self._take_when_found:
            return  # the list is not that of what is written yet
        if listing.file or not (listing.folder or listing.found):
            self.load(self._inspect, str(self.field.path), newest_only=True)
        elif marked := self._marked():
            if marked.folder:
                self._write(marked)
            else:
                self.load(self._inspect, str(marked.path), newest_only=True)

    async def _inspect(self, path: str) -> None:
        paths = [*self.attached, path]
        problems = await self.app.fetch(lambda _store: self.inspect(paths))
        wrong = [problem for problem in problems if problem.blocking]
        if wrong:
            why = literal(self.app.language.say(wrong[-1].says))
            self._say(Content.assemble(("✗ ", "$error"), why))
        else:
            self.attached.append(path)
            self._changed(self.attached)
            self.leave()

    def inspect(self, paths: Sequence[str]) -> Sequence[Problem]:
        """Looks at files, in a thread; what is wrong with them."""
        raise NotImplementedError

    def words_of(self, path: str) -> str:
        """What is shown of a file that is attached."""
        return path

    def take_off(self) -> None:
        """Takes off the one that was attached last."""
        self.attached.pop()
        self._changed(self.attached)
        self.show_attached()


class PictureScreen(FileScreen):
    """Of a text, which becomes an MMS by it."""

    NAME = N_("Picture")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Type a path, or choose from the folders and pictures below. You can send JPEG, PNG "
        "and GIF pictures, and contact cards (.vcf); HEIC and WebP are sent as JPEG. Ten at "
        "most, 5 MB in total. A text with a picture is an MMS."
    )
    SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".heic", ".heif", ".webp", ".vcf")
    NONE_YET = N_("No picture attached yet. With one, this becomes an MMS.")
    NOT_FOUND = N_("No folder or picture has that name.")

    def inspect(self, paths: Sequence[str]) -> Sequence[Problem]:
        return media.inspect(paths).problems


def listing(typed: str, suffixes: Sequence[str]) -> Listing:
    """The folders and files that a path as typed may go on with, folders first; hidden ones where a dot asks
    for them. suffixes: of the files, () for all. Reads the disk: call it in a thread.
    """
    path = typed_path(typed or "~")
    inside_it = typed.endswith("/") or typed == "~"
    folder, start = (path, "") if inside_it else (path.parent, path.name)
    try:
        named = [entry for entry in folder.iterdir() if entry.name.casefold().startswith(start.casefold())]
        shown = [entry for entry in named if start.startswith(".") or not entry.name.startswith(".")]
        inside = sorted(
            (Place(entry, entry.is_dir()) for entry in shown), key=lambda place: place.path.name.casefold()
        )
    except (OSError, ValueError):
        inside = []
    folders = [place for place in inside if place.folder]
    files = [place for place in inside if not place.folder]
    if suffixes:
        files = [place for place in files if place.path.suffix.lower() in suffixes]
    try:
        return Listing(typed, [*folders, *files][:MOST_LISTED], path.is_file(), path.is_dir())
    except (OSError, ValueError):
        return Listing(typed, [], file=False, folder=False)
