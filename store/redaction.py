"""What may be written down of a program at work: what it is, never whom it serves.

Logs, crash reports and copied diagnostics go to people whom names, numbers, addresses and texts don't
concern. So nothing is looked for and blackened that might be somebody's; what is known to be the program's
own is let through: constants of its source, numbers that count, words marked as ours. `without_people` alone
searches, in sentences that are made for the person themselves and may quote a path, an address or a number.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, TracebackType

LEFT_OUT = "…"
"""Stands where something was."""
SHORTEST = 4
"""Characters of a constant by which it is told from chance."""
MOST_ERRORS = 8
"""Errors of a chain that are told."""
_HERE = Path(__file__).parent.parent
_FREE = re.compile(
    r"""
      [a-zA-Z][a-zA-Z0-9+.-]*://[^\s,;'"]+        # a URL, with whoever is named in it
    | [^\s@,;:<>'"()=]+@[^\s@,;:<>'"()]*[^\s@,;:<>'"().]  # an address, or user@host
    | \+?(?:\d[\s().-]{0,2}){6,}\d               # seven digits and more, as people write phone numbers
    """,
    re.VERBOSE,
)


class Word(str):
    """A word of the program's own, such as an action's id, that a log may have as it is."""

    __slots__ = ()


def redacted(record: logging.LogRecord) -> logging.LogRecord:
    """A record as it may be written: of its arguments only numbers and `Word`s, of its error only what
    `error_lines` tells. Its message is a constant of ours."""
    kept = logging.makeLogRecord(record.__dict__)
    given = record.args
    if isinstance(given, dict):
        kept.args = {name: _kept(value) for name, value in given.items()}
    else:
        kept.args = tuple(map(_kept, given or ()))
    if record.exc_info and record.exc_info[1] is not None:
        kept.exc_text = "\n".join(error_lines(record.exc_info[1]))
    kept.exc_info = kept.stack_info = None
    return kept


def _kept(value: object) -> object:
    """A value of a record as it may stand there."""
    return value if isinstance(value, Word | bool | float) or type(value) is int else LEFT_OUT


def error_lines(error: BaseException) -> Iterator[str]:
    """An error with its traceback, the causes first, as lines: files, line numbers and functions, without
    values, and of each message what the program itself says in it."""
    for number, one in enumerate(_chain(error)):
        if number:
            yield "then:"
        for frame in traceback.extract_tb(one.__traceback__, limit=-50):
            yield f"  {_file(frame.filename)}:{frame.lineno} in {frame.name}"
        said = _said(one)
        yield f"{type(one).__qualname__}: {said}" if said else type(one).__qualname__


def _chain(error: BaseException) -> list[BaseException]:
    """An error after those that it came of, the last ones of very many."""
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found and len(found) < MOST_ERRORS:
        found.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found[::-1]


def _file(name: str) -> str:
    """Where code is from, without the folders above it, which may name somebody."""
    path = Path(name)
    if path.is_relative_to(_HERE):
        return path.relative_to(_HERE).as_posix()
    return "/".join(path.parts[-3:]) if "site-packages" in path.parts else path.name


def _said(error: BaseException) -> str:
    """Of an error's message, what stands as a constant in the code that raised it; of the system's, the name
    of its number."""
    if isinstance(error, OSError) and error.errno is not None:
        import errno

        return errno.errorcode.get(error.errno, str(error.errno))
    text, code = _text(error), _raised_in(error.__traceback__)
    if code is None or not text:
        return ""
    constants = sorted(set(_constants(code)), key=len, reverse=True)
    known = re.findall("|".join(map(re.escape, constants)), text) if constants else []
    if not known:
        return ""
    if known == [text]:
        return text
    return LEFT_OUT.join(["", *known, ""])


def _text(error: BaseException) -> str:
    """Its message; "" where it can't even say that."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error of anybody's may do anything
        return ""


def _raised_in(trace: TracebackType | None) -> CodeType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code if trace is not None else None


def _constants(code: CodeType) -> Iterator[str]:
    """The texts in a function, in one piece or around the values of an f-string."""
    for constant in code.co_consts:
        if isinstance(constant, str) and len(constant) >= SHORTEST:
            yield constant


def without_people(text: str) -> str:
    """A sentence without the home folder, addresses, phone numbers and URLs that it may quote."""
    home = os.path.expanduser("~")  # noqa: PTH111 - a text to look for, not a path
    if len(home) > 1 and home != "~":
        text = text.replace(home, "~")
    return _FREE.sub(LEFT_OUT, text)
