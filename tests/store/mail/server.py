"""A mail server on this machine: aiosmtpd on a free port, which keeps what it gets."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

MOST = 2_000_000
"""Bytes of a mail that it takes."""


class Inbox:
    """What the server got and from whom. faults: what it answers to the next MAIL, RCPT or DATA instead, or
    "die": it hangs up; after DATA once it has kept the mail."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []
        self.faults: dict[str, str] = {}

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if session.host_name is None:  # else it says so again, once it is encrypted
            self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self._fault("MAIL", server):
            return fault
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self._fault("RCPT", server):
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content
        assert content is not None
        if self.faults.get("DATA", "die") == "die":
            assert envelope.mail_from is not None
            self.mails.append(message_from_bytes(content, policy=policy.default))
            self.senders.append(envelope.mail_from)
            self.encrypted.append(session.ssl is not None)
        return self._fault("DATA", server) or "250 OK"

    def _fault(self, step: str, server: SMTP) -> str:
        fault = self.faults.pop(step, "")
        if fault == "die" or fault.startswith("421"):
            assert isinstance(server.transport, asyncio.WriteTransport)
            if fault != "die":
                server.transport.write(f"{fault}\r\n".encode())
            (server.transport.abort if fault == "die" else server.transport.close)()
        return fault

    def authenticated(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        login = data.login.decode(), data.password.decode()
        self.logins.append(login)
        return AuthResult(success=login[1] == "pass word/1", handled=False)


class _OnAFreePort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def running(
    *, tls: ssl.SSLContext | None = None, tls_at_once: ssl.SSLContext | None = None, utf8: bool = True
) -> Iterator[Inbox]:
    """A server that listens until the block ends. tls: it offers STARTTLS with this certificate;
    tls_at_once: it speaks nothing else. utf8: whether it takes addresses in any script."""
    inbox = Inbox()
    controller = _OnAFreePort(
        inbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=tls,
        ssl_context=tls_at_once,
        auth_require_tls=False,
        authenticator=inbox.authenticated,
        enable_SMTPUTF8=utf8,
        data_size_limit=MOST,
        ready_timeout=20,
    )
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()
