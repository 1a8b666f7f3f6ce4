"""Twilio's library, asked with bounded patience: each question once, whatever becomes of it."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

from requests import RequestException, Session
from requests.exceptions import ConnectTimeout
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from store.messages.providers import asking
from store.messages.providers.asking import Busy, Lost, Said, Trouble, Unsent

T = TypeVar("T")

PAGE = 50
"""Messages; so many of the longest are far from `asking.MOST_BYTES`."""


class Api:
    """One account. base_url: another address than Twilio's own."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str = "") -> None:
        self.account_sid = account_sid
        self.client = Client(account_sid, auth_token, http_client=_Http())
        self._validator = RequestValidator(auth_token)
        if base_url:
            for part in (self.client.api, self.client.messaging, self.client.pricing):
                part.base_url = base_url

    def __repr__(self) -> str:
        return f"<Api {self.account_sid}>"

    def ask(self, question: Callable[[], T]) -> T:
        """What the library makes of an answer. Raises Unsent, Busy, Said or Lost."""
        try:
            return question()
        # What it raises of an answer that isn't what it takes it for.
        except (TwilioException, ValueError, TypeError, AttributeError, LookupError, RecursionError):
            trouble = Lost("unreadable answer")
        # Outside, so that nothing of the library's, which knows the token, hangs on it.
        raise trouble

    def message(self, sid: str) -> Any:
        """One message. Raises as `ask` does."""
        return self.ask(lambda: self.client.messages(sid).fetch())

    def messages(self, after: str = "", **filters: object) -> tuple[list[Any], str]:
        """A page of messages by Twilio's filters, newest first, and where the next one is, "" behind the
        last. after: where the page before said."""

        def question() -> tuple[list[Any], str]:
            messages = self.client.messages
            page = messages.get_page(after) if after else messages.page(page_size=PAGE, **filters)
            return list(page), page.next_page_url or ""

        return self.ask(question)

    def signed(self, url: str, form: dict[str, str], signature: str) -> bool:
        """Whether a call comes from Twilio."""
        return bool(self._validator.validate(url, form, signature))


class _Http(HttpClient):  # type: ignore[misc] # the library has no types
    """The library's own reads answers of any length, and takes those that say no for answers."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False, None)
        self._session = Session()

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        try:
            with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                auth=auth,
                timeout=(asking.CONNECT_SECONDS, asking.ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                status, fields = answer.status_code, answer.headers
                text = asking.whole(answer.iter_content(1 << 16)).decode(errors="replace")
        except RequestException as error:
            trouble: Trouble = Unsent() if _was_never_sent(error) else Lost()
        else:
            if 200 <= status < 300:
                return Response(status, text, fields)
            if status == 429:
                trouble = Busy(asking.retry_after(fields.get("Retry-After")), _code(text))
            elif 400 <= status < 500 and status != 408:
                trouble = Said(status, _code(text))
            else:
                trouble = Lost(f"HTTP {status}")
        raise trouble


def _was_never_sent(error: RequestException) -> bool:
    """Whether there was no connection to send anything by."""
    if isinstance(error, ConnectTimeout):
        return True
    cause: object = error
    seen = 0
    while isinstance(cause, BaseException) and seen < 8:
        if isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError):
            return True
        inner = getattr(cause, "reason", None) or next(iter(cause.args), None)
        cause, seen = inner if isinstance(inner, BaseException) else cause.__context__, seen + 1
    return False


def _code(text: str) -> int:
    """Twilio's own number of what is wrong, 0 where it doesn't say."""
    try:
        return int(json.loads(text)["code"])
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError):
        return 0
