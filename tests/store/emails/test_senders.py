"""Senders of emails: set up, kept apart from their secrets, checked live, and no faster than they may."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.emails.senders import NOT_SET_UP, EmailSenders
from store.errors import WrongUsage
from store.mail import Accepted, From, Mail
from store.mail.simulated import Simulated
from store.messages.model import Draft
from store.messages.providers import Severity
from tests.postfix import PASSWORD, USER, needed, running_mail
from tests.store.mail import server
from tests.waiting import wait_until

MIDNIGHT = datetime(2026, 4, 17, tzinfo=UTC)
OFFICE = {
    "provider": "smtp",
    "number": "office@agent.test",
    "host": "mail.agent.test",
    "from_name": "Zoë Côté",
    "reply_to": "zoe@agent.test",
    "signature": "Zoë\\n*Agent*",
    "postal_address": "1 Main St, Springfield",
    "user": "zoe",
    "password": "hunter2",
    "imap_host": "imap.agent.test",
}


@pytest.fixture
def senders(store: Store, real: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmailSenders:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return EmailSenders(store.database, store.settings, real)


def test_a_sender_is_kept_with_all_but_its_secrets(senders: EmailSenders, store: Store) -> None:
    info = senders.set("office", OFFICE, whole=True)
    assert (info.number, info.provider, info.account_id) == ("office@agent.test", "smtp", None)
    assert info.secrets == {"password"}
    assert info.options["signature"] == "Zoë\n*Agent*"
    kept = store.database.rows("SELECT * FROM email_sender")
    assert "hunter2" not in repr([tuple(row) for row in kept]) + repr(info)
    assert senders.all() == [info]
    assert senders.get("office") == info


def test_what_is_set_alone_changes_alone_and_nothing_is_taken_out(senders: EmailSenders) -> None:
    senders.set("office", OFFICE, whole=True)
    senders.set("office", {"per_second": "2", "postal_address": "", "password": ""})
    info = senders.get("office")
    assert (info.per_second, info.number, info.secrets) == (2.0, "office@agent.test", frozenset())
    assert "postal_address" not in info.options
    assert info.options["host"] == "mail.agent.test"


def test_what_people_see_is_the_senders_own(senders: EmailSenders) -> None:
    senders.set("office", OFFICE, whole=True)
    who = senders.identity("office", demo_clock=False)
    assert who.sender == From("Zoë Côté", "office@agent.test")
    assert who.reply_to == "zoe@agent.test"
    assert who.below == "Zoë\n*Agent*\n\n1 Main St, Springfield"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"number": ""}, "number"),
        ({"number": "a@b.com\r\nBcc: c@d.com"}, "number"),
        ({"host": ""}, "host"),
        ({"reply_to": "nobody"}, "reply_to"),
        ({"port": "99999"}, "port"),
        ({"port": "x"}, "port"),
        ({"imap_port": "99999"}, "imap_port"),
        ({"security": "ssl"}, "security"),
        ({"security": "none"}, "security"),
        ({"per_second": "fast"}, "per_second"),
        ({"per_day": "-1"}, "per_day"),
        ({"provider": "twilio"}, "provider"),
    ],
)
def test_what_cannot_be_right_is_told_by_its_name_and_nothing_is_kept(
    senders: EmailSenders, values: dict[str, str], key: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        senders.set("office", {**OFFICE, **values}, whole=True)
    assert refused.value.details["key"] == key
    assert senders.all() == []


def test_a_name_belongs_to_a_sender_of_texts_or_of_emails(senders: EmailSenders, store: Store) -> None:
    store.senders.set("desk", {"provider": "simulated"})
    with pytest.raises(WrongUsage, match="already a sender with this name"):
        senders.set("desk", OFFICE)


def test_an_accounts_own_sender_comes_before_one_for_all(senders: EmailSenders) -> None:
    assert senders.of(1) == ""
    senders.set("all", OFFICE)
    senders.set("own", {**OFFICE, "account": "1"})
    assert (senders.of(1), senders.of(2)) == ("own", "all")


def test_a_removed_sender_is_gone_with_its_secrets(senders: EmailSenders) -> None:
    senders.set("office", OFFICE)
    senders.remove("office")
    with pytest.raises(WrongUsage, match="office"):
        senders.mailer("office", demo_clock=False)
    assert senders.set("office", {**OFFICE, "password": ""}).secrets == frozenset()


def test_what_is_played_reaches_no_server(senders: EmailSenders, store: Store) -> None:
    senders.set("office", OFFICE)
    demo = EmailSenders(store.database, store.settings, demo=True)
    assert isinstance(senders.mailer("office", demo_clock=True), Simulated)
    assert isinstance(demo.mailer("office", demo_clock=False), Simulated)
    assert isinstance(senders.mailer("", demo_clock=False), Simulated)
    assert senders.identity("", demo_clock=False) == NOT_SET_UP


def test_the_sender_without_a_name_is_the_one_that_carries_notices(
    senders: EmailSenders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@agent.test&to=me@agent.test"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        mailer = senders.mailer("", demo_clock=False)
        assert mailer.send(Mail("email-1", "ann@client.test", "Hi", "Hi")) == Accepted()
        mailer.close()
        assert senders.box("") is None
        monkeypatch.setenv("TEXTMETER_MAIL_IMAP", "imaps://me%40agent.test@imap.agent.test/Replies")
        monkeypatch.setenv("TEXTMETER_MAIL_IMAP_PASSWORD", "other")
        box = senders.box("")
    assert inbox.mails[0]["From"] == "texts@agent.test"
    assert box is not None
    assert (box.user, box.password, box.folder) == ("me@agent.test", "other", "Replies")
    assert senders.identity("", demo_clock=False).sender == From("", "texts@agent.test")


# How fast


def test_a_pace_lets_so_many_leave_in_any_stretch_of_time(senders: EmailSenders, real: FixedClock) -> None:
    senders.set("office", {**OFFICE, "per_second": "2"})
    left = 0
    for _ in range(100):
        left += senders.take("office").texts
        real.instant += timedelta(milliseconds=100)
    assert left == 20


def test_a_pace_and_a_day_are_shared_by_all_who_send(
    store: Store, url: str, senders: EmailSenders, real: FixedClock
) -> None:
    """Each in a thread of its own, as processes have connections of their own."""
    senders.set("office", {**OFFICE, "per_day": "30"})
    got: list[int] = []

    def work() -> None:
        own = EmailSenders(store.database, store.settings, real)
        with store.connection():
            while True:
                with store.database.transaction():
                    room = own.take("office")
                if not room.texts:
                    return
                got.append(room.texts)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 30
    assert senders.get("office").left_today == 0
    room = senders.take("office")
    assert timedelta(seconds=room.wait) == MIDNIGHT - real.now()
    real.instant = MIDNIGHT
    assert senders.take("office").texts == 1
    assert senders.get("office").left_today == 29


def test_a_sender_that_is_gone_lets_none_leave(senders: EmailSenders) -> None:
    assert senders.take("office").texts == 0


# The check


def found(senders: EmailSenders, id: str) -> list[tuple[Severity, str]]:
    return [(one.severity, str(one.says)) for one in senders.check(id)]


def test_a_check_names_what_is_missing_before_anything_is_tried(senders: EmailSenders) -> None:
    senders.set("office", {"number": ""})
    assert [(severity, says) for severity, says in found(senders, "office")] == [
        (Severity.ERROR, "Address is missing."),
        (Severity.ERROR, "Mail server is missing."),
    ]


def test_without_a_server_a_check_says_that_emails_are_simulated(senders: EmailSenders) -> None:
    assert found(senders, "") == [(Severity.WARNING, "Emails are simulated: none are really sent.")]


def test_a_check_in_a_demo_asks_no_server(
    store: Store, senders: EmailSenders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://127.0.0.1:1?from=a@example.com&to=b@example.com")
    demo = EmailSenders(store.database, store.settings, demo=True)
    assert [str(found.says) for found in demo.check("")] == ["Emails are simulated: none are really sent."]


def test_a_server_out_of_reach_and_a_mailbox_that_is_not_set_up_are_told(senders: EmailSenders) -> None:
    with server.running() as inbox:
        port = inbox.port
    here = {"host": "127.0.0.1", "port": str(port), "security": "none", "imap_host": ""}
    senders.set("office", {**OFFICE, **here})
    (no_server, says), (no_mailbox, _) = found(senders, "office")
    assert (no_server, no_mailbox) == (Severity.ERROR, Severity.WARNING)
    assert f"127.0.0.1:{port}" in says


@needed
def test_each_step_is_tried_at_postfix_and_dovecot(
    senders: EmailSenders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_mail() as peer:
        monkeypatch.setenv("SSL_CERT_FILE", str(peer.authority))
        values = {
            "number": USER,
            "host": "127.0.0.1",
            "port": str(peer.submission),
            "security": "starttls",
            "user": USER,
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": str(peer.imaps),
        }
        senders.set("office", values, whole=True)
        well = found(senders, "office")
        senders.set("office", {"imap_password": "wrong"})
        no_mailbox = found(senders, "office")
        senders.set("office", {"password": "wrong"})
        no_login = found(senders, "office")
    assert [severity for severity, _ in well] == [Severity.OK] * 5
    assert well[-1][1] == "Textmeter can read the mailbox INBOX."
    assert [severity for severity, _ in no_mailbox] == [*[Severity.OK] * 4, Severity.ERROR]
    assert [severity for severity, _ in no_login] == [Severity.ERROR] * 2  # the mailbox is tried anyhow
    assert "doesn't accept the user name or password" in no_login[0][1]
    assert "wrong" not in no_login[0][1] + no_mailbox[-1][1]


@needed
def test_a_campaign_leaves_by_its_sender_as_people_see_it(store: Store, senders: EmailSenders) -> None:
    """Through Postfix, to a mailbox that is real."""
    account = store.credits.open_account("agent-email", "free", "America/New_York")
    with running_mail() as peer:
        here = {"host": "127.0.0.1", "port": str(peer.smtp), "security": "none"}
        values = {"number": USER, "from_name": "Zoë Côté", "signature": "*Zoë*", "user": "", "password": ""}
        senders.set("office", {**values, **here, "postal_address": "1 Main St"}, whole=True)
        draft = Draft(subject="Open house", body="Come **by**.", to=(USER,))
        store.emails.send(account.id, draft, sender="office")
        assert store.emails.deliver(account.id).sent == 1
        wait_until(peer.mails, what=peer.said)
        (mail,) = peer.mails()
    email = store.emails.recipients(1)[0].id
    assert mail["From"].addresses[0].display_name == "Zoë Côté"
    assert mail["Return-Path"] == f"<me+b{email}@agent.test>"
    assert mail["List-Unsubscribe"].startswith("<mailto:me+u")
    plain, page = mail.get_body(["plain"]), mail.get_body(["html"])
    assert plain is not None
    assert page is not None
    assert [line for line in plain.get_content().splitlines() if line] == [
        "Come **by**.",
        "---",
        "*Zoë*",
        "1 Main St",
    ]
    assert "<em>Zoë</em>" in page.get_content()
