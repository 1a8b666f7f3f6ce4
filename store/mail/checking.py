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
            sentence("{host} doesn't accept the user name or password: {why}.", host=at, why=smtp.why(error)),
            sentence("Set the user name and password again. Some providers require an app password here."),
        )
        return
    except Unsafe:
        yield _failed(
            sentence("{host} doesn't support encryption, so the password wasn't sent.", host=at),
            sentence("Use security=tls with port 465, or with your provider's port for it."),
        )
        return
    except (OSError, smtplib.SMTPException) as error:
        yield _failed(
            sentence("Can't use {host}: {why}.", host=at, why=smtp.why(error)),
            sentence(
                "Check the mail server, port and encryption: usually 587 with starttls, or 465 with tls."
            ),
        )
        return
    try:
        yield from _connected(account, server, at)
    except (OSError, smtplib.SMTPException) as error:
        yield _failed(
            sentence("{host} closed the connection: {why}.", host=at, why=smtp.why(error)),
            sentence("Run the check again."),
        )
    finally:
        smtp.end(server)


def _connected(account: Account, server: smtplib.SMTP, at: str) -> Iterator[Step]:
    yield Step(works=True, says=sentence("Connected to {host}.", host=at))
    if account.security is not Security.NONE:
        yield Step(works=True, says=sentence("The connection is encrypted, and the certificate is valid."))
    if account.user:
        yield Step(works=True, says=sentence("It accepts the user name and password."))
    for sender in (account.sender, return_path(account.sender, "b0")):
        code, answer = server.mail(sender)
        server.rset()
        if code >= 400:
            yield _failed(
                sentence(
                    "It doesn't accept mail from {address}: {why}.",
                    address=sender,
                    why=smtp.why(smtplib.SMTPResponseException(code, answer)),
                ),
                sentence("Have your provider allow this address, with anything after a +."),
            )
            return
    yield Step(works=True, says=sentence("It accepts mail from {address}.", address=account.sender))


def coming_back(box: Box, seconds: float = imap.SECONDS) -> Iterator[Step]:
    """By IMAP."""
    try:
        imap.page(box, "", seconds=seconds)
    except OutOfReach as error:
        yield _failed(error.says, sentence("Check the settings that start with imap."))
    else:
        yield Step(works=True, says=sentence("Textmeter can read the mailbox {folder}.", folder=box.folder))


def _failed(says: Sentence, what_to_do: Sentence) -> Step:
    return Step(works=False, says=says, what_to_do=what_to_do)
