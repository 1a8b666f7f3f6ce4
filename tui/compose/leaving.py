"""When a text leaves for its people, and what is held for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.clock import local_date
from store.messages.audience import Audience
from store.messages.model import AT_ONCE, When
from store.sentences import Sentence, sentence, sentences
from tui.blasts.leaving import at_words, day_words
from tui.i18n.language import Language


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


def paid_words(timing: Timing, credits: int, language: Language) -> Sentence | None:
    """What is held now, or only estimated; None where it leaves now."""
    if not timing.is_later or not credits:
        return None
    if timing.after_renewal:
        return sentences(
            "It goes out after the renewal on {day}: {count} credit is estimated now and held then.",
            "It goes out after the renewal on {day}: {count} credits are estimated now and held then.",
            credits,
            day=day_words(timing.renews_at, language, timing.timezone, timing.now),
        )
    if timing.when.repeat:
        return sentences(
            "{count} credit is held now, for the first time only.",
            "{count} credits are held now, for the first time only.",
            credits,
        )
    return sentences("{count} credit is held now.", "{count} credits are held now.", credits)


def split_words(timing: Timing, language: Language) -> str:
    """How many get it at its time, and how many after quiet hours: "41 now, 6 after quiet hours, the first at
    8:00 AM"."""
    later = timing.after_quiet_hours
    first = min(later)
    now = len(timing.audience.recipients) - len(later)
    at = at_words(first, language, timing.timezone, timing.now)
    if local_date(first, timing.timezone) == local_date(timing.now, timing.timezone):
        at = language.gettext("at {time}").format(time=language.time(first, timing.timezone))
    says = sentences(
        "{count} person after quiet hours, {when}",
        "{count} people after quiet hours, the first {when}",
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
                "{count} after quiet hours, {when}",
                "{count} after quiet hours, the first {when}",
                len(later),
                when=at,
            ),
        )
    return language.say(says)
