"""Passwords and keys: where they are looked up and kept. Never the database, a log, an export or a backup.

    secret("stripe.key")  # a `Secret`, or None

Looked up in order: the environment (TEXTMETER_SECRET_STRIPE_KEY, or the setting's own variable), systemd's
credentials ($CREDENTIALS_DIRECTORY/stripe.key), the system's keyring, `secrets.toml` beside `config.toml`.
That file says which secrets are in the keyring (`"stripe.key" = { in = "keyring" }`), so that nobody waits
for a keyring that has none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from store import config
from store.config.schema import BY_KEY
from store.errors import TextmeterError, WrongUsage, reason
from store.files import TooLarge, read_bounded, write_private
from store.paths import FilesOutOfReach, NoHome, files_within_reach
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

VARIABLE = "TEXTMETER_SECRET_"
CREDENTIALS = "CREDENTIALS_DIRECTORY"
SERVICE = "textmeter"
"""Under which name the keyring has them."""
MOST_BYTES = 65_536
"""Of one."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_IN_KEYRING = {"in": "keyring"}


class Place(StrEnum):
    """Where a secret was found or is kept."""

    ENVIRONMENT = "environment"
    CREDENTIALS = "credentials"
    KEYRING = "keyring"
    FILE = "file"


class Secret:
    """A value that no log, message or traceback shows by accident. place: where it was found."""

    __slots__ = ("_value", "place")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: str, place: Place) -> None:
        self._value = value
        self.place = place

    def __repr__(self) -> str:
        return f"<secret, {self.place}>"

    def __eq__(self, other: object) -> bool:
        """In the same time whatever they have in common."""
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # takes longer than all else here, and few compare

        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is written nowhere")

    def reveal(self) -> str:
        """The value, for whoever needs it at this moment."""
        return self._value


class SecretTrouble(TextmeterError):
    """A secret can't be looked up or kept, though it may be there. details: path or name."""

    default_code = "secret"


def secret(*names: str) -> Secret | None:
    """A secret by its name, such as a setting's key; None where there is none. Several names: in each place
    under the first one that it has there. Raises SecretTrouble where it can't be told, or others can read
    it."""
    for name in names:
        _check(name)
    looks: Mapping[Place, Callable[[str], str | None]] = {
        Place.ENVIRONMENT: _in_environment,
        Place.CREDENTIALS: _in_credentials,
    }
    for place, look in looks.items():
        for name in names:
            if value := look(name):
                return Secret(value, place)
    listed = _listed()
    for name in names:
        value = listed.get(name)
        if value == _IN_KEYRING:
            return _in_keyring(name)
        if isinstance(value, str) and value:
            return Secret(value, Place.FILE)
    return None


def keep(name: str, value: str) -> Place:
    """Keeps a secret in the system's keyring where that works, else in `secrets.toml`; where it is now.
    Raises SecretTrouble where neither takes it."""
    _check(name)
    if not files_within_reach():
        raise FilesOutOfReach
    if not value or re.search(r"[\x00-\x1f\x7f]", value) or len(value.encode()) > MOST_BYTES:
        raise WrongUsage(
            sentence("A secret must be one line of text. Nothing was changed."), code="wrong-value", key=name
        )
    _listed()  # which refuses a file that others can read before anything is changed
    if (ring := _keyring()) is not None:
        from keyring.errors import KeyringError

        try:
            ring.set_password(SERVICE, name, value)
        except KeyringError:
            pass  # it is there, and takes nothing
        else:
            _write(name, _IN_KEYRING)
            return Place.KEYRING
    _write(name, value)
    return Place.FILE


def forget(name: str) -> None:
    """Takes a secret out of wherever `keep` put it; one of the environment or of systemd stays. Raises
    SecretTrouble."""
    _check(name)
    if not files_within_reach():
        raise FilesOutOfReach
    listed = _listed()
    if name not in listed:
        return
    if listed[name] == _IN_KEYRING and (ring := _keyring()) is not None:
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            ring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            pass  # it was gone
        except KeyringError as error:
            raise _locked(name) from error
    _write(name, None)


