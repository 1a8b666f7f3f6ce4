"""No message has a key typed into it: whoever puts an action on another key reads that one.

A sentence names a key by a placeholder that `Key(id, usual)` fills. Enter, Esc, Tab, Backspace and the arrows
are called by their names: they go on, back and about in every field and list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog

from tests.locales import extract, translations
from tests.test_locales import forms, messages

LETTERS = "A-Za-zÀ-ɏ"

F_KEY = r"(?<!\w)F(?:[1-9]|1\d|2[0-4])(?!\w)"
CHORD = rf"\^[A-Z]|\b(?:Ctrl|Strg|Shift|Umschalt|May[uú]s|Maj|Alt)[+-](?:[A-Z]\b|{F_KEY})"
LETTER = rf"(?<![{LETTERS}\d'’“„«:=@<_-])(?![{{words}}])[a-z](?![{LETTERS}\d'’:=@>_-])"
"""A small letter that stands alone and is no word; `words` are those that are."""
PRESSED = r"\b[Pp]ress (?:[^\w\s↓…]|[a-z]\b)"
"""A letter or sign that is to be pressed in an English sentence, also where it is a word."""

WORDS = {"en": "a", "es": "aeouy", "fr": "ay", "de": "-", "zh": "-", "ja": "-"}
"""Letters that are words of a language."""

LEFT_OUT = re.compile(r"`[^`]*`|\{[^}]*\}|\\n|\b(?:e\.g|p\. ej|p\. ex)\.|(?<=[\d}]) h\b|\bpor s\b")
"""Commands, placeholders, abbreviations and units."""

NO_ACTIONS = {
    "Ctrl-C": "the terminal's own, which ends a command",
    "Ctrl+J": "a new line as terminals send it, in a field of several lines",
    "Ctrl+Z": "a text's own undo: it belongs to the editor, and to no action",
}
"""Keys that nobody can put elsewhere, and why."""

EXAMPLES = (
    "“{key}” isn't a key; write u, F5, Ctrl+G or g u, for example",  # how keys are written
    "Everything that has a key, by the screen it works in.",  # what can be looked for
    "“{value}” needs a unit: d (days), w (weeks), m (months) or y (years), such as {example}.",
)
"""Beginnings of messages whose letters and keys stand for nothing that is to be pressed."""


def typed(text: str, language: str) -> Iterator[str]:
    """The keys that are typed into a message."""
    text = LEFT_OUT.sub("…", text)
    patterns = [F_KEY, CHORD, LETTER.replace("{words}", WORDS[language])]
    if language == "en":
        patterns.append(PRESSED)
    for found in re.finditer("|".join(patterns), text):
        if len(text) > 1 and found[0] not in NO_ACTIONS:
            yield found[0]


def found(catalog: Catalog, language: str) -> dict[str, list[str]]:
    """The messages with keys typed into them, and these."""
    said: dict[str, list[str]] = {}
    for message in messages(catalog):
        ids = forms(message.id)
        for text in ids if language == "en" else forms(message.string):
            keys = list(typed(text, language))
            if keys and not ids[0].startswith(EXAMPLES):
                said[text] = keys
    return said


def test_no_message_has_a_key_typed_into_it() -> None:
    assert found(extract(), "en") == {}


@pytest.mark.parametrize("language", [tag for tag in WORDS if tag != "en"])
def test_no_translation_has_a_key_typed_into_it(language: str) -> None:
    assert found(translations()[language], language) == {}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Choose a larger plan: F12.", ["F12"]),
        ("Ctrl+O lists your drafts.", ["Ctrl+O"]),
        ("restart the tour from the palette (^P).", ["^P"]),
        ("Shift+F2 says why.", ["Shift+F2"]),
        ("Press a to accept the terms first.", ["Press a"]),
        ("press / and type", ["press /"]),
        ("Nothing yet. w writes a text.", ["w"]),
        ("Showing only “{status}”; f shows the next status.", ["f"]),
        ("search with / and press s.", ["press s"]),
        ("Press {key} to send it, Enter to go on, a text to nobody.", []),
        ("Ctrl-C stops waiting.", []),
    ],
)
def test_what_is_a_typed_key_is_recognised(text: str, keys: list[str]) -> None:
    assert list(typed(text, "en")) == keys


def test_every_exception_is_still_needed() -> None:
    texts = [text for message in messages(extract()) for text in forms(message.id)]
    for beginning in (*EXAMPLES, *NO_ACTIONS):
        assert any(text.startswith(beginning) or beginning in text for text in texts), beginning


def test_languages_are_those_that_are_spoken() -> None:
    assert WORDS.keys() - {"en"} == translations().keys()
