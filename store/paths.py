"""Paths of files as somebody types them."""

from __future__ import annotations

from pathlib import Path


def typed_path(text: str) -> Path:
    """The path, with ~ for the home folder. One that names somebody unknown (~nobody) stays as it was typed,
    so that it is missed like any other file that isn't there.
    """
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
