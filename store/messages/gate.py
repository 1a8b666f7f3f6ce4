"""Who gets a text or email, and who not now, by what it is for (rules, 4b). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from store.clock import local_date, zone
from store.messages.audience import Audience, Gathered, left_out_of
from store.messages.first_contact import FirstLine
from store.messages.model import LeftOut, Problem, Purpose, Reached, Recipient
from store.people.zones import Whereabouts
from store.sentences import Sentence, Value, sentence, sentences


class Hours(Protocol):
    """When a marketing text may reach somebody. Instants are UTC."""

    def opens(self, at: datetime, where: Whereabouts) -> datetime:
        """The first instant from another one on at which it may."""

    def closes(self, at: datetime, where: Whereabouts) -> datetime:
        """Until when it may, from an instant at which it may."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the people whom something may go to, by `Reached.reach`.

    yes: who said yes. lately: when those got something last who did so lately, and haven't written since
    (UTC). got: who got a marketing text from the same sender before.
    """

    yes: Collection[str] = frozenset()
    lately: Mapping[str, datetime] = field(default_factory=dict)
    got: Collection[str] = frozenset()


class Wording(NamedTuple):
    """What is said of texts or emails. never: of somebody who never said yes; lately: of somebody who got one
    on a day, and its code. The others are of so many: no_yes and left_out that they are left out, unknown and
    all_the_same of how many."""

    never: Sentence
    lately: Callable[[date], Sentence]
    lately_code: str
    no_yes: Callable[[int], Sentence]
    left_out: Callable[[int], Sentence]
    unknown: Callable[[int, int], Sentence]
    all_the_same: Callable[[int, int], Sentence]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of what one account sends.

    hours: quiet hours; where: where somebody may be. now: the account's instant; starts: when it leaves for
    somebody, at the earliest; None: now for all. was_to: when it was to leave for them, though that may be
    over; None: as it does. UTC. own_hour: whether it is an hour of their own day that it leaves at.
    needs_yes: whether only those get marketing who said yes. timezone: the account's.
    """

    hours: Hours
    where: Callable[[Any], Whereabouts]
    now: datetime
    starts: Callable[[Any], datetime] | None
    own_hour: bool
    needs_yes: bool
    timezone: str
    was_to: Callable[[Any], datetime] | None = None

    def leaves(self, one: object) -> datetime:
        """When it does for somebody, at the earliest."""
        return self.now if self.starts is None else self.starts(one)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(zone(self.timezone))


A = TypeVar("A", bound=Gathered[Any])


@dataclass(frozen=True)
class Gate(Generic[A]):
    """What all that an account sends passes, in its circumstances: a yes, and days between. words: what is
    said of it."""

    at: Circumstances
    words: Wording

    def passed(self, audience: A, purpose: Purpose, why: str, known: Known) -> A:
        """The audience without those whom something of this purpose doesn't reach, and what a person should
        know of the others. why: the reason of an emergency, or for writing to those all the same who got
        something lately."""
        audience = replace(audience, purpose=purpose)
        if purpose is Purpose.MARKETING:
            return self._marketing(audience, why, known)
        audience = self._leaving(audience.letting())
        audience = noted(audience, self._guessed(audience))
        if purpose is Purpose.NOTICE:
            return noted(audience, self._at_night(audience))
        if purpose is Purpose.EMERGENCY and not why.strip():
            says = sentence("Why is this an emergency? The reason is saved with the text.")
            return noted(audience, Problem("no-reason", says, blocking=True))
        return audience

    def _marketing(self, audience: A, why: str, known: Known) -> A:
        """Quiet hours are told, not enforced."""
        audience = audience.letting(lambda one: self._why_not(one, why, known))
        notes = self._guessed(audience), self._at_night(audience)
        return noted(audience, *notes, *self._told(audience, known))

    def _leaving(self, audience: A) -> A:
        """With when it leaves, where that is kept."""
        return audience

    def _why_not(self, one: Reached, why: str, known: Known) -> LeftOut | None:
        """Of those who never said yes, where they had to, or got something lately."""
        if self.at.needs_yes and one.reach not in known.yes:
            return left_out_of(one, self.words.never, "no-consent")
        if (lately := known.lately.get(one.reach)) and not why.strip():
            says = self.words.lately(local_date(lately, self.at.timezone))
            return left_out_of(one, says, self.words.lately_code)
        return None

    def _told(self, audience: A, known: Known) -> Iterator[Problem | None]:
        """What is said of those whom `_why_not` left out, and of the others."""
        codes = [one.code for one in audience.left_out]
        reached = [one.reach for one in audience.recipients]
        people, words = len(reached), self.words
        yield _note("no-consent", words.no_yes(codes.count("no-consent")))
        yield _note(words.lately_code, words.left_out(codes.count(words.lately_code)))
        unknown = sum(reach not in known.yes for reach in reached)
        yield _note("consent-unknown", words.unknown(unknown, people))
        again = sum(reach in known.lately for reach in reached)
        yield _note(words.lately_code, words.all_the_same(again, people))

    def _guessed(self, audience: A) -> Problem | None:
        """For how many the hour of their own day is a guess, where it leaves by that."""
        if not self.at.own_hour:
            return None
        says = sentences(
            "The time zone of {count} of {all} is guessed from the number.",
            "The time zones of {count} of {all} are guessed from their numbers.",
            sum(self.at.where(one).guess for one in audience.recipients),
            all=len(audience.recipients),
        )
        return _note("zone-guessed", says)

    def _at_night(self, audience: A) -> Problem | None:
        """How many get it while a marketing text may not reach them: that is told, not enforced."""
        count = 0
        for one in audience.recipients:
            at = self.at.leaves(one)
            count += self.at.hours.opens(at, self.at.where(one)) > at
        says = sentences(
            "{count} of {all} gets this during quiet hours.",
            "{count} of {all} get this during quiet hours.",
            count,
            all=len(audience.recipients),
        )
        return _note("quiet-hours", says)


