"""The addresses that emails go out from, who carries them, and how fast and how many a sender may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from store.clock import Clock, SystemClock, micros
from store.database import Database, unit_of_work  # isort: split

from peewee import fn

from store import config, secrets
from store.emails.model import Status
from store.emails.sender_options import ADDRESS, OPTIONS, OWN, account_of, box_of, columns
from store.emails.tables import Campaign, Email, EmailSender
from store.errors import WrongUsage
from store.mail import From, Mailer, imap, mailers
from store.mail.imap import Box
from store.mail.simulated import Simulated
from store.mail.smtp import Account, Smtp
from store.messages import pace
from store.messages.caps import SECOND, Room, day, until_midnight
from store.messages.providers import Finding, Severity
from store.messages.senders import SenderInfo
from store.messages.tables import Sender as TextSender
from store.roles import Role, needs
from store.sentences import Sentence, sentence
from store.settings import Settings

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
PROVIDER = "smtp"


class Identity(NamedTuple):
    """How a sender's emails look. sender: with its address; reply_to: an address, "" for the sender's; below:
    Markdown that stands below each: signature and postal address."""

    sender: From
    reply_to: str = ""
    below: str = ""


NOT_SET_UP = Identity(From("", "you@example.com"))
"""Of emails that nobody carries."""


class EmailSenders:
    """real: the clock of processes and networks. The sender "" is `mail.url`, whose mails leave as fast as
    its server takes them. In a demo, and for accounts with a demo clock, nothing real is reached whatever is
    set up."""

    def __init__(
        self, database: Database, settings: Settings, real: Clock | None = None, *, demo: bool = False
    ) -> None:
        self._database = database
        self._settings = settings
        self._real = real or SystemClock()
        self._demo = demo

    # Setting up

    def all(self) -> list[SenderInfo]:
        """By their names; "number" is the address."""
        with self._database.connection():
            rows = self._database.fetch(EmailSender.select().order_by(EmailSender.id))
            return [self._info(row) for row in rows]

    def get(self, id: str) -> SenderInfo:
        """Raises WrongUsage where there is none."""
        with self._database.connection():
            return self._info(self._row(id))

    @unit_of_work(Role.OWNER)
    def set(self, id: str, values: Mapping[str, str], *, whole: bool = False) -> SenderInfo:
        """Sets up a sender, or changes what is named of one: number (its address), account (an id, "" for
        all), per_second, per_day ("" or 0: no limit) and `OPTIONS`; an empty one is taken out. Secrets are
        put where they are kept, never into the database. whole: with these it has to be complete. Raises
        WrongUsage for a name that can't be one, and what can't be understood (details: key, the name of the
        value); nothing is changed then."""
        if not _ID.fullmatch(id):
            raise WrongUsage(
                sentence(
                    "“{id}” can't be a sender's name. Use up to 31 lowercase letters, digits, - and _.", id=id
                ),
                code="no-such-sender",
                key="id",
            )
        with self._database.transaction():
            there = self._database.first(EmailSender.select().where(EmailSender.id == id))
            self._look_at_names(id, values, there)
            options = json.loads(there.options) if there else {}
            options |= {
                name: value.replace("\\n", "\n").strip()
                for name, value in values.items()
                if name in OPTIONS and not OPTIONS[name].secret
            }
            options = {name: text for name, text in options.items() if text}
            row = columns(values, there is None)
            if whole or "security" in values or "host" in values:
                hidden = {name: values.get(name, text) for name, text in self._hidden(id).items()}
                address = str(row.get("address", there.address if there else ""))
                self._try(address, {**options, **hidden}, whole=whole)
            row["options"] = json.dumps(options)
            if there:
                self._database.run(EmailSender.update(row).where(EmailSender.id == id))
            else:
                self._database.run(EmailSender.insert(id=id, **row))
            for name, value in values.items():  # within the transaction: one that isn't kept undoes all
                if name in OPTIONS and OPTIONS[name].secret:
                    if value:
                        secrets.keep(_secret(id, name), value)
                    else:
                        secrets.forget(_secret(id, name))
        return self.get(id)

    def _look_at_names(self, id: str, values: Mapping[str, str], there: Any) -> None:
        """Raises WrongUsage where a text sender is called so, and for what no sender of emails has."""
        if not there and self._database.first(TextSender.select().where(TextSender.id == id)):
            says = sentence("There is already a sender with this name.")
            raise WrongUsage(says, code="sender-setup", key="id")
        if values.get("provider", PROVIDER) != PROVIDER:
            raise WrongUsage(
                sentence(
                    "{id} sends emails, so its provider must be smtp. Use another name for a text sender.",
                    id=id,
                ),
                code="no-such-provider",
                key="provider",
            )
        for name in values:
            if name not in OWN and name not in OPTIONS:
                raise WrongUsage(
                    sentence(
                        "A {provider} sender has no “{name}”. It has: {names}.",
                        provider=PROVIDER,
                        name=name,
                        names=", ".join((*OWN, *OPTIONS)),
                    ),
                    code="no-such-option",
                )

    def _try(self, address: str, options: Mapping[str, str], *, whole: bool) -> None:
        """Raises WrongUsage where something is missing, or can't be right."""
        if whole and (missing := _missing(address, options)):
            name, label = missing[0]
            raise WrongUsage(
                sentence("{label} is missing.", label=Sentence(label)), code="sender-setup", key=name
            )
        account_of(address, options)
        box_of(address, options)

    @unit_of_work(Role.OWNER)
    def remove(self, id: str) -> None:
        """What waits to go out from it waits until there is one of that name again. Raises WrongUsage where
        there is none."""
        self._row(id)
        for name, option in OPTIONS.items():
            if option.secret:
                secrets.forget(_secret(id, name))
        self._database.run(EmailSender.delete().where(EmailSender.id == id))

    def waiting(self, id: str) -> int:
        """How many emails wait to go out from a sender."""
        waits = Email.status.in_([Status.QUEUED.value, Status.WAITING.value])
        queued = Email.select(fn.COUNT(Email.id)).join(Campaign).where(waits, Campaign.sender == id)
        with self._database.connection():
            return int(self._database.scalar(queued))

    def check(self, id: str) -> Iterator[Finding]:
        """Looks at all that has to be right, one thing after the other, against the live servers, but in a
        demo. "": at `mail.url`. Each may take as long as a network does. Raises WrongUsage where there is no
        such sender."""
        if id:
            with self._database.connection():
                row = self._row(id)
            if missing := _missing(row.address, self._options(row)):
                for name, label in missing:
                    yield _is_missing(id, name, label)
                return
        try:
            account, box = (None, None) if self._demo else (self._account(id), self.box(id))
        except WrongUsage as error:
            yield Finding(Severity.ERROR, error.says)
            return
        if account is None:
            yield Finding(
                Severity.WARNING,
                sentence("Emails are simulated: none are really sent."),
                sentence(
                    "Set mail.url, or set up a sender: `textmeter sender set NAME provider=smtp "
                    "number=ADDRESS`."
                ),
            )
            return
        from store.mail import checking  # by those only who check

        for step in checking.leaving(account):
            severity = Severity.OK if step.works else Severity.ERROR
            yield Finding(severity, step.says, step.what_to_do)
        if box is None:
            yield Finding(
                Severity.WARNING,
                sentence("No mailbox is set up, so you don't see bounces or replies."),
                sentence(
                    "Set the sender's mailbox server (imap_host), or mail.imap for the mail.url address."
                ),
            )
            return
        for step in checking.coming_back(box):
            severity = Severity.OK if step.works else Severity.ERROR
            yield Finding(severity, step.says, step.what_to_do)

    # Using them

    def of(self, account_id: int) -> str:
        """Which sender an account's emails go out from where nobody chose one: its own, else one for all,
        else "" for `mail.url`."""
        named = EmailSender.select(EmailSender.id).where(
            (EmailSender.account_id == account_id) | EmailSender.account_id.is_null()
        )
        with self._database.connection():
            ordered = named.order_by(EmailSender.account_id.is_null(), EmailSender.id)
            return str(self._database.scalar(ordered) or "")

    def is_real(self, id: str, *, demo_clock: bool) -> bool:
        """Whether a sender's emails leave this machine. Where they don't, they are simulated."""
        return not (self._demo or demo_clock) and (bool(id) or mailers.is_set_up())

    def mailer(self, id: str, *, demo_clock: bool) -> Mailer:
        """Who carries a sender's emails; the caller closes it. Raises WrongUsage where there is no such
        sender, or its settings can't be right."""
        if not self.is_real(id, demo_clock=demo_clock):
            return Simulated()
        account = self._account(id)
        assert account is not None
        return Smtp(account, mailers.token(self._settings))

    def identity(self, id: str, *, demo_clock: bool) -> Identity:
        """How a sender's emails look. Raises WrongUsage likewise."""
        if not id:
            real = self.is_real(id, demo_clock=demo_clock)
            account = self._account(id) if real else None
            return Identity(From("", account.sender)) if account else NOT_SET_UP
        with self._database.connection():
            row = self._row(id)
        options = json.loads(row.options)
        below = [options[name] for name in ("signature", "postal_address") if name in options]
        sender = From(options.get("from_name", ""), row.address)
        return Identity(sender, options.get("reply_to", ""), "\n\n".join(below))

    def box(self, id: str) -> Box | None:
        """The mailbox that a sender's bounces and replies come to, None where none is set up. Raises
        WrongUsage where it can't be understood, or there is no such sender."""
        if not id:
            account = self._account("")
            url = config.text("mail.imap")
            if account is None or not url:
                return None
            password = secrets.secret("mail.imap_password") or secrets.secret("mail.password")
            known = password.reveal() if password else account.password
            return imap.read(url, known, account.sender)
        with self._database.connection():
            row = self._row(id)
        return box_of(row.address, self._options(row))

    def ids(self) -> list[str]:
        """The names of all."""
        with self._database.connection():
            found = self._database.fetch(EmailSender.select(EmailSender.id).order_by(EmailSender.id))
            return [row.id for row in found]

    @needs(Role.SENDER)
    def take(self, id: str, wanted: int = 1) -> Room:
        """How many emails may leave now by the sender's pace and today's cap, counted as left; within the
        transaction that takes them: the sender is locked, so that all processes share its pace. One that
        isn't there lets none leave."""
        if not id:
            return Room(wanted)
        sender = EmailSender.select().where(EmailSender.id == id)
        row = next(iter(self._database.fetch(self._database.locking(sender))), None)
        if row is None:
            return Room(0, 60.0)
        now = self._real.now()
        today = self._today(row)
        if row.per_day:
            wanted = min(wanted, row.per_day - today)
            if wanted <= 0:
                return Room(0, until_midnight(now))
        granted = pace.grant(row.free_at, row.interval, micros(now), wanted)
        if granted.texts:
            taken = EmailSender.update(free_at=granted.free_at, day=day(now), today=today + granted.texts)
            self._database.run(taken.where(EmailSender.id == id))
        return Room(granted.texts, granted.wait / SECOND)

    def _today(self, row: Any) -> int:
        """How many it handed over today."""
        return int(row.today) if row.day == day(self._real.now()) else 0

    def _account(self, id: str) -> Account | None:
        if not id:
            return mailers.account()
        with self._database.connection():
            row = self._row(id)
        return account_of(row.address, self._options(row))

    def _options(self, row: Any) -> dict[str, str]:
        return {**json.loads(row.options), **self._hidden(row.id)}

    def _hidden(self, id: str) -> dict[str, str]:
        """The secret options of a sender that are there."""
        found = {name: secrets.secret(_secret(id, name)) for name, option in OPTIONS.items() if option.secret}
        return {name: value.reveal() for name, value in found.items() if value}

    def _row(self, id: str) -> Any:
        row = self._database.first(EmailSender.select().where(EmailSender.id == id))
        if row is None:
            raise WrongUsage(
                sentence("There is no sender “{id}”. `textmeter sender list` lists them all.", id=id),
                code="no-such-sender",
            )
        return row

    def _info(self, row: Any) -> SenderInfo:
        return SenderInfo(
            row.id,
            PROVIDER,
            row.address,
            row.account_id,
            json.loads(row.options),
            frozenset(self._hidden(row.id)),
            SECOND / row.interval if row.interval else 0.0,
            row.per_day,
            0,
            max(0, row.per_day - self._today(row)) if row.per_day else None,
            media=False,
        )


def _missing(address: str, options: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a sender can't do without: names and labels."""
    there = {**options, "number": address}
    needed = {
        "number": ADDRESS,
        **{name: one.label for name, one in OPTIONS.items() if one.required and not one.default},
    }
    return [(name, label) for name, label in needed.items() if not there.get(name)]


def _is_missing(id: str, name: str, label: str) -> Finding:
    return Finding(
        Severity.ERROR,
        sentence("{label} is missing.", label=Sentence(label)),
        sentence(
            "Set it in Settings, Senders, or with `textmeter sender set {id} {pair}`.",
            id=id,
            pair=f"{name}=...",
        ),
    )


def _secret(id: str, name: str) -> str:
    """By what name a sender's secret is kept."""
    return f"sender.{id}.{name}"
