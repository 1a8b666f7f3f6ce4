"""The numbers that texts go out from, who carries them, and how fast and how many a sender may."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from store.clock import Clock, SystemClock
from store.database import Database, unit_of_work  # isort: split

from peewee import fn

from store import secrets
from store.errors import WrongUsage
from store.messages import providers
from store.messages.caps import SECOND, Caps, interval
from store.messages.model import Status
from store.messages.picture_links import PictureLinks
from store.messages.providers import Finding, Picture, Provider, Setup
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message
from store.messages.tables import Sender as _Sender
from store.roles import Role
from store.secrets import Secret
from store.sentences import Sentence, sentence

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
_OWN = ("provider", "number", "account", "per_second", "per_day", "people_per_month")
"""What every sender has, whoever carries its texts."""


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """A sender as it is set up. account_id: whose texts it carries, None for all that have none of their own.
    options: without the secret ones; secrets: those that are there, by name. per_second, per_day,
    people_a_month: at most, 0 without a limit. left_today: how many texts may still go today, None without a
    limit. media: whether it takes pictures, as it is set up."""

    id: str
    provider: str
    number: str
    account_id: int | None
    options: Mapping[str, str]
    secrets: frozenset[str]
    per_second: float
    per_day: int
    people_a_month: int
    left_today: int | None
    media: bool


class Senders:
    """real: the clock of processes and networks. built_in: who carries the texts of accounts without a
    sender, of all accounts with a demo clock, and in a demo of everybody. public_url: where providers reach
    `textmeter serve web` and fetch pictures, "" nowhere."""

    def __init__(
        self,
        database: Database,
        real: Clock,
        built_in: Callable[[], Provider],
        *,
        demo: bool,
        public_url: str = "",
    ) -> None:
        self._database = database
        self._clock = real
        self._built_in = built_in
        self._demo = demo
        self._made: dict[str, tuple[object, Provider]] = {}
        self._links = PictureLinks(database, real, public_url.rstrip("/"))
        self._publish = self._links.publish if public_url else None
        self.caps = Caps(database, real, built_in)

    # Setting up

    def all(self) -> list[SenderInfo]:
        """By their names."""
        with self._database.connection():
            return [self._info(row) for row in self._database.fetch(_Sender.select().order_by(_Sender.id))]

    def ids(self) -> list[str]:
        """The names of all."""
        with self._database.connection():
            return [row.id for row in self._database.fetch(_Sender.select(_Sender.id).order_by(_Sender.id))]

    def get(self, id: str) -> SenderInfo:
        """Raises WrongUsage where there is none."""
        with self._database.connection():
            return self._info(self._row(id))

    @unit_of_work(Role.OWNER)
    def set(self, id: str, values: Mapping[str, str], *, whole: bool = False) -> SenderInfo:
        """Sets up a sender, or changes what is named of one: provider, number, account (an id, "" for all),
        per_second, per_day, people_per_month (0: no limit; "": as the provider is), and the provider's own
        options; an empty one is taken out. Secrets are put where they are kept, never into the database.
        whole: with these it has to be complete. Raises WrongUsage for a name that can't be one, and what
        can't be understood (details: key, the name of the value); nothing is changed then."""
        if not _ID.fullmatch(id):
            raise WrongUsage(
                sentence(
                    "“{id}” can't be a sender's name. Use up to 31 lowercase letters, digits, - and _.", id=id
                ),
                code="no-such-sender",
                key="id",
            )
        with self._database.transaction():
            there = self._database.first(_Sender.select().where(_Sender.id == id))
            provider = values.get("provider") or (there.provider if there else "")
            if provider not in providers.NAMES:
                raise WrongUsage(
                    sentence(
                        "Choose a provider: provider=NAME, one of {names}, or smtp for emails.",
                        names=", ".join(providers.NAMES),
                    ),
                    code="no-such-provider",
                    key="provider",
                )
            known = providers.options(provider)
            for name in values:
                if name not in _OWN and name not in known:
                    raise WrongUsage(
                        sentence(
                            "A {provider} sender has no “{name}”. It has: {names}.",
                            provider=provider,
                            name=name,
                            names=", ".join((*_OWN, *known)),
                        ),
                        code="no-such-option",
                    )
            options = json.loads(there.options) if there and there.provider == provider else {}
            options |= {
                name: value for name, value in values.items() if name in known and not known[name].secret
            }
            options = {name: text for name, text in options.items() if text}
            row = self._columns(provider, values, there)
            row |= {"options": json.dumps(options)}
            if whole:
                number = str(row.get("number", there.number if there else ""))
                self._try(id, provider, number, options, values, there.namespace if there else "")
            if there:
                namespace = there.namespace
                self._database.run(_Sender.update(row).where(_Sender.id == id))
            else:
                namespace = uuid.uuid4().hex[:12]
                self._database.run(_Sender.insert(id=id, namespace=namespace, **row))
            for name, value in values.items():  # within the transaction: one that isn't kept undoes all
                if name in known and known[name].secret:
                    if value:
                        secrets.keep(_kept(id, namespace, name), value)
                    else:
                        secrets.forget(_kept(id, namespace, name))
        return self.get(id)

    def _try(
        self,
        id: str,
        provider: str,
        number: str,
        options: Mapping[str, str],
        values: Mapping[str, str],
        namespace: str,
    ) -> None:
        """Raises WrongUsage where something is missing, or the provider can't be made with these settings.
        values: with secret ones that are new; namespace: "" of a new sender."""
        hidden = {
            name: values.get(name, text) for name, text in self._hidden(id, namespace, provider).items()
        }
        for name, option in providers.options(provider).items():
            if option.required and not (options.get(name) or hidden.get(name) or option.default):
                raise WrongUsage(
                    sentence("{label} is missing.", label=Sentence(option.label)),
                    code="sender-setup",
                    key=name,
                )
        providers.load(provider, self._setup(provider, number, {**options, **hidden}, namespace="new"))

    @unit_of_work(Role.OWNER)
    def remove(self, id: str) -> None:
        """What waits to go out from it waits until there is one of that name again. Raises WrongUsage where
        there is none."""
        row = self._row(id)
        for name, option in providers.options(row.provider).items():
            if option.secret:
                secrets.forget(_kept(id, row.namespace, name))
        self._database.run(_Sender.delete().where(_Sender.id == id))

    def waiting(self, id: str) -> int:
        """How many messages wait to go out from a sender."""
        queued = _Message.select(fn.COUNT(_Message.id)).join(_Blast)
        queued = queued.where(_Message.status == Status.QUEUED.value, _Blast.sender == id)
        with self._database.connection():
            return int(self._database.scalar(queued))

    def check(self, id: str) -> Iterator[Finding]:
        """Looks at all that has to be right, one thing after the other, against the live service. "": at what
        carries texts without a sender. Each may take as long as a network does. Raises WrongUsage where there
        is no such sender."""
        if not id:
            yield from self._built_in().check()
            return
        info = self.get(id)
        is_complete = True
        for name, option in providers.options(info.provider).items():
            if option.required and not option.default and name not in {*info.options, *info.secrets}:
                is_complete = False
                pair = f"{name}={'-' if option.secret else '...'}"
                yield Finding(
                    providers.Severity.ERROR,
                    sentence("{label} is missing.", label=Sentence(option.label)),
                    sentence(
                        "Set it in Settings, Senders, or with `textmeter sender set {id} {pair}`.",
                        id=id,
                        pair=pair,
                    ),
                )
        if not is_complete:
            return
        try:
            provider = self.provider(id)
        except WrongUsage as error:
            yield Finding(
                providers.Severity.ERROR,
                error.says,
                sentence("Change it in Settings, Senders, or with `textmeter sender set {id}`.", id=id),
            )
        else:
            yield from provider.check()

    def _columns(self, provider: str, values: Mapping[str, str], there: Any) -> dict[str, object]:
        """The columns that values change, or that a new sender begins with."""
        profile = None
        row: dict[str, object] = {"provider": provider}
        if "number" in values or not there:
            row["number"] = values.get("number", "").strip()
        if "account" in values or not there:
            row["account_id"] = whole("account", values.get("account", "")) or None
        for name, column in (("per_day", "per_day"), ("people_per_month", "people_a_month")):
            if name in values or not there or there.provider != provider:
                text = values.get(name, "")
                if not text:
                    profile = profile or providers.profile(provider)
                row[column] = whole(name, text) if text else getattr(profile, column)
        if "per_second" in values or not there or there.provider != provider:
            text = values.get("per_second", "")
            per_second = pace_of(text) if text else (profile or providers.profile(provider)).per_second
            row["interval"] = interval(per_second)
        return row

    # Using them

    def of(self, account_id: int, *, demo_clock: bool) -> str:
        """Whose number an account's texts go out from: a sender's id, "" for the provider that is built in.
        With a demo clock, and in a demo, nothing real is reached whatever is set up."""
        if self._demo or demo_clock:
            return ""
        named = _Sender.select(_Sender.id).where(
            (_Sender.account_id == account_id) | _Sender.account_id.is_null()
        )
        with self._database.connection():
            return str(self._database.scalar(named.order_by(_Sender.account_id.is_null(), _Sender.id)) or "")

    def provider(self, id: str) -> Provider:
        """Who carries a sender's texts, made once for its settings. Raises WrongUsage where there is no such
        sender, or its settings can't be right."""
        if not id:
            return self._built_in()
        with self._database.connection():
            row = self._row(id)
        options = {**json.loads(row.options), **self._hidden(id, row.namespace, row.provider)}
        setup = self._setup(row.provider, row.number, options, row.namespace)
        like = row.provider, row.number, tuple(sorted(setup.options.items()))
        if self._made.get(id, (None,))[0] != like:
            self._made[id] = like, providers.load(row.provider, setup)
        return self._made[id][1]

    def picture(self, token: str) -> Picture | None:
        """The picture of a blast that a provider asks for by its link; None for a link that is forged or has
        expired. Nothing else of the database can be asked for so."""
        return self._links.picture(token)

    def _setup(self, provider: str, number: str, given: Mapping[str, str], namespace: str) -> Setup:
        known = providers.options(provider)
        options = {name: given.get(name) or option.default for name, option in known.items()}
        publish = None if options.get("s3_bucket") else self._publish
        return Setup(number, {**options, "namespace": namespace}, publish)

    def _hidden(self, id: str, namespace: str, provider: str) -> dict[str, str]:
        """The secret options of a sender, "" for those that aren't there."""
        found = {
            name: _secret(id, namespace, name)
            for name, option in providers.options(provider).items()
            if option.secret
        }
        return {name: value.reveal() if value else "" for name, value in found.items()}

    def _takes_pictures(self, row: Any) -> bool:
        """As it is set up, or, where that can't be right, as its provider usually is."""
        try:
            return self.provider(row.id).profile.media
        except WrongUsage:
            return providers.profile(row.provider).media

    def _row(self, id: str) -> Any:
        row = self._database.first(_Sender.select().where(_Sender.id == id))
        if row is None:
            raise WrongUsage(
                sentence("There is no sender “{id}”. `textmeter sender list` lists them all.", id=id),
                code="no-such-sender",
            )
        return row

    def _info(self, row: Any) -> SenderInfo:
        known = providers.options(row.provider)
        secret = [name for name, option in known.items() if option.secret]
        return SenderInfo(
            row.id,
            row.provider,
            row.number,
            row.account_id,
            json.loads(row.options),
            frozenset(name for name in secret if _secret(row.id, row.namespace, name) is not None),
            SECOND / row.interval if row.interval else 0.0,
            row.per_day,
            row.people_a_month,
            max(0, row.per_day - self.caps.today(row.id)) if row.per_day else None,
            self._takes_pictures(row),
        )


