"""SmartPlans: each step once, each charged as one email, what can't be paid fails for good, and the plan goes
on."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Use
from store.emails.emails import Emails
from store.emails.model import Sent, SmartPlan, Status, Step
from store.emails.outbox import LEASE
from store.emails.plan_model import Next, Standing
from store.errors import RefusedByRule, WrongUsage
from store.mail import Mail, NoAnswer, NotSent, Outcome, Refused
from store.mailroom import Text
from store.maintenance import one_round
from store.people.addressbook import ContactRefused
from store.sentences import sentence
from tests.environment import CHECKOUT
from tests.store.emails.conftest import NOON
from tests.store.mail import server
from tests.store.mail.scripted import Scripted

HELLO = SmartPlan("Hello", (Step(0, "Hi {first_name|there}", "Dear {name|friend},\nhello.\n"),))
TWO_STEPS = SmartPlan("Two", (Step(0, "One", "1"), Step(3, "Two", "2")))
THREE = ("ann@example.com", "bob@example.com", "cid@example.com")


def at(store: Store, days: int) -> None:
    """Puts the account's clock so many days after the start."""
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + timedelta(days=days)


def run(store: Store, emails: Emails, account: Account, stop: Event | None = None) -> Sent:
    """Does what is due, as a round of the upkeep would."""
    ran = store.smartplans.run_due(account.id, stop=stop)
    found = emails.deliver(account.id, stop=stop)
    return Sent(found.sent, found.failed + ran.failed, found.trouble)


def midnight(day: int) -> datetime:
    """As a day of April begins in New York."""
    return datetime(2026, 4, day, 4, tzinfo=UTC)


def statuses(emails: Emails, store: Store) -> dict[str, list[tuple[str, str, str]]]:
    """Each contact's timeline, the oldest first: subject, status, reason."""
    return {
        contact.email: [
            (email.subject, str(email.status), email.reason)
            for email in reversed(emails.timeline(contact.id))
        ]
        for contact in store.people.contacts()
    }


