"""What the palette finds of settings. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from store.config.schema import SCHEMA
from store.paths import files_within_reach
from store.roles import Role
from tui.base.finds import SETTINGS, Asked, Find, posts
from tui.base.navigation import GoTo
from tui.settings.presentation import GROUPS


def settings(store: Store, asked: Asked) -> Iterator[Find]:
    """What can be set, each with its cursor on itself: of an installation by whoever runs it alone."""
    if not files_within_reach() or store.person.lacks(Role.OWNER) is not None:
        return
    _ = asked.language.gettext
    for entry in SCHEMA:
        if entry.key != "language":  # which is among what a person chooses
            label = f"{_(GROUPS[entry.group])}: {_(entry.name)}"
            shows = posts(partial(GoTo, "settings", entry.key))
            yield Find(f"setting.{entry.key}", SETTINGS, label, shows, _(entry.help), also=entry.key)
