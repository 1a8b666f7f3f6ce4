"""The JSON of every command, key by key and type by type: programs of others rely on it."""

from __future__ import annotations

from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from tests.tui.commands.conftest import Textmeter, open_account

ACCOUNT = {
    "id": int,
    "product": str,
    "plan": str,
    "timezone": str,
    "anchor": str,
    "billing": str,
    "country": str,
    "demo_clock": bool,
    "opened_at": str,
    "default": bool,
}
REPLACEMENT = {"at": int, "character": str, "substitute": str}
SEGMENTS = {
    "encoding": str,
    "segments": int,
    "units": int,
    "characters": int,
    "split": [str],
    "replaceable": [REPLACEMENT],
}
RATE = {"region": str, "recipients": int, "credits_per_segment": int, "credits": int}
ESTIMATE = {
    "kind": str,
    "recipients": int,
    "segments": {"min": int, "max": int, "total": int},
    "credits": int,
    "by_rate": [RATE],
    "from_allotted": int,
    "from_purchased": int,
    "available_after": int,
    "warnings": [str],
    "refused": [{"to": str, "reason": str, "code": str}],
    "sendable": bool,
    "advice": [str],
    "left_out": [{"to": str, "reason": str, "code": str}],
    "purpose": str,
}
SEND = {
    "blast": int,
    "credits": int,
    "messages": [{"to": str, "status": str, "segments": int, "credits": int, "reason": (str, type(None))}],
    "left_out": [{"to": str, "reason": str, "code": str}],
    "advice": [str],
    "leaves": {"first": str, "last": str},
    "purpose": str,
    "scheduled": (int, type(None)),
}
LATER = ["--at", "2026-04-18T09:00"]
SCHEDULED = {
    "id": int,
    "at": str,
    "people": int,
    "credits": int,
    "purpose": str,
    "state": str,
    "asks": (str, type(None)),
    "repeat": str,
    "each_at": str,
    "held": bool,
    "blast": int,
    "text": str,
}
CONSENT = {
    "number": str,
    "state": str,
    "how": (str, type(None)),
    "at": (str, type(None)),
    "by": str,
    "sender": (int, type(None)),
    "why": str,
    "name": str,
}
LINE = {
    "at": str,
    "direction": str,
    "text": str,
    "status": (str, type(None)),
    "credits": int,
    "by": (str, type(None)),
    "waived": int,
    "reason": (str, type(None)),
    "media": list,
    "asks": str,
    "subject": str,
    "automatic": bool,
}
LOT = {
    "pool": str,
    "remaining": int,
    "granted_on": str,
    "expires_on": str,
    "granted": int,
    "held": int,
}
BALANCE = {
    "available": int,
    "held": int,
    "allotted": int,
    "purchased": int,
    "used": int,
    "capacity": int,
    "percent": float,
    "plan": str,
    "pending_plan": type(None),
    "pending_billing": type(None),
    "owed": int,
    "period": {"starts": str, "ends": str},
    "lots": [LOT],
}
ENTRY = {
    "seq": int,
    "on": str,
    "pool": str,
    "kind": str,
    "delta": int,
    "balance": int,
    "amount": int,
    "cause": str,
    "cause_code": str,
    "reference": str,
    "text": str,
    "by": str,
}
USAGE = {
    "month": str,
    "used": int,
    "by_day": [{"on": str, "credits": int}],
    "by_kind": {"sms": int, "mms": int, "reply": int, "email": int},
    "runs_out_on": (str, type(None)),
    "lapses": int,
    "planned": list,
    "reached_on": (str, type(None)),
}
NOTICE = {
    "at": str,
    "threshold": int,
    "percent": float,
    "cause": str,
    "kind": str,
    "channels": [str],
    "cause_code": str,
    "given": [str],
}
ROW = {"row": int, "reason": str, "code": str, "name": str}
IMPORT = {
    "added": int,
    "merged": int,
    "unchanged": int,
    "refused": [ROW],
    "noted": [ROW],
    "left_out": [ROW],
    "columns": [{"column": str, "field": (str, type(None))}],
    "import": (int, type(None)),
}
TEMPLATE = {"name": str, "text": str, "purpose": str, "language": str, "shipped": bool}
GROUP = {"group": str, "people": int}
HAPPENED = {
    "at": str,
    "what": str,
    "channel": (str, NoneType),
    "text": str,
    "status": (str, NoneType),
    "credits": (int, NoneType),
    "reason": (str, NoneType),
    "plan": (str, NoneType),
    "step": (int, NoneType),
    "by": (str, NoneType),
}
CONTACT = {
    "id": int,
    "first_name": str,
    "last_name": str,
    "company": str,
    "phone": str,
    "region": str,
    "email": str,
    "groups": [str],
    "numbers": [{"number": str, "kind": str, "label": str}],
    "emails": [str],
    "fields": dict,
    "address": str,
    "note": str,
    "zone": str,
    "language": str,
    "household": str,
    "consent": str,
}
SETTING = {"key": str, "value": (str, int, type(None)), "from": str, "help": str, "set": bool}
NUMBER = {**SETTING, "value": int}
DOCTOR = {"ok": bool, "checks": [{"name": str, "value": str, "ok": bool, "advice": str}]}

