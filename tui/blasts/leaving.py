"""When a text leaves, in words."""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as clock_time

from store.clock import local_date, local_time, zone
from store.messages.model import Repeat, When
from store.messages.schedule_model import Scheduled
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n.language import Language

_PLACES = (
    N_("on the first {weekday} of every month"),
    N_("on the second {weekday} of every month"),
    N_("on the third {weekday} of every month"),
    N_("on the fourth {weekday} of every month"),
    N_("on the last {weekday} of every month"),
)


def at_words(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """ "Tue, Dec 2, 9:00 AM", in a time zone (IANA name)."""
    says = language.gettext("{day}, {time}")
    return says.format(day=day_words(at, language, timezone, now), time=language.time(at, timezone))


def day_words(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """ "Tue, Dec 2"."""
    day, today = local_date(at, timezone), local_date(now, timezone)
    says = language.gettext("{weekday}, {day}")
    return says.format(weekday=language.weekday(day), day=language.near_day(day, today))


def near_words(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """Likewise, as one says it: "today 9:00 AM", "tomorrow 9:00 AM"."""
    days = (local_date(at, timezone) - local_date(now, timezone)).days
    said = {0: language.gettext("today at {time}"), 1: language.gettext("tomorrow at {time}")}
    if days not in said:
        return at_words(at, language, timezone, now)
    return said[days].format(time=language.time(at, timezone))


def hour_words(each_at: str, language: Language) -> str:
    """An hour of everybody's own day: "9:00 AM"."""
    hour = datetime.combine(date(2000, 1, 1), clock_time.fromisoformat(each_at), zone("UTC"))
    return language.time(hour, "UTC")


def repeat_words(repeat: Repeat, day: date, language: Language) -> str:
    """How often it leaves again, counted from a day: "every Monday", "on the 7th of every month"."""
    weekday = language.weekday_in_full(day)
    match repeat:
        case Repeat.WEEKLY:
            return language.gettext("every {weekday}").format(weekday=weekday)
        case Repeat.MONTHLY:
            says = language.gettext("on the {ordinal} of every month")
            return says.format(ordinal=language.ordinal(day.day))
        case Repeat.MONTHLY_WEEKDAY:
            return language.gettext(_PLACES[(day.day - 1) // 7]).format(weekday=weekday)
        case Repeat.NEVER:
            return language.gettext("never")


def leaves_words(when: When, language: Language, timezone: str, now: datetime) -> str:
    """ "Leaves Tue, Dec 2, 9:00 AM, then every Tuesday"."""
    _ = language.gettext
    starts = when.at or now
    if when.each_at:
        hour = hour_words(when.each_at, language)
        says = _("Goes out at {hour} in each person's time zone").format(hour=hour)
        if when.at is not None:
            begins = at_words(when.at, language, timezone, now)
            if local_time(when.at, timezone).time() == clock_time():
                begins = day_words(when.at, language, timezone, now)
            says = _("Goes out at {hour} in each person's time zone, from {when}").format(
                hour=hour, when=begins
            )
    elif when.at is not None:
        says = _("Goes out {when}").format(when=at_words(when.at, language, timezone, now))
    else:
        says = _("Goes out now")
    if when.repeat:
        again = repeat_words(when.repeat, local_date(starts, timezone), language)
        says = _("{leaves}, then {again}").format(leaves=says, again=again)
    return says


def withdrawn_words(when: When) -> Sentence | None:
    """Who doesn't get it then."""
    return sentence("Leaves out anyone who writes to you before it goes out.") if when.withdraws else None


def comes_back(one: Scheduled) -> Sentence:
    """What cancelling it does."""
    if not one.held:
        return sentence("Nothing is held for it.")
    return sentences("{count} credit comes back.", "{count} credits come back.", one.credits)