def test_worked_example_16_one_left_and_three_due(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.credits.charge(account.id, 4_999)
    store.smartplans.start(account.id, TWO_STEPS, to=THREE)
    assert run(store, emails, account) == Sent(1, 2, None)
    assert mailer.to() == ["ann@example.com"]
    assert statuses(emails, store) == {
        "ann@example.com": [("One", "sent", "")],
        "bob@example.com": [("One", "failed", "no-credits")],
        "cid@example.com": [("One", "failed", "no-credits")],
    }
    assert store.credits.balance(account.id).available == 0

    quote = store.credits.quote_plan(account.id, "10000")
    store.credits.place(account.id, quote, key="upgrade")
    assert run(store, emails, account) == Sent(0, 0, None)
    assert mailer.to() == ["ann@example.com"]

    at(store, 3)
    assert run(store, emails, account) == Sent(3, 0, None)
    assert sorted(mailer.to()) == ["ann@example.com", *THREE]
    assert statuses(emails, store)["bob@example.com"] == [
        ("One", "failed", "no-credits"),
        ("Two", "sent", ""),
    ]
    assert store.credits.verify().ok


def test_each_email_is_charged_as_one_and_counts_as_email(
    store: Store, account: Account, emails: Emails
) -> None:
    store.smartplans.start(account.id, HELLO, to=THREE)
    run(store, emails, account)
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (4_997, 0, 3)
    today = date(2026, 4, 16)
    assert store.credits.use_by_kind(account.id, today, today)[Use.EMAIL] == 3
    assert [(entry.cause, entry.delta) for entry in store.credits.history(account.id)][:3] == [
        ("email", -1)
    ] * 3


def test_steps_are_due_by_days_since_the_start_and_once(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.smartplans.start(account.id, TWO_STEPS, to=THREE[:1])
    for day in (0, 0, 1, 2, 3, 3, 4, 30):
        at(store, day)
        run(store, emails, account)
        assert [mail.subject for mail in mailer.sent] == (["One"] if day < 3 else ["One", "Two"])


def test_what_came_due_while_nobody_looked_goes_out_in_order(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.smartplans.start(account.id, TWO_STEPS, to=THREE[:2])
    at(store, 10)
    assert run(store, emails, account).sent == 4
    assert [(mail.to[:3], mail.subject) for mail in mailer.sent] == [
        ("ann", "One"),
        ("bob", "One"),
        ("ann", "Two"),
        ("bob", "Two"),
    ]


def test_a_step_that_comes_due_at_midnight_where_the_account_is(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.smartplans.start(account.id, SmartPlan("Later", (Step(1, "Tomorrow", "x"),)), to=THREE[:1])
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON.replace(day=17, hour=3, minute=59)  # 23:59 of the 16th in New York
    run(store, emails, account)
    assert mailer.sent == []
    store.clock.instant = NOON.replace(day=17, hour=4, minute=0)
    run(store, emails, account)
    assert len(mailer.sent) == 1


def test_merge_fields_take_what_the_contact_is_called_when_it_is_due(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.people.add(first_name="Ana", last_name="Ruiz", email=THREE[0], region="US")
    store.smartplans.start(account.id, HELLO, to=THREE[:2])
    run(store, emails, account)
    assert [(mail.subject, mail.body) for mail in mailer.sent] == [
        ("Hi Ana", "Dear Ana Ruiz,\nhello.\n"),
        ("Hi there", "Dear friend,\nhello.\n"),
    ]


def test_who_is_named_twice_or_in_another_case_or_is_in_the_group_too_is_put_on_it_once(
    store: Store, account: Account, emails: Emails
) -> None:
    store.people.add(email="Ann@Example.com", groups=["Buyers"], region="US")
    store.people.add(phone="+14155550123", groups=["Buyers"], region="US")
    started = store.smartplans.start(
        account.id, HELLO, to=["ann@example.com", "ANN@example.com", "bob@example.com"], groups=["buyers"]
    )
    assert (started.people, started.left_out) == (2, {"no-address": 1})
    assert sorted(contact.email for contact in store.people.contacts()) == [
        "",
        "Ann@Example.com",
        "bob@example.com",
    ]


def test_a_plan_for_nobody_for_no_address_or_from_an_account_for_texts_is_not_started(
    store: Store, account: Account, emails: Emails
) -> None:
    with pytest.raises(WrongUsage, match="can't reach anyone you named"):
        store.smartplans.start(account.id, HELLO, groups=["Nobody's"])
    with pytest.raises(ContactRefused, match="an email address"):
        store.smartplans.start(account.id, HELLO, to=["ann@example.com", "no address"])
    texts = store.credits.open_account("agent-texts", "300", "UTC")
    with pytest.raises(RefusedByRule, match="sends texts"):
        store.smartplans.start(texts.id, HELLO, to=THREE)
    assert store.smartplans.plans(account.id) == store.smartplans.plans(texts.id) == []
    assert store.people.count() == 0


def test_a_contact_whose_address_is_gone_fails_and_costs_nothing(
    store: Store, account: Account, emails: Emails
) -> None:
    store.smartplans.start(account.id, TWO_STEPS, to=THREE[:1])
    (contact,) = store.people.contacts()
    store.people.delete(contact.id)
    assert run(store, emails, account) == Sent(0, 1, None)
    assert [(email.status, email.reason) for email in emails.timeline(contact.id)] == [
        (Status.FAILED, "no-address")
    ]
    assert store.credits.balance(account.id).available == 5_000


def test_what_the_server_refuses_fails_and_is_given_back_and_the_others_go_on(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    mailer.outcomes = [Refused("550 No such mailbox")]
    store.smartplans.start(account.id, HELLO, to=THREE)
    assert run(store, emails, account) == Sent(2, 1, None)
    assert statuses(emails, store)["ann@example.com"] == [("Hi there", "failed", "refused")]
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (4_998, 0, 2)


def test_while_the_server_is_out_of_reach_an_email_waits_paid_for_and_goes_out_later(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NotSent(sentence("Asleep."))]
    store.smartplans.start(account.id, HELLO, to=THREE[:2])
    assert run(store, emails, account) == Sent(1, 0, sentence("Asleep."))  # the other one
    assert store.credits.balance(account.id).held == 1
    assert run(store, emails, account) == Sent(0, 0, None)
    real.instant += LEASE
    assert run(store, emails, account) == Sent(1, 0, None)
    assert mailer.to() == ["bob@example.com", "ann@example.com"]
    assert store.credits.balance(account.id).held == 0


def test_who_is_forgotten_while_an_email_waits_gets_none_and_neither_does_the_owner(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NotSent(sentence("Asleep."))]
    store.smartplans.start(account.id, HELLO, to=THREE[:1])
    run(store, emails, account)
    (contact,) = store.people.contacts()
    store.people.delete(contact.id)
    real.instant += LEASE
    assert run(store, emails, account) == Sent(0, 1, None)
    assert mailer.to() == []
    assert [(email.status, email.reason) for email in emails.timeline(contact.id)] == [
        (Status.FAILED, "no-address")
    ]
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (5_000, 0, 0)


def test_after_three_days_without_a_server_an_email_fails_and_is_given_back(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NotSent(sentence("Asleep."))] * 2
    store.smartplans.start(account.id, HELLO, to=THREE[:1])
    run(store, emails, account)
    at(store, 2)
    real.instant += timedelta(days=2)
    assert run(store, emails, account) == Sent(0, 0, sentence("Asleep."))
    at(store, 3)
    real.instant += timedelta(days=1)
    assert run(store, emails, account) == Sent(0, 1, None)
    assert statuses(emails, store)["ann@example.com"] == [("Hi there", "failed", "too-late")]
    assert mailer.sent == []
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (5_000, 0, 0)


def test_an_email_without_an_answer_stays_unknown_held_and_is_never_sent_again(
    store: Store, account: Account, emails: Emails, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NoAnswer()]
    store.smartplans.start(account.id, HELLO, to=THREE[:1])
    run(store, emails, account)
    real.instant += LEASE * 10
    assert run(store, emails, account) == Sent(0, 0, None)
    assert statuses(emails, store)["ann@example.com"] == [("Hi there", "unknown", "no-answer")]
    assert store.credits.balance(account.id).held == 1
    assert len(mailer.sent) == 1


def test_two_at_once_send_each_email_once(store: Store, account: Account, mailer: Scripted) -> None:
    class Meanwhile(Scripted):
        """While it sends, another process does all the rest."""

        def send(self, mail: Mail) -> Outcome:
            run(store, other, account)
            return super().send(mail)

    slow = Meanwhile()
    parts = (store.database, store.settings, store.credits, store.people, store.consent)
    other, first = Emails(*parts, mailer=mailer), Emails(*parts, mailer=slow)
    store.smartplans.start(account.id, HELLO, to=THREE)
    run(store, first, account)
    assert sorted(mailer.to() + slow.to()) == sorted(THREE)
    assert store.credits.balance(account.id).used == 3


DIE = """
import os, signal, sys
from pathlib import Path
from store import Store
from store.clock import FixedClock
from store.emails.emails import Emails
from store.mail import Accepted
from tests.store.emails.conftest import NOON

class Noting:
    count = 0
    def send(self, mail):
        self.count += 1
        if (self.count, sys.argv[3]) == (2, "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        with open(sys.argv[2], "a") as sent:
            print(mail.to, file=sent)
        if (self.count, sys.argv[3]) == (2, "after"):
            os.kill(os.getpid(), signal.SIGKILL)
        return Accepted()

store = Store(sys.argv[1], clock=FixedClock(NOON))
parts = store.database, store.settings, store.credits, store.people, store.consent
emails = Emails(*parts, mailer=Noting())
store.smartplans.run_due(1)
emails.deliver(1)
"""


@pytest.mark.parametrize(("moment", "left"), [("before", []), ("after", ["bob@example.com"])])
def test_killed_while_handing_over_nothing_is_sent_twice_or_forgotten(
    store: Store,
    url: str,
    account: Account,
    emails: Emails,
    mailer: Scripted,
    real: FixedClock,
    tmp_path: Path,
    moment: str,
    left: list[str],
) -> None:
    store.smartplans.start(account.id, HELLO, to=THREE)
    sent = tmp_path / "sent"
    died = subprocess.run([sys.executable, "-c", DIE, url, str(sent), moment], cwd=CHECKOUT)
    assert died.returncode == -signal.SIGKILL
    assert sent.read_text().split() == ["ann@example.com", *left]
    real.instant += timedelta(days=400)  # a day on which the lease of the dead is over
    assert run(store, emails, account) == Sent(0, 0, None)
    assert mailer.to() == []
    unknown = [("Hi there", "unknown", "interrupted")]  # all were claimed at once
    assert statuses(emails, store) == dict.fromkeys(THREE, unknown)
    balance = store.credits.balance(account.id)
    assert (balance.used, balance.held) == (0, 3)
    assert store.credits.verify().ok


def test_the_standing_of_a_plan_counts_people_and_emails(
    store: Store, account: Account, emails: Emails
) -> None:
    store.credits.charge(account.id, 4_999)
    store.smartplans.start(account.id, TWO_STEPS, to=THREE)
    run(store, emails, account)
    started = store.smartplans.start(account.id, HELLO, to=THREE[:1])
    assert store.smartplans.plans(account.id) == [
        Standing(started.plan, "Hello", 1, 1, 1, Next(NOON, 1, 1), None, {}, 0),
        Standing(
            *(started.plan - 1, "Two", 2, 3, 3, Next(midnight(19), 2, 3), None),
            *({Status.SENT: 1, Status.FAILED: 2}, 0),
        ),
    ]


@pytest.mark.parametrize("demo_clock", [False, True])
def test_without_mail_emails_are_simulated(store: Store, demo_clock: bool) -> None:
    account = store.credits.open_account("agent-email", "free", "UTC", demo_clock=demo_clock)
    store.smartplans.start(account.id, HELLO, to=(*THREE[:2], "cid+0000@example.com"))
    assert not store.emails.is_real(account.id)
    assert run(store, store.emails, account) == Sent(2, 1, None)
    assert store.credits.balance(account.id).available == 4_998


def test_an_account_with_a_demo_clock_reaches_no_server_whatever_is_set_up(
    store: Store, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://127.0.0.1:1?from=a@example.com&to=b@example.com")
    store.smartplans.start(account.id, HELLO, to=THREE)
    assert run(store, store.emails, account) == Sent(3, 0, None)


def test_a_setting_for_mail_that_cannot_be_understood_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = store.credits.open_account("agent-email", "free", "UTC")
    store.smartplans.start(account.id, HELLO, to=THREE)
    monkeypatch.setenv("TEXTMETER_MAIL", "nonsense")
    assert store.emails.is_real(account.id)
    told = run(store, store.emails, account)
    assert (told.sent, "TEXTMETER_MAIL" in str(told.trouble)) == (0, True)
    assert store.credits.balance(account.id).held == 3


def test_a_stop_is_heeded_before_the_next_email(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.smartplans.start(account.id, HELLO, to=THREE)
    stop = Event()
    stop.set()
    assert run(store, emails, account, stop) == Sent(0, 0, None)
    assert mailer.sent == []


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_the_upkeep_sends_emails_and_then_the_notice_that_they_caused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = store.credits.open_account("agent-email", "free", "UTC")
    store.credits.hold(account.id, 3_999, cause="email", reference="")
    store.smartplans.start(account.id, HELLO, to=THREE[:1])
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@example.com&to=me@example.com"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        done = one_round(store, lambda balance, product, about: Text("Told", type(about).__name__), Event())
    assert (done.mails, done.trouble) == (3, ())
    assert [(mail["To"], _words(mail).split()[0]) for mail in inbox.mails] == [
        ("ann@example.com", "Dear"),
        ("me@example.com", "Notice"),
        ("me@example.com", "Order"),  # the receipt of what the account was opened with
    ]
