"""What comes back by email is applied once, whatever the order in which it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.mailbox import Mailbox
from store.emails.model import Status
from store.emails.tables import Email
from store.emails.unsubscribing import Unsubscribing
from store.mail import NoAnswer, mailers
from store.mail.imap import Got
from store.messages.events import STRANGER_AFTER, TRIED_AGAIN
from store.messages.model import NEWEST, Draft
from store.messages.tables import Conversation, Event, Incoming
from store.people.model import ConsentState
from tests.store.emails.conftest import NOON
from tests.store.mail.scripted import Scripted

TO = ("ann@client.test", "bob@client.test", "cid@client.test")
HELLO = Draft(subject="Open house", body="Come at two.", to=TO)


@pytest.fixture
def account(store: Store) -> Account:
    """On the clock of the day, unlike the others': what comes in has its own time."""
    return store.credits.open_account("agent-email", "free", "America/New_York")


@pytest.fixture
def mailbox(store: Store, real: FixedClock) -> Mailbox:
    parts = store.database, store.settings, store.credits, store.people, store.consent
    return Mailbox(*parts, store.email_senders, real)


@pytest.fixture
def sent(account: Account, emails: Emails) -> list[int]:
    """The numbers of three emails that have left."""
    campaign = emails.send(account.id, HELLO)
    emails.deliver(account.id)
    return sorted(one.id for one in emails.recipients(campaign.id))


def bounce(email: int, code: str = "5.1.1", action: str = "failed", name: str = "1") -> bytes:
    return (
        f"From: MAILER-DAEMON@agent.test\nTo: me+b{email}@agent.test\n"
        f"Message-ID: <{action}{email}.{code}.{name}@agent.test>\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=R\n\n"
        "--R\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; agent.test\n\n"
        f"Final-Recipient: rfc822; someone@client.test\nAction: {action}\nStatus: {code}\n\n--R--\n"
    ).encode()


def reply(store: Store, email: int, text: str, name: str = "1", **headers: str) -> bytes:
    ours = f"email-{email}.{mailers.token(store.settings)}@agent.test"
    more = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in headers.items())
    return (
        f"From: Ann <{TO[0]}>\nTo: me@agent.test\nSubject: Re: Open house\nIn-Reply-To: <{ours}>\n"
        f"Message-ID: <{name}@client.test>\n{more}\n{text}\n"
    ).encode()


def comes(mailbox: Mailbox, *mails: bytes, at: datetime = NOON, box: str = "me@agent.test") -> None:
    mailbox.keep(box, [Got(mail, at) for mail in mails])
    mailbox.apply()


def status(store: Store, email: int) -> tuple[str, str, str]:
    row = store.database.first(Email.select().where(Email.id == email))
    return row.status, row.reason, row.code


def test_an_address_that_isnt_there_gets_no_more(
    store: Store, account: Account, emails: Emails, mailbox: Mailbox, sent: list[int]
) -> None:
    comes(mailbox, bounce(sent[0]))
    assert status(store, sent[0]) == ("bounced", "bounced", "5.1.1")
    said = store.consent.standing(TO[0], account.id)
    assert (said.state, said.how, said.why) == (ConsentState.OUT, "bounce", "5.1.1")
    again = emails.send(account.id, HELLO)
    assert [(one.to, one.code) for one in again.left_out] == [(TO[0], "bounced")]
    assert store.credits.balance(account.id).used == 3  # it left all the same


def test_what_came_back_for_the_time_being_counts_the_third_time(
    store: Store, account: Account, emails: Emails, mailbox: Mailbox, sent: list[int]
) -> None:
    comes(mailbox, bounce(sent[0], "4.2.2"))
    for times in (2, 3):
        assert not store.consent.is_out(TO[0], account.id)
        campaign = emails.send(account.id, Draft(subject="Again", body="Hi", to=TO[:1]))
        emails.deliver(account.id)
        [one] = emails.recipients(campaign.id)
        comes(mailbox, bounce(one.id, "4.2.2", name=str(times)))
    assert store.consent.is_out(TO[0], account.id)


