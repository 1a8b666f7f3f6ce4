"""What a session for somebody elsewhere begins with, as plain data: it crosses from a server to the process
that runs the session."""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from site import getsitepackages, getusersitepackages

import tui
from store.roles import LOCAL, Person, Role

TERMINAL = ("COLORTERM", "NO_COLOR")
LANGUAGE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that a visitor may bring along, beside TERM."""

_HARMLESS = re.compile(r"[A-Za-z0-9_.@:+-]{1,64}")

SMALLEST, LARGEST = (1, 1), (500, 200)
"""Columns and rows; a client may ask for four billion."""

TOO_LONG = 124
"""What a session exits with that was idle, or there, for as long as it may be (as `timeout` does)."""
CRASHED = 70
"""What a session exits with after what nobody foresaw (EX_SOFTWARE); its visitor gets 1, as anywhere."""
NOT_STARTED = 71
"""What stands for the exit code of a session that could not be started (EX_OSERR)."""

PAGES = 3
"""The descriptor to which a session in a browser writes the addresses of pages to open, a line each."""


@dataclass(frozen=True, slots=True)
class SessionSpec:
    """One session to be run.

    person: who it is for. database: a path or URL; of a demo, the file to copy, of which there are others
    `store.demo.in_language`. folder: where a demo's copy goes, "" where it is no demo. line: a command line
    to run, None to open the app. terminal: variables of the visitor's terminal and language. idle, longest:
    seconds after which the session ends without a key, and at all. browser: whether the terminal is in one,
    which opens the pages that are asked for at `PAGES`.
    """

    database: str
    person: Person = LOCAL
    folder: str = ""
    line: str | None = None
    terminal: Mapping[str, str] = field(default_factory=dict)
    idle: float = 900
    longest: float = 14_400
    browser: bool = False

    @property
    def is_demo(self) -> bool:
        return bool(self.folder)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SessionSpec:
        values = json.loads(text)
        values["person"] = Person(values["person"]["name"], Role(values["person"]["role"]))
        return cls(**values)


def harmless(variables: Mapping[str, str]) -> dict[str, str]:
    """Those variables that tell of a terminal and a language, and look like it."""
    return {
        name: value
        for name, value in variables.items()
        if name in ("TERM", *TERMINAL, *LANGUAGE) and _HARMLESS.fullmatch(value)
    }


def clamped(columns: int, rows: int) -> tuple[int, int]:
    """A terminal's size within bounds; 0 is a client that doesn't know."""
    return (
        min(max(columns or 80, SMALLEST[0]), LARGEST[0]),
        min(max(rows or 24, SMALLEST[1]), LARGEST[1]),
    )


def why_ended(code: int, *, command: bool = False, was_idle: bool = False) -> str:
    """In a word, why a session's process ended by itself. command: whether it ran one. was_idle: whether
    nothing was typed for as long as it may be."""
    if code == TOO_LONG:
        return "idle" if was_idle else "too-long"
    if code < 0:
        return "killed"
    if code == CRASHED:
        return "crash"
    if command:
        return "done"
    return "quit" if code == 0 else "failed"


def seen_code(code: int) -> int:
    """What a visitor's own command exits with, by the code of the session's process."""
    if code < 0:
        return 128 - code
    return 1 if code == CRASHED else code


def python_path() -> str:
    """The PYTHONPATH of a process that sessions run in: it finds what this one does, and our packages first,
    whatever else has their names. The current folder, and what else somebody's PYTHONPATH leads to, is none
    of a server's business: a `ctypes.py` there would run as it."""
    ours = str(Path(tui.__file__).parent.parent)
    installed = {ours, *getsitepackages(), getusersitepackages(), *sysconfig.get_paths().values()}
    if (libraries := find_spec("textual")) is not None:
        installed.add(str(Path(str(libraries.origin)).parent.parent))
    elsewhere = {Path.cwd(), *map(Path, os.environ.get("PYTHONPATH", "").split(os.pathsep))}
    strangers = {str(path.absolute()) for path in elsewhere} - installed
    return os.pathsep.join([ours, *(path for path in sys.path if path and path not in strangers)])


class Variables(dict[bytes, bytes]):
    """What a client says of its terminal and language; of anything else, however much, nothing is kept."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if harmless({name.decode("ascii", "replace"): value.decode("ascii", "replace")}):
            super().__setitem__(name, value)
