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
            "postgresql://zoe:secret@one:1,two:2/texts?target_session_attrs=read-write",
            {
                "user": "zoe",
                "password": "secret",
                "host": "one,two",
                "port": "1,2",
                "dbname": "texts",
                "target_session_attrs": "read-write",
            },
            "zoe@one:1,two:2/texts",
        ),
        (
            "postgresql://zoe@one:1,Two,[::1]:3/texts",
            {"user": "zoe", "host": "one,Two,::1", "port": "1,,3", "dbname": "texts"},
            "zoe@one:1,Two,[::1]:3/texts",
        ),
        ("postgresql://one,two/texts", {"host": "one,two", "dbname": "texts"}, "one,two/texts"),
        (
            "postgresql://zoe:secret@/texts?host=one,two&port=5433",
            {"user": "zoe", "password": "secret", "host": "one,two", "port": "5433", "dbname": "texts"},
            "zoe@one:5433,two:5433/texts",
        ),
        (
            "postgresql://zoe:a@b,c@one:1,two:2/texts",
            {"user": "zoe", "password": "a@b,c", "host": "one,two", "port": "1,2", "dbname": "texts"},
            "zoe@one:1,two:2/texts",
        ),
        (
            "postgresql://[2001:db8::1]:5433/texts",
            {"host": "2001:db8::1", "port": "5433", "dbname": "texts"},
            "[2001:db8::1]:5433/texts",
        ),
        (
            "postgresql://[fe80::1%25eth0]/texts",
            {"host": "fe80::1%eth0", "dbname": "texts"},
            "fe80::1%eth0/texts",
        ),
        (
            "postgresql:///texts?host=/run/x&user=zoe",
            {"host": "/run/x", "user": "zoe", "dbname": "texts"},
            "zoe@/run/x/texts",
        ),
        (
            "postgresql://zoe@%2Frun%2FX:5433,%2Frun%2Fy/texts",
            {"user": "zoe", "host": "/run/X,/run/y", "port": "5433,", "dbname": "texts"},
            "zoe@/run/X:5433,/run/y/texts",
        ),
        (
            "postgresql://z%C3%B6e%40home:p%3Aw%2F%3F%23%20+@localhost/texts",
            {"user": "zöe@home", "password": "p:w/?# +", "host": "localhost", "dbname": "texts"},
            "zöe@home@localhost/texts",
        ),
        (
            "postgresql://localhost?dbname=texts&password=a+b%20c&sslpassword=x=y&options=-c%20a=b",
            {
                "host": "localhost",
                "dbname": "texts",
                "password": "a+b c",
                "sslpassword": "x=y",
                "options": "-c a=b",
            },
            "localhost/texts",
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
        "postgresql://zoe:secret@localhost:0/texts",
        "postgresql://zoe:secret@one:1,two:port/texts",
        "postgresql://zoe:secret@one:1:2/texts",
        "postgresql://zoe:secret@::1/texts",
        "postgresql://zoe:secret@[::1/texts",
        "postgresql://zoe:secret@localhost/tex%00ts",
        "postgresql://zoe:secret@localhost/tex%FFts",
        "postgresql://zoe:1/secret@localhost/texts",
        "postgresql://zoe:1?secret@localhost/texts",
        "postgresql://zoe:1#secret@localhost/texts",
        "postgresql://zoe:secret@localhost/texts?sslmode",
        "postgresql://zoe:secret@localhost/texts?=x",
        "postgresql://zoe:secret@localhost/texts?a=b&",
        "oracle://zoe:secret@localhost/texts",
    ],
)
def test_a_url_that_cant_be_read_is_refused_without_showing_any_of_it(url: str) -> None:
    with pytest.raises(WrongUsage, match="postgresql://user:password@host") as refusal:
        server_parameters(url)
    assert refusal.value.code == "database-url"
    assert "sec" not in str(refusal.value)
    assert shown(url) == f"{url.partition(':')[0]}://…"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:/zoe:secret@localhost/texts",
        "postgresql:zoe:secret@localhost/texts",
        " postgres:secret",
        "postgresql//zoe:secret@localhost/texts",
        "zoe:secret@localhost/texts",
        "zoe:secret@localhost:5432/texts",
        "postgresql://zoe:sec@ret/second@localhost/texts",
        "host=localhost password=secret dbname=texts",
        "postgresql://zoe:12/texts?x=1secret@localhost/texts",
    ],
)
def test_a_url_that_was_meant_to_be_a_servers_makes_no_file_and_shows_nothing(url: str) -> None:
    assert is_served(url)
    with pytest.raises(WrongUsage) as refusal:
        server_parameters(url)
    assert "sec" not in str(refusal.value) + shown(url)
