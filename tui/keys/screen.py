"""Keys: every action with its keys, found as one types, and put on others by pressing them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Input, Static

from store.paths import files_within_reach
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal
from tui.keys.catalog import Catalog, catalog
from tui.keys.presentation import Groups, Heading, Line, Row, clash_words, grouped, matching
from tui.keys.press import PressScreen
from tui.widgets.line_list import LineList

KEYS_WIDTH, LABEL_WIDTH = 16, 24


class KeyList(LineList[Line], can_focus=False):
    """All at hand. The field above keeps the focus, and its keys move the list, past the names of groups."""

    def __init__(self, draw: Callable[[Line, int], Content]) -> None:
        super().__init__(draw, id="keys")
        self._lines: Sequence[Line] = ()

    @property
    def length(self) -> int:
        return len(self._lines)

    def item(self, index: int) -> Line | None:
        return self._lines[index] if index < len(self._lines) else None

    @property
    def row(self) -> Row | None:
        """The action under the cursor."""
        current = self.current
        return current if isinstance(current, Row) else None

    def show(self, lines: Sequence[Line], of: str = "") -> None:
        """Shows these, the cursor on an action by its id, or on the first one."""
        self._lines = lines
        self._resize_content()
        rows = (index for index, line in enumerate(lines) if isinstance(line, Row) and line.id == of)
        self.action_move_to(next(rows, 0))

    def action_move_to(self, index: int) -> None:
        index = min(max(index, 0), max(self.length - 1, 0))
        if isinstance(self.item(index), Heading):
            index += -1 if 0 < index < self._cursor else 1
        super().action_move_to(index)

    def _show_cursor(self) -> None:
        """With the name of its group, where the cursor is the first below it."""
        above = isinstance(self.item(max(self._cursor - 1, 0)), Heading)
        self.scroll_to_region(Region(0, self._cursor - above, 1, 1 + above), animate=False, force=True)

    def _look(self) -> None:
        """All is there already."""


class KeysScreen(TextmeterScreen):
    """All actions by where they work. What is typed is looked for in their names, and as a key."""

    NAME = N_("Keys")
    CSS_PATH = "keys.tcss"
    AUTO_FOCUS = "Input"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "Everything that has a key, by the screen it works in. Type a part of a name, or a key such as F5, "
        "to find it. Enter puts it on the key you press next, {usual} puts it back on its usual key. A key "
        "you change here changes only that one action."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"usual": Key("keys.delete", "delete")}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)", N_("Up"), show=False),
        Binding("down", "list('move', 1)", N_("Down"), show=False),
        Binding("pageup", "list('turn', -1)", N_("Page up"), show=False),
        Binding("pagedown", "list('turn', 1)", N_("Page down"), show=False),
    ]
    list = getters.query_one(KeyList)

    def __init__(self) -> None:
        super().__init__()
        self._catalog: Catalog | None = None
        self._groups: Groups = ()

    def actions(self) -> Iterable[Action]:
        yield Action(
            "keys.back", "escape", N_("Back"), N_("Back to where you were"), self.leave, needs_store=False
        )
        yield Action(
            "keys.rebind",
            "enter",
            N_("New key"),
            N_("Put the action under the cursor on the key you press next"),
            self.rebind,
            why_not=self._why_none,
            priority=True,
            needs_store=False,
        )
        yield Action(
            "keys.delete",
            "delete",
            N_("Usual key"),
            N_("Put the action under the cursor back on its usual key"),
            self.reset,
            why_not=self._why_not_reset,
            priority=True,
            needs_store=False,
        )

    def body(self) -> ComposeResult:
        placeholder = self.gettext("Type a name or a key")
        yield Input(placeholder=placeholder, compact=True, select_on_focus=False)
        yield Static(id="kept")
        yield KeyList(self.line)
        yield Static(id="about")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Finds all actions there are."""
        self._catalog = await asyncio.to_thread(catalog, self.app)
        self._show()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._show()

    def _show(self) -> None:
        """Shows the keys as they are now."""
        if self._catalog is None or not self.query(KeyList):
            return
        row = self.list.row
        self._groups = grouped(self._catalog, self.app.keys, self.app.language)
        self._find(of=row.id if row is not None else "")
        kept = self.query_one("#kept", Static)
        kept.display = not files_within_reach()
        says = N_(
            "Files can't be written from here, so the keys you change are kept until you leave Textmeter."
        )
        kept.update(Content(self.gettext(says)))

    @on(Input.Changed)
    def _typed(self) -> None:
        self._find()

    def _find(self, of: str = "") -> None:
        self.list.show(matching(self._groups, self.query_one(Input).value), of)

    @on(KeyList.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()
        self.query_one("#about", Static).update(self._about())

    # What can be done

    def _why_none(self) -> Sentence | None:
        return None if self.list.row is not None else sentence("No action has that name or key.")

    def _why_not_reset(self) -> Sentence | None:
        if (why := self._why_none()) is not None:
            return why
        row = self.list.row
        return None if row is not None and row.own else sentence("This action has its usual keys already.")

    def rebind(self) -> None:
        """Asks for a key, and puts the action under the cursor on it."""
        row = self.list.row
        if row is None:
            return

        def pressed(key: str | None) -> None:
            if key:
                self._put(row.id, [key])

        self.app.push_screen(PressScreen(row.label), pressed)

    def reset(self) -> None:
        """Puts the action under the cursor back on its usual keys."""
        if (row := self.list.row) is not None:
            self._put(row.id, ())

    def _put(self, id: str, keys: Sequence[str]) -> None:
        async def put() -> None:
            await self.app.put_keys(id, keys)
            self._show()

        self.app.finish(put())

    def action_list(self, move: str, step: int) -> None:
        """Moves in the list while the field keeps the focus."""
        getattr(self.list, f"action_{move}")(step)

    # What is shown

    def line(self, line: Line, width: int) -> Content:
        """The name of a group, or an action: its keys, its name, what it is for."""
        if isinstance(line, Heading):
            return Content.styled(line.name, "bold $quiet").truncate(width, ellipsis=True)
        keys_width = min(KEYS_WIDTH, width // 3)
        keys = Content.styled(", ".join(line.keys) or "—", "bold $primary" if line.keys else "$off")
        label = Content(line.label)
        end = Content("")
        if line.clashes:
            end = Content.styled(self.gettext("! clash"), "bold $warning")
        elif line.own:
            end = Content.styled(self.gettext("yours"), "$primary")
        label_width = max(min(LABEL_WIDTH, width - keys_width - end.cell_length - 2), 0)
        room = max(width - keys_width - label_width - end.cell_length - 1, 0)
        return Content("").join(
            [
                keys.truncate(keys_width - 1, ellipsis=True, pad=True),
                Content(" "),
                label.truncate(label_width - 1, ellipsis=True, pad=True),
                Content(" "),
                literal(line.about).stylize("$quiet").truncate(room, ellipsis=True, pad=True),
                Content(" ") if end else Content(""),
                end,
            ]
        )

    def _about(self) -> Content:
        """What the action under the cursor is for, with what it shares a key, and its usual keys."""
        row, say = self.list.row, self.app.language.say
        if row is None:
            return Content(say(sentence("No action has that name or key.")) if self._catalog else "")
        told = [
            Content.styled(f"! {say(clash_words(clash, self.app.language))}", "$warning")
            for clash in row.clashes
        ]
        if row.own:
            usual = ", ".join(row.usual)
            says = (
                sentence("Its usual key: {keys}.", keys=usual) if usual else sentence("It has no usual key.")
            )
            told.append(Content(say(says)))
        return Content("\n").join([*told, literal(row.about)])
