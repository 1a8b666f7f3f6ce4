"""`textmeter contacts`: imports people from a file, lists, shows and exports them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, Group, Several, argument, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.people.model import Contact, ImportReport

PAGE = 1_000


def command(language: Language) -> click.Command:
    _ = language.gettext
    importing = Command(
        language,
        "import",
        import_file,
        about=_("Import contacts from a file."),
        more=_(
            "Accepts CSV, Excel and vCard files as exported by address books and other programs. "
            "Importing the same file again changes nothing. Shows how each column was used, and "
            "why any row was refused."
        ),
        params=[
            argument("file", _("FILE"), _("The file to import, or - for standard input."), required=False),
            flag("--undo", _("Undo your last import and restore every contact as it was.")),
            option(
                "--region",
                _("CODE"),
                _("The country of numbers without a country code (default: the account's country)."),
            ),
            Several(
                "--map",
                _("COLUMN=FIELD"),
                _(
                    "Set a column's field if the guess is wrong: name, first_name, last_name, company, "
                    "phone, mobile, home, work, email, groups, notes, address, zone, language, country, "
                    "consent or ignore. Any other word creates a field with that name."
                ),
                is_value=lambda word: "=" in word,
            ),
            flag("--dry-run", _("Show what would happen without changing anything.")),
        ],
        examples=[
            "textmeter contacts import contacts.csv",
            "textmeter contacts import --region GB people.vcf",
            "textmeter contacts import --dry-run --map 'Unit No=unit' --map Code=ignore owners.xlsx",
            "ssh HOST contacts import - < contacts.csv",
            "textmeter contacts import --undo",
        ],
    )
    listing = Command(
        language,
        "list",
        list_contacts,
        about=_("List contacts by name."),
        params=[option("--filter", _("QUERY"), _("Show only contacts that match; =NAME is a saved filter."))],
        examples=["textmeter contacts list --filter '#buyers unit:4* last-text:>30d'"],
    )
    showing = Command(
        language,
        "show",
        show_contact,
        about=_("Show everything about a contact."),
        params=[argument("contact", _("ID|NUMBER"), _("The contact's ID or phone number."))],
        examples=["textmeter contacts show 12", "textmeter contacts show '(415) 555-0123'"],
    )
    exporting = Command(
        language,
        "export",
        export_contacts,
        about=_("Export all contacts to a file you can import again."),
        params=[argument("file", _("FILE"), _("A new file: .csv, .xlsx or .jsonl."))],
        examples=["textmeter contacts export contacts.csv"],
    )
    return Group(
        language,
        "contacts",
        about=_("Import, list, show and export contacts."),
        commands=[importing, listing, showing, exporting],
    )


def show_contact(session: Session, contact: str) -> None:
    with session.open_store() as store:
        found = find_contact(session, store, contact)
        session.language.home = _home_region(session, store)
        (data,) = _with_consent(session, store, [found])
    if session.json:
        session.answer(data)
        return
    from tui.contacts.presentation import called, number_words

    language = session.language
    _ = language.gettext
    facts = [
        *((_("Company"), found.company),),
        *((_("Number"), number_words(language, number)) for number in found.numbers),
        *((_("Email"), email) for email in found.emails),
        *found.fields,
        (_("Groups"), ", ".join(found.groups)),
        (_("Address"), found.address),
        (_("Household"), found.household),
        (_("Time zone"), found.zone),
        (_("Language"), found.language),
        (_("Note"), found.note),
    ]
    session.say(plain(called(language, found)))
    session.table([_("What"), _("Value")], [[label, value] for label, value in facts if value])


def find_contact(session: Session, store: Store, written: str) -> Contact:
    """A contact by its id, number or email address as somebody typed it. Raises WrongUsage where there is
    none."""
    from store.texts.phones import PhoneRefused, parse

    found = store.people.contact(int(written)) if written.isdecimal() and len(written) < 10 else None
    if found is None and "@" in written:
        found = store.people.by_email(written.strip())
    elif found is None:
        with contextlib.suppress(PhoneRefused):
            phone = parse(written, _home_region(session, store)).e164
            found = store.people.by_phones([phone]).get(phone)
    if found is None:
        raise WrongUsage(
            sentence(
                "There is no contact {contact}. `textmeter contacts list` lists them all.", contact=written
            ),
            code="no-contact",
        )
    return found


def export_contacts(session: Session, file: str) -> None:
    from store.credits.export import Book, export
    from store.people.export import columns, rows

    path = typed_path(file)
    with session.open_store() as store:
        contacts = list(chain.from_iterable(_pages(store)))
        names = columns(contacts)
        count = export(path, names, rows(contacts, names), book=Book(sheets={"": "Contacts"}))
    if session.json:
        session.answer({"file": str(path), "contacts": count})
    else:
        said = sentences(
            "{count} contact saved to {path}.", "{count} contacts saved to {path}.", count, path=str(path)
        )
        session.say(plain(session.language.say(said)))


def import_file(
    session: Session,
    file: str | None,
    region: str | None,
    undo: bool,
    map: tuple[str, ...],  # noqa: A002 (the option is called so)
    dry_run: bool,
) -> None:
    if undo:
        _undo_import(session)
        return
    if file is None:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    mapping = dict(map_of(each) for each in map)
    with session.open_store() as store:
        region = (region or _home_region(session, store)).upper()
        try:
            report = store.people.import_file(
                sys.stdin.buffer if file == "-" else typed_path(file),
                region=region,
                progress=lambda rows: session.progress(
                    session.language.gettext("{rows} rows read").format(rows=session.language.number(rows))
                ),
                mapping=mapping,
                dry_run=dry_run,
            )
        finally:
            session.progress("")
    if session.json:
        session.answer(_report_as_data(session.language, report))
    else:
        _report_in_words(session, report, region if dry_run else None)


def map_of(said: str) -> tuple[str, str]:
    """A column and its field, of COLUMN=FIELD. Raises WrongUsage."""
    column, equals, field = said.rpartition("=")
    if not equals or not column.strip() or not any(map(str.isalnum, field)):
        raise WrongUsage(
            sentence("--map needs COLUMN=FIELD, such as “Unit No=unit”, not {said}.", said=said), code="usage"
        )
    return column.strip(), field.strip().lower()


def _undo_import(session: Session) -> None:
    with session.open_store() as store:
        undone = store.people.undo("import")
    if undone is None:
        raise WrongUsage(sentence("You have no import to undo."), code="nothing-to-undo")
    if session.json:
        session.answer({"import": undone.id, "file": undone.what, "people": undone.people})
        return
    from tui.contacts.taking_back import undone as in_words

    session.say(plain(session.language.say(in_words(undone))))


def _home_region(session: Session, store: Store) -> str:
    """The country of the account, or the one most likely where there is none yet."""
    if session.account_id is None and not store.credits.accounts():
        return "US"
    return store.credits.account(session.account_id).country


def _report_as_data(language: Language, report: ImportReport) -> dict[str, object]:
    rows = {
        outcome: [
            {
                "row": row.number,
                "reason": language.say(row.reason) if row.reason else "",
                "code": row.code,
                "name": row.name,
            }
            for row in report.rows
            if (row.outcome == "refused") is (outcome == "refused") and (row.reason or outcome == "refused")
        ]
        for outcome in ("refused", "noted")
    }
    left_out = [
        {"row": row.number, "reason": language.say(row.left_out), "code": row.code, "name": row.name}
        for row in report.rows
        if row.left_out
    ]
    columns = [{"column": column.name, "field": column.field} for column in report.columns]
    return {
        "added": report.added,
        "merged": report.merged,
        "unchanged": report.unchanged,
        **rows,
        "left_out": left_out,
        "columns": columns,
        "import": report.change or None,
    }


def _report_in_words(session: Session, report: ImportReport, looked_in: str | None) -> None:
    """looked_in: the region in which numbers were read, where it was a look only."""
    from tui.contacts.import_words import region_words

    language = session.language
    if looked_in:
        session.table(
            [language.gettext("Column"), language.gettext("Becomes")],
            [[column.name, column.field or language.gettext("(not used)")] for column in report.columns],
        )
    said = sentence(
        "{added} added, {merged} merged, {unchanged} unchanged, {refused} refused.",
        added=report.added,
        merged=report.merged,
        unchanged=report.unchanged,
        refused=len(report.refused),
    )
    session.say(language.say(said))
    if looked_in:
        if report.is_table:
            session.say(language.say(region_words(looked_in)))
        session.say(language.gettext("Preview only. Nothing was changed."))
    unused = [column.name for column in report.columns if column.field is None]
    if unused and not looked_in:
        says = sentences(
            "Column not used: {names}. Use --map to give it a field.",
            "Columns not used: {names}. Use --map to give them fields.",
            len(unused),
            names=", ".join(map(plain, unused)),
        )
        session.say(f"! {language.say(says)}")
    for row in sorted(report.rows, key=lambda row: row.outcome != "refused"):
        if row.reason:
            sign = "×" if row.outcome == "refused" else "!"
            where = language.gettext("row {row}").format(row=language.number(row.number))
            whom = f"{where} {plain(row.name)}".strip() if row.number else ""
            session.say(
                f"{sign} {whom}: {plain(language.say(row.reason))}"
                if whom
                else f"{sign} {plain(language.say(row.reason))}"
            )


def list_contacts(session: Session, filter: str | None) -> None:  # noqa: A002 (the option is called so)
    with session.open_store() as store:
        pages = _pages(store, filter or "", _sender(session, store))
        found = chain(list(islice(pages, 1)), pages)  # a mistake is told before anything is printed
        if session.json:
            session.answer_array(line for page in found for line in _with_consent(session, store, page))
        else:
            _in_words(session, list(chain.from_iterable(found)), filtered=bool(filter))


def _pages(store: Store, query: str = "", sender: int | None = None) -> Iterator[list[Contact]]:
    after = None
    while page := store.people.contacts(query, sender=sender, after=after, limit=PAGE):
        yield page
        after = page[-1]


def _sender(session: Session, store: Store) -> int | None:
    """The account that is asked for, or the only one, by whose texts and opt-outs people are found."""
    accounts = store.credits.accounts()
    return session.account_id or (accounts[0].id if len(accounts) == 1 else None)


def _with_consent(session: Session, store: Store, contacts: Sequence[Contact]) -> Iterator[dict[str, object]]:
    """Contacts as JSON, each with what was said of the number that is texted: to the account that is asked
    for, or the only one, else to all."""
    from store.people.consent_lookup import EVERY_SENDER
    from store.people.model import ConsentState

    sender = _sender(session, store) or EVERY_SENDER
    states = store.consent.states((contact.phone for contact in contacts), sender)
    for contact in contacts:
        yield {**as_data(contact), "consent": states.get(contact.phone, ConsentState.UNKNOWN).value}


def as_data(contact: Contact) -> dict[str, object]:
    """A contact as JSON."""
    return {
        "id": contact.id,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "phone": contact.phone,
        "region": contact.region,
        "email": contact.email,
        "groups": list(contact.groups),
        "numbers": [
            {"number": number.phone, "kind": number.kind, "label": number.label} for number in contact.numbers
        ],
        "emails": list(contact.emails),
        "fields": dict(contact.fields),
        "address": contact.address,
        "note": contact.note,
        "zone": contact.zone,
        "language": contact.language,
        "household": contact.household,
    }


def _in_words(session: Session, contacts: list[Contact], *, filtered: bool) -> None:
    _ = session.language.gettext
    if not contacts and filtered:
        session.say(_("Nobody matches this filter."))
        return
    if not contacts:
        session.say(_("There are no contacts yet. Import some: `textmeter contacts import FILE`."))
        return
    session.table(
        [_("Name"), _("Phone"), _("Email"), _("Groups")],
        [[contact.name, contact.phone, contact.email, ", ".join(contact.groups)] for contact in contacts],
    )
