"""Twilio: texts and pictures from a number of one's own or a Messaging Service, by Twilio's own library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec

from store.errors import WrongUsage
from store.messages.providers import Option, Profile, Provider, Setup, publishing
from store.sentences import N_, Sentence, sentence

OPTIONS: Mapping[str, Option] = {
    "account_sid": Option(
        N_("Account SID"), N_("Account SID, from the first page of Twilio's Console. It starts with AC.")
    ),
    "auth_token": Option(
        N_("Auth Token"), N_("Auth Token, from the first page of Twilio's Console."), secret=True
    ),
    "messaging_service": Option(
        N_("Messaging Service"),
        N_("Messaging Service SID, which starts with MG. Leave it empty to send from the number itself."),
        required=False,
    ),
    "callback_url": Option(
        N_("Callback address"),
        N_(
            "The public https address of `textmeter run --listen`. Leave it empty to check with "
            "Twilio every few seconds instead."
        ),
        required=False,
    ),
    **publishing.OPTIONS,
}


# Twilio paces each of our numbers by itself, and keeps ten hours' worth waiting. Pictures, and calls, are for
# whom has set them up.
PROFILE = Profile(per_second=10.0, in_flight=8, confirms=True, poll_every=10.0)


def connect(setup: Setup) -> Provider:
    """A sender of Twilio's. setup.options may hold a base_url, another address than Twilio's own. Raises
    WrongUsage."""
    options = {name: value.strip() for name, value in setup.options.items()}
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", options.get("account_sid", "")):
        raise _wrong(
            "account_sid",
            sentence("That isn't a Twilio Account SID. It starts with AC and has 34 characters."),
        )
    if not options.get("auth_token"):
        raise _wrong(
            "auth_token",
            sentence("Twilio needs the Auth Token. Copy it from the first page of Twilio's Console."),
        )
    service = options.get("messaging_service", "")
    if service and not re.fullmatch(r"MG[0-9a-fA-F]{32}", service):
        raise _wrong(
            "messaging_service",
            sentence("That isn't a Twilio Messaging Service SID. It starts with MG and has 34 characters."),
        )
    if not (service or setup.number):
        raise _wrong("number", sentence("Twilio needs a number to send from, or a Messaging Service."))
    callback = options.get("callback_url", "")
    if callback and not callback.startswith("https://"):
        raise _wrong("callback_url", sentence("The address that Twilio calls must start with https://."))
    if find_spec("twilio") is None:
        raise _wrong(
            "", sentence("The Twilio library isn't installed. Install it: pip install 'textmeter[twilio]'")
        )
    publish = setup.publish or publishing.connect(options)
    from store.messages.providers.twilio.api import Api
    from store.messages.providers.twilio.carrier import Twilio

    api = Api(options["account_sid"], options["auth_token"], options.get("base_url", ""))
    profile = replace(PROFILE, media=publish is not None)
    return Twilio(api, profile, setup.number, service, callback, publish)


def _wrong(key: str, says: Sentence) -> WrongUsage:
    return WrongUsage(says, code="sender-setup", key=key)
