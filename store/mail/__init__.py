"""Who carries mail: the port to a mail server, and what becomes of a mail that is handed over.

Mail is set up by the setting `mail.url` (`store.mail.smtp`); where it isn't, there is no mailer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from store.sentences import Sentence


class File(NamedTuple):
    """An attachment. type: its media type, such as application/pdf."""

    name: str
    type: str
    content: bytes


class From(NamedTuple):
    """Who sends a mail. name: as people call them; address: "" for the one that the mailer is set up with."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person.

    key: names it within its database, so that a repetition can be told by its Message-ID: "notice-5". to: an
    address, "" for the owner's. body: plain text. html: the same as a page, "" for none. sender: None for
    the address that the mailer is set up with, without a name. reply_to: an address, "" for the sender's.
    bounce: what its return path bears, so that what comes back can be told by it: "b17"
    for me+b17@example.com; "" for none. unsubscribe: URIs, mailto or https, by which whoever gets it can be
    spared of more. in_reply_to: the Message-ID of the mail that it answers, with its < >. automatic: whether
    no person wrote it, so that no machine answers it.
    """

    key: str
    to: str
    subject: str
    body: str
    html: str = ""
    files: tuple[File, ...] = ()
    sender: From | None = None
    reply_to: str = ""
    bounce: str = ""
    unsubscribe: tuple[str, ...] = ()
    in_reply_to: str = ""
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took it."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It didn't leave, and may be tried again. says: why, and what to do."""

    says: Sentence


@dataclass(frozen=True, slots=True)
class Refused:
    """It didn't leave, and wouldn't another time: there is no such mailbox, or the like. why: in the server's
    words."""

    why: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It was on its way and no answer came: nobody knows whether it left."""


Outcome: TypeAlias = Accepted | NotSent | Refused | NoAnswer


class Mailer(Protocol):
    """Hands mails to a server. May be called from any thread; takes a minute at most."""

    def send(self, mail: Mail) -> Outcome:
        """Hands one over. The connection may be kept for the next one."""

    def close(self) -> None:
        """Ends the connection, if one was kept. A mail that is sent later opens another."""
