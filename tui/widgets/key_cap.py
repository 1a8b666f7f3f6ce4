"""A key as it is drawn where it stands beside what it does."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content


def key_cap(key: str, variables: Mapping[str, str]) -> Content:
    """A key in a box of the accent colour. variables: of the look."""
    return Content.styled(f" {key} ", f"bold {variables['background']} on {variables['primary']}")


def with_key(key: str, what: str, variables: Mapping[str, str]) -> Content:
    """What a key does, behind the key: "[Enter]  Open the account"; without one where it has none now."""
    return (
        Content.assemble(key_cap(key, variables), ("  " + what, "bold"))
        if key
        else Content.styled(what, "bold")
    )
