"""Paths as somebody types them."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from store.paths import as_meant, config_folder, typed_path


def test_a_tilde_is_the_home_folder() -> None:
    assert typed_path("~/people.csv") == Path.home() / "people.csv"


def test_the_home_of_nobody_is_a_file_that_is_not_there() -> None:
    path = typed_path("~nobody of that name/people.csv")
    assert path == Path("~nobody of that name/people.csv")
    assert not path.exists()


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("'/a b/c.jpg'", "/a b/c.jpg"),
        ('"/a b/c.jpg"\n', "/a b/c.jpg"),
        (r"/a\ b/c\(1\).jpg", "/a b/c(1).jpg"),
        ("file:///a%20b/c.jpg", "/a b/c.jpg"),
        (" ~/c.jpg ", "~/c.jpg"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_a_path_that_a_terminal_or_a_file_manager_gives_is_the_files(pasted: str, meant: str) -> None:
    assert as_meant(pasted) == meant


@pytest.mark.parametrize("base", [None, "", "  ", "/etc/xdg-of-mine", "~/config"])
def test_the_configuration_lies_where_platformdirs_has_it(
    monkeypatch: pytest.MonkeyPatch, base: str | None
) -> None:
    if base is not None:
        monkeypatch.setenv("XDG_CONFIG_HOME", base)
    assert config_folder() == platformdirs.user_config_path("textmeter", appauthor=False)