@dataclass(frozen=True)
class TextGate(Gate[Audience]):
    """What texts pass: quiet hours too. later: who is in them gets it after them. first_line: what is below
    the first such text."""

    later: bool
    first_line: FirstLine

    def _leaving(self, audience: Audience) -> Audience:
        if self.at.starts is None:
            return audience
        return replace(audience, waits={one.phone: self.at.starts(one) for one in audience.recipients})

    def _marketing(self, audience: Audience, why: str, known: Known) -> Audience:
        waits, closes, quiet = dict[str, datetime](), dict[str, datetime](), list[datetime]()

        def why_not(one: Recipient) -> LeftOut | None:
            if (out := self._why_not(one, why, known)) is not None:
                return out
            at, where = self.at.leaves(one), self.at.where(one)
            opens = self.at.hours.opens(at, where)
            if opens > self.at.now:
                waits[one.phone] = opens
            if opens > at:
                quiet.append(opens)
            until = opens if opens > at else self._opened(one, at)
            if until is not None and not self.later:
                return left_out_of(one, _quiet(until, where), "quiet-hours")
            closes[one.phone] = self.at.hours.closes(opens, where)
            return None

        audience = audience.letting(why_not)
        audience = replace(
            audience,
            recipients=tuple(
                one if one.phone in known.got else one._replace(first=True) for one in audience.recipients
            ),
            waits=waits,
            closes=closes,
            first_line=self.first_line,
        )
        notes = self._guessed(audience), self._in_quiet_hours(quiet)
        return noted(audience, *notes, *self._told(audience, known))

    def _opened(self, one: Recipient, at: datetime) -> datetime | None:
        """For whoever was to get it before and was left out, since those were quiet hours: until when."""
        then = self.at.was_to(one) if self.at.was_to else at
        if then >= at:
            return None
        opened = self.at.hours.opens(then, self.at.where(one))
        return opened if opened > then else None

    def _in_quiet_hours(self, opens: list[datetime]) -> Problem | None:
        if not opens:
            return None
        first = self.at.local(min(opens))
        if self.later:
            says = sentences(
                "{count} person is in quiet hours and gets this after them, at {when}.",
                "{count} people are in quiet hours and get this after them, the first at {when}.",
                len(opens),
                when=first,
            )
        else:
            says = sentences(
                "{count} person is in quiet hours and is left out. They could get this from {when}.",
                "{count} people are in quiet hours and are left out. The first could get this from {when}.",
                len(opens),
                when=first,
            )
        return _note("quiet-hours", says)


TEXTS = Wording(
    never=sentence("Never said yes to texts, and this account requires that for marketing."),
    lately=lambda day: sentence("Texted on {day}, and hasn't written since.", day=day),
    lately_code="texted-lately",
    no_yes=lambda count: sentences(
        "{count} person never said yes to texts and is left out.",
        "{count} people never said yes to texts and are left out.",
        count,
    ),
    left_out=lambda count: sentences(
        "{count} person was texted recently and is left out.",
        "{count} people were texted recently and are left out.",
        count,
    ),
    unknown=lambda count, people: sentences(
        "{count} of {all} never said yes to texts.",
        "{count} of {all} never said yes to texts.",
        count,
        all=people,
    ),
    all_the_same=lambda count, people: sentences(
        "{count} of {all} was texted recently and gets this anyway, for the reason you gave.",
        "{count} of {all} were texted recently and get this anyway, for the reason you gave.",
        count,
        all=people,
    ),
)


def default_purpose(people: int, wrote: Callable[[], bool]) -> Purpose:
    """What a text is for where nobody says. wrote: whether all whom it goes to wrote within 30 days."""
    return Purpose.CONVERSATION if people <= 1 or wrote() else Purpose.NOTICE


def _note(code: str, says: Sentence) -> Problem | None:
    """What is said of some, unless there are none."""
    return Problem(code, says, blocking=False) if says.values["count"] else None


def _quiet(opens: datetime, where: Whereabouts) -> Sentence:
    name = where.zones[0]
    values: dict[str, Value] = {
        "when": opens.astimezone(zone(name)),
        "zone": name.rpartition("/")[2].replace("_", " "),
    }
    if where.guess:
        return sentence("Quiet hours until {when} ({zone}, guessed from the number).", **values)
    return sentence("Quiet hours until {when} ({zone}).", **values)


def noted(audience: A, *notes: Problem | None) -> A:
    return replace(audience, notes=(*audience.notes, *(note for note in notes if note is not None)))
