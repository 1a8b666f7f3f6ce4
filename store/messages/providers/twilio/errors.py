"""Twilio's error codes as our reasons.

Source: twilio.com/docs/api/errors. Codes of creating a text are 20xxx and 21xxx; those of what became of it
later, 30xxx and 63xxx.
"""

from __future__ import annotations

OVER_LIMIT = 63038
"""The account's messages of the day are used up: no wait of minutes helps."""

QUEUE_FULL = 21611
"""As many texts of one number wait at Twilio as may."""

_REASONS: dict[str, tuple[int, ...]] = {
    "account-unusable": (20003, 20005, 20404, 30002, 30037),
    "no-such-number": (21211, 21214, 21217, 30005),
    "not-a-mobile": (21614, 30006),
    "not-allowed-there": (21408, 30040),
    "no-route": (21612,),
    "sender-unusable": (21212, 21603, 21606, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 30024),
    "trial": (21608,),
    "opted-out-there": (21610,),
    "too-large": (21605, 21617, 30019, 11751),
    "not-published": (21620, 11200, 12300),
    "unreachable": (30003,),
    "blocked": (30004,),
    "filtered": (30007,),
    "unregistered": (30032, 30033, 30034, 30035),
    "over-limit": (30022, 30023, OVER_LIMIT),
    "provider-error": (30001, 30008, 30017, 30410, 30500),
}
_BY_CODE = {code: reason for reason, codes in _REASONS.items() for code in codes}


def reason(code: int, status: int = 0) -> str:
    """The reason of an error. status: of HTTP, which says it where the code doesn't."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    return "account-unusable" if status in (401, 403) else "other"
