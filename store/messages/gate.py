"""Who gets a text, and who not now, by what it is for (rules, 4b). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from store.clock import local_date, zone
from store.messages.audience import Audience
from store.messages.first_contact import FirstLine
from store.messages.model import LeftOut, Problem, Purpose, Recipient
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
    """What is known of the people whom a text may go to, by their numbers (E.164).

    yes: who said yes to texts. texted: when those were texted last who were lately, and haven't written since
    (UTC). got: who got a marketing text from the same sender before.
    """

    yes: Collection[str] = frozenset()
    texted: Mapping[str, datetime] = field(default_factory=dict)
    got: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gate:
    """What one account's texts pass.

    hours: quiet hours; where: where somebody may be. now: the account's instant; starts: when the text leaves
    for somebody, at the earliest; None: now for all. UTC. own_hour: whether it is an hour of their own day
    that it leaves at. later: who is in quiet hours gets it after them. needs_yes: whether only those get
    marketing who said yes. first_line: what is below the first such text. timezone: the account's.
    """

    hours: Hours
    where: Callable[[Recipient], Whereabouts]
    now: datetime
    starts: Callable[[Recipient], datetime] | None
    own_hour: bool
    later: bool
    needs_yes: bool
    first_line: FirstLine
    timezone: str

    def passed(self, audience: Audience, purpose: Purpose, why: str, known: Known) -> Audience:
        """The audience without those whom a text of this purpose doesn't reach, and what a person should know
        of the others. why: the reason of an emergency, or for texting those all the same who were texted
        lately."""
        audience = _noted(replace(audience, purpose=purpose), self._guessed(audience))
        if purpose is Purpose.MARKETING:
            return self._marketing(audience, why, known)
        if self.starts is not None:
            audience = replace(audience, waits={one.phone: self.starts(one) for one in audience.recipients})
        if purpose is Purpose.NOTICE:
            return _noted(audience, self._at_night(audience))
        if purpose is Purpose.EMERGENCY and not why.strip():
            says = sentence("Why is this an emergency? The reason is kept with the text.")
            return _noted(audience, Problem("no-reason", says, blocking=True))
        return audience

    def _marketing(self, audience: Audience, why: str, known: Known) -> Audience:
        left_out: list[LeftOut] = []
        waits, closes = dict[str, datetime](), dict[str, datetime]()
        recipients, unknown, again, quiet = list[Recipient](), 0, 0, list[datetime]()
        for one in audience.recipients:
            texted = known.texted.get(one.phone)
            if self.needs_yes and one.phone not in known.yes:
                left_out.append(_left_out(one, _NEVER_SAID_YES, "no-consent"))
                continue
            if texted and not why.strip():
                left_out.append(_left_out(one, self._texted(texted), "texted-lately"))
                continue
            at, where = self._starts(one), self.where(one)
            opens = self.hours.opens(at, where)
            if opens > self.now:
                waits[one.phone] = opens
            if opens > at:
                quiet.append(opens)
                if not self.later:
                    left_out.append(_left_out(one, _quiet(opens, where), "quiet-hours"))
                    continue
            closes[one.phone] = self.hours.closes(opens, where)
            recipients.append(one if one.phone in known.got else one._replace(first=True))
            unknown += one.phone not in known.yes
            again += texted is not None
        people = len(recipients)
        return _noted(
            replace(
                audience,
                recipients=tuple(recipients),
                left_out=(*audience.left_out, *left_out),
                waits=waits,
                closes=closes,
                first_line=self.first_line,
            ),
            self._in_quiet_hours(quiet),
            *_why_left_out(left_out),
            _note(
                "consent-unknown",
                sentences(
                    "{count} of {all} never said yes to texts.",
                    "{count} of {all} never said yes to texts.",
                    unknown,
                    all=people,
                ),
            ),
            _note(
                "texted-lately",
                sentences(
                    "{count} of {all} was texted lately and gets it all the same, for the reason you gave.",
                    "{count} of {all} were texted lately and get it all the same, for the reason you gave.",
                    again,
                    all=people,
                ),
            ),
        )

    def _starts(self, one: Recipient) -> datetime:
        return self.now if self.starts is None else self.starts(one)

    def _guessed(self, audience: Audience) -> Problem | None:
        """For how many the hour of their own day is a guess, where it leaves by that."""
        if not self.own_hour:
            return None
        says = sentences(
            "The time zone of {count} of {all} is guessed from the number.",
            "The time zones of {count} of {all} are guessed from their numbers.",
            sum(self.where(one).guess for one in audience.recipients),
            all=len(audience.recipients),
        )
        return _note("zone-guessed", says)

    def _at_night(self, audience: Audience) -> Problem | None:
        """How many get a notice while marketing may not reach them: that is told, not enforced."""
        count = 0
        for one in audience.recipients:
            at = self._starts(one)
            count += self.hours.opens(at, self.where(one)) > at
        says = sentences(
            "{count} of {all} gets it in quiet hours.",
            "{count} of {all} get it in quiet hours.",
            count,
            all=len(audience.recipients),
        )
        return _note("quiet-hours", says)

    def _in_quiet_hours(self, opens: list[datetime]) -> Problem | None:
        if not opens:
            return None
        first = self._local(min(opens))
        if self.later:
            says = sentences(
                "{count} person is in quiet hours and gets it after them, at {when}.",
                "{count} people are in quiet hours and get it after them, the first at {when}.",
                len(opens),
                when=first,
            )
        else:
            says = sentences(
                "{count} person is in quiet hours and left out. It could leave for them from {when}.",
                "{count} people are in quiet hours and left out. It could leave for the first from {when}.",
                len(opens),
                when=first,
            )
        return _note("quiet-hours", says)

    def _texted(self, at: datetime) -> Sentence:
        return sentence("Texted on {day}, and hasn't written since.", day=local_date(at, self.timezone))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(zone(self.timezone))


_NEVER_SAID_YES = sentence("Never said yes to texts, which marketing needs here.")


def default_purpose(people: int, wrote: Callable[[], bool]) -> Purpose:
    """What a text is for where nobody says. wrote: whether all whom it goes to wrote within 30 days."""
    return Purpose.CONVERSATION if people <= 1 or wrote() else Purpose.NOTICE


def _why_left_out(left_out: Sequence[LeftOut]) -> Iterator[Problem | None]:
    codes = [one.code for one in left_out]
    yield _note(
        "no-consent",
        sentences(
            "{count} person never said yes to texts and is left out.",
            "{count} people never said yes to texts and are left out.",
            codes.count("no-consent"),
        ),
    )
    yield _note(
        "texted-lately",
        sentences(
            "{count} person was texted lately and is left out.",
            "{count} people were texted lately and are left out.",
            codes.count("texted-lately"),
        ),
    )


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


def _noted(audience: Audience, *notes: Problem | None) -> Audience:
    return replace(audience, notes=(*audience.notes, *(note for note in notes if note is not None)))


def _left_out(one: Recipient, why: Sentence, code: str) -> LeftOut:
    return LeftOut(one.name or one.phone, why, code, one.phone, one.contact)
