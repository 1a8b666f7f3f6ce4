"""The last line of a screen: the keys that matter now."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.binding import Binding

    from tui.base.screen import TextmeterScreen


class KeyBar(Widget):
    """Draws the screen's visible bindings as one line of text, in the session's language.

    One widget and one line instead of Textual's widget a key: it costs a repaint of one line when a label
    changes, and descriptions are translated as they are drawn. A binding that can't act now is dimmed;
    pressing it says why. One without a label is left out.
    """

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $surface; color: $foreground 70%; }
    """

    def on_mount(self) -> None:
        self._places: list[tuple[range, str]] = []
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def _shown(self) -> list[Binding]:
        """The visible bindings, each action once, the screen's before the app's; Help always last."""
        seen: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show:
                seen.setdefault(active.binding.action.removeprefix("app."), active.binding)
        return sorted(seen.values(), key=lambda binding: binding.action == "help")

    def render(self) -> Content:
        screen = cast("TextmeterScreen", self.screen)
        key_style = f"bold {self.app.theme_variables['footer-key-foreground']}"
        parts: list[tuple[Binding, Content]] = []
        for binding in self._shown():
            if not (says := screen.key_label(binding)):
                continue
            refused = screen.why_not(binding.action) is not None
            key = Content.styled(self.app.get_key_display(binding), "dim" if refused else key_style)
            label = Content.styled(f" {says}", "dim" if refused else "")
            parts.append((binding, key + label))
        # Help keeps its place; of the others, those stand that the line can hold.
        room = self.size.width - 1 - parts[-1][1].cell_length if parts else 0
        line, used, self._places = Content(" "), 1, []
        for binding, part in parts:
            width = part.cell_length
            if binding is not parts[-1][0]:
                if width + 3 > room:
                    continue
                room -= width + 3
            self._places.append((range(used, used + width), binding.action))
            line += part + Content("   ")
            used += width + 3
        return line

    async def on_click(self, event: events.Click) -> None:
        for place, action in self._places:
            if event.x in place:
                event.stop()
                await self.app.run_action(action, self.screen)
