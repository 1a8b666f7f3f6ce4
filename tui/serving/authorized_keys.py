"""A server's host key, and the keys of the people who may come in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from store.errors import TextmeterError, WrongUsage, reason
from store.files import TooLarge, read_bounded
from store.roles import Person, Role
from store.sentences import sentence

MOST_BYTES = 1_000_000
"""Of a file."""

_KEY = re.compile(r"(?:ssh-|ecdsa-|sk-)\S+\s+[A-Za-z0-9+/=]+(?:\s+(?P<comment>.*))?$")

_OPTION = re.compile(r'(?P<name>[A-Za-z-]+)(?:="(?P<quoted>(?:[^"\\]|\\.)*)"|=(?P<bare>[^",\s]*))?')


def host_key(path: Path) -> asyncssh.SSHKey:
    """The key in a file that only its owner can read; made at the first call and kept. Raises TextmeterError
    where that can't be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            made = asyncssh.generate_private_key("ssh-ed25519")
            # Written aside and linked: of two servers that start at once, both get the same key, whole.
            aside = path.with_name(f"{path.name}.{os.getpid()}")
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made.export_private_key())
            try:
                os.link(aside, path)
            finally:
                aside.unlink()
        except FileExistsError:
            pass
        return asyncssh.import_private_key(read_bounded(path, MOST_BYTES))
    except (OSError, TooLarge, asyncssh.KeyImportError) as error:
        raise TextmeterError(
            sentence(
                "Can't read or create the host key {path}: {why}. Choose another file with --host-key.",
                path=str(path),
                why=reason(error),
            ),
            code="host-key",
        ) from error


@dataclass(frozen=True, slots=True)
class Authorized:
    """A line of an authorized keys file. entry: the key with its options; person: whose it is."""

    entry: asyncssh.SSHAuthorizedKeys
    person: Person


class AuthorizedKeys:
    """The people of a file in OpenSSH's format: a line each, its options first, among them the role.

    `role="sender" ssh-ed25519 AAAA... maria`: the comment is the name, unless `person="..."` tells another.
    Without a role somebody is a viewer. OpenSSH's own `from="..."` counts; what else its options allow or
    forbid, nobody may here anyhow. The file is read at each sign-in, so that a change counts from then on.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self) -> None:
        """Raises WrongUsage for a file that can't be read or has a mistake, with its line."""
        self._read()

    def find(self, key: asyncssh.SSHKey, host: str, address: str) -> Person | None:
        """Whose key it is, coming from there; None where nobody's. Raises WrongUsage."""
        for authorized in self._read():
            if authorized.entry.validate(key, host, address) is not None:
                return authorized.person
        return None

    def _read(self) -> list[Authorized]:
        try:
            lines = read_bounded(self._path, MOST_BYTES).decode("utf-8").splitlines()
        except (OSError, UnicodeError, TooLarge) as error:
            raise WrongUsage(
                sentence("Can't read {path}: {why}.", path=str(self._path), why=reason(error)),
                code="authorized-keys",
            ) from error
        return [
            self._line(line.strip(), number)
            for number, line in enumerate(lines, 1)
            if line.strip() and not line.lstrip().startswith("#")
        ]

    def _line(self, line: str, number: int) -> Authorized:
        try:
            entry = asyncssh.import_authorized_keys(line)
        except (ValueError, asyncssh.KeyImportError) as error:
            raise self._mistake(number, str(error)) from error
        # `import_authorized_keys` passes over what it can't use, such as certificates of an authority.
        key = _KEY.search(line)
        if key is None:
            raise self._mistake(number, "no public key")
        options = _options(line[: key.start()])
        name = options.get("person") or (key["comment"] or "").strip()
        if not name:
            raise self._mistake(number, "no name: give a comment after the key")
        role = options.get("role", Role.VIEWER)
        if options.get("from") == "":
            raise self._mistake(number, "no address after from")
        if role not in list(Role):
            raise self._mistake(number, f"no such role: {role}")
        return Authorized(entry, Person(name, Role(role)))

    def _mistake(self, number: int, what: str) -> WrongUsage:
        return WrongUsage(
            sentence(
                "Line {number} of {path} isn't valid ({what}). A line looks like this: "
                'role="sender" ssh-ed25519 AAAA... name. Roles are owner, sender and viewer.',
                number=number,
                path=str(self._path),
                what=what,
            ),
            code="authorized-keys",
        )


def _options(text: str) -> dict[str, str]:
    """The options before a key, by their names in small letters; one without a value has an empty one."""
    return {
        found["name"].lower(): re.sub(r"\\(.)", r"\1", found["quoted"] or found["bare"] or "")
        for found in _OPTION.finditer(text)
    }
