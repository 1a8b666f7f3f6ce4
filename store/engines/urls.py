"""What a database's URL says: which engine, where, and what of it people may be shown."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path
from urllib.parse import unquote

from store.errors import WrongUsage
from store.paths import expanded
from store.sentences import sentence

SECRETS = ("password", "sslpassword")
"""Parameters that nobody is shown."""

_SCHEMES = ("postgresql", "postgres")
_MEANT = re.compile(
    r"\s*postgres(ql)?(:|//)|.*\bpassword\s*=|[^/\\]*:[^/\\]*@[^/\\]+/", re.IGNORECASE | re.DOTALL
)
_URL = re.compile(r"(?P<authority>[^/?#]*)(/(?P<name>[^/?#@]*))?(\?(?P<query>[^#]*))?")
_PLACE = re.compile(r"(\[(?P<address>[^\[\]]+)\]|(?P<host>[^:\[\]]*))(:(?P<port>[0-9]*))?")


def is_served(url: str) -> bool:
    """Whether a URL names a database that a server keeps, not a file. One that was meant to, and can't be
    read, counts: a file would show the password in its name."""
    scheme, separator, _ = url.partition("://")
    return (bool(separator) and scheme != "sqlite") or _MEANT.match(url) is not None


def file_path(url: str) -> Path:
    """The file that a path or `sqlite:///path` names."""
    return expanded(url.removeprefix("sqlite:///"))


def server_parameters(url: str) -> dict[str, str]:
    """The parameters of a connection, under libpq's names; of several servers, host and port are lists with
    commas, as libpq takes them. Raises WrongUsage for a URL that can't be read, of which no part is shown:
    nobody knows in which of them the password is."""
    scheme, _, rest = url.partition("://")
    if scheme not in _SCHEMES:
        raise WrongUsage(
            sentence(
                "Textmeter can't open this kind of database. Use a path, sqlite:///path or "
                "postgresql://user:password@host/name."
            ),
            code="database-url",
        )
    try:
        return _parameters(rest)
    except ValueError:
        raise WrongUsage(
            sentence(
                "Can't read this database URL. Write postgresql://user:password@host:5432/name; in a "
                "password, write / as %2F, ? as %3F and # as %23."
            ),
            code="database-url",
        ) from None


def _parameters(rest: str) -> dict[str, str]:
    """What follows the scheme. Not read by libpq, which takes a password's @ for the end of the password.
    Raises ValueError."""
    parts = _matched(_URL, rest)
    user_info, _, places = parts["authority"].rpartition("@")
    user, _, password = user_info.partition(":")
    hosts, ports = _places(places)
    given = {
        "host": hosts,
        "port": ports,
        "user": user,
        "password": password,
        "dbname": parts["name"] or "",
        **_query(parts["query"]),
    }
    given = {name: unquote(value, errors="strict") for name, value in given.items() if value}
    if "dbname" not in given or any("\0" in value for value in given.values()):
        raise ValueError
    return given


def _places(places: str) -> tuple[str, str]:
    """The hosts and the ports of one or more servers, each divided by commas; "" where none is named."""
    hosts, ports = [], []
    for place in places.split(","):
        found = _matched(_PLACE, place)
        hosts.append(found["address"] or found["host"] or "")
        ports.append(found["port"] or "")
        if ports[-1] and not 0 < int(ports[-1]) < 65536:
            raise ValueError
    return _listed(hosts), _listed(ports)


def _listed(items: list[str]) -> str:
    return ",".join(items) if any(items) else ""


def _query(query: str | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    if "@" in (query or "") or not all(name and equals for name, equals, _ in pairs):
        raise ValueError
    return {name: value for name, _, value in pairs}


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError
    return found


def shown(url: str) -> str:
    """What people may be told a database is called: the file's path, or user, servers and name, never with a
    password."""
    if not is_served(url):
        return str(file_path(url))
    try:
        given = server_parameters(url)
    except WrongUsage:
        scheme, separator, _ = url.partition("://")
        return f"{scheme}://…" if separator and scheme.isalnum() else "…"
    user = f"{given['user']}@" if "user" in given else ""
    hosts, ports = given.get("host", "localhost").split(","), given.get("port", "").split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    servers = ",".join(_shown(host, port) for host, port in zip_longest(hosts, ports, fillvalue=""))
    return f"{user}{servers}/{given['dbname']}"


def _shown(host: str, port: str) -> str:
    if not port:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
