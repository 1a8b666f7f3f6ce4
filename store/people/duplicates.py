"""Who may be in the address book twice: pairs of contacts, each with why.

Looking at everybody takes one pass: contacts that have something in common stand together, by name, and each
is held against the few behind it only. So 100,000 take a second, however many share a company's number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, TypeAlias

from store.people.names import fold

Why: TypeAlias = Literal["number", "email", "name", "household"]
"""A number or an address that both have, the same name and company, a similar name in the same household."""

BEHIND = 8
"""How many of those that it stands together with each contact is held against."""
SIMILAR = 0.75
"""From which on parts of two names are similar: the share of their letters that they have in common, in
order."""


class Known(NamedTuple):
    """Of a contact, what tells that another is the same. name: folded, as it is sorted; "" where there is
    none. phones: E.164; emails: folded."""

    id: int
    name: str
    company: str
    household: str
    phones: Sequence[str]
    emails: Sequence[str]


class Likely(NamedTuple):
    """Two contacts that may be one person. first: the id of the one that was added first. similar: whether
    their names are."""

    first: int
    second: int
    why: tuple[Why, ...]
    similar: bool


def likely(people: Iterable[Known], apart: Collection[tuple[int, int]] = frozenset()) -> list[Likely]:
    """The pairs that may be one person, the likeliest first: similar names with a number or an address, in a
    household, with nothing else in common, and last other names with one number, which a couple has too.
    apart: pairs of ids, the smaller first, that are known to be two."""
    together: dict[tuple[Why, str], list[Known]] = defaultdict(list)
    for one in people:
        for why, value in _of(one):
            together[why, value].append(one)
    common: dict[tuple[int, int], dict[Why, None]] = defaultdict(dict)
    names: dict[tuple[int, int], bool] = {}
    for (why, _), found in together.items():
        for one, other in _near(found):
            ids = min(one.id, other.id), max(one.id, other.id)
            if ids in apart:
                continue
            if ids not in names:
                names[ids] = similar(one.name, other.name)
            if why != "household" or names[ids]:
                common[ids][why] = None
    pairs = [Likely(*ids, tuple(common[ids]), names[ids]) for ids in common]
    return sorted(pairs, key=lambda pair: (_rank(pair), -len(pair.why), pair.first, pair.second))


def _rank(pair: Likely) -> int:
    if not pair.similar:
        return 3
    ways = [{"number", "email"}, {"household"}, {"name"}]
    return next(rank for rank, way in enumerate(ways) if way.intersection(pair.why))


def similar(one: str, other: str) -> bool:
    """Whether two folded names may be one person's: a part is missing or stands elsewhere, or a few letters
    differ in the parts that aren't the same. One without a name may be anybody."""
    if not one or not other or one == other:
        return True
    words, others = set(one.split()), set(other.split())
    if words <= others or others <= words:
        return True
    # Without what they share: people of one household have one last name and different first names.
    first, second = " ".join(sorted(words - others)), " ".join(sorted(others - words))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


def _of(one: Known) -> Iterator[tuple[Why, str]]:
    for phone in dict.fromkeys(one.phones):
        yield "number", phone
    for email in dict.fromkeys(one.emails):
        yield "email", email
    if one.name:
        yield "name", f"{one.name}\n{fold(one.company)}"
        if one.household:
            yield "household", fold(one.household)


def _near(found: list[Known]) -> Iterator[tuple[Known, Known]]:
    """Pairs of those who have something in common: each with the few behind it, by name."""
    if len(found) > 1:
        found.sort(key=lambda one: (one.name, one.id))
        for at, one in enumerate(found):
            for other in found[at + 1 : at + 1 + BEHIND]:
                yield one, other
