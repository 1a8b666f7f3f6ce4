"""Which column of a CSV file means what, by the names that address books give them in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.people.imports.incoming import phone_rank, vocabulary, words_of

_FIRST = {"first name", "firstname", "first", "given name", "given", "primer nombre", "nombre de pila"}
_MIDDLE = {"middle name", "additional name", "middle", "segundo nombre"}
_LAST = {
    *("last name", "lastname", "last", "surname", "family name", "family"),
    *("apellido", "apellidos", "primer apellido", "segundo apellido"),
}
_WHOLE = {
    *("name", "full name", "fullname", "display name", "contact name", "contact"),
    *("nombre", "nombre completo", "nombre y apellidos", "nombre y apellido", "contacto"),
}
_COMPANY = {
    *("company", "company name", "organization", "organisation", "organization name", "organization 1 name"),
    *("empresa", "organizacion", "compania", "nombre de la empresa"),
}
_GROUPS = {
    *("labels", "group membership", "categories", "category", "groups", "group", "tags", "tag"),
    *("etiquetas", "etiqueta", "grupos", "grupo", "categorias", "categoria"),
}
_GOOGLE_GROUPS = {"labels", "group membership"}

_PHONE = vocabulary("phone phones telephone tel telefono mobile cell cellphone cellular iphone movil celular")
_EMAIL = vocabulary("email emails mail correo")
_QUALIFIERS = vocabulary(
    "home work business office other main primary secondary company personal car contact value number "
    "casa trabajo oficina particular principal otro otra empresa profesional contacto numero de del la el"
)
_EMAIL_QUALIFIERS = _QUALIFIERS | vocabulary("address addresses direccion electronico electronica")

UNDERSTOOD = "Phone, Mobile, Email, First name, Last name, Name, Company, Groups"
"""Column names to tell somebody whose file has none that are understood."""

_EXPLAINED_BY = ("label", "type")


@dataclass(frozen=True, slots=True)
class PhoneColumn:
    """A column of numbers. label: the column that says in each row what kind they are, else None; rank: of
    the column itself where there is no such column (see `phone_rank`)."""

    index: int
    label: int | None
    rank: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row things stand."""

    count: int
    first: tuple[int, ...]
    middle: tuple[int, ...]
    last: tuple[int, ...]
    whole: tuple[int, ...]
    company: tuple[int, ...]
    phones: tuple[PhoneColumn, ...]
    emails: tuple[int, ...]
    groups: tuple[int, ...]
    group_separators: str

    @property
    def recognised(self) -> int:
        """How many columns are understood."""
        named = (
            self.first,
            self.middle,
            self.last,
            self.whole,
            self.company,
            self.phones,
            self.emails,
            self.groups,
        )
        return sum(map(len, named))


def columns(header: Sequence[str]) -> Columns:
    """What the columns of a header mean."""
    names = [_normal(name) for name in header]
    first, last, whole = _at(names, _FIRST), _at(names, _LAST), _at(names, _WHOLE)
    if (
        last and whole and not first
    ):  # "Nombre, Apellidos" and "Name, Surname": the first is no whole name there
        first, whole = whole, ()
    groups = _at(names, _GROUPS)
    return Columns(
        count=len(names),
        first=first,
        middle=_at(names, _MIDDLE),
        last=last,
        whole=whole,
        company=_at(names, _COMPANY),
        phones=tuple(_phone_columns(names)),
        emails=tuple(index for index, name in enumerate(names) if _is(name, _EMAIL, _EMAIL_QUALIFIERS)),
        groups=groups,
        group_separators="" if any(names[index] in _GOOGLE_GROUPS for index in groups) else ";,|",
    )


def _normal(name: str) -> str:
    return " ".join(words_of(name)).replace("e mail", "email")


def _at(names: Sequence[str], wanted: set[str]) -> tuple[int, ...]:
    return tuple(index for index, name in enumerate(names) if name in wanted)


def _is(name: str, words: frozenset[str], qualifiers: frozenset[str]) -> bool:
    """Whether all of a name is known and speaks of the thing: "Business Phone 2" does, "Assistant's Phone" is
    somebody else's and "Phone 1 - Label" is no number."""
    said = {word for word in name.split() if not word.isdigit()}
    return bool(said & words) and said <= words | qualifiers


def _phone_columns(names: Sequence[str]) -> list[PhoneColumn]:
    found = []
    places = {name: index for index, name in reversed(list(enumerate(names)))}
    for index, name in enumerate(names):
        rank = phone_rank(name)
        if rank is not None and _is(name, _PHONE, _QUALIFIERS):
            found.append(PhoneColumn(index, _label_of(places, name), rank))
    return found


def _label_of(places: Mapping[str, int], name: str) -> int | None:
    """places: the first column of each name."""
    if name.endswith(" value"):
        for word in _EXPLAINED_BY:
            label = f"{name.removesuffix('value')}{word}"
            if label in places:
                return places[label]
    return None