PLAN = {
    "id": str,
    "credits": int,
    "price_cents": int,
    "billing": str,
    "accounts": (int, type(None)),
    "current": bool,
    "pending": bool,
    "pending_billing": type(None),
    "fits": bool,
    "change": (str, type(None)),
    "periods": int,
    "past_cents": int,
    "short": int,
}
QUOTE = {
    "from": str,
    "to": str,
    "effective": str,
    "charge_cents": int,
    "credits_now": int,
    "next_renewal": {"on": str, "charge_cents": int, "credits": int},
    "explanation": [str],
    "change": str,
    "billing": str,
}
CHANGE = {**QUOTE, "order": int}
ORDER = {
    "order": int,
    "on": str,
    "at": str,
    "cause": str,
    "from": (str, type(None)),
    "plan": str,
    "billing": str,
    "credits": int,
    "charge_cents": int,
    "card": (str, type(None)),
    "charge": (str, type(None)),
    "state": str,
    "reason": (str, type(None)),
    "left_this_month": (int, type(None)),
    "by": (str, type(None)),
    "billing_address": (str, type(None)),
}

REFUSED = {"row": int, "reason": str, "code": str}
OUT = "+14155550199"
WROTE = "+14155550111"

SHAPES: list[tuple[list[str], Any]] = [
    (["segments", "Sunday — 2 pm"], SEGMENTS),
    (["estimate", "--to", OUT, "--to", "+14155550123", "--to", "12", "Hi — {nickname}"], ESTIMATE),
    (["send", "--to", OUT, "+14155550123", "+447911123456", "Hi"], SEND),
    (["scheduled", "list"], [SCHEDULED]),
    (["scheduled", "move", "1", "--at", "2026-04-19T09:00"], SCHEDULED),
    (["scheduled", "cancel", "1"], SCHEDULED),
    (["consent", "list"], [CONSENT]),
    (["consent", "list", "--out"], [CONSENT]),
    (["consent", "out", "+14155550123"], CONSENT),
    (["consent", "in", "+14155550123", "--why", "START"], CONSENT),
    (
        ["consent", "import", "list.csv"],
        {"applied": int, "asks": int, "unchanged": int, "refused": [REFUSED]},
    ),
    (["consent", "export", "proof.csv"], {"file": str, "records": int}),
    (["consent", "export", "-"], [{**CONSENT, "followed": bool}]),
    (["consent", "review"], [{**CONSENT, "asks": str}]),
    (["account", "list"], [ACCOUNT]),
    (["balance"], BALANCE),
    (["history"], [ENTRY]),
    (["usage"], USAGE),
    (["notices"], [NOTICE]),
    (["plan", "list"], [PLAN]),
    (["plan", "quote", "1000"], QUOTE),
    (["plan", "change", "1000", "--yes"], CHANGE),
    (["plan", "cancel", "--yes"], CHANGE),
    (["orders"], [ORDER]),
    (["card"], {"brand": str, "last4": str, "expires": str, "link": type(None)}),
    (["card", "5555555555554444"], {"brand": str, "last4": str, "expires": str, "link": type(None)}),
    (["clock"], {"now": str}),
    (["clock", "advance", "--days", "1"], {"now": str}),
    (["clock", "advance", "--to-renewal"], {"now": str}),
    (["renew"], {"boundaries": int, "accounts": int, "unpaid": int, "waiting": type(None)}),
    (["run", "--once"], {"boundaries": int, "unpaid": int, "mails": int}),
    (["account", "default", "1"], ACCOUNT),
    (["backup", "backup.sqlite3"], {"file": str, "bytes": int}),
    (["charge", "1"], {"charged": int, "waived": int, "available": int}),
    (["contacts", "import", "people.csv"], IMPORT),
    (["contacts", "list"], [CONTACT]),
    (["contacts", "list", "--filter", "last-text:never"], [CONTACT]),
    (["contacts", "show", "+14155550134"], CONTACT),
    (["contacts", "export", "exported.csv"], {"file": str, "contacts": int}),
    (["groups", "list"], [GROUP]),
    (["groups", "add", "vip", "+14155550134"], GROUP),
    (["groups", "rename", "buyers", "leads"], GROUP),
    (["groups", "remove", "buyers"], GROUP),
    (["templates", "list"], [TEMPLATE]),
    (["templates", "save", "Gate", "The code is 4711."], TEMPLATE),
    (["templates", "delete", "open house"], TEMPLATE),
    (["contacts", "import", "--undo"], {"import": int, "file": str, "people": int}),
    (
        ["inbox"],
        [
            {
                "with": str,
                "name": str,
                "last": str,
                "at": str,
                "unread": int,
                "asks": bool,
                "assigned": str,
            }
        ],
    ),
    (["conversation", WROTE], [LINE]),
    (["reply", "--to", WROTE, "Friday at 3"], {**SEND, "left_out": list}),
    (["receive", "--from", WROTE, "Thanks"], {"from": str, "asks": str}),
    (["timeline", "+14155550134"], [HAPPENED]),
    (["verify"], {"ok": bool, "accounts": int, "entries": int, "problems": [str]}),
    (["doctor"], DOCTOR),
    (["config", "list"], [SETTING]),
    (["config", "get", "serve.idle"], NUMBER),
    (["config", "set", "serve.idle", "30"], NUMBER),
    (["config", "path"], {"path": str}),
    (["completion", "zsh"], {"shell": str, "script": str}),
]

