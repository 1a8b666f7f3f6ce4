"""Plain substitutes for characters that turn a text to UCS-2. They are offered, and never applied unasked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from store.texts.alphabet import GSM, normalise, outside_gsm


class Replacement(NamedTuple):
    """A character outside GSM and the GSM characters that can stand for it.

    at: its index in the normalised text. substitute: may be empty, for what can't be seen anyway.
    loses_accent: a letter becomes a plainer one (á: a), so the spelling changes and not only the typography.
    """

    at: int
    character: str
    substitute: str
    loses_accent: bool = False


Change: TypeAlias = Literal["kept", "removed", "added"]

# Source of what is to be known: twilio.com/docs/messaging/services/smart-encoding-char-list. What stands for
# it is ours, and differs for a quotation mark that is turned round there (">" for an opening one).
_TYPOGRAPHY = {
    original: substitute
    for substitute, originals in {
        "'": "‘’‚‛′‵ʹʻʼʽˈ´`ˋˊ‹›❛❜",
        '"': "“”„‟″‶«»ʺ˝ˮ❝❞〝〞〟",
        "-": "‐‑‒–—―⁃−•‣▪●◦∙⎼⎽",
        "/": "⁄∕÷⧸",
        "\\": "⧵⧹",
        "*": "∗⁎✱⊛✢✣✤✥✲✳✺✻✼✽❃❉❊❋⧆",
        "+": "˖",
        "=": "꞊",
        "!": "ǃ",
        ":": "ː˸⦂꞉",
        ";": "⁏",
        "(": "❨❪⟮⦅",
        ")": "❩❫⟯⦆",
        "{": "❴",
        "}": "❵",
        "^": "ˆ",
        "_": "‗",
        "x": "×✕✖",
        ".": "·‧。",
        ",": "、",
        "~": "∼˜˷",
        "|": "¦∣⎸⎹⏐⎜⎟",
        "->": "→➔➜",
        "<-": "←",
        "=>": "⇒",
        "<=": "≤",
        ">=": "≥",
        "(c)": "©",
        "(R)": "®",
        "c": "¢",
        " ": "\t\v\u1680",
        "\n": "\x85\u2028\u2029",
    }.items()
    for original in originals
} | dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "ABCDEFGHIJKLMNOPQRSTUVWYZ", strict=True))  # small capitals
# fmt: off
_LETTERS = {  # those that Unicode does not take apart
    "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "Th", "œ": "oe", "Œ": "OE", "ŋ": "ng", "Ŋ": "NG", "ẞ": "ß",
}
# fmt: on

# Not seen, or only a hint where a line may break: controls, soft hyphen, word joiner, byte order mark.
_unseen = re.compile("[\x00-\x1f\x7f-\x9f\xad\u180e\u200b\u2060-\u2064\ufeff]").match
# Not seen, but they shape what stands beside them: joiners, direction marks, variation selectors, emoji tags.
_SHAPING = "\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U000e0020-\U000e007f"
_shaping = re.compile(f"[{_SHAPING}]").match
_shaping_or_outside = re.compile(f"[{_SHAPING}]+|{outside_gsm.pattern}")


def find(text: str) -> tuple[Replacement, ...]:
    """The characters of a text that have a substitute in GSM, in their order.

    Characters that shape others (a joiner or variation selector within an emoji, a direction mark in Arabic)
    are among them only where both neighbours are or become GSM.
    """
    text = normalise(text)
    found: list[Replacement] = []
    for match in _shaping_or_outside.finditer(text):
        at, character = match.start(), match[0]
        if _shaping(character):
            if _has_plain_form(text[at - 1 : at]) and _has_plain_form(text[match.end() : match.end() + 1]):
                found.extend(Replacement(at + i, shaping, "") for i, shaping in enumerate(character))
            continue
        before = text[at - 1 : at]
        if unicodedata.category(character) == "Mn":
            if before in GSM or (found and found[-1].at == at - 1):
                found.append(Replacement(at, character, "", loses_accent=True))
        elif (substitute := _substitute(character)) is not None:
            plain, loses_accent = substitute
            if before.isdigit() and unicodedata.category(character) == "No":
                plain = " " + plain  # 1½ is not 11/2
            found.append(Replacement(at, character, plain, loses_accent))
    return tuple(found)


def apply(text: str, replacements: Iterable[Replacement] | None = None) -> str:
    """The normalised text with its characters replaced: some of those found, or all (None)."""
    return "".join(part for change, part in difference(text, replacements) if change != "removed")


def difference(text: str, replacements: Iterable[Replacement] | None = None) -> list[tuple[Change, str]]:
    """What `apply` does, for showing: the parts of the normalised text, removed ones before what is added."""
    text = normalise(text)
    parts: list[tuple[Change, str]] = []
    done = 0
    for replacement in find(text) if replacements is None else replacements:
        parts.append(("kept", text[done : replacement.at]))
        parts.append(("removed", replacement.character))
        parts.append(("added", replacement.substitute))
        done = replacement.at + len(replacement.character)
    parts.append(("kept", text[done:]))
    return [(change, part) for change, part in parts if part]


@lru_cache(maxsize=1024)
def _substitute(character: str) -> tuple[str, bool] | None:
    """The substitute of a character outside GSM and whether an accent is lost, or None."""
    if character in _TYPOGRAPHY:
        return _TYPOGRAPHY[character], False
    if character in _LETTERS:
        return _LETTERS[character], True
    if _unseen(character):
        return "", False
    # Compatibility forms (Unicode NFKC): full width, ligatures, ellipsis, fractions, letters in fancy type.
    plain = unicodedata.normalize("NFKC", character)
    plain = "".join(_TYPOGRAPHY.get(part, part) for part in plain)
    if GSM.issuperset(plain):
        return plain, False
    if character.isalpha():
        parts = unicodedata.normalize("NFKD", character)
        plain = "".join(_LETTERS.get(part, part) for part in parts if not unicodedata.combining(part))
        if plain and GSM.issuperset(plain):
            return plain, True
    return None


def _has_plain_form(character: str) -> bool:
    """Whether a character (or none, at either end of a text) is in GSM or has a substitute."""
    return not character or character in GSM or _substitute(character) is not None
