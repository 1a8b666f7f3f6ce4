"""Mail by SMTP: what arrives is what was meant, passwords stay where they belong, and what is said of a mail
is true."""

from __future__ import annotations

import socket
import ssl
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

import pytest
import trustme

from store.errors import WrongUsage
from store.mail import Accepted, File, Mail, NoAnswer, NotSent, Outcome, Refused, smtp
from tests.store.mail import server
from tests.store.mail.server import Inbox

PASSWORD = "pass word/1"
FROM_TO = "from=texts@example.com&to=me@example.com"
HELLO = Mail("notice-5", "", "80 % of the credits are used", "60 are left.\n")


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with server.running() as inbox:
        yield inbox


class Opened(Protocol):
    """Opens a mailer, which is closed at the end."""

    def __call__(
        self, port: int, user: str = "", seconds: float = 10, *, host: str = "127.0.0.1", scheme: str = "smtp"
    ) -> smtp.Smtp: ...


@pytest.fixture
def mailer() -> Iterator[Opened]:
    with ExitStack() as stack:

        def opened(
            port: int, user: str = "", seconds: float = 10, *, host: str = "127.0.0.1", scheme: str = "smtp"
        ) -> smtp.Smtp:
            account = smtp.read(f"{scheme}://{user}{host}:{port}?{FROM_TO}")
            return stack.enter_context(closing(smtp.Smtp(account, "token", seconds)))

        yield opened


def test_a_mail_arrives_as_it_was_written(inbox: Inbox, mailer: Opened) -> None:
    body = "Señor — 60 € left 🏡.\n.\nA dot alone, and a line of " + "many words " * 200 + "\n"
    assert mailer(inbox.port).send(Mail("notice-5", "", "Größe: 80 % – ¡atención!", body)) == Accepted()
    (mail,) = inbox.mails
    assert (mail["From"], mail["To"]) == ("texts@example.com", "me@example.com")
    assert mail["Subject"] == "Größe: 80 % – ¡atención!"
    assert mail.get_content().replace("\r\n", "\n") == body
    assert mail.get_content_type() == "text/plain"
    assert parsedate_to_datetime(mail["Date"]).tzinfo is not None


