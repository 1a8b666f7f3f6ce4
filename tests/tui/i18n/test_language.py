"""A session's language: which one it is, and how it writes numbers, dates, amounts and names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from store.sentences import Money, Percent, Phone, Region, sentence, sentences
from tui.i18n.cells import widest
from tui.i18n.language import Language, available, requested


@pytest.mark.parametrize(
    ("environment", "tag"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "es_MX.UTF-8"}, "es_MX"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_ES.UTF-8"}, "es_ES"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "es@euro"}, "es"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": ""}, "en_GB"),
    ],
)
def test_the_environment_asks_for_a_language_as_posix_says(environment: dict[str, str], tag: str) -> None:
    assert requested(environment) == tag


def test_english_and_spanish_are_spoken() -> None:
    assert {"en", "es"} <= set(available())


@pytest.mark.parametrize("tag", ["tlh", "zz_ZZ", "", "not a tag", "../../etc/passwd"])
def test_a_language_that_nobody_speaks_here_is_english(tag: str) -> None:
    language = Language(tag)
    assert language.gettext("Help") == "Help"
    assert language.number(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("tag", "number", "money", "day", "percent", "territory"),
    [
        ("en", "1,234,567", "$7.74", "May 20, 2026", "96%", "United Kingdom"),
        ("en_GB", "1,234,567", "US$7.74", "20 May 2026", "96%", "United Kingdom"),
        ("es", "1.234.567", "7,74\xa0US$", "20 may 2026", "96\xa0%", "Reino Unido"),
        ("es-MX", "1,234,567", "USD7.74", "20 may 2026", "96%", "Reino Unido"),
    ],
)
def test_values_are_written_as_the_language_and_its_region_do(
    tag: str, number: str, money: str, day: str, percent: str, territory: str
) -> None:
    language = Language(tag)
    assert language.number(1234567) == number
    assert language.money(Money(774)) == money
    assert language.day(date(2026, 5, 20)) == day
    assert language.percent(967) == percent
    assert language.territory("GB") == territory


def test_a_share_is_a_hundred_per_cent_only_when_nothing_is_left() -> None:
    language = Language("en")
    assert [language.percent(permille) for permille in (0, 9, 999, 1000)] == ["0%", "0%", "99%", "100%"]


def test_a_change_shows_its_sign() -> None:
    language = Language("en")
    assert [language.signed(number) for number in (1500, 0, -1500)] == ["+1,500", "0", "−1,500"]


@pytest.mark.parametrize(
    ("home", "number", "shown"),
    [
        ("US", "+14155550116", "(415) 555-0116"),
        ("CA", "+14155550116", "(415) 555-0116"),
        ("US", "+447911123456", "+44 7911 123456"),
        ("GB", "+447911123456", "07911 123456"),
        ("", "+14155550116", "+14155550116"),
        ("US", "Zoë 4155550116", "Zoë 4155550116"),
        ("US", "+1 or so", "+1 or so"),
    ],
)
def test_numbers_are_written_as_at_home(home: str, number: str, shown: str) -> None:
    language = Language("en", home)
    assert language.phone(number) == shown
    assert language.say(sentence("{number}", number=Phone(number))) == shown


def test_a_sentence_is_filled_with_values_formatted_by_their_kind() -> None:
    language = Language("es")
    said = language.say(
        sentence(
            "{n} {text} {money} {share} {day} {region} {inner}",
            n=12345,
            text="{n}",
            money=Money(100_050),
            share=Percent(95),
            day=date(2026, 1, 2),
            region=Region("ES"),
            inner=sentence("{m}", m=10_000),
        )
    )
    assert said == "12.345 {n} 1.000,50\xa0US$ 95\xa0% 2 ene 2026 España 10.000"


def test_a_count_chooses_the_form_and_is_formatted() -> None:
    language = Language("en")
    assert language.say(sentences("{count} person", "{count} people", 1)) == "1 person"
    assert language.say(sentences("{count} person", "{count} people", 12345)) == "12,345 people"


def test_instants_are_told_in_the_zone_asked_for() -> None:
    instant = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
    language = Language("en_GB")
    assert language.date_and_time(instant, "Europe/Madrid") == "21 May 2026, 00:30"
    assert language.time(instant, "America/New_York") == "18:30"


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("en", "Nov 29, 2026, 1:57\u202fPM"),
        ("es", "29 nov 2026, 13:57"),
        ("fr", "29 nov. 2026, 13 h 57"),
        ("de", "29.11.2026, 13:57"),
        ("zh", "2026年11月29日 13:57"),
        ("ja", "2026/11/29 13:57"),
    ],
)
def test_a_day_with_its_time_has_the_year_in_full_and_no_seconds(tag: str, says: str) -> None:
    assert Language(tag).date_and_time(datetime(2026, 11, 29, 13, 57, 12, tzinfo=UTC), "UTC") == says


def test_a_day_with_its_time_needs_no_year_in_this_one() -> None:
    instant = datetime(2026, 11, 29, 13, 57, tzinfo=UTC)
    said = [Language("es").date_and_time(instant, "UTC", date(year, 5, 1)) for year in (2026, 2027)]
    assert said == ["29 nov, 13:57", "29 nov 2026, 13:57"]


@pytest.mark.parametrize("tag", available())
def test_no_day_with_its_time_is_wider_than_the_column_for_it(tag: str) -> None:
    language, day = Language(tag), datetime(2026, 1, 1, 0, 7, tzinfo=UTC)
    instants = [day + timedelta(days=days, hours=days % 24) for days in range(365)]
    assert widest(map(language.date_and_time, instants)) <= language.most_date_and_time


def test_names_of_languages_are_their_own() -> None:
    assert [Language(tag).own_name() for tag in ("en", "es")] == ["English", "español"]
