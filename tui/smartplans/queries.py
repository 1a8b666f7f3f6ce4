"""What the screens of SmartPlans ask of the store. Called in threads."""

from __future__ import annotations

from typing import NamedTuple

from store import Store
from store.credits.model import Account
from store.emails.model import SmartPlan, Step
from store.emails.plan_model import PlanPage, Standing, Started
from store.people.filters import SAVED

OFFERED = 8
"""Contacts that are offered to be put on a plan."""


class Offer(NamedTuple):
    """Somebody who can be put on a plan. kind: "group", "filter" or "contact"; value: a name, a query or an
    id; shown: what they are called; people: how many, 0 for one contact."""

    kind: str
    value: str
    shown: str
    people: int


def standings(store: Store, account: Account) -> list[Standing]:
    """An account's plans; none where it sends texts."""
    return store.smartplans.plans(account.id)


def page(store: Store, plan_id: int) -> PlanPage:
    """A plan, whole."""
    return store.smartplans.plan(plan_id)


def offers(store: Store, account: Account, typed: str) -> list[Offer]:
    """Who may be meant by what somebody types: groups and saved filters, then contacts."""
    part = typed.strip().lstrip("#=").casefold()
    found = [
        Offer("group", name, f"#{name}", people)
        for name, people in store.people.groups(account.id)
        if part in name.casefold()
    ]
    found += [
        Offer("filter", f"{SAVED}{name}", f"{SAVED}{name}", 0)
        for name, _query in store.people.saved_filters()
        if part in name.casefold()
    ]
    if part:
        for match in store.people.suggest(typed, limit=OFFERED):
            one = match.contact
            shown = "  ".join(filter(None, (one.name, one.email)))
            found.append(Offer("contact", str(one.id), shown or one.phone, 0))
    return found


def enrol(store: Store, account: Account, plan_id: int, offer: Offer, *, again: bool) -> Started:
    """Puts whom an offer means on a plan."""
    return store.smartplans.start(
        account.id,
        plan_id,
        contacts=[int(offer.value)] if offer.kind == "contact" else [],
        groups=[offer.value] if offer.kind == "group" else [],
        filters=[offer.value] if offer.kind == "filter" else [],
        again=again,
    )


def make(store: Store, account: Account, name: str, step: Step) -> int:
    """A new plan with its first step."""
    return store.smartplans.keep(account.id, SmartPlan(name, (step,)))
