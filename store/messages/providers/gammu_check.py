"""What has to be right for gammu-smsd to carry texts: its folders, its configuration, and that it runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from contextlib import suppress
from pathlib import Path

from store.errors import reason
from store.messages.providers import Finding, Severity
from store.sentences import Sentence, sentence

_PATHS = {"outbox": "outboxpath", "inbox": "inboxpath", "sent": "sentsmspath", "error": "errorsmspath"}
"""What gammu-smsd's configuration calls our options."""

_NEEDS = {
    "outbox": os.R_OK | os.W_OK | os.X_OK,
    "inbox": os.R_OK | os.X_OK,
    "sent": os.X_OK,
    "error": os.X_OK,
}

_STUCK = 300.0
"""Seconds after which a text in the outbox should have left."""


def findings(options: Mapping[str, str]) -> list[Finding]:
    """options: those of the provider."""
    found = [*_folders(options), *_running(Path(options["outbox"]))]
    if options["config"]:
        found += _configuration(Path(options["config"]), options)
    return found or [Finding(Severity.OK, sentence("gammu-smsd is ready."))]


def _folders(options: Mapping[str, str]) -> Iterator[Finding]:
    devices = set()
    for name, needs in _NEEDS.items():
        folder = Path(options[name])
        try:
            devices.add(folder.stat().st_dev)
            is_fit = folder.is_dir() and os.access(folder, needs)
            why: Sentence | str = sentence("it isn't a folder, or you don't have access")
        except OSError as error:
            is_fit, why = False, reason(error)
        if not is_fit:
            yield Finding(
                Severity.ERROR,
                sentence("Can't use the folder {folder}: {why}.", folder=str(folder), why=why),
                sentence("Correct `{name}`, or join the group that owns the folder.", name=name),
            )
    if len(devices) > 1:
        yield Finding(
            Severity.WARNING,
            sentence(
                "gammu-smsd's folders are on several file systems, so a text can be in two of them at once."
            ),
            sentence("Put outbox, inbox, sent and error on one file system."),
        )


def _running(outbox: Path) -> Iterator[Finding]:
    processes = Path("/proc")
    if (processes / "self/comm").exists() and not any(map(_is_gammu, processes.glob("[0-9]*/comm"))):
        yield Finding(
            Severity.WARNING,
            sentence("gammu-smsd isn't running on this computer."),
            sentence("Start it, unless it runs on another computer that shares these folders."),
        )
    with suppress(OSError):
        ages = [time.time() - file.stat().st_mtime for file in outbox.glob("OUT*")]
        if ages and max(ages) > _STUCK:
            yield Finding(
                Severity.ERROR,
                sentence("Texts have been waiting in the outbox for more than five minutes."),
                sentence("Check gammu-smsd's log: it may be stopped, or unable to reach the modem."),
            )


def _is_gammu(process: Path) -> bool:
    with suppress(OSError):
        return process.read_text(errors="replace").strip() == "gammu-smsd"
    return False


def _configuration(file: Path, options: Mapping[str, str]) -> Iterator[Finding]:
    parser = ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read_string(file.read_text(errors="replace"))
        smsd = {name: (value or "").strip() for name, value in parser["smsd"].items()}
    except (OSError, Error, KeyError):
        yield Finding(
            Severity.WARNING,
            sentence("Can't read gammu-smsd's configuration {file}.", file=str(file)),
            sentence("Correct `config`, or leave it empty."),
        )
        return
    for name, called in _PATHS.items():
        if os.path.realpath(smsd.get(called, "")) != os.path.realpath(options[name]) or called not in smsd:
            yield _wrong(
                called,
                options[name],
                sentence("gammu-smsd uses a different folder than `{name}`.", name=name),
            )
    for called, good, says in (
        (
            "service",
            "files",
            sentence("gammu-smsd keeps its texts in a database instead of folders."),
        ),
        (
            "transmitformat",
            "auto",
            sentence("gammu-smsd sends everything as plain text, so emoji and non-Latin letters are lost."),
        ),
        (
            "inboxformat",
            "unicode",
            sentence("Replies may lose emoji and accents, or be unreadable."),
        ),
    ):
        if smsd.get(called, "").lower() != good:
            yield _wrong(called, good, says)
    if smsd.get("deliveryreport", "").lower() == "sms":
        yield _wrong("deliveryreport", "log", sentence("Delivery reports appear as replies from the person."))


def _wrong(called: str, good: str, says: Sentence) -> Finding:
    severity = Severity.WARNING if called == "inboxformat" else Severity.ERROR
    return Finding(
        severity,
        says,
        sentence("Set {setting} in gammu-smsd's configuration and restart it.", setting=f"{called} = {good}"),
    )
