"""In which language a text is, as far as its words tell."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from store.texts.languages import language_of

TEMPLATES = sorted((Path(__file__).parents[3] / "assets" / "templates").glob("*.toml"))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_every_template_tells_its_own(file: Path) -> None:
    kinds = tomllib.loads(file.read_text(encoding="utf-8"))
    texts = [one["text"] for kind in ("agent", "community") for one in kinds[kind]]
    assert [(language_of(text), text) for text in texts] == [(file.stem, text) for text in texts]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ciao, domani c'è la visita della casa. Grazie", "it"),
        ("Nowe mieszkanie na sprzedaż, prosimy o kontakt", "pl"),
        ("Open huis op zondag, je bent welkom bij ons", "nl"),
        ("Casa aberta no domingo, você está convidado", "pt"),
        ("We will meet at 12 La Jolla Blvd", "en"),
    ],
)
def test_so_do_others(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "Hi", "OK", "Open house Sunday 2-4, 12 Elm", "{first_name|the and you}"]
)
def test_what_does_not_tell_is_taken_for_what_is_said(text: str) -> None:
    assert language_of(text, "es-MX") == "es-MX"


def test_han_without_kana_is_japanese_where_that_is_known() -> None:
    assert language_of("明日10時、12番地") == "zh"
    assert language_of("明日10時、12番地", "ja") == "ja"
    assert language_of("明日10時に", "zh") == "ja"
