"""Completes the path of a file as it is typed."""

from __future__ import annotations

from textual.suggester import Suggester

from store.paths import typed_path


class PathSuggester(Suggester):
    """Suggests the first file or folder, by name, that begins as what was typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        folder, slash, start = value.rpartition("/")
        try:
            names = sorted(
                path.name + ("/" if path.is_dir() else "")
                for path in typed_path(folder + slash).iterdir()
                if path.name.startswith(start) and not (path.name.startswith(".") and not start)
            )
        except (OSError, ValueError):
            return None
        return folder + slash + names[0] if names and start else None