PEOPLE = """First Name,Last Name,Mobile Phone,Labels
Zoë,O'Hara,(415) 555-0134,buyers
José,Núñez,+44 7911 123456,buyers
Nobody,Known,555-2671,
Ext,Ension,415 555 0135 x12,
"""


def assert_shape(value: Any, shape: Any, where: str = "$") -> None:
    """Raises where a value has not exactly the keys and types of a shape; a tuple holds several types. A list
    has at least one item, but one of strings may be empty."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        assert list(value) == list(shape), where
        for key, part in shape.items():
            assert_shape(value[key], part, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        assert value or shape == [str], f"{where} is empty"
        for item in value:
            assert_shape(item, shape[0], f"{where}[]")
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        assert type(value) in kinds, f"{where} is {value!r}"


@pytest.fixture
def busy(demo: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Textmeter:
    """The command line on a database in which there is something of everything."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    assert demo("contacts", "import", "people.csv").code == 0
    assert demo("charge", "250").code == 0
    Path("list.csv").write_text(f"Phone,State\n{OUT},in\n12,out\n", encoding="utf-8")
    assert demo("consent", "out", OUT).code == 0
    assert demo("receive", "--from", WROTE, "Yes! Friday?").code == 0
    assert demo("receive", "--from", "+14155550134", "Where is it?").code == 0
    assert demo("consent", "import", "list.csv").code == 0
    assert demo("send", "--to", "+14155550123", *LATER, "Rent is due").code == 0
    return demo


@pytest.mark.parametrize(("command", "shape"), SHAPES, ids=[" ".join(command[:2]) for command, _ in SHAPES])
def test_the_answer_has_these_keys_and_types(busy: Textmeter, command: list[str], shape: Any) -> None:
    done = busy(*command, "--json")
    assert_shape(done.json, shape)
    assert done.err == ""


@pytest.fixture
def community(textmeter: Textmeter) -> Textmeter:
    """The command line on a database with a community of 200 accounts, by a demo clock."""
    opened = textmeter(
        *["--now", "2026-04-16", "account", "open", "--product", "community-texts", "--plan", "200"],
        *["--timezone", "UTC", "--demo-clock"],
    )
    assert opened.code == 0, opened
    return textmeter


