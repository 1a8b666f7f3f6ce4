"""What a person sets up for a sender of emails, and what that makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from store.errors import WrongUsage
from store.mail.composing import address as as_address
from store.mail.imap import Box
from store.mail.smtp import LOOPBACK, Account, Security
from store.messages.caps import interval
from store.messages.providers import Option
from store.messages.senders import pace_of, whole
from store.sentences import N_, Sentence, sentence

OWN = ("provider", "number", "account", "per_second", "per_day")
"""What every sender has, whoever carries its emails."""
ADDRESS = N_("Address")

OPTIONS: Mapping[str, Option] = {
    "from_name": Option(N_("From"), N_("Your name, shown next to the address."), required=False),
    "host": Option(N_("Mail server"), N_("Your provider's SMTP server, such as mail.example.com.")),
    "port": Option(N_("Port"), N_("Usually 587 with starttls, 465 with tls."), required=False, default=""),
    "security": Option(
        N_("Encryption"),
        N_("starttls, tls (from the start), or none, which works only with a server on this computer."),
        default="starttls",
    ),
    "user": Option(
        N_("User name"), N_("For the mail server; often the same as the address."), required=False
    ),
    "password": Option(
        N_("Password"),
        N_("For the mail server; some providers require an app password."),
        secret=True,
        required=False,
    ),
    "reply_to": Option(N_("Reply to"), N_("Where replies go, if not to the address."), required=False),
    "signature": Option(
        N_("Signature"), N_("Markdown at the end of every email; \\n starts a new line."), required=False
    ),
    "postal_address": Option(
        N_("Postal address"), N_("One line at the end of every email. Many laws require it."), required=False
    ),
    "imap_host": Option(
        N_("Mailbox server"),
        N_("The IMAP server that receives bounces and replies. Without one, you don't see them."),
        required=False,
    ),
    "imap_port": Option(N_("Mailbox port"), N_("Usually 993."), required=False, default="993"),
    "imap_user": Option(
        N_("Mailbox user"), N_("For the mailbox, if it isn't the mail server's."), required=False
    ),
    "imap_password": Option(
        N_("Mailbox password"),
        N_("For the mailbox, if it isn't the mail server's."),
        secret=True,
        required=False,
    ),
    "imap_folder": Option(
        N_("Folder"), N_("Where bounces and replies arrive."), required=False, default="INBOX"
    ),
}

_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def columns(values: Mapping[str, str], is_new: bool) -> dict[str, object]:
    """The columns that values change, or that a new sender begins with. Raises WrongUsage."""
    row: dict[str, object] = {}
    if "number" in values or is_new:
        row["address"] = _address("number", values.get("number", "").strip())
    if "account" in values or is_new:
        row["account_id"] = whole("account", values.get("account", "")) or None
    if "per_second" in values or is_new:
        row["interval"] = interval(pace_of(values.get("per_second", "") or "0"))
    if "per_day" in values or is_new:
        row["per_day"] = whole("per_day", values.get("per_day", ""))
    return row


def account_of(address: str, options: Mapping[str, str]) -> Account:
    """By what a sender's emails leave. Raises WrongUsage (details: key) where that can't be."""
    if options.get("reply_to"):
        _address("reply_to", options["reply_to"])
    host = options.get("host", "").strip()
    security = _security(options.get("security") or OPTIONS["security"].default, host)
    return Account(
        security,
        host,
        _port("port", options.get("port", "")) or _PORTS[security],
        options.get("user", ""),
        options.get("password", ""),
        address,
        address,
    )


def box_of(address: str, options: Mapping[str, str]) -> Box | None:
    """Where what comes back is read, None where nothing is set up. Raises WrongUsage likewise."""
    host = options.get("imap_host", "").strip()
    if not host:
        return None
    port = _port("imap_port", options.get("imap_port", "")) or 993
    if options.get("security") == Security.NONE and host in LOOPBACK:
        security = "none"
    else:
        security = "starttls" if port == 143 else "tls"
    return Box(
        address,
        host,
        port,
        security,
        options.get("imap_user") or options.get("user", ""),
        options.get("imap_password") or options.get("password", ""),
        options.get("imap_folder") or OPTIONS["imap_folder"].default,
    )


def _security(text: str, host: str) -> Security:
    if text not in _PORTS:
        raise _wrong(
            "security", sentence("Encryption must be starttls, tls or none, not “{text}”.", text=text)
        )
    if text == Security.NONE and host not in LOOPBACK:
        raise _wrong("security", sentence("Only a server on this computer can be used without encryption."))
    return Security(text)


def _address(key: str, text: str) -> str:
    try:
        return as_address(text) if text else ""
    except ValueError:
        raise _wrong(key, sentence("“{text}” isn't an email address.", text=text)) from None


def _port(key: str, text: str) -> int:
    port = whole(key, text)
    if port > 65_535:
        raise _wrong(key, sentence("A port can be at most 65,535."))
    return port


def _wrong(key: str, says: Sentence) -> WrongUsage:
    return WrongUsage(says, code="sender-setup", key=key)
