"""Who works on a database: a person, and what that person's role lets them do.

A role is kept in the store: each method of a capability that changes something names the role that it needs
(`needs`), and refuses everybody else before it does anything. What needs none may be read by all. Time goes
on by itself, whoever looks: what it brings is nobody's doing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from store.errors import RefusedByRule
from store.sentences import Sentence, sentence

S = TypeVar("S", bound="_WorksForSomebody")
T = TypeVar("T")
P = ParamSpec("P")


class Role(StrEnum):
    """What a person may do; each role may do what those below it may.

    owner: plans, purchases, cards, accounts, the address book, and demo clocks. sender: sends texts, cancels
    them, starts SmartPlans, and what waits is delivered while a sender is here. viewer: reads everything, and
    writes drafts and settings of their own.
    """

    OWNER = "owner"
    SENDER = "sender"
    VIEWER = "viewer"

    def covers(self, needed: Role) -> bool:
        """Whether whoever has this role may do what needs that one."""
        return _HIGHEST_FIRST.index(self) <= _HIGHEST_FIRST.index(needed)


_HIGHEST_FIRST = tuple(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at work. name: as lines of the history and orders say it, "" for whoever runs Textmeter on a
    machine of their own."""

    name: str
    role: Role

    def lacks(self, needed: Role) -> Sentence | None:
        """Why this person can't do what needs a role, and who can; None where they can."""
        if self.role.covers(needed):
            return None
        if needed is Role.SENDER:
            return sentence(
                "You are a viewer here, so nothing was sent or changed; your drafts are saved. Ask a "
                "sender or an owner to do this."
            )
        if self.role is Role.VIEWER:
            return sentence(
                "You are a viewer here, so nothing was changed. Ask an owner: only owners can order, "
                "pay, open accounts, move demo clocks and edit contacts."
            )
        return sentence(
            "You are a sender here, so nothing was changed. Ask an owner: only owners can order, "
            "pay, open accounts, move demo clocks and edit contacts."
        )

    def check(self, needed: Role) -> None:
        """Raises RefusedByRule where this person can't do what needs a role."""
        if _NOBODYS.get():
            return
        if says := self.lacks(needed):
            raise RefusedByRule(says, code="role", role=self.role.value, needs=needed.value)


_NOBODYS = ContextVar("nobodys", default=False)


@contextmanager
def nobodys_doing() -> Iterator[None]:
    """A block in which what is done is time's doing, whoever looks: nobody's role counts."""
    before = _NOBODYS.set(True)
    try:
        yield
    finally:
        _NOBODYS.reset(before)


LOCAL = Person("", Role.OWNER)
"""Whoever runs Textmeter on a machine of their own."""


class _HasPerson(Protocol):
    @property
    def person(self) -> Person: ...


class _WorksForSomebody(Protocol):
    """An object that works on a database, which knows who is at work."""

    @property
    def _database(self) -> _HasPerson: ...


def needs(role: Role) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """For a method that changes something in its object's `_database`: raises RefusedByRule, before anything
    is done, for whoever has none of the roles that may."""

    def guarded(change: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @functools.wraps(change)
        def checked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            self._database.person.check(role)
            return change(self, *args, **kwargs)

        return checked

    return guarded
