"""Who carries mail: the port to a mail server, and what becomes of a mail that is handed over.

Mail is set up by the setting `mail.url` (`store.mail.smtp`); where it isn't, there is no mailer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from store.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person, as plain text. key: names it within its database, so that a repetition can be
    told by its Message-ID: "notice-5"; to: an address, "" for the owner's."""

    key: str
    to: str
    subject: str
    body: str


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

    def send(self, mail: Mail) -> Outcome: ...


class Nobody:
    """A mailer that takes every mail and carries none: for playing."""

    def send(self, mail: Mail) -> Outcome:
        return Accepted()
