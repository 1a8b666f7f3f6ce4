"""How people are reached by email, and how what is typed in To is read."""

from __future__ import annotations

import re
from typing import Any

from store.people.model import Contact
from store.sentences import N_, Sentence, sentence
from tui.compose.reach import Reach, Token
from tui.i18n.language import Language

_whole = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}").fullmatch
_in_brackets = re.compile(r"[^<>]*<([^<>]+)>").fullmatch


class Addresses(Reach):
    """By email. What can't be written to is found out by the store, and told then."""

    by = "email"
    place_name = N_("Address")
    placeholder = N_("a name, a #group or an address")
    help = N_(
        "Type a name, a #group or an email address, and press Enter. You can paste several "
        "addresses at once. Backspace removes the last one; ← moves to an earlier one, and "
        "Delete removes it. #everyone is your whole address book, =name is a saved filter, "
        "and =#buyers unit:4* is a filter you type. Put - or ! in front to leave someone "
        "out: -#owners. {key} shows everyone."
    )
    nobody_yet = sentence("There is nobody to send this to yet. Add an address or a contact.")

    def token(self, typed: str, language: Language) -> Token:
        """Of one as mail programs copy it, "Zoë O'Hara <zoe@example.com>", what is in the brackets."""
        found = _in_brackets(typed)
        address = (found[1] if found else typed).strip()
        return Token("typed", address, address)

    def is_begun(self, text: str) -> bool:
        return "@" in text

    def is_whole(self, text: str, region: str) -> bool:
        return _whole(text) is not None

    def is_enough(self, text: str) -> bool:
        return self.is_whole(text, "")

    def is_at(self, token: Token, place: str, region: str) -> bool:
        return token.kind == "typed" and token.key.lower() == place.lower()

    def of(self, contact: Contact, language: Language) -> str:
        return contact.email or language.phone(contact.phone)

    def place(self, somebody: Any) -> str:
        """Who is left out has it where those have a number who get no text."""
        return str(getattr(somebody, "address", "") or somebody.phone)

    def nobody(self, text: str) -> Sentence:
        return sentence("“{text}” matches nobody. Type part of a name, or a whole address.", text=text)


ADDRESSES = Addresses()
