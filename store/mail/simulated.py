"""A mailer that carries nothing: for the first day, for playing a rule through and for tests.

Some addresses provoke another outcome, by how what stands before their @ ends (ann+0003@example.com):

    +0000  refused at once
    +0001  the answer is lost
    +0003  taken, then bounced for good (5.1.1)
    +0004  taken, then told that it is late (4.2.2)
    +0010  taken, then unsubscribed by mail
    +0011  taken, then answered with a question

What comes back are mails as a mailbox would hold them, so that they are read as real ones are.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, NamedTuple

from store.clock import micros
from store.mail import Accepted, Mail, NoAnswer, Outcome, Refused
from store.mail.composing import line, return_path

if TYPE_CHECKING:
    from store.mail.imap import Got

COMES_BACK_AFTER = timedelta(seconds=30)

_ENDS = re.compile(r"\+([0-9]{4})@")


class Handed(NamedTuple):
    """A mail that was taken. sender, to: addresses; bounce: as `Mail` has it; id: its Message-ID, with its
    < >; unsubscribe: the address that unsubscribes by mail, "" for none; at: when, by the account's clock."""

    sender: str
    to: str
    subject: str
    bounce: str
    id: str
    unsubscribe: str
    at: datetime


class Simulated:
    def send(self, mail: Mail) -> Outcome:
        match _end(mail.to):
            case "0000":
                return Refused("550 5.1.1 There is no such mailbox (simulated).")
            case "0001":
                return NoAnswer()
            case _:
                return Accepted()

    def close(self) -> None:
        """There is nothing to end."""


def comes_back(handed: Handed) -> Got | None:
    """What comes of a mail, and when; None where nothing does."""
    match _end(handed.to):
        case "0003":
            raw = _report(handed, "failed", "5.1.1", "There is no such mailbox")
        case "0004":
            raw = _report(handed, "delayed", "4.2.2", "The mailbox is full")
        case "0010" if handed.unsubscribe:
            raw = _written(handed, handed.unsubscribe, "unsubscribe", "", handed.at + COMES_BACK_AFTER)
        case "0011":
            return answered(handed, "What time would work for you?", handed.at + COMES_BACK_AFTER)
        case _:
            return None
    from store.mail.imap import Got  # by those only who poll

    return Got(raw, handed.at + COMES_BACK_AFTER)


def answered(handed: Handed, text: str, at: datetime) -> Got:
    """What comes where somebody writes a text back."""
    from store.mail.imap import Got  # by those only who poll

    subject = f"Re: {handed.subject.removeprefix('Re: ')}"
    return Got(_written(handed, handed.sender, subject, text, at), at)


def provokes(address: str) -> bool:
    """Whether something comes back of what an address is sent."""
    return _end(address) in ("0003", "0004", "0010", "0011")


def _end(address: str) -> str:
    found = _ENDS.search(address)
    return found[1] if found else ""


def _written(handed: Handed, to: str, subject: str, text: str, at: datetime) -> bytes:
    """What a person writes back, at an instant that names it."""
    mail = EmailMessage(SMTP)
    mail["From"] = handed.to
    mail["To"] = to
    mail["Subject"] = line(subject)[:200]
    mail["Date"] = at
    mail["Message-ID"] = f"<re{micros(at)}.{handed.id.strip('<>')}>"
    mail["In-Reply-To"] = handed.id
    mail.set_content(text)
    return mail.as_bytes()


def _report(handed: Handed, action: str, status: str, why: str) -> bytes:
    """What a mail server says of a mail (RFC 3464)."""
    return (
        f"From: MAILER-DAEMON@{handed.to.rpartition('@')[2]}\r\n"
        f"To: {return_path(handed.sender, handed.bounce)}\r\n"
        f"Subject: {'Delayed Mail' if action == 'delayed' else 'Undelivered Mail'}\r\n"
        f"Message-ID: <{action}.{handed.id.strip('<>')}>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"\r\n\r\n'
        f"--=_report\r\nContent-Type: text/plain\r\n\r\n{why} (simulated).\r\n"
        "--=_report\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; simulated\r\nOriginal-Envelope-Id: {handed.bounce}\r\n\r\n"
        f"Final-Recipient: rfc822; {handed.to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {'4' if action == 'delayed' else '5'}50 {status} {why}\r\n"
        "--=_report--\r\n"
    ).encode()
