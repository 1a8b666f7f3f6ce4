"""The store: what is true without a screen.

`Store` is its one door. Screens and commands open it, ask its capabilities, and see only the plain values
that these hand out (`store.credits.model`, `store.people.model`, `store.messages.model`) and errors
(`store.errors`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from store.clock import Clock
    from store.credits.ledger import Ledger
    from store.emails.smartplans import Emails
    from store.mail import Mailer
    from store.mailroom import Mailroom
    from store.messages.messenger import Messenger
    from store.payments import Gateway
    from store.people.addressbook import AddressBook
    from store.roles import Person
    from store.settings import OwnSettings


class Store:
    """An open Textmeter database and what can be done with it.

    url: a path, or a database's URL as `store.database.Database` takes it; a file in the user's data folder
    where it is left out. catalog: a folder whose files override the products that come with Textmeter.
    gateway: who charges the card; the embedded test card, or the one that is configured, where it is left
    out. mailer: who carries mail; the one that is configured, where it is left out. person: who is at work;
    `roles.LOCAL` where it is left out. demo: whether all of it is made up, so that nothing that is configured
    counts: the embedded test card pays, and nobody carries mail. Methods of the capabilities may be called
    from any thread, within `connection()`, and raise RefusedByRule (code "role") for what the person may not
    do. Raises DatabaseTrouble, and CatalogMistake for a catalog that can't be read.
    """

    credits: Ledger
    people: AddressBook
    messages: Messenger
    emails: Emails
    mail: Mailroom
    settings: OwnSettings
    gateway: Gateway

    def __init__(
        self,
        url: str = "",
        *,
        clock: Clock | None = None,
        catalog: Path | None = None,
        gateway: Gateway | None = None,
        mailer: Mailer | None = None,
        person: Person | None = None,
        demo: bool = False,
    ) -> None:
        # Imported here, so that the pure parts below this package (`store.texts`) cost no database library.
        from store.clock import SystemClock, Unmoved
        from store.credits.catalog_files import Catalog
        from store.credits.ledger import Ledger
        from store.database import Database
        from store.emails.smartplans import Emails
        from store.mailroom import Mailroom
        from store.messages.messenger import Messenger
        from store.payments.gateways import load, seen_by
        from store.payments.testcard import TestCard
        from store.people.addressbook import AddressBook
        from store.roles import LOCAL, Role
        from store.settings import OwnSettings, Settings, default_database

        self.person = person or LOCAL
        self.clock = clock or SystemClock()
        if self.person.lacks(Role.OWNER):
            self.clock = Unmoved(self.clock)
        self.catalog = Catalog.load(catalog)
        self.database = Database(url or default_database(), self.person)
        settings = Settings(self.database)
        if demo:
            from store.mail import Nobody

            gateway, mailer = gateway or TestCard(self.database, settings), mailer or Nobody()
        charging = gateway or load(self.database, settings)
        # Whatever is configured, playing takes no money.
        for_demos = gateway or TestCard(self.database, settings)
        self.settings = OwnSettings(self.database)
        self.gateway = seen_by(self.person, charging)
        self.credits = Ledger(self.database, self.catalog, self.clock, charging, for_demos)
        self.people = AddressBook(self.database)
        self.messages = Messenger(self.database, self.clock, self.credits, self.people)
        self.emails = Emails(self.database, settings, self.credits, self.people, mailer=mailer)
        self.mail = Mailroom(self.database, settings, self.credits, mailer=mailer)
        self.database.migrate(
            [
                *Settings.TABLES,
                *TestCard.TABLES,
                *Ledger.TABLES,
                *AddressBook.TABLES,
                *Messenger.TABLES,
                *Emails.TABLES,
                *Mailroom.TABLES,
            ]
        )

    def connection(self) -> AbstractContextManager[None]:
        """The calling thread's connection, for the length of a block of work; may be nested."""
        return self.database.connection()

    def close(self) -> None:
        """Closes the calling thread's connection."""
        self.database.close()
