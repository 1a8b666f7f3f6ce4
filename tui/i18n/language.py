"""One session's language: sentences by gettext, numbers, dates, amounts and territories by Babel.

A `Language` belongs to a session (an app, a command), never to the process, so that two sessions of one
process can speak differently. Babel is imported when the first thing is formatted: it costs more than all
else here.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from store.clock import zone
from store.sentences import N_, Key, Money, Percent, Phone, Region, Sentence, Value
from tui.i18n.key_names import shown

if TYPE_CHECKING:
    from babel import Locale

LOCALES = Path(__file__).parent.parent.parent / "assets" / "locales"

SOURCE_LANGUAGE = "en"
"""The language of the message ids, which needs no catalog."""

_VARIANTS = {"fr": "fr_CA", "zh": "zh_Hans"}
"""Of which country or script our sentences are, where a language has several: the formats of whoever names
none, and what the language is called in lists."""

_ORDINALS = {
    "one": N_("{number}st"),
    "two": N_("{number}nd"),
    "few": N_("{number}rd"),
    "other": N_("{number}th"),
}
"""Days of the month, by the form that CLDR gives their number."""


def available() -> list[str]:
    """The tags of the languages that Textmeter speaks."""
    return [SOURCE_LANGUAGE, *sorted(path.stem for path in LOCALES.glob("*.mo"))]


def requested(environment: Mapping[str, str] = os.environ) -> str:
    """The tag that the environment asks for, by POSIX's order of variables; "en" where it asks for none."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        tag = environment.get(variable, "").partition(".")[0].partition("@")[0]
        if tag:
            return SOURCE_LANGUAGE if tag in ("C", "POSIX") else tag
    return SOURCE_LANGUAGE


