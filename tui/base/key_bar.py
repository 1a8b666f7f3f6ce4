"""The last line of a screen: the keys that matter now."""

from __future__ import annotations

from textual import events, getters
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from store.sentences import Sentence
from tui.base.actions import about, action_of
from tui.base.session_app import SessionApp
from tui.i18n.sanitize import literal

NARROW = 60
"""Columns up to which a key that must be there stands without its label."""


class KeyBar(Widget):
    """Draws what can be done on the screen as one line of text, in the session's language.

    One widget and one line instead of Textual's widget a key: it costs a repaint of one line when a label
    changes, and labels are translated as they are drawn. What can't be done now is dimmed; pressing it, or
    pointing at it, says why. What has no label now is left out.
    """

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $surface; color: $quiet; }
    """
    app = getters.app(SessionApp)

    def on_mount(self) -> None:
        self._places: list[tuple[range, ActiveBinding]] = []
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def _shown(self) -> list[ActiveBinding]:
        """What has a place in the line, each action once, the screen's before the app's; Help always last."""
        seen: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show or self._is_kept(active):
                seen.setdefault(active.binding.action, active)
        return sorted(seen.values(), key=lambda active: active.binding.id == "help")

    def _is_kept(self, active: ActiveBinding) -> bool:
        """Whether a key has its place where there is room for few, as on a phone, which has neither Esc nor
        Ctrl: what can't be tapped there can't be done."""
        return self.app.size.width <= NARROW and (
            active.binding.key == "escape" or active.binding.id == "palette"
        )

    def _words(self, active: ActiveBinding) -> str:
        action = action_of(active)
        if action is not None and action.words is not None:
            return action.words()
        return self.app.language.gettext(active.binding.description)

    def _why_not(self, active: ActiveBinding) -> Sentence | None:
        action = action_of(active)
        return action.why_not() if action is not None else None

    def render(self) -> Content:
        key_style = f"bold {self.app.theme_variables['footer-key-foreground']}"
        parts: list[tuple[ActiveBinding, Content]] = []
        for active in self._shown():
            if not (says := self._words(active)):
                continue
            refused = self._why_not(active) is not None
            key = Content.styled(self.app.get_key_display(active.binding), "$off" if refused else key_style)
            label = Content.styled(f" {says}", "$off" if refused else "")
            parts.append((active, key if self._is_kept(active) else key + label))
        # Help and what is kept have their places; of the others, those stand that the line can hold.
        kept = [active for active, _ in parts[:-1] if self._is_kept(active)] + [parts[-1][0]] if parts else []
        room = self.size.width + 2 - sum(part.cell_length + 3 for active, part in parts if active in kept)
        line, used, self._places = Content(" "), 1, []
        for active, part in parts:
            width = part.cell_length
            if active not in kept:
                if width + 3 > room:
                    continue
                room -= width + 3
            self._places.append((range(used, used + width), active))
            line += part + Content("   ")
            used += width + 3
        return line

    def _at(self, x: int) -> ActiveBinding | None:
        return next((active for place, active in self._places if x in place), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Says what the key under the pointer is for, or why it can't be used now."""
        active = self._at(event.x)
        says = about(active, self.app.language) if active is not None else ""
        self.tooltip = literal(says) if says else None

    async def on_click(self, event: events.Click) -> None:
        if (active := self._at(event.x)) is not None:
            event.stop()
            await self.app.run_action(active.binding.action, active.node)
