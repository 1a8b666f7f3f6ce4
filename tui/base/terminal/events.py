"""What Textual has no event for."""

from __future__ import annotations

from textual import events


class HungUp(events.InputEvent):
    """There is nobody any more, or somebody wants the app to end: once all that came before has arrived."""

    def __init__(self, return_code: int) -> None:
        super().__init__()
        self.return_code = return_code
