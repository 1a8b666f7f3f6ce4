"""The mailbox that answers and bounces come back to, read by IMAP.

It belongs to a person: it is opened for reading only, so that nothing in it is ever deleted, moved or marked
as seen. Where reading goes on is the mailbox's UIDVALIDITY and the last UID, which whoever polls keeps.
"""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from store.errors import WrongUsage
from store.mail.reading import MOST_BYTES
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

SECONDS = 20.0
"""How long the server may be silent."""
AT_ONCE = 50
"""Mails of one page."""
MOST_READ = (AT_ONCE + 1) * MOST_BYTES
"""Of one page, whatever the server says that there is."""
LOOKED_BACK = timedelta(days=7)
"""How old a mail may be that is read the first time, and again where the server numbers all anew."""

_PORTS = {"imaps": 993, "imap": 143}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Box(NamedTuple):
    """A mailbox, and how to get at it. address: what is sent from it. security: "tls", "starttls", or "none",
    which only a server on this machine is told a password by."""

    address: str
    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str = "INBOX"

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def name(self) -> str:
        """The same for the same mailbox, whoever sends from it."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


class Got(NamedTuple):
    """A mail as it lies in the mailbox, or as much of it as is read. at: when it came there."""

    raw: bytes
    at: datetime


class Page(NamedTuple):
    """Some mails, oldest first. cursor: where the next page goes on; more: whether there is one."""

    mails: Sequence[Got]
    cursor: str
    more: bool


class OutOfReach(Exception):
    """The mailbox can't be read at present. says: why."""

    def __init__(self, says: Sentence) -> None:
        super().__init__(says)
        self.says = says


def read(url: str, password: str, address: str) -> Box:
    """What `imaps://user@host:993/INBOX` says; imap:// speaks TLS as soon as it is connected, but on this
    machine. password: where the URL has none. Raises WrongUsage, which doesn't repeat what it said."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        if parts.hostname and parts.username:
            return Box(
                address,
                parts.hostname,
                port,
                _security(parts.scheme, parts.hostname),
                unquote(parts.username),
                unquote(parts.password or "") or password,
                unquote(parts.path.strip("/")) or "INBOX",
            )
    except (ValueError, LookupError):
        pass
    # Outside, since what was raised there quotes the URL.
    raise WrongUsage(
        sentence(
            "The mailbox URL in mail.imap isn't valid, so replies aren't read. Write "
            "imaps://user@host:993/INBOX. In the user name and password, write @ as %40, : as "
            "%3A and / as %2F."
        ),
        code="mail-imap",
    )


def _security(scheme: str, host: str) -> str:
    if scheme == "imaps":
        return "tls"
    return "none" if host in _LOOPBACK else "starttls"


def page(box: Box, cursor: str, *, seconds: float = SECONDS) -> Page:
    """What came later than the cursor; of the last days where it is "" or of another numbering. Takes as long
    as a network does. Raises OutOfReach."""
    from imap_tools import ImapToolsError  # by those only who poll

    try:
        mailbox = _opened(box, seconds)
        try:
            return _read(mailbox, box.folder, cursor)
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                mailbox.logout()
            with suppress(OSError):  # where it didn't take leave
                mailbox.client.shutdown()
    except _Refused:
        says = sentence(
            "The mailbox at {host} doesn't accept the user name or password, so replies aren't "
            "read. Textmeter will try again.",
            host=box.host,
        )
    except (
        *(OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, LookupError),
        *(MemoryError, OverflowError),  # what a server announces before anybody can bound it
    ) as error:
        says = sentence(
            "Can't read the mailbox at {host} right now: {why}. Textmeter will try again.",
            host=box.host,
            why=" ".join(str(error).split())[:200] or type(error).__name__,
        )
    raise OutOfReach(says)


class _Refused(Exception):
    pass


def _opened(box: Box, seconds: float) -> BaseMailBox:
    from imap_tools import MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted

    mailbox: BaseMailBox
    if box.security == "tls":
        mailbox = MailBox(box.host, box.port, timeout=seconds, ssl_context=ssl.create_default_context())
    elif box.security == "starttls":
        safe = ssl.create_default_context()
        mailbox = MailBoxStartTls(box.host, box.port, timeout=seconds, ssl_context=safe)
    else:
        mailbox = MailBoxUnencrypted(box.host, box.port, timeout=seconds)
    mailbox.client.read = _bounded(mailbox.client.read)  # type: ignore[assignment, method-assign]
    try:
        login = mailbox.login if (box.user + box.password).isascii() else mailbox.login_utf8
        return login(box.user, box.password, initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        with suppress(OSError):
            mailbox.client.shutdown()
        raise _Refused from error


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Reads what the server says that it tells, as long as that isn't more than a page can be: imaplib
    believes any number."""
    left = MOST_READ

    def bounded(size: int) -> bytes:
        nonlocal left
        left -= size
        if left < 0:
            raise imaplib.IMAP4.abort("it tells more than it was asked for")
        return read(size)

    return bounded


def _read(mailbox: BaseMailBox, folder: str, cursor: str) -> Page:
    status = mailbox.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
    numbering = str(status["UIDVALIDITY"])
    mailbox.folder.set(folder, readonly=True)
    known, _, last = cursor.partition(":")
    if known == numbering and last.isdecimal():
        after = int(last)
        # "n:*" always names the last one, even where it is below n.
        uids = [uid for uid in map(int, mailbox.uids(f"UID {after + 1}:*")) if uid > after]
    else:
        since = (datetime.now(UTC) - LOOKED_BACK).strftime("%d-%b-%Y")
        after, uids = status["UIDNEXT"] - 1, [int(uid) for uid in mailbox.uids(f"SINCE {since}")]
    wanted = sorted(uids)[:AT_ONCE]
    mails = [mail for uid in wanted for mail in _fetch(mailbox, uid)]
    return Page(mails, f"{numbering}:{wanted[-1] if wanted else after}", len(uids) > len(wanted))


def _fetch(mailbox: BaseMailBox, uid: int) -> Iterator[Got]:
    """The beginning of a mail; nothing where it was deleted meanwhile. imap-tools would read all of it,
    however large."""
    wanted = f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)"
    _, answer = mailbox.client.uid("FETCH", str(uid), wanted)
    told = [part if isinstance(part, bytes) else part[0] for part in answer if part]
    at = next(filter(None, map(imaplib.Internaldate2tuple, told)), None)
    for part in answer:
        if isinstance(part, tuple):
            came = datetime.fromtimestamp(time.mktime(at), UTC) if at else datetime.now(UTC)
            yield Got(bytes(part[1]), came)
            return  # whatever else it tells
