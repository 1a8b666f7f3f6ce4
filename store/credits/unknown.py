"""What accounts name that isn't there: a catalog folder was taken away, a file is damaged, or this machine
knows fewer time zones than the one before."""

from __future__ import annotations

from collections.abc import Iterator

from store.clock import is_zone
from store.credits import tables
from store.credits.catalog_files import Catalog
from store.database import Database
from store.errors import WrongUsage
from store.sentences import Sentence, sentence


def unknown(database: Database, catalog: Catalog) -> Iterator[Sentence]:
    """A sentence for each product, plan and time zone of an account that there is not."""
    account = tables.Account
    columns = (account.id, account.product, account.plan, account.pending_plan, account.timezone)
    for row in database.find(account.select(*columns).order_by(account.id)):
        try:
            product = catalog.product(row.product)
            product.plan(row.plan)
            if row.pending_plan is not None:
                product.plan(row.pending_plan)
        except WrongUsage as error:
            yield sentence("Account {account}: {problem}", account=str(row.id), problem=error.says)
        if not is_zone(row.timezone):
            yield sentence(
                "Account {account} is in the time zone {timezone}, which this computer doesn't know. "
                "Install the time zone data: pip install tzdata.",
                account=str(row.id),
                timezone=row.timezone,
            )
