"""The settings of an installation: each with its key, its type, its default and what it is for. Pure.

What a person chooses for themselves (look, language, account) is kept in the database: `store.settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from store.errors import WrongUsage
from store.sentences import N_, Sentence, sentence

Value: TypeAlias = str | int


class Kind(StrEnum):
    """What a setting takes.

    place: a path, or the URL of a database. url: another URL. tag: a language. name: what something is known
    by elsewhere. text: a line of it. number: a whole one. secret: a text that is kept and looked up by
    `store.secrets` alone.
    """

    PLACE = "place"
    URL = "url"
    TAG = "tag"
    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    SECRET = "secret"


class Unfit(Exception):
    """A value that a setting doesn't take. says: what is wrong with it, after a colon, without its value."""

    def __init__(self, says: Sentence) -> None:
        super().__init__(str(says))
        self.says = says


class Entry(NamedTuple):
    """A setting.

    key: as the file has it, with the table before the dot. name, help: message ids. variable: the one in the
    environment. default: where it isn't set; None where there is none, or it depends on the machine. least,
    most: of a number.
    """

    key: str
    name: str
    help: str
    kind: Kind
    variable: str
    default: Value | None = None
    least: int = 0
    most: int = 1_000_000_000

    @property
    def group(self) -> str:
        """The table of the file that it stands in, "" for none."""
        return self.key.rpartition(".")[0]

    @property
    def secret(self) -> bool:
        """Whether its value is shown to nobody and kept by `store.secrets`."""
        return self.kind is Kind.SECRET

    def typed(self, text: str) -> Value:
        """The value that somebody types, or that a variable has. Raises Unfit."""
        if self.kind is not Kind.NUMBER:
            return self._text(text)
        if not re.fullmatch("[0-9]{1,10}", text):
            raise self._no_number()
        return self._number(int(text))

    def filed(self, value: object) -> Value:
        """The value that the file has. Raises Unfit, also for what doesn't belong into a file."""
        if self.secret:
            raise Unfit(
                sentence(
                    "secrets don't belong in this file; save it with `textmeter config set {key} -`",
                    key=self.key,
                )
            )
        if self.kind is Kind.NUMBER:
            if type(value) is not int:
                raise self._no_number()
            return self._number(value)
        if not isinstance(value, str) or not value:
            raise Unfit(sentence("must be text in quotes"))
        value = self._text(value)
        if self.kind is Kind.PLACE and "://" not in value and not re.match(r"[/~\\]|[A-Za-z]:", value):
            raise Unfit(sentence("must be a full path, starting with / or ~"))
        if _has_password(self, value):
            raise Unfit(sentence("passwords don't belong in this file"))
        return value

    def shown(self, value: Value) -> str:
        """A value as people may see it: without a password that a URL from the environment holds."""
        if self.secret:
            return "…"
        text = str(value)
        if self.kind is Kind.URL:
            return _without_password(text)
        if self.kind is Kind.PLACE:
            from store.engines.urls import is_served, shown

            return shown(text) if is_served(text) else text
        return text

    def _number(self, value: int) -> int:
        if not self.least <= value <= self.most:
            raise self._no_number()
        return value

    def _no_number(self) -> Unfit:
        return Unfit(
            sentence("must be a whole number from {least} to {most}", least=self.least, most=self.most)
        )

    def _text(self, text: str) -> str:
        if re.search(r"[\x00-\x1f\x7f]", text):
            raise Unfit(sentence("must be one line of text"))
        if self.kind is Kind.TAG and not re.fullmatch("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", text):
            raise Unfit(sentence("must be a language, such as es or es-MX"))
        if self.kind is Kind.NAME and not re.fullmatch(r"[\w.-]{1,64}", text):
            raise Unfit(sentence("must be one word of letters and digits"))
        return text


def _has_password(entry: Entry, text: str) -> bool:
    if entry.kind is Kind.URL:
        return _without_password(text) != text
    from store.engines.urls import SECRETS, is_served, server_parameters

    if entry.kind is not Kind.PLACE or not is_served(text):
        return False
    try:
        return any(name in server_parameters(text) for name in SECRETS)
    except WrongUsage as error:
        raise Unfit(sentence("must be a path or a database URL")) from error


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises where what stands before the host can't be told from it
    except ValueError:
        return "…"
    if not parts.netloc:  # nobody knows what in it is the password
        return "…"
    if parts.password is None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:…@{host}").geturl()


