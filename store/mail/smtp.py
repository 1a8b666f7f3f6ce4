"""Mail by SMTP. `mail.url`, or TEXTMETER_MAIL, says by whom, from whom and to whom:

    smtp://user:password@mail.example.com:587?from=texts@example.com&to=me@example.com

`smtps://` speaks TLS from the start; `smtp://` as soon as the server offers it. A password is told to nobody
who could be overheard on the way.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from store.errors import WrongUsage
from store.mail import Accepted, Mail, NoAnswer, NotSent, Outcome, Refused
from store.sentences import Sentence, sentence

SECONDS = 20.0
"""How long the server may be silent."""

_ADDRESS = re.compile(r'[^\s@<>(),;:\\"\[\]]{1,64}@[^\s@<>(),;:\\"\[\]]{1,255}')
"""Whatever is quoted or bracketed is somebody's joke or attack."""

_PORTS = {"smtp": 587, "smtps": 465}


class Account(NamedTuple):
    """A mailbox to send from. sender, owner: addresses."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    owner: str

    def __repr__(self) -> str:
        return f"<{self.scheme}://{self.host}:{self.port}>"


def read(url: str) -> Account:
    """What the URL says. Raises WrongUsage, which doesn't repeat what it said."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=True)
        return Account(
            parts.scheme,
            _host(parts),
            parts.port or _PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            _address(query["from"][0]),
            _address(query["to"][0]),
        )
    except (ValueError, LookupError):
        pass
    # Outside, since what was raised there quotes the URL.
    raise WrongUsage(
        sentence(
            "The mail server in mail.url or TEXTMETER_MAIL can't be understood, so no mail is sent. It takes "
            "smtp://user@host:587?from=you@example.com&to=you@example.com, or smtps://. In user and "
            "password, write @ as %40, : as %3A and / as %2F."
        ),
        code="mail-url",
    )


class Smtp:
    """token: tells mails of this database from those of others. seconds: how long the server may be
    silent."""

    def __init__(self, account: Account, token: str, seconds: float = SECONDS) -> None:
        self._account = account
        self._token = token
        self._seconds = seconds

    def __str__(self) -> str:
        return f"{self._account.scheme}://{self._account.host}:{self._account.port}"

    def send(self, mail: Mail) -> Outcome:
        try:
            to = _address(mail.to or self._account.owner)
        except ValueError:
            return Refused("This is no email address.")
        return self._at_server(lambda server: self._hand_over(server, to, self._message(mail, to)))

    def check(self) -> Sentence | None:
        """Why mail can't be sent at present, as far as the server says without one; None where it can."""
        outcome = self._at_server(lambda server: Accepted())
        return outcome.says if isinstance(outcome, NotSent) else None

    def _at_server(self, act: Callable[[smtplib.SMTP], Outcome]) -> Outcome:
        try:
            server = self._connected()
            try:
                return act(server)
            finally:
                # What comes after the mail doesn't change what became of it.
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
                server.close()
        except _Unsafe:
            says = sentence(
                "The mail server {host} offers no encryption, so it wasn't told the password. No mail was "
                "sent; it is tried again. Name a server that does in mail.url.",
                host=self._account.host,
            )
        except smtplib.SMTPAuthenticationError:
            says = sentence(
                "The mail server {host} doesn't take the user or the password of mail.url. No mail was "
                "sent; it is tried again.",
                host=self._account.host,
            )
        except (OSError, smtplib.SMTPException) as error:
            says = sentence(
                "Mail can't be sent by {host} at present: {why}. It is tried again.",
                host=self._account.host,
                why=_why(error),
            )
        return NotSent(says)

    def _connected(self) -> smtplib.SMTP:
        account = self._account
        safe = ssl.create_default_context()
        server: smtplib.SMTP
        if account.scheme == "smtps":
            server = smtplib.SMTP_SSL(account.host, account.port, timeout=self._seconds, context=safe)
        else:
            server = smtplib.SMTP(account.host, account.port, timeout=self._seconds)
        try:
            server.ehlo()
            encrypted = account.scheme == "smtps"
            if not encrypted and server.has_extn("starttls"):
                server.starttls(context=safe)
                server.ehlo()
                encrypted = True
            if account.user:
                if not encrypted and account.host not in ("localhost", "127.0.0.1", "::1"):
                    raise _Unsafe
                server.login(account.user, account.password)
        except BaseException:
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, to: str, message: EmailMessage) -> Outcome:
        """The steps of a delivery one by one: only in the last one can a mail leave without our knowing."""
        international = not (to.isascii() and self._account.sender.isascii())
        if international and not server.has_extn("smtputf8"):
            return Refused("The mail server doesn't take addresses with such letters.")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if international else []
        content = message.as_bytes(policy=policy.SMTPUTF8 if international else policy.SMTP)
        for code, answer in (
            server.mail(self._account.sender, options),
            server.rcpt(to),
        ):
            if code >= 400:
                return _refusal(self._account.host, code, answer)
        try:
            code, answer = server.data(content)
        except smtplib.SMTPDataError as error:  # refused before it was sent
            return _refusal(self._account.host, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException):
            return NoAnswer()
        return _refusal(self._account.host, code, answer) if code >= 400 else Accepted()

    def _message(self, mail: Mail, to: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._account.sender
        message["To"] = to
        message["Subject"] = _line(mail.subject)
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = f"<{mail.key}.{self._token}@{self._account.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body.encode("utf-8", "replace").decode(), cte="quoted-printable")
        return message


class _Unsafe(Exception):
    """Whoever listens would hear the password."""


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ValueError
    return parts.hostname


def _address(text: str) -> str:
    """An address as it is written, if it is a plain one. Raises ValueError."""
    if not _ADDRESS.fullmatch(text) or not text.isprintable():
        raise ValueError
    return text


def _line(text: str) -> str:
    """One line without control characters: what follows a line's end would be a header of its own."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _refusal(host: str, code: int, answer: bytes | str) -> Outcome:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    why = f"{code} {_line(text)}"
    if code >= 500:
        return Refused(why)
    return NotSent(
        sentence("Mail can't be sent by {host} at present: {why}. It is tried again.", host=host, why=why)
    )


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        refused = error.smtp_error
        text = refused.decode("utf-8", "replace") if isinstance(refused, bytes) else refused
        return f"{error.smtp_code} {_line(text)}"
    return _line(getattr(error, "strerror", None) or str(error) or type(error).__name__)
