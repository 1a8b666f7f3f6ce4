"""Backups of a database in a file: a copy of one moment while others go on writing, and a copy put back only
once it was found whole. What was there before is never written over."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.clock import SystemClock
from store.credits.model import Verification
from store.engines.urls import file_path, is_served, shown
from store.errors import DatabaseTrouble, RefusedByRule, TextmeterError, reason
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    from store.people.model import Said

BUSY_SECONDS = 5
ABANDONED_AFTER = 24 * 60 * 60
"""Seconds after which a copy that nobody wrote to is one of a backup that was killed."""


class BackupTrouble(TextmeterError):
    """A backup can't be made, or can't be put back. Nothing was changed."""

    default_code = "backup"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. kept: where the database is that was there before, None where none was. doubtful:
    how many texts waited in it, and may have left since; they are unknown now. opt_outs: how many opt-outs
    that it hasn't were taken over from the database that was there before."""

    found: Verification
    kept: Path | None
    doubtful: int
    opt_outs: int


def back_up(url: str, target: Path) -> int:
    """Copies a database into a new file, readable by its owner only; its size in bytes. Raises BackupTrouble,
    also where the file is there already, and RefusedByRule for a database that a server keeps."""
    source = _file_of(url)
    if not source.is_file():
        raise BackupTrouble(
            sentence("There is no database at {path} yet, so nothing was copied.", path=str(source)),
            code="no-database",
        )
    if target.exists() or target.is_symlink():
        raise _is_there(target)
    with new_file_beside(target) as copy:
        _copy(source, copy, "rw")
        _check(copy, source)
        _settle(copy, "DELETE")
        give_name(copy, target)
    return target.stat().st_size


def restore(url: str, backup: Path) -> Restored:
    """Puts a backup in a database's place, once it is whole and its ledger agrees with itself. Raises
    BackupTrouble, DatabaseTrouble where others use the present database, and RefusedByRule for one that a
    server keeps. No other database may be open in this process."""
    target = _file_of(url)
    if not backup.is_file():
        raise BackupTrouble(
            sentence("There is no file {path}. Nothing was changed.", path=str(backup)), code="no-file"
        )
    if target.exists() and backup.samefile(target):
        raise BackupTrouble(
            sentence("{path} is the database itself. Nothing was changed.", path=str(backup)),
            code="same-file",
        )
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot(target.parent, error) from error
    with new_file_beside(target) as copy:
        _copy(backup, copy, "ro")
        _check(copy, backup)
        found, doubtful, opt_outs = _replay(copy, backup, _opt_outs(target) if target.exists() else [])
        _settle(copy, "WAL")
        kept = _keep(target) if target.exists() else None
        copy.replace(target)
    return Restored(found, kept, doubtful, opt_outs)


def _opt_outs(target: Path) -> list[Said]:
    """Who is out in a database that a backup is put in the place of; nobody where it can't be read, or is of
    a time before there were opt-outs."""
    from store.clock import instant
    from store.people.model import ConsentState, Said

    with contextlib.suppress(sqlite3.DatabaseError):
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT id, consent.number, how, why, at, person, consent.sender FROM consent "
                "JOIN consent_record ON id = since WHERE consent.state = 'out' ORDER BY id"
            ).fetchall()
        return [
            Said(id, number, ConsentState.OUT, how, why, instant(at), person, sender)
            for id, number, how, why, at, person, sender in rows
        ]
    return []


def _file_of(url: str) -> Path:
    if is_served(url):
        raise RefusedByRule(
            sentence(
                "{database} is on a server. Copy it with the server's own tools, pg_dump and "
                "pg_restore. Nothing was changed.",
                database=shown(url),
            ),
            code="served-database",
        )
    return file_path(url).resolve()


