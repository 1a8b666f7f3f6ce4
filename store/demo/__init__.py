"""Invented data to look round in: an agent's texts and emails and a community's texts, with more than a year
behind them, and their contacts all over the world."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from store.clock import DemoClock, FixedClock, follow
from store.demo.languages import LANGUAGE, spoken
from store.demo.languages import languages as languages
from store.demo.when import NOW as NOW
from store.errors import RefusedByRule
from store.sentences import sentence

if TYPE_CHECKING:
    from store import Store
    from store.clock import Clock
    from store.demo.words import Words

SEED = 1
SETTING = "demo"
"""The setting by which a database is known to be one of demo data: the seed."""


def make(path: Path, language: str = LANGUAGE, seed: int = SEED) -> None:
    """Makes a database of demo data in a new file, and closes it: all of it is in that one file. language:
    the tag of the one in which groups and texts are. The same seed and language give the same data, row for
    row."""
    store = _open(path, FixedClock(NOW))
    try:
        fill(store, language, seed)
    finally:
        store.close()


def in_language(template: Path, language: str) -> Path:
    """Where the demo data in a language is, of which that in English is the template."""
    tag = spoken(language)
    return template if tag == LANGUAGE else template.with_suffix(f".{tag}{template.suffix}")


def open_copy(template: Path, folder: Path) -> Store:
    """Copies a database of demo data that was made into a folder, and opens the copy; see `open_made`."""
    copy = folder / "demo.sqlite3"
    shutil.copy(template, copy)  # as readable as that is
    return open_made(copy)


def open_kept(path: Path, language: str = LANGUAGE) -> Store:
    """Opens the database of demo data that a person keeps in a file; where there is no file yet it is made,
    in this language, all of it or nothing. Raises RefusedByRule for a file that holds anything else."""
    if not path.exists():
        from store.backup import give_name, new_file_beside

        with new_file_beside(path) as new:
            make(new, language)
            give_name(new, path)
    check_kept(path)
    return open_made(path)


def check_kept(path: Path) -> None:
    """Raises RefusedByRule where a file is there that holds anything else than demo data."""
    if path.exists() and not _is_made(path):
        raise RefusedByRule(
            sentence(
                "{path} already exists and isn't a demo database. It was left as it is. Choose a new "
                "file name.",
                path=str(path),
            ),
            code="no-demo-data",
        )


def open_made(path: Path) -> Store:
    """Opens a database of demo data. Its clock goes on from where that of its default account stands; nothing
    that is configured for other databases counts, no mail leaves, and no money is taken."""
    clock = DemoClock()
    store = _open(path, clock)
    account = store.credits.account()
    follow(clock, account.id, account.clock_floor)
    return store


def is_demo(store: Store) -> bool:
    """Whether an open database is one of demo data."""
    return store.settings.read(SETTING) is not None


def fill(store: Store, language: str = LANGUAGE, seed: int = SEED) -> None:
    """Fills an empty store with three accounts, their contacts and all that they did up to `NOW`.

    store: one with a FixedClock, which is moved along. language, seed: as in `make`.
    """
    # By those only who make demo data, not by those who open some.
    from store.demo import agent, community, emails, replies
    from store.demo.generator import Hand
    from store.demo.words import AGENTS_GROUPS, COMMUNITYS_GROUPS, read
    from store.people.tables import Change

    clock = store.clock
    if not isinstance(clock, FixedClock):
        raise TypeError("demo data is written by a clock that can be moved")
    # One transaction: a year of commits, one by one, would take as long as they did to invent.
    with store.database.transaction():
        words = read(spoken(language))
        _name_mails(store, seed)
        _bring_in_people(store, words)
        hand = Hand(store, clock, words, seed)
        ids = []
        for account in (agent, emails, community):
            account.write(hand)
            replies.read_all_but_the_latest(store, hand.account_id)
            ids.append(hand.account_id)
            clock.instant = NOW
            store.credits.catch_up(hand.account_id)
            store.credits.mark_shown([one.id for one in store.credits.notices_to_show(hand.account_id)])
        for number, draft in enumerate(words.drafts, 1):
            clock.instant = NOW - timedelta(hours=len(words.drafts) - number)
            hand.messenger.save_draft(replace(draft, account_id=ids[0]))
        for groups, owners in ((AGENTS_GROUPS, ids[:2]), (COMMUNITYS_GROUPS, ids[2:])):
            for name in groups:
                store.people.limit_group(words.of(name), owners)
        store.database.run(Change.delete())  # what somebody does here is undone, not what the data began with
        store.settings.write("account", str(store.credits.accounts()[0].id))
        store.settings.write(SETTING, str(seed))


def _name_mails(store: Store, seed: int) -> None:
    """Gives the database what names its mails, which is by chance elsewhere."""
    import random

    from store.emails.unsubscribing import KEY
    from store.mail.mailers import SETTING as TOKEN

    chance = random.Random(f"mails of {seed}")
    store.settings.once(TOKEN, chance.randbytes(6).hex())
    store.settings.once(KEY, chance.randbytes(32).hex())


def _bring_in_people(store: Store, words: Words) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        own = words.write_people(file)
        store.people.import_file(file, region="US", mapping=own)


def _open(path: Path, clock: Clock) -> Store:
    from store import Store

    return Store(str(path), clock=clock, demo=True)


def _is_made(path: Path) -> bool:
    """Looks into a file without changing it, whatever it is, and without leaving anything beside it."""
    # Only where somebody has it open, all is not in the one file.
    how = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as database:
            found = database.execute("SELECT 1 FROM setting WHERE name = ?", (SETTING,)).fetchone()
    except sqlite3.Error:
        return False
    return found is not None
