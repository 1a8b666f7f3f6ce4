"""`g` and a letter goes anywhere: a panel at the bottom says where each letter leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from textual import events, getters
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from store.sentences import N_
from tui.base.actions import AFTER_GO, Acting, Action
from tui.base.session_app import SessionApp
from tui.base.terminal.layouts import meanings
from tui.i18n.key_names import shown

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

GAP = 3
"""Cells between two columns of places."""


Known: TypeAlias = dict[str, tuple[Acting, Action]]
"""What letters do, by their keys: the action, and who has it."""


def ways(screen: Screen[object]) -> Known:
    """What a letter after g does on a screen, by its key: what the screen itself has goes before the app's.
    It is whatever has a key such as "g h"."""
    found: Known = {}
    for active in screen.active_bindings.values():
        key, id = active.binding.key, active.binding.id
        if key.startswith(AFTER_GO) and isinstance(active.node, Acting) and id:
            found.setdefault(key.removeprefix(AFTER_GO), (active.node, active.node.acts[id]))
    return found


class Ways(Widget):
    """The places and their letters in columns, in the order of their names."""

    DEFAULT_CSS = """
    Ways { height: auto; }
    """
    app = getters.app(SessionApp)

    def __init__(self, ways: Known) -> None:
        super().__init__()
        self._ways = ways
        self._places: list[str] = []
        """The letters in their order."""

    def on_mount(self) -> None:
        named = {letter: self._words(action) for letter, (_, action) in self._ways.items()}
        once = {id(action): letter for letter, (_, action) in reversed(self._ways.items())}
        self._places = sorted(once.values(), key=lambda letter: named[letter].casefold())

    def _words(self, action: Action) -> str:
        says = action.words() if action.words is not None else ""
        return says or self.app.language.gettext(action.label)

    def _cells(self) -> list[Content]:
        variables = self.app.theme_variables
        cells = []
        for letter in self._places:
            action = self._ways[letter][1]
            off = action.why_not() is not None
            key = shown(letter, self.app.language.gettext)
            style = "$off" if off else f"bold {variables['footer-key-foreground']}"
            says = Content.styled(self._words(action), "$off" if off else "")
            cells.append(Content.assemble((key, style), " ", says))
        return cells

    def _grid(self, width: int) -> tuple[int, int]:
        """Columns, and lines in each."""
        widest = max((cell.cell_length for cell in self._cells()), default=1) + GAP
        columns = max((width + GAP) // widest, 1)
        lines = -(-len(self._places) // columns)
        return max(-(-len(self._places) // max(lines, 1)), 1), lines

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return self._grid(width)[1]

    def render(self) -> Content:
        columns, lines = self._grid(self.size.width)
        cells = self._cells()
        each = max(self.size.width // columns, 1)
        return Content("\n").join(
            Content("").join(
                cell.truncate(each - 1, ellipsis=True, pad=True) + Content(" ") for cell in cells[line::lines]
            )
            for line in range(lines)
        )

    def letter_at(self, x: int, y: int) -> str:
        """The letter whose place is there; "" where there is none."""
        columns, lines = self._grid(self.size.width)
        at = min(x // max(self.size.width // columns, 1), columns - 1) * lines + y
        return self._places[at] if at < len(self._places) else ""


class GoPanel(ModalScreen[str]):
    """Ends with the letter that was pressed, or "" with any other key."""

    CSS_PATH = "going.tcss"
    NAME = N_("Go to")
    app = getters.app(SessionApp)

    def __init__(self, ways: Known) -> None:
        super().__init__()
        self._ways = ways

    def compose(self) -> ComposeResult:
        ways = Ways(self._ways)
        ways.border_title = Content(self.app.language.gettext(self.NAME))
        ways.border_subtitle = Content(self.app.language.gettext("A letter goes there, Esc stays here"))
        yield ways

    def on_key(self, event: events.Key) -> None:
        """Any key ends it."""
        event.stop()
        self._end(next((meant for meant in meanings(event.key) if meant in self._ways), ""))

    def on_click(self, event: events.Click) -> None:
        ways = self.query_one(Ways)
        at = event.get_content_offset(ways)
        self._end(ways.letter_at(at.x, at.y) if at is not None else "")

    def _end(self, letter: str) -> None:
        if self.is_active:
            self.dismiss(letter)


def open_panel(app: SessionApp) -> None:
    """Asks for the letter, and goes where it leads from the screen that is in front."""
    known = ways(app.screen)

    def go(letter: str | None) -> None:
        if letter:
            node, action = known[letter]
            node.action_act(action.id)

    app.push_screen(GoPanel(known), go)
