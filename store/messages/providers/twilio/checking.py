"""What has to be right at Twilio for texts to leave and replies to come in."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from store.messages.providers import Finding, Severity
from store.messages.providers.asking import Busy, Said, Trouble
from store.messages.providers.twilio import errors
from store.messages.providers.twilio.api import Api
from store.sentences import Money, Phone, Sentence, sentence, sentences

_TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")
_LOW = 500
"""Cents on the account below which somebody should hear of it."""

_ASK_AGAIN = sentence("Check your connection and try again. If it still fails, see status.twilio.com.")


def check(api: Api, number: str, service: str, callback: str, *, media: bool) -> Iterator[Finding]:
    """Everything, in the order in which a person sets it up."""
    try:
        yield from _findings(api, number, service, callback, media=media)
    except Trouble as trouble:
        yield finding_of(trouble)


def finding_of(trouble: Trouble) -> Finding:
    """What a question that brought no answer means, and what to do."""
    if isinstance(trouble, Said) and errors.reason(trouble.code, trouble.status) == "account-unusable":
        return Finding(
            Severity.ERROR,
            sentence("Twilio doesn't accept the Account SID and Auth Token."),
            sentence("Copy both from the first page of Twilio's Console."),
        )
    if isinstance(trouble, Said):
        return Finding(
            Severity.ERROR,
            sentence("Twilio refused a request (error {code}).", code=str(trouble.code or trouble.status)),
            sentence("Look the error up at twilio.com/docs/api/errors."),
        )
    if isinstance(trouble, Busy):
        return Finding(
            Severity.WARNING,
            sentence("Twilio is getting too many requests at once."),
            sentence("Try again in a minute."),
        )
    return Finding(Severity.ERROR, sentence("Twilio isn't answering."), _ASK_AGAIN)


def _findings(api: Api, number: str, service: str, callback: str, *, media: bool) -> Iterator[Finding]:
    yield from _account(api)
    yield from _balance(api)
    if service:
        yield from _service(api, service, callback)
    if number.startswith("+"):
        yield from _own_number(api, number, callback, in_service=bool(service), media=media)


def _account(api: Api) -> Iterator[Finding]:
    account = api.ask(lambda: api.client.api.accounts(api.account_sid).fetch())
    if account.status != "active":
        yield Finding(
            Severity.ERROR,
            sentence("Your Twilio account is suspended or closed."),
            sentence("Sign in to Twilio's Console to see why."),
        )
        return
    yield Finding(Severity.OK, sentence("Your Twilio account is active."))
    if account.type == "Trial":
        yield Finding(
            Severity.WARNING,
            sentence("This is a trial account: it can text only numbers you have verified."),
            sentence("Upgrade it in Twilio's Console."),
        )


def _balance(api: Api) -> Iterator[Finding]:
    try:
        balance = api.ask(api.client.api.accounts(api.account_sid).balance.fetch)
        cents = int(Decimal(str(balance.balance)) * 100)
    except (Said, InvalidOperation, ValueError, OverflowError):
        return  # not every account is told
    left = Money(cents, str(balance.currency or "USD"))
    if cents < _LOW:
        yield Finding(
            Severity.ERROR if cents <= 0 else Severity.WARNING,
            sentence("Balance at Twilio: {money}.", money=left),
            sentence("Top it up in Twilio's Console, or turn on auto-recharge there."),
        )
    else:
        yield Finding(Severity.OK, sentence("Balance at Twilio: {money}.", money=left))


def _service(api: Api, sid: str, callback: str) -> Iterator[Finding]:
    try:
        service = api.ask(lambda: api.client.messaging.v1.services(sid).fetch())
    except Said as trouble:
        if trouble.status != 404:
            raise
        yield Finding(
            Severity.ERROR,
            sentence("This account has no such Messaging Service."),
            sentence("Copy its SID from Messaging > Services in Twilio's Console."),
        )
        return
    numbers = api.ask(lambda: api.client.messaging.v1.services(sid).phone_numbers.list(limit=1_000))
    if numbers:
        yield Finding(
            Severity.OK,
            sentences(
                "The Messaging Service sends from {count} number.",
                "The Messaging Service sends from {count} numbers.",
                len(numbers),
            ),
        )
    else:
        yield Finding(
            Severity.ERROR,
            sentence("The Messaging Service has no number to send from."),
            sentence("Add one to its Sender Pool in Twilio's Console."),
        )
    if service.us_app_to_person_registered:
        yield Finding(Severity.OK, sentence("Its A2P 10DLC campaign is registered."))
    elif any(_is_us_long_code(str(one.phone_number)) for one in numbers):
        yield Finding(
            Severity.ERROR,
            sentence("No A2P 10DLC campaign is registered: US carriers block its texts."),
            sentence("Register one at Messaging > Regulatory Compliance in Twilio's Console."),
        )
    if service.smart_encoding:
        yield Finding(
            Severity.OK,
            sentence(
                "Smart Encoding is on there. Textmeter turns it off for each text, so prices stay as shown."
            ),
        )
    if not service.use_inbound_webhook_on_number:
        yield from _called(callback, service.inbound_request_url)


def _own_number(api: Api, number: str, callback: str, *, in_service: bool, media: bool) -> Iterator[Finding]:
    listed = api.ask(lambda: api.client.incoming_phone_numbers.list(phone_number=number, limit=20))
    own = next((one for one in listed if one.phone_number == number), None)
    if own is None:
        yield Finding(
            Severity.ERROR,
            sentence("{number} isn't one of this account's numbers.", number=Phone(number)),
            sentence("Buy it in Twilio's Console, or enter one you already have."),
        )
        return
    yield _can(own, "sms", sentence("{number} sends texts.", number=Phone(number)), _no_texts(number))
    if media:
        yield _can(
            own, "mms", sentence("{number} sends pictures.", number=Phone(number)), _no_pictures(number)
        )
    if number.startswith(_TOLL_FREE):
        yield from _toll_free(api, own, number)
    elif not in_service and _is_us_long_code(number):
        yield Finding(
            Severity.WARNING,
            sentence(
                "US carriers block texts from {number} unless it is registered for A2P 10DLC.",
                number=Phone(number),
            ),
            sentence(
                "To let this check see the registration, put the number in a Messaging Service with a "
                "registered campaign, and enter that service's SID here."
            ),
        )
    if not in_service:
        yield from _called(callback, own.sms_url)


def _can(own: Any, what: str, yes: Sentence, no: Sentence) -> Finding:
    capabilities = own.capabilities if isinstance(own.capabilities, dict) else {}
    # Some of Twilio's answers have them in capitals.
    if capabilities.get(what, capabilities.get(what.upper())):
        return Finding(Severity.OK, yes)
    return Finding(Severity.ERROR, no, sentence("Choose another number in Twilio's Console."))


def _no_texts(number: str) -> Sentence:
    return sentence("{number} can't send texts.", number=Phone(number))


def _no_pictures(number: str) -> Sentence:
    return sentence("{number} can't send pictures.", number=Phone(number))


def _toll_free(api: Api, own: Any, number: str) -> Iterator[Finding]:
    listed = api.ask(
        lambda: api.client.messaging.v1.tollfree_verifications.list(
            tollfree_phone_number_sid=str(own.sid), limit=20
        )
    )
    if any(one.status == "TWILIO_APPROVED" for one in listed):
        yield Finding(Severity.OK, sentence("{number} is verified as toll-free.", number=Phone(number)))
    elif any(one.status in ("PENDING_REVIEW", "IN_REVIEW") for one in listed):
        yield Finding(
            Severity.ERROR,
            sentence(
                "{number} is being verified as toll-free. Until then carriers block its texts.",
                number=Phone(number),
            ),
            sentence("Wait for Twilio's email."),
        )
    else:
        yield Finding(
            Severity.ERROR,
            sentence("{number} isn't verified as toll-free: carriers block its texts.", number=Phone(number)),
            sentence("Verify it at Messaging > Regulatory Compliance in Twilio's Console."),
        )


def _called(callback: str, url: object) -> Iterator[Finding]:
    """Where replies go, which may be somebody else's: they are read from Twilio's list all the same."""
    if callback and url != callback:
        yield Finding(
            Severity.WARNING,
            sentence("Twilio doesn't call {url} for replies, so they arrive a little later.", url=callback),
            sentence("Enter this address as its webhook for incoming messages in Twilio's Console."),
        )


def _is_us_long_code(number: str) -> bool:
    """Whether it may be an ordinary number of the United States: all of +1 that isn't toll-free."""
    return number.startswith("+1") and len(number) == 12 and not number.startswith(_TOLL_FREE)
