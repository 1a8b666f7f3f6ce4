"""A key as it is drawn where it stands beside what it does."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content


def cap_style(variables: Mapping[str, str]) -> str:
    """The look of a key's box. variables: of the look."""
    return f"bold {variables['background']} on {variables['primary']}"


def key_cap(key: str, variables: Mapping[str, str]) -> Content:
    """A key in a box of the accent colour."""
    return Content.styled(f" {key} ", cap_style(variables))
