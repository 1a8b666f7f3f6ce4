"""Which column of a table means what: by the names that address books, programs and people give them in ten
languages (see `vocabulary`), or as somebody says who imports it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from store.people.export import FIRST, LAST
from store.people.imports.consents import IN, consent_column
from store.people.imports.incoming import PLAIN, Kind, kind_of
from store.people.imports.vocabulary import parts_of, vocabulary, words_of
from store.people.names import fold

IGNORE = "ignore"
UNDERSTOOD = "Phone, Mobile, Email, First name, Last name, Name, Company, Groups"
"""Column names to tell somebody whose file has none that are understood."""

_NUMBERS = ("phone", "mobile", "home", "work", "fax")
"""Fields of numbers, by their kinds."""
_TEXTS = (
    "first_name",
    "middle_name",
    "last_name",
    "name",
    "company",
    "notes",
    "language",
    "zone",
    "household",
)
_NAMES = ("first_name", "last_name", "name")
_CODES = ("country", "calling_code", "area_code")
_NOT_OWN = {*_TEXTS, *_CODES, "phone", "kind", "email", "groups", "address", "consent"}
_REPORTED_AS = {"kind": "phone", "calling_code": "country", "area_code": "phone"}
_SAID_ALONE = ("mobile", "fax", "no_texts")
"""Kinds that mean a number without the word: "Cell", but not "Home"."""
_GOOGLE_GROUPS = {"labels", "groupmembership"}
_WHICH = {"address", "mailing", "property", "site", "billing", "shipping", "postal", "legal", "current"}
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of numbers. kind: what its name says; label: the column that says in each row what kind they
    are; codes: those with their country or calling code; area: the one with their area code; consents:
    those that say whether they may be texted, each with what a yes means there. None and () for what there
    isn't."""

    index: int
    kind: Kind
    label: int | None = None
    codes: tuple[int, ...] = ()
    area: int | None = None
    consents: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row things stand. fields: what each column became, None for one that isn't used.

    Indices ascend. texts: columns by field, of those in `_TEXTS`. addresses: those of each address.
    own: those of the person's own fields, with the field's name. consents: of the person, with what a yes
    means there. countries: where numbers are read that have no code of their own. is_ours: it is our own
    export, whose names and order of numbers are as somebody wanted them.
    """

    fields: tuple[str | None, ...]
    texts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    numbers: tuple[NumberColumn, ...] = ()
    emails: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    group_separators: str = ""
    addresses: tuple[tuple[int, ...], ...] = ()
    own: tuple[tuple[int, str], ...] = ()
    countries: tuple[int, ...] = ()
    consents: tuple[tuple[int, str], ...] = ()
    is_ours: bool = False

    @property
    def recognised(self) -> int:
        """How many columns are understood."""
        return sum(each is not None for each in self.fields)

    @property
    def reaches(self) -> bool:
        """Whether somebody can be reached by what stands there."""
        return bool(self.numbers or self.emails)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a column's name says. field: as in `Columns.fields`, and "kind" for the kind of a number. person:
    whose it is ("owner", "owner 2"), "" where nothing is said. stem: what else is said, by which columns
    about one number find one another. yes: of a column of consent. whole: the compact name.
    own: whether it is a field of people's own."""

    field: str
    person: str = ""
    stem: tuple[str, ...] = ()
    kind: Kind = PLAIN
    yes: str = ""
    whole: str = ""
    own: bool = False


def own_field(name: str) -> str:
    """A field of one's own as merge fields have it: "Flat No." is flat_no."""
    return re.sub(r"\W+", "_", fold(name)).strip("_")