def only(database: Database, provider: Provider, real: Clock | None = None) -> Senders:
    """One provider for all texts, whatever is set up."""
    return Senders(database, real or SystemClock(), lambda: provider, demo=True)


def _kept(id: str, namespace: str, name: str) -> str:
    """By what name a sender's secret is kept: another database may have a sender of the same name."""
    return f"sender.{id}.{namespace}.{name}"


def _secret(id: str, namespace: str, name: str) -> Secret | None:
    """A sender's secret, where it isn't kept by its own name by one that a person can type beforehand, such
    as a variable of the environment."""
    plain = f"sender.{id}.{name}"
    return secrets.secret(_kept(id, namespace, name), plain) if namespace else secrets.secret(plain)


def whole(name: str, text: str) -> int:
    """A whole number, 0 for nothing. Raises WrongUsage."""
    if text.strip() and not text.strip().isdecimal():
        raise WrongUsage(
            sentence("{name} must be a whole number, not “{text}”.", name=name, text=text),
            code="no-such-number",
            key=name,
        )
    return int(text or 0)


def pace_of(text: str) -> float:
    """Texts a second, 0 without a limit. Raises WrongUsage."""
    try:
        per_second = float(text)
    except ValueError:
        per_second = -1.0
    if not 0 <= per_second <= 10_000:
        raise WrongUsage(
            sentence("per_second must be a number from 0 to 10,000, not “{text}”.", text=text),
            code="no-such-number",
            key="per_second",
        )
    return per_second
