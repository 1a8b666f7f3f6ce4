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


class Inbox:
    """What the server got and from whom. fault: "die" before the mail is answered, or a reply to the mail."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.logins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []
        self.fault = ""
        self.refused_recipient = ""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.refused_recipient:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault, self.fault = self.fault, ""
        if fault and fault != "die":
            return fault
        content = envelope.original_content
        assert content is not None
        self.mails.append(message_from_bytes(content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        if fault == "die":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

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
        ready_timeout=20,
    )
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()
