"""Who got the emails that lines of the history are about."""

from __future__ import annotations

from collections.abc import Collection

from store.credits.history_query import Selection
from store.database import Database
from store.emails.tables import Timeline
from store.people.names import fold, full_name
from store.people.tables import Contact


def addressees(database: Database, email_ids: Collection[int]) -> dict[int, str]:
    """What those are called, or their addresses, by the ids of emails. Who is deleted has none."""
    about = Contact.first_name, Contact.last_name, Contact.company, Contact.email
    found = Timeline.select(Timeline.id, *about).join(Contact, on=Contact.id == Timeline.contact_id)
    rows = database.fetch(found.where(database.among(Timeline.id, email_ids)))
    return {row.id: full_name(row.first_name, row.last_name, row.company) or row.email for row in rows}


def addressed(account_id: int, text: str) -> Selection:
    """The ids, as texts, of an account's emails to people in whose name a text stands, whatever the case."""
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Selection(
        "SELECT CAST(timeline.id AS TEXT) FROM timeline JOIN contact ON contact.id = timeline.contact_id "
        "WHERE timeline.account_id = ? AND contact.sort_key LIKE ? ESCAPE '\\'",
        (account_id, f"%{escaped}%"),
    )
