"""What `check` says of a Twilio account: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from store.messages.providers import Finding, Provider, Setup, Severity, load
from tests.store.messages.providers import loopback
from tests.store.messages.providers.loopback import Answer
from tests.store.messages.providers.twilio_standin import ACCOUNT, OURS, SERVICE, TOKEN, TwilioStandin

CALLBACK = "https://agents.example/hooks/twilio"
TOLL_FREE = "+18885550100"


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    twilio = TwilioStandin()
    twilio.number["sms_url"] = CALLBACK
    assert twilio.service
    twilio.service["inbound_request_url"] = CALLBACK
    with loopback.running(twilio):
        yield twilio


def sender(twilio: TwilioStandin, number: str = OURS, **options: str) -> Provider:
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "base_url": twilio.url, "callback_url": CALLBACK}
    return load("twilio", Setup(number, given | options, publish=lambda picture: ""))


def wrong(findings: Iterable[Finding]) -> list[tuple[Severity, str]]:
    """What isn't as it should be; each says what to do."""
    amiss = [finding for finding in findings if finding.severity is not Severity.OK]
    assert all(finding.what_to_do for finding in amiss)
    return [(finding.severity, str(finding.says)) for finding in amiss]


def test_a_service_that_is_set_up_well_has_nothing_amiss(twilio: TwilioStandin) -> None:
    findings = [*sender(twilio, "", messaging_service=SERVICE).check()]
    assert wrong(findings) == []
    assert len(findings) >= 4
    assert twilio.count("POST") == 0


def _account(**changed: str) -> Callable[[TwilioStandin], None]:
    return lambda twilio: twilio.account.update(changed)


def _number(**changed: object) -> Callable[[TwilioStandin], None]:
    return lambda twilio: twilio.number.update(changed)


def _service(**changed: object) -> Callable[[TwilioStandin], None]:
    def change(twilio: TwilioStandin) -> None:
        assert twilio.service
        twilio.service.update(changed)

    return change


@pytest.mark.parametrize(
    ("change", "severity", "says"),
    [
        (_account(status="suspended"), Severity.ERROR, "suspended or closed"),
        (_account(type="Trial"), Severity.WARNING, "trial account"),
        (lambda twilio: twilio.balance.update(balance="1.20"), Severity.WARNING, "Balance at Twilio"),
        (lambda twilio: twilio.balance.update(balance="-0.10"), Severity.ERROR, "Balance at Twilio"),
        (_number(phone_number="+14155550177"), Severity.ERROR, "isn't one of this account's"),
        (_number(capabilities={"sms": False, "mms": True}), Severity.ERROR, "can't send texts"),
        (_number(capabilities={"SMS": True, "MMS": False}), Severity.ERROR, "can't send pictures"),
        (_number(sms_url="https://elsewhere.example"), Severity.WARNING, "doesn't call"),
    ],
)
def test_of_a_number_what_is_amiss_is_told(
    twilio: TwilioStandin, change: Callable[[TwilioStandin], None], severity: Severity, says: str
) -> None:
    change(twilio)
    # Whether a number by itself is registered, nobody can tell.
    ((told, text),) = [one for one in wrong(sender(twilio).check()) if "A2P 10DLC" not in one[1]]
    assert told is severity
    assert says in text


def test_a_number_of_which_nothing_is_told_can_do_nothing(twilio: TwilioStandin) -> None:
    twilio.number["capabilities"] = None
    told = [text for severity, text in wrong(sender(twilio).check()) if severity is Severity.ERROR]
    assert told == [f"{OURS} can't send texts.", f"{OURS} can't send pictures."]


@pytest.mark.parametrize(
    ("change", "severity", "says"),
    [
        (lambda twilio: setattr(twilio, "service", None), Severity.ERROR, "no such Messaging Service"),
        (lambda twilio: twilio.pool.clear(), Severity.ERROR, "no number to send from"),
        (_service(us_app_to_person_registered=False), Severity.ERROR, "No A2P 10DLC campaign"),
        (_service(inbound_request_url=""), Severity.WARNING, "doesn't call"),
    ],
)
def test_of_a_service_what_is_amiss_is_told(
    twilio: TwilioStandin, change: Callable[[TwilioStandin], None], severity: Severity, says: str
) -> None:
    change(twilio)
    ((told, text),) = wrong(sender(twilio, "", messaging_service=SERVICE).check())
    assert told is severity
    assert says in text


def test_a_number_outside_a_service_cannot_be_told_to_be_registered(twilio: TwilioStandin) -> None:
    ((severity, says),) = wrong(sender(twilio).check())
    assert severity is Severity.WARNING
    assert "A2P 10DLC" in says


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (None, "isn't verified"),
        ("TWILIO_REJECTED", "isn't verified"),
        ("IN_REVIEW", "is being verified"),
        ("TWILIO_APPROVED", ""),
    ],
)
def test_a_toll_free_number_has_to_be_verified(twilio: TwilioStandin, state: str | None, says: str) -> None:
    twilio.number["phone_number"] = TOLL_FREE
    if state:
        twilio.verifications.append({"sid": "HH1", "status": state})
    told = wrong(sender(twilio, TOLL_FREE).check())
    assert [says in text for _, text in told] == ([True] if says else [])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Answer(401, b'{"code": 20003}'), "doesn't accept the Account SID"),
        (Answer(429, b""), "too many requests"),
        (Answer(400, b'{"code": 20001}'), "(error 20001)"),
        (Answer(500, b""), "isn't answering"),
        (loopback.DROPPED, "isn't answering"),
    ],
)
def test_trouble_is_told_too(twilio: TwilioStandin, fault: str | Answer, says: str) -> None:
    twilio.fault = fault
    ((_, text),) = wrong(sender(twilio).check())
    assert says in text


def test_an_account_that_is_not_told_its_balance_is_none_the_worse(twilio: TwilioStandin) -> None:
    twilio.balance["balance"] = "unknown"
    assert not any("Balance" in text for _, text in wrong(sender(twilio).check()))
