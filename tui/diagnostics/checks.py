"""What is looked at to find what is wrong with an installation, the same for `textmeter doctor` and the
Diagnostics screen."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from store import log_file
from store.clock import local_date
from store.errors import TextmeterError
from store.paths import NoHome
from store.redaction import LEFT_OUT, without_people
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store import Store
    from store.config.kinds import Value
    from store.credits.model import Verification

SMALLEST = (60, 20)
"""The smallest terminal, in columns and rows, in which all of the app can be used."""

LIBRARIES = ("textual", "click", "babel", "peewee", "phonenumbers", "python-calamine", "charset-normalizer")
DAMAGED = sentence("The database is damaged. Restore a backup: `textmeter restore FILE`.")
NAMES = {
    "config": N_("Configuration"),
    "secret": N_("Secret"),
    "catalog": N_("Catalog"),
    "database": N_("Database"),
    "size": N_("Size"),
    "permissions": N_("Permissions"),
    "integrity": N_("Integrity"),
    "ledger": N_("Ledger"),
    "account": N_("Account"),
    "payments": N_("Payments"),
    "mail": N_("Mail"),
    "mailchimp": N_("Mailchimp"),
    "sender": N_("Sender"),
    "clock": N_("Clock"),
    "server": N_("Server"),
    "latency": N_("Latency"),
    "standby": N_("Standby"),
    "terminal": N_("Terminal"),
    "colours": N_("Colors"),
    "characters": N_("Characters"),
    "terminal-size": N_("Terminal size"),
    "language": N_("Language"),
    "schema": N_("Table version"),
    "log": N_("Log"),
    "round": N_("Last background run"),
}
"""What is looked at, by the stable words for it, as message ids; libraries go by their own names."""
PROGRAM = frozenset(
    ("textmeter", "python", *LIBRARIES, "terminal", "colours", "characters", "terminal-size", "language")
)
"""What says nothing about anybody, whatever it holds: digits in it are versions and sizes."""


class Finding(NamedTuple):
    """One thing looked at. name: a stable word; value: what was found; advice: what to do, "" where all is
    well. theirs: words in it that a person chose."""

    name: str
    value: str
    advice: str = ""
    theirs: tuple[str, ...] = ()

    def without_people(self) -> Finding:
        """The same for whoever helps, without what is somebody's."""
        if self.name in PROGRAM:
            return self
        return Finding(self.name, self._bare(self.value), self._bare(self.advice))

    def _bare(self, text: str) -> str:
        for word in self.theirs:
            text = text.replace(word, LEFT_OUT)
        return without_people(text)


class Asked(NamedTuple):
    """Whose installation is looked at. options: what was said of settings on the command line; database: the
    one that was named there, or ""; open_store: opens it."""

    language: Language
    options: Mapping[str, Value]
    database: str
    open_store: Callable[[], AbstractContextManager[Store]]


def program(language: Language) -> Iterator[Finding]:
    """Versions and the terminal."""
    yield from versions()
    yield from _terminal(language)


def files(asked: Asked) -> Iterator[Finding]:
    """The files of the user's own, but for the database."""
    yield from _config(asked)
    yield from _catalog(asked.language)
    yield from _log(asked.language)


def data(asked: Asked) -> Iterator[Finding]:
    """The database, its ledger, and the services it works with; takes as long as these take to answer."""
    yield from _database(asked)


def looked_at(found: Verification) -> Sentence:
    """How much of a ledger was looked at: "1 account, 12 lines"."""
    return sentence(
        "{accounts}, {lines}",
        accounts=sentences("{count} account", "{count} accounts", found.accounts),
        lines=sentences("{count} line", "{count} lines", found.entries),
    )