class Language:
    """A language and its formats.

    tag: BCP 47 or POSIX ("es", "es-MX", "es_MX"). Its region decides the formats; where Textmeter doesn't
    speak the language, sentences and formats are English. home: the country (ISO 3166-1 alpha-2) in which
    numbers are read, "" where they stay E.164, as in what programs read.
    """

    def __init__(self, tag: str, home: str = "") -> None:
        self.home = home
        self.key_shown: Callable[[Key], str] = self._usual_key
        """What is pressed for an action; an app answers by the keys that are in force."""
        tag = tag.replace("-", "_")
        language = tag.partition("_")[0].lower()
        self.code = language if language in available() else SOURCE_LANGUAGE
        self._locale_tag = _VARIANTS.get(tag, tag) if self.code == language else SOURCE_LANGUAGE
        self._translations: gettext.NullTranslations = gettext.NullTranslations()
        if self.code != SOURCE_LANGUAGE:
            with (LOCALES / f"{self.code}.mo").open("rb") as catalog:
                self._translations = gettext.GNUTranslations(catalog)

    def gettext(self, message: str) -> str:
        """The sentence in this language. An empty one stays empty (gettext would answer its catalog's
        header)."""
        return self._translations.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form for `count`, whose {count} is yet to be filled."""
        return self._translations.ngettext(singular, plural, count)

    def say(self, sentence: Sentence) -> str:
        """A sentence of the store in this language, each value formatted by its type."""
        if sentence.plural:
            count = sentence.values["count"]
            assert isinstance(count, int)
            template = self.ngettext(sentence.template, sentence.plural, count)
        else:
            template = self.gettext(sentence.template)
        if not sentence.values:
            return template.format()
        return template.format_map({name: self.value(value) for name, value in sentence.values.items()})

    def value(self, value: Value) -> str:
        """One value of a sentence, formatted by its type."""
        match value:
            case Sentence():
                return self.say(value)
            case Money():
                return self.money(value)
            case Percent():
                return self.percent(value.percent * 10)
            case Region():
                return self.territory(value.code)
            case Phone() | Key():
                return self.phone(value.e164) if isinstance(value, Phone) else self.key_shown(value)
            case int():
                return self.number(value)
            case datetime():
                return self.date_and_time(value)
            case date():
                return self.day(value)
            case str():
                return value

    def _usual_key(self, key: Key) -> str:
        return shown(key.usual, self.gettext)

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale; the language's own where the region is unknown to Babel."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(self._locale_tag)
        except (UnknownLocaleError, ValueError):
            return Locale.parse(self.code)

    def number(self, number: int) -> str:
        """12,345 in the language's digits and separators."""
        if -1000 < number < 1000:  # the same in every language we speak, and Babel may not be needed yet
            return str(number)
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.locale)

    def tenths(self, number: int) -> str:
        """Tenths as a number with one place: 3.4."""
        from decimal import Decimal

        from babel.numbers import format_decimal

        return format_decimal(Decimal(number).scaleb(-1), format="#,##0.0", locale=self.locale)

    def signed(self, number: int) -> str:
        """A change: with its sign, a true minus; 0 without."""
        sign = "+" if number > 0 else "\N{MINUS SIGN}" if number < 0 else ""
        return sign + self.number(abs(number))

    def money(self, money: Money) -> str:
        """An amount with its currency, to the cent."""
        from decimal import Decimal

        from babel.numbers import format_currency

        return format_currency(Decimal(money.cents).scaleb(-2), money.currency, locale=self.locale)

    def price_each(self, money: Money, count: int) -> str:
        """The price of one where so many cost an amount: to a tenth of a cent, or what is below a cent to two
        digits of its own, so that $0.0009 and $0.0007 differ."""
        from decimal import Decimal

        from babel.numbers import parse_pattern

        pattern = parse_pattern(self.locale.currency_formats["standard"].pattern)
        each = Decimal(money.cents).scaleb(-2) / count
        pattern.frac_prec = (3, 3) if each >= Decimal("0.01") else (2, 1 - each.adjusted())
        return str(pattern.apply(each, self.locale, currency=money.currency, currency_digits=False))

    def percent(self, permille: int) -> str:
        """Thousandths as whole per cent, rounded down, so that 100 % means all."""
        from babel.numbers import format_percent

        return format_percent(permille // 10 / 100, locale=self.locale)

    def day(self, day: date, form: str = "medium") -> str:
        """A local date with its year; form: Babel's "short", "medium", "long", "full"."""
        from babel.dates import format_date

        return format_date(day, form, locale=self.locale)

    def day_and_month(self, day: date) -> str:
        """A date near enough to need no year: 24 Nov."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMd", day, locale=self.locale)

    def near_day(self, day: date, today: date) -> str:
        """A date with its year only where that isn't this one."""
        return self.day_and_month(day) if day.year == today.year else self.day(day)

    def weekday(self, day: date) -> str:
        """The day of the week in a few letters: Mon."""
        from babel.dates import format_date

        return format_date(day, "EEE", locale=self.locale)

    def weekday_in_full(self, day: date) -> str:
        """The day of the week: Monday."""
        from babel.dates import format_date

        return format_date(day, "EEEE", locale=self.locale)

    def ordinal(self, number: int) -> str:
        """A day of the month in a sentence: 7th."""
        form = self.gettext(_ORDINALS[self.locale.ordinal_form(number)])
        return form.format(number=self.number(number))

    def month(self, day: date) -> str:
        """The month of a date, with its year: May 2026."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", day, locale=self.locale)

    def month_alone(self, day: date) -> str:
        """The month of a date in a few letters: May."""
        from babel.dates import format_date

        return format_date(day, "LLL", locale=self.locale)

    def date_and_time(self, instant: datetime, timezone: str = "", today: date | None = None) -> str:
        """An instant in a time zone (IANA name), or in its own where none is named: Nov 29, 2026, 1:57 PM.
        today: the year stands there only where it isn't that of this day."""
        from babel.dates import format_time, get_datetime_format

        local = instant.astimezone(zone(timezone)) if timezone else instant
        day = self.day(local.date()) if today is None else self.near_day(local.date(), today)
        # Put together as Babel does it, whose own form of this length has seconds.
        form = str(get_datetime_format("medium", locale=self.locale)).replace("'", "")
        return form.replace("{0}", format_time(local, "short", locale=self.locale)).replace("{1}", day)

    @cached_property
    def most_date_and_time(self) -> int:
        """The cells that the widest of all dates with their times takes, for columns."""
        from tui.i18n.cells import widest

        evening = datetime(2028, 1, 28, 22, 58, tzinfo=UTC)
        return widest(self.date_and_time(evening.replace(month=month)) for month in range(1, 13))

    def time(self, instant: datetime, timezone: str) -> str:
        """The time of day of an instant in a time zone (IANA name)."""

        from babel.dates import format_time

        return format_time(instant.astimezone(zone(timezone)), "short", locale=self.locale)

    def own_name(self) -> str:
        """The language's name in itself: "español", "français (Canada)"."""
        from babel import Locale

        return str(Locale.parse(_VARIANTS.get(self.code, self.code)).get_display_name())

    def language_name(self, tag: str) -> str:
        """The name of a language (BCP 47) in this one; the tag itself where it has none."""
        name, _, region = tag.replace("_", "-").partition("-")
        says = self.locale.languages.get(name.lower())
        return str(says or tag) if not region else f"{says or name} ({self.territory(region)})"

    def territory(self, code: str) -> str:
        """A country's name by its ISO 3166-1 alpha-2 code; the code itself where it has none."""
        return str(self.locale.territories.get(code, code))

    def phone(self, number: str) -> str:
        """A number (E.164) as it is written at home, (415) 555-0116, or with its country code abroad; a name
        that stands in its place as it is."""
        if not self.home or not number.startswith("+"):
            return number
        from store.texts.phones import shown

        return shown(number, self.home)

    def listing(self, items: Sequence[str]) -> str:
        """ "a, b and c"."""
        from babel.lists import format_list

        return format_list(list(items), locale=self.locale)
