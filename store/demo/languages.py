"""Which languages there is demo data in: each has a file in assets/demo, which `store.demo.words` reads."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "assets" / "demo"

LANGUAGE = "en"
"""That of the people's file, and of demo data for those whose language has none."""


def languages() -> list[str]:
    """The tags of all of them."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def spoken(language: str) -> str:
    """The tag of the demo data for somebody whose language this is."""
    return language if language in languages() else LANGUAGE
