"""The store: what is true without a screen.

`Store` is its one door. Screens and commands open it, ask its capabilities, and see only the plain values
that these hand out (`store.credits.model`, `store.people.model`, `store.messages.model`) and errors
(`store.errors`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from store.clock import Clock
    from store.credits.ledger import Ledger
    from store.database import Table
    from store.emails.emails import Emails
    from store.emails.emergency import Emergency
    from store.emails.mailbox import Mailbox
    from store.emails.senders import EmailSenders
    from store.emails.smartplans import SmartPlans
    from store.mail import Mailer
    from store.mailroom import Mailroom
    from store.messages.conversations import Conversations
    from store.messages.gating import Policy
    from store.messages.messenger import Messenger
    from store.messages.model import Line
    from store.messages.senders import Senders
    from store.messages.templates import Templates
    from store.payments import Gateway
    from store.people.addressbook import AddressBook
    from store.people.consent import Consent
    from store.people.notes import Notes
    from store.people.tasks import Tasks
    from store.roles import Person
    from store.settings import OwnSettings, Settings
    from store.timeline import Timeline


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
        # Imported when they are first asked for, here and below: the pure parts (`store.texts`) cost no
        # database library, and a balance costs neither mail nor people nor texts.
        from store.clock import SystemClock, Unmoved
        from store.config import default_database
        from store.credits.catalog_files import Catalog
        from store.database import Database
        from store.roles import LOCAL, Role

        self.person = person or LOCAL
        self.clock = clock or SystemClock()
        if self.person.lacks(Role.OWNER):
            self.clock = Unmoved(self.clock)
        self.catalog = Catalog.load(catalog)
        self.database = Database(url or default_database(), self.person)
        self._demo = demo
        self._gateway = gateway
        self._mailer = mailer
        self.database.migrate(_tables())

    @cached_property
    def credits(self) -> Ledger:
        """Accounts, plans, orders and the history: all that moves credits."""
        from store.credits.ledger import Ledger

        return Ledger(self.database, self.catalog, self.clock, self._charging, self._test_card, self._play)

    def _play(self, account_id: int, until: datetime) -> None:
        """What time brings beside renewals. Raw, since a balance needs neither texts nor their tables."""
        waits = "SELECT id FROM schedule WHERE account_id = ? AND state = 'waiting' LIMIT 1"
        if self.database.row(waits, (account_id,)):
            self.messages.leave_due(account_id, until=until)

    @cached_property
    def people(self) -> AddressBook:
        """Contacts and their groups."""
        from store.people.addressbook import AddressBook

        def texted(phone: object, account_id: int | None, days: int | None) -> object:
            from store.messages.texted import is_texted

            now = self.clock.now() if account_id is None else self.credits.present(account_id)
            return is_texted(phone, account_id, None if days is None else (now, days))

        consent = self.consent
        return AddressBook(self.database, consent.import_states, consent.carry_outs, texted)

    @cached_property
    def consent(self) -> Consent:
        """Who may be texted, and the proof of it."""
        from store.people.consent import Consent

        def present(account_id: int) -> datetime:
            return self.credits.present(account_id) if account_id else self.clock.now()

        return Consent(self.database, present)

    @cached_property
    def tasks(self) -> Tasks:
        """What is to be done about contacts."""
        from store.people.tasks import Tasks

        return Tasks(self.database, self.people, self.credits.present)

    @cached_property
    def notes(self) -> Notes:
        """What is noted of contacts."""
        from store.people.notes import Notes

        return Notes(self.database, self.credits.present)

    @cached_property
    def messages(self) -> Messenger:
        """Drafts, estimates, blasts and their delivery."""
        from store.messages.messenger import Messenger

        parts = self.database, self.clock, self.credits, self.people, self.consent, self.senders
        return Messenger(*parts, policy=self._policy)

    @cached_property
    def _policy(self) -> Policy:
        from store import config
        from store.messages.gating import DAYS_BETWEEN, Policy

        def names() -> tuple[str, ...]:
            said = "" if self._demo else config.text("texts.names")
            return tuple(name for part in said.split(",") if (name := part.strip()))

        def days_between() -> int:
            days = None if self._demo else config.number("texts.days_between")
            return DAYS_BETWEEN if days is None else days

        return Policy(names, days_between, lambda: self.catalog.folder)

    @cached_property
    def templates(self) -> Templates:
        """Texts that are kept to be sent again."""
        from store.messages.templates import Templates

        return Templates(self.database)

    @cached_property
    def senders(self) -> Senders:
        """The numbers that texts go out from, and who carries them."""
        from functools import cache, partial

        from store import config
        from store.clock import SystemClock
        from store.messages import providers
        from store.messages.senders import Senders

        built_in = cache(partial(providers.load, "demo" if self._demo else "simulated"))
        public_url = "" if self._demo else config.text("serve.public_url")
        return Senders(self.database, SystemClock(), built_in, demo=self._demo, public_url=public_url)

    @cached_property
    def conversations(self) -> Conversations:
        """What came back, and who answers."""
        from store.clock import SystemClock
        from store.messages.conversations import Conversations

        def emailed(account_id: int, address: str, before: int, limit: int) -> list[Line]:
            from store.emails.lines import our_lines

            return our_lines(self.database, account_id, address, before, limit)

        return Conversations(self.database, self.people, self.consent, SystemClock(), emailed)

    @cached_property
    def emails(self) -> Emails:
        """Campaigns, and every email that leaves."""
        from store import config
        from store.emails.emails import Emails
        from store.mail import mailers

        parts = self.database, self._settings, self.credits, self.people, self.consent
        public_url = "" if self._demo else config.text("serve.public_url")
        return Emails(
            *parts,
            mailer=self._carrier,
            senders=self.email_senders,
            mailchimp=(lambda: None) if self._demo else mailers.mailchimp,
            public_url=public_url,
            policy=self._policy,
        )

    @cached_property
    def emergency(self) -> Emergency:
        """Texts that nobody may miss: they go as an email too."""
        from store import config
        from store.emails.emergency import Emergency

        def chosen() -> int | None:
            return None if self._demo else config.number("emails.emergency_account")

        parts = self.database, self.credits, self.people
        return Emergency(*parts, self.messages, self.emails, chosen)

    @cached_property
    def timeline(self) -> Timeline:
        """All that happened with a contact."""
        from store.timeline import Timeline

        return Timeline(self.database, self.credits, self.people)

    @cached_property
    def smartplans(self) -> SmartPlans:
        """Sequences of steps, and who is on them."""
        from store.emails.smartplans import SmartPlans

        parts = self.database, self.credits, self.people, self.consent
        return SmartPlans(*parts, lambda: self.messages, self._policy)

    @cached_property
    def email_senders(self) -> EmailSenders:
        """The addresses that emails go out from, and who carries them."""
        from store.emails.senders import EmailSenders

        return EmailSenders(self.database, self._settings, demo=self._demo)

    @cached_property
    def mailbox(self) -> Mailbox:
        """What comes back by email: bounces, replies, and who wants no more."""
        from store import config
        from store.clock import SystemClock
        from store.emails.mailbox import Mailbox

        parts = self.database, self._settings, self.credits, self.people, self.consent
        public_url = "" if self._demo else config.text("serve.public_url")
        return Mailbox(*parts, self.email_senders, SystemClock(), public_url=public_url)

    @cached_property
    def mail(self) -> Mailroom:
        """Notices, receipts and replies by email."""
        from collections.abc import Sequence

        from store.mailroom import Mailroom, Said

        def heard(account_id: int, *, after: int) -> Sequence[Said]:
            said = self.conversations.heard(account_id, after=after)
            # A reply by email is in the mailbox already: one more email about it would be told of there.
            return [Said(*one) for one in said if "@" not in one.phone]

        return Mailroom(self.database, self._settings, self.credits, heard=heard, mailer=self._carrier)

    @cached_property
    def settings(self) -> OwnSettings:
        """What the person at work has chosen."""
        from store.settings import OwnSettings

        return OwnSettings(self.database)

    @cached_property
    def gateway(self) -> Gateway:
        """Who charges the card, as the person at work may use it."""
        from store.payments.gateways import seen_by

        return seen_by(self.person, self._charging)

    @cached_property
    def _settings(self) -> Settings:
        """The database's, whoever is at work."""
        from store.settings import Settings

        return Settings(self.database)

    @cached_property
    def _charging(self) -> Gateway:
        from store.payments.gateways import load

        if self._demo:
            return self._test_card
        return self._gateway or load(self.database, self._settings)

    @cached_property
    def _test_card(self) -> Gateway:
        """Who charges accounts with a demo clock: whatever is configured, playing takes no money."""
        from store.payments.testcard import TestCard

        return self._gateway or TestCard(self.database, self._settings)

    @cached_property
    def _carrier(self) -> Mailer | None:
        from store.mail.simulated import Simulated

        return self._mailer or (Simulated() if self._demo else None)

    def connection(self) -> AbstractContextManager[None]:
        """The calling thread's connection, for the length of a block of work; may be nested."""
        return self.database.connection()

    def changes(self) -> object:
        """A value that is another one once anybody, here or in another process, has changed something."""
        return self.database.changes()

    def close(self) -> None:
        """Closes the calling thread's connection."""
        self.database.close()


def _tables() -> Iterator[type[Table]]:
    """All tables. They are imported when one is asked for: a database that is up to date needs none."""
    from store.credits.tables import TABLES as CREDITS
    from store.emails.tables import TABLES as EMAILS
    from store.mail.claims import MailClaim
    from store.messages.tables import TABLES as MESSAGES
    from store.payments.testcard import TestCharge
    from store.people.consent_tables import TABLES as CONSENT
    from store.people.tables import TABLES as PEOPLE
    from store.people.task_tables import TABLES as TASKS
    from store.settings import Setting

    yield from (Setting, TestCharge)
    for tables in (CREDITS, PEOPLE, CONSENT, TASKS, MESSAGES, EMAILS):
        yield from tables
    yield MailClaim
