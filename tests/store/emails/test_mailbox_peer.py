"""Postfix and Dovecot themselves: what they send back is matched to what it is about."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import quote

import pytest

from store import Store
from store.credits.model import Account
from store.emails.model import Status
from store.mail import imap, mailers
from store.mail.imap import Box
from store.messages.model import Draft
from tests.postfix import PASSWORD, USER, Peer, needed, running_mail
from tests.waiting import wait_until

pytestmark = needed


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with running_mail() as peer:
        yield peer


@pytest.fixture
def store(peer: Peer, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    login = f"{quote(USER)}:{quote(PASSWORD, safe='')}"
    monkeypatch.setenv("TEXTMETER_MAIL", f"smtp://127.0.0.1:{peer.smtp}?from={USER}&to={USER}")
    monkeypatch.setenv("TEXTMETER_MAIL_IMAP", f"imap://{login}@127.0.0.1:{peer.imap}/INBOX")
    store = Store(new_database())
    with store.connection():
        yield store
    store.close()


@pytest.fixture
def account(store: Store) -> Account:
    return store.credits.open_account("agent-email", "free", "America/New_York")


def write(peer: Peer, to: str, subject: str, text: str, **headers: str) -> None:
    """As somebody out there does."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Zoe <Zoe@client.test>", to, subject
    mail["Message-ID"] = make_msgid(domain="client.test")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", peer.smtp) as server:
        server.send_message(mail)


def polled(store: Store, holds: Callable[[], bool], peer: Peer) -> None:
    def reached() -> bool:
        assert store.mailbox.poll().trouble == ()
        return holds()

    wait_until(reached, what=peer.said)


def test_bounces_replies_and_unsubscribing_find_their_emails(
    peer: Peer, store: Store, account: Account
) -> None:
    to = ("nobody@bounce.test", "zoe@client.test", "ann@client.test")
    campaign = store.emails.send(account.id, Draft(subject="Open house", body="Come at two.", to=to))
    assert store.emails.deliver(account.id).sent == 3
    ids = {one.to: one.id for one in store.emails.recipients(campaign.id)}
    token = mailers.token(store.settings)
    write(
        peer, USER, "Re: Open house", "Yes! ¿Friday?", In_Reply_To=f"<email-{ids[to[1]]}.{token}@agent.test>"
    )
    by_mail = _link(store, ids[to[2]])
    write(peer, by_mail, "unsubscribe", "")

    polled(store, lambda: store.consent.is_out(to[0], account.id), peer)
    polled(store, lambda: store.consent.is_out(to[2], account.id), peer)
    polled(store, lambda: bool(store.conversations.threads(account.id)), peer)
    stands = {one.to: (one.status, one.reason) for one in store.emails.recipients(campaign.id)}
    assert stands == {
        to[0]: (Status.BOUNCED, "bounced"),
        to[1]: (Status.SENT, ""),
        to[2]: (Status.SENT, ""),
    }
    assert store.consent.standing(to[0], account.id).why.startswith("5.1.1")
    assert not store.consent.is_out(to[1], account.id)
    [thread] = store.conversations.threads(account.id)
    assert (thread.phone, thread.last) == ("zoe@client.test", "Re: Open house: Yes! ¿Friday?")


def _link(store: Store, email: int) -> str:
    from store.emails.unsubscribing import Unsubscribing

    return Unsubscribing(store.settings, "").uris(email, USER)[0].removeprefix("mailto:").partition("?")[0]


def box(peer: Peer, **changed: object) -> Box:
    return Box(USER, "127.0.0.1", peer.imap, "none", USER, PASSWORD)._replace(**changed)  # type: ignore[arg-type]


def test_a_mailbox_is_read_page_by_page_and_left_as_it_was(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "AT_ONCE", 2)
    before = imap.page(box(peer), "")
    while before.more:
        before = imap.page(box(peer), before.cursor)
    for number in range(3):
        write(peer, USER, f"Mail {number}", "Hello " + "x" * 700_000)
    wait_until(
        lambda: len([m for m in peer.mails() if str(m["Subject"]).startswith("Mail")]) == 3, what=peer.said
    )
    files = sorted(file.name for file in (peer.folder / "mail" / "me").glob("*/*"))
    first = imap.page(box(peer), before.cursor)
    second = imap.page(box(peer), first.cursor)
    assert ([len(page.mails) for page in (first, second)], first.more, second.more) == ([2, 1], True, False)
    assert all(len(mail.raw) == 512 * 1024 for mail in (*first.mails, *second.mails))  # not all of it
    assert imap.page(box(peer), second.cursor).mails == []
    assert len(imap.page(box(peer), "1:999999999").mails) == 2  # another numbering: from some days ago
    assert sorted(file.name for file in (peer.folder / "mail" / "me").glob("*/*")) == files


def test_what_keeps_a_mailbox_shut_is_told(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(imap.OutOfReach) as wrong:
        imap.page(box(peer, password="wrong"), "")
    assert "doesn't accept the user name or password" in str(wrong.value.says)
    with pytest.raises(imap.OutOfReach) as untrusted:
        imap.page(box(peer, port=peer.imaps, security="tls"), "")
    assert "right now" in str(untrusted.value.says)
    with pytest.raises(imap.OutOfReach):
        imap.page(box(peer, folder="Nowhere"), "")
    monkeypatch.setenv("SSL_CERT_FILE", str(peer.authority))
    assert imap.page(box(peer, port=peer.imaps, security="tls"), "").cursor
    assert imap.page(box(peer, security="starttls"), "").cursor
