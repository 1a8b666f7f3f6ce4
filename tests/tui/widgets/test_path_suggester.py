"""What a path is completed to while it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.widgets.path_suggester import PathSuggester


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("con", "contacts.csv"),
        ("down", "downloads/"),
        ("downloads/b", "downloads/b.vcf"),
        (".h", ".hidden"),
        ("", None),
        ("downloads/", None),
        ("x", None),
        ("nowhere/x", None),
        ("\0/x", None),
    ],
)
async def test_the_first_name_that_begins_alike_is_suggested(
    tmp_path: Path, typed: str, completed: str | None
) -> None:
    (tmp_path / "downloads").mkdir()
    for name in ("contacts.csv", "contacts.vcf", ".hidden", "downloads/b.vcf"):
        (tmp_path / name).touch()
    suggestion = await PathSuggester().get_suggestion(f"{tmp_path}/{typed}")
    assert suggestion == (None if completed is None else f"{tmp_path}/{completed}")
