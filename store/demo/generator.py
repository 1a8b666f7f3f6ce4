"""How the demo data is written: as people would have done it, on the days on which they would have."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from store.clock import micros
from store.demo.when import TIMEZONE
from store.demo.words import AGENTS_GROUPS, COMMUNITYS_GROUPS, Text, Words
from store.emails.emergency import Emergency
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose, Status
from store.messages.providers import Accepted, Outgoing, Receipt, Refused, Sent
from store.messages.providers.demo import Demo
from store.messages.senders import only
from store.messages.tables import Blast, Message
from store.people.consent_lookup import EVERY_SENDER
from store.prepared import Prepared

if TYPE_CHECKING:
    from store import Store
    from store.clock import FixedClock
    from store.people.model import Contact

_ZONE = ZoneInfo(TIMEZONE)

RECEIPTS = timedelta(minutes=2)
"""By then every receipt of the simulated provider has come in."""

A_FEW = 10
"""So few people aren't written to twice a day."""

OPENS, CLOSES = 9 * 60, 17 * 60 + 30
"""Office hours, in minutes of the local day."""

NO_ACCOUNT = 0
"""By whose emails an emergency goes out too: nobody's, the only ones being the agent's own."""

_HOLD = Prepared(lambda _, blast: Blast.select(Blast.hold_id, Blast.charged_on).where(Blast.id == blast))
_MESSAGES = Prepared(
    lambda _, blast: (
        Message.select(Message.id, Message.phone, Message.credits)
        .where(Message.blast == blast)
        .order_by(Message.id)
    )
)


_AT_HOME = Prepared(
    lambda _, blast: (
        Message.select(Message.phone)
        .where(Message.blast == blast, Message.region.in_(("US", "CA")))
        .order_by(Message.id)
    )
)