SCHEMA = (
    Entry(
        "database",
        N_("Database"),
        N_(
            "Where everything is stored: a file, or postgresql://user@host/name. Put its "
            "password in ~/.pgpass."
        ),
        Kind.PLACE,
        "TEXTMETER_DATABASE",
    ),
    Entry(
        "catalog",
        N_("Catalog"),
        N_("A folder with your own plans, prices and rates, used instead of the built-in ones."),
        Kind.PLACE,
        "TEXTMETER_CATALOG",
    ),
    Entry(
        "account",
        N_("Account"),
        N_("The account that commands and the app start with. If empty, the one you chose last."),
        Kind.NUMBER,
        "TEXTMETER_ACCOUNT",
        least=1,
    ),
    Entry(
        "language",
        N_("Language"),
        N_(
            "The language of commands, and of the app until you choose one there. If empty, your "
            "terminal's. For example: es, es-MX."
        ),
        Kind.TAG,
        "TEXTMETER_LANGUAGE",
    ),
    Entry(
        "mail.url",
        N_("Mail server"),
        N_(
            "The server that sends emails, the From address, and where notices go: "
            "smtp://user@host:587?from=you@example.com&to=you@example.com, or smtps://."
        ),
        Kind.URL,
        "TEXTMETER_MAIL",
    ),
    Entry(
        "mail.password",
        N_("Mail password"),
        N_("The password for your user name on the mail server."),
        Kind.SECRET,
        "TEXTMETER_MAIL_PASSWORD",
    ),
    Entry(
        "mail.imap",
        N_("Mailbox"),
        N_("The mailbox that receives bounces and replies: imaps://user@host:993/INBOX."),
        Kind.URL,
        "TEXTMETER_MAIL_IMAP",
    ),
    Entry(
        "mail.imap_password",
        N_("Mailbox password"),
        N_("The password for the mailbox, if it isn't the mail server's."),
        Kind.SECRET,
        "TEXTMETER_MAIL_IMAP_PASSWORD",
    ),
    Entry(
        "mailchimp.key",
        N_("Mailchimp key"),
        N_("A Mailchimp API key, for sending campaigns through Mailchimp. It ends like -us21."),
        Kind.SECRET,
        "TEXTMETER_MAILCHIMP_KEY",
    ),
    Entry(
        "mailchimp.audience",
        N_("Mailchimp audience"),
        N_("The ID of your Mailchimp audience. Everyone a campaign goes to is added to it."),
        Kind.NAME,
        "TEXTMETER_MAILCHIMP_AUDIENCE",
    ),
    Entry(
        "mailchimp.url",
        N_("Mailchimp address"),
        N_("Another address for the Mailchimp API, such as a test server."),
        Kind.URL,
        "TEXTMETER_MAILCHIMP_URL",
    ),
    Entry(
        "stripe.key",
        N_("Stripe key"),
        N_("Your Stripe secret key, used to charge cards. Without it, a test card is used."),
        Kind.SECRET,
        "TEXTMETER_STRIPE_KEY",
    ),
    Entry(
        "stripe.url",
        N_("Stripe address"),
        N_("Another address for the Stripe API, such as a test server."),
        Kind.URL,
        "TEXTMETER_STRIPE_URL",
    ),
    Entry(
        "web.password",
        N_("Web password"),
        N_("The password for `textmeter serve web --password`."),
        Kind.SECRET,
        "TEXTMETER_WEB_PASSWORD",
    ),
    Entry(
        "serve.public_url",
        N_("Public address"),
        N_(
            "Where browsers reach `textmeter serve web` through a TLS proxy. Twilio fetches "
            "pictures from there: https://texts.example.org."
        ),
        Kind.URL,
        "TEXTMETER_SERVE_PUBLIC_URL",
    ),
    Entry(
        "serve.idle",
        N_("Idle minutes"),
        N_("Minutes without a key press before a guest's session ends."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_IDLE",
        15,
        least=1,
    ),
    Entry(
        "serve.longest",
        N_("Longest session"),
        N_("Minutes before a guest's session ends, active or not."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_LONGEST",
        240,
        least=1,
    ),
    Entry(
        "serve.sessions",
        N_("Sessions"),
        N_("How many guests may be connected at once."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_SESSIONS",
        100,
        least=1,
    ),
    Entry(
        "serve.sessions_by_address",
        N_("Sessions per address"),
        N_("How many guests may be connected from one address. Raise it behind a proxy."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_SESSIONS_BY_ADDRESS",
        20,
        least=1,
    ),
    Entry(
        "serve.attempts",
        N_("Sign-in attempts"),
        N_("Sign-in attempts allowed per minute from one address."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_ATTEMPTS",
        60,
        least=1,
    ),
    Entry(
        "texts.names",
        N_("Your names"),
        N_(
            "Names people know you by, such as Elm Realty, Zoë. Compose warns you when a text to "
            "several people has none of them."
        ),
        Kind.TEXT,
        "TEXTMETER_TEXTS_NAMES",
    ),
    Entry(
        "texts.days_between",
        N_("Days between texts"),
        N_(
            "Marketing texts leave out people texted within this many days who haven't written "
            "since. 0 leaves out nobody."
        ),
        Kind.NUMBER,
        "TEXTMETER_TEXTS_DAYS_BETWEEN",
        7,
        most=365,
    ),
    Entry(
        "emails.emergency_account",
        N_("Emergencies by email"),
        N_(
            "The number of the account that sends emergency texts as emails too. If empty, the "
            "only account that sends emails."
        ),
        Kind.NUMBER,
        "TEXTMETER_EMAILS_EMERGENCY_ACCOUNT",
        least=1,
    ),
)
"""All settings, group by group."""

BY_KEY: Mapping[str, Entry] = {entry.key: entry for entry in SCHEMA}


def entry(key: str) -> Entry:
    """A setting by its key. Raises WrongUsage, which names the nearest there is."""
    if key in BY_KEY:
        return BY_KEY[key]
    raise WrongUsage(unknown(key), code="no-such-setting")


def unknown(key: str) -> Sentence:
    """What is said of a key that is none."""
    if meant := nearest(key):
        return sentence("There is no setting {key}. Did you mean {meant}?", key=key, meant=meant)
    return sentence("There is no setting {key}. `textmeter config list` lists them all.", key=key)


def nearest(key: str) -> str:
    """The key that was most likely meant, or "" where none is like it."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(key, BY_KEY, n=1)), "")
