"""Mail by SMTP. `mail.url`, or TEXTMETER_MAIL, says by whom, from whom and to whom:

    smtp://user:password@mail.example.com:587?from=texts@example.com&to=me@example.com

`smtps://` speaks TLS from the start; `smtp://` as soon as the server offers it. A password is told to nobody
who could be overheard on the way.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from store.errors import WrongUsage
from store.mail import Accepted, Mail, NoAnswer, NotSent, Outcome, Refused
from store.mail.composing import address, compose, line, message_id, return_path
from store.sentences import Sentence, sentence

SECONDS = 20.0
"""How long the server may be silent."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Where nobody listens on the way."""

_SCHEMES = {"smtp": 587, "smtps": 465}
_DOTS = re.compile(rb"^\.", re.MULTILINE)


class Security(StrEnum):
    """When what is said is encrypted. offered: as soon as the server offers it; starttls: likewise, and it
    has to; tls: from the start; none: not at all."""

    OFFERED = "offered"
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Account(NamedTuple):
    """A mailbox to send from. sender, owner: addresses."""

    security: Security
    host: str
    port: int
    user: str
    password: str
    sender: str
    owner: str

    def __repr__(self) -> str:
        scheme = "smtps" if self.security is Security.TLS else "smtp"
        return f"{scheme}://{self.host}:{self.port}"


def read(url: str) -> Account:
    """What the URL says. Raises WrongUsage, which doesn't repeat what it said."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=True)
        return Account(
            Security.TLS if parts.scheme == "smtps" else Security.OFFERED,
            _host(parts),
            parts.port or _SCHEMES[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            address(query["from"][0]),
            address(query["to"][0]),
        )
    except (ValueError, LookupError):
        pass
    # Outside, since what was raised there quotes the URL.
    raise WrongUsage(
        sentence(
            "The mail server URL in mail.url or TEXTMETER_MAIL isn't valid, so no mail is sent. "
            "Write smtp://user@host:587?from=you@example.com&to=you@example.com, or smtps://. In "
            "the user name and password, write @ as %40, : as %3A and / as %2F."
        ),
        code="mail-url",
    )


class Unsafe(Exception):
    """Whoever listens would hear the password, or the mails."""


class Smtp:
    """Keeps its connection for the next mail, and opens another where the server has ended it meanwhile.

    token: tells mails of this database from those of others. seconds: how long the server may be silent."""

    def __init__(self, account: Account, token: str, seconds: float = SECONDS) -> None:
        self._account = account
        self._token = token
        self._seconds = seconds
        self._server: smtplib.SMTP | None = None
        self._lock = Lock()

    def __str__(self) -> str:
        return repr(self._account)

    def send(self, mail: Mail) -> Outcome:
        try:
            letter = self._letter(mail)
        except ValueError:
            return Refused("This isn't an email address.")
        with self._lock:
            try:
                if self._server is not None:
                    with suppress(OSError, smtplib.SMTPException):
                        return _hand_over(self._server, letter, self._account.host)
                    self._hang_up()  # it had ended between two mails: nothing of this one has left
                self._server = connect(self._account, self._seconds)
                return _hand_over(self._server, letter, self._account.host)
            except (Unsafe, OSError, smtplib.SMTPException) as error:
                self._hang_up()
                return NotSent(trouble(self._account.host, error))
            except _NoAnswer:
                self._hang_up()
                return NoAnswer()

    def close(self) -> None:
        with self._lock:
            self._hang_up()

    def check(self) -> Sentence | None:
        """Why mail can't be sent at present, as far as the server says without one; None where it can."""
        try:
            end(connect(self._account, self._seconds))
        except (Unsafe, OSError, smtplib.SMTPException) as error:
            return trouble(self._account.host, error)
        return None

    def _letter(self, mail: Mail) -> _Letter:
        """Raises ValueError where something is no address."""
        to = address(mail.to or self._account.owner)
        sender = address((mail.sender.address if mail.sender else "") or self._account.sender)
        id = message_id(mail.key, self._token, sender)
        content = compose(mail, sender=sender, to=to, id=id, at=datetime.now(UTC))
        return _Letter(return_path(sender, mail.bounce), to, mail.bounce, content)

    def _hang_up(self) -> None:
        if self._server is not None:
            end(self._server)
            self._server = None


class _Letter(NamedTuple):
    """What is handed over. sender: who hears of it when it can't be delivered; envelope: what tells it then,
    "" for nothing; content: with CRLF."""

    sender: str
    to: str
    envelope: str
    content: bytes


