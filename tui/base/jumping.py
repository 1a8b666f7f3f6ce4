"""Jump mode: a letter on each thing on the screen that can be focused or acted on; pressing it does so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from textual import events, getters
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import OptionList, Static, Tab, Tabs

from store.sentences import N_
from tui.base.session_app import SessionApp
from tui.base.terminal.layouts import meanings
from tui.base.textual_private import line_of, seen_widgets
from tui.widgets.jumps import HasJumps, Jump

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""Those under the fingers first."""


class Target(NamedTuple):
    """A place on the screen, and what jumping there does."""

    at: Offset
    run: Callable[[], object]


def labels(count: int) -> list[str]:
    """So many labels, none of which another begins with: single letters first, then pairs."""
    pairs = len(LETTERS)
    beginnings = -(-max(count - pairs, 0) // (pairs - 1))
    single = LETTERS[: pairs - beginnings]
    double = (first + second for first in LETTERS[pairs - beginnings :] for second in LETTERS)
    return [*single, *double][:count]


def targets(screen: Screen[object]) -> list[Target]:
    """What one can jump to on a screen, as far as it is seen, in the order in which one reads."""
    focusable = set(screen.focus_chain)
    found: dict[Offset, Target] = {}
    for widget, region, clip in seen_widgets(screen):
        seen = region.intersection(clip)
        for jump in _jumps(widget, widget in focusable):
            at = region.offset + Offset(jump.x, jump.y)
            if seen.contains(*at):
                found.setdefault(at, Target(at, jump.run))
    return sorted(found.values(), key=lambda target: (target.at.y, target.at.x))


def _jumps(widget: Widget, focusable: bool) -> Iterator[Jump]:
    if isinstance(widget, HasJumps):
        yield from widget.jumps()
    elif isinstance(widget, OptionList):
        left, top = widget.gutter.left, widget.gutter.top
        for index, option in enumerate(widget.options):
            if not option.disabled:
                y = line_of(widget, index) - widget.scroll_offset.y
                if 0 <= y < widget.size.height:
                    yield Jump(left, top + y, partial(_choose, widget, index))
    elif isinstance(widget, Tab):
        yield Jump(0, 0, partial(_turn_to, widget))
    elif focusable and not isinstance(widget, Tabs):
        yield Jump(0, 0, widget.focus)


def _choose(choices: OptionList, index: int) -> None:
    choices.highlighted = index
    choices.action_select()


def _turn_to(tab: Tab) -> None:
    tabs = next(node for node in tab.ancestors if isinstance(node, Tabs))
    tabs.active = tab.id or ""


class Sign(Static):
    """The letters of a target."""

    DEFAULT_CSS = """
    Sign { position: absolute; width: auto; height: 1; text-style: bold reverse; color: $primary; }
    """

    def __init__(self, label: str, at: Offset) -> None:
        super().__init__(Content(label))
        self.label = label
        self.styles.offset = at


class JumpScreen(ModalScreen[Target]):
    """Ends with the target whose letters are pressed, or None with any other key."""

    NAME = N_("Jump")
    CSS_PATH = "jumping.tcss"
    app = getters.app(SessionApp)

    def __init__(self, found: Sequence[Target]) -> None:
        super().__init__()
        self._targets = dict(zip(labels(len(found)), found, strict=True))
        self._begun = ""

    def compose(self) -> ComposeResult:
        for label, target in self._targets.items():
            yield Sign(label, target.at)
        yield Static(Content(self.app.language.gettext("A letter jumps there, Esc stays here")), id="hint")

    def on_key(self, event: events.Key) -> None:
        """A letter narrows the choice; what isn't one of those that are left ends it."""
        event.stop()
        tried = (self._begun + meant for meant in meanings(event.key))
        begun = next(
            (label for label in tried if any(known.startswith(label) for known in self._targets)), ""
        )
        if not begun or begun in self._targets:
            self.end(self._targets.get(begun))
            return
        self._begun = begun
        for sign in self.query(Sign):
            sign.display = sign.label.startswith(begun)
            sign.update(Content(sign.label.removeprefix(begun)))

    def on_click(self) -> None:
        self.end(None)

    def end(self, target: Target | None) -> None:
        """Ends once."""
        if self.is_active:
            self.dismiss(target)


def jump(app: SessionApp) -> None:
    """Asks where to jump on the screen that is in front; asked for once more, stays."""

    def go(target: Target | None) -> None:
        if target is not None:
            target.run()

    if isinstance(app.screen, JumpScreen):
        app.screen.end(None)
    elif found := targets(app.screen):
        app.push_screen(JumpScreen(found), go)
