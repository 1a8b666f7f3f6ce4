"""What an installation is told from outside: the settings of `store.config.schema`, each from an option of
the command line, else a variable of the environment, else `config.toml` in the user's configuration folder
(TEXTMETER_CONFIG names another file), else its default.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from store.config.kinds import Entry, Unfit, Value
from store.config.schema import BY_KEY, entry, nearest
from store.errors import TextmeterError
from store.paths import NoHome, config_folder, data_folder, expanded
from store.sentences import Sentence, sentence

FILE_VARIABLE = "TEXTMETER_CONFIG"
_NONE: Mapping[str, Value] = {}


class Origin(StrEnum):
    """Where a setting's value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    OPTION = "option"


class Found(NamedTuple):
    """A setting as it holds now. value: None where there is none."""

    value: Value | None
    origin: Origin


class ConfigMistake(TextmeterError):
    """The configuration can't be used. details: file ("" for a variable), key, line (0 where it isn't
    known)."""

    default_code = "config"


def found(of: Entry, options: Mapping[str, Value] = _NONE) -> Found:
    """A setting that is no secret, as it holds now. options: what the command line says, by key. Raises
    ConfigMistake."""
    if of.key in options:
        return Found(options[of.key], Origin.OPTION)
    if given := os.environ.get(of.variable):
        try:
            return Found(of.typed(given), Origin.ENVIRONMENT)
        except Unfit as unfit:
            raise mistake("", of.variable, 0, unfit.says) from None
    filed = values()
    if of.key in filed:
        return Found(filed[of.key], Origin.FILE)
    return Found(_by_default(of), Origin.DEFAULT)


def text(key: str) -> str:
    """The value of a setting, "" where there is none. Raises ConfigMistake."""
    value = found(entry(key)).value
    return "" if value is None else str(value)


def number(key: str) -> int | None:
    """The value of a setting that is a number. Raises ConfigMistake."""
    value = found(entry(key)).value
    return value if isinstance(value, int) else None


def default_database() -> str:
    """The database that is configured, or a file in the user's data folder. Raises NoHome and
    ConfigMistake."""
    return text("database") or str(_usual_database())  # which says why there is none


def default_catalog() -> Path | None:
    """The folder whose files override the catalog's: the one that is configured, or `catalog` beside the file
    of the configuration where that is there. Raises ConfigMistake."""
    configured = text("catalog")
    return expanded(configured) if configured else None


def catalog_folder() -> Path:
    """That folder, or where it would be. Raises NoHome and ConfigMistake."""
    return default_catalog() or path().parent / "catalog"


def _by_default(of: Entry) -> Value | None:
    with suppress(NoHome):
        if of.key == "database":
            return str(_usual_database())
        if of.key == "catalog":
            folder = path().parent / "catalog"
            return str(folder) if folder.is_dir() else None
    return of.default


def _usual_database() -> Path:
    return data_folder() / "textmeter.sqlite3"


# The file


def path() -> Path:
    """Where the file is, or would be. Raises NoHome."""
    if named := os.environ.get(FILE_VARIABLE):
        return expanded(named).absolute()
    return config_folder() / "config.toml"


def values() -> Mapping[str, Value]:
    """What the file has, by key; nothing where there is none. Raises ConfigMistake naming file, key and
    line."""
    try:
        file = path()
        status = file.stat()
    except (NoHome, FileNotFoundError, NotADirectoryError):
        return _NONE
    except OSError:
        return _read(path(), ())  # which says why
    return _read(file, (status.st_mtime_ns, status.st_size, status.st_ino))


@lru_cache(maxsize=1)
def _read(file: Path, stamp: tuple[int, ...]) -> Mapping[str, Value]:
    return read(file)


def read(file: Path, text: str | None = None) -> Mapping[str, Value]:
    """What a file has, or would have with a text in it, by key. Raises ConfigMistake."""
    from store.toml_files import TomlFile

    def refuse(file: Path, key: str, line: int, problem: Sentence) -> ConfigMistake:
        return mistake(str(file), key, line, problem)

    document = TomlFile(file, refuse, text)
    checked: dict[str, Value] = {}
    for key, value in flat(document.root.values):
        group, _, name = key.rpartition(".")
        line = document.line(group, 0, name) or document.line("", 0, key)
        if key not in BY_KEY:
            raise refuse(file, key, line, _unknown(key))
        try:
            checked[key] = BY_KEY[key].filed(value)
        except Unfit as unfit:
            raise refuse(file, key, line, unfit.says) from None
    return checked


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a table and of those in it, by keys with dots."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _unknown(key: str) -> Sentence:
    if meant := nearest(key):
        return sentence("unknown key; did you mean {meant}?", meant=meant)
    return sentence("unknown key; `textmeter config list` lists them all")


def mistake(file: str, key: str, line: int, problem: Sentence) -> ConfigMistake:
    """The error for something that can't be used. file: "" where key is a variable's name."""
    from store.toml_files import place

    says = sentence(
        "Can't use the configuration. {place}: {problem}. Nothing was changed.",
        place=place(file, key, line) if file else key,
        problem=problem,
    )
    return ConfigMistake(says, file=file, key=key, line=line)
