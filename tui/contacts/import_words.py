"""What an import comes to, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from store.people.imports.columns import IGNORE, own_field
from store.people.model import Column, ImportReport, Row, Sample
from store.people.names import fold
from store.sentences import N_, Region, Sentence, sentence, sentences
from tui.contacts.presentation import number_words
from tui.i18n.language import Language

FIELDS = {
    "name": N_("Full name"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "company": N_("Company"),
    "phone": N_("Number"),
    "mobile": N_("Mobile number"),
    "home": N_("Home number"),
    "work": N_("Work number"),
    "email": N_("Email"),
    "groups": N_("Groups"),
    "notes": N_("Note"),
    "address": N_("Address"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "country": N_("Country"),
    "consent": N_("Consent to texts"),
    IGNORE: N_("Not used"),
}
"""What somebody may say that a column is, as `contacts import --map` has it."""
_GUESSED = {"middle_name": N_("Middle name"), "fax": N_("Fax"), "household": N_("Household")}
"""What a column may be besides, by its name."""
PASSED_OVER = ("refused", "left-out")
OUTCOMES = {"added": N_("added"), "merged": N_("merged"), "unchanged": N_("unchanged")}


def counts(report: ImportReport, *, done: bool) -> list[Sentence]:
    """The numbers of an import, or of one that isn't done yet: who is added and merged, what is left out,
    what is to be looked at; and who is known as they are, where anybody is."""
    left_out, to_look_at = len(report.passed_over), len(report.to_look_at)
    said = [
        sentences("{count} added", "{count} added", report.added)
        if done
        else sentences("{count} to add", "{count} to add", report.added),
        sentences("{count} merged", "{count} merged", report.merged)
        if done
        else sentences("{count} to merge", "{count} to merge", report.merged),
        sentences("× {count} left out", "× {count} left out", left_out),
        sentences("! {count} to review", "! {count} to review", to_look_at),
    ]
    if report.unchanged:
        said.append(sentences("{count} unchanged", "{count} unchanged", report.unchanged))
    return said


def unused(columns: Sequence[Column], *, is_table: bool) -> Sentence | None:
    """Names what stands in a file and isn't used; None where there is nothing."""
    names = [column.name for column in columns if column.field is None and (column.values or not is_table)]
    if not names:
        return None
    return sentence("Not used: {names}.", names=", ".join(names))


def field_words(language: Language, field: str | None) -> str:
    """What a column becomes."""
    known = FIELDS | _GUESSED
    if field is None:
        return language.gettext(FIELDS[IGNORE])
    return language.gettext(known[field]) if field in known else f"{{{field}}}"


def choices(language: Language, column: Column) -> list[tuple[str, str]]:
    """What a column can become: fields with their words, one of its own name among them."""
    found = [(field, language.gettext(words)) for field, words in FIELDS.items()]
    own = own_field(column.name)
    if own and own not in FIELDS:
        says = language.gettext("Custom field {field}").format(field=f"{{{own}}}")
        found.insert(-1, (own, says))
    return found


def key_of(columns: Sequence[Column], at: int) -> str:
    """By what a column is told what to become: its name, or its number where others are called so or it has
    no name."""
    name = columns[at].name
    called = Counter(fold(column.name).strip() for column in columns)
    return name if name and called[fold(name).strip()] == 1 else str(at + 1)


def region_words(region: str) -> Sentence:
    """In which country numbers are read."""
    return sentence("Numbers without a country code: {region}.", region=Region(region))


def column_in_full(language: Language, column: Column) -> str:
    """All there is to say of a column."""
    return " · ".join((column.name, *column.values, field_words(language, column.field)))


def row_in_full(language: Language, row: Row | Sample) -> str:
    """All there is to say of a row."""
    if isinstance(row, Row):
        return language.say(row.reason) if row.reason else ""
    return " · ".join(_known(language, row))


def _known(language: Language, sample: Sample) -> Iterator[str]:
    person = sample.person
    yield from filter(None, (person.name, person.company if person.company != person.name else ""))
    for number in person.numbers:
        yield number_words(language, number)
    yield from person.emails
    for name, value in person.fields:
        yield f"{{{name}}} {value}"
    yield from filter(None, (person.address, person.household, person.zone, person.language, person.note))
    yield from (f"#{group}" for group in person.groups)
