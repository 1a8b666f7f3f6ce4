"""Senders of texts and of emails as one list, whose names are unlike one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from store.messages import providers
from store.messages.providers import Option, Profile

if TYPE_CHECKING:
    from store import Store
    from store.emails.senders import EmailSenders
    from store.messages.senders import SenderInfo, Senders

EMAIL = "smtp"
"""The provider of all senders of emails."""

Door: TypeAlias = "Senders | EmailSenders"


def all_senders(store: Store) -> list[SenderInfo]:
    """Those of texts, then those of emails, by their names."""
    return [*store.senders.all(), *store.email_senders.all()]


def door(store: Store, id: str, provider: str = "") -> Door:
    """Who knows a sender, or would, once it is set up with this provider."""
    is_email = id in store.email_senders.ids() or (provider == EMAIL and id not in store.senders.ids())
    return store.email_senders if is_email else store.senders


def options(provider: str) -> Mapping[str, Option]:
    """What a person sets up for a provider, by name."""
    if provider != EMAIL:
        return providers.options(provider)
    from store.emails.sender_options import OPTIONS

    return OPTIONS


def profile(provider: str) -> Profile:
    """What a provider is like, whoever uses it."""
    return Profile() if provider == EMAIL else providers.profile(provider)