class Hand:
    """Writes for one account after another, in order of time for each. store: one whose clock is `clock`."""

    def __init__(self, store: Store, clock: FixedClock, words: Words, seed: int) -> None:
        self.store = store
        self.clock = clock
        self.words = words
        self.chance = random.Random(seed)
        self._voices = random.Random(f"voices of {seed}")  # a row of its own: what is said costs the same
        self.says: list[str] = []
        """What is answered next, in place of something."""
        self._people: list[tuple[str]] = []
        self._played = 0
        self.account_id = 0
        self._provider = Demo(str(seed))
        self.messenger = Messenger(
            store.database,
            clock,
            store.credits,
            store.people,
            store.consent,
            only(store.database, self._provider, clock),
            real=clock,
        )
        parts = store.database, store.credits, store.people, self.messenger, store.emails
        self._emergency = Emergency(*parts, chosen=lambda: NO_ACCOUNT)
        self._members = {
            name: store.people.contacts(group=words.of(name), limit=1_000)
            for name in (*AGENTS_GROUPS, *COMMUNITYS_GROUPS)
        }
        self._costs: dict[Text, int] = {}

    # Time

    def at(self, day: date, minute: int = OPENS) -> None:
        """Puts the clock to a minute of a local day."""
        local = datetime.combine(day, time_of_day(*divmod(minute, 60)), _ZONE)
        self.clock.instant = local.astimezone(UTC)

    def pause(self, least: int, most: int) -> None:
        """Lets some minutes go by."""
        self.clock.instant += timedelta(minutes=self.chance.randint(least, most))

    # Plans

    def open(self, product: str, plan: str) -> None:
        """Opens the account that is written for from now on."""
        self.account_id = self.store.credits.open_account(product, plan, TIMEZONE, demo_clock=True).id
        self._people = []

    def change(self, plan: str) -> None:
        """Changes the plan."""
        credits = self.store.credits
        quote = credits.quote_plan(self.account_id, plan)
        credits.place(self.account_id, quote, key=f"change:{micros(self.clock.instant)}")

    def buy(self, number: int) -> None:
        """Buys credits."""
        credits = self.store.credits
        quote = credits.quote_purchase(self.account_id, number)
        credits.place(self.account_id, quote, key=f"purchase:{micros(self.clock.instant)}")

    # Texts

    def members(self, group: str) -> list[Contact]:
        """Who is in a group, named as in people.csv, by name."""
        return self._members[group]

    def text(
        self,
        body: str,
        *,
        groups: Sequence[str] = (),
        few: int = 0,
        media: Sequence[str] = (),
        household: bool = False,
        why: str = "",
    ) -> int:
        """Sends a text to groups, named as in people.csv, or to a few buyers; some reply. why: of an
        emergency. What it cost in all."""
        contacts = self.chance.sample(self._members["Buyers"], few)
        draft = Draft(
            body=body,
            groups=tuple(map(self.words.of, groups)),
            contacts=tuple(contact.id for contact in contacts),
            media=tuple(media),
            household=household,
            purpose=Purpose.EMERGENCY if why else None,
            why=why,
        )
        if why:
            blast = self._emergency.send(self.account_id, draft).blast
        else:
            blast = self.messenger.send(self.account_id, draft)
        self._deliver(blast.id)
        self.clock.instant += RECEIPTS
        return blast.credits + self._replies(blast.id, few)

    def text_group(self, text: Text, *, why: str = "") -> int:
        """Sends one of the texts to groups; likewise."""
        self._costs[text] = self.text(text.body, groups=[text.to], household=text.household, why=why)
        return self._costs[text]

    def costs_about(self, text: Text) -> int:
        """What one of the texts to groups cost when it was sent last; else what it may cost: in a country far
        away one is dearer, and some texts have two segments."""
        return self._costs.get(text, len(self._members[text.to]) * 5 // 2)

    def opt_out(self, group: str, number: int, *, everywhere: bool = False) -> None:
        """A member of a group wants no more texts of the account, or of any."""
        phone = self._members[group][number].phone
        sender, why = (EVERY_SENDER, self.words.asked) if everywhere else (self.account_id, self.words.stop)
        self.store.consent.opt_out(phone, sender, why=why)

    def opt_in(self, group: str, number: int) -> None:
        """A member of a group has signed to get texts of the account."""
        phone = self._members[group][number].phone
        self.store.consent.opt_in(phone, self.account_id, why=self.words.signed)

    def _replies(self, blast_id: int, few: int) -> int:
        """Some write back, and that is charged: what it cost."""
        count = self.chance.randrange(2 if few else 4)
        # Whoever is abroad would cost more: then somebody answers who got the text before.
        people = self.store.database.fetch(_AT_HOME(blast=blast_id)) or self._people
        self._people = people
        before = self.store.credits.balance(self.account_id).used
        for _ in range(count):
            self.pause(1, 9)
            if not people:
                continue
            [phone] = self._voices.choice(people)
            self.play(phone, self.says.pop() if self.says else self._voices.choice(self.words.answers))
        return self.store.credits.balance(self.account_id).used - before

    def play(self, phone: str, text: str) -> None:
        """Somebody writes."""
        self._played += 1
        self.messenger.receive(self.account_id, phone, text, key=f"demo-{self._played}")

    def _deliver(self, blast_id: int) -> None:
        """Does at once what the delivery worker does for one message after another: keeps what the provider
        answers, and its receipts."""
        database, sent_at = self.store.database, micros(self.clock.instant)
        [(hold, charged_on)] = database.fetch(_HOLD(blast=blast_id))
        messages = database.fetch(_MESSAGES(blast=blast_id))
        sent, back = list[Sent](), 0
        rows: list[tuple[object, ...]] = []
        for id, phone, credits in messages:
            match self._provider.send(Outgoing(id, phone, "")):
                case Accepted(id=provider_id):
                    sent.append(Sent(id, provider_id, phone, self.clock.instant))
                case Refused(reason=reason):
                    rows.append((Status.FAILED, None, None, reason, id))
                    back += credits
        polled = self._provider.poll(sent, "", self.clock.instant + RECEIPTS)
        receipts = [event for event in polled.events if isinstance(event, Receipt)]
        costs = {id: credits for id, _phone, credits in messages}
        if charged_on == "delivered":
            back += sum(costs[end.message] for end in receipts if end.status is Status.UNDELIVERED)
        self.store.credits.settle(hold, sum(costs.values()) - back)
        if back:
            self.store.credits.release(hold, back)
        rows += [
            (end.status, one.provider_id, sent_at, end.reason or None, end.message)
            for one, end in zip(sent, receipts, strict=True)
        ]
        database.executemany(
            "UPDATE message SET status = ?, provider_id = ?, sent_at = ?, reason = ? WHERE id = ?", rows
        )

    # Weeks and months

    def spend(
        self, since: date, until: date, credits: int, texts: Sequence[Text], to_a_few: Sequence[str] = ()
    ) -> None:
        """Uses about so many credits on the working days from since up to until, evenly. texts: to groups, in
        turn; to_a_few: to one, two or three people, in between."""
        days = list(_working_days(since, until))
        spent, turn = 0, self.chance.randrange(len(texts))
        for number, day in enumerate(days, 1):
            self.at(day, OPENS + self.chance.randrange(60))
            due = credits * number // len(days)
            while spent < due and self._office_is_open():
                text = texts[turn % len(texts)]
                if self.costs_about(text) <= due - spent:
                    spent += self.text_group(text)
                    turn += 1
                    if len(self._members[text.to]) <= A_FEW:
                        break
                elif to_a_few:
                    spent += self.text(self.chance.choice(to_a_few), few=self.chance.randint(1, 3))
                    if self.chance.random() < 0.7:
                        break
                else:
                    break
                self.pause(20, 90)

    def _office_is_open(self) -> bool:
        local = self.clock.instant.astimezone(_ZONE)
        return local.hour * 60 + local.minute < CLOSES


def _working_days(since: date, until: date) -> Iterator[date]:
    day = since
    while day < until:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)