def test_a_repeated_mail_has_the_same_message_id_and_another_one_has_not(
    inbox: Inbox, mailer: Opened
) -> None:
    post = mailer(inbox.port)
    for mail in (HELLO, HELLO, Mail("notice-6", "", "", "")):
        assert post.send(mail) == Accepted()
    ids = [mail["Message-ID"] for mail in inbox.mails]
    assert ids == ["<notice-5.token@example.com>"] * 2 + ["<notice-6.token@example.com>"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_subject_cannot_begin_another_header(inbox: Inbox, end: str, mailer: Opened) -> None:
    subject = f"Open house{end}Bcc: everybody@example.com"
    assert mailer(inbox.port).send(Mail("a", "", subject, f"Hi{end}{end}there")) == Accepted()
    (mail,) = inbox.mails
    assert mail["Bcc"] is None
    assert " ".join(mail["Subject"].split()) == "Open house Bcc: everybody@example.com"


@pytest.mark.parametrize(
    "to",
    ["a@b.com\r\nBcc: c@d.com", "a@b.com, c@d.com", "<a@b.com>", "no address", "@b.com", "a@", "a\x00@b.com"],
)
def test_what_is_no_address_gets_no_mail(inbox: Inbox, to: str, mailer: Opened) -> None:
    assert isinstance(mailer(inbox.port).send(Mail("a", to, "Hi", "Hi")), Refused)
    assert inbox.mails == []


def test_an_address_in_any_script_gets_mail(inbox: Inbox, mailer: Opened) -> None:
    assert mailer(inbox.port).send(Mail("a", "josé@bücher.example", "Hi", "Hi")) == Accepted()
    assert inbox.mails[0]["To"] == "josé@bücher.example"


def test_a_text_that_is_no_text_arrives_without_what_cannot_be_told(inbox: Inbox, mailer: Opened) -> None:
    assert mailer(inbox.port).send(Mail("a", "", "Hi \udc80", "left \udc80 over")) == Accepted()
    assert inbox.mails[0].get_content().strip() == "left ? over"


def test_a_password_opens_the_server_and_a_wrong_one_is_told_without_it(mailer: Opened) -> None:
    with server.running() as inbox:
        assert mailer(inbox.port, "me%40example.com:pass%20word%2F1@").send(HELLO) == Accepted()
        assert inbox.logins == [("me@example.com", PASSWORD)]
        outcome = mailer(inbox.port, "me:hunter2@").send(HELLO)
    assert isinstance(outcome, NotSent)
    assert "doesn't accept the user name or password" in str(outcome.says)
    assert "hunter2" not in repr(outcome)
    assert len(inbox.mails) == 1


def test_a_password_that_smtp_has_no_letters_for_is_one_that_the_server_doesnt_take(mailer: Opened) -> None:
    with server.running() as inbox:
        outcome = mailer(inbox.port, "me:p%C3%A4ss@").send(HELLO)
    assert isinstance(outcome, NotSent)
    assert "doesn't accept the user name or password" in str(outcome.says)


@pytest.mark.parametrize("host", ["mail..example.com", f"{'m' * 64}.example.com"])
def test_a_host_that_can_be_none_is_told_like_one_that_isnt_there(mailer: Opened, host: str) -> None:
    outcome = mailer(25, host=host).send(HELLO)
    assert isinstance(outcome, NotSent)
    assert host in str(outcome.says)


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """Of this machine, by an authority that is trusted where SSL_CERT_FILE names "authority.pem"."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return context


def test_where_the_server_offers_encryption_it_is_used(
    certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailer: Opened
) -> None:
    with server.running(tls=certificate) as inbox:
        post = mailer(inbox.port)
        untrusted = post.send(HELLO)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert post.send(HELLO) == Accepted()
        post.close()
    assert isinstance(untrusted, NotSent)
    assert "certificate" in str(untrusted.says)
    assert inbox.encrypted == [True]


def test_a_server_that_speaks_nothing_but_tls_is_spoken_to_like_that(
    certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailer: Opened
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with server.running(tls_at_once=certificate) as inbox:
        post = mailer(inbox.port, "me:pass%20word%2F1@", scheme="smtps")
        assert post.send(HELLO) == Accepted()
        post.close()
    assert inbox.logins == [("me", PASSWORD)]
    assert len(inbox.mails) == 1


def test_a_password_is_not_told_to_a_distant_server_without_encryption(
    monkeypatch: pytest.MonkeyPatch, mailer: Opened
) -> None:
    with server.running() as inbox:
        here = ("127.0.0.1", inbox.port)
        connect = socket.create_connection
        monkeypatch.setattr(socket, "create_connection", lambda _to, *rest: connect(here, *rest))
        told = mailer(inbox.port, "me:pass%20word%2F1@", host="far.example").send(HELLO)
    assert isinstance(told, NotSent)
    assert "doesn't support encryption" in str(told.says)
    assert inbox.logins == []


def test_a_mail_that_the_server_refuses_for_good_is_told_from_one_for_later(
    inbox: Inbox, mailer: Opened
) -> None:
    post = mailer(inbox.port)
    inbox.faults["DATA"] = "550 No such mailbox"
    assert post.send(HELLO) == Refused("550 No such mailbox")
    inbox.faults["DATA"] = "451 Try later"
    later = post.send(HELLO)
    assert isinstance(later, NotSent)
    assert "451 Try later" in str(later.says)
    assert inbox.mails == []


def test_a_recipient_whom_the_server_refuses_is_told_before_anything_is_sent(
    inbox: Inbox, mailer: Opened
) -> None:
    inbox.faults["RCPT"] = "550 No such mailbox"
    assert mailer(inbox.port).send(Mail("a", "gone@example.com", "", "")) == Refused("550 No such mailbox")
    assert mailer(inbox.port).send(HELLO) == Accepted()


def test_a_server_that_takes_no_letters_but_english_ones_refuses_such_an_address(mailer: Opened) -> None:
    with server.running(utf8=False) as inbox:
        outcome = mailer(inbox.port).send(Mail("a", "josé@example.com", "Größe", "Größe"))
        assert isinstance(outcome, Refused)
        assert "such letters" in outcome.why
        assert mailer(inbox.port).send(Mail("a", "jose@example.com", "Größe", "Größe")) == Accepted()
    assert inbox.mails[0]["Subject"] == "Größe"


def test_a_server_that_is_too_busy_to_talk_is_told_with_its_words(mailer: Opened) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()

        def answer() -> None:
            connection, _ = busy.accept()
            with connection:
                connection.sendall(b"421 Too many people\r\n")
                connection.recv(100)

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = mailer(busy.getsockname()[1]).send(HELLO)
        thread.join()
    assert isinstance(outcome, NotSent)
    assert "421 Too many people" in str(outcome.says)


def test_where_the_answer_is_lost_nobody_claims_to_know(inbox: Inbox, mailer: Opened) -> None:
    inbox.faults["DATA"] = "die"
    assert mailer(inbox.port).send(HELLO) == NoAnswer()
    assert len(inbox.mails) == 1


def test_where_nobody_listens_it_is_told_that_it_is_tried_again(mailer: Opened) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = mailer(taken.getsockname()[1]).send(HELLO)
    assert isinstance(outcome, NotSent)
    assert "127.0.0.1" in str(outcome.says)
    assert "Textmeter will try again" in str(outcome.says)


def test_a_server_that_says_nothing_is_given_up(mailer: Opened) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert isinstance(mailer(silent.getsockname()[1], seconds=0.1).send(HELLO), NotSent)


def test_mails_share_a_connection_until_it_is_closed(inbox: Inbox, mailer: Opened) -> None:
    post = mailer(inbox.port)
    assert [post.send(HELLO) for _ in range(3)] == [Accepted()] * 3
    assert inbox.connections == 1
    post.close()
    assert post.send(HELLO) == Accepted()
    assert inbox.connections == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.parametrize("how", ["die", "421 Idle for too long"])
def test_a_connection_that_ended_between_two_mails_is_opened_anew(
    inbox: Inbox, mailer: Opened, step: str, how: str
) -> None:
    post = mailer(inbox.port)
    assert post.send(HELLO) == Accepted()
    inbox.faults[step] = how
    assert post.send(HELLO) == Accepted()
    assert (inbox.connections, len(inbox.mails)) == (2, 2)


def test_a_mail_is_refused_and_the_next_one_leaves_by_the_same_connection(
    inbox: Inbox, mailer: Opened
) -> None:
    post = mailer(inbox.port)
    for step, code in (("MAIL", "451"), ("RCPT", "550"), ("DATA", "552")):
        inbox.faults[step] = f"{code} Not this one"
        refused = post.send(HELLO)
        assert isinstance(refused, NotSent if code == "451" else Refused)
        assert post.send(HELLO) == Accepted()
    assert (inbox.connections, len(inbox.mails)) == (1, 3)


def test_a_greylisted_mail_leaves_later_under_the_same_message_id(inbox: Inbox, mailer: Opened) -> None:
    post = mailer(inbox.port)
    inbox.faults["RCPT"] = "451 4.7.1 Greylisted, try again in five minutes"
    later = post.send(HELLO)
    assert isinstance(later, NotSent)
    assert "Greylisted" in str(later.says)
    assert post.send(HELLO) == Accepted()
    assert [mail["Message-ID"] for mail in inbox.mails] == ["<notice-5.token@example.com>"]


class Wire:
    """A server that speaks as it is told, line by line, to one after another. heard: what it was told."""

    def __init__(self, *sessions: Mapping[bytes, bytes | None]) -> None:
        self._sessions = sessions
        self.heard: list[bytes] = []

    def serve(self, listens: socket.socket) -> None:
        for answers in self._sessions:
            connection, _ = listens.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 here\r\n")
                for line in lines:
                    self.heard.append(line)
                    answer = answers.get(line[:4].strip().upper(), b"")
                    if answer is None:
                        break
                    connection.sendall(answer)


USUAL = {
    b"EHLO": b"250 here\r\n",
    b"MAIL": b"250 OK\r\n",
    b"RCPT": b"250 OK\r\n",
    b"DATA": b"354 Go on\r\n",
}


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        ({b"MAIL": None}, NotSent),
        ({b"RCPT": None}, NotSent),
        ({b"DATA": None}, NotSent),
        ({b".": None}, NoAnswer),
    ],
    ids=["MAIL", "RCPT", "DATA", "the end"],
)
def test_whether_a_mail_may_have_left_is_told_by_whether_its_end_was_said(
    mailer: Opened, last: Mapping[bytes, None], outcome: type[Outcome]
) -> None:
    wire = Wire({**USUAL, **last})
    with socket.socket() as listens:
        listens.bind(("127.0.0.1", 0))
        listens.listen()
        thread = threading.Thread(target=wire.serve, args=[listens])
        thread.start()
        assert isinstance(mailer(listens.getsockname()[1]).send(HELLO), outcome)
        thread.join()
    assert (b".\r\n" in wire.heard) == (outcome is NoAnswer)


def test_a_server_that_says_nothing_once_the_mail_is_told_leaves_it_unknown(mailer: Opened) -> None:
    wire = Wire({**USUAL, b".": b""})
    with socket.socket() as listens:
        listens.bind(("127.0.0.1", 0))
        listens.listen()
        thread = threading.Thread(target=wire.serve, args=[listens])
        thread.start()
        assert mailer(listens.getsockname()[1], seconds=0.2).send(HELLO) == NoAnswer()
        thread.join()


def test_a_server_that_tells_of_bounces_is_asked_to(inbox: Inbox, mailer: Opened) -> None:
    """aiosmtpd has no delivery reports, so it is given the return path alone; see test_postfix for all."""
    assert mailer(inbox.port).send(replace(HELLO, bounce="b17")) == Accepted()
    assert inbox.senders == ["texts+b17@example.com"]


def test_a_server_that_takes_smaller_mails_only_refuses_one_before_it_is_told(
    inbox: Inbox, mailer: Opened
) -> None:
    post = mailer(inbox.port)
    picture = File("big.png", "image/png", b"x" * server.MOST)
    assert isinstance(post.send(replace(HELLO, files=(picture,))), Refused)
    assert post.send(HELLO) == Accepted()
    assert inbox.connections == 1


@pytest.mark.parametrize(
    "url",
    [
        "smtp://me:hunter2@mail.example.com",
        f"http://me:hunter2@mail.example.com?{FROM_TO}",
        f"smtp://me:hunter2@mail.example.com:port?{FROM_TO}",
        f"smtp://me:hunter2@?{FROM_TO}",
        "smtp://me:hunter2@mail.example.com?from=texts@example.com",
        "smtp://me:hunter2@mail.example.com?from=texts&to=me@example.com",
        "hunter2",
    ],
)
def test_a_setting_that_cannot_be_understood_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(WrongUsage, match="TEXTMETER_MAIL") as refused:
        smtp.read(url)
    told = "".join(traceback.format_exception(refused.value, chain=True))
    assert "hunter2" not in told


def test_ports_are_those_of_the_scheme_and_no_password_is_shown() -> None:
    account = smtp.read(f"smtps://me:hunter2@mail.example.com?{FROM_TO}")
    assert (account.port, account.password) == (465, "hunter2")
    assert smtp.read(f"smtp://mail.example.com?{FROM_TO}").port == 587
    assert "hunter2" not in repr(account) + str(account) + str(smtp.Smtp(account, "token"))
