"""What a file says about a person, before it is decided whether that person is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from store.errors import TextmeterError
from store.people.imports.vocabulary import parts_of, vocabulary, words_of
from store.people.model import Column
from store.people.names import fold
from store.sentences import Sentence


class ImportRefused(TextmeterError):
    """A file that nothing could be taken from; nothing was changed."""

    default_code = "import-refused"


class NobodyReached(ImportRefused):
    """A table without a column of numbers or addresses. columns: those that it has; one of them may be told
    to be such a one."""

    default_code = "missing-column"

    def __init__(self, says: Sentence, columns: tuple[Column, ...]) -> None:
        super().__init__(says)
        self.columns = columns


Step: TypeAlias = Callable[[], None]
"""Called at each line of a file, in all the passes over it; what it raises ends the import."""


def no_step() -> None:
    """Where nobody wants to know."""


class Note(NamedTuple):
    """Something to tell about a row. code: a stable word; left_out: whether something of the row is not
    taken."""

    code: str
    says: Sentence
    left_out: bool = False


class IncomingNumber(NamedTuple):
    """A number as written. kind: "mobile", "home", "work", "fax" (all that takes no texts), "other", or ""
    where nothing is said; label: what the file calls it. regions: in which it is read, one after the other,
    where it has no country code, "" being the import's own. rank: how well its kind can be texted, 0 is best.
    consent: as in `Incoming`, of this number alone."""

    written: str
    kind: str = ""
    label: str = ""
    regions: tuple[str, ...] = ("",)
    rank: int = 1
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of a table or a card of a vCard file. Texts are tidy; numbers are as written, the best one first.

    number: its place in the file, 1 is the first after a header. fields: the person's own, by names as merge
    fields have them. language: a tag, and zone a name, as written. household: the name of those who live
    together. consent: "in", "out", or "" where nothing is said. refused: why it couldn't be read; then
    nothing else of it counts but the name. nobody: it is no person, and why. notes: what was seen while it
    was read. in_order: the first number is the one to text, whatever else there is.
    """

    number: int
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    numbers: tuple[IncomingNumber, ...] = ()
    emails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    note: str = ""
    address: str = ""
    language: str = ""
    zone: str = ""
    household: str = ""
    consent: str = ""
    notes: tuple[Note, ...] = ()
    in_order: bool = False
    refused: Note | None = None
    nobody: Note | None = None


EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
"""What is taken for an email address: whether it exists, only its mail server knows."""


class Kind(NamedTuple):
    """What sort of number it is, and how well it can be texted; see `IncomingNumber`."""

    kind: str
    rank: int


FAX = "fax"
PLAIN = Kind("", 1)
"""Of a number that nothing is said about."""
_BY_WORD = {
    "mobile": Kind("mobile", 0),
    "main": PLAIN,
    "home": Kind("home", 2),
    "work": Kind("work", 3),
    "other": Kind("other", 4),
}
NO_TEXTS = 9
"""The rank of what is never texted."""


@lru_cache(maxsize=4096)
def kind_of(label: str) -> Kind:
    """The kind that a column's name or an address book's label says ("Mobile", "_$!<Home>!$_",
    "type=WORK,VOICE"). A number of no named kind counts as the main one, one of somebody's own kind comes
    last."""
    known = vocabulary()
    plain = known.phone | known.fillers | known.kind_words
    words = [word for word in parts_of(words_of(label)) if word not in known.roles and not word.isdigit()]
    kinds = {known.kinds[word] for word in words if word in known.kinds}
    if kinds & {"fax", "no_texts"}:
        return Kind(FAX, NO_TEXTS)
    if kinds:
        return min((_BY_WORD[kind] for kind in kinds), key=lambda kind: kind.rank)
    return PLAIN if all(word in plain for word in words) else _BY_WORD["other"]


_SYSTEM_GROUPS = frozenset({"mycontacts", "my contacts", "starred", "other contacts", "starred in android"})


def group_names(raw: Iterable[str]) -> tuple[str, ...]:
    """Names of groups as people gave them: without the ones that Google puts everybody into, and its "* "."""
    names: dict[str, str] = {}
    for name in raw:
        name = name.strip().removeprefix("*").strip()
        if name and fold(name) not in _SYSTEM_GROUPS:
            names.setdefault(fold(name), name)
    return tuple(names.values())
