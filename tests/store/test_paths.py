"""Paths as somebody types them."""

from __future__ import annotations

from pathlib import Path

from store.paths import typed_path


def test_a_tilde_is_the_home_folder() -> None:
    assert typed_path("~/people.csv") == Path.home() / "people.csv"


def test_the_home_of_nobody_is_a_file_that_is_not_there() -> None:
    path = typed_path("~nobody of that name/people.csv")
    assert path == Path("~nobody of that name/people.csv")
    assert not path.exists()
