"""Files of TOML that somebody writes: their values by key and type, or a mistake that names file, key and
line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from store.errors import TextmeterError, reason
from store.files import TooLarge, read_bounded
from store.sentences import Sentence, sentence

MOST_BYTES = 1_000_000
"""Of a file."""
TOO_LARGE = sentence("it has more than {most} bytes", most=MOST_BYTES)

Refuse: TypeAlias = Callable[[Path, str, int, Sentence], TextmeterError]
"""Makes the error for a mistake: in which file, at which key, in which line, and what is wrong."""


def place(file: str, key: str, line: int) -> Sentence | str:
    """Where a mistake is, in words. key: "" and line: 0 where they aren't known."""
    if line:
        return sentence("{file}, line {line}, {key}", file=file, line=line, key=key or "-")
    return sentence("{file}, {key}", file=file, key=key) if key else file


class TomlFile:
    """A file of TOML: its text, to find lines in, and its values.

    refuse: makes the error that is raised for a mistake. text: what it is to hold, where that isn't what it
    holds now.
    """

    def __init__(self, path: Path, refuse: Refuse, text: str | None = None) -> None:
        self.path = path
        self.text = text or ""
        self._refuse = refuse
        try:
            if text is None:
                self.text = read_bounded(path, MOST_BYTES).decode("utf-8")
            values = tomllib.loads(self.text)
        except TooLarge as error:
            raise self.mistake("", 0, TOO_LARGE) from error
        except RecursionError as error:
            raise self.mistake("", 0, sentence("its lists or tables are nested too deeply")) from error
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            raise self.mistake(
                "", int(at[1]) if at else 0, sentence("it isn't valid TOML ({why})", why=str(error))
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise self.mistake("", 0, sentence("it can't be read ({why})", why=reason(error))) from error
        except ValueError as error:  # Python reads no number of more digits than these
            digits = re.search(r"[0-9_]{4000,}", self.text)
            line = self.text.count("\n", 0, digits.start()) + 1 if digits else 0
            raise self.mistake("", line, sentence("a number in it has too many digits")) from error
        self.root = TomlTable(self, "", 0, values)

    def mistake(self, key: str, line: int, problem: Sentence) -> TextmeterError:
        """The error that a key, or "" for the file, is refused with. line: 0 where it isn't known."""
        return self._refuse(self.path, key, line, problem)

    def line(self, table: str, index: int, key: str) -> int:
        """The line (from 1) of a key in the index-th table of that name, of the table where it lacks the key,
        or 0."""
        name, seen, found = "", -1 if table else 0, 0
        for number, text in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[+\s*([\w.-]+)\s*\]", text):
                name = header[1]
                if name == table:
                    seen += 1
                    found = number if seen == index else found
            elif name == table and seen == index and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
                return number
        return found


class TomlTable:
    """A table of a file, whose values are taken by key and type or refused."""

    def __init__(self, document: TomlFile, name: str, index: int, values: Mapping[str, Any]) -> None:
        self._document, self._name, self._index, self.values = document, name, index, values

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def mistake(self, key: str, problem: Sentence) -> TextmeterError:
        path = f"{self._name}.{key}" if self._name else key
        return self._document.mistake(path, self._document.line(self._name, self._index, key), problem)

    def only(self, known: Sequence[str]) -> None:
        for key in self.values:
            if key not in known:
                raise self.mistake(
                    key, sentence("unknown key; the known ones are: {keys}", keys=", ".join(known))
                )

    def integer(self, key: str, least: int = 0, most: int = 1_000_000_000) -> int:
        value = self._value(key)
        if type(value) is not int or not least <= value <= most:
            raise self.mistake(
                key, sentence("must be a whole number from {least} to {most}", least=least, most=most)
            )
        return value

    def text(self, key: str, choices: Sequence[str] = ()) -> str:
        value = self._value(key)
        self._check_text(key, value, choices)
        return str(value)

    def truth(self, key: str) -> bool:
        value = self._value(key)
        if type(value) is not bool:
            raise self.mistake(key, sentence("must be true or false"))
        return value

    def texts(self, key: str, choices: Sequence[str] = ()) -> list[str]:
        values = self._list(key)
        for value in values:
            self._check_text(key, value, choices)
        return values

    def integers(self, key: str) -> list[int]:
        values = self._list(key)
        if not all(type(value) is int for value in values):
            raise self.mistake(key, sentence("must be a list of whole numbers"))
        return values

    def table(self, key: str) -> TomlTable:
        value = self._value(key)
        if not isinstance(value, dict):
            raise self.mistake(key, sentence("must be a table: [{key}]", key=key))
        return TomlTable(self._document, key, 0, value)

    def tables(self, key: str) -> list[TomlTable]:
        values = self._list(key)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.mistake(key, sentence("must be at least one table: [[{key}]]", key=key))
        return [TomlTable(self._document, key, index, value) for index, value in enumerate(values)]

    def _value(self, key: str) -> Any:
        if key not in self.values:
            raise self.mistake(key, sentence("this key is missing"))
        return self.values[key]

    def _list(self, key: str) -> list[Any]:
        value = self._value(key)
        if not isinstance(value, list):
            raise self.mistake(key, sentence("must be a list"))
        return value

    def _check_text(self, key: str, value: object, choices: Sequence[str]) -> None:
        if not isinstance(value, str) or not value:
            raise self.mistake(key, sentence("must be text in quotes"))
        if choices and value not in choices:
            raise self.mistake(key, sentence("must be one of: {choices}", choices=", ".join(choices)))
