"""Which mailer a database has: the configuration says so."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from store import config, secrets
from store.settings import Settings

if TYPE_CHECKING:
    from store.mail.smtp import Account, Smtp

SETTING = "mail-token"


def is_set_up() -> bool:
    """Whether there is a mailer to load."""
    return bool(config.text("mail.url"))


def load(settings: Settings) -> Smtp | None:
    """By SMTP where `mail.url` is set, else none. Raises WrongUsage where it can't be understood, and
    SecretTrouble."""
    found = account()
    if found is None:
        return None
    from store.mail import smtp  # by those only who send

    return smtp.Smtp(found, token(settings))


def account() -> Account | None:
    """What `mail.url` says, None where it isn't set. Its password is the secret `mail.password`, where the
    URL, in a variable, has none. Raises likewise."""
    url = config.text("mail.url")
    if not url:
        return None
    from store.mail import smtp

    found = smtp.read(url)
    if found.user and not found.password and (password := secrets.secret("mail.password")):
        return found._replace(password=password.reveal())
    return found


def token(settings: Settings) -> str:
    """What tells Message-IDs of this database from those of others."""
    return settings.read(SETTING) or settings.once(SETTING, uuid.uuid4().hex[:12])
