"""Who got the emails that lines of the history are about."""

from __future__ import annotations

from collections.abc import Collection

from store.credits.history_query import Selection
from store.database import Database
from store.emails.tables import Email
from store.people.names import fold, full_name
from store.people.tables import Contact


def addressees(database: Database, email_ids: Collection[int]) -> dict[int, str]:
    """What those are called, or their addresses, by the ids of emails. Who is deleted has none."""
    about = Contact.first_name, Contact.last_name, Contact.company, Contact.email
    found = Email.select(Email.id, *about).join(Contact, on=Contact.id == Email.contact_id)
    rows = database.fetch(found.where(database.among(Email.id, email_ids)))
    return {row.id: full_name(row.first_name, row.last_name, row.company) or row.email for row in rows}


def addressed(account_id: int, text: str) -> Selection:
    """The ids, as texts, of an account's emails to people in whose name a text stands, whatever the case."""
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Selection(
        "SELECT CAST(email.id AS TEXT) FROM email JOIN contact ON contact.id = email.contact_id "
        "WHERE email.account_id = ? AND contact.sort_key LIKE ? ESCAPE '\\'",
        (account_id, f"%{escaped}%"),
    )
