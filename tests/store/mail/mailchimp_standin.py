"""A stand-in of Mailchimp's API, by its documentation: an audience, segments, campaigns with their states,
what a campaign lacks, and its report."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from tests.store.messages.providers.loopback import Answer, Asked, Loopback, said

KEY = "0123456789abcdef0123456789abcdef-us21"
AUDIENCE = "a1b2c3d4e5"


class MailchimpStandin(Loopback):
    """fault_at: faults by the ends of paths, or methods and these, each once. members: of the audience, by
    address: their status there. lacks: what campaigns lack. bounces: addresses and "hard" or "soft"; left:
    who unsubscribed by a campaign."""

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[str, dict[str, Any]] = {}
        self.segments: dict[int, dict[str, Any]] = {}
        self.campaigns: dict[str, dict[str, Any]] = {}
        self.lacks: list[str] = []
        self.bounces: dict[str, str] = {}
        self.left: list[str] = []
        self.fault_at: dict[str | tuple[str, str], Any] = {}

    def take(self, asked: Asked) -> Answer | None:
        for where in list(self.fault_at):
            method, end = where if isinstance(where, tuple) else (asked.method, where)
            if asked.method == method and asked.path.endswith(end):
                self.fault = self.fault_at.pop(where)
        return super().take(asked)

    def sent_to(self, id: str) -> list[str]:
        """Whom a campaign reaches: of its segment, those who are subscribed."""
        segment = self.segments[self.campaigns[id]["recipients"]["segment_opts"]["saved_segment_id"]]
        return [one for one in segment["members"] if self.members[one]["status"] == "subscribed"]

    def answer(self, asked: Asked) -> Answer:
        expected = "Basic " + b64encode(f"user:{KEY}".encode()).decode()
        if asked.headers["Authorization"] != expected:
            return said(
                {"title": "API Key Invalid", "status": 401, "detail": "Your API key may be invalid"}, 401
            )
        body = json.loads(asked.body) if asked.body not in (b"", b"null") else {}
        acts: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
            (f"/lists/{AUDIENCE}", "GET", self._audience),
            (f"/lists/{AUDIENCE}", "POST", self._subscribe),
            (f"/lists/{AUDIENCE}/segments", "POST", self._segment),
            (rf"/lists/{AUDIENCE}/segments/(\d+)", "POST", self._fill),
            ("/campaigns", "GET", self._campaigns),
            ("/campaigns", "POST", self._create),
            (r"/campaigns/(\w+)", "GET", self._get),
            (r"/campaigns/(\w+)", "DELETE", self._remove),
            (r"/campaigns/(\w+)/content", "PUT", self._content),
            (r"/campaigns/(\w+)/send-checklist", "GET", self._checklist),
            (r"/campaigns/(\w+)/actions/send", "POST", self._send),
            (r"/reports/(\w+)/sent-to", "GET", self._report),
            (r"/reports/(\w+)/unsubscribed", "GET", self._unsubscribed),
        )
        for pattern, method, act in acts:
            if asked.method == method and (match := re.fullmatch(pattern, asked.path)):
                try:
                    return act(*match.groups(), body, asked.query)
                except KeyError:
                    break
        return said({"title": "Resource Not Found", "status": 404, "detail": "It isn't there."}, 404)

    def _audience(self, body: Any, query: Any) -> Answer:
        ours = {"from_name": "Ann Agent", "from_email": "ann@example.com", "subject": "", "language": "en"}
        return said({"id": AUDIENCE, "name": "Everybody", "campaign_defaults": ours})

    def _subscribe(self, body: Any, query: Any) -> Answer:
        errors = []
        for member in body["members"]:
            address = member["email_address"]
            if address in self.members:
                errors.append({"email_address": address, "error_code": "ERROR_CONTACT_EXISTS"})
            else:
                self.members[address] = {"status": member["status"], **member["merge_fields"]}
        return said({"errors": errors, "error_count": len(errors)})

    def _segment(self, body: Any, query: Any) -> Answer:
        id = len(self.segments) + 1
        self.segments[id] = {"name": body["name"], "members": []}
        return said({"id": id, "name": body["name"]})

    def _fill(self, id: str, body: Any, query: Any) -> Answer:
        known = [one for one in body["members_to_add"] if one in self.members]
        self.segments[int(id)]["members"] += known
        return said({"members_added": [{"email_address": one} for one in known]})

    def _campaigns(self, body: Any, query: Any) -> Answer:
        found = [one for one in self.campaigns.values() if one["status"] == query.get("status")]
        return said({"campaigns": found[::-1], "total_items": len(found)})

    def _create(self, body: Any, query: Any) -> Answer:
        id = f"c{len(self.campaigns) + 1:09}"
        self.campaigns[id] = {"id": id, "status": "save", "times_sent": 0, **body}
        return said(self.campaigns[id])

    def _get(self, id: str, body: Any, query: Any) -> Answer:
        return said(self.campaigns[id])

    def _remove(self, id: str, body: Any, query: Any) -> Answer:
        del self.campaigns[id]
        return Answer(204)

    def _content(self, id: str, body: Any, query: Any) -> Answer:
        self.campaigns[id]["content"] = body
        return said(body)

    def _checklist(self, id: str, body: Any, query: Any) -> Answer:
        items = [{"type": "error", "id": 1, "heading": "Setup", "details": one} for one in self.lacks]
        fine = [{"type": "success", "id": 500, "heading": "Content", "details": "Fine"}]
        return said({"is_ready": not self.campaigns[id].get("lacks", self.lacks), "items": items + fine})

    def _send(self, id: str, body: Any, query: Any) -> Answer:
        campaign = self.campaigns[id]
        if campaign["status"] != "save" or self.lacks:
            return said(
                {"title": "Bad Request", "status": 400, "detail": "Your Campaign is not ready to send."}, 400
            )
        campaign["status"] = "sent"
        campaign["times_sent"] += 1
        return Answer(204)

    def _report(self, id: str, body: Any, query: Any) -> Answer:
        at, count = int(query["offset"]), int(query["count"])
        people = [
            {"email_address": one, "status": self.bounces.get(one, "sent")}
            for one in self.sent_to(id)[at : at + count]
        ]
        return said({"sent_to": people})

    def _unsubscribed(self, id: str, body: Any, query: Any) -> Answer:
        at = int(query["offset"])
        return said({"unsubscribes": [{"email_address": one} for one in self.left[at:]]})
