"""Which mailer a database has: the configuration says so."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from store import config, secrets
from store.settings import Settings

if TYPE_CHECKING:
    from store.mail.mailchimp import Mailchimp
    from store.mail.smtp import Smtp

SETTING = "mail-token"


def is_set_up() -> bool:
    """Whether there is a mailer to load."""
    return bool(config.text("mail.url"))


def load(settings: Settings) -> Smtp | None:
    """By SMTP where `mail.url` is set, else none. Its password is the secret `mail.password`, where the URL,
    in a variable, has none. Raises WrongUsage where it can't be understood, and SecretTrouble."""
    url = config.text("mail.url")
    if not url:
        return None
    from store.mail import smtp  # by those only who send

    account = smtp.read(url)
    if account.user and not account.password and (password := secrets.secret("mail.password")):
        account = account._replace(password=password.reveal())
    return smtp.Smtp(account, token(settings))


def token(settings: Settings) -> str:
    """What tells this database's mails from others'."""
    kept = settings.read(SETTING)
    if kept is None:
        kept = uuid.uuid4().hex[:12]
        settings.write(SETTING, kept)
    return kept


def mailchimp() -> Mailchimp | None:
    """By the settings, else none. Raises WrongUsage and SecretTrouble."""
    audience, key = config.text("mailchimp.audience"), secrets.secret("mailchimp.key")
    if not audience or key is None:
        return None
    from store.mail.mailchimp import Mailchimp

    return Mailchimp(key.reveal(), audience, config.text("mailchimp.url"))
