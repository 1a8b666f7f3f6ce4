"""Any text as something that can be read where letters are drawn one after another, from left to right: what
no font has by its name, Arabic letters joined, lines that run from right to left turned round. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from store.texts.graphemes import cluster_edges
from tui.i18n.sanitize import plain

_PICTOGRAPHS = 0x1F000
"""From here on there are emoji, of which fonts have some."""

_UNSEEN = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
"""What joins letters, or tells their look: of no meaning once a letter is drawn."""

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_TONE = "emoji modifier fitzpatrick type-"
_FIRST_FROM_RIGHT = "\u0590"
_FROM_RIGHT = ("R", "AL")
_NUMBERS = ("EN", "AN")


def legible(text: str, has: Callable[[str], bool]) -> str:
    """A text of which each character can be drawn, with its lines: controls are shown as on the screen, and
    whatever no font has as its name in brackets. has: whether a font has a character."""
    if text.isascii() and text.isprintable():
        return text
    shown = unicodedata.normalize("NFC", plain(text.replace("\r\n", "\n").replace("\t", "    "), lines=True))
    if not all(char == "\n" or _drawn(char, has) for char in shown):
        shown = "".join(_shown(cluster, has) for cluster in _clusters(shown))
    return joined(_UNSEEN.sub("", shown))


def _clusters(text: str) -> list[str]:
    """What a reader takes for one character each."""
    return [text[start:end] for start, end in pairwise(cluster_edges(text))]


def _shown(cluster: str, has: Callable[[str], bool]) -> str:
    seen = _UNSEEN.sub("", cluster)
    if all(char == "\n" or _drawn(char, has) for char in seen):
        return seen
    flag = [ord(char) - 0x1F1E6 for char in seen]
    if all(0 <= letter < 26 for letter in flag):
        return f"[flag {''.join(chr(letter + ord('A')) for letter in flag)}]"
    return f"[{', '.join(_name(char) for char in seen)}]"


def _drawn(char: str, has: Callable[[str], bool]) -> bool:
    return ord(char) < _PICTOGRAPHS and unicodedata.category(char) not in ("Cf", "Co", "Cn") and has(char)


def _name(char: str) -> str:
    name = unicodedata.name(char, f"U+{ord(char):04X}")
    return (
        name if name.startswith("U+") else name.lower().replace("emoji modifier fitzpatrick type-", "tone ")
    )


# Arabic letters are kept as they are by themselves; their forms within words have codes of their own.


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, str], str]:
    """The code of each form, by its kind ("initial"...) and the letters it stands for."""
    found: dict[tuple[str, str], str] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind in ("<isolated>", "<initial>", "<medial>", "<final>"):
            text = "".join(chr(int(letter, 16)) for letter in letters)
            found.setdefault((kind.strip("<>"), text), chr(code))
    return found


def joined(text: str) -> str:
    """The text with its Arabic letters in the forms that they have beside one another."""
    if not any("\u0620" <= char <= "\u06ff" for char in text):
        return text
    forms = _forms()
    text = re.sub("\u0644([\u0622\u0623\u0625\u0627])", lambda two: forms["isolated", two[0]], text)
    ligatures = {forms["isolated", "\u0644" + alef]: "\u0644" + alef for alef in "\u0622\u0623\u0625\u0627"}
    shown, before = list(text), False
    places = [at for at, char in enumerate(text) if not unicodedata.combining(char)]
    for at, after in zip(places, [*places[1:], None], strict=True):
        letters = ligatures.get(text[at], text[at])
        joins_on = ("initial", letters) in forms
        follows = after is not None and ("final", ligatures.get(text[after], text[after])) in forms
        kind = {(False, False): "isolated", (False, True): "initial", (True, False): "final"}.get(
            (before, joins_on and follows), "medial"
        )
        shown[at] = forms.get((kind, letters), text[at])
        before = joins_on and follows
    return "".join(shown)


def visual(line: str) -> str:
    """A line in the order in which it is drawn from left to right: the part of the Unicode bidirectional
    algorithm that names and sentences need, by the line's first letter."""
    if not line or max(line) < _FIRST_FROM_RIGHT:
        return line
    clusters = _clusters(line)
    kinds = [unicodedata.bidirectional(cluster[0]) for cluster in clusters]
    letters = [kind for kind in kinds if kind == "L" or kind in _FROM_RIGHT]
    if not any(kind in _FROM_RIGHT for kind in letters):
        return line
    base = 1 if letters[0] in _FROM_RIGHT else 0
    levels = _levels(clusters, kinds, base)
    for level in (2, 1):
        start = 0
        while start < len(clusters):
            end = start
            while end < len(clusters) and levels[end] >= level:
                end += 1
            clusters[start:end] = reversed(clusters[start:end])
            levels[start:end] = reversed(levels[start:end])
            start = max(end, start + 1)
    pairs = zip(clusters, levels, strict=True)
    return "".join(cluster.translate(_MIRRORED) if level == 1 else cluster for cluster, level in pairs)


def _levels(clusters: list[str], kinds: list[str], base: int) -> list[int]:
    """How deep each stands: 0 from left to right, 1 from right to left, 2 from left to right in that."""
    levels: list[int | None] = []
    last = _FROM_RIGHT[0] if base else "L"
    for kind in kinds:
        if kind == "L":
            levels.append(2 if base else 0)
        elif kind in _FROM_RIGHT:
            levels.append(1)
        elif kind in _NUMBERS:
            levels.append(2 if base or last in _FROM_RIGHT else 0)
        else:
            levels.append(None)
        if kind == "L" or kind in _FROM_RIGHT:
            last = kind
    opened: list[int] = []
    for at, cluster in enumerate(clusters):
        if cluster in _CLOSES:
            opened.append(at)
        elif opened and cluster == _CLOSES[clusters[opened[-1]]]:
            start = opened.pop()
            within = {level for level in levels[start:at] if level is not None}
            before = _between(levels[: start + 1], start, base)
            if len(within) == 1 and (base in within or before in within):
                levels[start] = levels[at] = within.pop()
            else:
                levels[start] = levels[at] = base
    return [level if level is not None else _between(levels, at, base) for at, level in enumerate(levels)]


def _between(levels: list[int | None], at: int, base: int) -> int:
    """The level of what has none by itself: that of both its neighbours, where they agree on a direction."""
    before = next((level for level in reversed(levels[:at]) if level is not None), base)
    after = next((level for level in levels[at:] if level is not None), base)
    if base == 0 and before and after:
        return 1
    return before if before == after else base
