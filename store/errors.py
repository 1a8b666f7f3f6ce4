"""The errors of the store: each says what happened, what was kept and what to do, as a translatable
sentence."""

from __future__ import annotations

from typing import ClassVar

from store.sentences import N_, Sentence, sentence


class TextmeterError(Exception):
    """Something that a person should be told.

    says: the sentence for people. code: a stable word for programs (kebab-case). details: what programs may
    want beside it (JSON-ready values). exit_code: what the command line exits with.
    """

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "failed"

    def __init__(self, says: Sentence, *, code: str = "", **details: object) -> None:
        super().__init__(str(says))
        self.says = says
        self.code = code or self.default_code
        self.details = details


class WrongUsage(TextmeterError):
    """What was asked for can't be understood: an unknown account, plan, file format, date."""

    exit_code = 2
    default_code = "wrong-usage"


class NotEnoughCredits(TextmeterError):
    """Nothing was held or charged. details: needed, available (credits)."""

    exit_code = 3
    default_code = "not-enough-credits"


class RefusedByRule(TextmeterError):
    """A rule of the product says no; nothing was changed."""

    exit_code = 4
    default_code = "refused"


def changed_since() -> RefusedByRule:
    """Why something that was done can't be taken back: somebody changed the same afterwards."""
    says = sentence("Somebody changed this since, so it can't be undone any more. Nothing was changed.")
    return RefusedByRule(says, code="changed-since")


class PaymentDeclined(TextmeterError):
    """The card was declined; nothing was changed."""

    exit_code = 5
    default_code = "declined"


class DatabaseTrouble(TextmeterError):
    """The database can't be opened, read or written: locked, corrupt, full, read-only, of a newer version."""

    default_code = "database"


_SYSTEM_REASONS = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Not a directory"),
    N_("Is a directory"),
    N_("File exists"),
    N_("File name too long"),
    N_("Read-only file system"),
    N_("No space left on device"),
    N_("Input/output error"),
    N_("Not a regular file"),
)
"""What POSIX systems say of files most often. Python hands it on in English, whatever the locale."""


def reason(error: Exception) -> Sentence | str:
    """Why the system refused: a sentence where it is one of those that people meet, else its own words."""
    says = getattr(error, "strerror", None)
    return Sentence(says) if says in _SYSTEM_REASONS else says or str(error)