def test_what_a_purchase_answers(community: Textmeter) -> None:
    assert community("buy", "100", "--yes", "--json").json == {
        "order": 2,
        "credits": 100,
        "charge_cents": 200,
        "left_this_month": 1_900,
    }
    lots = community("balance", "--json").json["lots"]
    assert [(lot["pool"], lot["remaining"], lot["expires_on"]) for lot in lots] == [
        ("allotted", 400, None),
        ("purchased", 100, None),
    ]


def test_a_plan_that_is_to_change_says_so_until_that_is_withdrawn(community: Textmeter) -> None:
    assert community("plan", "change", "50", "--yes", "--json").json["effective"] == "2026-05-16"
    assert community("balance", "--json").json["pending_plan"] == "50"
    assert community("plan", "withdraw", "--json").json == {
        "plan": "200",
        "pending_plan": None,
        "pending_billing": None,
    }
    assert community("balance", "--json").json["pending_plan"] is None
    assert community("plan", "cancel", "--yes", "--json").json["to"] == "none"
    assert community("balance", "--json").json["pending_plan"] == "none"
    community("clock", "advance", "--to-renewal")
    ended = community("balance", "--json").json
    assert (ended["plan"], ended["pending_plan"], ended["available"]) == ("none", None, 400)


def test_a_change_of_billing_is_pending_too(community: Textmeter) -> None:
    assert (
        community("plan", "change", "200", "--billing", "yearly", "--yes", "--json").json["change"]
        == "billing"
    )
    assert community("balance", "--json").json["pending_billing"] == "yearly"
    rows = community("plan", "list", "--json").json
    assert [row["id"] for row in rows if row["pending_billing"] == "yearly"] == ["200"]
    community("plan", "withdraw")
    assert community("balance", "--json").json["pending_billing"] is None


def test_a_quote_says_when_it_takes_effect(community: Textmeter) -> None:
    assert community("plan", "quote", "400", "--json").json["effective"] == "now"
    assert community("plan", "quote", "100", "--json").json["effective"] == "2026-05-16"


def test_a_restored_database_is_answered_with_what_was_kept(busy: Textmeter, tmp_path: Path) -> None:
    assert busy("backup", "backup.sqlite3").code == 0
    done = busy("restore", "backup.sqlite3", "--json")
    counts = {"accounts": int, "entries": int}
    assert_shape(done.json, {"file": str, **counts, "kept": str, "doubtful": int, "opt_outs": int})
    assert Path(done.json["kept"]).parent == tmp_path


def test_an_account_is_answered_when_it_is_opened(textmeter: Textmeter) -> None:
    account = open_account(textmeter, "--demo-clock", now="2026-04-16T10:00")
    assert_shape(account, {**ACCOUNT, "order": int, "charge_cents": int})
    assert account == {
        "id": 1,
        "product": "agent-texts",
        "plan": "300",
        "timezone": "America/New_York",
        "anchor": "2026-04-01",
        "billing": "monthly",
        "country": "US",
        "demo_clock": True,
        "opened_at": "2026-04-16T14:00:00+00:00",
        "default": True,
        "order": 1,
        "charge_cents": 500,
    }


def test_lists_are_arrays_also_when_they_are_empty(textmeter: Textmeter) -> None:
    assert textmeter("account", "list", "--json").json == []
    assert textmeter("contacts", "list", "--json").json == []
    open_account(textmeter)
    for listed in (["list"], ["list", "--out"], ["review"]):
        assert textmeter("consent", *listed, "--json").json == []


