"""The translations say what the code says, whole and with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from tests.locales import CHECKOUT, KEYWORDS, extract, is_translated, translations

HOW = "run `python3 -m tests.locales` and translate what it lists"

LANGUAGES = translations()


@pytest.fixture(scope="module")
def found() -> Catalog:
    return extract()


@pytest.fixture(params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return LANGUAGES[request.param]


def ids(catalog: Catalog) -> set[tuple[str, ...]]:
    return {tuple(forms(message.id)) for message in messages(catalog)}


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def placeholders(text: str) -> set[str]:
    """Without the words after a merge field's bar, which are the translator's: {first_name|there}."""
    return {name.partition("|")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_spanish_is_spoken() -> None:
    assert "es" in LANGUAGES


def test_the_code_holds_sentences_of_both_wings(found: Catalog) -> None:
    places = {place.partition("/")[0] for message in found for place, _ in message.locations}
    assert places == {"assets", "store", "tui"}


def test_no_message_is_missing(catalog: Catalog, found: Catalog) -> None:
    assert ids(found) - ids(catalog) == set(), HOW


def test_no_message_is_stale(catalog: Catalog, found: Catalog) -> None:
    assert ids(catalog) - ids(found) == set(), HOW
    assert list(catalog.obsolete) == [], HOW


def test_every_message_is_translated(catalog: Catalog) -> None:
    assert [message.id for message in messages(catalog) if not is_translated(message)] == [], HOW


def test_every_message_has_the_plural_forms_of_its_language(catalog: Catalog) -> None:
    assert catalog.locale is not None
    assert catalog.num_plurals == get_plural(catalog.locale).num_plurals
    for message in messages(catalog):
        assert len(forms(message.string)) == (catalog.num_plurals if message.pluralizable else 1), message.id


def test_translations_have_the_placeholders_of_their_messages(catalog: Catalog) -> None:
    for message in messages(catalog):
        allowed = [placeholders(text) for text in forms(message.id)]
        for translated in forms(message.string):
            assert not translated or placeholders(translated) in allowed, message.id


def test_translations_begin_and_end_as_their_messages(catalog: Catalog) -> None:
    def edges(text: str) -> tuple[int, int]:
        return len(text) - len(text.lstrip()), len(text) - len(text.rstrip())

    for message in messages(catalog):
        for translated in forms(message.string):
            assert not translated or edges(translated) == edges(forms(message.id)[0]), message.id


LONE_CAPITAL = re.compile(r"(?<![\w'’^+-])[B-DF-HJ-MP-XZ](?![\w'’-])|([Pp]ress|[Pp]ulsa|with|tecla) [A-Z]\b")
"""A capital that is no word of a language, as a letter key would be written that is typed without Shift; N is
how many, in the help of commands."""


def test_hints_name_a_letter_key_as_the_footer_does(found: Catalog) -> None:
    """Whoever reads "Press C" looks for Shift."""
    for catalog in (found, *LANGUAGES.values()):
        for message in messages(catalog):
            for text in (*forms(message.id), *forms(message.string)):
                assert len(text) == 1 or not LONE_CAPITAL.search(text), text


def code() -> Iterator[tuple[Path, ast.Module]]:
    for wing in ("store", "tui"):
        for file in (CHECKOUT / wing).rglob("*.py"):
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def marks(node: ast.AST) -> Iterator[ast.Call]:
    """The calls within a piece of code that mark their first argument as a message."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and call.args and called(call) in KEYWORDS:
            yield call


def test_no_marked_message_is_put_together_at_run_time() -> None:
    """gettext looks up what stands in the code: an f-string or a sum would never be found, and two sentences
    to choose from are marked as one."""
    for file, tree in code():
        for call in marks(tree):
            built = isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.IfExp)
            assert not built, f"{file}:{call.lineno}"


def test_no_message_is_marked_within_an_f_string() -> None:
    """Babel doesn't look there before Python 3.12."""
    for file, tree in code():
        for text in ast.walk(tree):
            if isinstance(text, ast.JoinedStr):
                literal = [call for call in marks(text) if isinstance(call.args[0], ast.Constant)]
                assert not literal, f"{file}:{text.lineno}"


def test_the_forms_of_a_plural_stand_where_they_are_chosen() -> None:
    """Both are marked by the call itself: forms that came in a variable would be marked nowhere."""
    passing_on = ("language.py", "screen.py")
    for file, tree in code():
        for call in marks(tree):
            if file.name not in passing_on and called(call) in ("ngettext", "sentences"):
                assert isinstance(call.args[0], ast.Constant), f"{file}:{call.lineno}"
