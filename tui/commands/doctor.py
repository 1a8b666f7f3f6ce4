"""`textmeter doctor`: looks at the installation, the database and the terminal, and says what to mend."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from store.clock import local_date
from store.errors import TextmeterError
from store.sentences import sentence
from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.commands.verify import DAMAGED, looked_at
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store

SMALLEST = (60, 20)
"""The smallest terminal, in columns and rows, in which all of the app can be used."""

LIBRARIES = ("textual", "click", "babel", "peewee", "phonenumbers", "python-calamine", "charset-normalizer")


class Finding(NamedTuple):
    """One thing looked at. name: a stable word; advice: what to do, "" where all is well."""

    name: str
    value: str
    advice: str = ""


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "doctor",
        run,
        about=_("Find problems and show how to fix them."),
        more=_(
            "Checks versions, the database and who can read it, the ledger, and what the "
            "terminal can display. The exit code is 1 if something needs fixing."
        ),
        examples=["textmeter doctor"],
    )


def run(session: Session) -> int:
    findings = [
        *_versions(),
        *_config(session),
        *_catalog(session.language),
        *_database(session),
        *_terminal(session.language),
    ]
    healthy = not any(finding.advice for finding in findings)
    if session.json:
        checks = [
            {"name": name, "value": value, "ok": not advice, "advice": advice}
            for name, value, advice in findings
        ]
        session.answer({"ok": healthy, "checks": checks})
    else:
        _in_words(session, findings)
    return 0 if healthy else 1


def version(distribution: str) -> str:
    """The installed version of a distribution; "-" where it runs uninstalled."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(distribution)
    except PackageNotFoundError:
        return "-"


def _versions() -> Iterator[Finding]:
    yield Finding("textmeter", version("textmeter"))
    yield Finding("python", f"{platform.python_version()}, {platform.system()} {platform.release()}")
    for library in LIBRARIES:
        yield Finding(library, version(library))


def _config(session: Session) -> Iterator[Finding]:
    """The file of the configuration, the mistakes in it, and where each secret comes from."""
    from store import config
    from store.paths import NoHome
    from tui.settings.presentation import origin_words
    from tui.settings.queries import all_settings

    language = session.language
    _ = language.gettext
    try:
        file = config.path()
    except NoHome:  # a database can be named all the same
        yield Finding("config", "-")
        return
    value = str(file) if file.exists() else _("{path} (not found)").format(path=file)
    try:
        found = all_settings(session.options)
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


def _database(session: Session) -> Iterator[Finding]:
    from store.config import ConfigMistake, default_database
    from store.credits.catalog_files import CatalogMistake
    from store.engines.urls import is_served, shown

    try:
        url = session.database or default_database()
    except ConfigMistake:
        return  # told of above; nobody knows which database is meant
    try:
        yield from _server(session) if is_served(url) else _file(session, url)
    except CatalogMistake:
        yield Finding("database", shown(url))  # not looked at: the catalog is told of above
    except TextmeterError as error:
        yield Finding("database", shown(url), session.language.say(error.says))


def _server(session: Session) -> Iterator[Finding]:
    with session.open_store() as store:
        yield Finding("database", store.database.name)
        yield from _standby(session, store)
        yield from _engine_and_ledger(session, store)


def _standby(session: Session, store: Store) -> Iterator[Finding]:
    _ = session.language.gettext
    match store.database.standby():
        case "synchronous":
            yield Finding("standby", _("synchronous"))
        case "asynchronous":
            advice = _(
                "If the standby takes over, texts may be sent twice. Set synchronous_standby_names "
                "on the server."
            )
            yield Finding("standby", _("asynchronous"), advice)


def _file(session: Session, url: str) -> Iterator[Finding]:
    from store.engines.urls import file_path

    language = session.language
    _ = language.gettext
    path = file_path(url)
    if not path.exists():
        yield Finding("database", _("{path} (will be created on first use)").format(path=path))
        return
    with session.open_store() as store:
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
        yield from _engine_and_ledger(session, store)


def _engine_and_ledger(session: Session, store: Store) -> Iterator[Finding]:
    _ = session.language.gettext
    for name, value in store.database.described():
        yield Finding(name, value)
    if flaw := store.database.flaw():
        yield Finding("integrity", flaw, session.language.say(DAMAGED))
        return  # what is made of damaged rows says nothing
    yield Finding("integrity", _("intact"))
    found = store.credits.verify()
    yield Finding(
        "ledger",
        session.language.say(looked_at(found)),
        "" if found.ok else _("The numbers don't add up. `textmeter verify` shows where."),
    )
    yield from _accounts(session.language, store)
    yield from _services(session, store)
    yield from _clocks(session, store)


def _accounts(language: Language, store: Store) -> Iterator[Finding]:
    """What accounts name that there is not."""
    from store.credits.unknown import unknown

    for says in unknown(store.database, store.catalog):
        yield Finding("account", "-", language.say(says))


def _services(session: Session, store: Store) -> Iterator[Finding]:
    """Who takes payments, carries mail and sends texts: what is set up, and whether it answers."""
    from store.mail import mailers
    from store.payments import gateways
    from store.settings import Settings

    language = session.language
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
        yield Finding("mail", value, language.say(trouble) if trouble else "")
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
        yield Finding("sender", value, advice if severity == "error" else "")


def _clocks(session: Session, store: Store) -> Iterator[Finding]:
    """Accounts that a wrong date has brought further than time has come."""
    language = session.language
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
    encoding = sys.stdout.encoding if sys.stdout is not None else locale.getpreferredencoding(False)
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


def _in_words(session: Session, findings: list[Finding]) -> None:
    _ = session.language.gettext
    names = {
        "config": _("Configuration"),
        "secret": _("Secret"),
        "catalog": _("Catalog"),
        "database": _("Database"),
        "size": _("Size"),
        "permissions": _("Permissions"),
        "integrity": _("Integrity"),
        "ledger": _("Ledger"),
        "account": _("Account"),
        "payments": _("Payments"),
        "mail": _("Mail"),
        "mailchimp": _("Mailchimp"),
        "sender": _("Sender"),
        "clock": _("Clock"),
        "server": _("Server"),
        "latency": _("Latency"),
        "standby": _("Standby"),
        "terminal": _("Terminal"),
        "colours": _("Colors"),
        "characters": _("Characters"),
        "terminal-size": _("Terminal size"),
        "language": _("Language"),
    }
    rows = []
    for name, value, advice in findings:
        rows.append([_("fix") if advice else _("OK"), names.get(name, name), value])
    session.table([_("State"), _("What"), _("Result")], rows)
    for finding in findings:
        if finding.advice:
            session.say("", plain(f"{names.get(finding.name, finding.name)}: {finding.advice}", lines=True))
