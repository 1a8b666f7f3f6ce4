"""The settings of an installation, all of them: each with its key, its type, its default and what it is for.

What isn't here is no setting, though it is kept somewhere:

- What a person chooses for themselves in the app (theme, language, account) is kept in the database
  (`store.settings`), since several people may share one; `theme`, `language` and `account` here are what
  holds until then.
- Whether an account texts only those who agreed (`textmeter consent require`), its plan, senders, quiet
  hours, templates: data of the database or the catalog, the same for everybody who works on it, on any
  machine.
- What one command is to do: whom `serve` lets in (`--demo`, `--anonymous`, `--person`, `--role`) is said anew
  at every start, so that a line forgotten in a file opens nothing.
- Where this file is (TEXTMETER_CONFIG), and what a terminal tells of itself (TERM, COLORTERM, NO_COLOR,
  LANG).
- Keys and themes of one's own: files beside this one, since they are lists that grow.
"""

from __future__ import annotations

from collections.abc import Mapping

from store.config.kinds import Entry, Kind
from store.errors import WrongUsage
from store.sentences import N_, Sentence, sentence

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
        "theme",
        N_("Theme"),
        N_(
            "The app's theme until you choose one there, such as night, day or high-contrast. If "
            "empty, night."
        ),
        Kind.NAME,
        "TEXTMETER_THEME",
    ),
    Entry(
        "start.screen",
        N_("First screen"),
        N_("What the app opens with: last, the screen you left it on, or home."),
        Kind.CHOICE,
        "TEXTMETER_START_SCREEN",
        "last",
        choices={"last": N_("where you left off"), "home": N_("Home")},
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
        "run.listen",
        N_("Listen for providers"),
        N_(
            "Where `textmeter run` listens for calls from providers: 127.0.0.1:8090. If empty, it "
            "doesn't listen."
        ),
        Kind.TEXT,
        "TEXTMETER_RUN_LISTEN",
    ),
    Entry(
        "run.public_url",
        N_("Address for providers"),
        N_(
            "The public address providers call, if it differs from the one `textmeter run` listens "
            "on. Their signatures depend on it."
        ),
        Kind.URL,
        "TEXTMETER_RUN_PUBLIC_URL",
    ),
    Entry(
        "serve.host",
        N_("Serve on"),
        N_("The address `textmeter serve` listens on. 127.0.0.1 is this computer only."),
        Kind.TEXT,
        "TEXTMETER_SERVE_HOST",
        "127.0.0.1",
    ),
    Entry(
        "serve.ssh_port",
        N_("SSH port"),
        N_("The port of `textmeter serve ssh`. 0 picks any free one."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_SSH_PORT",
        2222,
        most=65_535,
    ),
    Entry(
        "serve.web_port",
        N_("Web port"),
        N_("The port of `textmeter serve web`. 0 picks any free one."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_WEB_PORT",
        8000,
        most=65_535,
    ),
    Entry(
        "serve.metrics",
        N_("Metrics port"),
        N_("The local port for Prometheus metrics of `textmeter serve`. If empty, there are none."),
        Kind.NUMBER,
        "TEXTMETER_SERVE_METRICS",
        most=65_535,
    ),
    Entry(
        "serve.host_key",
        N_("SSH host key"),
        N_("The file with the SSH server's host key. If empty, one in your data folder."),
        Kind.PLACE,
        "TEXTMETER_SERVE_HOST_KEY",
    ),
    Entry(
        "serve.authorized_keys",
        N_("Who can connect"),
        N_("The file with the keys and roles of the people who can connect over SSH."),
        Kind.PLACE,
        "TEXTMETER_SERVE_AUTHORIZED_KEYS",
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
