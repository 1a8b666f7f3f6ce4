"""What a file says about a person, before it is decided whether that person is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from store.errors import TextmeterError
from store.people.names import fold
from store.sentences import Sentence


class ImportRefused(TextmeterError):
    """A file that nothing could be taken from; nothing was changed."""

    default_code = "import-refused"


Step: TypeAlias = Callable[[], None]
"""Called at each line of a file, in all the passes over it; what it raises ends the import."""


def no_step() -> None:
    """Where nobody wants to know."""


class Note(NamedTuple):
    """Something to tell about a row. code: a stable word."""

    code: str
    says: Sentence


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of a CSV file or a card of a vCard file. Texts are tidy; phones are as written, the best one
    first.

    number: its place in the file, 1 is the first after a header. refused: why it couldn't be read; then
    nothing else of it counts but the name. notes: what was seen while it was read.
    """

    number: int
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    refused: Note | None = None


EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
"""What is taken for an email address: whether it exists, only its mail server knows."""


def vocabulary(words: str) -> frozenset[str]:
    """The words of a text that lists them."""
    return frozenset(words.split())


_WORD = re.compile(r"[^\W_]+")

_KINDS = {
    **dict.fromkeys(vocabulary("mobile cell cellphone cellular iphone movil celular mobil"), 0),
    **dict.fromkeys(vocabulary("main primary principal"), 1),
    **dict.fromkeys(vocabulary("home casa particular"), 2),
    **dict.fromkeys(vocabulary("work business office company trabajo oficina empresa profesional"), 3),
}
_PLAIN = vocabulary(
    "phone phones telephone tel telefono number numero value voice pref preferred text msg video de del la el"
)
_NO_TEXTS = vocabulary("fax pager telex isdn callback radio tty tdd assistant busca buscapersonas")
_UNNAMED, _OTHER = 1, 4


def phone_rank(label: str) -> int | None:
    """How well a number of this kind can be texted, 0 is best; None for a fax, a pager and the like.

    label: a column's name or the kind that an address book gives ("Mobile", "_$!<Home>!$_",
    "type=WORK,VOICE"). A number of no named kind counts as the main one.
    """
    words = {word for word in words_of(label) if word not in _PLAIN and not word.isdigit()}
    if words & _NO_TEXTS:
        return None
    if not words:
        return _UNNAMED
    return min((_KINDS.get(word, _OTHER) for word in words), default=_OTHER)


def words_of(text: str) -> list[str]:
    """The folded words of a label or a column's name, signs aside."""
    return _WORD.findall(fold(text))


_SYSTEM_GROUPS = frozenset({"mycontacts", "my contacts", "starred", "other contacts", "starred in android"})


def group_names(raw: Iterable[str]) -> tuple[str, ...]:
    """Names of groups as people gave them: without the ones that Google puts everybody into, and its "* "."""
    names: dict[str, str] = {}
    for name in raw:
        name = name.strip().removeprefix("*").strip()
        if name and fold(name) not in _SYSTEM_GROUPS:
            names.setdefault(fold(name), name)
    return tuple(names.values())
