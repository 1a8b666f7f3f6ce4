"""The screens that one can go to by their name, each imported when it is first wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.screen import Screen

MODES = {
    "home": "HomeScreen",
    "compose": "ComposeScreen",
    "history": "HistoryScreen",
    "contacts": "ContactsScreen",
    "plans": "PlansScreen",
    "usage": "UsageScreen",
    "notices": "NoticesScreen",
}
"""Names of screens, which are those of their modules in `tui.screens`, and their classes."""

PLACES = {mode: f"{mode}.screen" for mode in MODES} | {"plans": "billing.plans"}

OF_NO_ACCOUNT = ("contacts",)
"""Those that show the same whatever account is looked at."""


def make(mode: str) -> Screen[None]:
    """A new screen of that name."""
    return cast("Screen[None]", getattr(import_module(f"tui.{PLACES[mode]}"), MODES[mode])())
