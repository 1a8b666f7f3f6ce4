"""Changes of `config.toml`: one key at a time, with all else that somebody wrote into it as it was."""

from __future__ import annotations

import contextlib
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store import config
from store.config.json_schema import DIRECTIVE, FILE, json_schema
from store.config.kinds import Entry, Kind, Unfit, Value
from store.errors import TextmeterError, WrongUsage, reason
from store.files import read_bounded, write_private
from store.paths import FilesOutOfReach, expanded, files_within_reach
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def put(entry: Entry, typed: str) -> None:
    """Puts what somebody typed into the file, which is made where there is none; "" takes the setting out of
    it. A file that we made names its JSON Schema, which is kept beside it. Raises WrongUsage for what the
    setting doesn't take, ConfigMistake where the file would still have another mistake, and TextmeterError
    where it can't be written."""
    if not files_within_reach():
        raise FilesOutOfReach
    value = _checked(entry, typed) if typed else None
    path = config.path()
    text = write_value(path, entry.key, value, config.read, begins=DIRECTIVE)
    if text.startswith(DIRECTIVE):
        with _told(path.parent / FILE):
            write_private(path.parent / FILE, json.dumps(json_schema(), indent=2) + "\n")


def write_value(
    path: Path, key: str, value: object, check: Callable[[Path, str], object], *, begins: str = ""
) -> str:
    """Puts a value at a key, whose dots divide tables, into a file of TOML, which is made where there is
    none; None takes it out. What the file has then.

    check: raises what the new text is refused with. begins: what a new file begins with. Raises what check
    does, and TextmeterError where the file can't be written.
    """
    with _told(path):
        text, mode = _read(path)
        edited = with_value(path, text or begins, key, value)
        check(path, edited)
        if edited == text or not (text or value is not None):
            return text
        write_private(path, edited, mode=mode)
        return edited


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Raises TextmeterError where a file can't be written."""
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise TextmeterError(
            sentence("Can't write to {path}: {why}. Nothing was changed.", path=str(path), why=reason(error)),
            code="unwritable",
        ) from error


def _checked(entry: Entry, typed: str) -> Value:
    """The value as the file has it."""
    try:
        value = entry.typed(typed)
        if entry.kind is Kind.PLACE and "://" not in typed:
            value = str(expanded(typed).absolute())  # the folder that one is in may be another one tomorrow
        value = entry.filed(value)
    except Unfit as unfit:
        raise _refused(entry, unfit.says) from None
    if entry.key == "mail.url":
        from store.mail import smtp

        smtp.read(typed)  # raises WrongUsage
    return value


def _refused(entry: Entry, says: Sentence) -> WrongUsage:
    if entry.key == "mail.url":  # where the password goes instead
        says = sentence("{problem}; save it with `textmeter config set mail.password -`", problem=says)
    return WrongUsage(
        sentence("{key}: {problem}. Nothing was changed.", key=entry.key, problem=says),
        code="wrong-value",
        key=entry.key,
    )


def _read(path: Path) -> tuple[str, int | None]:
    """What the file has, and who may read it; nothing where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return "", None
    from store.toml_files import MOST_BYTES

    return read_bounded(path, MOST_BYTES).decode("utf-8"), stat.S_IMODE(status.st_mode)


def with_value(path: Path, text: str, key: str, value: object) -> str:
    """The text of a file of TOML with a value at a key, whose dots divide tables; None takes it out. Raises
    ConfigMistake for a text that isn't TOML."""
    import tomlkit  # by those only who write
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        line = getattr(error, "line", 0)
        says = sentence("it isn't valid TOML ({why})", why=str(error))
        raise config.mistake(str(path), "", line, says) from error
    _put(document, key.split("."), value)
    return tomlkit.dumps(document)


def _put(document: TOMLDocument, parts: list[str], value: object) -> None:
    import tomlkit

    *groups, name = parts
    table: Any = document
    for group in groups:
        if not isinstance(table.get(group), dict):
            if value is None:
                return
            table[group] = tomlkit.table()
        table = table[group]
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value
