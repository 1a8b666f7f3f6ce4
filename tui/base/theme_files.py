"""Looks of a person's own: files of TOML in `themes`, beside the configuration's, read again as they change.
tui/README.md has one.

Nothing here is waited for: `OwnLooks.news` belongs in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from textual.theme import Theme

from store import config
from store.errors import TextmeterError
from store.paths import NoHome
from store.sentences import Sentence, sentence
from store.toml_files import TomlFile, TomlTable, place
from tui.base.contrast import TEXT, contrast
from tui.base.looks import DAY, INKS, NIGHT, look

MOST_FILES = 50
OURS = {"accent": "primary", "money": "secondary"}
"""What files call a colour otherwise than Textual does."""
COLOURS = ("foreground", "background", "accent", "money", "success", "warning", "error")
GROUNDS = ("surface", "panel", "border")

_Stamp = tuple[int, int, int]


class LookMistake(TextmeterError):
    """A file of a look can't be used. details: file, key, line (0 where it isn't known)."""

    default_code = "look"


class OwnLook(NamedTuple):
    """A look of a file. name: what it is called; pale: the inks that can hardly be read on its ground."""

    theme: Theme
    name: str
    pale: tuple[str, ...] = ()


class News(NamedTuple):
    """What became of the files. looks: all that can be used now, by name; changed: those read anew; mistakes:
    of files that changed."""

    looks: list[OwnLook]
    changed: list[OwnLook]
    mistakes: list[TextmeterError]


class OwnLooks:
    """The looks of the files in a folder, which needn't be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamps: dict[Path, _Stamp] = {}
        self._looks: dict[Path, OwnLook] = {}

    def news(self) -> News | None:
        """What changed since the last time; None where nothing did. A file that is broken now keeps the look
        that it had."""
        stamps = dict(self._found())
        if stamps == self._stamps:
            return None
        before, self._stamps = self._stamps, stamps
        changed, mistakes = [], []
        for path in [path for path, stamp in stamps.items() if before.get(path) != stamp]:
            try:
                self._looks[path] = read(path)
            except TextmeterError as mistake:
                mistakes.append(mistake)
            else:
                changed.append(self._looks[path])
        self._looks = {path: one for path, one in self._looks.items() if path in stamps}
        return News(sorted(self._looks.values(), key=lambda one: one.name), changed, mistakes)

    def _found(self) -> Iterator[tuple[Path, _Stamp]]:
        with suppress(OSError):
            for path in sorted(self._folder.glob("*.toml"))[:MOST_FILES]:
                with suppress(OSError):
                    status = path.stat()
                    yield path, (status.st_mtime_ns, status.st_size, status.st_ino)


def own_looks() -> OwnLooks | None:
    """Those of whoever runs Textmeter; None where there is no home to look for them in."""
    with suppress(NoHome):
        return OwnLooks(config.path().parent / "themes")
    return None


def read(path: Path) -> OwnLook:
    """The look of a file. Raises LookMistake."""
    root = TomlFile(path, _refuse).root
    root.only(("name", "dark", "colors"))
    table = root.table("colors")
    table.only((*COLOURS, *GROUNDS))
    dark = root.truth("dark") if "dark" in root else True
    colours = {key: _colour(table, key) for key in ("foreground", "background")}
    house = NIGHT if dark else DAY
    for key in COLOURS[2:]:
        ours = OURS.get(key, key)
        colours[ours] = _colour(table, key) if key in table else str(getattr(house, ours))
    grounds = {key: _colour(table, key) if key in table else "" for key in GROUNDS}
    theme = look(
        path.name,
        dark=dark,
        foreground=colours["foreground"],
        background=colours["background"],
        primary=colours["primary"],
        secondary=colours["secondary"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        surface=grounds["surface"],
        panel=grounds["panel"],
        border=grounds["border"],
    )
    names = {ours: key for key, ours in OURS.items()}
    pale = tuple(
        names.get(ink, ink)
        for ink in ("foreground", *INKS)
        if contrast(colours[ink], colours["background"]) < TEXT
    )
    return OwnLook(theme, root.text("name") if "name" in root else path.stem, pale)


def told_pale(one: OwnLook) -> Sentence:
    """That some of a look's colours can hardly be read."""
    return sentence(
        "{name}: these colors are hard to read on their background: {colors}. Their contrast is below 4.5.",
        name=one.name,
        colors=", ".join(one.pale),
    )


def _colour(table: TomlTable, key: str) -> str:
    value = table.text(key)
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise table.mistake(key, sentence('must be a color such as "#7fb4d6"'))
    return value.lower()


def _refuse(path: Path, key: str, line: int, problem: Sentence) -> LookMistake:
    says = sentence(
        "This theme can't be used. {place}: {problem}. The colors haven't changed.",
        place=place(path.name, key, line),
        problem=problem,
    )
    return LookMistake(says, file=str(path), key=key, line=line)
