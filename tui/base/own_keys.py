"""A person's own keys: `keys.toml` beside the configuration's file, read again as it changes.

    [plans]
    undo = "u"
    [contacts]
    write = ["w", "F5"]
    [go]
    history = "g v"

Nothing here is waited for: `OwnKeys.news` belongs in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store import config
from store.config.editing import write_value
from store.errors import TextmeterError
from store.paths import NoHome
from store.sentences import Sentence, sentence
from store.toml_files import TomlFile, place
from tui.base.key_syntax import typed_key

_Stamp = tuple[int, int, int]
NO_FILE: _Stamp = (0, 0, 0)


class KeysMistake(TextmeterError):
    """Something in the file can't be used. details: file, key, line (0 where it isn't known)."""

    default_code = "keys"


class News(NamedTuple):
    """What became of the file. keys: by the ids of actions, as `Action.key` has them; None where it is broken
    as a whole, and the keys stay; mistakes: in it. file: its name; lines: in which each action stands, 0
    where that isn't known."""

    keys: Mapping[str, str] | None
    mistakes: Sequence[TextmeterError]
    file: str
    lines: Mapping[str, int]


class OwnKeys:
    """The keys of a file, which needn't be there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = NO_FILE

    def news(self, known: Callable[[], Container[str]]) -> News | None:
        """What the file has, if it changed since the last time. known: the ids that there are, asked only
        where there is a file."""
        stamp = self._look()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        if stamp == NO_FILE:
            return News({}, (), self._path.name, {})
        try:
            return read(self._path, known())
        except KeysMistake as mistake:
            return News(None, [mistake], self._path.name, {})

    def put(self, id: str, keys: Sequence[str]) -> None:
        """Puts an action on these keys in the file; on its usual ones where there are none. Raises
        TextmeterError where the file can't be read or written."""
        write_value(self._path, id, list(keys) if len(keys) > 1 else keys[0] if keys else None, _parse)

    def _look(self) -> _Stamp:
        with suppress(FileNotFoundError, NotADirectoryError):
            status = self._path.stat()
            return status.st_mtime_ns, status.st_size, status.st_ino
        return NO_FILE


def own_keys() -> OwnKeys | None:
    """Those of whoever runs Textmeter; None where there is no home to look for them in."""
    with suppress(NoHome):
        return OwnKeys(config.path().parent / "keys.toml")
    return None


def read(path: Path, known: Container[str]) -> News:
    """The keys of a file, without those that can't be used. known: the ids of actions. Raises KeysMistake for
    a file that is broken as a whole."""
    document = _parse(path)
    keys: dict[str, str] = {}
    lines: dict[str, int] = {}
    mistakes: list[TextmeterError] = []
    for id, value in config.flat(document.root.values):
        group, _, name = id.rpartition(".")
        line = document.line(group, 0, name) if group else 0
        line = document.line("", 0, id) or line
        wanted = value if isinstance(value, list) else [value]
        typed = [typed_key(one) if isinstance(one, str) else None for one in wanted]
        if id not in known:
            problem = sentence("no action has this name; the Keys screen lists them all")
        elif not typed or None in typed:
            unfit = next((str(one) for one, key in zip(wanted, typed, strict=True) if key is None), "")
            problem = sentence("“{key}” isn't a key; write u, F5, Ctrl+G or g u, for example", key=unfit)
        else:
            keys[id], lines[id] = ",".join(key for key in typed if key), line
            continue
        mistakes.append(_mistake(path, id, line, problem, sentence("Its usual key stays.")))
    return News(keys, mistakes, path.name, lines)


def _parse(path: Path, text: str | None = None) -> TomlFile:
    def refuse(file: Path, key: str, line: int, problem: Sentence) -> TextmeterError:
        return _mistake(file, key, line, problem, sentence("All keys stay as they were."))

    return TomlFile(path, refuse, text)


def _mistake(path: Path, key: str, line: int, problem: Sentence, kept: Sentence) -> KeysMistake:
    says = sentence(
        "{place}: {problem}. {kept}", place=place(path.name, key, line), problem=problem, kept=kept
    )
    return KeysMistake(says, file=str(path), key=key, line=line)