@contextlib.contextmanager
def new_file_beside(target: Path) -> Iterator[Path]:
    """An empty file in the target's folder, gone at the end where it wasn't put anywhere. What was left there
    by one that was killed goes, too."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.????????*"):
        with contextlib.suppress(OSError):
            if time.time() - left.lstat().st_mtime > ABANDONED_AFTER:
                left.unlink()
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise _cannot(target.parent, error) from error
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for leftover in ("", "-wal", "-shm", "-journal"):
            Path(name + leftover).unlink(missing_ok=True)


def _copy(source: Path, copy: Path, mode: str) -> None:
    """By SQLite itself, so that what is written meanwhile is in it as a whole or not at all. mode: "ro"
    leaves the source as it is, "rw" tidies up what others left beside it."""
    with (
        _said_of(source),
        closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode={mode}", timeout=BUSY_SECONDS, uri=True)
        ) as reader,
        closing(sqlite3.connect(copy)) as writer,
    ):
        reader.backup(writer)


def _check(copy: Path, source: Path) -> None:
    """Raises BackupTrouble for a copy that isn't whole, or of something else."""
    with _said_of(source), closing(sqlite3.connect(copy)) as database:
        (answer,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok" or database.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.DatabaseError(answer)
        database.execute("SELECT version FROM schema_version")


def _replay(copy: Path, backup: Path, opt_outs: list[Said]) -> tuple[Verification, int, int]:
    """What a replay of a copy's ledger finds, how many texts waited in it, and how many of these opt-outs it
    hadn't. Raises BackupTrouble where it
    doesn't agree with itself."""
    from store import Store

    try:
        store = Store(str(copy))
        try:
            with store.connection():
                found, doubtful = store.credits.verify(), store.messages.doubt_queued()
                kept = store.consent.keep_outs(opt_outs)
        finally:
            store.close()
    except DatabaseTrouble as trouble:  # which names the copy
        says = trouble.says
        named = Sentence(says.template, {**says.values, "path": str(backup)}, says.plural)
        raise BackupTrouble(named, code=trouble.code) from trouble
    if not found.ok:
        raise BackupTrouble(
            sentence(
                "The ledger in {path} doesn't add up: {problem} Nothing was changed.",
                path=str(backup),
                problem=found.problems[0],
            ),
            code="unsound-backup",
        )
    return found, doubtful, kept


def _settle(copy: Path, journal: str) -> None:
    """Has all of a copy in its one file, and on the disk. journal: how changes to it are to be written."""
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute(f"PRAGMA journal_mode = {journal}")
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def give_name(copy: Path, target: Path) -> None:
    """Gives a finished copy its name, unless somebody else has taken it meanwhile."""
    try:
        _link(target, copy)
    except FileExistsError as error:
        raise _is_there(target) from error
    except OSError as error:
        raise _cannot(target, error) from error


def _keep(target: Path) -> Path:
    """Puts the present database beside its place, with what SQLite keeps beside it. Where it is sound, all of
    that is in the one file."""
    try:
        # Refused while another connection is open: whoever has it would go on writing into what is kept.
        with closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise DatabaseTrouble(
                sentence(
                    "{path} is in use by another program. Nothing was changed. Close Textmeter everywhere "
                    "and try again.",
                    path=str(target),
                ),
                code="locked",
            ) from error
        # It is damaged, which is why a backup is put in its place.
    kept = _free_name(target)
    try:
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{target}{suffix}").rename(f"{kept}{suffix}")
        _link(kept, target)  # rather than renamed, so that there is a database at every moment
    except OSError as error:
        raise _cannot(kept, error) from error
    return kept


def _free_name(target: Path) -> Path:
    stem = f"{target}.{SystemClock().now():%Y%m%d-%H%M%S}"
    kept, number = Path(stem), 1
    while kept.exists():
        number += 1
        kept = Path(f"{stem}-{number}")
    return kept


def _link(name: Path, file: Path) -> None:
    """A second name for a file, or a copy where the file system knows no such thing. Raises FileExistsError
    where the name is taken."""
    try:
        name.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:
        with name.open("xb") as copy, file.open("rb") as original:
            name.chmod(0o600)
            shutil.copyfileobj(original, copy)


@contextlib.contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """What SQLite finds wrong while a file is read, as people are told."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            says = sentence("Can't copy {path}: {why}. Nothing was changed.", path=str(path), why=str(error))
        else:
            says = sentence(
                "{path} is damaged or isn't a Textmeter database ({why}). Nothing was changed.",
                path=str(path),
                why=str(error),
            )
        raise BackupTrouble(says, code="unreadable-backup") from error


def _is_there(path: Path) -> BackupTrouble:
    return BackupTrouble(
        sentence("{path} already exists and was left as it is. Choose a new file name.", path=str(path)),
        code="file-exists",
    )


def _cannot(path: Path, error: OSError) -> BackupTrouble:
    return BackupTrouble(
        sentence("Can't write to {path}: {why}. Nothing was changed.", path=str(path), why=reason(error)),
        code="unwritable",
    )
