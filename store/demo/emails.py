"""The same agent's emails: newsletters that outgrew the free plan, and what SmartPlans send by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import islice

from store.clock import local_midnight, micros
from store.credits.model import Use
from store.demo import replies
from store.demo.agent import PICTURE
from store.demo.generator import Hand
from store.demo.when import TIMEZONE, TODAY
from store.emails.emails import Emails
from store.emails.mailbox import Mailbox
from store.emails.model import SmartPlan, Status
from store.mail.simulated import provokes
from store.messages.model import Draft
from store.messages.tables import Incoming
from store.people.model import Contact

JOINED = date(2025, 6, 3)

NEWSLETTERS = (
    (date(2025, 6, 12), 3, 380),
    (date(2025, 7, 10), 6, 420),
    (date(2025, 8, 14), 5, 440),
    (date(2025, 9, 11), 8, 460),
    (date(2025, 10, 9), 9, 470),
    (date(2025, 11, 6), 10, 480),
    (date(2025, 12, 4), 12, 490),
    (date(2026, 1, 8), 10, 610),
    (date(2026, 2, 5), 11, 640),
    (date(2026, 3, 5), 12, 720),
    (date(2026, 4, 9), 10, 760),
    (date(2026, 5, 7), 11, 780),
    (date(2026, 6, 4), 8, 820),
)
"""From which day on how many went out, on one day after another, and to how many people. Of these it is only
known what they cost; the last ones, in `_Desk`, are there whole."""

PLANS = {date(2025, 12, 10): "10000", date(2026, 6, 16): "free"}
"""What she changes to on which day."""

SMART_SINCE = date(2026, 5, 4)
"""From then on SmartPlans go by themselves."""

LEAVES_OPEN = 2
"""Of her tasks she leaves so many for another day."""


def write(hand: Hand) -> None:
    """All of it: the free plan until December, 10,000 a month since then, and back from July on."""
    hand.at(JOINED)
    hand.open("agent-email", "free")
    people = dict(_newsletters())
    desk = _Desk(hand)
    for number in range((TODAY - JOINED).days):
        day = JOINED + timedelta(days=number)
        if plan := PLANS.get(day):
            hand.at(day, 7 * 60)
            hand.change(plan)
        if day in people:
            hand.at(day, 8 * 60)
            _newsletter(hand, people[day])
        if day >= SMART_SINCE:
            desk.work(day)
    desk.this_morning()


def _newsletters() -> Iterator[tuple[date, int]]:
    for since, times, people in NEWSLETTERS:
        yield from ((since + timedelta(days=back), people) for back in range(times))


def _newsletter(hand: Hand, people: int) -> None:
    """What one took: nobody looks at who got it so long ago."""
    credits, count = hand.store.credits, people - hand.chance.randrange(20)
    hold = credits.hold(hand.account_id, count, cause="email", reference="", count=count, use=Use.EMAIL)
    credits.settle(hold, count)


class _Desk:
    """Where she works at her emails, day after day."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._words = hand.words
        self._id = hand.account_id
        self._smartplans = hand.store.smartplans
        store = hand.store
        parts = store.database, store.settings, store.credits, store.people, store.consent
        self._emails = Emails(*parts, real=hand.clock, senders=store.email_senders)
        self._mailbox = Mailbox(*parts, store.email_senders, hand.clock)
        self._does: Mapping[date, Callable[[], None]] = {
            SMART_SINCE: partial(self._start, self._words.after_closing, "Sellers", 12),
            date(2026, 6, 11): partial(self._start, self._words.new_buyer, "Buyers", 10),
            date(2026, 6, 12): self._one_answers,
            date(2026, 6, 15): partial(self._start, self._words.new_buyer, "Buyers", 15),
            date(2026, 6, 16): self._to_a_few,
            date(2026, 6, 17): self._to_many,
        }
        """What is done by hand."""

    def work(self, day: date) -> None:
        """All of a day: what she does, what goes by itself, and what is ticked in the evening."""
        self._hand.at(day)
        if does := self._does.get(day):
            does()
        for hour in (11, 17):
            self._hand.at(day, hour * 60)
            self._by_itself()
        tasks = self._hand.store.tasks
        for task in tasks.tasks(self._id, self._hand.clock.instant)[:-LEAVES_OPEN]:
            tasks.tick(task.id)

    def this_morning(self) -> None:
        """Two answer to the newsletter; one of them is answered, and agrees."""
        talk, conversations = self._words.talk, self._hand.store.conversations
        one, other = islice(self._reached("Past clients"), 8, 10)
        self._hand.at(TODAY)
        self._hear(other, talk.wonders)
        self._hear(one, talk.asks)
        [asked] = conversations.replies(self._id, one.email, limit=1)
        answer = Draft(subject=asked.subject, body=talk.answer, contacts=(one.id,))
        self._hand.pause(20, 30)
        self._emails.send(self._id, answer, answers=asked.message_id)
        self._by_itself()
        self._hand.pause(20, 30)
        self._hear(one, talk.agrees)
        self._hand.at(TODAY, 10 * 60 + 5)
        self._by_itself()

    def _by_itself(self) -> None:
        """What is due, and what came back."""
        self._smartplans.run_due(self._id)
        self._emails.deliver(self._id)
        self._mailbox.poll()

    def _start(self, plan: SmartPlan, group: str, upto: int) -> None:
        """Puts the first members of a group on a plan, those who aren't yet."""
        people = [one.id for one in self._silent(group)[:upto]]
        [texts, *_] = self._hand.store.credits.accounts()
        self._smartplans.start(self._id, plan, contacts=people, texts_account=texts.id)

    def _one_answers(self) -> None:
        """To what a plan wrote, which ends it for them."""
        buyer = next(self._reached("Buyers"))
        self._hear(buyer, self._words.talk.to_the_plan)
        self._hand.store.conversations.mark_read(self._id, buyer.email)

    def _to_a_few(self) -> None:
        """A picture to some buyers; and one who is on holiday needs no more for now."""
        buyers = self._silent("Buyers")
        these = tuple(one.id for one in buyers[20:25])
        self._emails.send(self._id, replace(self._words.to_a_few, contacts=these, media=(str(PICTURE),)))
        plan = self._smartplans.named(self._id, self._words.new_buyer.name)
        self._smartplans.pause(plan, [buyers[3].id])

    def _to_many(self) -> None:
        """A newsletter that leaves at once, and one that is for the morning after the next."""
        self._emails.send(self._id, self._words.newsletter)
        at = local_midnight(TODAY + timedelta(days=1), TIMEZONE)
        self._emails.send(self._id, self._words.to_come, at=at, each_at="09:00")

    def _hear(self, contact: Contact, text: str) -> None:
        """Somebody answers the last email to them."""
        [last] = self._emails.timeline(contact.id, limit=1)
        replies.answer(self._mailbox, last.id, text, self._hand.clock.instant)

    def _reached(self, group: str) -> Iterator[Contact]:
        """Those of them who got the last email to them, and of whom nothing comes by itself."""
        for one in self._silent(group):
            got = any(email.status is Status.SENT for email in self._emails.timeline(one.id, limit=1))
            if got and not provokes(one.email):
                yield one

    def _silent(self, group: str) -> list[Contact]:
        """The members of a group with an address who text her nothing later: all texts are written already,
        and who answers is taken off a SmartPlan."""
        later = Incoming.select(Incoming.phone).where(Incoming.at >= micros(self._hand.clock.instant))
        wrote = {row.phone for row in self._hand.store.database.fetch(later)}
        return [one for one in self._hand.members(group) if one.email and one.phone not in wrote]
