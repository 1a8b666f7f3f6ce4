"""What was meant as a merge field and isn't one as it is written: spaces, signs and brackets too many, and
the ways of other programs. Each is found with the field that is meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from store.texts import replacements
from store.texts.alphabet import normalise
from store.texts.fixes import fixes
from store.texts.merge import FIELDS, field
from store.texts.replacements import Replacement


class NearMiss(NamedTuple):
    """at: its index in the text; written: as it stands there; meant: the field as it is to be written.

    sure: whether it can hardly be meant as it stands; square brackets can.
    """

    at: int
    written: str
    meant: str
    sure: bool


# Runs of brackets are looked at from their beginnings only, so that a text of nothing else takes no longer.
# What a backslash or a brace stands beside is left alone: a field written there would be none.
_NAME = r"[^{}\[\]|*\n]{1,60}"
_near = re.compile(
    rf"""
      \\[{{}}]
    | (?:(?<!\{{)|(?<=\\\{{)) \{{++ (?P<braced>{_NAME}) (?:\|(?P<fallback>[^{{}}]*))? \}}++
    | (?<![\[{{\\]) \[++ (?P<bracketed>{_NAME}) \]++ (?!\}})
    | (?<![{{\\]) \*\|\|? (?P<starred>{_NAME}) \|?\|\* (?!\}})
    """,
    re.VERBOSE,
)
_TYPED_OTHERWISE = str.maketrans("｛❴﹛｝❵﹜［］｜＊", "{{{}}}[]|*")

# By what is left of a name without its case, spaces and signs.
_ALSO = {
    also: name
    for name, words in {
        "first_name": "fname first given givenname forename nombre",
        "last_name": "lname last surname familyname apellido apellidos",
        "name": "fullname contactname nombrecompleto",
        "company": "companyname organization organisation empresa",
    }.items()
    for also in words.split()
}
_dropped = re.compile(r"[\W_]+")


def near_misses(text: str, known: Collection[str] = FIELDS) -> list[NearMiss]:
    """Those of a normalised text, in order, none within another. known: the names of all fields."""
    typed = text if text.isascii() else text.translate(_TYPED_OTHERWISE)
    if not ("{" in typed or "[" in typed or "*|" in typed):
        return []
    found: list[NearMiss] = []
    names = _ALSO | {key(name): name for name in known}
    for match in _near.finditer(typed):
        name = names.get(key(match["braced"] or match["bracketed"] or match["starred"] or ""), "")
        if name not in known:
            continue
        written, raw, fallback = text[match.start() : match.end()], match["fallback"], None
        if raw is not None:
            fallback = text[slice(*match.span("fallback"))].strip(" |｜")
            if "|" in fallback:  # two, and nobody knows which
                continue
        meant = field(name, fallback)
        is_field = written == meant or (written == field(name, raw) and "|" not in (raw or ""))
        if not is_field:
            found.append(NearMiss(match.start(), written, meant, match["bracketed"] is None))
    return found


def draft_fixes(text: str, known: Collection[str] = FIELDS) -> list[Replacement]:
    """What can be done about a text that is being written, in order: `fixes`, and each near miss becomes the
    field that is meant, its fallback fixed too."""
    text = normalise(text)
    found = [
        Replacement(at, written, replacements.apply(meant, fixes(meant)))
        for at, written, meant, _ in near_misses(text, known)
    ]
    mended = {at for mend in found for at in range(mend.at, mend.at + len(mend.character))}
    found += [fix for fix in fixes(text) if mended.isdisjoint(range(fix.at, fix.at + len(fix.character)))]
    return sorted(found)


def key(name: str) -> str:
    """What is left of a field's name, or its beginning, without its case, spaces and signs."""
    plain = name if name.isascii() else replacements.apply(name)
    return _dropped.sub("", plain).casefold()
