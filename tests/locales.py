"""Translations: `python -m tests.locales` brings assets/locales/*.po up to date with the code's sentences.

What is translated stays, new sentences come in empty, those no longer in the code go; then what still needs a
translation is listed and the rest is compiled. For a new language make an empty file first, such as
assets/locales/fr.po. Needs the test environment: `.venv-test/bin/python -m tests.locales`.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from assets.locales.build_hook import LOCALES, compile_translations

CHECKOUT = Path(__file__).parent.parent

KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "sentence": None,
    "sentences": (1, 2),
}
"""Which arguments of which calls are message ids: the first, or the singular and the plural."""


def extract() -> Catalog:
    """Every message id: those marked in the code, and the names in the product catalog."""
    found = Catalog()
    for folder, pattern, method in (
        ("assets/catalog", "**.toml", catalog_names),
        ("store", "**.py", "python"),
        ("tui", "**.py", "python"),
    ):
        methods: Any = [(pattern, method)]  # Babel takes a function too, though its annotation doesn't say so
        for file, line, message, comments, context in extract_from_dir(
            CHECKOUT / folder, methods, keywords=KEYWORDS, comment_tags=["Translators:"]
        ):
            if message:
                place = (f"{folder}/{file}", line)
                found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def catalog_names(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method for the product catalog: the values of every key `name`."""

    def names(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "name":
                    yield value
                yield from names(value)
        elif isinstance(node, list):
            for value in node:
                yield from names(value)

    for name in names(tomllib.load(file)):
        yield 1, None, name, []


def translations() -> dict[str, Catalog]:
    """What each language's file holds, by its tag."""
    read = {}
    for file in sorted(LOCALES.glob("*.po")):
        with file.open("rb") as text:
            read[file.stem] = read_po(text, locale=file.stem, domain="textmeter")
    return read


def is_translated(message: Message) -> bool:
    """Whether all of a message's forms are there and were looked at."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(forms) and not message.fuzzy


def update(catalog: Catalog, found: Catalog) -> bytes:
    """The text of a language's file with the messages that were found, and no others."""
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.project, catalog.version, catalog.copyright_holder = "Textmeter", "", "The Textmeter authors"
    catalog.last_translator = catalog.language_team = "The Textmeter authors"
    catalog.msgid_bugs_address = ""
    catalog.header_comment = "# Licensed as Textmeter is."
    catalog.fuzzy = False
    text = BytesIO()
    write_po(text, catalog, width=100, sort_by_file=True, include_lineno=False)
    return text.getvalue()


def main() -> int:
    found = extract()
    missing = 0
    for language, catalog in translations().items():
        (LOCALES / f"{language}.po").write_bytes(update(catalog, found))
        untranslated = [message for message in catalog if message.id and not is_translated(message)]
        missing += len(untranslated)
        print(f"{language}: {len(catalog)} messages, {len(untranslated)} to translate")
        for message in untranslated:
            print("   ", repr(message.id))
    compile_translations()
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