def version(distribution: str) -> str:
    """The installed version of a distribution; "-" where it runs uninstalled."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(distribution)
    except PackageNotFoundError:
        return "-"


def versions() -> Iterator[Finding]:
    yield Finding("textmeter", version("textmeter"))
    yield Finding("python", f"{platform.python_version()}, {platform.system()} {platform.release()}")
    for library in LIBRARIES:
        yield Finding(library, version(library))


def _log(language: Language) -> Iterator[Finding]:
    """Where the log is, and when the work that is done by itself was done last."""
    try:
        yield Finding("log", str(log_file.log_path()))
    except NoHome:
        yield Finding("log", "-")
    at = log_file.last_round()
    yield Finding("round", language.gettext("not known") if at is None else f"{at:%Y-%m-%d %H:%M} UTC")


def _config(asked: Asked) -> Iterator[Finding]:
    """The file of the configuration, the mistakes in it, and where each secret comes from."""
    from store import config
    from tui.settings.presentation import origin_words
    from tui.settings.queries import all_settings

    language = asked.language
    _ = language.gettext
    try:
        file = config.path()
    except NoHome:  # a database can be named all the same
        yield Finding("config", "-")
        return
    value = str(file) if file.exists() else _("{path} (not found)").format(path=file)
    try:
        found = all_settings(asked.options)
    except config.ConfigMistake as mistake:
        yield Finding("config", value, language.say(mistake.says))
        return
    yield Finding("config", value)
    for one in found:
        if one.trouble is not None:
            yield Finding("secret", one.entry.key, language.say(one.trouble))
        elif one.entry.secret and one.is_set:
            yield Finding("secret", f"{one.entry.key}: {origin_words(language, one)}")


def _catalog(language: Language) -> Iterator[Finding]:
    """Which files of the user's own override the catalog's."""
    from store.config import ConfigMistake, default_catalog
    from store.credits.catalog_files import Catalog, overriding
    from store.messages.quiet_files import quiet_hours

    try:
        folder = default_catalog()
    except ConfigMistake:
        return  # told of above
    if folder is None:
        yield Finding("catalog", language.gettext("built-in"))
        return
    try:
        Catalog.load(folder)
        quiet_hours(folder)
    except TextmeterError as error:
        yield Finding("catalog", str(folder), language.say(error.says))
        return
    files = ", ".join(overriding(folder))
    says = language.gettext("your own files in {folder}: {files}")
    yield Finding("catalog", says.format(folder=folder, files=files or "-"))


def _database(asked: Asked) -> Iterator[Finding]:
    from store.config import ConfigMistake, default_database
    from store.credits.catalog_files import CatalogMistake
    from store.engines.urls import is_served, shown

    try:
        url = asked.database or default_database()
    except ConfigMistake:
        return  # told of above; nobody knows which database is meant
    try:
        yield from _server(asked) if is_served(url) else _file(asked, url)
    except CatalogMistake:
        yield Finding("database", shown(url))  # not looked at: the catalog is told of above
    except TextmeterError as error:
        yield Finding("database", shown(url), asked.language.say(error.says))


def _server(asked: Asked) -> Iterator[Finding]:
    with asked.open_store() as store:
        yield Finding("database", store.database.name)
        yield from _standby(asked, store)
        yield from _engine_and_ledger(asked, store)


def _standby(asked: Asked, store: Store) -> Iterator[Finding]:
    _ = asked.language.gettext
    match store.database.standby():
        case "synchronous":
            yield Finding("standby", _("synchronous"))
        case "asynchronous":
            advice = _(
                "If the standby takes over, texts may be sent twice. Set synchronous_standby_names "
                "on the server."
            )
            yield Finding("standby", _("asynchronous"), advice)


def _file(asked: Asked, url: str) -> Iterator[Finding]:
    from store.engines.urls import file_path

    language = asked.language
    _ = language.gettext
    path = file_path(url)
    if not path.exists():
        yield Finding("database", _("{path} (will be created on first use)").format(path=path))
        return
    with asked.open_store() as store:
        status = path.stat()
        yield Finding("database", str(path))
        yield Finding(
            "size", _("{kilobytes} KB").format(kilobytes=language.number(-(-status.st_size // 1024)))
        )
        mode = status.st_mode & 0o777
        exposed = os.name == "posix" and mode & 0o077
        advice = _("Other users of this computer can read your contacts. Run: chmod 600 {path}").format(
            path=path
        )
        yield Finding("permissions", f"{mode:03o}", advice if exposed else "")
        yield from _engine_and_ledger(asked, store)


def _engine_and_ledger(asked: Asked, store: Store) -> Iterator[Finding]:
    from store.schema import SCHEMA_VERSION

    _ = asked.language.gettext
    for name, value in store.database.described():
        yield Finding(name, value)
    yield Finding("schema", str(SCHEMA_VERSION))  # an older one is brought up to this as it is opened
    if flaw := store.database.flaw():
        yield Finding("integrity", flaw, asked.language.say(DAMAGED))
        return  # what is made of damaged rows says nothing
    yield Finding("integrity", _("intact"))
    found = store.credits.verify()
    yield Finding(
        "ledger",
        asked.language.say(looked_at(found)),
        "" if found.ok else _("The numbers don't add up. `textmeter verify` shows where."),
    )
    yield from _accounts(asked.language, store)
    yield from _services(asked, store)
    yield from _clocks(asked, store)


def _accounts(language: Language, store: Store) -> Iterator[Finding]:
    """What accounts name that there is not."""
    from store.credits.unknown import unknown

    for says in unknown(store.database, store.catalog):
        yield Finding("account", "-", language.say(says))


def _services(asked: Asked, store: Store) -> Iterator[Finding]:
    """Who takes payments, carries mail and sends texts: what is set up, and whether it answers."""
    from store.mail import mailers
    from store.payments import gateways
    from store.settings import Settings

    language = asked.language
    _ = language.gettext
    try:
        yield Finding("payments", gateways.check() or _("test card: no money is charged"))
    except TextmeterError as error:
        yield Finding("payments", "Stripe", language.say(error.says))
    try:
        mailer = mailers.load(Settings(store.database))
    except TextmeterError as error:
        yield Finding("mail", "mail.url", language.say(error.says))
    else:
        trouble = mailer.check() if mailer else None
        value = str(mailer) if mailer else _("not set up: no email notices")
        theirs = (str(mailer),) if mailer else ()
        yield Finding("mail", value, language.say(trouble) if trouble else "", theirs)
    try:
        mailchimp = mailers.mailchimp()
    except TextmeterError as error:
        yield Finding("mailchimp", "mailchimp.key", language.say(error.says))
    else:
        if mailchimp is not None:
            trouble = mailchimp.check()
            yield Finding("mailchimp", "mailchimp.audience", language.say(trouble) if trouble else "")
    yield from _senders(language, store)


def _senders(language: Language, store: Store) -> Iterator[Finding]:
    """Each sender with the worst that its check finds."""
    from tui.settings.sender_doors import EMAIL, all_senders, door
    from tui.settings.sender_words import PROVIDERS, worst

    try:
        senders = all_senders(store)
    except TextmeterError as error:  # their passwords can't be read
        yield Finding("sender", "-", language.say(error.says))
        return
    if all(one.provider == EMAIL for one in senders):
        yield Finding("sender", language.gettext("simulated: no texts are really sent"))
    for one in senders:
        found = list(door(store, one.id).check(one.id))
        severity, says = worst(found)
        value = f"{one.id} ({language.gettext(PROVIDERS[one.provider])}): {language.say(says)}"
        wrong = [finding for finding in found if finding.severity is severity and finding.what_to_do]
        advice = " ".join(language.say(finding.what_to_do) for finding in wrong if finding.what_to_do)
        yield Finding("sender", value, advice if severity == "error" else "", (one.id,))


def _clocks(asked: Asked, store: Store) -> Iterator[Finding]:
    """Accounts that a wrong date has brought further than time has come."""
    language = asked.language
    for account in store.credits.accounts():
        if store.credits.is_ahead(account):
            says = sentence(
                "account {account} has been processed up to {day}, which is in the future",
                account=str(account.id),
                day=local_date(account.clock_floor, account.timezone),
            )
            advice = sentence(
                "If the computer's date was wrong, `textmeter --account {account} renew --take-back` "
                "undoes those renewals, as long as nothing else has happened since.",
                account=str(account.id),
            )
            yield Finding("clock", language.say(says), language.say(advice))


def _terminal(language: Language) -> Iterator[Finding]:
    _ = language.gettext
    term = os.environ.get("TERM", "")
    dumb = term in ("", "dumb")
    yield Finding(
        "terminal", term or "-", _("Use a terminal that supports full-screen apps.") if dumb else ""
    )
    yield Finding("colours", _colours(term))
    # The app puts something without an encoding in the place of standard output.
    streams = (sys.stdout, sys.__stdout__)
    known = (name for stream in streams if (name := getattr(stream, "encoding", None)))
    encoding = next(known, None) or locale.getpreferredencoding(False)
    utf_8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    yield Finding("characters", encoding, "" if utf_8 else _("Use a UTF-8 locale, such as LANG=en_US.UTF-8."))
    columns, rows = shutil.get_terminal_size()
    small = columns < SMALLEST[0] or rows < SMALLEST[1]
    advice = _("Make the terminal at least {columns} columns wide and {rows} rows tall.")
    yield Finding(
        "terminal-size",
        f"{columns}x{rows}",
        advice.format(columns=SMALLEST[0], rows=SMALLEST[1]) if small else "",
    )
    yield Finding("language", f"{language.code} ({language.own_name()})")


def _colours(term: str) -> str:
    """How many colours the terminal says it has; none where NO_COLOR asks for none."""
    if os.environ.get("NO_COLOR"):
        return "NO_COLOR"
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16777216"
    return "256" if "256color" in term else "16"
