"""When a text leaves, in values and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time

from store.clock import local_date, zone
from store.messages.audience import Audience
from store.messages.model import AT_ONCE, Repeat, When
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n.language import Language

_PLACES = (
    N_("on the first {weekday} of every month"),
    N_("on the second {weekday} of every month"),
    N_("on the third {weekday} of every month"),
    N_("on the fourth {weekday} of every month"),
    N_("on the fifth or last {weekday} of every month"),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a text leaves for its people, the account's present being `now` and its next renewal at
    `renews_at` (UTC). timezone: the account's."""

    when: When
    audience: Audience
    now: datetime
    renews_at: datetime
    timezone: str

    @property
    def starts(self) -> datetime:
        return max(self.when.at or self.now, self.now)

    @property
    def first(self) -> datetime:
        """When the first of it leaves."""
        return min(self._leaves, default=self.starts)

    @property
    def last(self) -> datetime:
        """Likewise, the last."""
        return max(self._leaves, default=self.starts)

    @property
    def _leaves(self) -> list[datetime]:
        waits = self.audience.waits
        return [waits.get(one.phone, self.starts) for one in self.audience.recipients]

    @property
    def is_later(self) -> bool:
        """Whether some of it leaves later than now."""
        when = self.when
        waits = when.later and bool(self.audience.waits)
        return waits or bool(when.each_at or when.repeat) or (when.at is not None and when.at > self.now)

    @property
    def after_renewal(self) -> bool:
        """Whether it is paid after the next renewal."""
        return self.when != AT_ONCE and self.first >= self.renews_at

    @property
    def after_quiet_hours(self) -> list[datetime]:
        """When it leaves for those of its recipients who get it after quiet hours."""
        waits = self.audience.waits
        own = [waits.get(one.phone, self.starts) for one in self.audience.recipients]
        return [at for at in own if at > self.starts]


def at_words(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """ "Tue, Dec 2, 9:00 AM", in a time zone (IANA name)."""
    day, today = local_date(at, timezone), local_date(now, timezone)
    return language.gettext("{weekday}, {day}, {time}").format(
        weekday=language.weekday(day), day=language.near_day(day, today), time=language.time(at, timezone)
    )


def near_words(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """Likewise, as one says it: "today 9:00 AM", "tomorrow 9:00 AM"."""
    days = (local_date(at, timezone) - local_date(now, timezone)).days
    said = {0: language.gettext("today {time}"), 1: language.gettext("tomorrow {time}")}
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
        says = _("Leaves at {hour}, each one's own time").format(hour=hour)
        if when.at is not None:
            says = _("Leaves at {hour}, each one's own time, from {when}").format(
                hour=hour, when=at_words(when.at, language, timezone, now)
            )
    elif when.at is not None:
        says = _("Leaves {when}").format(when=at_words(when.at, language, timezone, now))
    else:
        says = _("Leaves at once")
    if when.repeat:
        again = repeat_words(when.repeat, local_date(starts, timezone), language)
        says = _("{leaves}, then {again}").format(leaves=says, again=again)
    return says


def withdrawn_words(when: When) -> Sentence | None:
    """Who doesn't get it then."""
    return sentence("Not to those who write to you before it leaves.") if when.withdraws else None


def paid_words(timing: Timing, credits: int) -> Sentence | None:
    """What is held now, or only estimated; None where it leaves now."""
    if not timing.is_later or not credits:
        return None
    counted = sentences("{count} credit", "{count} credits", credits)
    if timing.after_renewal:
        on = local_date(timing.renews_at, timezone=timing.timezone)
        return sentence(
            "It leaves after the renewal on {day}: {credits} are estimated now, and held then.",
            day=on,
            credits=counted,
        )
    if timing.when.repeat:
        return sentence("{credits} are held now, for its first time only.", credits=counted)
    return sentence("{credits} are held now.", credits=counted)


def split_words(timing: Timing, language: Language) -> str:
    """How many get it at its time, and how many after quiet hours: "41 now, 6 after quiet hours, the first at
    8:00 AM"."""
    later = timing.after_quiet_hours
    first = min(later)
    now = len(timing.audience.recipients) - len(later)
    same_day = local_date(first, timing.timezone) == local_date(timing.now, timing.timezone)
    at = language.time(first, timing.timezone)
    if not same_day:
        at = near_words(first, language, timing.timezone, timing.now)
    says = sentences(
        "{count} person after quiet hours, at {when}",
        "{count} people after quiet hours, the first at {when}",
        len(later),
        when=at,
    )
    if now:
        at_its_time = sentence("{count} now", count=now)
        if timing.starts > timing.now:
            at_its_time = sentence("{count} then", count=now)
        says = sentence(
            "{now}, {later}",
            now=at_its_time,
            later=sentences(
                "{count} after quiet hours, at {when}",
                "{count} after quiet hours, the first at {when}",
                len(later),
                when=at,
            ),
        )
    return language.say(says)
