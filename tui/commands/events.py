"""`textmeter events`: what came in, receipts and replies, for other programs to hook in."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, Number, flag, option
from tui.commands.context import Session, as_json, write
from tui.i18n.language import Language
from tui.signals import told_by

if TYPE_CHECKING:
    from store.messages.events import Kept

EVERY = 0.5
"""Seconds between two looks."""


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "events",
        run,
        about=_("Print incoming receipts and replies, one JSON object per line."),
        more=_(
            "With --follow, keeps printing new events until Ctrl-C or SIGTERM, starting now or "
            "after the event number you give."
        ),
        params=[
            flag("--jsonl", _("Print one JSON object per line.")),
            flag("--follow", _("Keep printing new events.")),
            option("--after", _("NUMBER"), _("Start after this event."), Number()),
        ],
        examples=["textmeter events --follow --jsonl", "textmeter events --jsonl --after 1200"],
    )


def run(session: Session, jsonl: bool, follow: bool, after: int | None) -> None:
    if not jsonl:
        raise WrongUsage(
            sentence("Add --jsonl: events are printed only as JSON, one object per line."), code="usage"
        )
    with session.open_store() as store, told_by(signal.SIGINT, signal.SIGTERM) as stop:
        last = after if after is not None else (store.messages.last_event() if follow else 0)
        while True:
            while not stop.is_set() and (page := store.messages.events(last)):
                for event in page:
                    write(as_json(_told(event)) + "\n")
                last = page[-1].id
            if sys.stdout is not None:
                sys.stdout.flush()
            if not follow or stop.wait(EVERY):
                return


def _told(event: Kept) -> dict[str, object]:
    about = {"id": event.id, "at": event.at.isoformat(), "sender": event.sender, "event": event.kind}
    return {**about, **event.data, "outcome": event.outcome}
