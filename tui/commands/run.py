"""`textmeter run`: does, without the app, what the app does by itself while it is open."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import click

from store import config, logs
from store.errors import DatabaseTrouble, WrongUsage
from store.log_file import note_round, write_log
from store.redaction import Word
from store.sentences import Sentence, sentence, sentences
from tui.commands.click_ext import Command, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.signals import told_by

if TYPE_CHECKING:
    from store import Store
    from store.maintenance import Round
    from store.messages.model import BlastSummary

AGAIN_AFTER = 15.0
"""Seconds after which delivery is tried again where the database stopped it."""


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "run",
        run,
        about=_("Send queued messages and keep accounts up to date, without the app."),
        more=_(
            "Sends queued texts and collects receipts, renews accounts on time, charges what is "
            "due, and sends notices and payment receipts by email if mail is set up. Runs until "
            "Ctrl-C or SIGTERM, and finishes the text in progress before it stops. You can run "
            "several on one database."
        ),
        params=[
            flag("--once", _("Do what is due now, then quit.")),
            option(
                "--listen",
                _("HOST:PORT"),
                _("Listen here for calls from providers, at /SENDER for each sender."),
            ),
            option(
                "--public-url",
                _("URL"),
                _(
                    "The public address providers call, if it differs from --listen. Their signatures "
                    "depend on it."
                ),
            ),
        ],
        examples=[
            "textmeter run",
            "textmeter run --listen 127.0.0.1:8090 --public-url https://texts.example.com",
            "textmeter run --once --json",
        ],
    )


def run(session: Session, once: bool, listen: str | None, public_url: str | None) -> None:
    listen = listen or config.text("run.listen") or None
    public_url = public_url or config.text("run.public_url")
    with (
        session.open_store() as store,
        told_by(signal.SIGINT, signal.SIGTERM) as stop,
        _listening(store, listen, public_url) as port,
    ):
        log = _Log(session)
        write_log()
        logs.log().info("run began")
        if port:
            log.done(sentence("Listening for providers on port {port}.", port=str(port)))
        with ThreadPoolExecutor(1) as pool:
            keeping = pool.submit(_keep_up, session, store, log, stop, forever=not once)
            try:
                _deliver(session, store, log, stop, forever=not once)
            finally:
                if not once:
                    stop.set()
                keeping.result()
    logs.log().info("run ended")
    if session.json:
        session.answer({"boundaries": log.boundaries, "unpaid": log.unpaid, "mails": log.mails})


@contextmanager
def _listening(store: Store, listen: str | None, public_url: str) -> Iterator[int]:
    """Takes calls where that is wanted: at which port, 0 at none."""
    if listen is None:
        yield 0
        return
    from tui.serving.listener import listening

    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise WrongUsage(
            sentence("--listen needs HOST:PORT, such as 127.0.0.1:8090, not {listen}.", listen=listen),
            code="usage",
        )
    with listening(store, host.strip("[]"), int(port), public_url) as listener:
        yield listener.port


class _Log:
    """What was done so far, told as it happens."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._trouble: tuple[Sentence, ...] = ()
        self.boundaries = self.unpaid = self.mails = 0

    def done(self, says: Sentence) -> None:
        if not self._session.json:
            self._session.say(plain(self._session.language.say(says)))

    def trouble(self, says: tuple[Sentence, ...]) -> None:
        """Tells what goes wrong once, as long as it goes on."""
        for one in says:
            if one not in self._trouble:
                self._session.warn(one)
        self._trouble = says

    def progressed(self, blast: BlastSummary) -> None:
        if not blast.left:
            self.done(
                sentences(
                    "Text {blast} went out to {count} person.",
                    "Text {blast} went out to {count} people.",
                    blast.recipients,
                    blast=blast.id,
                )
            )

    def kept_up(self, found: Round) -> None:
        note_round()
        if found.boundaries or found.mails or found.trouble:
            logs.log().info(
                "round: %s boundaries, %s mails, %s unpaid, %s troubles",
                found.boundaries,
                found.mails,
                found.unpaid,
                len(found.trouble),
            )
        self.boundaries += found.boundaries
        self.mails += found.mails
        if found.boundaries:
            self.done(
                sentences(
                    "{count} renewal or expiration.", "{count} renewals and expirations.", found.boundaries
                )
            )
        if found.mails:
            self.done(sentences("{count} email sent.", "{count} emails sent.", found.mails))
        if found.unpaid > self.unpaid:
            self.done(
                sentence("Unpaid orders: {unpaid}. See why with `textmeter orders`.", unpaid=found.unpaid)
            )
        self.unpaid = found.unpaid
        self.trouble(found.trouble + found.waiting)


def _deliver(session: Session, store: Store, log: _Log, stop: Event, *, forever: bool) -> None:
    while True:
        try:
            store.messages.deliver(stop=stop, on_progress=log.progressed, forever=forever)
        except DatabaseTrouble as trouble:
            if not forever:
                raise
            session.warn(trouble.says)
            logs.log().warning("delivery stopped: %s", Word(trouble.code))
        if not forever or stop.wait(AGAIN_AFTER):
            return


def _keep_up(session: Session, store: Store, log: _Log, stop: Event, *, forever: bool) -> None:
    from store.maintenance import keep_up
    from tui.notices.email import text

    chosen = None if session.language_asked else store.settings.read("language")
    language = Language(chosen, session.language.home) if chosen else session.language
    try:
        keep_up(store, partial(text, language), log.kept_up, stop=stop, forever=forever)
    finally:
        if forever:
            stop.set()  # nothing goes on without it
