"""What a shell completes beside commands and options: names and numbers that are in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click

from store.errors import TextmeterError

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from tui.commands.context import Session

Words = Callable[["Store", "Account"], Iterable[str]]


def _groups(store: Store, account: Account) -> Iterable[str]:
    return (name for name, _people in store.people.groups(account.id))


def _plans(store: Store, account: Account) -> Iterable[str]:
    return (plan.id for plan in store.catalog.product(account.product).plans)


def _templates(store: Store, account: Account) -> Iterable[str]:
    return (template.name for template in store.templates.all("en"))


def _filters(store: Store, account: Account) -> Iterable[str]:
    return (saved.name for saved in store.people.saved_filters())


def _smartplans(store: Store, account: Account) -> Iterable[str]:
    return (str(standing.id) for standing in store.smartplans.plans(account.id))


def _scheduled(store: Store, account: Account) -> Iterable[str]:
    return (str(schedule.id) for schedule in store.messages.scheduled(account.id))


def _senders(store: Store, account: Account) -> Iterable[str]:
    from tui.settings.sender_doors import all_senders

    return (sender.id for sender in all_senders(store))


def _accounts(store: Store, account: Account) -> Iterable[str]:
    return (str(one.id) for one in store.credits.accounts())


ANYWHERE: Mapping[str, Words] = {"group": _groups, "template": _templates, "filters": _filters}
"""By the names of parameters, whatever the command."""
OF_GROUP: Mapping[tuple[str, str], Words] = {
    ("account", "account"): _accounts,
    ("groups", "name"): _groups,
    ("plan", "plan"): _plans,
    ("scheduled", "id"): _scheduled,
    ("sender", "id"): _senders,
    ("smartplan", "plan"): _smartplans,
    ("templates", "name"): _templates,
}
"""By the group of commands and the name of the parameter."""


def complete(context: click.Context, param: click.Parameter, begun: str) -> list[str]:
    """The words that a parameter may have and that begin like this. Nothing where the database isn't there,
    or can't be asked: a shell waits, and nobody reads an error."""
    group = context.parent.info_name if context.parent is not None else ""
    name = param.name or ""
    if (group, name) == ("config", "key"):
        from store.config.schema import BY_KEY

        return [key for key in BY_KEY if key.startswith(begun)]
    words = OF_GROUP.get((group or "", name)) or ANYWHERE.get(name)
    if words is None:
        return []
    try:
        return [word for word in _read(context, words) if word.startswith(begun)]
    except TextmeterError:
        return []


def _read(context: click.Context, words: Words) -> list[str]:
    from store.config import default_database
    from store.engines.urls import file_path, is_served

    session: Session = context.obj
    session.database = str(context.find_root().params.get("database") or "")
    url = session.database or default_database()
    if not is_served(url) and not file_path(url).exists():  # opening it would make it
        return []
    with session.open_store() as store:
        return sorted(words(store, store.credits.account(session.account_id)))