def path() -> Path:
    """Where the file is, or would be. Raises NoHome."""
    return config.path().parent / "secrets.toml"


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name of a secret: {name!r}")


def _in_environment(name: str) -> str | None:
    own = BY_KEY[name].variable if name in BY_KEY else ""
    variable = VARIABLE + re.sub("[^A-Z0-9]", "_", name.upper())
    return os.environ.get(variable) or os.environ.get(own)


def _in_credentials(name: str) -> str | None:
    folder = os.environ.get(CREDENTIALS)
    if not folder:
        return None
    file = Path(folder) / name
    try:
        return read_bounded(file, MOST_BYTES).decode("utf-8").removesuffix("\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, TooLarge) as error:
        raise _unreadable(file, error) from error


def _in_keyring(name: str) -> Secret:
    ring = _keyring()
    if ring is None:
        raise _locked(name)
    from keyring.errors import KeyringError

    try:
        value = ring.get_password(SERVICE, name)
    except KeyringError as error:
        raise _locked(name) from error
    if not value:
        raise _locked(name)
    return Secret(value, Place.KEYRING)


def _keyring() -> KeyringBackend | None:
    """The system's keyring; None where there is none that keeps anything safely."""
    try:
        import keyring
    except ImportError:
        return None
    from keyring.errors import KeyringError

    try:
        ring = keyring.get_keyring()
        return ring if ring.priority >= 1 else None  # "fail", "null" and files of plain text are below
    except (KeyringError, RuntimeError):  # it isn't for this machine
        return None


def _listed() -> Mapping[str, Any]:
    """What the file has: values, or where they are instead. Raises SecretTrouble for one that others can
    read."""
    try:
        file = path()
        mode = file.stat().st_mode
    except (NoHome, FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise _unreadable(path(), error) from error
    if os.name == "posix" and mode & 0o077:
        raise SecretTrouble(
            sentence(
                "Other users of this computer can read {path}, so its secrets aren't used. Protect "
                "it: chmod 600 {path}",
                path=str(file),
            ),
            code="secrets-exposed",
            path=str(file),
        )
    from store.toml_files import TomlFile

    return dict(_flat(TomlFile(file, _refuse).root.values))


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    """As `config.flat`; what says where a secret is stays whole."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        if isinstance(value, dict) and value != _IN_KEYRING:
            found += _flat(value, f"{before}{key}.")
        else:
            found.append((f"{before}{key}", value))
    return found


def _refuse(file: Path, key: str, line: int, problem: Sentence) -> SecretTrouble:
    from store.toml_files import place

    return SecretTrouble(
        sentence(
            "Can't read the secrets. {place}: {problem}.", place=place(str(file), key, line), problem=problem
        ),
        path=str(file),
    )


def _write(name: str, value: str | Mapping[str, str] | None) -> None:
    """Puts a line into the file, or takes it out."""
    import tomlkit

    file = path()
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8") if file.exists() else "")
        _take_out(document, name)
        if isinstance(value, str):
            document[name] = value
        elif value is not None:
            document[name] = tomlkit.inline_table()
            document[name].update(value)
        write_private(file, tomlkit.dumps(document))
    except OSError as error:
        raise SecretTrouble(
            sentence("Can't write to {path}: {why}. Nothing was changed.", path=str(file), why=reason(error)),
            path=str(file),
        ) from error


def _take_out(table: Any, name: str) -> None:
    """Takes a name out, however the file divides it into tables."""
    table.pop(name, None)
    for key, inner in list(table.items()):
        if isinstance(inner, dict) and name.startswith(f"{key}."):
            _take_out(inner, name.removeprefix(f"{key}."))


def _unreadable(file: Path, error: Exception) -> SecretTrouble:
    return SecretTrouble(
        sentence("Can't read {path}: {why}.", path=str(file), why=reason(error)), path=str(file)
    )


def _locked(name: str) -> SecretTrouble:
    return SecretTrouble(
        sentence(
            "{name} is in the system keyring, which can't be read here. Unlock it, or save the "
            "secret again: textmeter config set {name} -",
            name=name,
        ),
        code="keyring",
        name=name,
    )
