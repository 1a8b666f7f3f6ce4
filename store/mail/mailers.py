"""Which mailer a database has: the environment says so."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

from store.settings import Settings

if TYPE_CHECKING:
    from store.mail.smtp import Smtp

SETTING = "mail-token"


def is_set_up() -> bool:
    """Whether there is a mailer to load."""
    return bool(os.environ.get("TEXTMETER_MAIL"))


def load(settings: Settings) -> Smtp | None:
    """By SMTP where TEXTMETER_MAIL is set, else none. Raises WrongUsage where it can't be understood."""
    url = os.environ.get("TEXTMETER_MAIL")
    if not url:
        return None
    from store.mail import smtp  # by those only who send

    account = smtp.read(url)
    token = settings.read(SETTING)
    if token is None:
        token = uuid.uuid4().hex[:12]
        settings.write(SETTING, token)
    return smtp.Smtp(account, token)