def test_a_delay_is_noted_and_changes_nothing_else(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int]
) -> None:
    comes(mailbox, *(bounce(sent[0], "4.7.1", "delayed", str(name)) for name in range(5)))
    assert status(store, sent[0]) == ("sent", "", "4.7.1")
    assert not store.consent.is_out(TO[0], account.id)


def test_a_bounce_shows_that_an_email_had_left_of_which_nobody_knew(
    store: Store, account: Account, emails: Emails, mailbox: Mailbox, mailer: Scripted
) -> None:
    mailer.outcomes = [NoAnswer()]
    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", to=TO[:1]))
    emails.deliver(account.id)
    [one] = emails.recipients(campaign.id)
    assert (one.status, store.credits.balance(account.id).held) == (Status.UNKNOWN, 1)
    comes(mailbox, bounce(one.id))
    balance = store.credits.balance(account.id)
    assert (status(store, one.id)[0], balance.held, balance.used) == ("bounced", 0, 1)
    assert store.credits.verify().ok


def test_a_bounce_may_be_faster_than_the_answer_that_its_email_was_taken(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int], real: FixedClock
) -> None:
    store.database.run(Email.update(status="sending").where(Email.id == sent[0]))
    comes(mailbox, bounce(sent[0]))
    assert status(store, sent[0])[0] == "sending"
    store.database.run(Email.update(status="sent").where(Email.id == sent[0]))
    real.instant += TRIED_AGAIN
    mailbox.apply()
    assert status(store, sent[0])[0] == "bounced"


def test_a_bounce_of_an_email_that_never_left_is_nobodys(
    store: Store, account: Account, mailbox: Mailbox, emails: Emails, real: FixedClock
) -> None:
    campaign = emails.send(account.id, HELLO)
    one = emails.recipients(campaign.id)[0]
    comes(mailbox, bounce(one.id), bounce(999))
    real.instant += STRANGER_AFTER
    mailbox.apply()
    assert status(store, one.id)[0] == "queued"
    assert {row.outcome for row in store.database.fetch(Event.select())} == {"stranger"}
    assert not store.consent.is_out(one.to, account.id)


def test_a_reply_comes_into_the_inbox_beside_what_it_answers(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int]
) -> None:
    store.people.add(first_name="Ann", email="Ann@Client.test", region="US")
    store.clock.instant = NOON + timedelta(hours=1)  # type: ignore[attr-defined]
    comes(mailbox, reply(store, sent[0], "Yes! Friday?"), at=NOON + timedelta(minutes=5))
    [thread] = store.conversations.threads(account.id)
    assert (thread.phone, thread.name, thread.unread) == (TO[0], "Ann", 1)
    assert thread.last == "Re: Open house: Yes! Friday?"
    lines, _ = store.conversations.lines(account.id, TO[0])
    assert [(one.out, one.subject, one.text, one.status) for one in lines] == [
        (False, "Re: Open house", "Yes! Friday?", None),
        (True, "Open house", "Come at two.", Status.SENT),
    ]
    assert store.credits.balance(account.id).used == 3  # a reply costs nothing


def test_an_answer_goes_out_as_one_and_into_the_conversation(
    store: Store, account: Account, mailbox: Mailbox, emails: Emails, sent: list[int], mailer: Scripted
) -> None:
    comes(mailbox, reply(store, sent[0], "Yes! Friday?"))
    answer = Draft(subject="Re: Open house", body="Friday at 3 it is.", to=TO[:1])
    emails.send(account.id, answer, answers="<1@client.test>")
    emails.deliver(account.id)
    assert (mailer.sent[-1].in_reply_to, mailer.sent[-1].automatic) == ("<1@client.test>", False)
    [thread] = store.conversations.threads(account.id)
    assert (thread.last, thread.out, thread.unread) == ("Friday at 3 it is.", True, 0)
    assert len(store.conversations.lines(account.id, TO[0])[0]) == 3


