"""Handing emails over: none twice, none lost, whoever dies, sleeps, or is at it at the same time."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.model import Sent, Status
from store.emails.outbox import LEASE
from store.emails.senders import EmailSenders
from store.errors import WrongUsage
from store.mail import Accepted, Mail, NotSent, Outcome
from store.messages.caps import Room
from store.messages.model import Draft
from store.sentences import sentence
from tests.environment import CHECKOUT
from tests.store.emails.conftest import NOON
from tests.store.mail.scripted import Scripted

MANY = tuple(f"{number:02}@example.com" for number in range(12))
HELLO = Draft(subject="Hello", body="Hello", to=MANY)
ASLEEP = sentence("Asleep.")


def parts(store: Store) -> Any:
    return store.database, store.settings, store.credits, store.people, store.consent


DIE = """
import os, signal, sys
from store import Store
from store.clock import FixedClock
from store.emails.emails import Emails
from store.errors import WrongUsage
from store.mail import Accepted
from tests.store.emails.conftest import NOON

url, path, moment, at = sys.argv[1:]

class Noting:
    count = 0
    def send(self, mail):
        self.count += 1
        if (self.count, moment) == (int(at), "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        with open(path, "a") as sent:
            print(mail.to, file=sent)
        if (self.count, moment) == (int(at), "after"):
            os.kill(os.getpid(), signal.SIGKILL)
        return Accepted()
    def close(self):
        pass

store = Store(url, clock=FixedClock(NOON))
parts = store.database, store.settings, store.credits, store.people, store.consent
Emails(*parts, mailer=Noting()).deliver(1)
"""


def test_killed_again_and_again_in_mid_campaign_nothing_leaves_twice_and_nothing_is_lost(
    store: Store,
    url: str,
    account: Account,
    emails: Emails,
    mailer: Scripted,
    real: FixedClock,
    tmp_path: Path,
) -> None:
    """Twenty are claimed at once, so each kill leaves twenty of which nobody knows."""
    to = tuple(f"{number:03}@example.com" for number in range(120))
    campaign = emails.send(account.id, Draft(subject="Hello", body="Hello", to=to)).id
    sent = tmp_path / "sent"
    sent.touch()
    for moment, at in (("before", 1), ("after", 3), ("before", 22), ("after", 1)):
        died = subprocess.run([sys.executable, "-c", DIE, url, str(sent), moment, str(at)], cwd=CHECKOUT)
        assert died.returncode == -signal.SIGKILL
    left = [int(address[:3]) for address in sent.read_text().split()]
    assert left == [20, 21, 22, *range(40, 61), 80]
    real.instant += timedelta(days=400)  # a day on which the leases of the dead are over
    assert emails.deliver(account.id) == Sent(20, 0, None)
    assert [int(address[:3]) for address in mailer.to()] == list(range(100, 120))
    unknown = emails.recipients(campaign, status=Status.UNKNOWN)
    assert [int(one.to[:3]) for one in unknown] == [*range(40), *range(60, 100)]
    assert emails.campaign(campaign).counts == {Status.SENT: 40, Status.UNKNOWN: 80}
    balance = store.credits.balance(account.id)
    assert (balance.used, balance.held) == (40, 80)
    assert emails.deliver(account.id) == Sent(0, 0, None)
    assert store.credits.verify().ok


def test_workers_at_once_share_a_campaign(store: Store, url: str, account: Account, emails: Emails) -> None:
    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", to=MANY)).id
    together, taken = Barrier(3), list[str]()

    class Taking(Scripted):
        def send(self, mail: Mail) -> Outcome:
            taken.append(mail.to)
            return Accepted()

    def work() -> int:
        mine = Store(url, clock=FixedClock(NOON))
        try:
            together.wait(60)
            return Emails(*parts(mine), mailer=Taking()).deliver(account.id).sent
        finally:
            mine.close()

    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(work) for _ in range(3)]
    assert sum(one.result() for one in working) == len(MANY)
    assert sorted(taken) == sorted(MANY)
    assert emails.campaign(campaign).counts == {Status.SENT: len(MANY)}
    balance = store.credits.balance(account.id)
    assert (balance.used, balance.held) == (len(MANY), 0)
    assert store.credits.verify().ok


def test_an_answer_that_is_long_in_coming_counts_all_the_same(
    store: Store, account: Account, emails: Emails, real: FixedClock
) -> None:
    """Meanwhile another worker has taken this one for dead."""

    class Slow(Scripted):
        def send(self, mail: Mail) -> Outcome:
            real.instant += LEASE * 2
            other = Emails(*parts(store), mailer=Scripted(), real=real)
            other.deliver(account.id)
            (one,) = emails.recipients(campaign)
            assert (one.status, one.reason) == (Status.UNKNOWN, "interrupted")
            return super().send(mail)

    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", to=MANY[:1])).id
    slow = Emails(*parts(store), mailer=Slow(), real=real)
    assert slow.deliver(account.id) == Sent(1, 0, None)
    assert [one.status for one in emails.recipients(campaign)] == [Status.SENT]
    assert store.credits.balance(account.id).held == 0


def test_a_computer_that_slept_between_the_claim_and_the_server_hands_nothing_over(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    class Slept(EmailSenders):
        """The claim is made, then everything stops for some minutes."""

        def take(self, id: str, wanted: int = 1) -> Room:
            sleeping.append(id)
            return super().take(id, wanted)

    class Clock(FixedClock):
        """After the claim, which asks for it once, it is later."""

        def now(self) -> datetime:
            if sleeping:
                before, self.instant = self.instant, self.instant + LEASE
                sleeping.clear()
                return before
            return super().now()

    sleeping = list[str]()
    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", to=MANY[:1])).id
    senders = Slept(store.database, store.settings, real)
    slept = Emails(*parts(store), mailer=mailer, real=Clock(NOON), senders=senders)
    assert slept.deliver(account.id).sent == 0
    assert mailer.sent == []
    assert [one.status for one in emails.recipients(campaign)] == [Status.WAITING]
    real.instant += LEASE * 3
    assert emails.deliver(account.id).sent == 1


def test_a_server_that_puts_off_one_recipient_isnt_away_for_the_others(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NotSent(ASLEEP), NotSent(ASLEEP), Accepted(), NotSent(ASLEEP)]
    campaign = emails.send(account.id, HELLO).id
    assert emails.deliver(account.id) == Sent(9, 0, ASLEEP)
    assert emails.campaign(campaign).counts == {Status.SENT: 9, Status.WAITING: 3}
    real.instant += LEASE
    assert emails.deliver(account.id) == Sent(3, 0, None)
    assert sorted(mailer.to()) == sorted(MANY)


def test_a_server_that_is_away_is_left_alone_until_the_next_round(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NotSent(ASLEEP)] * 4
    emails.send(account.id, HELLO)
    assert emails.deliver(account.id) == Sent(0, 0, ASLEEP)
    assert len(mailer.outcomes) == 1
    assert store.credits.balance(account.id).held == len(MANY)
    real.instant += timedelta(days=1)
    assert emails.deliver(account.id) == Sent(11, 0, ASLEEP)


def test_time_may_be_over_before_all_have_left(account: Account, emails: Emails) -> None:
    emails.send(account.id, HELLO)
    assert emails.deliver(account.id, seconds=-1) == Sent(0, 0, None, more=True)
    assert emails.deliver(account.id, seconds=600) == Sent(len(MANY), 0, None)


def test_who_opts_out_between_the_claim_and_their_turn_gets_nothing_and_it_is_given_back(
    store: Store, account: Account, emails: Emails
) -> None:
    class Hearing(Scripted):
        """As the first one leaves, the second opts out."""

        def send(self, mail: Mail) -> Outcome:
            store.consent.opt_out(MANY[1], account.id)
            return super().send(mail)

    hearing = Hearing()
    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", to=MANY[:3])).id
    assert Emails(*parts(store), mailer=hearing).deliver(account.id) == Sent(2, 1, None)
    assert hearing.to() == [MANY[0], MANY[2]]
    (first, *_) = emails.recipients(campaign)
    assert (first.to, first.status, first.reason) == (MANY[1], Status.FAILED, "opted-out")
    assert store.credits.balance(account.id).available == 4_998
    assert store.credits.verify().ok


def test_a_stop_in_the_midst_gives_back_what_was_claimed_to_whoever_comes_next(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    stop = Event()

    class Stopping(Scripted):
        def send(self, mail: Mail) -> Outcome:
            stop.set()
            return super().send(mail)

    campaign = emails.send(account.id, HELLO).id
    assert Emails(*parts(store), mailer=Stopping()).deliver(account.id, stop=stop) == Sent(1, 0, None)
    assert emails.campaign(campaign).counts == {Status.SENT: 1, Status.QUEUED: len(MANY) - 1}
    assert emails.deliver(account.id).sent == len(MANY) - 1
    assert mailer.to() == list(MANY[1:])


@pytest.mark.parametrize("answer", [NotSent(ASLEEP), Accepted()])
def test_what_comes_back_of_a_campaign_that_was_cancelled_meanwhile_never_leaves(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock, answer: Outcome
) -> None:
    to, stop = tuple(f"{number:02}@example.com" for number in range(30)), Event()

    class Cancelling(Scripted):
        """As the first one of twenty that are claimed is handed over, the campaign is cancelled."""

        def send(self, mail: Mail) -> Outcome:
            emails.cancel(campaign)
            stop.set()
            return answer

    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", to=to)).id
    Emails(*parts(store), mailer=Cancelling(), real=real).deliver(account.id, stop=stop)
    real.instant += 2 * LEASE
    emails.deliver(account.id)
    left = int(answer == Accepted())
    assert mailer.sent == []
    assert emails.campaign(campaign).counts.get(Status.CANCELLED) == 30 - left
    assert store.credits.balance(account.id).available == 5_000 - left
    assert store.credits.verify().ok


# Senders


def test_a_senders_day_ends_with_its_last_email_and_others_go_on(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    capped = {"provider": "smtp", "number": "few@example.com", "per_day": "2"}
    store.email_senders.set("few", capped)
    store.email_senders.set("many", {"provider": "smtp", "number": "many@example.com", "from_name": "Ola"})
    emails = Emails(  # by the clock of this test
        *parts(store),
        mailer=mailer,
        real=real,
        senders=EmailSenders(store.database, store.settings, real),
    )
    few = emails.send(account.id, HELLO, sender="few").id
    many = emails.send(account.id, HELLO, sender="many").id
    assert emails.deliver(account.id) == Sent(2 + len(MANY), 0, None)
    assert emails.campaign(few).counts == {Status.SENT: 2, Status.QUEUED: len(MANY) - 2}
    assert emails.campaign(many).counts == {Status.SENT: len(MANY)}
    names = {(mail.sender.name, mail.sender.address) for mail in mailer.sent if mail.sender}
    assert names == {("", "few@example.com"), ("Ola", "many@example.com")}
    real.instant += timedelta(days=1)
    assert emails.deliver(account.id).sent == 2


def test_what_a_sender_says_below_each_stands_in_both_parts_and_it_can_be_unsubscribed(
    store: Store, account: Account, mailer: Scripted
) -> None:
    store.email_senders.set(
        "desk",
        {
            "provider": "smtp",
            "number": "me@example.com",
            "reply_to": "answers@example.com",
            "signature": "**Ola**, agent",
            "postal_address": "1 Elm St",
        },
    )
    emails = Emails(*parts(store), mailer=mailer, public_url="https://texts.example")
    emails.send(account.id, Draft(subject="Hi", body="Hello", to=MANY[:1]))
    emails.deliver(account.id)
    (mail,) = mailer.sent
    assert mail.body == "Hello\n\n---\n\n**Ola**, agent\n\n1 Elm St"
    assert "<strong>Ola</strong>, agent" in mail.html
    assert mail.reply_to == "answers@example.com"
    by_mail, by_click = mail.unsubscribe
    assert by_mail.startswith("mailto:me+u")
    assert by_mail.endswith("@example.com?subject=unsubscribe")
    assert by_click.startswith("https://texts.example/unsubscribe/")


def test_a_sender_that_isnt_there_is_refused_and_one_that_is_gone_lets_its_emails_wait(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    with pytest.raises(WrongUsage) as refused:
        emails.send(account.id, HELLO, sender="nobody")
    assert refused.value.code == "no-such-sender"
    store.email_senders.set("desk", {"provider": "smtp", "number": "me@example.com"})
    campaign = emails.send(account.id, HELLO).id
    store.email_senders.remove("desk")
    assert emails.deliver(account.id) == Sent(0, 0, None)
    assert emails.campaign(campaign).waits == len(MANY)
