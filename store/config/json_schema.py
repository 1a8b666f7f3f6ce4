"""The settings as a JSON Schema: editors that know one complete and check `config.toml` by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from store.config.kinds import FULL_PATH, ONE_LINE, PATTERNS, Entry, Kind
from store.config.schema import SCHEMA
from store.sentences import N_

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The last one that all editors of TOML read."""
FILE = "config.schema.json"
"""Its name, beside `config.toml`."""
DIRECTIVE = f"#:schema ./{FILE}\n"
"""The first line of a `config.toml` of ours, by which such editors find it."""

_TITLE = N_("Textmeter's settings")
_SECRET = N_("Secrets don't belong in this file. Save it with `textmeter config set {key} -`.")
_PASSWORD = r"^[^/]*://[^/@]*:[^/@]+@"
"""What a URL looks like that has a password in it."""


def json_schema(say: Callable[[str], str] = str) -> dict[str, Any]:
    """The schema of the file. say: puts a message id into words.

    It takes all that the file may have. A secret's key is in it with what to do instead, and takes nothing.
    """
    tables: dict[str, dict[str, Any]] = {"": {}}
    for entry in SCHEMA:
        tables.setdefault(entry.group, {})[entry.key.rpartition(".")[2]] = _property(entry, say)
    properties = tables.pop("")
    properties |= {
        name: {"type": "object", "additionalProperties": False, "properties": inner}
        for name, inner in tables.items()
    }
    return {
        "$schema": DIALECT,
        "title": say(_TITLE),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _property(entry: Entry, say: Callable[[str], str]) -> dict[str, Any]:
    about: dict[str, Any] = {"title": say(entry.name), "description": say(entry.help)}
    if entry.secret:
        return about | {"description": say(_SECRET).format(key=entry.key), "not": {}}
    if entry.default is not None:
        about["default"] = entry.default
    return about | _taken(entry)


def _taken(entry: Entry) -> dict[str, Any]:
    """What is checked of a value. Patterns are such as JavaScript and Python read alike."""
    match entry.kind:
        case Kind.NUMBER:
            return {"type": "integer", "minimum": entry.least, "maximum": entry.most}
        case Kind.CHOICE:
            return {"type": "string", "enum": list(entry.choices)}
        case Kind.TAG:
            return {"type": "string", "pattern": f"^{PATTERNS[Kind.TAG]}$"}
        case Kind.NAME:  # of letters of any script, which JavaScript has no sign for
            return {"type": "string", "pattern": r"^\S+$", "maxLength": 64}
        case Kind.PLACE:
            patterns = [f"^{ONE_LINE}$", f"^({FULL_PATH})|://"]
            return {"type": "string", "allOf": [{"pattern": pattern} for pattern in patterns]} | _bare()
        case Kind.URL:
            return {"type": "string", "pattern": f"^{ONE_LINE}$"} | _bare()
        case _:
            return {"type": "string", "pattern": f"^{ONE_LINE}$"}


def _bare() -> dict[str, Any]:
    """Without a password."""
    return {"not": {"pattern": _PASSWORD}}
