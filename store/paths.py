"""Paths of files as somebody types them, and the folders that are the user's."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from store.errors import RefusedByRule, TextmeterError
from store.sentences import sentence

_within_reach = True


class FilesOutOfReach(RefusedByRule):
    """Whoever typed the path has no business with this machine's files; none was touched."""

    default_code = "no-files"

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "Files can't be read or written here, because Textmeter is running on another "
                "computer. Nothing was changed."
            )
        )


def put_files_out_of_reach() -> None:
    """For the rest of this process: no path that somebody types is taken."""
    global _within_reach  # noqa: PLW0603 - it is the process's, for good
    _within_reach = False


def files_within_reach() -> bool:
    """Whether paths that somebody types are taken."""
    return _within_reach


def as_meant(text: str) -> str:
    """A path as a terminal or a file manager gives it to be pasted (quoted, with backslashes, or as file://),
    as it is."""
    text = text.strip()
    if text.startswith("file://"):
        return unquote(urlsplit(text).path)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return re.sub(r"\\(.)", r"\1", text)


def typed_path(text: str) -> Path:
    """The path as somebody types it while Textmeter runs; see `expanded`. Raises FilesOutOfReach."""
    if not _within_reach:
        raise FilesOutOfReach
    return expanded(text)


def expanded(text: str) -> Path:
    """The path, with ~ for the home folder. One that names somebody unknown (~nobody) stays as it was typed,
    so that it is missed like any other file that isn't there.
    """
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


# The user's own folders


class NoHome(TextmeterError):
    """The user has no folder of their own, as in some containers and services."""

    default_code = "no-home"


def data_folder() -> Path:
    """Where the user's own data is kept. Raises NoHome."""
    import platformdirs

    return _of_the_user(platformdirs.user_data_path)


def config_folder() -> Path:
    """Where the user's own configuration is kept. Raises NoHome."""
    if sys.platform == "linux":  # the library takes a tenth of the time that `textmeter segments` has
        find = partial(_xdg_path, "XDG_CONFIG_HOME", "~/.config")
    else:
        import platformdirs

        find = platformdirs.user_config_path
    return _of_the_user(find)


def state_folder() -> Path:
    """Where is kept what a program remembers for its user and nobody would miss: the log, reports of crashes,
    the screen that was left last. Raises NoHome."""
    if sys.platform == "linux":  # read before the first frame
        find = partial(_xdg_path, "XDG_STATE_HOME", "~/.local/state")
    else:
        import platformdirs

        find = platformdirs.user_state_path
    return _of_the_user(find)


def _xdg_path(variable: str, usual: str, name: str, *, appauthor: bool) -> Path:
    """As platformdirs has it: a relative path in the variable counts as none."""
    base = Path(os.environ.get(variable, ""))
    return (base if base.is_absolute() else Path(usual).expanduser()) / name


def _of_the_user(find: Callable[..., Path]) -> Path:
    """Our folder among the user's. Raises NoHome."""
    with suppress(RuntimeError):
        folder = find("textmeter", appauthor=False)
        if folder.is_absolute():  # else it would be one called ~ in the present one
            return folder
    raise NoHome(
        sentence("There is no home folder to keep data in. Set HOME, or choose a database with --database.")
    )
