"""Whether mail leaves by an account, and whether what comes back can be read: one step after the other, at
the live server. Nothing is sent."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import NamedTuple

from store.mail import imap, smtp
from store.mail.composing import return_path
from store.mail.imap import Box, OutOfReach
from store.mail.smtp import Account, Security, Unsafe
from store.sentences import Sentence, sentence


class Step(NamedTuple):
    """works: whether it does. what_to_do: None where nothing is to be done."""

    works: bool
    says: Sentence
    what_to_do: Sentence | None = None


def leaving(account: Account, seconds: float = smtp.SECONDS) -> Iterator[Step]:
    """By SMTP; ends with the first step that doesn't work."""
    at = f"{account.host}:{account.port}"
    try:
        server = smtp.connect(account, seconds)
    except smtplib.SMTPAuthenticationError as error:
        yield _failed(
            sentence("{host} doesn't take the user or the password: {why}.", host=at, why=smtp.why(error)),
            sentence("Set user and password anew. Some providers want a password for apps here."),
        )
        return
    except Unsafe:
        yield _failed(
            sentence("{host} offers no encryption, so it was told no password.", host=at),
            sentence("Use security=tls with port 465, or the port that your provider names for it."),
        )
        return
    except (OSError, smtplib.SMTPException) as error:
        yield _failed(
            sentence("{host} can't be used: {why}.", host=at, why=smtp.why(error)),
            sentence("Check mail server, port and encryption: usually 587 with starttls, or 465 with tls."),
        )
        return
    try:
        yield from _connected(account, server, at)
    except (OSError, smtplib.SMTPException) as error:
        yield _failed(
            sentence("{host} ended the connection: {why}.", host=at, why=smtp.why(error)),
            sentence("Check it again."),
        )
    finally:
        smtp.end(server)


def _connected(account: Account, server: smtplib.SMTP, at: str) -> Iterator[Step]:
    yield Step(works=True, says=sentence("{host} answers.", host=at))
    if account.security is not Security.NONE:
        yield Step(works=True, says=sentence("The connection is encrypted, and the certificate is right."))
    if account.user:
        yield Step(works=True, says=sentence("It takes user and password."))
    for sender in (account.sender, return_path(account.sender, "b0")):
        code, answer = server.mail(sender)
        server.rset()
        if code >= 400:
            yield _failed(
                sentence(
                    "It takes no mail from {address}: {why}.",
                    address=sender,
                    why=smtp.why(smtplib.SMTPResponseException(code, answer)),
                ),
                sentence("Allow the address at your provider, with whatever comes after a +."),
            )
            return
    yield Step(works=True, says=sentence("It takes mail from {address}.", address=account.sender))


def coming_back(box: Box, seconds: float = imap.SECONDS) -> Iterator[Step]:
    """By IMAP."""
    try:
        imap.page(box, "", seconds=seconds)
    except OutOfReach as error:
        yield _failed(error.says, sentence("Check the settings that begin with imap."))
    else:
        yield Step(works=True, says=sentence("The mailbox {folder} can be read.", folder=box.folder))


def _failed(says: Sentence, what_to_do: Sentence) -> Step:
    return Step(works=False, says=says, what_to_do=what_to_do)
