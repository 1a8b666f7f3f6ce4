"""Postfix itself: what it is handed leaves, comes back with what tells it, or is refused; we say which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage

import pytest

from store.mail import Accepted, File, From, Mail, NotSent, Refused, smtp
from tests.postfix import PASSWORD, USER, Peer, needed, running_mail
from tests.waiting import wait_until

pytestmark = needed


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with running_mail() as peer:
        yield peer


@pytest.fixture
def mailer(peer: Peer) -> Iterator[smtp.Smtp]:
    account = smtp.Account(smtp.Security.NONE, "127.0.0.1", peer.smtp, "", "", USER, USER)
    with closing(smtp.Smtp(account, "token")) as mailer:
        yield mailer


def test_a_mail_with_all_that_it_may_have_arrives(peer: Peer, mailer: smtp.Smtp) -> None:
    mail = Mail(
        "email-1",
        USER,
        "Größe\r\nBcc: everybody@client.test " + "and more of it " * 2_000,
        "Hi Zoë\n.\nSee you.\n",
        html="<p>Hi Zoë</p>\n",
        files=(File("Plan: Häuser\r\n.pdf", "application/pdf", bytes(range(256)) * 400),),
        sender=From('Zoë "the agent"\r\nBcc: everybody@client.test'),
        bounce="b1",
        unsubscribe=("https://texts.example.org/unsubscribe/" + "x" * 90,),
    )
    assert mailer.send(mail) == Accepted()
    got = arrived(peer, "email-1")
    assert got["Bcc"] is None
    assert got["Return-Path"] == "<me+b1@agent.test>"
    assert " ".join(got["Subject"].split()) == " ".join(mail.subject.split())
    plain, page = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content() == mail.body
    assert page.get_content() == mail.html
    (attached,) = got.iter_attachments()
    assert attached.get_content() == mail.files[0].content
    assert got["List-Unsubscribe"] == f"<{mail.unsubscribe[0]}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def arrived(peer: Peer, key: str) -> EmailMessage:
    wait_until(lambda: _of(peer, key), what=peer.said)
    return _of(peer, key)[0]


def _of(peer: Peer, key: str) -> list[EmailMessage]:
    return [mail for mail in peer.mails() if str(mail["Message-ID"]).startswith(f"<{key}.")]


def test_a_mailbox_that_is_not_there_and_one_that_puts_us_off_are_told_apart(
    peer: Peer, mailer: smtp.Smtp
) -> None:
    gone = mailer.send(Mail("email-2", "refused@client.test", "Hi", "Hi"))
    later = mailer.send(Mail("email-3", "busy@client.test", "Hi", "Hi"))
    assert isinstance(gone, Refused)
    assert gone.why.startswith("550 5.1.1")
    assert isinstance(later, NotSent)
    assert "451 4.7.1" in str(later.says)
    assert "Greylisted" in str(later.says)
    assert mailer.send(Mail("email-4", "ann@client.test", "Hi", "Hi")) == Accepted()


@pytest.mark.parametrize(
    ("number", "to", "status"), [(5, "ann@bounce.test", "5.1.1"), (6, "ann@delay.test", "4.4.1")]
)
def test_what_comes_back_says_of_which_mail_it_is(
    peer: Peer, mailer: smtp.Smtp, number: int, to: str, status: str
) -> None:
    assert mailer.send(Mail(f"email-{number}", to, "Hi", "Hi", bounce=f"b{number}")) == Accepted()
    returned = f"me+b{number}@agent.test"
    wait_until(lambda: any(mail["To"] == returned for mail in peer.mails()), what=peer.said)
    report = next(mail for mail in peer.mails() if mail["To"] == returned)
    assert report.get_content_type() == "multipart/report"
    (told,) = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    about, recipient = list(told.walk())[1:]
    assert about["Original-Envelope-Id"] == f"b{number}"
    assert recipient["Status"] == status
    assert recipient["Final-Recipient"] == f"rfc822; {to}"


def test_a_login_with_encryption_is_taken_and_a_wrong_password_is_told(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(peer.authority))
    account = smtp.Account(smtp.Security.STARTTLS, "127.0.0.1", peer.submission, USER, PASSWORD, USER, USER)
    with closing(smtp.Smtp(account, "token")) as mailer:
        assert mailer.send(Mail("email-7", "ann@client.test", "Hi", "Hi")) == Accepted()
    with closing(smtp.Smtp(account._replace(password="wrong"), "token")) as mailer:
        refused = mailer.send(Mail("email-8", "ann@client.test", "Hi", "Hi"))
    assert isinstance(refused, NotSent)
    assert "doesn't accept the user name or password" in str(refused.says)


def test_a_session_that_is_kept_is_one_for_many_mails(peer: Peer, mailer: smtp.Smtp) -> None:
    sent = [mailer.send(Mail(f"many-{at}", USER, "Hi", "Hi")) for at in range(20)]
    assert sent == [Accepted()] * 20
    mailer.close()
    wait_until(
        lambda: re.search(r"disconnect from \S+ ehlo=1 mail=20 rcpt=20 data=20", peer.said()), what=peer.said
    )
