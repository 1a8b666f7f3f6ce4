"""How people are reached, and how what is typed in To is read: as numbers here, as addresses where emails are
written."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

from store.messages.model import LeftOut, Purpose
from store.people.finding import Reached
from store.people.model import Contact
from store.sentences import N_, Sentence, sentence
from store.texts import phones
from store.texts.phones import PhoneRefused
from tui.i18n.language import Language


class Recipient(Protocol):
    """Who gets it. contact: an id, 0 for somebody who isn't in the address book. values: what the merge
    fields may take."""

    @property
    def contact(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def household(self) -> str: ...
    @property
    def values(self) -> Mapping[str, str]: ...


class Chosen(Protocol):
    """Who gets it, and who not, as `store.messages.audience.Audience` has them."""

    @property
    def recipients(self) -> Sequence[Recipient]: ...
    @property
    def refused(self) -> Sequence[LeftOut]: ...
    @property
    def without(self) -> Sequence[LeftOut]: ...
    @property
    def twice(self) -> Sequence[LeftOut]: ...
    @property
    def fields(self) -> Sequence[str]: ...
    @property
    def households(self) -> bool: ...
    @property
    def purpose(self) -> Purpose: ...


Kind: TypeAlias = Literal["contact", "group", "typed", "everyone", "filter"]

EXCEPT = ("-", "!")
"""What is typed before somebody who is to get nothing."""

FEWEST_DIGITS = 7
"""Of a number that is taken as it is typed, before it is known who has it."""

_number_like = re.compile(r"\+?[\d\s()./-]{3,}").fullmatch


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that was chosen to be written to. key: a contact's id, a group's name, a number or address as
    typed, a filter as `Draft.filters` has it, "" for everyone; label: to be shown. excepted: whether it is
    chosen to get nothing instead.
    """

    kind: Kind
    key: str
    label: str
    excepted: bool = False


def excepted(token: Token) -> Token:
    """The same as one that gets nothing."""
    return replace(token, label=f"−{token.label}", excepted=True)


class Reach(ABC):
    """By numbers, or by addresses. by: as the address book has it; place_name: what a column of them is
    called; placeholder, help: of To; nobody_yet: what is said where nobody is chosen."""

    by: ClassVar[Reached]
    place_name: ClassVar[str]
    placeholder: ClassVar[str]
    help: ClassVar[str]
    nobody_yet: ClassVar[Sentence]

    @abstractmethod
    def token(self, typed: str, language: Language) -> Token:
        """One that somebody typed, shown as such are."""

    @abstractmethod
    def is_begun(self, text: str) -> bool:
        """Whether what is typed is none of a name, even if it isn't whole."""

    @abstractmethod
    def is_whole(self, text: str, region: str) -> bool:
        """Whether something can be sent there. region: where a number without a country code is read."""

    @abstractmethod
    def is_enough(self, text: str) -> bool:
        """Whether it is taken as it is typed, before it is known who has it."""

    @abstractmethod
    def is_at(self, token: Token, place: str, region: str) -> bool:
        """Whether a token is that number (E.164) or address."""

    @abstractmethod
    def of(self, contact: Contact, language: Language) -> str:
        """Where somebody is reached, as it is shown beside their name."""

    @abstractmethod
    def place(self, somebody: Any) -> str:
        """The number (E.164) or address of somebody who gets it, or doesn't."""

    def about(self, somebody: Any, language: Language) -> str:
        """What else is worth knowing of somebody who gets it, or ""."""
        return ""

    @abstractmethod
    def nobody(self, text: str) -> Sentence:
        """That what is typed chooses nobody."""

    def typed(self, text: str, language: Language) -> Token | None:
        """What somebody typed, where it is enough; None where it isn't."""
        place = text.lstrip("".join(EXCEPT)).strip()
        if not self.is_enough(place):
            return None
        token = self.token(place, language)
        return excepted(token) if text.startswith(EXCEPT) else token


class Numbers(Reach):
    """By text."""

    by = "phone"
    place_name = N_("Number")
    placeholder = N_("a name, a #group or a number")
    help = N_(
        "Type a name, a #group or a number, and press Enter. You can paste several numbers "
        "at once. Backspace removes the last one; ← moves to an earlier one, and Delete "
        "removes it. #everyone is your whole address book, =name is a saved filter, and "
        "=#buyers unit:4* is a filter you type. Put - or ! in front to leave someone out: "
        "-#owners. {key} shows everyone."
    )
    nobody_yet = sentence("There is nobody to send this to yet. Add a number or a contact.")

    def token(self, typed: str, language: Language) -> Token:
        try:
            shown = language.phone(phones.parse(typed, language.home).e164)
        except PhoneRefused:
            shown = typed
        return Token("typed", typed, shown)

    def is_begun(self, text: str) -> bool:
        return _number_like(text) is not None

    def is_whole(self, text: str, region: str) -> bool:
        try:
            phones.parse(text, region)
        except PhoneRefused:
            return False
        return True

    def is_enough(self, text: str) -> bool:
        return self.is_begun(text) and sum(map(str.isdecimal, text)) >= FEWEST_DIGITS

    def is_at(self, token: Token, place: str, region: str) -> bool:
        if token.kind != "typed":
            return False
        try:
            return phones.parse(token.key, region).e164 == place
        except PhoneRefused:
            return False

    def of(self, contact: Contact, language: Language) -> str:
        return language.phone(contact.phone) or contact.email

    def place(self, somebody: Any) -> str:
        return str(somebody.phone)  # of a recipient, or of who is left out

    def about(self, somebody: Any, language: Language) -> str:
        return "" if somebody.region == language.home else language.territory(somebody.region)

    def nobody(self, text: str) -> Sentence:
        return sentence("“{text}” matches nobody. Type part of a name, or a whole number.", text=text)


NUMBERS = Numbers()