def test_what_leaves_later_stands_behind_what_was_said_until_then(
    store: Store, account: Account, mailbox: Mailbox, emails: Emails
) -> None:
    later = Draft(subject="Next week", body="Homes.", to=TO[:1])
    emails.send(account.id, later, at=NOON + timedelta(days=1))
    first = emails.send(account.id, HELLO)
    emails.deliver(account.id)
    [ann] = [one.id for one in emails.recipients(first.id) if one.to == TO[0]]
    comes(mailbox, reply(store, ann, "Yes! Friday?"), at=NOON + timedelta(minutes=5))
    whole, _ = store.conversations.lines(account.id, TO[0])
    assert [one.subject for one in whole] == ["Next week", "Re: Open house", "Open house"]
    paged, place = [], NEWEST
    for _ in whole:
        page, place = store.conversations.lines(account.id, TO[0], place=place, limit=1)
        paged += page
    assert paged == whole


def test_a_machines_answer_is_there_and_nobody_has_to_read_it(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int]
) -> None:
    comes(mailbox, reply(store, sent[0], "I'm away.", Auto_Submitted="auto-replied"))
    [thread] = store.conversations.threads(account.id)
    assert thread.unread == 0
    assert store.conversations.replies(account.id, TO[0])[0].automatic


@pytest.mark.parametrize("words", ["STOP", "Unsubscribe\n\nSent by phone"])
def test_a_reply_that_says_so_opts_out(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int], words: str
) -> None:
    comes(mailbox, reply(store, sent[0], words))
    assert store.consent.is_out(TO[0], account.id)


def test_a_refusal_is_left_to_a_person(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int]
) -> None:
    comes(mailbox, reply(store, sent[0], "please stop texting me"))
    assert store.conversations.threads(account.id)[0].asks
    assert not store.consent.is_out(TO[0], account.id)


def test_a_stranger_who_writes_is_left_in_the_mailbox(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int]
) -> None:
    comes(mailbox, b"From: who@else.test\nMessage-ID: <9@else.test>\nSubject: Hello\n\nBuy now.\n")
    assert store.conversations.threads(account.id) == []


def test_the_link_in_an_email_unsubscribes_its_reader_alone(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int], mailer: Scripted
) -> None:
    by_mail = mailer.sent[0].unsubscribe[0].removeprefix("mailto:").partition("?")[0]
    mail = f"From: forwarded@else.test\nTo: {by_mail}\nSubject: unsubscribe\nMessage-ID: <u@x>\n\n".encode()
    comes(mailbox, mail)
    outs = {address: store.consent.is_out(address, account.id) for address in TO}
    assert [address for address, out in outs.items() if out] == [mailer.sent[0].to]
    assert store.consent.standing(mailer.sent[0].to, account.id).how == "unsubscribe"


def test_a_click_unsubscribes_and_a_look_does_not(
    store: Store, account: Account, mailbox: Mailbox, sent: list[int], mailer: Scripted
) -> None:
    token = mailer.sent[1].unsubscribe[0].partition("+u")[2].partition("@")[0]
    assert mailbox.can_unsubscribe(token)
    assert not store.consent.is_out(mailer.sent[1].to, account.id)
    assert not mailbox.unsubscribe("a" * 24)
    assert mailbox.unsubscribe(token)
    assert mailbox.unsubscribe(token)  # mail programs may try twice
    assert store.consent.is_out(mailer.sent[1].to, account.id)
    assert len(list(store.consent.records())) == 1


def test_a_link_that_is_followed_in_other_letters_is_noted_once(
    store: Store, sent: list[int], mailbox: Mailbox
) -> None:
    token = Unsubscribing(store.settings, "").uris(sent[0], "me@agent.test")[0].partition("+u")[2][:24]
    for spelt in (token, token.upper(), token.capitalize(), token):
        assert mailbox.unsubscribe(spelt)
    assert len(store.database.fetch(Event.select().where(Event.kind == "unsubscribe"))) == 1


def test_simulated_addresses_bounce_answer_and_unsubscribe_by_the_accounts_clock(store: Store) -> None:
    account = store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
    to = tuple(f"ann+{end}@example.com" for end in ("0003", "0004", "0010", "0011", "0099"))
    store.emails.send(account.id, Draft(subject="Hi", body="Hi", to=to))
    store.emails.deliver(account.id)
    store.mailbox.poll()
    assert store.database.fetch(Event.select()) == []  # none of it is due yet
    store.clock.instant = NOON + timedelta(minutes=1)  # type: ignore[attr-defined]
    store.credits.catch_up(account.id)
    for _ in range(2):
        store.mailbox.poll()
    outs = [one for one in to if store.consent.is_out(one, account.id)]
    assert outs == [to[0], to[2]]
    [thread] = store.conversations.threads(account.id)
    assert (thread.phone, thread.unread) == (to[3], 1)


