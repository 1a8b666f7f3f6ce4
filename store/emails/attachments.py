"""The files that go with an email: what they are, how large they are together, and which are better not
sent."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from store.emails.model import Attached
from store.errors import TextmeterError, WrongUsage, reason
from store.mail import File
from store.messages.model import Problem
from store.paths import typed_path
from store.sentences import Sentence, sentence

MOST_FILES = 20
MOST_BYTES = 15_000_000
"""Of all files of an email: 20 MB as mail carries them, which most servers take."""

_UNKNOWN = "application/octet-stream"

DANGEROUS = frozenset(
    [
        "apk",
        "app",
        "bat",
        "cmd",
        "com",
        "cpl",
        "dll",
        "dmg",
        "docm",
        "exe",
        "hta",
        "iso",
        "jar",
        "js",
        "jse",
        "lnk",
        "msi",
        "msp",
        "pif",
        "pkg",
        "ps1",
        "reg",
        "scr",
        "sh",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "xll",
        "xlsm",
    ]
)
"""Ends of names of what runs when it is opened: servers refuse mail with it."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a draft, as far as they can be read. problems: what keeps them from being sent, and what a
    person should know."""

    files: tuple[Attached, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(file.size for file in self.files)


NO_FILES = Files()


def inspect(paths: Sequence[str]) -> Files:
    """Looks at what the files are, not into them."""
    files, problems = [], []
    for path in paths:
        try:
            file = _look(path)
        except TextmeterError as error:
            problems.append(Problem(error.code, error.says, blocking=True))
            continue
        files.append(file)
        if _end(file.name) in DANGEROUS:
            says = sentence(
                "{name} can run when it is opened, so many mail servers refuse it. Send a link instead.",
                name=file.name,
            )
            problems.append(Problem("dangerous-file", says, blocking=False))
    if sum(file.size for file in files) > MOST_BYTES:
        problems.append(Problem("files-too-large", _too_large(), blocking=True))
    if len(paths) > MOST_FILES:
        says = sentence(
            "An email can have up to {most} files, and you attached {count}. Remove some.",
            most=MOST_FILES,
            count=len(paths),
        )
        problems.append(Problem("too-many-files", says, blocking=True))
    return Files(tuple(files), tuple(problems))


def read(paths: Sequence[str]) -> list[File]:
    """The files themselves, to be kept with a campaign. Raises WrongUsage for what can't be read any more, or
    has grown too large since it was looked at."""
    read: list[File] = []
    room = MOST_BYTES
    for path in paths:
        name, kind, _ = _look(path)
        try:
            with typed_path(path).open("rb") as opened:
                content = opened.read(room + 1)
        except OSError as error:
            raise _unreadable(path, error) from error
        room -= len(content)
        if room < 0:
            raise WrongUsage(_too_large(), code="files-too-large")
        read.append(File(name, kind, content))
    return read


def _look(path: str) -> Attached:
    """Raises WrongUsage for what is no file, and FilesOutOfReach."""
    file = typed_path(path)
    try:
        found = file.stat()
        if not file.is_file():
            raise WrongUsage(
                sentence("{path} isn't a file, so it can't be attached. Choose a file.", path=path),
                code="no-file",
            )
        with file.open("rb"):
            pass
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise _unreadable(path, error) from error
    return Attached(file.name, _type(file), found.st_size)


def _type(file: Path) -> str:
    return mimetypes.guess_type(file.name, strict=False)[0] or _UNKNOWN


def _end(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _too_large() -> Sentence:
    return sentence("The files add up to more than 15 MB. Remove one, or send a link instead.")


def _unreadable(path: str, error: Exception) -> WrongUsage:
    return WrongUsage(
        sentence("Can't read {path}: {why}. Choose another file.", path=path, why=reason(error)),
        code="unreadable-file",
    )
