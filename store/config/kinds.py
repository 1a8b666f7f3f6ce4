"""What a setting is: its key, its type and range, what it is for, and which values it takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from store.errors import WrongUsage
from store.sentences import Sentence, sentence

Value: TypeAlias = str | int

ONE_LINE = r"[^\x00-\x1f\x7f]+"
FULL_PATH = r"[/~\\]|[A-Za-z]:"
"""How a path begins that means the same from every folder."""


class Kind(StrEnum):
    """What a setting takes.

    place: a path, or the URL of a database. url: another URL. tag: a language. name: what something is known
    by elsewhere. text: a line of it. choice: one of some words. number: a whole one. secret: a text that is
    kept and looked up by `store.secrets` alone.
    """

    PLACE = "place"
    URL = "url"
    TAG = "tag"
    NAME = "name"
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    SECRET = "secret"


PATTERNS = {
    Kind.TAG: "[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*",
    Kind.NAME: r"[\w.-]{1,64}",
}
"""What the whole of a value is like, of the kinds that have such a rule."""


class Unfit(Exception):
    """A value that a setting doesn't take. says: what is wrong with it, after a colon, without its value."""

    def __init__(self, says: Sentence) -> None:
        super().__init__(str(says))
        self.says = says


class Entry(NamedTuple):
    """A setting.

    key: as the file has it, with the table before the dot. name, help: message ids. variable: the one in the
    environment. default: where it isn't set; None where there is none, or it depends on the machine. least,
    most: of a number. choices: the words that a choice takes, each with the message id of what it means.
    """

    key: str
    name: str
    help: str
    kind: Kind
    variable: str
    default: Value | None = None
    least: int = 0
    most: int = 1_000_000_000
    choices: Mapping[str, str] = {}

    @property
    def group(self) -> str:
        """The table of the file that it stands in, "" for none."""
        return self.key.rpartition(".")[0]

    @property
    def secret(self) -> bool:
        """Whether its value is shown to nobody and kept by `store.secrets`."""
        return self.kind is Kind.SECRET

    def typed(self, text: str) -> Value:
        """The value that somebody types, or that a variable has. Raises Unfit."""
        if self.kind is not Kind.NUMBER:
            return self._text(text)
        if not re.fullmatch("[0-9]{1,10}", text):
            raise self._no_number()
        return self._number(int(text))

    def filed(self, value: object) -> Value:
        """The value that the file has. Raises Unfit, also for what doesn't belong into a file."""
        if self.secret:
            raise Unfit(
                sentence(
                    "secrets don't belong in this file; save it with `textmeter config set {key} -`",
                    key=self.key,
                )
            )
        if self.kind is Kind.NUMBER:
            if type(value) is not int:
                raise self._no_number()
            return self._number(value)
        if not isinstance(value, str) or not value:
            raise Unfit(sentence("must be text in quotes"))
        value = self._text(value)
        if self.kind is Kind.PLACE and "://" not in value and not re.match(FULL_PATH, value):
            raise Unfit(sentence("must be a full path, starting with / or ~"))
        if _has_password(self, value):
            raise Unfit(sentence("passwords don't belong in this file"))
        return value

    def shown(self, value: Value) -> str:
        """A value as people may see it: without a password that a URL from the environment holds."""
        if self.secret:
            return "…"
        text = str(value)
        if self.kind is Kind.URL:
            return _without_password(text)
        if self.kind is Kind.PLACE:
            from store.engines.urls import is_served, shown

            return shown(text) if is_served(text) else text
        return text

    def _number(self, value: int) -> int:
        if not self.least <= value <= self.most:
            raise self._no_number()
        return value

    def _no_number(self) -> Unfit:
        return Unfit(
            sentence("must be a whole number from {least} to {most}", least=self.least, most=self.most)
        )

    def _text(self, text: str) -> str:
        if text and not re.fullmatch(ONE_LINE, text):
            raise Unfit(sentence("must be one line of text"))
        if self.kind is Kind.CHOICE and text not in self.choices:
            raise Unfit(sentence("must be one of: {choices}", choices=", ".join(self.choices)))
        if self.kind in PATTERNS and not re.fullmatch(PATTERNS[self.kind], text):
            raise Unfit(
                sentence("must be a language, such as es or es-MX")
                if self.kind is Kind.TAG
                else sentence("must be one word of letters and digits")
            )
        return text


def _has_password(entry: Entry, text: str) -> bool:
    if entry.kind is Kind.URL:
        return _without_password(text) != text
    from store.engines.urls import SECRETS, is_served, server_parameters

    if entry.kind is not Kind.PLACE or not is_served(text):
        return False
    try:
        return any(name in server_parameters(text) for name in SECRETS)
    except WrongUsage as error:
        raise Unfit(sentence("must be a path or a database URL")) from error


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises where what stands before the host can't be told from it
    except ValueError:
        return "…"
    if not parts.netloc:  # nobody knows what in it is the password
        return "…"
    if parts.password is None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:…@{host}").geturl()
