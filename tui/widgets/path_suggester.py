"""Completes the path of a file as it is typed."""

from __future__ import annotations

import asyncio

from textual.suggester import Suggester

from store.paths import FilesOutOfReach, typed_path


class PathSuggester(Suggester):
    """Suggests the first file or folder, by name, that begins as what was typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(_first, value)  # a folder may be large, or on a slow disk


def _first(value: str) -> str | None:
    folder, slash, start = value.rpartition("/")
    if not start:
        return None
    try:
        entries = [entry for entry in typed_path(folder + slash).iterdir() if entry.name.startswith(start)]
        # With its slash, as it is suggested, a folder sorts behind a file that begins alike.
        names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in entries)
    except (OSError, ValueError, FilesOutOfReach):
        return None
    return folder + slash + names[0] if names else None
