"""A stand-in of an Android phone with SMSGate, by its OpenAPI description and its source: it keeps a text
under the id that it is given, once, and lists what came in newest first."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.store.messages.providers.loopback import Answer, Asked, Loopback, said

USERNAME, PASSWORD = "agent", "do0not1show2this3"
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
THEIRS = "+14155550123"


class SmsGateStandin(Loopback):
    """now: by the phone's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.messages: dict[str, dict[str, Any]] = {}
        self.inbox: list[dict[str, Any]] = []

    def come_in(self, body: str, ago: float = 0, *, kind: str = "SMS", id: str = "", **more: Any) -> str:
        """A text from somebody, so many minutes ago by the phone's clock; its id."""
        own = id or f"text:{len(self.inbox)}"
        at = (self.now - timedelta(minutes=ago)).isoformat(timespec="milliseconds")
        self.inbox.append(
            {"id": own, "type": kind, "sender": THEIRS, "contentPreview": body, "createdAt": at, **more}
        )
        return own

    def becomes(self, own: str, state: str, error: str | None = None) -> None:
        self.messages[own]["state"] = state
        self.messages[own]["recipients"] = [{"phoneNumber": THEIRS, "state": state, "error": error}]

    def answer(self, asked: Asked) -> Answer:
        expected = "Basic " + b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        if asked.headers.get("Authorization") != expected:
            return said({"message": "Unauthorized"}, 401)
        if (asked.method, asked.path) == ("POST", "/messages"):
            return self._create(json.loads(asked.body))
        if asked.path.startswith("/messages/"):
            kept = self.messages.get(asked.path.removeprefix("/messages/"))
            return said(kept) if kept else Answer(404)
        if asked.path == "/inbox":
            return self._inbox(asked.query)
        return Answer(404)

    def _create(self, message: dict[str, Any]) -> Answer:
        own = message["id"]
        if len(own) > 36:
            return said({"message": "id is too long"}, 400)
        if own in self.messages:
            return said({"message": "Message with such ID already exists"}, 409)
        if not message["phoneNumbers"][0].startswith("+1415"):
            return said({"message": "Invalid phone number"}, 400)
        self.messages[own] = {"id": own, "deviceId": "phone", "text": message["textMessage"]["text"]}
        self.becomes(own, "Pending")
        return said(self.messages[own], 202)

    def _inbox(self, query: dict[str, str]) -> Answer:
        since = _instant(query.get("from"), datetime.min.replace(tzinfo=UTC))
        until = _instant(query.get("to"), self.now)
        limit, offset = int(query.get("limit", 50)), int(query.get("offset", 0))
        if since > until or not 1 <= limit <= 500:
            return said({"message": "Start date cannot be after end date"}, 400)
        found = [one for one in self.inbox if since <= datetime.fromisoformat(one["createdAt"]) <= until]
        found.sort(key=lambda one: (one["createdAt"], one["id"]), reverse=True)
        return said(found[offset : offset + limit], X_Total_Count=str(len(found)))


def _instant(text: str | None, default: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else default
