"""Who writes and how to opt out, below the first marketing text to somebody."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from store.credits.catalog_files import SHIPPED, CatalogMistake
from store.messages.first_contact import FILE, first_line
from store.texts.segments import size

OPT_OUT = Path(SHIPPED).parent / "opt_out"


def own(folder: Path, *lines: str) -> Path:
    (folder / FILE).write_text("\n".join(("language,named,alone", *lines)), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Elm Realty. Reply STOP to opt out."),
        ("en-GB", "Elm Realty. Reply STOP to opt out."),
        ("es_MX", "Elm Realty. Responda STOP para darse de baja."),
        ("", "Elm Realty. Reply STOP to opt out."),
        ("tlh", "Elm Realty. Reply STOP to opt out."),
    ],
)
def test_it_is_in_the_language_that_is_known_of_the_text_else_in_english(language: str, line: str) -> None:
    assert first_line(None, language, ("Elm Realty", "Zoë")).below("Hi") == line


def test_the_words_of_a_text_tell_its_language_whatever_the_app_speaks() -> None:
    spanish = "El domingo hay una visita guiada en la casa de la calle Olmo. ¿Te apunto?"
    assert first_line(None, "en", ()).below(spanish) == "Responda STOP para darse de baja."
    assert first_line(None, "es", ()).below("The house on Elm is open today.") == "Reply STOP to opt out."


def test_it_has_no_name_where_the_text_says_it_or_nobody_knows_it() -> None:
    assert first_line(None, "en", ("Zoë",)).below("Zoe here. It's on.") == "Reply STOP to opt out."
    assert first_line(None, "en", ()).below("Hi") == "Reply STOP to opt out."


@pytest.mark.parametrize("body", ["Reply STOP to end this", "回复STOP退订", "STOP: no more"])
def test_there_is_none_where_the_text_says_how_to_opt_out(body: str) -> None:
    assert first_line(None, "en", ("Zoë",)).below(body) == ""


@pytest.mark.parametrize("body", ["Don't STOPOVER", "We stop at noon"])
def test_but_only_where_it_does(body: str) -> None:
    assert first_line(None, "en", ()).below(body) != ""


def test_every_language_that_has_opt_out_words_has_a_line_of_one_short_row() -> None:
    with (SHIPPED / FILE).open(encoding="utf-8", newline="") as file:
        rows = {row["language"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {path.stem for path in OPT_OUT.glob("*.toml")}
    for language, row in rows.items():
        assert size(row["alone"]).units <= 50, language
        if language not in ("ja", "zh"):
            assert size(row["named"].format(name="Elm")).encoding == "GSM-7", language


def test_a_users_own_lines_replace_them(tmp_path: Path) -> None:
    folder = own(tmp_path, "en,{name}: text STOP to quit,text STOP to quit")
    assert first_line(folder, "es", ("Elm",)).below("Hi") == "Elm: text STOP to quit"
    own(tmp_path, "en,{name} / STOP,STOP!")
    assert first_line(folder, "en", ()).below("Hi") == "STOP!"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("english,{name} STOP,STOP", "language"),
        ("en,STOP,STOP", "named"),
        ("en,{name} {last_name} STOP,STOP", "named"),
        ("en,{name},STOP", "named"),
        ("en,{name} STOP,opt out", "alone"),
        ("de,{name} STOP,STOP", "language"),
    ],
)
def test_a_mistake_in_them_is_named(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(CatalogMistake) as mistake:
        first_line(own(tmp_path, line), "en", ())
    assert mistake.value.details["key"] == key
    assert mistake.value.details["file"] == str(tmp_path / FILE)