def columns(header: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """What the columns of a header mean. mapping: fields by names of columns, which go before all guesses."""
    said = {fold(name).strip(): each for name, each in (mapping or {}).items()}
    meanings: list[_Meaning | None] = []
    last = _last_of_ours(header)
    for index, name in enumerate(header):
        own = said.get(fold(name).strip(), said.get(str(index + 1)))
        if own is not None:
            meanings.append(_told(name, own))
        elif last is not None and index > last:
            meanings.append(_Meaning(own_field(name), own=True) if own_field(name) else None)
        else:
            meanings.append(_meaning(name))
    return replace(_assembled(_of_one_person(meanings)), is_ours=last is not None)


def _last_of_ours(header: Sequence[str]) -> int | None:
    """Of our own export, the last column that is none of people's own; None for any other file."""
    if tuple(header[: len(FIRST)]) != FIRST or LAST[-1] not in header:
        return None
    last = header.index(LAST[-1])
    return last if tuple(header[last + 1 - len(LAST) : last + 1]) == LAST else None


def _told(name: str, said: str) -> _Meaning | None:
    """What a column means by what somebody says."""
    if said == IGNORE:
        return None
    guess = _meaning(name)
    if guess and guess.field == said:
        return replace(guess, person="")
    if said in _NUMBERS:
        return _Meaning("phone", stem=_stem(words_of(name)), kind=kind_of(said))
    return _Meaning(said, yes=IN) if said in _NOT_OWN else _Meaning(own_field(said), own=True)


def _meaning(name: str) -> _Meaning | None:
    """What a column means by its name; None where that isn't known, or it is about somebody else."""
    if len(name) > _LONGEST_NAME:
        return None
    words = words_of(name)
    known = vocabulary()
    whole = "".join(words)
    if whole in known.columns:
        return _of_field(known.columns[whole], words, "")
    if whole in known.phone_columns:
        return _Meaning("phone", stem=_stem(words), kind=kind_of(name))
    yes = consent_column(words)
    if yes:
        return _Meaning("consent", stem=_stem(words), yes=yes)
    parts = parts_of(words)
    if any(part in known.others for part in parts):
        return None
    person, rest = _person(parts)
    if not rest:
        return _Meaning("name", person) if person else None
    core = "".join(word for word in rest if not word.isdigit())
    if core in known.columns:
        return _of_field(known.columns[core], rest, person)
    return _number(rest, person) or _email(rest, person) or _address(rest, person)


def _of_field(name: str, words: Sequence[str], person: str) -> _Meaning:
    if name == "address_part" or name == "address":
        which = tuple(word for word in words[1:2] if word.isdigit() and len(words) > 2)
        return _Meaning("address", person, which)
    return _Meaning(name, person, _stem(words), whole="".join(words))


def _person(parts: Sequence[str]) -> tuple[str, list[str]]:
    """Whose a column is, and what remains of its name: "Owner 1 First Name" is the owner's first name."""
    known, person, rest = vocabulary(), "", []
    before = ""
    for part in parts:
        if part in known.roles:
            person = person or part
        elif part.isdigit() and before in known.roles:
            person += f" {part}" if part != "1" else ""
        else:
            rest.append(part)
        before = part
    return person, rest


def _number(words: Sequence[str], person: str) -> _Meaning | None:
    """A column of numbers, or one about numbers."""
    known = vocabulary()
    said = {word for word in words if not word.isdigit()}
    plain = known.phone | known.kinds.keys() | known.fillers
    numbers = said & known.phone or {word for word in said if known.kinds.get(word) in _SAID_ALONE}
    if not numbers:
        return None
    if said <= plain:
        return _Meaning("phone", person, _stem(words), kind_of(" ".join(words)))
    if said <= plain | known.kind_words:
        return _Meaning("kind", person, _stem(words))
    about = known.columns.get("".join(word for word in words if word not in plain and not word.isdigit()))
    return _Meaning(about, person, _stem(words)) if about in _CODES else None


def _email(words: Sequence[str], person: str) -> _Meaning | None:
    known = vocabulary()
    said = {word for word in words if not word.isdigit()}
    qualifiers = known.email_fillers | known.fillers | known.kinds.keys()
    if said & known.email and said <= known.email | qualifiers:
        return _Meaning("email", person, _stem(words))
    return None


def _address(words: Sequence[str], person: str) -> _Meaning | None:
    """A part of an address whose name says which: "Mailing City", "Home Street", "Address 1 - City"."""
    known = vocabulary()
    for at in range(1, len(words)):
        which, core = words[:at], "".join(word for word in words[at:] if not word.isdigit())
        if known.columns.get(core) in ("address", "address_part") and all(
            word in known.kinds or word in _WHICH or word.isdigit() for word in which
        ):
            return _Meaning("address", person, tuple(which))
    return None


def _stem(words: Sequence[str]) -> tuple[str, ...]:
    """What tells one number from another, by which the columns about it find it: "Phone 1 - Type" and
    "Phone 1 - Value" are one's."""
    kinds = vocabulary().kinds
    return tuple(word for word in words if word.isdigit() or word in kinds)


def _of_one_person(meanings: Sequence[_Meaning | None]) -> list[_Meaning | None]:
    """Without the columns about a second person of a row (an owner beside a tenant): nobody's name may stand
    beside another's number."""
    there = [meaning for meaning in meanings if meaning]
    named = [meaning.person for meaning in there if meaning.field in _NAMES]
    first = next(iter(named), next((meaning.person for meaning in there if meaning.person), ""))
    reached = {meaning.field for meaning in there if meaning.person in ("", first)}

    def of_another(meaning: _Meaning) -> bool:
        if meaning.person in ("", first):
            return False
        return meaning.person in named or (meaning.field in ("phone", "email") and meaning.field in reached)

    return [None if meaning and of_another(meaning) else meaning for meaning in meanings]


def _assembled(meanings: Sequence[_Meaning | None]) -> Columns:
    there = [(index, meaning) for index, meaning in enumerate(meanings) if meaning and not meaning.own]

    def at(*names: str) -> tuple[int, ...]:
        return tuple(index for index, meaning in there if meaning.field in names)

    numbers = tuple(_number_columns(there))
    about_one = {index for number in numbers for index in (*number.codes, *(at for at, _ in number.consents))}
    google = any(meaning.whole in _GOOGLE_GROUPS for _, meaning in there)
    addresses: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, meaning in there:
        if meaning.field == "address":
            addresses[meaning.stem].append(index)
    return Columns(
        fields=tuple(_shown(meaning) if meaning else None for meaning in meanings),
        texts={name: indices for name in _TEXTS if (indices := at(name))},
        numbers=numbers,
        emails=at("email"),
        groups=at("groups"),
        group_separators="" if google else ";,|",
        addresses=tuple(map(tuple, addresses.values())),
        own=tuple(
            (index, meaning.field)
            for index, meaning in enumerate(meanings)
            if meaning and (meaning.own or meaning.field not in _NOT_OWN)
        ),
        countries=tuple(index for index in at("country", "calling_code") if index not in about_one),
        consents=tuple(
            (index, meaning.yes)
            for index, meaning in there
            if meaning.field == "consent" and index not in about_one
        ),
    )


def _number_columns(there: Sequence[tuple[int, _Meaning]]) -> Iterator[NumberColumn]:
    phones = [(index, meaning) for index, meaning in there if meaning.field == "phone"]
    stems = Counter(meaning.stem for _, meaning in phones)
    about: dict[tuple[str, tuple[str, ...]], list[tuple[int, _Meaning]]] = defaultdict(list)
    for index, meaning in there:
        about[meaning.field, meaning.stem].append((index, meaning))
    for index, meaning in phones:

        def theirs(*fields: str, stem: tuple[str, ...] = meaning.stem) -> list[tuple[int, _Meaning]]:
            return [each for name in fields if stems[stem] == 1 for each in about[name, stem]]

        labels, areas = theirs("kind"), theirs("area_code")
        if len(phones) == 1:
            labels = labels or [each for each in there if each[1].field == "kind"]
            areas = areas or [each for each in there if each[1].field == "area_code"]
        yield NumberColumn(
            index,
            meaning.kind,
            label=labels[0][0] if labels else None,
            codes=tuple(each for each, _ in theirs("calling_code", "country")),
            area=areas[0][0] if areas else None,
            consents=tuple((each, said.yes) for each, said in theirs("consent")) if len(phones) > 1 else (),
        )


def _shown(meaning: _Meaning) -> str:
    """The field as it is called to people, and by them."""
    if meaning.own:
        return meaning.field
    if meaning.field != "phone":
        return _REPORTED_AS.get(meaning.field, meaning.field)
    return meaning.kind.kind if meaning.kind.kind in _NUMBERS else "phone"
