"""What a database's URL says: which engine, where, and what of it people may be shown."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from store.errors import WrongUsage
from store.paths import expanded
from store.sentences import sentence

_POSTGRESQL = ("postgresql", "postgres")
_COCKROACHDB = ("cockroachdb", "cockroach")


def is_served(url: str) -> bool:
    """Whether a URL names a database that a server keeps, not a file."""
    scheme, separator, _ = url.partition("://")
    return bool(separator) and scheme != "sqlite"


def is_cockroachdb(url: str) -> bool:
    return url.startswith(_COCKROACHDB)


def file_path(url: str) -> Path:
    """The file that a path or `sqlite:///path` names."""
    return expanded(url.removeprefix("sqlite:///"))


def server_parameters(url: str) -> dict[str, str]:
    """The parameters of a connection, under libpq's names. Raises WrongUsage for a URL that can't be read, of
    which no part is shown: nobody knows in which of them the password is."""
    scheme = url.partition("://")[0]
    if scheme not in (*_POSTGRESQL, *_COCKROACHDB):
        raise WrongUsage(
            sentence(
                "Textmeter can't open such a database: it takes a path, sqlite:///path, "
                "postgresql://user:password@host/name or cockroachdb://user:password@host/name."
            ),
            code="database-url",
        )
    try:
        return _parameters(url)
    except ValueError:
        raise WrongUsage(
            sentence(
                "This database's URL can't be read. Write postgresql://user:password@host:5432/name; in a "
                "password, write / as %2F, ? as %3F and # as %23."
            ),
            code="database-url",
        ) from None


def _parameters(url: str) -> dict[str, str]:
    # Not by libpq, which takes a password's @ for the end of the password.
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    given = {
        "host": parts.hostname,
        "port": str(parts.port or ""),
        "user": parts.username,
        "password": parts.password,
        "dbname": parts.path.removeprefix("/"),
    }
    if parts.fragment or not given["dbname"]:
        raise ValueError("the database's name is missing")
    return {name: unquote(value) for name, value in given.items() if value} | query


def shown(url: str) -> str:
    """What people may be told a database is called: the file's path, or user, server and name, never with a
    password."""
    if not is_served(url):
        return str(file_path(url))
    try:
        given = server_parameters(url)
    except WrongUsage:
        return f"{url.partition('://')[0]}://…"
    user = f"{given['user']}@" if "user" in given else ""
    port = f":{given['port']}" if "port" in given else ""
    return f"{user}{given.get('host', 'localhost')}{port}/{given.get('dbname', '')}"