def test_what_a_simulated_address_does_comes_however_far_the_clock_is_set_ahead(store: Store) -> None:
    account = store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
    store.emails.send(account.id, Draft(subject="Hi", body="Hi", to=("ann+0003@example.com",)))
    store.emails.deliver(account.id)
    store.clock.instant = NOON + timedelta(days=60)  # type: ignore[attr-defined]
    store.credits.catch_up(account.id)
    store.mailbox.poll()
    assert store.consent.is_out("ann+0003@example.com", account.id)


# Any order, any repetition


def _end(store: Store, account: Account) -> object:
    """All that came of it."""
    database = store.database
    emails = database.fetch(Email.select(Email.id, Email.status, Email.reason, Email.code).order_by(Email.id))
    incoming = database.fetch(
        Incoming.select(Incoming.phone, Incoming.body, Incoming.at, Incoming.asks, Incoming.email_id)
    )
    threads = database.fetch(Conversation.select())
    outs = {one: store.consent.is_out(one, account.id) for one in TO}
    balance = store.credits.balance(account.id)
    return (
        [tuple(row) for row in emails],
        sorted(tuple(row) for row in incoming),
        [tuple(row) for row in threads],
        outs,
        (balance.available, balance.held, balance.used),
    )


def _mails(store: Store, sent: Sequence[int]) -> list[Got]:
    at = [NOON + timedelta(minutes=minute) for minute in range(12)]
    return [
        Got(bounce(sent[1], "4.2.2", "delayed"), at[0]),
        Got(bounce(sent[1], "5.1.1"), at[1]),
        Got(bounce(sent[1], "5.7.1", name="2"), at[2]),
        Got(bounce(sent[2], "4.4.7"), at[3]),
        Got(reply(store, sent[0], "Yes! Friday?", "1"), at[4]),
        Got(reply(store, sent[0], "please stop texting me", "2"), at[5]),
        Got(reply(store, sent[0], "STOP", "3"), at[6]),
        Got(reply(store, sent[0], "I'm away.", "4", Auto_Submitted="auto-replied"), at[7]),
        Got(bounce(999), at[8]),
    ]


def test_any_order_and_repetition_come_to_one_end(new_database: Callable[[], str], tmp_path: Path) -> None:
    """On both engines, whichever `new_database` makes."""

    def outcome(order: Sequence[tuple[int, bool]] | None) -> object:
        clock = FixedClock(NOON)
        store = Store(new_database(), clock=clock)
        try:
            with store.connection():
                store.settings.write(mailers.SETTING, "0123456789ab")
                account = store.credits.open_account("agent-email", "free", "America/New_York")
                parts = store.database, store.settings, store.credits, store.people, store.consent
                emails = Emails(*parts, mailer=Scripted(), real=clock)
                campaign = emails.send(account.id, HELLO)
                emails.deliver(account.id)
                sent = sorted(one.id for one in emails.recipients(campaign.id))
                clock.instant = NOON + timedelta(hours=1)
                mailbox = Mailbox(*parts, store.email_senders, clock)
                mails = _mails(store, sent)
                for at, applies in order or [(at, True) for at in range(len(mails))]:
                    mailbox.keep("box", [mails[at]])
                    if applies:
                        mailbox.apply()
                mailbox.apply()
                return _end(store, account)
        finally:
            store.close()

    wanted = outcome(None)

    @given(
        st.permutations(range(9)),
        st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=6),
        st.lists(st.booleans(), min_size=9, max_size=9),
        st.randoms(use_true_random=False),
    )
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(order: list[int], again: list[tuple[int, bool]], applies: list[bool], luck: object) -> None:
        mails = [*zip(order, applies, strict=True), *again]
        luck.shuffle(mails)  # type: ignore[attr-defined]
        assert outcome(mails) == wanted

    holds()