def connect(account: Account, seconds: float = SECONDS) -> smtplib.SMTP:
    """A connection on which mails can be handed over. Raises Unsafe, OSError and SMTPException."""
    safe = ssl.create_default_context()
    server: smtplib.SMTP
    try:
        if account.security is Security.TLS:
            server = smtplib.SMTP_SSL(account.host, account.port, timeout=seconds, context=safe)
        else:
            server = smtplib.SMTP(account.host, account.port, timeout=seconds)
    except UnicodeError as error:  # mail..example.com
        raise socket.gaierror(socket.EAI_NONAME, "There can be no server of this name") from error
    try:
        assert server.sock is not None
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the end of a mail is sent alone
        server.ehlo()
        encrypted = account.security is Security.TLS
        if not encrypted and account.security is not Security.NONE and server.has_extn("starttls"):
            server.starttls(context=safe)
            server.ehlo()
            encrypted = True
        is_overheard = not encrypted and account.host not in LOOPBACK
        if (account.user and is_overheard) or (account.security is Security.STARTTLS and not encrypted):
            raise Unsafe
        if account.user:
            _log_in(server, account)
    except BaseException:
        server.close()
        raise
    return server


def _log_in(server: smtplib.SMTP, account: Account) -> None:
    try:
        server.login(account.user, account.password)
    except UnicodeError:  # smtplib tells ASCII alone; what it says would quote the password
        raise smtplib.SMTPAuthenticationError(535, b"") from None


def end(server: smtplib.SMTP) -> None:
    """Takes leave, as far as somebody is there."""
    # What comes after the mails doesn't change what became of them.
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def trouble(host: str, error: Exception) -> Sentence:
    """What is said of a server that can't be used."""
    match error:
        case Unsafe():
            return sentence(
                "The mail server {host} doesn't support encryption, so neither the password nor any "
                "mail was sent. Textmeter will try again. Choose a server that does.",
                host=host,
            )
        case smtplib.SMTPAuthenticationError():
            return sentence(
                "The mail server {host} doesn't accept the user name or password. No mail was sent; "
                "Textmeter will try again.",
                host=host,
            )
        case _:
            return _later(host, why(error))


def why(error: Exception) -> str:
    """What went wrong, in the server's words or the system's."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return line(getattr(error, "strerror", None) or str(error) or type(error).__name__)


class _NoAnswer(Exception):
    """The mail was given whole, and no answer came."""


def _hand_over(server: smtplib.SMTP, letter: _Letter, host: str) -> Outcome:
    """The steps of a delivery one by one: only in the last one can a mail leave without our knowing. Raises
    OSError and SMTPException where the connection ended before it."""
    outcome = _offer(server, letter, host)
    if not isinstance(outcome, Accepted):
        with suppress(OSError, smtplib.SMTPException):  # where it is gone, the next mail finds that out
            server.rset()
    return outcome


def _offer(server: smtplib.SMTP, letter: _Letter, host: str) -> Outcome:
    international = not letter.content.isascii()  # its addresses are not
    if international and not server.has_extn("smtputf8"):
        return Refused("The mail server doesn't take addresses with such letters.")
    for code, answer in _beginning(server, letter, international=international):
        if code == 421:  # it hangs up
            raise smtplib.SMTPResponseException(code, answer)
        if code >= 400:
            return _refusal(host, code, answer)
    server.send(_DOTS.sub(b"..", letter.content))
    try:
        server.send(b".\r\n")
        code, answer = server.getreply()
    except (OSError, smtplib.SMTPException):
        raise _NoAnswer from None
    return _refusal(host, code, answer) if code >= 400 else Accepted()


def _beginning(server: smtplib.SMTP, letter: _Letter, *, international: bool) -> Iterator[tuple[int, bytes]]:
    """What the server says to each step before the mail itself, taken when it is asked for."""
    options = [f"SIZE={len(letter.content)}"] if server.has_extn("size") else []
    options += ["SMTPUTF8", "BODY=8BITMIME"] if international else []
    is_told = letter.envelope and server.has_extn("dsn")
    yield server.mail(
        letter.sender, [*options, *(["RET=HDRS", f"ENVID={letter.envelope}"] if is_told else [])]
    )
    yield server.rcpt(letter.to, ["NOTIFY=FAILURE,DELAY"] if is_told else [])
    yield server.docmd("DATA")


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ValueError
    return parts.hostname


def _refusal(host: str, code: int, answer: bytes) -> Outcome:
    words = _said(code, answer)
    return Refused(words) if code >= 500 else NotSent(_later(host, words))


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {line(text)}"


def _later(host: str, why: str) -> Sentence:
    return sentence("{host} can't send mail right now: {why}. Textmeter will try again.", host=host, why=why)
