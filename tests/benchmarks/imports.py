"""Importing large files into an empty address book, against merely reading the same bytes: a table by
Python's `csv` module, cards line by line."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from store import Store
from tests.benchmarks.report import Figure

ROWS = 100_000
CARDS_MEGABYTES = 50
AREAS = (212, 305, 415, 646, 713)


def figures() -> list[Figure]:
    """Each file is read and imported once, in this order."""
    with tempfile.TemporaryDirectory() as folder:
        table, cards = Path(folder) / "people.csv", Path(folder) / "people.vcf"
        table.write_text("First Name,Last Name,Mobile,Email,Unit\n" + "".join(_rows()), encoding="utf-8")
        with cards.open("w", encoding="utf-8") as file:
            # A little less than the most that is taken.
            count = sum(1 for card in _cards(CARDS_MEGABYTES * 1_000_000 - 1_000) if file.write(card))
        return [
            Figure.of_times(
                f"Import of {ROWS:,} CSV rows", _imported(table, ROWS), "csv", _timed(_csv_read, table), None
            ),
            Figure.of_times(
                f"Import of a vCard file of {CARDS_MEGABYTES} MB, {count:,} cards with pictures",
                _imported(cards, count),
                "its lines",
                _timed(_lines_read, cards),
                None,
            ),
        ]


def _phone(at: int, random_: random.Random) -> str:
    return f"({random_.choice(AREAS)}) {random_.randint(200, 999)}-{at % 10_000:04}"


def _rows() -> Iterator[str]:
    random_ = random.Random(1)
    for at in range(ROWS):
        yield f"First{at},Last{at},{_phone(at, random_)},p{at}@example.com,{at % 300}\n"


def _cards(size: int) -> Iterator[str]:
    """As phones export them, each with a small picture, until there are as many characters."""
    random_ = random.Random(2)
    picture = "".join(f" {'Q' * 74}\n" for _ in range(13))
    at = 0
    while size > 0:
        card = (
            f"BEGIN:VCARD\nVERSION:3.0\nN:Last{at};First{at};;;\nFN:First{at} Last{at}\n"
            f"TEL;TYPE=CELL:{_phone(at, random_)}\nEMAIL:p{at}@example.com\n"
            f"PHOTO;ENCODING=b;TYPE=JPEG:{'Q' * 40}\n{picture}END:VCARD\n"
        )
        size -= len(card)
        at += 1
        if size > 0:
            yield card


def _imported(path: Path, count: int) -> float:
    """Seconds until everybody of a file is in an address book that was empty."""
    store = Store(str(path.with_suffix(".sqlite3")))
    started = perf_counter()
    report = store.people.import_file(path, region="US")
    took = perf_counter() - started
    assert report.added + report.merged + report.unchanged + len(report.refused) == count
    store.close()
    return took


def _timed(read: Callable[[Path], None], path: Path) -> float:
    started = perf_counter()
    read(path)
    return perf_counter() - started


def _csv_read(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass


def _lines_read(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for _ in file:
            pass
