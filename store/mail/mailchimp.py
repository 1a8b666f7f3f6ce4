"""Mailchimp: one email to many by a service that delivers it itself, by its own library (imported when used).

A campaign there is made step by step and sent by one call that is never repeated: where its answer is lost,
the campaign itself says whether it went."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from store.errors import WrongUsage
from store.mail import Accepted, NoAnswer, NotSent, Outcome
from store.sentences import Sentence, sentence
from store.texts.merge import Field, Template

T = TypeVar("T")

SECONDS = 30
"""How long Mailchimp may be silent."""

AT_ONCE = 500
"""People in one call (Mailchimp's limit)."""

TAGS: Mapping[str, str] = {"first_name": "FNAME", "last_name": "LNAME"}
"""The merge fields that every audience of Mailchimp's has."""


class Member(NamedTuple):
    """Somebody who gets a campaign."""

    address: str
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A campaign to be made. key: ours, so that one whose answer was lost is found again. subject, text,
    html: with Mailchimp's tags in place (`tagged`)."""

    key: str
    subject: str
    text: str
    html: str
    members: Sequence[Member]


class State(StrEnum):
    """Where a campaign stands there. UNSENT: not sent. SENT: sent, or being sent."""

    UNSENT = "unsent"
    SENT = "sent"


class Told(NamedTuple):
    """What became of one of its emails: "sent", "bounced" (for good), "delayed" or "unsubscribed"."""

    address: str
    what: str


class ServiceTrouble(Exception):
    """It may be tried again, unless it was lost: then nobody knows whether it was done. says: why, and what
    to do."""

    def __init__(self, says: Sentence, *, lost: bool = False) -> None:
        super().__init__(str(says))
        self.says = says
        self.lost = lost


class Mailchimp:
    """key: of Mailchimp's API, which names its data centre; audience: the id of one there, to which whoever
    gets an email is added. base_url: another address than Mailchimp's own. Raises WrongUsage where the
    library isn't there or the key can't be one. All methods may take as long as a network does."""

    def __init__(self, key: str, audience: str, base_url: str = "") -> None:
        try:
            from mailchimp_marketing import Client
        except ImportError:
            raise WrongUsage(
                sentence(
                    "The Mailchimp library isn't installed, so nothing was sent. Install it: pip install "
                    "'textmeter[mailchimp]'"
                ),
                code="mailchimp-library",
            ) from None
        if "-" not in key or not key.isascii() or not key.isprintable():
            raise WrongUsage(
                sentence(
                    "That isn't a Mailchimp API key: those end with a data center such as -us21. Create "
                    "one at Mailchimp under Account, Extras, API keys, and set mailchimp.key."
                ),
                code="mailchimp-key",
            )
        self._client = Client()
        self._client.set_config({"api_key": key, "timeout": SECONDS})
        if base_url:
            self._client.api_client.host = base_url.rstrip("/")
        self._audience = audience

    def __repr__(self) -> str:
        return f"<Mailchimp {self._audience}>"

    def make(self, letter: Letter) -> str:
        """Makes a campaign, and writes it; its id there. One that was made under its key before is taken
        away: somebody may have opted out since. Raises ServiceTrouble."""
        if made := self._made(letter.key):
            self.withdraw(made)
        id = self._new(letter)
        content = {"plain_text": letter.text, "html": letter.html}
        self._ask(lambda: self._client.campaigns.set_content(id, content))
        return id

    def problems(self, id: str) -> list[str]:
        """What keeps a campaign from being sent, in Mailchimp's words. Raises ServiceTrouble."""
        checked = self._ask(lambda: self._client.campaigns.get_send_checklist(id))
        items = [item for item in _list(checked, "items") if isinstance(item, dict)]
        if checked.get("is_ready"):
            return []
        return [f"{item.get('heading', '')}: {item.get('details', '')}" for item in items if _is_error(item)]

    def send(self, id: str) -> Outcome:
        """Sends a campaign: said once, whatever becomes of the answer."""
        try:
            self._ask(lambda: self._client.campaigns.send(id))
        except ServiceTrouble as trouble:
            return NoAnswer() if trouble.lost else NotSent(trouble.says)
        return Accepted()

    def state(self, id: str) -> State:
        """Raises ServiceTrouble where Mailchimp can't be asked."""
        found = self._ask(lambda: self._client.campaigns.get(id, fields=["status"]))
        return State.UNSENT if found.get("status") in ("save", "schedule", "paused") else State.SENT

    def outcomes(self, id: str) -> Iterator[Told]:
        """What is known of each of its emails. Raises ServiceTrouble."""
        reports = self._client.reports
        for one in self._pages(reports.get_campaign_recipients, id, "sent_to"):
            what = {"hard": "bounced", "soft": "delayed"}.get(str(one.get("status")), "sent")
            yield Told(str(one.get("email_address", "")), what)
        for one in self._pages(reports.get_unsubscribed_list_for_campaign, id, "unsubscribes"):
            yield Told(str(one.get("email_address", "")), "unsubscribed")

    def withdraw(self, id: str) -> None:
        """Deletes a campaign that wasn't sent. Raises ServiceTrouble."""
        self._ask(lambda: self._client.campaigns.remove(id))

    def check(self) -> Sentence | None:
        """Why nothing can be sent by it; None where all is right."""
        try:
            self._ask(lambda: self._client.lists.get_list(self._audience, fields=["id", "name"]))
        except ServiceTrouble as trouble:
            return trouble.says
        return None

    def _new(self, letter: Letter) -> str:
        members = iter(letter.members)
        ours = self._ask(lambda: self._client.lists.get_list(self._audience)).get("campaign_defaults", {})
        segment = {"name": letter.key, "static_segment": list[str]()}
        lists, audience = self._client.lists, self._audience
        made = _id(self._ask(lambda: lists.create_segment(audience, segment)))
        while part := list(islice(members, AT_ONCE)):
            people = {"members": [_member(one) for one in part], "update_existing": False}
            self._ask(lambda: lists.batch_list_members(audience, people))  # noqa: B023 - asked at once
            added = {"members_to_add": [one.address for one in part]}
            self._ask(lambda: lists.batch_segment_members(added, audience, made))  # noqa: B023
        campaign = {
            "type": "regular",
            "recipients": {"list_id": audience, "segment_opts": {"saved_segment_id": made}},
            "settings": {
                "title": letter.key,
                "subject_line": letter.subject,
                "from_name": ours.get("from_name", ""),
                "reply_to": ours.get("from_email", ""),
            },
        }
        return str(_id(self._ask(lambda: self._client.campaigns.create(campaign))))

    def _made(self, key: str) -> str:
        """The id of an unsent campaign under this key, "" where there is none."""
        about = {"list_id": self._audience, "status": "save", "sort_field": "create_time", "sort_dir": "DESC"}
        found = self._ask(lambda: self._client.campaigns.list(**about, count=100))
        for one in _list(found, "campaigns"):
            if one.get("settings", {}).get("title") == key:
                return str(one["id"])
        return ""

    def _pages(self, page: Callable[..., Any], id: str, name: str) -> Iterator[Mapping[str, Any]]:
        at = 0
        while True:
            found = _list(self._ask(lambda: page(id, count=AT_ONCE, offset=at)), name)  # noqa: B023
            yield from found
            at += len(found)
            if len(found) < AT_ONCE:
                return

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Raises ServiceTrouble."""
        from mailchimp_marketing.api_client import ApiClientError

        try:
            answer = question()
        except ApiClientError as error:
            status, why = error.status_code, error.text
        except Exception as error:  # noqa: BLE001 - the library raises what it likes at odd answers
            status, why = None, error
        else:
            if isinstance(answer, dict):
                return answer
            if answer.ok:  # nothing to say: what was asked for is done
                return {}
            status, why = answer.status_code, ""
        # Outside, so that nothing of the library's, which knows the key, hangs on it.
        raise _trouble(status, why)


def tagged(template: Template) -> str:
    """A text with merge fields as Mailchimp fills them. Raises WrongUsage for a field that audiences there
    don't have."""
    return "".join(
        part.replace("*|", "* |") if isinstance(part, str) else _tag(part) for part in template.parts
    )


def _tag(field: Field) -> str:
    names = ("first_name", "last_name") if field.name == "name" else (field.name,)
    if any(name not in TAGS for name in names):
        raise WrongUsage(
            sentence(
                "Mailchimp doesn't know {field}: its campaigns support first_name, last_name and "
                "name. Nothing was sent. Remove the field, or use your own server.",
                field=field.written,
            ),
            code="mailchimp-field",
        )
    tags = " ".join(f"*|{TAGS[name]}|*" for name in names)
    if not field.fallback:
        return tags
    fallback = field.fallback.replace("*|", "* |")
    return f"*|IF:{TAGS[names[0]]}|*{tags}*|ELSE:|*{fallback}*|END:IF|*"


def key_of(campaign_id: int, token: str) -> str:
    """By what name a campaign of ours is known there. token: tells this database from others."""
    return f"textmeter-{hashlib.sha256(token.encode()).hexdigest()[:8]}-{campaign_id}"


def _trouble(status: int | None, why: object) -> ServiceTrouble:
    if status is not None and 400 <= status < 500:
        return ServiceTrouble(_refusal(status, why))
    never_left = status is None and _never_left(why)
    return ServiceTrouble(
        _out_of_reach(_line(why) if status is None else f"HTTP {status}"), lost=not never_left
    )


def _never_left(why: object) -> bool:
    """Whether nothing of a question can have arrived."""
    from requests.exceptions import ConnectTimeout, SSLError
    from urllib3.exceptions import NewConnectionError

    if isinstance(why, ConnectTimeout | SSLError):
        return True
    reason = getattr(next(iter(getattr(why, "args", ())), None), "reason", None)
    return isinstance(reason, NewConnectionError)


def _refusal(status: int, why: object) -> Sentence:
    if status in (401, 403):
        return sentence(
            "Mailchimp doesn't accept the API key. Nothing was sent. Set mailchimp.key to a valid one."
        )
    if status == 404:
        return sentence(
            "Mailchimp has no such audience or campaign. Nothing was sent. Set mailchimp.audience to the "
            "audience's ID."
        )
    if status == 429:
        return sentence("Mailchimp is busy. Nothing was sent yet; Textmeter will try again.")
    said = _line(why.get("detail") or why.get("title") or "") if isinstance(why, dict) else f"HTTP {status}"
    return sentence("Mailchimp refused this: {why}. Nothing was sent.", why=said)


def _out_of_reach(why: str) -> Sentence:
    return sentence("Can't reach Mailchimp right now: {why}. Textmeter will try again.", why=why)


def _line(why: object) -> str:
    """The kind of an exception, whose words would name addresses and keys; else what was said, on a line."""
    text = type(why).__name__ if isinstance(why, Exception) else str(why)
    return "".join(char if char.isprintable() else " " for char in text)[:300].strip().rstrip(".")


def _member(one: Member) -> dict[str, object]:
    names = {"FNAME": one.first_name, "LNAME": one.last_name}
    return {"email_address": one.address, "status": "subscribed", "merge_fields": names}


def _is_error(item: Mapping[str, Any]) -> bool:
    return item.get("type") == "error"


def _id(answer: Any) -> Any:
    """Of what was made. Raises ServiceTrouble for an answer that names nothing."""
    if id := answer.get("id"):
        return id
    raise ServiceTrouble(_out_of_reach("unreadable answer"), lost=True)


def _list(answer: Any, name: str) -> list[Any]:
    found = answer.get(name) if isinstance(answer, dict) else None
    return found if isinstance(found, list) else []
