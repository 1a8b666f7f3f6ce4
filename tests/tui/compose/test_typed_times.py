"""Days and hours are read as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from store.messages.model import Repeat
from tui.compose.typed_times import read_hour, read_instant, read_time

TIMEZONE = "America/New_York"
NOW = datetime(2026, 5, 20, 14, tzinfo=UTC)
"""A Wednesday, 10:00 in New York."""


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("today 14:30", datetime(2026, 5, 20, 18, 30, tzinfo=UTC)),
        ("Tomorrow 9:00", datetime(2026, 5, 21, 13, tzinfo=UTC)),
        ("tomorrow, at  9:00 pm", datetime(2026, 5, 22, 1, tzinfo=UTC)),
        ("tomorrow 12am", datetime(2026, 5, 21, 4, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 5, 21, 4, tzinfo=UTC)),
        ("hoy a las 14.30", datetime(2026, 5, 20, 18, 30, tzinfo=UTC)),
        ("Mañana a las 9:00", datetime(2026, 5, 21, 13, tzinfo=UTC)),
        ("manana a la 1:00 p. m.", datetime(2026, 5, 21, 17, tzinfo=UTC)),
        ("at 13:00", datetime(2026, 5, 20, 17, tzinfo=UTC)),
        ("a las 9:00", datetime(2026, 5, 21, 13, tzinfo=UTC)),  # of today it is past
        ("2026-05-22 at 9:30", datetime(2026, 5, 22, 13, 30, tzinfo=UTC)),
        ("tomorrow 13 pm", None),
        ("tomorrow at", None),
        ("at noon", None),
        ("2026-05-22 09:30", datetime(2026, 5, 22, 13, 30, tzinfo=UTC)),
        (" 2026-05-22 9.30 ", datetime(2026, 5, 22, 13, 30, tzinfo=UTC)),
        ("2026-05-22", datetime(2026, 5, 22, 4, tzinfo=UTC)),
        ("2026-05-22 25:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_type_it(text: str, means: datetime | None) -> None:
    assert read_instant(text, TIMEZONE, NOW) == means


def test_an_hour_is_none_where_no_clock_shows_it() -> None:
    assert [read_hour(text) is not None for text in ("9:30", "09.05", "24:00", "9", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("tomorrow at nine", "2026-05-21 09:00"),
        ("mañana a las nueve", "2026-05-21 09:00"),
        ("Mon 9:00", "2026-05-25 09:00"),
        ("lunes a las 9", "2026-05-25 09:00"),
        ("wed 11:00", "2026-05-20 11:00"),
        ("wed 9:00", "2026-05-27 09:00"),
        ("mar 9:00", "2026-05-26 09:00"),
        ("mar 3 9:00", "2027-03-03 09:00"),
        ("first monday 9:00", "2026-06-01 09:00"),
        ("third friday 9 am", "2026-06-19 09:00"),
        ("el primer lunes del mes a las 9:00", "2026-06-01 09:00"),
        ("on the 7th 9:00", "2026-06-07 09:00"),
        ("el 31 a las 9", "2026-05-31 09:00"),
        ("Dec 2, 9 pm", "2026-12-02 21:00"),
        ("2 de diciembre 9:00", "2026-12-02 09:00"),
        ("feb 29 9:00", "2028-02-29 09:00"),
        ("demain à neuf heures", "2026-05-21 09:00"),
        ("demain 9 h 30", "2026-05-21 09:30"),
        ("lundi à 9h", "2026-05-25 09:00"),
        ("premier lundi 9:00", "2026-06-01 09:00"),
        ("le 2 décembre à 21 h", "2026-12-02 21:00"),
        ("10 juillet 9:00", "2026-07-10 09:00"),
        ("morgen um neun", "2026-05-21 09:00"),
        ("übermorgen um 9 Uhr 30", "2026-05-22 09:30"),
        ("Mo 9:00", "2026-05-25 09:00"),
        ("am 2. Dezember um 21 Uhr", "2026-12-02 21:00"),
        ("erster Montag 9:00", "2026-06-01 09:00"),
        ("Do. um zwölf Uhr", "2026-05-21 12:00"),
        ("明天9点", "2026-05-21 09:00"),
        ("明天上午九点半", "2026-05-21 09:30"),
        ("后天下午3:00", "2026-05-22 15:00"),
        ("周一 9:00", "2026-05-25 09:00"),
        ("12月2日晚上9点", "2026-12-02 21:00"),
        ("第一个周一9点", "2026-06-01 09:00"),
        ("明日9時", "2026-05-21 09:00"),
        ("明日 午後3時半", "2026-05-21 15:30"),
        ("月曜日9時", "2026-05-25 09:00"),
        ("第1月曜日 9:00", "2026-06-01 09:00"),
        ("12月2日21時", "2026-12-02 21:00"),
    ],
)
def test_a_day_that_can_be_over_is_the_next_such_one(text: str, means: str) -> None:
    found = read_time(text, TIMEZONE, NOW)
    assert found is not None
    assert (found.at.strftime("%Y-%m-%d %H:%M"), found.has_hour, found.repeat) == (means, True, None)


@pytest.mark.parametrize(
    ("text", "means", "repeat"),
    [
        ("every friday 9:00", "2026-05-22 09:00", Repeat.WEEKLY),
        ("Mondays at nine", "2026-05-25 09:00", Repeat.WEEKLY),
        ("chaque vendredi à 9 h", "2026-05-22 09:00", Repeat.WEEKLY),
        ("tous les lundis à neuf heures", "2026-05-25 09:00", Repeat.WEEKLY),
        ("chaque premier lundi du mois à 9:00", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("jeden Freitag um neun", "2026-05-22 09:00", Repeat.WEEKLY),
        ("jeden ersten Montag im Monat um 9:00", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("每周五9:00", "2026-05-22 09:00", Repeat.WEEKLY),
        ("每月第一个星期一上午9点", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("每月7号9点", "2026-06-07 09:00", Repeat.MONTHLY),
        ("毎週金曜日9時", "2026-05-22 09:00", Repeat.WEEKLY),
        ("毎月第1月曜 9時", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("毎月7日9時", "2026-06-07 09:00", Repeat.MONTHLY),
        ("los lunes a las 9", "2026-05-25 09:00", Repeat.WEEKLY),
        ("every first Monday at nine", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("first monday of every month 9:00", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("cada primer lunes 9:00", "2026-06-01 09:00", Repeat.MONTHLY_WEEKDAY),
        ("every 7th 9:00", "2026-06-07 09:00", Repeat.MONTHLY),
    ],
)
def test_every_says_how_often_it_comes_again(text: str, means: str, repeat: Repeat) -> None:
    found = read_time(text, TIMEZONE, NOW)
    assert found is not None
    assert (found.at.strftime("%Y-%m-%d %H:%M"), found.repeat) == (means, repeat)


@pytest.mark.parametrize(
    "text", ["every", "every day 9:00", "cada 7 días", "the 9:00", "feb 30 9:00", "every tomorrow 9:00", "9"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_time(text, TIMEZONE, NOW) is None


@given(
    text=some.sampled_from(
        ["mon", "sun", "1st", "31st", "every fourth friday", "el primer martes", "dec 31"]
    ),
    hour=some.times(),
    ahead=some.integers(0, 800),
)
def test_what_can_be_over_never_is(text: str, hour: object, ahead: int) -> None:
    now = NOW + timedelta(days=ahead)
    found = read_time(f"{text} {hour:%H:%M}", TIMEZONE, now)
    assert found is not None
    assert now < found.at < now + timedelta(days=367)


@given(some.text())
def test_whatever_is_typed_is_read_or_not(text: str) -> None:
    read_time(text, TIMEZONE, NOW)
