"""What a database's URL says, and what of it people may see: never the password."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.engines.urls import file_path, is_served, server_parameters, shown
from store.errors import WrongUsage


@pytest.mark.parametrize("url", ["texts.db", "a/texts.db", "sqlite:///texts.db", "C:\\texts.db", "host:5432"])
def test_a_path_is_a_file(url: str) -> None:
    assert not is_served(url)


def test_a_file_is_named_by_its_path_or_by_a_url_alike(home: Path) -> None:
    assert file_path("a/texts.db") == file_path("sqlite:///a/texts.db") == Path("a/texts.db")
    assert file_path("sqlite:////a/texts.db") == Path("/a/texts.db")
    assert file_path("sqlite:///~/texts.db") == home / "texts.db"


@pytest.mark.parametrize(
    ("url", "parameters", "name"),
    [
        (
            "postgresql://zoe:secret@db.example.com:5433/texts",
            {
                "user": "zoe",
                "password": "secret",
                "host": "db.example.com",
                "port": "5433",
                "dbname": "texts",
            },
            "zoe@db.example.com:5433/texts",
        ),
        ("postgres:///texts", {"dbname": "texts"}, "localhost/texts"),
        (
            "postgresql://zoe:a@b%2Fc%25@localhost/my%20texts",
            {"user": "zoe", "password": "a@b/c%", "host": "localhost", "dbname": "my texts"},
            "zoe@localhost/my texts",
        ),
        (
            "postgresql://[::1]/texts?sslmode=require&password=secret",
            {"host": "::1", "dbname": "texts", "sslmode": "require", "password": "secret"},
            "::1/texts",
        ),
        (
            "cockroachdb://zoe:secret@localhost/texts",
            {"user": "zoe", "password": "secret", "host": "localhost", "dbname": "texts"},
            "zoe@localhost/texts",
        ),
    ],
)
def test_a_servers_url_is_read_and_shown_without_its_password(
    url: str, parameters: dict[str, str], name: str
) -> None:
    assert is_served(url)
    assert server_parameters(url) == parameters
    assert shown(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://zoe:secret@localhost",
        "postgresql://zoe:secret@localhost/",
        "postgresql://zoe:sec/ret@localhost/texts",
        "postgresql://zoe:sec#ret@localhost/texts",
        "postgresql://zoe:secret@localhost:port/texts",
        "postgresql://zoe:secret@localhost:99999/texts",
        "postgresql://zoe:secret@localhost/texts?sslmode",
        "oracle://zoe:secret@localhost/texts",
    ],
)
def test_a_url_that_cant_be_read_is_refused_without_showing_any_of_it(url: str) -> None:
    with pytest.raises(WrongUsage, match="postgresql://user:password@host") as refusal:
        server_parameters(url)
    assert refusal.value.code == "database-url"
    assert "sec" not in str(refusal.value)
    assert shown(url) == f"{url.partition(':')[0]}://…"
