"""gammu-smsd, and the modem that it drives: texts are files in the folders of its `files` service.

A text is put into the outbox under a name that holds our own for it, and gammu moves it to `sent` or `error`
under the same name. So a look-up knows for certain, and a text that is handed over again leaves once, as long
as nobody empties these folders within the minute.

gammu tells in its log alone whether a text was delivered, by numbers that a modem uses again; so there are no
receipts, but of texts that it couldn't send. It isn't asked for any either: with `deliveryreport = sms` they
would come as texts from the person.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    Called,
    CantTell,
    Event,
    Finding,
    Garbled,
    Had,
    LookedUp,
    NeverHad,
    Option,
    Outcome,
    Outgoing,
    Polled,
    Profile,
    Receipt,
    Refused,
    Reply,
    Request,
    Sent,
    Setup,
    Throttled,
)
from store.messages.providers.gammu_check import findings
from store.messages.providers.gammu_inbox import CameIn, look
from store.messages.providers.plain import LONGEST, number, reference
from store.sentences import N_, sentence
from store.texts.alphabet import storable
from store.texts.segments import normalise, size

OPTIONS: Mapping[str, Option] = {
    "outbox": Option(
        N_("Outbox folder"),
        N_("The outboxpath folder in gammu-smsd's configuration."),
        default="/var/spool/gammu/outbox",
    ),
    "inbox": Option(
        N_("Inbox folder"),
        N_("The inboxpath folder in gammu-smsd's configuration."),
        default="/var/spool/gammu/inbox",
    ),
    "sent": Option(
        N_("Sent folder"),
        N_("The sentsmspath folder in gammu-smsd's configuration."),
        default="/var/spool/gammu/sent",
    ),
    "error": Option(
        N_("Error folder"),
        N_("The errorsmspath folder in gammu-smsd's configuration."),
        default="/var/spool/gammu/error",
    ),
    "config": Option(
        N_("Configuration"),
        N_(
            "Path of gammu-smsd's configuration file, such as /etc/gammu-smsdrc, for `textmeter "
            "sender check`."
        ),
        required=False,
    ),
}

# A modem takes some five seconds a text. What waits in its outbox can't be taken back, whoever opts out.
PROFILE = Profile(per_second=0.2, repeatable=True, poll_every=2.0)

_AWAY_SECONDS = 30.0


class Gammu:
    profile = PROFILE

    def __init__(self, setup: Setup) -> None:
        options = {name: setup.options.get(name) or option.default for name, option in OPTIONS.items()}
        folders = [Path(options[name]) for name in ("outbox", "sent", "error")]
        if len({os.path.realpath(folder) for folder in folders}) < len(folders):
            raise WrongUsage(
                sentence(
                    "Use three different folders for outbox, sent and error: Textmeter tells a text's "
                    "status by the folder it is in."
                ),
                code="no-such-option",
                key="sent",
            )
        self._number = setup.number
        self._options = options
        self._outbox, self._sent, self._error = folders
        self._inbox = Path(options["inbox"])
        namespace = setup.options.get("namespace", "")
        self._namespace = "".join(filter(str.isalnum, namespace)) if namespace.isascii() else ""

    def send(self, outgoing: Outgoing) -> Outcome:
        if not re.fullmatch(r"\+[0-9]{1,15}", outgoing.to):
            return Refused("no-such-number")
        name = self._name(outgoing)
        try:
            if not self._has(name):
                self._put(name, normalise(outgoing.body).encode("utf-16-le", "replace"))
        except OSError:
            return Throttled(_AWAY_SECONDS)
        return Accepted(name)

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        name = self._name(outgoing)
        try:
            return Had(name) if self._has(name) else NeverHad()
        except OSError:
            return CantTell()

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        failed: list[Event] = [
            Receipt(f"{one.provider_id}:failed", Status.FAILED, one.id, one.provider_id, "provider-error")
            for one in asked
            if one.provider_id and (self._error / Path(one.provider_id).name).is_file()
        ]
        came = look(self._inbox, cursor, now)
        return Polled([*failed, *filter(None, map(self._reply, came.texts))], came.cursor, came.more)

    def receive(self, request: Request) -> Called:
        raise Garbled

    def check(self) -> Iterator[Finding]:
        yield from findings(self._options)

    def _name(self, outgoing: Outgoing) -> str:
        """gammu sends in the order of names, and reads the number behind the third underscore. Whatever
        stands in the places of date and time is passed over: ours stays the same for a text."""
        ours = reference(outgoing)
        return f"OUTA{outgoing.id:012}_{self._namespace or 'textmeter'}_00_{outgoing.to}_{ours}.txt"

    def _has(self, name: str) -> bool:
        """Whether gammu was given a text. Raises OSError where that can't be told. In this order,
        since it may be moved meanwhile."""
        for folder in (self._outbox, self._sent, self._error):
            folder.stat()  # a folder that is away would look like an empty one
            try:
                (folder / name).stat()
            except FileNotFoundError:
                continue
            return True
        return False

    def _put(self, name: str, text: bytes) -> None:
        """All at once, and kept through a power cut. Raises OSError."""
        hidden = self._outbox / f".{uuid4().hex}"
        try:
            with hidden.open("xb") as file:
                file.write(b"\xff\xfe" + text)
                file.flush()
                os.fsync(file.fileno())
            hidden.rename(self._outbox / name)
        finally:
            hidden.unlink(missing_ok=True)
        folder = os.open(self._outbox, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _reply(self, text: CameIn) -> Reply | None:
        """None: nobody can be answered."""
        body = normalise(storable(text.body))[:LONGEST]
        who = number(text.sender, self._number)
        return (
            Reply(f"in:{text.name}", who, body, text.at, segments=max(1, size(body).segments))
            if who
            else None
        )


def connect(setup: Setup) -> Gammu:
    """Raises WrongUsage."""
    return Gammu(setup)