ERRORS = [
    (["balance", "--jsno"], 2, "usage"),
    (["balance", "--account", "1"], 2, "usage"),
    (["blance"], 2, "usage"),
    (["charge"], 2, "usage"),
    (["charge", "none"], 2, "usage"),
    (["charge", "5", "6"], 2, "usage"),
    (["history", "--since", "yesterday"], 2, "usage"),
    (["history", "--pool", "swimming"], 2, "usage"),
    (["estimate", "Hi"], 2, "usage"),
    (["charge", "301"], 3, "not-enough-credits"),
    (["account", "open", "--product", "agent-texts", "--plan", "7"], 2, "no-such-plan"),
    (["account", "open", "--product", "fax", "--plan", "300"], 2, "no-such-product"),
    (["timeline", "nobody"], 2, "no-contact"),
    (["timeline", "1", "--limit", "0"], 2, "usage"),
    (["contacts", "import", "missing.csv"], 1, "unreadable-file"),
    (["consent", "import", "missing.csv"], 1, "unreadable-file"),
    (["consent", "export", "nowhere/proof.csv"], 1, "unwritable"),
    (["consent", "in", "+14155550123"], 2, "usage"),
    (["consent", "out", "12"], 2, "short-code"),
    (["send", "--to", "+14155550123", "--except", "nobody", "Hi"], 2, "no-such-exception"),
    (["send", "--filter", "=Gone", "Hi"], 2, "no-such-filter"),
    (["contacts", "list", "--filter", "last-text:abc"], 2, "filter"),
    (["send", "--to", "+14155550123", "--template", "Nothing"], 2, "no-such-template"),
    (["send", "--to", "+14155550123", "--template", "closing day", "Hi"], 2, "usage"),
    (["send", "--to", "+14155550123"], 2, "usage"),
    (["send", "--to", "+14155550123", "--at", "soon", "Hi"], 2, "usage"),
    (["send", "--to", "+14155550123", "--each-at", "soon", "Hi"], 2, "usage"),
    (["send", "--to", "+14155550123", "--repeat", "hourly", "Hi"], 2, "usage"),
    (["scheduled", "cancel", "9"], 2, "no-such-scheduled"),
    (["scheduled", "move", "9", "--at", "2026-04-18"], 2, "no-such-scheduled"),
    (["scheduled", "move", "9"], 2, "usage"),
    (["send", "--to", "+14155550123", "--template", "open house"], 2, "unknown-field"),
    (["templates", "delete", "Nothing"], 2, "no-such-template"),
    (["templates", "save", " ", "Hi"], 2, "no-name"),
    (["templates", "save", "Gate", " "], 2, "empty-text"),
    (["templates", "save", "Gate", "Hi", "--purpose", "fun"], 2, "usage"),
    (["plan", "quote", "7"], 2, "no-such-plan"),
    (["plan", "quote", "none"], 2, "no-such-plan"),
    (["plan", "change", "none", "--yes"], 2, "no-such-plan"),
    (["plan", "quote", "1000", "--billing", "yearly"], 2, "no-such-billing"),
    (["plan", "quote", "300"], 4, "same-plan"),
    (["plan", "change", "1000"], 2, "not-confirmed"),
    (["plan", "cancel"], 2, "not-confirmed"),
    (["plan", "withdraw"], 4, "nothing-pending"),
    (["buy", "100", "--yes"], 4, "no-purchases"),
    (["buy", "0", "--yes"], 2, "usage"),
    (["card", "1234"], 2, "no-test-card"),
    (["clock", "advance"], 2, "usage"),
    (["clock", "advance", "--days", "1", "--to-renewal"], 2, "usage"),
    (["clock", "advance", "--days", "36500"], 4, "too-far"),
    (["clock", "advance", "--days", "999999999"], 4, "too-far"),
    (["clock", "advance", "--days", "9999999999999"], 4, "too-far"),
    (["account", "default", "2"], 2, "no-such-account"),
    (["config", "get", "colour"], 2, "no-such-setting"),
    (["config", "set", "serve.idle", "never"], 2, "wrong-value"),
    (["restore", "missing.sqlite3"], 1, "no-file"),
    (["backup", "nowhere/backup.sqlite3"], 1, "unwritable"),
]


@pytest.mark.parametrize(
    ("command", "code", "word"), ERRORS, ids=[" ".join(command) for command, *_ in ERRORS]
)
def test_an_error_is_a_json_value_too(demo: Textmeter, command: list[str], code: int, word: str) -> None:
    done = demo(*command, "--json")
    error = done.json["error"]
    assert (done.code, error["code"]) == (code, word)
    assert error["message"].endswith((".", "?"))
    assert done.err == ""


def test_too_few_credits_says_how_many(demo: Textmeter) -> None:
    error = demo("charge", "301", "--json").json["error"]
    assert (error["needed"], error["available"]) == (301, 300)


def test_json_is_plain_ascii(demo: Textmeter) -> None:
    """So that no terminal takes any of it for a command, and no locale spoils it."""
    assert demo("segments", "\u202e \x9b2J Zoë ☀", "--json").out.isascii()
